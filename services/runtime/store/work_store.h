/* services/runtime/store/work_store.h: what waits for somebody, in the order of when it is due. */
#ifndef SAIKNE_WORK_STORE_H
#define SAIKNE_WORK_STORE_H

#include "services/runtime/store/deadline_store.h"

/* What a thing is, by the table whose row N it is. */
enum work_about { WORK_TASK = 0, WORK_RECORD = 1, WORK_GLASS = 2 };

#define WORK_NO_DUE ((uint64_t)INT64_MAX) /* it waits, but by no time */

/* One thing, however many reasons there are for it. Codes and instants only: nothing personal. */
struct work_row {
	enum work_about about;
	uint64_t n, case_n;
	uint64_t due_ms;
	char what[DEADLINE_WHAT_MAX]; /* a code of the list owed, or one of work.h */
	bool ours;                    /* we owe it; else others owe it to us */
	enum deadline_stage stage;
	char reaches[48];      /* only whom an alarm names is to see it; "": whoever knows */
	bool supervisor, head; /* an alarm of it has come to them */
};

/* Adds or replaces the row of ABOUT and N; one that says the same already stays untouched. */
MUST_CHECK enum status work_store_put(struct database *db, const struct work_row *row);
MUST_CHECK enum status work_store_remove(
    struct database *db, enum work_about about, uint64_t n);
/* What the case's tasks and records wait for: it is erased. */
MUST_CHECK enum status work_store_forget(struct database *db, uint64_t case_n);

/* Where a list stands: behind the thing of this due time, ABOUT and N. */
struct work_place {
	uint64_t due_ms, about, n;
};
/* Whose list: what PERSON knows, and what else their role sees. */
struct work_filter {
	uint64_t person, now_ms;
	bool mailbox, supervisor, head;
	struct work_place after; /* all 0: from the beginning */
};
/* At most LIMIT of them, the first due first; *COUNT is how many. */
MUST_CHECK enum status work_store_page(struct database *db, const struct work_filter *filter,
    unsigned limit, struct work_row *rows, unsigned *count);

/* ---- Of which it is made ------------------------------------------------------------------ */

/* What was last on a task: a message of either side, or that one of ours reached nobody. */
enum work_news { WORK_NEWS_THEIRS, WORK_NEWS_OURS, WORK_NEWS_FAILED };
MUST_CHECK enum status work_store_news(
    struct database *db, uint64_t task_n, enum work_news *out);
/* Whether the service tried already to send by itself what TASK_N owes. */
MUST_CHECK enum status work_store_tried(struct database *db, uint64_t task_n, bool *out);

#endif
