#ifndef CORE_WIPE_H
#define CORE_WIPE_H

#include <stddef.h>

/* Overwrites a secret with zeros. Unlike a memset() of memory that nobody reads again, a compiler
 * may not leave it out. */
void wipe(void *secret, size_t len);

#endif
