/* services/runtime/exchange/inbox_judge.c: whether a message that came may be applied. */
#include "services/runtime/exchange/inbox_inside.h"

#include <string.h>

#include "protocol/trust/policy.h"
#include "protocol/trust/profile.h"
#include "services/runtime/exchange/asked.h"
#include "services/runtime/exchange/case_file.h"
#include "services/runtime/exchange/climbs.h"
#include "services/runtime/exchange/climbs_told.h"
#include "services/runtime/exchange/custody_forwarded.h"
#include "services/runtime/exchange/custody_known.h"
#include "services/runtime/exchange/dispatch.h"
#include "services/runtime/exchange/history.h"
#include "services/runtime/exchange/service.h"
#include "services/runtime/exchange/sittings.h"
#include "services/runtime/exchange/stops.h"
#include "services/runtime/task/circle.h"
#include "services/runtime/task/notice.h"

bool
inbox_position(const struct service *service, struct incoming *in)
{
	const struct envelope_header *header = &in->leaf->header;

	for (uint32_t i = 0; i < header->recipient_count; i++) {
		if (!bytes_is_text(header->recipients[i].party, service->config.code))
			continue;
		in->position = i;
		in->own = &header->recipients[i];
		return true;
	}
	return false;
}

struct ground_cited
inbox_cited(const struct incoming *in)
{
	return (struct ground_cited){.peer = in->peer,
	    .own = in->own,
	    .index = in->deliver->proven.index,
	    .time_ms = in->leaf->time_ms > INT64_MAX ? INT64_MAX : in->leaf->time_ms,
	    .purpose = in->task.purpose,
	    .content = &in->content};
}

/* The same table and directory as the sender and the broker asked: default deny, thrice. */
static enum status
check_sender(struct service *service, const struct incoming *in)
{
	uint8_t key[SUITE_SIGN_PUBLIC];
	int recipient;
	enum status rc = policy_check(
	    service->directory, &in->leaf->header, in->deliver->proven.index, key, &recipient);

	if (rc != STATUS_OK)
		return rc;
	return batch_verify(in->leaf->digest, &in->leaf->proof, key, &service->cache);
}

static enum status
open_part(struct service *service, struct incoming *in)
{
	const struct frame_deliver *deliver = in->deliver;
	const struct leaf *leaf = in->leaf;
	const struct box_key *key = epochs_key(service, in->own->sealing_epoch);
	uint8_t hash[SUITE_HASH_LEN];
	enum status rc;

	if (!deliver->has_part || deliver->part_number != in->position ||
	    in->position >= leaf->part_count)
		return STATUS_MALFORMED;
	envelope_part_hash(&deliver->part, hash);
	if (memcmp(hash, leaf->part_hashes[in->position].byte, sizeof(hash)) != 0)
		return STATUS_BAD_PROOF;
	if (key == NULL)
		return STATUS_CANNOT_OPEN;
	rc = envelope_open(&leaf->header, leaf->header_hash, in->position, &deliver->part, key,
	    &in->content, &in->claim);
	in->opened = rc == STATUS_OK;
	return rc;
}

/* An answer is held to what was asked. */
static enum status
find_asked(struct service *service, const struct incoming *in, category_set *out)
{
	const enum message type = in->content.type->id;
	const struct task_message *act = in->is_new ? NULL : task_message(in->task.sort, type);
	struct case_key key;
	enum status rc;

	*out = CATEGORY_ALL;
	if (act == NULL || !act->as_asked)
		return STATUS_OK;
	rc = case_file_key(service, in->task.case_n, &key);
	if (rc != STATUS_OK)
		return rc;
	rc = asked_allows(service, &in->task, &key, type, out);
	vault_forget(&key);
	return rc;
}

