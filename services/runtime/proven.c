/* services/runtime/proven.c: whether an entry really stands in the log that everyone sees. */
#include "services/runtime/proven.h"

#include "services/runtime/runtime.h"

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
	rc = merkle_check_inclusion(
	    &hash, proven->index, checkpoint.size, &proven->path, &checkpoint.root);
	if (rc != STATUS_OK)
		return rc;
	return leaf_parse(proven->leaf, leaf);
}
