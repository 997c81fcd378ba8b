/* clients/auditor/audit_text.c: entries as people, tables and other programs read them. */
#include "clients/auditor/audit_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "protocol/host/clock.h"
#include "protocol/host/lang.h"
#include "protocol/trust/statement.h"

#define LABEL_COLUMNS 20

/* Words for people are in their language; for programs they stay as they are. */
typedef const char *say_fn(const char *words);

static const char *
plainly(const char *words)
{
	return words;
}

/* Views of the log go out only after a strict parse; a text in them has no controls. */
#define TEXT(view) (int)(view).len, (const char *)(view).data

static const char *const basis_names[BASIS_COUNT] = {[BASIS_NONE] = N_("none"),
    [BASIS_CONSENT] = N_("consent"),
    [BASIS_LAW] = N_("law"),
    [BASIS_REPLY] = N_("reply")};

/* The words of evidence_name(), for the catalogue. */
static const char *const evidence_words[] = {[EVIDENCE_DELIVERED] = N_("delivered"),
    [EVIDENCE_UNREADABLE] = N_("unreadable"),
    [EVIDENCE_READ] = N_("read"),
    [EVIDENCE_EXPIRED] = N_("expired"),
    [EVIDENCE_UNDELIVERABLE] = N_("undeliverable")};

const char *
audit_text_evidence(enum evidence_kind kind)
{
	return evidence_words[kind];
}

static void
type_name(uint64_t type, char *out, size_t size)
{
	const struct message_info *info = message_info(type);

	if (info != NULL)
		snprintf(out, size, "%s", info->name);
	else
		snprintf(out, size, "type %" PRIu64, type);
}

static void
statement_text(const struct leaf *leaf, say_fn *say, char *out, size_t size)
{
	struct statement statement;

	if (statement_parse(leaf->body, &statement) != STATUS_OK)
		snprintf(out, size, "%s", say(N_("unreadable statement")));
	else
		snprintf(out, size, "%s%s%.*s", statement_name(statement.kind),
		    statement.party.len > 0 ? " " : "", TEXT(statement.party));
}

static void
evidence_text(const struct evidence *evidence, say_fn *say, char *out, size_t size)
{
	if (evidence->reason != STATUS_OK)
		snprintf(out, size, "%s: %s", say(evidence_words[evidence->kind]),
		    status_name(evidence->reason));
	else
		snprintf(out, size, "%s%s%.*s", say(evidence_words[evidence->kind]),
		    evidence->role.len > 0 ? say(N_(" by ")) : "", TEXT(evidence->role));
}

static void
make_row(const struct leaf *leaf, say_fn *say, struct audit_row *out)
{
	const struct envelope_header *header = &leaf->header;

	*out = (struct audit_row){.kind = leaf_name(leaf->kind)};
	clock_format(leaf->time_ms, out->time);
	switch (leaf->kind) {
	case LEAF_ACCEPTED:
		out->from = header->sender;
		for (uint32_t i = 0; i < header->recipient_count; i++) {
			if (i > 0)
				buffer_append_byte(&out->to, ' ');
			buffer_append(&out->to, header->recipients[i].party);
		}
		type_name(header->type, out->what, sizeof(out->what));
		bytes_to_hex(BYTES(header->id), out->id);
		bytes_to_hex(BYTES(header->case_token), out->case_token);
		break;
	case LEAF_EVIDENCE:
	case LEAF_BROKER_EVIDENCE:
		out->from = leaf->evidence.sender;
		buffer_append(&out->to, leaf->evidence.recipient);
		evidence_text(&leaf->evidence, say, out->what, sizeof(out->what));
		bytes_to_hex(BYTES(leaf->evidence.id), out->id);
		break;
	case LEAF_REFUSED:
		out->from = leaf->party;
		snprintf(out->what, sizeof(out->what), say(N_("%s, %" PRIu64 " times")),
		    status_name(leaf->code), leaf->count);
		break;
	case LEAF_STATEMENT:
		statement_text(leaf, say, out->what, sizeof(out->what));
		break;
	case LEAF_ACCESS:
		out->from = leaf->party;
		snprintf(out->what, sizeof(out->what), "%.*s", TEXT(leaf->software));
		break;
	case LEAF_CLOCK:
		snprintf(out->what, sizeof(out->what), "%" PRIu64 " ms %s", leaf->count,
		    say(leaf->forward ? N_("forward") : N_("back")));
		break;
	}
}

