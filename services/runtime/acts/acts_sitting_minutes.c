/* services/runtime/acts/acts_sitting_minutes.c: minutes to print, each signature checked as they are. */
#include "services/runtime/acts/acts_sitting_inside.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/lists/lists.h"
#include "services/runtime/exchange/testimony.h"
#include "services/runtime/task/invitation.h"

/* One printing of the minutes of one matter. */
struct printing {
	struct service *service;
	const struct actor *actor;
	struct task_row task, frame;
	category_set allowed; /* what is not left out by request */
	struct case_key key;
	const struct sitting *sitting;
	const struct sitting_matter *matter;
	const struct circle *circle;
	struct event_row row; /* of the minutes */
	struct content minutes;
	struct merkle_hash root; /* of what we have of them: what a signature is to be over */
	json_t *out;
};

static enum status
set_new(json_t *item, const char *name, json_t *value)
{
	return json_object_set_new(item, name, value) == 0 ? STATUS_OK : STATUS_NO_MEMORY;
}

/* ---- Proof ------------------------------------------------------------------------------- */

static json_t *
hex_of(const struct buffer *bytes)
{
	char *text = malloc(2 * bytes->len + 1);
	json_t *out = NULL;

	if (text != NULL) {
		bytes_to_hex(bytes_of_buffer(bytes), text);
		out = json_string(text);
	}
	free(text);
	return out;
}

/* What proves the message ROW, and the form in which others can check that by themselves. */
static enum status
prove(struct printing *p, const struct event_row *row, const char *author,
    const struct content *content, json_t **out, bool *holds)
{
	struct buffer forwarded = {0};
	const bool shown = content->type != NULL;
	struct testimony t;
	enum status rc = testimony_of(
	    p->service, row, author, content, p->allowed, &t, shown ? &forwarded : NULL);

	if (rc == STATUS_OK) {
		*holds = testimony_holds(&t);
		*out = json_pack("{s:o, s:o, s:b, s:b, s:b, s:b, s:b, s:s, s:I, s:o}", "index",
		    t.index == UINT64_MAX ? json_null() : json_integer((json_int_t)t.index),
		    "time", request_time(t.time_ms), "logged", t.logged, "checkpoint",
		    t.checkpoint, "inclusion", t.inclusion, "signature", t.signature, "root",
		    t.root, "key", t.key, "epoch", (json_int_t)t.epoch, "proven",
		    t.logged && shown ? hex_of(&forwarded) : json_null());
		rc = *out != NULL ? STATUS_OK : STATUS_NO_MEMORY;
	}
	buffer_free(&forwarded);
	return rc;
}

/* ---- What they say ----------------------------------------------------------------------- */

static bool
is_printed(const struct field_info *field)
{
	return field->kind != FIELD_KIND_ID && field->kind != FIELD_KIND_HASH &&
	       field->kind != FIELD_KIND_PROVEN && field->kind != FIELD_KIND_MINUTES &&
	       field->category != CATEGORY_GROUND && field->id != FIELD_APPLIED &&
	       field->id != FIELD_HISTORY_COUNT;
}

static json_t *
fields_of(const struct printing *p, const struct content *content)
{
	json_t *fields = json_array();
	int failed = fields == NULL;

	for (unsigned i = 0; content->type != NULL && i < content->type->field_count; i++) {
		const struct field_info *field = content->type->fields[i].field;

		if (!content->fields[i].present || !is_printed(field) ||
		    (p->allowed & CATEGORY_BIT(field->category)) == 0)
			continue;
		failed |= json_array_append_new(fields,
		    json_pack("{s:s, s:s, s:s, s:s, s:o}", "name", field->name, "category",
			category_name(field->category), "label_lv", field->label_lv, "label_en",
			field->label_en, "value", request_value(content, i)));
	}
	if (failed == 0)
		return fields;
	json_decref(fields);
	return NULL;
}

