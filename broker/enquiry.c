/* broker/enquiry.c: what peers read: greetings, the directory, the log and its proofs. */
#include "broker/enquiry.h"

#include <stdlib.h>

/* ---- Asking ------------------------------------------------------------------------------ */

bool
enquiry_is_logged(const struct party *party)
{
	return party->group == GROUP_AUDITOR || party->group == GROUP_REGISTRAR;
}

/* A registrar past its certificate is like any party: it may still bring its renewal. */
static bool
reads_all(const struct journal *journal, const struct party *party)
{
	return party->group == GROUP_AUDITOR ||
	       (party->group == GROUP_REGISTRAR &&
		   journal_time(journal) <=
		       directory_registrar_until_ms(journal_directory(journal)));
}

static enum status
numbers_of(const struct frame *frame, uint64_t numbers[static 2])
{
	uint32_t count = 2;

	if (frame->command == COMMAND_DIRECTORY)
		count = 1;
	if (frame->command == COMMAND_CHECKPOINT || frame->command == COMMAND_PING)
		count = 0;
	numbers[0] = numbers[1] = 0;
	return frame_read_numbers(frame->body, numbers, count);
}

/* Everything is asked of the log as it was committed when the enquiry came. */
static enum status
check(struct journal *journal, enum command command, const uint64_t n[static 2])
{
	uint64_t size = journal_size(journal);

	if (command == COMMAND_PROOF && (n[1] > size || n[0] >= n[1]))
		return STATUS_NO_SUCH_ENTRY;
	if (command == COMMAND_CONSISTENCY && (n[1] > size || n[0] > n[1]))
		return STATUS_NO_SUCH_ENTRY;
	return STATUS_OK;
}

enum status
enquiry_take(struct intake *in, const struct peer *peer, const struct frame *frame)
{
	/* Each page is numbered right after its question. */
	const enum command page = (enum command)(frame->command + 1);
	struct answer *answer;
	uint64_t numbers[2], cost = 4096;
	enum status rc;

	if ((rc = numbers_of(frame, numbers)) != STATUS_OK ||
	    (rc = check(in->journal, frame->command, numbers)) != STATUS_OK)
		return rc;
	/* A page costs what it may weigh, before it is known what it does. */
	if (frame->command == COMMAND_DIRECTORY || frame->command == COMMAND_ENTRIES)
		cost = ENQUIRY_PAGE_BYTES;
	if (intake_reads_slowly(in, peer) ||
	    !allowance_spend(in->allowances, peer->party, journal_boot(in->journal), cost))
		return STATUS_RATE_LIMITED;
	answer = answers_add(&in->answers, peer, page, frame->request);
	answer->number[0] = numbers[0];
	answer->number[1] = numbers[1];
	return STATUS_OK;
}

/* ---- Answering --------------------------------------------------------------------------- */

static enum status
build_welcome(struct journal *journal, const struct answer *answer, struct buffer *out)
{
	struct frame_welcome welcome = {
	    .network = bytes_of_text(journal_network(journal)),
	    .time_ms = journal_time(journal),
	    .directory_length = journal_statements(journal),
	    .checkpoint = journal_checkpoint(journal),
	    .frame_max = FRAME_MAX,
	    .credit_max = FRAME_CREDIT_MAX,
	};
	enum status rc = journal_consistency(
	    journal, answer->number[0], journal_size(journal), &welcome.consistency);

	if (rc == STATUS_OK)
		frame_welcome(&welcome, answer->request, out);
	return rc;
}

/* The N-th statement into PAGE; the leaf's bytes go to LEAVES, its place in it to ENDS. */
static enum status
add_statement(struct journal *journal, uint64_t n, struct frame_directory_page *page,
    struct buffer *leaves)
{
	struct store *store = journal_store(journal);
	struct frame_proven *entry = &page->entries[page->count];
	struct bytes leaf;
	enum status rc;

	if ((rc = store->do_->statement_get(store, n, &entry->index)) != STATUS_OK ||
	    (rc = journal_leaf(journal, entry->index, &leaf)) != STATUS_OK ||
	    (rc = journal_path(journal, entry->index, journal_size(journal), &entry->path)) !=
		STATUS_OK)
		return rc;
	entry->leaf.len = leaf.len; /* its place follows when LEAVES no longer moves */
	buffer_append(leaves, leaf);
	page->count++;
	return leaves->failed ? STATUS_NO_MEMORY : STATUS_OK;
}

static enum status
build_directory(struct journal *journal, const struct answer *answer, struct buffer *out)
{
	struct frame_directory_page *page = calloc(1, sizeof(*page));
	struct buffer leaves = {0};
	size_t at = 0;
	enum status rc = STATUS_OK;

	if (page == NULL)
		return STATUS_NO_MEMORY;
	page->from = answer->number[0];
	page->length = journal_statements(journal);
	page->checkpoint = journal_checkpoint(journal);
	for (uint64_t n = page->from;
	     rc == STATUS_OK && n < page->length && page->count < FRAME_DIRECTORY_MAX &&
	     leaves.len < ENQUIRY_PAGE_BYTES;
	     n++)
		rc = add_statement(journal, n, page, &leaves);
	for (uint32_t i = 0; i < page->count; i++) {
		page->entries[i].leaf.data = leaves.data + at;
		at += page->entries[i].leaf.len;
	}
	if (rc == STATUS_OK)
		frame_directory_page(page, answer->request, out);
	buffer_free(&leaves);
	free(page);
	return rc;
}

