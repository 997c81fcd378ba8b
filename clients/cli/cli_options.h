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
/* Ends a table of options. */
#define NO_OPTION                                                                              \
	{                                                                                      \
		NULL, NULL, NULL, false, NULL                                                  \
	}

#endif
