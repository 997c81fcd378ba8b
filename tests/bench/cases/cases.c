/* tests/bench/cases/cases.c: whether a service with a hundred thousand cases stays quick. */
#include "tests/bench/cases/cases.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/host/clock.h"
#include "protocol/host/oplog.h"
#include "protocol/lists/lists.h"

#define TIMES     50
#define TARGET_MS 50.0
#define START_S   1.0
#define SWEEP_MS  100.0
#define MEMORY    (128UL * 1024) /* KiB */

/* A case of who asks, neither among the newest nor always the same; TURN from 0 on. */
static uint64_t
case_of(unsigned turn)
{
	return (1 + (turn * 7919ULL + 4711) % (CASES_COUNT / CASES_PEOPLE - 100)) *
	       CASES_PEOPLE;
}

struct measured {
	double taken[TIMES], busy[TIMES];
	size_t items;
};

static void
measure(struct cases_desk *desk, unsigned turn, const char *method, const char *target,
    const char *body, struct measured *out)
{
	out->taken[turn] = cases_desk_ask(desk, method, target, body, &out->items);
	out->busy[turn] = desk->busy;
}

static bool
report(const char *what, struct measured *m)
{
	char value[64], worst[64], name[96];
	double most = 0, median;
	bool met;

	for (unsigned i = 0; i < TIMES; i++)
		most = m->taken[i] > most ? m->taken[i] : most;
	median = bench_median(m->taken, TIMES);
	met = most * 1e3 < TARGET_MS;
	snprintf(name, sizeof(name), "%s (%zu)", what, m->items);
	snprintf(value, sizeof(value), "%.2f / %.2f ms", median * 1e3, most * 1e3);
	snprintf(worst, sizeof(worst), "%.2f ms", bench_median(m->busy, TIMES) * 1e3);
	bench_row(name, value, worst, "< 50 ms", met);
	return met;
}

/* What is asked each time, by its turn. */
enum asked { ASK_CODE, ASK_NUMBER, ASK_NAME, ASK_SURNAME, ASK_LABEL };

static void
body_of(enum asked what, unsigned turn, char *out, size_t size)
{
	static const char *const names[] = {
	    "personal_code", "file_number", "name", "name", "label"};
	struct cases_child child;
	const char *text[5];

	cases_child(case_of(turn), &child);
	text[ASK_CODE] = child.personal_code;
	text[ASK_NUMBER] = child.file_number;
	text[ASK_NAME] = child.name;
	text[ASK_SURNAME] = strchr(child.name, ' ') + 1;
	text[ASK_LABEL] = child.label;
	snprintf(out, size, "{\"%s\": \"%s\"}", names[what], text[what]);
}

static bool
measure_search(struct cases_desk *desk)
{
	static const char *const whats[] = {"search by personal code", "search by file number",
	    "search by name and surname", "search by surname", "search by label"};
	struct measured m;
	bool met = true;
	char body[256];

	for (unsigned what = 0; what < 5; what++) {
		for (unsigned i = 0; i < TIMES; i++) {
			body_of((enum asked)what, i, body, sizeof(body));
			measure(desk, i, "POST", "/v1/search", body, &m);
			if (m.items == 0)
				bench_fail("a search finds nothing");
		}
		met = report(whats[what], &m) && met;
	}
	for (unsigned i = 0; i < TIMES; i++)
		measure(desk, i, "POST", "/v1/search", "{\"name\": \"Neviens Nekur\"}", &m);
	return report("search that finds nothing", &m) && met;
}

static bool
measure_lists(struct cases_desk *desk)
{
	static const struct {
		const char *what, *target;
	} lists[] = {
	    {"inbox, first page", "/v1/tasks?box=in"},
	    {"inbox, accepted, first page", "/v1/tasks?box=in&state=accepted"},
	    {"outbox, closed, first page", "/v1/tasks?box=out&state=closed"},
	    {"tasks overdue, first page", "/v1/tasks?due=overdue"},
	    {"cases, first page", "/v1/cases"},
	    {"status", "/v1/status"},
	};
	struct measured m;
	bool met = true;

	for (size_t l = 0; l < sizeof(lists) / sizeof(lists[0]); l++) {
		for (unsigned i = 0; i < TIMES; i++)
			measure(desk, i, "GET", lists[l].target, "", &m);
		met = report(lists[l].what, &m) && met;
	}
	return met;
}

static bool
measure_timelines(struct cases_desk *desk, char (*tasks)[33])
{
	struct measured m;
	char target[64];

	for (unsigned i = 0; i < TIMES; i++) {
		snprintf(target, sizeof(target), "/v1/tasks/%.32s", tasks[i]);
		measure(desk, i, "GET", target, "", &m);
	}
	return report("one case's timeline", &m);
}

