/* services/runtime/exchange/dispatch_circle.c: an act of ours on what a circle shares, to all its members. */
#include "services/runtime/exchange/dispatch_inside.h"

#include <string.h>

#include "protocol/trust/policy.h"
#include "protocol/trust/profile.h"
#include "services/runtime/exchange/circles.h"
#include "services/runtime/exchange/custody.h"
#include "services/runtime/exchange/custody_known.h"
#include "services/runtime/exchange/grounds.h"
#include "services/runtime/exchange/history.h"
#include "services/runtime/exchange/service.h"
#include "services/runtime/store/history_store.h"

/* An act on its way to a circle. */
struct sharing {
	struct service *service;
	struct task_row task; /* with the circle's token */
	struct circle_row circle;
	struct content *content;
	bool acts_only;
	struct ground_row ground;   /* what content rests on */
	struct case_key ground_key; /* of its case */
	struct letter letter;
	struct left_out {
		char party[PARTY_MAX + 1];
		enum status why;
	} left_out[ENVELOPE_RECIPIENTS_MAX];
	unsigned left_out_count;
};

/* ---- The circle -------------------------------------------------------------------------- */

static bool
begins(const struct content *content)
{
	enum task_event event =
	    task_event_of(task_sort_of(content->type->id), content->type->id);

	return event == TASK_EVENT_OPEN || event == TASK_EVENT_PROPOSE;
}

static enum status
begin_circle(struct sharing *s)
{
	enum status rc;

	if (!begins(s->content))
		return STATUS_WRONG_STATE;
	if (!circle_has_id(s->task.token, true, s->task.id))
		return STATUS_ARGUMENT;
	s->circle = (struct circle_row){.sort = s->task.sort};
	memcpy(s->circle.id, s->task.id, sizeof(s->circle.id));
	memcpy(s->circle.token, s->task.token, sizeof(s->circle.token));
	if ((rc = circle_store_add(s->service->db, &s->circle)) != STATUS_OK)
		return rc;
	s->task.circle_n = s->circle.n;
	return circle_store_place(s->service->db, &s->task);
}

static enum status
find_circle(struct sharing *s)
{
	enum status rc;

	if (s->task.circle_n == 0)
		return begin_circle(s);
	if ((rc = circle_store_get(s->service->db, s->task.circle_n, &s->circle)) != STATUS_OK)
		return rc;
	memcpy(s->task.token, s->circle.token, sizeof(s->task.token));
	return STATUS_OK;
}

/* With less the others would take nothing more: what ends it, or says who is in it, still goes. */
#define SPARE 16

static unsigned
spare_behind(const struct sharing *s)
{
	switch ((unsigned)s->content->type->id) {
	case MESSAGE_CASE_REMOVE:
	case MESSAGE_CASE_LEAVE:
	case MESSAGE_CASE_HAND_OVER:
	case MESSAGE_CASE_CLOSE:
	case MESSAGE_LEAD_OFFER:
	case MESSAGE_LEAD_CLAIM:
	case MESSAGE_LEAD_ACCEPT:
	case MESSAGE_LEAD_REVOKE:
	case MESSAGE_CONFERENCE_CANCEL:
	case MESSAGE_MATTER_FINAL:
		return 0;
	}
	return SPARE;
}

static enum status
check_room(const struct sharing *s)
{
	const struct circles *circles;
	enum status rc = circles_fold(s->service, s->circle.n, &circles);

	if (rc != STATUS_OK)
		return rc;
	return circles_has_room(
		   circles, s->task.n, s->service->config.code, UINT64_MAX, spare_behind(s))
	           ? STATUS_OK
	           : STATUS_TOO_LARGE;
}

/* Which act it is, and what we had of the history when we wrote it. */
static enum status
set_head(struct sharing *s, uint64_t *applied)
{
	uint8_t digest[SUITE_HASH_LEN];
	const struct circles *circles;
	struct content *content = s->content;
	uint64_t count;
	enum status rc = circles_fold(s->service, s->circle.n, &circles);

	if (rc != STATUS_OK)
		return rc;
	*applied = circles_last(circles);
	rc = history_state(s->service, s->circle.n, *applied, &count, digest);
	if (rc == STATUS_OK)
		rc = content_set_id(content, FIELD_TASK, s->task.id);
	if (rc == STATUS_OK)
		rc = content_set_uint(content, FIELD_APPLIED, *applied);
	if (rc == STATUS_OK)
		rc = content_set_uint(content, FIELD_HISTORY_COUNT, count);
	return rc == STATUS_OK ? content_set_hash(content, FIELD_HISTORY, digest) : rc;
}

