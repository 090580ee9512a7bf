// SPDX-License-Identifier: BSD-3-Clause
#ifndef TOOLS_MEI_DRIVER_H
#define TOOLS_MEI_DRIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* What Linux's driver answers to who opens /dev/mei0 (linux/mei.h, drivers/misc/mei/main.c), over a
 * connection to an emulated device's host socket (hal/linux/hostbus.h). The descriptor that a
 * program gets is that connection, so that select, poll and epoll are the socket's. For
 * meipreload.so, which lives in the program, and meirun, which stands beside it.
 *
 * Functions return what the system call returns, or a negative errno. */

#define MEI_SOCKET_VARIABLE "PROVISO_HOST_SOCKET"

#define MEI_IOCTL_CONNECT 0xC0104801u /* in: GUID; out: u32 max length, u8 version, u8 0[11] */
#define MEI_IOCTL_VERSION 0xC0054800u /* out: u8 major, minor, hotfix, u16 build */
#define MEI_CONNECT_BYTES 16u
#define MEI_VERSION_BYTES 5u
#define MEI_CONNECT_TIMEOUT_MS 15000 /* MEI_CL_CONNECT_TIMEOUT */

/* The modes and numbers that stat() shows: udev leaves it to root alone, and its major number is
 * one of those that Linux gives out. */
#define MEI_FILE_MODE 0600u
#define MEI_FILE_MAJOR 240u

/* A program may have functions of these names, as a library for MEI does. */
#pragma GCC visibility push(hidden)

/* Of "/dev/mei" and "/dev/mei12" the number, 0 and 12; -1: another file. */
int mei_number(const char *path);
/* Whether there is a device: 0, or why not. How access() ends, with its mode. */
int mei_access(const char *socket_path, int mode);
/* Returns the descriptor; of flags count O_CLOEXEC and O_NONBLOCK. */
int mei_open(const char *socket_path, int flags);

/* Whether mei_open(), in this process or before it forked, made the descriptor or what it is a
 * duplicate of. */
bool mei_is_ours(int fd);

/* MEI_IOCTL_CONNECT in two steps, since the device answers when it can. mei_ask_client() sends the
 * request; mei_take_client(), when the descriptor can be read, takes the reply and fills data. The
 * emulator ends a connection that it refused, and the driver's can be tried again: after an error
 * of mei_take_client() the caller puts a new mei_open() in the descriptor's place. */
int mei_ask_client(int fd, const uint8_t data[MEI_CONNECT_BYTES]);
int mei_take_client(int fd, uint8_t data[MEI_CONNECT_BYTES]);
void mei_version(uint8_t data[MEI_VERSION_BYTES]);

/* Somebody polls the descriptor, once or (epoll) from now on: the next read need not be the one
 * that asks the device for a message. */
void mei_want(int fd, bool from_now_on);
/* One message; what does not fit stays for the next read. A read waits for one unless the
 * descriptor is not to block, or now is set; then it returns -EAGAIN. */
ssize_t mei_read(int fd, void *out, size_t size, bool now);
ssize_t mei_write(int fd, const void *message, size_t size, bool now);

#pragma GCC visibility pop

#endif
