/* services/runtime/acts/acts_sitting_inside.h: what the files around acts_sitting.h share. */
#ifndef SAIKNE_ACTS_SITTING_INSIDE_H
#define SAIKNE_ACTS_SITTING_INSIDE_H

#include "services/runtime/acts/acts_inside.h"
#include "services/runtime/acts/acts_sitting.h"
#include "services/runtime/exchange/circles.h"
#include "services/runtime/exchange/sittings.h"

/* The sitting that a person names and may know; another sort of task is STATUS_NOT_FOUND. */
MUST_CHECK enum status acts_sitting_find(struct service *service, const struct actor *actor,
    enum acts_need need, const char *id, const char *sort, struct task_row *out,
    struct refusal *refusal);
/*
 * The id that REQUEST has under NAME: NULL where it has none, null or an empty text;
 * STATUS_ARGUMENT where that is no id.
 */
MUST_CHECK enum status acts_sitting_id(
    const json_t *request, const char *name, const char **out, struct refusal *refusal);
/*
 * The circle of TASK, a sitting's or a matter's, with the fold of its sitting: *OUT borrows from
 * the service until anything is written.
 */
MUST_CHECK enum status acts_sitting_load(struct service *service, const struct task_row *task,
    const struct circles **out, struct refusal *refusal);

/* The text of FIELD, a code or a date of acts; "" where it has none. */
const char *acts_sitting_text(
    const struct content *content, enum field field, char *out, size_t size);
/* The content of the last message of TYPE in TASK that has effect; STATUS_NOT_FOUND: none. */
MUST_CHECK enum status acts_sitting_last(struct service *service, const struct case_key *key,
    const struct case_history *history, enum message type, struct event_row *row,
    struct content *content);

/* The last minutes circulated of the matter TASK; NULL: none yet. */
const struct sitting_matter *acts_sitting_matter(
    const struct circles *circles, const struct task_row *task);

/* ---- One signature under several minutes --------------------------------------------------- */

struct acts_signing {
	struct minutes_entry entries[MINUTES_MAX];
	struct {
		uint64_t case_n, task_n;
	} cases[MINUTES_MAX]; /* of each */
	unsigned count;
	struct {
		uint8_t matter[SUITE_ID_LEN];
		const char *why;
	} left_out[SITTING_MATTERS_MAX];
	unsigned left_out_count, hidden; /* of cases that this person may not act on */
};
/*
 * Why SELF is not asked to sign MATTER: "no_minutes", "circulated" by itself, "signed", "dissented"
 * from these or from earlier ones, "final", "dropped"; NULL: it is.
 */
const char *acts_sitting_sign_why(const struct sitting_matter *matter, const char *self);
/*
 * Whether of the last minutes of MATTER, whose task is TASK, only the acts are here: such are signed
 * by name alone, for a root says nothing to who has not read what it is over. STATUS_ERASED.
 */
MUST_CHECK enum status acts_sitting_unread(struct service *service, const struct task_row *task,
    const struct sitting_matter *matter, bool *out);
/*
 * What a CONTENT of type conference_sign on FRAME signs, of any other nothing: "matters" of REQUEST,
 * [{ "matter", "minutes": those that were read }], or all that wait for this institution.
 */
MUST_CHECK enum status acts_sitting_sign_fill(struct service *service,
    const struct actor *actor, const struct task_row *frame, const json_t *request,
    struct content *content, struct acts_signing *out, struct refusal *refusal);
/* In the open transaction: each of them is an act on a case of its own. */
MUST_CHECK enum status acts_sitting_sign_record(
    struct service *service, const struct actor *actor, const struct acts_signing *signing);
/* Adds { "signed": [{ "matter", "minutes" }], "left_out": [{ "matter", "why" }], "hidden" }. */
MUST_CHECK bool acts_sitting_sign_answer(const struct acts_signing *signing, json_t *said);

/* ---- Steps that acts_answer() takes -------------------------------------------------------- */

/* A word of a step on a sitting or a matter that is no field of its message. */
bool acts_sitting_is_word(enum message type, const char *name);
/*
 * Minutes say without being told who the child is, what was decided, who was there and when.
 * What a step says of minutes is said of those circulated last: MINUTES_OF and MINUTES_ROOT are set
 * from them. STATUS_OTHER_MINUTES: REQUEST has `minutes`, and they are others.
 */
MUST_CHECK enum status acts_sitting_fill(struct service *service, const struct task_row *task,
    const json_t *request, struct content *content, struct refusal *refusal);
/*
 * Where minutes, CONTENT, say another thing than the sitting of who was there (CONFERENCE_HELD)
 * and when (the CONVENE before it): bits. WHO gets a party that they name and that was not there,
 * in its own place or another's. What differs is not void: for the quorum CONFERENCE_HELD alone
 * counts, members sign what they read, and may correct it or dissent; and a fold that asked would
 * need what is sealed under the keys of the cases. So the desk refuses to say it, and shows of
 * minutes that others circulated that they differ.
 */
enum { ACTS_SITTING_PARTIES = 1, ACTS_SITTING_STARTS = 2 };
unsigned acts_sitting_differs(const struct sitting *sitting, const struct content *content,
    char who[static PARTY_MAX + 1]);
/* The same as names of fields. */
json_t *acts_sitting_differs_json(const struct sitting *sitting, const struct content *content);
/* What the fold of the sitting would make void is refused, each by its own status. */
MUST_CHECK enum status acts_sitting_check(struct service *service, const struct task_row *task,
    const struct content *content, struct refusal *refusal);

#endif
