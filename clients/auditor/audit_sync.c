/* clients/auditor/audit_sync.c: fetches what is new in the log and proves every entry of it. */
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/auditor/audit.h"
#include "clients/auditor/audit_open.h"
#include "clients/auditor/audit_progress.h"
#include "protocol/host/clock.h"
#include "protocol/host/keyfile.h"
#include "protocol/host/lang.h"
#include "protocol/host/link.h"

#define CONNECT_MS 15000
#define QUIET_MS   1000 /* after which whoever waits is told why */
#define ANSWER_MS  30000
/* The broker bounds how much it reads for one peer: how long, and how often, to wait for more. */
#define PAUSE_MS   250
#define PAUSES_MAX 480

struct sync {
	struct network network;
	struct box_key *transport;
	struct audit_store *store;
	struct directory *directory;
	struct logview view;
	struct link *link;
	struct tree *tree;
	uint64_t had;   /* entries before */
	uint64_t known; /* the size of the checkpoint kept before */
	bool gap;       /* the copy lacks the entry below, */
	uint64_t lacks; /* though it has later ones */
	enum status rc; /* of what was stored in an event */
	struct buffer frame, page;
	struct frame_entries_page entries;
};

/* ---- What the link tells ----------------------------------------------------------------- */

static void
keep(struct sync *sync, enum status rc)
{
	if (rc == STATUS_OK)
		rc = audit_store_commit(sync->store);
	else
		audit_store_rollback(sync->store);
	if (sync->rc == STATUS_OK)
		sync->rc = rc;
}

static void
on_checkpoint(void *state, struct bytes note)
{
	struct sync *sync = state;

	if ((sync->rc = audit_store_begin(sync->store)) == STATUS_OK)
		keep(sync, audit_store_add_checkpoint(
			       sync->store, sync->view.trusted.size, note, clock_now_ms()));
}

static void
on_forked(void *state, struct bytes known, struct bytes other)
{
	struct sync *sync = state;

	if ((sync->rc = audit_store_begin(sync->store)) == STATUS_OK)
		keep(sync,
		    audit_store_add_contradiction(sync->store, known, other, clock_now_ms()));
}

/* ---- Entries ----------------------------------------------------------------------------- */

/* Asks what is in SYNC->FRAME, again while the broker wants it slower. */
static enum status
ask(struct sync *sync, uint32_t request, enum command expected, struct frame *answer)
{
	enum status rc;

	for (unsigned pauses = 0;; pauses++) {
		rc = link_ask(
		    sync->link, bytes_of_buffer(&sync->frame), request, ANSWER_MS, answer);
		if (rc != STATUS_RATE_LIMITED || pauses == PAUSES_MAX)
			break;
		poll(NULL, 0, PAUSE_MS);
	}
	return rc == STATUS_OK && answer->command != expected ? STATUS_MALFORMED : rc;
}

static enum status
ask_entries(struct sync *sync, uint64_t from, uint64_t count)
{
	const uint64_t numbers[2] = {from, count};
	const uint32_t request = link_request(sync->link);
	struct frame answer;
	enum status rc;

	frame_numbers(COMMAND_ENTRIES, request, numbers, 2, &sync->frame);
	if ((rc = ask(sync, request, COMMAND_ENTRIES_PAGE, &answer)) != STATUS_OK)
		return rc;
	/* The next question takes the answer's place, and the page is used after it. */
	buffer_reset(&sync->page);
	buffer_append(&sync->page, answer.body);
	if (sync->page.failed)
		return STATUS_NO_MEMORY;
	rc = frame_read_entries_page(bytes_of_buffer(&sync->page), &sync->entries);
	if (rc == STATUS_OK && (sync->entries.from != from || sync->entries.count == 0 ||
				   sync->entries.count > count))
		rc = STATUS_MALFORMED;
	return rc;
}

/* The entries up to the tree's present size must lead to the trusted checkpoint. */
static enum status
prove(struct sync *sync)
{
	const struct checkpoint trusted = sync->view.trusted;
	const uint64_t numbers[2] = {tree_size(sync->tree), trusted.size};
	struct frame_consistency_page page;
	const uint32_t request = link_request(sync->link);
	struct merkle_hash root;
	struct frame answer;
	enum status rc;

	if ((rc = tree_root(sync->tree, numbers[0], &root)) != STATUS_OK)
		return rc;
	if (numbers[0] == numbers[1])
		return suite_equal(root.byte, trusted.root.byte, sizeof(root.byte))
		           ? STATUS_OK
		           : STATUS_BAD_PROOF;
	frame_numbers(COMMAND_CONSISTENCY, request, numbers, 2, &sync->frame);
	if ((rc = ask(sync, request, COMMAND_CONSISTENCY_PAGE, &answer)) != STATUS_OK)
		return rc;
	if ((rc = frame_read_consistency_page(answer.body, &page)) != STATUS_OK)
		return rc;
	rc = merkle_check_consistency(
	    numbers[0], &root, trusted.size, &trusted.root, &page.path);
	/* The entries are the broker's, no signed checkpoint: no two of these contradict. */
	return rc == STATUS_OK ? STATUS_OK : STATUS_BAD_PROOF;
}

