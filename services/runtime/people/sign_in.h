/* services/runtime/people/sign_in.h: a person proves who they are by a password, and gets a session. */
#ifndef SAIKNE_SIGN_IN_H
#define SAIKNE_SIGN_IN_H

#include "services/runtime/people/accounts.h"
#include "services/runtime/people/hasher.h"

#define SIGN_IN_WAITING_MAX        3 /* of one source at once */
#define SIGN_IN_WAITING_MAX_SHARED 8
#define SIGN_IN_FREE_SHARED        50 /* failures without a delay where a house shares a source */

/*
 * Invariants:
 * 1. An unknown login, a wrong password, a disabled and a locked account take the same time and
 *    get the same STATUS_BAD_SIGN_IN.
 * 2. No answer before the commit of its failure or session.
 * 3. Whether a password fits is judged by the row as it is when the answer comes: what was
 *    locked, disabled or reset meanwhile does not let in.
 */
struct sign_in;

enum sign_in_what {
	SIGN_IN_SESSION, /* login and password */
	SIGN_IN_ENROL,   /* login, the administrator's code, and a password chosen */
	SIGN_IN_CHANGE,  /* a signed-in person: the password, and another chosen */
};

struct sign_in_ask {
	enum sign_in_what what;
	const char *source; /* "uid:1000", or a word for the address */
	bool shared;        /* by more than one person */
	const char *login, *code, *password, *fresh;
	const struct actor *actor; /* of SIGN_IN_CHANGE */
};

struct sign_in_answer {
	enum status status; /* STATUS_OK, STATUS_BAD_SIGN_IN, or ours */
	struct actor actor;
	char token[CREDENTIAL_TEXT_MAX + 1];
	uint64_t until_ms;
	uint64_t failures, failed_since_ms; /* before this good one */
};

struct sign_in_waiter {
	void (*done)(void *state, const struct sign_in_answer *answer);
	void *state;
};

/* Why nothing was begun. */
struct sign_in_refusal {
	uint64_t wait_ms;  /* STATUS_RATE_LIMITED */
	const char *fault; /* STATUS_ARGUMENT: a message id */
};

MUST_CHECK enum status sign_in_open(
    struct service *service, const struct suite_cost *cost, struct sign_in **out);
/* Nobody is called any more. NULL is fine. */
void sign_in_close(struct sign_in *sign_in);
/* Readable when sign_in_run() has something to do. */
int sign_in_fd(const struct sign_in *sign_in);
void sign_in_run(struct sign_in *sign_in);

/*
 * STATUS_OK: WAITER is called once, from sign_in_run(). Otherwise never: STATUS_RATE_LIMITED (the
 * source failed too often, or too many wait), STATUS_BAD_SIGN_IN (the code), STATUS_ARGUMENT (a
 * password that is not taken), STATUS_WRONG_STATE (SIGN_IN_CHANGE by who has no password here).
 */
MUST_CHECK enum status sign_in_begin(struct sign_in *sign_in, const struct sign_in_ask *ask,
    const struct sign_in_waiter *waiter, struct sign_in_refusal *refusal);
/* Who waits with STATE has gone away; the attempt counts all the same. */
void sign_in_forget(struct sign_in *sign_in, const void *state);

#endif
