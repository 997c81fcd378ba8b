/* services/runtime/exchange/proven.c: whether an entry really stands in the log that everyone sees. */
#include "services/runtime/exchange/proven.h"

#include "services/runtime/exchange/service.h"
#include "services/runtime/store/event_store.h"
#include "services/runtime/store/key_store.h"

static bool
is_trusted(const struct service *service, const struct checkpoint *checkpoint)
{
	return checkpoint->size == 0 || checkpoint->size == service->view.trusted.size;
}

bool
proven_is_trouble(enum status rc)
{
	return rc == STATUS_DATABASE || rc == STATUS_INTERNAL || rc == STATUS_NO_MEMORY ||
	       rc == STATUS_NO_SPACE;
}

/* One index has one entry, whatever checkpoints say. */
static enum status
check_known(struct service *service, const struct frame_proven *proven)
{
	bool differs = false;
	enum status rc =
	    event_store_proof_differs(service->db, proven->index, proven->leaf, &differs);

	return rc == STATUS_OK && differs ? STATUS_FORKED_LOG : rc;
}

enum status
proven_check(struct service *service, const struct frame_proven *proven, struct leaf *leaf)
{
	struct checkpoint checkpoint;
	struct merkle_hash hash;
	enum status rc;

	rc = service->transport.note(service->transport.state, proven->checkpoint, &checkpoint);
	if (rc != STATUS_OK)
		return rc;
	merkle_leaf(proven->leaf, &hash);
	rc = merkle_trail_check(&service->trail, &hash, proven->index, checkpoint.size,
	    &proven->path, &checkpoint.root);
	if (rc != STATUS_OK)
		return rc;
	if ((rc = leaf_parse(proven->leaf, leaf)) != STATUS_OK)
		return rc;
	service_note_log_time(service, leaf->time_ms);
	if (!is_trusted(service, &checkpoint))
		rc = key_store_add_unproven(
		    service->db, &checkpoint, proven->checkpoint, service->now_ms);
	return rc == STATUS_OK ? check_known(service, proven) : rc;
}

/* What is trusted by now needs no proof; what the log's key did not sign can have none. */
static bool
is_settled(const struct service *service, enum status rc, const struct checkpoint *checkpoint)
{
	return rc == STATUS_BAD_CHECKPOINT ||
	       (rc == STATUS_OK && is_trusted(service, checkpoint));
}

static enum status
resume_all(struct service *service, struct buffer *note, bool *any)
{
	struct checkpoint at, found;
	const struct checkpoint *after = NULL;
	enum status rc;

	for (;;) {
		buffer_reset(note);
		rc = key_store_unproven_after(service->db, after, &at, note);
		if (rc != STATUS_OK)
			return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
		after = &at;
		rc = service->transport.note(
		    service->transport.state, bytes_of_buffer(note), &found);
		if (!is_settled(service, rc, &at))
			continue;
		*any = true;
		if ((rc = key_store_remove_unproven(service->db, &at)) != STATUS_OK)
			return rc;
	}
}

enum status
proven_resume(struct service *service)
{
	struct buffer note = {0};
	bool any = false;
	enum status rc;

	if ((rc = service_begin(service)) != STATUS_OK)
		return rc;
	rc = resume_all(service, &note, &any);
	buffer_free(&note);
	if (rc == STATUS_OK && any)
		service_commit(service, "link");
	else
		service_rollback(service);
	return rc;
}
