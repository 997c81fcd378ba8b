/* services/runtime/acts/acts_disagree.c: a disagreement about a task is raised. */
#include "services/runtime/acts/acts_refer_inside.h"

#include <string.h>

#include "services/runtime/exchange/preview.h"
#include "services/runtime/store/circle_store.h"
#include "services/runtime/store/ground_store.h"
#include "services/runtime/task/climbed.h"
#include "services/runtime/task/disagreement.h"
#include "services/runtime/task/renewal.h"
#include "services/runtime/task/stop.h"

static bool
is_disputed(const struct task_sort *sort)
{
	return sort != &disagreement_sort && sort != &climbed_sort && sort != &stop_sort &&
	       sort != &renewal_sort;
}

static bool
says_ground(const json_t *request)
{
	for (size_t i = 0; acts_ground_words[i] != NULL; i++)
		if (json_object_get(request, acts_ground_words[i]) != NULL)
			return true;
	return false;
}

static enum status
put_if_missing(json_t *request, const char *name, json_t *value)
{
	if (json_object_get(request, name) != NULL) {
		json_decref(value);
		return STATUS_OK;
	}
	return json_object_set_new(request, name, value) == 0 ? STATUS_OK : STATUS_NO_MEMORY;
}

/* What was said of urgency when the task was opened. */
static enum status
take_urgency(struct service *service, const struct task_row *about, json_t *request)
{
	struct preview preview;
	const char *said = NULL;
	enum status rc = preview_read(service, about, true, &preview);

	if (rc == STATUS_OK) {
		said = json_string_value(json_object_get(preview.fields, "urgency"));
		rc = put_if_missing(
		    request, "urgency", json_string(said != NULL ? said : "normal"));
	}
	preview_free(&preview);
	return rc;
}

/* The record that the task itself rests on, unless the request says another ground. */
static enum status
take_ground(struct service *service, const struct task_row *about, json_t *request)
{
	struct ground_row row;
	enum status rc;

	if (says_ground(request) || about->ground_n == 0)
		return STATUS_OK;
	rc = ground_store_get(service->db, about->ground_n, &row);
	if (rc != STATUS_OK)
		return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
	return put_if_missing(request, "record", request_hex(row.id));
}

/* Its words stand beside its codes, as in every other act on a task. */
static enum status
take_words(json_t *request)
{
	json_t *words = json_object_get(request, "explanation");
	enum status rc = STATUS_OK;

	if (words != NULL && json_object_set_new(request, "content",
				 json_pack("{s:O}", "explanation", words)) != 0)
		rc = STATUS_NO_MEMORY;
	json_object_del(request, "explanation");
	return rc;
}

/* REQUEST as one that opens a task in the case of ABOUT, with its other institution. */
static enum status
complete(
    struct service *service, const struct task_row *about, const json_t *request, json_t **out)
{
	const json_t *with = json_object_get(request, "with");
	struct case_row file;
	json_t *made = json_deep_copy(request);
	enum status rc =
	    made == NULL ? STATUS_NO_MEMORY : case_store_get(service->db, about->case_n, &file);

	json_object_del(made, "task");
	if (rc == STATUS_OK &&
	    json_object_set_new(made, "to",
		json_pack("[s]", with != NULL ? json_string_value(with) : about->peer)) != 0)
		rc = STATUS_NO_MEMORY;
	json_object_del(made, "with");
	if (rc == STATUS_OK)
		rc = take_words(made);
	if (rc == STATUS_OK && json_object_set_new(made, "case", request_hex(file.id)) != 0)
		rc = STATUS_NO_MEMORY;
	if (rc == STATUS_OK)
		rc = put_if_missing(made, "purpose",
		    json_string(about->purpose[0] != '\0' ? about->purpose : "other"));
	if (rc == STATUS_OK)
		rc = take_urgency(service, about, made);
	if (rc == STATUS_OK)
		rc = take_ground(service, about, made);
	if (rc == STATUS_OK)
		*out = made;
	else
		json_decref(made);
	return rc;
}

static enum status
read_about(struct service *service, const struct actor *actor, const json_t *request,
    struct task_row *about, struct refusal *refusal)
{
	const json_t *task = json_object_get(request, "task"),
		     *with = json_object_get(request, "with");
	bool member;
	enum status rc;

	if (!json_is_string(task))
		return request_refuse(refusal, STATUS_ARGUMENT, "task",
		    "task is the id of what the disagreement is about");
	rc = acts_find_task(
	    service, actor, ACTS_TO_ACT, json_string_value(task), about, refusal);
	if (rc != STATUS_OK)
		return rc;
	if (!is_disputed(about->sort))
		return request_refuse(refusal, STATUS_WRONG_STATE, "task",
		    "there is nothing to disagree on in this sort of task");
	if (with != NULL &&
	    (!json_is_string(with) || (about->sort->share == TASK_OF_TWO &&
					  strcmp(json_string_value(with), about->peer) != 0)))
		return request_refuse(refusal, STATUS_ARGUMENT, "with",
		    "with is the code of an institution that shares the task");
	if (with == NULL || about->circle_n == 0)
		return STATUS_OK;
	rc = circle_store_has_member(
	    service->db, about->circle_n, json_string_value(with), &member);
	if (rc != STATUS_OK)
		return acts_fail(refusal, rc, "reading the task");
	return member ? STATUS_OK
	              : request_refuse(refusal, STATUS_NOT_A_MEMBER, "with",
			    "with is the code of an institution that shares the task");
}

enum status
acts_disagree(struct service *service, const struct actor *actor, const json_t *request,
    bool preview, json_t **answer, struct refusal *refusal)
{
	struct task_row about = {0};
	json_t *made = NULL;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if (!acts_role_may(service, actor->role, MESSAGE_DISAGREEMENT_RAISE))
		return request_refuse(refusal, STATUS_NOT_ALLOWED, "",
		    "your institution or your role does not send this");
	if ((rc = request_is_object(request, refusal)) != STATUS_OK ||
	    (rc = read_about(service, actor, request, &about, refusal)) != STATUS_OK)
		return rc;
	for (size_t i = 0; i < 3; i++) {
		static const char *const own[] = {"to", "case", "content"};

		if (json_object_get(request, own[i]) != NULL)
			return request_refuse(refusal, STATUS_ARGUMENT, own[i],
			    "there is no such field in this request");
	}
	if ((rc = complete(service, &about, request, &made)) != STATUS_OK)
		return acts_fail(refusal, rc, "reading the task");
	rc = acts_refer_open(
	    service, actor, MESSAGE_DISAGREEMENT_RAISE, made, &about, preview, answer, refusal);
	json_decref(made);
	return rc;
}
