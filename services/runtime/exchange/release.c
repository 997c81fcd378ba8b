/* services/runtime/exchange/release.c: the content of a referral, released by itself once review opened. */
#include "services/runtime/exchange/release.h"

#include <string.h>

#include "protocol/host/oplog.h"
#include "protocol/trust/profile.h"
#include "services/runtime/exchange/dispatch.h"
#include "services/runtime/exchange/grounds.h"
#include "services/runtime/exchange/service.h"

/* Of the offer's fields those that the recipient's profile allows; its ground is told anew. */
static enum status
fill(const struct content *offer, category_set allowed, struct content *out)
{
	enum status rc = content_start(MESSAGE_REFERRAL_RELEASE, out);

	for (unsigned i = 0; rc == STATUS_OK && i < out->type->field_count; i++) {
		const struct field_info *field = out->type->fields[i].field;
		struct bytes value;

		if (field->id == FIELD_TASK || field->id == FIELD_APPLIED ||
		    grounds_sets(field) || (allowed & CATEGORY_BIT(field->category)) == 0)
			continue;
		if (content_value(offer, field->id, &value))
			rc = content_set_value(out, field->id, value);
	}
	return rc;
}

enum status
release_make(struct service *service, const struct task_row *task, const struct case_key *key,
    struct content *content)
{
	const struct descriptor *descriptor = service->config.descriptor;
	const struct party *self = service_self(service),
			   *peer = service_peer(service, task->peer);
	struct content whole = {0};
	struct event_row offer;
	const char *detail = "";
	enum status rc;

	if (self == NULL || peer == NULL)
		return STATUS_UNKNOWN_PARTY;
	rc = event_store_offer(service->db, task->n, &offer);
	if (rc == STATUS_OK)
		rc = case_file_content(service, key, &offer, &whole);
	if (rc == STATUS_OK)
		rc = fill(&whole, profile_allows(task->purpose, peer->kind), content);
	if (rc == STATUS_OK && descriptor->before_send != NULL)
		rc = descriptor->before_send(descriptor, self->kind, content, &detail);
	content_free(&whole);
	return rc;
}

static enum status
send(struct service *service, struct departure *departure, const struct task_row *task)
{
	struct content content = {0};
	struct case_key key;
	uint8_t id[SUITE_ID_LEN];
	enum status rc;

	if ((rc = case_file_key(service, task->case_n, &key)) != STATUS_OK)
		return rc;
	rc = release_make(service, task, &key, &content);
	if (rc == STATUS_OK)
		rc = dispatch_act(service, departure, task, &key, &content, LETTER_LIFE_MS, id);
	content_free(&content);
	vault_forget(&key);
	return rc;
}

/* What passes by itself: nothing is wrong with the ground. */
static bool
must_wait(enum status rc)
{
	return rc == STATUS_STALE_DIRECTORY || rc == STATUS_FORKED_LOG ||
	       rc == STATUS_UNKNOWN_EPOCH || rc == STATUS_UNKNOWN_KEY;
}

/* Ours to handle now, rather than a failure of this machine. */
static bool
is_about_ground(enum status rc)
{
	return (rc >= STATUS_MALFORMED && rc < STATUS_BAD_CONFIG && rc != STATUS_NO_SPACE) ||
	       rc == STATUS_ARGUMENT || rc == STATUS_NOT_ALLOWED || rc == STATUS_WRONG_STATE;
}

static enum status
withhold(struct service *service, struct task_row *task, const struct event_row *offer,
    enum status why)
{
	struct event_row row = {.task_n = task->n,
	    .what = EVENT_WITHHELD,
	    .type = MESSAGE_REFERRAL_RELEASE,
	    .own = true,
	    .index = UINT64_MAX,
	    .time_ms = service->now_ms,
	    .status = why};

	memcpy(row.message, offer->message, sizeof(row.message));
	return case_file_add_note(service, &row);
}

static enum status
settle(struct service *service, struct departure *departure, struct task_row *task,
    const struct event_row *offer, const struct event_row *cause)
{
	enum status how, rc;

	how = send(service, departure, task);
	if (must_wait(how))
		return STATUS_OK;
	if (how != STATUS_OK && !is_about_ground(how))
		return how;
	if (how != STATUS_OK && (rc = withhold(service, task, offer, how)) != STATUS_OK)
		return rc;
	rc = case_store_effect_put(service->db, task->n, cause->message, how, service->now_ms);
	if (rc != STATUS_OK)
		return rc;
	return case_file_refold(
	    service, task, how == STATUS_OK ? "referral_release" : "withheld");
}

/* ---- What called for it ------------------------------------------------------------------ */

