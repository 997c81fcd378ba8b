/* clients/cli/cli_consent_show.c: consents and other grounds on the terminal, and who got what. */
#include "clients/cli/cli_consent.h"

#include <string.h>

#include "clients/cli/cli_labels.h"
#include "clients/cli/cli_notes.h"
#include "clients/cli/cli_pages.h"
#include "clients/cli/cli_sheet.h"
#include "clients/cli/cli_table.h"
#include "clients/cli/cli_text.h"
#include "clients/cli/desk_client.h"
#include "protocol/lists/lists.h"

#define DUE_MOST 10000
#define WIDTH    80 /* where nothing says how wide it may be */

static unsigned
width_of(const struct cli *cli)
{
	return cli->terminal.width > 0 ? cli->terminal.width : WIDTH;
}

const char *
cli_consent_state(const struct cli *cli, const json_t *item)
{
	return cli_string(item, strcmp(cli->language, "lv") == 0 ? "label_lv" : "label_en");
}

/* Codes of LIST as labels, joined by ", ", with a NUL. */
static void
put_codes(const struct cli *cli, const char *list, const json_t *codes, struct buffer *out)
{
	const json_t *one;
	char label[80];
	size_t i;

	json_array_foreach(codes, i, one)
	{
		cli_labels_brief(cli, list, json_string_value(one), label);
		buffer_append_format(out, "%s%s", i > 0 ? ", " : "", label);
	}
	buffer_append_byte(out, '\0');
}

/* "2 of 3 answered": those who were told that it is over. */
static void
put_shared(const json_t *shared, char out[static 80])
{
	unsigned stopped = 0, answered = 0;
	const json_t *one;
	size_t i;

	json_array_foreach(shared, i, one)
	{
		stopped += json_is_false(json_object_get(one, "live"));
		answered += cli_string(one, "answer")[0] != '\0';
	}
	if (json_array_size(shared) == 0)
		snprintf(out, 80, "%s", _("nobody"));
	else if (stopped == 0)
		snprintf(out, 80, "%zu", json_array_size(shared));
	else
		snprintf(out, 80, _("%zu; %u told, %u answered"), json_array_size(shared),
		    stopped, answered);
}

static bool
add_line(struct cli *cli, struct cli_table *table, const json_t *item)
{
	const json_t *says = json_object_get(item, "says");
	const char *origin = cli_string(item, "origin");
	struct buffer purposes = {0};
	char shared[80];
	bool ok, law = strcmp(cli_string(item, "basis"), "law") == 0;

	put_codes(cli, "purposes", json_object_get(says, "purposes"), &purposes);
	put_shared(json_object_get(item, "shared"), shared);
	const char *const cells[] = {
	    cli_labels_short(cli_string(item, "record")),
	    cli_labels_code(cli, "legal-bases",
		cli_string(says, "ground")[0] != '\0' ? cli_string(says, "ground") : "consent"),
	    cli_consent_state(cli, item),
	    cli_string(says, "until"),
	    law ? cli_string(says, "decided_by") : cli_string(says, "granter"),
	    purposes.failed ? "" : (const char *)purposes.data,
	    shared,
	    origin[0] != '\0' ? origin : _("ours"),
	};
	ok = !purposes.failed && cli_table_add(table, cells, CLI_PLAIN);
	buffer_free(&purposes);
	return ok;
}

enum cli_exit
cli_consent_show_list(struct cli *cli, const json_t *answer)
{
	const struct cli_column columns[] = {{_("RECORD"), 0, false}, {_("GROUND"), 10, false},
	    {_("STATE"), 0, false}, {_("UNTIL"), 0, false}, {_("BY"), 10, true},
	    {_("WHAT FOR"), 12, true}, {_("SHOWN TO"), 8, false}, {_("WHOSE"), 8, true}};
	const json_t *items = json_object_get(answer, "items"), *one;
	struct cli_table *table;
	bool ok;
	size_t i;

	if (json_array_size(items) == 0) {
		puts(_("This case has no consent and no other ground yet."));
		return CLI_DONE;
	}
	table = cli_table_new(columns, sizeof(columns) / sizeof(columns[0]));
	ok = table != NULL;
	json_array_foreach(items, i, one) ok = ok && add_line(cli, table, one);
	if (ok)
		cli_table_print(table, &cli->terminal);
	cli_table_free(table);
	return ok ? CLI_DONE : cli_fail(CLI_REFUSED, _("memory ran out"));
}

/* ---- One --------------------------------------------------------------------------------- */

static void
pair_codes(const struct cli_sheet *sheet, const struct cli *cli, const char *label,
    const char *list, const json_t *codes)
{
	struct buffer text = {0};

	put_codes(cli, list, codes, &text);
	if (!text.failed)
		cli_sheet_pair(sheet, label, (const char *)text.data);
	sheet->out->failed = sheet->out->failed || text.failed;
	buffer_free(&text);
}

static void
pair_code(const struct cli_sheet *sheet, const struct cli *cli, const char *label,
    const char *list, const char *code)
{
	cli_sheet_pair(sheet, label, code[0] != '\0' ? cli_labels_code(cli, list, code) : "");
}

