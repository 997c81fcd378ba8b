/* services/runtime/acts/acts_task.c: one task as a person sees it, and that the person has read it. */
#include "services/runtime/acts/acts_attach.h"
#include "services/runtime/acts/acts_custody.h"
#include "services/runtime/acts/acts_inside.h"
#include "services/runtime/acts/acts_kept.h"

#include <string.h>

#include "protocol/host/oplog.h"
#include "protocol/trust/profile.h"
#include "services/runtime/acts/acts_due.h"
#include "services/runtime/acts/acts_steps.h"
#include "services/runtime/exchange/custody_forwarded.h"
#include "services/runtime/exchange/departure.h"
#include "services/runtime/exchange/dispatch.h"
#include "services/runtime/store/chain_store.h"
#include "services/runtime/store/outbox_store.h"

/* One opening of one task. */
struct opening {
	struct service *service;
	const struct actor *actor;
	struct task_row task;
	struct case_key key;
	struct case_history history;
	bool erased; /* the whole case, or what this task's messages said */
	json_t *item, *fields, *withheld, *attachments;
};

/* ---- Fields ------------------------------------------------------------------------------ */

static json_t *
field_json(const struct field_info *field)
{
	return json_pack("{s:s, s:s, s:s, s:s}", "name", field->name, "category",
	    category_name(field->category), "label_lv", field->label_lv, "label_en",
	    field->label_en);
}

/* A later message of the same author says it anew. */
static void
remove_older(json_t *fields, const char *name, const char *author)
{
	json_t *one;
	size_t i;

	json_array_foreach(fields, i, one)
	{
		if (strcmp(json_string_value(json_object_get(one, "name")), name) == 0 &&
		    strcmp(json_string_value(json_object_get(one, "by")), author) == 0) {
			json_array_remove(fields, i);
			return;
		}
	}
}

static enum status
add_field(struct opening *o, const struct event_row *row, const char *author,
    const struct content *content, unsigned i)
{
	const struct field_info *field = content->type->fields[i].field;
	json_t *one;

	if (!content->fields[i].present || field->id == FIELD_TASK ||
	    field->id == FIELD_APPLIED || field->id == FIELD_HISTORY_COUNT ||
	    field->id == FIELD_HISTORY || field->kind == FIELD_KIND_PROVEN ||
	    field->kind == FIELD_KIND_MINUTES)
		return STATUS_OK;
	/* Each question and each answer is a word of its own; a correction may be corrected. */
	if (field->id != FIELD_QUESTION && field->id != FIELD_ANSWER &&
	    field->id != FIELD_OTHER_TASK)
		remove_older(o->fields, field->name, author);
	if (field->kind == FIELD_KIND_FILES &&
	    acts_attach_list(o->service, o->task.case_n, content, i, row->message, author,
		o->attachments) != STATUS_OK)
		return STATUS_NO_MEMORY;
	one = field_json(field);
	if (json_object_set_new(one, "value", request_value(content, i)) != 0 ||
	    json_object_set_new(one, "from", request_hex(row->message)) != 0 ||
	    json_object_set_new(one, "by", json_string(author)) != 0) {
		json_decref(one);
		return STATUS_NO_MEMORY;
	}
	return json_array_append_new(o->fields, one) == 0 ? STATUS_OK : STATUS_NO_MEMORY;
}

static bool
is_listed(const json_t *fields, const char *name)
{
	const json_t *one;
	size_t i;

	json_array_foreach(fields, i, one)
	{
		if (strcmp(json_string_value(json_object_get(one, "name")), name) == 0)
			return true;
	}
	return false;
}

/*
 * What of an offer the recipient does not have: to the sender only what it wrote; the recipient
 * cannot know whether anything was written there.
 */
static enum status
add_withheld(struct opening *o, const struct content *offer)
{
	bool sender = o->task.side == TASK_SENDER && o->task.sort->share == TASK_OF_TWO;
	const struct party *recipient =
	    sender ? service_peer(o->service, o->task.peer) : service_self(o->service);
	category_set ever = recipient == NULL
	                        ? CATEGORY_BIT(CATEGORY_ACT)
	                        : profile_allows(o->task.purpose, recipient->kind);

	for (unsigned i = 0; i < offer->type->field_count; i++) {
		const struct field_info *field = offer->type->fields[i].field;
		bool later = (ever & CATEGORY_BIT(field->category)) != 0;
		json_t *one;

		if (field->category == CATEGORY_ACT ||
		    (sender ? !offer->fields[i].present : is_listed(o->fields, field->name)))
			continue;
		if (later && o->history.task.content_seen)
			continue;
		one = field_json(field);
		if (json_object_set_new(one, "when", json_string(later ? "review" : "never")) !=
			0 ||
		    json_array_append_new(o->withheld, one) != 0)
			return STATUS_NO_MEMORY;
	}
	return STATUS_OK;
}

