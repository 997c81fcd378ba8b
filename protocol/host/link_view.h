/* protocol/host/link_view.h: proves every checkpoint met against the trusted one. */
#ifndef SAIKNE_LINK_VIEW_H
#define SAIKNE_LINK_VIEW_H

#include "protocol/proof/logview.h"
#include "protocol/wire/frame.h"

/* A checkpoint that waits for a consistency proof. */
struct link_view_job {
	bool set;
	struct checkpoint checkpoint;
	struct buffer note;
};

/*
 * Larger checkpoints make the view advance; smaller ones (an old receipt sent again) are only
 * proven to lie on the same log. Of each, the newest waits; one proof is asked for at a time.
 * Zero-initialised but for VIEW.
 */
struct link_view {
	struct logview *view;
	struct link_view_job larger, smaller, asked;
	uint64_t old_size, new_size; /* of ASKED's proof */
	struct buffer contradiction; /* after STATUS_FORKED_LOG: the note that does not fit */
};

/* A new session: what was asked for is forgotten. */
void link_view_reset(struct link_view *view);
void link_view_free(struct link_view *view);

/* STATUS_FORKED_LOG, STATUS_BAD_CHECKPOINT, ...; OUT may be NULL. */
MUST_CHECK enum status link_view_note(
    struct link_view *view, struct bytes note, struct checkpoint *out);
/* A proof that came with the note (WELCOME). */
MUST_CHECK enum status link_view_welcome(struct link_view *view, struct bytes note,
    const struct merkle_path *path, struct checkpoint *out);
/* Whether a proof from OLD_SIZE to NEW_SIZE of VIEW is to be asked for now. */
MUST_CHECK bool link_view_next(struct link_view *view);
/* Its answer. *ADVANCED tells whether the trusted checkpoint moved. */
MUST_CHECK enum status link_view_answer(
    struct link_view *view, const struct frame_consistency_page *page, bool *advanced);

#endif
