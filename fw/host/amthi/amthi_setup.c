// SPDX-License-Identifier: BSD-3-Clause
#include <string.h>

#include "fw/core/permits.h"
#include "fw/core/status.h"
#include "fw/host/amthi/amthi_command.h"

/* The commands of set-up and configuration. */

#define HASH_FIELD_BYTES 64

_Static_assert(AMTHI_ANSWER_OFFSET + 4 + 4 * LIMIT_HASHES <= LIMIT_AMTHI_RESPONSE,
               "EnumerateHashHandles fits");
_Static_assert(AMTHI_ANSWER_OFFSET + 8 + HASH_FIELD_BYTES + 1 + 2 + LIMIT_HASH_NAME <=
                   LIMIT_AMTHI_RESPONSE,
               "GetCertificateHashEntry fits");
_Static_assert(AMTHI_ANSWER_OFFSET + 2 + LIMIT_PKI_SUFFIX <= LIMIT_AMTHI_RESPONSE,
               "GetPKIFQDNSuffix fits");
_Static_assert(AMTHI_ANSWER_OFFSET + 2 + REPLY_ADDRESS_TEXT + 2 + LIMIT_FQDN <=
                   LIMIT_AMTHI_RESPONSE,
               "GetConfigServerData fits");
_Static_assert(LIMIT_HASH_BYTES <= HASH_FIELD_BYTES, "a hash fits its field");
/* GetCertificateHashEntry numbers the algorithms 0 MD5, 1 SHA1, 2 SHA256, 3 SHA384 (G-hash): like
 * the hello where that has the algorithm. */
_Static_assert(CERT_HASH_SHA1 == 1 && CERT_HASH_SHA256 == 2 && CERT_HASH_SHA384 == 3,
               "both use the same numbers");

uint32_t amthi_get_mode(struct amthi_exchange *x)
{
    reply_u32(&x->reply, x->view->settings->config.mode);
    return reply_u32(&x->reply, false); /* legacy mode: S0 shows "Non Legacy" */
}

uint32_t amthi_get_state(struct amthi_exchange *x)
{
    return reply_u32(&x->reply, setup_reported(x->view->setup));
}

/* Only possible in client control mode, which came with 7.0 (G-unprov); the status is assumed. */
uint32_t amthi_unprovision(struct amthi_exchange *x)
{
    (void)x;
    return PT_STATUS_NOT_PERMITTED;
}

/* No record is ever made; the status is assumed. */
uint32_t amthi_get_audit_record(struct amthi_exchange *x)
{
    (void)x;
    return PT_STATUS_NOT_READY;
}

uint32_t amthi_generate_rng_seed(struct amthi_exchange *x)
{
    return x->view->rng_ready ? PT_STATUS_SUCCESS : PT_STATUS_RNG_GENERATION_IN_PROGRESS;
}

uint32_t amthi_get_rng_seed_status(struct amthi_exchange *x)
{
    return reply_u32(&x->reply, x->view->rng_ready ? 0 : 2); /* exists, does not exist (PTHI.h) */
}

_Static_assert(CREDENTIALS_NONE == 0 && CREDENTIALS_PSK == 1 && CREDENTIALS_PKI == 2,
               "the numbers of the answer: not ready, PSK, PKI");

uint32_t amthi_get_tls_mode(struct amthi_exchange *x)
{
    return reply_u32(&x->reply, settings_credentials(x->view->settings, x->view->release));
}

uint32_t amthi_enumerate_hashes(struct amthi_exchange *x)
{
    uint32_t count = settings_hash_count(x->view->settings, x->view->release);

    reply_u32(&x->reply, count);
    for (uint32_t handle = 0; handle < count; handle++)
        reply_u32(&x->reply, handle);
    return PT_STATUS_SUCCESS;
}

