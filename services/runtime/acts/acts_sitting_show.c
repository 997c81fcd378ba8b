/* services/runtime/acts/acts_sitting_show.c: a sitting as its members see it: who sits, the agenda, what waits. */
#include "services/runtime/acts/acts_sitting_inside.h"

#include <string.h>

#include "services/runtime/people/access.h"
#include "services/runtime/task/invitation.h"

/* One look at one sitting. */
struct look {
	struct service *service;
	const struct actor *actor;
	struct task_row frame;
	const struct circles *circles; /* nothing is written before all is said */
	json_t *item;
	struct {
		uint64_t case_n, task_n;
	} shown[SITTING_MATTERS_MAX]; /* matters whose messages were opened */
	unsigned shown_count;
};

static enum status
set_new(json_t *item, const char *name, json_t *value)
{
	return json_object_set_new(item, name, value) == 0 ? STATUS_OK : STATUS_NO_MEMORY;
}

static json_t *
time_or_null(uint64_t ms)
{
	return ms == 0 ? json_null() : request_time(ms);
}

static json_t *
text_of(const struct content *content, enum field field)
{
	char text[200];

	return json_string(acts_sitting_text(content, field, text, sizeof(text)));
}

static json_t *
id_of(const struct content *content, enum field field)
{
	uint8_t id[SUITE_ID_LEN];

	return content->type != NULL && content_id(content, field, id) ? request_hex(id)
	                                                               : json_null();
}

/* ---- The sitting ------------------------------------------------------------------------- */

/* What was said when it was proposed, and when it was convened last. */
static enum status
add_frame(struct look *l, const struct content *proposed, const struct content *convened)
{
	const struct sitting *sitting = l->circles->sitting;
	const char *lead = circle_lead(&l->circles->circle, UINT64_MAX);
	char code[INVITATION_CODE];
	json_t *more;
	int failed;

	invitation_code(l->frame.id, code);
	more = json_pack(
	    "{s:s, s:s, s:s, s:o, s:s, s:s, s:i, s:i, s:o, s:o, s:o, s:o, s:o, s:o}", "code",
	    code, "group", sitting->group, "state", task_state_name(sitting->state),
	    "municipality", text_of(proposed, FIELD_MUNICIPALITY), "chair",
	    lead != NULL ? lead : "", "secretary", sitting->secretary.code, "quorum",
	    (int)sitting->quorum, "convened", (int)sitting->convened, "starts",
	    text_of(convened, FIELD_STARTS), "at", text_of(convened, FIELD_TIME), "place",
	    text_of(convened, FIELD_PLACE), "follows", id_of(proposed, FIELD_OTHER_TASK),
	    "held", time_or_null(sitting->held_ms), "decisions_until",
	    time_or_null(sitting->held_ms == 0 ? 0 : sitting_decisions_end(sitting->held_ms)));
	failed = more == NULL || json_object_update(l->item, more) != 0;
	json_decref(more);
	return failed ? STATUS_NO_MEMORY : STATUS_OK;
}

static enum status
read_frame(struct look *l)
{
	struct content proposed = {0}, convened = {0};
	struct case_history history = {0};
	struct event_row row;
	struct case_key key;
	enum status rc = case_file_key(l->service, l->frame.case_n, &key);

	if (rc == STATUS_ERASED)
		return add_frame(l, &proposed, &convened);
	if (rc != STATUS_OK)
		return rc;
	rc = case_file_history(l->service, &l->frame, &history);
	if (rc == STATUS_OK)
		rc = acts_sitting_last(
		    l->service, &key, &history, MESSAGE_CONFERENCE_PROPOSE, &row, &proposed);
	if (rc == STATUS_OK)
		rc = acts_sitting_last(
		    l->service, &key, &history, MESSAGE_CONFERENCE_CONVENE, &row, &convened);
	if (rc == STATUS_OK || rc == STATUS_NOT_FOUND || rc == STATUS_ERASED)
		rc = circles_fold(l->service, l->frame.circle_n, &l->circles);
	if (rc == STATUS_OK)
		rc = add_frame(l, &proposed, &convened);
	content_free(&proposed);
	content_free(&convened);
	case_file_history_free(&history);
	vault_forget(&key);
	return rc;
}

/* ---- Members ----------------------------------------------------------------------------- */

static const char *
answer_name(enum task_event answer)
{
	return answer == TASK_EVENT_COUNT ? "none" : task_event_name(answer);
}