void
audit_text_row(const struct leaf *leaf, struct audit_row *out)
{
	make_row(leaf, plainly, out);
}

void
audit_text_line(const struct audit_entry *entry, struct buffer *out)
{
	struct audit_row row;
	struct leaf leaf;

	if (entry->leaf.data == NULL) {
		buffer_append_format(
		    out, "%8" PRIu64 "  %s\n", entry->index, _("(only its hash is held)"));
		return;
	}
	if (leaf_parse(entry->leaf, &leaf) != STATUS_OK) {
		buffer_append_format(
		    out, "%8" PRIu64 "  %s\n", entry->index, _("(unreadable)"));
		return;
	}
	make_row(&leaf, lang_text, &row);
	buffer_append_format(out, "%8" PRIu64 "  %s  %-15s  %-*s", entry->index, row.time,
	    row.kind, lang_pad(row.what, 28), row.what);
	if (row.from.len > 0)
		buffer_append_format(out, "  %.*s", TEXT(row.from));
	if (row.to.len > 0)
		buffer_append_format(
		    out, " > %.*s", (int)row.to.len, (const char *)row.to.data);
	if (row.id[0] != '\0')
		buffer_append_format(out, "  %s", row.id);
	buffer_append_byte(out, '\n');
	buffer_free(&row.to);
}

/* ---- In full ----------------------------------------------------------------------------- */

static void
put_label(const char *name, struct buffer *out)
{
	const char *label = lang_text(name);

	buffer_append_format(out, "  %-*s ", lang_pad(label, LABEL_COLUMNS), label);
}

static void
put_hex(const char *name, struct bytes value, struct buffer *out)
{
	char hex[2 * 64 + 1] = "";

	if (value.len <= 64)
		bytes_to_hex(value, hex);
	put_label(name, out);
	buffer_append_format(out, "%s\n", hex);
}

static void
put_time(const char *name, uint64_t ms, struct buffer *out)
{
	char text[21];

	clock_format(ms, text);
	put_label(name, out);
	buffer_append_format(out, "%s\n", text);
}

static void
put_text(const char *name, struct bytes text, struct buffer *out)
{
	if (text.len == 0)
		return;
	put_label(name, out);
	buffer_append_format(out, "%.*s\n", TEXT(text));
}

/* What a signature shares shows a little of its sender's work: it is said, not hidden. */
static void
put_signature(const struct batch_proof *proof, struct buffer *out)
{
	put_hex(N_("signature"), BYTES(proof->signature), out);
	put_label(N_("signed as"), out);
	buffer_append_format(out, _("%" PRIu32 " of %" PRIu32), proof->index + 1, proof->size);
	if (proof->size > 1)
		buffer_append_text(
		    out, _(" signed together; the others are not told apart from here"));
	buffer_append_byte(out, '\n');
}

static void
put_recipient(const struct leaf *leaf, uint32_t i, struct buffer *out)
{
	const struct envelope_recipient *to = &leaf->header.recipients[i];
	char id[2 * SUITE_ID_LEN + 1];

	put_label(N_("recipient"), out);
	buffer_append_format(out, _("%.*s, sealing epoch %" PRIu32 ", ground: %s"),
	    TEXT(to->party), to->sealing_epoch, lang_text(basis_names[to->basis]));
	if (to->basis == BASIS_REPLY) {
		bytes_to_hex(BYTES(to->reply_id), id);
		buffer_append_format(out, _(" to %.*s %s"), TEXT(to->reply_sender), id);
	} else if (to->basis != BASIS_NONE) {
		bytes_to_hex(BYTES(to->reference), id);
		buffer_append_format(out, " %s", id);
	}
	buffer_append_byte(out, '\n');
	put_hex(N_("its part's hash"), BYTES(leaf->part_hashes[i].byte), out);
}

