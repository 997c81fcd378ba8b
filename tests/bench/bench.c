/* tests/bench/bench.c: measures what the exchange promises, as ratios to limits of the same run. */
#include "tests/bench/bench.h"

#include <stdio.h>
#include <string.h>

#include "protocol/host/oplog.h"
#include "protocol/lists/lists.h"
#include "tests/bench/bench_sitting.h"

static const char *
text(char *out, size_t size, double value, const char *unit)
{
	snprintf(out, size, value < 10 ? "%.2f %s" : "%.0f %s", value, unit);
	return out;
}

static void
report_limits(const struct bench_limits *limits)
{
	char value[64];

	printf("\nLimits measured in this run\n");
	bench_row("Ed25519 verifications, one core",
	    text(value, sizeof(value), limits->verify_per_s, "/s"), "", "", true);
	bench_row("SQLite commit, WAL, synchronous=FULL, median",
	    text(value, sizeof(value), limits->commit_s * 1e6, "us"), "", "", true);
	bench_row("CURVE round trip of 3 KiB, loopback, median",
	    text(value, sizeof(value), limits->round_trip_s * 1e6, "us"), "", "", true);
}

static void
report_exchange(const struct bench_limits *limits, const struct bench_exchange *got)
{
	double rate = got->acked_per_s / limits->verify_per_s;
	double alone = got->alone_s / (limits->commit_s + limits->round_trip_s);
	char value[64], ratio[64];

	printf("\nExchange: 2 KiB content, real broker process, CURVE over loopback\n");
	bench_row("acknowledged, 4 senders x 256 outstanding",
	    text(value, sizeof(value), got->acked_per_s, "/s"),
	    text(ratio, sizeof(ratio), rate, "x"), ">= 1.0 x verifications", rate >= 1.0);
	bench_row("time to receipt, 1 outstanding, median",
	    text(value, sizeof(value), got->alone_s * 1e6, "us"),
	    text(ratio, sizeof(ratio), alone, "x"), "<= 2 x (commit + trip)", alone <= 2.0);
	bench_row("delivered with evidence, 4 recipients",
	    text(value, sizeof(value), got->delivered_per_s, "/s"), "", "", true);
	bench_row("sealing before the clock, one core",
	    text(value, sizeof(value), got->seal_s * 1e6, "us"), "", "", true);
	bench_row("checking and opening after it, one core",
	    text(value, sizeof(value), got->open_s * 1e6, "us"), "", "", true);
}

static void
report_log(const struct bench_log *log, double opening, unsigned long kib)
{
	char value[64], ratio[64];

	printf("\nA log of 1,000,000 entries with empty mailboxes\n");
	bench_row("one append at 10^4 entries, CPU",
	    text(value, sizeof(value), log->early_s * 1e6, "us"), "", "", true);
	bench_row("one append at 10^6 entries, CPU",
	    text(value, sizeof(value), log->late_s * 1e6, "us"),
	    text(ratio, sizeof(ratio), log->ratio, "x"), "within 15 %", log->ratio <= 1.15);
	bench_row("opening the broker", text(value, sizeof(value), opening, "s"), "", "< 1 s",
	    opening < 1.0);
	bench_row("broker memory", text(value, sizeof(value), (double)kib / 1024, "MiB"), "",
	    "< 64 MiB", kib < 64 * 1024);
}

static void
report_files(const struct bench_files *got)
{
	static const char *const who[] = {"sender's service", "broker", "recipient's service"};
	char value[64], ratio[64], what[64];

	printf("\nA document of 200 MiB, real services, desk socket to desk socket\n");
	bench_row("secretstream alone, one core", text(value, sizeof(value), got->seal_s, "s"),
	    "", "", true);
	snprintf(ratio, sizeof(ratio), "1/%.1f", got->whole_s / got->seal_s);
	bench_row("desk to desk", text(value, sizeof(value), got->whole_s, "s"), ratio,
	    ">= 1/20 of secretstream", got->whole_s <= 20 * got->seal_s);
	snprintf(ratio, sizeof(ratio), "1/%.1f", got->bring_s / got->seal_s);
	bench_row("brought to the desk, 2 MiB parts",
	    text(value, sizeof(value), got->bring_s, "s"), ratio, "", true);
	snprintf(ratio, sizeof(ratio), "1/%.1f", got->carry_s / got->seal_s);
	bench_row("service to service", text(value, sizeof(value), got->carry_s, "s"), ratio,
	    "", true);
	snprintf(ratio, sizeof(ratio), "1/%.1f", got->open_s / got->seal_s);
	bench_row("fetched from the desk", text(value, sizeof(value), got->open_s, "s"), ratio,
	    "", true);
	for (unsigned i = 0; i < 3; i++) {
		snprintf(what, sizeof(what), "CPU time, %s", who[i]);
		bench_row(what, text(value, sizeof(value), got->cpu_s[i], "s"), "", "", true);
	}
	for (unsigned i = 0; i < 3; i++) {
		snprintf(what, sizeof(what), "memory growth, %s", who[i]);
		bench_row(what, text(value, sizeof(value), got->grown_mib[i], "MiB"), "",
		    "< 8 MiB", got->grown_mib[i] < 8);
	}
}

