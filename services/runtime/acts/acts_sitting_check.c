/* services/runtime/acts/acts_sitting_check.c: steps of a sitting: held to its rules before they are sent. */
#include "services/runtime/acts/acts_sitting_inside.h"

#include <string.h>

#include "protocol/host/lang.h"
#include "services/runtime/task/calendar.h"
#include "services/runtime/task/invitation.h"

/* ---- Which minutes ----------------------------------------------------------------------- */

bool
acts_sitting_is_word(enum message type, const char *name)
{
	const struct message_info *info = message_info(type);

	if (type == MESSAGE_CONFERENCE_SIGN)
		return strcmp(name, "matters") == 0;
	return strcmp(name, "minutes") == 0 && info != NULL &&
	       message_has_field(info, FIELD_MINUTES_OF);
}

static enum status
fill_said_of(struct service *service, const struct task_row *task, const json_t *request,
    struct content *content, struct refusal *refusal)
{
	const json_t *named = json_object_get(request, "minutes");
	const struct sitting_matter *matter;
	const struct circles *circles;
	uint8_t id[SUITE_ID_LEN];
	enum status rc;

	if ((rc = acts_sitting_load(service, task, &circles, refusal)) != STATUS_OK)
		return rc;
	if ((matter = acts_sitting_matter(circles, task)) == NULL)
		return request_refuse(
		    refusal, STATUS_WRONG_STATE, "", "no minutes have been circulated yet");
	if (named != NULL &&
	    (!json_is_string(named) || !request_id(json_string_value(named), id) ||
		memcmp(id, matter->minutes, sizeof(id)) != 0))
		return request_refuse(refusal, STATUS_OTHER_MINUTES, "minutes",
		    "other minutes were circulated last: read them first");
	rc = content_set_id(content, FIELD_MINUTES_OF, matter->minutes);
	if (rc == STATUS_OK && message_has_field(content->type, FIELD_MINUTES_ROOT))
		rc = content_set_hash(content, FIELD_MINUTES_ROOT, matter->root.byte);
	return rc == STATUS_OK ? rc : acts_fail(refusal, rc, "making the message");
}

/* ---- What minutes say without being told -------------------------------------------------- */

