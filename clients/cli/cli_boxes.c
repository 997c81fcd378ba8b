/* clients/cli/cli_boxes.c: inbox and outbox as a table, the urgent first. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clients/cli/cli_commands.h"
#include "clients/cli/cli_due.h"
#include "clients/cli/cli_labels.h"
#include "clients/cli/cli_pages.h"
#include "clients/cli/cli_table.h"
#include "clients/cli/desk_client.h"
#include "protocol/host/lang.h"
#include "protocol/lists/lists.h"

#define MOST_DEFAULT 100
#define MOST_MAX     10000

struct line {
	const json_t *item;
	bool open;
	unsigned urgency; /* its row in the list: the most urgent stands first */
	size_t place;     /* as the desk gave it, newest first */
};

static unsigned
urgency_row(const char *code)
{
	const struct list *list = list_named("urgencies");
	unsigned row;

	return list != NULL && list_find(list, bytes_of_text(code), &row) ? row : UINT32_MAX;
}

/* What still waits comes first, then the more urgent, then the newer. */
static int
compare(const void *left, const void *right)
{
	const struct line *a = left, *b = right;

	if (a->open != b->open)
		return a->open ? -1 : 1;
	if (a->open && a->urgency != b->urgency)
		return a->urgency < b->urgency ? -1 : 1;
	return a->place < b->place ? -1 : a->place > b->place;
}

static enum cli_colour
colour_of(const struct line *line)
{
	const char *urgency = cli_string(line->item, "urgency");

	if (!line->open)
		return CLI_DIM;
	if (cli_string(line->item, "handling")[0] != '\0')
		return CLI_RED;
	if (strcmp(urgency, "immediate") == 0 || cli_due_is_ours(line->item))
		return CLI_RED;
	if (strcmp(urgency, "urgent") == 0)
		return CLI_YELLOW;
	return json_is_true(json_object_get(line->item, "unread")) ? CLI_BOLD : CLI_PLAIN;
}

/* What the task is: not every one is a referral. */
static const char *
sort_words(const json_t *item)
{
	static const struct {
		const char *name, *words;
	} sorts[] = {
	    {"referral", N_("referral")},
	    {"information", N_("request")},
	    {"notice", N_("notice")},
	    {"stop", N_("stop of a ground")},
	    {"renewal", N_("renewal of a ground")},
	    {"case", N_("case")},
	    {"transfer", N_("transfer of the lead")},
	    {"action", N_("action")},
	    {"conference", N_("sitting")},
	    {"matter", N_("matter of a sitting")},
	    {"climbed", N_("overdue matter")},
	    {"disagreement", N_("disagreement")},
	    {"pass", N_("entry of a shared history")},
	    {"ask", N_("request for missing entries")},
	};
	const char *name = cli_string(item, "sort");

	for (size_t i = 0; i < sizeof(sorts) / sizeof(sorts[0]); i++)
		if (strcmp(sorts[i].name, name) == 0)
			return lang_text(sorts[i].words);
	return name;
}

/* The other institution; how many more told of the same. */
static void
from_words(const json_t *item, char *out, size_t size)
{
	const size_t told = json_array_size(json_object_get(item, "told_by"));

	if (told > 1)
		snprintf(out, size, "%s +%zu", cli_string(item, "peer"), told - 1);
	else
		snprintf(out, size, "%s", cli_string(item, "peer"));
}

static bool
add_line(struct cli *cli, struct cli_table *table, const struct line *line, bool incoming)
{
	const json_t *item = line->item;
	/* What is over waits for nobody to open it. */
	bool unread = line->open && json_is_true(json_object_get(item, "unread"));
	struct buffer concern = {0}, holders = {0};
	char made[40], urgency[80], due[CLI_DUE_WORDS], state[CLI_DUE_WORDS], from[80];
	bool ok;

	from_words(item, from, sizeof(from));
	cli_labels_brief(cli, "urgencies", cli_string(item, "urgency"), urgency);
	cli_labels_value(cli, "concern", json_object_get(item, "concern"), &concern);
	buffer_append_byte(&concern, '\0');
	/* What was sent is theirs to hold. */
	if (incoming)
		cli_labels_holders(cli, item, &holders);
	buffer_append_byte(&holders, '\0');
	cli_labels_time(json_object_get(item, "time"), made);
	cli_due_item(item, time(NULL), due);
	cli_due_state(cli, item, state);
	const char *const cells[] = {
	    unread ? "*" : "",
	    cli_labels_short(cli_string(item, "task")),
	    sort_words(item),
	    urgency,
	    from,
	    state,
	    cli_labels_code(cli, "handling", cli_string(item, "handling")),
	    due,
	    cli_labels_code(cli, "purposes", cli_string(item, "purpose")),
	    made,
	    cli_string(item, "file_number"),
	    concern.failed ? "" : (const char *)concern.data,
	    cli_labels_code(cli, "age-bands", cli_string(item, "age_band")),
	    cli_string(item, "municipality"),
	    holders.failed ? "" : (const char *)holders.data,
	};
	ok = cli_table_add(table, cells, colour_of(line));
	buffer_free(&concern);
	buffer_free(&holders);
	return ok;
}

