// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fw/core/hex.h"
#include "fw/core/power.h"
#include "sim/scenario/reader.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static bool read_new_password(struct reader *r, struct mebx_visit *visit)
{
    return reader_secret(r, "new password", &visit->password);
}

/* PID, PPS and password are taken as they are: the firmware judges them. */
static bool read_psk(struct reader *r, struct mebx_visit *visit)
{
    static const char *const list[] = {"password"};
    size_t index = 0;

    visit->change = VISIT_PSK;
    if (!reader_next_word(r, "PID", &visit->text) || !reader_secret(r, "PPS", &visit->pps))
        return false;
    if (!reader_peek(r))
        return true;
    return reader_choose(r, "word after the PPS", list, COUNT(list), &index) &&
           read_new_password(r, visit);
}

static bool read_hash_digits(struct reader *r, const char *word, struct mebx_visit *visit)
{
    static const char *const prefix[] = {"sha1:", "sha256:", "sha384:"};
    size_t kind = 0, len;

    while (kind < COUNT(prefix) && strncmp(word, prefix[kind], strlen(prefix[kind])) != 0)
        kind++;
    if (kind == COUNT(prefix))
        return reader_fail(r, "invalid hash \"%s\"; expected sha1:HEX, sha256:HEX or sha384:HEX",
                           word);
    word += strlen(prefix[kind]);
    visit->algorithm = (uint8_t)(CERT_HASH_SHA1 + kind);
    len = cert_hash_bytes(visit->algorithm);
    if (strlen(word) == 2 * len && hex_read(word, visit->bytes, len))
        return true;
    return reader_fail(r, "invalid hash; expected %zu hexadecimal digits", 2 * len);
}

static bool read_hash(struct reader *r, struct mebx_visit *visit)
{
    const char *word = reader_peek(r);
    uint64_t number;

    if (word && strcmp(word, "add") == 0) {
        r->next_word++;
        visit->change = VISIT_HASH_ADD;
        if (!reader_next_word(r, "hash", &word) || !read_hash_digits(r, word, visit) ||
            !reader_next_word(r, "name of the hash", &visit->text))
            return false;
        if (visit->text[0] == '\0' || strlen(visit->text) > LIMIT_HASH_NAME)
            return reader_fail(r, "invalid name of the hash; expected 1 to %d characters",
                               LIMIT_HASH_NAME);
        return true;
    }
    visit->change = VISIT_HASH_SWITCH;
    if (!reader_number(r, "number of the hash", 1, LIMIT_HASHES, &number))
        return false;
    visit->hash = (uint32_t)number;
    return reader_on_off(r, "state of the hash", &visit->on);
}

/* Any text: that it is no legal name is for the firmware to find out. */
static bool read_name(struct reader *r, const char *what, uint32_t max, struct mebx_visit *visit)
{
    if (!reader_next_word(r, what, &visit->text))
        return false;
    if (strlen(visit->text) > max)
        return reader_fail(r, "%s too long; MEBx takes at most %u characters", what, (unsigned)max);
    if (strcmp(visit->text, "none") == 0)
        visit->text = NULL;
    return true;
}

static bool read_mode(struct reader *r, struct mebx_visit *visit)
{
    static const char *const list[] = {"enterprise", "smb"};
    size_t index = 0;

    visit->change = VISIT_MODE;
    if (!reader_choose(r, "provisioning mode", list, COUNT(list), &index))
        return false;
    visit->mode = index == 0 ? MODE_ENTERPRISE : MODE_SMB;
    return true;
}

static bool read_power(struct reader *r, struct mebx_visit *visit)
{
    char first[POWER_TEXT];
    const char *word;
    uint32_t index;

    visit->change = VISIT_POWER;
    if (!reader_next_word(r, "power package", &word))
        return false;
    if (!power_find(word, &index))
        return reader_fail(r, "unknown power package \"%s\"; expected one like \"%s\"", word,
                           power_text(0, first));
    visit->package = (uint8_t)index;
    return true;
}

static bool read_address(struct reader *r, struct mebx_visit *visit)
{
    struct static_address *fixed = &visit->fixed;

    visit->change = VISIT_ADDRESS;
    return reader_ip(r, "address", &fixed->ip) && reader_ip(r, "mask", &fixed->mask) &&
           reader_ip(r, "gateway", &fixed->gateway) && reader_ip(r, "DNS server", &fixed->dns1);
}

static bool read_switch(struct reader *r, enum visit_change change, struct mebx_visit *visit)
{
    visit->change = change;
    return reader_on_off(r, "state", &visit->on);
}

/* One byte of what is typed; *from points behind it then. False: no such escape. */
static bool unescape(const char **from, char *out)
{
    const char *p = *from;
    int high, low;

    if (*p != '\\') {
        *out = *p;
        *from = p + 1;
        return true;
    }
    *from = p + 2;
    switch (p[1]) {
    case 'n':
        *out = '\n';
        return true;
    case '\\':
        *out = '\\';
        return true;
    case 'x':
        high = hex_digit(p[2]);
        low = high < 0 ? -1 : hex_digit(p[3]);
        *out = low < 0 ? '\0' : (char)(high << 4 | low);
        *from = p + 4;
        return *out != '\0';
    default:
        return false;
    }
}

