/* services/runtime/exchange/circles_fold.c: the acts of a circle in memory: loaded, folded, gone on with. */
#include <stdlib.h>
#include <string.h>

#include "services/runtime/exchange/service.h"
#include "services/runtime/exchange/sittings.h"
#include "services/runtime/task/action.h"
#include "services/runtime/task/conference.h"
#include "services/runtime/task/matter.h"

/*
 * Nearly every act stands last in the log when it comes, and what came before it is what it was:
 * so the fold goes on from there, and an act costs the same however many there are. It goes on
 * over what is in the log; own acts that wait for their receipts, few, are folded on top of that
 * each time. Whatever else happens, the circle is forgotten, and loaded again when it is asked for.
 */
struct circles_progress {
	size_t room;   /* for acts */
	size_t logged; /* so many are in the log; behind them are those that wait */
	/* What the former came to. */
	struct circle circle;
	struct sitting *sitting; /* NULL of what is no sitting's */
	struct circles_opening {
		uint64_t task_n;
		size_t at;
	} * openings; /* of each task the first that is not void */
	size_t opening_count;
	/* The latter as a sitting reads them; so many own what they sign. */
	struct sitting_act *waiting;
	size_t waiting_count;
};

void
circles_free(struct circles *circles)
{
	struct circles_progress *progress = circles->progress;

	if (progress != NULL) {
		free(progress->sitting);
		free(progress->openings);
		sittings_free(progress->waiting, progress->waiting_count);
		free(progress);
	}
	free(circles->acts);
	free(circles->voids);
	free(circles->sitting);
	*circles = (struct circles){0};
}

void
circles_forget(struct service *service)
{
	circles_free(&service->circles);
}

/* ---- Going on ---------------------------------------------------------------------------- */

static size_t
opening_of(const struct circles_progress *progress, uint64_t task_n)
{
	size_t i = 0;

	while (i < progress->opening_count && progress->openings[i].task_n != task_n)
		i++;
	return i;
}

/* Whether something of SORT is in a sitting's circle, or in that of a case. */
static bool
belongs(const struct task_sort *sort, bool sitting)
{
	return sort == &action_sort ||
	       (sort == &conference_sort || sort == &matter_sort) == sitting;
}

bool
circles_belongs(const struct circles *circles, const struct task_sort *sort)
{
	return belongs(sort, circles->sitting != NULL);
}

/*
 * Who lacked the opening of a task could not tell that an act is none of its sort, and kept it; all
 * others refused it. So it counts with nobody.
 */
static bool
is_stray(const struct circles *circles, const struct circle_act *act)
{
	const struct circles_progress *progress = circles->progress;
	const size_t i = opening_of(progress, act->task_n);

	if (progress->circle.lead_count == 0)
		return false;
	return !belongs(act->sort, progress->sitting != NULL) ||
	       (i < progress->opening_count &&
		   circles->acts[progress->openings[i].at].sort != act->sort);
}

/* The report that the act AT says was sent in error: its author's own, before it, in its task. */
static size_t
mistaken(const struct circles *circles, size_t at)
{
	const struct circle_act *act = &circles->acts[at];

	for (size_t i = at; i > 0; i--) {
		const struct circle_act *one = &circles->acts[i - 1];

		if (memcmp(one->message, act->step.about, sizeof(one->message)) == 0)
			return one->task_n == act->task_n &&
			               one->step.event == TASK_EVENT_REPORT &&
			               strcmp(one->step.author.code, act->step.author.code) == 0
			           ? i - 1
			           : at;
	}
	return at;
}

/*
 * Whether the act AT, which may follow, does; what it takes back, if not before FROM, is void then:
 * what waits for its receipt may follow no more when it has its place.
 */
static bool
take_back(struct circles *circles, size_t at, size_t from)
{
	size_t i;

	if (circles->acts[at].step.event != TASK_EVENT_ENTERED_IN_ERROR)
		return true;
	i = mistaken(circles, at);
	if (i == at)
		return false;
	circles->voids[i] = circles->voids[i] || i >= from;
	return true;
}