static void
write_says(const struct cli_sheet *sheet, const struct cli *cli, const json_t *says)
{
	const json_t *notice = json_object_get(says, "notice");
	char told[120] = "";

	if (notice != NULL)
		snprintf(told, sizeof(told), "%s %s (%s)", cli_string(notice, "code"),
		    cli_string(notice, "version"), cli_string(notice, "language"));
	cli_sheet_pair(sheet, _("Child"), cli_string(json_object_get(says, "child"), "name"));
	cli_sheet_pair(sheet, _("Consented"), cli_string(says, "granter"));
	pair_code(sheet, cli, _("As"), "capacities", cli_string(says, "capacity"));
	cli_sheet_pair(sheet, _("On"), cli_string(says, "granted_on"));
	cli_sheet_pair(sheet, _("Until"), cli_string(says, "until"));
	pair_codes(sheet, cli, _("Who may get it"), "institution-kinds",
	    json_object_get(says, "recipients"));
	pair_codes(
	    sheet, cli, _("Which data"), "categories", json_object_get(says, "categories"));
	pair_codes(sheet, cli, _("What for"), "purposes", json_object_get(says, "purposes"));
	cli_sheet_pair(sheet, _("Child's view"), cli_string(says, "childs_view"));
	pair_code(sheet, cli, _("No view, because"), "view-reasons",
	    cli_string(says, "childs_view_why"));
	pair_code(sheet, cli, _("Child's consent"), "child-consents",
	    cli_string(says, "child_consent"));
	cli_sheet_pair(sheet, _("Family was told"), told);
	cli_sheet_pair(sheet, _("Interpreter"), cli_string(says, "interpreter"));
	pair_code(sheet, cli, _("How"), "consent-methods", cli_string(says, "method"));
	cli_sheet_pair(sheet, _("Provision"), cli_string(says, "provision"));
	cli_sheet_pair(sheet, _("Why necessary"), cli_string(says, "necessity"));
	cli_sheet_pair(sheet, _("Why it is not shared"), cli_string(says, "text"));
	cli_sheet_pair(sheet, _("Decided by"), cli_string(says, "decided_by"));
	pair_code(sheet, cli, _("Family"), "family-told", cli_string(says, "family_told"));
	cli_sheet_pair(sheet, _("In words"), cli_string(says, "family_text"));
}

/* What a person calls an event; its name where there is no word for it yet. */
static const char *
event_label(const char *event)
{
	static const struct {
		const char *name, *label;
	} labels[] = {
	    {"request", N_("asked for")},
	    {"defer", N_("deferred")},
	    {"give", N_("given")},
	    {"refuse", N_("refused")},
	    {"renew", N_("renewed")},
	    {"object", N_("objected to")},
	    {"resolve", N_("objection resolved")},
	    {"withdraw", N_("withdrawn")},
	    {"revoke", N_("revoked by an authority")},
	    {"expire", N_("expired")},
	    {"come_of_age", N_("the child came of age")},
	    {"invalidate", N_("found not to be valid")},
	    {"decide", N_("decided")},
	    {"end", N_("ended")},
	    {"not_share", N_("decided not to share")},
	};

	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		if (strcmp(labels[i].name, event) == 0)
			return lang_text(labels[i].label);
	return event;
}

static void
write_events(const struct cli_sheet *sheet, const json_t *events)
{
	const json_t *one;
	size_t i;

	cli_sheet_heading(sheet, _("History"));
	json_array_foreach(events, i, one)
	{
		struct buffer line = {0};
		char time[40];

		cli_labels_time(json_object_get(one, "time"), time);
		buffer_append_format(
		    &line, "%s  %s", time, event_label(cli_string(one, "event")));
		if (cli_string(one, "by")[0] != '\0')
			buffer_append_format(&line, " (%s)", cli_string(one, "by"));
		if (cli_string(one, "text")[0] != '\0')
			buffer_append_format(&line, ": %s", cli_string(one, "text"));
		buffer_append_byte(&line, '\0');
		if (!line.failed)
			cli_sheet_words(sheet, (const char *)line.data);
		sheet->out->failed = sheet->out->failed || line.failed;
		buffer_free(&line);
	}
}

/* They have it, and are silent. */
static void
pair_since(const struct cli_sheet *sheet, const json_t *time)
{
	char since[40], words[120];

	cli_labels_time(time, since);
	snprintf(words, sizeof(words), _("none yet; owed since %s"), since);
	cli_sheet_pair(sheet, _("Answer"), words);
}

