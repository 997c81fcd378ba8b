/* clients/cli/cli_commands_answer.c: what the recipient of a task does: review, accept, report. */
#include "clients/cli/cli_commands.h"
#include "clients/cli/cli_options.h"

static const struct cli_option review_options[] = {FROM_OPTION, NO_OPTION};
static const struct cli_option accept_options[] = {
    DUE_OPTION, EXPLANATION_OPTION, FROM_OPTION, NO_OPTION};
static const struct cli_option decline_options[] = {
    {"reason", N_("CODE"), "decline_reason", false, N_("see: saikne lists decline-reasons")},
    EXPLANATION_OPTION, DUE_OPTION, FROM_OPTION, NO_OPTION};
static const struct cli_option ask_options[] = {
    {"question", N_("TEXT"), "question", false, N_("in words")}, DUE_OPTION, FROM_OPTION,
    NO_OPTION};
static const struct cli_option redirect_options[] = {
    {"kind", N_("CODE"), "redirect_kind", false, N_("see: saikne lists institution-kinds")},
    EXPLANATION_OPTION, FROM_OPTION, NO_OPTION};
static const struct cli_option hold_options[] = {
    {"reason", N_("CODE"), "hold_reason", false, N_("see: saikne lists hold-reasons")},
    {"until", N_("YYYY-MM-DD"), "until", false, N_("until when")}, EXPLANATION_OPTION,
    FROM_OPTION, NO_OPTION};
static const struct cli_option outcome_options[] = {OUTCOME_OPTION, EXPLANATION_OPTION,
    SUPPORT_OPTION,
    {"childs-view", N_("TEXT"), "childs_view", false, N_("the child's own view")},
    ATTACH_OPTION, FROM_OPTION, NO_OPTION};
static const struct cli_option confirm_options[] = {EXPLANATION_OPTION, FROM_OPTION, NO_OPTION};

const struct cli_command cli_commands_answer[] = {
    {.name = "review",
	.positional = N_("TASK"),
	.run = cli_act_run,
	.options = review_options,
	.summary = N_("open an offer for review: its content is released to you"),
	.help = N_("Tells the sender that you review; its service then releases the content, "
		   "so that you can accept or decline."),
	.example = "saikne review 3fa9"},
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
    {.name = "ask",
	.positional = N_("TASK"),
	.run = cli_act_run,
	.options = ask_options,
	.summary = N_("ask the sender for what is missing"),
	.help = N_("The task waits for the answer; you may still accept or decline it. Give "
		   "what is about the child by --from."),
	.example = "saikne ask 3fa9 --due 2026-10-01 --question 'Who lives with the child?'"},
    {.name = "redirect",
	.positional = N_("TASK"),
	.run = cli_act_run,
	.options = redirect_options,
	.summary = N_("propose another kind of institution"),
	.help = N_("Nothing travels on by itself: the sender decides and refers anew."),
	.example = "saikne redirect 3fa9 --kind crisis_centre --explanation 'Needs a place.'"},
    {.name = "start",
	.positional = N_("TASK"),
	.run = cli_act_run,
	.options = accept_options,
	.summary = N_("say that work has begun"),
	.help = N_("Tells the sender; an outcome may be reported without it. Of an "
		   "information request it says that you prepare an answer."),
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
    {.name = "confirm-cancel",
	.positional = N_("TASK"),
	.run = cli_act_run,
	.options = confirm_options,
	.summary = N_("confirm that it is cancelled"),
	.help = N_("Ends the task; say in words what was done until then."),
	.example = "saikne confirm-cancel 3fa9"},
    {.name = NULL},
};
