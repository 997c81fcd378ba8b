/* protocol/wire/frame.c: the prefix of a frame, and the commands that carry numbers or refuse. */
#include "protocol/wire/frame.h"

struct row {
	enum command command;
	char name[20];
};

#define COMMAND_ROW(name, number, ...) {COMMAND_##name, #name},
static struct row rows[] = {COMMAND_LIST(COMMAND_ROW)};
#undef COMMAND_ROW

#define ROWS (sizeof(rows) / sizeof(rows[0]))

__attribute__((constructor)) static void
lower_names(void)
{
	for (unsigned i = 0; i < ROWS; i++)
		bytes_lower(rows[i].name);
}

const char *
command_name(uint64_t command)
{
	for (unsigned i = 0; i < ROWS; i++)
		if ((uint64_t)rows[i].command == command)
			return rows[i].name;
	return NULL;
}

enum status
frame_parse(struct bytes view, struct frame *out)
{
	if (view.len > FRAME_MAX)
		return STATUS_TOO_LARGE;
	if (view.len < FRAME_PREFIX_LEN || view.data[0] != 'S' || view.data[1] != 'K')
		return STATUS_MALFORMED;
	if (view.data[2] != FRAME_VERSION)
		return STATUS_BAD_VERSION;
	if (command_name(view.data[3]) == NULL)
		return STATUS_UNKNOWN_COMMAND;
	out->command = (enum command)view.data[3];
	out->request = bytes_get_u32(view.data + 4);
	out->body = (struct bytes){view.data + FRAME_PREFIX_LEN, view.len - FRAME_PREFIX_LEN};
	return STATUS_OK;
}

void
frame_start(enum command command, uint32_t request, struct buffer *out)
{
	uint8_t *prefix;

	buffer_reset(out);
	if ((prefix = buffer_extend(out, FRAME_PREFIX_LEN)) == NULL)
		return;
	prefix[0] = 'S';
	prefix[1] = 'K';
	prefix[2] = FRAME_VERSION;
	prefix[3] = (uint8_t)command;
	bytes_put_u32(prefix + 4, request);
}

void
frame_submit(struct bytes body, uint32_t request, struct buffer *out)
{
	frame_start(COMMAND_SUBMIT, request, out);
	buffer_append(out, body);
}

void
frame_numbers(enum command command, uint32_t request, const uint64_t *numbers, uint32_t count,
    struct buffer *out)
{
	frame_start(command, request, out);
	pack_array(out, count);
	for (uint32_t i = 0; i < count; i++)
		pack_uint(out, numbers[i]);
}

enum status
frame_read_numbers(struct bytes body, uint64_t *numbers, uint32_t count)
{
	struct pack_doc doc;
	struct pack_in in;

	if (pack_open(body, &doc) != STATUS_OK)
		return pack_close(&doc);
	in = pack_root(&doc);
	for (uint32_t i = 0; i < count; i++)
		numbers[i] = pack_in_uint(&in, UINT64_MAX);
	pack_end(&in);
	return pack_close(&doc);
}

void
frame_refused(const struct frame_refused *refused, uint32_t request, struct buffer *out)
{
	frame_start(COMMAND_REFUSED, request, out);
	pack_array(out, 4);
	pack_uint(out, refused->code);
	if (refused->has_id)
		pack_bin(out, BYTES(refused->id));
	else
		pack_nil(out);
	if (refused->has_recipient)
		pack_uint(out, refused->recipient);
	else
		pack_nil(out);
	pack_text(out, refused->detail);
}

enum status
frame_read_refused(struct bytes body, struct frame_refused *out)
{
	struct frame_refused refused = {0};
	struct pack_doc doc;
	struct pack_in in;

	if (pack_open(body, &doc) != STATUS_OK)
		return pack_close(&doc);
	in = pack_root(&doc);
	if (!status_from_wire(pack_in_uint(&in, UINT32_MAX), &refused.code))
		pack_fail(&in, STATUS_MALFORMED);
	refused.has_id = !pack_in_nil(&in);
	if (refused.has_id)
		pack_in_copy(&in, refused.id, sizeof(refused.id));
	refused.has_recipient = !pack_in_nil(&in);
	if (refused.has_recipient)
		refused.recipient = (uint32_t)pack_in_uint(&in, ENVELOPE_RECIPIENTS_MAX - 1);
	refused.detail = pack_in_text(&in, 0, FRAME_DETAIL_MAX);
	pack_end(&in);
	if (doc.rc == STATUS_OK)
		*out = refused;
	return pack_close(&doc);
}

void
frame_attest(const struct frame_attest *attest, uint32_t request, struct buffer *out)
{
	frame_start(COMMAND_ATTEST, request, out);
	pack_array(out, 2);
	pack_bin(out, attest->evidence);
	batch_encode(&attest->proof, out);
}

enum status
frame_read_attest(struct bytes body, struct frame_attest *out)
{
	struct pack_doc doc;
	struct pack_in in;

	if (pack_open(body, &doc) != STATUS_OK)
		return pack_close(&doc);
	in = pack_root(&doc);
	out->evidence = pack_in_bin(&in, 1, EVIDENCE_MAX);
	batch_decode(&in, &out->proof);
	pack_end(&in);
	return pack_close(&doc);
}

void
frame_recorded(const struct frame_recorded *recorded, uint32_t request, struct buffer *out)
{
	uint64_t numbers[] = {recorded->message_index, recorded->kind, recorded->index};

	frame_numbers(COMMAND_RECORDED, request, numbers, 3, out);
}

enum status
frame_read_recorded(struct bytes body, struct frame_recorded *out)
{
	uint64_t numbers[3] = {0};
	enum status rc;

	if ((rc = frame_read_numbers(body, numbers, 3)) != STATUS_OK)
		return rc;
	if (numbers[1] < EVIDENCE_DELIVERED || numbers[1] > EVIDENCE_UNDELIVERABLE)
		return STATUS_MALFORMED;
	out->message_index = numbers[0];
	out->kind = (enum evidence_kind)numbers[1];
	out->index = numbers[2];
	return STATUS_OK;
}

void
frame_state(const struct frame_state *state, uint32_t request, struct buffer *out)
{
	frame_start(COMMAND_STATE, request, out);
	pack_array(out, 2);
	pack_bin(out, state->statement);
	leaf_signatures_encode(state->signatures, state->signature_count, out);
}

enum status
frame_read_state(struct bytes body, struct frame_state *out)
{
	struct pack_doc doc;
	struct pack_in in;

	if (pack_open(body, &doc) != STATUS_OK)
		return pack_close(&doc);
	in = pack_root(&doc);
	out->statement = pack_in_bin(&in, 1, LEAF_MAX);
	out->signature_count = leaf_signatures_decode(&in, out->signatures);
	pack_end(&in);
	return pack_close(&doc);
}
