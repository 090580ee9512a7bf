// SPDX-License-Identifier: BSD-3-Clause
#include "fw/core/users.h"

#include <string.h>

#include "fw/core/status.h"
#include "fw/core/wipe.h"

#if FW_MACHINE

_Static_assert(sizeof(struct user) == LIMIT_USER_NAME + LIMIT_USER_HASH + 4,
               "an entry is stored without padding");

#define FIRST_REALM 2u
#define SYSTEM_REALMS(realm)                                                                       \
    {                                                                                              \
        (uint8_t)(REALM_BIT(realm) >> FIRST_REALM), (uint8_t)(REALM_BIT(realm) >> 10),             \
            (uint8_t)(REALM_BIT(realm) >> 18)                                                      \
    }

/* LMS-cim, WSM: $$uns; the other's realm is assumed. */
static const struct user system_user[USERS_SYSTEM] = {
    {.name = "$$uns", .realms = SYSTEM_REALMS(REALM_LOCAL_NOTIFICATION), .flags = USER_ENABLED},
    {.name = "$$OsAdmin", .realms = SYSTEM_REALMS(REALM_LOCAL_SYSTEM), .flags = USER_ENABLED},
};

bool user_is_there(const struct user *user)
{
    return user->sid[0] != 0; /* a SID begins with its revision, 1 */
}

const struct user *users_find(const struct users *users, uint32_t handle)
{
    if (handle == 0 || handle > USERS_HANDLES)
        return NULL;
    if (handle > USERS)
        return &system_user[handle - USERS - 1];
    return user_is_there(&users->entry[handle - 1]) ? &users->entry[handle - 1] : NULL;
}

/* Whether an entry has this name or SID, of at most LIMIT_SID bytes. */
static bool has_id(const struct user *user, const uint8_t *id, size_t len, size_t max)
{
    return memcmp(user->sid, id, len) == 0 && (len == max || user->sid[len] == 0);
}

/* Of a name; of one that is longer than max, max. */
static size_t length(const char *name, size_t max)
{
    size_t len = 0;

    while (len < max && name[len])
        len++;
    return len;
}

const struct user *users_named(const struct users *users, const char *name)
{
    size_t len = length(name, LIMIT_USER_NAME + 1);

    for (size_t i = 0; len > 0 && len <= LIMIT_USER_NAME && i < LIMIT_USERS; i++)
        if (has_id(&users->entry[i], (const uint8_t *)name, len, LIMIT_USER_NAME))
            return &users->entry[i];
    return NULL;
}

/* MS-DTYP 2.4.2.2: revision, count of sub-authorities, six bytes of authority, four each. */
size_t user_sid_len(const struct user *user)
{
    return 8u + 4u * user->sid[1];
}

uint32_t user_realms(const struct user *user)
{
    return (user->realms[0] | (uint32_t)user->realms[1] << 8 | (uint32_t)user->realms[2] << 16)
           << FIRST_REALM;
}

bool user_is_let_in(const struct user *user)
{
    return user->flags & USER_ENABLED && user_access(user) != USER_ACCESS_LOCAL;
}

/* --- what may be in an entry --- */

/* Whether a name is that word, in whatever letters. */
static bool is_word(const char *name, size_t len, const char *word)
{
    size_t i = 0;

    while (i < len && word[i] && (name[i] | 0x20) == word[i])
        i++;
    return i == len && !word[i];
}

static bool name_ok(const char *name, size_t len)
{
    static const char refused[] = "(),:\"&<>\\";

    for (size_t i = 0; i < len; i++) {
        if (name[i] < ' ' || name[i] > '~')
            return false;
        for (const char *c = refused; *c; c++)
            if (name[i] == *c)
                return false;
    }
    return len > 0 && len <= LIMIT_USER_NAME && (len < 2 || name[0] != '$' || name[1] != '$') &&
           !is_word(name, len, "admin") && !is_word(name, len, "administrator");
}

static bool sid_ok(const uint8_t *sid, size_t len)
{
    return len >= 12 && len <= LIMIT_SID && sid[0] == 1 && len == 8u + 4u * sid[1];
}

bool users_are_valid(const struct users *users)
{
    for (size_t i = 0; i < USERS; i++) {
        const struct user *u = &users->entry[i];

        if (user_is_there(u) &&
            (!(i < LIMIT_USERS ? name_ok(u->name, length(u->name, LIMIT_USER_NAME))
                               : u->sid[1] <= 5 && sid_ok(u->sid, user_sid_len(u))) ||
             user_realms(u) & ~REALMS_KNOWN || user_access(u) > USER_ACCESS_ANY ||
             u->flags > (USER_ENABLED | USER_ACCESS_ANY)))
            return false;
    }
    return true;
}

