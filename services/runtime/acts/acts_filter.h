/* services/runtime/acts/acts_filter.h: what narrows a list of tasks or cases, and its cursor. */
#ifndef SAIKNE_ACTS_FILTER_H
#define SAIKNE_ACTS_FILTER_H

#include "services/runtime/acts/acts_inside.h"

/*
 * What one page may look at: rows beyond it wait for the next page, so that a filter that fits
 * nothing costs one request no more than any other.
 */
#define ACTS_FILTER_ROWS_MAX  1000
#define ACTS_FILTER_TASKS_MAX 2000 /* of the cases on one page */

struct acts_filter {
	struct task_filter rows; /* what an index can answer; BEFORE is where the page begins */
	bool mailbox;            /* only what nobody holds */
	const char *urgency;     /* NULL: any; borrows from the query */
	const struct task_sort *sort; /* NULL: any */
	uint64_t since_ms, until_ms;
	uint64_t due_by_ms; /* only where something ends by then; 0: any */
};

/*
 * STATUS_ARGUMENT with the parameter at fault. LIST is 't' (tasks), 'c' (cases), 'a' (alarms) or
 * 's' (what a search found): each has its own cursors.
 */
MUST_CHECK enum status acts_filter_read(const struct acts_query *query, char list,
    struct acts_filter *out, struct refusal *refusal);
/* The cursor that a page gave, as the number below which the next begins; 0: AFTER is NULL. */
MUST_CHECK enum status acts_filter_cursor(
    const char *after, char list, uint64_t *before, struct refusal *refusal);
/* Whether what stands in the clear fits. */
bool acts_filter_fits(const struct acts_filter *filter, const struct task_row *task);
/* Whether the rest does, which only an opened item shows. */
bool acts_filter_fits_item(const struct acts_filter *filter, const json_t *item);

/* One page as it grows. */
struct acts_page {
	json_t *items;
	unsigned limit, looked_at;
	uint64_t last; /* the row that the next page begins after */
	bool more;     /* something else is there, or may be */
	bool partial;  /* the page ended because it had looked at enough rows */
};

/* { "items", "next", "partial" }; takes the items. */
MUST_CHECK enum status acts_filter_page(struct acts_page *page, char list, json_t **answer);

#endif
