// SPDX-License-Identifier: BSD-3-Clause
#ifndef HOST_USBKEY_RESULT_H
#define HOST_USBKEY_RESULT_H

/* The result of reading a USB key. */
enum usbkey_result {
    USBKEY_APPLIED = 0,
    USBKEY_NO_FILE = -1, /* no setup.bin */
    USBKEY_IO = -2,
    USBKEY_NOT_SETUP_BIN = -3, /* unknown file type, or too short for its header */
    USBKEY_FORMAT = -4,        /* a format that this release does not read */
    USBKEY_MALFORMED = -5,     /* a length, count or offset that does not fit */
    USBKEY_EXHAUSTED = -6,     /* every record is consumed or invalid */
    USBKEY_ORDER = -7,         /* entries out of order (passwords first, 2/7 before 2/8, ...) */
    USBKEY_VALUE = -8,         /* a value that is not allowed */
    USBKEY_PASSWORD = -9,      /* the record's current password is not this machine's */
    USBKEY_NOT_DEFAULT = -10,  /* one-touch needs the factory-default MEBx password (S3, DELL) */
    USBKEY_STATE = -11,        /* set-up has gone too far for a USB key: permits_key() */
};

#endif
