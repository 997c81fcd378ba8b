/* services/runtime/acts/acts.h: what a person at the desk can do and see; the desk's only door. */
#ifndef SAIKNE_ACTS_H
#define SAIKNE_ACTS_H

#include <jansson.h>

#include "services/runtime/people/actor.h"

/*
 * Every act takes the person who does it and a JSON request and gives a JSON answer (owned by
 * the caller), after it is durable. On refusal *ANSWER is NULL and REFUSAL says why, to a person.
 */
struct service; /* the running service: runtime.h */

#define REFUSAL_VALUES_MAX 3

struct refusal {
	enum status status;
	char detail[256]; /* English, for a person; no personal data */
	char field[48];   /* the request's field at fault, or "" */
	/* DETAIL for other languages: the sentence with %s and the like, and what stood there. */
	const char *template; /* NULL: DETAIL is a sentence of its own */
	char values[REFUSAL_VALUES_MAX][128];
	unsigned value_count;
};

/*
 * POST /v1/referrals. Request:
 *   { "to": ["code", ...], "urgency", "purpose", "concern": [code, ...], "municipality",
 *     "age_band", the words of the ground (acts_ground.h), "support": [code, ...],
 *     "expires_days": 1..30 (30), "file_number": own text,
 *     "case": an own case to join, whose own fields are offered where the request is silent,
 *     "content": { "child_name": "...", ... any REFERRAL_CONTENT_FIELDS name ... } }
 * Answer: { "case", "record": the ground's, "connected": whether it goes out now, "tasks": [{ "task", "to", "message", "state",
 *     "kind", "goes": [field, ...], "stays": [{ "field", "why", "when": "review" | "ground" |
 *     "never" }] }] }
 * With PREVIEW nothing is stored or sent; "message" and "task" are absent.
 * A referral to several institutions makes one task and one message for each.
 */
enum status acts_refer(struct service *service, const struct actor *actor,
    const json_t *request, bool preview, json_t **answer, struct refusal *refusal);

/*
 * POST /v1/requests: asks one or several institutions for information. As above, with "due" and
 * "asked": [category, ...] instead of "concern" and "support" (concern may stand); its content
 * has child_name and question, and goes at once, by the profile.
 */
enum status acts_request(struct service *service, const struct actor *actor,
    const json_t *request, bool preview, json_t **answer, struct refusal *refusal);

/*
 * POST /v1/notices: tells what nobody asked for. { "notice": "incident" | "custody" | "status" |
 * "concern", ... } with the fields of the type notice_*; "purpose" is the notice's own, and may
 * be absent. "corrects": the task of a notice sent earlier to the one institution named: that one
 * becomes "superseded", and the new one belongs to its case. Custody says whose it is
 * ("custody_person" in its content, or "all_holders": true) and names the child's personal code or
 * day of birth; with "participants": true it goes to everyone who shares a task of the "case".
 */
enum status acts_notice(struct service *service, const struct actor *actor,
    const json_t *request, bool preview, json_t **answer, struct refusal *refusal);
/*
 * POST /v1/disagreements: { "task": what it is about, "dispute", "explanation" }; "urgency" and
 * "purpose" are the task's own where they are absent, and so is the ground: the words of another
 * may stand here. It goes to the other institution of the task; of what several share, to
 * the one that "with" names.
 */
enum status acts_disagree(struct service *service, const struct actor *actor,
    const json_t *request, bool preview, json_t **answer, struct refusal *refusal);
struct acts_notice {
	const char *name;
	enum message type;
};
const struct acts_notice *acts_notice_at(unsigned i); /* NULL past the end */

/*
 * POST /v1/tasks/{task}/{verb}; VERB: review, ask, inform, redirect, accept, decline, follow-up,
 * start, hold, resume, outcome, close, cancel, confirm-cancel, mistake; on a request
 * take, answer (with the words of a ground of its own), refuse, withdraw, mistake; on a
 * notice acknowledge, mistake; release,
 * without fields, where the content that the sender owes came to nothing.
 * Request: fields of the type by name ("decline_reason", "explanation", "outcome", "due", ...);
 * those of REFERRAL_CONTENT_FIELDS that an answer adds may stand in "content".
 * Answer: { "task", "state", "message" }.
 */
enum status acts_answer(struct service *service, const struct actor *actor, const char *task,
    const char *verb, const json_t *request, json_t **answer, struct refusal *refusal);

/* Whether a step on some sort of task bears this name. */
bool acts_has_step(const char *verb);

/* What narrows a list: the query's texts as they came, NULL where there is none. */
struct acts_query {
	const char *box, *state, *sort, *peer, *urgency, *unread; /* of tasks */
	const char *since, *until; /* created from then on; before */
	const char *due;           /* of tasks: "overdue", "today", "week" */
	unsigned limit;
	const char *after; /* a page's "next" */
};

/*
 * GET /v1/tasks?box=in|out|all&state=S&sort=SORT&peer=CODE&urgency=U&unread=1&since=T&until=T&limit=N&
 * after=CURSOR, newest first:
 * { "items": [{ "task", "case", "sort", "file_number", "box", "peer", "state", "urgency",
 *   "purpose", "concern": [], "municipality", "age_band", "time", "unread", "actions": [verb, ...] }],
 *   "next": cursor or null, "partial": whether the page ended because it had looked at enough
 *   rows: it may be short, or empty, while there is more }
 * Whoever does not see content cannot ask for an urgency.
 */
enum status acts_tasks(struct service *service, const struct actor *actor,
    const struct acts_query *query, json_t **answer, struct refusal *refusal);

