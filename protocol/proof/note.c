/* protocol/proof/note.c: signed notes with Ed25519 (C2SP signed-note). */
#include "protocol/proof/note.h"

#include <inttypes.h>
#include <string.h>

#include "protocol/proof/lines.h"

#define ED25519     0x01            /* the signature type */
#define DASH        "\xe2\x80\x94 " /* U+2014 and a space begin a signature line */
#define KEY_ID_LEN  4
#define HEX_ID_LEN  8
#define KEY_RAW_LEN (1 + SUITE_SIGN_PUBLIC)

/* What separates words somewhere may not stand in a name (Unicode White_Space). */
static const char *const spaces[] = {
    " ",
    "\u00a0",
    "\u1680",
    "\u2000",
    "\u2001",
    "\u2002",
    "\u2003",
    "\u2004",
    "\u2005",
    "\u2006",
    "\u2007",
    "\u2008",
    "\u2009",
    "\u200a",
    "\u2028",
    "\u2029",
    "\u202f",
    "\u205f",
    "\u3000",
};

static bool
holds(struct bytes view, struct bytes part)
{
	return view.len > 0 && memmem(view.data, view.len, part.data, part.len) != NULL;
}

/* UTF-8 whose only control character is the newline. */
static bool
is_text(struct bytes view)
{
	return bytes_is_utf8(view) && !holds(view, bytes_of_text("\t"));
}

static bool
is_name(struct bytes name)
{
	if (name.len == 0 || !is_text(name) || holds(name, bytes_of_text("\n")) ||
	    holds(name, bytes_of_text("+")))
		return false;
	for (size_t i = 0; i < sizeof(spaces) / sizeof(spaces[0]); i++)
		if (holds(name, bytes_of_text(spaces[i])))
			return false;
	return true;
}

/* Splits VIEW at its first SEPARATOR; false when there is none. */
static bool
cut(struct bytes view, uint8_t separator, struct bytes *before, struct bytes *after)
{
	const uint8_t *at;

	if (view.len == 0 || (at = memchr(view.data, separator, view.len)) == NULL)
		return false;
	*before = (struct bytes){view.data, (size_t)(at - view.data)};
	*after = (struct bytes){at + 1, view.len - before->len - 1};
	return true;
}

enum status
note_key_make(
    const char *name, const uint8_t public[static SUITE_SIGN_PUBLIC], struct note_key *out)
{
	static const uint8_t type[] = {'\n', ED25519};
	struct bytes view = {(const uint8_t *)name, strnlen(name, NOTE_NAME_MAX + 1)};
	const struct bytes parts[] = {view, BYTES(type), {public, SUITE_SIGN_PUBLIC}};
	uint8_t digest[SUITE_HASH_LEN];

	if (!is_name(view) || !bytes_to_text(view, out->name, sizeof(out->name)))
		return STATUS_ARGUMENT;
	memcpy(out->public, public, SUITE_SIGN_PUBLIC);
	suite_sha256(parts, 3, digest);
	out->id = bytes_get_u32(digest);
	return STATUS_OK;
}

void
note_key_format(const struct note_key *key, struct buffer *out)
{
	uint8_t raw[KEY_RAW_LEN] = {ED25519};

	memcpy(raw + 1, key->public, SUITE_SIGN_PUBLIC);
	buffer_append_format(out, "%s+%08" PRIx32 "+", key->name, key->id);
	suite_base64(BYTES(raw), out);
}

/* The public key in the base64 part of a verifier key. */
static enum status
parse_public(struct bytes text, uint8_t public[static SUITE_SIGN_PUBLIC])
{
	struct buffer raw = {0};
	enum status rc;

	if (text.len != (KEY_RAW_LEN + 2) / 3 * 4)
		return STATUS_MALFORMED;
	if ((rc = suite_from_base64(text, &raw)) == STATUS_OK) {
		if (raw.len == KEY_RAW_LEN && raw.data[0] == ED25519)
			memcpy(public, raw.data + 1, SUITE_SIGN_PUBLIC);
		else
			rc = STATUS_MALFORMED;
	}
	buffer_free(&raw);
	return rc;
}