/*
 * Whether ACT says a second time that it opens its task, and would have the lead change hands by
 * that: nobody would see it, for the task is what it became, and nobody could object.
 */
static bool
is_hidden(const struct circles *circles, const struct circle_act *act)
{
	const struct circles_progress *progress = circles->progress;

	return (act->step.event == TASK_EVENT_OFFER_LEAD ||
		   act->step.event == TASK_EVENT_CLAIM_LEAD) &&
	       opening_of(progress, act->task_n) < progress->opening_count;
}

/* Whether who leads wrote ACT, the next: of what opens the circle nobody does yet. */
static bool
is_led(const struct circle *circle, const struct circle_act *act)
{
	return circle->lead_count > 0 &&
	       strcmp(circle->leads[circle->lead_count - 1].party.code,
		   act->step.author.code) == 0;
}

/* The act at LOGGED is in the log now. SAID: as a sitting reads it. */
static void
take_logged(struct service *service, struct circles *circles, const struct sitting_act *said)
{
	const struct sitting_kinds kinds = sittings_kinds(service);
	struct circles_progress *progress = circles->progress;
	const size_t at = progress->logged++;
	struct circle_act *act = &circles->acts[at];
	bool counts;

	act->stray = is_stray(circles, act);
	act->led = is_led(&progress->circle, act);
	counts = !act->stray && !is_hidden(circles, act) &&
	         circle_take(&progress->circle, &act->step);
	if (counts && progress->sitting != NULL)
		counts = sitting_take(progress->sitting, &progress->circle, &kinds, said);
	counts = counts && take_back(circles, at, 0);
	circles->voids[at] = !counts;
	if (counts && task_opens(act->type) &&
	    opening_of(progress, act->task_n) == progress->opening_count)
		progress->openings[progress->opening_count++] =
		    (struct circles_opening){act->task_n, at};
}

/* What waits, on top of what is in the log. */
static void
take_waiting(struct service *service, struct circles *circles)
{
	const struct sitting_kinds kinds = sittings_kinds(service);
	const struct circles_progress *progress = circles->progress;
	const size_t logged = progress->logged;

	circles->circle = progress->circle;
	for (size_t i = logged; i < circles->count; i++) {
		circles->acts[i].led = is_led(&circles->circle, &circles->acts[i]);
		circles->voids[i] = is_hidden(circles, &circles->acts[i]) ||
		                    !circle_take(&circles->circle, &circles->acts[i].step) ||
		                    !take_back(circles, i, logged);
	}
	if (progress->sitting == NULL)
		return;
	sitting_copy(circles->sitting, progress->sitting);
	/* All that waits stands at one place: who is a member there, all of it decides. */
	for (size_t i = logged; i < circles->count; i++)
		circles->voids[i] =
		    circles->voids[i] || !sitting_take(circles->sitting, &circles->circle,
					     &kinds, &progress->waiting[i - logged]);
	sitting_seat(circles->sitting, &circles->circle);
}

/* ---- Loading ----------------------------------------------------------------------------- */

/* A conference's frame opens it, and everything in it is held to the rules of a sitting. */
static bool
is_sitting(const struct circles *circles)
{
	struct circle circle = {.open = false};

	for (size_t i = 0; i < circles->count; i++)
		if (circle_take(&circle, &circles->acts[i].step) &&
		    task_opens(circles->acts[i].type))
			return sittings_has(circles->acts[i].type);
	return false;
}

