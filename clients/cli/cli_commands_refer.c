/* clients/cli/cli_commands_refer.c: what the sender of a task does: refer, inform, cancel, close. */
#include "clients/cli/cli_commands.h"
#include "clients/cli/cli_options.h"
#include "clients/cli/cli_request.h"

static const struct cli_option refer_options[] = {
    {"to", N_("CODE"), "to", true,
	N_("the recipient; repeat it for several (saikne directory)")},
    {"urgency", N_("CODE"), "urgency", false, N_("immediate, urgent or normal")},
    {"purpose", N_("CODE"), "purpose", false, N_("see: saikne lists purposes")},
    {"concern", N_("CODE"), "concern", true,
	N_("repeatable; see: saikne lists risk-catalogue")},
    {"municipality", N_("TEXT"), "municipality", false, N_("where the child lives")},
    {"age-band", N_("CODE"), "age_band", false, N_("see: saikne lists age-bands")},
    GROUND_OPTIONS,
    SUPPORT_OPTION,
    {"expires-days", N_("NUMBER"), "expires_days", false, N_("1 to 30 (30)")},
    {"file-number", N_("TEXT"), "file_number", false, N_("your own; it is never sent")},
    ATTACH_OPTION,
    FROM_OPTION,
    {"preview", NULL, NULL, false, N_("show what would go and stay; send nothing")},
    NO_OPTION,
};
static const struct cli_option inform_options[] = {
    {"answer", N_("TEXT"), "answer", false, N_("in words")}, ATTACH_OPTION, FROM_OPTION,
    NO_OPTION};
static const struct cli_option follow_up_options[] = {
    {"what", N_("CODE"), "follow_up", false, N_("redirect, escalate or close")},
    EXPLANATION_OPTION, FROM_OPTION, NO_OPTION};
static const struct cli_option cancel_options[] = {
    {"reason", N_("CODE"), "cancel_reason", false, N_("see: saikne lists cancel-reasons")},
    EXPLANATION_OPTION, FROM_OPTION, NO_OPTION};
static const struct cli_option mistake_options[] = {
    {"reason", N_("CODE"), "error_reason", false, N_("see: saikne lists error-reasons")},
    {"message", N_("MESSAGE"), "message", false,
	N_("of what several institutions share: which report, as `saikne show` prints it")},
    EXPLANATION_OPTION, FROM_OPTION, NO_OPTION};
static const struct cli_option close_options[] = {
    OUTCOME_OPTION, EXPLANATION_OPTION, FROM_OPTION, NO_OPTION};

const struct cli_command cli_commands_refer[] = {
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
	    "saikne refer --to social-service --urgency normal "
	    "--purpose family_assessment \\\n"
	    "    --concern content_difficulty --municipality Ventspils --age-band 11-14 \\\n"
	    "    --ground consent --consent consent.json --from child.json --preview\n\n"
	    "  child.json: {\"content\": {\"child_name\": \"...\", \"absence_lessons\": 24}}"},
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
    {.name = "follow-up",
	.positional = N_("TASK"),
	.run = cli_act_run,
	.options = follow_up_options,
	.summary = N_("say what follows a decline or a proposed redirect"),
	.help =
	    N_("Records what you decided and closes the task. To refer the child elsewhere, "
	       "use `saikne refer` as well."),
	.example = "saikne follow-up 3fa9 --what redirect"},
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
    {.name = "mistake",
	.positional = N_("TASK"),
	.run = cli_act_run,
	.options = mistake_options,
	.summary = N_("take back what was done by mistake"),
	.help =
	    N_("By the sender: the referral was entered in error and ends; nothing is "
	       "erased. By the recipient: the last acceptance, decline or outcome is taken "
	       "back. Of what several institutions share: a report of yours, which --message "
	       "names; nobody is shown it any more."),
	.example = "saikne mistake 3fa9 --reason wrong_step"},
    {.name = "close",
	.positional = N_("TASK"),
	.run = cli_act_run,
	.options = close_options,
	.summary = N_("close a task that you sent"),
	.help = N_("Closes it after an outcome was reported."),
	.example = "saikne close 3fa9 --outcome goal_reached"},
    {.name = NULL},
};
