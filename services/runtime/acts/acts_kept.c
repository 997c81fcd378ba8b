/* services/runtime/acts/acts_kept.c: on what data is kept, or used further, whose ground was stopped. */
#include "services/runtime/acts/acts_kept.h"

#include <stdio.h>
#include <string.h>

#include "services/runtime/acts/acts_inside.h"
#include "services/runtime/exchange/stops.h"

/* One answer as it is read. */
struct kept {
	struct service *service;
	const struct actor *actor;
	const struct task_row *task;
	struct stops_held held;
	json_t
	    *words; /* the ground's, of the request; the code of what is kept is among them */
	struct acts_ground *ground;
	struct refusal *refusal;
};

static void
names_of(category_set set, char *names, size_t size)
{
	size_t len = 0;

	names[0] = '\0';
	for (unsigned i = 0; i < CATEGORY_COUNT && len < size; i++)
		if ((set & CATEGORY_BIT(i)) != 0)
			len += (size_t)snprintf(names + len, size - len, "%s%s",
			    len == 0 ? "" : ", ", category_name((enum category)i));
}

/* ---- What the record must be ------------------------------------------------------------- */

static bool
covers(const struct kept *k, const struct acts_ground *ground)
{
	return (k->held.categories & ~ground->terms.categories) == 0;
}

static enum status
check(const struct kept *k)
{
	const struct acts_ground *ground = k->ground;
	const char *field = ground->row.n != 0 ? "record" : "ground";
	char names[160];
	enum status rc;

	if (ground->row.n != 0 && ground->row.origin[0] != '\0')
		return request_refuse(k->refusal, STATUS_NO_BASIS, field,
		    "this record is another institution's: name one of your own");
	rc = grounds_holds(
	    k->service, ground->row.basis, ground->state, &ground->terms, k->held.purpose);
	if (rc != STATUS_OK)
		return request_refuse(k->refusal, rc,
		    rc == STATUS_NO_NECESSITY ? "necessity" : field,
		    "what came cannot be kept on this ground");
	if (covers(k, ground))
		return STATUS_OK;
	names_of(k->held.categories & ~ground->terms.categories, names, sizeof(names));
	return request_refuse(k->refusal, STATUS_OUTSIDE_GROUND,
	    ground->row.n != 0 ? "record" : "categories",
	    "the ground does not cover what is kept here: %s", names);
}

/* ---- By its code ------------------------------------------------------------------------- */

/* The record ROW, if it is ours, of CODE, in force and wide enough; else STATUS_NOT_FOUND. */
static enum status
try_record(const struct kept *k, const struct case_key *key, const struct ground_row *row,
    const char *code)
{
	struct acts_ground found = {.row = *row, .state = row->state};
	enum status rc;

	if (row->origin[0] != '\0' || !consent_authorises(row->state))
		return STATUS_NOT_FOUND;
	rc = grounds_read(k->service, key, row, &found.body, &found.terms);
	if (rc == STATUS_OK && strcmp(found.terms.code, code) == 0 && covers(k, &found) &&
	    grounds_holds(k->service, row->basis, row->state, &found.terms, k->held.purpose) ==
		STATUS_OK) {
		*k->ground = found;
		return STATUS_OK;
	}
	acts_ground_free(&found);
	return rc == STATUS_OK ? STATUS_NOT_FOUND : rc;
}

static enum status
find_by_code(const struct kept *k, const char *code)
{
	struct ground_row row = {0};
	struct case_key key;
	char names[160];
	enum status rc = case_file_key(k->service, k->task->case_n, &key), found;

	if (rc != STATUS_OK)
		return acts_fail(k->refusal, rc, "reading the record");
	found = STATUS_NOT_FOUND;
	while (found == STATUS_NOT_FOUND && (rc = ground_store_of_case(k->service->db,
						 k->task->case_n, row.n, &row)) == STATUS_OK)
		found = try_record(k, &key, &row, code);
	vault_forget(&key);
	if (found == STATUS_OK)
		return STATUS_OK;
	if (found != STATUS_NOT_FOUND || rc != STATUS_NOT_FOUND)
		return acts_fail(
		    k->refusal, found != STATUS_NOT_FOUND ? found : rc, "reading the record");
	names_of(k->held.categories, names, sizeof(names));
	return request_refuse(k->refusal, STATUS_NO_BASIS, "necessity",
	    "no record of this case on that ground is yours, in force and covers what is kept "
	    "here (%s): name another, or say in necessity why it must be kept, and that is "
	    "recorded",
	    names);
}

