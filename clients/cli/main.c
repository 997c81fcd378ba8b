/* clients/cli/main.c: saikne, the staff's command line: the table of commands and its usage. */
#include <stdlib.h>
#include <string.h>

#include "clients/cli/cli_commands.h"
#include "clients/cli/cli_request.h"
#include "clients/cli/cli_text.h"
#include "protocol/host/lang.h"
#include "protocol/lists/lists.h"

#define DESK_DEFAULT "/run/saikne/desk"

#define FROM_OPTION                                                                            \
	{                                                                                      \
		"from", N_("FILE"), NULL, false,                                               \
		    N_("the request as JSON; - reads standard input, so nothing stands in "    \
		       "`ps`")                                                                 \
	}
#define EXPLANATION_OPTION                                                                     \
	{                                                                                      \
		"explanation", N_("TEXT"), "explanation", false, N_("in words")                \
	}
#define OUTCOME_OPTION                                                                         \
	{                                                                                      \
		"outcome", N_("CODE"), "outcome", false, N_("see: saikne lists outcomes")      \
	}
#define SUPPORT_OPTION                                                                         \
	{                                                                                      \
		"support", N_("CODE"), "support", true,                                        \
		    N_("see: saikne lists support-providers")                                  \
	}
#define DUE_OPTION                                                                             \
	{                                                                                      \
		"due", N_("YYYY-MM-DD"), "due", false, N_("by when")                           \
	}
#define NO_OPTION                                                                              \
	{                                                                                      \
		NULL, NULL, NULL, false, NULL                                                  \
	}

static const struct cli_option refer_options[] = {
    {"to", N_("CODE"), "to", true,
	N_("the recipient; repeat it for several (saikne directory)")},
    {"urgency", N_("CODE"), "urgency", false, N_("immediate, urgent or normal")},
    {"purpose", N_("CODE"), "purpose", false, N_("see: saikne lists purposes")},
    {"concern", N_("CODE"), "concern", true,
	N_("repeatable; see: saikne lists risk-catalogue")},
    {"municipality", N_("TEXT"), "municipality", false, N_("where the child lives")},
    {"age-band", N_("CODE"), "age_band", false, N_("see: saikne lists age-bands")},
    {"ground", N_("CODE"), "ground", false, N_("see: saikne lists legal-bases")},
    {"basis", "consent|law", "basis", false, N_("what permits the sharing")},
    {"reference", N_("HEX"), "reference", false, N_("of the consent; made when absent")},
    SUPPORT_OPTION,
    {"expires-days", N_("NUMBER"), "expires_days", false, N_("1 to 30 (30)")},
    {"file-number", N_("TEXT"), "file_number", false, N_("your own; it is never sent")},
    FROM_OPTION,
    {"preview", NULL, NULL, false, N_("show what would go and stay; send nothing")},
    NO_OPTION,
};
static const struct cli_option box_options[] = {
    {"state", N_("CODE"), NULL, false, N_("only tasks in this state")},
    {"limit", N_("NUMBER"), NULL, false, N_("how many (100)")},
    NO_OPTION,
};
static const struct cli_option review_options[] = {FROM_OPTION, NO_OPTION};
static const struct cli_option accept_options[] = {
    DUE_OPTION, EXPLANATION_OPTION, FROM_OPTION, NO_OPTION};
static const struct cli_option decline_options[] = {
    {"reason", N_("CODE"), "decline_reason", false, N_("see: saikne lists decline-reasons")},
    EXPLANATION_OPTION, DUE_OPTION, FROM_OPTION, NO_OPTION};
static const struct cli_option outcome_options[] = {OUTCOME_OPTION, EXPLANATION_OPTION,
    SUPPORT_OPTION,
    {"childs-view", N_("TEXT"), "childs_view", false, N_("the child's own view")}, FROM_OPTION,
    NO_OPTION};
static const struct cli_option close_options[] = {
    OUTCOME_OPTION, EXPLANATION_OPTION, FROM_OPTION, NO_OPTION};
