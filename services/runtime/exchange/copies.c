/* services/runtime/exchange/copies.c: a document sealed anew for each further message that cites it. */
#include "services/runtime/exchange/copies.h"

#include <string.h>

#include "protocol/host/oplog.h"
#include "services/runtime/exchange/case_file.h"
#include "services/runtime/exchange/dispatch.h"
#include "services/runtime/exchange/service.h"

#define PAUSE_MS 60000

void
copies_reset(struct service *service)
{
	buffer_free(&service->copying.leaves);
	suite_wipe(&service->copying, sizeof(service->copying));
}

/* ---- Whose a root is --------------------------------------------------------------------- */

enum status
copies_claim(
    struct service *service, struct bytes frame, uint64_t event_n, enum outbox_state *state)
{
	struct envelope envelope;
	struct attachment_row row;
	enum status rc = envelope_parse(frame, &envelope);

	*state = OUTBOX_UPLOADING;
	for (uint32_t i = 0; rc == STATUS_OK && i < envelope.header.attachment_count; i++) {
		const uint8_t *root = envelope.header.attachments[i].root;

		if (envelope.header.type == MESSAGE_HISTORY_PASS) {
			rc = attachment_store_sealed(service->db, root, &row);
			continue;
		}
		rc = attachment_store_own(service->db, root, &row);
		if (rc == STATUS_OK && row.event_n == 0)
			rc = attachment_store_take(service->db, row.n, event_n);
		else if (rc == STATUS_OK && row.event_n != event_n)
			*state = OUTBOX_SEALING;
	}
	return rc == STATUS_NOT_FOUND ? STATUS_BAD_ATTACHMENT : rc;
}

/* What the document of ROOT is sealed as for EVENT_N; SOURCE is what it is sealed from. */
static enum status
find(struct service *service, const uint8_t root[static SUITE_HASH_LEN], uint64_t event_n,
    struct attachment_row *source, struct attachment_row *out)
{
	enum status rc = attachment_store_own(service->db, root, source);

	if (rc == STATUS_OK && source->event_n == event_n) {
		*out = *source;
		return STATUS_OK;
	}
	if (rc == STATUS_OK && source->source != 0)
		rc = attachment_store_get(service->db, source->source, source);
	if (rc != STATUS_OK)
		return rc == STATUS_NOT_FOUND ? STATUS_BAD_ATTACHMENT : rc;
	return attachment_store_copy(service->db, source->n, event_n, out);
}

static enum status
put_file(struct service *service, const struct case_key *key, uint64_t event_n,
    struct attachment_file *file, struct buffer *out)
{
	struct attachment_row source, row;
	struct document_secret secret = {0};
	enum status rc = find(service, file->cited.root, event_n, &source, &row);

	if (rc == STATUS_OK && row.whole &&
	    (rc = documents_secret(service, &row, key, &secret)) == STATUS_OK) {
		memcpy(file->cited.root, row.root, sizeof(row.root));
		memcpy(file->key, secret.key, sizeof(file->key));
		memcpy(file->header, secret.header, sizeof(file->header));
	}
	attachment_file_encode(file, out);
	suite_wipe(&secret, sizeof(secret));
	/* One that this message does not show stays as it is. */
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

enum status
copies_put(struct service *service, const struct case_key *key, uint64_t event_n,
    struct content *content)
{
	enum status rc = STATUS_OK;

	for (unsigned i = 0; rc == STATUS_OK && i < content->type->field_count; i++) {
		const struct field_info *field = content->type->fields[i].field;
		struct buffer files = {0}, value = {0};
		struct attachment_file file;
		uint32_t count = 0;

		if (field->kind != FIELD_KIND_FILES)
			continue;
		while (
		    rc == STATUS_OK && attachment_file_at(content, field->id, count, &file)) {
			rc = put_file(service, key, event_n, &file, &files);
			suite_wipe(&file, sizeof(file));
			count++;
		}
		if (rc == STATUS_OK && count > 0) {
			pack_array(&value, count);
			buffer_append(&value, bytes_of_buffer(&files));
			rc = files.failed || value.failed
			         ? STATUS_NO_MEMORY
			         : content_set_value(
				       content, field->id, bytes_of_buffer(&value));
		}
		buffer_free(&files);
		buffer_free(&value);
	}
	return rc;
}

/* ---- One copy ---------------------------------------------------------------------------- */

static enum status
add(struct service *service, const struct attachment_row *source, const struct case_key *key,
    struct attachment_row *row)
{
	struct document_reader from;
	struct document_secret secret;
	struct document_look look = {0};
	enum status rc = documents_read_start(service, source, key, &from);

	if (rc != STATUS_OK)
		return rc;
	suite_random(secret.key, sizeof(secret.key));
	suite_stream_start(secret.key, secret.header, &look.stream);
	look.from = from.stream;
	if ((rc = service_begin(service)) == STATUS_OK) {
		rc = documents_add(service, row, NULL, &secret, bytes_of_text("-"), &look);
		if (rc == STATUS_OK)
			rc = documents_claim(service, row, source->case_n, key);
		rc = service_end(service, rc, "attachment");
	}
	suite_wipe(&from, sizeof(from));
	suite_wipe(&secret, sizeof(secret));
	suite_wipe(&look, sizeof(look));
	return rc;
}

static enum status
create(struct service *service, const struct attachment_row *source, uint64_t event_n,
    struct attachment_row *row)
{
	uint64_t sum, unclaimed;
	struct case_key key;
	enum status rc = attachment_store_sum(service->db, &sum, &unclaimed);

