// SPDX-License-Identifier: BSD-3-Clause
#include "fw/core/status.h"

#if FW_TEXTS
const char *pt_status_name(uint32_t status)
{
    switch (status) {
#define PT_STATUS_NAME(value, name)                                                                \
    case (value):                                                                                  \
        return "PT_STATUS_" #name;
        PT_STATUS_LIST(PT_STATUS_NAME)
#undef PT_STATUS_NAME
    default:
        return NULL;
    }
}
#endif
