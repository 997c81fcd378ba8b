/* services/runtime/exchange/case_file.c: one task's file: its key, its sealed bodies, where it stands. */
#include "services/runtime/exchange/case_file.h"

#include <stdlib.h>
#include <string.h>

#include "services/runtime/exchange/circles.h"
#include "services/runtime/exchange/preview.h"
#include "services/runtime/exchange/search.h"
#include "services/runtime/exchange/deadlines.h"
#include "services/runtime/exchange/service.h"
#include "services/runtime/exchange/sittings_signed.h"
#include "services/runtime/exchange/stops.h"
#include "services/runtime/exchange/work.h"
#include "services/runtime/store/casebook_store.h"
#include "services/runtime/task/conference.h"
#include "services/runtime/task/transfer.h"

static struct vault_place
place_of_number(uint64_t case_n)
{
	return (struct vault_place){"cases", case_n, "file_number"};
}

static struct vault_place
place_of_body(uint64_t event_n)
{
	return (struct vault_place){"events", event_n, "body"};
}

/* ---- Cases ------------------------------------------------------------------------------- */

enum status
case_file_create(struct service *service, const char *file_number, struct case_row *row,
    struct case_key *key)
{
	struct buffer wrapped = {0}, number = {0};
	struct case_row made = {.time_ms = service->now_ms};
	struct case_key fresh;
	enum status rc;

	suite_new_id(service->now_ms, made.id);
	if ((rc = case_store_next_case(service->db, &made.n)) != STATUS_OK)
		return rc;
	if ((rc = vault_new_key(service->vault, made.n, &fresh, &wrapped)) != STATUS_OK)
		goto out;
	if (file_number != NULL && file_number[0] != '\0') {
		const struct vault_place place = place_of_number(made.n);

		rc = vault_seal(&fresh, &place, bytes_of_text(file_number), &number);
	}
	if (rc == STATUS_OK)
		rc = case_store_add(
		    service->db, &made, bytes_of_buffer(&wrapped), bytes_of_buffer(&number));
	if (rc == STATUS_OK && file_number != NULL)
		rc = search_index_case(service, made.n, VAULT_FILE_NUMBER, &file_number, 1);
	if (rc == STATUS_OK) {
		*row = made;
		*key = fresh;
	}
	vault_forget(&fresh);
out:
	buffer_free(&wrapped);
	buffer_free(&number);
	return rc;
}

enum status
case_file_key(struct service *service, uint64_t case_n, struct case_key *key)
{
	struct buffer wrapped = {0};
	enum status rc = case_store_key(service->db, case_n, &wrapped);

	if (rc == STATUS_OK)
		rc = vault_key(service->vault, case_n, bytes_of_buffer(&wrapped), key);
	buffer_free(&wrapped);
	/* Rows of cases stay: only its key can be missing. */
	return rc == STATUS_NOT_FOUND ? STATUS_ERASED : rc;
}

enum status
case_file_number(struct service *service, uint64_t case_n, const struct case_key *key,
    char *out, size_t size)
{
	const struct vault_place place = place_of_number(case_n);
	struct buffer sealed = {0}, plain = {0};
	enum status rc = case_store_file_number(service->db, case_n, &sealed);

	if (rc == STATUS_OK && sealed.len > 0)
		rc = vault_open(key, &place, bytes_of_buffer(&sealed), &plain);
	if (rc == STATUS_OK && !bytes_to_text(bytes_of_buffer(&plain), out, size))
		rc = STATUS_DATABASE;
	buffer_free(&sealed);
	buffer_free(&plain);
	return rc;
}

enum status
case_file_set_number(
    struct service *service, uint64_t case_n, const struct case_key *key, const char *number)
{
	const struct vault_place place = place_of_number(case_n);
	struct buffer sealed = {0};
	enum status rc = STATUS_OK;

	if (number[0] != '\0')
		rc = vault_seal(key, &place, bytes_of_text(number), &sealed);
	if (rc == STATUS_OK)
		rc = casebook_store_set_file_number(
		    service->db, case_n, bytes_of_buffer(&sealed));
	if (rc == STATUS_OK)
		rc = search_index_case(
		    service, case_n, VAULT_FILE_NUMBER, &number, number[0] != '\0');
	buffer_free(&sealed);
	return rc;
}

