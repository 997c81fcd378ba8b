/* services/runtime/exchange/erasure.c: making content unreadable for good; the evidence stays. */
#include "services/runtime/exchange/erasure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "services/runtime/exchange/case_file.h"
#include "services/runtime/exchange/search.h"
#include "services/runtime/exchange/service.h"
#include "services/runtime/exchange/work.h"
#include "services/runtime/store/search_store.h"

/* ---- Whether it may be ------------------------------------------------------------------- */

static enum status
check_tasks(struct service *service, const struct erasure *what, enum erasure_hindrance *out)
{
	struct task_filter filter = {.sides = TASK_SENDER | TASK_RECIPIENT,
	    .state = TASK_STATE_COUNT,
	    .case_n = what->case_n};
	struct task_row task;
	bool awaits;
	enum status rc;

	while ((rc = case_store_next_of(service->db, &filter, &task)) == STATUS_OK) {
		filter.before = task.n;
		if (what->task_n != 0 && task.n != what->task_n)
			continue;
		if (task_is_open(task.sort, task.state)) {
			*out = ERASURE_TASK_OPEN;
			return STATUS_OK;
		}
		/* What waits to be sent must be able to be sealed anew. */
		rc = event_store_awaits(service->db, task.n, &awaits);
		if (rc != STATUS_OK)
			return rc;
		if (awaits)
			*out = ERASURE_MESSAGE_WAITS;
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* A message that came and still says something; its task may go on. */
static enum status
check_message(struct service *service, uint64_t event_n)
{
	struct buffer sealed = {0};
	struct merkle_hash root;
	enum status rc = event_store_body(service->db, event_n, &root, &sealed);

	if (rc == STATUS_NOT_FOUND || (rc == STATUS_OK && sealed.len == 0))
		rc = STATUS_ERASED;
	buffer_free(&sealed);
	return rc;
}

/* What came to a task after it was erased can be erased again. */
static enum status
check_left(struct service *service, const struct erasure *what)
{
	struct erasure_count count;
	struct erasure_row row;
	enum status rc;

	if (what->task_n == 0)
		return STATUS_OK;
	rc = erasure_store_of(service->db, what->case_n, what->task_n, &row);
	if (rc == STATUS_NOT_FOUND)
		return STATUS_OK;
	if (rc == STATUS_OK)
		rc = erasure_store_count(service->db, what->case_n, what->task_n, &count);
	if (rc == STATUS_OK && count.messages == 0 && count.documents == 0)
		return STATUS_ERASED;
	return rc;
}

enum status
erasure_hindrance(
    struct service *service, const struct erasure *what, enum erasure_hindrance *out)
{
	struct case_key key;
	bool stands = false;
	enum status rc = case_file_key(service, what->case_n, &key);

	*out = ERASURE_FREE;
	if (rc != STATUS_OK)
		return rc;
	vault_forget(&key);
	if (what->event_n != 0)
		return check_message(service, what->event_n);
	if ((rc = check_left(service, what)) == STATUS_OK)
		rc = check_tasks(service, what, out);
	if (rc != STATUS_OK || *out != ERASURE_FREE || what->task_n != 0)
		return rc;
	rc = erasure_store_consent_stands(service->db, what->case_n, &stands);
	if (rc == STATUS_OK && stands)
		*out = ERASURE_CONSENT_STANDS;
	return rc;
}

enum status
erasure_may(struct service *service, const struct erasure *what)
{
	enum erasure_hindrance hindrance;
	enum status rc = erasure_hindrance(service, what, &hindrance);

	return rc == STATUS_OK && hindrance != ERASURE_FREE ? STATUS_WRONG_STATE : rc;
}

/* ---- Doing it ---------------------------------------------------------------------------- */

/* EACH is done for every row of every place of the case. */
static enum status
for_each_row(struct service *service, uint64_t case_n,
    enum status (*each)(struct service *service, unsigned place, uint64_t row, void *state),
    void *state)
{
	enum status rc = STATUS_OK;

	for (unsigned place = 0; rc == STATUS_OK && erasure_store_place(place) != NULL;
	     place++) {
		uint64_t *rows;
		size_t count;

		rc = erasure_store_rows(service->db, place, case_n, &rows, &count);
		for (size_t i = 0; rc == STATUS_OK && i < count; i++)
			rc = each(service, place, rows[i], state);
		free(rows);
	}
	return rc;
}

static enum status
empty_row(struct service *service, unsigned place, uint64_t row, void *state)
{
	(void)state;
	return erasure_store_put(service->db, place, row, (struct bytes){0});
}

static enum status
erase_case(struct service *service, uint64_t case_n)
{
	enum status rc = erasure_store_documents(service->db, case_n, 0, 0);

	if (rc == STATUS_OK)
		rc = for_each_row(service, case_n, empty_row, NULL);
	if (rc == STATUS_OK)
		rc = search_forget(service, case_n);
	if (rc == STATUS_OK)
		rc = erasure_store_forget(service->db, case_n);
	if (rc == STATUS_OK)
		rc = erasure_store_set_key(service->db, case_n, (struct bytes){0});
	return rc;
}

/* What a row holds, from the one key to the other. */
struct reseal {
	const struct case_key *old;
	struct case_key fresh;
};

static enum status
reseal_row(struct service *service, unsigned place, uint64_t row, void *state)
{
	const struct erasure_place *of = erasure_store_place(place);
	const struct vault_place at = {of->table, row, of->column};
	const struct reseal *keys = state;
	struct buffer sealed = {0}, plain = {0}, again = {0};
	enum status rc = erasure_store_get(service->db, place, row, &sealed);

	if (rc == STATUS_OK)
		rc = vault_open(keys->old, &at, bytes_of_buffer(&sealed), &plain);
	if (rc == STATUS_OK)
		rc = vault_seal(&keys->fresh, &at, bytes_of_buffer(&plain), &again);
	if (rc == STATUS_OK)
		rc = erasure_store_put(service->db, place, row, bytes_of_buffer(&again));
	suite_wipe(plain.data, plain.len);
	buffer_free(&sealed);
	buffer_free(&plain);
	buffer_free(&again);
	return rc;
}

/* What the message EVENT_N said, and the words that it brought. */
static enum status
empty_message(struct service *service, uint64_t case_n, uint64_t event_n)
{
	enum status rc = STATUS_OK;

	for (unsigned place = 0; rc == STATUS_OK && erasure_store_place(place) != NULL; place++)
		if (strcmp(erasure_store_place(place)->table, "events") == 0)
			rc = erasure_store_put(service->db, place, event_n, (struct bytes){0});
	if (rc == STATUS_OK)
		rc = search_store_remove(service->db, case_n, VAULT_NAME, event_n);
	if (rc == STATUS_OK)
		rc = search_store_remove(service->db, case_n, VAULT_CODE, event_n);
	return rc;
}

/* Nobody waits for what can be read no more. */
static enum status
unread_no_more(struct service *service, uint64_t task_n)
{
	struct task_row task;
	enum status rc = case_store_task(service->db, task_n, &task);

	if (rc != STATUS_OK)
		return rc;
	task.unread = false;
	rc = case_store_set_task(service->db, &task);
	return rc == STATUS_OK ? work_follow(service, &task) : rc;
}

/* All its messages, and what a list shows of it. */
static enum status
empty_task(struct service *service, uint64_t case_n, uint64_t task_n)
{
	struct event_row *rows;
	size_t count = 0;
	enum status rc = event_store_load(service->db, task_n, &rows, &count);

	for (unsigned place = 0; rc == STATUS_OK && erasure_store_place(place) != NULL; place++)
		if (strcmp(erasure_store_place(place)->table, "tasks") == 0)
			rc = erasure_store_put(service->db, place, task_n, (struct bytes){0});
	for (size_t i = 0; rc == STATUS_OK && i < count; i++)
		rc = empty_message(service, case_n, rows[i].n);
	free(rows);
	return rc == STATUS_OK ? unread_no_more(service, task_n) : rc;
}

static enum status
erase_within(struct service *service, const struct erasure *what)
{
	const uint64_t case_n = what->case_n;
	struct buffer wrapped = {0};
	struct case_key old;
	struct reseal keys = {.old = &old};
	enum status rc = case_file_key(service, case_n, &old);

	if (rc != STATUS_OK)
		return rc;
	rc = erasure_store_documents(service->db, case_n, what->task_n, what->event_n);
	if (rc == STATUS_OK)
		rc = what->event_n == 0 ? empty_task(service, case_n, what->task_n)
		                        : empty_message(service, case_n, what->event_n);
	if (rc == STATUS_OK)
		rc = vault_new_key(service->vault, case_n, &keys.fresh, &wrapped);
	if (rc == STATUS_OK)
		rc = for_each_row(service, case_n, reseal_row, &keys);
	if (rc == STATUS_OK)
		rc = erasure_store_set_key(service->db, case_n, bytes_of_buffer(&wrapped));
	vault_forget(&old);
	vault_forget(&keys.fresh);
	buffer_free(&wrapped);
	return rc;
}

static enum status
record(struct service *service, const struct erasure *what)
{
	struct erasure_row row = {.case_n = what->case_n,
	    .task_n = what->task_n,
	    .time_ms = service->now_ms,
	    .person = what->person};

	snprintf(row.reason, sizeof(row.reason), "%s", what->reason);
	snprintf(row.role, sizeof(row.role), "%s", what->role);
	return erasure_store_add(service->db, &row);
}

enum status
erasure_run(struct service *service, const struct erasure *what)
{
	enum status rc = erasure_may(service, what);

	if (rc != STATUS_OK)
		return rc;
	rc =
	    what->task_n == 0 ? erase_case(service, what->case_n) : erase_within(service, what);
	return rc == STATUS_OK ? record(service, what) : rc;
}

/* ---- What follows the commit ------------------------------------------------------------- */

static enum status
remove_files(struct service *service)
{
	uint8_t id[SUITE_ID_LEN];
	enum status rc;

	while ((rc = erasure_store_file(service->db, id)) == STATUS_OK) {
		attachment_files_remove(service->files, id);
		if ((rc = service_begin(service)) != STATUS_OK)
			return rc;
		if ((rc = erasure_store_file_gone(service->db, id)) != STATUS_OK) {
			service_rollback(service);
			return rc;
		}
		service_commit(service, "erasure");
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

enum status
erasure_settle(struct service *service)
{
	struct erasure_row row;
	enum status rc = erasure_store_unsettled(service->db, &row);

	if (rc != STATUS_OK)
		return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
	if ((rc = remove_files(service)) != STATUS_OK)
		return rc;
	rc = database_checkpoint(service->db, true);
	if (rc != STATUS_OK)
		return rc == STATUS_AGAIN ? STATUS_OK : rc;
	if ((rc = service_begin(service)) != STATUS_OK)
		return rc;
	if ((rc = erasure_store_settle(service->db, row.n)) != STATUS_OK) {
		service_rollback(service);
		return rc;
	}
	service_commit(service, "erasure");
	return STATUS_OK;
}
