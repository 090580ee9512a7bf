#ifndef MANAGE_OUT_H
#define MANAGE_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/core/text.h"

/* Text in a buffer of fixed size. What does not fit is left out whole, and full says so. */
struct out {
    char *text;
    size_t cap, len;
    bool full;
};

void out_bytes(struct out *out, const char *bytes, size_t len);
void out_text(struct out *out, const char *text);
/* With the characters that XML has a meaning for as entities. */
void out_escaped(struct out *out, const char *text);
void out_base64(struct out *out, const uint8_t *bytes, size_t len);
/* As text_print(); nothing that %s would change may come from outside. */
#define out_print(out, ...) text_print(&(struct text_out){out_char, out}, __VA_ARGS__)
void out_char(void *out, char c);

/* "<prefix:name>", "</prefix:name>"; an empty prefix leaves the colon out, too. */
void out_open(struct out *out, const char *prefix, const char *name);
void out_close(struct out *out, const char *prefix, const char *name);
/* An element with text that is escaped. Never "<name/>", which peers do not understand (MC).
 */
void out_element(struct out *out, const char *prefix, const char *name, const char *text);
/* An endpoint reference in WS-Man's form: of the class, the instance with that one key. Prefixes: b
 * for WS-Addressing, c for WS-Management. */
void out_reference(struct out *out, const char *prefix, const char *name, const char *class,
                   const char *key_name, const char *key);
void out_element_number(struct out *out, const char *prefix, const char *name, uint32_t number);

#endif
