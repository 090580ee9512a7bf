// SPDX-License-Identifier: BSD-3-Clause
#include "fw/manage/operation.h"

#include "fw/core/realms.h"
#include "fw/core/status.h"
#include "fw/core/users.h"
#include "fw/core/wipe.h"
#include "fw/manage/digest.h"

#if FW_MACHINE

/* The users and the administrator (LMS-cim, MCMD; in EOI the names of parameters are assumed). What
 * is changed is stored at once. */

#define CLASS "AMT_AuthorizationService"

static void number(struct operation_call *c, const char *name, uint32_t value)
{
    out_element_number(c->out, c->prefix, name, value);
}

static void text(struct operation_call *c, const char *name, const char *value)
{
    out_element(c->out, c->prefix, name, value);
}

static void flag(struct operation_call *c, const char *name, bool value)
{
    text(c, name, value ? "true" : "false");
}

static const struct users *users_of(const struct operation_call *c)
{
    return &c->view->settings->secret.users;
}

/* As it is shown and compared: until a server sets one, "admin". */
static const char *admin_name(const struct operation_call *c)
{
    const struct settings *s = c->view->settings;

    return settings_has_admin(s) ? s->secret.admin_user : DIGEST_USER;
}

/* The entry that the request names; NULL: INVALID_HANDLE. */
static const struct user *find(const struct operation_call *c, uint32_t *handle)
{
    return soap_number(c->request, SOAP_HANDLE, handle) ? users_find(users_of(c), *handle) : NULL;
}

/* The same for a change, which nobody may make of who has more realms than himself. */
static uint32_t find_changeable(const struct operation_call *c, uint32_t *handle)
{
    const struct user *user = find(c, handle);

    if (!user)
        return PT_STATUS_INVALID_HANDLE;
    return realms_cover(c->view->realms, user_realms(user)) ? PT_STATUS_SUCCESS
                                                            : PT_STATUS_NOT_PERMITTED;
}

/* --- changes --- */

enum change { ADD, UPDATE, REMOVE, ENABLE, DISABLE };

static uint32_t change_draft(const struct operation_call *c, struct users *users,
                             enum change change, const struct user_values *values, uint32_t *handle)
{
    switch (change) {
    case ADD:
        return users_add(users, values, admin_name(c), handle);
    case UPDATE:
        return users_update(users, *handle, values, admin_name(c));
    case REMOVE:
        return users_remove(users, *handle);
    default:
        return users_enable(users, *handle, change == ENABLE);
    }
}

static uint32_t store_change(struct operation_call *c, enum change change,
                             const struct user_values *values, uint32_t *handle)
{
    const struct manage_device *device = c->device;
    struct settings *draft = device->draft(device->ctx);
    struct users *users = &draft->secret.users;
    uint32_t status = change_draft(c, users, change, values, handle);

    if (status == PT_STATUS_SUCCESS) {
        c->accounts_changed = true;
        status = device->store(device->ctx, false);
    }
    return status;
}

/* The request's values, and what they are decoded from. hash and sid are the caller's memory. */
static void read_values(const struct operation_call *c, struct user_values *v,
                        uint8_t hash[LIMIT_USER_HASH], uint8_t sid[LIMIT_SID])
{
    const struct soap_request *r = c->request;

    *v = (struct user_values){.access = UINT32_MAX, .realms = r->realms};
    if (soap_has(r, SOAP_DIGEST_USER))
        v->name = soap_text(r, SOAP_DIGEST_USER);
    if (pending_read_digest(soap_text(r, SOAP_DIGEST_PASSWORD), hash))
        v->hash = hash;
    if (soap_has(r, SOAP_SID)) {
        v->sid = sid;
        v->sid_len = pending_read_base64(soap_text(r, SOAP_SID), sid, LIMIT_SID);
    }
    soap_number(r, SOAP_ACCESS, &v->access);
}

static uint32_t set_entry(struct operation_call *c, enum change change, uint32_t *handle)
{
    uint8_t hash[LIMIT_USER_HASH], sid[LIMIT_SID];
    struct user_values values;
    uint32_t status;

    read_values(c, &values, hash, sid);
    if (soap_has(c->request, SOAP_DIGEST_PASSWORD) && !values.hash)
        status = PT_STATUS_INVALID_PASSWORD;
    else if (!realms_cover(c->view->realms, values.realms & REALMS_KNOWN))
        status = PT_STATUS_NOT_PERMITTED;
    else
        status = store_change(c, change, &values, handle);
    wipe(hash, sizeof(hash)); /* as good as the password */
    return status;
}

static uint32_t add_entry(struct operation_call *c)
{
    uint32_t handle, status = set_entry(c, ADD, &handle);

    if (status == PT_STATUS_SUCCESS)
        number(c, "Handle", handle);
    return status;
}

static uint32_t update_entry(struct operation_call *c)
{
    uint32_t handle, status = find_changeable(c, &handle);

    return status == PT_STATUS_SUCCESS ? set_entry(c, UPDATE, &handle) : status;
}

static uint32_t remove_entry(struct operation_call *c)
{
    uint32_t handle, status = find_changeable(c, &handle);

    return status == PT_STATUS_SUCCESS ? store_change(c, REMOVE, NULL, &handle) : status;
}

static uint32_t set_enabled(struct operation_call *c)
{
    uint32_t handle, status = find_changeable(c, &handle);
    bool enabled;

    if (status != PT_STATUS_SUCCESS)
        return status;
    if (!soap_flag(c->request, SOAP_ENABLED, &enabled))
        return PT_STATUS_INVALID_PARAMETER;
    return store_change(c, enabled ? ENABLE : DISABLE, NULL, &handle);
}

