/* services/runtime/acts/acts_history.c: the history of a circle as people see it, and who agrees with it. */
#include "services/runtime/acts/acts_history.h"

#include <string.h>

#include "protocol/host/lang.h"
#include "services/runtime/acts/acts_filter.h"
#include "services/runtime/acts/acts_inside.h"
#include "services/runtime/exchange/circles.h"
#include "services/runtime/exchange/history.h"
#include "services/runtime/people/access.h"
#include "services/runtime/store/history_store.h"

/* What is shown. */
struct showing {
	struct service *service;
	struct task_row frame;
	struct history_circle circle;
	const struct circles *circles;
	bool has_with, found_with;
	uint8_t with[SUITE_HASH_LEN];
	uint64_t with_index, with_count;
	/* Our own history as far as it was walked. */
	uint64_t last, count;
	uint8_t digest[SUITE_HASH_LEN];
};

static json_t *
hex_of(const uint8_t hash[static SUITE_HASH_LEN])
{
	char text[2 * SUITE_HASH_LEN + 1];

	bytes_to_hex((struct bytes){hash, SUITE_HASH_LEN}, text);
	return json_string(text);
}

/* ---- Entries ----------------------------------------------------------------------------- */

static void
note_with(struct showing *s)
{
	if (!s->has_with || memcmp(s->digest, s->with, sizeof(s->with)) != 0)
		return;
	s->found_with = true;
	s->with_index = s->last;
	s->with_count = s->count;
}

static enum status
add_entry(struct showing *s, size_t i, struct acts_page *page)
{
	const struct circle_act *act = &s->circles->acts[i];
	json_t *item = json_pack("{s:I, s:o, s:s, s:o, s:s, s:b, s:b, s:o, s:I, s:o}", "index",
	    (json_int_t)act->step.index, "time", request_time(act->step.time_ms), "type",
	    message_info(act->type)->name, "message", request_hex(act->message), "author",
	    act->step.author.code, "own", act->own, "void", s->circles->voids[i], "root",
	    hex_of(act->root.byte), "count", (json_int_t)s->count, "digest", hex_of(s->digest));

	if (item == NULL || json_array_append_new(page->items, item) != 0)
		return STATUS_NO_MEMORY;
	page->last = act->step.index;
	return STATUS_OK;
}

/* All entries make the digest; those behind AFTER are shown, as many as there is room for. */
static enum status
walk(struct showing *s, uint64_t after, struct acts_page *page)
{
	enum status rc = STATUS_OK;

	for (size_t i = 0; rc == STATUS_OK && i < s->circles->count; i++) {
		const struct circle_act *act = &s->circles->acts[i];

		if (!circles_counts(s->circles, i))
			continue;
		circle_digest_add(s->digest, act->step.index, &act->root);
		s->last = act->step.index;
		s->count++;
		note_with(s);
		if (act->step.index <= after)
			continue;
		if (json_array_size(page->items) == page->limit)
			page->more = true;
		else
			rc = add_entry(s, i, page);
	}
	return rc;
}

/* ---- Members ----------------------------------------------------------------------------- */

/* What its last word says of its history and of ours. */
static const char *
state_of(const struct history_claim *claim)
{
	if (claim->upto == 0)
		return "silent";
	if (claim->lacking)
		return "has_more";
	if (claim->aside > 0)
		return "set_aside";
	return claim->agreed == claim->upto ? "agrees" : "has_less";
}