/* ---- The words --------------------------------------------------------------------------- */

static bool
has(const json_t *request, const char *name)
{
	const json_t *value = json_object_get(request, name);

	return value != NULL && !json_is_null(value) &&
	       !(json_is_string(value) && json_string_length(value) == 0);
}

/* Whether more is said of the ground than its class and code. */
static bool
is_said(const json_t *words)
{
	for (unsigned i = 0; acts_ground_words[i] != NULL; i++)
		if (strcmp(acts_ground_words[i], "basis") != 0 &&
		    strcmp(acts_ground_words[i], "ground") != 0 &&
		    has(words, acts_ground_words[i]))
			return true;
	return false;
}

/* What is new covers what is held, unless it says itself what it covers. */
static int
set_defaults(const struct kept *k)
{
	const char *code = json_string_value(json_object_get(k->words, "ground"));
	bool consent =
	    has(k->words, "consent") || (code != NULL && strcmp(code, "consent") == 0);
	json_t *names;
	int failed = 0;

	if (has(k->words, "record"))
		return 0;
	if (!has(k->words, "basis"))
		failed |= json_object_set_new(
		    k->words, "basis", json_string(consent ? "consent" : "law"));
	if (consent || has(k->words, "categories") || k->held.categories == 0)
		return failed;
	names = json_array();
	for (unsigned i = 0; i < CATEGORY_COUNT; i++)
		if ((k->held.categories & CATEGORY_BIT(i)) != 0)
			failed |= json_array_append_new(
			    names, json_string(category_name((enum category)i)));
	return failed | json_object_set_new(k->words, "categories", names);
}

static enum status
read_words(struct kept *k)
{
	const struct party *self = service_self(k->service);
	const struct acts_ground_use use = {
	    .case_n = k->task->case_n, .purpose = k->held.purpose, .to = &self, .count = 1};
	const char *code = json_string_value(json_object_get(k->words, "ground"));
	enum status rc;

	if (self == NULL)
		return acts_fail(k->refusal, STATUS_UNKNOWN_PARTY, "the step was not taken");
	if (!is_said(k->words))
		return code != NULL
		           ? find_by_code(k, code)
		           : request_refuse(k->refusal, STATUS_ARGUMENT, "other_ground",
				 "say on which other ground the data is kept or used: "
				 "other_ground");
	if (set_defaults(k) != 0)
		return acts_fail(k->refusal, STATUS_NO_MEMORY, "the ground");
	rc = acts_ground_read(k->service, k->actor, k->words, &use, k->ground, k->refusal);
	return rc == STATUS_OK ? check(k) : rc;
}

/* The words of the ground alone; other_ground is another name of its code. */
static enum status
take_words(struct kept *k, const json_t *request, const struct content *content)
{
	struct bytes other;
	const char *code;

	if ((k->words = json_object()) == NULL)
		return acts_fail(k->refusal, STATUS_NO_MEMORY, "the ground");
	for (unsigned i = 0; acts_ground_words[i] != NULL; i++)
		if (has(request, acts_ground_words[i]) &&
		    json_object_set(k->words, acts_ground_words[i],
			json_object_get(request, acts_ground_words[i])) != 0)
			return acts_fail(k->refusal, STATUS_NO_MEMORY, "the ground");
	if (!content_text(content, FIELD_OTHER_GROUND, &other))
		return STATUS_OK;
	if (!has(k->words, "ground"))
		return json_object_set_new(k->words, "ground",
			   json_stringn((const char *)other.data, other.len)) == 0
		           ? STATUS_OK
		           : acts_fail(k->refusal, STATUS_NO_MEMORY, "the ground");
	code = json_string_value(json_object_get(k->words, "ground"));
	return code != NULL && bytes_is_text(other, code)
	           ? STATUS_OK
	           : request_refuse(k->refusal, STATUS_ARGUMENT, "other_ground",
			 "ground and other_ground name two grounds: one is enough");
}

