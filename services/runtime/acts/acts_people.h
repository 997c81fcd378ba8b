/* services/runtime/acts/acts_people.h: who the desk's people and systems are, and who changes that. */
#ifndef SAIKNE_ACTS_PEOPLE_H
#define SAIKNE_ACTS_PEOPLE_H

#include "services/runtime/acts/acts.h"
#include "services/runtime/people/credential.h"

/*
 * GET /v1/session: { "person", "user", "role", "system", "by": "session" | "token" | "unix",
 * "expires": time or null }. CREDENTIAL is NULL for a unix user.
 */
enum status acts_people_self(struct service *service, const struct actor *actor,
    const struct credential *credential, json_t **answer, struct refusal *refusal);
/* DELETE /v1/session: the session that asks ends. { "ended": true } */
enum status acts_people_sign_out(struct service *service, const struct actor *actor,
    const struct credential *credential, json_t **answer, struct refusal *refusal);

/*
 * GET /v1/people?after=N&limit=N: { "items": [{ "person", "kind": "unix" | "login" | "system", "name",
 * "role", "active" }], "next": N or null }; to administrators and auditors also "enrolled",
 * "code_until", "failures", "failed_since", "locked_until", "sessions", "created", "disabled".
 */
enum status acts_people_list(struct service *service, const struct actor *actor,
    const char *after, unsigned limit, json_t **answer, struct refusal *refusal);
/* POST /v1/people { "login", "role" }: { "person", "login", "code", "code_until" } */
enum status acts_people_add(struct service *service, const struct actor *actor,
    const json_t *request, json_t **answer, struct refusal *refusal);
/*
 * POST /v1/people/{person}/{verb}: role { "role" }, disable {}, enable {}, reset {}.
 * { "person", "active", "role" } and after a reset "code" and "code_until".
 */
enum status acts_people_change(struct service *service, const struct actor *actor,
    const char *person, const char *verb, const json_t *request, json_t **answer,
    struct refusal *refusal);

/* GET /v1/tokens: { "items": [{ "token": N, "name", "role", "made_by", "created", "expires",
 * "used", "revoked", "holds" }] }, the newest first. */
enum status acts_people_tokens(struct service *service, const struct actor *actor,
    json_t **answer, struct refusal *refusal);
/* POST /v1/tokens { "name", "role", "expires_days" }: { "token": N, "secret", "expires" } */
enum status acts_people_make_token(struct service *service, const struct actor *actor,
    const json_t *request, json_t **answer, struct refusal *refusal);
/* POST /v1/tokens/{token}/revoke {}: { "token": N, "holds": false } */
enum status acts_people_revoke_token(struct service *service, const struct actor *actor,
    const char *token, const json_t *request, json_t **answer, struct refusal *refusal);

#endif