/* FIELDS of the last message of TYPE, where CONTENT has none of its own. */
static enum status
take_from(struct service *service, const struct task_row *task, enum message type,
    const enum field *fields, size_t count, struct content *content)
{
	struct case_history history = {0};
	struct content from = {0};
	struct event_row row;
	struct case_key key;
	struct bytes said, known;
	enum status rc = case_file_key(service, task->case_n, &key);

	if (rc != STATUS_OK)
		return rc;
	rc = case_file_history(service, task, &history);
	if (rc == STATUS_OK)
		rc = acts_sitting_last(service, &key, &history, type, &row, &from);
	for (size_t i = 0; rc == STATUS_OK && i < count; i++)
		if (!content_value(content, fields[i], &said) &&
		    content_value(&from, fields[i], &known))
			rc = content_set_value(content, fields[i], known);
	content_free(&from);
	case_file_history_free(&history);
	vault_forget(&key);
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

static enum status
take_presence(struct service *service, const struct task_row *task, struct content *content,
    struct task_row *frame)
{
	struct bytes present[CIRCLE_MEMBERS_MAX], said;
	const struct circles *circles;
	unsigned count = 0;
	enum status rc = circles_fold(service, task->circle_n, &circles);

	if (rc == STATUS_OK && circles->sitting == NULL)
		rc = STATUS_WRONG_STATE;
	if (rc != STATUS_OK)
		return rc;
	for (unsigned i = 0; i < circles->sitting->seat_count; i++)
		if (circles->sitting->seats[i].present && count < ENVELOPE_RECIPIENTS_MAX)
			present[count++] =
			    bytes_of_text(circles->sitting->seats[i].member.code);
	if (!content_value(content, FIELD_PARTIES, &said) && count > 0)
		rc = content_set_codes(content, FIELD_PARTIES, present, count);
	return rc == STATUS_OK
	           ? case_store_find_task(service->db, circles->sitting->task, frame)
	           : rc;
}

/* Who the child is, what was decided, who was there and when: as it was said before. */
static enum status
fill_minutes(struct service *service, const struct task_row *task, struct content *content,
    struct refusal *refusal)
{
	static const enum field put[] = {
	    FIELD_CHILD_NAME, FIELD_PERSONAL_CODE, FIELD_BIRTH_DATE};
	static const enum field decided[] = {FIELD_RESULT, FIELD_DECISION, FIELD_CHILDS_VIEW};
	static const enum field convened[] = {FIELD_STARTS};
	struct task_row frame;
	enum status rc = take_presence(service, task, content, &frame);

	if (rc == STATUS_OK)
		rc = take_from(service, task, MESSAGE_MATTER_PUT, put,
		    sizeof(put) / sizeof(put[0]), content);
	if (rc == STATUS_OK)
		rc = take_from(service, task, MESSAGE_MATTER_DECIDE, decided,
		    sizeof(decided) / sizeof(decided[0]), content);
	if (rc == STATUS_OK)
		rc = take_from(
		    service, &frame, MESSAGE_CONFERENCE_CONVENE, convened, 1, content);
	return rc == STATUS_OK ? rc : acts_fail(refusal, rc, "making the message");
}

enum status
acts_sitting_fill(struct service *service, const struct task_row *task, const json_t *request,
    struct content *content, struct refusal *refusal)
{
	if (message_has_field(content->type, FIELD_MINUTES_OF))
		return fill_said_of(service, task, request, content, refusal);
	if (content->type->id == MESSAGE_MATTER_MINUTES)
		return fill_minutes(service, task, content, refusal);
	return STATUS_OK;
}

/* ---- The rules --------------------------------------------------------------------------- */

/* In what sentence a person is told, and by which word of the request it is. */
static const struct {
	enum status status;
	enum task_event event;
	const char *field, *detail;
} said[] = {
    {STATUS_TOO_EARLY, TASK_EVENT_COUNT, "",
	N_("the day that the sitting was convened for has not begun: record it then, or "
	   "convene "
	   "it for an earlier day")},
    {STATUS_NO_QUORUM, TASK_EVENT_HELD, "parties",
	N_("fewer were there, or had somebody there for them, than the quorum")},
    {STATUS_NO_SUBSTITUTE, TASK_EVENT_DELEGATE, "party",
	N_("only another member of a kind that the group lets stand in can sit for you (see: "
	   "saikne lists cooperation-groups)")},
    {STATUS_TOO_LATE, TASK_EVENT_PUT, "",
	N_("the sitting was held or called off: put the case to another one")},
    {STATUS_TOO_LATE, TASK_EVENT_CORRECT, "",
	N_("the period for corrections is over: sign the minutes, or write your dissent")},
    {STATUS_TOO_LARGE, TASK_EVENT_PUT, "", N_("the agenda is full")},
    {STATUS_SPECIALISTS_FIRST, TASK_EVENT_PUT, "earlier",
	N_("what specialists could not solve comes with the matter at which they said so")},
    {STATUS_WRONG_STATE, TASK_EVENT_DECIDE, "", N_("the sitting was not held yet")},
    {STATUS_WRONG_STATE, TASK_EVENT_MINUTES, "", N_("the sitting was not held yet")},
    {STATUS_WRONG_STATE, TASK_EVENT_FINAL, "",
	N_("somebody has neither signed nor dissented, and still may")},
    {STATUS_NOT_PERMITTED, TASK_EVENT_DECIDE, "",
	N_("the chair or the secretary issues decisions and minutes")},
    {STATUS_NOT_PERMITTED, TASK_EVENT_MINUTES, "",
	N_("the chair or the secretary issues decisions and minutes")},
    {STATUS_OTHER_MINUTES, TASK_EVENT_COUNT, "minutes",
	N_("other minutes were circulated last: read them first")},
    {STATUS_NOT_A_MEMBER, TASK_EVENT_COUNT, "",
	N_("this institution does not take part in the sitting any more")},
};

static enum status
say(enum status rc, enum task_event event, struct refusal *refusal)
{
	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
		if (said[i].status != rc ||
		    (said[i].event != event && said[i].event != TASK_EVENT_COUNT))
			continue;
		request_refuse(refusal, rc, said[i].field, "%s", said[i].detail);
		refusal->template = said[i].detail;
		refusal->value_count = 0;
		return rc;
	}
	return acts_fail(refusal, rc, "the step was not taken");
}

