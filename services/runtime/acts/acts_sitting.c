/* services/runtime/acts/acts_sitting.c: what acts around sittings share: finding one, what was said last. */
#include "services/runtime/acts/acts_sitting_inside.h"

#include <string.h>

#include "services/runtime/task/calendar.h"

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

static bool
was_there(const struct sitting *sitting, const char *code)
{
	for (unsigned i = 0; i < sitting->seat_count; i++) {
		const struct sitting_seat *seat = &sitting->seats[i];

		if (seat->present &&
		    (strcmp(seat->member.code, code) == 0 || strcmp(seat->sub.code, code) == 0))
			return true;
	}
	return false;
}

unsigned
acts_sitting_differs(const struct sitting *sitting, const struct content *content,
    char who[static PARTY_MAX + 1])
{
	struct bytes code, day;
	calendar_day starts;
	unsigned differs = 0;

	who[0] = '\0';
	for (unsigned i = 0; differs == 0 && content_code_at(content, FIELD_PARTIES, i, &code);
	     i++)
		if (!bytes_to_text(code, who, PARTY_MAX + 1) || !was_there(sitting, who))
			differs |= ACTS_SITTING_PARTIES;
	if (sitting->day_ms != 0 && content_text(content, FIELD_STARTS, &day) &&
	    (!calendar_date(day, &starts) || calendar_start_ms(starts) != sitting->day_ms))
		differs |= ACTS_SITTING_STARTS;
	return differs;
}

json_t *
acts_sitting_differs_json(const struct sitting *sitting, const struct content *content)
{
	static const struct {
		unsigned bit;
		enum field field;
	} fields[] = {
	    {ACTS_SITTING_PARTIES, FIELD_PARTIES}, {ACTS_SITTING_STARTS, FIELD_STARTS}};
	char who[PARTY_MAX + 1];
	json_t *names = json_array();
	unsigned differs =
	    content->type == NULL ? 0 : acts_sitting_differs(sitting, content, who);

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if ((differs & fields[i].bit) != 0 &&
		    json_array_append_new(
			names, json_string(field_info(fields[i].field)->name)) != 0) {
			json_decref(names);
			return NULL;
		}
	return names;
}
