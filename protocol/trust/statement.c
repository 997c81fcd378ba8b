/* protocol/trust/statement.c: the bytes, signatures and files of directory statements. */
#include "protocol/trust/statement.h"

#include <string.h>

#include "protocol/proof/note.h"
#include "protocol/wire/pack.h"

#define SIGN_TAG        "saikne-v1-statement"
#define FINGERPRINT_TAG "saikne-v1-fingerprint"
#define FILE_HEAD       "saikne-statements-v1\n"
/* Of one line: base64 over the statement with all its signatures, with room to spare. */
#define FILE_LINE_MAX (2 * STATEMENT_MAX)

/* ---- The forms: one table for writing and reading --------------------------------------- */

enum part_form {
	PART_END,
	PART_CODE,    /* a party's code */
	PART_WORD,    /* a code of a list: [a-z0-9_-] */
	PART_LINE,    /* one line of text */
	PART_KEY,     /* 32 bytes */
	PART_TIME,    /* milliseconds, of 48 bits */
	PART_COUNT,   /* a length */
	PART_EPOCH,   /* fits where envelopes carry it */
	PART_PURPOSE, /* enum key_purpose */
};

struct part {
	enum part_form form;
	size_t at; /* in struct statement */
	size_t min, max;
};

#define PARTS_MAX 6

#define CODE(field)                                                                            \
	{                                                                                      \
		PART_CODE, offsetof(struct statement, field), 1, PARTY_MAX                     \
	}
#define WORD(field)                                                                            \
	{                                                                                      \
		PART_WORD, offsetof(struct statement, field), 1, KIND_MAX                      \
	}
#define LINE(field, min, max)                                                                  \
	{                                                                                      \
		PART_LINE, offsetof(struct statement, field), min, max                         \
	}
#define KEY(field)                                                                             \
	{                                                                                      \
		PART_KEY, offsetof(struct statement, field), 32, 32                            \
	}
#define TIME(field)                                                                            \
	{                                                                                      \
		PART_TIME, offsetof(struct statement, field), 0, ENVELOPE_TIME_MAX             \
	}
#define COUNT(field)                                                                           \
	{                                                                                      \
		PART_COUNT, offsetof(struct statement, field), 0, UINT64_MAX                   \
	}
#define EPOCH(field)                                                                           \
	{                                                                                      \
		PART_EPOCH, offsetof(struct statement, field), 0, UINT32_MAX                   \
	}
#define PURPOSE(field)                                                                         \
	{                                                                                      \
		PART_PURPOSE, offsetof(struct statement, field), 0, 0                          \
	}

static const struct part forms[][PARTS_MAX + 1] = {
    [STATEMENT_NETWORK] = {KEY(key), LINE(log_name, 1, NOTE_NAME_MAX), KEY(log_key),
	KEY(transport)},
    [STATEMENT_REGISTRAR] = {KEY(key), KEY(transport), TIME(not_before_ms), TIME(not_after_ms)},
    [STATEMENT_ADMIT] = {CODE(party), WORD(party_kind), LINE(name, 1, STATEMENT_NAME_MAX),
	LINE(municipality, 0, STATEMENT_NAME_MAX), KEY(key), KEY(transport)},
    [STATEMENT_SUSPEND] = {CODE(party), WORD(reason)},
    [STATEMENT_LIFT] = {CODE(party)},
    [STATEMENT_SEALING_EPOCH] = {CODE(party), EPOCH(epoch), KEY(key), TIME(not_before_ms),
	TIME(not_after_ms), EPOCH(signing_epoch)},
    [STATEMENT_SIGNING_KEY] = {CODE(party), EPOCH(epoch), KEY(key), EPOCH(signing_epoch)},
    [STATEMENT_TRANSPORT_KEY] = {CODE(party), KEY(key), EPOCH(signing_epoch)},
    [STATEMENT_REVOKE] = {CODE(party), PURPOSE(purpose), EPOCH(epoch), TIME(since_ms),
	WORD(reason), EPOCH(signing_epoch)},
    [STATEMENT_HEAD] = {COUNT(length), KEY(chain)},
};

#define FORMS (sizeof(forms) / sizeof(forms[0]))

static unsigned
parts_of(enum statement_kind kind)
{
	unsigned count = 0;

	while (count < PARTS_MAX && forms[kind][count].form != PART_END)
		count++;
	return count;
}