static enum status
hash_page(struct sync *sync)
{
	enum status rc = STATUS_OK;

	for (uint32_t i = 0; i < sync->entries.count && rc == STATUS_OK; i++) {
		struct frame_entry *entry = &sync->entries.entries[i];

		if (entry->leaf.data != NULL)
			merkle_leaf(entry->leaf, &entry->hash);
		rc = tree_append(sync->tree, &entry->hash);
	}
	return rc;
}

static enum status
store_page(struct sync *sync)
{
	enum status rc;

	if ((rc = audit_store_begin(sync->store)) != STATUS_OK)
		return rc;
	for (uint32_t i = 0; i < sync->entries.count && rc == STATUS_OK; i++) {
		const struct audit_entry entry = {.index = sync->entries.from + i,
		    .leaf = sync->entries.entries[i].leaf,
		    .hash = sync->entries.entries[i].hash};

		rc = audit_store_add(sync->store, &entry);
	}
	if (rc == STATUS_OK)
		rc = tree_flush(sync->tree);
	if (rc == STATUS_OK)
		return audit_store_commit(sync->store);
	audit_store_rollback(sync->store);
	return rc;
}

/* Nothing is stored that is not proven. */
static enum status
fetch(struct sync *sync)
{
	enum status rc = STATUS_OK;
	uint64_t have, left;

	audit_progress_start(_("fetching"));
	while (rc == STATUS_OK && sync->rc == STATUS_OK &&
	       (have = tree_size(sync->tree)) < sync->view.trusted.size) {
		left = sync->view.trusted.size - have;
		rc = ask_entries(
		    sync, have, left < FRAME_ENTRIES_MAX ? left : FRAME_ENTRIES_MAX);
		if (rc == STATUS_OK && (rc = hash_page(sync)) == STATUS_OK &&
		    (rc = prove(sync)) == STATUS_OK)
			rc = store_page(sync);
		audit_progress(tree_size(sync->tree), sync->view.trusted.size);
	}
	return rc != STATUS_OK ? rc : sync->rc;
}

/* ---- The session ------------------------------------------------------------------------- */

/* The auditor's own code: --code, or the file that saikne-admin request made. */
static bool
read_code(const struct audit_options *options, char out[static PARTY_MAX + 1])
{
	struct buffer text = {0};
	struct bytes code;
	char path[4096];
	bool found = false;

	if (options->code != NULL) {
		code = bytes_of_text(options->code);
	} else {
		if (snprintf(path, sizeof(path), "%s/party", options->keys) >=
			(int)sizeof(path) ||
		    keyfile_read(path, 256, &text) != STATUS_OK) {
			fprintf(stderr,
			    _("saikne-audit: %s/party is not there; name the auditor "
			      "with --code\n"),
			    options->keys);
			buffer_free(&text);
			return false;
		}
		code = bytes_of_buffer(&text);
		while (code.len > 0 && code.data[code.len - 1] == '\n')
			code.len--;
	}
	found = envelope_is_code(code) && bytes_to_text(code, out, PARTY_MAX + 1);
	if (!found)
		fprintf(stderr, _("saikne-audit: that is no institution's code\n"));
	buffer_free(&text);
	return found;
}

static enum status
open_copy(struct sync *sync, const struct audit_options *options)
{
	struct audit_checkpoint newest = {0};
	struct tree_tiles tiles;
	enum status rc;

	if ((rc = audit_store_open(options->log, true, &sync->store)) != STATUS_OK ||
	    (rc = audit_store_begin(sync->store)) != STATUS_OK)
		return rc;
	rc = audit_store_pin(sync->store, &sync->network);
	keep(sync, rc);
	if (rc != STATUS_OK || (rc = sync->rc) != STATUS_OK)
		return rc;
	rc = audit_store_checkpoint_to(sync->store, UINT64_MAX, &newest);
	sync->known = newest.size;
	if (rc == STATUS_OK || rc == STATUS_NOT_FOUND)
		rc = logview_open(
		    &sync->network.log, bytes_of_buffer(&newest.note), &sync->view);
	buffer_free(&newest.note);
	if (rc != STATUS_OK || (rc = audit_store_count(sync->store, &sync->had)) != STATUS_OK)
		return rc;
	if ((rc = audit_store_gap(sync->store, &sync->lacks)) != STATUS_NOT_FOUND) {
		sync->gap = rc == STATUS_OK;
		return sync->gap ? STATUS_NO_SUCH_ENTRY : rc;
	}
	tiles = audit_store_tiles(sync->store);
	if ((rc = tree_open(&tiles, sync->had, &sync->tree)) != STATUS_OK)
		return rc;
	return audit_open_directory(sync->store, &sync->network, UINT64_MAX, &sync->directory);
}