static const struct cli_option ask_options[] = {
    {"question", N_("TEXT"), "question", false, N_("in words")}, DUE_OPTION, FROM_OPTION,
    NO_OPTION};
static const struct cli_option inform_options[] = {
    {"answer", N_("TEXT"), "answer", false, N_("in words")}, FROM_OPTION, NO_OPTION};
static const struct cli_option redirect_options[] = {
    {"kind", N_("CODE"), "redirect_kind", false, N_("see: saikne lists institution-kinds")},
    EXPLANATION_OPTION, FROM_OPTION, NO_OPTION};
static const struct cli_option follow_up_options[] = {
    {"what", N_("CODE"), "follow_up", false, N_("redirect, escalate or close")},
    EXPLANATION_OPTION, FROM_OPTION, NO_OPTION};
static const struct cli_option hold_options[] = {
    {"reason", N_("CODE"), "hold_reason", false, N_("see: saikne lists hold-reasons")},
    {"until", N_("YYYY-MM-DD"), "until", false, N_("until when")}, EXPLANATION_OPTION,
    FROM_OPTION, NO_OPTION};
static const struct cli_option cancel_options[] = {
    {"reason", N_("CODE"), "cancel_reason", false, N_("see: saikne lists cancel-reasons")},
    EXPLANATION_OPTION, FROM_OPTION, NO_OPTION};
static const struct cli_option confirm_options[] = {EXPLANATION_OPTION, FROM_OPTION, NO_OPTION};
static const struct cli_option mistake_options[] = {
    {"reason", N_("CODE"), "error_reason", false, N_("see: saikne lists error-reasons")},
    EXPLANATION_OPTION, FROM_OPTION, NO_OPTION};
static const struct cli_option receipt_options[] = {
    {"out", N_("FILE"), NULL, false, N_("a new file; - writes to standard output")}, NO_OPTION};

