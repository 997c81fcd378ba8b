/* services/runtime/desk/desk_lists.c: the words that forms are made of: code lists, fields, states. */
#include "services/runtime/desk/desk_lists.h"

#include "protocol/host/lang.h"
#include "protocol/lists/lists.h"
#include "protocol/wire/message.h"
#include "services/runtime/desk/desk_answer.h"
#include "services/runtime/task/task.h"

/* *ANSWER, unless memory ran out on the way. */
static enum status
finish(int failed, json_t **answer, struct refusal *refusal)
{
	if (*answer != NULL && failed == 0)
		return STATUS_OK;
	json_decref(*answer);
	*answer = NULL;
	*refusal = desk_answer_refusal(STATUS_NO_MEMORY, "", "memory ran out");
	return STATUS_NO_MEMORY;
}

enum status
desk_lists_all(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	const struct list *list;
	json_t *all = json_array();
	int failed = 0;

	(void)ask;
	for (unsigned i = 0; (list = list_at(i)) != NULL; i++)
		failed |=
		    json_array_append_new(all, json_pack("{ss si}", "name", list_name(list),
						   "rows", (int)list_rows(list)));
	*answer = json_pack("{so}", "lists", all);
	return finish(failed, answer, refusal);
}

static json_t *
list_row(const struct list *list, unsigned row)
{
	json_t *object = json_object();

	for (unsigned c = 0; c < list_columns(list); c++) {
		const char *column = list_column_name(list, c);

		if (json_object_set_new(
			object, column, json_string(list_text(list, row, column))) != 0) {
			json_decref(object);
			return NULL;
		}
	}
	return object;
}

enum status
desk_lists_one(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	const struct list *list = list_named(ask->parts[2]);
	json_t *columns = json_array(), *rows = json_array();
	int failed = 0;

	if (list == NULL) {
		json_decref(columns);
		json_decref(rows);
		*refusal = desk_answer_refusal(
		    STATUS_NOT_FOUND, "", N_("there is no list of this name"));
		return STATUS_NOT_FOUND;
	}
	for (unsigned i = 0; i < list_columns(list); i++)
		failed |=
		    json_array_append_new(columns, json_string(list_column_name(list, i)));
	for (unsigned i = 0; i < list_rows(list); i++)
		failed |= json_array_append_new(rows, list_row(list, i));
	*answer =
	    json_pack("{ss so so}", "name", list_name(list), "columns", columns, "rows", rows);
	return finish(failed, answer, refusal);
}

enum status
desk_lists_fields(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	const struct field_info *field;
	json_t *all = json_array();
	int failed = 0;

	(void)ask;
	for (unsigned i = 0; (field = field_at(i)) != NULL; i++) {
		/* JSON numbers reach 2^53; a greater limit is none. */
		json_int_t limit = field->limit < (1ULL << 53) ? (json_int_t)field->limit : 0;
		json_t *one = json_pack("{ss ss ss ss sI ss ss}", "name", field->name,
		    "category", category_name(field->category), "kind",
		    field_kind_name(field->kind), "list", field->list, "limit", limit,
		    "label_lv", field->label_lv, "label_en", field->label_en);

		failed |= json_array_append_new(all, one);
	}
	*answer = json_pack("{so so}", "fields", all, "acts", acts_forms());
	return finish(failed, answer, refusal);
}

/* One state with the sorts whose tasks can be in it; open where it is open in any. */
static json_t *
state_json(enum task_state state)
{
	const struct task_sort *sort;
	json_t *sorts = json_array();
	bool open = false;

	for (unsigned i = 0; (sort = task_sort_at(i)) != NULL; i++) {
		if (!task_has(sort, state))
			continue;
		open |= task_is_open(sort, state);
		if (json_array_append_new(sorts, json_string(sort->name)) != 0) {
			json_decref(sorts);
			return NULL;
		}
	}
	return json_pack("{ss ss ss sb so}", "name", task_state_name(state), "label_lv",
	    task_state_label(state, "lv"), "label_en", task_state_label(state, "en"), "open",
	    open, "sorts", sorts);
}

enum status
desk_lists_states(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	json_t *all = json_array();
	int failed = 0;

	(void)ask;
	for (unsigned i = TASK_NONE + 1; i < TASK_STATE_COUNT; i++)
		failed |= json_array_append_new(all, state_json((enum task_state)i));
	*answer = json_pack("{so}", "states", all);
	return finish(failed, answer, refusal);
}