enum status
note_key_parse(struct bytes text, struct note_key *out)
{
	struct bytes name, id, rest;
	char name_text[NOTE_NAME_MAX + 1], id_text[HEX_ID_LEN + 1];
	uint8_t public[SUITE_SIGN_PUBLIC];
	struct note_key key;
	enum status rc;

	if (!cut(text, '+', &name, &rest) || !cut(rest, '+', &id, &rest) ||
	    !bytes_to_text(name, name_text, sizeof(name_text)))
		return STATUS_MALFORMED;
	if ((rc = parse_public(rest, public)) != STATUS_OK)
		return rc;
	if (note_key_make(name_text, public, &key) != STATUS_OK)
		return STATUS_MALFORMED;
	bytes_put_u32(public, key.id);
	bytes_to_hex((struct bytes){public, KEY_ID_LEN}, id_text);
	if (!bytes_is_text(id, id_text))
		return STATUS_MALFORMED;
	*out = key;
	return STATUS_OK;
}

enum status
note_sign(struct bytes text, const struct note_key *key, const struct signing_key *secret,
    struct buffer *out)
{
	uint8_t raw[KEY_ID_LEN + SUITE_SIGNATURE_LEN];
	size_t start = out->len;

	if (text.len > NOTE_MAX)
		return STATUS_TOO_LARGE;
	if (text.len == 0 || text.data[text.len - 1] != '\n' || !is_text(text) ||
	    !suite_equal(key->public, secret->public, SUITE_SIGN_PUBLIC))
		return STATUS_ARGUMENT;
	bytes_put_u32(raw, key->id);
	suite_sign_plain(secret, text, raw + KEY_ID_LEN);
	buffer_append(out, text);
	buffer_append_format(out, "\n" DASH "%s ", key->name);
	suite_base64(BYTES(raw), out);
	buffer_append_byte(out, '\n');
	if (out->failed)
		return STATUS_NO_MEMORY;
	if (out->len - start > NOTE_MAX) {
		out->len = start;
		return STATUS_TOO_LARGE;
	}
	return STATUS_OK;
}

/* The last empty line separates the text, with its newline, from the signature lines. */
static bool
split(struct bytes note, struct bytes *text, struct bytes *signatures)
{
	for (size_t at = note.len; at >= 2; at--) {
		if (note.data[at - 2] != '\n' || note.data[at - 1] != '\n')
			continue;
		*text = (struct bytes){note.data, at - 1};
		*signatures = (struct bytes){note.data + at, note.len - at};
		return signatures->len > 0;
	}
	return false;
}

/* Checks the form of one line; SIGNED becomes true when KEY signed TEXT with it. */
static enum status
check_line(
    struct bytes line, struct bytes text, const struct note_key *key, bool *signed_by_key)
{
	struct bytes dash = bytes_of_text(DASH), name, encoded;
	struct buffer raw = {0};
	enum status rc;

	if (line.len < dash.len || !bytes_equal((struct bytes){line.data, dash.len}, dash))
		return STATUS_MALFORMED;
	line = (struct bytes){line.data + dash.len, line.len - dash.len};
	if (!cut(line, ' ', &name, &encoded) || !is_name(name))
		return STATUS_MALFORMED;
	if ((rc = suite_from_base64(encoded, &raw)) != STATUS_OK)
		goto out;
	if (raw.len <= KEY_ID_LEN)
		rc = STATUS_MALFORMED;
	else if (!bytes_is_text(name, key->name) || bytes_get_u32(raw.data) != key->id)
		rc = STATUS_OK; /* of a key not known here */
	else if (raw.len != KEY_ID_LEN + SUITE_SIGNATURE_LEN)
		rc = STATUS_BAD_SIGNATURE;
	else if ((rc = suite_verify_plain(key->public, text, raw.data + KEY_ID_LEN)) ==
		 STATUS_OK)
		*signed_by_key = true;
out:
	buffer_free(&raw);
	return rc;
}

enum status
note_open(struct bytes note, const struct note_key *key, struct bytes *text)
{
	struct bytes signed_text, rest, line;
	bool signed_by_key = false;
	unsigned count = 0;
	enum status rc;

	if (note.len > NOTE_MAX)
		return STATUS_TOO_LARGE;
	if (!is_text(note) || !split(note, &signed_text, &rest))
		return STATUS_MALFORMED;
	while (rest.len > 0) {
		if (++count > NOTE_SIGNATURES_MAX)
			return STATUS_TOO_LARGE;
		if (!lines_take(&rest, &line))
			return STATUS_MALFORMED;
		if ((rc = check_line(line, signed_text, key, &signed_by_key)) != STATUS_OK)
			return rc;
	}
	if (!signed_by_key)
		return STATUS_UNKNOWN_KEY;
	*text = signed_text;
	return STATUS_OK;
}