static enum status
read_kept(struct kept *k, const json_t *request, struct content *content)
{
	enum status rc = stops_held(k->service, k->task, &k->held);

	if (rc != STATUS_OK)
		return acts_fail(k->refusal, rc, "reading the task");
	if (k->held.messages == 0)
		return request_refuse(k->refusal, STATUS_ARGUMENT, "stop_answer",
		    "nothing that came under this ground is here any more: answer stopped or "
		    "deleted");
	if ((rc = take_words(k, request, content)) != STATUS_OK ||
	    (rc = read_words(k)) != STATUS_OK)
		return rc;
	rc =
	    content_set_text(content, FIELD_OTHER_GROUND, bytes_of_text(k->ground->terms.code));
	return rc == STATUS_OK ? rc : acts_fail(k->refusal, rc, "making the message");
}

/* What is used no longer rests on nothing. */
static enum status
check_bare(const json_t *request, const struct content *content, struct refusal *refusal)
{
	const char *field = NULL;
	struct bytes other;

	if (content_text(content, FIELD_OTHER_GROUND, &other))
		field = "other_ground";
	for (unsigned i = 0; field == NULL && acts_ground_words[i] != NULL; i++)
		if (json_object_get(request, acts_ground_words[i]) != NULL)
			field = acts_ground_words[i];
	return field == NULL
	           ? STATUS_OK
	           : request_refuse(refusal, STATUS_ARGUMENT, field,
			 "an answer that the data is no longer used names no other ground");
}

enum status
acts_kept_read(struct service *service, const struct actor *actor, const struct task_row *task,
    const json_t *request, struct content *content, struct acts_ground *ground,
    struct refusal *refusal)
{
	struct kept k = {.service = service,
	    .actor = actor,
	    .task = task,
	    .ground = ground,
	    .refusal = refusal};
	struct bytes answer;
	enum status rc;

	if (content->type == NULL || content->type->id != MESSAGE_GROUND_STOP_ANSWER ||
	    !content_text(content, FIELD_STOP_ANSWER, &answer))
		return STATUS_OK;
	if (!stops_needs_ground(answer))
		return check_bare(request, content, refusal);
	rc = read_kept(&k, request, content);
	json_decref(k.words);
	return rc;
}

/* ---- What it is about -------------------------------------------------------------------- */

static enum status
add_received(struct service *service, const struct task_row *under,
    const struct event_row *event, json_t *received)
{
	const struct message_info *info = message_info(event->type);
	struct buffer sealed = {0};
	struct merkle_hash root;
	enum status rc = event_store_body(service->db, event->n, &root, &sealed);
	const bool erased = rc == STATUS_NOT_FOUND || sealed.len == 0;
	json_t *one;

	buffer_free(&sealed);
	if (rc != STATUS_OK && rc != STATUS_NOT_FOUND)
		return rc;
	one = json_pack("{s:o, s:o, s:s, s:o, s:I, s:b}", "task", request_hex(under->id),
	    "message", request_hex(event->message), "what", info == NULL ? "" : info->name,
	    "time", request_time(event->time_ms), "index", (json_int_t)event->index, "erased",
	    erased);
	return json_array_append_new(received, one) == 0 ? STATUS_OK : STATUS_NO_MEMORY;
}

enum status
acts_kept_list(struct service *service, const struct actor *actor, const struct task_row *task,
    json_t *item)
{
	struct event_row event = {0};
	struct task_row under;
	json_t *received;
	enum status rc;

	if (task->side != TASK_RECIPIENT || task->sort != task_sort_of(MESSAGE_GROUND_STOP))
		return STATUS_OK;
	received = json_array();
	while ((rc = stops_received(service, task, event.n, &event, &under)) == STATUS_OK) {
		rc = acts_knows(service, actor, ACTS_TO_AUDIT, under.case_n);
		if (rc == STATUS_OK)
			rc = add_received(service, &under, &event, received);
		if (rc != STATUS_OK && rc != STATUS_NOT_FOUND)
			break;
	}
	if (rc != STATUS_NOT_FOUND) {
		json_decref(received);
		return rc;
	}
	return json_object_set_new(item, "received", received) == 0 ? STATUS_OK
	                                                            : STATUS_NO_MEMORY;
}
