/* services/runtime/exchange/custody.c: what orphan's courts state of custody, kept by case and applied. */
#include "services/runtime/exchange/custody.h"

#include <stdlib.h>
#include <string.h>

#include "services/runtime/exchange/custody_child.h"
#include "services/runtime/exchange/custody_known.h"
#include "services/runtime/exchange/custody_pass.h"
#include "services/runtime/exchange/grounds.h"
#include "services/runtime/exchange/inbox.h"
#include "services/runtime/exchange/search.h"
#include "services/runtime/exchange/service.h"

#define FACTS_MAX 256 /* of one case */

void
custody_free(struct custody_statement *statement)
{
	content_free(&statement->inner);
	*statement = (struct custody_statement){0};
}

/* ---- What a statement says --------------------------------------------------------------- */

static json_t *
text_of(const struct content *content, enum field field)
{
	struct bytes text;

	return content_text(content, field, &text)
	           ? json_stringn((const char *)text.data, text.len)
	           : json_string("");
}

static json_t *
id_of(const struct content *content, enum field field)
{
	uint8_t id[SUITE_ID_LEN];
	char hex[2 * SUITE_ID_LEN + 1];

	if (!content_id(content, field, id))
		return json_string("");
	bytes_to_hex((struct bytes){id, sizeof(id)}, hex);
	return json_string(hex);
}

/* Sealed, in this order: the copy's hash is of these bytes but for the tasks. */
static json_t *
body_of(const struct content *content)
{
	static const struct {
		const char *name;
		enum field field;
	} texts[] = {
	    {"event", FIELD_CUSTODY_EVENT},
	    {"number", FIELD_DECISION_NUMBER},
	    {"date", FIELD_DECISION_DATE},
	    {"from", FIELD_VALID_FROM},
	    {"until", FIELD_VALID_UNTIL},
	    {"person", FIELD_CUSTODY_PERSON},
	    {"code", FIELD_CUSTODY_PERSON_CODE},
	    {"child_name", FIELD_CHILD_NAME},
	    {"personal_code", FIELD_PERSONAL_CODE},
	    {"birth_date", FIELD_BIRTH_DATE},
	};
	json_t *body = json_object();
	int failed = body == NULL;

	for (size_t i = 0; !failed && i < sizeof(texts) / sizeof(texts[0]); i++)
		failed =
		    json_object_set_new(body, texts[i].name, text_of(content, texts[i].field));
	if (!failed && json_string_length(json_object_get(body, "from")) == 0)
		failed = json_object_set(body, "from", json_object_get(body, "date"));
	if (failed) {
		json_decref(body);
		return NULL;
	}
	return body;
}

static enum status
add_tasks(json_t *body, const struct content *content)
{
	return json_object_set_new(body, "task", id_of(content, FIELD_TASK)) == 0 &&
	               json_object_set_new(
			   body, "corrects", id_of(content, FIELD_OTHER_TASK)) == 0
	           ? STATUS_OK
	           : STATUS_NO_MEMORY;
}

/* ---- Keeping ----------------------------------------------------------------------------- */

static enum status
seal(const struct case_key *key, uint64_t n, const json_t *body, struct buffer *out)
{
	const struct vault_place place = {"custody", n, "body"};
	char *text = json_dumps(body, JSON_COMPACT);
	enum status rc;

	if (text == NULL)
		return STATUS_NO_MEMORY;
	rc = vault_seal(key, &place, bytes_of_text(text), out);
	suite_wipe(text, strlen(text));
	free(text);
	return rc;
}

/* With all that is known now; who told us of it hears why it is refuted, or is no more. */
static enum status
refold_record(struct service *service, struct departure *departure, const struct case_key *key,
    struct ground_row *ground)
{
	const bool was = ground->state == CONSENT_REVOKED;
	enum status rc = grounds_refold(service, departure, key, ground);

	if (rc != STATUS_OK || ground->origin[0] == '\0' ||
	    (!was && ground->state != CONSENT_REVOKED))
		return rc;
	return custody_pass_holder(service, ground);
}

/*
 * The consents of the case, each with all that is known now; rule 2. What is stopped stays so: a
 * statement alone, without the one that took it back, may not be folded.
 */
