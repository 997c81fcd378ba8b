/* protocol/host/link_view.c: proves every checkpoint met against the trusted one. */
#include "protocol/host/link_view.h"

#include <string.h>

void
link_view_reset(struct link_view *view)
{
	view->asked = false;
}

void
link_view_free(struct link_view *view)
{
	for (unsigned i = 0; i < LINK_VIEW_WAITING; i++)
		buffer_free(&view->waiting[i].note);
	buffer_free(&view->contradiction);
}

static enum status
contradicts(struct link_view *view, struct bytes note)
{
	buffer_reset(&view->contradiction);
	buffer_append(&view->contradiction, note);
	return STATUS_FORKED_LOG;
}

/* The one of SIZE; COUNT when none waits. */
static unsigned
find(const struct link_view *view, uint64_t size)
{
	unsigned i = 0;

	while (i < view->count && view->waiting[i].checkpoint.size != size)
		i++;
	return i;
}

bool
link_view_waits(const struct link_view *view, uint64_t size)
{
	return find(view, size) < view->count;
}

/* Two signed roots of one size are two logs, whichever of them will prove to be ours. */
static bool
two_faces(const struct link_view *view, const struct checkpoint *checkpoint)
{
	const unsigned i = find(view, checkpoint->size);

	return i < view->count && !suite_equal(view->waiting[i].checkpoint.root.byte,
				      checkpoint->root.byte, sizeof(checkpoint->root.byte));
}

/* The memory of its note goes behind the others. */
static void
drop(struct link_view *view, unsigned i)
{
	const struct link_view_job job = view->waiting[i];

	view->count--;
	memmove(&view->waiting[i], &view->waiting[i + 1],
	    (view->count - i) * sizeof(view->waiting[0]));
	view->waiting[view->count] = job;
	if (view->at > i)
		view->at--;
}

static void
make_room(struct link_view *view)
{
	uint32_t chance;
	unsigned i;

	if (view->count < LINK_VIEW_WAITING)
		return;
	suite_random(&chance, sizeof(chance));
	i = chance % view->count;
	/* What is asked for will be answered. */
	if (view->asked && i == view->at)
		i = (i + 1) % view->count;
	drop(view, i);
}

static enum status
add(struct link_view *view, const struct checkpoint *checkpoint, struct bytes note)
{
	struct link_view_job *job;

	make_room(view);
	job = &view->waiting[view->count];
	buffer_reset(&job->note);
	buffer_append(&job->note, note);
	if (job->note.failed)
		return STATUS_NO_MEMORY;
	job->checkpoint = *checkpoint;
	view->count++;
	return STATUS_OK;
}

static bool
is_same(const struct buffer *known, struct bytes note)
{
	return known->len == note.len && note.len > 0 &&
	       memcmp(known->data, note.data, note.len) == 0;
}

/* What NOTE says where it came before, and was checked then; NULL: it is new. */
static const struct checkpoint *
known(const struct link_view *view, struct bytes note)
{
	if (is_same(&view->view->note, note))
		return &view->view->trusted;
	for (unsigned i = view->count; i > 0; i--)
		if (is_same(&view->waiting[i - 1].note, note))
			return &view->waiting[i - 1].checkpoint;
	return NULL;
}

enum status
link_view_note(struct link_view *view, struct bytes note, struct checkpoint *out)
{
	const struct checkpoint *before = known(view, note);
	struct checkpoint found;
	enum status rc;

	/* Entries of one commit of the broker come with one note. */
	if (before != NULL) {
		if (out != NULL)
			*out = *before;
		return STATUS_OK;
	}
	if ((rc = logview_note(view->view, note, &found)) == STATUS_FORKED_LOG)
		return contradicts(view, note);
	if (rc != STATUS_OK)
		return rc;
	if (two_faces(view, &found))
		return contradicts(view, note);
	if (found.size > 0 && found.size != view->view->trusted.size &&
	    !link_view_waits(view, found.size))
		rc = add(view, &found, note);
	if (rc == STATUS_OK && out != NULL)
		*out = found;
	return rc;
}

enum status
link_view_welcome(struct link_view *view, struct bytes note, const struct merkle_path *path,
    struct checkpoint *out)
{
	enum status rc;

	if ((rc = logview_note(view->view, note, out)) == STATUS_OK && two_faces(view, out))
		rc = STATUS_FORKED_LOG;
	if (rc == STATUS_OK)
		rc = logview_advance(view->view, note, path);
	return rc == STATUS_FORKED_LOG ? contradicts(view, note) : rc;
}

static unsigned
newest(const struct link_view *view)
{
	unsigned best = 0;

	for (unsigned i = 1; i < view->count; i++)
		if (view->waiting[i].checkpoint.size > view->waiting[best].checkpoint.size)
			best = i;
	return best;
}

bool
link_view_next(struct link_view *view)
{
	const uint64_t trusted = view->view->trusted.size;

	if (view->count == 0)
		return false;
	if (!view->asked) {
		view->at = view->oldest_next ? 0 : newest(view);
		view->oldest_next = !view->oldest_next;
	}
	view->asked = true;
	view->old_size = view->waiting[view->at].checkpoint.size;
	view->new_size = trusted;
	if (view->old_size > view->new_size) {
		view->new_size = view->old_size;
		view->old_size = trusted;
	}
	return true;
}

enum status
link_view_answer(struct link_view *view, const struct frame_consistency_page *page,
    struct checkpoint *proven, bool *advanced)
{
	const struct checkpoint *trusted = &view->view->trusted;
	const struct link_view_job *job = &view->waiting[view->at];
	enum status rc;

	*advanced = false;
	if (!view->asked || page->old_size != view->old_size ||
	    page->new_size != view->new_size)
		return STATUS_BAD_PROOF;
	view->asked = false;
	*proven = job->checkpoint;
	if (proven->size > trusted->size) {
		rc = logview_advance(view->view, bytes_of_buffer(&job->note), &page->path);
		*advanced = rc == STATUS_OK;
	} else {
		rc = merkle_check_consistency(
		    proven->size, &proven->root, trusted->size, &trusted->root, &page->path);
	}
	if (rc == STATUS_FORKED_LOG)
		rc = contradicts(view, bytes_of_buffer(&job->note));
	/* One that a wrong answer left unproven is asked for again. */
	if (rc == STATUS_OK)
		drop(view, view->at);
	return rc;
}