/* ---- What it rests on -------------------------------------------------------------------- */

/* The record that GROUND_N is, and CONTENT is told it. */
static enum status
take_ground(struct sharing *s, uint64_t ground_n)
{
	struct service *service = s->service;
	enum status rc;

	if ((rc = ground_store_get(service->db, ground_n, &s->ground)) != STATUS_OK)
		return rc == STATUS_NOT_FOUND ? STATUS_NO_BASIS : rc;
	if ((rc = case_file_key(service, s->ground.case_n, &s->ground_key)) != STATUS_OK)
		return rc;
	rc = grounds_fill(service, &s->ground_key, &s->ground, s->content);
	return rc == STATUS_OK && s->ground.basis == BASIS_CONSENT
	           ? custody_known_judge(service, s->content, UINT64_MAX)
	           : rc;
}

/* The caller's choice, or what the frame rests on. */
static enum status
find_ground(struct sharing *s)
{
	struct task_row frame;
	uint64_t ground_n = s->task.ground_n;
	enum status rc;

	if (ground_n == 0) {
		rc = case_store_find_task(s->service->db, s->circle.id, &frame);
		if (rc != STATUS_OK)
			return rc == STATUS_NOT_FOUND ? STATUS_NO_BASIS : rc;
		ground_n = frame.ground_n;
	}
	return take_ground(s, ground_n);
}

/* All recipients of a message get the same documents: who may not have them gets it by itself. */
static bool
shows_documents(const struct content *content, category_set allowed)
{
	for (unsigned i = 0; i < content->type->field_count; i++)
		if (content->type->fields[i].field->kind == FIELD_KIND_FILES &&
		    content->fields[i].present &&
		    (allowed & CATEGORY_BIT(content->type->fields[i].field->category)) == 0)
			return false;
	return true;
}

/* What PARTY may have of it now, and on what; why nothing. */
static enum status
admit(struct sharing *s, const char *party, struct addressee *to)
{
	const struct party *self = service_self(s->service),
			   *peer = service_peer(s->service, party);
	category_set covered = CATEGORY_ALL;
	enum status rc = departure_reaches(s->service, party);

	if (rc != STATUS_OK)
		return rc;
	if (self == NULL || peer == NULL)
		return STATUS_UNKNOWN_PARTY;
	*to = (struct addressee){.basis = s->acts_only ? BASIS_NONE : s->ground.basis};
	memcpy(to->party, peer->code, sizeof(to->party));
	rc = policy_permits(s->content->type->id, self, peer, to->basis);
	if (rc == STATUS_OK && !s->acts_only)
		rc = grounds_permit(
		    s->service, &s->ground_key, &s->ground, peer, s->task.purpose, &covered);
	if (rc != STATUS_OK)
		return rc;
	to->allowed = covered & profile_allows(s->task.purpose, peer->kind);
	if (!shows_documents(s->content, to->allowed))
		return STATUS_OUTSIDE_PROFILE;
	if (s->acts_only)
		return STATUS_OK;
	rc = dispatch_covers(s->service, s->task.purpose, s->content, to);
	return rc == STATUS_OK ? grounds_reference(s->service, &s->ground, party, to->reference)
	                       : rc;
}

/* Whether RC is about one recipient: the others have the act none the less. */
static bool
is_of_one(enum status rc)
{
	return dispatch_lacks_ground(rc) || rc == STATUS_SUSPENDED ||
	       rc == STATUS_UNKNOWN_PARTY || rc == STATUS_UNKNOWN_EPOCH ||
	       rc == STATUS_NOT_PERMITTED || rc == STATUS_OUTSIDE_PROFILE;
}

