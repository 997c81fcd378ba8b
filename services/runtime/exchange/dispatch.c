/* services/runtime/exchange/dispatch.c: an act of ours on a task: grounded, recorded and put in the post. */
#include "services/runtime/exchange/dispatch_inside.h"

#include <string.h>

#include "protocol/trust/policy.h"
#include "protocol/trust/profile.h"
#include "services/runtime/exchange/asked.h"
#include "services/runtime/exchange/custody.h"
#include "services/runtime/exchange/custody_known.h"
#include "services/runtime/exchange/grounds.h"
#include "services/runtime/exchange/service.h"

bool
dispatch_is_preview(const struct content *content)
{
	struct bytes urgency;

	return task_opens(content->type->id) &&
	       task_sort_of(content->type->id)->preview_first &&
	       (!content_text(content, FIELD_URGENCY, &urgency) ||
		   bytes_is_text(urgency, "normal"));
}

category_set
dispatch_allows(const struct service *service, const char *peer, const char *purpose,
    const struct content *content)
{
	const struct party *party = service_peer(service, peer);

	if (party == NULL || dispatch_is_preview(content))
		return CATEGORY_BIT(CATEGORY_ACT);
	return profile_allows(purpose, party->kind);
}

bool
dispatch_carries_content(const struct content *content, category_set allowed)
{
	return (content->shown & allowed & ~CATEGORY_BIT(CATEGORY_ACT)) != 0;
}

bool
dispatch_lacks_ground(enum status rc)
{
	return rc == STATUS_STOPPED || rc == STATUS_NO_BASIS || rc == STATUS_NO_CONSENT ||
	       rc == STATUS_GROUND_EXPIRED || rc == STATUS_NO_CUSTODY ||
	       rc == STATUS_UNCONFIRMED || rc == STATUS_NO_NECESSITY ||
	       rc == STATUS_OUTSIDE_GROUND;
}

/* The peer's message that an act of ours answers: what its sort names, else what opened it. */
static enum status
find_answered(
    const struct case_history *history, const struct task_message *act, uint8_t id[static 16])
{
	const struct event_row *row = NULL;

	for (size_t i = 0; row == NULL && i < 2 && act->answers[i] != 0; i++)
		row = timeline_last(
		    history->rows, history->voids, history->count, act->answers[i], false);
	for (size_t i = 0; act->answers[0] == 0 && row == NULL && i < history->count; i++)
		if (history->rows[i].what == EVENT_MESSAGE && !history->rows[i].own &&
		    !history->voids[i] && task_opens(history->rows[i].type))
			row = &history->rows[i];
	if (row == NULL)
		return STATUS_UNKNOWN_REPLY;
	memcpy(id, row->message, SUITE_ID_LEN);
	return STATUS_OK;
}

/* The ground of LETTER, and whether the one table permits it. */
static enum status
find_ground(struct service *service, const struct task_row *task, enum message type,
    struct letter *letter)
{
	const struct party *self = service_self(service),
			   *peer = service_peer(service, task->peer);
	const struct task_message *act = task_message(task->sort, type);
	struct case_history history;
	enum status rc = STATUS_OK;

	if (self == NULL || peer == NULL)
		return STATUS_UNKNOWN_PARTY;
	if (act == NULL)
		return STATUS_UNKNOWN_TYPE;
	if (act->bare) {
		letter->to[0].basis = BASIS_NONE;
	} else if ((act->grounded & task->side) != 0) {
		letter->to[0].basis = task->basis;
		memcpy(
		    letter->to[0].reference, task->reference, sizeof(letter->to[0].reference));
	} else {
		letter->to[0].basis = BASIS_REPLY;
		rc = case_file_history(service, task, &history);
		if (rc == STATUS_OK)
			rc = find_answered(&history, act, letter->to[0].reply_id);
		case_file_history_free(&history);
	}
	if (rc != STATUS_OK)
		return rc;
	return policy_permits(type, self, peer, letter->to[0].basis);
}

