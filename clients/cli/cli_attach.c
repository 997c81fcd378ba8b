/* clients/cli/cli_attach.c: documents: brought beside an act, listed, fetched into a file. */
#include "clients/cli/cli_attach.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "clients/cli/cli_commands.h"
#include "clients/cli/cli_find.h"
#include "clients/cli/cli_prompt.h"
#include "clients/cli/desk_client.h"
#include "protocol/host/lang.h"
#include "protocol/wire/message.h"

#define PART_MAX (2 * 1024 * 1024)
#define BAR      30

/* ---- How far it is ----------------------------------------------------------------------- */

/* A bar on standard error, once a second has passed, where a person looks. */
struct progress {
	struct timespec began;
	uint64_t size;
	bool shown;
};

static void
show(struct progress *progress, uint64_t done)
{
	struct timespec now;
	unsigned full = progress->size == 0 ? BAR : (unsigned)(done * BAR / progress->size);

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (!isatty(STDERR_FILENO) ||
	    (!progress->shown && now.tv_sec - progress->began.tv_sec < 1))
		return;
	progress->shown = true;
	fprintf(stderr, "\r[%.*s%*s] %3u %%", (int)full, "##############################",
	    (int)(BAR - full), "",
	    progress->size == 0 ? 100 : (unsigned)(done * 100 / progress->size));
	if (done >= progress->size)
		fputc('\n', stderr);
}

/* ---- Bringing ---------------------------------------------------------------------------- */

/* "FILE:health": what follows the last colon is a category only if it is one. */
static enum category
split(const char *text, char *path, size_t size)
{
	const char *colon = strrchr(text, ':');
	enum category category = CATEGORY_PROCEEDINGS;
	size_t len = strlen(text);

	if (colon != NULL && category_named(bytes_of_text(colon + 1), &category))
		len = (size_t)(colon - text);
	snprintf(path, size, "%.*s", (int)len, text);
	return category;
}

static enum cli_exit
bring_parts(struct cli *cli, int fd, uint64_t size, json_t **state)
{
	struct progress progress = {.size = size};
	char target[128];
	uint8_t *part = malloc(PART_MAX);
	enum cli_exit rc = part == NULL ? cli_fail(CLI_REFUSED, _("memory ran out")) : CLI_DONE;

	clock_gettime(CLOCK_MONOTONIC, &progress.began);
	while (rc == CLI_DONE && !json_is_true(json_object_get(*state, "whole"))) {
		json_int_t offset = json_integer_value(json_object_get(*state, "offset"));
		ssize_t got = pread(fd, part, PART_MAX, (off_t)offset);
		json_t *next = NULL;

		if (got <= 0) {
			rc = cli_fail(CLI_REFUSED, _("the file of --attach cannot be read"));
			break;
		}
		snprintf(target, sizeof(target), "/v1/attachments/%s?offset=%lld",
		    cli_string(*state, "attachment"), (long long)offset);
		rc = desk_client_put(cli, target, (struct bytes){part, (size_t)got}, &next);
		if (rc != CLI_DONE)
			break;
		json_decref(*state);
		*state = next;
		show(
		    &progress, (uint64_t)json_integer_value(json_object_get(*state, "offset")));
	}
	if (part != NULL)
		explicit_bzero(part, PART_MAX);
	free(part);
	return rc;
}

static enum cli_exit
name_in(json_t *request, json_t *id)
{
	static const char member[] = "attachments";

	if ((json_object_get(request, member) == NULL &&
		json_object_set_new(request, member, json_array()) != 0) ||
	    json_array_append(json_object_get(request, member), id) != 0)
		return cli_fail(CLI_REFUSED, _("memory ran out"));
	return CLI_DONE;
}

static enum cli_exit
bring_one(
    struct cli *cli, const char *text, const struct cli_attach_place *place, json_t *request)
{
	char path[4096];
	enum category category = split(text, path, sizeof(path));
	const char *slash = strrchr(path, '/');
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat file;
	json_t *begin, *state = NULL;
	enum cli_exit rc;

	if (fd < 0 || fstat(fd, &file) != 0 || !S_ISREG(file.st_mode)) {
		rc = cli_fail(CLI_USAGE, _("cannot read the file of --attach: %s"),
		    fd < 0 ? strerror(errno) : _("not a file"));
		if (fd >= 0)
			close(fd);
		return rc;
	}
	begin = json_pack("{s:s, s:s, s:I}", "name", slash != NULL ? slash + 1 : path,
	    "category", category_name((uint64_t)category), "size", (json_int_t)file.st_size);
	rc = begin == NULL ? cli_fail(CLI_USAGE, _("--%s is not UTF-8 text"), "attach")
	                   : CLI_DONE;
	if (rc == CLI_DONE && place->member != NULL &&
	    json_object_set_new(begin, place->member, json_string(place->id)) != 0)
		rc = cli_fail(CLI_REFUSED, _("memory ran out"));
	if (rc == CLI_DONE)
		rc = desk_client_post(cli, "/v1/attachments", begin, &state);
	if (rc == CLI_DONE)
		rc = bring_parts(cli, fd, (uint64_t)file.st_size, &state);
	if (rc == CLI_DONE)
		rc = name_in(request, json_object_get(state, "attachment"));
	json_decref(begin);
	json_decref(state);
	close(fd);
	return rc;
}

