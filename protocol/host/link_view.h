/* protocol/host/link_view.h: proves every checkpoint met against the trusted one. */
#ifndef SAIKNE_LINK_VIEW_H
#define SAIKNE_LINK_VIEW_H

#include "protocol/proof/logview.h"
#include "protocol/wire/frame.h"

#define LINK_VIEW_WAITING 256

/* A checkpoint that waits for a consistency proof. */
struct link_view_job {
	struct checkpoint checkpoint;
	struct buffer note;
};

/*
 * Larger checkpoints make the view advance; smaller ones (an old receipt sent again) are only
 * proven to lie on the same log. None is let off by a newer one or by the end of a session, or
 * a broker could show another log for a moment. One proof is asked for at a time, in turn of
 * the newest and of the oldest. When more wait than there is room for, which one gives way is
 * left to chance: nobody can choose what is not looked at. Zero-initialised but for VIEW.
 */
struct link_view {
	struct logview *view;
	struct link_view_job waiting[LINK_VIEW_WAITING]; /* as they came */
	unsigned count;
	bool asked; /* for a proof of WAITING[AT] ... */
	unsigned at;
	uint64_t old_size, new_size; /* ... between these sizes */
	bool oldest_next;
	struct buffer contradiction; /* after STATUS_FORKED_LOG: the note that does not fit */
};

/* A new session: what was asked for is asked again. */
void link_view_reset(struct link_view *view);
void link_view_free(struct link_view *view);

/* STATUS_FORKED_LOG, STATUS_BAD_CHECKPOINT, ...; OUT may be NULL. */
MUST_CHECK enum status link_view_note(
    struct link_view *view, struct bytes note, struct checkpoint *out);
/* A proof that came with the note (WELCOME). */
MUST_CHECK enum status link_view_welcome(struct link_view *view, struct bytes note,
    const struct merkle_path *path, struct checkpoint *out);
/* Whether a checkpoint of SIZE is not proven yet. */
bool link_view_waits(const struct link_view *view, uint64_t size);
/* Whether a proof from OLD_SIZE to NEW_SIZE of VIEW is to be asked for, or asked for again. */
MUST_CHECK bool link_view_next(struct link_view *view);
/* Its answer: PROVEN lies on the trusted log. *ADVANCED tells whether it is the trusted one now. */
MUST_CHECK enum status link_view_answer(struct link_view *view,
    const struct frame_consistency_page *page, struct checkpoint *proven, bool *advanced);

#endif
