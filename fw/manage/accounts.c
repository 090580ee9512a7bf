// SPDX-License-Identifier: BSD-3-Clause
#include "fw/manage/accounts.h"

#include <string.h>

#include "fw/core/realms.h"
#include "fw/core/setup.h"

#define EVERYTHING REALM_BIT(REALM_ADMINISTRATION)

#if FW_MACHINE
static uint8_t list_users(const struct users *users, struct digest_account out[LIMIT_USERS])
{
    uint8_t n = 0;

    for (int i = 0; i < LIMIT_USERS; i++) {
        const struct user *u = &users->entry[i];

        if (user_is_there(u))
            out[n++] = (struct digest_account){.user = u->name,
                                               .hash = u->hash,
                                               .realms = user_realms(u),
                                               .off = !user_is_let_in(u)};
    }
    return n;
}
#endif

uint8_t accounts_list(const struct settings *s, enum admission admission, uint8_t state,
                      struct digest_account out[ACCOUNTS])
{
    uint8_t allowed = access_accounts(admission, state, settings_has_admin(s)), n = 0;

    if (allowed & ACCOUNT_ADMIN)
        out[n++] = (struct digest_account){
            .user = s->secret.admin_user, .ha1 = s->secret.admin_digest, .realms = EVERYTHING};
    if (allowed & ACCOUNT_MEBX)
        out[n++] = (struct digest_account){
            .user = DIGEST_USER, .password = s->secret.password, .realms = EVERYTHING};
    if (allowed & ACCOUNT_EMPTY)
        out[n++] =
            (struct digest_account){.user = DIGEST_USER, .password = "", .realms = EVERYTHING};
#if FW_MACHINE
    if (allowed && state == SETUP_PROVISIONED)
        n = (uint8_t)(n + list_users(&s->secret.users, out + n));
#endif
    return n;
}

#if FW_MACHINE
/* Of a user, whose digest the account points to. */
static uint8_t handle_of(const struct users *users, const struct digest_account *account)
{
    uint8_t handle = 0;

    for (uint8_t i = 0; i < LIMIT_USERS; i++)
        if (account->hash == users->entry[i].hash)
            handle = (uint8_t)(i + 1);
    return handle;
}

bool accounts_find(const struct settings *s, uint8_t state, const char *realm, const char *user,
                   size_t user_len, struct account_secret *out)
{
    struct digest_account account[ACCOUNTS];
    uint8_t n = accounts_list(s, ADMITTED_OPEN, state, account);

    memset(out->ha1, '0', DIGEST_HEX);
    out->ha1[DIGEST_HEX] = '\0';
    out->realms = 0;
    out->number = 0;
    for (uint8_t i = 0; i < n; i++) {
        if (account[i].off || !digest_is_user(&account[i], user, user_len))
            continue;
        digest_ha1(&account[i], realm, out->ha1);
        out->realms = account[i].realms;
        out->number = handle_of(&s->secret.users, &account[i]);
        return true;
    }
    return false;
}
#endif
