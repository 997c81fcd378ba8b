/* services/runtime/store/preview_store.h: what one line of a list needs, in one look-up. */
#ifndef SAIKNE_PREVIEW_STORE_H
#define SAIKNE_PREVIEW_STORE_H

#include "protocol/base/suite.h"
#include "protocol/host/database.h"

/* All sealed but the id; empty where there is none. */
struct preview_row {
	uint8_t case_id[SUITE_ID_LEN];
	struct buffer key; /* the wrapped case key; empty once it was destroyed */
	struct buffer file_number;
	struct buffer preview;
};

/* STATUS_NOT_FOUND: no such task. The buffers are to be freed in any case. */
MUST_CHECK enum status preview_store_get(
    struct database *db, uint64_t task_n, struct preview_row *out);
void preview_store_free(struct preview_row *row);
MUST_CHECK enum status preview_store_has(struct database *db, uint64_t task_n, bool *has);
MUST_CHECK enum status preview_store_set(
    struct database *db, uint64_t task_n, struct bytes sealed);

#endif
