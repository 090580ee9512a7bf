#ifndef FW_DEVICE_INTERNAL_H
#define FW_DEVICE_INTERNAL_H

#include "fw/device.h"

/* Between device.c, which runs the device, and device_local.c, the doors of whoever stands at it.
 */

/* The time of all these is d->net.now_ms, which a door sets first. */

/* False: not stored now, and settings are again what the store holds. Where even that cannot be
 * read nothing more is written before the next boot: RAM then holds values that nobody set. */
bool device_save(struct device *d);

/* Settings are again what the store holds. */
void device_reload(struct device *d);

/* Feeds one event to the machine and carries out what follows. False: it could not be stored and a
 * command is taken back; time cannot be, so its effects stand. */
bool device_step(struct device *d, enum setup_event_id id, struct setup_effects *effects);

/* Brings the machine up to now. Before every change from outside: what happens meanwhile belongs to
 * the settings as they were, and no time passes for the window while AMT is off. */
void device_pass_time(struct device *d);

#if FW_MANAGE
/* The configuration service, after net_boot(). */
void device_manage_start(struct device *d);
/* Nothing is pending any more; after an erase, nor is TLS's key in use. */
void device_manage_forget(struct device *d, bool erased);
/* A last reply has had its time. */
void device_manage_end_reply(struct device *d);
#endif
#if FW_MANAGE && FW_TLS
/* struct tls_config's stored(); ctx is the device. */
int device_manage_stored(void *ctx, uint8_t key[LIMIT_OWN_KEY], size_t *key_len,
                         uint8_t certificate[LIMIT_OWN_CERTIFICATE], size_t *certificate_len);
#endif

/* The interface, its ports and who may come in follow the machine. */
void device_follow_window(struct device *d);

#endif
