/* services/runtime/acts/acts_sitting.c: what acts around sittings share: finding one, what was said last. */
#include "services/runtime/acts/acts_sitting_inside.h"

#include <string.h>

enum status
acts_sitting_find(struct service *service, const struct actor *actor, enum acts_need need,
    const char *id, const char *sort, struct task_row *out, struct refusal *refusal)
{
	struct task_row row;
	enum status rc = acts_find_task(service, actor, need, id, &row, refusal);

	if (rc != STATUS_OK)
		return rc;
	if (strcmp(row.sort->name, sort) != 0 || row.circle_n == 0)
		return request_refuse(
		    refusal, STATUS_NOT_FOUND, "task", "there is no such task here");
	*out = row;
	return STATUS_OK;
}

enum status
acts_sitting_id(
    const json_t *request, const char *name, const char **out, struct refusal *refusal)
{
	const json_t *value = json_object_get(request, name);
	const char *text = json_string_value(value);
	uint8_t id[SUITE_ID_LEN];

	if (value == NULL || json_is_null(value) || (text != NULL && text[0] == '\0')) {
		*out = NULL;
		return STATUS_OK;
	}
	if (text == NULL || !request_id(text, id))
		return request_refuse(
		    refusal, STATUS_ARGUMENT, name, "%s is 32 hexadecimal digits", name);
	*out = text;
	return STATUS_OK;
}

enum status
acts_sitting_load(struct service *service, const struct task_row *task,
    const struct circles **out, struct refusal *refusal)
{
	enum status rc = circles_fold(service, task->circle_n, out);

	if (rc == STATUS_OK && (*out)->sitting == NULL)
		rc = STATUS_WRONG_STATE;
	return rc == STATUS_OK ? rc : acts_fail(refusal, rc, "reading the sitting");
}

const char *
acts_sitting_text(const struct content *content, enum field field, char *out, size_t size)
{
	struct bytes text;

	if (content->type == NULL || !content_text(content, field, &text) ||
	    !bytes_to_text(text, out, size))
		out[0] = '\0';
	return out;
}

enum status
acts_sitting_last(struct service *service, const struct case_key *key,
    const struct case_history *history, enum message type, struct event_row *row,
    struct content *content)
{
	for (size_t i = history->count; i > 0; i--) {
		const struct event_row *one = &history->rows[i - 1];

		if (one->what != EVENT_MESSAGE || one->type != type || history->voids[i - 1])
			continue;
		*row = *one;
		return case_file_content(service, key, one, content);
	}
	return STATUS_NOT_FOUND;
}

const struct sitting_matter *
acts_sitting_matter(const struct circles *circles, const struct task_row *task)
{
	const struct sitting_matter *matter =
	    circles->sitting == NULL ? NULL : sitting_matter_of(circles->sitting, task->id);

	return matter != NULL && matter->circulated > 0 ? matter : NULL;
}
