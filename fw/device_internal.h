#ifndef FW_DEVICE_INTERNAL_H
#define FW_DEVICE_INTERNAL_H

#include "fw/device_state.h"

/* The parts of a device, each above those before it; on top are device.c, which runs it, and
 * device_local.c, the door of whoever stands at it. The time of all these is net_now_ms(), which a
 * door sets first. */

/* device_trace.c */
void device_trace(const struct device *d, int event, uint32_t value, const char *text,
                  const char *source);

/* device_answer.c: to the agent, len bytes of d->response, or a status alone. */
void device_send_response(struct device *d, size_t len);
void device_answer_host(struct device *d, uint32_t command, uint32_t status, const char *source);

/* --- device_store.c: what is stored --- */

struct own_identity;

/* A copy of the settings to be changed, and then stored by device_save() or with an event. There is
 * one; the settings stay what they are until it is stored. */
struct settings *device_draft(struct device *d);
/* Writes the draft, the machine as it stands, and with identity TLS's own key; then they are the
 * device's. False: nothing is changed, neither here nor there. */
bool device_store_draft(struct device *d, struct settings *draft,
                        const struct own_identity *identity);
/* The store's half of a step: erases and writes what the effects say. False: it is not written, and
 * the machine stands where it stood before. */
bool device_store_step(struct device *d, const struct setup_event *event, struct settings *draft,
                       const struct own_identity *identity, const struct setup *before,
                       const struct setup_effects *effects);
/* Whether what was stored can still be read: into the draft, which nobody needs any more. */
bool device_store_is_readable(struct device *d);
void device_trace_store(const struct device *d, int error); /* enum store_error */

/* --- device_pending.c: what a server has said and not committed --- */

#if FW_MANAGE
/* Nothing is pending any more; after an erase, nor is TLS's key in use. With the gate shut if it is
 * to be: hand-shakes are dropped. */
void device_forget_pending(struct device *d, bool erased);
#endif

/* --- device_step.c: events in, effects out --- */

struct setup_facts device_facts(const struct device *d);
struct setup_event device_event(const struct device *d, enum setup_event_id id);
/* Feeds an event to the machine and carries out what follows, with the draft (NULL = the settings
 * as they are) stored first. False: it could not be stored and nothing is changed; time cannot be
 * taken back, so what closes with it stands, and what would open does not. */
bool device_step(struct device *d, const struct setup_event *event, struct settings *draft,
                 const struct own_identity *identity, struct setup_effects *effects);
/* What the store shall hold, and then the device, without an event. False: nothing is changed,
 * neither here nor there; a store that cannot be read any more locks the device. */
bool device_save(struct device *d, struct settings *draft, const struct own_identity *identity);
/* The interface, its ports and who may come in follow the machine. */
void device_update_network(struct device *d);

/* --- device_attempt.c: what setup.attempt wants --- */

/* Begun, and gone on with as the network reports. */
void device_begin_attempt(struct device *d);
void device_poll_attempt(struct device *d);

/* device_time.c: brings the machine up to now. Before every change from outside: what happens
 * meanwhile belongs to the settings as they were, and no time passes for the window while AMT is
 * off. */
void device_run_due(struct device *d);

/* device_host.c: the agent's requests. */
void device_poll_host(struct device *d);

/* --- device_manage.c --- */

#if FW_MANAGE
/* The configuration service, after net_boot(). */
void device_manage_start(struct device *d);
#endif
#if FW_MANAGE && FW_TLS
/* struct tls_config's functions; ctx is the device. */
int device_manage_stored(void *ctx, uint8_t key[LIMIT_OWN_KEY], size_t *key_len,
                         uint8_t certificate[LIMIT_OWN_CERTIFICATE], size_t *certificate_len);
uint64_t device_manage_clock_s(void *ctx);
#endif

#endif
