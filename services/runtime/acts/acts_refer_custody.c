/* services/runtime/acts/acts_refer_custody.c: what a custody statement needs besides, and who is to get it. */
#include "services/runtime/acts/acts_refer_inside.h"

#include <string.h>

#include "services/runtime/exchange/custody_child.h"
#include "services/runtime/exchange/custody_pass.h"

/* ---- Participants ------------------------------------------------------------------------ */

static bool
is_named(const struct opening *r, const struct party *party)
{
	for (unsigned i = 0; i < r->count; i++)
		if (r->to[i] == party)
			return true;
	for (unsigned i = 0; i < r->missed_count; i++)
		if (r->missed[i] == party)
			return true;
	return false;
}

static enum status
add(struct service *service, struct opening *r, const char *code)
{
	const struct party *party = service_peer(service, code);
	struct sealing_epoch epoch;
	enum status rc;

	if (party == NULL || is_named(r, party))
		return STATUS_OK;
	if (r->count + r->missed_count == ACTS_REFER_MAX)
		return request_refuse(r->refusal, STATUS_TOO_LARGE, "participants",
		    "the case has more than %d participants: name them in to", ACTS_REFER_MAX);
	rc = party->suspended_index != 0 ? STATUS_SUSPENDED
	                                 : directory_sealing_now(service->directory, party,
					       service_time_ms(service), &epoch);
	if (rc == STATUS_OK) {
		r->to[r->count++] = party;
		return STATUS_OK;
	}
	r->why[r->missed_count] = rc;
	r->missed[r->missed_count++] = party;
	return STATUS_OK;
}

enum status
acts_refer_custody_participants(struct service *service, struct opening *r)
{
	const json_t *asked = json_object_get(r->request, "participants");
	struct task_filter filter = {.sides = TASK_SENDER | TASK_RECIPIENT,
	    .state = TASK_STATE_COUNT,
	    .case_n = r->file.n};
	struct task_row task;
	enum status rc;

	if (asked == NULL || json_is_null(asked) || json_is_false(asked))
		return STATUS_OK;
	if (!json_is_true(asked) || r->type != MESSAGE_NOTICE_CUSTODY || !r->joins)
		return request_refuse(r->refusal, STATUS_ARGUMENT, "participants",
		    "participants is true for a custody statement of a case that is named");
	while ((rc = case_store_next_of(service->db, &filter, &task)) == STATUS_OK) {
		filter.before = task.n;
		if ((rc = add(service, r, task.peer)) != STATUS_OK)
			return rc;
	}
	if (rc != STATUS_NOT_FOUND)
		return acts_fail(r->refusal, rc, "reading the case");
	return r->count > 0 ? STATUS_OK
	                    : request_refuse(r->refusal, STATUS_BAD_RECIPIENTS, "participants",
				  "nobody of the case can be reached: name institutions in to");
}

enum status
acts_refer_custody_missed(struct service *service, const struct opening *r)
{
	enum status rc = STATUS_OK;

	for (unsigned i = 0; rc == STATUS_OK && i < r->missed_count; i++)
		rc = custody_pass_missed(service, &r->tasks[0], r->missed[i]->code, r->why[i]);
	return rc;
}

/* ---- What it says ------------------------------------------------------------------------ */

static bool
has(const struct content *content, enum field field)
{
	struct bytes text;

	return content_text(content, field, &text);
}

/* Whoever gets it has to know whose custody it is, and which child's. */
enum status
acts_refer_custody_check(const struct opening *r, const struct content *content)
{
	const json_t *all = json_object_get(r->request, "all_holders");
	struct custody_child child;
	struct bytes event;
	bool every = json_is_true(all), named;

	if (all != NULL && !json_is_null(all) &&
	    (!json_is_boolean(all) || r->type != MESSAGE_NOTICE_CUSTODY))
		return request_refuse(r->refusal, STATUS_ARGUMENT, "all_holders",
		    "all_holders is true for a custody statement about every parent");
	if (r->type != MESSAGE_NOTICE_CUSTODY)
		return STATUS_OK;
	named = has(content, FIELD_CUSTODY_PERSON);
	if (has(content, FIELD_CUSTODY_PERSON_CODE) && !named)
		return request_refuse(r->refusal, STATUS_ARGUMENT, "custody_person",
		    "a personal code goes with the person's name");
	if (named && every)
		return request_refuse(r->refusal, STATUS_ARGUMENT, "all_holders",
		    "either every parent, or the one who is named");
	if (!named && !every && content_text(content, FIELD_CUSTODY_EVENT, &event) &&
	    (bytes_is_text(event, "interrupted") || bytes_is_text(event, "terminated") ||
		bytes_is_text(event, "restored")))
		return request_refuse(r->refusal, STATUS_ARGUMENT, "custody_person",
		    "name whose custody it is, or say all_holders");
	if (!custody_child_of(content, &child))
		return request_refuse(r->refusal, STATUS_ARGUMENT, "personal_code",
		    "name the child's personal code, or the day of birth");
	suite_wipe(&child, sizeof(child));
	return STATUS_OK;
}