bool reader_keys(struct reader *r, bool secret, const char **keys)
{
    const char *from;

    if (secret ? !reader_secret(r, "text to type", &from)
               : !reader_next_word(r, "text to type", &from))
        return false;
    char *out = r->word[r->next_word - 1].text;
    *keys = out;
    while (*from)
        if (!unescape(&from, out++))
            return reader_fail(r, "invalid escape in the text to type; expected \\n, \\\\ or two "
                                  "hexadecimal digits as in \\x03");
    *out = '\0';
    return true;
}

static bool read_keys(struct reader *r, struct step *step)
{
    step->kind = STEP_MEBX_KEYS;
    return reader_keys(r, true, &step->keys);
}

static bool read_visit(struct reader *r, size_t index, struct mebx_visit *visit)
{
    switch (index) {
    case 0:
        return read_psk(r, visit);
    case 1:
        visit->change = VISIT_PASSWORD;
        return read_new_password(r, visit);
    case 2:
        return read_switch(r, VISIT_RCFG, visit);
    case 3:
        return read_hash(r, visit);
    case 4:
        visit->change = VISIT_SUFFIX;
        return read_name(r, "PKI suffix", LIMIT_PKI_SUFFIX, visit);
    case 5:
        visit->change = VISIT_FQDN;
        return read_name(r, "server name", LIMIT_FQDN, visit);
    case 6:
        return read_mode(r, visit);
    case 7:
        return read_power(r, visit);
    case 8:
        return read_switch(r, VISIT_AMT, visit);
    case 9:
        return read_switch(r, VISIT_DHCP, visit);
    case 10:
        return read_address(r, visit);
    default:
        visit->change = VISIT_HOST;
        return read_name(r, "host name", LIMIT_HOST_NAME, visit);
    }
}

bool reader_mebx(struct reader *r, struct step *step)
{
    static const char *const list[] = {"psk",  "password", "rcfg",   "hash",  "suffix",  "fqdn",
                                       "mode", "power",    "amt",    "dhcp",  "address", "host",
                                       "keys", "server",   "domain", "manual"};
    size_t index = 0;

    if (!reader_choose(r, "word after mebx", list, COUNT(list), &index))
        return false;
    switch (index) {
    case 12:
        return read_keys(r, step);
    case 13:
        step->kind = STEP_MEBX_SERVER;
        return reader_ip(r, "server address", &step->ip) &&
               (!reader_peek(r) || reader_port(r, &step->port));
    case 14:
        step->kind = STEP_MEBX_DOMAIN;
        return reader_name(r, "domain", &step->name);
    case 15:
        step->kind = STEP_MEBX_MANUAL;
        return true;
    default:
        step->kind = STEP_MEBX_VISIT;
        return read_visit(r, index, &step->visit);
    }
}

static bool load_stick(struct reader *r, const char *name, struct stick *stick)
{
    char *path = reader_path(r, name);
    FILE *in = path ? fopen(path, "rb") : NULL;
    int error = errno;
    bool good = false;

    free(path);
    stick->file = malloc(SCENARIO_STICK_BYTES + 1u);
    if (!in) {
        reader_fail(r, "cannot open \"%s\": %s", name, strerror(error));
    } else if (!stick->file) {
        reader_fail(r, "out of memory");
    } else {
        stick->len = fread(stick->file, 1, SCENARIO_STICK_BYTES + 1u, in);
        error = errno;
        if (ferror(in))
            reader_fail(r, "cannot read \"%s\": %s", name, strerror(error));
        else if (stick->len > SCENARIO_STICK_BYTES)
            reader_fail(r, "\"%s\" is too long; expected at most %u bytes", name,
                        SCENARIO_STICK_BYTES);
        else
            good = true;
    }
    if (in)
        fclose(in);
    if (good)
        return true;
    free(stick->file);
    stick->file = NULL;
    return false;
}

bool reader_usb(struct reader *r, struct step *step)
{
    static const char *const list[] = {"flip", "truncate"};
    const char *name;
    size_t index = 0;
    uint64_t at;

    step->kind = STEP_USB;
    if (!reader_next_word(r, "file on the USB key", &name))
        return false;
    if (strcmp(name, "again") == 0)
        return true;
    if (!load_stick(r, name, &step->stick))
        return false;
    while (reader_peek(r)) {
        size_t len = step->stick.len;

        if (!reader_choose(r, "word after the file", list, COUNT(list), &index) ||
            !reader_number(r, "place in the file", 0, len ? len - 1 : 0, &at))
            return false;
        if (index == 1)
            step->stick.len = (size_t)at;
        else if (len > 0)
            step->stick.file[at] ^= 0xFF;
    }
    return true;
}
