/* services/runtime/exchange/custody_forwarded.h: a custody statement that another passes on, verified. */
#ifndef SAIKNE_CUSTODY_FORWARDED_H
#define SAIKNE_CUSTODY_FORWARDED_H

#include "protocol/wire/frame.h"
#include "services/runtime/exchange/custody.h"

/*
 * The statement that OUTER (NOTICE_FORWARDED, of VIA, at INDEX) passes on, verified as SPEC.md's
 * section 4.8 says: STATUS_BAD_PROOF, STATUS_BAD_SIGNATURE, STATUS_BAD_CONTENT,
 * STATUS_NOT_PERMITTED (no custody statement of an orphan's court), or the database's. In the open
 * transaction. Free OUT in any case.
 */
MUST_CHECK enum status custody_forwarded_open(struct service *service,
    const struct content *outer, const char *via, uint64_t index,
    struct custody_statement *out);
/*
 * What an OUTER that was verified when it came, or is ours, passes on: content, origin, message and
 * index; PROVEN (may be NULL) borrows from OUTER. Free OUT in any case.
 */
MUST_CHECK enum status custody_forwarded_read(
    const struct content *outer, struct custody_statement *out, struct frame_proven *proven);

#endif
