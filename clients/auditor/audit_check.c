/* clients/auditor/audit_check.c: checks a whole copy of the log, trusting only network.conf. */
#include "clients/auditor/audit_check.h"

#include <stdlib.h>
#include <string.h>

#include "clients/auditor/audit_grounds.h"
#include "protocol/proof/checkpoint.h"
#include "protocol/trust/policy.h"

#define TOLERANCE_MS (5ULL * 60 * 1000)
#define PROGRESS     1024 /* entries between two reports of progress */

/* The root of all leaves so far: the roots of its complete subtrees, the largest first. */
struct peaks {
	uint64_t size;
	struct merkle_hash hash[MERKLE_PATH_MAX];
};

struct check {
	struct audit_store *store;
	const struct network *network;
	audit_progress_fn *progress;
	struct directory *directory;
	struct batch_cache *cache;
	struct peaks peaks;
	struct audit_checkpoint
	    next; /* the next kept checkpoint; its size is 0 after the last */
	uint64_t total;
	bool broken_off;     /* an entry is missing, and without it the rest shows nothing */
	uint64_t time_ms;    /* of the entry before */
	struct buffer other; /* the message that evidence is about, or a reply answers */
	struct audit_report report;
};

#define AUDIT_FINDING_TEXT(name, text) text,
static const char *const texts[] = {AUDIT_FINDINGS(AUDIT_FINDING_TEXT)};
#undef AUDIT_FINDING_TEXT

const char *
audit_finding_text(enum audit_finding finding)
{
	return texts[finding];
}

static void
find(struct check *check, uint64_t index, enum audit_finding finding, enum status why)
{
	struct audit_report *report = &check->report;

	if (report->problem_count < AUDIT_PROBLEMS_MAX)
		report->problems[report->problem_count] =
		    (struct audit_problem){.index = index, .finding = finding, .why = why};
	report->problem_count++;
}

/* ---- The tree ---------------------------------------------------------------------------- */

/* One peak for each bit of the size that is set. */
static unsigned
peak_count(uint64_t size)
{
	return (unsigned)__builtin_popcountll(size);
}

static void
peaks_add(struct peaks *peaks, struct merkle_hash hash)
{
	unsigned count = peak_count(peaks->size);
	uint64_t size;

	for (size = peaks->size; (size & 1) != 0; size >>= 1)
		merkle_node(&peaks->hash[--count], &hash, &hash);
	peaks->hash[count] = hash;
	peaks->size++;
}

static struct merkle_hash
peaks_root(const struct peaks *peaks)
{
	unsigned count = peak_count(peaks->size);
	struct merkle_hash root;

	if (count == 0) {
		merkle_empty(&root);
		return root;
	}
	root = peaks->hash[--count];
	while (count > 0)
		merkle_node(&peaks->hash[--count], &root, &root);
	return root;
}

static enum status
next_checkpoint(struct check *check, uint64_t from)
{
	enum status rc = audit_store_checkpoint_from(check->store, from, &check->next);

	if (rc != STATUS_NOT_FOUND)
		return rc;
	check->next.size = 0;
	return STATUS_OK;
}

/* Every checkpoint ever kept must lie on the tree that the entries give. */
static enum status
check_root(struct check *check)
{
	const struct peaks *peaks = &check->peaks;
	struct checkpoint signed_head;
	struct merkle_hash root;
	enum status rc;

	if (check->next.size == 0 || check->next.size != peaks->size)
		return STATUS_OK;
	root = peaks_root(peaks);
	rc = checkpoint_open(
	    bytes_of_buffer(&check->next.note), &check->network->log, &signed_head);
	if (rc != STATUS_OK || signed_head.size != peaks->size) {
		find(check, peaks->size - 1, AUDIT_CHECKPOINT, rc);
	} else if (!suite_equal(signed_head.root.byte, root.byte, sizeof(root.byte))) {
		find(check, peaks->size - 1, AUDIT_ROOT, STATUS_OK);
	} else {
		check->report.checkpoints++;
		check->report.size = peaks->size;
	}
	return next_checkpoint(check, peaks->size + 1);
}

/* ---- Messages ---------------------------------------------------------------------------- */

/* The accepted message at INDEX, parsed from CHECK->OTHER; *HELD tells whether it could be. */
static enum status
read_message(struct check *check, uint64_t index, struct leaf *out, bool *held)
{
	struct audit_entry entry;
	enum status rc = audit_store_entry(check->store, index, &check->other, &entry);

	if (rc != STATUS_OK)
		return rc;
	if (!(*held = entry.leaf.data != NULL))
		return STATUS_OK;
	rc = leaf_parse(entry.leaf, out);
	return rc == STATUS_OK && out->kind != LEAF_ACCEPTED ? STATUS_NO_SUCH_ENTRY : rc;
}

