// SPDX-License-Identifier: BSD-3-Clause
#include "fw/device_internal.h"

#include "fw/core/wipe.h"

void device_forget_pending(struct device *d, bool erased)
{
    wipe(&d->manage.pending, sizeof(d->manage.pending));
#if FW_MACHINE
    wipe(&d->manage.boot, sizeof(d->manage.boot));
#endif
#if FW_TLS
    if (erased)
        tls_forget_keys(&d->tls);
    else
        tls_keys_forget_pending(&d->tls.keys);
#else
    (void)erased;
#endif
}
