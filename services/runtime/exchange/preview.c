/* services/runtime/exchange/preview.c: what a list shows of a task, sealed beside it. */
#include "services/runtime/exchange/preview.h"

#include <stdlib.h>
#include <string.h>

#include "services/runtime/exchange/case_file.h"
#include "services/runtime/exchange/service.h"
#include "services/runtime/store/preview_store.h"

/* Texts and codes alone. */
static const enum field shown[] = {FIELD_URGENCY, FIELD_PURPOSE, FIELD_CONCERN,
    FIELD_MUNICIPALITY, FIELD_AGE_BAND, FIELD_GROUND, FIELD_SUPPORT, FIELD_ASKED,
    FIELD_HANDLING, FIELD_INCIDENT, FIELD_EVENT_DATE, FIELD_CUSTODY_EVENT};

static struct vault_place
place_of_preview(uint64_t task_n)
{
	return (struct vault_place){"tasks", task_n, "preview"};
}

/* ---- Keeping ----------------------------------------------------------------------------- */

static int
add_field(json_t *fields, const struct content *content, enum field id)
{
	const struct field_info *field = field_info(id);
	struct bytes text;
	json_t *codes;

	if (field->kind != FIELD_KIND_CODES)
		return !content_text(content, id, &text)
		           ? 0
		           : json_object_set_new(fields, field->name,
				 json_stringn((const char *)text.data, text.len));
	if (!content_code_at(content, id, 0, &text))
		return 0;
	codes = json_array();
	for (unsigned i = 0; content_code_at(content, id, i, &text); i++)
		if (json_array_append_new(
			codes, json_stringn((const char *)text.data, text.len)) != 0) {
			json_decref(codes);
			return -1;
		}
	return json_object_set_new(fields, field->name, codes);
}

static enum status
seal(struct service *service, const struct case_key *key, uint64_t task_n,
    const struct content *content)
{
	const struct vault_place place = place_of_preview(task_n);
	struct buffer sealed = {0};
	json_t *fields = json_object();
	char *text = NULL;
	int failed = fields == NULL;
	enum status rc = STATUS_NO_MEMORY;

	for (size_t i = 0; !failed && i < sizeof(shown) / sizeof(shown[0]); i++)
		failed = add_field(fields, content, shown[i]);
	if (!failed && (text = json_dumps(fields, JSON_COMPACT)) != NULL)
		rc = vault_seal(key, &place, bytes_of_text(text), &sealed);
	if (rc == STATUS_OK)
		rc = preview_store_set(service->db, task_n, bytes_of_buffer(&sealed));
	buffer_free(&sealed);
	free(text);
	json_decref(fields);
	return rc;
}

enum status
preview_follow(struct service *service, const struct task_row *task)
{
	struct content content = {0};
	struct event_row row;
	struct case_key key;
	bool has;
	enum status rc = preview_store_has(service->db, task->n, &has);

	/* What has no effect says nothing. */
	if (rc != STATUS_OK || has || task->state == TASK_VOID)
		return rc;
	rc = case_file_opening(service, task, &row);
	if (rc != STATUS_OK)
		return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
	rc = case_file_key(service, task->case_n, &key);
	if (rc != STATUS_OK)
		return rc == STATUS_ERASED ? STATUS_OK : rc;
	rc = case_file_content(service, &key, &row, &content);
	if (rc == STATUS_OK)
		rc = seal(service, &key, task->n, &content);
	content_free(&content);
	vault_forget(&key);
	return rc == STATUS_ERASED ? STATUS_OK : rc;
}

/* ---- Reading ----------------------------------------------------------------------------- */

static enum status
open_row(struct service *service, const struct task_row *task, const struct preview_row *row,
    struct preview *out)
{
	const struct vault_place preview = place_of_preview(task->n),
				 number = {"cases", task->case_n, "file_number"};
	struct buffer plain = {0};
	struct case_key key;
	enum status rc =
	    vault_key(service->vault, task->case_n, bytes_of_buffer(&row->key), &key);

	if (rc != STATUS_OK)
		return rc;
	if (row->file_number.len > 0)
		rc = vault_open(&key, &number, bytes_of_buffer(&row->file_number), &plain);
	if (rc == STATUS_OK &&
	    !bytes_to_text(bytes_of_buffer(&plain), out->file_number, sizeof(out->file_number)))
		rc = STATUS_DATABASE;
	buffer_reset(&plain);
	if (rc == STATUS_OK && row->preview.len > 0)
		rc = vault_open(&key, &preview, bytes_of_buffer(&row->preview), &plain);
	vault_forget(&key);
	if (rc == STATUS_OK) {
		out->fields = plain.len > 0
		                  ? json_loadb((const char *)plain.data, plain.len, 0, NULL)
		                  : json_object();
		if (out->fields == NULL)
			rc = STATUS_NO_MEMORY;
	}
	buffer_free(&plain);
	return rc;
}

enum status
preview_read(
    struct service *service, const struct task_row *task, bool content, struct preview *out)
{
	struct preview_row row;
	enum status rc;

	*out = (struct preview){0};
	rc = preview_store_get(service->db, task->n, &row);
	if (rc == STATUS_OK) {
		memcpy(out->case_id, row.case_id, sizeof(out->case_id));
		out->erased = row.key.len == 0;
		if (content && !out->erased)
			rc = open_row(service, task, &row, out);
	}
	preview_store_free(&row);
	return rc;
}

void
preview_free(struct preview *preview)
{
	json_decref(preview->fields);
	preview->fields = NULL;
}
