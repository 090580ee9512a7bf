// SPDX-License-Identifier: BSD-3-Clause
#include "sim/net/capture.h"

#include <errno.h>
#include <string.h>

/* Block and option codes of the pcapng file format. Written byte by byte, little-endian, as the
 * byte-order magic says. */
#define BLOCK_SECTION 0x0A0D0D0Au
#define BLOCK_INTERFACE 1u
#define BLOCK_PACKET 6u
#define BYTE_ORDER_MAGIC 0x1A2B3C4Du
#define LINKTYPE_ETHERNET 1
#define OPTION_END 0
#define OPTION_IF_NAME 2
#define OPTION_IF_TSRESOL 9
#define TSRESOL_MICROSECONDS 6

static const char *const interface_name[LAN_SENDERS] = {"me", "host", "lan"};

static size_t padded(size_t len)
{
    return (len + 3) & ~(size_t)3;
}

static void put16(FILE *file, uint16_t value)
{
    const uint8_t bytes[2] = {(uint8_t)value, (uint8_t)(value >> 8)};

    fwrite(bytes, 1, sizeof(bytes), file);
}

static void put32(FILE *file, uint32_t value)
{
    put16(file, (uint16_t)value);
    put16(file, (uint16_t)(value >> 16));
}

static void put_padded(FILE *file, const void *data, size_t len)
{
    static const uint8_t zero[3] = {0};

    fwrite(data, 1, len, file);
    fwrite(zero, 1, padded(len) - len, file);
}

static void put_option(FILE *file, uint16_t code, const void *value, size_t len)
{
    put16(file, code);
    put16(file, (uint16_t)len);
    put_padded(file, value, len);
}

static void put_section(FILE *file)
{
    const uint32_t total = 28;

    put32(file, BLOCK_SECTION);
    put32(file, total);
    put32(file, BYTE_ORDER_MAGIC);
    put16(file, 1); /* version 1.0 */
    put16(file, 0);
    put32(file, 0xFFFFFFFFu); /* section length: not given */
    put32(file, 0xFFFFFFFFu);
    put32(file, total);
}

static void put_interface(FILE *file, const char *name)
{
    const uint8_t resolution = TSRESOL_MICROSECONDS;
    const size_t len = strlen(name);
    const uint32_t total = (uint32_t)(20 + 4 + padded(len) + 8 + 4);

    put32(file, BLOCK_INTERFACE);
    put32(file, total);
    put16(file, LINKTYPE_ETHERNET);
    put16(file, 0);
    put32(file, 0); /* no limit on a packet's length */
    put_option(file, OPTION_IF_NAME, name, len);
    put_option(file, OPTION_IF_TSRESOL, &resolution, 1);
    put_option(file, OPTION_END, "", 0);
    put32(file, total);
}

int capture_open(struct capture *capture, const char *path)
{
    capture->file = fopen(path, "wb");
    if (capture->file == NULL)
        return -1;
    put_section(capture->file);
    for (int i = 0; i < LAN_SENDERS; i++)
        put_interface(capture->file, interface_name[i]);
    return 0;
}

void capture_frame(struct capture *capture, uint64_t time_us, enum lan_sender from,
                   const uint8_t *frame, size_t len)
{
    FILE *file = capture->file;
    const uint64_t stamp = CAPTURE_EPOCH_S * UINT64_C(1000000) + time_us;
    const uint32_t total = (uint32_t)(32 + padded(len));

    put32(file, BLOCK_PACKET);
    put32(file, total);
    put32(file, (uint32_t)from);
    put32(file, (uint32_t)(stamp >> 32));
    put32(file, (uint32_t)stamp);
    put32(file, (uint32_t)len); /* captured, original */
    put32(file, (uint32_t)len);
    put_padded(file, frame, len);
    put32(file, total);
}

int capture_close(struct capture *capture)
{
    FILE *file = capture->file;
    int lost = ferror(file);

    capture->file = NULL;
    if (fclose(file) != 0)
        return -1;
    if (lost) {
        errno = EIO; /* the write that failed did so long ago */
        return -1;
    }
    return 0;
}
