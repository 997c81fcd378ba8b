/* services/runtime/people/sign_in.c: a person proves who they are by a password, and gets a session. */
#include "services/runtime/people/sign_in.h"

#include "services/runtime/people/access.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/host/oplog.h"
#include "services/runtime/people/lockout.h"

struct attempt {
	uint64_t id; /* 0: the place is free */
	enum sign_in_what what;
	uint64_t person; /* 0: there is none */
	char source[LOCKOUT_SOURCE_MAX];
	bool shared;
	char stored[SUITE_PASSWORD_STORED]; /* what is checked against */
	struct sign_in_waiter waiter;       /* DONE NULL: gone away */
};

struct sign_in {
	struct service *service;
	struct hasher *hasher;
	struct lockout lockout;
	uint64_t ids;
	struct attempt attempts[HASHER_PLACES];
};

enum status
sign_in_open(struct service *service, const struct suite_cost *cost, struct sign_in **out)
{
	struct sign_in *sign_in = calloc(1, sizeof(*sign_in));
	enum status rc;

	if (sign_in == NULL)
		return STATUS_NO_MEMORY;
	sign_in->service = service;
	if ((rc = hasher_open(cost, &sign_in->hasher)) != STATUS_OK) {
		free(sign_in);
		return rc;
	}
	*out = sign_in;
	return STATUS_OK;
}

void
sign_in_close(struct sign_in *sign_in)
{
	if (sign_in == NULL)
		return;
	hasher_close(sign_in->hasher);
	suite_wipe(sign_in, sizeof(*sign_in));
	free(sign_in);
}

int
sign_in_fd(const struct sign_in *sign_in)
{
	return hasher_fd(sign_in->hasher);
}

/* ---- Beginning --------------------------------------------------------------------------- */

/* A place for one more of SOURCE; NULL when too many wait. */
static struct attempt *
free_place(struct sign_in *sign_in, const struct sign_in_ask *ask)
{
	unsigned most = ask->shared ? SIGN_IN_WAITING_MAX_SHARED : SIGN_IN_WAITING_MAX;
	struct attempt *place = NULL;
	unsigned waiting = 0;

	for (unsigned i = 0; i < HASHER_PLACES; i++) {
		struct attempt *one = &sign_in->attempts[i];

		if (one->id == 0)
			place = one;
		else
			waiting += strcmp(one->source, ask->source) == 0;
	}
	return waiting < most ? place : NULL;
}

/* Whose password it would be. Somebody unknown is no failure: that would tell. */
static enum status
find_person(struct sign_in *sign_in, const struct sign_in_ask *ask, struct attempt *attempt)
{
	struct person_row row = {0};
	enum status rc;

	if (ask->what == SIGN_IN_CHANGE)
		rc = people_store_get(sign_in->service->db, ask->actor->person, &row);
	else
		rc = people_find(sign_in->service, PERSON_LOGIN, ask->login, &row);
	if (rc == STATUS_OK && row.kind == PERSON_LOGIN) {
		attempt->person = row.n;
		rc = accounts_password(sign_in->service, row.n, attempt->stored);
	}
	if (rc == STATUS_NOT_FOUND)
		rc = STATUS_OK;
	if (rc == STATUS_OK && ask->what == SIGN_IN_CHANGE && attempt->stored[0] == '\0')
		rc = STATUS_WRONG_STATE;
	return rc;
}

static void
fail_source(struct sign_in *sign_in, const struct attempt *attempt)
{
	if (lockout_fail(&sign_in->lockout, attempt->source,
		attempt->shared ? SIGN_IN_FREE_SHARED : LOCKOUT_FREE, sign_in->service->now_ms))
		oplog(OPLOG_WARNING, "desk: %s failed to sign in too often and has to wait",
		    attempt->source);
}

/* The code has a hundred random bits: no slow hash has to guard it, nor the same time. */
static enum status
check_code(struct sign_in *sign_in, const struct sign_in_ask *ask, struct attempt *attempt)
{
	struct person_row row;

	if (attempt->person != 0 &&
	    people_store_get(sign_in->service->db, attempt->person, &row) == STATUS_OK &&
	    row.active && accounts_code_fits(sign_in->service, attempt->person, ask->code))
		return STATUS_OK;
	fail_source(sign_in, attempt);
	return STATUS_BAD_SIGN_IN;
}