static bool
went_to(const struct envelope_header *header, struct bytes party)
{
	for (uint32_t i = 0; i < header->recipient_count; i++)
		if (bytes_equal(header->recipients[i].party, party))
			return true;
	return false;
}

/* A failure of this machine, not of the log. */
static bool
is_ours(enum status rc)
{
	return rc == STATUS_NO_MEMORY || rc == STATUS_INTERNAL || rc >= STATUS_BAD_CONFIG;
}

/* What each recipient's entry rests on, by the log before it. */
static enum status
check_grounds(struct check *check, uint64_t index, const struct envelope_header *header)
{
	struct audit_grounds grounds = {check->store, &check->other, index, header, 0};
	enum status rc = STATUS_OK, why;

	for (uint32_t i = 0; i < header->recipient_count && rc == STATUS_OK; i++) {
		rc = audit_grounds_check(&grounds, i, &why);
		if (rc == STATUS_OK && why != STATUS_OK)
			find(check, index,
			    why == STATUS_FOREIGN_REFERENCE ? AUDIT_FOREIGN
			    : why == STATUS_STOPPED         ? AUDIT_STOPPED
							    : AUDIT_REPLY,
			    why);
	}
	return rc;
}

static enum status
check_accepted(struct check *check, uint64_t index, const struct leaf *leaf)
{
	const struct envelope_header *header = &leaf->header;
	uint8_t key[SUITE_SIGN_PUBLIC];
	uint64_t first;
	int recipient;
	enum status rc;

	rc = policy_check(check->directory, header, index, key, &recipient);
	if (rc == STATUS_WRONG_NETWORK)
		find(check, index, AUDIT_NETWORK, rc);
	else if (rc != STATUS_OK)
		find(check, index, AUDIT_RULES, rc);
	else if ((rc = batch_verify(leaf->digest, &leaf->proof, key, check->cache)) !=
		 STATUS_OK)
		find(check, index, AUDIT_SIGNATURE, rc);
	else
		check->report.signatures++;
	if (header->created_ms > leaf->time_ms &&
	    header->created_ms - leaf->time_ms > TOLERANCE_MS)
		find(check, index, AUDIT_AHEAD, STATUS_OK);
	if (header->expires_ms <= leaf->time_ms)
		find(check, index, AUDIT_OVERDUE, STATUS_OK);
	if ((rc = check_grounds(check, index, header)) != STATUS_OK)
		return rc;
	rc = audit_store_note_message(check->store, header->sender, header->id, index, &first);
	if (rc == STATUS_OK && first != index)
		find(check, index, AUDIT_DUPLICATE, STATUS_OK);
	return rc;
}

/* ---- Evidence ---------------------------------------------------------------------------- */

static void
check_signer(struct check *check, uint64_t index, const struct leaf *leaf)
{
	const struct evidence *evidence = &leaf->evidence;
	const struct party *party = directory_party(check->directory, evidence->recipient);
	uint8_t key[SUITE_SIGN_PUBLIC];
	enum status rc = STATUS_UNKNOWN_PARTY;

	if (party != NULL)
		rc = directory_signing_key(
		    check->directory, party, evidence->signing_epoch, index, key);
	if (rc == STATUS_OK)
		rc = batch_verify(leaf->digest, &leaf->proof, key, check->cache);
	if (rc != STATUS_OK)
		find(check, index, AUDIT_EVIDENCE_SIGNATURE, rc);
	else
		check->report.signatures++;
}

/* What the broker says by itself, as far as others than the broker can know it. */
static void
check_broker(struct check *check, uint64_t index, const struct leaf *leaf,
    const struct envelope_header *message)
{
	const struct evidence *evidence = &leaf->evidence;
	const struct party *party = directory_party(check->directory, evidence->recipient);

	if (evidence->kind == EVIDENCE_EXPIRED) {
		if (leaf->time_ms < message->expires_ms)
			find(check, index, AUDIT_EARLY, STATUS_OK);
	} else if (evidence->reason != STATUS_SUSPENDED) {
		check->report.broker_word++;
	} else if (party != NULL && directory_active_at(check->directory, party, index)) {
		find(check, index, AUDIT_UNFOUNDED, evidence->reason);
	}
}