	if (rc != STATUS_OK)
		return rc;
	if (sum + source->size > service->config.attachments_bytes)
		return STATUS_ATTACHMENTS_FULL;
	*row = (struct attachment_row){.category = source->category,
	    .size = source->size,
	    .time_ms = service->now_ms,
	    .event_n = event_n,
	    .source = source->n};
	rc = case_file_key(service, source->case_n, &key);
	if (rc == STATUS_OK)
		rc = add(service, source, &key, row);
	vault_forget(&key);
	return rc == STATUS_NOT_FOUND || rc == STATUS_ERASED ? STATUS_BAD_ATTACHMENT : rc;
}

static enum status
start(struct service *service, uint64_t outbox_n, const struct attachment_row *source,
    const struct attachment_row *row)
{
	struct copying *copying = &service->copying;
	enum status rc;

	copies_reset(service);
	copying->outbox_n = outbox_n;
	copying->row = *row;
	copying->kept = row->done;
	rc = documents_look(service, row, NULL, &copying->look);
	if (rc == STATUS_OK)
		rc = attachment_store_blob(
		    service->db, row->n, ATTACHMENT_LEAVES, &copying->leaves);
	copying->from = (struct document_reader){
	    .row = *source, .stream = copying->look.from, .chunk = row->done};
	copying->is_on = rc == STATUS_OK;
	return rc;
}

static enum status
seal_some(struct service *service)
{
	struct copying *copying = &service->copying;
	struct buffer plain = {0};
	enum status rc = STATUS_OK;

	for (unsigned i = 0; rc == STATUS_OK && i < COPIES_CHUNKS && !copying->row.whole; i++) {
		buffer_reset(&plain);
		rc = documents_read(service, &copying->from, &plain);
		if (rc == STATUS_OK)
			rc = documents_seal(service, &copying->row, &copying->look,
			    bytes_of_buffer(&plain), &copying->leaves);
		if (plain.data != NULL)
			suite_wipe(plain.data, plain.len);
	}
	buffer_free(&plain);
	if (rc != STATUS_OK ||
	    (!copying->row.whole && copying->row.done - copying->kept < COPIES_SYNC))
		return rc;
	copying->look.from = copying->from.stream;
	rc = documents_keep(service, &copying->row, NULL, &copying->look, &copying->leaves);
	copying->kept = copying->row.done;
	if (rc == STATUS_OK && copying->row.whole)
		copies_reset(service);
	return rc;
}

/* ---- The message that waits -------------------------------------------------------------- */

/* It goes on to its upload, under its new roots. */
static enum status
let_go(struct service *service, const struct outbox_row *row)
{
	struct departure departure = {0};
	enum status rc = service_begin(service);

	if (rc != STATUS_OK)
		return rc;
	rc = dispatch_again(service, &departure, row);
	if (rc == STATUS_OK)
		rc = departure_sign(service, &departure);
	departure_free(&departure);
	return service_end(service, rc, "act");
}

/* The next document of ROW's message that is not whole yet; *MORE is false when all are. */
static enum status
next_of(struct service *service, const struct outbox_row *row, bool *more)
{
	struct attachment_row source, copy;
	struct envelope envelope;
	struct buffer frame = {0};
	enum status rc = outbox_store_frame(service->db, row->n, &frame);

	*more = false;
	if (rc == STATUS_OK)
		rc = envelope_parse(bytes_of_buffer(&frame), &envelope);
	for (uint32_t i = 0; rc == STATUS_OK && !*more && i < envelope.header.attachment_count;
	     i++) {
		rc = find(
		    service, envelope.header.attachments[i].root, row->event_n, &source, &copy);
		if (rc == STATUS_NOT_FOUND)
			rc = create(service, &source, row->event_n, &copy);
		if (rc == STATUS_OK && !copy.whole) {
			rc = start(service, row->n, &source, &copy);
			*more = true;
		}
	}
	buffer_free(&frame);
	return rc;
}

/* Later, or never when the document itself is at fault, or what its message rests on is over. */
static void
put_off(struct service *service, struct outbox_row *row, enum status why)
{
	enum status rc = service_begin(service);

	copies_reset(service);
	oplog(OPLOG_WARNING, "a document cannot be sealed anew now: %s", status_name(why));
	if (rc == STATUS_OK && (why == STATUS_BAD_ATTACHMENT || dispatch_lacks_ground(why))) {
		rc = outbox_refuse(service, row, why);
	} else if (rc == STATUS_OK) {
		row->refusal = why;
		row->retry_ms = service->now_ms + PAUSE_MS;
		rc = outbox_store_set(service->db, row);
	}
	if (rc == STATUS_OK)
		service_commit(service, "attachment");
	else
		service_rollback(service);
}

bool
copies_run(struct service *service)
{
	struct outbox_row row;
	bool more = true;
	enum status rc =
	    service->copying.is_on
		? outbox_store_get(service->db, service->copying.outbox_n, &row)
		: outbox_store_after(service->db, OUTBOX_SEALING, service->now_ms, 0, &row);

	if (rc != STATUS_OK) {
		copies_reset(service);
		return false;
	}
	rc = service->copying.is_on ? seal_some(service) : next_of(service, &row, &more);
	if (rc == STATUS_OK && !more)
		rc = let_go(service, &row);
	if (rc != STATUS_OK)
		put_off(service, &row, rc);
	return rc == STATUS_OK;
}
