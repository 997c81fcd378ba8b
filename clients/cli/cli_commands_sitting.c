/* clients/cli/cli_commands_sitting.c: sittings of cooperation groups, and what is on their agenda. */
#include "clients/cli/cli_commands.h"
#include "clients/cli/cli_options.h"
#include "clients/cli/cli_request.h"

static const struct cli_option conference_options[] = {
    {"group", N_("CODE"), "group", false, N_("see: saikne lists cooperation-groups")},
    {"with", N_("CODE"), "with", true, N_("another member; see: saikne directory")},
    {"purpose", N_("CODE"), "purpose", false, N_("see: saikne lists purposes")},
    {"municipality", N_("TEXT"), "municipality", false, N_("whose group it is")},
    {"secretary", N_("CODE"), "secretary", false, N_("the member that writes the minutes")},
    {"follows", N_("TASK"), "follows", false,
	N_("propose: an earlier sitting, whose group and members are taken")},
    {"starts", N_("YYYY-MM-DD"), "starts", false, N_("convene: the day")},
    {"time", N_("HH:MM"), "time", false, N_("convene: the hour in Riga")},
    {"place", N_("TEXT"), "place", false, N_("convene: where, without a name")},
    {"absence-reason", N_("CODE"), "absence_reason", false,
	N_("will-not-come; see: saikne lists absence-reasons")},
    {"party", N_("CODE"), "party", false, N_("delegate: the member that sits for you")},
    {"present", N_("CODE"), "parties", true, N_("held, inquorate: who was there")},
    {"cancel-reason", N_("CODE"), "cancel_reason", false,
	N_("call-off; see: saikne lists cancel-reasons")},
    {"matter", N_("MATTER"), NULL, true, N_("sign: one of those to be signed")},
    {"yes", NULL, NULL, false, N_("do not ask again")}, FROM_OPTION, NO_OPTION};

static const struct cli_option matter_options[] = {
    {"convening", N_("CODE"), "convening", false,
	N_("put; see: saikne lists convening-grounds")},
    {"purpose", N_("CODE"), "purpose", false, N_("put; the sitting's when absent")},
    {"age-band", N_("CODE"), "age_band", false, N_("put; see: saikne lists age-bands")},
    {"case", N_("CASE"), "case", false, N_("put: a case of your own")},
    {"about", N_("TASK"), "about", false, N_("put: a case over institutions")},
    {"earlier", N_("MATTER"), "earlier", false,
	N_("put: at which specialists said that they could not solve it")},
    {"question", N_("TEXT"), "question", false, N_("put: what is to be decided")},
    {"result", N_("CODE"), "result", false,
	N_("decide, minutes; see: saikne lists sitting-results")},
    {"decision", N_("TEXT"), "decision", false, N_("decide, minutes: in words")},
    {"discussion", N_("TEXT"), "discussion", false, N_("minutes: what was said")},
    {"minutes", N_("MESSAGE"), "minutes", false,
	N_("sign, dissent, correct, final: those you have read")},
    {"cancel-reason", N_("CODE"), "cancel_reason", false,
	N_("drop; see: saikne lists cancel-reasons")},
    {"without", N_("CODE"), NULL, true,
	N_("print: leaves a category out; signatures can be checked all the same")},
    {"html", NULL, NULL, false, N_("print: one HTML file")}, ATTACH_OPTION, GROUND_OPTIONS,
    FROM_OPTION, NO_OPTION};

const struct cli_command cli_commands_sitting[] = {
    {.name = "conference",
	.positional = N_("WHAT [TASK]"),
	.run = cli_sitting_run,
	.options = conference_options,
	.summary = N_("propose a sitting of a cooperation group, convene and hold it"),
	.help =
	    N_("WHAT: propose (with --group and --with), list, show; convene (again for "
	       "another day); will-come, will-not-come, delegate; held or inquorate on its day "
	       "at the earliest; call-off; sign shows which minutes wait for you and signs all "
	       "of them at once, or those of --matter; calendar gives an entry for a calendar, "
	       "without any name. The group says who "
	       "sits in it, who chairs and how many are needed. Cases are put on the agenda "
	       "by: saikne matter put. A sitting that follows another (--follows) has its "
	       "group and members."),
	.example = "saikne conference propose --group specialists --with skola-1 --with tiesa "
		   "--purpose support_measures --municipality Ventspils"},
    {.name = "matter",
	.positional = N_("WHAT TASK"),
	.run = cli_sitting_run_matter,
	.options = matter_options,
	.more_options = cli_request_content_options,
	.summary = N_("put a case on the agenda, decide on it, sign its minutes"),
	.help =
	    N_("WHAT: put (TASK is the sitting), show, report, drop; decide once it was held; "
	       "minutes circulates them, or corrected ones, and what is known already need "
	       "not be said again; correct, sign or dissent is said of those circulated last, "
	       "and of no others; final by the chair; print gives them with each signature "
	       "checked at that moment, --html for paper, --json for others to check."),
	.example = "saikne matter sign 77b0"},
    {.name = NULL},
};