/* What of LETTER is sealed, whoever wrote it: by the profile, and by what was asked. */
static enum status
allow(struct service *service, const struct task_row *task, const struct case_key *key,
    struct letter *letter)
{
	category_set asked;
	enum status rc = asked_allows(service, task, key, letter->content->type->id, &asked);

	if (rc == STATUS_OK)
		letter->to[0].allowed = asked & dispatch_allows(service, task->peer,
						    task->purpose, letter->content);
	return rc;
}

/* ---- What it rests on -------------------------------------------------------------------- */

/* What was stopped is never cited again, whatever became of its record since. */
static enum status
check_live(struct service *service, const struct task_row *task, const struct letter *letter)
{
	struct ref_row ref;
	enum status rc =
	    ground_store_ref(service->db, REF_OURS, task->peer, letter->to[0].reference, &ref);

	if (rc != STATUS_OK)
		return rc == STATUS_NOT_FOUND ? STATUS_NO_BASIS : rc;
	return ref.stop_index == UINT64_MAX ? STATUS_OK : STATUS_STOPPED;
}

enum status
dispatch_covers(struct service *service, const char *purpose, const struct content *content,
    const struct addressee *to)
{
	struct content shown = *content;
	struct ground ground;
	char today[11];
	enum status rc = ground_read(&shown, to->basis, purpose, &ground);

	if (rc != STATUS_OK)
		return rc;
	shown.shown &= to->allowed;
	for (unsigned i = 0; i < shown.type->field_count; i++)
		shown.fields[i].present = shown.fields[i].present && content_shows(&shown, i);
	grounds_day(service_time_ms(service), today);
	return ground_covers(&ground, &shown, today);
}

/*
 * An answer rests on what its task does: with that it ends, and with what is known of the record
 * before anybody says so.
 */
static enum status
check_answered(struct service *service, const struct task_row *task)
{
	struct ground_row row;
	struct ref_row ref;
	enum status rc;

	if (task->basis != BASIS_CONSENT && task->basis != BASIS_LAW)
		return STATUS_OK;
	rc = ground_store_ref(service->db, task->side == TASK_SENDER ? REF_OURS : REF_THEIRS,
	    task->peer, task->reference, &ref);
	if (rc == STATUS_OK && ref.stop_index != UINT64_MAX)
		return STATUS_STOPPED;
	if (rc == STATUS_OK)
		rc = ground_store_get(service->db, ref.ground_n, &row);
	if (rc != STATUS_OK)
		return rc == STATUS_NOT_FOUND ? STATUS_NO_BASIS : rc;
	return consent_authorises(row.state) ? STATUS_OK : STATUS_GROUND_EXPIRED;
}

static bool
tells_ground(const struct content *content)
{
	for (unsigned i = 0; i < content->type->field_count; i++)
		if (content->type->fields[i].field->id == FIELD_GROUND)
			return true;
	return false;
}

/*
 * Rule 1 of grounds.h. What has acts alone needs no permission: so a stop is told under what it
 * stops. CONTENT is told the ground as it is now.
 */
static enum status
permit(struct service *service, const struct task_row *task, const struct case_key *key,
    struct content *content, category_set *covered)
{
	const struct party *peer = service_peer(service, task->peer);
	struct ground_row row;
	enum status rc;

	*covered = CATEGORY_ALL;
	if (content->type->categories == CATEGORY_BIT(CATEGORY_ACT))
		return STATUS_OK;
	if (peer == NULL)
		return STATUS_UNKNOWN_PARTY;
	if ((rc = ground_store_get(service->db, task->ground_n, &row)) != STATUS_OK)
		return rc == STATUS_NOT_FOUND ? STATUS_NO_BASIS : rc;
	rc = grounds_permit(service, key, &row, peer, task->purpose, covered);
	return rc == STATUS_OK ? grounds_fill(service, key, &row, content) : rc;
}