static bool
fits(const struct evidence *evidence, const struct leaf *message)
{
	return bytes_equal(evidence->sender, message->header.sender) &&
	       suite_equal(evidence->id, message->header.id, sizeof(evidence->id)) &&
	       suite_equal(evidence->digest, message->digest, sizeof(evidence->digest));
}

static enum status
check_evidence(struct check *check, uint64_t index, const struct leaf *leaf)
{
	const struct evidence *evidence = &leaf->evidence;
	struct leaf message;
	uint64_t first = index;
	bool held = false;
	enum status rc = STATUS_NO_SUCH_ENTRY;

	check->report.evidence[evidence->kind]++;
	if (!bytes_is_text(evidence->network, check->network->id))
		find(check, index, AUDIT_NETWORK, STATUS_WRONG_NETWORK);
	if (leaf->kind == LEAF_EVIDENCE)
		check_signer(check, index, leaf);
	if (evidence->index < index)
		rc = read_message(check, evidence->index, &message, &held);
	if (rc == STATUS_OK && !held) {
		check->report.not_compared++;
		return STATUS_OK;
	}
	/* What is there but is no message was found wanting in its own place. */
	if (rc != STATUS_OK) {
		find(check, index, AUDIT_NO_MESSAGE, STATUS_OK);
		return is_ours(rc) ? rc : STATUS_OK;
	}
	if (!fits(evidence, &message))
		find(check, index, AUDIT_MISMATCH, STATUS_OK);
	if (!went_to(&message.header, evidence->recipient))
		find(check, index, AUDIT_NOT_RECIPIENT, STATUS_OK);
	if (leaf->kind == LEAF_BROKER_EVIDENCE)
		check_broker(check, index, leaf, &message.header);
	if (!evidence_is_final(evidence->kind))
		return STATUS_OK;
	rc = audit_store_note_final(
	    check->store, evidence->index, evidence->recipient, index, &first);
	if (rc == STATUS_OK && first != index)
		find(check, index, AUDIT_SECOND_FINAL, STATUS_OK);
	return rc;
}

/* ---- The directory ----------------------------------------------------------------------- */

static void
check_founding(struct check *check, uint64_t index)
{
	const struct network *network = check->network;
	uint8_t transport[SUITE_BOX_PUBLIC], log_key[SUITE_SIGN_PUBLIC];
	const char *log_name;

	if (directory_length(check->directory) != 1 ||
	    !directory_broker(check->directory, transport, &log_name, log_key))
		return;
	if (strcmp(log_name, network->log.name) != 0 ||
	    !suite_equal(log_key, network->log.public, sizeof(log_key)) ||
	    !suite_equal(transport, network->broker_key, sizeof(transport)))
		find(check, index, AUDIT_BROKER, STATUS_OK);
}

static enum status
check_statement(struct check *check, uint64_t index, const struct leaf *leaf)
{
	struct signed_statement statement = {
	    .view = leaf->body, .signature_count = leaf->signature_count};
	const char *detail;
	enum status rc;

	memcpy(statement.signatures, leaf->signatures, sizeof(statement.signatures));
	rc = directory_apply(check->directory, index, &statement, leaf->time_ms, &detail);
	if (rc == STATUS_NO_MEMORY)
		return rc;
	if (rc != STATUS_OK)
		find(check, index, AUDIT_STATEMENT, rc);
	else
		check_founding(check, index);
	return STATUS_OK;
}

/* ---- Entries ----------------------------------------------------------------------------- */

static enum status
check_party(struct check *check, uint64_t index, const struct leaf *leaf)
{
	if (directory_party(check->directory, leaf->party) == NULL)
		find(check, index, AUDIT_STRANGER, STATUS_UNKNOWN_PARTY);
	return STATUS_OK;
}

static enum status
check_nothing(struct check *check, uint64_t index, const struct leaf *leaf)
{
	(void)check;
	(void)index;
	(void)leaf;
	return STATUS_OK; /* of the clock there is nobody else to ask */
}

static enum status (*const checks[AUDIT_KINDS])(
    struct check *check, uint64_t index, const struct leaf *leaf) = {
    [LEAF_ACCEPTED] = check_accepted,
    [LEAF_EVIDENCE] = check_evidence,
    [LEAF_BROKER_EVIDENCE] = check_evidence,
    [LEAF_REFUSED] = check_party,
    [LEAF_STATEMENT] = check_statement,
    [LEAF_ACCESS] = check_party,
    [LEAF_CLOCK] = check_nothing,
};

