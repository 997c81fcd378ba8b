/* protocol/host/link_directory.c: fetches directory statements, proves and folds them. */
#include "protocol/host/link_directory.h"

#include <string.h>

void
link_directory_reset(struct link_directory *d)
{
	d->announced = 0;
	d->waiting = false;
	buffer_reset(&d->page);
}

void
link_directory_free(struct link_directory *d)
{
	buffer_free(&d->page);
}

void
link_directory_announce(struct link_directory *d, uint64_t length)
{
	if (length > d->announced)
		d->announced = length;
}

bool
link_directory_is_behind(const struct link_directory *d)
{
	return directory_length(d->directory) < d->announced;
}

enum status
link_directory_check(const struct link_directory *d, const char **detail)
{
	uint8_t transport[SUITE_BOX_PUBLIC], log_key[SUITE_SIGN_PUBLIC];
	const char *log_name;

	if (!directory_broker(d->directory, transport, &log_name, log_key))
		return STATUS_OK;
	*detail = "the directory names another broker or log than network.conf";
	if (strcmp(log_name, d->network->log.name) != 0 ||
	    !suite_equal(transport, d->network->broker_key, sizeof(transport)) ||
	    !suite_equal(log_key, d->network->log.public, sizeof(log_key)))
		return STATUS_BAD_CONFIG;
	return STATUS_OK;
}

static enum status
fold_one(struct link_directory *d, const struct frame_proven *entry,
    const struct checkpoint *checkpoint, const char **detail)
{
	struct merkle_hash hash;
	struct signed_statement statement;
	struct leaf leaf;
	enum status rc;

	merkle_leaf(entry->leaf, &hash);
	*detail = "a directory statement is not proven to be in the log";
	rc = merkle_check_inclusion(
	    &hash, entry->index, checkpoint->size, &entry->path, &checkpoint->root);
	if (rc != STATUS_OK)
		return rc;
	*detail = "a directory entry is not a statement";
	if ((rc = leaf_parse(entry->leaf, &leaf)) != STATUS_OK)
		return rc;
	if (leaf.kind != LEAF_STATEMENT)
		return STATUS_BAD_STATEMENT;
	statement.view = leaf.body;
	statement.signature_count = leaf.signature_count;
	memcpy(statement.signatures, leaf.signatures, sizeof(statement.signatures));
	*detail = "a directory statement does not follow";
	rc = directory_apply(d->directory, entry->index, &statement, leaf.time_ms, detail);
	if (rc == STATUS_OK && d->statement != NULL)
		d->statement(d->state, entry->index, entry->leaf);
	return rc;
}

static enum status
fold(struct link_directory *d, const struct checkpoint *checkpoint, const char **detail)
{
	const struct frame_directory_page *page = &d->parsed;
	enum status rc;
	uint32_t i;

	for (i = 0; i < page->count; i++) {
		if (i > 0 && page->entries[i].index <= page->entries[i - 1].index) {
			*detail = "directory statements are not in the log's order";
			return STATUS_BAD_STATEMENT;
		}
		if ((rc = fold_one(d, &page->entries[i], checkpoint, detail)) != STATUS_OK)
			return rc;
	}
	link_directory_announce(d, page->length);
	return link_directory_check(d, detail);
}

/* Reads a page and checks that it goes on where our directory ends. */
static enum status
read_page(struct link_directory *d, struct bytes body, const char **detail)
{
	const uint64_t have = directory_length(d->directory);
	const struct frame_directory_page *page = &d->parsed;
	enum status rc;

	*detail = "a directory page is not of its form";
	if ((rc = frame_read_directory_page(body, &d->parsed)) != STATUS_OK)
		return rc;
	*detail = "a directory page does not continue ours";
	if (page->from != have || page->length < have || page->length - have < page->count ||
	    (page->count == 0 && have < d->announced))
		return STATUS_BAD_STATEMENT;
	return STATUS_OK;
}

enum status
link_directory_page(struct link_directory *d, struct bytes body, const char **detail)
{
	struct checkpoint found;
	enum status rc;

	d->waiting = false;
	if ((rc = read_page(d, body, detail)) != STATUS_OK)
		return rc;
	*detail = "a directory page's checkpoint does not fit";
	if ((rc = link_view_note(d->view, d->parsed.checkpoint, &found)) != STATUS_OK)
		return rc;
	if (!link_view_waits(d->view, found.size))
		return fold(d, &found, detail);
	buffer_reset(&d->page);
	buffer_append(&d->page, body);
	d->page_size = found.size;
	d->waiting = !d->page.failed;
	return d->waiting ? STATUS_OK : STATUS_NO_MEMORY;
}

enum status
link_directory_resume(
    struct link_directory *d, const struct checkpoint *proven, const char **detail)
{
	enum status rc;

	if (!d->waiting)
		return STATUS_OK;
	if (proven->size != d->page_size) {
		/* One that gave way to others is never proven: the page is asked for again. */
		d->waiting = link_view_waits(d->view, d->page_size);
		return STATUS_OK;
	}
	d->waiting = false;
	/* From bytes again: the parsed views died with the frame. */
	if ((rc = read_page(d, bytes_of_buffer(&d->page), detail)) != STATUS_OK)
		return rc;
	return fold(d, proven, detail);
}