static enum status
make_room(struct circles *circles)
{
	struct circles_progress *progress = circles->progress;
	const size_t room = circles->count + circles->count / 2 + 64;
	void *acts, *voids, *openings, *waiting;

	if (circles->count < progress->room)
		return STATUS_OK;
	if ((acts = realloc(circles->acts, room * sizeof(*circles->acts))) != NULL)
		circles->acts = acts;
	if ((voids = realloc(circles->voids, room * sizeof(*circles->voids))) != NULL)
		circles->voids = voids;
	openings = realloc(progress->openings, room * sizeof(*progress->openings));
	if (openings != NULL)
		progress->openings = openings;
	waiting = realloc(progress->waiting, room * sizeof(*progress->waiting));
	if (waiting != NULL)
		progress->waiting = waiting;
	if (acts == NULL || voids == NULL || openings == NULL || waiting == NULL)
		return STATUS_NO_MEMORY;
	progress->room = room;
	return STATUS_OK;
}

/* What ACT signs is the waiting one's from here on. */
static void
add_waiting(struct circles_progress *progress, struct sitting_act *act)
{
	progress->waiting[progress->waiting_count++] = *act;
	act->signs = NULL;
}

/* SAID has one for each act of a sitting; NULL of what is none. */
static enum status
fold(struct service *service, struct circles *circles, struct sitting_act *said)
{
	struct circles_progress *progress = circles->progress;

	if (said != NULL) {
		circles->sitting = calloc(1, sizeof(*circles->sitting));
		progress->sitting = calloc(1, sizeof(*progress->sitting));
		if (circles->sitting == NULL || progress->sitting == NULL)
			return STATUS_NO_MEMORY;
	}
	while (progress->logged < circles->count &&
	       circles->acts[progress->logged].step.index != UINT64_MAX)
		take_logged(service, circles, said != NULL ? &said[progress->logged] : NULL);
	for (size_t i = progress->logged; said != NULL && i < circles->count; i++)
		add_waiting(progress, &said[i]);
	take_waiting(service, circles);
	return STATUS_OK;
}

static enum status
load(struct service *service, uint64_t circle_n, struct circles *circles)
{
	struct sitting_act *said = NULL;
	enum status rc;

	if ((circles->progress = calloc(1, sizeof(*circles->progress))) == NULL)
		return STATUS_NO_MEMORY;
	rc = circle_store_acts(service->db, circle_n, &circles->acts, &circles->count);
	if (rc == STATUS_OK)
		rc = make_room(circles);
	if (rc != STATUS_OK)
		return rc;
	for (size_t i = 0; i < circles->count; i++)
		circles->acts[i].step.event =
		    task_event_of(circles->acts[i].sort, circles->acts[i].type);
	if (is_sitting(circles))
		rc = sittings_read(service, circle_n, circles->acts, circles->count, &said);
	if (rc == STATUS_OK)
		rc = fold(service, circles, said);
	sittings_free(said, circles->count);
	return rc;
}

enum status
circles_fold(struct service *service, uint64_t circle_n, const struct circles **out)
{
	struct circles *circles = &service->circles;
	enum status rc;

	if (circles->n != circle_n || circle_n == 0) {
		circles_free(circles);
		if ((rc = load(service, circle_n, circles)) != STATUS_OK) {
			circles_free(circles);
			return rc;
		}
		circles->n = circle_n;
	}
	*out = circles;
	return STATUS_OK;
}

/* ---- The next act ------------------------------------------------------------------------ */

/* Whether an act at INDEX follows all that is in the log; what opens the circle makes it anew. */
static bool
stands_last(const struct circles *circles, uint64_t index)
{
	const struct circles_progress *progress = circles->progress;

	return progress->circle.lead_count > 0 &&
	       circles->acts[progress->logged - 1].step.index < index;
}

static struct circle_act
act_of(
    const struct event_row *row, const struct merkle_hash *root, const struct content *content)
{
	struct circle_act act = {.event_n = row->n,
	    .task_n = row->task_n,
	    .sort = task_sort_of(row->type),
	    .type = row->type,
	    .own = row->own,
	    .applied = row->applied,
	    .root = *root,
	    .step = {.index = row->index, .time_ms = row->time_ms}};

	act.step.event = task_event_of(act.sort, act.type);
	memcpy(act.message, row->message, sizeof(act.message));
	memcpy(act.step.author.code, row->author, sizeof(row->author));
	if (!content_id(content, FIELD_TASK, act.step.task))
		memset(act.step.task, 0, sizeof(act.step.task));
	circles_read(content, &act.step);
	return act;
}

