/* clients/auditor/audit_open.c: opens what commands are given, and says why it cannot. */
#include "clients/auditor/audit_open.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "protocol/host/keyfile.h"
#include "protocol/host/lang.h"

void
audit_open_failed(const char *doing, enum status rc)
{
	fprintf(stderr, "saikne-audit: %s: %s; %s\n", doing, lang_text(status_meaning(rc)),
	    lang_text(status_remedy(rc)));
}

bool
audit_open_copy(const char *path, struct audit_store **out)
{
	enum status rc = audit_store_open(path, false, out);

	if (rc == STATUS_NOT_FOUND)
		fprintf(stderr,
		    _("saikne-audit: %s: there is no copy of a log; make one with "
		      "saikne-audit sync\n"),
		    path);
	else if (rc != STATUS_OK)
		audit_open_failed(path, rc);
	return rc == STATUS_OK;
}

bool
audit_open_network(const char *path, struct network *out)
{
	enum status rc = network_read(path, out);

	if (rc != STATUS_OK)
		audit_open_failed(path, rc);
	return rc == STATUS_OK;
}

bool
audit_open_free(const char *path)
{
	struct stat about;

	if (lstat(path, &about) != 0)
		return true;
	fprintf(stderr,
	    _("saikne-audit: %s is there already; move it away, or choose another name\n"),
	    path);
	return false;
}

bool
audit_open_write(const char *path, struct bytes content)
{
	enum status rc;

	if (!audit_open_free(path))
		return false;
	if ((rc = keyfile_write(path, content, 0644)) != STATUS_OK)
		audit_open_failed(path, rc);
	return rc == STATUS_OK;
}

bool
audit_open_time(const char *text, uint64_t *ms)
{
	struct tm parts = {0};
	const char *end = strptime(text, "%Y-%m-%d", &parts);
	time_t seconds;

	if (end != NULL && *end == 'T')
		end = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &parts);
	if (end == NULL || *end != '\0' || (seconds = timegm(&parts)) <= 0)
		return false;
	*ms = (uint64_t)seconds * 1000;
	return true;
}

bool
audit_open_index(const char *text, uint64_t *index)
{
	char *end;

	if (*text < '0' || *text > '9' || strlen(text) > 18)
		return false;
	*index = strtoull(text, &end, 10);
	return *end == '\0';
}

struct fold {
	struct directory *directory;
	uint64_t before;
};

static enum status
fold_statement(void *state, const struct audit_entry *entry)
{
	struct fold *fold = state;
	struct signed_statement statement;
	const char *detail;
	struct leaf leaf;
	enum status rc;

	if (entry->index >= fold->before)
		return STATUS_OK;
	if ((rc = leaf_parse(entry->leaf, &leaf)) != STATUS_OK)
		return rc;
	statement.view = leaf.body;
	statement.signature_count = leaf.signature_count;
	memcpy(statement.signatures, leaf.signatures, sizeof(statement.signatures));
	return directory_apply(
	    fold->directory, entry->index, &statement, leaf.time_ms, &detail);
}

enum status
audit_open_directory(struct audit_store *store, const struct network *network, uint64_t before,
    struct directory **out)
{
	const struct audit_filter statements = {.kind = LEAF_STATEMENT};
	struct fold fold = {.before = before};
	const struct audit_walk walk = {.state = &fold, .entry = fold_statement};
	enum status rc;

	rc = directory_create(network->id, network->root, &fold.directory);
	if (rc == STATUS_OK)
		rc = audit_store_search(store, &statements, &walk);
	if (rc == STATUS_OK)
		*out = fold.directory;
	else
		directory_free(fold.directory);
	return rc;
}
