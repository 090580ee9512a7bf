#ifndef CORE_TEXT_H
#define CORE_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* Numbers as text, without a C library's printf. Each returns the length and ends out with a NUL.
 */

#define TEXT_NUMBER 11 /* "4294967295" and its NUL */
#define TEXT_IP 16     /* "255.255.255.255" and its NUL */

size_t text_number(uint32_t value, char out[TEXT_NUMBER]);
/* 1.2.3.4 = 0x01020304 */
size_t text_ip(uint32_t ip, char out[TEXT_IP]);
/* `digits` hexadecimal digits, upper case. */
size_t text_hex(uint32_t value, uint32_t digits, char *out);
/* The value of a hexadecimal digit of either case, -1 = none. */
int text_digit(char c);

#endif
