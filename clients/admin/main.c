/* clients/admin/main.c: saikne-admin: the table of commands, which also prints their usage. */
#include <stdio.h>
#include <string.h>

#include "clients/admin/admin_commands.h"
#include "clients/admin/admin_line.h"
#include "clients/admin/admin_say.h"
#include "protocol/base/suite.h"
#include "protocol/host/lang.h"
#include "protocol/host/oplog.h"
#include "protocol/lists/lists.h"

/* ---- The table -------------------------------------------------------------------------- */

#define REQUIRED(n, v, text)                                                                   \
	{                                                                                      \
		.name = (n), .value = (v), .required = true, .help = (text)                    \
	}
#define OPTIONAL(n, v, text)                                                                   \
	{                                                                                      \
		.name = (n), .value = (v), .required = false, .help = (text)                   \
	}
#define END                                                                                    \
	{                                                                                      \
		.name = NULL                                                                   \
	}

#define NETWORK      REQUIRED("network", N_("FILE"), N_("network.conf, as the authority gave it"))
#define ROOT         REQUIRED("root", N_("DIR"), N_("the folder of root.key, kept offline else"))
#define OUT          REQUIRED("out", N_("FILE"), N_("the file to make; nothing is written over"))
#define AS_REGISTRAR REQUIRED("as", N_("DIR"), N_("the registrar's folder of keys"))
#define REASON       REQUIRED("reason", N_("WORD"), N_("a short code that all see, no personal data"))

static const struct admin_option init_options[] = {
    REQUIRED("network", N_("CODE"), N_("the network's name, of a-z, 0-9 and '-'")),
    REQUIRED("broker", "tcp://HOST:PORT", N_("where institutions reach the broker")),
    REQUIRED("log", N_("NAME"), N_("the log's name for auditors, such as example.lv/saikne")),
    END,
};
static const struct admin_option certify_options[] = {
    ROOT,
    NETWORK,
    REQUIRED(
	"keys", N_("DIR"), N_("the new registrar's folder; keys are made there when absent")),
    OPTIONAL("days", "N", N_("how long it serves; 90, which is also the longest")),
    OUT,
    END,
};
static const struct admin_option request_options[] = {
    NETWORK,
    REQUIRED("code", N_("CODE"), N_("the institution's code, of a-z, 0-9 and '-'")),
    REQUIRED("kind", N_("KIND"), N_("of lists/institution-kinds.csv, or auditor")),
    REQUIRED("name", N_("NAME"), N_("its name")),
    OPTIONAL("municipality", N_("NAME"), N_("its municipality")),
    REQUIRED("keys", N_("DIR"), N_("its folder of keys; those absent are made")),
    OUT,
    END,
};
static const struct admin_option approve_options[] = {
    ROOT,
    NETWORK,
    REQUIRED("request", N_("FILE"), N_("what the institution sent")),
    OUT,
    OPTIONAL("fingerprint", N_("DIGITS"), N_("as heard by voice; without it a terminal asks")),
    END,
};
static const struct admin_option publish_options[] = {
    REQUIRED("as", N_("DIR"), N_("a folder of keys of anyone admitted, or the registrar's")),
    NETWORK,
    END,
};
static const struct admin_option head_options[] = {AS_REGISTRAR, NETWORK, END};
static const struct admin_option suspend_options[] = {AS_REGISTRAR, NETWORK, REASON, END};
static const struct admin_option lift_options[] = {ROOT, NETWORK, OUT, END};
static const struct admin_option revoke_options[] = {
    AS_REGISTRAR,
    NETWORK,
    REASON,
    OPTIONAL("since", N_("TIME"), N_("when it was lost, as 2026-11-22T08:00:00Z; now")),
    END,
};
static const struct admin_option rotate_options[] = {
    REQUIRED("keys", N_("DIR"), N_("the institution's folder of keys")),
    NETWORK,
    END,
};
static const struct admin_option show_options[] = {
    REQUIRED("as", N_("DIR"), N_("a folder of keys of anyone admitted")),
    NETWORK,
    OPTIONAL("json", NULL, N_("for programs")),
    END,
};

