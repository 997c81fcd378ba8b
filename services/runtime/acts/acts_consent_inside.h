/* services/runtime/acts/acts_consent_inside.h: what the files of acts_consent.c share. */
#ifndef SAIKNE_ACTS_CONSENT_INSIDE_H
#define SAIKNE_ACTS_CONSENT_INSIDE_H

#include "services/runtime/acts/acts_consent.h"
#include "services/runtime/acts/acts_inside.h"
#include "services/runtime/exchange/grounds.h"
#include "services/runtime/task/consent_rules.h"

/* Which of a consent's words an event may say. */
enum acts_consent_words {
	ACTS_CONSENT_NONE,
	ACTS_CONSENT_RENEWAL, /* the end, and what the child and the family said anew */
	ACTS_CONSENT_SCOPE,   /* recipients, categories, purposes, until: of any record */
	ACTS_CONSENT_ALL,
};
/*
 * Sets what REQUEST says of a consent over BODY. Members of OTHERS (NULL ends them) are left
 * alone; any further one is refused.
 */
MUST_CHECK enum status acts_consent_take(const struct service *service, const json_t *request,
    const char *const *others, enum acts_consent_words words, json_t *body,
    struct refusal *refusal);
/*
 * Completes BODY with who the child is, from the case's own fields, and whatever need not be
 * said.
 */
MUST_CHECK enum status acts_consent_complete(
    struct service *service, uint64_t case_n, const struct case_key *key, json_t *body);
/*
 * Whether BODY says all that EVENT needs on DAY. A consent that lacks only the child's own
 * becomes CONSENT_EVENT_DEFER; *LACKS is then "child_consent", else "".
 */
MUST_CHECK enum status acts_consent_judge(const json_t *body, calendar_day day,
    enum consent_event *event, const char **lacks, struct refusal *refusal);

/* The record that a person names and may know, and its case; STATUS_NOT_FOUND as for a case. */
MUST_CHECK enum status acts_consent_find(struct service *service, const struct actor *actor,
    enum acts_need need, const char *record, struct ground_row *row, struct case_row *file,
    struct refusal *refusal);
/* STATUS_TOO_LARGE where a case has as many records as one may have. */
MUST_CHECK enum status acts_consent_room(struct service *service, uint64_t case_n);
/* Whether EVENT is one that people record of a ground of class BASIS. */
bool acts_consent_fits(enum basis basis, enum consent_event event);
/* Whether ROLE may record EVENT at this kind of institution. */
bool acts_consent_role_may(
    const struct service *service, enum role role, enum consent_event event);

#endif
