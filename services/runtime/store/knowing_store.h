/* services/runtime/store/knowing_store.h: who knows which case, and who is on duty. */
#ifndef SAIKNE_KNOWING_STORE_H
#define SAIKNE_KNOWING_STORE_H

#include "protocol/host/database.h"
#include "services/runtime/store/case_store.h"

/* How a person came to know a case; the names are stored and shown. */
#define GRANT_HOW_LIST(HOW)                                                                    \
	HOW(AUTHOR, "author")                                                                  \
	HOW(ASSIGNED, "assigned")                                                              \
	HOW(HANDED_OVER, "handed_over")                                                        \
	HOW(BREAK_GLASS, "break_glass")

#define GRANT_HOW_ENUM(name, text) GRANT_##name,
enum grant_how { GRANT_HOW_LIST(GRANT_HOW_ENUM) GRANT_HOW_COUNT };
#undef GRANT_HOW_ENUM

const char *knowing_store_how_name(enum grant_how how);

/*
 * A person's knowing of a case. It stands while UNTIL_MS is 0, else it ends, or ended, then.
 * Only breaking the glass has its end from the start; it holds no case: what nobody else
 * holds stays in the mailbox.
 */
struct grant_row {
	uint64_t n, case_n, person;
	enum grant_how how;
	uint64_t since_ms, until_ms;
	uint64_t by;               /* who gave it */
	uint64_t seen_by, seen_ms; /* of breaking the glass: who of the superiors has seen it */
};

/* REASON: sealed, or absent. ROW->n is set by knowing_store_next(). */
MUST_CHECK enum status knowing_store_next(struct database *db, uint64_t *n);
MUST_CHECK enum status knowing_store_give(
    struct database *db, const struct grant_row *row, struct bytes reason);
/* Ends what stands. */
MUST_CHECK enum status knowing_store_end(
    struct database *db, const struct grant_row *row, uint64_t now_ms, uint64_t by);
MUST_CHECK enum status knowing_store_get(
    struct database *db, uint64_t n, struct grant_row *out);
/* Appends the sealed reason; nothing when there is none. */
MUST_CHECK enum status knowing_store_reason(
    struct database *db, uint64_t n, struct buffer *out);
MUST_CHECK enum status knowing_store_seen(
    struct database *db, uint64_t n, uint64_t by, uint64_t now_ms);

/* The look-ups of the rule; the same for a case that is not there (0). */
struct knowing_facts {
	bool held;    /* it is not in the mailbox: somebody knows it by a grant that stands */
	bool known;   /* the person does */
	bool glass;   /* the person broke the glass, and it has not ended */
	bool on_duty; /* the person is */
};
MUST_CHECK enum status knowing_store_facts(struct database *db, uint64_t case_n,
    uint64_t person, uint64_t now_ms, struct knowing_facts *out);

/* The standing grant after AFTER, by N, of a case or a person; 0: of any. */
struct grant_filter {
	uint64_t case_n, person;
	uint64_t after;
};
MUST_CHECK enum status knowing_store_standing(
    struct database *db, const struct grant_filter *filter, struct grant_row *out);
/* The same of a case, at most LIMIT at once. */
MUST_CHECK enum status knowing_store_standing_rows(struct database *db,
    const struct grant_filter *filter, unsigned limit, struct grant_row *rows, unsigned *count);
/* How many cases PERSON holds. */
MUST_CHECK enum status knowing_store_holds(
    struct database *db, uint64_t person, uint64_t *count);
/* The next person above AFTER who holds any. */
MUST_CHECK enum status knowing_store_holder_after(
    struct database *db, uint64_t after, uint64_t *person);
/* Broken glass, newest first: below BEFORE, 0: from the newest. */
MUST_CHECK enum status knowing_store_glass_before(
    struct database *db, uint64_t before, struct grant_row *out);

/* ---- Lists -------------------------------------------------------------------------------- */

/* Which tasks or cases of a person's a list shows: what the person knows, the mailbox, or both. */
struct knowing_filter {
	uint64_t person; /* 0: the mailbox alone */
	bool mailbox;
	uint64_t now_ms;
	unsigned sides;        /* of enum task_side */
	enum task_state state; /* TASK_STATE_COUNT: any */
	uint64_t before;       /* rows below this number; 0: from the newest */
};
/* Numbers of at most LIMIT tasks or cases, newest first; *COUNT is how many. */
MUST_CHECK enum status knowing_store_tasks(struct database *db,
    const struct knowing_filter *filter, unsigned limit, uint64_t *ns, unsigned *count);
MUST_CHECK enum status knowing_store_cases(struct database *db,
    const struct knowing_filter *filter, unsigned limit, uint64_t *ns, unsigned *count);

/* ---- Duty --------------------------------------------------------------------------------- */

struct duty_row {
	uint64_t n, person, from_ms, until_ms, by;
};
MUST_CHECK enum status knowing_store_duty_add(struct database *db, struct duty_row *row);
/* It ends now, or is taken off the roster when it has not begun. */
MUST_CHECK enum status knowing_store_duty_end(struct database *db, uint64_t n, uint64_t now_ms);
/* The next above AFTER that ends after NOW_MS. */
MUST_CHECK enum status knowing_store_duty_after(
    struct database *db, uint64_t after, uint64_t now_ms, struct duty_row *out);

#endif