static void
encode_part(const struct part *part, const struct statement *statement, struct buffer *out)
{
	const uint8_t *at = (const uint8_t *)statement + part->at;
	enum key_purpose purpose;
	struct bytes text;
	uint64_t number;

	switch (part->form) {
	case PART_CODE:
	case PART_WORD:
	case PART_LINE:
		memcpy(&text, at, sizeof(text));
		pack_text(out, text);
		break;
	case PART_KEY:
		pack_bin(out, (struct bytes){at, 32});
		break;
	case PART_TIME:
	case PART_COUNT:
	case PART_EPOCH:
		memcpy(&number, at, sizeof(number));
		pack_uint(out, number);
		break;
	case PART_PURPOSE:
		memcpy(&purpose, at, sizeof(purpose));
		pack_uint(out, purpose);
		break;
	case PART_END:
		break;
	}
}

void
statement_encode(const struct statement *statement, struct buffer *out)
{
	unsigned count = parts_of(statement->kind);

	pack_array(out, 3 + count);
	pack_uint(out, statement->kind);
	pack_text(out, statement->network);
	pack_uint(out, statement->time_ms);
	for (unsigned i = 0; i < count; i++)
		encode_part(&forms[statement->kind][i], statement, out);
}

static bool
is_word(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!(text.data[i] >= 'a' && text.data[i] <= 'z') &&
		    !(text.data[i] >= '0' && text.data[i] <= '9') && text.data[i] != '_' &&
		    text.data[i] != '-')
			return false;
	return text.len > 0;
}

/*
 * One line a person can trust their eyes with: no line breaks, and none of the characters that
 * are not seen, break the line or turn the writing around (U+061C, 200B..200F, 2028..202E,
 * 2060..206F, FEFF).
 */
static bool
is_line(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++) {
		const uint8_t *c = text.data + i;

		if (c[0] == '\n' || c[0] == '\t')
			return false;
		if (c[0] == 0xd8 && i + 1 < text.len && c[1] == 0x9c)
			return false;
		if (i + 2 >= text.len)
			continue;
		if (c[0] == 0xe2 && c[1] == 0x80 &&
		    ((c[2] >= 0x8b && c[2] <= 0x8f) || (c[2] >= 0xa8 && c[2] <= 0xae)))
			return false;
		if (c[0] == 0xe2 && c[1] == 0x81 && c[2] >= 0xa0 && c[2] <= 0xaf)
			return false;
		if (c[0] == 0xef && c[1] == 0xbb && c[2] == 0xbf)
			return false;
	}
	return true;
}

static void
parse_text(struct pack_in *in, const struct part *part, uint8_t *at)
{
	struct bytes text = pack_in_text(in, part->min, part->max);

	if ((part->form == PART_CODE && !envelope_is_code(text)) ||
	    (part->form == PART_WORD && !is_word(text)) ||
	    (part->form == PART_LINE && !is_line(text)))
		pack_fail(in, STATUS_MALFORMED);
	memcpy(at, &text, sizeof(text));
}

static void
parse_part(struct pack_in *in, const struct part *part, struct statement *out)
{
	uint8_t *at = (uint8_t *)out + part->at;
	enum key_purpose purpose;
	uint64_t number;

	switch (part->form) {
	case PART_CODE:
	case PART_WORD:
	case PART_LINE:
		parse_text(in, part, at);
		break;
	case PART_KEY:
		pack_in_copy(in, at, 32);
		break;
	case PART_TIME:
	case PART_COUNT:
	case PART_EPOCH:
		number = pack_in_uint(in, part->max);
		memcpy(at, &number, sizeof(number));
		break;
	case PART_PURPOSE:
		purpose = (enum key_purpose)pack_in_uint(in, KEY_TRANSPORT);
		if (purpose < KEY_SIGNING)
			pack_fail(in, STATUS_MALFORMED);
		memcpy(at, &purpose, sizeof(purpose));
		break;
	case PART_END:
		break;
	}
}

enum status
statement_parse(struct bytes view, struct statement *out)
{
	struct statement parsed = {0};
	struct pack_doc doc;
	struct pack_in in;
	enum status rc;

	if (view.len > STATEMENT_MAX)
		return STATUS_TOO_LARGE;
	if (pack_open(view, &doc) == STATUS_OK) {
		in = pack_root(&doc);
		parsed.kind = (enum statement_kind)pack_in_uint(&in, FORMS - 1);
		if (parsed.kind < STATEMENT_NETWORK)
			pack_fail(&in, STATUS_MALFORMED);
		parsed.network = envelope_take_code(&in);
		parsed.time_ms = pack_in_uint(&in, ENVELOPE_TIME_MAX);
		for (unsigned i = 0; i < parts_of(parsed.kind); i++)
			parse_part(&in, &forms[parsed.kind][i], &parsed);
		pack_end(&in);
	}
	if ((rc = pack_close(&doc)) == STATUS_OK)
		*out = parsed;
	return rc;
}

