// SPDX-License-Identifier: BSD-3-Clause
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "fw/core/hello.h"
#include "fw/core/hex.h"
#include "fw/core/release.h"
#include "sim/base/identity.h"
#include "sim/base/json.h"
#include "sim/cmd/cmd.h"

#define NAME "hello"
#define PID_TEXT 9          /* PPPP-PPPP */
#define HEX_INPUT_MAX 16384 /* characters; the longest hello takes 3350 without white space */

static const char help[] =
    "usage: proviso hello decode [--json] HEX | - | @FILE\n"
    "       proviso hello encode --version 1|2|3 --uuid UUID [OPTION...]\n"
    "\n"
    "decode prints the fields of a hello. HEX is one argument and may contain white space; -\n"
    "reads hexadecimal text from standard input, @FILE reads bytes from a file. In messages,\n"
    "bytes are counted from 0, as offsets are, and characters from 1.\n"
    "\n"
    "encode prints a hello as hexadecimal digits.\n"
    "  --version 1|2|3   1 head only, 2 PSK, 3 PKI\n"
    "  --uuid UUID       11223344-5566-7788-99aa-bbccddeeff00\n"
    "  --retry N         retry field, default 0\n"
    "  --no-credentials  admin credentials are not set (localized BIOS)\n"
    "  --pid PPPP-PPPP   version 2; its check character is not verified\n"
    "  --hash ALG:HEX    version 3, repeatable; ALG is sha1, sha256 or sha384\n"
    "  --release R       version 3, instead of --hash: the roots built into release R\n";

static const char *const version_note[] = {
    [HELLO_V1] = "head only", [HELLO_V2_PSK] = "PSK", [HELLO_V3_PKI] = "PKI"};

/* "PPPP-PPPP", or false when a character of it cannot be shown. */
static bool pid_text(char out[PID_TEXT + 1], const uint8_t pid[LIMIT_PID])
{
    for (size_t i = 0; i < LIMIT_PID; i++) {
        if (pid[i] < 0x21 || pid[i] > 0x7e)
            return false;
        out[i < 4 ? i : i + 1] = (char)pid[i];
    }
    out[4] = '-';
    out[PID_TEXT] = '\0';
    return true;
}

/* NULL for a hash that is built into no release. */
static const char *root_name(const struct hello_hash *hash)
{
    uint32_t count;
    const struct release *const *release = release_table(&count);

    for (uint32_t i = 0; i < count; i++) {
        for (unsigned k = 0; k < release[i]->roots.count; k++) {
            const struct cert_hash *root = &release[i]->roots.hash[k];

            if (root->algorithm == hash->algorithm &&
                memcmp(root->bytes, hash->bytes, cert_hash_bytes(hash->algorithm)) == 0)
                return root->name;
        }
    }
    return NULL;
}

static void hash_hex(char out[2 * LIMIT_HASH_BYTES + 1], const struct hello_hash *hash)
{
    hex_write(out, hash->bytes, cert_hash_bytes(hash->algorithm));
}

static void print_text(const struct hello *hello)
{
    char uuid[IDENTITY_UUID_TEXT + 1];
    char pid[PID_TEXT + 1];
    char hex[2 * LIMIT_HASH_BYTES + 1];

    identity_uuid_text(hello->uuid, uuid);
    printf("version          %u %s\n", hello->version, version_note[hello->version]);
    printf("credentials set  %s\n", hello->credentials_set ? "yes" : "no");
    printf("retry            %lu\n", (unsigned long)hello->retry);
    printf("UUID             %s\n", uuid);
    if (hello->version == HELLO_V2_PSK && pid_text(pid, hello->pid)) {
        printf("PID              %s\n", pid);
    } else if (hello->version == HELLO_V2_PSK) {
        hex_write(hex, hello->pid, LIMIT_PID);
        printf("PID in hex       %s\n", hex);
    }
    if (hello->version != HELLO_V3_PKI)
        return;
    printf("hashes           %u\n", hello->hash_count);
    for (unsigned i = 0; i < hello->hash_count; i++) {
        const char *name = root_name(&hello->hash[i]);

        hash_hex(hex, &hello->hash[i]);
        printf("hash %-2u          %s %s%s%s\n", i + 1,
               cmd_algorithm_name(hello->hash[i].algorithm), hex, name ? " " : "",
               name ? name : "");
    }
}

