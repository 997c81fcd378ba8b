/* clients/cli/cli_commands_inner.c: inside the institution: own cases, who holds them, looks. */
#include "clients/cli/cli_commands.h"
#include "clients/cli/cli_options.h"
#include "clients/cli/cli_request.h"

static const struct cli_option new_options[] = {
    {"file-number", N_("TEXT"), "file_number", false, N_("your own; it is never sent")},
    {"label", N_("TEXT"), "labels", true, N_("a word of your own")}, FROM_OPTION, NO_OPTION};
static const struct cli_option note_options[] = {
    {"text", N_("TEXT"), "text", false, N_("in words")},
    {"corrects", N_("NUMBER"), "corrects", false, N_("the note that this one puts right")},
    FROM_OPTION, NO_OPTION};
static const struct cli_option label_options[] = {
    {"file-number", N_("TEXT"), "file_number", false, N_("your own; it is never sent")},
    {"label", N_("TEXT"), "labels", true, N_("a word of your own")}, FROM_OPTION, NO_OPTION};
static const struct cli_option household_options[] = {
    {"with", N_("CASE"), "with", false, N_("another case of the household")},
    {"leave", NULL, NULL, false, N_("it is of no household any more")}, FROM_OPTION, NO_OPTION};
static const struct cli_option assign_options[] = {
    {"to", N_("NAME"), "person", false, N_("the name they sign in with")},
    {"why", N_("TEXT"), "why", false, N_("in words")}, FROM_OPTION, NO_OPTION};
static const struct cli_option hand_options[] = {
    {"to", N_("NAME"), "to", false, N_("the name they sign in with")},
    {"why", N_("TEXT"), "why", false, N_("in words")}, FROM_OPTION, NO_OPTION};
static const struct cli_option duty_options[] = {
    {"person", N_("NAME"), "person", false, N_("the name they sign in with")},
    {"from-time", N_("TIME"), "from", false, N_("from when (now)")},
    {"until", N_("TIME"), "until", false, N_("until when")}, FROM_OPTION, NO_OPTION};
static const struct cli_option glass_options[] = {
    {"case", N_("CASE"), "case", false, N_("a case; whole, where no list of yours has it")},
    {"task", N_("TASK"), "task", false, N_("a task; whole, where no list of yours has it")},
    {"file-number", N_("TEXT"), "file_number", false, N_("your own file number, whole")},
    {"reason", N_("TEXT"), "reason", false, N_("in words, by --from")}, FROM_OPTION, NO_OPTION};

static const struct cli_option access_options[] = {
    {"case", N_("CASE"), NULL, false, N_("only looks at this case")},
    {"person", N_("NAME"), NULL, false, N_("the name they sign in with")},
    {"limit", N_("NUMBER"), NULL, false, N_("how many (10000)")},
    {"after", N_("CURSOR"), NULL, false,
	N_("go on where an earlier answer said that there is more")},
    NO_OPTION};
static const struct cli_option glass_list_options[] = {
    {"after", N_("CURSOR"), NULL, false,
	N_("go on where an earlier answer said that there is more")},
    NO_OPTION};

static const struct cli_option erase_options[] = {
    {"reason", N_("CODE"), "reason", false, N_("see: saikne lists erasure-reasons")},
    {"task", N_("TASK"), NULL, false, N_("this task of the case alone")},
    {"yes", NULL, NULL, false, N_("do not ask again")}, NO_OPTION};
static const struct cli_option again_options[] = {
    {"yes", NULL, NULL, false, N_("do not ask again")}, NO_OPTION};
static const struct cli_option retention_options[] = {
    {"days", N_("NUMBER"), NULL, false, N_("also those whose time ends within so many days")},
    {"after", N_("CURSOR"), NULL, false,
	N_("go on where an earlier answer said that there is more")},
    NO_OPTION};

static const struct cli_option box_options[] = {
    {"state", N_("CODE"), NULL, false, N_("only tasks in this state")},
    {"limit", N_("NUMBER"), NULL, false, N_("how many (100)")}, NO_OPTION};