/* ---- Names, signatures, fingerprints ---------------------------------------------------- */

#define STATEMENT_NAME(name, number, ...) [number] = #name,
static char names[FORMS][16] = {STATEMENT_LIST(STATEMENT_NAME)};
#undef STATEMENT_NAME

__attribute__((constructor)) static void
lower_names(void)
{
	for (size_t i = 0; i < FORMS; i++)
		bytes_lower(names[i]);
}

const char *
statement_name(enum statement_kind kind)
{
	return kind >= STATEMENT_NETWORK && kind < FORMS ? names[kind] : "unknown";
}

void
statement_sign(struct bytes view, enum signer signer, const struct signing_key *key,
    struct leaf_signature *out)
{
	out->signer = signer;
	suite_sign(key, SIGN_TAG, view, out->signature);
}

enum status
statement_verify(struct bytes view, const uint8_t key[static SUITE_SIGN_PUBLIC],
    const struct leaf_signature *signature)
{
	return suite_verify(key, SIGN_TAG, view, signature->signature);
}

void
statement_fingerprint(struct bytes view, char out[static 48])
{
	uint8_t hash[SUITE_HASH_LEN];
	uint32_t group;
	char *at = out;

	suite_hash(FINGERPRINT_TAG, &view, 1, hash);
	for (size_t i = 0; i < sizeof(hash); i += 4) {
		group = bytes_get_u32(hash + i) % 100000;
		for (int digit = 4; digit >= 0; digit--, group /= 10)
			at[digit] = (char)('0' + group % 10);
		at[5] = ' ';
		at += 6;
	}
	out[47] = '\0';
}

/* ---- Statement files -------------------------------------------------------------------- */

void
statement_file_add(const struct signed_statement *statement, struct buffer *out)
{
	struct buffer line = {0};

	pack_array(&line, 2);
	pack_bin(&line, statement->view);
	leaf_signatures_encode(statement->signatures, statement->signature_count, &line);
	if (out->len == 0)
		buffer_append_text(out, FILE_HEAD);
	suite_base64(bytes_of_buffer(&line), out);
	buffer_append_byte(out, '\n');
	out->failed |= line.failed;
	buffer_free(&line);
}

static enum status
parse_signed(struct bytes view, struct signed_statement *out)
{
	struct signed_statement parsed = {0};
	struct pack_in in;
	struct pack_doc doc;
	enum status rc;

	if (pack_open(view, &doc) == STATUS_OK) {
		in = pack_root(&doc);
		parsed.view = pack_in_bin(&in, 1, STATEMENT_MAX);
		parsed.signature_count = leaf_signatures_decode(&in, parsed.signatures);
		pack_end(&in);
	}
	if ((rc = pack_close(&doc)) == STATUS_OK)
		*out = parsed;
	return rc;
}

enum status
statement_file_next(
    struct bytes file, size_t *at, struct buffer *scratch, struct signed_statement *out)
{
	struct bytes head = bytes_of_text(FILE_HEAD), rest;
	const uint8_t *end;
	size_t start = *at;
	enum status rc;

	if (start == 0) {
		if (file.len < head.len ||
		    !bytes_equal((struct bytes){file.data, head.len}, head))
			return STATUS_MALFORMED;
		start = head.len;
	}
	if (start >= file.len)
		return STATUS_NOT_FOUND;
	rest = (struct bytes){file.data + start, file.len - start};
	if ((end = memchr(rest.data, '\n', rest.len)) == NULL)
		return STATUS_MALFORMED;
	rest.len = (size_t)(end - rest.data);
	if (rest.len > FILE_LINE_MAX)
		return STATUS_TOO_LARGE;
	buffer_reset(scratch);
	if ((rc = suite_from_base64(rest, scratch)) != STATUS_OK)
		return rc;
	if ((rc = parse_signed(bytes_of_buffer(scratch), out)) != STATUS_OK)
		return rc;
	*at = start + rest.len + 1;
	return STATUS_OK;
}