static enum status
address(struct sharing *s, const struct circle_party *parties, unsigned count)
{
	enum status rc;

	for (unsigned i = 0; i < count; i++) {
		struct left_out *out = &s->left_out[s->left_out_count];

		rc = admit(s, parties[i].code, &s->letter.to[s->letter.count]);
		if (rc == STATUS_OK) {
			s->letter.count++;
			continue;
		}
		if (!is_of_one(rc))
			return rc;
		memcpy(out->party, parties[i].code, sizeof(out->party));
		out->why = rc;
		s->left_out_count++;
	}
	return s->letter.count > 0 ? STATUS_OK : s->left_out[0].why;
}

/* Whom it did not go to has it passed on. */
static enum status
note_left_out(struct sharing *s, const struct event_row *event)
{
	enum status rc = STATUS_OK;

	for (unsigned i = 0; rc == STATUS_OK && i < s->left_out_count; i++)
		rc = circles_missed(
		    s->service, event, s->left_out[i].party, s->left_out[i].why, 0);
	return rc;
}

/* ---- An act ------------------------------------------------------------------------------ */

static struct sharing
sharing_of(struct service *service, const struct task_row *task, struct content *content)
{
	return (struct sharing){.service = service,
	    .task = *task,
	    .content = content,
	    .acts_only = content->type->categories == CATEGORY_BIT(CATEGORY_ACT)};
}

static enum status
send(struct sharing *s, struct departure *departure, const struct case_key *key,
    struct event_row *row, uint8_t id[static SUITE_ID_LEN])
{
	uint32_t item;
	enum status rc = departure_letter(s->service, departure, &s->letter, id, &item);

	if (rc != STATUS_OK)
		return rc;
	memcpy(row->message, id, sizeof(row->message));
	if ((rc = case_file_add_message(s->service, key, row, s->content, NULL)) != STATUS_OK)
		return rc;
	departure_of_event(departure, item, row->n);
	if ((rc = note_left_out(s, row)) != STATUS_OK)
		return rc;
	return custody_leaves(s->service, departure, &s->task, row, s->content);
}

enum status
dispatch_shared(struct service *service, struct departure *departure,
    const struct task_row *task, const struct case_key *key, struct content *content,
    uint64_t life_ms, uint8_t id[static SUITE_ID_LEN])
{
	struct sharing s = sharing_of(service, task, content);
	struct circle_party parties[ENVELOPE_RECIPIENTS_MAX];
	struct event_row row = {.task_n = task->n,
	    .own = true,
	    .index = UINT64_MAX,
	    .time_ms = service->now_ms,
	    .with_content = task_opens(content->type->id)};
	unsigned count;
	enum status rc = find_circle(&s);

	row.circle_n = s.circle.n;
	memcpy(row.author, service->config.code, sizeof(row.author));
	s.letter.task = &s.task;
	s.letter.content = content;
	s.letter.life_ms = life_ms;
	if (rc == STATUS_OK)
		rc = check_room(&s);
	if (rc == STATUS_OK)
		rc = set_head(&s, &row.applied);
	if (rc == STATUS_OK)
		rc = circles_recipients(
		    service, s.circle.n, content, begins(content), parties, &count);
	if (rc == STATUS_OK && !s.acts_only)
		rc = find_ground(&s);
	if (rc == STATUS_OK)
		rc = content_check(content);
	if (rc == STATUS_OK)
		rc = address(&s, parties, count);
	if (rc == STATUS_OK)
		rc = send(&s, departure, key, &row, id);
	vault_forget(&s.ground_key);
	return rc;
}

/* ---- Sealed anew ------------------------------------------------------------------------- */

/* What somebody who left has by itself, and as though it was passed on: the acts alone. */
static bool
is_bare(const struct history_pass *passed)
{
	return passed->how == PASSED_ACTS && passed->task_n == 0;
}

/* So it gets the rest, too, once it is a member again. */
static enum status
note_bare(struct sharing *s, const struct event_row *event)
{
	enum status rc = STATUS_OK;

	for (unsigned i = 0; rc == STATUS_OK && i < s->letter.count; i++) {
		struct history_pass row = {
		    .event_n = event->n, .how = PASSED_ACTS, .time_ms = s->service->now_ms};

		memcpy(row.party, s->letter.to[i].party, sizeof(row.party));
		rc = history_store_set_pass(s->service->db, &row);
	}
	return rc;
}

