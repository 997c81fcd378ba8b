/* services/runtime/acts/acts_disclosure_inside.h: what the files of acts_disclosure.c share. */
#ifndef SAIKNE_ACTS_DISCLOSURE_INSIDE_H
#define SAIKNE_ACTS_DISCLOSURE_INSIDE_H

#include "protocol/wire/leaf.h"
#include "services/runtime/acts/acts_inside.h"
#include "services/runtime/exchange/grounds.h"

struct disclosure {
	struct service *service;
	struct case_row file;
	struct case_key key;
	json_t *given, *received, *not_shared, *stops, *erasures;
	/*
	 * What a message in the statement told already: "peer/record" of grounds, and numbers of
	 * tasks. Whatever is not in here is not told of by a stop or an erasure either.
	 */
	json_t *told;
	unsigned left_out, entries;
};

/* Whom a message went to, or came from, and on what. */
struct disclosure_other {
	char code[PARTY_MAX + 1];
	enum basis basis;
	uint8_t reference[SUITE_ID_LEN];
};

/* One task of the case while it is gone through. */
struct task_view {
	struct disclosure *disclosure;
	struct task_row task;
	struct case_history history;
	char ground[48], purpose[48];  /* of the offer */
	struct disclosure_other other; /* of a circle's task: of the entry that is written */
	bool shared;                   /* it is a circle's */
};

/* Sets how far a message of ours came: "state", "why", "delivered", "read". */
MUST_CHECK enum status acts_disclosure_set_fate(
    const struct task_view *view, const struct event_row *own, json_t *entry);

/*
 * Of a circle's message, ours: all that it went to; theirs: its author, or nobody where it was
 * passed on, for that is told where it came. What is kept nowhere is the task's peer's.
 */
MUST_CHECK enum status acts_disclosure_others(struct task_view *view,
    const struct event_row *row, struct disclosure_other out[static ENVELOPE_RECIPIENTS_MAX],
    unsigned *count);
/*
 * What CONTENT passes on, and its entry of the log, which borrows from it. STATUS_NOT_FOUND: it
 * passes nothing on. INNER is to be freed in any case.
 */
MUST_CHECK enum status acts_disclosure_open(
    const struct content *content, struct leaf *leaf, struct content *inner);
/* Sets "passed" of ENTRY: which message it was, of whom, when. */
MUST_CHECK enum status acts_disclosure_set_passed(
    const struct service *service, const struct leaf *leaf, json_t *entry);

json_t *acts_disclosure_party(const struct service *service, const char *code);
/* Takes ENTRY. */
MUST_CHECK enum status acts_disclosure_append(
    struct disclosure *disclosure, json_t *array, json_t *entry);
/* Whether what this id names, a message or a decision, is left out for a recorded reason. */
MUST_CHECK enum status acts_disclosure_withheld(
    struct disclosure *disclosure, const uint8_t id[static SUITE_ID_LEN], bool *out);

/*
 * The ground as it was given: a message's own, the offer's, or that it answers one. Sets "rests",
 * too: as the message told it (CONTENT, may be NULL), and how the record stands now; and remembers
 * that the statement tells of it.
 */
MUST_CHECK enum status acts_disclosure_set_ground(struct task_view *view,
    const struct event_row *row, const struct content *content, json_t *entry);
/* What of CATEGORY_ALL the ground that CONTENT tells of lets go; all where it tells of none. */
category_set acts_disclosure_covers(const struct content *content);
/* A task that is a stop: who told whom, and what was answered. */
MUST_CHECK enum status acts_disclosure_stop(struct task_view *view);
/* Decisions not to share, and what was erased. */
MUST_CHECK enum status acts_disclosure_decisions(struct disclosure *disclosure);
MUST_CHECK enum status acts_disclosure_erasures(struct disclosure *disclosure);

#endif