/* What it passes on is shown in its author's name. */
static enum status
add_passed_on(struct opening *o, const struct event_row *row, const struct content *content)
{
	struct custody_statement statement = {0};
	enum status rc;

	if (content->type->id != MESSAGE_NOTICE_FORWARDED)
		return STATUS_OK;
	rc = custody_forwarded_read(content, &statement, NULL);
	for (unsigned i = 0; rc == STATUS_OK && i < statement.content->type->field_count; i++)
		rc = add_field(o, row, statement.origin, statement.content, i);
	custody_free(&statement);
	return rc;
}

static enum status
add_message(struct opening *o, size_t at)
{
	const struct event_row *row = &o->history.rows[at];
	const char *author = acts_author(o->service, &o->task, row);
	struct content content = {0};
	enum status rc;

	/* What came but does not follow is kept, and shown to nobody. */
	if (row->what != EVENT_MESSAGE || (o->history.voids[at] && !row->own))
		return STATUS_OK;
	rc = case_file_content(o->service, &o->key, row, &content);
	for (unsigned i = 0; rc == STATUS_OK && i < content.type->field_count; i++)
		rc = add_field(o, row, author, &content, i);
	if (rc == STATUS_OK)
		rc = add_passed_on(o, row, &content);
	content_free(&content);
	o->erased |= rc == STATUS_ERASED;
	return rc == STATUS_ERASED ? STATUS_OK : rc;
}

static enum status
add_all(struct opening *o)
{
	struct content offer = {0};
	struct event_row row;
	enum status rc = STATUS_OK;

	for (size_t i = 0; rc == STATUS_OK && i < o->history.count; i++)
		rc = add_message(o, i);
	if (rc == STATUS_OK)
		rc = case_file_opening(o->service, &o->task, &row);
	if (rc == STATUS_OK)
		rc = case_file_content(o->service, &o->key, &row, &offer);
	/* What goes to several leaves out something else for each. */
	if (rc == STATUS_OK && (o->task.sort->share == TASK_OF_TWO || !row.own))
		rc = add_withheld(o, &offer);
	content_free(&offer);
	/* What opened a task of a circle may still be on its way. */
	if (rc == STATUS_NOT_FOUND && o->task.circle_n > 0)
		rc = STATUS_OK;
	return rc == STATUS_ERASED ? STATUS_OK : rc;
}

/* ---- Read -------------------------------------------------------------------------------- */

static enum status
sign_read(struct opening *o, struct departure *departure, const struct event_row *row,
    const uint8_t token[static SUITE_ID_LEN])
{
	const char *author = acts_author(o->service, &o->task, row);
	struct evidence evidence = {.kind = EVIDENCE_READ,
	    .index = row->index,
	    .sender = bytes_of_text(author),
	    .role = bytes_of_text(service_role_name(o->actor->role)),
	    .has_token = true};
	enum status rc = chain_store_digest(
	    o->service->db, CHAIN_RECEIVED, author, row->index, evidence.digest);

	/* It was passed on: no message of that entry came, and none is answered for. */
	if (rc == STATUS_NOT_FOUND)
		return STATUS_OK;
	if (rc != STATUS_OK)
		return rc;
	memcpy(evidence.id, row->message, sizeof(evidence.id));
	memcpy(evidence.staff_token, token, sizeof(evidence.staff_token));
	return departure_evidence(o->service, departure, &evidence);
}

/* The first opening of each message that came; the person appears as a token of this case. */
static enum status
sign_all_read(struct opening *o, struct departure *departure)
{
	uint8_t person[SUITE_HASH_LEN], token[SUITE_ID_LEN];
	struct evidence_row known;
	enum status rc;

	vault_person(&o->key, o->actor->user, person);
	rc = case_store_staff_token(o->service->db, o->task.case_n, person, token);
	for (size_t i = 0; rc == STATUS_OK && i < o->history.count; i++) {
		const struct event_row *row = &o->history.rows[i];

		/* What does not follow was shown to nobody, so nobody has read it. */
		if (row->what != EVENT_MESSAGE || row->own || row->index == UINT64_MAX ||
		    o->history.voids[i])
			continue;
		rc = outbox_store_evidence(o->service->db, row->index, EVIDENCE_READ, &known);
		if (rc == STATUS_NOT_FOUND)
			rc = sign_read(o, departure, row, token);
	}
	return rc;
}

