/* clients/cli/cli_commands_prove.c: proof of what was sent, and what a family is told. */
#include "clients/cli/cli_commands.h"
#include "clients/cli/cli_options.h"

static const struct cli_option receipt_options[] = {
    {"out", N_("FILE"), NULL, false, N_("a new file; - writes to standard output")}, NO_OPTION};
static const struct cli_option history_options[] = {
    {"with", N_("DIGEST"), NULL, false,
	N_("compare with the digest that another institution reads out")},
    {"set-aside", N_("INSTITUTION"), NULL, false,
	N_("ask no more for what it says it has, and nobody brought")},
    NO_OPTION};
static const struct cli_option disclosure_options[] = {
    {"html", NULL, NULL, false, N_("as one HTML file to print, instead of text")}, NO_OPTION};
static const struct cli_option withhold_options[] = {
    {"message", N_("MESSAGE"), "message", false,
	N_("as `saikne show` prints it, or its first 8 digits or more")},
    {"reason", N_("CODE"), "reason", false, N_("see: saikne lists withhold-reasons")},
    {"text", N_("TEXT"), "text", false, N_("in words; it is kept sealed")},
    {"undo", NULL, NULL, false, N_("tell it again")}, FROM_OPTION, NO_OPTION};

const struct cli_command cli_commands_prove[] = {
    {.name = "receipt",
	.positional = N_("MESSAGE"),
	.run = cli_receipt_run,
	.options = receipt_options,
	.summary = N_("save the proof that a message is in the log"),
	.help = N_("MESSAGE is the identifier that `saikne show` prints, or its first 8 digits "
		   "or more. The file is a "
		   "transparency-log proof (C2SP tlog-proof), which `saikne-audit` checks "
		   "without this service. A file that exists is not written over."),
	.example = "saikne receipt 0199f3c2a7e4b1c09d52e67718aa40f3 --out receipt.txt"},
    {.name = "history",
	.positional = N_("TASK"),
	.run = cli_history_run,
	.options = history_options,
	.summary = N_("show the history that institutions share, and who agrees with it"),
	.help = N_("TASK is what several institutions share, or something in it. "
		   "Every entry has a digest of all up to it: two institutions with the same "
		   "digest have the same history. What lacks is asked for by itself; read "
		   "your digests out to each other when you want to be sure."),
	.example = "saikne history 77b0 --with '210c1cc7 1c24e53e 642a5872 f500dbe0 9380119a "
		   "c9003306 c9c8c903 50f9dd59'"},
    {.name = "disclosure",
	.positional = N_("CASE"),
	.run = cli_disclosure_run,
	.options = disclosure_options,
	.summary = N_("write the statement for a family: who got which data, and why"),
	.help =
	    N_("For the child's family, to print: which institutions were given which kinds "
	       "of data and which gave them, when, on which legal ground, and what was not "
	       "shared. It names kinds of data, never what is written there. Each statement "
	       "has a number and is recorded. --lang chooses its language, whatever yours is."),
	.example = "saikne disclosure 77b0 --lang lv --html > statement.html"},
    {.name = "withhold",
	.positional = N_("CASE"),
	.run = cli_withhold_run,
	.options = withhold_options,
	.summary = N_("leave a message out of that statement, for a recorded reason"),
	.help = N_("Only where the law permits it, as where a child would be in danger. The "
		   "reason, your words and who decided are kept sealed. --undo tells it again. "
		   "Without --message it lists what was decided."),
	.example = "saikne withhold 77b0 --message 0199f3c2a7e4 --reason child_safety "
		   "--text 'She fears her father.'"},
    {.name = NULL},
};
