/* clients/auditor/audit_verify.c: the verdict on a whole copy of the log, in plain words. */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "clients/auditor/audit.h"
#include "clients/auditor/audit_check.h"
#include "clients/auditor/audit_open.h"
#include "clients/auditor/audit_progress.h"
#include "clients/auditor/audit_text.h"
#include "protocol/host/clock.h"
#include "protocol/host/lang.h"

static void
print_counts(const struct audit_report *report)
{
	static const struct {
		enum leaf_kind kind;
		const char *text;
	} rows[] = {
	    {LEAF_ACCEPTED, N_("messages accepted")},
	    {LEAF_EVIDENCE, N_("evidence by recipients")},
	    {LEAF_BROKER_EVIDENCE, N_("evidence by the broker")},
	    {LEAF_REFUSED, N_("refusals")},
	    {LEAF_STATEMENT, N_("directory statements")},
	    {LEAF_ACCESS, N_("sessions of auditors and the registrar")},
	    {LEAF_CLOCK, N_("jumps of the broker's clock")},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (report->kinds[rows[i].kind] > 0)
			printf("  %8" PRIu64 "  %s\n", report->kinds[rows[i].kind],
			    lang_text(rows[i].text));
	for (int kind = 1; kind < AUDIT_EVIDENCES; kind++)
		if (report->evidence[kind] > 0)
			printf("            %" PRIu64 " %s\n", report->evidence[kind],
			    lang_text(audit_text_evidence((enum evidence_kind)kind)));
}

static void
print_keys(const struct network *network)
{
	struct buffer key = {0};
	char root[2 * SUITE_SIGN_PUBLIC + 1];

	note_key_format(&network->log, &key);
	bytes_to_hex(BYTES(network->root), root);
	printf(_("Checked against network.conf alone:\n  log key  %.*s\n  root key %s\n"),
	    (int)key.len, (const char *)key.data, root);
	buffer_free(&key);
}

static void
print_limits(const struct audit_report *report)
{
	if (report->not_held > 0)
		printf(_("Not checked: %" PRIu64 " entries whose content we may not read "
			 "(%" PRIu64 " pieces of evidence are about them).\n"),
		    report->not_held, report->not_compared);
	if (report->broker_word > 0)
		printf(_("Not checked: why %" PRIu64
			 " messages were undeliverable; only the broker knows.\n"),
		    report->broker_word);
	printf(
	    _("This does not show what messages say (they are sealed, and no key here opens "
	      "them),\nand not that others were shown the same log: compare checkpoints with "
	      "them\n(saikne-audit checkpoint).\n"));
}

static void
print_problems(const struct audit_report *report)
{
	for (uint64_t i = 0; i < report->problem_count && i < AUDIT_PROBLEMS_MAX; i++) {
		const struct audit_problem *problem = &report->problems[i];

		printf(_("  entry %" PRIu64 ": %s"), problem->index,
		    lang_text(audit_finding_text(problem->finding)));
		if (problem->why != STATUS_OK)
			printf(" (%s: %s)", status_name(problem->why),
			    lang_text(status_meaning(problem->why)));
		printf("\n");
	}
	if (report->problem_count > AUDIT_PROBLEMS_MAX)
		printf(_("  and %" PRIu64 " more; later ones may follow from the first\n"),
		    report->problem_count - AUDIT_PROBLEMS_MAX);
}

static void
print_report(const struct audit_report *report, const struct network *network)
{
	char from[21], to[21];

	clock_format(report->first_ms, from);
	clock_format(report->last_ms, to);
	printf(_("Log of %s: %" PRIu64 " entries, %s to %s\n"), network->id, report->entries,
	    from, to);
	print_counts(report);
	print_keys(network);
	printf(_("Found good: %" PRIu64 " signatures of senders and recipients, %" PRIu64
		 " statements about %" PRIu64 " parties,\n  %" PRIu64
		 " kept checkpoints, the largest of %" PRIu64 " entries\n"),
	    report->signatures, report->statements, report->parties, report->checkpoints,
	    report->size);
	print_limits(report);
	if (report->problem_count == 0) {
		printf(_("VERIFIED\n"));
		return;
	}
	printf(_("NOT VERIFIED: %" PRIu64 " problems, the first at entry %" PRIu64 "\n"),
	    report->problem_count, report->problems[0].index);
	print_problems(report);
}

static void
print_json(const struct audit_report *report, const struct network *network)
{
	json_t *problems = json_array(), *kinds = json_object(), *whole;

	for (int kind = 1; kind < AUDIT_KINDS; kind++)
		json_object_set_new(kinds, leaf_name((enum leaf_kind)kind),
		    json_integer((json_int_t)report->kinds[kind]));
	for (uint64_t i = 0; i < report->problem_count && i < AUDIT_PROBLEMS_MAX; i++)
		json_array_append_new(problems,
		    json_pack("{s:I, s:s, s:s}", "index", (json_int_t)report->problems[i].index,
			"what", audit_finding_text(report->problems[i].finding), "why",
			status_name(report->problems[i].why)));
	whole = json_pack("{s:b, s:s, s:I, s:o, s:I, s:I, s:I, s:I, s:o}", "verified",
	    report->problem_count == 0, "network", network->id, "entries",
	    (json_int_t)report->entries, "kinds", kinds, "signatures",
	    (json_int_t)report->signatures, "checkpoint_size", (json_int_t)report->size,
	    "not_held", (json_int_t)report->not_held, "problem_count",
	    (json_int_t)report->problem_count, "problems", problems);
	if (whole != NULL && json_dumpf(whole, stdout, JSON_INDENT(2)) == 0)
		printf("\n");
	json_decref(whole);
}

enum audit_exit
audit_verify(const struct audit_options *options)
{
	struct audit_store *store;
	struct audit_report report;
	struct network network;
	enum status rc;

	if (!audit_open_network(options->network, &network) ||
	    !audit_open_copy(options->log, &store))
		return AUDIT_FAILED;
	audit_progress_start(_("verifying"));
	if ((rc = audit_store_pin(store, &network)) == STATUS_OK)
		rc = audit_check(store, &network, audit_progress, &report);
	audit_store_close(store);
	if (rc != STATUS_OK) {
		audit_open_failed(_("the copy cannot be checked"), rc);
		return AUDIT_FAILED;
	}
	if (report.entries == 0 && report.problem_count == 0) {
		fprintf(stderr, _("saikne-audit: the copy is empty; run saikne-audit sync\n"));
		return AUDIT_FAILED;
	}
	if (options->json)
		print_json(&report, &network);
	else
		print_report(&report, &network);
	return report.problem_count == 0 ? AUDIT_OK : AUDIT_FAILED;
}
