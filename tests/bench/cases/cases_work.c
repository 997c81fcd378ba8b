/* tests/bench/cases/cases_work.c: who asks what waits for them, and how long what is due takes. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "protocol/host/clock.h"
#include "services/runtime/exchange/alarms.h"
#include "services/runtime/exchange/deadlines.h"
#include "services/runtime/exchange/work.h"
#include "services/runtime/people/credential.h"
#include "services/runtime/people/knowing.h"
#include "tests/bench/cases/cases.h"

#define HOUR_MS (3600ULL * 1000)
#define KNOWN   5
#define TIMES   50

const char *const cases_askers[CASES_ASKERS] = {"knows-five", "supervisor", "head"};
static const enum role roles[CASES_ASKERS] = {ROLE_SPECIALIST, ROLE_SUPERVISOR, ROLE_HEAD};

/* ---- Who asks ---------------------------------------------------------------------------- */

static void
enter(struct service *service, unsigned i, struct actor *out)
{
	bench_must(people_enter(service, cases_askers[i], roles[i], out), cases_askers[i]);
}

void
cases_enter_askers(struct service *service)
{
	struct actor asker;

	for (unsigned i = 0; i < CASES_ASKERS; i++)
		enter(service, i, &asker);
	enter(service, CASES_KNOWS_FIVE, &asker);
	bench_must(service_begin(service), "begin");
	/* Their own side owes an outcome there. */
	for (uint64_t i = 0; i < KNOWN; i++)
		bench_must(knowing_give(service, &asker,
			       (CASES_COUNT - CASES_OPEN / 2) / (2 * CASES_PEOPLE) *
				       (2 * CASES_PEOPLE) +
				   CASES_PEOPLE + i,
			       asker.person, GRANT_ASSIGNED, NULL, NULL),
		    "an assignment");
	service_commit(service, "fill");
}

void
cases_sessions(const char *folder, char (*out)[80])
{
	struct service *service = cases_open(folder, clock_now_ms());
	struct actor asker;
	uint64_t until;

	service_tick(service);
	for (unsigned i = 0; i < CASES_ASKERS; i++) {
		enter(service, i, &asker);
		bench_must(service_begin(service), "begin");
		bench_must(
		    credential_begin(service, asker.person, out[i], &until), "a session");
		service_commit(service, "session");
	}
	service_close(service);
}

/* ---- What is due ------------------------------------------------------------------------- */

struct chosen {
	struct deadline_row row;
	struct task_row task;
};

/* Of what we owe, and what is far from its end. */
static void
choose(struct service *service, struct chosen *out)
{
	struct deadline_row deadlines[DEADLINE_MAX];
	unsigned taken = 0, found;

	for (uint64_t n = CASES_COUNT - CASES_OPEN + 1; taken <= CASES_DUE && n <= CASES_COUNT;
	     n++) {
		bench_must(deadline_store_of(service->db, n, deadlines, &found), "deadlines");
		if (found != 1 || !deadlines[0].ours ||
		    deadlines[0].stage != DEADLINE_RUNNING ||
		    deadlines[0].due_ms < service->now_ms + 96 * HOUR_MS)
			continue;
		out[taken].row = deadlines[0];
		bench_must(case_store_task(service->db, n, &out[taken].task), "a task");
		taken++;
	}
	if (taken <= CASES_DUE)
		bench_fail("too little is owed");
}

static void
put_all(struct service *service, const struct chosen *all, bool back)
{
	bench_must(service_begin(service), "begin");
	for (unsigned i = 0; i <= CASES_DUE; i++) {
		struct deadline_row row = all[i].row;

		if (!back)
			row.reminder_ms = service->now_ms + (i == 0 ? 1 : 2) * HOUR_MS;
		bench_must(deadline_store_put(service->db, &row, NULL), "a deadline");
		if (back)
			bench_must(alarms_settle(service, &all[i].task, row.what), "an alarm");
		bench_must(work_follow(service, &all[i].task), "what waits");
	}
	service_commit(service, "test");
}

static struct cases_taken
stopwatch(void)
{
	struct timespec busy;

	if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &busy) != 0)
		bench_fail("the processor's time");
	return (struct cases_taken){
	    bench_now(), (double)busy.tv_sec + (double)busy.tv_nsec / 1e9};
}

static struct cases_taken
since(const struct cases_taken *start)
{
	struct cases_taken now = stopwatch();

	return (struct cases_taken){now.wall - start->wall, now.busy - start->busy};
}

/* Until nothing is due at MS any more; *TURN gets the longest of its turns, if it is longer. */
static struct cases_taken
sweep_at(struct service *service, uint64_t ms, struct cases_taken *turn)
{
	struct cases_taken start = stopwatch();
	bool any = true;

	cases_clock(ms);
	service_tick(service);
	while (any) {
		struct cases_taken from = stopwatch(), one;

		any = deadlines_run(service);
		one = since(&from);
		*turn = one.wall > turn->wall ? one : *turn;
	}
	return since(&start);
}

/* As the reactor does, for an hour: how often it finds nothing when it wakes. */
static unsigned
wakes_for_nothing(struct service *service, uint64_t now)
{
	uint64_t next;
	unsigned count = 0;

	cases_clock(now);
	service_tick(service);
	while ((next = deadlines_next_ms(service)) != 0 && next < now + HOUR_MS) {
		cases_clock(next);
		service_tick(service);
		if (!deadlines_run(service))
			count++;
		while (deadlines_run(service))
			continue;
	}
	return count;
}

void
cases_sweep(const char *folder, struct cases_sweep *out)
{
	static struct chosen all[CASES_DUE + 1];
	uint64_t now = clock_now_ms();
	struct service *service = cases_open(folder, now);
	struct cases_taken turn = {0, 0}, taken;
	struct query *query;

	*out = (struct cases_sweep){.open = 0};
	service_tick(service);
	(void)sweep_at(service, now, &turn);
	bench_must(
	    database_query(service->db, "SELECT count(*) FROM deadlines", &query), "deadlines");
	bench_must(query_number(query, &out->open), "deadlines");
	choose(service, all);
	put_all(service, all, false);
	for (unsigned i = 0; i < TIMES; i++) {
		taken = sweep_at(service, now, &turn);
		out->none = taken.wall > out->none.wall ? taken : out->none;
	}
	turn = (struct cases_taken){0, 0};
	out->one = sweep_at(service, now + HOUR_MS, &turn);
	turn = (struct cases_taken){0, 0};
	out->many = sweep_at(service, now + 2 * HOUR_MS, &turn);
	out->turn = turn;
	cases_clock(now);
	service_tick(service);
	put_all(service, all, true);
	out->idle = wakes_for_nothing(service, now);
	bench_must(database_checkpoint(service->db, true), "checkpoint");
	service_close(service);
}
