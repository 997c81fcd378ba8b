/* services/runtime/acts/acts_ground.h: what a request rests on, in a person's words: a record, law, consent. */
#ifndef SAIKNE_ACTS_GROUND_H
#define SAIKNE_ACTS_GROUND_H

#include "services/runtime/acts/acts.h"
#include "services/runtime/exchange/grounds.h"
#include "services/runtime/store/case_store.h"

/*
 * The words of a ground, beside a request's others (openapi.json, GroundWords):
 *
 *   basis         "consent" | "law"; may be absent beside record
 *   record        a record of the request's own case; or one is made, in the same transaction:
 *   law           ground (code of legal-bases), necessity; provision (default: the list's
 *                 source), family_told (code; default: later), family_text, decided_by (default:
 *                 who acts), categories (default: what the recipients' profiles let them have),
 *                 ground_until
 *   consent       consent { what POST /v1/cases/{case}/consents takes of it; of `purposes` and
 *                 `child` the request's own when absent, of `notice` the common one }
 */
extern const char *const acts_ground_words[]; /* NULL ends them */
MUST_CHECK bool acts_ground_is_word(const char *name);

struct acts_ground {
	struct ground_row row; /* n 0: made with the message, by acts_ground_open() */
	enum consent_state state;
	struct ground_terms terms;
	json_t *body;
};

/* What it is to be a ground for. */
struct acts_ground_use {
	uint64_t case_n; /* 0: none yet */
	const char *purpose;
	const struct party *const *to;
	unsigned count;
};

/*
 * Reads the words of REQUEST: STATUS_NO_BASIS, STATUS_NO_CONSENT, STATUS_NO_NECESSITY,
 * STATUS_ARGUMENT, each with the word that is missing or wrong; STATUS_NOT_FOUND for a record
 * that is not of the case. Nothing is stored. Free OUT in any case.
 */
MUST_CHECK enum status acts_ground_read(struct service *service, const struct actor *actor,
    const json_t *request, const struct acts_ground_use *use, struct acts_ground *out,
    struct refusal *refusal);
void acts_ground_free(struct acts_ground *ground);
/* REQUEST's consent as a record's body, held to all that a consent of a family is held to. */
MUST_CHECK enum status acts_ground_consent(struct service *service, const json_t *request,
    const struct acts_ground_use *use, json_t **body, struct refusal *refusal);
/*
 * What a decision by law says besides its scope, as a new body of a record: texts and codes are
 * checked, what need not be said is there, and "unconfirmed" where the institution has not
 * confirmed the provision. A decision NOT to share (SHARES false) needs no ground and no
 * necessity. *BODY may be set in any case.
 */
MUST_CHECK enum status acts_ground_law(struct service *service, const struct actor *actor,
    const json_t *request, bool shares, json_t **body, struct refusal *refusal);
/* grounds_allow() with a sentence; *ALLOWED may be NULL. */
MUST_CHECK enum status acts_ground_check(struct service *service,
    const struct acts_ground *ground, const struct party *to, const char *purpose,
    category_set *allowed, struct refusal *refusal);
/* The record is made, where it is new, as ACTOR's; in the open transaction. */
MUST_CHECK enum status acts_ground_open(struct service *service, const struct actor *actor,
    struct departure *departure, const struct case_key *key, uint64_t case_n,
    struct acts_ground *ground);
/* TASK rests on it from now on. In the open transaction. */
MUST_CHECK enum status acts_ground_cite(
    struct service *service, const struct acts_ground *ground, struct task_row *task);
/*
 * What the ground of TASK, which a message of TYPE by us cites, lets it show: CATEGORY_ALL where
 * it cites none of ours.
 */
MUST_CHECK enum status acts_ground_of_task(struct service *service, const struct task_row *task,
    enum message type, category_set *allowed, struct refusal *refusal);

#endif
