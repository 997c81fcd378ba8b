/* clients/cli/cli_commands_tasks.c: information requests and notices: ask, answer, tell. */
#include "clients/cli/cli_commands.h"
#include "clients/cli/cli_options.h"

static const struct cli_option request_options[] = {
    {"to", N_("CODE"), "to", true,
	N_("the recipient; repeat it for several (saikne directory)")},
    {"urgency", N_("CODE"), "urgency", false, N_("immediate, urgent or normal")},
    {"purpose", N_("CODE"), "purpose", false, N_("see: saikne lists purposes")},
    {"municipality", N_("TEXT"), "municipality", false, N_("where the child lives")},
    {"age-band", N_("CODE"), "age_band", false, N_("see: saikne lists age-bands")},
    GROUND_OPTIONS,
    {"asked", N_("CODE"), "asked", true, N_("repeatable; see: saikne lists categories")},
    DUE_OPTION,
    FROM_OPTION,
    {"preview", NULL, NULL, false, N_("show what would go and stay; send nothing")},
    NO_OPTION,
};
static const struct cli_option notice_options[] = {
    {"to", N_("CODE"), "to", true,
	N_("the recipient; repeat it for several (saikne directory)")},
    {"urgency", N_("CODE"), "urgency", false, N_("immediate, urgent or normal")},
    {"purpose", N_("CODE"), "purpose", false, N_("see: saikne lists purposes")},
    {"municipality", N_("TEXT"), "municipality", false, N_("where the child lives")},
    {"age-band", N_("CODE"), "age_band", false, N_("see: saikne lists age-bands")},
    GROUND_OPTIONS,
    {"incident", N_("CODE"), "incident", true, N_("repeatable; see: saikne lists incidents")},
    {"date", N_("YYYY-MM-DD"), "event_date", false, N_("when it happened")},
    {"place", N_("TEXT"), "place", false, N_("where, without an address")},
    {"handling", N_("CODE"), "handling", false, N_("see: saikne lists handling")},
    {"event", N_("CODE"), "custody_event", false, N_("see: saikne lists custody-events")},
    {"decision-date", N_("YYYY-MM-DD"), "decision_date", false, N_("of the decision")},
    {"valid-from", N_("YYYY-MM-DD"), "valid_from", false, N_("from when it holds")},
    {"valid-until", N_("YYYY-MM-DD"), "valid_until", false, N_("until when it holds")},
    {"all-holders", NULL, NULL, false, N_("custody: it is about every parent")},
    {"participants", NULL, NULL, false,
	N_("custody: also to everyone who shares a task of the case")},
    {"concern", N_("CODE"), "concern", true,
	N_("repeatable; see: saikne lists risk-catalogue")},
    {"corrects", N_("TASK"), "corrects", false, N_("your notice that this one replaces")},
    ATTACH_OPTION,
    FROM_OPTION,
    {"preview", NULL, NULL, false, N_("show what would go and stay; send nothing")},
    NO_OPTION,
};
static const struct cli_option answer_options[] = {
    GROUND_OPTIONS, ATTACH_OPTION, FROM_OPTION, NO_OPTION};
static const struct cli_option refuse_options[] = {
    {"reason", N_("CODE"), "refusal_reason", false, N_("see: saikne lists refusal-reasons")},
    EXPLANATION_OPTION, FROM_OPTION, NO_OPTION};
static const struct cli_option withdraw_options[] = {
    {"reason", N_("CODE"), "cancel_reason", false, N_("see: saikne lists cancel-reasons")},
    EXPLANATION_OPTION, FROM_OPTION, NO_OPTION};
static const struct cli_option acknowledge_options[] = {
    {"done", N_("CODE"), "done", true, N_("repeatable; see: saikne lists notice-actions")},
    EXPLANATION_OPTION, FROM_OPTION, NO_OPTION};
static const struct cli_option take_up_options[] = {
    {"done", N_("CODE"), "done", true, N_("repeatable; see: saikne lists notice-actions")},
    FROM_OPTION, NO_OPTION};
static const struct cli_option disagree_options[] = {
    {"dispute", N_("CODE"), "dispute", false, N_("see: saikne lists disputes")},
    EXPLANATION_OPTION, GROUND_OPTIONS, FROM_OPTION, NO_OPTION};
static const struct cli_option level_options[] = {EXPLANATION_OPTION, FROM_OPTION, NO_OPTION};
static const struct cli_option no_options[] = {NO_OPTION};
static const struct cli_option answer_stop_options[] = {
    {"answer", N_("CODE"), "stop_answer", false, N_("see: saikne lists stop-answers")},
    {"ground", N_("CODE"), "ground", false, N_("of what stays or is used further")},
    {"record", N_("RECORD"), "record", false,
	N_("a consent or decision already on file in the case")},
    {"necessity", N_("TEXT"), "necessity", false, N_("law: why it must be kept or used")},
    {"provision", N_("TEXT"), "provision", false,
	N_("law: where it stands; the list's when absent")},
    {"family-told", N_("CODE"), "family_told", false,
	N_("law: whether the family was told, or why not")},
    FROM_OPTION, NO_OPTION};

