/* services/runtime/acts/acts_attach.c: documents: brought to the desk, cited by acts, opened. */
#include "services/runtime/acts/acts_attach.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "protocol/host/lang.h"
#include "services/runtime/acts/acts_inside.h"
#include "services/runtime/people/access.h"

#define UNCLAIMED_MAX 256 /* documents that nothing cites yet */

/* ---- Bringing ---------------------------------------------------------------------------- */

static enum status
answer_state(const struct attachment_row *row, json_t **answer, struct refusal *refusal)
{
	*answer = json_pack("{s:o, s:I, s:I, s:b, s:s, s:I}", "attachment",
	    request_hex(row->id), "offset", (json_int_t)documents_offset(row), "size",
	    (json_int_t)row->size, "whole", row->whole, "type",
	    row->done > 0 ? filetype_code((enum filetype)row->type) : "", "part_max",
	    (json_int_t)ACTS_ATTACH_PART_MAX);
	return *answer != NULL ? STATUS_OK : acts_fail(refusal, STATUS_NO_MEMORY, "the answer");
}

static enum status
check_room(struct service *service, uint64_t size, struct refusal *refusal)
{
	uint64_t sum = 0, unclaimed = 0;
	enum status rc;

	if (size > service->config.attachment_bytes)
		return request_refuse(refusal, STATUS_ATTACHMENT_TOO_LARGE, "size",
		    "a document here may have at most %d MiB",
		    (int)(service->config.attachment_bytes >> 20));
	if ((rc = attachment_store_sum(service->db, &sum, &unclaimed)) != STATUS_OK)
		return acts_fail(refusal, rc, "storing the document");
	if (unclaimed >= UNCLAIMED_MAX || sum + size > service->config.attachments_bytes)
		return request_refuse(refusal, STATUS_ATTACHMENTS_FULL, "",
		    "there is no room for another document now");
	return STATUS_OK;
}

static bool
has_place(const json_t *request)
{
	return json_object_get(request, "case") != NULL ||
	       json_object_get(request, "task") != NULL;
}

/* The case that it is begun for, by its own number or a task's; 0: none is named. */
static enum status
read_place(struct service *service, const struct actor *actor, const json_t *request,
    uint64_t *case_n, struct refusal *refusal)
{
	const bool by_task = json_object_get(request, "task") != NULL;
	const char *field = by_task ? "task" : "case";
	const char *id = json_string_value(json_object_get(request, field));
	struct task_row task;
	struct case_row file;
	uint8_t bytes[SUITE_ID_LEN];
	enum status rc;

	*case_n = 0;
	if (!has_place(request))
		return STATUS_OK;
	if (id == NULL || !request_id(id, bytes))
		return request_refuse(
		    refusal, STATUS_ARGUMENT, field, "%s is 32 hexadecimal digits", field);
	rc = by_task ? acts_find_task(service, actor, ACTS_TO_ACT, id, &task, refusal)
	             : acts_find_case(service, actor, ACTS_TO_ACT, id, &file, refusal);
	if (rc == STATUS_OK)
		*case_n = by_task ? task.case_n : file.n;
	return rc;
}

static enum status
read_begin(const json_t *request, struct attachment_row *row, struct bytes *name,
    struct refusal *refusal)
{
	const char *category = json_string_value(json_object_get(request, "category"));
	const json_t *text = json_object_get(request, "name"),
		     *size = json_object_get(request, "size");
	enum category named;
	enum field field;

	if (json_object_size(request) != 3 + (size_t)has_place(request) || text == NULL ||
	    size == NULL || category == NULL)
		return request_refuse(refusal, STATUS_ARGUMENT, "",
		    "a document has name, category and size, may have one of case and task, "
		    "and nothing else");
	*name =
	    (struct bytes){(const uint8_t *)json_string_value(text), json_string_length(text)};
	if (!json_is_string(text) || !attachment_is_name(*name))
		return request_refuse(refusal, STATUS_ARGUMENT, "name",
		    "name is 1 to %d bytes in one line, without / and \\", ATTACHMENT_NAME_MAX);
	if (!category_named(bytes_of_text(category), &named) ||
	    !attachment_field_of(named, &field))
		return request_refuse(refusal, STATUS_ARGUMENT, "category",
		    "category is one of the categories of personal data");
	if (!json_is_integer(size) || json_integer_value(size) < 1)
		return request_refuse(refusal, STATUS_ARGUMENT, "size",
		    "size is the number of bytes, 1 at least");
	row->category = named;
	row->size = (uint64_t)json_integer_value(size);
	return STATUS_OK;
}

/* In the open transaction. */
static enum status
add(struct service *service, const struct actor *actor, struct attachment_row *row,
    struct bytes name)
{
	struct document_secret secret;
	struct document_look look = {0};
	struct case_key key = {0};
	const bool placed = row->case_n != 0;
	enum status rc = STATUS_OK;

