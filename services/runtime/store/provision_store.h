/* services/runtime/store/provision_store.h: which provisions of law this institution has confirmed. */
#ifndef SAIKNE_PROVISION_STORE_H
#define SAIKNE_PROVISION_STORE_H

#include "protocol/host/database.h"
#include "protocol/wire/message.h"

struct provision_row {
	char code[MESSAGE_CODE_MAX + 1]; /* of lists/legal-bases.csv */
	uint64_t confirmed_ms;
	uint64_t person;     /* who entered it */
	char advice_day[11]; /* YYYY-MM-DD */
};

/* STATUS_NOT_FOUND: not confirmed. */
MUST_CHECK enum status provision_store_get(
    struct database *db, const char *code, struct provision_row *out);
/* Appends the sealed name of the advice; STATUS_NOT_FOUND. */
MUST_CHECK enum status provision_store_advice(
    struct database *db, const char *code, struct buffer *out);
/* ADVICE is sealed. In the open transaction; takes the place of what stood there. */
MUST_CHECK enum status provision_store_put(
    struct database *db, const struct provision_row *row, struct bytes advice);
/* In the open transaction. */
MUST_CHECK enum status provision_store_remove(struct database *db, const char *code);

#endif
