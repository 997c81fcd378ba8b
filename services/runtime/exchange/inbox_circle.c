/* services/runtime/exchange/inbox_circle.c: acts of a circle that came: which circle and task, and whose word. */
#include "services/runtime/exchange/inbox_inside.h"

#include <string.h>

#include "services/runtime/exchange/case_file.h"
#include "services/runtime/exchange/circles.h"
#include "services/runtime/exchange/service.h"
#include "services/runtime/task/matter.h"

/*
 * A member may lack entries: of what came before it joined, or crossed with its joining, or could
 * not be told to it by itself. So an act may name a circle, a task or an author that is not known
 * here yet. It is kept: its circle and tasks stand there without an opening message, in the state
 * "none", and it is void until what lacks is passed on and the fold says otherwise. What shows
 * content under a purpose that is not known is refused meanwhile, and passed on by its author.
 */
#define STRANGERS_MAX 16 /* acts kept of one author who is no member, as far as known */

/* ---- What it names ----------------------------------------------------------------------- */

static bool
is_frame(const struct task_sort *sort)
{
	return sort->opening == TASK_EVENT_OPEN || sort->opening == TASK_EVENT_PROPOSE;
}

/* What begins, for all that is known, a circle in which something of SORT is. */
static const struct task_sort *
frame_of(const struct task_sort *sort)
{
	const struct task_sort *guess;

	if (is_frame(sort))
		return sort;
	guess = task_sort_of(
	    strcmp(sort->name, "matter") == 0 ? MESSAGE_CONFERENCE_PROPOSE : MESSAGE_CASE_OPEN);
	return guess != NULL ? guess : sort;
}

/* Its token names its circle, and all tasks in it (circle.h): so nobody took their names before. */
static enum status
find_circle(struct service *service, struct incoming *in)
{
	const struct task_sort *sort = task_sort_of(in->content.type->id);
	const uint8_t *token = in->leaf->header.case_token;
	uint8_t id[SUITE_ID_LEN];
	enum status rc;

	in->circle = (struct circle_row){0};
	if (!circle_has_id(token, is_frame(sort), in->task_id))
		return STATUS_BAD_CONTENT;
	circle_id(token, id);
	if ((rc = circle_store_find(service->db, id, &in->circle)) != STATUS_NOT_FOUND)
		return rc;
	memcpy(in->circle.id, id, sizeof(id));
	memcpy(in->circle.token, token, SUITE_ID_LEN);
	in->circle.sort = frame_of(sort);
	return STATUS_OK;
}

/* What opens it; of what waits for its receipt the place is not known; ours is what made it. */
static enum status
find_opener(struct service *service, struct incoming *in)
{
	const struct circles *circles;
	size_t i;
	enum status rc = circles_fold(service, in->task.circle_n, &circles);

	in->opener = INBOX_UNOPENED;
	if (rc != STATUS_OK)
		return rc;
	if ((i = circles_opener(circles, in->task.n)) < circles->count)
		in->opener = circles->acts[i].step.index < in->deliver->proven.index
		                 ? INBOX_OPENED
		                 : INBOX_OPENED_BEHIND;
	for (i = 0; i < circles->count && in->opener != INBOX_OPENED; i++)
		if (circles->acts[i].own && circles->acts[i].task_n == in->task.n &&
		    task_opens(circles->acts[i].type))
			in->opener = INBOX_OPENED;
	return STATUS_OK;
}

/* Until something opens it, its sort is a guess of the last that came. */
static enum status
check_task(struct service *service, struct incoming *in)
{
	bool fits;
	enum status rc;

	if (in->circle.n == 0 || in->task.circle_n != in->circle.n)
		return STATUS_BAD_CONTENT;
	fits = task_message(in->task.sort, in->content.type->id) != NULL;
	if ((in->is_new || !fits) && (rc = find_opener(service, in)) != STATUS_OK)
		return rc;
	if (!fits) {
		if (in->opener == INBOX_OPENED)
			return STATUS_BAD_CONTENT;
		if (in->opener == INBOX_UNOPENED) {
			in->task.sort = task_sort_of(in->content.type->id);
			in->is_moved = true;
		}
	}
	return STATUS_OK;
}

