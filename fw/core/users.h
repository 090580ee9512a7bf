// SPDX-License-Identifier: BSD-3-Clause
#ifndef CORE_USERS_H
#define CORE_USERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/core/config.h"
#include "fw/core/limits.h"

/* What an account may be let into; realms.h says what each opens. */
enum realm { /* LMS-cim; 0, 1 and 22 are none; 23: G-realms, from 5.1 on */
             REALM_INVALID = 0,
             REALM_REDIRECTION = 2,
             REALM_ADMINISTRATION = 3, /* PTAdministration */
             REALM_HARDWARE_ASSET = 4,
             REALM_REMOTE_CONTROL = 5,
             REALM_EVENT_MANAGER = 7,
             REALM_NETWORK_TIME = 12,
             REALM_GENERAL_INFO = 13,
             REALM_LOCAL_NOTIFICATION = 16,
             REALM_EVENT_LOG_READER = 19,
             REALM_ACL = 21,
             REALM_LOCAL_SYSTEM = 24,
             REALM_END
};

/* A set of realms has a bit for each, at its number. */
#define REALM_BIT(realm) (UINT32_C(1) << (realm))
#define REALMS_KNOWN ((REALM_BIT(REALM_END) - 1u) & ~(REALM_BIT(0) | REALM_BIT(1) | REALM_BIT(22)))

/* The users beside the administrator, the "access control list": whom the device knows by a digest
 * of the password, and whom by a Kerberos SID (LMS-cim). A pure list of entries, each with a
 * handle; the functions return a PT_STATUS, and unless that is SUCCESS nothing is changed. */

#if FW_MACHINE

enum user_access { /* from where an entry is good (LMS-cim) */
                   USER_ACCESS_LOCAL = 0,
                   USER_ACCESS_NETWORK = 1,
                   USER_ACCESS_ANY = 2,
};

/* An entry as it is stored, byte for byte: SPEC.md of fw/store. All zeros = unused. */
struct user {
    union {
        struct {
            char name[LIMIT_USER_NAME]; /* filled up with zeros; a NUL only if it is shorter */
            uint8_t hash[LIMIT_USER_HASH];
        };
        uint8_t sid[LIMIT_SID]; /* its second byte says how long it is */
    };
    uint8_t realms[3]; /* bits from realm 2 on, the lowest byte first */
    uint8_t flags;     /* enum user_access, and USER_ENABLED */
};

#define USER_ENABLED 4u

#define USERS (LIMIT_USERS + LIMIT_KERBEROS_USERS)

/* The digest entries come first. */
struct users {
    struct user entry[USERS];
};

/* Handles count from 1, over all entries and then the system's own, which have no password, are
 * good only from the machine itself, and cannot be changed: "$$uns", the user notification service
 * (LMS-cim, WSM), and "$$OsAdmin" (MCMD). MCMD reads no list of fewer than two. */
#define USERS_SYSTEM 2
#define USERS_HANDLES (USERS + USERS_SYSTEM)

/* What a request says of an entry: one of name and sid. */
struct user_values {
    const char *name;    /* NULL = not there */
    const uint8_t *hash; /* NULL = not there, or not a hash */
    const uint8_t *sid;  /* NULL = not there */
    size_t sid_len;
    uint32_t access; /* enum user_access */
    uint32_t realms; /* REALM_BIT()s; REALM_INVALID's stands for any that is none */
};

/* NULL: there is none with this handle. */
const struct user *users_find(const struct users *users, uint32_t handle);
/* The digest entry of this name; NULL: none. */
const struct user *users_named(const struct users *users, const char *name);

/* Whether the entry with this handle is a digest's; else it is Kerberos'. */
static inline bool users_is_digest(uint32_t handle)
{
    return handle <= LIMIT_USERS || handle > USERS;
}

bool user_is_there(const struct user *user);
size_t user_sid_len(const struct user *user);
uint32_t user_realms(const struct user *user); /* REALM_BIT()s */
/* Whether it is enabled and good from the network. */
bool user_is_let_in(const struct user *user);

static inline uint8_t user_access(const struct user *user)
{
    return user->flags & 3u;
}

/* A new entry is enabled (G-realms). INVALID_NAME: not 1 to 16 printable characters of 7
 * bits, or "admin", "administrator", with one of ( ) , : " & < > or a backslash, or with "$$" at
 * its begin (SCS11). INVALID_PASSWORD: no hash. INVALID_REALM. DUPLICATE: somebody has that name or
 * SID. MAX_LIMIT_REACHED. INVALID_PARAMETER: another access permission, a SID that is none, name
 * and SID both. admin: the administrator's name. */
uint32_t users_add(struct users *users, const struct user_values *values, const char *admin,
                   uint32_t *handle);
/* As users_add(). INVALID_HANDLE: no such entry; NOT_PERMITTED: one of the system's. An entry stays
 * what it is, digest or Kerberos; without a hash it keeps its own as long as the name stays, of
 * which the hash is made. Whether it is enabled stays as it is. */
uint32_t users_update(struct users *users, uint32_t handle, const struct user_values *values,
                      const char *admin);
uint32_t users_remove(struct users *users, uint32_t handle);
uint32_t users_enable(struct users *users, uint32_t handle, bool enabled);

/* Whether every entry is one that the functions above can have made. */
bool users_are_valid(const struct users *users);

#endif

#endif
