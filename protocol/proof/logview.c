/* protocol/proof/logview.c: what one party knows of the log: its newest proven checkpoint. */
#include "protocol/proof/logview.h"

static bool
same_root(const struct checkpoint *a, const struct checkpoint *b)
{
	return suite_equal(a->root.byte, b->root.byte, sizeof(a->root.byte));
}

static void
empty_tree(struct checkpoint *out)
{
	out->size = 0;
	merkle_empty(&out->root);
}

enum status
logview_open(const struct note_key *key, struct bytes note, struct logview *out)
{
	struct logview view = {.key = *key};
	enum status rc;

	empty_tree(&view.trusted);
	if (note.len > 0) {
		if ((rc = checkpoint_open(note, key, &view.trusted)) != STATUS_OK)
			return rc;
		buffer_append(&view.note, note);
		if (view.note.failed)
			return STATUS_NO_MEMORY;
	}
	*out = view;
	return STATUS_OK;
}

void
logview_close(struct logview *view)
{
	buffer_free(&view->note);
	*view = (struct logview){0};
}

enum status
logview_note(const struct logview *view, struct bytes note, struct checkpoint *out)
{
	struct checkpoint found, empty;
	enum status rc;

	if ((rc = checkpoint_open(note, &view->key, &found)) != STATUS_OK)
		return rc;
	if (found.size == view->trusted.size && !same_root(&found, &view->trusted))
		return STATUS_FORKED_LOG;
	/* Whatever is trusted, the empty tree has one root. */
	if (found.size == 0)
		empty_tree(&empty);
	if (found.size == 0 && !same_root(&found, &empty))
		return STATUS_FORKED_LOG;
	*out = found;
	return STATUS_OK;
}

enum status
logview_advance(struct logview *view, struct bytes note, const struct merkle_path *path)
{
	struct checkpoint found;
	struct buffer kept = {0};
	enum status rc;

	if ((rc = logview_note(view, note, &found)) != STATUS_OK)
		return rc;
	/* Of the same size it was just compared: nothing is left for a path to prove. */
	if (found.size <= view->trusted.size)
		return STATUS_OK;
	rc = merkle_check_consistency(
	    view->trusted.size, &view->trusted.root, found.size, &found.root, path);
	if (rc != STATUS_OK)
		return rc;
	buffer_append(&kept, note);
	if (kept.failed)
		return STATUS_NO_MEMORY;
	buffer_free(&view->note);
	view->note = kept;
	view->trusted = found;
	return STATUS_OK;
}
