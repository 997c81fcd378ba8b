/* services/runtime/exchange/stops.c: telling that a ground ended, or goes on, and hearing it. */
#include "services/runtime/exchange/stops.h"

#include <string.h>

#include "protocol/host/oplog.h"
#include "protocol/trust/policy.h"
#include "services/runtime/exchange/case_file.h"
#include "services/runtime/exchange/dispatch.h"
#include "services/runtime/exchange/service.h"

/* ---- The tasks under a reference --------------------------------------------------------- */

enum status
stops_index(struct service *service, const struct task_row *task, uint64_t *index)
{
	struct ref_row ref;
	enum status rc = STATUS_NOT_FOUND;

	if (task->basis == BASIS_CONSENT || task->basis == BASIS_LAW)
		rc = ground_store_ref(service->db,
		    task->side == TASK_SENDER ? REF_OURS : REF_THEIRS, task->peer,
		    task->reference, &ref);
	*index = rc == STATUS_OK ? ref.stop_index : UINT64_MAX;
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

static enum status
refold_citing(struct service *service, const struct ref_row *ref)
{
	const enum task_side side = ref->direction == REF_OURS ? TASK_SENDER : TASK_RECIPIENT;
	struct task_row task;
	uint64_t after = 0;
	enum status rc;

	while ((rc = case_store_citing(service->db, ref->peer, ref->reference, after, &task)) ==
	       STATUS_OK) {
		after = task.n;
		if (task.side == side && task_knows(task.sort, TASK_EVENT_GROUND_STOPPED) &&
		    (rc = case_file_refold(service, &task, "ground_stop")) != STATUS_OK)
			return rc;
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* ---- Telling ----------------------------------------------------------------------------- */

/* Whether it can be sealed to PEER now; why not. */
static enum status
can_tell(struct service *service, enum message type, const struct ref_row *ref)
{
	const struct party *self = service_self(service),
			   *peer = service_peer(service, ref->peer);
	const struct signing_key *key;
	struct sealing_epoch epoch;
	uint32_t number;
	enum status rc;

	if (self == NULL || peer == NULL)
		return STATUS_UNKNOWN_PARTY;
	if (peer->suspended_index != 0)
		return STATUS_SUSPENDED;
	if ((rc = service_may_seal(service)) != STATUS_OK)
		return rc;
	if ((rc = service_signing(service, &number, &key)) != STATUS_OK)
		return rc;
	rc = directory_sealing_now(service->directory, peer, service_time_ms(service), &epoch);
	return rc == STATUS_OK ? policy_permits(type, self, peer, ref->basis) : rc;
}

static enum status
send(struct service *service, struct departure *departure, const struct case_key *key,
    const struct ground_row *row, const struct ref_row *ref, struct content *content,
    uint64_t *task_n)
{
	struct task_row task = {.case_n = row->case_n,
	    .sort = task_sort_of(content->type->id),
	    .side = TASK_SENDER,
	    .basis = ref->basis,
	    .time_ms = service->now_ms};
	uint8_t id[SUITE_ID_LEN];
	enum status rc;

	suite_new_id(service->now_ms, task.id);
	suite_random(task.token, sizeof(task.token));
	memcpy(task.reference, ref->reference, sizeof(task.reference));
	memcpy(task.peer, ref->peer, sizeof(task.peer));
	if ((rc = case_store_next_task(service->db, &task.n)) != STATUS_OK)
		return rc;
	if ((rc = case_store_add_task(service->db, &task)) != STATUS_OK)
		return rc;
	rc = dispatch_act(service, departure, &task, key, content, LETTER_LIFE_MS, id);
	if (rc == STATUS_OK)
		rc = case_file_refold(service, &task, "queued");
	*task_n = task.n;
	return rc;
}

static enum status
make_stop(
    const struct ground_row *row, const char *reason, const char *day, struct content *content)
{
	enum status rc = content_start(MESSAGE_GROUND_STOP, content);

	if (rc == STATUS_OK)
		rc = content_set_id(content, FIELD_RECORD, row->id);
	if (rc == STATUS_OK)
		rc = content_set_text(content, FIELD_STOP_REASON, bytes_of_text(reason));
	if (rc == STATUS_OK)
		rc = content_set_text(content, FIELD_EVENT_DATE, bytes_of_text(day));
	return rc;
}

/* The reference is stopped whether or not anybody can be told. */
static enum status
tell_stop(struct service *service, struct departure *departure, const struct case_key *key,
    const struct ground_row *row, struct ref_row *ref, const char *day)
{
	struct content content = {0};
	enum status rc = can_tell(service, MESSAGE_GROUND_STOP, ref);

	if (rc != STATUS_OK) {
		oplog(OPLOG_WARNING, "a stop waits: %s", status_name(rc));
		return STATUS_OK;
	}
	rc = make_stop(row, ref->stop_reason, day, &content);
	if (rc == STATUS_OK)
		rc = send(service, departure, key, row, ref, &content, &ref->stop_task_n);
	if (rc == STATUS_OK)
		rc = ground_store_set_ref(service->db, ref);
	content_free(&content);
	return rc;
}

static enum status
push_one(struct service *service, struct departure *departure, const struct case_key *key,
    const struct ground_row *row, struct ref_row *ref, const char *reason, const char *day)
{
	enum status rc;

	ref->stop_index = 0;
	if (!bytes_to_text(bytes_of_text(reason), ref->stop_reason, sizeof(ref->stop_reason)))
		return STATUS_ARGUMENT;
	if ((rc = ground_store_set_ref(service->db, ref)) != STATUS_OK)
		return rc;
	if ((rc = outbox_take_back(service, ref->peer, ref->reference)) != STATUS_OK)
		return rc;
	if ((rc = tell_stop(service, departure, key, row, ref, day)) != STATUS_OK)
		return rc;
	return refold_citing(service, ref);
}

enum status
stops_push(struct service *service, struct departure *departure, const struct case_key *key,
    const struct ground_row *row, const char *reason, const char *day)
{
	struct ref_row ref = {0};
	enum status rc;

	while (
	    (rc = ground_store_ref_of(service->db, row->n, REF_OURS, ref.n, &ref)) == STATUS_OK)
		if (ref.stop_index == UINT64_MAX && (rc = push_one(service, departure, key, row,
							 &ref, reason, day)) != STATUS_OK)
			return rc;
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* Whether no other reference of the record was made for this one's institution since. */
static enum status
is_newest(struct service *service, const struct ref_row *ref, bool *newest)
{
	struct ref_row other = {.n = ref->n};
	enum status rc;

	*newest = true;
	while ((rc = ground_store_ref_of(
		    service->db, ref->ground_n, REF_OURS, other.n, &other)) == STATUS_OK)
		*newest = *newest && strcmp(other.peer, ref->peer) != 0;
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

enum status
stops_push_anew(struct service *service, struct departure *departure,
    const struct case_key *key, const struct ground_row *row, const char *reason,
    const char *day)
{
	struct ref_row ref = {0}, fresh;
	bool newest;
	enum status rc;

	while ((rc = ground_store_ref_of(service->db, row->n, REF_OURS, ref.n, &ref)) ==
	       STATUS_OK) {
		if (strcmp(ref.stop_reason, "objected") != 0)
			continue;
		if ((rc = is_newest(service, &ref, &newest)) != STATUS_OK)
			return rc;
		if (!newest)
			continue;
		fresh = (struct ref_row){.direction = REF_OURS,
		    .basis = row->basis,
		    .ground_n = row->n,
		    .stop_index = UINT64_MAX};
		memcpy(fresh.peer, ref.peer, sizeof(fresh.peer));
		suite_new_id(service->now_ms, fresh.reference);
		if ((rc = ground_store_add_ref(service->db, &fresh)) != STATUS_OK ||
		    (rc = push_one(service, departure, key, row, &fresh, reason, day)) !=
			STATUS_OK)
			return rc;
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

enum status
stops_logged(struct service *service, const struct task_row *task, uint64_t index)
{
	struct ref_row ref;
	enum status rc =
	    ground_store_ref(service->db, REF_OURS, task->peer, task->reference, &ref);

	if (rc != STATUS_OK)
		return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
	ref.stop_index = index;
	if ((rc = ground_store_set_ref(service->db, &ref)) != STATUS_OK)
		return rc;
	return refold_citing(service, &ref);
}

enum status
stops_refused(struct service *service, const struct task_row *task, enum status code)
{
	struct ref_row ref;
	enum status rc;

	if (code != STATUS_SUSPENDED && code != STATUS_EXPIRED)
		return STATUS_OK;
	rc = ground_store_ref(service->db, REF_OURS, task->peer, task->reference, &ref);
	if (rc != STATUS_OK || ref.stop_task_n != task->n)
		return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
	ref.stop_task_n = 0;
	return ground_store_set_ref(service->db, &ref);
}

/* ---- Renewals ---------------------------------------------------------------------------- */

static enum status
tell_renewal(struct service *service, struct departure *departure, const struct case_key *key,
    const struct ground_row *row, const struct ref_row *ref)
{
	struct content content = {0};
	uint64_t task_n;
	enum status rc = can_tell(service, MESSAGE_GROUND_RENEW, ref);

	/* The next message tells it as well; what went before stays covered by what it said. */
	if (rc != STATUS_OK) {
		oplog(OPLOG_WARNING, "a renewal is not told: %s", status_name(rc));
		return STATUS_OK;
	}
	rc = content_start(MESSAGE_GROUND_RENEW, &content);
	if (rc == STATUS_OK)
		rc = grounds_fill(service, key, row, &content);
	if (rc == STATUS_OK)
		rc = send(service, departure, key, row, ref, &content, &task_n);
	content_free(&content);
	return rc;
}

enum status
stops_renew(struct service *service, struct departure *departure, const struct case_key *key,
    const struct ground_row *row)
{
	struct ref_row ref = {0};
	enum status rc = STATUS_OK;

	if (row->basis != BASIS_CONSENT)
		return STATUS_OK;
	while (
	    (rc = ground_store_ref_of(service->db, row->n, REF_OURS, ref.n, &ref)) == STATUS_OK)
		if (ref.stop_index == UINT64_MAX &&
		    (rc = tell_renewal(service, departure, key, row, &ref)) != STATUS_OK)
			return rc;
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* ---- What comes -------------------------------------------------------------------------- */

/* The mirror loses its ground where the log says so, and whoever we passed it on to is told. */
static enum status
stop_mirror(struct service *service, struct departure *departure, const struct ref_row *ref,
    const char *day)
{
	const struct ground_cause cause = {.index = ref->stop_index, .day = day};
	struct ground_row mirror;
	struct case_key key;
	enum status rc = ground_store_get(service->db, ref->ground_n, &mirror);

	if (rc == STATUS_OK)
		rc = case_file_key(service, mirror.case_n, &key);
	if (rc != STATUS_OK)
		return rc == STATUS_NOT_FOUND || rc == STATUS_ERASED ? STATUS_OK : rc;
	rc = grounds_apply(service, departure, &key, &mirror,
	    grounds_stop_event(ref->basis, ref->stop_reason), &cause);
	vault_forget(&key);
	return rc;
}

static enum status
take_reference(struct service *service, const struct task_row *task,
    const struct content *content, uint64_t index, struct ref_row *ref)
{
	uint8_t record[SUITE_ID_LEN];
	struct ground_row mirror;
	struct bytes reason;
	enum status rc;

	if (!content_text(content, FIELD_STOP_REASON, &reason) ||
	    !content_id(content, FIELD_RECORD, record))
		return STATUS_BAD_CONTENT;
	rc = ground_store_ref(service->db, REF_THEIRS, task->peer, task->reference, ref);
	if (rc == STATUS_NOT_FOUND) {
		*ref = (struct ref_row){.direction = REF_THEIRS, .basis = task->basis};
		memcpy(ref->peer, task->peer, sizeof(ref->peer));
		memcpy(ref->reference, task->reference, sizeof(ref->reference));
		rc = ground_store_find(service->db, record, task->peer, &mirror);
		if (rc == STATUS_OK && mirror.basis == task->basis)
			ref->ground_n = mirror.n;
		if (rc == STATUS_OK || rc == STATUS_NOT_FOUND)
			rc = ground_store_add_ref(service->db, ref);
	}
	if (rc != STATUS_OK)
		return rc;
	ref->stop_index = index;
	ref->stop_task_n = task->n;
	if (!bytes_to_text(reason, ref->stop_reason, sizeof(ref->stop_reason)))
		return STATUS_BAD_CONTENT;
	return ground_store_set_ref(service->db, ref);
}

enum status
stops_take(struct service *service, struct departure *departure, const struct case_key *key,
    const struct task_row *task, const struct content *content, uint64_t index)
{
	struct ref_row ref;
	struct bytes date;
	char day[11];
	enum status rc = take_reference(service, task, content, index, &ref);

	(void)
	    key; /* the mirror may belong to another case than the stop of an unknown record */
	if (rc != STATUS_OK)
		return rc;
	if (!content_text(content, FIELD_EVENT_DATE, &date) ||
	    !bytes_to_text(date, day, sizeof(day)))
		return STATUS_BAD_CONTENT;
	if (ref.ground_n != 0 && (rc = stop_mirror(service, departure, &ref, day)) != STATUS_OK)
		return rc;
	return refold_citing(service, &ref);
}

enum status
stops_heard(struct service *service, struct departure *departure, const char *peer,
    const struct envelope_recipient *own, uint64_t index)
{
	struct ref_row ref;
	enum status rc = ground_store_ref(service->db, REF_THEIRS, peer, own->reference, &ref);

	if (rc == STATUS_NOT_FOUND) {
		ref = (struct ref_row){
		    .direction = REF_THEIRS, .basis = own->basis, .stop_index = UINT64_MAX};
		memcpy(ref.reference, own->reference, sizeof(ref.reference));
		if (!bytes_to_text(bytes_of_text(peer), ref.peer, sizeof(ref.peer)))
			return STATUS_ARGUMENT;
		rc = ground_store_add_ref(service->db, &ref);
	}
	if (rc != STATUS_OK || ref.stop_index <= index)
		return rc;
	ref.stop_index = index;
	memcpy(ref.stop_reason, "invalidated", sizeof("invalidated"));
	if ((rc = ground_store_set_ref(service->db, &ref)) != STATUS_OK)
		return rc;
	if (ref.ground_n != 0 &&
	    (rc = stop_mirror(service, departure, &ref, NULL)) != STATUS_OK)
		return rc;
	return refold_citing(service, &ref);
}

/* ---- By themselves ----------------------------------------------------------------------- */

/* The legal date of what stopped the record, which the first attempt to tell it knew. */
static enum status
day_of_stop(struct service *service, const struct case_key *key, const struct ground_row *row,
    char day[static 11])
{
	struct ground_event_row event = {0};
	const char *text;
	json_t *body;
	uint64_t last = 0;
	enum status rc;

	grounds_day(service_time_ms(service), day);
	while (
	    (rc = ground_store_event_after(service->db, row->n, event.n, &event)) == STATUS_OK)
		if (consent_stop_reason(event.what)[0] != '\0')
			last = event.n;
	if (rc != STATUS_NOT_FOUND)
		return rc;
	if (last == 0)
		return STATUS_OK;
	if ((rc = grounds_read_event(service, key, last, &body)) != STATUS_OK)
		return rc == STATUS_ERASED ? STATUS_OK : rc;
	text = json_string_value(json_object_get(body, "day"));
	if (text != NULL && !bytes_to_text(bytes_of_text(text), day, 11))
		rc = STATUS_DATABASE;
	json_decref(body);
	return rc;
}

static enum status
tell_late(struct service *service, struct departure *departure, struct ref_row *ref)
{
	struct ground_row row;
	struct case_key key;
	char day[11];
	enum status rc = ground_store_get(service->db, ref->ground_n, &row);

	if (rc == STATUS_OK)
		rc = case_file_key(service, row.case_n, &key);
	if (rc != STATUS_OK)
		return rc;
	rc = day_of_stop(service, &key, &row, day);
	if (rc == STATUS_OK)
		rc = tell_stop(service, departure, &key, &row, ref, day);
	if (rc == STATUS_OK)
		rc = departure_sign(service, departure);
	vault_forget(&key);
	return rc;
}

enum status
stops_due(struct service *service)
{
	struct ref_row ref = {0};
	enum status rc;

	while ((rc = ground_store_untold(service->db, ref.n, &ref)) == STATUS_OK) {
		struct departure departure = {0};

		if (can_tell(service, MESSAGE_GROUND_STOP, &ref) != STATUS_OK)
			continue;
		if ((rc = service_begin(service)) != STATUS_OK)
			return rc;
		rc = service_end(service, tell_late(service, &departure, &ref), "act");
		departure_free(&departure);
		if (rc == STATUS_DATABASE || rc == STATUS_NO_SPACE || rc == STATUS_NO_MEMORY)
			return rc;
		/* One that cannot be told does not hold up the others. */
		if (rc != STATUS_OK)
			oplog(OPLOG_WARNING, "a stop waits: %s", status_name(rc));
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}
