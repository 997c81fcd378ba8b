/* tests/bench/bench_log.c: appends a million entries through the broker's own journal and store. */
#include <string.h>
#include <sys/resource.h>

#include "broker/journal.h"
#include "protocol/host/clock.h"
#include "protocol/host/keyfile.h"
#include "tests/bench/bench.h"

#define COMMIT_EVERY 64
#define WINDOW       512 /* appends timed together */
#define WINDOWS      61  /* of which the median counts */

static double
cpu_seconds(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

struct filler {
	struct journal *journal;
	struct directory *directory;
	struct store *store;
	struct signing_key *log_key;
	struct buffer header;
	uint64_t now_ms;
};

/* An accepted message as intake leaves it: leaf, id, mailbox; the mailbox emptied at once. */
static void
append_one(struct filler *filler, uint64_t number)
{
	struct envelope_header header = {.network = bytes_of_text("bench"),
	    .sender = bytes_of_text("school-0"),
	    .signing_epoch = 1,
	    .recipient_count = 1,
	    .type = MESSAGE_REFERRAL_OFFER,
	    .created_ms = filler->now_ms + number / 16,
	    .expires_ms = filler->now_ms + 3600000 + number};
	struct leaf leaf = {.kind = LEAF_ACCEPTED,
	    .part_count = 1,
	    .proof = {.index = 5, .size = 64, .path.len = 6}};
	static uint8_t part[3000];
	struct store_mail mail = {
	    .has_part = true, .part = BYTES(part), .expires_ms = header.expires_ms};
	struct store_message message;
	struct store *store;

	header.recipients[0] = (struct envelope_recipient){
	    .party = bytes_of_text("service-0"), .sealing_epoch = 1, .basis = BASIS_LAW};
	suite_new_id(header.created_ms, header.id);
	suite_random(leaf.part_hashes[0].byte, SUITE_HASH_LEN);
	buffer_reset(&filler->header);
	envelope_header_encode(&header, &filler->header);
	leaf.body = bytes_of_buffer(&filler->header);
	message.index = journal_append(filler->journal, &leaf);
	suite_random(message.digest, sizeof(message.digest));
	store = journal_writing(filler->journal);
	bench_must(
	    store->do_->message_put(store, header.sender, header.id, &message), "message");
	mail.index = message.index;
	bench_must(store->do_->mail_put(store, header.recipients[0].party, &mail), "mail");
	bench_must(
	    store->do_->mail_remove(store, header.recipients[0].party, mail.index), "mail");
}

/* Appends WINDOW entries in commits; the CPU seconds of one. */
static double
append_window(struct filler *filler)
{
	double start, cost;

	journal_turn(filler->journal, filler->now_ms, clock_boot_ms());
	start = cpu_seconds();
	for (unsigned i = 0; i < WINDOW; i++) {
		append_one(filler, journal_next(filler->journal));
		if (i % COMMIT_EVERY == COMMIT_EVERY - 1)
			journal_commit(filler->journal);
	}
	cost = (cpu_seconds() - start) / WINDOW;
	bench_must(filler->store->do_->housekeep(filler->store, false), "housekeep");
	return cost;
}

static void
fill(struct filler *filler, uint64_t to)
{
	while (journal_next(filler->journal) < to)
		append_window(filler);
}

/* The journal as the broker opens it; the statements in the log are not needed to append. */
static void
open_journal(struct bench_world *world, struct filler *out)
{
	struct journal_config config = {.network = "bench", .log = world->network.log};
	char path[600];

	snprintf(path, sizeof(path), "%s/data/broker.db", world->folder);
	bench_must(store_sqlite_open(path, &out->store), "store");
	snprintf(path, sizeof(path), "%s/keys/log.key", world->folder);
	bench_must(keyfile_load_signing(path, "log", &out->log_key), "log key");
	bench_must(
	    directory_create("bench", world->network.root, &out->directory), "directory");
	config.store = out->store;
	config.directory = out->directory;
	config.log_key = out->log_key;
	out->now_ms = clock_now_ms();
	bench_must(
	    journal_open(&config, out->now_ms, clock_boot_ms(), &out->journal), "journal");
	journal_turn(out->journal, out->now_ms, clock_boot_ms());
}

static void
open_filler(struct bench_world *world, struct filler *out)
{
	/* The broker itself begins the log, with its genesis. */
	bench_world_start(world);
	bench_world_stop(world);
	open_journal(world, out);
}

static void
close_filler(struct filler *filler)
{
	journal_close(filler->journal);
	filler->store->do_->close(filler->store);
	directory_free(filler->directory);
	suite_secret_free(filler->log_key);
	buffer_free(&filler->header);
}

/* Windows on the small log and the large one in turn, so that a slow moment falls on both. */
void
bench_log(struct bench_world *small_world, struct bench_world *large_world, uint64_t entries,
    struct bench_log *out)
{
	static double early[WINDOWS], late[WINDOWS], ratio[WINDOWS];
	struct filler small = {0}, large = {0};

	open_filler(large_world, &large);
	fill(&large, entries - WINDOWS * WINDOW);
	open_filler(small_world, &small);
	fill(&small, 10000);
	for (unsigned i = 0; i < WINDOWS; i++) {
		early[i] = append_window(&small);
		late[i] = append_window(&large);
		ratio[i] = late[i] / early[i];
	}
	out->early_s = bench_median(early, WINDOWS);
	out->late_s = bench_median(late, WINDOWS);
	out->ratio = bench_median(ratio, WINDOWS);
	close_filler(&small);
	close_filler(&large);
}