/* Categories of the type that are not on this paper: LEFT_OUT by request, else not had here. */
static json_t *
categories_of(const struct printing *p, bool left_out)
{
	const struct message_info *type = p->minutes.type;
	category_set listed = CATEGORY_BIT(CATEGORY_GROUND);
	json_t *names = json_array();
	int failed = names == NULL;

	for (unsigned i = 0; i < type->field_count; i++) {
		const struct field_info *field = type->fields[i].field;
		category_set bit = CATEGORY_BIT(field->category);
		bool out = (p->allowed & bit) == 0;
		bool here = left_out ? out && p->minutes.fields[i].present
		                     : !out && (p->minutes.shown & bit) == 0;

		if (!here || (listed & bit) != 0)
			continue;
		listed |= bit;
		failed |=
		    json_array_append_new(names, json_string(category_name(field->category)));
	}
	if (failed == 0)
		return names;
	json_decref(names);
	return NULL;
}

static enum status
add_minutes(struct printing *p)
{
	char root[2 * SUITE_HASH_LEN + 1];
	json_t *proof = NULL, *one;
	bool holds;
	enum status rc =
	    prove(p, &p->row, p->matter->minuted_by.code, &p->minutes, &proof, &holds);

	if (rc != STATUS_OK)
		return rc;
	bytes_to_hex(BYTES(p->root.byte), root);
	one = json_pack("{s:o, s:s, s:s, s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:b}", "message",
	    request_hex(p->row.message), "by", p->matter->minuted_by.code, "root", root,
	    "circulated", (int)p->matter->circulated, "corrections_until",
	    request_time(p->matter->corrections_ms), "fields", fields_of(p, &p->minutes),
	    "left_out", categories_of(p, true), "not_had", categories_of(p, false), "differs",
	    acts_sitting_differs_json(p->sitting, &p->minutes), "proof", proof, "holds", holds);
	return set_new(p->out, "minutes", one);
}

/* ---- Who signed -------------------------------------------------------------------------- */

/* The minutes of this matter that CONTENT is about, by itself or with those of others. */
static bool
read_named(const struct printing *p, const struct content *content, struct minutes_entry *out)
{
	struct minutes_entry all[MINUTES_MAX];

	if (content->type == NULL)
		return false;
	if (content->type->id != MESSAGE_CONFERENCE_SIGN)
		return content_id(content, FIELD_MINUTES_OF, out->message) &&
		       content_hash(content, FIELD_MINUTES_ROOT, out->root.byte);
	for (unsigned i = minutes_of(content, all); i > 0; i--)
		if (memcmp(all[i - 1].matter, p->task.id, SUITE_ID_LEN) == 0) {
			*out = all[i - 1];
			return true;
		}
	return false;
}

/* Whether it is said of the bytes whose root is ROOT. */
static bool
names(const struct printing *p, const struct content *content, const struct merkle_hash *root)
{
	struct minutes_entry named;

	return read_named(p, content, &named) &&
	       memcmp(named.root.byte, root->byte, SUITE_HASH_LEN) == 0;
}

/* Whether it is said of these minutes, and of their very bytes. */
static bool
is_over(const struct printing *p, const struct content *content)
{
	struct minutes_entry named;

	return read_named(p, content, &named) &&
	       memcmp(named.message, p->row.message, SUITE_ID_LEN) == 0 &&
	       memcmp(named.root.byte, p->root.byte, SUITE_HASH_LEN) == 0;
}

/* What is said on the sitting lies in its file, and not in this case. */
static enum status
read_said(struct printing *p, const struct event_row *row, struct content *content)
{
	struct task_row task;
	struct case_key key;
	enum status rc;

	if (row->type != MESSAGE_CONFERENCE_SIGN)
		return case_file_content(p->service, &p->key, row, content);
	if ((rc = case_store_task(p->service->db, row->task_n, &task)) != STATUS_OK ||
	    (rc = case_file_key(p->service, task.case_n, &key)) != STATUS_OK)
		return rc;
	rc = case_file_content(p->service, &key, row, content);
	vault_forget(&key);
	return rc;
}

