// SPDX-License-Identifier: BSD-3-Clause
#ifndef MANAGE_WSMAN_ENUMERATION_H
#define MANAGE_WSMAN_ENUMERATION_H

#include "fw/manage/wsman_envelope.h"

/* WS-Enumeration (DSP0226 8): Enumerate with EnumerationMode, OptimizeEnumeration and a Filter of
 * selectors; Pull with MaxElements and MaxCharacters, without them as much as fits (MCMD and WSL
 * count on that); Release. Each writes the reply and returns the HTTP status. */
uint16_t wsman_enumerate(struct wsman_exchange *x);
uint16_t wsman_pull(struct wsman_exchange *x);
uint16_t wsman_release(struct wsman_exchange *x);

/* Whether the request has a filter that is not a set of selectors. */
bool wsman_filter_is_foreign(const struct soap_request *request);

#endif
