/* services/runtime/task/ladder.c: whom a deadline climbs to beyond overdue, and when; pure. */
#include "services/runtime/task/ladder.h"

#include <string.h>

#include "protocol/lists/lists.h"
#include "services/runtime/task/calendar.h"

#define ROWS_MAX 128

/* A row of ladder.csv; its texts live as long as the list. */
struct row {
	const char *level, *except, *urgency;
	bool sound; /* its rung says when */
	struct ladder_rung rung;
};

static struct row
read_row(const struct list *list, unsigned at)
{
	const char *next = list_text(list, at, "next");
	enum deadline_unit unit;
	struct row row = {.level = list_text(list, at, "level"),
	    .except = list_text(list, at, "except"),
	    .urgency = list_text(list, at, "urgency"),
	    .rung = {
		.ours = list_text(list, at, "ours"), .theirs = list_text(list, at, "theirs")}};

	row.sound =
	    deadline_period(list_text(list, at, "amount"), list_text(list, at, "unit"),
		&row.rung.amount, &row.rung.unit) &&
	    row.rung.unit != DEADLINE_NONE &&
	    (next[0] == '\0' || deadline_period(next, "working_days", &row.rung.next, &unit));
	return row;
}

/* The list is read once: every deadline of every fold climbs it. */
static const struct row *
read_rows(unsigned *count)
{
	static struct row rows[ROWS_MAX];
	static unsigned known;
	const struct list *list = list_named("ladder");

	for (; list != NULL && known < list_rows(list) && known < ROWS_MAX; known++)
		rows[known] = read_row(list, known);
	*count = known;
	return rows;
}

bool
ladder_rung(unsigned level, const char *sort, const char *urgency, struct ladder_rung *out)
{
	unsigned count;
	const struct row *rows = read_rows(&count), *found = NULL;
	const char *name =
	    level < DEADLINE_LEVELS
		? deadline_stage_name((enum deadline_stage)(DEADLINE_SUPERVISOR + level))
		: "";

	for (unsigned i = 0; i < count; i++) {
		const char *of = rows[i].urgency;

		if (strcmp(rows[i].level, name) != 0 || deadline_lists(rows[i].except, sort) ||
		    (of[0] != '\0' && strcmp(of, urgency) != 0))
			continue;
		/* The urgency's own row, wherever it stands, before that of any other. */
		if (of[0] != '\0') {
			found = &rows[i];
			break;
		}
		found = rows[i].sound ? &rows[i] : found;
	}
	if (found == NULL || !found->sound)
		return false;
	*out = found->rung;
	return true;
}

void
ladder_climb(const char *sort, const char *urgency, uint64_t due_ms,
    uint64_t out[static DEADLINE_LEVELS])
{
	struct ladder_rung rung;
	uint64_t ms = due_ms;

	for (unsigned level = 0; level < DEADLINE_LEVELS; level++) {
		if (ms != 0)
			ms = ladder_rung(level, sort, urgency, &rung)
			         ? deadline_after(ms, rung.amount, rung.unit)
			         : 0;
		out[level] = ms;
	}
}

const char *
ladder_reaches(enum deadline_stage stage, const char *sort, bool ours)
{
	struct ladder_rung rung;

	if (stage < DEADLINE_SUPERVISOR ||
	    !ladder_rung((unsigned)(stage - DEADLINE_SUPERVISOR), sort, "", &rung))
		return "";
	return ours ? rung.ours : rung.theirs;
}

uint64_t
ladder_tells_ms(const char *sort, unsigned place, uint64_t ms)
{
	struct ladder_rung rung;

	if (place == 0 || ms == 0)
		return ms;
	if (place >= LADDER_TELLERS || !ladder_rung(DEADLINE_LEVELS - 1, sort, "", &rung) ||
	    rung.next == 0)
		return 0;
	return calendar_after(ms, place * rung.next);
}