	if (placed)
		rc = case_file_key(service, row->case_n, &key);
	if (rc != STATUS_OK)
		return rc;
	suite_random(secret.key, sizeof(secret.key));
	suite_stream_start(secret.key, secret.header, &look.stream);
	rc = documents_add(service, row, placed ? &key : NULL, &secret, name, &look);
	if (rc == STATUS_OK && placed)
		rc = access_record(service, actor, row->case_n, 0, "attach");
	suite_wipe(&secret, sizeof(secret));
	suite_wipe(&look, sizeof(look));
	vault_forget(&key);
	return rc;
}

static enum status
begin(struct service *service, const struct actor *actor, struct attachment_row *row,
    struct bytes name)
{
	enum status rc = service_begin(service);

	if (rc != STATUS_OK)
		return rc;
	return service_end(service, add(service, actor, row, name), "attachment");
}

enum status
acts_attach_begin(struct service *service, const struct actor *actor, const json_t *request,
    json_t **answer, struct refusal *refusal)
{
	struct attachment_row row = {0};
	struct bytes name = {NULL, 0};
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if ((rc = acts_may_read(actor, refusal)) != STATUS_OK ||
	    (rc = read_begin(request, &row, &name, refusal)) != STATUS_OK ||
	    (rc = read_place(service, actor, request, &row.case_n, refusal)) != STATUS_OK ||
	    (rc = check_room(service, row.size, refusal)) != STATUS_OK)
		return rc;
	row.time_ms = service->now_ms;
	if ((rc = begin(service, actor, &row, name)) != STATUS_OK)
		return acts_fail(refusal, rc, "storing the document");
	return answer_state(&row, answer, refusal);
}

/* One that the person may know: of a case of theirs, or of none and known by its number. */
static enum status
find(struct service *service, const struct actor *actor, enum acts_need need, const char *id,
    struct attachment_row *out, struct refusal *refusal)
{
	uint8_t bytes[SUITE_ID_LEN];
	enum status rc = STATUS_NOT_FOUND, may;

	*out = (struct attachment_row){0};
	if (request_id(id, bytes))
		rc = attachment_store_find(service->db, bytes, out);
	/* What still comes is in no case, and nobody's to see. */
	if (rc == STATUS_OK && out->case_n == 0 && out->message_index != 0)
		rc = STATUS_NOT_FOUND;
	/* The same look-ups, whether there is one or not. */
	may = acts_knows(service, actor, need, out->case_n);
	if (rc == STATUS_OK && out->case_n != 0)
		rc = may;
	if (rc == STATUS_NOT_FOUND)
		return request_refuse(
		    refusal, rc, "attachments", "there is no such document here");
	return rc == STATUS_OK ? rc : acts_fail(refusal, rc, "reading the document");
}

enum status
acts_attach_state(struct service *service, const struct actor *actor, const char *id,
    json_t **answer, struct refusal *refusal)
{
	struct attachment_row row = {0};
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if ((rc = acts_may_read(actor, refusal)) != STATUS_OK ||
	    (rc = find(service, actor, ACTS_TO_OPEN, id, &row, refusal)) != STATUS_OK)
		return rc;
	return answer_state(&row, answer, refusal);
}

static enum status
append(struct service *service, struct attachment_row *row, uint64_t offset,
    struct document_part part)
{
	struct case_key key;
	enum status rc;

	if (row->case_n == 0)
		return documents_append(service, row, NULL, offset, part);
	if ((rc = case_file_key(service, row->case_n, &key)) != STATUS_OK)
		return rc;
	rc = documents_append(service, row, &key, offset, part);
	vault_forget(&key);
	return rc;
}

enum status
acts_attach_part(struct service *service, const struct actor *actor, const char *id,
    uint64_t offset, struct document_part part, json_t **answer, struct refusal *refusal)
{
	struct attachment_row row = {0};
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if ((rc = acts_may_read(actor, refusal)) != STATUS_OK ||
	    (rc = find(service, actor, ACTS_TO_ACT, id, &row, refusal)) != STATUS_OK)
		return rc;
	if (row.whole || row.message_index != 0 || row.source != 0)
		return request_refuse(
		    refusal, STATUS_WRONG_STATE, "", "this document is whole already");
	rc = append(service, &row, offset, part);
	if (rc == STATUS_NOT_FOUND)
		return request_refuse(refusal, rc, "", "there is no such document here");
	if (rc == STATUS_WRONG_STATE)
		return request_refuse(refusal, rc, "offset",
		    "the document does not end there: ask where it does, and go on from there");
	if (rc == STATUS_ARGUMENT)
		return request_refuse(refusal, rc, "",
		    "a part has at least %d bytes or reaches the document's end, and no more",
		    (int)ATTACHMENT_CHUNK);
	if (rc != STATUS_OK)
		return acts_fail(refusal, rc, "storing the document");
	return answer_state(&row, answer, refusal);
}

