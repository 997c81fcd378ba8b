/* clients/auditor/audit_search.c: lists the entries that fit, and shows one in full. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "clients/auditor/audit.h"
#include "clients/auditor/audit_open.h"
#include "clients/auditor/audit_text.h"
#include "protocol/host/lang.h"

struct list {
	bool json;
	uint64_t count;
	struct buffer text;
};

static enum status
print_entry(void *state, const struct audit_entry *entry)
{
	struct list *list = state;
	json_t *object;

	list->count++;
	if (list->json) {
		object = audit_text_json(entry, false);
		printf(list->count == 1 ? "\n" : ",\n");
		if (object == NULL || json_dumpf(object, stdout, JSON_COMPACT) != 0)
			return STATUS_NO_MEMORY;
		json_decref(object);
		return STATUS_OK;
	}
	buffer_reset(&list->text);
	audit_text_line(entry, &list->text);
	if (list->text.failed)
		return STATUS_NO_MEMORY;
	fwrite(list->text.data, 1, list->text.len, stdout);
	return STATUS_OK;
}

static bool
wrong(const char *what)
{
	fprintf(stderr, "saikne-audit: %s\n", what);
	return false;
}

static bool
find_kind(const char *name, uint64_t *out)
{
	for (int kind = LEAF_ACCEPTED; kind <= LEAF_CLOCK; kind++)
		if (strcmp(leaf_name((enum leaf_kind)kind), name) == 0) {
			*out = (uint64_t)kind;
			return true;
		}
	return false;
}

static bool
read_filter(const struct audit_options *options, uint8_t id[static SUITE_ID_LEN],
    uint8_t token[static SUITE_ID_LEN], struct audit_filter *out)
{
	const struct message_info *type;

	if (options->party != NULL)
		out->party = bytes_of_text(options->party);
	if (options->id != NULL) {
		if (!bytes_from_hex(bytes_of_text(options->id), id, SUITE_ID_LEN))
			return wrong(_("--id takes 32 hexadecimal digits"));
		out->id = (struct bytes){id, SUITE_ID_LEN};
	}
	if (options->case_token != NULL) {
		if (!bytes_from_hex(bytes_of_text(options->case_token), token, SUITE_ID_LEN))
			return wrong(_("--case takes 32 hexadecimal digits"));
		out->case_token = (struct bytes){token, SUITE_ID_LEN};
	}
	if (options->type != NULL) {
		if ((type = message_named(bytes_of_text(options->type))) == NULL)
			return wrong(_("--type takes a message type, such as referral_offer"));
		out->type = type->id;
	}
	if (options->kind != NULL && !find_kind(options->kind, &out->kind))
		return wrong(_("--kind takes accepted, evidence, broker_evidence, refused, "
			       "statement, access or clock"));
	if (options->since != NULL && !audit_open_time(options->since, &out->since_ms))
		return wrong(
		    _("--since takes a time such as 2026-11-22 or 2026-11-22T08:00:00Z"));
	if (options->until != NULL && !audit_open_time(options->until, &out->until_ms))
		return wrong(
		    _("--until takes a time such as 2026-11-22 or 2026-11-22T08:00:00Z"));
	return true;
}

enum audit_exit
audit_search(const struct audit_options *options)
{
	uint8_t id[SUITE_ID_LEN], token[SUITE_ID_LEN];
	struct list list = {.json = options->json};
	const struct audit_walk walk = {.state = &list, .entry = print_entry};
	struct audit_filter filter = {0};
	struct audit_store *store;
	enum status rc;

	if (!read_filter(options, id, token, &filter))
		return AUDIT_USAGE;
	if (!audit_open_copy(options->log, &store))
		return AUDIT_FAILED;
	if (list.json)
		printf("[");
	rc = audit_store_search(store, &filter, &walk);
	if (list.json)
		printf("%s]\n", list.count > 0 ? "\n" : "");
	audit_store_close(store);
	buffer_free(&list.text);
	if (rc != STATUS_OK)
		audit_open_failed(_("search"), rc);
	else if (!list.json)
		printf(ngettext("%" PRIu64 " entry\n", "%" PRIu64 " entries\n", list.count),
		    list.count);
	return rc == STATUS_OK ? AUDIT_OK : AUDIT_FAILED;
}

/* ---- One entry --------------------------------------------------------------------------- */

static enum status
print_full(const struct audit_entry *entry, bool as_json)
{
	struct buffer text = {0};
	json_t *object;
	bool done = false;

	if (as_json) {
		object = audit_text_json(entry, true);
		done = object != NULL && json_dumpf(object, stdout, JSON_INDENT(2)) == 0;
		printf("\n");
		json_decref(object);
	} else {
		audit_text_full(entry, &text);
		done = !text.failed;
		fwrite(text.data, 1, text.len, stdout);
	}
	buffer_free(&text);
	return done ? STATUS_OK : STATUS_NO_MEMORY;
}

enum audit_exit
audit_show(const struct audit_options *options)
{
	struct audit_entry entry;
	struct audit_store *store;
	struct buffer leaf = {0};
	uint64_t index;
	enum status rc;

	if (!audit_open_index(options->argument, &index)) {
		fprintf(stderr, _("saikne-audit: INDEX is a number\n"));
		return AUDIT_USAGE;
	}
	if (!audit_open_copy(options->log, &store))
		return AUDIT_FAILED;
	if ((rc = audit_store_entry(store, index, &leaf, &entry)) == STATUS_OK)
		rc = print_full(&entry, options->json);
	audit_store_close(store);
	buffer_free(&leaf);
	if (rc != STATUS_OK)
		audit_open_failed(_("show"), rc);
	return rc == STATUS_OK ? AUDIT_OK : AUDIT_FAILED;
}