enum cli_exit
cli_attach_bring(struct cli *cli, const struct cli_arguments *arguments,
    const struct cli_attach_place *place, json_t *request)
{
	enum cli_exit rc = CLI_DONE;

	for (unsigned i = 0; rc == CLI_DONE && i < arguments->count; i++) {
		if (strcmp(arguments->values[i].option->name, "attach") == 0)
			rc = bring_one(cli, arguments->values[i].text, place, request);
	}
	return rc;
}

enum cli_exit
cli_attach_ask(struct cli *cli, const struct cli_attach_place *place, json_t *request)
{
	char line[CLI_PROMPT_LINE_MAX];
	enum cli_exit rc;

	cli_prompt_head(
	    cli, _("Documents"), _("a file, or FILE:CATEGORY, a line each; Enter ends"));
	while ((rc = cli_prompt_line("> ", line)) == CLI_DONE && line[0] != '\0') {
		rc = bring_one(cli, line, place, request);
		if (rc != CLI_DONE && rc != CLI_USAGE && rc != CLI_REFUSED)
			return rc;
	}
	return rc;
}

/* ---- Listing, fetching ------------------------------------------------------------------- */

enum cli_exit
cli_attach_run_list(
    struct cli *cli, const struct cli_command *command, const struct cli_arguments *arguments)
{
	char id[CLI_FIND_ID_MAX + 1], target[128];
	json_t *task = NULL, *one;
	enum cli_exit rc = cli_find_task(cli, arguments->positional[0], id);
	size_t i;

	(void)command;
	if (rc != CLI_DONE)
		return rc;
	snprintf(target, sizeof(target), "/v1/tasks/%s", id);
	if ((rc = desk_client_get(cli, target, &task)) != CLI_DONE)
		return rc;
	if (cli->json) {
		cli_print_json(cli, json_object_get(task, "attachments"));
	} else {
		json_array_foreach(json_object_get(task, "attachments"), i, one)
		{
			printf("%s  %-6s %10lld  %-12s ", cli_string(one, "attachment"),
			    cli_string(one, "type"),
			    (long long)json_integer_value(json_object_get(one, "size")),
			    cli_string(one, "by"));
			cli_terminal_put(stdout, cli_string(one, "name"));
			putchar('\n');
		}
		if (json_array_size(json_object_get(task, "attachments")) == 0)
			puts(_("This task has no documents here."));
	}
	json_decref(task);
	return CLI_DONE;
}

static void
show_fetched(void *state, uint64_t done)
{
	show(state, done);
}

/* New and for its owner alone; what is there already is left as it is. */
enum cli_exit
cli_attach_run_fetch(
    struct cli *cli, const struct cli_command *command, const struct cli_arguments *arguments)
{
	const char *id = arguments->positional[0];
	const char *out = cli_arguments_text(arguments, "out");
	char target[160], path[4096];
	struct progress progress = {0};
	json_t *state = NULL;
	enum cli_exit rc;
	int fd;

	(void)command;
	if (!desk_client_is_name(id) || strlen(id) > 64)
		return cli_fail(
		    CLI_USAGE, _("not a document's number: see saikne attachments"));
	snprintf(target, sizeof(target), "/v1/attachments/%s/state", id);
	if ((rc = desk_client_get(cli, target, &state)) != CLI_DONE)
		return rc;
	/* Never the sender's name: the number, and what the content shows it to be. */
	snprintf(path, sizeof(path), out != NULL ? "%s" : "%s.%s", out != NULL ? out : id,
	    cli_string(state, "type"));
	progress.size = (uint64_t)json_integer_value(json_object_get(state, "size"));
	clock_gettime(CLOCK_MONOTONIC, &progress.began);
	json_decref(state);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return cli_fail(CLI_REFUSED, _("%s cannot be made: %s"), path, strerror(errno));
	snprintf(target, sizeof(target), "/v1/attachments/%s", id);
	rc = desk_client_download(cli, target, fd, show_fetched, &progress);
	if (close(fd) != 0 && rc == CLI_DONE)
		rc = cli_fail(CLI_REFUSED, _("%s cannot be made: %s"), path, strerror(errno));
	if (rc != CLI_DONE)
		(void)unlink(path);
	else if (!cli->json)
		printf(_("Fetched into %s\n"), path);
	return rc;
}
