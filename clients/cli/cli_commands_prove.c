/* clients/cli/cli_commands_prove.c: proof of what was sent, and what a family is told. */
#include "clients/cli/cli_commands.h"
#include "clients/cli/cli_options.h"

static const struct cli_option receipt_options[] = {
    {"out", N_("FILE"), NULL, false, N_("a new file; - writes to standard output")}, NO_OPTION};

const struct cli_command cli_commands_prove[] = {
    {.name = "receipt",
	.positional = N_("MESSAGE"),
	.run = cli_receipt_run,
	.options = receipt_options,
	.summary = N_("save the proof that a message is in the log"),
	.help = N_("MESSAGE is the identifier that `saikne show` prints. The file is a "
		   "transparency-log proof (C2SP tlog-proof), which `saikne-audit` checks "
		   "without this service. A file that exists is not written over."),
	.example = "saikne receipt 0199f3c2a7e4b1c09d52e67718aa40f3 --out receipt.txt"},
    {.name = NULL},
};
