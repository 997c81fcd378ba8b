/* services/runtime/store/erasure_store.h: every place sealed under a case's key, and what was erased. */
#ifndef SAIKNE_ERASURE_STORE_H
#define SAIKNE_ERASURE_STORE_H

#include "protocol/host/database.h"
#include "protocol/wire/envelope.h"

/*
 * THE list of columns that are sealed under case keys (vault.h): whoever adds one adds its line in
 * erasure_store.c, and a test holds the list against the schema. Writes need an open transaction.
 */
struct erasure_place {
	const char *table, *column; /* as in struct vault_place */
};
const struct erasure_place *erasure_store_place(unsigned i); /* NULL past the end */

/* The numbers of CASE_N's rows that hold something there; *ROWS is to be freed. */
MUST_CHECK enum status erasure_store_rows(
    struct database *db, unsigned place, uint64_t case_n, uint64_t **rows, size_t *count);
/* Appends what is sealed there. */
MUST_CHECK enum status erasure_store_get(
    struct database *db, unsigned place, uint64_t row, struct buffer *out);
/* SEALED absent: nothing is there any more. */
MUST_CHECK enum status erasure_store_put(
    struct database *db, unsigned place, uint64_t row, struct bytes sealed);

/* The wrapped key of a case from now on; absent: it is destroyed. */
MUST_CHECK enum status erasure_store_set_key(
    struct database *db, uint64_t case_n, struct bytes wrapped);
/* What goes with the key: who took part, statements of custody; its grounds are looked at no more. */
MUST_CHECK enum status erasure_store_forget(struct database *db, uint64_t case_n);

/* What there is to erase: of the case, or of TASK_N alone. */
struct erasure_count {
	uint64_t messages, notes, documents;
};
MUST_CHECK enum status erasure_store_count(
    struct database *db, uint64_t case_n, uint64_t task_n, struct erasure_count *out);
/*
 * Whether a consent of the case stands under which a reference of ours lives, or somebody is still
 * to be told that theirs was stopped.
 */
MUST_CHECK enum status erasure_store_consent_stands(
    struct database *db, uint64_t case_n, bool *out);
/* ---- Documents --------------------------------------------------------------------------- */

/*
 * Those of the case, or of the messages of TASK_N alone (0: of all), or of its one message
 * EVENT_N (0: of each): their rows go, their files are put on the list of files to be removed.
 */
MUST_CHECK enum status erasure_store_documents(
    struct database *db, uint64_t case_n, uint64_t task_n, uint64_t event_n);
/* One file of that list; STATUS_NOT_FOUND. */
MUST_CHECK enum status erasure_store_file(struct database *db, uint8_t id[static SUITE_ID_LEN]);
MUST_CHECK enum status erasure_store_file_gone(
    struct database *db, const uint8_t id[static SUITE_ID_LEN]);

/* ---- What was erased --------------------------------------------------------------------- */

struct erasure_row {
	uint64_t n, case_n;
	uint64_t task_n; /* 0: the whole case */
	uint64_t time_ms;
	char reason[33]; /* a code of lists/erasure-reasons.csv */
	uint64_t person; /* 0: the service by itself */
	char role[32];
	bool settled; /* old pages have left the write-ahead log, too */
};
MUST_CHECK enum status erasure_store_add(struct database *db, struct erasure_row *row);
/* The newest below BEFORE (0: of all), of CASE_N (0: any). */
MUST_CHECK enum status erasure_store_before(
    struct database *db, uint64_t before, uint64_t case_n, struct erasure_row *out);
/* The newest of the whole case or, TASK_N above 0, of that task too; STATUS_NOT_FOUND. */
MUST_CHECK enum status erasure_store_of(
    struct database *db, uint64_t case_n, uint64_t task_n, struct erasure_row *out);
/* The first that is not settled; STATUS_NOT_FOUND. */
MUST_CHECK enum status erasure_store_unsettled(struct database *db, struct erasure_row *out);
/* All up to N are. */
MUST_CHECK enum status erasure_store_settle(struct database *db, uint64_t n);

#endif