static enum status
refold_records(struct service *service, struct departure *departure, uint64_t case_n)
{
	struct ground_row ground = {0};
	struct case_key key;
	enum status rc = case_file_key(service, case_n, &key);

	if (rc != STATUS_OK)
		return rc == STATUS_ERASED ? STATUS_OK : rc;
	while ((rc = ground_store_of_case(service->db, case_n, ground.n, &ground)) == STATUS_OK)
		if (ground.basis == BASIS_CONSENT &&
		    (rc = refold_record(service, departure, &key, &ground)) != STATUS_OK)
			break;
	vault_forget(&key);
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* People who have the case see that there is something new in it. */
static enum status
show(struct service *service, uint64_t case_n, const uint8_t but[static SUITE_ID_LEN])
{
	struct task_filter filter = {
	    .sides = TASK_SENDER | TASK_RECIPIENT, .state = TASK_STATE_COUNT, .case_n = case_n};
	struct task_row task;
	enum status rc = case_store_next_of(service->db, &filter, &task);

	if (rc != STATUS_OK)
		return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
	if (memcmp(task.id, but, sizeof(task.id)) == 0)
		return STATUS_OK;
	task.unread = true;
	return case_file_refold(service, &task, "custody");
}

/* Into CASE_N, as ROW says, sealed under its key. *ADDED: it was not there. */
static enum status
keep(struct service *service, const struct custody_row *what, uint64_t case_n,
    const json_t *body, bool *added)
{
	struct custody_row row = *what;
	struct buffer sealed = {0};
	struct case_key key;
	uint64_t count;
	bool has;
	enum status rc = custody_store_has(service->db, case_n, row.message, &has);

	*added = false;
	if (rc != STATUS_OK || has)
		return rc;
	if ((rc = custody_store_count(service->db, case_n, &count)) != STATUS_OK)
		return rc;
	if (count >= FACTS_MAX)
		return inbox_problem(
		    service, "custody", bytes_of_text(row.origin), STATUS_TOO_LARGE, row.index);
	if ((rc = case_file_key(service, case_n, &key)) != STATUS_OK)
		return rc == STATUS_ERASED ? STATUS_OK : rc;
	row.case_n = case_n;
	if ((rc = custody_store_next(service->db, &row.n)) == STATUS_OK)
		rc = seal(&key, row.n, body, &sealed);
	if (rc == STATUS_OK)
		rc = custody_store_add(service->db, &row, bytes_of_buffer(&sealed));
	if (rc == STATUS_OK)
		rc = custody_pass_plan(service, &row);
	*added = rc == STATUS_OK;
	buffer_free(&sealed);
	vault_forget(&key);
	return rc;
}

static enum status
hash_copy(struct service *service, const char *origin, const json_t *body,
    uint8_t out[static SUITE_HASH_LEN])
{
	struct buffer text = {0};
	char *json = json_dumps(body, JSON_COMPACT);

	if (json == NULL)
		return STATUS_NO_MEMORY;
	buffer_append_format(&text, "%s %s", origin, json);
	suite_wipe(json, strlen(json));
	free(json);
	if (!text.failed)
		vault_own_name(service->vault, "custody", bytes_of_buffer(&text), out);
	suite_wipe(text.data, text.len);
	buffer_free(&text);
	return text.failed ? STATUS_NO_MEMORY : STATUS_OK;
}

/* Kept in CASE_N, applied there, and shown. */
static enum status
apply(struct service *service, struct departure *departure, const struct custody_row *row,
    uint64_t case_n, const struct task_row *task, const json_t *body)
{
	bool added;
	enum status rc = keep(service, row, case_n, body, &added);

	if (rc == STATUS_OK && added)
		rc = refold_records(service, departure, case_n);
	return rc == STATUS_OK && added && case_n != task->case_n
	           ? show(service, case_n, task->id)
	           : rc;
}

static enum status
apply_all(struct service *service, struct departure *departure, const struct task_row *task,
    const struct custody_row *row, const struct content *content, const json_t *body)
{
	struct custody_cases cases = {0};
	struct custody_child child;
	enum status rc = apply(service, departure, row, task->case_n, task, body);

	if (rc == STATUS_OK && custody_child_of(content, &child))
		rc = custody_child_cases(service, &child, &cases);
	suite_wipe(&child, sizeof(child));
	for (unsigned i = 0; rc == STATUS_OK && i < cases.count; i++)
		if (cases.n[i] != task->case_n)
			rc = apply(service, departure, row, cases.n[i], task, body);
	return rc;
}

enum status
custody_take(struct service *service, struct departure *departure, const struct task_row *task,
    uint64_t event_n, const struct custody_statement *statement)
{
	struct custody_row row = {
	    .event_n = event_n, .index = statement->index, .time_ms = service->now_ms};
	json_t *body = body_of(statement->content);
	enum status rc = body == NULL ? STATUS_NO_MEMORY : STATUS_OK;

	memcpy(row.origin, statement->origin, sizeof(row.origin));
	memcpy(row.via, statement->via, sizeof(row.via));
	memcpy(row.message, statement->message, sizeof(row.message));
	if (rc == STATUS_OK)
		rc = hash_copy(service, row.origin, body, row.copy);
	if (rc == STATUS_OK)
		rc = add_tasks(body, statement->content);
	/* The words of one that was passed on are not its message's own fields. */
	if (rc == STATUS_OK && statement->content == &statement->inner)
		rc = search_index_content(service, task->case_n, event_n, statement->content);
	if (rc == STATUS_OK)
		rc = custody_pass_known(service, task, &row);
	if (rc == STATUS_OK)
		rc = apply_all(service, departure, task, &row, statement->content, body);
	json_decref(body);
	return rc;
}

enum status
custody_home(
    struct service *service, const struct custody_statement *statement, uint64_t *case_n)
{
	struct custody_cases cases = {0};
	struct custody_child child;
	enum status rc = STATUS_OK;

	if (custody_child_of(statement->content, &child))
		rc = custody_child_cases(service, &child, &cases);
	suite_wipe(&child, sizeof(child));
	if (rc != STATUS_OK || cases.count == 0)
		return rc != STATUS_OK ? rc : STATUS_NOT_FOUND;
	*case_n = cases.n[0];
	for (unsigned i = 1; i < cases.count; i++)
		if (cases.n[i] > *case_n)
			*case_n = cases.n[i];
	return STATUS_OK;
}

/* ---- What a case comes to know later ----------------------------------------------------- */

static enum status
copy_facts(struct service *service, uint64_t from, uint64_t case_n, bool *any)
{
	struct custody_row row = {0};
	struct case_key key;
	json_t *body;
	bool added;
	enum status rc = case_file_key(service, from, &key);

	if (rc != STATUS_OK)
		return rc == STATUS_ERASED ? STATUS_OK : rc;
	while ((rc = custody_store_of_case(service->db, from, row.n, &row)) == STATUS_OK) {
		if ((rc = custody_known_read(service, &key, &row, &body)) != STATUS_OK)
			break;
		rc = keep(service, &row, case_n, body, &added);
		json_decref(body);
		if (rc != STATUS_OK)
			break;
		*any = *any || added;
	}
	vault_forget(&key);
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

enum status
custody_follow(struct service *service, struct departure *departure, uint64_t case_n,
    const struct content *content)
{
	struct custody_cases cases = {0};
	struct custody_child child;
	bool any = false, added = false;
	enum status rc;

	if (!custody_child_of(content, &child))
		return STATUS_OK;
	rc = custody_store_any(service->db, &any);
	if (rc == STATUS_OK && any)
		rc = custody_child_cases(service, &child, &cases);
	suite_wipe(&child, sizeof(child));
	for (unsigned i = 0; rc == STATUS_OK && i < cases.count; i++)
		if (cases.n[i] != case_n)
			rc = copy_facts(service, cases.n[i], case_n, &added);
	return rc == STATUS_OK && added ? refold_records(service, departure, case_n) : rc;
}

/* ---- What leaves ------------------------------------------------------------------------- */

enum status
custody_leaves(struct service *service, struct departure *departure,
    const struct task_row *task, const struct event_row *event, const struct content *content)
{
	struct custody_statement statement = {.content = content, .index = UINT64_MAX};

	if (content->type->id != MESSAGE_NOTICE_CUSTODY)
		return custody_follow(service, departure, task->case_n, content);
	if (!bytes_to_text(bytes_of_text(service->config.code), statement.origin,
		sizeof(statement.origin)))
		return STATUS_INTERNAL;
	memcpy(statement.message, event->message, sizeof(statement.message));
	return custody_take(service, departure, task, event->n, &statement);
}

enum status
custody_refold(struct service *service, struct departure *departure, uint64_t event_n)
{
	struct custody_row row = {0};
	enum status rc;

	while ((rc = custody_store_of_event(service->db, event_n, row.n, &row)) == STATUS_OK)
		if ((rc = refold_records(service, departure, row.case_n)) != STATUS_OK)
			return rc;
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}
