/* services/runtime/exchange/preview.h: what a list shows of a task, sealed beside it. */
#ifndef SAIKNE_PREVIEW_H
#define SAIKNE_PREVIEW_H

#include <jansson.h>

#include "services/runtime/exchange/case_file.h"

/*
 * A page of a list opens a hundred tasks; to open, check and decode a hundred messages for it
 * takes many times as long as all the rest. So the few codes that a line shows of the opening
 * message (urgency, purpose, ...) are sealed once more, under the case's key, in the task's
 * own row, when the message is stored.
 */
MUST_CHECK enum status preview_follow(struct service *service, const struct task_row *task);

struct preview {
	uint8_t case_id[SUITE_ID_LEN];
	bool erased;           /* what remains is that there was a task */
	char file_number[256]; /* "" for none */
	json_t *fields;        /* by name, owned; NULL without content */
};

/* With CONTENT false nothing is opened. Free it in any case. */
MUST_CHECK enum status preview_read(
    struct service *service, const struct task_row *task, bool content, struct preview *out);
void preview_free(struct preview *preview);

#endif