static const struct cli_command commands[] = {
    {.name = "status",
	.positional = "",
	.run = cli_status_run,
	.summary = N_("how this institution's service stands"),
	.help = N_("Shows the institution, the connection to the broker and what waits."),
	.example = "saikne status"},
    {.name = "directory",
	.positional = "",
	.run = cli_status_run_directory,
	.summary = N_("institutions, and to which you may refer"),
	.help = N_("Lists the institutions of the network with their codes."),
	.example = "saikne directory"},
    {.name = "refer",
	.positional = "",
	.run = cli_refer_run,
	.options = refer_options,
	.more_options = cli_request_content_options,
	.summary = N_("send a referral to one or more institutions"),
	.help = N_("Shows for each recipient which fields go and which stay, and why; then "
		   "sends. With --preview it only shows. What stands on a command line can be "
		   "seen by others on this machine and stays in the shell's history: give a "
		   "child's data by --from FILE, or --from - on standard input. Options on the "
		   "line are set over it."),
	.example =
	    "saikne refer --to social-service-riga --urgency normal "
	    "--purpose family_assessment \\\n"
	    "    --concern content_difficulty --municipality Rīga --age-band 11-14 \\\n"
	    "    --ground consent --basis consent --from child.json --preview\n\n"
	    "  child.json: {\"content\": {\"child_name\": \"...\", \"absence_lessons\": 24}}"},
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
    {.name = "review",
	.positional = N_("TASK"),
	.run = cli_act_run,
	.options = review_options,
	.summary = N_("open an offer for review: its content is released to you"),
	.help = N_("Tells the sender that you review; its service then releases the content, "
		   "so that you can accept or decline."),
	.example = "saikne review 3fa9"},
    {.name = "ask",
	.positional = N_("TASK"),
	.run = cli_act_run,
	.options = ask_options,
	.summary = N_("ask the sender for what is missing"),
	.help = N_("The task waits for the answer; you may still accept or decline it. Give "
		   "what is about the child by --from."),
	.example = "saikne ask 3fa9 --due 2026-10-01 --question 'Who lives with the child?'"},
    {.name = "inform",
	.positional = N_("TASK"),
	.run = cli_act_run,
	.options = inform_options,
	.more_options = cli_request_content_options,
	.summary = N_("answer what the recipient asked or proposed"),
	.help = N_("Answers a question on the ground of your referral; fields may be added. To "
		   "a proposed redirect it says that you still ask this institution. Give what "
		   "is about the child by --from."),
	.example = "saikne inform 3fa9 --from answer.json\n\n"
		   "  answer.json: {\"answer\": \"...\", \"content\": {\"phone\": \"...\"}}"},
    {.name = "redirect",
	.positional = N_("TASK"),
	.run = cli_act_run,
	.options = redirect_options,
	.summary = N_("propose another kind of institution"),
	.help = N_("Nothing travels on by itself: the sender decides and refers anew."),
	.example = "saikne redirect 3fa9 --kind crisis_centre --explanation 'Needs a place.'"},
    {.name = "accept",
	.positional = N_("TASK"),
	.run = cli_act_run,
	.options = accept_options,
	.summary = N_("take the task on"),
	.help = N_("Tells the sender that you take it on, by when if you know."),
	.example = "saikne accept 3fa9 --due 2026-10-01"},
    {.name = "decline",
	.positional = N_("TASK"),
	.run = cli_act_run,
	.options = decline_options,
	.summary = N_("decline it, with a reason and in words"),
	.help = N_("Both the reason and the explanation are required. --due says until when a "
		   "waiting list lasts."),
	.example = "saikne decline 3fa9 --reason out_of_area --explanation 'Lives in Ogre.'"},
    {.name = "follow-up",
	.positional = N_("TASK"),
	.run = cli_act_run,
	.options = follow_up_options,
	.summary = N_("say what follows a decline or a proposed redirect"),
	.help =
	    N_("Records what you decided and closes the task. To refer the child elsewhere, "
	       "use `saikne refer` as well."),
	.example = "saikne follow-up 3fa9 --what redirect"},
    {.name = "start",
	.positional = N_("TASK"),
	.run = cli_act_run,
	.options = accept_options,
	.summary = N_("say that work has begun"),
	.help = N_("Tells the sender; an outcome may be reported without it."),
	.example = "saikne start 3fa9"},
    {.name = "hold",
	.positional = N_("TASK"),
	.run = cli_act_run,
	.options = hold_options,
	.summary = N_("put it on hold, until a date"),
	.help = N_("Both the reason and the date are required."),
	.example = "saikne hold 3fa9 --reason child_away --until 2026-10-01"},
    {.name = "resume",
	.positional = N_("TASK"),
	.run = cli_act_run,
	.options = accept_options,
	.summary = N_("go on after a hold"),
	.help = N_("Tells the sender that work goes on."),
	.example = "saikne resume 3fa9"},
    {.name = "outcome",
	.positional = N_("TASK"),
	.run = cli_act_run,
	.options = outcome_options,
	.summary = N_("report what came of it"),
	.help = N_("Reports the outcome to the sender, who then closes the task."),
	.example = "saikne outcome 3fa9 --outcome partly_reached --from report.json"},
    {.name = "close",
	.positional = N_("TASK"),
	.run = cli_act_run,
	.options = close_options,
	.summary = N_("close a task that you sent"),
	.help = N_("Closes it after an outcome was reported."),
	.example = "saikne close 3fa9 --outcome goal_reached"},
    {.name = "release",
	.positional = N_("TASK"),
	.run = cli_act_run,
	.summary = N_("hand over content anew that did not arrive"),
	.help = N_("The content of a referral goes by itself when its recipient opens it for "
		   "review. When that came to nothing, this sends it again."),
	.example = "saikne release 3fa9"},
    {.name = "cancel",
	.positional = N_("TASK"),
	.run = cli_act_run,
	.options = cancel_options,
	.summary = N_("ask to cancel a task that you sent"),
	.help = N_("The recipient confirms. If it accepted before it could know, the "
		   "acceptance stands and this asks it to stop."),
	.example = "saikne cancel 3fa9 --reason moved_away"},
    {.name = "confirm-cancel",
	.positional = N_("TASK"),
	.run = cli_act_run,
	.options = confirm_options,
	.summary = N_("confirm that it is cancelled"),
	.help = N_("Ends the task; say in words what was done until then."),
	.example = "saikne confirm-cancel 3fa9"},
    {.name = "mistake",
	.positional = N_("TASK"),
	.run = cli_act_run,
	.options = mistake_options,
	.summary = N_("take back what was done by mistake"),
	.help = N_("By the sender: the referral was entered in error and ends; nothing is "
		   "erased. By the recipient: the last acceptance, decline or outcome is taken "
		   "back."),
	.example = "saikne mistake 3fa9 --reason wrong_step"},
    {.name = "cases",
	.positional = "",
	.run = cli_cases_run,
	.summary = N_("your cases with their tasks"),
	.help = N_("Lists this institution's own cases."),
	.example = "saikne cases"},
    {.name = "case",
	.positional = N_("CASE"),
	.run = cli_cases_run_one,
	.summary = N_("one case"),
	.help = N_("CASE is its identifier or at least 4 digits of its beginning or end."),
	.example = "saikne case 77b0"},
    {.name = "receipt",
	.positional = N_("MESSAGE"),
	.run = cli_receipt_run,
	.options = receipt_options,
	.summary = N_("save the proof that a message is in the log"),
	.help = N_("MESSAGE is the identifier that `saikne show` prints. The file is a "
		   "transparency-log proof (C2SP tlog-proof), which `saikne-audit` checks "
		   "without this service. A file that exists is not written over."),
	.example = "saikne receipt 0199f3c2a7e4b1c09d52e67718aa40f3 --out receipt.txt"},
    {.name = "watch",
	.positional = "",
	.run = cli_watch_run,
	.summary = N_("live changes, a line each, until Ctrl-C"),
	.help = N_("Connects again by itself when the service restarts."),
	.example = "saikne watch"},
    {.name = "lists",
	.positional = N_("[NAME]"),
	.run = cli_lists_run,
	.summary = N_("the lists of codes, or one of them"),
	.help = N_("Without NAME the lists are named."),
	.example = "saikne lists urgencies"},
    {.name = "fields",
	.positional = "",
	.run = cli_lists_run_fields,
	.summary = N_("the fields of messages with category and kind"),
	.help = N_("The names are those of the JSON that --from takes."),
	.example = "saikne fields"},
};

