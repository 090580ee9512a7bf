// SPDX-License-Identifier: BSD-3-Clause
#ifndef FW_DEVICE_INTERNAL_H
#define FW_DEVICE_INTERNAL_H

#include "fw/device_state.h"

/* The parts of a device; each uses only those before it. On top are device.c, which runs it, and
 * device_local.c, for the person at the machine. All use the time net_now_ms(), which device.c and
 * device_local.c set first. */

/* device_trace.c */
void device_trace(const struct device *d, int event, uint32_t value, const char *text,
                  const char *source);

/* device_answer.c: send the agent len bytes of d->response, or only a status. */
void device_send_response(struct device *d, size_t len);
void device_answer_host(struct device *d, uint32_t command, uint32_t status, const char *source);

/* --- device_store.c: what is stored --- */

struct own_identity;

/* Makes the draft: a copy of the settings, to be changed and then stored by device_save() or
 * device_step(). There is one draft; the settings stay as they are until it is stored. */
struct settings *device_draft(struct device *d);
/* Stores the draft with the machine's present state, and with identity TLS's own key; then they are
 * in effect. False: nothing is changed, neither in the store nor in the device. */
bool device_store_draft(struct device *d, struct settings *draft,
                        const struct own_identity *identity);
/* The store's part of a step: erases and stores what the effects say. False: it could not be
 * stored, and the machine is set back to `before`. */
bool device_store_step(struct device *d, const struct setup_event *event, struct settings *draft,
                       const struct own_identity *identity, const struct setup *before,
                       const struct setup_effects *effects);
/* Whether what was stored can still be read. Overwrites the draft. */
bool device_store_is_readable(struct device *d);
void device_trace_store(const struct device *d, int error); /* enum store_error */

/* --- device_pending.c: what a server has set and not committed --- */

#if FW_MANAGE
/* Drops what is pending and, after an erase, TLS's key in use. That drops hand-shakes: if the
 * interface is to be closed, the gate must be closed first. */
void device_forget_pending(struct device *d, bool erased);
#endif

/* --- device_step.c: events in, effects out --- */

struct setup_facts device_facts(const struct device *d);
struct setup_event device_event(const struct device *d, enum setup_event_id id);
/* Feeds an event to the machine, stores the draft (NULL = the settings as they are) and then
 * carries out the effects. False: it could not be stored, and nothing is changed. Since time cannot
 * be taken back, what it closes stays closed, and what it would open does not open. */
bool device_step(struct device *d, const struct setup_event *event, struct settings *draft,
                 const struct own_identity *identity, struct setup_effects *effects);
/* Stores the draft without an event; then it is in effect. False: nothing is changed, neither in
 * the store nor in the device; if the store can no longer be read, the device is locked. */
bool device_save(struct device *d, struct settings *draft, const struct own_identity *identity);
/* Sets the interface's mode and the ports' policy according to the machine's state. */
void device_update_network(struct device *d);

/* --- device_attempt.c: the attempt's actions --- */

/* Begin setup.attempt; go on with it according to the network's reports. */
void device_begin_attempt(struct device *d);
void device_poll_attempt(struct device *d);

/* device_time.c: carries out everything that is due by now. To be called before every change from
 * outside: what was due until then belongs to the settings as they were, and the window's time does
 * not run while AMT is off. */
void device_run_due(struct device *d);

/* device_host.c: the agent's requests. */
void device_poll_host(struct device *d);

/* --- device_manage.c --- */

#if FW_MANAGE
#if FW_MACHINE
/* --- device_machine.c: the machine behind the ME --- */

/* Fetches what it reports, into the event log. */
void device_poll_machine(struct device *d);
void device_log_redirection(struct device *d, bool opened);
/* struct manage_device's functions; ctx is the device. */
void device_machine_wrong_password(void *ctx);
bool device_machine_control(void *ctx, enum machine_command command,
                            const struct boot_settings *boot);
/* Before the draft is in effect: ends the session of whoever has another password in it, other
 * rights, or none, so that he shows anew who he is. */
void device_machine_recheck(struct device *d, const struct settings *draft);
/* device_redirect.c: redirection, for device_manage_start(). */
void device_redirect_start(struct device *d);
/* Stores config.redirect_service. Returns a PT_STATUS. */
uint32_t device_redirect_set(struct device *d, uint32_t service);
#endif
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