/* LETTER has its basis: what of CONTENT goes, and on what. */
static enum status
settle(struct service *service, const struct task_row *task, const struct case_key *key,
    struct content *content, struct letter *letter)
{
	const bool ours =
	    letter->to[0].basis == BASIS_CONSENT || letter->to[0].basis == BASIS_LAW;
	category_set covered = CATEGORY_ALL;
	enum status rc = STATUS_OK;

	letter->content = content;
	if (ours && content->type->id != MESSAGE_GROUND_STOP)
		rc = check_live(service, task, letter);
	if (rc == STATUS_OK && ours)
		rc = permit(service, task, key, content, &covered);
	if (rc == STATUS_OK && letter->to[0].basis == BASIS_CONSENT)
		rc = custody_known_judge(service, content, UINT64_MAX);
	if (rc == STATUS_OK)
		rc = content_check(content);
	if (rc == STATUS_OK)
		rc = allow(service, task, key, letter);
	letter->to[0].allowed &= covered;
	if (rc == STATUS_OK && letter->to[0].basis == BASIS_REPLY &&
	    dispatch_carries_content(content, letter->to[0].allowed))
		rc = check_answered(service, task);
	return rc == STATUS_OK && ours && tells_ground(content)
	           ? dispatch_covers(service, task->purpose, content, &letter->to[0])
	           : rc;
}

/* ---- An act ------------------------------------------------------------------------------ */

static enum status
find_heard(struct service *service, const struct task_row *task, uint64_t *out)
{
	struct case_history history;
	enum status rc = case_file_history(service, task, &history);

	*out = timeline_heard(history.rows, history.count);
	case_file_history_free(&history);
	return rc;
}

enum status
dispatch_act(struct service *service, struct departure *departure, const struct task_row *task,
    const struct case_key *key, struct content *content, uint64_t life_ms,
    uint8_t id[static SUITE_ID_LEN])
{
	struct letter letter = {.task = task, .count = 1, .life_ms = life_ms};
	struct event_row row = {
	    .task_n = task->n, .own = true, .index = UINT64_MAX, .time_ms = service->now_ms};
	uint32_t item;
	bool room;
	enum status rc;

	if (task->sort->share != TASK_OF_TWO)
		return dispatch_shared(service, departure, task, key, content, life_ms, id);
	memcpy(letter.to[0].party, task->peer, sizeof(letter.to[0].party));
	/* Room is left for what will be said about it, or that could not be taken in. */
	rc = event_store_has_room(service->db, task->n, false, EVENT_TASK_MAX / 4 * 3, &room);
	if (rc != STATUS_OK || !room)
		return rc == STATUS_OK ? STATUS_TOO_LARGE : rc;
	if ((rc = content_set_id(content, FIELD_TASK, task->id)) != STATUS_OK)
		return rc;
	if ((rc = find_heard(service, task, &row.applied)) != STATUS_OK)
		return rc;
	if ((rc = content_set_uint(content, FIELD_APPLIED, row.applied)) != STATUS_OK)
		return rc;
	if ((rc = find_ground(service, task, content->type->id, &letter)) != STATUS_OK)
		return rc;
	if ((rc = settle(service, task, key, content, &letter)) != STATUS_OK)
		return rc;
	if ((rc = departure_letter(service, departure, &letter, id, &item)) != STATUS_OK)
		return rc;
	memcpy(row.message, id, sizeof(row.message));
	row.with_content = task_opens(content->type->id) &&
	                   dispatch_carries_content(content, letter.to[0].allowed);
	if ((rc = case_file_add_message(service, key, &row, content, NULL)) != STATUS_OK)
		return rc;
	departure_of_event(departure, item, row.n);
	return custody_leaves(service, departure, task, &row, content);
}

/* The content anew, so that no seed is used for two roots; its ground is told anew. */
static enum status
copy_content(const struct content *from, struct content *to)
{
	enum status rc = content_start(from->type->id, to);

	for (unsigned i = 0; rc == STATUS_OK && i < from->type->field_count; i++) {
		const struct field_info *field = from->type->fields[i].field;
		struct bytes value;

		if (!(tells_ground(from) && grounds_sets(field)) &&
		    content_value(from, field->id, &value))
			rc = content_set_value(to, field->id, value);
	}
	return rc;
}

