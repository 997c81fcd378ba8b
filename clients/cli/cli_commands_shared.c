/* clients/cli/cli_commands_shared.c: what several institutions do together: cases, actions. */
#include "clients/cli/cli_commands.h"
#include "clients/cli/cli_options.h"

static const struct cli_option coordinate_options[] = {
    {"with", N_("CODE"), "with", true,
	N_("open: another institution; repeat it for several (saikne directory)")},
    {"case", N_("CASE"), "case", false, N_("open: an own case that it joins")},
    {"urgency", N_("CODE"), "urgency", false, N_("immediate, urgent or normal")},
    {"purpose", N_("CODE"), "purpose", false, N_("see: saikne lists purposes")},
    {"concern", N_("CODE"), "concern", true,
	N_("repeatable; see: saikne lists risk-catalogue")},
    {"municipality", N_("TEXT"), "municipality", false, N_("where the child lives")},
    {"age-band", N_("CODE"), "age_band", false, N_("see: saikne lists age-bands")},
    {"parties", N_("CODE"), "parties", true, N_("add: an institution; repeatable")},
    {"party", N_("CODE"), "party", false,
	N_("remove, hand-over, offer-lead: the institution (saikne directory)")},
    DUE_OPTION,
    {"leave-reason", N_("CODE"), "leave_reason", false, N_("see: saikne lists leave-reasons")},
    {"transfer-reason", N_("CODE"), "transfer_reason", false,
	N_("see: saikne lists transfer-reasons")},
    {"claim-reason", N_("CODE"), "claim_reason", false, N_("see: saikne lists claim-reasons")},
    {"reopen-reason", N_("CODE"), "reopen_reason", false,
	N_("see: saikne lists reopen-reasons")},
    {"link-kind", N_("CODE"), "link_kind", false, N_("see: saikne lists link-kinds")},
    {"other", N_("TASK"), "other", false, N_("link: the other case")},
    OUTCOME_OPTION,
    GROUND_OPTIONS,
    ATTACH_OPTION,
    FROM_OPTION,
    {"preview", NULL, NULL, false, N_("show what would go and stay; send nothing")},
    NO_OPTION,
};
static const struct cli_option action_options[] = {
    {"party", N_("CODE"), "party", false, N_("assign: who is to do it (saikne directory)")},
    {"role", N_("CODE"), "role", false, N_("see: saikne lists roles")},
    {"urgency", N_("CODE"), "urgency", false, N_("immediate, urgent or normal")},
    DUE_OPTION,
    {"matter", N_("TASK"), "matter", false,
	N_("assign: the matter of a sitting at which it was decided")},
    {"decline-reason", N_("CODE"), "decline_reason", false,
	N_("see: saikne lists decline-reasons")},
    {"fail-reason", N_("CODE"), "fail_reason", false, N_("see: saikne lists fail-reasons")},
    {"cancel-reason", N_("CODE"), "cancel_reason", false,
	N_("see: saikne lists cancel-reasons")},
    EXPLANATION_OPTION,
    GROUND_OPTIONS,
    ATTACH_OPTION,
    FROM_OPTION,
    NO_OPTION,
};

const struct cli_command cli_commands_shared[] = {
    {.name = "coordinate",
	.positional = N_("WHAT [TASK]"),
	.run = cli_coordinate_run,
	.options = coordinate_options,
	.summary = N_("lead a case together with other institutions, or take part in one"),
	.help = N_(
	    "WHAT is open (a case that you lead, with those named by --with), list, show, "
	    "report (tell all members); add, remove, close, reopen, link, offer-lead and "
	    "revoke-lead (only who leads); take-lead and reject-lead (whom the lead was "
	    "offered to); leave and hand-over (other members). Where who leads is suspended, "
	    "dissolved or silent, another member says claim-lead: who leads may object by "
	    "revoke-lead until the day --due is over (the third working day, where none is "
	    "said); after that who claimed says take-lead. reject-lead withdraws a claim. TASK "
	    "is the case as list shows it. Everything is one message to all members; each sees "
	    "of it what its profile "
	    "and the ground let it have. Give what is about the child by --from."),
	.example =
	    "saikne coordinate open --with school-2 --with orphans-court \\\n"
	    "    --urgency normal --purpose family_assessment --ground legal_duty \\\n"
	    "    --municipality Ventspils --age-band 11-14 --concern truancy --from case.json\n"
	    "saikne coordinate offer-lead 3fa9 --party school-2 --due 2026-12-01\n"
	    "saikne coordinate claim-lead 3fa9 --claim-reason suspended"},
    {.name = "action",
	.positional = N_("WHAT [TASK]"),
	.run = cli_action_run,
	.options = action_options,
	.summary = N_("assign an action to a member of a case, do it, verify it"),
	.help = N_("WHAT is list; assign (TASK is the case), verify, return and withdraw (only "
		   "who leads); accept, decline, start, done and fail (whom it was assigned "
		   "to). A due date before today is refused. An action that was declined waits "
		   "until who leads withdraws it."),
	.example = "saikne action assign 3fa9 --party school-2 --urgency normal \\\n"
		   "    --due 2026-12-01 --explanation 'Talk to the family.'\n"
		   "saikne action done 77b0 --explanation 'We talked on Monday.'"},
    {.name = NULL},
};
