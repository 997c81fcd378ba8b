/* clients/cli/cli_commands_look.c: what is there: tasks, cases, institutions and news. */
#include "clients/cli/cli_commands.h"
#include "clients/cli/cli_options.h"

static const struct cli_option box_options[] = {
    {"state", N_("CODE"), NULL, false, N_("only tasks in this state")},
    {"due", N_("WHEN"), NULL, false, N_("only what ends by then: overdue, today or week")},
    {"limit", N_("NUMBER"), NULL, false, N_("how many (100)")},
    NO_OPTION,
};

static const struct cli_option todo_options[] = {
    {"follow", NULL, NULL, false, N_("stay, and show it anew whenever it changes")},
    {"limit", N_("NUMBER"), NULL, false, N_("how many (100)")},
    NO_OPTION,
};

static const struct cli_option alarm_options[] = {
    {"all", NULL, NULL, false, N_("those that are settled, too")},
    NO_OPTION,
};

static const struct cli_option find_options[] = {
    {"name", N_("TEXT"), "name", false, N_("one or more words of the name, in any order")},
    {"code", N_("TEXT"), "personal_code", false, N_("the personal code")},
    {"file-number", N_("TEXT"), "file_number", false, N_("your own file number, whole")},
    {"label", N_("TEXT"), "label", false, N_("a label of yours, whole")},
    NO_OPTION,
};

static const struct cli_option fetch_options[] = {
    {"out", N_("FILE"), NULL, false, N_("where to")}, NO_OPTION};

const struct cli_command cli_commands_look[] = {
    {.name = "status",
	.positional = "",
	.run = cli_status_run,
	.summary = N_("how this institution's service stands"),
	.help = N_("Shows the institution, the connection to the broker and what waits."),
	.example = "saikne status"},
    {.name = "todo",
	.positional = "",
	.run = cli_todo_run,
	.options = todo_options,
	.summary = N_("what needs you now, the first due first"),
	.help = N_("Everything that waits for you, over all your cases and the mailbox: what "
		   "is owed and by when, what nobody has opened (*), what reached nobody, "
		   "consents that end soon; for supervisors and heads also what is overdue "
		   "at others and emergency openings. Overdue is red; (theirs) is owed by the "
		   "other institution. The last line says what to type for the first. A thing "
		   "leaves the list by itself when it is done."),
	.example = "saikne todo --follow"},
    {.name = "inbox",
	.positional = "",
	.run = cli_boxes_run,
	.options = box_options,
	.summary = N_("what has come in, the urgent first"),
	.help = N_("Lists the tasks that others sent to you. * marks what nobody has opened."),
	.example = "saikne inbox --state offered"},
    {.name = "outbox",
	.positional = "",
	.run = cli_boxes_run,
	.options = box_options,
	.summary = N_("what was sent, and where it stands"),
	.help = N_("Lists the tasks that you sent. * marks news you have not opened."),
	.example = "saikne outbox"},
    {.name = "show",
	.positional = N_("TASK"),
	.run = cli_show_run,
	.summary = N_("one task: its fields, what happened, what you can do"),
	.help = N_("TASK is its identifier or at least 4 digits of its beginning or end. "
		   "Opening a task that came in tells its sender that it was read."),
	.example = "saikne show 3fa9"},
    {.name = "watch",
	.positional = "",
	.run = cli_watch_run,
	.summary = N_("live changes, a line each, until Ctrl-C"),
	.help = N_("Connects again by itself when the service restarts."),
	.example = "saikne watch"},
    {.name = "alarms",
	.positional = "",
	.run = cli_alarms_run,
	.options = alarm_options,
	.summary = N_("what must not wait: near its end, or overdue"),
	.help = N_("Lists the alarms that reach your role. An alarm is settled by itself when "
		   "its task moves on."),
	.example = "saikne alarms"},
    {.name = "seen",
	.positional = N_("ALARM"),
	.run = cli_alarms_run_seen,
	.summary = N_("say that you saw an alarm"),
	.help = N_("ALARM is its number. Who saw it and when is recorded; the alarm stays open "
		   "until its task moves on."),
	.example = "saikne seen 17"},
    {.name = "cases",
	.positional = "",
	.run = cli_cases_run,
	.summary = N_("your cases with their tasks"),
	.help = N_("Lists this institution's own cases."),
	.example = "saikne cases"},
    {.name = "case",
	.positional = N_("CASE"),
	.run = cli_case_run,
	.summary = N_("one case: who holds it, fields, notes, who opened it, tasks"),
	.help = N_("CASE is its identifier or at least 4 digits of its beginning or end."),
	.example = "saikne case 77b0"},
    {.name = "attachments",
	.positional = N_("TASK"),
	.run = cli_attach_run_list,
	.summary = N_("the documents of a task"),
	.help = N_("Lists documents that came or went with the task's messages, with the type "
		   "that their content shows."),
	.example = "saikne attachments 3fa9"},
    {.name = "fetch",
	.positional = N_("ATTACHMENT"),
	.options = fetch_options,
	.run = cli_attach_run_fetch,
	.summary = N_("fetch a document into a file"),
	.help = N_("The file is new and only yours to read; one that is there already is left "
		   "alone. Without --out it is named by the document's number, never by what "
		   "its sender called it. Fetching is recorded as an opening."),
	.example = "saikne fetch 0f3c7a1be2d94c55a6e8b1d20c94f7aa --out atzinums.pdf"},
    {.name = "find",
	.positional = "",
	.options = find_options,
	.run = cli_search_run,
	.summary = N_("cases by name, personal code, file number or label"),
	.help =
	    N_("Give one of them, and - for a child's data: it is then asked for, or read "
	       "from standard input. What stands on a command line can be seen by others on "
	       "this machine and stays in the shell's history. Upper case, diacritics and "
	       "hyphens make no difference, but every word must be whole. Only cases that "
	       "you may know are found, and the search is recorded."),
	.example = "saikne find --name -"},
    {.name = "directory",
	.positional = "",
	.run = cli_status_run_directory,
	.summary = N_("institutions, and to which you may refer"),
	.help = N_("Lists the institutions of the network with their codes."),
	.example = "saikne directory"},
    {.name = NULL},
};