/* As ACT is read, what it signs stands in its reader's place. */
static bool
keep_signs(struct sitting_act *act)
{
	const size_t size = act->sign_count * sizeof(*act->signs);
	struct minutes_entry *own = size == 0 ? NULL : malloc(size);

	if (own != NULL)
		memcpy(own, act->signs, size);
	act->signs = own;
	return size == 0 || own != NULL;
}

void
circles_add(struct service *service, const struct event_row *row,
    const struct merkle_hash *root, const struct content *content)
{
	struct circles *circles = &service->circles;
	struct circles_progress *progress = circles->progress;
	struct minutes_entry signs[MINUTES_MAX];
	struct sitting_act said = {.quorum = 0};
	size_t at;

	if (circles->n != row->circle_n)
		return;
	if (!stands_last(circles, row->index) || make_room(circles) != STATUS_OK) {
		circles_forget(service);
		return;
	}
	at = row->index == UINT64_MAX ? circles->count : progress->logged;
	memmove(&circles->acts[at + 1], &circles->acts[at],
	    (circles->count - at) * sizeof(*circles->acts));
	circles->acts[at] = act_of(row, root, content);
	if (progress->sitting != NULL)
		sittings_act(&circles->acts[at], content, &said, signs);
	circles->count++;
	if (row->index != UINT64_MAX) {
		take_logged(service, circles, &said);
	} else if (progress->sitting != NULL) {
		if (!keep_signs(&said)) {
			circles_forget(service);
			return;
		}
		add_waiting(progress, &said);
	}
	take_waiting(service, circles);
}

void
circles_logged(struct service *service, const struct event_row *row)
{
	struct circles *circles = &service->circles;
	struct circles_progress *progress = circles->progress;
	struct sitting_act said = {.quorum = 0};
	struct circle_act *act;

	if (row->circle_n == 0 || circles->n != row->circle_n)
		return;
	act = &circles->acts[progress->logged];
	if (progress->logged == circles->count || act->event_n != row->n ||
	    !stands_last(circles, row->index)) {
		circles_forget(service);
		return;
	}
	act->step.index = row->index;
	act->step.time_ms = row->time_ms;
	if (progress->sitting != NULL) {
		said = progress->waiting[0];
		memmove(&progress->waiting[0], &progress->waiting[1],
		    --progress->waiting_count * sizeof(said));
	}
	said.step = act->step;
	take_logged(service, circles, &said);
	free((struct minutes_entry *)(uintptr_t)said.signs);
	take_waiting(service, circles);
}

/* ---- Finding ----------------------------------------------------------------------------- */

size_t
circles_after(const struct circles *circles, uint64_t index)
{
	size_t low = 0, high = circles->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (circles->acts[middle].step.index > index)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

size_t
circles_find(const struct circles *circles, const struct event_row *row)
{
	size_t i = row->index == UINT64_MAX ? circles->progress->logged
	           : row->index == 0        ? 0
	                                    : circles_after(circles, row->index - 1);

	if (row->index == UINT64_MAX)
		while (i < circles->count && circles->acts[i].event_n != row->n)
			i++;
	return i < circles->count && circles->acts[i].event_n == row->n ? i : circles->count;
}

size_t
circles_opener(const struct circles *circles, uint64_t task_n)
{
	const struct circles_progress *progress = circles->progress;
	size_t i = opening_of(progress, task_n);

	if (i < progress->opening_count)
		return progress->openings[i].at;
	i = progress->logged;
	while (i < circles->count && (circles->acts[i].task_n != task_n || circles->voids[i] ||
					 !task_opens(circles->acts[i].type)))
		i++;
	return i;
}