static void print_json_hashes(const struct hello *hello)
{
    char hex[2 * LIMIT_HASH_BYTES + 1];

    printf(",\"hashes\":[");
    for (unsigned i = 0; i < hello->hash_count; i++) {
        const char *name = root_name(&hello->hash[i]);

        hash_hex(hex, &hello->hash[i]);
        printf("%s{\"algorithm\":\"%s\",\"hash\":\"%s\",\"name\":", i ? "," : "",
               cmd_algorithm_name(hello->hash[i].algorithm), hex);
        if (name)
            json_string(stdout, name);
        else
            printf("null");
        putchar('}');
    }
    putchar(']');
}

static void print_json(const struct hello *hello)
{
    char uuid[IDENTITY_UUID_TEXT + 1];
    char pid[PID_TEXT + 1];
    char hex[2 * LIMIT_PID + 1];

    identity_uuid_text(hello->uuid, uuid);
    printf("{\"version\":%u,\"credentials_set\":%s,\"retry\":%lu,\"uuid\":\"%s\"", hello->version,
           hello->credentials_set ? "true" : "false", (unsigned long)hello->retry, uuid);
    if (hello->version == HELLO_V2_PSK && pid_text(pid, hello->pid)) {
        printf(",\"pid\":");
        json_string(stdout, pid);
    } else if (hello->version == HELLO_V2_PSK) {
        hex_write(hex, hello->pid, LIMIT_PID);
        printf(",\"pid_hex\":\"%s\"", hex);
    } else if (hello->version == HELLO_V3_PKI) {
        print_json_hashes(hello);
    }
    puts("}");
}

static int bad_character(size_t position, char c)
{
    if (isprint((unsigned char)c))
        return cmd_error(NAME, "character %zu: '%c' is not a hexadecimal digit", position, c);
    return cmd_error(NAME, "character %zu: byte 0x%02x is not a hexadecimal digit", position,
                     (unsigned)(unsigned char)c);
}

struct message {
    uint8_t bytes[LIMIT_HELLO_BYTES + 1]; /* one more, so that the decoder sees an overlong one */
    size_t len;
};

static int parse_message(const char *text, size_t len, struct message *out)
{
    size_t digits = 0;

    for (size_t i = 0; i < len; i++) {
        if (isspace((unsigned char)text[i]))
            continue;
        int digit = hex_digit(text[i]);
        if (digit < 0)
            return bad_character(i + 1, text[i]);
        if (digits / 2 == sizeof out->bytes)
            return cmd_error(NAME, "byte %zu: longer than any hello", digits / 2);
        uint8_t *byte = &out->bytes[digits / 2];
        *byte = digits % 2 == 0 ? (uint8_t)(digit << 4) : (uint8_t)(*byte | digit);
        digits++;
    }
    if (digits % 2 != 0)
        return cmd_error(NAME, "character %zu: the text ends in the middle of a byte", len + 1);
    out->len = digits / 2;
    return CMD_OK;
}

/* Reads at most cap bytes; what the input is called goes into messages. */
static int read_all(FILE *in, const char *called, void *out, size_t cap, size_t *len)
{
    *len = fread(out, 1, cap, in);
    if (ferror(in))
        return cmd_error(NAME, "cannot read %s: %s", called, strerror(errno));
    if (*len == cap && fgetc(in) != EOF)
        return cmd_error(NAME, "%s is longer than any hello: more than %zu bytes", called, cap);
    return CMD_OK;
}

static int read_file(const char *path, struct message *out)
{
    FILE *in = fopen(path, "rb");

    if (!in)
        return cmd_error(NAME, "cannot open %s: %s", path, strerror(errno));
    int status = read_all(in, path, out->bytes, sizeof out->bytes, &out->len);
    fclose(in);
    return status;
}

static int read_message(const char *operand, struct message *out)
{
    char text[HEX_INPUT_MAX];
    size_t len;

    if (operand[0] == '@')
        return read_file(operand + 1, out);
    if (strcmp(operand, "-") != 0)
        return parse_message(operand, strlen(operand), out);
    int status = read_all(stdin, "standard input", text, sizeof text, &len);
    return status == CMD_OK ? parse_message(text, len, out) : status;
}

