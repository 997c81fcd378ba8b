/* services/runtime/acts/acts_disclosure_circle.c: of a family's statement, whom an act of a circle went to, and what was passed on. */
#include <string.h>

#include "protocol/trust/profile.h"
#include "protocol/wire/forwarded.h"
#include "services/runtime/acts/acts_disclosure_inside.h"
#include "services/runtime/store/outbox_store.h"

/* ---- Whom it went to --------------------------------------------------------------------- */

static bool
take_other(const struct envelope_recipient *to, struct disclosure_other *out)
{
	*out = (struct disclosure_other){.basis = to->basis};
	memcpy(out->reference, to->reference, sizeof(out->reference));
	return bytes_to_text(to->party, out->code, sizeof(out->code));
}

static enum status
read_header(const struct envelope_header *header, struct disclosure_other *out, unsigned *count)
{
	*count = 0;
	for (uint32_t i = 0; i < header->recipient_count; i++)
		if (!take_other(&header->recipients[i], &out[(*count)++]))
			return STATUS_DATABASE;
	return STATUS_OK;
}

/* As the log has it; STATUS_NOT_FOUND: it is not there, or not kept. */
static enum status
read_logged(struct database *db, const struct event_row *row, struct disclosure_other *out,
    unsigned *count)
{
	struct buffer bytes = {0};
	struct leaf leaf;
	enum status rc = STATUS_NOT_FOUND;

	if (row->index != UINT64_MAX)
		rc = event_store_leaf(db, row->index, &bytes);
	if (rc == STATUS_OK && (leaf_parse(bytes_of_buffer(&bytes), &leaf) != STATUS_OK ||
				   leaf.kind != LEAF_ACCEPTED))
		rc = STATUS_NOT_FOUND;
	if (rc == STATUS_OK)
		rc = read_header(&leaf.header, out, count);
	buffer_free(&bytes);
	return rc;
}

/* As it is sealed and waits. */
static enum status
read_waiting(struct database *db, const struct event_row *row, struct disclosure_other *out,
    unsigned *count)
{
	struct buffer frame = {0};
	struct envelope envelope;
	struct outbox_row waiting;
	enum status rc = outbox_store_of_event(db, row->n, &waiting);

	if (rc == STATUS_OK)
		rc = outbox_store_frame(db, waiting.n, &frame);
	if (rc == STATUS_OK)
		rc = envelope_parse(bytes_of_buffer(&frame), &envelope);
	if (rc == STATUS_OK)
		rc = read_header(&envelope.header, out, count);
	buffer_free(&frame);
	return rc;
}

enum status
acts_disclosure_others(struct task_view *view, const struct event_row *row,
    struct disclosure_other out[static ENVELOPE_RECIPIENTS_MAX], unsigned *count)
{
	struct service *service = view->disclosure->service;
	enum status rc = read_logged(service->db, row, out, count);

	if (rc == STATUS_NOT_FOUND && row->own && !row->dead)
		rc = read_waiting(service->db, row, out, count);
	if (rc == STATUS_NOT_FOUND) {
		/* It never left, or nothing is kept of how it came. */
		out[0] = view->other;
		*count = 1;
		rc = STATUS_OK;
	} else if (rc == STATUS_OK && !row->own) {
		/* To us alone of all; to nobody where it was passed on, which is told by that. */
		unsigned all = *count;

		*count = 0;
		for (unsigned i = 0; i < all && *count == 0; i++)
			if (strcmp(out[i].code, service->config.code) == 0)
				out[(*count)++] = out[i];
	}
	if (!row->own && *count == 1)
		memcpy(out[0].code, row->author, sizeof(out[0].code));
	return rc;
}

/* ---- What was passed on ------------------------------------------------------------------ */

/* STATUS_NOT_FOUND: CONTENT passes nothing on. INNER is to be freed in any case. */
enum status
acts_disclosure_open(const struct content *content, struct leaf *leaf, struct content *inner)
{
	struct forwarded forwarded;
	struct bytes value;
	enum status rc;

	*inner = (struct content){0};
	if (content->type->id != MESSAGE_HISTORY_PASS &&
	    content->type->id != MESSAGE_HISTORY_PASS_ACTS)
		return STATUS_NOT_FOUND;
	if (!forwarded_field(content, FIELD_PASSED, &value) &&
	    !forwarded_field(content, FIELD_PASSED_ACTS, &value))
		return STATUS_NOT_FOUND;
	if ((rc = forwarded_parse(value, &forwarded)) != STATUS_OK ||
	    (rc = leaf_parse(forwarded.proven.leaf, leaf)) != STATUS_OK)
		return rc;
	return forwarded_content(&forwarded, leaf, inner);
}

enum status
acts_disclosure_set_passed(
    const struct service *service, const struct leaf *leaf, json_t *entry)
{
	const struct message_info *info = message_info(leaf->header.type);
	char author[PARTY_MAX + 1] = "";
	json_t *passed;

	if (!bytes_to_text(leaf->header.sender, author, sizeof(author)))
		return STATUS_DATABASE;
	passed = json_pack("{s:o, s:s, s:o, s:o}", "message", request_hex(leaf->header.id),
	    "type", info != NULL ? info->name : "", "time", request_time(leaf->time_ms), "by",
	    acts_disclosure_party(service, author));
	return passed != NULL && json_object_set_new(entry, "passed", passed) == 0
	           ? STATUS_OK
	           : STATUS_NO_MEMORY;
}
