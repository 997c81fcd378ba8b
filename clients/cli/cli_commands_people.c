/* clients/cli/cli_commands_people.c: who one is at this desk, and who else works here. */
#include "clients/cli/cli_commands.h"
#include "clients/cli/cli_options.h"

#define ROLE_OPTION                                                                            \
	{                                                                                      \
		"role", N_("CODE"), NULL, false,                                               \
		    N_("specialist, case_manager, supervisor, head, auditor or administrator") \
	}

static const struct cli_option password_options[] = {
    {"login", N_("LOGIN"), NULL, false,
	N_("choose the first password, by the administrator's code")},
    NO_OPTION};
static const struct cli_option people_options[] = {ROLE_OPTION, NO_OPTION};
static const struct cli_option token_options[] = {ROLE_OPTION,
    {"days", N_("NUMBER"), NULL, false, N_("how long it holds, 1 to 365")}, NO_OPTION};

const struct cli_command cli_commands_people[] = {
    {.name = "sign-in",
	.positional = N_("[LOGIN]"),
	.run = cli_sign_in_run,
	.summary = N_("sign in with your account"),
	.help = N_("The password is asked for and not shown. The session is kept for the "
		   "commands that follow in a file that only you can read, for 12 hours at "
		   "most and half an hour of rest. Who works by a role of their unix user does "
		   "not need it."),
	.example = "saikne sign-in janis"},
    {.name = "sign-out",
	.positional = "",
	.run = cli_sign_in_run_out,
	.summary = N_("end your session at this desk"),
	.help = N_("The session ends at the desk, and its file is removed."),
	.example = "saikne sign-out"},
    {.name = "whoami",
	.positional = "",
	.run = cli_sign_in_run_whoami,
	.summary = N_("who you are to this desk, and until when"),
	.help = N_("By your session, or by your unix user where there is none."),
	.example = "saikne whoami"},
    {.name = "password",
	.positional = "",
	.run = cli_sign_in_run_password,
	.options = password_options,
	.summary = N_("choose your password"),
	.help = N_("12 characters at least; a sentence is good. The first one is chosen by the "
		   "code that the administrator hands over; later the present password is "
		   "asked for. All your other sessions end."),
	.example = "saikne password --login janis"},
    {.name = "people",
	.positional = N_("[WHAT] [LOGIN]"),
	.run = cli_people_run,
	.options = people_options,
	.summary = N_("who works here; an administrator changes it"),
	.help = N_("Without WHAT the people are listed. An administrator adds (add LOGIN "
		   "--role CODE), gives another role (role LOGIN --role CODE), disables, "
		   "enables, and resets who lost a password. Nobody is ever removed, since "
		   "records refer to them; a change ends the person's sessions."),
	.example = "saikne people add janis --role specialist"},
    {.name = "token",
	.positional = N_("[WHAT] [WHICH]"),
	.run = cli_people_run_token,
	.options = token_options,
	.summary = N_("let another program of the house in"),
	.help = N_("An administrator makes a token (add NAME --role CODE --days NUMBER), which "
		   "is shown once, lists them (list) and ends them (revoke NO.). What a "
		   "program does by it is recorded as its own. It is never an administrator."),
	.example = "saikne token add e-klase --role case_manager --days 90"},
    {.name = NULL},
};