static int decode(const char *operand, bool json)
{
    struct message message;
    struct hello hello;
    size_t offset;
    int status = read_message(operand, &message);

    if (status != CMD_OK)
        return status;
    int error = hello_decode(message.bytes, message.len, &hello, &offset);
    if (error != HELLO_OK)
        return cmd_error(NAME, "byte %zu: %s", offset, hello_error_text(error));
    if (json)
        print_json(&hello);
    else
        print_text(&hello);
    return cmd_finish(NAME);
}

static int cmd_decode(int argc, char **argv)
{
    static const struct cmd_option options[] = {{"--json", NULL, false}, {NULL, NULL, false}};
    struct cmd_args args = {.command = NAME, .options = {.argc = argc, .argv = argv}};
    const char *operand = NULL;
    bool json = false;

    for (int got; (got = cmd_next(&args, options)) != CMD_ARG_END;) {
        if (got == CMD_ARG_BAD)
            return CMD_USAGE;
        if (got == CMD_ARG_HELP) {
            fputs(help, stdout);
            return cmd_finish(NAME);
        }
        if (got != CMD_ARG_OPERAND)
            json = true;
        else if (operand)
            return cmd_error(NAME, "decode expects one message; put HEX with spaces in quotes");
        else
            operand = args.value;
    }
    if (!operand)
        return cmd_error(NAME, "a message is required: decode HEX, decode - or decode @FILE");
    return decode(operand, json);
}

struct encoding {
    struct hello hello;
    uint8_t hash[LIMIT_HELLO_HASHES][LIMIT_HASH_BYTES];
    const struct release *release;
    bool has_pid;
};

enum encode_option {
    OPT_VERSION,
    OPT_UUID,
    OPT_RETRY,
    OPT_PID,
    OPT_HASH,
    OPT_RELEASE,
    OPT_NO_CRED
};

static const struct cmd_option encode_options[] = {
    [OPT_VERSION] = {"--version", "1, 2 or 3", false},
    [OPT_UUID] = {"--uuid", "UUID", false},
    [OPT_RETRY] = {"--retry", "N", false},
    [OPT_PID] = {"--pid", "PPPP-PPPP", false},
    [OPT_HASH] = {"--hash", "ALG:HEX", true},
    [OPT_RELEASE] = {"--release", "R", false},
    [OPT_NO_CRED] = {"--no-credentials", NULL, false},
    {NULL, NULL, false},
};

/* Exactly `bytes` bytes in hexadecimal digits and nothing else. */
static bool parse_hex(const char *text, uint8_t *out, size_t bytes)
{
    return strlen(text) == 2 * bytes && hex_read(text, out, bytes);
}

static int parse_uuid(struct encoding *e, const char *text)
{
    if (!identity_parse_uuid(text, e->hello.uuid))
        return cmd_error(NAME, "invalid UUID \"%s\"; expected 8-4-4-4-12 hexadecimal digits", text);
    return CMD_OK;
}

static int parse_pid(struct encoding *e, const char *text)
{
    bool good = strlen(text) == PID_TEXT && text[4] == '-';

    for (size_t i = 0; i < LIMIT_PID && good; i++) {
        char c = text[i < 4 ? i : i + 1];

        good = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
        e->hello.pid[i] = (uint8_t)c;
    }
    if (!good)
        return cmd_error(NAME, "invalid PID \"%s\"; expected PPPP-PPPP of A-Z and 0-9", text);
    e->has_pid = true;
    return CMD_OK;
}

static int parse_hash(struct encoding *e, const char *text)
{
    const char *colon = strchr(text, ':');
    uint8_t algorithm = 0;

    for (uint8_t a = CERT_HASH_SHA1; colon && a <= CERT_HASH_SHA384; a++) {
        const char *name = cmd_algorithm_name(a);

        if (strlen(name) == (size_t)(colon - text) && memcmp(name, text, strlen(name)) == 0)
            algorithm = a;
    }
    if (algorithm == 0)
        return cmd_error(NAME, "invalid hash \"%s\"; expected sha1:HEX, sha256:HEX or sha384:HEX",
                         text);
    if (e->hello.hash_count == LIMIT_HELLO_HASHES)
        return cmd_error(NAME, "too many hashes; a hello carries at most %d", LIMIT_HELLO_HASHES);
    uint8_t *bytes = e->hash[e->hello.hash_count];
    if (!parse_hex(colon + 1, bytes, cert_hash_bytes(algorithm)))
        return cmd_error(NAME, "invalid hash; expected %u hexadecimal digits after \"%.*s:\"",
                         2u * cert_hash_bytes(algorithm), (int)(colon - text), text);
    e->hello.hash[e->hello.hash_count++] = (struct hello_hash){algorithm, bytes};
    return CMD_OK;
}

