// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_SERVER_XML_TEXT_H
#define SIM_SERVER_XML_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* The text of the first element with that name, whatever its namespace. False: there is none, it
 * is too long, or the body is no XML from its beginning to its end. */
bool xml_text(const char *body, const char *name, char *out, size_t cap);

#endif
