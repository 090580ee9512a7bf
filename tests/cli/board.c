/* The least board: a main loop around the device, a HAL that has nothing, and of a C library what
 * fw and lwIP call. It is linked, not run: nothing else may be missing on a new processor. */
#include <stdlib.h>
#include <string.h>

#include "fw/device.h"

void *memcpy(void *restrict to, const void *restrict from, size_t len)
{
    for (size_t i = 0; i < len; i++)
        ((char *)to)[i] = ((const char *)from)[i];
    return to;
}

void *memmove(void *to, const void *from, size_t len)
{
    if ((char *)to <= (const char *)from)
        return memcpy(to, from, len);
    while (len--)
        ((char *)to)[len] = ((const char *)from)[len];
    return to;
}

void *memset(void *to, int value, size_t len)
{
    for (size_t i = 0; i < len; i++)
        ((char *)to)[i] = (char)value;
    return to;
}

int memcmp(const void *a, const void *b, size_t len)
{
    const unsigned char *x = a, *y = b;

    for (; len > 0; len--, x++, y++)
        if (*x != *y)
            return *x - *y;
    return 0;
}

void *memchr(const void *bytes, int value, size_t len)
{
    for (const unsigned char *p = bytes; len > 0; len--, p++)
        if (*p == (unsigned char)value)
            return (void *)(uintptr_t)p;
    return NULL;
}

size_t strlen(const char *s)
{
    size_t len = 0;

    while (s[len])
        len++;
    return len;
}

int strncmp(const char *a, const char *b, size_t len)
{
    for (; len > 0; len--, a++, b++)
        if (*a != *b || !*a)
            return (unsigned char)*a - (unsigned char)*b;
    return 0;
}

int strcmp(const char *a, const char *b)
{
    return strncmp(a, b, SIZE_MAX);
}

char *strchr(const char *s, int c)
{
    return memchr(s, c, strlen(s) + 1);
}

/* lwIP turns the digits of an interface's name into a number; nobody here asks it to. */
int atoi(const char *s)
{
    return *s - '0';
}

static uint64_t now_ms(void *ctx)
{
    return (*(volatile uint64_t *)ctx)++;
}

static void sleep_until(void *ctx, uint64_t wake_ms)
{
    *(volatile uint64_t *)ctx = wake_ms;
}

static void trace(void *ctx, uint64_t at_ms, int event, uint32_t value, const char *text,
                  const char *source)
{
    (void)ctx, (void)at_ms, (void)event, (void)value, (void)text, (void)source;
}

static int fill(void *ctx, void *out, size_t len)
{
    (void)ctx, (void)out, (void)len;
    return -1;
}

static size_t receive(void *ctx, uint8_t *out, size_t cap)
{
    (void)ctx, (void)out, (void)cap;
    return 0;
}

static int send(void *ctx, const uint8_t *bytes, size_t len)
{
    (void)ctx, (void)bytes, (void)len;
    return -1;
}

static bool no(void *ctx)
{
    (void)ctx;
    return false;
}

static int flash_read(void *ctx, uint32_t offset, void *out, size_t len)
{
    (void)ctx, (void)offset, (void)out, (void)len;
    return -1;
}

static int flash_program(void *ctx, uint32_t offset, const void *data, size_t len)
{
    (void)ctx, (void)offset, (void)data, (void)len;
    return -1;
}

static int flash_erase(void *ctx, uint32_t sector)
{
    (void)ctx, (void)sector;
    return -1;
}

static enum hal_host host(void *ctx)
{
    (void)ctx;
    return HAL_HOST_ABSENT;
}

static void acknowledge(void *ctx)
{
    (void)ctx;
}

static uint64_t time_ms;
static const struct hal hal = {
    .clock = {&time_ms, now_ms, sleep_until},
    .console = {NULL, trace},
    .entropy = {NULL, fill},
    .ether = {NULL, receive, send, no},
    .flash = {NULL, 4096, 2, 4, flash_read, flash_program, flash_erase},
    .hostbus = {NULL, receive, send},
    .power = {NULL, host, no, acknowledge},
};
static struct device device;

int main(void)
{
    struct device_config config = {.release = release_find("5.0.3"), .oem = oem_find("bmp-off")};

    device_boot(&device, &config, &hal, hal.clock.now_ms(hal.clock.ctx));
    for (;;)
        hal.clock.sleep_until(hal.clock.ctx, device_poll(&device, hal.clock.now_ms(hal.clock.ctx)));
}
