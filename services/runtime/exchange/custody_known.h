/* services/runtime/exchange/custody_known.h: what the statements that we keep say of a consent. */
#ifndef SAIKNE_CUSTODY_KNOWN_H
#define SAIKNE_CUSTODY_KNOWN_H

#include <jansson.h>

#include "protocol/wire/content.h"
#include "services/runtime/store/custody_store.h"
#include "services/runtime/store/ground_store.h"
#include "services/runtime/store/vault.h"
#include "services/runtime/task/custody_fact.h"

struct service;

/*
 * STATUS_NO_CUSTODY when CONTENT rests on a consent whose giver, as statements in the log before
 * INDEX say (UINT64_MAX: all that are known), had no custody of the child it names.
 */
MUST_CHECK enum status custody_known_judge(
    struct service *service, const struct content *content, uint64_t index);

/*
 * What the statements of ROW's case, and of other cases of the child that its BODY names, say of
 * who gave it; *OUT is to be freed. *DOUBT (may be NULL): one may concern the giver, whom it names
 * otherwise: people are to check.
 */
MUST_CHECK enum status custody_known_of_record(struct service *service,
    const struct case_key *key, const struct ground_row *row, const json_t *body,
    struct consent_custody **out, size_t *count, bool *doubt);
/* Whether a statement kept in CASE_N names CHILD. */
MUST_CHECK enum status custody_known_names_child(struct service *service,
    const struct case_key *key, uint64_t case_n, const struct custody_child *child, bool *out);
/* ROW's body, to be json_decref()'d. */
MUST_CHECK enum status custody_known_read(struct service *service, const struct case_key *key,
    const struct custody_row *row, json_t **out);

#endif