/* Who was shown something, and what they said when it ended. */
static void
write_shared(const struct cli_sheet *sheet, struct cli *cli, const json_t *shared)
{
	const json_t *one;
	size_t i;

	cli_sheet_heading(sheet, _("Shown to"));
	if (json_array_size(shared) == 0)
		cli_sheet_words(sheet, _("Nobody was shown anything on this ground."));
	json_array_foreach(shared, i, one)
	{
		const char *answer = cli_string(one, "answer");

		cli_sheet_begin(sheet, cli_string(one, "to"));
		if (json_is_true(json_object_get(one, "live")))
			cli_sheet_pair(sheet, _("State"), _("may go on"));
		else
			pair_code(
			    sheet, cli, _("Told that"), "stop-reasons", cli_string(one, "why"));
		if (answer[0] != '\0')
			pair_code(sheet, cli, _("Answered"), "stop-answers", answer);
		else if (strcmp(cli_string(one, "reach"), "waits") == 0)
			cli_sheet_pair(sheet, _("Answer"),
			    _("cannot be told now; is told as soon as it can"));
		else if (strcmp(cli_string(one, "reach"), "received") == 0)
			pair_since(sheet, json_object_get(one, "since"));
		else if (cli_string(one, "state")[0] != '\0')
			cli_sheet_pair(sheet, _("Answer"),
			    cli_labels_state(cli, cli_string(one, "state")));
		cli_sheet_end(sheet);
	}
}

enum cli_exit
cli_consent_show_one(struct cli *cli, const json_t *record)
{
	struct buffer text = {0};
	const struct cli_sheet sheet = {.width = width_of(cli), .out = &text};
	char head[160];
	bool ok;

	snprintf(head, sizeof(head), "%s  %s", cli_string(record, "record"),
	    cli_consent_state(cli, record));
	cli_sheet_begin(&sheet, head);
	cli_sheet_pair(&sheet, _("Told by"), cli_string(record, "origin"));
	write_says(&sheet, cli, json_object_get(record, "says"));
	cli_sheet_end(&sheet);
	write_events(&sheet, json_object_get(record, "events"));
	write_shared(&sheet, cli, json_object_get(record, "shared"));
	ok = !text.failed;
	if (ok) {
		fwrite(text.data, 1, text.len, stdout);
		cli_notes_print(cli, record);
	}
	buffer_free(&text);
	return ok ? CLI_DONE : cli_fail(CLI_REFUSED, _("memory ran out"));
}

/* ---- What ends soon ---------------------------------------------------------------------- */

enum cli_exit
cli_consent_show_due(struct cli *cli, const char *days)
{
	const struct cli_column columns[] = {{_("ENDS"), 0, false}, {_("CASE"), 0, false},
	    {_("RECORD"), 0, false}, {_("WHY"), 12, false}};
	struct cli_table *table;
	json_t *items = NULL;
	const json_t *one;
	char target[64];
	bool ok, more;
	size_t i;
	enum cli_exit rc;

	if (days != NULL && (strlen(days) > 3 || strspn(days, "0123456789") != strlen(days)))
		return cli_fail(CLI_USAGE, _("--%s must be a number"), "days");
	snprintf(target, sizeof(target), "/v1/consents?days=%s", days != NULL ? days : "14");
	if ((rc = cli_pages_read(cli, target, DUE_MOST, &items, &more)) != CLI_DONE)
		return rc;
	table = cli_table_new(columns, sizeof(columns) / sizeof(columns[0]));
	ok = table != NULL;
	json_array_foreach(items, i, one)
	{
		const char *const cells[] = {cli_string(one, "ends"),
		    cli_labels_short(cli_string(one, "case")),
		    cli_labels_short(cli_string(one, "record")),
		    strcmp(cli_string(one, "why"), "came_of_age") == 0
			? _("the child comes of age")
			: _("its time is over")};

		ok = ok && cli_table_add(table, cells, CLI_PLAIN);
	}
	if (cli->json)
		cli_pages_print_json(cli, items, more);
	else if (json_array_size(items) == 0)
		puts(_("No consent ends soon."));
	else if (ok)
		cli_table_print(table, &cli->terminal);
	cli_table_free(table);
	json_decref(items);
	return ok ? CLI_DONE : cli_fail(CLI_REFUSED, _("memory ran out"));
}

/* ---- Notices ----------------------------------------------------------------------------- */

enum cli_exit
cli_consent_show_notices(struct cli *cli)
{
	struct buffer text = {0};
	const struct cli_sheet sheet = {.width = width_of(cli), .out = &text};
	json_t *answer = NULL;
	const json_t *row;
	size_t i;
	enum cli_exit rc = desk_client_get(cli, "/v1/lists/consent-notices", &answer);

	if (rc != CLI_DONE)
		return rc;
	json_array_foreach(json_object_get(answer, "rows"), i, row)
	{
		char head[320];

		if (strcmp(cli_string(row, "language"), cli->language) != 0)
			continue;
		snprintf(head, sizeof(head), "%s  (--notice %s, %s %s)",
		    cli_string(row, "title"), cli_string(row, "notice"), _("version"),
		    cli_string(row, "version"));
		cli_sheet_heading(&sheet, head);
		cli_sheet_words(&sheet, cli_string(row, "text"));
	}
	if (cli->json)
		cli_print_json(cli, answer);
	else if (!text.failed)
		fwrite(text.data, 1, text.len, stdout);
	rc = text.failed ? cli_fail(CLI_REFUSED, _("memory ran out")) : CLI_DONE;
	buffer_free(&text);
	json_decref(answer);
	return rc;
}