static enum cli_exit
print_items(struct cli *cli, const json_t *items, bool incoming)
{
	const struct cli_column columns[] = {
	    {" ", 0, false},
	    {_("TASK"), 0, false},
	    {_("SORT"), 0, false},
	    {_("URGENCY"), 0, false},
	    {incoming ? _("FROM") : _("TO"), 14, false},
	    {_("STATE"), 12, false},
	    {_("MARK"), 0, true},
	    {_("DUE"), 12, false},
	    {_("PURPOSE"), 14, false},
	    {_("TIME"), 16, true},
	    {_("FILE NO."), 8, true},
	    {_("CONCERN"), 16, true},
	    {_("AGE"), 0, true},
	    {_("AREA"), 8, true},
	    {_("HELD BY"), 8, true},
	};
	size_t count = json_array_size(items);
	struct line *lines = calloc(count + 1, sizeof(*lines));
	struct cli_table *table = cli_table_new(columns, sizeof(columns) / sizeof(columns[0]));
	bool fits = lines != NULL && table != NULL;

	for (size_t i = 0; fits && i < count; i++) {
		lines[i].item = json_array_get(items, i);
		lines[i].place = i;
		lines[i].open = cli_labels_is_open(cli, cli_string(lines[i].item, "state"));
		lines[i].urgency = urgency_row(cli_string(lines[i].item, "urgency"));
	}
	if (fits)
		qsort(lines, count, sizeof(*lines), compare);
	for (size_t i = 0; fits && i < count; i++)
		fits = add_line(cli, table, &lines[i], incoming);
	if (fits)
		cli_table_print(table, &cli->terminal);
	cli_table_free(table);
	free(lines);
	return fits ? CLI_DONE : cli_fail(CLI_REFUSED, _("memory ran out"));
}

/* The target of a listing; false with a message when an option is not usable. */
static bool
make_target(const struct cli_arguments *arguments, const char *box, char *out, size_t size,
    unsigned *most)
{
	const char *state = cli_arguments_text(arguments, "state");
	const char *due = cli_arguments_text(arguments, "due");
	const char *limit = cli_arguments_text(arguments, "limit");
	unsigned long number = limit != NULL ? strtoul(limit, NULL, 10) : MOST_DEFAULT;

	if (number == 0 || number > MOST_MAX) {
		(void)cli_fail(CLI_USAGE, _("--limit is a number from 1 to %d"), MOST_MAX);
		return false;
	}
	if (state != NULL && !desk_client_is_name(state)) {
		(void)cli_fail(CLI_USAGE, _("--state is a code such as offered or accepted"));
		return false;
	}
	if (due != NULL && !desk_client_is_name(due)) {
		(void)cli_fail(CLI_USAGE, _("--due is overdue, today or week"));
		return false;
	}
	*most = (unsigned)number;
	snprintf(out, size, "/v1/tasks?box=%s%s%s%s%s", box, state != NULL ? "&state=" : "",
	    state != NULL ? state : "", due != NULL ? "&due=" : "", due != NULL ? due : "");
	return true;
}

enum cli_exit
cli_boxes_run(
    struct cli *cli, const struct cli_command *command, const struct cli_arguments *arguments)
{
	bool incoming = strcmp(command->name, "outbox") != 0, more;
	const char *box = strcmp(command->name, "inbox") == 0    ? "in"
	                  : strcmp(command->name, "outbox") == 0 ? "out"
	                                                         : command->name;
	json_t *items = NULL;
	char target[160];
	unsigned most;
	enum cli_exit rc;

	if (!make_target(arguments, box, target, sizeof(target), &most))
		return CLI_USAGE;
	if ((rc = cli_pages_read(cli, target, most, &items, &more)) != CLI_DONE)
		return rc;
	if (cli->json) {
		cli_pages_print_json(cli, items, more);
	} else if (json_array_size(items) == 0) {
		puts(incoming ? _("Nothing has come in.") : _("Nothing has been sent."));
	} else {
		rc = print_items(cli, items, incoming);
		if (rc == CLI_DONE && more)
			printf(_("The newest %u are shown; more with --limit.\n"), most);
	}
	json_decref(items);
	return rc;
}