static int parse_release(struct encoding *e, const char *text)
{
    e->release = release_find(text);
    if (!e->release)
        return cmd_error(NAME, "unknown release \"%s\"; `proviso releases` lists them", text);
    return CMD_OK;
}

static int parse_number(struct encoding *e, int option, const char *text)
{
    uint64_t min = option == OPT_VERSION ? HELLO_V1 : 0;
    uint64_t max = option == OPT_VERSION ? HELLO_V3_PKI : UINT32_MAX;
    uint64_t value;

    if (!cmd_number(NAME, encode_options[option].name, text, min, max, &value))
        return CMD_USAGE;
    if (option == OPT_VERSION)
        e->hello.version = (uint16_t)value;
    else
        e->hello.retry = (uint32_t)value;
    return CMD_OK;
}

static int parse_option(void *ctx, int option, const char *value)
{
    struct encoding *e = ctx;

    switch (option) {
    case OPT_UUID:
        return parse_uuid(e, value);
    case OPT_PID:
        return parse_pid(e, value);
    case OPT_HASH:
        return parse_hash(e, value);
    case OPT_RELEASE:
        return parse_release(e, value);
    case OPT_NO_CRED:
        e->hello.credentials_set = 0;
        return CMD_OK;
    default:
        return parse_number(e, option, value);
    }
}

/* What the options must be together. */
static int check_encoding(const struct encoding *e, uint32_t seen)
{
    if ((seen >> OPT_VERSION & 1u) == 0)
        return cmd_error(NAME, "--version 1, 2 or 3 is required");
    if ((seen >> OPT_UUID & 1u) == 0)
        return cmd_error(NAME, "--uuid UUID is required");
    if (e->hello.version == HELLO_V2_PSK && !e->has_pid)
        return cmd_error(NAME, "--version 2 requires --pid PPPP-PPPP");
    if (e->hello.version != HELLO_V2_PSK && e->has_pid)
        return cmd_error(NAME, "--pid requires --version 2");
    if (e->hello.version != HELLO_V3_PKI && e->hello.hash_count > 0)
        return cmd_error(NAME, "--hash requires --version 3");
    if (e->hello.version != HELLO_V3_PKI && e->release)
        return cmd_error(NAME, "--release requires --version 3");
    if (e->release && e->hello.hash_count > 0)
        return cmd_error(NAME, "--release and --hash cannot be used together");
    return CMD_OK;
}

static int encode(struct encoding *e)
{
    uint8_t bytes[LIMIT_HELLO_BYTES];
    char hex[2 * LIMIT_HELLO_BYTES + 1];

    for (unsigned i = 0; e->release && i < e->release->roots.count; i++) {
        const struct cert_hash *root = &e->release->roots.hash[i];

        e->hello.hash[e->hello.hash_count++] = (struct hello_hash){root->algorithm, root->bytes};
    }
    int len = hello_encode(&e->hello, bytes, sizeof bytes);
    if (len < 0)
        return cmd_error(NAME, "%s", hello_error_text(len));
    hex_write(hex, bytes, (size_t)len);
    puts(hex);
    return cmd_finish(NAME);
}

static int cmd_encode(int argc, char **argv)
{
    struct cmd_args args = {.command = NAME, .options = {.argc = argc, .argv = argv}};
    struct encoding e = {.hello = {.credentials_set = 1}};
    int status;

    status = cmd_options(&args, encode_options, help, parse_option, &e);
    if (status != CMD_GO_ON)
        return status;
    status = check_encoding(&e, args.seen);
    return status == CMD_OK ? encode(&e) : status;
}

int cmd_hello(int argc, char **argv)
{
    if (argc < 2)
        return cmd_error(NAME, "decode or encode is required; see `proviso hello --help`");
    if (strcmp(argv[1], "--help") == 0) {
        fputs(help, stdout);
        return cmd_finish(NAME);
    }
    if (strcmp(argv[1], "decode") == 0)
        return cmd_decode(argc - 1, argv + 1);
    if (strcmp(argv[1], "encode") == 0)
        return cmd_encode(argc - 1, argv + 1);
    return cmd_error(NAME, "unknown command \"%s\"; expected decode or encode", argv[1]);
}