static const struct admin_command commands[] = {
    {.name = "init",
	.operands = N_("DIR"),
	.operands_min = 1,
	.operands_max = 1,
	.summary = N_("make a network: its root, registrar, broker keys and network.conf"),
	.help =
	    N_("Makes DIR/root, DIR/registrar, DIR/broker, DIR/network.conf and DIR/genesis.\n"
	       "Asks nothing and writes over nothing. Run it on a machine that is offline, or\n"
	       "take DIR/root off the machine at once: whoever has root.key can admit anyone."),
	.options = init_options,
	.run = admin_found_init},
    {.name = "certify",
	.summary = N_("the root certifies new keys of the registrar, for at most 90 days"),
	.help = N_(
	    "Makes keys in the folder --keys when there are none, and a statement that they\n"
	    "are the registrar's. Publish it with the old registrar's keys (also when their\n"
	    "time is over), then use the new folder; no key serves twice."),
	.options = certify_options,
	.run = admin_found_certify},
    {.name = "request",
	.summary = N_("an institution makes its keys and asks to be admitted"),
	.help = N_(
	    "Makes signing-1.key, transport.key and storage.key in the folder --keys when\n"
	    "absent, and a request signed by the new key. Send the request to the authority\n"
	    "by any way; read the fingerprint out by voice, and have theirs read to you."),
	.options = request_options,
	.run = admin_enrol_request},
    {.name = "approve",
	.summary = N_("the root admits an institution whose fingerprint was compared"),
	.help = N_(
	    "Shows what the request says and checks that its own key signed it. Signs only\n"
	    "when --fingerprint is the request's, or when the last five digits, which are not\n"
	    "shown, are typed at the terminal as the institution reads them out."),
	.options = approve_options,
	.run = admin_enrol_approve},
    {.name = "publish",
	.operands = N_("FILE..."),
	.operands_min = 1,
	.operands_max = ADMIN_OPERANDS_MAX,
	.summary = N_("hand statements to the broker, which logs them"),
	.help =
	    N_("Connects with the keys of --as and hands over each statement of each file, in\n"
	       "order, up to the first that is refused. Prints the log's index of each."),
	.options = publish_options,
	.run = admin_registrar_publish},
    {.name = "head",
	.summary = N_("the registrar signs the directory as it stands"),
	.help =
	    N_("Everyone sees by it that the directory they have is whole and of today. Run "
	       "it at\n"
	       "least daily: a head older than 24 hours is loud everywhere, and at 7 days "
	       "nothing\n"
	       "new is sealed."),
	.options = head_options,
	.run = admin_registrar_head},
    {.name = "suspend",
	.operands = N_("CODE"),
	.operands_min = 1,
	.operands_max = 1,
	.summary = N_("the registrar suspends an institution at once"),
	.help =
	    N_("It can no longer connect, send or be sent to. Only the root lifts it again."),
	.options = suspend_options,
	.run = admin_registrar_suspend},
    {.name = "lift",
	.operands = N_("CODE"),
	.operands_min = 1,
	.operands_max = 1,
	.summary = N_("the root lifts a suspension"),
	.help = N_("Makes a statement; publish it. It lifts only a suspension made before it."),
	.options = lift_options,
	.run = admin_registrar_lift},
    {.name = "revoke",
	.operands = N_("CODE signing|sealing|transport EPOCH"),
	.operands_min = 3,
	.operands_max = 3,
	.summary = N_("the registrar ends a key of an institution"),
	.help = N_(
	    "The key ends with the log's index that is printed. --since tells everyone from\n"
	    "when on what it signed is in doubt. saikne-admin list shows the epochs."),
	.options = revoke_options,
	.run = admin_registrar_revoke},
    {.name = "rotate",
	.operands = "signing|transport",
	.operands_min = 1,
	.operands_max = 1,
	.summary = N_("an institution brings a new key, signed by the present one"),
	.help = N_(
	    "Stop the institution's service first and start it again afterwards: it connects\n"
	    "with the same keys. If it breaks off, run it again; it goes on where it was."),
	.options = rotate_options,
	.run = admin_rotate_run},
    {.name = "list",
	.summary = N_("show the parties and their keys, from the verified directory"),
	.help = N_(
	    "Every statement is fetched with its proof and checked from the pinned root on.\n"
	    "An epoch of 0 means that no such key is in force."),
	.options = show_options,
	.run = admin_show_list},
    {.name = "status",
	.summary = N_("show whether broker, directory, registrar and log are well"),
	.help = N_(
	    "Ends with 1 when the broker is not reachable, the head is older than 24 hours or\n"
	    "the registrar's time is over, so that it can be run by the clock."),
	.options = show_options,
	.run = admin_show_status},
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void
print_usage(FILE *to)
{
	fputs(_("Usage: saikne-admin [--lang lv|en] COMMAND ...\n\n"), to);
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(to, "  %-9s %s\n", commands[i].name, lang_text(commands[i].summary));
	fputs(_("\nsaikne-admin COMMAND --help tells the rest.\n"), to);
}

static const struct admin_command *
find(const char *name)
{
	for (size_t i = 0; i < COMMANDS; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

int
main(int argc, char **argv)
{
	struct admin_line line = {0};
	enum admin_exit rc;

	lang_start();
	if (!lang_take(&argc, argv)) {
		admin_say_refusal("%s", lang_text(LANG_WANTED));
		return ADMIN_USAGE;
	}
	if (argc >= 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)) {
		print_usage(stdout);
		return ADMIN_DONE;
	}
	if (argc < 2 || (line.command = find(argv[1])) == NULL) {
		print_usage(stderr);
		return ADMIN_USAGE;
	}
	if (argc >= 3 && strcmp(argv[2], "--help") == 0) {
		admin_line_help(line.command);
		return ADMIN_DONE;
	}
	if ((rc = admin_line_read(&line, argc - 2, argv + 2)) != ADMIN_DONE)
		return (int)rc;
	oplog_start("saikne-admin", OPLOG_WARNING);
	if (suite_start() != STATUS_OK || lists_start() != STATUS_OK)
		return (int)admin_say_refusal(
		    _("the program cannot start: its lists or libsodium fail"));
	rc = line.command->run(&line);
	/* What did not reach the file or pipe was not said. */
	if (fflush(stdout) != 0 && rc == ADMIN_DONE)
		rc = admin_say_refusal(_("standard output could not be written"));
	return (int)rc;
}