/* ACTS of which each is applied by all but its author. */
static void
report_signing(const char *how, const struct bench_signing *got, unsigned acts, bool promised)
{
	const double services_s = got->circulated_s + got->signed_s;
	char value[64], ratio[64];

	bench_row(how, text(value, sizeof(value), services_s, "s"),
	    text(ratio, sizeof(ratio), services_s / got->floor_s, "x"), promised ? "< 2 s" : "",
	    !promised || services_s < 2.0);
	bench_row("  minutes until everybody has them",
	    text(value, sizeof(value), got->circulated_s, "s"), "", "", true);
	bench_row("  signatures until everybody has them",
	    text(value, sizeof(value), got->signed_s, "s"), "", "", true);
	bench_row("  one act taken in, with all that follows",
	    text(value, sizeof(value), services_s / (acts * (BENCH_SEATS - 1)) * 1e6, "us"), "",
	    "", true);
	bench_row("  sealing, opening, signatures alone",
	    text(value, sizeof(value), got->floor_s, "s"), "", "", true);
	bench_row("  the broker", text(value, sizeof(value), got->broker_s, "s"), "", "", true);
}

static void
report_sitting(const struct bench_sitting *got)
{
	const double growth = got->old_s / got->young_s;
	char value[64], ratio[64];

	printf(
	    "\nMinutes of 30 cases, circulated to and signed by 12 institutions, CPU time\n");
	report_signing("signed with one act each", &got->together, BENCH_TOGETHER, true);
	report_signing(
	    "signed one by one, 360 signatures", &got->one_by_one, BENCH_ONE_BY_ONE, false);
	printf("A circle that grows\n");
	bench_row("one act at three, after 200",
	    text(value, sizeof(value), got->young_s * 1e6, "us"), "", "", true);
	bench_row("one act at three, after 2,000",
	    text(value, sizeof(value), got->old_s * 1e6, "us"),
	    text(ratio, sizeof(ratio), growth, "x"), "within 15 %", growth <= 1.15);
}

/* ---- Parts ------------------------------------------------------------------------------- */

static void
part_exchange(const char *folder, const char *bin)
{
	struct bench_world world = {0};
	struct bench_limits limits;
	struct bench_exchange exchange;

	bench_limits(folder, &limits);
	report_limits(&limits);
	bench_world_make(folder, bin, &world);
	bench_world_start(&world);
	bench_world_enrol(&world);
	bench_exchange(&world, 20000, &exchange);
	bench_world_stop(&world);
	report_exchange(&limits, &exchange);
}

static void
part_files(const char *folder, const char *bin)
{
	struct bench_world world = {0};
	struct bench_files carried;
	char other[220];

	snprintf(other, sizeof(other), "%s/files", folder);
	bench_world_make(other, bin, &world);
	bench_world_start(&world);
	bench_files(&world, &carried);
	bench_world_stop(&world);
	report_files(&carried);
}

static void
part_log(const char *folder, const char *bin)
{
	struct bench_world small = {0}, large = {0};
	struct bench_log log;
	char other[220];
	double opening;

	snprintf(other, sizeof(other), "%s/small", folder);
	bench_world_make(other, bin, &small);
	snprintf(other, sizeof(other), "%s/large", folder);
	bench_world_make(other, bin, &large);
	bench_log(&small, &large, 1000000, &log);
	opening = bench_world_start(&large);
	report_log(&log, opening, bench_memory_kib(large.broker, "VmRSS:"));
	bench_world_stop(&large);
}

static void
part_sitting(const char *folder, const char *bin)
{
	struct bench_sitting sitting;

	(void)bin;
	bench_sitting(folder, &sitting);
	report_sitting(&sitting);
}

/* In their order; one is chosen by its name. */
static const struct {
	const char *name;
	void (*run)(const char *folder, const char *bin);
} parts[] = {
    {"exchange", part_exchange},
    {"files", part_files},
    {"log", part_log},
    {"sitting", part_sitting},
};

static const char usage[] =
    "usage: saikne-bench [--only PART] BIN_FOLDER SCRATCH_FOLDER\n"
    "Measures what the exchange promises, as ratios to limits of the same run.\n"
    "  --only PART  one part alone: exchange, files, log or sitting\n";

static bool
is_part(const char *name)
{
	for (unsigned i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (strcmp(parts[i].name, name) == 0)
			return true;
	return false;
}

int
main(int argc, char **argv)
{
	const char *only = NULL;
	char folder[200];

	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		fputs(usage, stdout);
		return 0;
	}
	if (argc == 5 && strcmp(argv[1], "--only") == 0 && is_part(argv[2])) {
		only = argv[2];
		argv += 2;
	} else if (argc != 3) {
		fputs(usage, stderr);
		return 2;
	}
	oplog_start("bench", OPLOG_ERROR);
	bench_must(suite_start(), "libsodium");
	bench_must(lists_start(), "lists");
	snprintf(folder, sizeof(folder), "%s", argv[2]);
	bench_machine();
	printf(
	    "Method: senders and recipients are processes of their own with the real link; "
	    "sealing is\n"
	    "done before the clock and opening after it; signatures in batches of 64; limits "
	    "and\n"
	    "figures alternate in one run, so that ratios hold where absolute times drift.\n");
	for (unsigned i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (only == NULL || strcmp(only, parts[i].name) == 0)
			parts[i].run(folder, argv[1]);
	return 0;
}
