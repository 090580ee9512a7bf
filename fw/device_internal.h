#ifndef FW_DEVICE_INTERNAL_H
#define FW_DEVICE_INTERNAL_H

#include "fw/device.h"

/* Between device.c, which runs the device, and its doors: device_local.c of whoever stands at it,
 * device_host.c of the agent, device_manage.c of the network. The time of all these is
 * net_now_ms(), which a door sets first. */

void device_trace(const struct device *d, int event, uint32_t value, const char *text,
                  const char *source);

struct setup_facts device_facts(const struct device *d);
struct setup_event device_event(const struct device *d, enum setup_event_id id);

/* A copy of the settings to be changed, and then stored by device_save() or with an event. There is
 * one; the settings stay what they are until it is stored. */
struct settings *device_draft(struct device *d);

struct own_identity;

/* What the store shall hold, and then the device: the draft, the machine as it stands, and with
 * identity TLS's own key. False: nothing is changed, neither here nor there; a store that cannot be
 * read any more locks the device. */
bool device_save(struct device *d, struct settings *draft, const struct own_identity *identity);

/* Feeds an event to the machine and carries out what follows, with the draft (NULL = the settings
 * as they are) stored first. False: it could not be stored and nothing is changed; time cannot be
 * taken back, so what closes with it stands, and what would open does not. */
bool device_step(struct device *d, const struct setup_event *event, struct settings *draft,
                 const struct own_identity *identity, struct setup_effects *effects);

/* The store's half of a step: erases and writes what the effects say. False: it is not written; the
 * device is locked, or stands where it stood before. */
bool device_store_step(struct device *d, const struct setup_event *event, struct settings *draft,
                       const struct own_identity *identity, const struct setup *before,
                       const struct setup_effects *effects);
/* Doubt closes: a store that cannot be read any more, or a window that would open and cannot be
 * written down. */
void device_lock(struct device *d);
void device_trace_store(const struct device *d, int error); /* enum store_error */

/* What setup.attempt wants: begun, and gone on with as the network reports. */
void device_begin_attempt(struct device *d);
void device_follow_attempt(struct device *d);

/* Brings the machine up to now. Before every change from outside: what happens meanwhile belongs to
 * the settings as they were, and no time passes for the window while AMT is off. */
void device_pass_time(struct device *d);

/* The interface, its ports and who may come in follow the machine. */
void device_follow(struct device *d);

/* The agent's requests, and an answer to one of them that was waited for. */
void device_serve_host(struct device *d);
void device_answer_host(struct device *d, uint32_t command, uint32_t status, const char *source);

#if FW_MANAGE
/* The configuration service, after net_boot(). */
void device_manage_start(struct device *d);
/* Nothing is pending any more; after an erase, nor is TLS's key in use. With the gate shut if it is
 * to be: hand-shakes are dropped. */
void device_manage_forget(struct device *d, bool erased);
#endif
#if FW_MANAGE && FW_TLS
/* struct tls_config's stored(); ctx is the device. */
int device_manage_stored(void *ctx, uint8_t key[LIMIT_OWN_KEY], size_t *key_len,
                         uint8_t certificate[LIMIT_OWN_CERTIFICATE], size_t *certificate_len);
#endif

#endif
