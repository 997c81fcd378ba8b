/* services/runtime/people/credential.h: what somebody shows at each request: a session or a token. */
#ifndef SAIKNE_CREDENTIAL_H
#define SAIKNE_CREDENTIAL_H

#include "services/runtime/people/people.h"
#include "services/runtime/store/credential_store.h"

#define CREDENTIAL_TEXT_MAX     68 /* "ses_" or "tok_" and 64 hexadecimal digits */
#define CREDENTIAL_IDLE_MS      (30ULL * 60 * 1000)
#define CREDENTIAL_SESSION_MS   (12ULL * 3600 * 1000)
#define CREDENTIAL_SESSIONS_MAX 5
#define CREDENTIAL_DAYS_MAX     365

struct credential {
	uint8_t hash[SUITE_HASH_LEN];
	enum credential_kind kind;
	uint64_t until_ms; /* the end of its time; a session that idles ends earlier */
	struct actor actor;
};

/*
 * Whose TEXT is, now. STATUS_NOT_SIGNED_IN: unknown, over, ended, or of who is disabled. Notes the
 * use once a minute, committed before this returns: no transaction may be open.
 */
MUST_CHECK enum status credential_of(
    struct service *service, const char *text, struct credential *out);
/* Whether it would still be taken; notes nothing. */
bool credential_holds(const struct service *service, const uint8_t hash[static SUITE_HASH_LEN]);

/* ---- In the open transaction -------------------------------------------------------------- */

/* A new session of PERSON, the sixth in place of the one used longest ago; TEXT is shown once. */
MUST_CHECK enum status credential_begin(struct service *service, uint64_t person,
    char text[static CREDENTIAL_TEXT_MAX + 1], uint64_t *until_ms);
/* A new token of a system; N names it from then on. */
MUST_CHECK enum status credential_make(struct service *service, uint64_t person,
    uint64_t made_by, uint64_t until_ms, char text[static CREDENTIAL_TEXT_MAX + 1],
    uint64_t *n);
/* The session ends; another's or none is fine. */
MUST_CHECK enum status credential_end(
    struct service *service, const uint8_t hash[static SUITE_HASH_LEN]);

#endif