/* ---- Citing ------------------------------------------------------------------------------ */

static enum status
describe(struct service *service, const struct attachment_row *row,
    const struct acts_attach_place *place, struct buffer *out)
{
	const struct case_key *key = row->case_n != 0 ? place->key : NULL;
	struct attachment_file file = {
	    .type = bytes_of_text(filetype_code((enum filetype)row->type))};
	struct document_secret secret;
	struct buffer name = {0};
	enum status rc = documents_secret(service, row, key, &secret);

	if (rc == STATUS_OK)
		rc = documents_name(service, row, key, &name);
	if (rc == STATUS_OK) {
		memcpy(file.cited.root, row->root, sizeof(row->root));
		file.cited.size = attachment_sealed_size(row->size);
		memcpy(file.key, secret.key, sizeof(file.key));
		memcpy(file.header, secret.header, sizeof(file.header));
		file.name = bytes_of_buffer(&name);
		attachment_file_encode(&file, out);
		if (out->failed)
			rc = STATUS_NO_MEMORY;
	}
	suite_wipe(&secret, sizeof(secret));
	suite_wipe(&file, sizeof(file));
	buffer_free(&name);
	return rc;
}

static enum status
find_cited(struct service *service, const struct actor *actor, const json_t *one,
    const struct acts_attach_place *place, struct attachment_row *row, struct refusal *refusal)
{
	const char *id = json_string_value(one);
	uint8_t bytes[SUITE_ID_LEN];
	enum status rc;

	/* In the act's own case whoever may act may cite it. */
	if (id == NULL || !request_id(id, bytes) || place->case_n == 0 ||
	    attachment_store_find(service->db, bytes, row) != STATUS_OK ||
	    row->case_n != place->case_n) {
		rc = find(service, actor, ACTS_TO_ACT, id != NULL ? id : "", row, refusal);
		if (rc != STATUS_OK)
			return rc;
	}
	if (!row->whole)
		return request_refuse(refusal, STATUS_WRONG_STATE, "attachments",
		    "a document is not whole yet: bring the rest of it first");
	/* What came from others, or lies in another case, stays there. */
	if (row->message_index != 0 || (row->case_n != 0 && row->case_n != place->case_n))
		return request_refuse(refusal, STATUS_NOT_PERMITTED, "attachments",
		    "a document belongs to another case, or was sent here: bring it anew");
	return STATUS_OK;
}

/* The documents of one field; *COUNT of them. */
static enum status
fill_field(struct service *service, const struct actor *actor, const json_t *ids,
    const struct acts_attach_place *place, const struct field_info *field, struct content *out,
    struct refusal *refusal)
{
	struct buffer files = {0}, value = {0};
	struct attachment_row row = {0};
	const json_t *one;
	uint32_t count = 0;
	enum status rc = STATUS_OK;
	size_t i;

	json_array_foreach((json_t *)(uintptr_t)ids, i, one)
	{
		rc = find_cited(service, actor, one, place, &row, refusal);
		if (rc != STATUS_OK)
			goto out;
		if (row.category != (uint64_t)field->category)
			continue;
		if ((rc = describe(service, &row, place, &files)) != STATUS_OK) {
			acts_fail(refusal, rc, "reading the document");
			goto out;
		}
		count++;
	}
	if (count == 0)
		goto out;
	pack_array(&value, count);
	buffer_append(&value, bytes_of_buffer(&files));
	rc = value.failed ? STATUS_NO_MEMORY
	                  : content_set_value(out, field->id, bytes_of_buffer(&value));
	if (rc != STATUS_OK)
		acts_fail(refusal, rc, "making the message");
out:
	buffer_free(&files);
	buffer_free(&value);
	return rc;
}

static bool
is_doubled(const json_t *ids)
{
	const json_t *one, *other;
	size_t i, j;

	json_array_foreach((json_t *)(uintptr_t)ids, i, one)
	{
		json_array_foreach((json_t *)(uintptr_t)ids, j, other)
		{
			if (i < j &&
			    json_equal((json_t *)(uintptr_t)one, (json_t *)(uintptr_t)other))
				return true;
		}
	}
	return false;
}

