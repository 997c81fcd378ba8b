/* services/runtime/store/sitting_store.h: what the fold of a sitting reads of an act beside its circle's. */
#ifndef SAIKNE_SITTING_STORE_H
#define SAIKNE_SITTING_STORE_H

#include "protocol/host/database.h"
#include "protocol/proof/merkle.h"
#include "protocol/wire/minutes.h"
#include "services/runtime/task/circle.h"

/*
 * It outlives the keys of the cases on the agenda, for what counts must not change when one of
 * them is erased: codes of a group and of institutions, a day, ids and content roots of minutes.
 * What one act signs stands in one column, as its field has it: it is read whole, and by the fold alone.
 */
struct sitting_act_row {
	uint64_t event_n;
	char group[MESSAGE_CODE_MAX + 1];
	unsigned quorum;
	struct circle_party secretary;
	bool after_others; /* put on the agenda because others could not solve it */
	bool escalates;
	uint64_t day_ms; /* convene: when its day begins */
	uint8_t about[SUITE_ID_LEN];
	struct merkle_hash about_root;
	struct minutes_entry *signs; /* of several matters at once; NULL: none */
	unsigned sign_count;
};

MUST_CHECK enum status sitting_store_add(
    struct database *db, const struct sitting_act_row *row);
/* Of a circle all that were not refused, by event; to be freed. STATUS_TOO_LARGE above MOST. */
MUST_CHECK enum status sitting_store_load(struct database *db, uint64_t circle_n, size_t most,
    struct sitting_act_row **rows, size_t *count);
void sitting_store_free(struct sitting_act_row *rows, size_t count);

#endif