/*
 * The reason that CODE gave last, as its answer is that it will not come; "" where none is kept. A
 * member answers anew for each day, so its last such act is the one that counts.
 */
static enum status
read_why(struct look *l, const char *code, char *out, size_t size)
{
	struct case_history history = {0};
	struct content content = {0};
	struct case_key key;
	enum status rc = case_file_key(l->service, l->frame.case_n, &key);

	out[0] = '\0';
	if (rc != STATUS_OK)
		return rc == STATUS_ERASED ? STATUS_OK : rc;
	rc = case_file_history(l->service, &l->frame, &history);
	for (size_t i = history.count; rc == STATUS_OK && i > 0; i--) {
		const struct event_row *row = &history.rows[i - 1];

		if (row->what != EVENT_MESSAGE || row->type != MESSAGE_CONFERENCE_DECLINE ||
		    history.voids[i - 1] || strcmp(row->author, code) != 0)
			continue;
		rc = case_file_content(l->service, &key, row, &content);
		if (rc == STATUS_OK)
			(void)acts_sitting_text(&content, FIELD_ABSENCE_REASON, out, size);
		break;
	}
	content_free(&content);
	case_file_history_free(&history);
	vault_forget(&key);
	return rc == STATUS_ERASED ? STATUS_OK : rc;
}

static json_t *
member_json(const struct look *l, const struct sitting_seat *seat, const char *why)
{
	const struct party *party =
	    directory_party(l->service->directory, bytes_of_text(seat->member.code));

	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:b}", "party", seat->member.code,
	    "name", party != NULL ? party->name : "", "kind", party != NULL ? party->kind : "",
	    "answer", answer_name(seat->answer), "why", why, "sub", seat->sub.code, "present",
	    seat->present);
}

static enum status
add_members(struct look *l)
{
	const struct sitting *sitting = l->circles->sitting;
	struct circle_party present[CIRCLE_MEMBERS_MAX];
	json_t *members = json_array();
	unsigned count = 0;

	for (unsigned i = 0; i < sitting->seat_count; i++) {
		const struct sitting_seat *seat = &sitting->seats[i];
		char why[MESSAGE_CODE_MAX + 1] = "";
		enum status rc = STATUS_OK;

		if (!circle_is_member(&l->circles->circle, seat->member.code, UINT64_MAX))
			continue;
		if (seat->present)
			present[count++] = seat->member;
		if (seat->answer == TASK_EVENT_WILL_NOT_COME)
			rc = read_why(l, seat->member.code, why, sizeof(why));
		if (rc == STATUS_OK &&
		    json_array_append_new(members, member_json(l, seat, why)) != 0)
			rc = STATUS_NO_MEMORY;
		if (rc != STATUS_OK) {
			json_decref(members);
			return rc;
		}
	}
	if (set_new(l->item, "members", members) != STATUS_OK)
		return STATUS_NO_MEMORY;
	return set_new(l->item, "counted",
	    json_integer((json_int_t)sitting_counted(
		sitting, &l->circles->circle, UINT64_MAX, present, count)));
}

/* ---- The agenda -------------------------------------------------------------------------- */

static json_t *
minutes_json(const struct sitting_matter *matter)
{
	char root[2 * SUITE_HASH_LEN + 1];

	if (matter->circulated == 0)
		return json_null();
	bytes_to_hex(BYTES(matter->root.byte), root);
	return json_pack("{s:o, s:s, s:o, s:o, s:s, s:i, s:o}", "message",
	    request_hex(matter->minutes), "by", matter->minuted_by.code, "time",
	    request_time(matter->circulated_ms), "index",
	    matter->index == UINT64_MAX ? json_null() : json_integer((json_int_t)matter->index),
	    "root", root, "circulated", (int)matter->circulated, "corrections_until",
	    request_time(matter->corrections_ms));
}

static json_t *
voices_json(const struct sitting_matter *matter)
{
	json_t *voices = json_array();
	int failed = voices == NULL;

	for (unsigned i = 0; i < matter->voice_count; i++) {
		const struct sitting_voice *voice = &matter->voices[i];

		failed |= json_array_append_new(voices,
		    json_pack("{s:s, s:o, s:o, s:b, s:i, s:b}", "party", voice->member.code,
			"message", request_hex(voice->message), "index",
			voice->index == UINT64_MAX ? json_null()
						   : json_integer((json_int_t)voice->index),
			"dissent", voice->dissent, "circulated", (int)voice->circulated,
			"together", voice->of_all));
	}
	if (failed == 0)
		return voices;
	json_decref(voices);
	return NULL;
}

