/* services/runtime/exchange/sittings_signed.c: in which matters what one act signs changes who owes a signature. */
#include "services/runtime/exchange/sittings_signed.h"

#include <string.h>

#include "services/runtime/exchange/circles.h"
#include "services/runtime/exchange/service.h"
#include "services/runtime/store/deadline_store.h"

/*
 * Whether somebody whom we count owes it (read_circle() in deadlines.c). Who wrote a correction owes
 * nothing either, which the fold of the matter knows: such a one is folded once more than it has to.
 */
static bool
is_owed(const struct service *service, const struct task_row *frame,
    const struct circles *circles, const struct sitting_matter *matter)
{
	const char *self = service->config.code;

	if (((unsigned)frame->side & TASK_RECIPIENT) != 0)
		return strcmp(matter->minuted_by.code, self) != 0 &&
		       sitting_voice_of(matter, self) == NULL;
	return frame->side != TASK_ONLOOKER &&
	       !sitting_all_said(matter, &circles->circle, UINT64_MAX, self);
}

enum status
sittings_signed(struct service *service, const struct task_row *frame,
    struct sittings_signed out[static SITTING_MATTERS_MAX], unsigned *count)
{
	const struct circles *circles;
	enum status rc = circles_fold(service, frame->circle_n, &circles);

	*count = 0;
	if (rc != STATUS_OK || circles->sitting == NULL)
		return rc;
	for (unsigned i = 0; i < circles->sitting->matter_count; i++) {
		const struct sitting_matter *matter = &circles->sitting->matters[i];
		bool runs;

		if (matter->state != TASK_MINUTED && matter->state != TASK_CORRECTED)
			continue;
		rc =
		    deadline_store_runs(service->db, matter->task, SITTINGS_SIGNED_OWED, &runs);
		if (rc != STATUS_OK)
			return rc;
		memcpy(out[*count].task, matter->task, SUITE_ID_LEN);
		out[(*count)++].turned = runs != is_owed(service, frame, circles, matter);
	}
	return STATUS_OK;
}
