/* services/runtime/acts/acts_law.h: decisions to share by law, or not to share, as records of their own. */
#ifndef SAIKNE_ACTS_LAW_H
#define SAIKNE_ACTS_LAW_H

#include "services/runtime/acts/acts.h"
#include "services/runtime/exchange/grounds.h"

/*
 * POST /v1/cases/{case}/grounds: a decision is recorded.
 *   { "decision": "share" (default) | "not_share", "recipients": [kind, group of kinds or
 *     institution], "categories": [..], "purposes": [..], "ground" (legal-bases), "provision"
 *     (the list's), "necessity", "decided_by" (who records it), "family_told" (later),
 *     "family_text", "until", "text": why it is not shared }
 * To share needs ground, necessity, recipients, categories and purposes; not to share needs
 * recipients, categories and text. What happens to it later goes to /v1/grounds/{record}/events.
 * Answer: { "record", "case", "state", "notes": [..] }.
 */
enum status acts_law_decide(struct service *service, const struct actor *actor,
    const char *case_id, const json_t *request, json_t **answer, struct refusal *refusal);

/*
 * What people are told beside a legal basis: [{ "note", "ground", "record", "day" }]
 *   no_consent_needed   the law lets it be reported whatever the family says
 *   unconfirmed         the institution has not confirmed the provision yet
 *   refused, withdrawn  a consent (RECORD, on DAY) for the same recipient and purpose, which the
 *                       decision does not set aside: it says why sharing is necessary
 * CASE_N 0: there is no case yet. SAYS is the body of a record of class BASIS.
 */
MUST_CHECK enum status acts_law_notes(struct service *service, uint64_t case_n,
    enum basis basis, const json_t *says, json_t **out);

#endif
