/* services/runtime/task/ladder.c: whom a deadline climbs to beyond overdue, and when; pure. */
#include "services/runtime/task/ladder.h"

#include <string.h>

#include "protocol/lists/lists.h"

static bool
read_rung(const struct list *list, unsigned row, struct ladder_rung *out)
{
	struct ladder_rung rung = {
	    .ours = list_text(list, row, "ours"), .theirs = list_text(list, row, "theirs")};

	if (!deadline_period(list_text(list, row, "amount"), list_text(list, row, "unit"),
		&rung.amount, &rung.unit) ||
	    rung.unit == DEADLINE_NONE)
		return false;
	*out = rung;
	return true;
}

bool
ladder_rung(unsigned level, const char *sort, const char *urgency, struct ladder_rung *out)
{
	const struct list *list = list_named("ladder");
	const char *name =
	    level < DEADLINE_LEVELS
		? deadline_stage_name((enum deadline_stage)(DEADLINE_SUPERVISOR + level))
		: "";
	bool found = false;

	for (unsigned row = 0; list != NULL && row < list_rows(list); row++) {
		const char *of = list_text(list, row, "urgency");

		if (strcmp(list_text(list, row, "level"), name) != 0 ||
		    deadline_lists(list_text(list, row, "except"), sort) ||
		    (of[0] != '\0' && strcmp(of, urgency) != 0))
			continue;
		/* The urgency's own row, wherever it stands, before that of any other. */
		if (of[0] != '\0')
			return read_rung(list, row, out);
		found = read_rung(list, row, out) || found;
	}
	return found;
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