/* What decides the profiles: its own, or that of the frame; "": not known yet. */
static enum status
find_purpose(struct service *service, struct incoming *in)
{
	struct bytes purpose;
	struct task_row frame;
	enum status rc;

	if (in->is_new && in->opener != INBOX_OPENED &&
	    message_has_field(in->content.type, FIELD_PURPOSE)) {
		in->is_moved |= in->opener == INBOX_UNOPENED;
		return content_text(&in->content, FIELD_PURPOSE, &purpose) &&
		               bytes_to_text(
				   purpose, in->task.purpose, sizeof(in->task.purpose))
		           ? STATUS_OK
		           : STATUS_BAD_CONTENT;
	}
	if (in->task.purpose[0] != '\0')
		return STATUS_OK;
	in->is_moved = true;
	rc = case_store_find_task(service->db, in->circle.id, &frame);
	if (rc == STATUS_OK)
		memcpy(in->task.purpose, frame.purpose, sizeof(in->task.purpose));
	if (in->task.purpose[0] == '\0')
		memcpy(in->task.purpose, in->purpose, sizeof(in->task.purpose));
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* ---- Whose word it is -------------------------------------------------------------------- */

/* Where its author's history differs from ours, something lacks: perhaps how it joined. */
static enum status
may_lack(struct service *service, const struct incoming *in, const struct circles *circles,
    bool *lacks)
{
	uint8_t said[SUITE_HASH_LEN], ours[SUITE_HASH_LEN];
	uint64_t applied, count_said, count;
	enum status rc;

	(void)service;
	if (!content_uint(&in->content, FIELD_APPLIED, &applied) ||
	    !content_uint(&in->content, FIELD_HISTORY_COUNT, &count_said) ||
	    !content_hash(&in->content, FIELD_HISTORY, said))
		return STATUS_BAD_CONTENT;
	if ((rc = circles_digest(circles, applied, &count, ours)) == STATUS_OK)
		*lacks = count != count_said || memcmp(said, ours, sizeof(said)) != 0;
	return rc;
}

/* Whether it is a member by an act of ours: what it wrote since may come before our receipt. */
static bool
is_awaited(const struct circle *circle, const char *code)
{
	for (unsigned i = 0; i < circle->member_count; i++)
		if (circle->members[i].since == UINT64_MAX &&
		    strcmp(circle->members[i].party.code, code) == 0)
			return true;
	return false;
}

/* Of each author apart, so that none takes the places of others. */
static unsigned
strangers(const struct circles *circles, const char *author)
{
	unsigned count = 0;

	for (size_t i = 0; i < circles->count; i++)
		count += circles->acts[i].step.index != UINT64_MAX &&
		         strcmp(circles->acts[i].step.author.code, author) == 0 &&
		         !circles_counts(circles, i);
	return count;
}

static enum status
check_author(struct service *service, const struct incoming *in)
{
	static const struct circle_task any = {.share = TASK_OF_ALL, .party = ""};
	const struct circles *circles;
	bool lacks;
	enum status rc;

	/* A circle that is not known begins with what names it, whoever that is. */
	if (in->circle.n == 0)
		return STATUS_OK;
	if ((rc = circles_fold(service, in->circle.n, &circles)) != STATUS_OK)
		return rc;
	if (circle_lead(&circles->circle, in->deliver->proven.index) != NULL &&
	    !circles_belongs(circles, task_sort_of(in->content.type->id)))
		return STATUS_BAD_CONTENT;
	if (!circles_has_room(
		circles, in->is_known ? in->task.n : 0, in->peer, in->deliver->proven.index, 0))
		return STATUS_TOO_LARGE;
	/* That by which a member leaves may be here already, and come again. */
	if (circle_author_side(&circles->circle, &any, in->peer, in->deliver->proven.index) !=
		0 ||
	    is_awaited(&circles->circle, in->peer))
		return STATUS_OK;
	/*
	 * What opens it tells who the others are, however many of them were heard before; of two
	 * the first in the log does.
	 */
	if (in->opener != INBOX_OPENED && in->is_new &&
	    is_frame(task_sort_of(in->content.type->id)))
		return STATUS_OK;
	if (circles->circle.lead_count > 0) {
		if ((rc = may_lack(service, in, circles, &lacks)) != STATUS_OK)
			return rc;
		if (!lacks)
			return STATUS_NOT_A_MEMBER;
	}
	return strangers(circles, in->peer) < STRANGERS_MAX ? STATUS_OK : STATUS_NOT_A_MEMBER;
}

/* It may name any entry of the history before its own; one that is not here is a gap. */
static enum status
check_applied(struct service *service, const struct incoming *in)
{
	struct event_row row;
	uint64_t applied;
	enum status rc;

	if (!content_uint(&in->content, FIELD_APPLIED, &applied))
		return STATUS_BAD_CONTENT;
	if (applied == 0)
		return STATUS_OK;
	if (applied >= in->deliver->proven.index ||
	    (in->is_new && is_frame(task_sort_of(in->content.type->id))))
		return STATUS_BAD_CONTENT;
	rc = event_store_at(service->db, applied, &row);
	if (rc != STATUS_OK)
		return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
	return row.what == EVENT_MESSAGE && row.circle_n == in->circle.n && row.circle_n > 0
	           ? STATUS_OK
	           : STATUS_BAD_CONTENT;
}

enum status
inbox_circle_find(struct service *service, struct incoming *in)
{
	enum status rc;

	in->is_new = task_opens(in->content.type->id);
	in->is_moved = false;
	in->opener = INBOX_UNOPENED;
	if ((rc = find_circle(service, in)) != STATUS_OK)
		return rc;
	rc = case_store_find_task(service->db, in->task_id, &in->task);
	in->is_known = rc == STATUS_OK;
	if (rc == STATUS_OK)
		rc = check_task(service, in);
	else if (rc == STATUS_NOT_FOUND)
		rc = STATUS_OK;
	if (!in->is_known)
		in->task = (struct task_row){.sort = task_sort_of(in->content.type->id)};
	if (rc == STATUS_OK)
		rc = find_purpose(service, in);
	if (rc == STATUS_OK)
		rc = check_author(service, in);
	return rc == STATUS_OK ? check_applied(service, in) : rc;
}

/* ---- Where it belongs -------------------------------------------------------------------- */

static enum status
add_task(struct service *service, const struct incoming *in, const struct task_sort *sort,
    const uint8_t id[static SUITE_ID_LEN], uint64_t case_n, struct task_row *out)
{
	struct task_row row = {.case_n = case_n,
	    .sort = sort,
	    .side = TASK_ONLOOKER,
	    .basis = BASIS_NONE,
	    .time_ms = service->now_ms,
	    .circle_n = in->circle.n};
	enum status rc;

	memcpy(row.id, id, sizeof(row.id));
	memcpy(row.peer, in->peer, sizeof(row.peer));
	memcpy(row.token, in->circle.token, sizeof(row.token));
	memcpy(row.purpose, in->task.purpose, sizeof(row.purpose));
	if ((rc = case_store_next_task(service->db, &row.n)) == STATUS_OK)
		rc = case_store_add_task(service->db, &row);
	if (rc == STATUS_OK)
		*out = row;
	return rc;
}

/* A case for the frame, which stands there from here on without its opening. */
static enum status
case_of_frame(
    struct service *service, const struct incoming *in, uint64_t *case_n, struct case_key *key)
{
	struct task_row frame;
	enum status rc = inbox_case(service, in, case_n, key);

	if (rc != STATUS_OK)
		return rc;
	return add_task(service, in, in->circle.sort, in->circle.id, *case_n, &frame);
}

/* The task that it names by OTHER_TASK, if it is of SORT and here. */
static enum status
find_named(
    struct service *service, const struct incoming *in, const char *sort, struct task_row *out)
{
	uint8_t id[SUITE_ID_LEN];
	enum status rc;

	if (!message_has_field(in->content.type, FIELD_OTHER_TASK) ||
	    !content_id(&in->content, FIELD_OTHER_TASK, id))
		return STATUS_NOT_FOUND;
	if ((rc = case_store_find_task(service->db, id, out)) != STATUS_OK)
		return rc;
	return out->circle_n > 0 && strcmp(out->sort->name, sort) == 0 ? STATUS_OK
	                                                               : STATUS_NOT_FOUND;
}

/*
 * Everybody at a sitting learns the names of the cases on its agenda: so only who is in one of
 * them puts anything in our file of it.
 */
static enum status
find_child(struct service *service, const struct incoming *in, struct task_row *out)
{
	const struct circles *circles;
	enum status rc = find_named(service, in, "case", out);

	if (rc == STATUS_OK)
		rc = circles_fold(service, out->circle_n, &circles);
	if (rc != STATUS_OK)
		return rc;
	return circle_is_member(&circles->circle, in->peer, in->deliver->proven.index)
	           ? STATUS_OK
	           : STATUS_NOT_FOUND;
}

static enum status
has_key(struct service *service, uint64_t case_n)
{
	struct case_key key;
	enum status rc = case_file_key(service, case_n, &key);

	vault_forget(&key);
	return rc;
}

static bool
is_matter(const struct incoming *in)
{
	return task_sort_of(in->content.type->id) == &matter_sort;
}

/*
 * The case that it belongs to, of those that are here: a frame lies in the case of its ground; a
 * matter in that of its child; what is done for one in its case, all else in the frame's.
 * STATUS_NOT_FOUND: none yet; STATUS_ERASED.
 */
static enum status
find_kept(struct service *service, const struct incoming *in, uint64_t *case_n)
{
	struct task_row named;
	enum status rc;

	if (is_frame(task_sort_of(in->content.type->id)))
		return STATUS_NOT_FOUND;
	rc = is_matter(in) ? find_child(service, in, &named)
	                   : find_named(service, in, "matter", &named);
	if (rc == STATUS_OK && !is_matter(in) && named.circle_n != in->circle.n)
		rc = STATUS_NOT_FOUND;
	if (rc == STATUS_OK) {
		*case_n = named.case_n;
		if ((rc = has_key(service, *case_n)) != STATUS_ERASED)
			return rc;
		rc = STATUS_NOT_FOUND;
	}
	if (rc != STATUS_NOT_FOUND || (is_matter(in) && in->is_new))
		return rc;
	if ((rc = case_store_find_task(service->db, in->circle.id, &named)) == STATUS_OK)
		rc = has_key(service, *case_n = named.case_n);
	return rc;
}

enum status
inbox_circle_kept(struct service *service, const struct incoming *in)
{
	uint64_t case_n;
	enum status rc;

	if (task_sort_of(in->content.type->id)->share == TASK_OF_TWO)
		return STATUS_OK;
	rc = in->is_known ? has_key(service, in->task.case_n) : find_kept(service, in, &case_n);
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

static enum status
find_case(
    struct service *service, const struct incoming *in, uint64_t *case_n, struct case_key *key)
{
	enum status rc = find_kept(service, in, case_n);

	if (rc == STATUS_OK)
		return case_file_key(service, *case_n, key);
	if (rc != STATUS_NOT_FOUND)
		return rc;
	if (is_frame(task_sort_of(in->content.type->id)) || (is_matter(in) && in->is_new))
		return inbox_case(service, in, case_n, key);
	return case_of_frame(service, in, case_n, key);
}

enum status
inbox_circle_open(struct service *service, struct incoming *in, struct case_key *key)
{
	uint64_t case_n;
	enum status rc;

	if (in->is_known) {
		if ((rc = case_file_key(service, in->task.case_n, key)) != STATUS_OK)
			return rc;
		in->writing = true;
		return in->is_moved ? circle_store_place(service->db, &in->task) : STATUS_OK;
	}
	in->writing = true;
	if (in->circle.n == 0 && (rc = circle_store_add(service->db, &in->circle)) != STATUS_OK)
		return rc;
	if ((rc = find_case(service, in, &case_n, key)) != STATUS_OK)
		return rc;
	rc = add_task(
	    service, in, task_sort_of(in->content.type->id), in->task_id, case_n, &in->task);
	if (rc != STATUS_OK)
		vault_forget(key);
	return rc;
}

/* ---- What opened it ---------------------------------------------------------------------- */

/* What has none of its own has the frame's purpose: none before it came, or a false one's. */
static enum status
give_purpose(struct service *service, const struct task_row *frame)
{
	struct task_row task = {0};
	enum status rc;

	while ((rc = circle_store_task(service->db, frame->circle_n, task.n, &task)) ==
	       STATUS_OK) {
		if ((task.purpose[0] != '\0' && task.sort == &matter_sort) ||
		    strcmp(task.purpose, frame->purpose) == 0)
			continue;
		memcpy(task.purpose, frame->purpose, sizeof(task.purpose));
		if ((rc = circle_store_place(service->db, &task)) != STATUS_OK)
			return rc;
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* Whether something else opens the task: who says it a second time has no say in what it is for. */
static enum status
is_opened_by_other(struct service *service, const struct incoming *in, bool *out)
{
	const struct circles *circles;
	size_t i;
	enum status rc = circles_fold(service, in->task.circle_n, &circles);

	*out = in->opener == INBOX_OPENED;
	if (rc == STATUS_OK && (i = circles_opener(circles, in->task.n)) < circles->count)
		*out = circles->acts[i].step.index != in->deliver->proven.index;
	return rc;
}

enum status
inbox_circle_opened(struct service *service, struct incoming *in)
{
	const struct ground_cited cited = inbox_cited(in);
	struct task_row *task = &in->task;
	uint8_t record[SUITE_ID_LEN];
	struct ground_row mirror;
	bool other;
	enum status rc = is_opened_by_other(service, in, &other);

	if (rc != STATUS_OK)
		return rc;
	if (other)
		return case_store_task(service->db, task->n, task);
	rc = STATUS_NOT_FOUND;
	task->sort = task_sort_of(in->content.type->id);
	if ((in->own->basis == BASIS_CONSENT || in->own->basis == BASIS_LAW) &&
	    message_has_field(in->content.type, FIELD_RECORD) &&
	    content_id(&in->content, FIELD_RECORD, record))
		rc = ground_store_find(service->db, record, cited.peer, &mirror);
	if (rc != STATUS_OK && rc != STATUS_NOT_FOUND)
		return rc;
	/* Of a void one that came before it nothing stays. */
	task->ground_n = rc == STATUS_OK ? mirror.n : 0;
	if ((rc = circle_store_place(service->db, task)) != STATUS_OK || !is_frame(task->sort))
		return rc;
	if ((rc = circle_store_get(service->db, task->circle_n, &in->circle)) != STATUS_OK)
		return rc;
	in->circle.sort = task->sort;
	rc = circle_store_set(service->db, &in->circle);
	return rc == STATUS_OK ? give_purpose(service, task) : rc;
}