static enum status
record_read(struct opening *o)
{
	struct departure departure = {0};
	enum status rc = acts_record(o->service, o->actor, &o->task, "read");

	if (rc == STATUS_OK)
		rc = sign_all_read(o, &departure);
	/* Suspended or not yet admitted: nobody would take the evidence, now. */
	if (rc == STATUS_SUSPENDED || rc == STATUS_UNKNOWN_KEY || rc == STATUS_UNKNOWN_PARTY) {
		oplog(OPLOG_WARNING, "no evidence of reading: %s", status_name(rc));
		rc = STATUS_OK;
	}
	if (rc == STATUS_OK)
		rc = departure_sign(o->service, &departure);
	departure_free(&departure);
	if (rc != STATUS_OK || !o->task.unread)
		return rc;
	o->task.unread = false;
	return case_file_refold(o->service, &o->task, "read");
}

/* ---- The whole --------------------------------------------------------------------------- */

static enum status
show(struct opening *o)
{
	json_t *timeline = NULL;
	enum status rc = case_file_history(o->service, &o->task, &o->history);

	if (rc == STATUS_OK)
		rc = acts_item(o->service, o->actor, &o->task, &o->item);
	if (rc == STATUS_OK && !o->erased && service_role_reads(o->actor->role))
		rc = add_all(o);
	if (rc == STATUS_OK)
		rc = acts_steps_of(o->service, &o->task, &o->history, &timeline);
	if (rc == STATUS_OK)
		rc = acts_custody_told(o->service, &o->task, o->item);
	if (rc == STATUS_OK)
		rc = acts_kept_list(o->service, o->actor, &o->task, o->item);
	if (rc == STATUS_OK &&
	    (json_object_set_new(o->item, "erased", json_boolean(o->erased)) != 0 ||
		json_object_set(o->item, "fields", o->fields) != 0 ||
		json_object_set(o->item, "withheld", o->withheld) != 0 ||
		json_object_set(o->item, "attachments", o->attachments) != 0 ||
		json_object_set(o->item, "timeline", timeline) != 0))
		rc = STATUS_NO_MEMORY;
	json_decref(timeline);
	return rc == STATUS_OK && o->erased
	           ? acts_erasure_add(o->service, o->task.case_n, o->task.n, o->item)
	           : rc;
}

/* In the open transaction: showing and recording that it was shown are one. */
static enum status
open_task(struct opening *o)
{
	enum status rc = case_file_key(o->service, o->task.case_n, &o->key);

	/* Of an erased case it is still shown what happened, when and with whom. */
	o->erased = rc == STATUS_ERASED;
	if (rc != STATUS_OK && !o->erased)
		return rc;
	if ((rc = show(o)) == STATUS_OK)
		rc = !service_role_reads(o->actor->role)
		         ? acts_record(o->service, o->actor, &o->task, "audit")
		     : o->erased ? acts_record(o->service, o->actor, &o->task, "read")
		                 : record_read(o);
	vault_forget(&o->key);
	/* With this opening it is read, and nothing is unread any more. */
	return rc == STATUS_OK ? acts_due_add(o->service, &o->task, o->item) : rc;
}

enum status
acts_task(struct service *service, const struct actor *actor, const char *task, json_t **answer,
    struct refusal *refusal)
{
	struct opening o = {.service = service, .actor = actor};
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if (actor->role != ROLE_AUDITOR && (rc = acts_may_read(actor, refusal)) != STATUS_OK)
		return rc;
	if ((rc = acts_find_task(service, actor, ACTS_TO_AUDIT, task, &o.task, refusal)) !=
	    STATUS_OK)
		return rc;
	if ((rc = service_begin(service)) != STATUS_OK)
		return acts_fail(refusal, rc, "recording the access");
	o.fields = json_array();
	o.withheld = json_array();
	o.attachments = json_array();
	rc = open_task(&o);
	if (rc == STATUS_OK) {
		service_commit(service, "read");
		*answer = json_incref(o.item);
	} else {
		service_rollback(service);
		acts_fail(refusal, rc, "opening the task");
	}
	json_decref(o.item);
	json_decref(o.fields);
	json_decref(o.withheld);
	json_decref(o.attachments);
	case_file_history_free(&o.history);
	return rc;
}
