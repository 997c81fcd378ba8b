/* services/runtime/acts/acts_sitting_calendar.c: a sitting's entry for a person's own calendar. */
#include "services/runtime/acts/acts_sitting_inside.h"

#include <string.h>

#include "services/runtime/task/invitation.h"

/* In the open transaction. */
static enum status
write_entry(struct service *service, const struct task_row *frame, const char *language,
    struct buffer *out)
{
	struct invitation entry = {.language = language};
	const struct circles *circles;
	struct case_history history = {0};
	struct content content = {0};
	struct event_row row;
	struct case_key key;
	enum status rc = case_file_key(service, frame->case_n, &key);

	if (rc != STATUS_OK)
		return rc;
	rc = case_file_history(service, frame, &history);
	if (rc == STATUS_OK)
		rc = acts_sitting_last(
		    service, &key, &history, MESSAGE_CONFERENCE_CONVENE, &row, &content);
	if (rc == STATUS_OK)
		rc = circles_fold(service, frame->circle_n, &circles);
	if (rc == STATUS_OK && circles->sitting == NULL)
		rc = STATUS_WRONG_STATE;
	if (rc == STATUS_OK && (!content_text(&content, FIELD_STARTS, &entry.day) ||
				   !content_text(&content, FIELD_TIME, &entry.at) ||
				   !content_text(&content, FIELD_PLACE, &entry.place)))
		rc = STATUS_BAD_CONTENT;
	if (rc == STATUS_OK) {
		const char *lead = circle_lead(&circles->circle, UINT64_MAX);

		memcpy(entry.sitting, frame->id, sizeof(entry.sitting));
		entry.chair = lead != NULL ? lead : "";
		entry.called_off = circles->sitting->state == TASK_CALLED_OFF;
		entry.sequence = circles->sitting->convened - 1 + (entry.called_off ? 1 : 0);
		entry.time_ms = row.time_ms;
		rc = invitation_write(&entry, out);
	}
	content_free(&content);
	case_file_history_free(&history);
	vault_forget(&key);
	return rc;
}

enum status
acts_sitting_calendar(struct service *service, const struct actor *actor, const char *frame,
    const char *language, struct buffer *out, struct refusal *refusal)
{
	struct task_row row;
	enum status rc;

	service_tick(service);
	if (language == NULL)
		language = "lv";
	if (strcmp(language, "lv") != 0 && strcmp(language, "en") != 0)
		return request_refuse(
		    refusal, STATUS_ARGUMENT, "language", "language is lv or en");
	if ((rc = acts_may_read(actor, refusal)) != STATUS_OK ||
	    (rc = acts_sitting_find(service, actor, ACTS_TO_OPEN, frame, "conference", &row,
		 refusal)) != STATUS_OK)
		return rc;
	if ((rc = service_begin(service)) != STATUS_OK)
		return acts_fail(refusal, rc, "recording the access");
	rc = write_entry(service, &row, language, out);
	if (rc == STATUS_OK)
		rc = acts_record(service, actor, &row, "calendar");
	if (service_end(service, rc, "read") == STATUS_OK)
		return STATUS_OK;
	buffer_reset(out);
	if (rc == STATUS_NOT_FOUND)
		return request_refuse(refusal, STATUS_WRONG_STATE, "",
		    "the sitting has not been convened yet: it has no day");
	return acts_fail(refusal, rc, "writing the calendar entry");
}