/* ROOT is that of the minutes that it was said of. */
static enum status
voice_json(struct printing *p, const char *author, const struct event_row *row,
    const struct merkle_hash *root, json_t **out)
{
	const struct party *party =
	    directory_party(p->service->directory, bytes_of_text(author));
	struct content content = {0};
	json_t *proof = NULL;
	bool holds = false, over;
	enum status rc = read_said(p, row, &content);

	/* The sitting's file was erased: that it was signed is known, and proven no more. */
	if (rc == STATUS_OK || rc == STATUS_ERASED)
		rc = prove(p, row, author, &content, &proof, &holds);
	if (rc == STATUS_OK) {
		over = is_over(p, &content);
		*out = json_pack("{s:s, s:s, s:s, s:o, s:o, s:b, s:b, s:o}", "party", author,
		    "name", party != NULL ? party->name : "", "what",
		    message_info(row->type)->name, "message", request_hex(row->message),
		    "fields", fields_of(p, &content), "over", over, "holds",
		    holds && names(p, &content, root), "proof", proof);
		rc = *out != NULL ? STATUS_OK : STATUS_NO_MEMORY;
	}
	content_free(&content);
	return rc;
}

/* What was said of the last minutes; EARLIER: the dissents from others that stand. */
static enum status
add_voices(struct printing *p, const char *name, bool earlier)
{
	json_t *all = json_array(), *one = NULL;
	enum status rc = all == NULL ? STATUS_NO_MEMORY : STATUS_OK;

	for (unsigned i = 0; rc == STATUS_OK && i < p->matter->voice_count; i++) {
		const struct sitting_voice *voice = &p->matter->voices[i];
		struct event_row row;

		if ((voice->circulated != p->matter->circulated) != earlier)
			continue;
		rc = event_store_act(p->service->db, voice->message, voice->member.code, &row);
		if (rc == STATUS_OK)
			rc = voice_json(p, voice->member.code, &row, &voice->root, &one);
		if (rc == STATUS_OK && json_array_append_new(all, one) != 0)
			rc = STATUS_NO_MEMORY;
	}
	if (rc == STATUS_OK)
		return set_new(p->out, name, all);
	json_decref(all);
	return rc;
}

/* By what the minutes became final; null: they are not. */
static enum status
add_final(struct printing *p, const struct case_history *history)
{
	struct content content = {0};
	struct event_row row;
	json_t *one = NULL;
	enum status rc = acts_sitting_last(
	    p->service, &p->key, history, MESSAGE_MATTER_FINAL, &row, &content);

	content_free(&content);
	if (rc == STATUS_NOT_FOUND)
		return set_new(p->out, "final", json_null());
	if (rc == STATUS_OK)
		rc = voice_json(p, row.author, &row, &p->root, &one);
	return rc == STATUS_OK ? set_new(p->out, "final", one) : rc;
}

/* ---- Who was there ----------------------------------------------------------------------- */

static enum status
add_attendance(struct printing *p)
{
	json_t *all = json_array(), *missing = json_array();
	const char *lead = circle_lead(p->circle, UINT64_MAX);
	int failed = all == NULL || missing == NULL;

	for (unsigned i = 0; i < p->sitting->seat_count; i++) {
		const struct sitting_seat *seat = &p->sitting->seats[i];
		const char *code = seat->member.code;
		const struct party *party =
		    directory_party(p->service->directory, bytes_of_text(code));

		failed |= json_array_append_new(
		    all, json_pack("{s:s, s:s, s:s, s:b, s:s}", "party", code, "name",
			     party != NULL ? party->name : "", "kind",
			     party != NULL ? party->kind : "", "present", seat->present, "sub",
			     seat->sub.code));
		if ((lead == NULL || strcmp(lead, code) != 0) &&
		    strcmp(p->matter->minuted_by.code, code) != 0 &&
		    sitting_voice_of(p->matter, code) == NULL)
			failed |= json_array_append_new(missing, json_string(code));
	}
	if (failed == 0 && set_new(p->out, "attendance", all) == STATUS_OK)
		return set_new(p->out, "waiting", missing);
	json_decref(missing);
	return STATUS_NO_MEMORY;
}