static bool
is_about_key(enum status reason)
{
	return reason == STATUS_CANNOT_OPEN || reason == STATUS_UNKNOWN_EPOCH ||
	       reason == STATUS_KEY_REVOKED;
}

/* The first and only release, when its recipient said that it had no key for it; or NULL. */
static const struct event_row *
lost_to_a_key(const struct case_history *history)
{
	const struct event_row *release = NULL, *row;
	unsigned count = 0;

	for (size_t i = 0; i < history->count; i++) {
		row = &history->rows[i];
		if (row->what != EVENT_MESSAGE || row->type != MESSAGE_REFERRAL_RELEASE)
			continue;
		release = row;
		count++;
	}
	for (size_t i = 0; count == 1 && i < history->count; i++) {
		row = &history->rows[i];
		if (row->what == EVENT_UNREADABLE && is_about_key(row->status) &&
		    memcmp(row->message, release->message, sizeof(row->message)) == 0)
			return release;
	}
	return NULL;
}

/* Whether the directory offers another epoch by now than RELEASE was sealed to. */
static enum status
is_other_key(struct service *service, const struct task_row *task,
    const struct event_row *release, bool *other)
{
	const struct party *peer = service_peer(service, task->peer);
	struct sealing_epoch epoch;
	struct buffer bytes = {0};
	struct leaf leaf;
	enum status rc = event_store_leaf(service->db, release->index, &bytes);

	*other = false;
	if (rc == STATUS_OK && peer != NULL &&
	    leaf_parse(bytes_of_buffer(&bytes), &leaf) == STATUS_OK &&
	    directory_sealing_now(service->directory, peer, service_time_ms(service), &epoch) ==
		STATUS_OK)
		*other = epoch.epoch != leaf.header.recipients[0].sealing_epoch;
	buffer_free(&bytes);
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* *CAUSE is NULL when nothing is to be done by itself. */
static enum status
find_cause(struct service *service, const struct task_row *task,
    const struct case_history *history, const struct event_row **cause)
{
	const struct event_row *review = timeline_last(history->rows, history->voids,
				   history->count, MESSAGE_REFERRAL_REVIEW_OPENED, false),
			       *release;
	bool other;
	enum status rc;

	*cause = NULL;
	if (review == NULL)
		return STATUS_OK;
	rc = case_store_effect(service->db, task->n, review->message);
	if (rc == STATUS_NOT_FOUND)
		*cause = review;
	if (rc != STATUS_OK)
		return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
	if ((release = lost_to_a_key(history)) == NULL)
		return STATUS_OK;
	rc = case_store_effect(service->db, task->n, release->message);
	if (rc != STATUS_NOT_FOUND)
		return rc;
	rc = is_other_key(service, task, release, &other);
	if (rc == STATUS_OK && other)
		*cause = release;
	return rc;
}

enum status
release_run(struct service *service, struct departure *departure, struct task_row *task)
{
	const struct event_row *offer, *cause;
	struct case_history history;
	enum status rc;

	if (task->side != TASK_SENDER || !task->content_due)
		return STATUS_OK;
	if ((rc = case_file_history(service, task, &history)) != STATUS_OK)
		goto out;
	offer = timeline_last(
	    history.rows, history.voids, history.count, MESSAGE_REFERRAL_OFFER, true);
	if (offer == NULL ||
	    !task_may(task->sort, &history.task, TASK_EVENT_RELEASE, task->side))
		goto out;
	rc = find_cause(service, task, &history, &cause);
	if (rc == STATUS_OK && cause != NULL)
		rc = settle(service, departure, task, offer, cause);
out:
	case_file_history_free(&history);
	return rc;
}

enum status
release_due(struct service *service)
{
	struct task_row task;
	uint64_t after = 0;
	enum status rc;

	while ((rc = case_store_due(service->db, after, &task)) == STATUS_OK) {
		struct departure departure = {0};

		after = task.n;
		if ((rc = service_begin(service)) != STATUS_OK)
			return rc;
		rc = release_run(service, &departure, &task);
		if (rc == STATUS_OK)
			rc = departure_sign(service, &departure);
		if (rc == STATUS_OK && json_array_size(service->changes) > 0)
			service_commit(service, "act");
		else
			service_rollback(service);
		departure_free(&departure);
		if (rc == STATUS_DATABASE || rc == STATUS_NO_SPACE || rc == STATUS_NO_MEMORY)
			return rc;
		/* One that cannot be released does not hold up the others. */
		if (rc != STATUS_OK)
			oplog(OPLOG_WARNING, "a release waits: %s", status_name(rc));
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}
