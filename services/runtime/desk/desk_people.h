/* services/runtime/desk/desk_people.h: sign-in, sessions, people and tokens over HTTP. */
#ifndef SAIKNE_DESK_PEOPLE_H
#define SAIKNE_DESK_PEOPLE_H

#include "services/runtime/desk/desk_ask.h"

#define DESK_PEOPLE(name)                                                                      \
	enum status name(struct desk_ask *ask, json_t **answer, struct refusal *refusal)

/*
 * POST /v1/session { "login", "password" }: 201 { "token", "expires", "person", "user", "role",
 * "failed": attempts before, "failed_since": time or null }. Answered later: *ANSWER stays NULL.
 */
DESK_PEOPLE(desk_people_sign_in);
/* POST /v1/enrol { "login", "code", "password" }: the same, and the password is chosen. */
DESK_PEOPLE(desk_people_enrol);
/* POST /v1/password { "password", "new_password" }: the same; all older sessions end. */
DESK_PEOPLE(desk_people_password);
/* The rest: acts_people.h. */
DESK_PEOPLE(desk_people_self);
DESK_PEOPLE(desk_people_sign_out);
DESK_PEOPLE(desk_people_list);
DESK_PEOPLE(desk_people_add);
DESK_PEOPLE(desk_people_change);
DESK_PEOPLE(desk_people_tokens);
DESK_PEOPLE(desk_people_make_token);
DESK_PEOPLE(desk_people_revoke_token);

#endif