/* A day from today on, and an hour of it. */
static enum status
check_convening(
    const struct service *service, const struct content *content, struct refusal *refusal)
{
	struct bytes day, at;
	calendar_day starts;

	if (content->type->id != MESSAGE_CONFERENCE_CONVENE)
		return STATUS_OK;
	if (!content_text(content, FIELD_TIME, &at) || !invitation_is_time(at))
		return request_refuse(refusal, STATUS_ARGUMENT, "time",
		    "time is an hour of the day in Riga, such as 09:30");
	if (!content_text(content, FIELD_STARTS, &day) || !calendar_date(day, &starts) ||
	    starts < calendar_day_at(service_time_ms(service)))
		return request_refuse(refusal, STATUS_BAD_DUE, "starts",
		    "a sitting is convened for a day from today on");
	return STATUS_OK;
}

/* Minutes say of the sitting what was recorded when it was held. */
static enum status
check_minutes(
    const struct sitting *sitting, const struct content *content, struct refusal *refusal)
{
	char who[PARTY_MAX + 1];
	unsigned differs;

	if (content->type->id != MESSAGE_MATTER_MINUTES)
		return STATUS_OK;
	differs = acts_sitting_differs(sitting, content, who);
	if ((differs & ACTS_SITTING_PARTIES) != 0)
		return request_refuse(refusal, STATUS_ARGUMENT, "parties",
		    "%s was not at the sitting, as it was recorded: leave parties out, and "
		    "those"
		    " who were there are named",
		    who);
	if ((differs & ACTS_SITTING_STARTS) != 0)
		return request_refuse(refusal, STATUS_ARGUMENT, "starts",
		    "the sitting was held on another day: leave starts out, and its day is "
		    "named");
	return STATUS_OK;
}

/* The act as it would stand behind all that there is. */
static struct sitting_act
act_of(const struct service *service, const struct task_row *task,
    const struct content *content, struct minutes_entry signs[static MINUTES_MAX])
{
	struct sitting_act act = {
	    .step = {.index = UINT64_MAX,
		.time_ms = service_time_ms(service),
		.event = task_event_of(task_sort_of(content->type->id), content->type->id)}};

	memcpy(act.step.task, task->id, sizeof(act.step.task));
	memcpy(act.step.author.code, service->config.code, sizeof(act.step.author.code));
	circles_read(content, &act.step);
	sitting_act_read(content, &act, signs);
	return act;
}

enum status
acts_sitting_check(struct service *service, const struct task_row *task,
    const struct content *content, struct refusal *refusal)
{
	const struct sitting_kinds kinds = sittings_kinds(service);
	struct minutes_entry signs[MINUTES_MAX];
	const struct circles *circles;
	struct sitting_act act;
	enum status rc;

	if (!sittings_has(content->type->id))
		return STATUS_OK;
	if ((rc = check_convening(service, content, refusal)) != STATUS_OK ||
	    (rc = acts_sitting_load(service, task, &circles, refusal)) != STATUS_OK)
		return rc;
	act = act_of(service, task, content, signs);
	rc = sitting_judge(circles->sitting, &circles->circle, &kinds, &act);
	return rc == STATUS_OK ? check_minutes(circles->sitting, content, refusal)
	                       : say(rc, act.step.event, refusal);
}
