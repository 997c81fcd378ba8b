/* protocol/wire/envelope_header.c: the header's bytes and the rules it can be held to alone. */
#include "protocol/wire/envelope.h"

#include <string.h>

#include "protocol/wire/pack.h"

void
envelope_header_hash(struct bytes header, uint8_t out[static SUITE_HASH_LEN])
{
	suite_hash("saikne-v1-header", &header, 1, out);
}

/* ---- Writing ------------------------------------------------------------------------- */

static void
encode_recipient(const struct envelope_recipient *recipient, struct buffer *out)
{
	pack_array(out, 4);
	pack_text(out, recipient->party);
	pack_uint(out, recipient->sealing_epoch);
	pack_uint(out, (uint64_t)recipient->basis);
	switch (recipient->basis) {
	case BASIS_CONSENT:
	case BASIS_LAW:
		pack_bin(out, BYTES(recipient->reference));
		break;
	case BASIS_REPLY:
		pack_array(out, 2);
		pack_text(out, recipient->reply_sender);
		pack_bin(out, BYTES(recipient->reply_id));
		break;
	case BASIS_NONE:
	case BASIS_COUNT:
		pack_nil(out);
	}
}

void
envelope_header_encode(const struct envelope_header *header, struct buffer *out)
{
	pack_array(out, 13);
	pack_uint(out, ENVELOPE_VERSION);
	pack_uint(out, ENVELOPE_SUITE);
	pack_text(out, header->network);
	pack_bin(out, BYTES(header->id));
	pack_text(out, header->sender);
	pack_uint(out, header->signing_epoch);
	pack_array(out, header->recipient_count);
	for (uint32_t i = 0; i < header->recipient_count; i++)
		encode_recipient(&header->recipients[i], out);
	pack_uint(out, header->type);
	pack_bin(out, BYTES(header->case_token));
	pack_bin(out, BYTES(header->content_root.byte));
	pack_array(out, header->attachment_count);
	for (uint32_t i = 0; i < header->attachment_count; i++) {
		pack_array(out, 2);
		pack_bin(out, BYTES(header->attachments[i].root));
		pack_uint(out, header->attachments[i].size);
	}
	pack_uint(out, header->created_ms);
	pack_uint(out, header->expires_ms);
}

/* ---- Reading ------------------------------------------------------------------------- */

struct bytes
envelope_take_code(struct pack_in *in)
{
	struct bytes code = pack_in_text(in, 1, PARTY_MAX);

	if (!envelope_is_code(code))
		pack_fail(in, STATUS_MALFORMED);
	return code;
}

static void
parse_recipient(struct pack_in *in, struct envelope_recipient *out)
{
	struct pack_in one = pack_in_array(in, 4, 4), reply;

	out->party = envelope_take_code(&one);
	out->sealing_epoch = (uint32_t)pack_in_uint(&one, UINT32_MAX);
	out->basis = (enum basis)pack_in_uint(&one, BASIS_COUNT - 1);
	switch (out->basis) {
	case BASIS_CONSENT:
	case BASIS_LAW:
		pack_in_copy(&one, out->reference, SUITE_ID_LEN);
		break;
	case BASIS_REPLY:
		reply = pack_in_array(&one, 2, 2);
		out->reply_sender = envelope_take_code(&reply);
		pack_in_copy(&reply, out->reply_id, SUITE_ID_LEN);
		pack_end(&reply);
		break;
	case BASIS_NONE:
	case BASIS_COUNT:
		if (!pack_in_nil(&one))
			pack_fail(in, STATUS_MALFORMED);
	}
	pack_end(&one);
}

static void
parse_recipients(struct pack_in *in, struct envelope_header *out)
{
	struct pack_in list = pack_in_array(in, 0, PACK_ITEMS_MAX);

	if (list.count > ENVELOPE_RECIPIENTS_MAX)
		pack_fail(in, STATUS_TOO_LARGE);
	else if (list.count == 0)
		pack_fail(in, STATUS_BAD_RECIPIENTS);
	while (pack_in_more(&list)) {
		struct envelope_recipient *one = &out->recipients[out->recipient_count];

		parse_recipient(&list, one);
		if (bytes_equal(one->party, out->sender))
			pack_fail(in, STATUS_BAD_RECIPIENTS);
		for (uint32_t i = 0; i < out->recipient_count; i++)
			if (bytes_equal(one->party, out->recipients[i].party))
				pack_fail(in, STATUS_BAD_RECIPIENTS);
		out->recipient_count++;
	}
}

static void
parse_attachments(struct pack_in *in, struct envelope_header *out)
{
	struct pack_in list = pack_in_array(in, 0, PACK_ITEMS_MAX), one;

	if (list.count > ENVELOPE_ATTACHMENTS_MAX)
		pack_fail(in, STATUS_TOO_LARGE);
	while (pack_in_more(&list)) {
		struct envelope_attachment *attachment =
		    &out->attachments[out->attachment_count++];

		one = pack_in_array(&list, 2, 2);
		pack_in_copy(&one, attachment->root, SUITE_HASH_LEN);
		attachment->size = pack_in_uint(&one, ENVELOPE_NUMBER_MAX);
		pack_end(&one);
		for (uint32_t i = 0; i + 1 < out->attachment_count; i++)
			if (memcmp(out->attachments[i].root, attachment->root,
				SUITE_HASH_LEN) == 0)
				pack_fail(in, STATUS_MALFORMED);
	}
}

static void
parse_times(struct pack_in *in, struct envelope_header *out)
{
	uint8_t created[8];

	out->created_ms = pack_in_uint(in, ENVELOPE_TIME_MAX);
	out->expires_ms = pack_in_uint(in, ENVELOPE_TIME_MAX);
	bytes_put_u64(created, out->created_ms);
	if (memcmp(out->id, created + 2, 6) != 0)
		pack_fail(in, STATUS_MALFORMED);
	if (out->expires_ms <= out->created_ms)
		pack_fail(in, STATUS_MALFORMED);
}

enum status
envelope_header_parse(struct bytes view, struct envelope_header *out)
{
	struct envelope_header header = {0};
	struct pack_doc doc;
	struct pack_in in;
	enum status rc;

	if (view.len > ENVELOPE_HEADER_MAX)
		return STATUS_TOO_LARGE;
	if (pack_open(view, &doc) != STATUS_OK)
		return pack_close(&doc);
	in = pack_root(&doc);
	/* Another version may have another form: its number is all that is known of it. */
	if (pack_in_uint(&in, UINT64_MAX) != ENVELOPE_VERSION ||
	    pack_in_uint(&in, UINT64_MAX) != ENVELOPE_SUITE)
		pack_fail(&in, STATUS_BAD_VERSION);
	header.network = envelope_take_code(&in);
	pack_in_copy(&in, header.id, SUITE_ID_LEN);
	header.sender = envelope_take_code(&in);
	header.signing_epoch = (uint32_t)pack_in_uint(&in, UINT32_MAX);
	parse_recipients(&in, &header);
	header.type = pack_in_uint(&in, ENVELOPE_NUMBER_MAX);
	pack_in_copy(&in, header.case_token, SUITE_ID_LEN);
	pack_in_copy(&in, header.content_root.byte, SUITE_HASH_LEN);
	parse_attachments(&in, &header);
	parse_times(&in, &header);
	pack_end(&in);
	if ((rc = pack_close(&doc)) == STATUS_OK)
		*out = header;
	return rc;
}
