/* services/runtime/exchange/case_file.h: one task's file: its key, its sealed bodies, where it stands. */
#ifndef SAIKNE_CASE_FILE_H
#define SAIKNE_CASE_FILE_H

#include "services/runtime/exchange/timeline.h"
#include "services/runtime/store/case_store.h"
#include "services/runtime/store/event_store.h"
#include "services/runtime/store/vault.h"

struct service;

/* A new case with its own key; FILE_NUMBER is sealed, NULL for none. Forget KEY afterwards. */
MUST_CHECK enum status case_file_create(struct service *service, const char *file_number,
    struct case_row *row, struct case_key *key);
/* STATUS_ERASED once it was destroyed. */
MUST_CHECK enum status case_file_key(
    struct service *service, uint64_t case_n, struct case_key *key);
/* Into OUT, as text with its NUL; "" when there is none. */
MUST_CHECK enum status case_file_number(struct service *service, uint64_t case_n,
    const struct case_key *key, char *out, size_t size);
/* The institution's own number of the case from now on; "" takes it away. */
MUST_CHECK enum status case_file_set_number(
    struct service *service, uint64_t case_n, const struct case_key *key, const char *number);

/*
 * Seals CONTENT and stores the message's row; N is given by the store into ROW. A recipient
 * stores what it was shown, and knows its ROOT; otherwise that is NULL.
 */
MUST_CHECK enum status case_file_add_message(struct service *service,
    const struct case_key *key, struct event_row *row, const struct content *content,
    const struct merkle_hash *root);
/* The same for a message that is sealed anew: ROW keeps its number. */
MUST_CHECK enum status case_file_set_message(struct service *service,
    const struct case_key *key, const struct event_row *row, const struct content *content);
/* A row about a message, without a body. */
MUST_CHECK enum status case_file_add_note(struct service *service, struct event_row *row);
/* STATUS_ERASED; CONTENT is to be freed in any case. */
MUST_CHECK enum status case_file_content(struct service *service, const struct case_key *key,
    const struct event_row *row, struct content *content);

/*
 * The one fold: loads the steps, folds and stores them, sets the deadlines that follow, and
 * notes the change. In a circle every task of it that the step concerns (circles.h). WHAT is told to
 * the listener. TASK is brought up to date; its `unread` is stored as the caller set it.
 */
MUST_CHECK enum status case_file_refold(
    struct service *service, struct task_row *task, const char *what);

/* The message that opened TASK; STATUS_NOT_FOUND: none that has effect. */
MUST_CHECK enum status case_file_opening(
    struct service *service, const struct task_row *task, struct event_row *out);

/* A task's history with its fold; free it in any case. */
struct case_history {
	struct event_row *rows;
	bool *voids;
	size_t count;
	uint64_t stop; /* of timeline_fold() */
	struct task_stand task;
};
MUST_CHECK enum status case_file_history(
    struct service *service, const struct task_row *task, struct case_history *out);
void case_file_history_free(struct case_history *history);

#endif