static enum status
add_head(struct printing *p)
{
	const struct party *self = service_self(p->service);
	const struct network *network = &p->service->config.network;
	char code[INVITATION_CODE], key[2 * SUITE_SIGN_PUBLIC + 1];
	const char *lead = circle_lead(p->circle, UINT64_MAX);

	invitation_code(p->frame.id, code);
	bytes_to_hex(BYTES(network->log.public), key);
	p->out = json_pack("{s:o, s:o, s:s, s:s, s:s, s:s, s:s, s:i, s:o, s:{s:s, s:s, s:s}}",
	    "matter", request_hex(p->task.id), "sitting", request_hex(p->frame.id), "code",
	    code, "group", p->sitting->group, "state", task_state_name(p->matter->state),
	    "chair", lead != NULL ? lead : "", "institution", self != NULL ? self->name : "",
	    "quorum", (int)p->sitting->quorum, "issued", request_time(p->service->now_ms),
	    "network", "id", network->id, "log", network->log.name, "log_key", key);
	return p->out != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

/* ---- The whole --------------------------------------------------------------------------- */

static enum status
add_all(struct printing *p)
{
	struct case_history history = {0};
	enum status rc = event_store_act(
	    p->service->db, p->matter->minutes, p->matter->minuted_by.code, &p->row);

	if (rc == STATUS_OK)
		rc = case_file_content(p->service, &p->key, &p->row, &p->minutes);
	if (rc == STATUS_OK) {
		content_root(&p->minutes, &p->root);
		rc = add_head(p);
	}
	if (rc == STATUS_OK)
		rc = add_minutes(p);
	if (rc == STATUS_OK)
		rc = add_attendance(p);
	if (rc == STATUS_OK)
		rc = add_voices(p, "signatures", false);
	if (rc == STATUS_OK)
		rc = add_voices(p, "earlier_dissents", true);
	if (rc == STATUS_OK)
		rc = case_file_history(p->service, &p->task, &history);
	if (rc == STATUS_OK)
		rc = add_final(p, &history);
	case_file_history_free(&history);
	return rc;
}

/* In the open transaction; what is recorded is written last, for the fold is borrowed. */
static enum status
print(struct printing *p, struct refusal *refusal)
{
	const struct circles *circles;
	enum status rc = acts_sitting_load(p->service, &p->task, &circles, refusal);

	if (rc != STATUS_OK)
		return rc;
	p->sitting = circles->sitting;
	p->circle = &circles->circle;
	if ((p->matter = acts_sitting_matter(circles, &p->task)) == NULL)
		return STATUS_NOT_FOUND;
	rc = case_store_find_task(p->service->db, p->sitting->task, &p->frame);
	if (rc == STATUS_OK)
		rc = case_file_key(p->service, p->task.case_n, &p->key);
	if (rc == STATUS_OK)
		rc = add_all(p);
	vault_forget(&p->key);
	return rc == STATUS_OK ? acts_record(p->service, p->actor, &p->task, "export") : rc;
}

/* Codes of categories, parted by ';'. */
static enum status
read_without(const char *text, category_set *allowed, struct refusal *refusal)
{
	/* What sharing rests on is between the institutions. */
	*allowed = CATEGORY_ALL & ~CATEGORY_BIT(CATEGORY_GROUND);
	if (text == NULL)
		return STATUS_OK;
	do {
		size_t len = strcspn(text, ";");
		enum category category;

		if (!category_named((struct bytes){(const uint8_t *)text, len}, &category) ||
		    category == CATEGORY_ACT)
			return request_refuse_code(refusal, "without", "categories");
		*allowed &= ~CATEGORY_BIT(category);
		text += len + (text[len] == ';' ? 1 : 0);
	} while (*text != '\0');
	return STATUS_OK;
}

enum status
acts_sitting_minutes(struct service *service, const struct actor *actor, const char *matter,
    const char *without, json_t **answer, struct refusal *refusal)
{
	struct printing p = {.service = service, .actor = actor};
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if ((rc = acts_may_read(actor, refusal)) != STATUS_OK ||
	    (rc = read_without(without, &p.allowed, refusal)) != STATUS_OK ||
	    (rc = acts_sitting_find(service, actor, ACTS_TO_OPEN, matter, "matter", &p.task,
		 refusal)) != STATUS_OK)
		return rc;
	if ((rc = service_begin(service)) != STATUS_OK)
		return acts_fail(refusal, rc, "recording the access");
	rc = print(&p, refusal);
	content_free(&p.minutes);
	if (service_end(service, rc, "read") == STATUS_OK) {
		*answer = p.out;
		return STATUS_OK;
	}
	json_decref(p.out);
	if (rc == STATUS_NOT_FOUND)
		return request_refuse(
		    refusal, STATUS_WRONG_STATE, "", "no minutes have been circulated yet");
	return acts_fail(refusal, rc, "printing the minutes");
}
