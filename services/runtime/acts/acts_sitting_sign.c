/* services/runtime/acts/acts_sitting_sign.c: one act that signs the minutes of several matters of a sitting. */
#include "services/runtime/acts/acts_sitting_inside.h"

#include <string.h>

#include "services/runtime/people/access.h"
#include "services/runtime/people/knowing.h"
#include "services/runtime/task/matter.h"

/*
 * A person signs what the act would sign of each matter by itself: known to that person, not
 * erased, and its last minutes. Where nothing is named it is all that waits for this institution.
 * Its own dissent from earlier minutes would be gone by that, and of what came with its acts alone
 * nobody here has read a word: so such a matter is to be named.
 */

/* ---- Which ------------------------------------------------------------------------------- */

const char *
acts_sitting_sign_why(const struct sitting_matter *matter, const char *self)
{
	const struct sitting_voice *voice;

	if (matter->state == TASK_FINAL || matter->state == TASK_DROPPED)
		return task_state_name(matter->state);
	if (matter->circulated == 0)
		return "no_minutes";
	if (strcmp(matter->minuted_by.code, self) == 0)
		return "circulated";
	if ((voice = sitting_voice_of(matter, self)) != NULL)
		return voice->dissent ? "dissented" : "signed";
	/* What an author said of earlier minutes and stands is a dissent. */
	for (unsigned i = 0; i < matter->voice_count; i++)
		if (strcmp(matter->voices[i].member.code, self) == 0)
			return "dissented";
	return NULL;
}

static void
take(struct acts_signing *out, const struct sitting_matter *matter, const struct task_row *task)
{
	struct minutes_entry *entry = &out->entries[out->count];

	memcpy(entry->matter, matter->task, sizeof(entry->matter));
	memcpy(entry->message, matter->minutes, sizeof(entry->message));
	entry->root = matter->root;
	out->cases[out->count].case_n = task->case_n;
	out->cases[out->count++].task_n = task->n;
}

static void
leave_out(struct acts_signing *out, const struct sitting_matter *matter, const char *why)
{
	memcpy(out->left_out[out->left_out_count].matter, matter->task, SUITE_ID_LEN);
	out->left_out[out->left_out_count++].why = why;
}

static enum status
has_key(struct service *service, uint64_t case_n)
{
	struct case_key key;
	enum status rc = case_file_key(service, case_n, &key);

	vault_forget(&key);
	return rc;
}

enum status
acts_sitting_unread(struct service *service, const struct task_row *task,
    const struct sitting_matter *matter, bool *out)
{
	struct content content = {0};
	struct event_row row;
	struct case_key key;
	enum status rc = case_file_key(service, task->case_n, &key);

	*out = false;
	if (rc != STATUS_OK)
		return rc;
	rc = event_store_act(service->db, matter->minutes, matter->minuted_by.code, &row);
	if (rc == STATUS_OK)
		rc = case_file_content(service, &key, &row, &content);
	if (rc == STATUS_OK)
		*out = (content.shown & ~CATEGORY_BIT(CATEGORY_ACT)) == 0;
	content_free(&content);
	vault_forget(&key);
	return rc;
}

/* Of what waits: why it is not signed unless it is named. */
static enum status
find_hindrance(struct service *service, const struct task_row *task,
    const struct sitting_matter *matter, const char **why)
{
	bool unread;
	enum status rc = acts_sitting_unread(service, task, matter, &unread);

	if (rc == STATUS_ERASED)
		*why = "erased";
	else if (rc == STATUS_OK && unread)
		*why = "unread";
	return rc == STATUS_ERASED ? STATUS_OK : rc;
}

/* One of the agenda, where nothing is named: taken, or left out, or not to be known. */
static enum status
consider(struct service *service, const struct actor *actor,
    const struct sitting_matter *matter, struct acts_signing *out)
{
	const char *why = acts_sitting_sign_why(matter, service->config.code);
	struct task_row task = {0};
	enum status rc = case_store_find_task(service->db, matter->task, &task);

	if (rc == STATUS_OK || rc == STATUS_NOT_FOUND)
		rc = acts_knows(service, actor, ACTS_TO_ACT, task.case_n);
	if (rc == STATUS_NOT_FOUND) {
		out->hidden++;
		return STATUS_OK;
	}
	if (rc == STATUS_OK && why == NULL)
		rc = find_hindrance(service, &task, matter, &why);
	if (rc != STATUS_OK)
		return rc;
	if (why == NULL)
		take(out, matter, &task);
	else
		leave_out(out, matter, why);
	return STATUS_OK;
}

/* ---- Named ------------------------------------------------------------------------------- */

static bool
is_taken(const struct acts_signing *out, const uint8_t matter[static SUITE_ID_LEN])
{
	for (unsigned i = 0; i < out->count; i++)
		if (memcmp(out->entries[i].matter, matter, SUITE_ID_LEN) == 0)
			return true;
	return false;
}

/* The minutes that were read are named with the matter, so that no others are signed. */
static enum status
check_named(const struct sitting_matter *matter, const json_t *one, struct refusal *refusal)
{
	const json_t *minutes = json_object_get(one, "minutes");
	uint8_t id[SUITE_ID_LEN];

	if (matter->circulated == 0)
		return request_refuse(refusal, STATUS_WRONG_STATE, "matters",
		    "no minutes have been circulated yet");
	if (minutes != NULL &&
	    (!json_is_string(minutes) || !request_id(json_string_value(minutes), id) ||
		memcmp(id, matter->minutes, sizeof(id)) != 0))
		return request_refuse(refusal, STATUS_OTHER_MINUTES, "matters",
		    "other minutes were circulated last: read them first");
	if (matter->state != TASK_MINUTED && matter->state != TASK_CORRECTED)
		return request_refuse(refusal, STATUS_WRONG_STATE, "matters",
		    "the task is \"%s\": that step does not follow from it, or is another"
		    " institution's",
		    task_state_label(matter->state, "en"));
	return STATUS_OK;
}