uint32_t amthi_get_hash(struct amthi_exchange *x)
{
    struct hash_view hash;

    if (!settings_find_hash(x->view->settings, x->view->release, get_le32(x->payload), &hash))
        return PT_STATUS_NOT_FOUND; /* G-hash */
    reply_u32(&x->reply, hash.is_default);
    reply_u32(&x->reply, hash.active);
    reply_bytes(&x->reply, hash.bytes, cert_hash_bytes(hash.algorithm), HASH_FIELD_BYTES);
    reply_u8(&x->reply, hash.algorithm);
    return reply_ansi(&x->reply, hash.name, LIMIT_HASH_NAME);
}

uint32_t amthi_get_zero_touch(struct amthi_exchange *x)
{
    return reply_u32(&x->reply, x->view->settings->config.rcfg_enabled);
}

/* Before 12.0 only BIOS and MEBx may do this, in factory state (G-ztc); the status is assumed. */
uint32_t amthi_set_zero_touch(struct amthi_exchange *x)
{
    return permits(DOOR_AGENT, ACT_SET_ZERO_TOUCH, situation_of(x->view->setup));
}

uint32_t amthi_get_suffix(struct amthi_exchange *x)
{
    return reply_ansi(&x->reply, x->view->settings->config.pki_suffix, LIMIT_PKI_SUFFIX);
}

/* Eight zeros when no key is loaded: assumed. */
uint32_t amthi_get_pid(struct amthi_exchange *x)
{
    const char *pid = x->view->settings->secret.pid;

    return reply_bytes(&x->reply, pid, strlen(pid), LIMIT_PID);
}

/* The same layout on releases before 6.0: assumed. */
uint32_t amthi_get_config_server(struct amthi_exchange *x)
{
    const struct settings *s = x->view->settings;

    reply_u16(&x->reply, s->config.server_port);
    reply_address_text(&x->reply, s->config.server_ip);
    return reply_ansi(&x->reply, s->config.server_fqdn, LIMIT_FQDN);
}

uint32_t amthi_set_otp(struct amthi_exchange *x)
{
    uint32_t status = permits(DOOR_AGENT, ACT_SET_OTP, situation_of(x->view->setup));

    if (status != PT_STATUS_SUCCESS)
        return status;
    if (x->len < LIMIT_OTP_MIN || x->len > LIMIT_OTP_MAX)
        return PT_STATUS_INVALID_PARAMETER;
    for (size_t i = 0; i < x->len; i++)
        if (x->payload[i] < 0x20 || x->payload[i] > 0x7E)
            return PT_STATUS_INVALID_PARAMETER;
    memcpy(x->effects->text, x->payload, x->len);
    x->effects->action = AMTHI_SET_OTP;
    return PT_STATUS_SUCCESS;
}

/* Never in SMB mode (G-setpki). */
uint32_t amthi_set_suffix(struct amthi_exchange *x)
{
    uint32_t status = permits(DOOR_AGENT, ACT_SET_SUFFIX, situation_of(x->view->setup));

    if (status != PT_STATUS_SUCCESS)
        return status;
    if (x->view->settings->config.mode == MODE_SMB)
        return PT_STATUS_INVALID_PT_MODE;
    return amthi_accept_name(x, AMTHI_SET_SUFFIX, LIMIT_PKI_SUFFIX);
}

static uint32_t raise_event(struct amthi_exchange *x, enum setup_event_id event)
{
    x->effects->action = AMTHI_RAISE_EVENT;
    x->effects->event = event;
    return PT_STATUS_SUCCESS; /* replaced by the state machine's status */
}

uint32_t amthi_start(struct amthi_exchange *x)
{
    return raise_event(x, SETUP_EV_START);
}

/* The flag asks for configuration over IPv6 too (G-startex). The device has IPv4 only; that it
 * refuses is assumed. */
uint32_t amthi_start_ex(struct amthi_exchange *x)
{
    switch (get_le32(x->payload)) {
    case 0:
        return amthi_start(x);
    case 1:
        return PT_STATUS_UNSUPPORTED;
    default:
        return PT_STATUS_INVALID_PARAMETER;
    }
}

uint32_t amthi_stop(struct amthi_exchange *x)
{
    return raise_event(x, SETUP_EV_STOP);
}