/* --- reading --- */

/* Writes the handles from the first'th entry on, or none and only counts. */
static uint32_t list_handles(struct operation_call *c, uint32_t first)
{
    uint32_t count = 0;

    for (uint32_t handle = 1; handle <= USERS_HANDLES; handle++)
        if (users_find(users_of(c), handle) && ++count >= first)
            number(c, "Handles", handle);
    return count;
}

/* StartIndex counts from 1; all that follow are in the reply (LMS-cim). */
static uint32_t enumerate_entries(struct operation_call *c)
{
    uint32_t first, total = list_handles(c, UINT32_MAX);

    if (!soap_number(c->request, SOAP_START_INDEX, &first) || first == 0 || first > total)
        return PT_STATUS_INVALID_INDEX;
    number(c, "TotalCount", total);
    number(c, "HandlesCount", total - first + 1u);
    list_handles(c, first);
    return PT_STATUS_SUCCESS;
}

static void write_realms(struct operation_call *c, uint32_t realms)
{
    for (uint32_t realm = 0; realm < REALM_END; realm++)
        if (realms >> realm & 1u)
            number(c, "Realms", realm);
}

static void write_sid(struct operation_call *c, const struct user *user)
{
    out_start_tag(c->out, c->prefix, "KerberosUserSid");
    out_base64(c->out, user->sid, user_sid_len(user));
    out_end_tag(c->out, c->prefix, "KerberosUserSid");
}

/* Everything but the hash. */
static uint32_t get_entry(struct operation_call *c)
{
    uint32_t handle;
    const struct user *user = find(c, &handle);
    char name[LIMIT_USER_NAME + 1];

    if (!user)
        return PT_STATUS_INVALID_HANDLE;
    if (users_is_digest(handle)) {
        text_fill(name, sizeof(name), user->name, LIMIT_USER_NAME);
        text(c, "DigestUsername", name);
    } else {
        write_sid(c, user);
    }
    number(c, "AccessPermission", user_access(user));
    write_realms(c, user_realms(user));
    return PT_STATUS_SUCCESS;
}

static uint32_t get_enabled(struct operation_call *c)
{
    uint32_t handle;
    const struct user *user = find(c, &handle);

    if (!user)
        return PT_STATUS_INVALID_HANDLE;
    flag(c, "Enabled", user->flags & USER_ENABLED);
    return PT_STATUS_SUCCESS;
}

static uint32_t get_admin(struct operation_call *c)
{
    text(c, "Username", admin_name(c));
    return PT_STATUS_SUCCESS;
}

/* Whether nobody has changed the MEBx password ... */
static uint32_t get_admin_status(struct operation_call *c)
{
    flag(c, "IsDefault", c->view->settings->secret.password_default);
    return PT_STATUS_SUCCESS;
}

/* ... and whether that password is still the network's, too (meaning: assumed). */
static uint32_t get_network_admin_status(struct operation_call *c)
{
    const struct settings *s = c->view->settings;

    flag(c, "IsDefault", s->secret.password_default && !settings_has_admin(s));
    return PT_STATUS_SUCCESS;
}

/* The older methods of EOI know the same entries; in WS-Man there are only the later ones. */
static const struct operation operations[] = {
    {"AddUserAclEntryEx", EOI_SECURITY_ADMINISTRATION, ACT_SET_USERS, CLASS, add_entry,
     OPERATION_CHANGES},
    {"AddUserAclEntry", EOI_SECURITY_ADMINISTRATION, ACT_SET_USERS, NULL, add_entry,
     OPERATION_CHANGES},
    {"UpdateUserAclEntryEx", EOI_SECURITY_ADMINISTRATION, ACT_SET_USERS, CLASS, update_entry,
     OPERATION_CHANGES},
    {"UpdateUserAclEntry", EOI_SECURITY_ADMINISTRATION, ACT_SET_USERS, NULL, update_entry,
     OPERATION_CHANGES},
    {"RemoveUserAclEntry", EOI_SECURITY_ADMINISTRATION, ACT_SET_USERS, CLASS, remove_entry,
     OPERATION_CHANGES},
    {"SetAclEnabledState", EOI_SECURITY_ADMINISTRATION, ACT_SET_USERS, CLASS, set_enabled,
     OPERATION_CHANGES},
    {"EnumerateUserAclEntries", EOI_SECURITY_ADMINISTRATION, ACT_READ_USERS, CLASS,
     enumerate_entries, OPERATION_READS},
    {"GetUserAclEntryEx", EOI_SECURITY_ADMINISTRATION, ACT_READ_USERS, CLASS, get_entry,
     OPERATION_READS},
    {"GetUserAclEntry", EOI_SECURITY_ADMINISTRATION, ACT_READ_USERS, NULL, get_entry,
     OPERATION_READS},
    {"GetAclEnabledState", EOI_SECURITY_ADMINISTRATION, ACT_READ_USERS, CLASS, get_enabled,
     OPERATION_READS},
    {"GetAdminAclEntry", EOI_SECURITY_ADMINISTRATION, ACT_READ_USERS, CLASS, get_admin,
     OPERATION_READS},
    {"GetAdminAclEntryStatus", EOI_SECURITY_ADMINISTRATION, ACT_READ_USERS, CLASS, get_admin_status,
     OPERATION_READS},
    {"GetAdminNetAclEntryStatus", EOI_SECURITY_ADMINISTRATION, ACT_READ_USERS, CLASS,
     get_network_admin_status, OPERATION_READS},
};

const struct operations operation_users = {operations, sizeof(operations) / sizeof(operations[0])};
#endif