/* Nothing is shown of a category that may not come here: absence says something, too. */
static enum status
check_profile(struct service *service, const struct incoming *in)
{
	const struct party *self = service_self(service);
	category_set allowed, asked;
	enum status rc;

	if (self == NULL)
		return STATUS_UNKNOWN_PARTY;
	if ((rc = find_asked(service, in, &asked)) != STATUS_OK)
		return rc;
	allowed = asked & profile_allows(in->task.purpose, self->kind);
	if (dispatch_is_preview(&in->content))
		allowed = CATEGORY_BIT(CATEGORY_ACT);
	return (in->content.shown & ~allowed) == 0 ? STATUS_OK : STATUS_OUTSIDE_PROFILE;
}

/* It decides the profiles of the whole task; one that we do not know is none. */
static enum status
take_purpose(struct incoming *in)
{
	struct bytes purpose = {0};

	if (!content_text(&in->content, FIELD_PURPOSE, &purpose) ||
	    !bytes_to_text(purpose, in->task.purpose, sizeof(in->task.purpose)))
		in->task.purpose[0] = '\0';
	return notice_purpose_fits(in->content.type->id, purpose) ? STATUS_OK
	                                                          : STATUS_BAD_CONTENT;
}

/* What opens a task is new; anything else belongs to one that we share with its sender. */
static enum status
find_task(struct service *service, struct incoming *in)
{
	bool room;
	enum status rc;

	if (!content_id(&in->content, FIELD_TASK, in->task_id))
		return STATUS_BAD_CONTENT;
	if (task_sort_of(in->content.type->id) == NULL)
		return STATUS_UNKNOWN_TYPE;
	if (task_sort_of(in->content.type->id)->share != TASK_OF_TWO)
		return inbox_circle_find(service, in);
	if (circle_is_id(in->task_id))
		return STATUS_BAD_CONTENT;
	rc = case_store_find_task(service->db, in->task_id, &in->task);
	in->is_new = task_opens(in->content.type->id);
	if (in->is_new)
		return rc == STATUS_NOT_FOUND ? take_purpose(in)
		       : rc == STATUS_OK      ? STATUS_BAD_CONTENT
		                              : rc;
	if (rc == STATUS_NOT_FOUND)
		return STATUS_UNKNOWN_REPLY;
	if (rc != STATUS_OK)
		return rc;
	if (strcmp(in->task.peer, in->peer) != 0 || in->task.circle_n != 0)
		return STATUS_UNKNOWN_REPLY;
	if (task_message(in->task.sort, in->content.type->id) == NULL)
		return STATUS_BAD_CONTENT;
	if (memcmp(in->task.token, in->leaf->header.case_token, SUITE_ID_LEN) != 0)
		return STATUS_BAD_CONTENT;
	/* Room is left for evidence and for our own acts. */
	rc = event_store_has_room(service->db, in->task.n, false, EVENT_TASK_MAX / 2, &room);
	return rc == STATUS_OK && !room ? STATUS_TOO_LARGE : rc;
}

/*
 * What its author says to have applied decides crossings: it is 0, or the place of a message of
 * ours in this task that stands before its own. A message of ours whose receipt is awaited may
 * be it: the peer can have it sooner than we have the receipt, and what nothing else of ours
 * stands at cannot be called a lie then.
 */
static enum status
check_applied(struct service *service, const struct incoming *in)
{
	struct event_row row;
	uint64_t applied;
	bool awaited;
	enum status rc;

	if (!content_uint(&in->content, FIELD_APPLIED, &applied) || applied == 0 ||
	    task_sort_of(in->content.type->id)->share != TASK_OF_TWO)
		return STATUS_OK;
	if (in->is_new || applied >= in->deliver->proven.index)
		return STATUS_BAD_CONTENT;
	rc = event_store_at(service->db, applied, &row);
	if (rc == STATUS_OK)
		return row.own && row.what == EVENT_MESSAGE && row.task_n == in->task.n
		           ? STATUS_OK
		           : STATUS_BAD_CONTENT;
	if (rc != STATUS_NOT_FOUND)
		return rc;
	rc = event_store_awaits(service->db, in->task.n, &awaited);
	return rc != STATUS_OK || awaited ? rc : STATUS_BAD_CONTENT;
}