/* The leaf for whom it concerns, its hash for others. */
static enum status
read_entry(
    struct journal *journal, uint64_t index, const struct party *party, struct frame_entry *out)
{
	struct leaf leaf;
	struct bytes view;
	enum status rc;

	*out = (struct frame_entry){0};
	if ((rc = journal_leaf(journal, index, &view)) != STATUS_OK)
		return rc;
	if (!reads_all(journal, party)) {
		if (leaf_parse(view, &leaf) != STATUS_OK)
			return STATUS_DATABASE;
		if (!leaf_concerns(&leaf, bytes_of_text(party->code))) {
			merkle_leaf(view, &out->hash);
			return STATUS_OK;
		}
	}
	out->leaf = view;
	return STATUS_OK;
}

static enum status
build_entries(struct journal *journal, const struct answer *answer, struct buffer *out)
{
	struct frame_entries_page *page = calloc(1, sizeof(*page));
	uint64_t from = answer->number[0], count = answer->number[1];
	uint64_t size = journal_size(journal);
	struct buffer leaves = {0};
	size_t at = 0;
	enum status rc = STATUS_OK;

	if (page == NULL)
		return STATUS_NO_MEMORY;
	page->from = from;
	while (rc == STATUS_OK && page->count < FRAME_ENTRIES_MAX && page->count < count &&
	       from < size && page->count < size - from && leaves.len < ENQUIRY_PAGE_BYTES) {
		struct frame_entry *entry = &page->entries[page->count];

		rc = read_entry(journal, from + page->count, answer->to.party, entry);
		if (rc == STATUS_OK)
			buffer_append(&leaves, entry->leaf);
		page->count++;
	}
	if (rc == STATUS_OK && leaves.failed)
		rc = STATUS_NO_MEMORY;
	/* The views move to where the bytes were kept. */
	for (uint32_t i = 0; rc == STATUS_OK && i < page->count; i++) {
		if (page->entries[i].leaf.data == NULL)
			continue;
		page->entries[i].leaf.data = leaves.data + at;
		at += page->entries[i].leaf.len;
	}
	if (rc == STATUS_OK)
		frame_entries_page(page, answer->request, out);
	buffer_free(&leaves);
	free(page);
	return rc;
}

static enum status
build_proof(struct journal *journal, const struct answer *answer, struct buffer *out)
{
	struct frame_proof_page page = {.index = answer->number[0], .size = answer->number[1]};
	enum status rc;

	if ((rc = journal_path(journal, page.index, page.size, &page.path)) != STATUS_OK ||
	    (rc = read_entry(journal, page.index, answer->to.party, &page.entry)) != STATUS_OK)
		return rc;
	frame_proof_page(&page, answer->request, out);
	return STATUS_OK;
}

static enum status
build_consistency(struct journal *journal, const struct answer *answer, struct buffer *out)
{
	struct frame_consistency_page page = {
	    .old_size = answer->number[0], .new_size = answer->number[1]};
	enum status rc = journal_consistency(journal, page.old_size, page.new_size, &page.path);

	if (rc == STATUS_OK)
		frame_consistency_page(&page, answer->request, out);
	return rc;
}

static enum status
build_checkpoint(struct journal *journal, const struct answer *answer, struct buffer *out)
{
	frame_checkpoint(journal_checkpoint(journal), answer->request, out);
	return STATUS_OK;
}

static enum status
build_pong(struct journal *journal, const struct answer *answer, struct buffer *out)
{
	const uint64_t now = journal_time(journal);

	frame_numbers(COMMAND_PONG, answer->request, &now, 1, out);
	return STATUS_OK;
}

enum status
enquiry_build(struct journal *journal, const struct answer *answer, struct buffer *out)
{
	static enum status (*const builders[])(
	    struct journal *, const struct answer *, struct buffer *) = {
	    [COMMAND_WELCOME] = build_welcome,
	    [COMMAND_DIRECTORY_PAGE] = build_directory,
	    [COMMAND_ENTRIES_PAGE] = build_entries,
	    [COMMAND_PROOF_PAGE] = build_proof,
	    [COMMAND_CONSISTENCY_PAGE] = build_consistency,
	    [COMMAND_CHECKPOINT_PAGE] = build_checkpoint,
	    [COMMAND_PONG] = build_pong,
	};

	if ((size_t)answer->command >= sizeof(builders) / sizeof(builders[0]) ||
	    builders[answer->command] == NULL)
		return STATUS_INTERNAL;
	return builders[answer->command](journal, answer, out);
}