static void
put_message(const struct leaf *leaf, struct buffer *out)
{
	const struct envelope_header *header = &leaf->header;
	char type[64];

	type_name(header->type, type, sizeof(type));
	put_text(N_("type"), bytes_of_text(type), out);
	put_hex(N_("message id"), BYTES(header->id), out);
	put_text(N_("sender"), header->sender, out);
	for (uint32_t i = 0; i < header->recipient_count; i++)
		put_recipient(leaf, i, out);
	put_hex(N_("case token"), BYTES(header->case_token), out);
	put_time(N_("created"), header->created_ms, out);
	put_time(N_("expires"), header->expires_ms, out);
	for (uint32_t i = 0; i < header->attachment_count; i++) {
		put_label(N_("attachment"), out);
		buffer_append_format(
		    out, _("%" PRIu64 " bytes\n"), header->attachments[i].size);
	}
	put_hex(N_("content root"), BYTES(header->content_root.byte), out);
	put_hex(N_("digest"), BYTES(leaf->digest), out);
	put_label(N_("signing key"), out);
	buffer_append_format(
	    out, _("epoch %" PRIu32 " of the sender\n"), header->signing_epoch);
	put_signature(&leaf->proof, out);
	buffer_append_text(
	    out, _("  What it says is sealed to its recipients and not in the log.\n"));
}

static void
put_evidence(const struct leaf *leaf, struct buffer *out)
{
	const struct evidence *evidence = &leaf->evidence;
	char what[96];

	evidence_text(evidence, lang_text, what, sizeof(what));
	put_text(N_("evidence"), bytes_of_text(what), out);
	put_label(N_("about"), out);
	buffer_append_format(out, _("entry %" PRIu64 "\n"), evidence->index);
	put_hex(N_("message id"), BYTES(evidence->id), out);
	put_text(N_("sender"), evidence->sender, out);
	put_text(N_("recipient"), evidence->recipient, out);
	put_hex(N_("digest"), BYTES(evidence->digest), out);
	put_time(N_("stated time"), evidence->time_ms, out);
	if (evidence->has_token)
		put_hex(N_("staff token"), BYTES(evidence->staff_token), out);
	if (leaf->kind == LEAF_EVIDENCE) {
		put_label(N_("signing key"), out);
		buffer_append_format(
		    out, _("epoch %" PRIu32 " of the recipient\n"), evidence->signing_epoch);
		put_signature(&leaf->proof, out);
	} else {
		buffer_append_text(
		    out, _("  The broker says so by logging it; no one else signs.\n"));
	}
}

static void
put_statement(const struct leaf *leaf, struct buffer *out)
{
	static const char *const roles[] = {[SIGNER_ROOT] = N_("root"),
	    [SIGNER_REGISTRAR] = N_("registrar"),
	    [SIGNER_PARTY] = N_("the party"),
	    [SIGNER_NEW_KEY] = N_("the new key")};
	struct statement s;

	if (statement_parse(leaf->body, &s) != STATUS_OK) {
		buffer_append_text(out, _("  The statement cannot be read.\n"));
		return;
	}
	put_text(N_("statement"), bytes_of_text(statement_name(s.kind)), out);
	put_text(N_("party"), s.party, out);
	put_text(N_("kind"), s.party_kind, out);
	put_text(N_("name"), s.name, out);
	put_text(N_("municipality"), s.municipality, out);
	put_text(N_("reason"), s.reason, out);
	put_time(N_("stated time"), s.time_ms, out);
	if (s.kind != STATEMENT_SUSPEND && s.kind != STATEMENT_LIFT &&
	    s.kind != STATEMENT_HEAD && s.kind != STATEMENT_REVOKE)
		put_hex(N_("key"), BYTES(s.key), out);
	if (s.epoch > 0) {
		put_label(N_("epoch"), out);
		buffer_append_format(out, "%" PRIu64 "\n", s.epoch);
	}
	if (s.not_after_ms > 0) {
		put_time(N_("not before"), s.not_before_ms, out);
		put_time(N_("not after"), s.not_after_ms, out);
	}
	for (uint32_t i = 0; i < leaf->signature_count; i++)
		put_text(N_("signed by"),
		    bytes_of_text(lang_text(roles[leaf->signatures[i].signer])), out);
}

