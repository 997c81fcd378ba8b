/* services/runtime/exchange/custody_forwarded.c: a custody statement that another passes on, verified. */
#include "services/runtime/exchange/custody_forwarded.h"

#include <string.h>

#include "protocol/trust/policy.h"
#include "protocol/wire/forwarded.h"
#include "services/runtime/exchange/proven.h"
#include "services/runtime/exchange/service.h"

/* The entry stands in the log, and bears the signature of an orphan's court that may state it. */
static enum status
check_leaf(struct service *service, const struct forwarded *forwarded, uint64_t index,
    struct leaf *leaf)
{
	uint8_t key[SUITE_SIGN_PUBLIC];
	int recipient;
	enum status rc;

	if (forwarded->proven.index >= index)
		return STATUS_BAD_PROOF;
	rc = proven_check(service, &forwarded->proven, leaf);
	if (rc != STATUS_OK)
		return proven_is_trouble(rc) ? rc : STATUS_BAD_PROOF;
	if (leaf->kind != LEAF_ACCEPTED)
		return STATUS_BAD_PROOF;
	if (leaf->header.type != MESSAGE_NOTICE_CUSTODY)
		return STATUS_NOT_PERMITTED;
	rc = policy_check(
	    service->directory, &leaf->header, forwarded->proven.index, key, &recipient);
	if (rc != STATUS_OK)
		return rc;
	return batch_verify(leaf->digest, &leaf->proof, key, &service->cache);
}

/* FORWARDED under LEAF, whether it was verified or is yet to be. */
static enum status
read_content(
    const struct forwarded *forwarded, const struct leaf *leaf, struct custody_statement *out)
{
	enum status rc = forwarded_content(forwarded, leaf, &out->inner);

	if (rc != STATUS_OK)
		return rc;
	if (!bytes_to_text(leaf->header.sender, out->origin, sizeof(out->origin)))
		return STATUS_BAD_CONTENT;
	memcpy(out->message, leaf->header.id, sizeof(out->message));
	out->index = forwarded->proven.index;
	out->content = &out->inner;
	return STATUS_OK;
}

static enum status
parse(const struct content *outer, struct forwarded *out)
{
	struct bytes value;

	return forwarded_field(outer, FIELD_STATEMENT, &value) &&
	               forwarded_parse(value, out) == STATUS_OK
	           ? STATUS_OK
	           : STATUS_BAD_CONTENT;
}

enum status
custody_forwarded_open(struct service *service, const struct content *outer, const char *via,
    uint64_t index, struct custody_statement *out)
{
	struct forwarded forwarded;
	struct bytes purpose;
	struct leaf leaf;
	enum status rc = parse(outer, &forwarded);

	if (rc == STATUS_OK)
		rc = check_leaf(service, &forwarded, index, &leaf);
	if (rc == STATUS_OK)
		rc = read_content(&forwarded, &leaf, out);
	if (rc != STATUS_OK)
		return rc;
	/* As it would have been judged, had it come by itself. */
	return content_text(out->content, FIELD_PURPOSE, &purpose) &&
	               bytes_is_text(purpose, CUSTODY_PURPOSE) &&
	               bytes_to_text(bytes_of_text(via), out->via, sizeof(out->via))
	           ? STATUS_OK
	           : STATUS_BAD_CONTENT;
}

enum status
custody_forwarded_read(
    const struct content *outer, struct custody_statement *out, struct frame_proven *proven)
{
	struct forwarded forwarded;
	struct leaf leaf;
	enum status rc = parse(outer, &forwarded);

	if (rc == STATUS_OK)
		rc = leaf_parse(forwarded.proven.leaf, &leaf);
	if (rc == STATUS_OK)
		rc = read_content(&forwarded, &leaf, out);
	if (rc == STATUS_OK && proven != NULL)
		*proven = forwarded.proven;
	return rc;
}