const struct cli_command cli_commands_inner[] = {
    {.name = "mailbox",
	.positional = "",
	.run = cli_boxes_run,
	.options = box_options,
	.summary = N_("what came in and nobody has taken"),
	.help = N_("For case managers, supervisors, heads and whoever is on duty."),
	.example = "saikne mailbox"},
    {.name = "case-new",
	.positional = "",
	.run = cli_inner_run,
	.options = new_options,
	.more_options = cli_request_content_options,
	.summary = N_("begin a case of your own, without sending anything"),
	.help = N_("Give what is about the child by --from."),
	.example = "saikne case-new --file-number 2026/31 --from child.json"},
    {.name = "note",
	.positional = N_("CASE"),
	.run = cli_inner_run,
	.options = note_options,
	.more_options = cli_request_content_options,
	.summary = N_("add a note to a case"),
	.help = N_("A note stands as it was written; --corrects N says that a later one puts "
		   "it right. Fields given become the case's own."),
	.example = "saikne note 77b0 --from note.json"},
    {.name = "label",
	.positional = N_("CASE"),
	.run = cli_inner_run,
	.options = label_options,
	.summary = N_("set a case's own file number and labels"),
	.help = N_("Both are yours alone and go to nobody."),
	.example = "saikne label 77b0 --label brothers"},
    {.name = "household",
	.positional = N_("CASE"),
	.run = cli_inner_run,
	.options = household_options,
	.summary = N_("link a case with another of the same household"),
	.help = N_("Only who knows both cases sees it."),
	.example = "saikne household 77b0 --with 0f3c"},
    {.name = "assign",
	.positional = N_("CASE"),
	.run = cli_inner_run,
	.options = assign_options,
	.summary = N_("give a case to somebody"),
	.help = N_("It is theirs from then on; its author still knows it."),
	.example = "saikne assign 77b0 --to liga"},
    {.name = "take",
	.positional = N_("CASE"),
	.run = cli_inner_run,
	.summary = N_("take a case from the mailbox"),
	.help = N_("Whoever acts on it first takes it, too."),
	.example = "saikne take 77b0"},
    {.name = "give-back",
	.positional = N_("CASE"),
	.run = cli_inner_run,
	.summary = N_("give a case back to the mailbox"),
	.help = N_("What nobody holds is seen by case managers and whoever is on duty."),
	.example = "saikne give-back 77b0"},
    {.name = "hand-over",
	.positional = N_("PERSON"),
	.run = cli_inner_run,
	.options = hand_options,
	.summary = N_("hand all cases of somebody over to somebody else"),
	.help = N_("For supervisors and heads, where somebody leaves."),
	.example = "saikne hand-over anna --to liga"},
    {.name = "holdings",
	.positional = "",
	.run = cli_inner_run_list,
	.summary = N_("who holds how many cases"),
	.help = N_("For supervisors and heads; who left and still holds some stands out."),
	.example = "saikne holdings"},
    {.name = "duty",
	.positional = "",
	.run = cli_inner_run_list,
	.summary = N_("who is on duty, and who will be"),
	.help = N_("Who is on duty sees the mailbox."),
	.example = "saikne duty"},
    {.name = "duty-set",
	.positional = "",
	.run = cli_inner_run,
	.options = duty_options,
	.summary = N_("put somebody on the duty roster"),
	.help = N_("For supervisors and heads. Times are in UTC."),
	.example = "saikne duty-set --person liga --until 2026-11-23T08:00:00Z"},
    {.name = "duty-end",
	.positional = N_("NUMBER"),
	.run = cli_inner_run,
	.summary = N_("end a duty, or take it off the roster"),
	.help = N_("For supervisors and heads; its number stands in `saikne duty`."),
	.example = "saikne duty-end 7"},
    {.name = "break-glass",
	.positional = "",
	.run = cli_inner_run,
	.options = glass_options,
	.summary = N_("open a case in an emergency"),
	.help =
	    N_("For three hours; supervisors and heads are told at once, with the reason. Name "
	       "the case by one of --case, --task and --file-number."),
	.example = "saikne break-glass --file-number 2026/17 --from reason.json"},
    {.name = "broken-glass",
	.positional = "",
	.run = cli_inner_run_list,
	.options = glass_list_options,
	.summary = N_("who opened a case in an emergency"),
	.help = N_("For supervisors and heads."),
	.example = "saikne broken-glass"},
    {.name = "glass-seen",
	.positional = N_("NUMBER"),
	.run = cli_inner_run,
	.summary = N_("say that you have seen an emergency opening"),
	.help = N_("Its number stands in `saikne broken-glass`."),
	.example = "saikne glass-seen 12"},
    {.name = "retention",
	.positional = "",
	.run = cli_inner_run_list,
	.options = retention_options,
	.summary = N_("which cases need not be kept any longer"),
	.help = N_("For supervisors and heads. How long what is kept says `saikne lists "
		   "retention`; a case is kept as long as the longest of what it holds, from "
		   "its last step or note."),
	.example = "saikne retention --days 30"},
    {.name = "erase",
	.positional = N_("CASE"),
	.run = cli_erase_run,
	.options = erase_options,
	.summary = N_("make what a case says unreadable for good"),
	.help = N_("For supervisors and heads. Nobody can take it back: messages, notes and "
		   "documents open no more, and no search finds the case. That it was there, "
		   "when and with whom stays, and receipts still prove it. A backup holds the "
		   "key until it expires."),
	.example = "saikne erase 77b0 --reason retention"},
    {.name = "erase-again",
	.positional = N_("FILE"),
	.run = cli_erase_run_again,
	.options = again_options,
	.summary = N_("erase again what a restored backup brought back"),
	.help = N_("For supervisors and heads, before anyone else works there. FILE is what "
		   "`saikne erasures --json` gave last; what is erased already is passed by, "
		   "and what cannot be erased is told."),
	.example = "saikne erase-again erasures.jsonl"},
    {.name = "erasures",
	.positional = "",
	.run = cli_inner_run_list,
	.options = glass_list_options,
	.summary = N_("what was erased, by whom and why"),
	.help = N_("For auditors, supervisors and heads. Keep its --json beside your backups: "
		   "after a restore, what it names is erased again."),
	.example = "saikne erasures --json > erasures.jsonl"},
    {.name = "access",
	.positional = "",
	.run = cli_inner_run_list,
	.options = access_options,
	.summary = N_("who looked at what, and when"),
	.help = N_("For auditors, supervisors and heads; with --json a line for each look, as "
		   "other programs take it. Reading it is recorded."),
	.example = "saikne access --json > access.jsonl"},
    {.name = NULL},
};
