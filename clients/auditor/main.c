/* clients/auditor/main.c: saikne-audit: the table of commands, which also prints the usage. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "clients/auditor/audit.h"
#include "protocol/base/suite.h"
#include "protocol/host/oplog.h"
#include "protocol/lists/lists.h"

#define OPTION_NUMBER(field, flag, value) OPTION_##field,
enum option { AUDIT_OPTIONS(OPTION_NUMBER) OPTION_COUNT };
#undef OPTION_NUMBER

#define OPTION_ROW(field, flag, value) {flag, value, offsetof(struct audit_options, field)},
static const struct {
	const char *flag, *value;
	size_t offset;
} options[] = {AUDIT_OPTIONS(OPTION_ROW)};
#undef OPTION_ROW

#define TAKES(field) (1U << OPTION_##field)

static const struct command {
	const char *name;
	enum audit_exit (*run)(const struct audit_options *options);
	const char *argument; /* NULL: takes none */
	unsigned needs, may;  /* sets of options */
	bool json;
	const char *purpose;
} commands[] = {
    {"sync", audit_sync, NULL, TAKES(network) | TAKES(keys) | TAKES(log), TAKES(code), false,
	N_("fetch what is new in the log and prove it against the signed checkpoint")},
    {"verify", audit_verify, NULL, TAKES(network) | TAKES(log), 0, true,
	N_("check the whole copy again, offline: every signature, rule, ground and time")},
    {"search", audit_search, NULL, TAKES(log),
	TAKES(party) | TAKES(type) | TAKES(case_token) | TAKES(id) | TAKES(kind) |
	    TAKES(since) | TAKES(until),
	true, N_("list entries; all that is given must fit")},
    {"show", audit_show, N_("INDEX"), TAKES(log), 0, true, N_("one entry in full")},
    {"prove", audit_prove, N_("INDEX|ID"), TAKES(log) | TAKES(out), 0, false,
	N_("write a proof (C2SP tlog-proof) that the entry is in the log")},
    {"checkpoint", audit_checkpoint, NULL, TAKES(log) | TAKES(out), 0, false,
	N_("write the newest signed checkpoint, to compare with what others were shown")},
    {"vkey", audit_vkey, NULL, TAKES(network), 0, false,
	N_("print the log's verifier key, for other tools")},
    {"verify-receipt", audit_receipt, N_("FILE"), TAKES(network), TAKES(log), false,
	N_("what a receipt proves, offline; with --log the sender's signature too")},
    {"export", audit_export, NULL, TAKES(log) | TAKES(format) | TAKES(out), 0, false,
	N_("write all entries as a table")},
    {"status", audit_status, NULL, TAKES(log), 0, true, N_("what this copy holds")},
};

static void
print_command(FILE *out, const struct command *command)
{
	fprintf(out, "  %s%s%s", command->name, command->argument != NULL ? " " : "",
	    command->argument != NULL ? lang_text(command->argument) : "");
	for (size_t o = 0; o < OPTION_COUNT; o++)
		if ((command->needs >> o & 1) != 0)
			fprintf(out, " %s %s", options[o].flag, lang_text(options[o].value));
	for (size_t o = 0; o < OPTION_COUNT; o++)
		if ((command->may >> o & 1) != 0)
			fprintf(out, " [%s %s]", options[o].flag, lang_text(options[o].value));
	fprintf(out, "%s\n      %s\n", command->json ? " [--json]" : "",
	    lang_text(command->purpose));
}

static void
print_notes(FILE *out)
{
	fprintf(out,
	    _("\nA log's copy (DB) is made by sync and read by the rest, offline. TIME is\n"
	      "2026-11-22 or 2026-11-22T08:00:00Z. DIR holds transport.key and the file "
	      "party.\n"
	      "Ends with 0: verified or done; 1: not verified or refused; 2: wrong use; 3: "
	      "the\n"
	      "broker could not be reached. Language: --lang lv or --lang en.\n"));
}

static void
print_usage(FILE *out)
{
	fprintf(out, _("saikne-audit reads a network's log and checks it. Commands:\n"));
	for (size_t c = 0; c < sizeof(commands) / sizeof(commands[0]); c++) {
		fputc('\n', out);
		print_command(out, &commands[c]);
	}
	print_notes(out);
}

static int
wrong(const char *text, const char *what)
{
	fprintf(stderr, _("saikne-audit: %s: %s; see saikne-audit help\n"), text, what);
	return AUDIT_USAGE;
}

static const struct command *
find_command(const char *name)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

/* The option FLAG if COMMAND takes it; OPTION_COUNT otherwise. */
static size_t
find_option(const struct command *command, const char *flag)
{
	size_t o;

	for (o = 0; o < OPTION_COUNT; o++)
		if (strcmp(options[o].flag, flag) == 0)
			break;
	if (o < OPTION_COUNT && ((command->needs | command->may) >> o & 1) == 0)
		return OPTION_COUNT;
	return o;
}

static int
parse(const struct command *command, char **argv, struct audit_options *out)
{
	for (; *argv != NULL; argv++) {
		const size_t o = find_option(command, *argv);

		if (command->json && strcmp(*argv, "--json") == 0) {
			out->json = true;
		} else if (o < OPTION_COUNT) {
			if (argv[1] == NULL)
				return wrong(*argv, _("its value is missing"));
			memcpy((char *)out + options[o].offset, &argv[1], sizeof(argv[1]));
			argv++;
		} else if ((*argv)[0] == '-' || command->argument == NULL ||
			   out->argument != NULL) {
			return wrong(*argv, _("not taken by this command"));
		} else {
			out->argument = *argv;
		}
	}
	if (command->argument != NULL && out->argument == NULL)
		return wrong(lang_text(command->argument), _("is missing"));
	for (size_t o = 0; o < OPTION_COUNT; o++) {
		const char *value;

		memcpy(&value, (const char *)out + options[o].offset, sizeof(value));
		if ((command->needs >> o & 1) != 0 && value == NULL)
			return wrong(options[o].flag, _("is missing"));
	}
	return AUDIT_OK;
}

int
main(int argc, char **argv)
{
	struct audit_options given = {0};
	const struct command *command;
	int rc;

	lang_start();
	if (!lang_take(&argc, argv)) {
		fprintf(stderr, "saikne-audit: %s\n", lang_text(LANG_WANTED));
		return AUDIT_USAGE;
	}
	if (argc < 2) {
		print_usage(stderr);
		return AUDIT_USAGE;
	}
	if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0) {
		print_usage(stdout);
		return AUDIT_OK;
	}
	if ((command = find_command(argv[1])) == NULL)
		return wrong(argv[1], _("no such command"));
	if (argc >= 3 && strcmp(argv[2], "--help") == 0) {
		print_command(stdout, command);
		print_notes(stdout);
		return AUDIT_OK;
	}
	if ((rc = parse(command, argv + 2, &given)) != AUDIT_OK)
		return rc;
	oplog_start("saikne-audit", OPLOG_WARNING);
	if (suite_start() != STATUS_OK || lists_start() != STATUS_OK) {
		fprintf(stderr, _("saikne-audit: cannot start\n"));
		return AUDIT_FAILED;
	}
	rc = (int)command->run(&given);
	/* A full disk behind a pipe or a file must not pass for success. */
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fprintf(stderr, _("saikne-audit: the output could not be written\n"));
		return AUDIT_FAILED;
	}
	return rc;
}
