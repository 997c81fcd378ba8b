/* clients/cli/cli_sign_in.c: signing in and out, who one is, and one's password. */
#include <string.h>

#include "clients/cli/cli_commands.h"
#include "clients/cli/cli_labels.h"
#include "clients/cli/cli_objects.h"
#include "clients/cli/cli_secret.h"
#include "clients/cli/cli_session.h"
#include "clients/cli/desk_client.h"

/* Keeps the session of ANSWER and says what came with it; takes ANSWER. */
static enum cli_exit
welcome(struct cli *cli, json_t *answer)
{
	long failed = (long)json_integer_value(json_object_get(answer, "failed"));
	enum cli_exit rc = cli_session_keep(cli, cli_string(answer, "token"));
	char until[40], since[40];

	if (rc == CLI_DONE && cli->json) {
		/* It is in its file, and in no log of what was printed. */
		(void)json_object_del(answer, "token");
		cli_print_json(cli, answer);
	} else if (rc == CLI_DONE) {
		cli_labels_time(json_object_get(answer, "expires"), until);
		cli_labels_time(json_object_get(answer, "failed_since"), since);
		printf(_("Signed in as %s (%s), until %s or half an hour of rest.\n"),
		    cli_string(answer, "user"), cli_string(answer, "role"), until);
		if (failed > 0)
			printf(
			    _("Failed attempts since %s: %ld. If that was not you, tell your "
			      "administrator.\n"),
			    since, failed);
	}
	json_decref(answer);
	return rc;
}

/* Posts BODY, which it takes, without any older session. */
static enum cli_exit
post(struct cli *cli, const char *target, json_t *body)
{
	json_t *answer;
	enum cli_exit rc;

	if (body == NULL)
		return cli_fail(CLI_REFUSED, _("memory ran out"));
	rc = desk_client_post(cli, target, body, &answer);
	json_decref(body);
	return rc == CLI_DONE ? welcome(cli, answer) : rc;
}

enum cli_exit
cli_sign_in_run(
    struct cli *cli, const struct cli_command *command, const struct cli_arguments *arguments)
{
	char login[CLI_SECRET_MAX], password[CLI_SECRET_MAX];
	const char *name = arguments->positional_count > 0 ? arguments->positional[0] : login;
	enum cli_exit rc = CLI_DONE;

	(void)command;
	if (name == login)
		rc = cli_secret_ask_shown(_("Login: "), login);
	if (rc == CLI_DONE)
		rc = cli_secret_ask(_("Password: "), password);
	if (rc == CLI_DONE)
		rc = post(cli, "/v1/session",
		    json_pack("{s:s, s:s}", "login", name, "password", password));
	explicit_bzero(password, sizeof(password));
	return rc;
}

enum cli_exit
cli_sign_in_run_out(
    struct cli *cli, const struct cli_command *command, const struct cli_arguments *arguments)
{
	json_t *answer = NULL;
	enum cli_exit rc;

	(void)command;
	(void)arguments;
	if (cli->session[0] == '\0')
		return cli_fail(CLI_REFUSED, _("you are not signed in at this desk"));
	rc = desk_client_delete(cli, "/v1/session", &answer);
	/* Even where the desk did not hear of it, nobody finds it here. */
	cli_session_forget(cli);
	if (rc == CLI_DONE && cli->json)
		cli_print_json(cli, answer);
	else if (rc == CLI_DONE)
		puts(_("Signed out."));
	json_decref(answer);
	return rc;
}

enum cli_exit
cli_sign_in_run_whoami(
    struct cli *cli, const struct cli_command *command, const struct cli_arguments *arguments)
{
	json_t *answer;
	enum cli_exit rc = desk_client_get(cli, "/v1/session", &answer);
	const char *by;
	char until[40];

	(void)command;
	(void)arguments;
	if (rc != CLI_DONE)
		return rc;
	by = cli_string(answer, "by");
	cli_labels_time(json_object_get(answer, "expires"), until);
	if (cli->json)
		cli_print_json(cli, answer);
	else if (strcmp(by, "session") == 0)
		printf(_("%s (%s), signed in until %s\n"), cli_string(answer, "user"),
		    cli_string(answer, "role"), until);
	else
		printf(_("%s (%s), by your unix user\n"), cli_string(answer, "user"),
		    cli_string(answer, "role"));
	json_decref(answer);
	return rc;
}

static enum cli_exit
ask_twice(char out[static CLI_SECRET_MAX])
{
	char again[CLI_SECRET_MAX];
	enum cli_exit rc = cli_secret_ask(_("New password (12 characters at least): "), out);

	if (rc == CLI_DONE)
		rc = cli_secret_ask(_("The same again: "), again);
	if (rc == CLI_DONE && strcmp(out, again) != 0)
		rc = cli_fail(CLI_USAGE, _("the two are not the same; nothing was changed"));
	explicit_bzero(again, sizeof(again));
	return rc;
}

enum cli_exit
cli_sign_in_run_password(
    struct cli *cli, const struct cli_command *command, const struct cli_arguments *arguments)
{
	const char *login = cli_arguments_text(arguments, "login");
	char old[CLI_SECRET_MAX], fresh[CLI_SECRET_MAX];
	enum cli_exit rc;

	(void)command;
	if (login == NULL && cli->session[0] == '\0')
		return cli_fail(CLI_USAGE,
		    _("sign in first, or choose your first password by the administrator's "
		      "code: saikne password --login LOGIN"));
	rc = login != NULL ? cli_secret_ask_shown(_("The administrator's code: "), old)
	                   : cli_secret_ask(_("Present password: "), old);
	if (rc == CLI_DONE)
		rc = ask_twice(fresh);
	if (rc == CLI_DONE && login != NULL)
		rc = post(cli, "/v1/enrol",
		    json_pack(
			"{s:s, s:s, s:s}", "login", login, "code", old, "password", fresh));
	else if (rc == CLI_DONE)
		rc = post(cli, "/v1/password",
		    json_pack("{s:s, s:s}", "password", old, "new_password", fresh));
	explicit_bzero(old, sizeof(old));
	explicit_bzero(fresh, sizeof(fresh));
	return rc;
}
