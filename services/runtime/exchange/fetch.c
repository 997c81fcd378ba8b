/* services/runtime/exchange/fetch.c: documents of messages that came: held, fetched, then applied. */
#include "services/runtime/exchange/fetch.h"

#include <string.h>

#include "protocol/host/oplog.h"
#include "protocol/wire/forwarded.h"
#include "services/runtime/exchange/service.h"

#define PAUSE_MS 5000

void
fetch_reset(struct service *service)
{
	buffer_free(&service->fetch.plain);
	buffer_free(&service->fetch.leaves);
	suite_wipe(&service->fetch, sizeof(service->fetch));
}

/* ---- Expected ---------------------------------------------------------------------------- */

enum status
fetch_room(struct service *service, const struct content *content)
{
	struct envelope_attachment cited[ENVELOPE_ATTACHMENTS_MAX];
	uint64_t size, sum, unclaimed;
	uint32_t count;
	enum status rc = attachment_list(content, CATEGORY_ALL, cited, &count);

	if (rc != STATUS_OK || count == 0)
		return rc;
	if ((rc = attachment_store_sum(service->db, &sum, &unclaimed)) != STATUS_OK)
		return rc;
	for (uint32_t i = 0; i < count; i++) {
		size = attachment_plain_size(cited[i].size);
		if (size > service->config.attachment_bytes)
			return STATUS_ATTACHMENT_TOO_LARGE;
		sum += size;
	}
	return sum > service->config.attachments_bytes ? STATUS_ATTACHMENTS_FULL : STATUS_OK;
}

static enum status
expect_one(struct service *service, uint64_t index, uint32_t position, uint64_t category,
    const struct attachment_file *file)
{
	struct attachment_row row = {.message_index = index + 1,
	    .position = position,
	    .category = category,
	    .size = attachment_plain_size(file->cited.size),
	    .time_ms = service->now_ms};
	struct document_secret secret;
	struct document_look look = {0};
	enum status rc;

	memcpy(row.root, file->cited.root, sizeof(row.root));
	memcpy(secret.key, file->key, sizeof(secret.key));
	memcpy(secret.header, file->header, sizeof(secret.header));
	rc = suite_stream_resume(secret.key, secret.header, &look.stream);
	if (rc == STATUS_OK)
		rc = documents_add(service, &row, NULL, &secret, file->name, &look);
	suite_wipe(&secret, sizeof(secret));
	suite_wipe(&look, sizeof(look));
	return rc;
}

