/* protocol/wire/evidence.c: what a recipient signs about a message. */
#include "protocol/wire/evidence.h"

#define EVIDENCE_VERSION 1

struct row {
	enum evidence_kind kind;
	char name[16];
	bool final;
};

#define EVIDENCE_ROW(name, number, final) {EVIDENCE_##name, #name, final},
static struct row rows[] = {EVIDENCE_LIST(EVIDENCE_ROW)};
#undef EVIDENCE_ROW

#define ROWS (sizeof(rows) / sizeof(rows[0]))

__attribute__((constructor)) static void
lower_names(void)
{
	for (unsigned i = 0; i < ROWS; i++)
		bytes_lower(rows[i].name);
}

const char *
evidence_name(enum evidence_kind kind)
{
	for (unsigned i = 0; i < ROWS; i++)
		if (rows[i].kind == kind)
			return rows[i].name;
	return "unknown";
}

bool
evidence_is_final(enum evidence_kind kind)
{
	for (unsigned i = 0; i < ROWS; i++)
		if (rows[i].kind == kind)
			return rows[i].final;
	return false;
}

void
evidence_encode(const struct evidence *evidence, struct buffer *out)
{
	pack_array(out, 13);
	pack_uint(out, EVIDENCE_VERSION);
	pack_text(out, evidence->network);
	pack_uint(out, evidence->kind);
	pack_uint(out, evidence->index);
	pack_text(out, evidence->sender);
	pack_bin(out, BYTES(evidence->id));
	pack_bin(out, BYTES(evidence->digest));
	pack_text(out, evidence->recipient);
	pack_uint(out, evidence->signing_epoch);
	pack_uint(out, evidence->time_ms);
	pack_uint(out, evidence->reason);
	pack_text(out, evidence->role);
	if (evidence->has_token)
		pack_bin(out, BYTES(evidence->staff_token));
	else
		pack_nil(out);
}

static bool
is_kind(uint64_t number)
{
	for (unsigned i = 0; i < ROWS; i++)
		if ((uint64_t)rows[i].kind == number)
			return true;
	return false;
}

/* Which kinds carry a reason, a role or a token: anything else in them is refused. */
static bool
fits_its_kind(const struct evidence *evidence)
{
	bool has_reason = evidence->reason != STATUS_OK;
	bool is_read = evidence->kind == EVIDENCE_READ;

	if (has_reason !=
	    (evidence->kind == EVIDENCE_UNREADABLE || evidence->kind == EVIDENCE_UNDELIVERABLE))
		return false;
	return is_read == (evidence->role.len > 0) && is_read == evidence->has_token;
}

enum status
evidence_parse(struct bytes view, struct evidence *out)
{
	struct evidence evidence = {0};
	struct pack_doc doc;
	struct pack_in in;
	uint64_t kind, reason;

	if (view.len > EVIDENCE_MAX)
		return STATUS_TOO_LARGE;
	if (pack_open(view, &doc) != STATUS_OK)
		return pack_close(&doc);
	in = pack_root(&doc);
	if (pack_in_uint(&in, UINT32_MAX) != EVIDENCE_VERSION)
		pack_fail(&in, STATUS_BAD_VERSION);
	evidence.network = envelope_take_code(&in);
	if (!is_kind(kind = pack_in_uint(&in, 255)))
		pack_fail(&in, STATUS_MALFORMED);
	evidence.kind = (enum evidence_kind)kind;
	evidence.index = pack_in_uint(&in, UINT64_MAX);
	evidence.sender = envelope_take_code(&in);
	pack_in_copy(&in, evidence.id, sizeof(evidence.id));
	pack_in_copy(&in, evidence.digest, sizeof(evidence.digest));
	evidence.recipient = envelope_take_code(&in);
	evidence.signing_epoch = (uint32_t)pack_in_uint(&in, UINT32_MAX);
	evidence.time_ms = pack_in_uint(&in, ENVELOPE_TIME_MAX);
	reason = pack_in_uint(&in, UINT32_MAX);
	if (reason != 0 && !status_from_wire(reason, &evidence.reason))
		pack_fail(&in, STATUS_MALFORMED);
	evidence.role = pack_in_text(&in, 0, EVIDENCE_ROLE_MAX);
	evidence.has_token = !pack_in_nil(&in);
	if (evidence.has_token)
		pack_in_copy(&in, evidence.staff_token, sizeof(evidence.staff_token));
	if (!fits_its_kind(&evidence))
		pack_fail(&in, STATUS_MALFORMED);
	pack_end(&in);
	if (doc.rc == STATUS_OK)
		*out = evidence;
	return pack_close(&doc);
}

void
evidence_digest(struct bytes view, uint8_t out[static SUITE_HASH_LEN])
{
	suite_hash("saikne-v1-evidence", &view, 1, out);
}