enum status
dispatch_keep(struct service *service, uint64_t row_n, struct envelope *envelope,
    struct buffer *frame, struct letter *letter)
{
	enum status rc = outbox_store_frame(service->db, row_n, frame);

	if (rc == STATUS_OK)
		rc = envelope_parse(bytes_of_buffer(frame), envelope);
	if (rc == STATUS_OK)
		letter->life_ms = envelope->header.expires_ms - envelope->header.created_ms;
	return rc;
}

/* The task as the author of a message grounded it, where that is not the task's own ground. */
static enum status
find_own_ground(
    struct service *service, const struct envelope *envelope, struct task_row *grounded)
{
	struct ref_row ref;
	enum status rc;

	grounded->basis = envelope->header.recipients[0].basis;
	memcpy(grounded->reference, envelope->header.recipients[0].reference,
	    sizeof(grounded->reference));
	rc = ground_store_ref(service->db, REF_OURS, grounded->peer, grounded->reference, &ref);
	if (rc == STATUS_OK)
		grounded->ground_n = ref.ground_n;
	return rc == STATUS_NOT_FOUND ? STATUS_NO_BASIS : rc;
}

static enum status
send_again(struct service *service, struct departure *departure, const struct task_row *task,
    const struct case_key *key, struct event_row *row, struct content *content,
    const struct outbox_row *old)
{
	/* What was never sent keeps its id and its turn. */
	struct task_row grounded = *task;
	struct letter letter = {
	    .task = task, .count = 1, .place = old->state == OUTBOX_SEALING ? old : NULL};
	struct buffer frame = {0};
	struct envelope envelope;
	uint32_t item;
	enum status rc = dispatch_keep(service, old->n, &envelope, &frame, &letter);

	memcpy(letter.to[0].party, task->peer, sizeof(letter.to[0].party));
	if (rc == STATUS_OK && task_message(task->sort, content->type->id)->own_ground)
		rc = find_own_ground(service, &envelope, &grounded);
	if (rc == STATUS_OK)
		rc = find_ground(service, &grounded, content->type->id, &letter);
	if (rc == STATUS_OK)
		rc = settle(service, &grounded, key, content, &letter);
	if (rc == STATUS_OK)
		rc = departure_letter(service, departure, &letter, row->message, &item);
	buffer_free(&frame);
	if (rc != STATUS_OK)
		return rc;
	departure_of_event(departure, item, row->n);
	return case_file_set_message(service, key, row, content);
}

enum status
dispatch_again(
    struct service *service, struct departure *departure, const struct outbox_row *row)
{
	struct event_row event;
	struct task_row task;
	struct case_key key;
	struct content old = {0}, content = {0};
	enum status rc;

	if ((rc = event_store_get(service->db, row->event_n, &event)) != STATUS_OK)
		return rc;
	if ((rc = case_store_task(service->db, event.task_n, &task)) != STATUS_OK)
		return rc;
	if ((rc = case_file_key(service, task.case_n, &key)) != STATUS_OK)
		return rc;
	rc = case_file_content(service, &key, &event, &old);
	if (rc == STATUS_OK)
		rc = copy_content(&old, &content);
	if (rc == STATUS_OK)
		rc = copies_put(service, &key, event.n, &content);
	if (rc == STATUS_OK)
		rc = task.sort->share == TASK_OF_TWO
		         ? send_again(service, departure, &task, &key, &event, &content, row)
		         : dispatch_shared_again(
			       service, departure, &task, &key, &event, &content, row);
	if (rc == STATUS_OK)
		rc = outbox_store_remove(service->db, row->n);
	content_free(&old);
	content_free(&content);
	vault_forget(&key);
	return rc;
}
