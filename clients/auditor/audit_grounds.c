/* clients/auditor/audit_grounds.c: whether a message could rest on what it cites, from the log before it. */
#include "clients/auditor/audit_grounds.h"

#include "protocol/trust/policy.h"

static bool
cites(const struct envelope_recipient *to)
{
	return to->basis == BASIS_CONSENT || to->basis == BASIS_LAW;
}

/* ---- Its own reference ------------------------------------------------------------------- */

static enum status
check_own(
    const struct audit_grounds *grounds, const struct envelope_recipient *to, enum status *why)
{
	const struct audit_citation cited = {
	    to->reference, grounds->header->sender, to->party, to->basis};
	const bool stops = grounds->header->type == MESSAGE_GROUND_STOP;
	struct audit_store *store = grounds->store;
	uint64_t stop;
	bool own;
	enum status rc = audit_store_noted_reference(store, &cited, &own, &stop);

	*why = STATUS_OK;
	if (rc == STATUS_NOT_FOUND) {
		if ((rc = audit_store_note_reference(store, &cited, grounds->index)) !=
		    STATUS_OK)
			return rc;
	} else if (rc != STATUS_OK) {
		return rc;
	} else if (!own) {
		*why = STATUS_FOREIGN_REFERENCE;
		return STATUS_OK;
	} else if (stop != AUDIT_NEVER) {
		*why = STATUS_STOPPED;
		return STATUS_OK;
	}
	return stops ? audit_store_note_stop(store, to->reference, grounds->index) : STATUS_OK;
}

/* ---- What it answers --------------------------------------------------------------------- */

/*
 * The entry for RECIPIENT in the message ID of SENDER, borrowed from the room. *WHY:
 * STATUS_UNKNOWN_REPLY where there is none.
 */
static enum status
find_entry(const struct audit_grounds *grounds, struct bytes sender, struct bytes recipient,
    const uint8_t id[static SUITE_ID_LEN], struct envelope_recipient *out, enum status *why)
{
	struct audit_entry entry;
	struct leaf leaf;
	uint64_t at;
	enum status rc = audit_store_noted_message(grounds->store, sender, id, &at);

	*why = STATUS_UNKNOWN_REPLY;
	if (rc != STATUS_OK)
		return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
	if ((rc = audit_store_entry(grounds->store, at, grounds->other, &entry)) != STATUS_OK ||
	    (rc = leaf_parse(entry.leaf, &leaf)) != STATUS_OK)
		return rc;
	for (uint32_t i = 0; i < leaf.header.recipient_count; i++) {
		if (!bytes_equal(leaf.header.recipients[i].party, recipient))
			continue;
		*out = leaf.header.recipients[i];
		*why = STATUS_OK;
	}
	return STATUS_OK;
}

static bool
shows_acts_alone(uint64_t type)
{
	const struct message_info *info = message_info(type);

	return info != NULL && info->categories == CATEGORY_BIT(CATEGORY_ACT);
}

/* Two parties answer each other in turn, back to the message that cites a ground or needs none. */
static enum status
check_reply(
    struct audit_grounds *grounds, const struct envelope_recipient *to, enum status *why)
{
	struct bytes from = to->party, by = grounds->header->sender, turned;
	struct envelope_recipient entry = *to;
	struct audit_citation cited;
	uint64_t stop;
	bool own;
	enum status rc;

	*why = bytes_equal(to->reply_sender, to->party) ? STATUS_OK : STATUS_UNKNOWN_REPLY;
	while (*why == STATUS_OK && entry.basis == BASIS_REPLY) {
		if (grounds->hops++ == POLICY_REPLIES_MAX) {
			*why = STATUS_NO_BASIS;
			return STATUS_OK;
		}
		rc = find_entry(grounds, from, by, entry.reply_id, &entry, why);
		if (rc != STATUS_OK)
			return rc;
		turned = from;
		from = by;
		by = turned;
	}
	if (*why == STATUS_OK && !cites(&entry) && !shows_acts_alone(grounds->header->type))
		*why = STATUS_NO_BASIS;
	if (*why != STATUS_OK || !cites(&entry))
		return STATUS_OK;
	cited = (struct audit_citation){entry.reference, by, from, entry.basis};
	rc = audit_store_noted_reference(grounds->store, &cited, &own, &stop);
	if (rc == STATUS_OK && stop != AUDIT_NEVER)
		*why = STATUS_STOPPED;
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

enum status
audit_grounds_check(struct audit_grounds *grounds, uint32_t i, enum status *why)
{
	const struct envelope_recipient *to = &grounds->header->recipients[i];

	*why = STATUS_OK;
	if (to->basis == BASIS_REPLY)
		return check_reply(grounds, to, why);
	return cites(to) ? check_own(grounds, to, why) : STATUS_OK;
}
