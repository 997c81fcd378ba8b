/* services/runtime/exchange/grounds_inside.h: what the files of grounds.h share, and nobody else sees. */
#ifndef SAIKNE_GROUNDS_INSIDE_H
#define SAIKNE_GROUNDS_INSIDE_H

#include "services/runtime/exchange/grounds.h"

bool grounds_is_cited(const struct envelope_recipient *own);
/* Whether the type of CONTENT has FIELD, shown or not. */
bool grounds_has_field(const struct content *content, enum field field);
/* The reference as we know it; STATUS_NOT_FOUND. */
MUST_CHECK enum status grounds_cited_ref(
    struct service *service, const struct ground_cited *cited, struct ref_row *out);
/* The mirror of the record that CITED names; STATUS_NOT_FOUND. */
MUST_CHECK enum status grounds_cited_mirror(
    struct service *service, const struct ground_cited *cited, struct ground_row *out);
/* The event by which a record in STATE authorises again; CONSENT_EVENT_COUNT: none. */
enum consent_event grounds_authorising(enum basis basis, enum consent_state state);

#endif