static enum status
check_leaf(struct check *check, uint64_t index, struct bytes view)
{
	struct audit_report *report = &check->report;
	struct leaf leaf;
	enum status rc;

	if ((rc = leaf_parse(view, &leaf)) != STATUS_OK) {
		find(check, index, AUDIT_FORM, rc);
		return STATUS_OK;
	}
	report->kinds[leaf.kind]++;
	if (report->first_ms == 0)
		report->first_ms = leaf.time_ms;
	if (leaf.time_ms < check->time_ms)
		find(check, index, AUDIT_BACKDATED, STATUS_OK);
	check->time_ms = report->last_ms = leaf.time_ms;
	return checks[leaf.kind](check, index, &leaf);
}

static enum status
check_entry(void *state, const struct audit_entry *entry)
{
	struct check *check = state;
	struct merkle_hash hash = entry->hash;
	enum status rc;
	bool same;

	if (entry->index != check->peaks.size) {
		find(check, check->peaks.size, AUDIT_MISSING, STATUS_OK);
		check->broken_off = true;
		return STATUS_NO_SUCH_ENTRY;
	}
	/* The leaf counts, not the hash noted beside it. */
	if (entry->leaf.data != NULL)
		merkle_leaf(entry->leaf, &hash);
	if (!suite_equal(hash.byte, entry->hash.byte, sizeof(hash.byte)))
		find(check, entry->index, AUDIT_CHANGED, STATUS_OK);
	peaks_add(&check->peaks, hash);
	check->report.entries++;
	rc = audit_store_check_index(check->store, entry->index, entry->leaf, &same);
	if (rc != STATUS_OK)
		return rc;
	if (!same)
		find(check, entry->index, AUDIT_INDEX, STATUS_OK);
	if (entry->leaf.data == NULL)
		check->report.not_held++;
	else
		rc = check_leaf(check, entry->index, entry->leaf);
	if (rc == STATUS_OK)
		rc = check_root(check);
	if (check->progress != NULL && check->peaks.size % PROGRESS == 0)
		check->progress(check->peaks.size, check->total);
	return rc;
}

static enum status
check_entries(struct check *check)
{
	const struct audit_walk walk = {.state = check, .entry = check_entry};
	uint64_t left;
	enum status rc = audit_store_walk(check->store, &walk);

	if (check->broken_off)
		return STATUS_OK;
	if (rc != STATUS_OK)
		return rc;
	rc = audit_store_index_left(check->store, &left);
	if (rc == STATUS_OK)
		find(check, left, AUDIT_INDEX, STATUS_OK);
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

static enum status
run(struct check *check)
{
	uint64_t forks = 0;
	enum status rc;

	if ((rc = audit_store_count(check->store, &check->total)) != STATUS_OK ||
	    (rc = audit_store_contradictions(check->store, &forks)) != STATUS_OK ||
	    (rc = next_checkpoint(check, 1)) != STATUS_OK)
		return rc;
	/* What is noted on the way is forgotten with this transaction. */
	if ((rc = audit_store_begin(check->store)) != STATUS_OK)
		return rc;
	rc = check_entries(check);
	audit_store_rollback(check->store);
	if (rc == STATUS_OK && check->report.problem_count == 0) {
		if (check->report.size < check->report.entries)
			find(check, check->report.entries - 1, AUDIT_SHORT, STATUS_OK);
		else if (check->next.size > 0)
			find(check, check->report.entries, AUDIT_CUT, STATUS_OK);
	}
	if (rc == STATUS_OK && forks > 0)
		find(check, check->report.entries, AUDIT_FORKED, STATUS_FORKED_LOG);
	check->report.statements = directory_length(check->directory);
	while (directory_at(check->directory, (unsigned)check->report.parties) != NULL)
		check->report.parties++;
	return rc;
}

enum status
audit_check(struct audit_store *store, const struct network *network,
    audit_progress_fn *progress, struct audit_report *out)
{
	struct check *check;
	enum status rc = STATUS_NO_MEMORY;

	if ((check = calloc(1, sizeof(*check))) == NULL)
		return STATUS_NO_MEMORY;
	check->store = store;
	check->network = network;
	check->progress = progress;
	if ((check->cache = calloc(1, sizeof(*check->cache))) != NULL)
		rc = directory_create(network->id, network->root, &check->directory);
	if (rc == STATUS_OK && (rc = run(check)) == STATUS_OK)
		*out = check->report;
	directory_free(check->directory);
	buffer_free(&check->next.note);
	buffer_free(&check->other);
	free(check->cache);
	free(check);
	return rc;
}
