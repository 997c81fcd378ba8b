/* services/runtime/task/ladder.h: whom a deadline climbs to beyond overdue, and when; pure. */
#ifndef SAIKNE_LADDER_H
#define SAIKNE_LADDER_H

#include "services/runtime/task/deadline.h"

/*
 * What is overdue climbs by itself: the supervisors, the heads, the management group. The rules
 * are protocol/lists/ladder.csv, a row each:
 *
 * level         a code of lists/escalation-levels.csv, from the second on
 * except        sorts of task that do not climb to it; they have a way up of their own, or none
 * urgency       of the task; empty: any other
 * amount, unit  after the stage before it (the first: after the end of the deadline)
 * next          of the last level: how many working days after one of several that wait the next
 *               of them tells, too; empty: only the first does; the same in all its rows
 * ours, theirs  whom it reaches where we owe it, and at the side that waits: words of
 *               deadlines.csv, and head; the same in all rows of a level
 *
 * Both sides know the end and the urgency from the log, so they climb at the same instants.
 * At the last level the side that waits tells the chair of the management group
 * (exchange/climbs.h).
 */

/* Level 0 is the supervisors', DEADLINE_SUPERVISOR. */
struct ladder_rung {
	unsigned amount;
	enum deadline_unit unit;
	unsigned next; /* 0: none */
	const char *ours, *theirs;
};

/* False: a task of SORT does not climb to LEVEL. */
MUST_CHECK bool ladder_rung(
    unsigned level, const char *sort, const char *urgency, struct ladder_rung *out);
/* When each level hears of what ends at DUE_MS; 0: never, nor any level beyond. */
void ladder_climb(const char *sort, const char *urgency, uint64_t due_ms,
    uint64_t out[static DEADLINE_LEVELS]);
/* Whom STAGE reaches; "": nobody, as of a stage that is not of the ladder. */
const char *ladder_reaches(enum deadline_stage stage, const char *sort, bool ours);

/*
 * What all wait for, one of them tells. It may be down, so that the next does later, while it is
 * owed still. Three, so that two that are down hide nothing and one thing does not come sixteen
 * times.
 */
#define LADDER_TELLERS 3
/*
 * When who stands at PLACE (0: the first) among those who wait for a task of SORT tells of what
 * came to the last level at MS; 0: never.
 */
uint64_t ladder_tells_ms(const char *sort, unsigned place, uint64_t ms);

#endif
