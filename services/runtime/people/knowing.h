/* services/runtime/people/knowing.h: which cases a person inside the institution may know. */
#ifndef SAIKNE_KNOWING_H
#define SAIKNE_KNOWING_H

#include "services/runtime/exchange/service.h"
#include "services/runtime/people/actor.h"
#include "services/runtime/store/knowing_store.h"

/*
 * The rule, in one place:
 *
 *                         opens                      acts
 *  knows it               yes                        yes    author, assigned, handed over
 *  broke the glass        yes, three hours           yes
 *  nobody holds it        who sees the mailbox       the same, and holds it from then on
 *  it is overdue, alarmed supervisor, head           no: they assign it first
 *  any other              no                         no
 *
 * Case managers, supervisors and heads see the mailbox; others with a reading role while they
 * are on duty. Auditors and administrators never see content, whatever they were given.
 */
#define KNOWING_GLASS_MS (3ULL * 3600 * 1000)

struct knowing {
	struct knowing_facts facts;
	bool mailbox; /* the person sees what nobody holds */
	bool open, act;
};

/* CASE_N 0 is no case: the same look-ups, and neither opens nor acts. */
MUST_CHECK enum status knowing_of(
    struct service *service, const struct actor *actor, uint64_t case_n, struct knowing *out);
/* STATUS_OK, or STATUS_NOT_FOUND as for a case that does not exist. */
MUST_CHECK enum status knowing_may_open(
    struct service *service, const struct actor *actor, uint64_t case_n);
/* Whether ROLE leads: it sees every list (without content) and gives cases to others. */
bool knowing_leads(enum role role);
/* Whether the person sees the mailbox now. */
MUST_CHECK enum status knowing_sees_mailbox(
    struct service *service, const struct actor *actor, bool *out);

/* ---- In the open transaction -------------------------------------------------------------- */

/*
 * PERSON knows the case from now on. REASON is sealed under the case's key, NULL for none.
 * What a person knows already by a standing grant of the same sort is left as it is; breaking
 * the glass always adds a row. N, if not NULL, gets the grant's number.
 */
MUST_CHECK enum status knowing_give(struct service *service, const struct actor *by,
    uint64_t case_n, uint64_t person, enum grant_how how, const char *reason, uint64_t *n);
/* Who acts on what nobody holds holds it from then on. */
MUST_CHECK enum status knowing_take(
    struct service *service, const struct actor *actor, uint64_t case_n);
/* Ends what PERSON holds of the case; STATUS_NOT_FOUND: nothing. */
MUST_CHECK enum status knowing_end(
    struct service *service, const struct actor *by, uint64_t case_n, uint64_t person);
/* The reason of a grant in the clear, with its NUL; "" once the case is erased. */
MUST_CHECK enum status knowing_reason(
    struct service *service, const struct grant_row *grant, char *out, size_t size);

#endif
