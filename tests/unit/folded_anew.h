/* tests/unit/folded_anew.h: what a service keeps of a circle's folds is what they come to when all is folded anew. */
#ifndef SAIKNE_FOLDED_ANEW_H
#define SAIKNE_FOLDED_ANEW_H

#include "tests/unit/circle_room.h"

/* What LINE keeps: deadlines, what waits, alarms, and where its tasks stand. */
static inline void
folded_write_down(struct line *line, struct buffer *out)
{
	static const char *const kept[] = {
	    "SELECT group_concat(quote(task_n) || what || began_ms || ',' || due_ms || ',' ||"
	    " stage || ours, ';') FROM (SELECT * FROM deadlines ORDER BY task_n, what)",
	    "SELECT group_concat(about || ',' || n || what || due_ms || ours || stage, ';')"
	    " FROM (SELECT * FROM work ORDER BY about, n)",
	    "SELECT group_concat(task_n || what || stage || ifnull(settled_ms, ''), ';')"
	    " FROM (SELECT * FROM alarms ORDER BY n)",
	    "SELECT group_concat(n || sort || state || side || last_index || unread, ';')"
	    " FROM (SELECT * FROM tasks ORDER BY n)",
	};

	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
		struct query *query;

		assert_int_equal(database_query(line->service->db, kept[i], &query), STATUS_OK);
		assert_int_equal(query_append(query, out), STATUS_OK);
	}
	buffer_append_byte(out, '\0');
}

/* Nothing is other than it is after every task of the circle was folded anew from what is stored. */
static inline void
assert_as_folded_anew(struct line *line, const uint8_t circle[static SUITE_ID_LEN])
{
	struct buffer kept = {0}, anew = {0};
	struct task_row frame = task_of(line, circle), row = {.n = 0};

	(void)circle_at(line, circle);
	folded_write_down(line, &kept);
	assert_int_equal(service_begin(line->service), STATUS_OK);
	circles_forget(line->service);
	while (circle_store_task(line->service->db, frame.circle_n, row.n, &row) == STATUS_OK)
		assert_int_equal(case_file_refold(line->service, &row, "anew"), STATUS_OK);
	service_commit(line->service, "anew");
	folded_write_down(line, &anew);
	assert_string_equal((const char *)kept.data, (const char *)anew.data);
	buffer_free(&kept);
	buffer_free(&anew);
}

#endif