static enum status
take_named(struct service *service, const struct actor *actor, const struct sitting *sitting,
    const json_t *one, struct acts_signing *out, struct refusal *refusal)
{
	static const char *const words[] = {"matter", "minutes", NULL};
	const char *id = json_string_value(json_object_get(one, "matter"));
	const struct sitting_matter *matter;
	struct task_row task;
	enum status rc = request_only(one, words, refusal);

	if (rc != STATUS_OK)
		return rc;
	rc = acts_find_task(service, actor, ACTS_TO_ACT, id != NULL ? id : "", &task, refusal);
	if (rc != STATUS_OK)
		return rc;
	if ((matter = sitting_matter_of(sitting, task.id)) == NULL)
		return request_refuse(refusal, STATUS_ARGUMENT, "matters",
		    "that is no matter on the agenda of this sitting");
	if (is_taken(out, task.id))
		return request_refuse(
		    refusal, STATUS_ARGUMENT, "matters", "a matter is named twice");
	if ((rc = check_named(matter, one, refusal)) != STATUS_OK)
		return rc;
	if ((rc = has_key(service, task.case_n)) != STATUS_OK)
		return acts_fail(refusal, rc, "reading the task");
	take(out, matter, &task);
	return STATUS_OK;
}

/* ---- The act ----------------------------------------------------------------------------- */

static enum status
choose(struct service *service, const struct actor *actor, const struct sitting *sitting,
    const json_t *named, struct acts_signing *out, struct refusal *refusal)
{
	enum status rc = STATUS_OK;

	if (named != NULL && !json_is_null(named)) {
		if (!json_is_array(named) || json_array_size(named) == 0 ||
		    json_array_size(named) > MINUTES_MAX)
			return request_refuse(refusal, STATUS_ARGUMENT, "matters",
			    "matters is an array of 1 to %d objects, each with its matter and"
			    " perhaps minutes",
			    MINUTES_MAX);
		for (size_t i = 0; rc == STATUS_OK && i < json_array_size(named); i++)
			rc = take_named(
			    service, actor, sitting, json_array_get(named, i), out, refusal);
		return rc;
	}
	for (unsigned i = 0; rc == STATUS_OK && i < sitting->matter_count; i++)
		rc = consider(service, actor, &sitting->matters[i], out);
	if (rc != STATUS_OK)
		return acts_fail(refusal, rc, "reading the sitting");
	return out->count > 0 ? STATUS_OK
	                      : request_refuse(refusal, STATUS_WRONG_STATE, "matters",
				    "no minutes of this sitting wait for your signature");
}

enum status
acts_sitting_sign_fill(struct service *service, const struct actor *actor,
    const struct task_row *frame, const json_t *request, struct content *content,
    struct acts_signing *out, struct refusal *refusal)
{
	struct minutes_entry sorted[MINUTES_MAX];
	const struct circles *circles;
	enum status rc;

	*out = (struct acts_signing){.count = 0};
	if (content->type->id != MESSAGE_CONFERENCE_SIGN)
		return STATUS_OK;
	if ((rc = acts_sitting_load(service, frame, &circles, refusal)) != STATUS_OK)
		return rc;
	rc = choose(service, actor, circles->sitting, json_object_get(request, "matters"), out,
	    refusal);
	if (rc != STATUS_OK)
		return rc;
	memcpy(sorted, out->entries, out->count * sizeof(sorted[0]));
	minutes_sort(sorted, out->count);
	rc = minutes_set(content, sorted, out->count);
	return rc == STATUS_OK ? rc : acts_fail(refusal, rc, "making the message");
}

enum status
acts_sitting_sign_record(
    struct service *service, const struct actor *actor, const struct acts_signing *signing)
{
	enum status rc = STATUS_OK;

	for (unsigned i = 0; rc == STATUS_OK && i < signing->count; i++) {
		rc = access_record(
		    service, actor, signing->cases[i].case_n, signing->cases[i].task_n, "sign");
		if (rc == STATUS_OK)
			rc = knowing_take(service, actor, signing->cases[i].case_n);
	}
	return rc;
}

bool
acts_sitting_sign_answer(const struct acts_signing *signing, json_t *said)
{
	json_t *done = json_array(), *left = json_array();
	int failed = done == NULL || left == NULL;

	for (unsigned i = 0; i < signing->count; i++)
		failed |= json_array_append_new(done,
		    json_pack("{s:o, s:o}", "matter", request_hex(signing->entries[i].matter),
			"minutes", request_hex(signing->entries[i].message)));
	for (unsigned i = 0; i < signing->left_out_count; i++)
		failed |= json_array_append_new(left,
		    json_pack("{s:o, s:s}", "matter", request_hex(signing->left_out[i].matter),
			"why", signing->left_out[i].why));
	failed |= json_object_set_new(said, "signed", done);
	failed |= json_object_set_new(said, "left_out", left);
	failed |= json_object_set_new(said, "hidden", json_integer(signing->hidden));
	return failed == 0;
}