/* Whose signature or dissent is not there yet. */
static json_t *
waiting_json(const struct look *l, const struct sitting_matter *matter)
{
	const char *lead = circle_lead(&l->circles->circle, UINT64_MAX);
	struct circle_party members[CIRCLE_MEMBERS_MAX];
	unsigned count =
	    circle_others(&l->circles->circle, lead != NULL ? lead : "", UINT64_MAX, members);
	json_t *waiting = json_array();
	int failed = waiting == NULL;

	for (unsigned i = 0; matter->circulated > 0 && i < count; i++)
		if (strcmp(members[i].code, matter->minuted_by.code) != 0 &&
		    sitting_voice_of(matter, members[i].code) == NULL)
			failed |= json_array_append_new(waiting, json_string(members[i].code));
	if (failed == 0)
		return waiting;
	json_decref(waiting);
	return NULL;
}

static json_t *
reports_json(const struct case_history *history)
{
	json_t *reports = json_array();
	int failed = reports == NULL;

	for (size_t i = 0; i < history->count; i++) {
		const struct event_row *row = &history->rows[i];

		if (row->what == EVENT_MESSAGE && row->type == MESSAGE_MATTER_REPORT &&
		    !history->voids[i])
			failed |= json_array_append_new(reports,
			    json_pack("{s:o, s:s, s:o}", "message", request_hex(row->message),
				"by", row->author, "time", request_time(row->time_ms)));
	}
	if (failed == 0)
		return reports;
	json_decref(reports);
	return NULL;
}

/* What was put, and what came of it; erased contents say nothing. */
static enum status
read_matter(struct look *l, const struct task_row *task, const struct case_history *history,
    json_t *one)
{
	struct content put = {0}, said = {0}, minutes = {0};
	json_t *more, *circulated = json_object_get(one, "minutes");
	struct event_row row;
	struct case_key key;
	enum status rc = case_file_key(l->service, task->case_n, &key);
	int failed;

	if (rc == STATUS_ERASED)
		return set_new(one, "erased", json_true());
	if (rc != STATUS_OK)
		return rc;
	rc = acts_sitting_last(l->service, &key, history, MESSAGE_MATTER_PUT, &row, &put);
	if (rc == STATUS_OK)
		rc = acts_sitting_last(
		    l->service, &key, history, MESSAGE_MATTER_DECIDE, &row, &said);
	if (rc == STATUS_OK && json_is_object(circulated))
		rc = acts_sitting_last(
		    l->service, &key, history, MESSAGE_MATTER_MINUTES, &row, &minutes);
	vault_forget(&key);
	more = json_pack("{s:o, s:o, s:o, s:o, s:o}", "convening",
	    text_of(&put, FIELD_CONVENING), "age_band", text_of(&put, FIELD_AGE_BAND), "result",
	    text_of(&said, FIELD_RESULT), "earlier", id_of(&put, FIELD_EARLIER), "about",
	    id_of(&put, FIELD_OTHER_TASK));
	failed = more == NULL || json_object_update(one, more) != 0;
	json_decref(more);
	if (json_is_object(circulated))
		failed = set_new(circulated, "differs",
			     acts_sitting_differs_json(l->circles->sitting, &minutes)) !=
		             STATUS_OK ||
		         failed;
	content_free(&minutes);
	content_free(&put);
	content_free(&said);
	if (rc != STATUS_OK && rc != STATUS_NOT_FOUND && rc != STATUS_ERASED)
		return rc;
	return failed ? STATUS_NO_MEMORY : STATUS_OK;
}

/* As acts_sitting_sign.c signs where nothing is named. */
static enum status
is_to_sign(
    struct look *l, const struct sitting_matter *matter, const struct task_row *task, bool *out)
{
	bool unread = false;
	enum status rc = STATUS_OK;

	*out = acts_sitting_sign_why(matter, l->service->config.code) == NULL;
	if (*out)
		rc = acts_sitting_unread(l->service, task, matter, &unread);
	*out = *out && rc == STATUS_OK && !unread;
	return rc == STATUS_ERASED ? STATUS_OK : rc;
}