/* Everything but the hash, and whether somebody has it already. */
static uint32_t check(const struct user_values *v)
{
    if (v->name ? v->sid != NULL : v->sid && !sid_ok(v->sid, v->sid_len))
        return PT_STATUS_INVALID_PARAMETER;
    if (!v->sid && !(v->name && name_ok(v->name, length(v->name, LIMIT_USER_NAME + 1))))
        return PT_STATUS_INVALID_NAME;
    if (v->access > USER_ACCESS_ANY)
        return PT_STATUS_INVALID_PARAMETER;
    return v->realms & ~REALMS_KNOWN ? PT_STATUS_INVALID_REALM : PT_STATUS_SUCCESS;
}

/* --- changes --- */

/* The name or SID, filled up with zeros. */
static void write_id(struct user *user, const struct user_values *v)
{
    if (v->name)
        memcpy(user->name, v->name, length(v->name, LIMIT_USER_NAME));
    else
        memcpy(user->sid, v->sid, v->sid_len);
}

static void write_rights(struct user *user, const struct user_values *v)
{
    uint32_t bits = v->realms >> FIRST_REALM;

    user->realms[0] = (uint8_t)bits;
    user->realms[1] = (uint8_t)(bits >> 8);
    user->realms[2] = (uint8_t)(bits >> 16);
    user->flags = (uint8_t)((user->flags & USER_ENABLED) | v->access);
}

/* The part of an entry that tells who it is. */
static size_t id_size(const struct user_values *v)
{
    return v->name ? LIMIT_USER_NAME : LIMIT_SID;
}

/* Whether another entry than that of this handle, or the administrator, is he. */
static bool is_taken(const struct users *users, uint32_t but, const struct user *wanted,
                     const struct user_values *v, const char *admin)
{
    uint32_t end = v->name ? LIMIT_USERS : USERS;

    for (uint32_t i = v->name ? 0 : LIMIT_USERS; i < end; i++)
        if (i + 1u != but && memcmp(users->entry[i].sid, wanted->sid, id_size(v)) == 0)
            return true;
    return v->name &&
           has_id(wanted, (const uint8_t *)admin, length(admin, LIMIT_USER_NAME), LIMIT_USER_NAME);
}

uint32_t users_add(struct users *users, const struct user_values *v, const char *admin,
                   uint32_t *handle)
{
    struct user entry = {.flags = USER_ENABLED};
    uint32_t status = check(v);
    size_t i = v->name ? 0 : LIMIT_USERS, end = v->name ? LIMIT_USERS : USERS;

    if (status != PT_STATUS_SUCCESS)
        return status;
    if (v->name && !v->hash)
        return PT_STATUS_INVALID_PASSWORD;
    write_id(&entry, v);
    if (is_taken(users, 0, &entry, v, admin))
        return PT_STATUS_DUPLICATE;
    while (i < end && user_is_there(&users->entry[i]))
        i++;
    if (i == end)
        return PT_STATUS_MAX_LIMIT_REACHED;
    write_rights(&entry, v);
    users->entry[i] = entry;
    if (v->name)
        memcpy(users->entry[i].hash, v->hash, LIMIT_USER_HASH);
    *handle = (uint32_t)i + 1u;
    return PT_STATUS_SUCCESS;
}

/* The entry to be changed; NULL: *why not. */
static struct user *find_own(struct users *users, uint32_t handle, uint32_t *why)
{
    *why = users_find(users, handle) ? PT_STATUS_NOT_PERMITTED : PT_STATUS_INVALID_HANDLE;
    if (handle > USERS || *why == PT_STATUS_INVALID_HANDLE)
        return NULL;
    *why = PT_STATUS_SUCCESS;
    return &users->entry[handle - 1];
}

uint32_t users_update(struct users *users, uint32_t handle, const struct user_values *v,
                      const char *admin)
{
    uint32_t status;
    struct user *user = find_own(users, handle, &status);
    struct user entry = {.flags = 0};

    if (!user)
        return status;
    status = check(v);
    if (status != PT_STATUS_SUCCESS)
        return status;
    if (users_is_digest(handle) != (v->name != NULL))
        return PT_STATUS_INVALID_PARAMETER;
    write_id(&entry, v);
    if (is_taken(users, handle, &entry, v, admin))
        return PT_STATUS_DUPLICATE;
    if (v->name && !v->hash && memcmp(entry.name, user->name, LIMIT_USER_NAME) != 0)
        return PT_STATUS_INVALID_PASSWORD;
    memcpy(user->sid, entry.sid, id_size(v));
    if (v->hash && v->name)
        memcpy(user->hash, v->hash, LIMIT_USER_HASH);
    write_rights(user, v);
    return PT_STATUS_SUCCESS;
}

uint32_t users_remove(struct users *users, uint32_t handle)
{
    uint32_t status;
    struct user *user = find_own(users, handle, &status);

    if (user)
        wipe(user, sizeof(*user));
    return status;
}

uint32_t users_enable(struct users *users, uint32_t handle, bool enabled)
{
    uint32_t status;
    struct user *user = find_own(users, handle, &status);

    if (user)
        user->flags = (uint8_t)((user->flags & ~USER_ENABLED) | (enabled ? USER_ENABLED : 0u));
    return status;
}
#endif