/* Those of ENVELOPE's recipients that do not have it by another way; unless LEFT, nor left since. */
static enum status
find_rest(struct service *service, const struct event_row *event,
    const struct envelope *envelope, bool left,
    struct circle_party out[static ENVELOPE_RECIPIENTS_MAX], unsigned *count)
{
	*count = 0;
	for (uint32_t i = 0; i < envelope->header.recipient_count; i++) {
		const struct circles *circles;
		struct history_pass passed;
		enum status rc = circles_fold(service, event->circle_n, &circles);

		if (rc != STATUS_OK)
			return rc;
		if (!bytes_to_text(envelope->header.recipients[i].party, out[*count].code,
			sizeof(out[*count].code)))
			return STATUS_DATABASE;
		if (!left && circle_has_left(&circles->circle, out[*count].code))
			continue;
		rc = history_store_pass(service->db, event->n, out[*count].code, &passed);
		if (rc != STATUS_OK && rc != STATUS_NOT_FOUND)
			return rc;
		*count += rc == STATUS_NOT_FOUND || is_bare(&passed);
	}
	return STATUS_OK;
}

/* The record that the message cited. */
static enum status
find_cited(struct sharing *s, const struct envelope *envelope)
{
	const struct envelope_recipient *to = &envelope->header.recipients[0];
	char party[PARTY_MAX + 1];
	struct ref_row ref;
	enum status rc;

	if (!bytes_to_text(to->party, party, sizeof(party)))
		return STATUS_DATABASE;
	rc = ground_store_ref(s->service->db, REF_OURS, party, to->reference, &ref);
	if (rc != STATUS_OK)
		return rc == STATUS_NOT_FOUND ? STATUS_NO_BASIS : rc;
	return take_ground(s, ref.ground_n);
}

static enum status
seal_anew(struct sharing *s, struct departure *departure, const struct case_key *key,
    struct event_row *event, const struct envelope *envelope)
{
	struct circle_party parties[ENVELOPE_RECIPIENTS_MAX];
	unsigned count;
	uint32_t item;
	bool left = false;
	enum status rc = find_rest(s->service, event, envelope, left, parties, &count);

	/* Without anybody it would never have its place in the log: who left gets its acts. */
	if (rc == STATUS_OK && count == 0) {
		left = true;
		rc = find_rest(s->service, event, envelope, left, parties, &count);
	}
	if (rc == STATUS_OK && !s->acts_only)
		rc = find_cited(s, envelope);
	if (rc == STATUS_OK)
		rc = content_check(s->content);
	if (rc == STATUS_OK && count == 0)
		rc = STATUS_BAD_RECIPIENTS;
	if (rc == STATUS_OK)
		rc = address(s, parties, count);
	for (unsigned i = 0; rc == STATUS_OK && left && i < s->letter.count; i++)
		s->letter.to[i].allowed &= CATEGORY_BIT(CATEGORY_ACT);
	if (rc == STATUS_OK)
		rc = departure_letter(s->service, departure, &s->letter, event->message, &item);
	if (rc != STATUS_OK)
		return rc;
	departure_of_event(departure, item, event->n);
	rc = note_left_out(s, event);
	if (rc == STATUS_OK && left && !s->acts_only)
		rc = note_bare(s, event);
	return rc == STATUS_OK ? case_file_set_message(s->service, key, event, s->content) : rc;
}

enum status
dispatch_shared_again(struct service *service, struct departure *departure,
    const struct task_row *task, const struct case_key *key, struct event_row *event,
    struct content *content, const struct outbox_row *old)
{
	struct sharing s = sharing_of(service, task, content);
	struct buffer frame = {0};
	struct envelope envelope;
	enum status rc = find_circle(&s);

	s.letter.task = &s.task;
	s.letter.content = content;
	/* What was never sent keeps its id; all keep their turn, for others follow from it. */
	s.letter.place = old->state == OUTBOX_SEALING ? old : NULL;
	s.letter.turn = old->n;
	if (rc == STATUS_OK)
		rc = dispatch_keep(service, old->n, &envelope, &frame, &s.letter);
	if (rc == STATUS_OK)
		rc = seal_anew(&s, departure, key, event, &envelope);
	buffer_free(&frame);
	vault_forget(&s.ground_key);
	return rc;
}
