/* protocol/host/link_view.c: proves every checkpoint met against the trusted one. */
#include "protocol/host/link_view.h"

static void
forget(struct link_view_job *job)
{
	job->set = false;
	buffer_reset(&job->note);
}

void
link_view_reset(struct link_view *view)
{
	forget(&view->larger);
	forget(&view->smaller);
	forget(&view->asked);
}

void
link_view_free(struct link_view *view)
{
	buffer_free(&view->larger.note);
	buffer_free(&view->smaller.note);
	buffer_free(&view->asked.note);
	buffer_free(&view->contradiction);
}

static enum status
contradicts(struct link_view *view, struct bytes note)
{
	buffer_reset(&view->contradiction);
	buffer_append(&view->contradiction, note);
	return STATUS_FORKED_LOG;
}

/* Two signed roots of one size are two logs, whichever of them will prove to be ours. */
static bool
two_faces(const struct link_view_job *job, const struct checkpoint *checkpoint)
{
	return job->set && job->checkpoint.size == checkpoint->size &&
	       !suite_equal(job->checkpoint.root.byte, checkpoint->root.byte,
		   sizeof(checkpoint->root.byte));
}

static enum status
put(struct link_view_job *job, const struct checkpoint *checkpoint, struct bytes note)
{
	if (job->set && job->checkpoint.size >= checkpoint->size)
		return STATUS_OK;
	buffer_reset(&job->note);
	buffer_append(&job->note, note);
	job->checkpoint = *checkpoint;
	job->set = !job->note.failed;
	return job->set ? STATUS_OK : STATUS_NO_MEMORY;
}

enum status
link_view_note(struct link_view *view, struct bytes note, struct checkpoint *out)
{
	struct checkpoint found;
	enum status rc;

	if ((rc = logview_note(view->view, note, &found)) == STATUS_FORKED_LOG)
		return contradicts(view, note);
	if (rc != STATUS_OK)
		return rc;
	if (two_faces(&view->larger, &found) || two_faces(&view->smaller, &found) ||
	    two_faces(&view->asked, &found))
		return contradicts(view, note);
	if (found.size > view->view->trusted.size)
		rc = put(&view->larger, &found, note);
	else if (found.size > 0 && found.size < view->view->trusted.size)
		rc = put(&view->smaller, &found, note);
	if (rc == STATUS_OK && out != NULL)
		*out = found;
	return rc;
}

enum status
link_view_welcome(struct link_view *view, struct bytes note, const struct merkle_path *path,
    struct checkpoint *out)
{
	enum status rc;

	if ((rc = logview_note(view->view, note, out)) == STATUS_OK)
		rc = logview_advance(view->view, note, path);
	return rc == STATUS_FORKED_LOG ? contradicts(view, note) : rc;
}

/* Moves JOB to ASKED. */
static void
ask(struct link_view *view, struct link_view_job *job)
{
	struct link_view_job empty = view->asked;

	view->asked = *job;
	*job = empty;
	forget(job);
}

bool
link_view_next(struct link_view *view)
{
	const uint64_t trusted = view->view->trusted.size;

	if (view->asked.set)
		return false;
	if (view->larger.set)
		ask(view, &view->larger);
	else if (view->smaller.set)
		ask(view, &view->smaller);
	else
		return false;
	/* What was larger when it came may have been passed meanwhile. */
	view->old_size = view->asked.checkpoint.size;
	view->new_size = trusted;
	if (view->old_size > view->new_size) {
		view->new_size = view->old_size;
		view->old_size = trusted;
	}
	return true;
}

enum status
link_view_answer(
    struct link_view *view, const struct frame_consistency_page *page, bool *advanced)
{
	const struct checkpoint *trusted = &view->view->trusted;
	struct link_view_job *asked = &view->asked;
	struct bytes note = bytes_of_buffer(&asked->note);
	enum status rc;

	*advanced = false;
	if (!asked->set || page->old_size != view->old_size || page->new_size != view->new_size)
		return STATUS_BAD_PROOF;
	/* The trusted one moved by other means: this proof no longer says anything. */
	if (trusted->size != view->old_size && trusted->size != view->new_size) {
		forget(asked);
		return STATUS_OK;
	}
	if (asked->checkpoint.size > trusted->size) {
		if ((rc = logview_advance(view->view, note, &page->path)) == STATUS_OK)
			*advanced = true;
	} else {
		rc = merkle_check_consistency(asked->checkpoint.size, &asked->checkpoint.root,
		    trusted->size, &trusted->root, &page->path);
	}
	if (rc == STATUS_FORKED_LOG)
		rc = contradicts(view, note);
	forget(asked);
	return rc;
}
