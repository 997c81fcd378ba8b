/* broker/main.c: saikne-broker: parse, acquire, spin, release. */
#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "broker/genesis.h"
#include "broker/settings.h"
#include "broker/supervise.h"
#include "broker/turn.h"
#include "protocol/host/clock.h"
#include "protocol/host/keyfile.h"
#include "protocol/host/oplog.h"
#include "protocol/lists/lists.h"

#define MIB (1024ULL * 1024)

struct options {
	const char *config;
	bool confirm_clock, supervise;
};

struct broker {
	struct settings settings;
	struct box_key *transport;
	struct signing_key *log_key;
	struct store *store;
	struct directory *directory;
	struct turn turn;
	int signal_fd;
};

static const char usage[] =
    "Usage: saikne-broker CONFIG [--confirm-clock] [--supervise]\n"
    "  CONFIG           broker.conf: [broker] network, listen, keys, data, genesis; [limits]\n"
    "  --confirm-clock  the clock is right although it jumped: log that, and accept again\n"
    "  --supervise      start the broker again whenever it ends abnormally\n";

static bool
parse(int argc, char **argv, struct options *out)
{
	*out = (struct options){0};
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--confirm-clock") == 0)
			out->confirm_clock = true;
		else if (strcmp(argv[i], "--supervise") == 0)
			out->supervise = true;
		else if (argv[i][0] == '-' || out->config != NULL)
			return false;
		else
			out->config = argv[i];
	}
	return out->config != NULL;
}

/* ---- Acquire ----------------------------------------------------------------------------- */

static enum status
load_keys(struct broker *b)
{
	struct settings *s = &b->settings;
	char path[1100];
	enum status rc;

	if (!settings_join(s->keys, "transport.key", path, sizeof(path)))
		return STATUS_BAD_CONFIG;
	if ((rc = keyfile_load_box(path, "transport", &b->transport)) != STATUS_OK)
		return rc;
	if (!settings_join(s->keys, "log.key", path, sizeof(path)))
		return STATUS_BAD_CONFIG;
	if ((rc = keyfile_load_signing(path, "log", &b->log_key)) != STATUS_OK)
		return rc;
	if (!suite_equal(b->transport->public, s->network.broker_key, SUITE_BOX_PUBLIC)) {
		oplog(OPLOG_ERROR, "transport.key is not the broker_key of network.conf");
		return STATUS_BAD_CONFIG;
	}
	if (!suite_equal(b->log_key->public, s->network.log.public, SUITE_SIGN_PUBLIC)) {
		oplog(OPLOG_ERROR, "log.key is not the log of network.conf");
		return STATUS_BAD_CONFIG;
	}
	return STATUS_OK;
}

static enum status
open_journal(struct broker *b, const struct options *options)
{
	struct settings *s = &b->settings;
	struct journal_config config = {.network = s->network.id,
	    .log = s->network.log,
	    .log_key = b->log_key,
	    .reserve = s->reserve_mib * MIB,
	    .reserve_last = s->reserve_mib * MIB / 4};
	char path[1100];
	enum status rc;

	if (!settings_join(s->data, "broker.db", path, sizeof(path)))
		return STATUS_BAD_CONFIG;
	if (mkdir(s->data, 0700) != 0 && errno != EEXIST) {
		oplog(
		    OPLOG_ERROR, "%s: the folder cannot be made: %s", s->data, strerror(errno));
		return STATUS_BAD_CONFIG;
	}
	if ((rc = store_sqlite_open(path, &b->store)) != STATUS_OK ||
	    (rc = directory_create(s->network.id, s->network.root, &b->directory)) != STATUS_OK)
		return rc;
	config.store = b->store;
	config.directory = b->directory;
	rc = journal_open(&config, clock_now_ms(), clock_boot_ms(), &b->turn.journal);
	if (rc != STATUS_OK)
		return rc;
	rc = genesis_run(b->turn.journal, s->genesis, b->transport->public, &s->network.log);
	if (rc == STATUS_OK && options->confirm_clock)
		journal_confirm_clock(b->turn.journal);
	if (rc == STATUS_OK && journal_accepts(b->turn.journal) == STATUS_CLOCK_STOPPED)
		oplog(OPLOG_ERROR,
		    "the clock is in doubt: it jumped, or the last entry of the log is far "
		    "away. Nothing is accepted. Set the clock, then start once with "
		    "--confirm-clock.");
	return rc;
}

static void
replaced(void *state, const struct peer *old)
{
	struct turn *turn = state;

	gate_cut(turn->gate, old);
}

static uint64_t
unread(void *state, const struct peer *peer)
{
	struct turn *turn = state;

	return gate_unread(turn->gate, peer);
}