/* Whether the document ROOT of what is passed on came into its case already. */
static enum status
find_here(struct service *service, const struct forwarded_inner *inner,
    const uint8_t root[static SUITE_HASH_LEN], bool *here)
{
	const struct envelope_header *header = &inner->leaf.header;
	struct attachment_row row;
	enum status rc = attachment_store_of_message(
	    service->db, inner->forwarded.proven.index, attachment_place(header, root), &row);

	*here = rc == STATUS_OK && row.whole && row.case_n != 0;
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* INNER: CONTENT is of what is passed on. */
static enum status
expect_all(struct service *service, uint64_t index, const struct content *content,
    const struct forwarded_inner *inner)
{
	struct attachment_file file;
	uint32_t position = 0;
	enum status rc = STATUS_OK;

	for (unsigned i = 0; rc == STATUS_OK && i < content->type->field_count; i++) {
		const struct field_info *field = content->type->fields[i].field;

		for (unsigned j = 0; rc == STATUS_OK && field->kind == FIELD_KIND_FILES &&
				     attachment_file_at(content, field->id, j, &file);
		     j++, position++) {
			bool here = false;

			if (inner != NULL && inner->forwarded.proven.index < index)
				rc = find_here(service, inner, file.cited.root, &here);
			if (rc == STATUS_OK && !here)
				rc = expect_one(
				    service, index, position, field->category, &file);
			suite_wipe(&file, sizeof(file));
		}
	}
	return rc;
}

enum status
fetch_expect(struct service *service, uint64_t index, const struct content *content)
{
	struct forwarded_inner inner;
	enum status rc = forwarded_open(content, &inner);

	if (rc == STATUS_OK)
		rc = expect_all(service, index, &inner.content, &inner);
	else if (rc == STATUS_NOT_FOUND)
		rc = expect_all(service, index, content, NULL);
	forwarded_free(&inner);
	return rc;
}

/* ROW, which a pass brought, becomes its message's, unless that has it already. */
static enum status
bring(struct service *service, const struct fetch_brought *brought, struct attachment_row *row,
    bool *taken)
{
	const uint32_t place = attachment_place(brought->header, row->root);
	struct attachment_row here;
	enum status rc;

	*taken = false;
	if (place == brought->header->attachment_count)
		return STATUS_DATABASE; /* it was judged to be there */
	rc = attachment_store_of_message(service->db, brought->index, place, &here);
	if (rc != STATUS_NOT_FOUND)
		return rc;
	*taken = true;
	return attachment_store_bring(service->db, row->n, brought->index, place);
}

enum status
fetch_claim(struct service *service, const struct fetch_brought *brought, uint64_t case_n,
    const struct case_key *key)
{
	const bool itself = brought->index == brought->came_with;
	struct attachment_row row;
	enum status rc = STATUS_OK;

	for (uint32_t i = 0; rc == STATUS_OK && i < brought->header->attachment_count; i++) {
		bool taken = true;

		rc = attachment_store_of_message(service->db, brought->came_with, i, &row);
		if (rc == STATUS_NOT_FOUND && !itself) {
			rc = STATUS_OK; /* it was here before, or is not shown to us */
			continue;
		}
		if (rc == STATUS_OK && !itself)
			rc = bring(service, brought, &row, &taken);
		if (rc == STATUS_OK && taken)
			rc = documents_claim(service, &row, case_n, key);
	}
	return rc == STATUS_NOT_FOUND ? STATUS_DATABASE : rc;
}

/* ---- Chunks ------------------------------------------------------------------------------ */

static bool
take_request(struct fetch *fetch, uint32_t request)
{
	for (unsigned i = 0; i < fetch->request_count; i++) {
		if (fetch->requests[i] != request)
			continue;
		fetch->requests[i] = fetch->requests[--fetch->request_count];
		return true;
	}
	return false;
}

/* What was asked for comes again after a while. */
static void
pause_for_a_while(struct service *service)
{
	service->fetch.pause_ms = service->now_ms + PAUSE_MS;
	service->fetch.asked = service->fetch.got;
}

/* Proven, opened, looked at, written: only then it counts. */
static enum status
take_chunk(struct service *service, const struct frame_chunk *chunk)
{
	struct fetch *fetch = &service->fetch;
	bool last = fetch->got + 1 == attachment_chunks(fetch->cited.size);
	struct merkle_hash leaf;
	uint8_t *plain;
	enum status rc;

	if (memcmp(chunk->attachment.root, fetch->cited.root, SUITE_HASH_LEN) != 0 ||
	    chunk->attachment.size != fetch->cited.size || chunk->chunk != fetch->got)
		return STATUS_BAD_CHUNK;
	if (chunk->sealed.len > ATTACHMENT_SEALED_CHUNK)
		return STATUS_BAD_CHUNK;
	attachment_leaf(chunk->sealed, &leaf);
	rc = attachment_check_leaf(
	    &fetch->cited, chunk->chunk, &chunk->path, chunk->sealed.len, &leaf);
	if (rc != STATUS_OK)
		return rc;
	buffer_reset(&fetch->plain);
	plain = buffer_extend(&fetch->plain, chunk->sealed.len - SUITE_STREAM_OVERHEAD);
	if (plain == NULL)
		return STATUS_NO_MEMORY;
	if (suite_stream_open(&fetch->look.stream, chunk->sealed, last, plain) != STATUS_OK)
		return STATUS_BAD_ATTACHMENT;
	rc = filetype_look(&fetch->look.seen, bytes_of_buffer(&fetch->plain), last);
	suite_wipe(plain, fetch->plain.len);
	if (rc != STATUS_OK)
		return rc;
	fetch->row.type = fetch->look.seen.type;
	rc = attachment_files_write(service->files, fetch->row.id, fetch->got, chunk->sealed);
	if (rc != STATUS_OK)
		return rc;
	buffer_append(&fetch->leaves, BYTES(leaf.byte));
	if (fetch->leaves.failed)
		return STATUS_NO_MEMORY;
	fetch->got++;
	return STATUS_OK;
}

static bool
ask(struct service *service)
{
	struct fetch *fetch = &service->fetch;
	struct transport *transport = &service->transport;
	uint32_t count = attachment_chunks(fetch->cited.size);
	bool any = false;

	while (fetch->asked < count && fetch->asked < fetch->most &&
	       fetch->request_count < FETCH_WINDOW) {
		const uint64_t numbers[3] = {fetch->index, fetch->row.position, fetch->asked};
		uint32_t request = transport->request(transport->state);
		struct buffer frame = {0};
		bool sent;

		frame_numbers(COMMAND_CHUNK_GET, request, numbers, 3, &frame);
		sent = !frame.failed &&
		       transport->send(transport->state, bytes_of_buffer(&frame)) == STATUS_OK;
		buffer_free(&frame);
		if (!sent)
			break;
		fetch->requests[fetch->request_count++] = request;
		fetch->asked++;
		any = true;
	}
	return any;
}

bool
fetch_answer(struct service *service, const struct frame *frame)
{
	struct fetch *fetch = &service->fetch;
	struct frame_chunk chunk;
	enum status rc;

	if (!take_request(fetch, frame->request))
		return false;
	if (!fetch->is_on || fetch->verdict != STATUS_OK || fetch->pause_ms != 0)
		return true; /* behind one that failed */
	if (frame->command != COMMAND_CHUNK) {
		pause_for_a_while(service);
		return true;
	}
	if ((rc = frame_read_chunk(frame->body, &chunk)) == STATUS_OK)
		rc = take_chunk(service, &chunk);
	if (rc == STATUS_BAD_ATTACHMENT || rc == STATUS_FILE_TYPE) {
		fetch->verdict = rc;
	} else if (rc != STATUS_OK) {
		oplog(OPLOG_WARNING, "a chunk is not taken now: %s", status_name(rc));
		pause_for_a_while(service);
	} else {
		/* At once: what came together is taken while the next is on its way. */
		(void)ask(service);
	}
	return true;
}

/* ---- Steps ------------------------------------------------------------------------------- */

/* What is written so far becomes durable and is said so. */
static enum status
keep(struct service *service)
{
	struct fetch *fetch = &service->fetch;
	struct attachment_row row = fetch->row;
	enum status rc;

	row.done = fetch->got;
	row.whole = fetch->got == attachment_chunks(fetch->cited.size);
	if ((rc = attachment_files_sync(service->files, row.id)) != STATUS_OK ||
	    (rc = service_begin(service)) != STATUS_OK)
		return rc;
	rc = documents_move(service, &row, NULL, &fetch->look, bytes_of_buffer(&fetch->leaves));
	if (service_end(service, rc, "attachment") != STATUS_OK)
		return rc;
	fetch->row = row;
	return STATUS_OK;
}

static void
forget_files(struct service *service, const struct attachment_row *rows, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		attachment_files_remove(service->files, rows[i].id);
}

/* Of a message that is not applied nothing stays; nor what a pass brought and was here already. */
static enum status
remove_rows(
    struct service *service, uint64_t index, struct attachment_row *rows, uint32_t *count)
{
	enum status rc = STATUS_OK;

	*count = 0;
	for (uint32_t i = 0; rc == STATUS_OK && i < ENVELOPE_ATTACHMENTS_MAX; i++) {
		struct attachment_row *row = &rows[*count];

		rc = attachment_store_of_message(service->db, index, i, row);
		if (rc == STATUS_OK && row->case_n == 0) {
			rc = attachment_store_remove(service->db, row->n);
			++*count;
		}
		if (rc == STATUS_NOT_FOUND)
			rc = STATUS_OK;
	}
	return rc;
}

/* The message at INDEX is applied now, or answered with VERDICT. */
static enum status
release_one(struct service *service, uint64_t index, enum status verdict)
{
	struct attachment_row gone[ENVELOPE_ATTACHMENTS_MAX];
	struct departure departure = {0};
	struct buffer body = {0};
	uint32_t count = 0;
	enum status rc = service_begin(service);

	if (rc != STATUS_OK)
		return rc;
	rc = attachment_store_deliver(service->db, index, &body);
	if (rc == STATUS_OK)
		rc = inbox_held(service, &departure, bytes_of_buffer(&body), verdict);
	if (rc == STATUS_OK)
		rc = attachment_store_let_go(service->db, index);
	if (rc == STATUS_OK)
		rc = remove_rows(service, index, gone, &count);
	if (rc == STATUS_OK)
		rc = departure_sign(service, &departure);
	departure_free(&departure);
	buffer_free(&body);
	if (service_end(service, rc, "inbox") != STATUS_OK)
		return rc;
	forget_files(service, gone, count);
	return STATUS_OK;
}

static void
start(struct service *service, uint64_t index, const struct attachment_row *row)
{
	struct fetch *fetch = &service->fetch;
	enum status rc;

	fetch_reset(service);
	fetch->row = *row;
	fetch->index = index;
	fetch->cited.size = attachment_sealed_size(row->size);
	memcpy(fetch->cited.root, row->root, sizeof(fetch->cited.root));
	fetch->asked = fetch->got = row->done;
	rc = documents_look(service, row, NULL, &fetch->look);
	if (rc == STATUS_OK)
		rc = attachment_store_blob(
		    service->db, row->n, ATTACHMENT_LEAVES, &fetch->leaves);
	fetch->is_on = rc == STATUS_OK;
	if (rc != STATUS_OK)
		oplog(OPLOG_ERROR, "a document cannot be gone on with: %s", status_name(rc));
}

enum found { FOUND_NOTHING, FOUND_WORK, FOUND_END };

/* Of one held message: its first document that is not whole, or that none lacks. */
static enum found
look_into(struct service *service, const struct arriving_row *held)
{
	struct attachment_row row;
	enum status verdict = STATUS_OK, rc;
	bool behind = true;

	if (attachment_store_is_behind(
		service->db, held->peer, held->token, held->index, &behind) != STATUS_OK ||
	    behind)
		return FOUND_NOTHING;
	rc = attachment_store_lacking(service->db, held->index, &row);
	if (rc == STATUS_OK && service->now_ms < held->since_ms + FETCH_MAX_MS) {
		start(service, held->index, &row);
		return service->fetch.is_on ? FOUND_WORK : FOUND_NOTHING;
	}
	if (rc == STATUS_OK)
		verdict = STATUS_CHUNKS_MISSING;
	else if (rc != STATUS_NOT_FOUND)
		return FOUND_NOTHING;
	rc = release_one(service, held->index, verdict);
	if (rc != STATUS_OK)
		oplog(OPLOG_ERROR, "a message with documents cannot be applied now: %s",
		    status_name(rc));
	return rc == STATUS_OK ? FOUND_END : FOUND_NOTHING;
}

static bool
find_from(struct service *service, uint64_t after)
{
	struct arriving_row held;

	while (attachment_store_held_after(service->db, after, &held) == STATUS_OK) {
		enum found found = look_into(service, &held);

		if (found != FOUND_NOTHING)
			return true;
		after = held.index + 1;
	}
	return false;
}

/* Behind AFTER first: a document whose chunks do not come keeps no other waiting. */
static bool
find_work(struct service *service, uint64_t after)
{
	return find_from(service, after) || (after > 0 && find_from(service, 0));
}

uint64_t
fetch_next_ms(const struct service *service)
{
	return service->fetch.is_on ? service->fetch.pause_ms : 0;
}

bool
fetch_run(struct service *service)
{
	struct fetch *fetch = &service->fetch;
	enum status verdict = fetch->verdict, rc = STATUS_OK;
	uint64_t index = fetch->index;

	if (!fetch->is_on)
		return service->connected && find_work(service, 0);
	if (verdict != STATUS_OK) {
		fetch_reset(service);
		return release_one(service, index, verdict) == STATUS_OK;
	}
	if (fetch->pause_ms != 0 && fetch->pause_ms > service->now_ms &&
	    fetch->pause_ms - service->now_ms <= PAUSE_MS)
		return false;
	if (fetch->pause_ms != 0) {
		/* From what is durable, and with a new look at how long it took. */
		fetch_reset(service);
		return find_work(service, index + 1);
	}
	if (fetch->got == attachment_chunks(fetch->cited.size) ||
	    fetch->got - fetch->row.done >= FETCH_SYNC)
		rc = keep(service);
	if (rc != STATUS_OK)
		pause_for_a_while(service);
	else if (fetch->row.whole)
		fetch_reset(service);
	fetch->most = fetch->got + 2 * FETCH_WINDOW;
	return (rc == STATUS_OK && !fetch->is_on) || ask(service);
}