/* Each who asks: the first page, and one in the middle of all. */
static bool
measure_work(struct cases_desk *desk, char (*sessions)[80])
{
	static const struct {
		const char *what;
		int asker; /* -1: the socket's own */
	} rows[] = {
	    {"my work, of 5,000 cases", -1},
	    {"my work, of 5 cases", CASES_KNOWS_FIVE},
	    {"my work, a supervisor's", CASES_SUPERVISOR},
	    {"my work, a head's", CASES_HEAD},
	};
	struct measured m;
	bool met = true;
	char target[128], what[80];

	for (size_t r = 0; r < sizeof(rows) / sizeof(rows[0]); r++) {
		desk->session = rows[r].asker < 0 ? NULL : sessions[rows[r].asker];
		for (unsigned i = 0; i < TIMES; i++)
			measure(desk, i, "GET", "/v1/work", "", &m);
		snprintf(what, sizeof(what), "%s, first page", rows[r].what);
		met = report(what, &m) && met;
		/* Behind what is due in a month: a place as its cursors have it. */
		snprintf(target, sizeof(target), "/v1/work?after=w%016llx%016x",
		    (unsigned long long)clock_now_ms() + 30ULL * 24 * 3600 * 1000, 0U);
		for (unsigned i = 0; i < TIMES; i++)
			measure(desk, i, "GET", target, "", &m);
		snprintf(what, sizeof(what), "%s, a later page", rows[r].what);
		met = report(what, &m) && met;
	}
	desk->session = NULL;
	return met;
}

/* By the processor: what else the machine does makes it wait, and leaves this as it is. */
static bool
report_sweep(const char *what, const struct cases_taken *taken)
{
	char value[64], busy[64];
	bool met = taken->busy * 1e3 < SWEEP_MS;

	snprintf(value, sizeof(value), "%.2f ms", taken->wall * 1e3);
	snprintf(busy, sizeof(busy), "%.2f ms", taken->busy * 1e3);
	bench_row(what, value, busy, "< 100 ms", met);
	return met;
}

/* What is due comes in turns, between which the desk answers: each is held to the limit, too. */
static bool
measure_sweep(const char *folder)
{
	struct cases_sweep sweep;
	char what[80];
	bool met;

	cases_sweep(folder, &sweep);
	printf("%llu deadlines run:\n", (unsigned long long)sweep.open);
	met = report_sweep("sweep, nothing due (worst of 50)", &sweep.none);
	met = report_sweep("sweep, one due", &sweep.one) && met;
	snprintf(what, sizeof(what), "sweep, %d due at once", CASES_DUE);
	met = report_sweep(what, &sweep.many) && met;
	met = report_sweep("of that the longest turn", &sweep.turn) && met;
	snprintf(what, sizeof(what), "%u", sweep.idle);
	bench_row("wake-ups in an hour with nothing due", what, "", "0", sweep.idle == 0);
	return sweep.idle == 0 && met;
}

int
main(int argc, char **argv)
{
	static char tasks[TIMES][33], sessions[CASES_ASKERS][80];
	uint64_t cases[TIMES];
	struct cases_filled filled;
	struct cases_desk desk;
	char value[64], ratio[64];
	unsigned long kib;
	double start;
	bool met;

	if (argc != 3) {
		fprintf(stderr, "usage: saikne-bench-cases BIN_FOLDER FOLDER\n");
		return 2;
	}
	oplog_start("bench", OPLOG_ERROR);
	bench_must(suite_start(), "libsodium");
	bench_must(lists_start(), "lists");
	bench_machine();
	cases_fill(argv[2], &filled);
	printf("\nA service with %d cases and %lu events, %.0f MiB, ", CASES_COUNT,
	    (unsigned long)filled.events, (double)filled.bytes / 1048576);
	printf(filled.anew ? "filled in %.0f s\n" : "filled before (looked at in %.1f s)\n",
	    filled.seconds);
	printf("Method: a real process, asked over its socket; median / worst of %d, then the "
	       "processor's\nmedian share; in brackets how many items an answer has; the "
	       "database was read once before.\n",
	    TIMES);
	for (unsigned i = 0; i < TIMES; i++)
		cases[i] = case_of(i);
	cases_task_id(argv[2], cases, TIMES, tasks);
	met = measure_sweep(argv[2]);
	cases_sessions(argv[2], sessions);
	start = cases_desk_start(argv[1], argv[2], &desk);
	met = start < START_S && met;
	snprintf(value, sizeof(value), "%.3f s", start);
	snprintf(ratio, sizeof(ratio), "%.2f x", start / START_S);
	bench_row("from start to the first answer", value, ratio, "< 1 s", start < START_S);
	met = measure_lists(&desk) && met;
	met = measure_work(&desk, sessions) && met;
	met = measure_timelines(&desk, tasks) && met;
	met = measure_search(&desk) && met;
	kib = bench_memory_kib(desk.service, "VmHWM:");
	snprintf(value, sizeof(value), "%.1f MiB", (double)kib / 1024);
	snprintf(ratio, sizeof(ratio), "%.2f x", (double)kib / (double)MEMORY);
	bench_row("the most memory it had", value, ratio, "< 128 MiB", kib < MEMORY);
	cases_desk_stop(&desk);
	return met && kib < MEMORY ? 0 : 1;
}
