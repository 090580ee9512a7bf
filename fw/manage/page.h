// SPDX-License-Identifier: BSD-3-Clause
#ifndef MANAGE_PAGE_H
#define MANAGE_PAGE_H

#include "fw/manage/out.h"
#include "fw/manage/view.h"

/* The pages for a browser (HONEY), as far as they are there: what they say is sourced, their HTML
 * is not. */

enum page {
    PAGE_NONE,
    PAGE_ROOT,  /* "/": leads to the log-on page */
    PAGE_LOGON, /* with PAGE_ROOT the only ones that ask for no password */
    PAGE_INDEX, /* system status */
};

#define PAGE_LOGON_PATH "/logon.htm"

/* What follows '?' in the path does not matter. PAGE_NONE before the device is provisioned. */
enum page page_find(const char *path, const struct manage_view *view);
/* PAGE_LOGON, PAGE_INDEX; PAGE_NONE: the page that says that the log-on failed. */
void page_write(enum page page, const struct manage_view *view, struct out *out);

#endif
