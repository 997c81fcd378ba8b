/* protocol/proof/checkpoint.c: signed tree heads (C2SP tlog-checkpoint). */
#include "protocol/proof/checkpoint.h"

#include "protocol/proof/lines.h"

enum status
checkpoint_sign(const struct checkpoint *checkpoint, const struct note_key *key,
    const struct signing_key *secret, struct buffer *out)
{
	struct buffer text = {0};
	enum status rc = STATUS_NO_MEMORY;

	buffer_append_format(&text, "%s\n", key->name);
	lines_put_number(checkpoint->size, &text);
	lines_put_hash(&checkpoint->root, &text);
	if (!text.failed)
		rc = note_sign(bytes_of_buffer(&text), key, secret, out);
	buffer_free(&text);
	return rc;
}

static enum status
parse(struct bytes text, const struct note_key *key, struct checkpoint *out)
{
	struct bytes origin, size, root, extension;
	struct checkpoint found;
	enum status rc;

	if (!lines_take(&text, &origin) || !lines_take(&text, &size) ||
	    !lines_take(&text, &root))
		return STATUS_BAD_CHECKPOINT;
	if (!bytes_is_text(origin, key->name) || !lines_number(size, &found.size))
		return STATUS_BAD_CHECKPOINT;
	if ((rc = lines_hash(root, &found.root)) != STATUS_OK)
		return rc;
	while (text.len > 0)
		if (!lines_take(&text, &extension) || extension.len == 0)
			return STATUS_BAD_CHECKPOINT;
	*out = found;
	return STATUS_OK;
}

enum status
checkpoint_open(struct bytes note, const struct note_key *key, struct checkpoint *out)
{
	struct bytes text;
	enum status rc;

	/* Nothing of the text is looked at before its signature fits. */
	if ((rc = note_open(note, key, &text)) == STATUS_OK)
		rc = parse(text, key, out);
	if (rc == STATUS_OK || rc == STATUS_NO_MEMORY)
		return rc;
	return STATUS_BAD_CHECKPOINT;
}