const struct cli_command cli_commands_tasks[] = {
    {.name = "request",
	.positional = "",
	.run = cli_refer_run,
	.options = request_options,
	.summary = N_("ask institutions for information"),
	.help = N_("Says which data you ask for, why and by when, on a ground of your own. The "
		   "child's name, the question and why it is necessary are given by --from."),
	.example =
	    "saikne request --to police --urgency normal --purpose safety --asked offence \\\n"
	    "    --municipality Ventspils --age-band 11-14 --ground legal_duty \\\n"
	    "    --due 2026-12-01 --from ask.json\n\n"
	    "  ask.json: {\"necessity\": \"...\", \"content\": {\"child_name\": \"...\", "
	    "\"question\": \"...\"}}"},
    {.name = "answer",
	.positional = N_("TASK"),
	.run = cli_act_run,
	.options = answer_options,
	.summary = N_("answer an information request"),
	.help =
	    N_("The answer rests on a ground of your own, not on that of the question. Give "
	       "what is about the child by --from. A document of a category that was not "
	       "asked for is refused."),
	.example = "saikne answer 3fa9 --ground legal_duty --from answer.json\n\n"
		   "  answer.json: {\"necessity\": \"...\", \"answer\": \"...\", \"content\": "
		   "{\"behaviour\": \"...\"}}"},
    {.name = "refuse",
	.positional = N_("TASK"),
	.run = cli_act_run,
	.options = refuse_options,
	.summary = N_("refuse to answer a request, with a reason and in words"),
	.help = N_("Both the reason and the explanation are required."),
	.example = "saikne refuse 3fa9 --reason not_held --explanation 'Not known to us.'"},
    {.name = "withdraw",
	.positional = N_("TASK"),
	.run = cli_act_run,
	.options = withdraw_options,
	.summary = N_("withdraw a request that you sent"),
	.help = N_("An answer that was given before it was known stands."),
	.example = "saikne withdraw 3fa9 --reason no_longer_needed"},
    {.name = "notice",
	.positional = N_("[KIND]"),
	.run = cli_refer_run,
	.options = notice_options,
	.summary = N_("tell institutions what they did not ask for"),
	.help =
	    N_("KIND is incident (the police), custody (an orphan's court), status (a social "
	       "service) or concern. What is about the child, a decision's number, and in "
	       "a custody statement whose custody it is (custody_person, "
	       "custody_person_code), is given by --from. `--handling do_not_alert_family` is "
	       "for the state police. "
	       "--attach sends a document along, such as the signed decision: "
	       "decision.asice:custody."),
	.example = "saikne notice incident --to school --urgency urgent --incident runaway \\\n"
		   "    --date 2026-11-20 --place Centrs --municipality Ventspils \\\n"
		   "    --age-band 11-14 --ground legal_duty --from child.json"},
    {.name = "acknowledge",
	.positional = N_("TASK"),
	.run = cli_act_run,
	.options = acknowledge_options,
	.summary = N_("acknowledge a notice: say what was done"),
	.help = N_("Tells its sender what you did with it; words are optional."),
	.example = "saikne acknowledge 3fa9 --done staff_informed"},
    {.name = "answer-stop",
	.positional = N_("TASK"),
	.run = cli_act_run,
	.options = answer_stop_options,
	.summary = N_("answer what becomes of data whose ground was stopped"),
	.help =
	    N_("`continuing` and `retained` rest on a record of your own in the case that is "
	       "in force and covers what came: name it by --record, or by --ground alone; or "
	       "say --ground and --necessity, and it is recorded. "
	       "`deleted` erases here what came under the stopped ground, for good. A later "
	       "answer replaces an earlier one."),
	.example = "saikne answer-stop 3fa9 --answer retained --ground legal_duty \\\n"
		   "    --necessity 'Kept until the decision is final.'"},
    {.name = "disagree",
	.positional = N_("TASK"),
	.run = cli_disagree_run,
	.options = disagree_options,
	.summary = N_("raise a disagreement about a task"),
	.help =
	    N_("It goes to the task's other institution and lies in the same case; the task "
	       "stays as it is. Without a ground of its own it rests on that of the task. What "
	       "nobody settles in time climbs by itself: to the supervisors, the heads, the "
	       "management group. The other side answers by `reply`; you end it by `settle`."),
	.example =
	    "saikne disagree 3fa9 --dispute declined --explanation 'This is your task.'"},
    {.name = "reply",
	.positional = N_("TASK"),
	.run = cli_act_run,
	.options = level_options,
	.summary = N_("answer a disagreement"),
	.help = N_("What you propose stands in the text. Whoever the level is of answers."),
	.example = "saikne reply 3fa9 --explanation 'We take it from Monday on.'"},
    {.name = "climb",
	.positional = N_("TASK"),
	.run = cli_act_run,
	.options = no_options,
	.summary = N_("take a disagreement one level higher"),
	.help = N_("Either side may, at any time; no level is skipped."),
	.example = "saikne climb 3fa9"},
    {.name = "settle",
	.positional = N_("TASK"),
	.run = cli_act_run,
	.options = level_options,
	.summary = N_("end a disagreement that you raised"),
	.help = N_("Words are optional."),
	.example = "saikne settle 3fa9 --explanation 'They take it.'"},
    {.name = "take-up",
	.positional = N_("TASK"),
	.run = cli_act_run,
	.options = take_up_options,
	.summary = N_("take up what stays overdue, for the management group"),
	.help = N_("Of the institution that chairs the group, its supervisor or head says what "
		   "is done."),
	.example = "saikne take-up 3fa9 --done case_opened"},
    {.name = NULL},
};