enum status
acts_attach_fill(struct service *service, const struct actor *actor, const json_t *request,
    const struct acts_attach_place *place, struct content *out, struct refusal *refusal)
{
	const json_t *ids = json_object_get(request, "attachments");
	unsigned fields = 0;
	enum status rc = STATUS_OK;

	if (ids == NULL || json_is_null(ids))
		return STATUS_OK;
	if (!json_is_array(ids) || json_array_size(ids) > ENVELOPE_ATTACHMENTS_MAX ||
	    is_doubled(ids))
		return request_refuse(refusal, STATUS_ARGUMENT, "attachments",
		    "attachments are the numbers of at most %d documents, each once",
		    ENVELOPE_ATTACHMENTS_MAX);
	for (unsigned i = 0; rc == STATUS_OK && i < out->type->field_count; i++) {
		const struct field_info *field = out->type->fields[i].field;

		if (field->kind != FIELD_KIND_FILES)
			continue;
		fields++;
		rc = fill_field(service, actor, ids, place, field, out, refusal);
	}
	if (rc == STATUS_OK && fields == 0 && json_array_size(ids) > 0)
		return request_refuse(
		    refusal, STATUS_ARGUMENT, "attachments", "this step takes no documents");
	return rc;
}

enum status
acts_attach_claim(struct service *service, const struct content *content,
    const struct acts_attach_place *place)
{
	struct envelope_attachment cited[ENVELOPE_ATTACHMENTS_MAX];
	struct attachment_row row = {0};
	uint32_t count;
	enum status rc = attachment_list(content, CATEGORY_ALL, cited, &count);

	for (uint32_t i = 0; rc == STATUS_OK && i < count; i++) {
		rc = attachment_store_own(service->db, cited[i].root, &row);
		if (rc == STATUS_OK)
			rc = row.case_n == 0
			         ? documents_claim(service, &row, place->case_n, place->key)
			         : attachment_store_cite(service->db, row.n);
	}
	return rc;
}

/* ---- Opening ----------------------------------------------------------------------------- */

static enum status
record(struct service *service, const struct actor *actor, uint64_t case_n)
{
	enum status rc = service_begin(service);

	if (rc != STATUS_OK)
		return rc;
	rc = access_record(service, actor, case_n, 0, "document");
	return service_end(service, rc, "read");
}

enum status
acts_attach_open(struct service *service, const struct actor *actor, const char *id,
    struct document_reader *out, struct buffer *name, struct refusal *refusal)
{
	struct attachment_row row = {0};
	struct case_key key;
	enum status rc;

	service_tick(service);
	if ((rc = acts_may_read(actor, refusal)) != STATUS_OK ||
	    (rc = find(service, actor, ACTS_TO_OPEN, id, &row, refusal)) != STATUS_OK)
		return rc;
	if (row.case_n == 0 || !row.whole)
		return request_refuse(refusal, STATUS_WRONG_STATE, "",
		    "this document is in no case yet: whoever brought it has it");
	rc = case_file_key(service, row.case_n, &key);
	if (rc == STATUS_ERASED)
		return request_refuse(refusal, rc, "", "the document was erased");
	if (rc == STATUS_OK)
		rc = documents_name(service, &row, &key, name);
	if (rc == STATUS_OK)
		rc = documents_read_start(service, &row, &key, out);
	/* No look without a record. */
	if (rc == STATUS_OK)
		rc = record(service, actor, row.case_n);
	vault_forget(&key);
	return rc == STATUS_OK ? rc : acts_fail(refusal, rc, "opening the document");
}

enum status
acts_attach_read(struct service *service, struct document_reader *reader, struct buffer *out)
{
	return documents_read(service, reader, out);
}

enum status
acts_attach_list(struct service *service, uint64_t case_n, const struct content *content,
    unsigned field, const uint8_t message[static SUITE_ID_LEN], const char *author, json_t *out)
{
	const struct field_info *info = content->type->fields[field].field;
	struct attachment_file file;
	struct attachment_row row = {0};

	for (unsigned i = 0; attachment_file_at(content, info->id, i, &file); i++) {
		enum status rc =
		    attachment_store_in_case(service->db, case_n, file.cited.root, &row);
		json_t *one;

		suite_wipe(file.key, sizeof(file.key));
		/* Whoever asks here is shown the document, not what was sealed of it for others. */
		if (rc == STATUS_OK && row.source != 0)
			rc = attachment_store_get(service->db, row.source, &row);
		if (rc == STATUS_NOT_FOUND)
			continue;
		if (rc != STATUS_OK)
			return rc;
		one = json_pack("{s:o, s:s%, s:s, s:I, s:s, s:s, s:o}", "attachment",
		    request_hex(row.id), "name", (const char *)file.name.data, file.name.len,
		    "type", filetype_code((enum filetype)row.type), "size",
		    (json_int_t)row.size, "category", category_name(row.category), "by", author,
		    "from", request_hex(message));
		if (json_array_append_new(out, one) != 0)
			return STATUS_NO_MEMORY;
	}
	return STATUS_OK;
}