static enum status
open_parts(struct broker *b)
{
	struct settings *s = &b->settings;
	struct turn *t = &b->turn;
	enum status rc;

	if ((rc = session_table(&t->sessions)) != STATUS_OK ||
	    (rc = refusals_create(&t->refusals)) != STATUS_OK ||
	    (rc = allowance_table(&t->allowances)) != STATUS_OK)
		return rc;
	t->intake.journal = t->journal;
	t->intake.sessions = t->sessions;
	t->intake.refusals = t->refusals;
	t->intake.allowances = t->allowances;
	t->intake.mailbox_entries = s->mailbox_entries;
	t->intake.mailbox_bytes = s->mailbox_mib * MIB;
	t->intake.attachment_bytes = s->attachment_mib * MIB;
	t->intake.attachments_bytes = s->attachments_mib * MIB;
	t->intake.replaced = replaced;
	t->intake.unread = unread;
	t->intake.state = t;
	const struct post_config post = {.journal = t->journal,
	    .sessions = t->sessions,
	    .intake = &t->intake,
	    .redeliver_ms = s->redeliver_seconds * 1000};
	const struct gate_config gate = {.endpoint = s->listen,
	    .transport = b->transport,
	    .directory = b->directory,
	    .connections_max = s->connections,
	    .handshakes_max = s->handshakes,
	    .lost = turn_lost,
	    .state = t};

	if ((rc = post_create(&post, &t->post)) != STATUS_OK)
		return rc;
	return gate_open(&gate, &t->gate);
}

/* Blocked before any thread starts, so that only the loop sees them. */
static enum status
open_signals(struct broker *b)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0 ||
	    (b->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK)) < 0)
		return STATUS_INTERNAL;
	return STATUS_OK;
}

static enum status
acquire(struct broker *b, const struct options *options)
{
	enum status rc;

	if ((rc = open_signals(b)) != STATUS_OK || (rc = suite_start()) != STATUS_OK ||
	    (rc = lists_start()) != STATUS_OK ||
	    (rc = settings_read(options->config, &b->settings)) != STATUS_OK ||
	    (rc = load_keys(b)) != STATUS_OK || (rc = open_journal(b, options)) != STATUS_OK)
		return rc;
	return open_parts(b);
}

/* ---- Spin, release ----------------------------------------------------------------------- */

static enum status
spin(struct broker *b)
{
	struct signalfd_siginfo signal;
	enum status rc;

	printf("listening %s\nready\n", gate_endpoint(b->turn.gate));
	if (fflush(stdout) != 0)
		oplog(OPLOG_WARNING, "nobody reads standard output");
	oplog(OPLOG_INFO, "ready: the log has %llu entries, the directory %llu statements",
	    (unsigned long long)journal_size(b->turn.journal),
	    (unsigned long long)journal_statements(b->turn.journal));
	do {
		if ((rc = turn_run(&b->turn, b->signal_fd)) != STATUS_OK)
			return rc;
	} while (read(b->signal_fd, &signal, sizeof(signal)) != (ssize_t)sizeof(signal));
	oplog(OPLOG_INFO, "told to end");
	turn_end(&b->turn);
	return STATUS_OK;
}

static void
release(struct broker *b)
{
	gate_close(b->turn.gate);
	post_free(b->turn.post);
	intake_free(&b->turn.intake);
	session_table_free(b->turn.sessions);
	refusals_free(b->turn.refusals);
	allowance_table_free(b->turn.allowances);
	journal_close(b->turn.journal);
	directory_free(b->directory);
	if (b->store != NULL)
		b->store->do_->close(b->store);
	suite_secret_free(b->log_key);
	suite_secret_free(b->transport);
	if (b->signal_fd >= 0)
		close(b->signal_fd);
	free(b);
}

/* What only an operator can mend; starting again would change nothing. */
static bool
is_configuration(enum status rc)
{
	return rc == STATUS_BAD_CONFIG || rc == STATUS_NO_KEY || rc == STATUS_OPEN_KEY ||
	       rc == STATUS_NEWER_DATABASE || rc == STATUS_IN_USE;
}

int
main(int argc, char **argv)
{
	struct options options;
	struct broker *b;
	enum status rc;
	int code;

	/* Batches and chunks come and go: the heap need not shrink and grow with each. */
	mallopt(M_TRIM_THRESHOLD, 32 * 1024 * 1024);
	mallopt(M_MMAP_THRESHOLD, 4 * 1024 * 1024);
	mallopt(M_TOP_PAD, 1024 * 1024);
	/* Whoever read our log may be gone: that must not end us at the next line. */
	signal(SIGPIPE, SIG_IGN);
	oplog_start("saikne-broker", OPLOG_INFO);
	if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
		fputs(usage, stdout);
		return EXIT_SUCCESS;
	}
	if (!parse(argc, argv, &options)) {
		fputs(usage, stderr);
		return SUPERVISE_CONFIG;
	}
	if (options.supervise && (code = supervise_run()) >= 0)
		return code;
	if ((b = calloc(1, sizeof(*b))) == NULL)
		return 1;
	b->signal_fd = -1;
	if ((rc = acquire(b, &options)) != STATUS_OK)
		oplog(OPLOG_ERROR, "cannot start: %s (%s)", status_meaning(rc),
		    status_remedy(rc));
	else
		rc = spin(b);
	release(b);
	return rc == STATUS_OK ? 0 : is_configuration(rc) ? SUPERVISE_CONFIG : 1;
}