/* ---- Messages ---------------------------------------------------------------------------- */

/* Before what is shown stands whether any of it is bare: so it came from who passed it on. */
static void
show_body(const struct content *content, struct buffer *out)
{
	buffer_append_byte(out, content->bare != 0);
	if (content->bare != 0)
		content_show_passed(content, CATEGORY_ALL, CATEGORY_ALL, out);
	else
		content_show(content, CATEGORY_ALL, out);
}

static enum status
read_body(const struct event_row *row, struct bytes body, const struct merkle_hash *root,
    struct content *out)
{
	struct bytes shown;

	if (body.len == 0)
		return STATUS_DATABASE;
	shown = (struct bytes){body.data + 1, body.len - 1};
	return body.data[0] != 0 ? content_read_passed(shown, row->type, root, out)
	                         : content_read(shown, row->type, root, out);
}

static enum status
seal_body(const struct case_key *key, uint64_t event_n, const struct content *content,
    struct buffer *out)
{
	const struct vault_place place = place_of_body(event_n);
	struct buffer shown = {0};
	enum status rc = STATUS_NO_MEMORY;

	show_body(content, &shown);
	if (!shown.failed)
		rc = vault_seal(key, &place, bytes_of_buffer(&shown), out);
	buffer_free(&shown);
	return rc;
}

enum status
case_file_add_message(struct service *service, const struct case_key *key,
    struct event_row *row, const struct content *content, const struct merkle_hash *root)
{
	struct merkle_hash own;
	struct buffer body = {0};
	enum status rc;

	row->what = EVENT_MESSAGE;
	row->type = content->type->id;
	if ((rc = event_store_next(service->db, &row->n)) != STATUS_OK)
		return rc;
	if (root == NULL) {
		content_root(content, &own);
		root = &own;
	}
	if ((rc = seal_body(key, row->n, content, &body)) == STATUS_OK)
		rc = event_store_add(service->db, row, root, bytes_of_buffer(&body));
	if (rc == STATUS_OK && row->circle_n > 0)
		rc = circles_keep(service, row, root, content);
	buffer_free(&body);
	return rc;
}

enum status
case_file_set_message(struct service *service, const struct case_key *key,
    const struct event_row *row, const struct content *content)
{
	struct merkle_hash root;
	struct buffer body = {0};
	enum status rc;

	content_root(content, &root);
	if ((rc = seal_body(key, row->n, content, &body)) == STATUS_OK)
		rc = event_store_reseal(service->db, row, &root, bytes_of_buffer(&body));
	if (rc == STATUS_OK)
		rc = search_index_anew(service, row, content);
	circles_forget(service);
	buffer_free(&body);
	return rc;
}

enum status
case_file_add_note(struct service *service, struct event_row *row)
{
	enum status rc = event_store_next(service->db, &row->n);

	if (rc != STATUS_OK)
		return rc;
	return event_store_add(service->db, row, NULL, (struct bytes){0});
}

enum status
case_file_content(struct service *service, const struct case_key *key,
    const struct event_row *row, struct content *content)
{
	const struct vault_place place = place_of_body(row->n);
	struct buffer sealed = {0}, shown = {0};
	struct merkle_hash root;
	enum status rc;

	*content = (struct content){0};
	rc = event_store_body(service->db, row->n, &root, &sealed);
	/* Messages are stored with their bodies. */
	if (rc == STATUS_NOT_FOUND || (rc == STATUS_OK && sealed.len == 0))
		rc = STATUS_ERASED;
	if (rc == STATUS_OK)
		rc = vault_open(key, &place, bytes_of_buffer(&sealed), &shown);
	if (rc == STATUS_OK)
		rc = read_body(row, bytes_of_buffer(&shown), &root, content);
	buffer_free(&sealed);
	buffer_free(&shown);
	return rc;
}

/* ---- History ----------------------------------------------------------------------------- */

enum status
case_file_history(
    struct service *service, const struct task_row *task, struct case_history *out)
{
	enum status rc;

