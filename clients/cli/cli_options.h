/* clients/cli/cli_options.h: options that several commands have, as rows for their tables. */
#ifndef SAIKNE_CLI_OPTIONS_H
#define SAIKNE_CLI_OPTIONS_H

#include "clients/cli/cli_arguments.h"
#include "protocol/host/lang.h"

#define FROM_OPTION                                                                            \
	{                                                                                      \
		"from", N_("FILE"), NULL, false,                                               \
		    N_("the request as JSON; - reads standard input, so nothing stands in "    \
		       "`ps`")                                                                 \
	}
#define EXPLANATION_OPTION                                                                     \
	{                                                                                      \
		"explanation", N_("TEXT"), "explanation", false, N_("in words")                \
	}
#define OUTCOME_OPTION                                                                         \
	{                                                                                      \
		"outcome", N_("CODE"), "outcome", false, N_("see: saikne lists outcomes")      \
	}
#define SUPPORT_OPTION                                                                         \
	{                                                                                      \
		"support", N_("CODE"), "support", true,                                        \
		    N_("see: saikne lists support-providers")                                  \
	}
#define DUE_OPTION                                                                             \
	{                                                                                      \
		"due", N_("YYYY-MM-DD"), "due", false, N_("by when")                           \
	}
#define ATTACH_OPTION                                                                          \
	{                                                                                      \
		"attach", N_("FILE"), NULL, true,                                              \
		    N_("a document to go along; FILE:CATEGORY, or else of the proceedings")    \
	}
/* What sharing rests on, wherever an act has a ground of its own. */
#define GROUND_OPTIONS                                                                         \
	{"ground", N_("CODE"), "ground", false, N_("see: saikne lists legal-bases")},          \
	    {"basis", "consent|law", "basis", false,                                           \
		N_("what permits the sharing; follows from the ground")},                      \
	    {"record", N_("RECORD"), "record", false,                                          \
		N_("a consent or decision already on file in the case")},                      \
	    {"necessity", N_("TEXT"), "necessity", false,                                      \
		N_("law: why it is necessary to share this")},                                 \
	    {"provision", N_("TEXT"), "provision", false,                                      \
		N_("law: where it stands; the list's when absent")},                           \
	    {"family-told", N_("CODE"), "family_told", false,                                  \
		N_("law: whether the family was told, or why not")},                           \
	{                                                                                      \
		"consent", N_("FILE"), NULL, false,                                            \
		    N_("the consent as it was given, as JSON; it is recorded")                 \
	}
/* Ends a table of options. */
#define NO_OPTION                                                                              \
	{                                                                                      \
		NULL, NULL, NULL, false, NULL                                                  \
	}

#endif
