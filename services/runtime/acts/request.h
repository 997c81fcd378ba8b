/* services/runtime/acts/request.h: a person's JSON as a message's fields, and fields as JSON. */
#ifndef SAIKNE_REQUEST_H
#define SAIKNE_REQUEST_H

#include "services/runtime/acts/acts.h"

/*
 * Fills REFUSAL and returns STATUS; DETAIL is a format for a person, without personal data. It
 * is a literal, a message id in protocol/lang, and its directives are %s, %d and %zu.
 */
enum status request_refuse(struct refusal *refusal, enum status status, const char *field,
    const char *detail, ...) __attribute__((format(printf, 4, 5)));

/* NAME has what is no code of LIST: STATUS_ARGUMENT, and where to see which there are. */
enum status request_refuse_code(struct refusal *refusal, const char *name, const char *list);

MUST_CHECK enum status request_is_object(const json_t *request, struct refusal *refusal);
/* An object of no other members than WORDS, which NULL ends. */
MUST_CHECK enum status request_only(
    const json_t *request, const char *const *words, struct refusal *refusal);
/*
 * Sets the field of CONTENT that NAME names: STATUS_ARGUMENT with the field in REFUSAL when the
 * type has none of this name, the value is of another kind or too long, or a code is not in its
 * list. TASK and APPLIED are never a person's. An empty text or null leaves the field absent.
 */
MUST_CHECK enum status request_set(
    struct content *content, const char *name, const json_t *value, struct refusal *refusal);
/*
 * Sets CONTENT's fields from REQUEST: what is of the act beside its OTHERS (words ended by NULL,
 * which are no fields), personal data in its "content", so that nobody takes it for the rest.
 * TAKEN, if not NULL, gets each value as it came, null too.
 */
MUST_CHECK enum status request_fill(struct content *content, const json_t *request,
    const char *const *others, json_t *taken, struct refusal *refusal);
/* Names the first required field that is absent. */
MUST_CHECK enum status request_is_whole(const struct content *content, struct refusal *refusal);
/* Exactly 32 hexadecimal digits. */
MUST_CHECK bool request_id(const char *text, uint8_t out[static SUITE_ID_LEN]);

/* The I-th field of CONTENT's value; NULL when it is not there, or memory ran out. */
json_t *request_value(const struct content *content, unsigned i);
json_t *request_hex(const uint8_t id[static SUITE_ID_LEN]);
json_t *request_time(uint64_t ms);

#endif
