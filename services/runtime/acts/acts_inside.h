/* services/runtime/acts/acts_inside.h: what the files of acts.c share, and nobody else sees. */
#ifndef SAIKNE_ACTS_INSIDE_H
#define SAIKNE_ACTS_INSIDE_H

#include "services/runtime/acts/request.h"
#include "services/runtime/exchange/case_file.h"
#include "services/runtime/exchange/service.h"
#include "services/runtime/people/access.h"
#include "services/runtime/people/knowing.h"
#include "services/runtime/store/people_store.h"

/* What a person can do on a task, by name; the type says on which sort. */
struct acts_verb {
	const char *name;
	enum message type;
	/* What it opens, it opens in the circle of a task of this sort, on which it is done. */
	const struct task_sort *on;
};
const struct acts_verb *acts_verb_at(unsigned i); /* NULL past the end */
/* Whether it is done on tasks of SORT. */
bool acts_verb_fits(const struct acts_verb *verb, const struct task_sort *sort);
/* Whether it follows now on TASK, which stands so: what the table of its sort says. */
bool acts_verb_follows(
    const struct acts_verb *verb, const struct task_row *task, const struct task_stand *stand);

/* Whether a person says FIELD of an act of TYPE; the service sets all others. */
bool acts_forms_asks(enum message type, const struct field_info *field);
/* Whether they must: its type requires the I-th field of INFO, and nobody else knows it. */
bool acts_forms_must(const struct message_info *info, unsigned i);

/* Whether the kind lets ROLE do acts of TYPE at all. */
bool acts_role_may(const struct service *service, enum role role, enum message type);
/* STATUS_NOT_ALLOWED with a sentence, unless ROLE may see content. */
MUST_CHECK enum status acts_may_read(const struct actor *actor, struct refusal *refusal);
/* The refusal of a failed step; DOING says what, for a person. */
enum status acts_fail(struct refusal *refusal, enum status rc, const char *doing);
/* Ends an act's transaction: SAID, which is taken, is its answer, unless RC or memory failed. */
MUST_CHECK enum status acts_end(struct service *service, enum status rc, json_t *said,
    json_t **answer, const char *doing, struct refusal *refusal);
/* STATUS_BAD_DUE where CONTENT says a day to be done by, or to last until, that is over. */
MUST_CHECK enum status acts_check_days(
    const struct service *service, const struct content *content, struct refusal *refusal);
/* The kind's own rule for an act that is about to be sent. */
MUST_CHECK enum status acts_own_rule(
    const struct service *service, const struct content *content, struct refusal *refusal);
/*
 * The task or case that a person names and may know; STATUS_NOT_FOUND with a refusal, which is
 * the same, after the same look-ups, for what is not there and for what this person may not
 * know. Every act on a task or case comes through here, or asks acts_knows().
 */
enum acts_need {
	ACTS_TO_OPEN,  /* to see it */
	ACTS_TO_ACT,   /* to do something with it */
	ACTS_TO_AUDIT, /* as OPEN; and auditors, to whom no content may be shown then */
};
MUST_CHECK enum status acts_find_task(struct service *service, const struct actor *actor,
    enum acts_need need, const char *id, struct task_row *out, struct refusal *refusal);
MUST_CHECK enum status acts_find_case(struct service *service, const struct actor *actor,
    enum acts_need need, const char *id, struct case_row *out, struct refusal *refusal);
/* STATUS_OK or STATUS_NOT_FOUND; CASE_N 0 is no case, after the same look-ups. */
MUST_CHECK enum status acts_knows(
    struct service *service, const struct actor *actor, enum acts_need need, uint64_t case_n);
/*
 * The message, ours or theirs, that TEXT names: a whole id or at least 8 digits that begin one
 * alone among those that this person may know.
 */
MUST_CHECK enum status acts_find_message(struct service *service, const struct actor *actor,
    enum acts_need need, const char *text, struct event_row *out, struct task_row *task,
    struct refusal *refusal);
/* Who wrote ROW, or whose evidence it is: of a task of two the peer's, or ours. */
const char *acts_author(
    const struct service *service, const struct task_row *task, const struct event_row *row);
/* access_record() of a task. */
MUST_CHECK enum status acts_record(struct service *service, const struct actor *actor,
    const struct task_row *task, const char *what);

/* How the records name a person; "" for none. NULL when memory ran out. */
json_t *acts_person(struct service *service, uint64_t person);
/* The person that FIELD of a request names; refused as a fault of the request. */
MUST_CHECK enum status acts_find_person(struct service *service, const json_t *name,
    const char *field, struct person_row *out, struct refusal *refusal);
/*
 * The person that FIELD of an address names, by the number that lists of people give: no name
 * stands in an address, which others than the desk may write down.
 */
MUST_CHECK enum status acts_find_numbered(struct service *service, const char *number,
    const char *field, struct person_row *out, struct refusal *refusal);
/* Names of those to whom the case is assigned, else of its authors; [] in the mailbox. */
json_t *acts_holders(struct service *service, uint64_t case_n);

#define ACTS_CASE_TASKS_MAX 500
/* Whether every list is shown to the person: those who lead, and auditors. */
bool acts_sees_lists(const struct actor *actor);
/* All tasks of a case, newest first; KNOWING and HOLDERS are of the case. */
MUST_CHECK enum status acts_tasks_of(struct service *service, const struct actor *actor,
    uint64_t case_n, const struct knowing *knowing, json_t *holders, json_t *items);

/* The verbs that a person may do now: state, side and role decide. NULL when memory ran out. */
json_t *acts_actions(
    const struct service *service, const struct actor *actor, const struct task_row *task);
/* The item of a list; NULL when memory ran out. Roles without content get no personal part. */
MUST_CHECK enum status acts_item(struct service *service, const struct actor *actor,
    const struct task_row *task, json_t **out);
/* The same of a case, with its tasks. */
MUST_CHECK enum status acts_case_item(struct service *service, const struct actor *actor,
    const struct case_row *file, json_t **out);

/* "erasure": { "time", "reason" } of what is shown as erased; nothing where none is recorded. */
MUST_CHECK enum status acts_erasure_add(
    struct service *service, uint64_t case_n, uint64_t task_n, json_t *item);

/* STATUS_NOT_ALLOWED unless ROLE answers to families: case manager, supervisor, head. */
MUST_CHECK enum status acts_may_disclose(const struct actor *actor, struct refusal *refusal);

#endif