static enum status
connect_link(struct sync *sync, const char *code)
{
	const struct link_events events = {
	    .state = sync, .checkpoint = on_checkpoint, .forked = on_forked};
	struct link_config config = {
	    .network = &sync->network,
	    .transport = sync->transport,
	    .software = "saikne-audit 0.1",
	    .directory = sync->directory,
	    .view = &sync->view,
	};
	enum status rc;

	memcpy(config.party, code, sizeof(config.party));
	if ((rc = link_open(&config, &events, &sync->link)) != STATUS_OK)
		return rc;
	if ((rc = link_wait_ready(sync->link, QUIET_MS)) != STATUS_AGAIN)
		return rc;
	fprintf(
	    stderr, _("saikne-audit: waiting for the broker at %s\n"), sync->network.broker);
	return link_wait_ready(sync->link, CONNECT_MS - QUIET_MS);
}

static void
report(const struct sync *sync)
{
	const uint64_t size = tree_size(sync->tree);
	struct buffer key = {0};

	note_key_format(&sync->network.log, &key);
	printf(_("The log of %s has %" PRIu64 " entries; %" PRIu64 " are new in this copy.\n"),
	    sync->network.id, size, size - sync->had);
	if (sync->known > 0)
		printf(_("Its checkpoint is proven to extend the one of %" PRIu64
			 " entries kept before.\n"),
		    sync->known);
	printf(_("Every new entry was hashed here, and the whole gives the root signed by\n  "
		 "%.*s\n"
		 "Signatures and rules of the entries are checked by: saikne-audit verify\n"),
	    (int)key.len, (const char *)key.data);
	buffer_free(&key);
}

static enum audit_exit
tell(const struct sync *sync, enum status rc)
{
	if (sync->gap) {
		fprintf(stderr,
		    _("saikne-audit: this copy lacks entry %" PRIu64
		      ": it was changed; make a new copy with another --log\n"),
		    sync->lacks);
		return AUDIT_FAILED;
	}
	switch ((int)rc) {
	case STATUS_OK:
		report(sync);
		return AUDIT_OK;
	case STATUS_AGAIN:
	case STATUS_NOT_READY:
		fprintf(stderr,
		    _("saikne-audit: the broker at %s does not answer; a wrong broker_key in "
		      "network.conf looks the same\n"),
		    sync->network.broker);
		return AUDIT_OFFLINE;
	case STATUS_FORKED_LOG:
		fprintf(stderr,
		    _("saikne-audit: NOT VERIFIED: the broker shows another log than before.\n"
		      "Both signed checkpoints are kept in the copy: they prove it to "
		      "anyone.\n"));
		return AUDIT_FAILED;
	case STATUS_NO_SUCH_ENTRY:
		fprintf(stderr,
		    _("saikne-audit: NOT VERIFIED: the broker's log is shorter than the "
		      "%" PRIu64
		      " entries of this copy,\nwhich its key signed: it was set back "
		      "to an older state, or is another broker.\nKeep this copy and tell every "
		      "auditor.\n"),
		    sync->known);
		return AUDIT_FAILED;
	case STATUS_BAD_PROOF:
		fprintf(stderr,
		    _("saikne-audit: NOT VERIFIED: the entries that the broker gave from "
		      "%" PRIu64
		      " on do not lead to the\ncheckpoint it signed; they were not stored.\n"),
		    tree_size(sync->tree));
		return AUDIT_FAILED;
	case STATUS_WRONG_NETWORK:
		fprintf(
		    stderr, _("saikne-audit: this copy is of another network or log key\n"));
		return AUDIT_FAILED;
	default:
		audit_open_failed(_("sync"), rc);
		return AUDIT_FAILED;
	}
}

enum audit_exit
audit_sync(const struct audit_options *options)
{
	struct sync *sync = calloc(1, sizeof(*sync));
	enum audit_exit out = AUDIT_FAILED;
	char code[PARTY_MAX + 1], path[4096];
	enum status rc = STATUS_TOO_LARGE;

	if (sync == NULL) {
		audit_open_failed(_("sync"), STATUS_NO_MEMORY);
		return AUDIT_FAILED;
	}
	if (!audit_open_network(options->network, &sync->network) || !read_code(options, code))
		goto out;
	if (snprintf(path, sizeof(path), "%s/transport.key", options->keys) < (int)sizeof(path))
		rc = keyfile_load_box(path, "transport", &sync->transport);
	if (rc == STATUS_OK)
		rc = open_copy(sync, options);
	if (rc == STATUS_OK)
		rc = connect_link(sync, code);
	if (rc == STATUS_OK)
		rc = fetch(sync);
	out = tell(sync, rc);
out:
	link_close(sync->link);
	tree_close(sync->tree);
	directory_free(sync->directory);
	logview_close(&sync->view);
	audit_store_close(sync->store);
	suite_secret_free(sync->transport);
	buffer_free(&sync->frame);
	buffer_free(&sync->page);
	free(sync);
	return out;
}
