/* clients/cli/cli_receipt.c: receipt: saves the proof that a message is in the log. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "clients/cli/cli_commands.h"
#include "clients/cli/desk_client.h"
#include "protocol/host/lang.h"

/* A receipt is evidence: a file that is there is never written over. */
static enum cli_exit
save(const char *path, const struct buffer *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	FILE *out = fd >= 0 ? fdopen(fd, "w") : NULL;
	bool ok;

	if (out == NULL) {
		int error = errno;

		if (fd >= 0)
			close(fd);
		return cli_fail(
		    CLI_USAGE, _("cannot make the file of --out: %s"), strerror(error));
	}
	ok = fwrite(text->data, 1, text->len, out) == text->len;
	ok = fclose(out) == 0 && ok;
	if (ok)
		return CLI_DONE;
	(void)unlink(path); /* half a receipt would mislead */
	return cli_fail(CLI_REFUSED, _("cannot write the file of --out; is the disk full?"));
}

/* With --json: where the proof is now, and the proof itself. */
static void
print_saved(const struct cli *cli, const char *path, const struct buffer *text)
{
	json_t *said = json_pack("{s:s, s:o}", "out", path, "proof",
	    json_stringn((const char *)text->data, text->len));

	cli_print_json(cli, said);
	json_decref(said);
}

enum cli_exit
cli_receipt_run(
    struct cli *cli, const struct cli_command *command, const struct cli_arguments *arguments)
{
	const char *message = arguments->positional[0];
	const char *path = cli_arguments_text(arguments, "out");
	struct buffer text = {0};
	char target[128];
	enum cli_exit rc;

	if (!desk_client_is_name(message))
		return cli_fail(
		    CLI_USAGE, _("MESSAGE is the identifier that `saikne show` prints"));
	if (path == NULL)
		return cli_fail(
		    CLI_USAGE, _("say where to: --out FILE (saikne help %s)"), command->name);
	snprintf(target, sizeof(target), "/v1/messages/%s/receipt", message);
	rc = desk_client_text(cli, target, &text);
	if (rc == CLI_DONE && strcmp(path, "-") == 0 && !cli->json)
		fwrite(text.data, 1, text.len, stdout);
	else if (rc == CLI_DONE && strcmp(path, "-") != 0)
		rc = save(path, &text);
	if (rc == CLI_DONE && cli->json)
		print_saved(cli, path, &text);
	buffer_free(&text);
	return rc;
}
