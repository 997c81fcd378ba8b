/* services/runtime/exchange/custody_fate.c: what becomes of a custody statement after it was told. */
#include "services/runtime/exchange/custody_fate.h"

#include <string.h>

#include "services/runtime/exchange/custody.h"
#include "services/runtime/exchange/erasure.h"
#include "services/runtime/exchange/service.h"
#include "services/runtime/store/casebook_store.h"

/* ---- Void, and in the log ---------------------------------------------------------------- */

enum status
custody_fate_folded(
    struct service *service, struct departure *departure, const struct task_row *task)
{
	const bool over =
	    task->state == TASK_ENTERED_IN_ERROR || task->state == TASK_SUPERSEDED;
	struct event_row event;
	struct custody_row row;
	bool logged;
	enum status rc;

	if (strcmp(task->purpose, CUSTODY_PURPOSE) != 0)
		return STATUS_OK;
	rc = event_store_offer(service->db, task->n, &event);
	if (rc == STATUS_OK)
		rc = custody_store_of_event(service->db, event.n, 0, &row);
	if (rc != STATUS_OK)
		return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
	/* Of two for one day its place in the log says which holds. */
	logged = row.via[0] == '\0' && event.index != UINT64_MAX && row.index != event.index;
	if (logged)
		rc = custody_store_set_index(service->db, event.n, event.index);
	if (rc == STATUS_OK && row.void_ != over)
		rc = custody_store_set_void(service->db, event.n, over);
	else if (rc == STATUS_OK && !logged)
		return rc;
	return rc == STATUS_OK ? custody_refold(service, departure, event.n) : rc;
}

/* ---- Not concerned ----------------------------------------------------------------------- */

static enum status
says_unknown(struct service *service, const struct event_row *event, uint64_t case_n, bool *out)
{
	struct content content = {0};
	struct bytes code;
	struct case_key key;
	enum status rc = case_file_key(service, case_n, &key);

	*out = false;
	if (rc != STATUS_OK)
		return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
	rc = case_file_content(service, &key, event, &content);
	for (unsigned i = 0; rc == STATUS_OK && content_code_at(&content, FIELD_DONE, i, &code);
	     i++)
		*out = *out || bytes_is_text(code, "not_known_here");
	content_free(&content);
	vault_forget(&key);
	return rc;
}

/* Whether the case is the statement's alone: no other task, and no word of anybody. */
static enum status
is_alone(struct service *service, const struct task_row *task, bool *out)
{
	struct task_filter filter = {.sides = TASK_SENDER | TASK_RECIPIENT,
	    .state = TASK_STATE_COUNT,
	    .case_n = task->case_n};
	struct task_row other;
	uint64_t notes;
	enum status rc = casebook_store_note_count(service->db, task->case_n, &notes);

	*out = rc == STATUS_OK && notes == 0;
	while (*out && (rc = case_store_next_of(service->db, &filter, &other)) == STATUS_OK) {
		filter.before = other.n;
		*out = other.n == task->n;
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

static enum status
erase(struct service *service, const struct task_row *task)
{
	const struct erasure what = {
	    .case_n = task->case_n, .reason = "not_concerned", .role = ""};
	enum status rc = erasure_run(service, &what);

	/* What is still on its way will be, and then the time of keeping ends it. */
	return rc == STATUS_WRONG_STATE || rc == STATUS_ERASED || rc == STATUS_NOT_FOUND
	           ? STATUS_OK
	           : rc;
}

static enum status
fold(struct service *service, const struct task_row *task)
{
	struct departure departure = {0};
	enum status rc = custody_fate_folded(service, &departure, task);

	if (rc == STATUS_OK)
		rc = departure_sign(service, &departure);
	departure_free(&departure);
	return rc;
}

enum status
custody_fate_sent(
    struct service *service, const struct event_row *event, const struct task_row *task)
{
	bool unknown, alone = false;
	enum status rc;

	if (strcmp(task->purpose, CUSTODY_PURPOSE) != 0)
		return STATUS_OK;
	if (event->type != MESSAGE_NOTICE_ACKNOWLEDGE)
		return fold(service, task);
	rc = says_unknown(service, event, task->case_n, &unknown);
	if (rc == STATUS_OK && unknown)
		rc = is_alone(service, task, &alone);
	return rc == STATUS_OK && alone ? erase(service, task) : rc;
}
