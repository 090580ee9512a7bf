// SPDX-License-Identifier: BSD-3-Clause
#include "fw/manage/page.h"

#include <string.h>

#define NAME "Intel&reg; Active Management Technology"

enum page page_find(const char *path, const struct manage_view *view)
{
    static const struct {
        const char *path;
        enum page page;
    } row[] = {{"/", PAGE_ROOT}, {PAGE_LOGON_PATH, PAGE_LOGON}, {"/index.htm", PAGE_INDEX}};
    const char *end = strchr(path, '?');
    size_t len = end ? (size_t)(end - path) : strlen(path);

    if (view->setup_state != SETUP_PROVISIONED)
        return PAGE_NONE;
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++)
        if (strlen(row[i].path) == len && memcmp(row[i].path, path, len) == 0)
            return row[i].page;
    return PAGE_NONE;
}

static void write_button(struct out *o, const char *text)
{
    out_text(o, "<form method=\"GET\" action=\"index.htm\"><input type=\"submit\" value=\"");
    out_text(o, text);
    out_text(o, "\"></form>");
}

static void begin_row(struct out *o, const char *name)
{
    out_text(o, "<tr><td>");
    out_text(o, name);
    out_text(o, "</td><td>");
}

static void write_row(struct out *o, const char *name, const char *value)
{
    begin_row(o, name);
    out_text(o, value);
    out_text(o, "</td></tr>");
}

/* "44332211-6655-...": the first three fields are little-endian (behaviour of SMBIOS, LNX). */
static void write_uuid(struct out *o, const uint8_t uuid[LIMIT_UUID_BYTES])
{
    static const uint8_t order[LIMIT_UUID_BYTES] = {3, 2, 1, 0, 5, 4, 7, 6};

    for (uint8_t i = 0; i < LIMIT_UUID_BYTES; i++) {
        uint32_t byte = uuid[i < 8 ? order[i] : i];

        out_char(o, "0123456789abcdef"[byte >> 4]);
        out_char(o, "0123456789abcdef"[byte & 15u]);
        if (i == 3 || i == 5 || i == 7 || i == 9)
            out_char(o, '-');
    }
}

/* Month/day/year and a clock of twelve hours, as American pages have them (HONEY). */
static void write_clock(struct out *o, uint32_t clock_s)
{
    uint32_t day = clock_s / 86400u, year = 1970, month = 0, minute = clock_s / 60u % 1440u, len;

    for (; day >= (len = year % 4 == 0 && year != 2100 ? 366 : 365); year++)
        day -= len;
    for (; day >= (len = month == 1 ? (year % 4 == 0 && year != 2100 ? 29 : 28)
                                    : 30 + (0xAD5u >> month & 1u));
         month++)
        day -= len;
    begin_row(o, "Date");
    out_print(o, "%u/%u/%u</td></tr>", month + 1, day + 1, year);
    begin_row(o, "Time");
    out_print(o, "%u:%02u %s</td></tr>", (minute / 60u + 11u) % 12u + 1u, minute % 60u,
              minute < 720u ? "am" : "pm");
}

static void write_status_page(struct out *o, const struct manage_view *view)
{
    out_text(o, "<h1>System Status</h1><p>Computer: ");
    out_escaped(o, manage_host_name(view));
    out_text(o, "</p><table>");
    write_row(o, "Power", view->host_on ? "On" : "Off");
    begin_row(o, "IP address");
    out_print(o, "%a</td></tr>", view->ip);
    begin_row(o, "System ID");
    write_uuid(o, view->uuid);
    out_text(o, "</td></tr>");
    if (view->clock_s)
        write_clock(o, view->clock_s);
    out_text(o, "</table>");
    write_button(o, "Refresh");
    out_text(o, "<p>" NAME " firmware version: ");
    out_text(o, view->release->version);
    out_print(o, "-build %u</p>", (uint32_t)view->release->build.value);
}

void page_write(enum page page, const struct manage_view *view, struct out *o)
{
    out_text(o, "<html><head><title>" NAME "</title></head><body>");
    if (page == PAGE_INDEX) {
        write_status_page(o, view);
    } else if (page == PAGE_LOGON) {
        out_text(o, "<h1>Log On</h1>");
        write_button(o, "Log On...");
    } else {
        out_text(o, "<h1>Log on failed</h1>");
        write_button(o, "Try again");
    }
    out_text(o, "</body></html>");
}