static enum status
matter_json(struct look *l, const struct sitting_matter *matter, const struct task_row *task,
    json_t **out)
{
	bool to_sign = false;
	struct case_history history = {0};
	struct case_row file;
	json_t *one = NULL;
	enum status rc = case_store_get(l->service->db, task->case_n, &file);

	if (rc == STATUS_OK)
		rc = case_file_history(l->service, task, &history);
	if (rc == STATUS_OK)
		rc = is_to_sign(l, matter, task, &to_sign);
	if (rc == STATUS_OK &&
	    (one = json_pack("{s:o, s:o, s:s, s:s, s:o, s:o, s:o, s:o, s:b}", "task",
		 request_hex(task->id), "case", request_hex(file.id), "state",
		 task_state_name(matter->state), "purpose", task->purpose, "reports",
		 reports_json(&history), "minutes", minutes_json(matter), "voices",
		 voices_json(matter), "waiting", waiting_json(l, matter), "to_sign",
		 to_sign)) == NULL)
		rc = STATUS_NO_MEMORY;
	if (rc == STATUS_OK)
		rc = read_matter(l, task, &history, one);
	case_file_history_free(&history);
	if (rc != STATUS_OK) {
		json_decref(one);
		return rc;
	}
	*out = one;
	return STATUS_OK;
}

/* Matters of cases that this person may not know are counted, and nothing else. */
static enum status
add_agenda(struct look *l)
{
	json_t *agenda = json_array(), *one = NULL;
	json_int_t hidden = 0;
	enum status rc = agenda == NULL ? STATUS_NO_MEMORY : STATUS_OK;

	for (unsigned i = 0; rc == STATUS_OK && i < l->circles->sitting->matter_count; i++) {
		const struct sitting_matter *matter = &l->circles->sitting->matters[i];
		struct task_row task = {0};

		rc = case_store_find_task(l->service->db, matter->task, &task);
		if (rc == STATUS_OK || rc == STATUS_NOT_FOUND)
			rc = acts_knows(l->service, l->actor, ACTS_TO_OPEN, task.case_n);
		if (rc == STATUS_NOT_FOUND) {
			hidden++;
			rc = STATUS_OK;
			continue;
		}
		if (rc == STATUS_OK)
			rc = matter_json(l, matter, &task, &one);
		if (rc == STATUS_OK && json_array_append_new(agenda, one) != 0)
			rc = STATUS_NO_MEMORY;
		l->shown[l->shown_count].case_n = task.case_n;
		l->shown[l->shown_count++].task_n = task.n;
	}
	if (rc == STATUS_OK)
		rc = set_new(l->item, "hidden", json_integer(hidden));
	if (rc == STATUS_OK)
		return set_new(l->item, "agenda", agenda);
	json_decref(agenda);
	return rc;
}

/* ---- The whole --------------------------------------------------------------------------- */

/* A look at the agenda is one into each case on it. */
static enum status
record(struct look *l)
{
	enum status rc = acts_record(l->service, l->actor, &l->frame, "read");

	for (unsigned i = 0; rc == STATUS_OK && i < l->shown_count; i++)
		rc = access_record(
		    l->service, l->actor, l->shown[i].case_n, l->shown[i].task_n, "agenda");
	return rc;
}

/* In the open transaction; what is recorded is written last, for the fold is borrowed. */
static enum status
show(struct look *l, struct refusal *refusal)
{
	enum status rc = acts_item(l->service, l->actor, &l->frame, &l->item);

	if (rc == STATUS_OK)
		rc = acts_sitting_load(l->service, &l->frame, &l->circles, refusal);
	if (rc == STATUS_OK)
		rc = read_frame(l);
	if (rc == STATUS_OK)
		rc = add_members(l);
	if (rc == STATUS_OK)
		rc = add_agenda(l);
	return rc == STATUS_OK ? record(l) : rc;
}

enum status
acts_sitting_show(struct service *service, const struct actor *actor, const char *frame,
    json_t **answer, struct refusal *refusal)
{
	struct look l = {.service = service, .actor = actor};
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if ((rc = acts_may_read(actor, refusal)) != STATUS_OK ||
	    (rc = acts_sitting_find(service, actor, ACTS_TO_OPEN, frame, "conference", &l.frame,
		 refusal)) != STATUS_OK)
		return rc;
	if ((rc = service_begin(service)) != STATUS_OK)
		return acts_fail(refusal, rc, "recording the access");
	rc = show(&l, refusal);
	return acts_end(service, rc, rc == STATUS_OK ? l.item : NULL, answer,
	    "reading the sitting", refusal);
}
