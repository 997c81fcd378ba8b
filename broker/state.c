/* broker/state.c: STATE: whether a statement enters the log, and how many of a party may in a day. */
#include "broker/state.h"

#include <string.h>

/* Statements have no id of their own: the hash stands in for one, below a sender that no
 * institution can be. */
#define STATEMENTS "*statement"

/* How many keys a party may state within a day: far more than rotation asks for. */
static const struct quota {
	enum statement_kind kind;
	enum key_purpose purpose;
	uint64_t a_day;
} quotas[] = {
    {STATEMENT_SEALING_EPOCH, KEY_SEALING, 3},
    {STATEMENT_SIGNING_KEY, KEY_SIGNING, 2},
    {STATEMENT_TRANSPORT_KEY, KEY_TRANSPORT, 2},
};

static bool
is_signed_by_party(const struct signed_statement *statement)
{
	for (uint32_t i = 0; i < statement->signature_count; i++)
		if (statement->signatures[i].signer == SIGNER_PARTY)
			return true;
	return false;
}

/* The log itself tells, so a restart forgets nothing: when was the A_DAY-th key before stated? */
static enum status
check_quota(struct journal *journal, const struct quota *quota, struct bytes code)
{
	const struct directory *directory = journal_directory(journal);
	const struct party *party = directory_party(directory, code);
	uint64_t count, index;
	struct bytes view;
	struct leaf leaf;
	enum status rc;

	if (party == NULL)
		return STATUS_OK;
	count = directory_epochs(directory, party, quota->purpose);
	if (count < quota->a_day || !directory_stated(directory, party, quota->purpose,
					count - quota->a_day + 1, &index))
		return STATUS_OK;
	/* It came with the admission, of which there is one. */
	if (index == party->admitted_index)
		return STATUS_OK;
	if ((rc = journal_leaf(journal, index, &view)) != STATUS_OK)
		return rc;
	if (leaf_parse(view, &leaf) != STATUS_OK)
		return STATUS_DATABASE;
	return journal_time(journal) - leaf.time_ms < STATE_DAY_MS ? STATUS_RATE_LIMITED
	                                                           : STATUS_OK;
}

static enum status
check_quotas(struct journal *journal, const struct signed_statement *signed_statement)
{
	struct statement statement;
	enum status rc;

	if ((rc = statement_parse(signed_statement->view, &statement)) != STATUS_OK)
		return rc;
	if (!is_signed_by_party(signed_statement))
		return STATUS_OK;
	for (size_t i = 0; i < sizeof(quotas) / sizeof(quotas[0]); i++)
		if (quotas[i].kind == statement.kind)
			return check_quota(journal, &quotas[i], statement.party);
	return STATUS_OK;
}

/* Everything that decides over a new statement; nothing is written yet. */
static enum status
check(struct intake *in, const struct peer *peer, const struct signed_statement *statement,
    struct refusal *why)
{
	struct journal *journal = in->journal;
	enum status rc;

	if ((rc = journal_accepts(journal)) != STATUS_OK)
		return rc;
	if (!allowance_spend(in->allowances, peer->party, journal_boot(journal), STATE_COST))
		return STATUS_RATE_LIMITED;
	rc = directory_check(
	    journal_directory(journal), statement, journal_time(journal), &why->detail);
	if (rc == STATUS_OK && (rc = check_quotas(journal, statement)) == STATUS_RATE_LIMITED)
		why->detail = "the party stated as many keys as it may within a day";
	return rc;
}

static void
stated(struct intake *in, const struct peer *peer, const struct frame *frame, uint64_t index)
{
	answers_add(&in->answers, peer, COMMAND_STATED, frame->request)->number[0] = index;
}

enum status
state_take(
    struct intake *in, const struct peer *peer, const struct frame *frame, struct refusal *why)
{
	const struct bytes sender = bytes_of_text(STATEMENTS);
	struct store *store = journal_store(in->journal);
	struct store_message known, message = {0};
	struct frame_state state;
	struct signed_statement statement;
	enum status rc;

	if ((rc = frame_read_state(frame->body, &state)) != STATUS_OK)
		return rc;
	suite_hash("saikne-v1-stated", &state.statement, 1, message.digest);
	memcpy(why->digest, message.digest, sizeof(why->digest));
	why->has_digest = true;
	rc = store->do_->message_get(store, sender, message.digest, &known);
	if (rc == STATUS_OK &&
	    memcmp(known.digest, message.digest, sizeof(known.digest)) == 0) {
		stated(in, peer, frame, known.index);
		return STATUS_OK;
	}
	if (rc != STATUS_NOT_FOUND)
		return rc == STATUS_OK ? STATUS_ID_CONFLICT : rc;
	statement.view = state.statement;
	statement.signature_count = state.signature_count;
	memcpy(statement.signatures, state.signatures, sizeof(statement.signatures));
	if ((rc = check(in, peer, &statement, why)) != STATUS_OK)
		return rc;
	message.index = journal_state(in->journal, &statement);
	store = journal_writing(in->journal);
	journal_must(store->do_->message_put(store, sender, message.digest, &message),
	    "store a statement's hash");
	stated(in, peer, frame, message.index);
	return STATUS_OK;
}
