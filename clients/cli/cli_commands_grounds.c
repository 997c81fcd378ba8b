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
    {.name = NULL},
};