/*
 * What rests on a ground of its own is judged by it. An answer rests on that of its task, and what
 * follows a stop in the log is stopped with it; a stop of ours that has no place there yet will
 * have one behind whatever came before it.
 */
static enum status
check_ground(struct service *service, const struct incoming *in)
{
	const struct ground_cited cited = inbox_cited(in);
	uint64_t stop = UINT64_MAX;
	enum status rc = grounds_judge(service, &cited);

	if (rc != STATUS_OK || in->is_new || in->own->basis == BASIS_NONE)
		return rc;
	if ((rc = stops_index(service, &in->task, &stop)) != STATUS_OK)
		return rc;
	return stop != 0 && stop < in->deliver->proven.index ? STATUS_STOPPED : STATUS_OK;
}

/*
 * A handling mark that its sender may not set: the notice is kept, so that people see that there
 * was one, but has no effect; its sender is told that it was not permitted.
 */
static void
check_mark(const struct service *service, struct incoming *in)
{
	const struct party *sender = service_peer(service, in->peer);

	if (!in->is_new || sender == NULL || notice_mark_permitted(&in->content, sender->kind))
		return;
	in->not_permitted = true;
}

/* One of the peer's own, or one that it passes on, and proves. */
static enum status
find_statement(struct service *service, struct incoming *in)
{
	struct custody_statement *statement = &in->statement;

	custody_free(statement);
	if (in->content.type->id == MESSAGE_NOTICE_FORWARDED)
		return custody_forwarded_open(
		    service, &in->content, in->peer, in->deliver->proven.index, statement);
	if (in->content.type->id != MESSAGE_NOTICE_CUSTODY)
		return STATUS_OK;
	statement->content = &in->content;
	statement->index = in->deliver->proven.index;
	memcpy(statement->origin, in->peer, sizeof(statement->origin));
	memcpy(statement->via, in->peer, sizeof(statement->via));
	memcpy(statement->message, in->leaf->header.id, sizeof(statement->message));
	return STATUS_OK;
}

enum status
inbox_judge(struct service *service, struct incoming *in, bool behind)
{
	enum status rc;

	if ((rc = check_sender(service, in)) != STATUS_OK)
		return rc;
	in->from_sender = true;
	if ((rc = open_part(service, in)) != STATUS_OK)
		return rc;
	if (behind)
		return content_check(&in->content);
	return inbox_judge_content(service, in);
}

enum status
inbox_judge_content(struct service *service, struct incoming *in)
{
	enum status rc;

	if ((rc = content_check(&in->content)) != STATUS_OK)
		return rc;
	if ((rc = find_task(service, in)) != STATUS_OK)
		return rc;
	if ((rc = check_applied(service, in)) != STATUS_OK)
		return rc;
	if ((rc = inbox_circle_kept(service, in)) != STATUS_OK)
		return rc;
	if ((rc = sittings_judge(service, in->peer, &in->content)) != STATUS_OK)
		return rc;
	if ((rc = climbs_told_judge(service, in->peer, &in->content)) != STATUS_OK)
		return rc;
	if (!in->is_new && (rc = climbs_judge(service, &in->task, &in->content,
				in->deliver->proven.index)) != STATUS_OK)
		return rc;
	if ((rc = check_profile(service, in)) != STATUS_OK)
		return rc;
	if ((rc = check_ground(service, in)) != STATUS_OK)
		return rc;
	if ((rc = find_statement(service, in)) != STATUS_OK)
		return rc;
	if (in->own->basis == BASIS_CONSENT && (rc = custody_known_judge(service, &in->content,
						    in->deliver->proven.index)) != STATUS_OK)
		return rc;
	check_mark(service, in);
	return history_judge(service, in);
}
