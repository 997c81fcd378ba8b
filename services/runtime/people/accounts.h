/* services/runtime/people/accounts.h: what an administrator does with people and systems. */
#ifndef SAIKNE_ACCOUNTS_H
#define SAIKNE_ACCOUNTS_H

#include "services/runtime/people/credential.h"

#define ACCOUNTS_LOGIN_MAX    32
#define ACCOUNTS_CODE_TEXT    23 /* four groups of five, joined by "-" */
#define ACCOUNTS_CODE_MS      (72ULL * 3600 * 1000)
#define ACCOUNTS_PASSWORD_MIN 12 /* characters */

/* What a person chooses a password with, once; handed over by the administrator, shown once. */
struct accounts_code {
	char text[ACCOUNTS_CODE_TEXT + 1];
	uint64_t until_ms;
};

/*
 * Each is one transaction with its record. BY must be an administrator: the caller has looked.
 * Whoever loses a role, a password or the account loses every session with it.
 */

/* 2 to 32 of a-z, 0-9, ".", "_" and "-". */
bool accounts_is_login(const char *login);
/* STATUS_ID_CONFLICT: taken by an account, or by a unix user that [roles] names. */
MUST_CHECK enum status accounts_add(struct service *service, const struct actor *by,
    const char *login, enum role role, uint64_t *person, struct accounts_code *code);
/* STATUS_BAD_CONFIG, logged: a unix user that [roles] names has the name of another person. */
MUST_CHECK enum status accounts_check_roles(const struct service *service);
/*
 * STATUS_NOT_FOUND: no account (unix users are changed in the configuration, systems by their
 * tokens); STATUS_WRONG_STATE: nobody active would be left to administrate.
 */
MUST_CHECK enum status accounts_set_role(
    struct service *service, const struct actor *by, uint64_t person, enum role role);
MUST_CHECK enum status accounts_disable(
    struct service *service, const struct actor *by, uint64_t person);
/* Also ends a lock-out. */
MUST_CHECK enum status accounts_enable(
    struct service *service, const struct actor *by, uint64_t person);
/* The old password holds no more; a new code. */
MUST_CHECK enum status accounts_reset(struct service *service, const struct actor *by,
    uint64_t person, struct accounts_code *code);

/*
 * A token for the system NAME, which gets a row of its own the first time. STATUS_ID_CONFLICT:
 * it has one that holds. ROLE is not ROLE_ADMINISTRATOR: STATUS_ARGUMENT.
 */
MUST_CHECK enum status accounts_make_token(struct service *service, const struct actor *by,
    const char *name, enum role role, uint64_t until_ms,
    char text[static CREDENTIAL_TEXT_MAX + 1], uint64_t *n);
/* STATUS_NOT_FOUND; one that has ended already is fine. */
MUST_CHECK enum status accounts_revoke_token(
    struct service *service, const struct actor *by, uint64_t n);

/* ---- Passwords ---------------------------------------------------------------------------- */

/* Why PASSWORD is not taken, a message id; NULL: it is. */
const char *accounts_password_fault(const char *login, const char *password);
/* The stored form; "" when there is none. */
MUST_CHECK enum status accounts_password(
    const struct service *service, uint64_t person, char stored[static SUITE_PASSWORD_STORED]);
/* In the open transaction: the password is STORED, the code is used up, sessions end. */
MUST_CHECK enum status accounts_take_password(
    struct service *service, uint64_t person, const char stored[static SUITE_PASSWORD_STORED]);
/* Whether CODE is the person's and not too old; dashes and case do not matter. */
bool accounts_code_fits(const struct service *service, uint64_t person, const char *code);

#endif