#define COMMAND_COUNT (sizeof(commands) / sizeof(commands[0]))

/* The columns that the longest operand takes. */
static unsigned
operand_columns(void)
{
	unsigned most = cli_text_width(_("COMMAND"));

	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		unsigned width = cli_text_width(lang_text(commands[i].positional));

		most = width > most ? width : most;
	}
	return most;
}

static void
print_usage(FILE *out)
{
	unsigned columns = operand_columns();

	fputs(_("saikne: work with the cases of your institution\n\n"
		"Usage: saikne [--desk PATH] [--json] [--lang lv|en] COMMAND ...\n\n"),
	    out);
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		const char *operand = lang_text(commands[i].positional);

		fprintf(out, "  %-14s %-*s  %s\n", commands[i].name, lang_pad(operand, columns),
		    operand, lang_text(commands[i].summary));
	}
	fprintf(out, "  %-14s %-*s  %s\n\n", "help", lang_pad(_("COMMAND"), columns),
	    _("COMMAND"), _("how to use it, with an example"));
	fprintf(out,
	    _("  --desk PATH  the service's socket (else SAIKNE_DESK, else %s)\n"
	      "  --json       print the service's answer as it is\n"
	      "  --lang       lv or en (else from LANG)\n\n"
	      "Exit status: 0 done, 1 refused (it says what to do), 2 usage, 3 desk not "
	      "reachable.\n"),
	    DESK_DEFAULT);
}

static void
print_options(const struct cli_option *options)
{
	for (; options != NULL && options->name != NULL; options++) {
		char left[80];

		snprintf(left, sizeof(left), "--%s %s", options->name,
		    options->value != NULL ? lang_text(options->value) : "");
		printf("  %-*s %s%s\n", lang_pad(left, 28), left, lang_text(options->help),
		    options->repeats && strstr(options->help, "repeat") == NULL
			? _("; repeatable")
			: "");
	}
}

