/* broker/store_references.h: the SQLite store's references: what messages cite as their ground. */
#ifndef SAIKNE_STORE_REFERENCES_H
#define SAIKNE_STORE_REFERENCES_H

#include "broker/store.h"

/* The operations of the same names in store.h. */
MUST_CHECK enum status store_references_get(struct store *store,
    const uint8_t reference[static SUITE_ID_LEN], struct store_reference *out);
MUST_CHECK enum status store_references_put(struct store *store,
    const uint8_t reference[static SUITE_ID_LEN], const struct store_reference *value);
MUST_CHECK enum status store_references_stop(
    struct store *store, const uint8_t reference[static SUITE_ID_LEN], uint64_t index);

#endif