static enum status
list_members(struct showing *s, json_t *members)
{
	struct history_claim claim = {.party = ""};
	enum status rc;

	while ((rc = history_store_claim_after(
		    s->service->db, s->circle.circle_n, claim.party, &claim)) == STATUS_OK) {
		json_t *one = json_pack("{s:s, s:s, s:I, s:I, s:I, s:o}", "party", claim.party,
		    "state", state_of(&claim), "agreed", (json_int_t)claim.agreed, "said_upto",
		    (json_int_t)claim.upto, "said_count", (json_int_t)claim.count,
		    "said_digest", hex_of(claim.digest));

		if (one == NULL || json_array_append_new(members, one) != 0)
			return STATUS_NO_MEMORY;
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* ---- The whole --------------------------------------------------------------------------- */

static enum status
add_head(struct showing *s, json_t *answer)
{
	json_t *members = json_array();
	json_t *head = json_pack("{s:o, s:s, s:I, s:I, s:o, s:b, s:o, s:I, s:O}", "circle",
	    request_hex(s->circle.id), "sort", s->frame.sort->name, "upto", (json_int_t)s->last,
	    "count", (json_int_t)s->count, "digest", hex_of(s->digest), "gap", s->circle.gap,
	    "next_ask", s->circle.ask_ms != 0 ? request_time(s->circle.ask_ms) : json_null(),
	    "asked", (json_int_t)s->circle.asks, "members", members);
	enum status rc = head != NULL ? list_members(s, members) : STATUS_NO_MEMORY;

	if (rc == STATUS_OK && s->has_with &&
	    json_object_set_new(head, "with",
		json_pack("{s:b, s:I, s:I}", "known", s->found_with, "index",
		    (json_int_t)s->with_index, "count", (json_int_t)s->with_count)) != 0)
		rc = STATUS_NO_MEMORY;
	if (rc == STATUS_OK && json_object_update(answer, head) != 0)
		rc = STATUS_NO_MEMORY;
	json_decref(members);
	json_decref(head);
	return rc;
}

static enum status
show(struct showing *s, const struct actor *actor, uint64_t after, struct acts_page *page,
    json_t **answer)
{
	enum status rc =
	    access_record(s->service, actor, s->frame.case_n, s->frame.n, "read_history");

	if (rc == STATUS_OK)
		rc = history_store_circle(s->service->db, s->frame.circle_n, &s->circle);
	if (rc == STATUS_OK)
		rc = circles_fold(s->service, s->frame.circle_n, &s->circles);
	if (rc == STATUS_OK)
		rc = walk(s, after, page);
	if (rc == STATUS_OK)
		rc = acts_filter_page(page, 'h', answer);
	return rc == STATUS_OK ? add_head(s, *answer) : rc;
}

/* Of a sitting, a matter is in its child's case: all that is shared is for who knows the frame's. */
static enum status
find_frame(struct service *service, const struct actor *actor, enum acts_need need,
    const char *id, struct task_row *out, struct refusal *refusal)
{
	struct history_circle circle;
	struct task_row frame;
	enum status rc = acts_find_task(service, actor, need, id, out, refusal);

	if (rc != STATUS_OK)
		return rc;
	if (out->circle_n == 0)
		return request_refuse(refusal, STATUS_NOT_FOUND, "circle",
		    N_("this is nothing that several institutions share"));
	rc = history_store_circle(service->db, out->circle_n, &circle);
	if (rc == STATUS_OK)
		rc = case_store_find_task(service->db, circle.id, &frame);
	if (rc == STATUS_NOT_FOUND)
		return STATUS_OK; /* it has not come yet */
	if (rc == STATUS_OK)
		rc = acts_knows(service, actor, need, frame.case_n);
	if (rc == STATUS_NOT_FOUND)
		return request_refuse(refusal, rc, "task", "there is no such task here");
	if (rc != STATUS_OK)
		return acts_fail(refusal, rc, "reading the task");
	*out = frame;
	return STATUS_OK;
}

static enum status
read_with(struct showing *s, const char *with, struct refusal *refusal)
{
	s->has_with = with != NULL;
	if (!s->has_with || bytes_from_hex(bytes_of_text(with), s->with, sizeof(s->with)))
		return STATUS_OK;
	return request_refuse(
	    refusal, STATUS_ARGUMENT, "with", N_("a digest has 64 hexadecimal digits"));
}

enum status
acts_history(struct service *service, const struct actor *actor, const char *circle,
    const char *with, unsigned limit, const char *after, json_t **answer,
    struct refusal *refusal)
{
	struct showing s = {.service = service};
	struct acts_page page = {.limit = limit};
	uint64_t behind;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if (actor->role != ROLE_AUDITOR && (rc = acts_may_read(actor, refusal)) != STATUS_OK)
		return rc;
	if ((rc = read_with(&s, with, refusal)) != STATUS_OK ||
	    (rc = acts_filter_cursor(after, 'h', &behind, refusal)) != STATUS_OK)
		return rc;
	if ((rc = find_frame(service, actor, ACTS_TO_AUDIT, circle, &s.frame, refusal)) !=
	    STATUS_OK)
		return rc;
	if ((rc = service_begin(service)) != STATUS_OK)
		return acts_fail(refusal, rc, "recording the access");
	page.items = json_array();
	rc = service_end(service, show(&s, actor, behind, &page, answer), "read");
	json_decref(page.items);
	if (rc == STATUS_OK)
		return rc;
	json_decref(*answer);
	*answer = NULL;
	return acts_fail(refusal, rc, "reading the history");
}

/* ---- Set aside --------------------------------------------------------------------------- */

static enum status
refuse_aside(enum status rc, struct refusal *refusal)
{
	if (rc == STATUS_NOT_FOUND)
		return request_refuse(refusal, STATUS_NOT_A_MEMBER, "party",
		    N_("that institution has said nothing of this history"));
	if (rc == STATUS_WRONG_STATE)
		return request_refuse(refusal, rc, "party",
		    N_("by what that institution says, nothing is missing here"));
	if (rc == STATUS_AGAIN)
		return request_refuse(refusal, STATUS_WRONG_STATE, "party",
		    N_("what may be missing is still being asked for: it is set aside only "
		       "when everybody was asked three times"));
	return acts_fail(refusal, rc, "setting it aside");
}

static enum status
set_aside(struct service *service, const struct actor *actor, const struct task_row *frame,
    const char *party)
{
	enum status rc =
	    access_record(service, actor, frame->case_n, frame->n, "set_history_aside");

	return rc == STATUS_OK ? history_set_aside(service, frame->circle_n, party) : rc;
}

enum status
acts_history_aside(struct service *service, const struct actor *actor, const char *circle,
    const json_t *request, struct refusal *refusal)
{
	const char *party = json_string_value(json_object_get(request, "party"));
	struct task_row frame;
	enum status rc;

	service_tick(service);
	if ((rc = acts_may_read(actor, refusal)) != STATUS_OK)
		return rc;
	if (!acts_role_may(service, actor->role, MESSAGE_CASE_CLOSE))
		return request_refuse(refusal, STATUS_NOT_ALLOWED, "",
		    N_("a case manager, a supervisor or a head sets it aside"));
	if (party == NULL || json_object_size(request) != 1)
		return request_refuse(refusal, STATUS_ARGUMENT, "party",
		    N_("name the institution as the history lists it, and nothing else"));
	rc = find_frame(service, actor, ACTS_TO_ACT, circle, &frame, refusal);
	if (rc != STATUS_OK)
		return rc;
	if ((rc = service_begin(service)) != STATUS_OK)
		return acts_fail(refusal, rc, "recording the access");
	rc = service_end(service, set_aside(service, actor, &frame, party), "act");
	return rc == STATUS_OK ? rc : refuse_aside(rc, refusal);
}