/*
 * GET /v1/tasks/{task}: the item above, and
 * { "fields": [{ "name", "category", "label_lv", "label_en", "value", "from": message id }],
 *   "withheld": [{ "name", "category", ... }],
 *   "timeline": [{ "index", "time", "what", "by", "message", "detail", "role", "code",
 *     "remedy", "void" }] }
 * `what` is a message type's name or "queued", "sent", "delivered", "read", "unreadable",
 * "expired", "refused". The first opening by a person of the recipient sends READ evidence.
 */
enum status acts_task(struct service *service, const struct actor *actor, const char *task,
    json_t **answer, struct refusal *refusal);

/* GET /v1/cases?since=T&until=T&limit=N&after=CURSOR, /v1/cases/{case}: cases with their tasks. */
enum status acts_cases(struct service *service, const struct actor *actor,
    const struct acts_query *query, json_t **answer, struct refusal *refusal);
enum status acts_case(struct service *service, const struct actor *actor, const char *case_id,
    json_t **answer, struct refusal *refusal);

/*
 * POST /v1/search: { "file_number" | "label" | "personal_code" | "name": text }, one of them, so
 * that no personal data stands in an address: a page of cases as GET /v1/cases gives it, of
 * those that have it (of a name every word, in any order) and that this person may know.
 */
enum status acts_search(struct service *service, const struct actor *actor,
    const json_t *request, unsigned limit, const char *after, json_t **answer,
    struct refusal *refusal);

/*
 * GET /v1/alarms?open=1&limit=N&after=CURSOR, newest first: those that reach ACTOR's role.
 * { "items": [{ "alarm", "task", "case", "box", "peer", "state", "what", "stage": "reminder" |
 *   "overdue" | "supervisor" | "heads" | "management", "clock": "ours" | "theirs", "due",
 *   "late_minutes", "time", "to": [who, ...], "settled", "seen",
 *   "seen_by": role }], "next", "partial" }. OPEN, if not NULL, is "1": not settled.
 */
enum status acts_alarms(struct service *service, const struct actor *actor, const char *open,
    unsigned limit, const char *after, json_t **answer, struct refusal *refusal);
/* POST /v1/alarms/{alarm}/seen, without fields: who saw it is recorded; the alarm's item. */
enum status acts_alarm_seen(struct service *service, const struct actor *actor,
    const char *alarm_id, json_t **answer, struct refusal *refusal);

/*
 * GET /v1/work?limit=N&after=CURSOR: what waits for ACTOR now, the first due first, what is due by
 * no time last, the oldest first; one item for one thing:
 * { "items": [{ "what": a code of the list owed, "not_delivered", "release", "unread", "ends" or
 *   "glass", "due": time or null, "overdue", "stage": "none", or how far the deadline has come,
 *   "clock": "ours" | "theirs", "task", "record", "glass": one of them, "case",
 *   "file_number", "sort", "box", "peer", "state", "urgency", "unread", "actions": [verb, ...] }],
 *   "next", "partial" }
 */
enum status acts_work(struct service *service, const struct actor *actor, unsigned limit,
    const char *after, json_t **answer, struct refusal *refusal);

/* GET /v1/messages/{id}/receipt: the tlog-proof text, into OUT. */
enum status acts_receipt(struct service *service, const struct actor *actor,
    const char *message, struct buffer *out, struct refusal *refusal);

/* GET /v1/status, /v1/directory (institutions with "may_refer"). */
enum status acts_status(struct service *service, const struct actor *actor, json_t **answer,
    struct refusal *refusal);
enum status acts_directory(struct service *service, const struct actor *actor, json_t **answer,
    struct refusal *refusal);

/*
 * Of GET /v1/fields: [{ "verb", "type": the message's name, "fields": [{ "name", "required" }] }],
 * for each act that takes fields; "refer" is the referral. NULL when memory ran out.
 */
json_t *acts_forms(void);

/*
 * GET /v1/cases/{case}/disclosure: issues a statement for the family and records that:
 * { "number", "issued", "case", "file_number", "institution": { "code", "name", "kind",
 *   "municipality" }, "left_out": how many messages are,
 *   "given": [{ "message", "type", "time", "with": { code, name, kind }, "state": "waiting" |
 *     "not_sent" | "under_way" | "delivered" | "read" | "not_delivered", "why": a status or "",
 *     "delivered", "read": time or null, "basis": "consent" | "law" | "reply", "ground",
 *     "provision", "reference", "purpose", "fields": [{ "name", "category" }] }],
 *   "received": [{ the same without "state" and what goes with it }],
 *   "not_shared": [{ "time", "with", "why": "profile" | "not_opened" | a status, "fields" }] }
 * Names of fields, never their values. For case managers, supervisors and heads.
 */
enum status acts_disclosure(struct service *service, const struct actor *actor,
    const char *case_id, json_t **answer, struct refusal *refusal);
/*
 * POST /v1/cases/{case}/withhold: { "message", "reason": code of withhold-reasons, "text" };
 * with "undo": true the message is told again and "reason" is absent. Answer: { "case",
 * "message", "withheld" }. GET: what was decided, oldest first: { "items": [{ "message",
 * "time", "withheld", "reason", "text", "by" }] }. For the same roles.
 */
enum status acts_withhold(struct service *service, const struct actor *actor,
    const char *case_id, const json_t *request, json_t **answer, struct refusal *refusal);
enum status acts_withheld(struct service *service, const struct actor *actor,
    const char *case_id, json_t **answer, struct refusal *refusal);

/*
 * Live changes: called after each commit that changed something a person sees:
 * { "task", "what", "state", "time" } without personal data. One listener (the desk).
 */
void acts_listen(
    struct service *service, void (*changed)(void *state, const json_t *change), void *state);

#endif
