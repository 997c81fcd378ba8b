/* protocol/proof/tlogproof.c: offline-verifiable inclusion proofs (C2SP tlog-proof, v1). */
#include "protocol/proof/tlogproof.h"

#include "protocol/proof/lines.h"

#define FIRST_LINE "c2sp.org/tlog-proof@v1"
#define EXTRA      "extra "
#define INDEX      "index "

void
tlogproof_format(struct bytes leaf, uint64_t index, const struct merkle_path *path,
    struct bytes note, struct buffer *out)
{
	buffer_append_text(out, FIRST_LINE "\n");
	if (leaf.len > 0) {
		buffer_append_text(out, EXTRA);
		suite_base64(leaf, out);
		buffer_append_byte(out, '\n');
	}
	buffer_append_text(out, INDEX);
	lines_put_number(index, out);
	for (uint32_t i = 0; i < path->len && i < MERKLE_PATH_MAX; i++)
		lines_put_hash(&path->hash[i], out);
	buffer_append_byte(out, '\n');
	buffer_append(out, note);
}

/* Whether LINE begins with WORD, which is then taken off. */
static bool
take_word(struct bytes *line, const char *word)
{
	struct bytes wanted = bytes_of_text(word);

	if (line->len < wanted.len ||
	    !bytes_equal((struct bytes){line->data, wanted.len}, wanted))
		return false;
	*line = (struct bytes){line->data + wanted.len, line->len - wanted.len};
	return true;
}

/* The hashes up to the empty line. */
static enum status
parse_path(struct bytes *rest, struct merkle_path *path)
{
	struct bytes line;
	enum status rc;

	for (path->len = 0; lines_take(rest, &line); path->len++) {
		if (line.len == 0)
			return STATUS_OK;
		if (path->len == MERKLE_PATH_MAX)
			return STATUS_TOO_LARGE;
		if ((rc = lines_hash(line, &path->hash[path->len])) != STATUS_OK)
			return rc;
	}
	return STATUS_MALFORMED;
}

enum status
tlogproof_parse(struct bytes text, struct tlogproof *out)
{
	struct bytes rest = text, line;
	enum status rc;

	if (text.len > TLOGPROOF_MAX)
		return STATUS_TOO_LARGE;
	if (!lines_take(&rest, &line) || !bytes_is_text(line, FIRST_LINE) ||
	    !lines_take(&rest, &line))
		return STATUS_MALFORMED;
	if (take_word(&line, EXTRA)) {
		/* Without data there is no such line, so one form stands for one proof. */
		if (line.len == 0)
			return STATUS_MALFORMED;
		if ((rc = suite_from_base64(line, &out->leaf)) != STATUS_OK)
			return rc;
		if (!lines_take(&rest, &line))
			return STATUS_MALFORMED;
	}
	if (!take_word(&line, INDEX) || !lines_number(line, &out->index))
		return STATUS_MALFORMED;
	if ((rc = parse_path(&rest, &out->path)) != STATUS_OK)
		return rc;
	if (rest.len == 0)
		return STATUS_MALFORMED;
	buffer_append(&out->note, rest);
	return out->note.failed ? STATUS_NO_MEMORY : STATUS_OK;
}

void
tlogproof_free(struct tlogproof *proof)
{
	buffer_free(&proof->leaf);
	buffer_free(&proof->note);
	*proof = (struct tlogproof){0};
}

enum status
tlogproof_check(
    const struct tlogproof *proof, const struct note_key *key, struct checkpoint *out)
{
	struct checkpoint checkpoint;
	struct merkle_hash leaf;
	enum status rc;

	if (proof->leaf.len == 0)
		return STATUS_MALFORMED;
	if ((rc = checkpoint_open(bytes_of_buffer(&proof->note), key, &checkpoint)) !=
	    STATUS_OK)
		return rc;
	merkle_leaf(bytes_of_buffer(&proof->leaf), &leaf);
	rc = merkle_check_inclusion(
	    &leaf, proof->index, checkpoint.size, &proof->path, &checkpoint.root);
	if (rc == STATUS_OK)
		*out = checkpoint;
	return rc;
}
