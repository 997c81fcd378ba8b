/* broker/genesis.c: the directory at the start: the first statements ever, or the log's. */
#include "broker/genesis.h"

#include <string.h>

#include "protocol/host/keyfile.h"
#include "protocol/host/oplog.h"

static enum status
log_file(struct journal *journal, const char *path, struct bytes file)
{
	struct directory *directory = journal_directory(journal);
	struct buffer scratch = {0};
	struct signed_statement statement;
	const char *detail = "";
	size_t at = 0;
	enum status rc;

	while ((rc = statement_file_next(file, &at, &scratch, &statement)) == STATUS_OK) {
		rc = directory_check(directory, &statement, journal_time(journal), &detail);
		if (rc != STATUS_OK) {
			oplog(OPLOG_ERROR, "%s: statement %llu does not stand: %s (%s)", path,
			    (unsigned long long)directory_length(directory) + 1,
			    status_meaning(rc), detail == NULL ? "" : detail);
			break;
		}
		journal_state(journal, &statement);
	}
	buffer_free(&scratch);
	if (rc == STATUS_NOT_FOUND && directory_length(directory) > 0)
		return STATUS_OK;
	if (rc == STATUS_NOT_FOUND || rc == STATUS_MALFORMED)
		oplog(OPLOG_ERROR, "%s: not a file of statements", path);
	return STATUS_BAD_CONFIG;
}

/* All of the file or nothing: a network does not begin by halves. */
static enum status
begin(struct journal *journal, const char *path)
{
	struct buffer file = {0};
	enum status rc;

	if ((rc = keyfile_read(path, STATEMENT_FILE_MAX, &file)) != STATUS_OK)
		oplog(OPLOG_ERROR, "%s: the first statements of the network cannot be read: %s",
		    path, status_meaning(rc));
	else
		rc = log_file(journal, path, bytes_of_buffer(&file));
	if (rc == STATUS_OK)
		journal_commit(journal);
	buffer_free(&file);
	return rc;
}

static enum status
fold_one(struct journal *journal, uint64_t index)
{
	struct signed_statement statement;
	const char *detail = "";
	struct bytes view;
	struct leaf leaf;
	enum status rc;

	if ((rc = journal_leaf(journal, index, &view)) != STATUS_OK ||
	    (rc = leaf_parse(view, &leaf)) != STATUS_OK)
		return rc;
	if (leaf.kind != LEAF_STATEMENT)
		return STATUS_DATABASE;
	statement.view = leaf.body;
	statement.signature_count = leaf.signature_count;
	memcpy(statement.signatures, leaf.signatures, sizeof(statement.signatures));
	rc = directory_apply(
	    journal_directory(journal), index, &statement, leaf.time_ms, &detail);
	if (rc != STATUS_OK)
		oplog(OPLOG_ERROR, "log entry %llu: %s", (unsigned long long)index,
		    detail == NULL ? "" : detail);
	return rc;
}

static enum status
fold(struct journal *journal)
{
	struct store *store = journal_store(journal);
	uint64_t index;
	enum status rc;

	for (uint64_t n = 0;; n++) {
		rc = store->do_->statement_get(store, n, &index);
		if (rc == STATUS_NOT_FOUND)
			break;
		if (rc != STATUS_OK || (rc = fold_one(journal, index)) != STATUS_OK) {
			oplog(OPLOG_ERROR,
			    "statement %llu of the log does not follow: this database is of "
			    "another network, or damaged (%s)",
			    (unsigned long long)n, status_meaning(rc));
			return rc == STATUS_DATABASE ? rc : STATUS_BAD_CONFIG;
		}
	}
	journal_folded(journal);
	return STATUS_OK;
}

static enum status
check_keys(struct journal *journal, const uint8_t transport[static SUITE_BOX_PUBLIC],
    const struct note_key *log)
{
	uint8_t stated_transport[SUITE_BOX_PUBLIC], stated_log[SUITE_SIGN_PUBLIC];
	const char *log_name;

	if (!directory_broker(
		journal_directory(journal), stated_transport, &log_name, stated_log)) {
		oplog(OPLOG_ERROR, "the log has no NETWORK statement");
		return STATUS_BAD_CONFIG;
	}
	if (!suite_equal(stated_transport, transport, sizeof(stated_transport))) {
		oplog(OPLOG_ERROR, "transport.key is not the key of the NETWORK statement");
		return STATUS_BAD_CONFIG;
	}
	if (!suite_equal(stated_log, log->public, sizeof(stated_log)) ||
	    strcmp(log_name, log->name) != 0) {
		oplog(OPLOG_ERROR, "log.key is not the key of the NETWORK statement");
		return STATUS_BAD_CONFIG;
	}
	return STATUS_OK;
}

enum status
genesis_run(struct journal *journal, const char *path,
    const uint8_t transport[static SUITE_BOX_PUBLIC], const struct note_key *log)
{
	bool empty = journal_size(journal) == 0;
	enum status rc = STATUS_OK;

	if (!empty)
		rc = fold(journal);
	else if (path[0] == '\0') {
		oplog(OPLOG_ERROR, "the log is empty: genesis must name the network's first "
				   "statements");
		rc = STATUS_BAD_CONFIG;
	} else
		rc = begin(journal, path);
	return rc == STATUS_OK ? check_keys(journal, transport, log) : rc;
}