	*out = (struct case_history){0};
	rc = event_store_load(service->db, task->n, &out->rows, &out->count);
	if (rc != STATUS_OK)
		return rc;
	if (task->circle_n > 0)
		rc = circles_mark(service, task, out->rows, out->count);
	if (rc == STATUS_OK)
		rc = task->sort == &transfer_sort ? circles_lapse(service, task, &out->stop)
		                                  : stops_index(service, task, &out->stop);
	if (rc != STATUS_OK)
		return rc;
	if ((out->voids = calloc(out->count + 1, sizeof(*out->voids))) == NULL)
		return STATUS_NO_MEMORY;
	timeline_fold(
	    out->rows, out->count, task->sort, task->side, out->stop, &out->task, out->voids);
	return STATUS_OK;
}

void
case_file_history_free(struct case_history *history)
{
	free(history->rows);
	free(history->voids);
	*history = (struct case_history){0};
}

enum status
case_file_opening(struct service *service, const struct task_row *task, struct event_row *out)
{
	return task->circle_n > 0 ? circles_opening(service, task, out)
	                          : event_store_offer(service->db, task->n, out);
}

static enum status
refold(struct service *service, struct task_row *task, const char *what)
{
	struct case_history history = {0};
	enum status rc = circles_place(service, task);

	if (rc == STATUS_OK)
		rc = case_file_history(service, task, &history);
	if (rc == STATUS_OK) {
		task->state = history.task.state;
		task->last_index = history.task.last_index;
		task->content_due = history.task.content_due;
		task->content_seen = history.task.content_seen;
		rc = case_store_set_task(service->db, task);
	}
	if (rc == STATUS_OK)
		rc = search_index_history(service, task->case_n, &history);
	if (rc == STATUS_OK)
		rc = preview_follow(service, task);
	if (rc == STATUS_OK)
		rc = deadlines_follow(service, task, &history);
	if (rc == STATUS_OK)
		rc = work_follow(service, task);
	if (rc == STATUS_OK)
		service_note_change(service, task->id, what, task_state_name(task->state));
	case_file_history_free(&history);
	return rc;
}

/* Who is a member or leads is so in every task of the circle. */
static enum status
refold_others(struct service *service, const struct task_row *task)
{
	struct task_row other = {0};
	enum status rc;

	while (
	    (rc = circle_store_task(service->db, task->circle_n, other.n, &other)) == STATUS_OK)
		if (other.n != task->n && (rc = refold(service, &other, "circle")) != STATUS_OK)
			return rc;
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* What is signed on the sitting is signed in its matters: each is told, few are folded anew. */
static enum status
refold_signed(struct service *service, const struct task_row *frame, const char *what)
{
	const bool signs = strcmp(what, message_info(MESSAGE_CONFERENCE_SIGN)->name) == 0;
	struct sittings_signed matters[SITTING_MATTERS_MAX];
	struct task_row matter;
	unsigned count;
	enum status rc = sittings_signed(service, frame, matters, &count);

	/* What opened each of them counts, so its task is there. */
	for (unsigned i = 0; rc == STATUS_OK && i < count; i++) {
		if (!matters[i].turned && !signs)
			continue;
		rc = case_store_find_task(service->db, matters[i].task, &matter);
		if (rc == STATUS_OK && matters[i].turned)
			rc = refold(service, &matter, what);
		else if (rc == STATUS_OK)
			service_note_change(
			    service, matter.id, what, task_state_name(matter.state));
	}
	return rc;
}

enum status
case_file_refold(struct service *service, struct task_row *task, const char *what)
{
	const enum task_state was = task->state;
	bool others = false;
	enum status rc = circles_place(service, task);

	if (rc == STATUS_OK && task->circle_n > 0)
		rc = circles_follow(service, task->circle_n, &others);
	if (rc == STATUS_OK)
		rc = refold(service, task, what);
	/* What follows a sitting is owed in its matters. */
	others |= (was == TASK_HELD) != (task->state == TASK_HELD);
	if (rc != STATUS_OK || others)
		return rc == STATUS_OK ? refold_others(service, task) : rc;
	return task->sort == &conference_sort ? refold_signed(service, task, what) : STATUS_OK;
}
