/* clients/auditor/audit_status.c: what this copy of the log holds. */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>

#include "clients/auditor/audit.h"
#include "clients/auditor/audit_open.h"
#include "protocol/host/clock.h"
#include "protocol/host/lang.h"

struct status_of_copy {
	uint64_t entries, contradictions;
	struct audit_checkpoint newest;
};

static enum status
read_status(struct audit_store *store, struct status_of_copy *out)
{
	enum status rc;

	if ((rc = audit_store_count(store, &out->entries)) != STATUS_OK ||
	    (rc = audit_store_contradictions(store, &out->contradictions)) != STATUS_OK)
		return rc;
	rc = audit_store_checkpoint_to(store, UINT64_MAX, &out->newest);
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

static void
print_status(const struct status_of_copy *copy)
{
	char kept[21];

	clock_format(copy->newest.kept_ms, kept);
	printf(ngettext("%" PRIu64 " entry\n", "%" PRIu64 " entries\n", copy->entries),
	    copy->entries);
	if (copy->newest.size > 0)
		printf(_("newest signed checkpoint: %" PRIu64 " entries, kept %s\n%.*s"),
		    copy->newest.size, kept, (int)copy->newest.note.len,
		    (const char *)copy->newest.note.data);
	if (copy->newest.size > copy->entries)
		printf(ngettext("%" PRIu64 " entry is still to be fetched: saikne-audit sync\n",
			   "%" PRIu64 " entries are still to be fetched: saikne-audit sync\n",
			   copy->newest.size - copy->entries),
		    copy->newest.size - copy->entries);
	if (copy->contradictions > 0)
		printf(_("%" PRIu64 " PAIRS OF CONTRADICTORY CHECKPOINTS ARE KEPT: the log was "
			 "shown in two versions\n"),
		    copy->contradictions);
}

static void
print_json(const struct status_of_copy *copy)
{
	char kept[21];
	json_t *whole;

	clock_format(copy->newest.kept_ms, kept);
	whole = json_pack("{s:I, s:I, s:s, s:I}", "entries", (json_int_t)copy->entries,
	    "checkpoint_size", (json_int_t)copy->newest.size, "checkpoint_kept", kept,
	    "contradictions", (json_int_t)copy->contradictions);
	if (whole != NULL && json_dumpf(whole, stdout, JSON_INDENT(2)) == 0)
		printf("\n");
	json_decref(whole);
}

enum audit_exit
audit_status(const struct audit_options *options)
{
	struct status_of_copy copy = {0};
	struct audit_store *store;
	enum status rc;

	if (!audit_open_copy(options->log, &store))
		return AUDIT_FAILED;
	if ((rc = read_status(store, &copy)) != STATUS_OK)
		audit_open_failed(_("status"), rc);
	else if (options->json)
		print_json(&copy);
	else
		print_status(&copy);
	audit_store_close(store);
	buffer_free(&copy.newest.note);
	return rc == STATUS_OK ? AUDIT_OK : AUDIT_FAILED;
}
