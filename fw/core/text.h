#ifndef CORE_TEXT_H
#define CORE_TEXT_H

#include <stdint.h>

/* Numbers as text. The text stands at the end of the buffer: what is returned is its beginning. */

#define TEXT_DECIMAL sizeof("4294967295")
#define TEXT_ADDRESS sizeof("255.255.255.255")

/* At least min_digits digits, with zeros in front. */
char *text_decimal(char text[TEXT_DECIMAL], uint32_t number, uint32_t min_digits);
/* "1.2.3.4" for 0x01020304, "" for 0 */
char *text_address(char text[TEXT_ADDRESS], uint32_t address);
/* `digits` hexadecimal digits, upper case, from the buffer's beginning. */
void text_hex(char *text, uint32_t number, uint32_t digits);
/* The value of a hexadecimal digit of either case, -1 = none. */
int text_digit(char c);

#endif
