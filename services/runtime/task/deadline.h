/* services/runtime/task/deadline.h: which deadlines run on a task, whose, and when they end; pure. */
#ifndef SAIKNE_DEADLINE_H
#define SAIKNE_DEADLINE_H

#include "protocol/wire/message.h"

/*
 * The rules are protocol/lists/deadlines.csv, a row each:
 *
 * what           what is owed: "decide". Rows of one WHAT are one deadline.
 * sort, states   where it runs: the sorts of task, and their states
 * urgency        of the task; empty: any
 * clock          which side owes it, and so owns the clock; the other side mirrors it
 * dates, field   message types whose date FIELD (due, until, starts) is the end, of that day as a
 *                working day; due_day: at its midnight, whatever day it is. The first type
 *                begins it: what an earlier one set does not hold any more
 * begins         message types: it runs since the last of these; empty: since the task entered
 *                the first of its states
 * settled        of what each for itself owes: message types by which one has done so, written
 *                since it began; who wrote what began it owes nothing
 * amount, unit   the period where no date was given (minutes; working_days by calendar.h; days:
 *                to the end of the last, or of the next working day); empty: none runs then
 * reminder(_unit)  how long before the end a reminder comes; empty: none, or, where reminder_to
 *                names somebody, at once: it is theirs now, and mirror_to's at the other side
 * reminder_to, overdue_to, mirror_to  whom it reaches: author, holder, duty, supervisor, head;
 *                mirror_to: at the other side when it is overdue. overdue_to empty: who let it
 *                pass has said so by that, owes nothing any more, and it climbs to nobody
 *
 * A deadline goes on while the task stays in its states. Everything comes from the messages in the log's order and the log's own times, so
 * both sides come to the same end.
 */
enum deadline_unit { DEADLINE_NONE, DEADLINE_MINUTES, DEADLINE_WORKING_DAYS, DEADLINE_DAYS };

struct deadline_rule {
	unsigned row; /* of the list */
	const char *what, *sorts, *states, *urgency, *dates, *begins, *settled;
	bool senders; /* the sender of the task owes it; else its recipient */
	bool midnight;
	enum field field;
	unsigned amount, reminder;
	enum deadline_unit unit, reminder_unit;
	const char *reminder_to, *overdue_to, *mirror_to;
};

#define DEADLINE_WHAT_MAX 16 /* bytes of a WHAT */
#define DEADLINE_MAX      4  /* on one task at once */
/* No date that a person or a peer gives counts as later than a year from the beginning. */
#define DEADLINE_LONGEST_MS (366ULL * 24 * 3600 * 1000)
#define DEADLINE_DATE       11 /* "2026-11-22" with its NUL; "" for none */

/*
 * How far a deadline has come; each stage is reached once. Beyond overdue it climbs: ladder.h.
 */
enum deadline_stage {
	DEADLINE_RUNNING = 0,
	DEADLINE_REMINDED = 1,
	DEADLINE_OVERDUE = 2,
	DEADLINE_SUPERVISOR = 3,
	DEADLINE_HEADS = 4,
	DEADLINE_MANAGEMENT = 5,
	DEADLINE_STAGE_COUNT
};
#define DEADLINE_LEVELS 3 /* stages beyond overdue */
/* "reminder", "overdue"; beyond, the code of lists/escalation-levels.csv. */
const char *deadline_stage_name(enum deadline_stage stage);

/* The rule of row I; false past the end, and for a row that does not say what it should. */
MUST_CHECK bool deadline_rule_at(unsigned i, struct deadline_rule *out);
/* The first rule of WHAT; where one of them is of a task of SORT in STATE, that one. */
MUST_CHECK bool deadline_rule_in(
    const char *what, const char *sort, const char *state, struct deadline_rule *out);
/* The first rule of WHAT. */
MUST_CHECK bool deadline_rule_of(const char *what, struct deadline_rule *out);
/* Whether WORDS, parted by ';', has WORD. */
MUST_CHECK bool deadline_lists(const char *words, const char *word);
/* Whether some deadline of SORT ends on a date that a message names. */
bool deadline_is_dated(const char *sort);
/* A period of a list, of columns AMOUNT and UNIT; false where these do not fit each other. */
MUST_CHECK bool deadline_period(
    const char *amount, const char *unit, unsigned *number, enum deadline_unit *out);
/* The end of a period that begins at MS; 0: DEADLINE_NONE. */
uint64_t deadline_after(uint64_t ms, unsigned amount, enum deadline_unit unit);

/*
 * A message or evidence that had effect, and where it left the task. Among those of a matter
 * stand that its sitting was held, and who signed its minutes with those of others.
 */
struct deadline_entry {
	const char *state;
	const char *type;   /* of a message; "" of evidence */
	const char *author; /* whose message; NULL where nobody asks */
	uint64_t time_ms;
	char due[DEADLINE_DATE], until[DEADLINE_DATE], starts[DEADLINE_DATE];
};

struct deadline_task {
	const char *sort, *urgency;
	bool read;          /* a person of the recipient has opened it: nothing is unread */
	uint64_t unread_ms; /* the institution's own, shorter time for "read"; 0: the list's */
	const struct deadline_entry *entries; /* in the log's order */
	size_t count;
	/*
	 * Who owes what each for itself owes, as this institution counts it: itself, or, who
	 * waits for them, all the others.
	 */
	const char *const *owers;
	unsigned ower_count;
};

struct deadline {
	struct deadline_rule rule;
	uint64_t began_ms, due_ms;
	uint64_t reminder_ms; /* 0: none, also where it would come before the beginning */
	uint64_t climbs_ms[DEADLINE_LEVELS]; /* when each level hears of it; 0: never */
	unsigned ower; /* of what each owes for itself: the first of OWERS who does still */
};

/* Those that run now; how many. */
unsigned deadline_derive(
    const struct deadline_task *task, struct deadline out[static DEADLINE_MAX]);

#endif
