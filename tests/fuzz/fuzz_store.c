// SPDX-License-Identifier: BSD-3-Clause
// links: fw/store/store.c fw/store/settings_store.c fw/store/crc32.c hal/virtual/virtual.c @core
// runs: 4000
/* Flash as somebody else has left it: any bytes; a store whose values are the input's, each with
 * its right checksum; or such a one with some of its bytes changed. The input's first two bits say
 * which. Promises: what is loaded are settings that the rest of the firmware can take (texts end,
 * numbers are known ones, a hello can be made of them); what is saved afterwards is what is loaded
 * next. */
#include "fw/core/hello.h"
#include "fw/core/setup.h"
#include "fw/store/settings_store.h"
#include "hal/virtual/virtual.h"
#include "tests/fuzz/fuzz.h"

static struct virtual_hal v;
static struct input values; /* of one update: key, length, bytes */

static const void *value(void *ctx, uint8_t key, size_t *len)
{
    struct input in = *(const struct input *)ctx;

    while (in.left > 0) {
        uint8_t which = take_byte(&in) % LIMIT_STORE_KEYS;
        size_t want = take_byte(&in);
        const uint8_t *bytes = take_bytes(&in, want, len);

        if (which == key)
            return bytes;
    }
    *len = 0;
    return NULL;
}

static store_keys keys_of(struct input in)
{
    store_keys keys = 0;
    size_t got;

    while (in.left > 0) {
        keys |= STORE_KEY(take_byte(&in) % LIMIT_STORE_KEYS);
        got = take_byte(&in);
        take_bytes(&in, got, &got);
    }
    return keys;
}

static void write_values(struct input in)
{
    struct store store;
    size_t len = in.left;

    if (store_mount(&store, &v.hal.flash) != STORE_OK)
        return;
    values = (struct input){in.at, len};
    store_commit(&store, &(struct store_update){keys_of(in), value, &values});
}

/* A device has been at work here. */
static void write_factory(void)
{
    struct settings s;
    struct store store;

    settings_factory(&s, release_find("6.0"), oem_find("intel"));
    if (store_mount(&store, &v.hal.flash) == STORE_OK)
        settings_save(&store, &s);
}

/* Offset in two bytes, and what to change there. */
static void change_bytes(struct input *in, uint8_t changes)
{
    for (; changes > 0 && in->left > 2; changes--) {
        uint32_t at = take_u16(in) % VIRTUAL_FLASH_BYTES;

        v.flash[at] ^= take_byte(in);
    }
}

static void promise_settings(const struct settings *s, const struct release *release)
{
    const struct oem_profile *oem = oem_find("intel");
    static const uint8_t uuid[LIMIT_UUID_BYTES];
    uint8_t bytes[LIMIT_HELLO_SENT_BYTES];
    struct setup setup;
    struct hello hello;

#define ENDS(text) promise(memchr(text, '\0', sizeof(text)) != NULL, #text " ends")
    ENDS(s->secret.password);
    ENDS(s->secret.pid);
    ENDS(s->secret.pps);
    ENDS(s->secret.otp);
    ENDS(s->secret.admin_user);
    ENDS(s->secret.admin_digest);
    ENDS(s->config.host_name);
    ENDS(s->config.domain);
    ENDS(s->config.pki_suffix);
    ENDS(s->config.server_fqdn);
    for (int i = 0; i < LIMIT_HASHES_USER; i++)
        ENDS(s->config.user_hash[i].name);
#undef ENDS
    promise(s->machine.setup_state < SETUP_STATES, "the state is one");
    setup_restore(&setup, s, 1000);
    promise(setup.state < SETUP_STATES, "the machine's state is one");
    if (settings_make_hello(s, release, oem, uuid, 0, &hello))
        promise(hello_encode(&hello, bytes, sizeof(bytes)) > 0, "a hello can be made");
}

static void load(const struct release *release)
{
    const struct oem_profile *oem = oem_find("intel");
    uint8_t key[LIMIT_OWN_KEY], certificate[LIMIT_OWN_CERTIFICATE];
    size_t key_len, certificate_len;
    struct settings s, again;
    struct store store;

    settings_factory(&s, release, oem);
    if (store_mount(&store, &v.hal.flash) != STORE_OK || settings_load(&store, &s) != STORE_OK)
        return;
    promise_settings(&s, release);
    if (settings_load_identity(&store, key, &key_len, certificate, &certificate_len) == STORE_OK)
        promise(key_len <= sizeof(key) && certificate_len <= sizeof(certificate),
                "an identity keeps to its room");
    s.config.server_port ^= 1;
    s.config.own_identity = false;
    if (settings_save(&store, &s) != STORE_OK)
        return;
    settings_factory(&again, release, oem);
    promise(store_mount(&store, &v.hal.flash) == STORE_OK &&
                settings_load(&store, &again) == STORE_OK,
            "what was saved is loaded");
    promise(again.config.server_port == s.config.server_port &&
                memcmp(again.secret.password, s.secret.password, sizeof(s.secret.password)) == 0 &&
                again.machine.setup_state == s.machine.setup_state,
            "what was saved is what is loaded");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct virtual_out out = {NULL, NULL, NULL, NULL};
    struct input in = {data, size};
    uint8_t what = take_byte(&in), changes = take_byte(&in);

    virtual_init(&v, &out, 1);
    if (what & 1) {
        memcpy(v.flash, in.at, in.left < sizeof(v.flash) ? in.left : sizeof(v.flash));
    } else {
        struct input changed = in;

        if (what & 2)
            take_bytes(&in, changes % 8u * 3u, &changed.left);
        if (!(what & 4))
            write_factory();
        write_values(in);
        if (what & 2)
            change_bytes(&changed, changes % 8u);
    }
    load(release_find(what & 8 ? "2.2" : "6.0"));
    return 0;
}
