/* services/runtime/exchange/climbs_judge.c: whether a climb that came leads to the next level. */
#include "services/runtime/exchange/climbs.h"

#include "services/runtime/exchange/service.h"
#include "services/runtime/task/disagreement.h"

/* Where the author of a message at INDEX saw TASK, who had applied ours up to APPLIED. */
static enum status
state_seen(struct service *service, const struct task_row *task, uint64_t index,
    uint64_t applied, enum task_state *out)
{
	struct case_history history;
	struct task_stand stand;
	size_t count = 0;
	enum status rc = case_file_history(service, task, &history);

	for (size_t i = 0; rc == STATUS_OK && i < history.count; i++) {
		const struct event_row *row = &history.rows[i];

		if (row->what == EVENT_MESSAGE && row->index <= (row->own ? applied : index))
			history.rows[count++] = *row;
	}
	if (rc == STATUS_OK) {
		timeline_fold(history.rows, count, task->sort, task->side, TIMELINE_UNSTOPPED,
		    &stand, NULL);
		*out = stand.state;
	}
	case_file_history_free(&history);
	return rc;
}

enum status
climbs_judge(struct service *service, const struct task_row *task,
    const struct content *content, uint64_t index)
{
	enum task_state state;
	struct bytes level;
	uint64_t applied;
	enum status rc;

	if (content->type->id != MESSAGE_DISAGREEMENT_CLIMB)
		return STATUS_OK;
	if (!content_text(content, FIELD_LEVEL, &level) ||
	    !content_uint(content, FIELD_APPLIED, &applied))
		return STATUS_BAD_CONTENT;
	if ((rc = state_seen(service, task, index, applied, &state)) != STATUS_OK)
		return rc;
	return disagreement_above(state) != NULL &&
	               bytes_is_text(level, disagreement_above(state))
	           ? STATUS_OK
	           : STATUS_BAD_CONTENT;
}
