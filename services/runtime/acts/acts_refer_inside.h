/* services/runtime/acts/acts_refer_inside.h: what the files of acts_refer.c share. */
#ifndef SAIKNE_ACTS_REFER_INSIDE_H
#define SAIKNE_ACTS_REFER_INSIDE_H

#include "services/runtime/acts/acts_attach.h"
#include "services/runtime/acts/acts_ground.h"
#include "services/runtime/acts/acts_inside.h"

#define ACTS_REFER_MAX 32 /* recipients of one request */

/* A request, read and checked. */
struct opening {
	enum message type; /* of the message that opens each task */
	const struct task_sort *sort;
	const json_t *request;
	const struct actor *actor;
	struct refusal *refusal;
	struct acts_ground ground;
	json_t *notes; /* acts_law_notes() of it */
	bool corrects; /* OLD is superseded by the one task made */
	struct task_row old;
	const struct task_row *about; /* a disagreement: the task that it names; else NULL */
	uint64_t life_ms;
	const char *file_number;
	unsigned count;
	category_set covered[ACTS_REFER_MAX]; /* of what goes to all at once */
	/* Participants of the case that a custody statement cannot reach now, and why. */
	const struct party *missed[ACTS_REFER_MAX];
	enum status why[ACTS_REFER_MAX];
	unsigned missed_count;
	const struct party *to[ACTS_REFER_MAX];
	struct task_row tasks[ACTS_REFER_MAX];
	uint8_t messages[ACTS_REFER_MAX][SUITE_ID_LEN];
	bool joins; /* an existing case: FILE */
	struct case_row file;
	struct acts_attach_place place; /* once the case is there */
};

/*
 * Reads REQUEST, and opens its tasks by messages of TYPE, or says what would go. ABOUT is the
 * task that a disagreement is about; NULL.
 */
MUST_CHECK enum status acts_refer_open(struct service *service, const struct actor *actor,
    enum message type, const json_t *request, const struct task_row *about, bool preview,
    json_t **answer, struct refusal *refusal);

/* The offer with fresh seeds, without its task. */
MUST_CHECK enum status acts_refer_offer(
    struct service *service, struct opening *r, struct content *out);
/* OFFER's purpose; "" where it has none. */
void acts_refer_offer_purpose(
    const struct content *offer, char out[static MESSAGE_CODE_MAX + 1]);
/*
 * { "to", "kind", "goes", "stays" }: what of OFFER goes to TO now, whose ground covers COVERED;
 * what never does, and what only waits. NULL when memory ran out.
 */
json_t *acts_refer_offer_goes(struct service *service, const struct party *to,
    category_set covered, const struct content *offer);
/* The same of any message, in a task of PURPOSE. */
json_t *acts_refer_goes(struct service *service, const struct party *to, const char *purpose,
    category_set covered, const struct content *offer);
/* Whether R's ground lets the offer go to the I-th recipient; *COVERED may be NULL. */
MUST_CHECK enum status acts_refer_offer_check(
    struct service *service, const struct opening *r, unsigned i, category_set *covered);

/*
 * `participants` of a custody statement: every institution that shares a task of the case, besides
 * those that TO names. `all_holders`: it is about every parent; else it names whose custody it is.
 */
MUST_CHECK enum status acts_refer_custody_participants(
    struct service *service, struct opening *r);
MUST_CHECK enum status acts_refer_custody_check(
    const struct opening *r, const struct content *content);
/* Puts down whom it did not reach: they are told as soon as they can be. In the transaction. */
MUST_CHECK enum status acts_refer_custody_missed(
    struct service *service, const struct opening *r);

/*
 * What goes to all at once, to each what the ground covers for it: STATUS_OK where it covers
 * anything for anybody.
 */
MUST_CHECK enum status acts_refer_cover(struct service *service, struct opening *r);
/* Stores the case, the one task and its message to all in one transaction, and answers. */
MUST_CHECK enum status acts_refer_share(
    struct service *service, struct opening *r, json_t **answer);
/* { "to", "kind", "goes", "stays" } for each; NULL when memory ran out. */
json_t *acts_refer_share_goes(
    struct service *service, const struct opening *r, const struct content *offer);
/* Opens the case of R, or joins it: FILE, which the person knows from then on. */
MUST_CHECK enum status acts_refer_open_case(
    struct service *service, struct opening *r, struct case_key *key);

/* Stores the case, the tasks and their messages in one transaction, and answers. */
MUST_CHECK enum status acts_refer_send(
    struct service *service, struct opening *r, json_t **answer);

#endif