static enum status
give(struct sign_in *sign_in, const struct sign_in_ask *ask, const struct attempt *attempt)
{
	static const enum hasher_what whats[] = {
	    [SIGN_IN_SESSION] = HASHER_CHECK,
	    [SIGN_IN_ENROL] = HASHER_MAKE,
	    [SIGN_IN_CHANGE] = HASHER_CHANGE,
	};
	struct hasher_job job = {.id = attempt->id, .what = whats[ask->what]};
	enum status rc;

	memcpy(job.stored, attempt->stored, sizeof(job.stored));
	/* What is longer than any password is wrong, and takes as long. */
	if (ask->password != NULL &&
	    !bytes_to_text(bytes_of_text(ask->password), job.password, sizeof(job.password)))
		job.stored[0] = '\0';
	if (ask->fresh != NULL)
		snprintf(job.fresh, sizeof(job.fresh), "%s", ask->fresh);
	rc = hasher_give(sign_in->hasher, &job);
	suite_wipe(&job, sizeof(job));
	return rc;
}

static enum status
may_begin(
    struct sign_in *sign_in, const struct sign_in_ask *ask, struct sign_in_refusal *refusal)
{
	const char *login = ask->what == SIGN_IN_CHANGE ? ask->actor->user : ask->login;

	refusal->wait_ms =
	    lockout_wait_ms(&sign_in->lockout, ask->source, sign_in->service->now_ms);
	if (refusal->wait_ms > 0)
		return STATUS_RATE_LIMITED;
	if (ask->what != SIGN_IN_SESSION) {
		refusal->fault = accounts_password_fault(login, ask->fresh);
		if (refusal->fault != NULL)
			return STATUS_ARGUMENT;
	}
	return STATUS_OK;
}

enum status
sign_in_begin(struct sign_in *sign_in, const struct sign_in_ask *ask,
    const struct sign_in_waiter *waiter, struct sign_in_refusal *refusal)
{
	struct attempt attempt = {.what = ask->what, .shared = ask->shared, .waiter = *waiter},
		       *place;
	enum status rc;

	*refusal = (struct sign_in_refusal){0};
	service_tick(sign_in->service);
	snprintf(attempt.source, sizeof(attempt.source), "%s", ask->source);
	if ((rc = may_begin(sign_in, ask, refusal)) != STATUS_OK)
		return rc;
	if ((place = free_place(sign_in, ask)) == NULL) {
		refusal->wait_ms = 1000;
		return STATUS_RATE_LIMITED;
	}
	if ((rc = find_person(sign_in, ask, &attempt)) != STATUS_OK)
		return rc;
	if (ask->what == SIGN_IN_ENROL &&
	    (rc = check_code(sign_in, ask, &attempt)) != STATUS_OK)
		return rc;
	attempt.id = ++sign_in->ids;
	if ((rc = give(sign_in, ask, &attempt)) == STATUS_OK)
		*place = attempt;
	suite_wipe(&attempt, sizeof(attempt));
	return rc;
}

void
sign_in_forget(struct sign_in *sign_in, const void *state)
{
	for (unsigned i = 0; i < HASHER_PLACES; i++)
		if (sign_in->attempts[i].waiter.state == state)
			sign_in->attempts[i].waiter = (struct sign_in_waiter){0};
}

/* ---- Answering --------------------------------------------------------------------------- */

static enum status
note_failure(struct sign_in *sign_in, struct person_row *row)
{
	struct service *service = sign_in->service;
	const struct actor nobody = {.person = row->n, .role = service_role_named(row->role)};
	uint64_t delay;
	enum status rc = service_begin(service);

	if (rc != STATUS_OK)
		return rc;
	if (row->failures++ == 0)
		row->failed_since_ms = service->now_ms;
	delay = lockout_delay_ms(row->failures);
	row->locked_until_ms = delay > 0 ? service->now_ms + delay : 0;
	rc = people_store_set(service->db, row);
	if (rc == STATUS_OK && delay > 0)
		rc = access_record_about(service, &nobody, row->n, "sign_in_locked");
	return service_end(service, rc, "sign_in");
}

