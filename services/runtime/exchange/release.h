/* services/runtime/exchange/release.h: the content of a referral, released by itself once review opened. */
#ifndef SAIKNE_RELEASE_H
#define SAIKNE_RELEASE_H

#include "services/runtime/exchange/case_file.h"
#include "services/runtime/exchange/departure.h"

struct service;

/*
 * If TASK's content is due and what called for it has had no effect yet: rechecks the ground,
 * applies the recipient's profile and sends the release, or records why it is withheld. What
 * only has to wait (no fresh directory head, no sealing epoch) stays due. A first release that
 * the recipient had no key for is made anew by itself, once, to another epoch; any other that
 * came to nothing (expired, refused, unreadable) waits for a person: acts.h's "release". In the
 * open transaction; TASK is brought up to date.
 */
MUST_CHECK enum status release_run(
    struct service *service, struct departure *departure, struct task_row *task);
/*
 * The release of TASK's content as the ground, the kind's rule and the recipient's profile
 * allow it now. CONTENT is to be freed in any case.
 */
MUST_CHECK enum status release_make(struct service *service, const struct task_row *task,
    const struct case_key *key, struct content *content);
/* All that is due, each in a transaction of its own ("act"). */
MUST_CHECK enum status release_due(struct service *service);

#endif
