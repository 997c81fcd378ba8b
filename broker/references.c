/* broker/references.c: the grounds that messages cite: whose each is, for whom, and whether stopped. */
#include "broker/references.h"

#include <string.h>

#include "protocol/trust/policy.h"

static bool
cites(const struct envelope_recipient *to)
{
	return to->basis == BASIS_CONSENT || to->basis == BASIS_LAW;
}

/* ---- What is cited ----------------------------------------------------------------------- */

/* STATUS_NOT_FOUND: nobody cited it yet. */
static enum status
check_own(struct store *store, const struct envelope_header *header,
    const struct envelope_recipient *to)
{
	struct store_reference known;
	enum status rc = store->do_->reference_get(store, to->reference, &known);

	if (rc != STATUS_OK)
		return rc;
	if (!bytes_equal(known.maker, header->sender) ||
	    !bytes_equal(known.recipient, to->party) || known.basis != to->basis)
		return STATUS_FOREIGN_REFERENCE;
	return known.stop != STORE_NEVER ? STATUS_STOPPED : STATUS_OK;
}

/* ---- What is answered -------------------------------------------------------------------- */

/* The entry for RECIPIENT in the message ID of SENDER; its views live until the next leaf. */
static enum status
find_entry(struct intake *in, struct bytes sender, struct bytes recipient,
    const uint8_t id[static SUITE_ID_LEN], struct envelope_recipient *out)
{
	struct store *store = journal_store(in->journal);
	struct store_message answered;
	struct leaf leaf;
	enum status rc;

	rc = store->do_->message_get(store, sender, id, &answered);
	if (rc == STATUS_OK)
		rc = intake_leaf(in, answered.index, &leaf);
	/* What is not committed yet, nobody can have read to answer it. */
	if (rc == STATUS_NOT_FOUND || rc == STATUS_NO_SUCH_ENTRY)
		return STATUS_UNKNOWN_REPLY;
	if (rc != STATUS_OK)
		return rc;
	for (uint32_t i = 0; i < leaf.header.recipient_count; i++) {
		if (!bytes_equal(leaf.header.recipients[i].party, recipient))
			continue;
		*out = leaf.header.recipients[i];
		return STATUS_OK;
	}
	return STATUS_UNKNOWN_REPLY;
}

static bool
shows_acts_alone(uint64_t type)
{
	const struct message_info *info = message_info(type);

	return info != NULL && info->categories == CATEGORY_BIT(CATEGORY_ACT);
}

/*
 * Two parties answer each other in turn: from one to the other the chain leads to the message
 * that cites a ground, or to an act that needs none.
 */
static enum status
check_reply(struct intake *in, const struct envelope_header *header,
    const struct envelope_recipient *to, unsigned *hops, struct refusal *why)
{
	struct store *store = journal_store(in->journal);
	struct bytes from = to->party, by = header->sender, turned;
	struct envelope_recipient entry = *to;
	struct store_reference known;
	enum status rc;

	if (!bytes_equal(to->reply_sender, to->party))
		return STATUS_UNKNOWN_REPLY;
	while (entry.basis == BASIS_REPLY) {
		if ((*hops)++ == POLICY_REPLIES_MAX) {
			why->detail = "too many answers to answers before the ground";
			return STATUS_NO_BASIS;
		}
		if ((rc = find_entry(in, from, by, entry.reply_id, &entry)) != STATUS_OK)
			return rc;
		turned = from;
		from = by;
		by = turned;
	}
	/* Without a ground only acts may go, whatever they answer. */
	if (!cites(&entry))
		return shows_acts_alone(header->type) ? STATUS_OK : STATUS_NO_BASIS;
	rc = store->do_->reference_get(store, entry.reference, &known);
	if (rc != STATUS_OK)
		return rc == STATUS_NOT_FOUND ? STATUS_DATABASE : rc;
	return known.stop != STORE_NEVER ? STATUS_STOPPED : STATUS_OK;
}

/* ---- Every recipient --------------------------------------------------------------------- */

enum status
references_check(
    struct intake *in, const struct envelope_header *header, struct refusal *why, uint32_t *new)
{
	struct store *store = journal_store(in->journal);
	uint32_t unknown = 0;
	unsigned hops = 0;

	for (uint32_t i = 0; i < header->recipient_count; i++) {
		const struct envelope_recipient *to = &header->recipients[i];
		enum status rc = STATUS_OK;

		if (cites(to))
			rc = check_own(store, header, to);
		else if (to->basis == BASIS_REPLY)
			rc = check_reply(in, header, to, &hops, why);
		if (rc == STATUS_NOT_FOUND)
			unknown |= 1U << i;
		else if (rc != STATUS_OK) {
			why->recipient = (int)i;
			return rc;
		}
	}
	*new = unknown;
	return STATUS_OK;
}

void
references_enter(
    struct intake *in, const struct envelope_header *header, uint64_t index, uint32_t new)
{
	struct store *store = journal_writing(in->journal);
	const bool stops = header->type == MESSAGE_GROUND_STOP;

	for (uint32_t i = 0; i < header->recipient_count; i++) {
		const struct envelope_recipient *to = &header->recipients[i];
		const struct store_reference reference = {.maker = header->sender,
		    .recipient = to->party,
		    .basis = to->basis,
		    .first = index,
		    .stop = stops ? index : STORE_NEVER};

		if ((new >> i & 1) != 0)
			journal_must(
			    store->do_->reference_put(store, to->reference, &reference),
			    "store a reference");
		else if (stops)
			journal_must(store->do_->reference_stop(store, to->reference, index),
			    "stop a reference");
	}
}
