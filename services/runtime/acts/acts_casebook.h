/* services/runtime/acts/acts_casebook.h: what a case holds of its own: fields, notes, labels. */
#ifndef SAIKNE_ACTS_CASEBOOK_H
#define SAIKNE_ACTS_CASEBOOK_H

#include <jansson.h>

#include "services/runtime/acts/acts.h"
#include "services/runtime/exchange/case_file.h"

#define ACTS_NOTES_MAX       2000 /* of one case */
#define ACTS_FILE_NUMBER_MAX 200
#define ACTS_LABELS_MAX      16 /* of one case */

/* The case's own fields by name, as its notes have them now. */
MUST_CHECK enum status acts_casebook_fields(
    struct service *service, uint64_t case_n, const struct case_key *key, json_t **out);
/* [{ "note", "time", "by", "role", "text", "fields": [name, ...], "corrects" }], oldest first. */
MUST_CHECK enum status acts_casebook_notes(
    struct service *service, uint64_t case_n, const struct case_key *key, json_t **out);
/* [label, ...] */
MUST_CHECK enum status acts_casebook_labels(
    struct service *service, uint64_t case_n, const struct case_key *key, json_t **out);

/* In the open transaction, which goes on to the index of what people look for. */
struct acts_casebook_note {
	const char *text;
	json_t *fields;    /* by name; null takes one away */
	uint64_t corrects; /* the number of another note, or 0 */
};
MUST_CHECK enum status acts_casebook_add_note(struct service *service,
    const struct actor *actor, uint64_t case_n, const struct case_key *key,
    const struct acts_casebook_note *note);
/* LABELS is NULL, null or an array of at most ACTS_LABELS_MAX texts. */
MUST_CHECK enum status acts_casebook_set_labels(
    struct service *service, uint64_t case_n, const struct case_key *key, const json_t *labels);

/*
 * REQUEST, for a message of TYPE from the case that it names, with the case's own fields where it says
 * nothing of them; *OUT is the caller's. Refused as for a stranger where ACTOR may not know it.
 */
MUST_CHECK enum status acts_casebook_offer(struct service *service, const struct actor *actor,
    enum message type, const json_t *request, struct case_row *file, json_t **out,
    struct refusal *refusal);
/* Text of at most MOST bytes of UTF-8; "" where it is absent. */
MUST_CHECK enum status acts_casebook_text(const json_t *request, const char *field, size_t most,
    const char **out, struct refusal *refusal);

#endif
