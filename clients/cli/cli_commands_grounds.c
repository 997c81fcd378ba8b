/* clients/cli/cli_commands_grounds.c: what sharing rests on: consents of families. */
#include "clients/cli/cli_commands.h"
#include "clients/cli/cli_options.h"

static const struct cli_option consent_options[] = {
    {"record", N_("RECORD"), NULL, false, N_("which one, where a case has several")},
    {"new", NULL, NULL, false, N_("a new record, although one waits for this")},
    {"text", N_("TEXT"), "text", false, N_("in words; it is kept sealed")},
    {"day", N_("YYYY-MM-DD"), "day", false, N_("when it happened (today)")},
    {"granter", N_("TEXT"), "granter", false, N_("who consents")},
    {"granter-code", N_("TEXT"), "granter_code", false, N_("their personal code")},
    {"capacity", N_("CODE"), "capacity", false, N_("see: saikne lists capacities")},
    {"granted-on", N_("YYYY-MM-DD"), "granted_on", false, N_("from when on it counts")},
    {"until", N_("YYYY-MM-DD"), "until", false, N_("its last day")},
    {"recipient", N_("CODE"), "recipients", true,
	N_("who may get it: a kind, see: saikne lists institution-kinds, or an institution")},
    {"category", N_("CODE"), "categories", true, N_("see: saikne lists categories")},
    {"for", N_("CODE"), "purposes", true, N_("see: saikne lists purposes")},
    {"birth-date", N_("YYYY-MM-DD"), NULL, false, N_("the child's, where the case has none")},
    {"childs-view", N_("TEXT"), "childs_view", false, N_("in the child's own words")},
    {"childs-view-why", N_("CODE"), "childs_view_why", false,
	N_("why there is none; see: saikne lists view-reasons")},
    {"child-consent", N_("CODE"), "child_consent", false,
	N_("see: saikne lists child-consents")},
    {"notice", N_("CODE"), NULL, false,
	N_("what the family was told, in the language of --lang; see: saikne consent notices")},
    {"interpreter", N_("TEXT"), "interpreter", false, N_("who interpreted")},
    {"method", N_("CODE"), "method", false, N_("see: saikne lists consent-methods")},
    {"joint-custody", NULL, NULL, false, N_("another has custody, too, and may object")},
    {"days", N_("NUMBER"), NULL, false, N_("of due: within how many days (14)")},
    {"html", NULL, NULL, false, N_("of receipt: one HTML file to print")}, FROM_OPTION,
    NO_OPTION};

static const struct cli_option basis_options[] = {
    {"ground", N_("CODE"), "ground", false, N_("see: saikne lists legal-bases")},
    {"provision", N_("TEXT"), "provision", false,
	N_("law: where it stands; the list's when absent")},
    {"necessity", N_("TEXT"), "necessity", false, N_("law: why it is necessary to share this")},
    {"to", N_("CODE"), "recipients", true,
	N_("an institution, or a kind of them; see: saikne lists institution-kinds")},
    {"data", N_("CODE"), "categories", true, N_("see: saikne lists categories")},
    {"purpose", N_("CODE"), "purposes", true, N_("see: saikne lists purposes")},
    {"decided-by", N_("TEXT"), "decided_by", false, N_("who decided, if not you")},
    {"family-told", N_("CODE"), "family_told", false, N_("see: saikne lists family-told")},
    {"family-text", N_("TEXT"), "family_text", false, N_("the same in words")},
    {"until", N_("YYYY-MM-DD"), "until", false, N_("its last day")},
    {"text", N_("TEXT"), "text", false, N_("why it is not shared, or ends")},
    {"record", N_("RECORD"), NULL, false, N_("which decision of the case: end, show")},
    FROM_OPTION, NO_OPTION};
static const struct cli_option provisions_options[] = {
    {"advice", N_("TEXT"), "advice", false, N_("who advised")},
    {"advised-on", N_("YYYY-MM-DD"), "advised_on", false, N_("day of the advice")}, FROM_OPTION,
    NO_OPTION};

const struct cli_command cli_commands_grounds[] = {
    {.name = "consent",
	.positional = N_("WHAT [CASE]"),
	.run = cli_consent_run,
	.options = consent_options,
	.summary = N_("record a family's consent, show it, end it"),
	.help = N_(
	    "WHAT: request (it was asked for), give, refuse, defer, renew (with a new "
	    "--until), object (another who has custody does), resolve, withdraw, invalidate; "
	    "list and show what a case has, with who got data and what they answered; receipt "
	    "is for the family to take home; notices are what families are told; due lists "
	    "what ends soon. Without flags a form asks. From 14 on the child's own consent is "
	    "needed, too; from 18 on the pupil alone consents. What ends a consent tells all "
	    "who were shown something, in the same moment."),
	.example = "saikne consent give 77b0"},
    {.name = "basis",
	.positional = N_("WHAT CASE"),
	.run = cli_basis_run,
	.options = basis_options,
	.summary = N_("decide to share by law, or not to share"),
	.help = N_("WHAT is decide, not-share, list, show or end. A decision to share names "
		   "the provision, why sharing is necessary, who decided, and whether the "
		   "family was told; what the family said of consent stands beside it. A "
		   "decision not to share is kept, and stands in the family's statement. What "
		   "ends is told to everybody who got data under it. All of it is sealed."),
	.example = "saikne basis decide 77b0 --ground public_task --to social_service "
		   "--data attendance --purpose return_to_school --necessity 'Parents away.'"},
    {.name = "provisions",
	.positional = N_("[WHAT] [CODE]"),
	.run = cli_provisions_run,
	.options = provisions_options,
	.summary = N_("which provisions of law your institution has confirmed"),
	.help =
	    N_("Our list of provisions is a reading of the law, and no advice. An "
	       "administrator confirms a row (confirm CODE) with the name and the day of "
	       "the advice that was taken, or ends that (undo CODE). Until then nothing is "
	       "shared on it; but a duty to report and vital interests work at once, with a "
	       "warning that is recorded."),
	.example = "saikne provisions confirm public_task --advice 'Advocate X' "
		   "--advised-on 2026-01-05"},
    {.name = NULL},
};