static void
print_help(const struct cli *cli, const struct cli_command *command)
{
	printf(_("Usage: saikne %s%s%s%s\n\n"), command->name,
	    command->positional[0] != '\0' ? " " : "", lang_text(command->positional),
	    command->options != NULL ? _(" [options]") : "");
	cli_terminal_wrap(&cli->terminal, lang_text(command->help), 0);
	if (command->options != NULL) {
		putchar('\n');
		print_options(command->options);
	}
	if (command->more_options != NULL) {
		puts(
		    _("\nThe content, of which each recipient gets what its profile permits:"));
		print_options(command->more_options());
	}
	printf(_("\nExample:\n  %s\n"), command->example);
}

static const struct cli_command *
find_command(const char *name)
{
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	}
	return NULL;
}

/* Takes one of the options that stand before or after any command; the words it used. */
static int
take_common(struct cli *cli, int left, char *const *argv, bool *fault)
{
	bool has_next = left > 1;

	if (strcmp(argv[0], "--json") == 0) {
		cli->json = true;
		return 1;
	}
	if (strcmp(argv[0], "--desk") == 0) {
		*fault = !has_next;
		cli->desk_path = has_next ? argv[1] : cli->desk_path;
		return 2;
	}
	return 0;
}

/* Moves what belongs to the command to the front; gives how many words. -1: not usable. */
static int
split(struct cli *cli, int argc, char **argv)
{
	int kept = 0;

	for (int i = 1; i < argc;) {
		bool fault = false;
		int used = strcmp(argv[i], "--") == 0
		               ? 0
		               : take_common(cli, argc - i, argv + i, &fault);

		if (fault) {
			(void)cli_fail(CLI_USAGE, _("--desk needs a PATH"));
			return -1;
		}
		if (used > 0)
			i += used;
		else
			argv[kept++] = argv[i++];
	}
	return kept;
}

static enum cli_exit
run(struct cli *cli, int argc, char **argv)
{
	const struct cli_command *command = argc > 0 ? find_command(argv[0]) : NULL;
	bool help =
	    argc > 0 && (strcmp(argv[0], "help") == 0 || strcmp(argv[0], "--help") == 0);
	struct cli_arguments arguments;
	char fault[160];

	if (argc == 0 || (help && argc == 1)) {
		print_usage(argc == 0 ? stderr : stdout);
		return argc == 0 ? CLI_USAGE : CLI_DONE;
	}
	if (help && (command = find_command(argv[1])) != NULL) {
		print_help(cli, command);
		return CLI_DONE;
	}
	if (command == NULL)
		return cli_fail(CLI_USAGE, _("there is no such command; see: saikne help"));
	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		print_help(cli, command);
		return CLI_DONE;
	}
	if (!cli_arguments_read(argc - 1, argv + 1, command->options,
		command->more_options != NULL ? command->more_options() : NULL,
		command->positional, &arguments, fault))
		return cli_fail(CLI_USAGE, _("%s; see: saikne help %s"), fault, command->name);
	return command->run(cli, command, &arguments);
}

int
main(int argc, char **argv)
{
	struct cli cli = {.desk_path = getenv("SAIKNE_DESK")};
	enum cli_exit rc;
	int count;

	lang_start();
	if (!lang_take(&argc, argv))
		return (int)cli_fail(CLI_USAGE, "%s", lang_text(LANG_WANTED));
	cli.language = lang_code();
	cli_terminal_start(&cli.terminal);
	if (cli.desk_path == NULL || cli.desk_path[0] == '\0')
		cli.desk_path = DESK_DEFAULT;
	if (lists_start() != STATUS_OK)
		return (int)cli_fail(CLI_REFUSED, _("the built-in lists are damaged"));
	if ((count = split(&cli, argc, argv)) < 0)
		return CLI_USAGE;
	rc = run(&cli, count, argv);
	json_decref(cli.states);
	if (fflush(stdout) != 0 || ferror(stdout))
		return (int)cli_fail(CLI_REFUSED, _("standard output cannot be written"));
	return (int)rc;
}