static enum status
let_in(struct service *service, const struct attempt *attempt, struct person_row *row,
    const struct hasher_result *result, struct sign_in_answer *answer)
{
	enum status rc = service_begin(service);

	if (rc != STATUS_OK)
		return rc;
	answer->failures = row->failures;
	answer->failed_since_ms = row->failed_since_ms;
	row->failures = row->failed_since_ms = row->locked_until_ms = 0;
	rc = people_store_set(service->db, row);
	if (rc == STATUS_OK && attempt->what != SIGN_IN_SESSION)
		rc = accounts_take_password(service, row->n, result->made);
	if (rc == STATUS_OK)
		rc = credential_begin(service, row->n, answer->token, &answer->until_ms);
	if (rc == STATUS_OK && attempt->what != SIGN_IN_SESSION)
		rc = access_record_about(service, &answer->actor, row->n, "password_set");
	if (rc == STATUS_OK)
		rc = access_record_about(service, &answer->actor, row->n, "signed_in");
	return service_end(service, rc, "sign_in");
}

/* Whether what was checked still stands: a reset in between makes it another account. */
static enum status
stands(struct service *service, const struct attempt *attempt, const struct person_row *row,
    bool *out)
{
	char stored[SUITE_PASSWORD_STORED];
	enum status rc = accounts_password(service, row->n, stored);

	*out = row->active && strcmp(stored, attempt->stored) == 0;
	/* Of two that enrol by one code the first has it. */
	if (rc == STATUS_OK && *out && attempt->what == SIGN_IN_ENROL) {
		struct buffer code = {0};
		uint64_t until_ms = 0;

		rc = people_store_code(service->db, row->n, &code, &until_ms);
		*out = service->now_ms < until_ms;
		buffer_free(&code);
	}
	return rc;
}

static enum status
judge(struct sign_in *sign_in, const struct attempt *attempt,
    const struct hasher_result *result, struct sign_in_answer *answer)
{
	struct service *service = sign_in->service;
	struct person_row row = {0};
	bool same, locked, fits;
	enum status rc;

	if (result->rc != STATUS_OK)
		return result->rc;
	if (attempt->person == 0)
		return STATUS_BAD_SIGN_IN;
	if ((rc = people_store_get(service->db, attempt->person, &row)) != STATUS_OK ||
	    (rc = stands(service, attempt, &row, &same)) != STATUS_OK)
		return rc;
	fits = attempt->what == SIGN_IN_ENROL || result->fits;
	locked = service->now_ms < row.locked_until_ms && attempt->what != SIGN_IN_ENROL;
	/* What comes during a delay neither lets in nor makes it longer. */
	if (!same || locked)
		return STATUS_BAD_SIGN_IN;
	if (!fits)
		return (rc = note_failure(sign_in, &row)) == STATUS_OK ? STATUS_BAD_SIGN_IN
		                                                       : rc;
	answer->actor.person = row.n;
	answer->actor.role = service_role_named(row.role);
	if ((rc = people_name(service, row.n, answer->actor.user)) != STATUS_OK)
		return rc;
	return let_in(service, attempt, &row, result, answer);
}

static void
finish(struct sign_in *sign_in, struct attempt *attempt, const struct hasher_result *result)
{
	struct sign_in_answer answer = {0};
	struct sign_in_waiter waiter = attempt->waiter;

	service_tick(sign_in->service);
	answer.status = judge(sign_in, attempt, result, &answer);
	if (answer.status == STATUS_BAD_SIGN_IN)
		fail_source(sign_in, attempt);
	suite_wipe(attempt, sizeof(*attempt));
	if (waiter.done != NULL)
		waiter.done(waiter.state, &answer);
	suite_wipe(&answer, sizeof(answer));
}

void
sign_in_run(struct sign_in *sign_in)
{
	struct hasher_result result;

	while (hasher_take(sign_in->hasher, &result)) {
		for (unsigned i = 0; i < HASHER_PLACES; i++)
			if (sign_in->attempts[i].id == result.id) {
				finish(sign_in, &sign_in->attempts[i], &result);
				break;
			}
		suite_wipe(&result, sizeof(result));
	}
}
