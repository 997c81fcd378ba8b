/* services/runtime/store/casebook_store.h: what a case holds besides tasks: notes, labels, household. */
#ifndef SAIKNE_CASEBOOK_STORE_H
#define SAIKNE_CASEBOOK_STORE_H

#include "protocol/host/database.h"

/* A note; nothing changes it, only a later one may correct it (CORRECTS, 0: it is new). */
struct note_row {
	uint64_t n, case_n, time_ms, person, corrects;
	char role[24];
};

MUST_CHECK enum status casebook_store_next_note(struct database *db, uint64_t *n);
/* BODY: sealed. */
MUST_CHECK enum status casebook_store_add_note(
    struct database *db, const struct note_row *row, struct bytes body);
/* The first of a case after AFTER; appends the sealed body. STATUS_NOT_FOUND: none. */
MUST_CHECK enum status casebook_store_note_after(struct database *db, uint64_t case_n,
    uint64_t after, struct note_row *out, struct buffer *body);
MUST_CHECK enum status casebook_store_note_count(
    struct database *db, uint64_t case_n, uint64_t *count);

/* Sealed, or absent: there is none then. */
MUST_CHECK enum status casebook_store_set_file_number(
    struct database *db, uint64_t case_n, struct bytes number);
MUST_CHECK enum status casebook_store_set_labels(
    struct database *db, uint64_t case_n, struct bytes labels);
/* Appends the sealed labels, nothing when there are none. */
MUST_CHECK enum status casebook_store_labels(
    struct database *db, uint64_t case_n, struct buffer *out);

/* The two cases, and all that were linked to either, are of one household. */
MUST_CHECK enum status casebook_store_link(struct database *db, uint64_t a, uint64_t b);
/* The case leaves its household. */
MUST_CHECK enum status casebook_store_unlink(struct database *db, uint64_t case_n);
/* The next case above AFTER of CASE_N's household, besides itself; STATUS_NOT_FOUND: none. */
MUST_CHECK enum status casebook_store_household_after(
    struct database *db, uint64_t case_n, uint64_t after, uint64_t *other);

#endif