static void
put_rest(const struct leaf *leaf, struct buffer *out)
{
	put_text(N_("party"), leaf->party, out);
	put_text(N_("software"), leaf->software, out);
	if (leaf->kind == LEAF_REFUSED) {
		put_label(N_("refused as"), out);
		buffer_append_format(out, "%s: %s\n", status_name(leaf->code),
		    lang_text(status_meaning(leaf->code)));
		put_hex(N_("digest"), BYTES(leaf->digest), out);
		put_label(N_("times"), out);
		buffer_append_format(out, "%" PRIu64 "\n", leaf->count);
	}
	if (leaf->kind == LEAF_CLOCK) {
		put_label(N_("clock moved"), out);
		buffer_append_format(out, "%" PRIu64 " ms %s\n", leaf->count,
		    leaf->forward ? _("forward") : _("back"));
	}
}

void
audit_text_full(const struct audit_entry *entry, struct buffer *out)
{
	struct leaf leaf;

	buffer_append_format(out, _("Entry %" PRIu64 "\n"), entry->index);
	put_hex(N_("leaf hash"), BYTES(entry->hash.byte), out);
	if (entry->leaf.data == NULL) {
		buffer_append_text(out, _("  Only its hash is held: we may not read it.\n"));
		return;
	}
	if (leaf_parse(entry->leaf, &leaf) != STATUS_OK) {
		buffer_append_text(
		    out, _("  It is not of the form that the protocol gives.\n"));
		return;
	}
	put_text(N_("kind"), bytes_of_text(leaf_name(leaf.kind)), out);
	put_time(N_("logged"), leaf.time_ms, out);
	if (leaf.kind == LEAF_ACCEPTED)
		put_message(&leaf, out);
	else if (leaf.kind == LEAF_EVIDENCE || leaf.kind == LEAF_BROKER_EVIDENCE)
		put_evidence(&leaf, out);
	else if (leaf.kind == LEAF_STATEMENT)
		put_statement(&leaf, out);
	else
		put_rest(&leaf, out);
}

/* ---- For programs ------------------------------------------------------------------------ */

static void
json_text(json_t *object, const char *name, struct bytes text)
{
	if (text.len > 0)
		json_object_set_new(
		    object, name, json_stringn((const char *)text.data, text.len));
}

static void
json_row(json_t *object, const struct leaf *leaf)
{
	struct audit_row row;
	struct bytes to;
	json_t *list = json_array();

	audit_text_row(leaf, &row);
	json_text(object, "time", bytes_of_text(row.time));
	json_text(object, "kind", bytes_of_text(row.kind));
	json_text(object, "what", bytes_of_text(row.what));
	json_text(object, "from", row.from);
	if (leaf->kind == LEAF_ACCEPTED)
		for (uint32_t i = 0; i < leaf->header.recipient_count; i++) {
			to = leaf->header.recipients[i].party;
			json_array_append_new(
			    list, json_stringn((const char *)to.data, to.len));
		}
	else if (row.to.len > 0)
		json_array_append_new(
		    list, json_stringn((const char *)row.to.data, row.to.len));
	if (json_array_size(list) > 0)
		json_object_set(object, "to", list);
	json_decref(list);
	json_text(object, "id", bytes_of_text(row.id));
	json_text(object, "case", bytes_of_text(row.case_token));
	if (leaf->kind == LEAF_EVIDENCE || leaf->kind == LEAF_BROKER_EVIDENCE)
		json_object_set_new(
		    object, "about", json_integer((json_int_t)leaf->evidence.index));
	buffer_free(&row.to);
}

json_t *
audit_text_json(const struct audit_entry *entry, bool whole)
{
	char hash[2 * SUITE_HASH_LEN + 1];
	struct buffer bytes = {0};
	json_t *object = json_object();
	struct leaf leaf;

	bytes_to_hex(BYTES(entry->hash.byte), hash);
	json_object_set_new(object, "index", json_integer((json_int_t)entry->index));
	json_text(object, "leaf_hash", bytes_of_text(hash));
	if (entry->leaf.data != NULL && leaf_parse(entry->leaf, &leaf) == STATUS_OK)
		json_row(object, &leaf);
	if (whole && entry->leaf.data != NULL) {
		suite_base64(entry->leaf, &bytes);
		json_text(object, "leaf", bytes_of_buffer(&bytes));
	}
	buffer_free(&bytes);
	return object;
}
