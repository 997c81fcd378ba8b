/* services/runtime/exchange/circles.c: a circle as we know it: its acts folded, its tasks kept in step. */
#include "services/runtime/exchange/circles.h"

#include <stdlib.h>
#include <string.h>

#include "services/runtime/exchange/service.h"
#include "services/runtime/exchange/sittings.h"
#include "services/runtime/exchange/timeline.h"
#include "services/runtime/task/calendar.h"
#include "services/runtime/store/history_store.h"

/* ---- Names ------------------------------------------------------------------------------- */

void
circles_name_frame(struct task_row *frame)
{
	suite_random(frame->token, sizeof(frame->token));
	circle_id(frame->token, frame->id);
}

void
circles_name_task(struct task_row *task)
{
	uint8_t chance[CIRCLE_CHANCE_LEN];

	suite_random(chance, sizeof(chance));
	circle_task_id(task->token, chance, task->id);
}

/* ---- What the fold reads ----------------------------------------------------------------- */

static bool
read_code(struct bytes text, struct circle_party *out)
{
	if (envelope_is_code(text) && bytes_to_text(text, out->code, sizeof(out->code)))
		return true;
	out->code[0] = '\0';
	return false;
}

void
circles_read(const struct content *content, struct circle_step *step)
{
	struct bytes text;
	calendar_day day;

	if (message_has_field(content->type, FIELD_PARTY) &&
	    content_text(content, FIELD_PARTY, &text))
		read_code(text, &step->party);
	step->party_count = 0;
	if (message_has_field(content->type, FIELD_PARTIES))
		for (unsigned i = 0; step->party_count < ENVELOPE_RECIPIENTS_MAX &&
				     content_code_at(content, FIELD_PARTIES, i, &text);
		     i++)
			step->party_count += read_code(text, &step->parties[step->party_count]);
	if (message_has_field(content->type, FIELD_DUE) &&
	    content_text(content, FIELD_DUE, &text) && calendar_date(text, &day))
		step->due_ms = calendar_start_ms(day + 1) - 1;
	if (!message_has_field(content->type, FIELD_MISTAKEN) ||
	    !content_id(content, FIELD_MISTAKEN, step->about))
		memset(step->about, 0, sizeof(step->about));
}

enum status
circles_keep(struct service *service, const struct event_row *row,
    const struct merkle_hash *root, const struct content *content)
{
	struct circle_step step = {0};
	enum status rc;

	circles_read(content, &step);
	rc = circle_store_add_act(service->db, row->n, &step);
	if (rc == STATUS_OK)
		rc = sittings_keep(service, row, content);
	if (rc == STATUS_OK)
		circles_add(service, row, root, content);
	return rc;
}

/* ---- What follows ------------------------------------------------------------------------ */

static void
put_term(struct buffer *out, const struct circle_term *term)
{
	uint8_t place[16];

	bytes_put_u64(place, term->since);
	bytes_put_u64(place + 8, term->until);
	buffer_append(out, BYTES(place));
	buffer_append(out,
	    (struct bytes){(const uint8_t *)term->party.code, strlen(term->party.code) + 1});
	buffer_append(out, (struct bytes){(const uint8_t *)term->followed.code,
			       strlen(term->followed.code) + 1});
}

static bool
is_transfer(enum task_event event)
{
	return event == TASK_EVENT_OFFER_LEAD || event == TASK_EVENT_CLAIM_LEAD;
}

/* Where an offer of the lead, or a claim, may lapse, once one was made; members' ends stand above. */
static void
put_offers(const struct circles *circles, struct buffer *out)
{
	bool offered = false;
	uint8_t place[8];

	for (size_t i = 0; i < circles->count; i++) {
		const struct circle_step *step = &circles->acts[i].step;

		offered = offered || is_transfer(step->event);
		if (!offered || circles->voids[i] ||
		    (!is_transfer(step->event) && step->event != TASK_EVENT_CLOSE))
			continue;
		bytes_put_u64(place, step->index);
		buffer_append(out, bytes_of_text("/"));
		buffer_append(out, BYTES(place));
	}
}

/* A hash of what decides sides and voids of all tasks. */
static enum status
hash_terms(const struct circles *circles, uint8_t out[static SUITE_HASH_LEN])
{
	const struct circle *circle = &circles->circle;
	struct buffer all = {0};
	struct bytes view;
	enum status rc = STATUS_NO_MEMORY;
	uint8_t n[8];

	for (unsigned i = 0; i < circle->member_count; i++)
		put_term(&all, &circle->members[i]);
	buffer_append(&all, bytes_of_text("/"));
	for (unsigned i = 0; i < circle->lead_count; i++)
		put_term(&all, &circle->leads[i]);
	for (size_t i = 0; i < circles->count; i++)
		if (circles->voids[i]) {
			bytes_put_u64(n, circles->acts[i].event_n);
			buffer_append(&all, BYTES(n));
		}
	put_offers(circles, &all);
	if (!all.failed) {
		view = bytes_of_buffer(&all);
		suite_hash("saikne-v1-circle-terms", &view, 1, out);
		rc = STATUS_OK;
	}
	buffer_free(&all);
	return rc;
}

static enum status
store_members(struct service *service, const struct circles *circles)
{
	struct circle_term now[CIRCLE_TERMS_MAX];
	unsigned count = 0;

	for (unsigned i = 0; i < circles->circle.member_count; i++)
		if (circles->circle.members[i].until == UINT64_MAX)
			now[count++] = circles->circle.members[i];
	return circle_store_set_members(service->db, circles->n, now, count);
}

enum status
circles_follow(struct service *service, uint64_t circle_n, bool *others)
{
	const struct circles *circles;
	const char *lead;
	struct circle_row row, was;
	enum status rc = circle_store_get(service->db, circle_n, &row);

	*others = false;
	if (rc == STATUS_OK)
		rc = circles_fold(service, circle_n, &circles);
	if (rc != STATUS_OK)
		return rc;
	was = row;
	if ((rc = hash_terms(circles, row.terms)) != STATUS_OK)
		return rc;
	lead = circle_lead(&circles->circle, UINT64_MAX);
	memset(row.lead, 0, sizeof(row.lead));
	memcpy(row.lead, lead != NULL ? lead : "", lead != NULL ? strlen(lead) : 0);
	row.open = circles->circle.open;
	row.last_index = circles_last(circles);
	row.folded = true;
	*others = !was.folded || memcmp(was.terms, row.terms, sizeof(row.terms)) != 0;
	if (!*others && row.last_index == was.last_index && row.open == was.open)
		return STATUS_OK;
	rc = circle_store_set(service->db, &row);
	return rc == STATUS_OK && *others ? store_members(service, circles) : rc;
}

/* TASK as the circle's rules see it; without its opening message it is nobody's. */
static struct circle_task
task_in(const struct circles *circles, const struct task_row *task)
{
	size_t i = circles_opener(circles, task->n);

	return (struct circle_task){.share = task->sort->share,
	    .party = i < circles->count ? circle_addressee(&circles->acts[i].step) : "",
	    .index = i < circles->count ? circles->acts[i].step.index : 0};
}

/* The other one that matters: whom it is addressed to, if we lead; else who leads. */
static const char *
find_peer(const struct service *service, const struct circles *circles,
    const struct task_row *task, struct circle_party others[static CIRCLE_MEMBERS_MAX])
{
	const struct circle_task in = task_in(circles, task);
	const char *self = service->config.code, *lead, *party;

	lead = circle_lead(&circles->circle, UINT64_MAX);
	if (lead != NULL && strcmp(lead, self) != 0)
		return lead;
	if (lead != NULL && in.share == TASK_OF_ONE && in.party[0] != '\0') {
		party = circle_successor(&circles->circle, in.party, in.index, UINT64_MAX);
		if (strcmp(party, self) != 0)
			return party;
	}
	return circle_others(&circles->circle, self, UINT64_MAX, others) > 0 ? others[0].code
	                                                                     : task->peer;
}

static enum status
find_circle(struct service *service, struct task_row *task)
{
	struct task_row stored;
	enum status rc;

	if (task->circle_n != 0 || task->sort->share == TASK_OF_TWO)
		return STATUS_OK;
	if ((rc = case_store_task(service->db, task->n, &stored)) != STATUS_OK)
		return rc;
	task->circle_n = stored.circle_n;
	memcpy(task->token, stored.token, sizeof(task->token));
	return STATUS_OK;
}

enum status
circles_place(struct service *service, struct task_row *task)
{
	struct circle_party others[CIRCLE_MEMBERS_MAX];
	const struct task_row was = *task;
	const struct circles *circles;
	struct circle_task in;
	size_t opener;
	unsigned side;
	enum status rc = find_circle(service, task);

	if (rc != STATUS_OK || task->circle_n == 0)
		return rc;
	if ((rc = circles_fold(service, task->circle_n, &circles)) != STATUS_OK)
		return rc;
	if ((opener = circles_opener(circles, task->n)) < circles->count)
		task->sort = circles->acts[opener].sort;
	in = task_in(circles, task);
	side = circle_side(&circles->circle, &in, service->config.code, UINT64_MAX);
	task->side = side == 0 ? TASK_ONLOOKER : (enum task_side)side;
	if (!bytes_to_text(bytes_of_text(find_peer(service, circles, &was, others)), task->peer,
		sizeof(task->peer)))
		return STATUS_DATABASE;
	return task->side == was.side && strcmp(task->peer, was.peer) == 0 &&
	               task->circle_n == was.circle_n && task->sort == was.sort
	           ? STATUS_OK
	           : circle_store_place(service->db, task);
}

/* STEP ends the membership of CODE. */
static bool
ends_member(const struct circle_step *step, const char *code)
{
	if (step->event == TASK_EVENT_REMOVE)
		return strcmp(step->party.code, code) == 0;
	return (step->event == TASK_EVENT_LEAVE || step->event == TASK_EVENT_HAND_OVER) &&
	       strcmp(step->author.code, code) == 0;
}

/* STEP, which follows, is no answer to OFFER, or claim, and says that it is over. */
static bool
ends_offer(const struct circle_step *offer, const struct circle_step *step)
{
	const bool claim = offer->event == TASK_EVENT_CLAIM_LEAD;

	if (is_transfer(step->event) || (claim && ends_member(step, offer->author.code)))
		return true;
	return step->event == TASK_EVENT_CLOSE &&
	       (claim || (offer->due_ms != 0 && step->time_ms > offer->due_ms));
}

enum status
circles_mark(
    struct service *service, const struct task_row *task, struct event_row *rows, size_t count)
{
	const struct circles *circles;
	struct circle_task in = {0};
	enum status rc = circles_fold(service, task->circle_n, &circles);

	if (rc == STATUS_OK)
		in = task_in(circles, task);
	for (size_t i = 0; rc == STATUS_OK && i < count; i++) {
		size_t found;

		rows[i].outside = true;
		if (rows[i].what != EVENT_MESSAGE ||
		    (found = circles_find(circles, &rows[i])) == circles->count)
			continue;
		rows[i].outside = circles->voids[found];
		rows[i].by = (enum task_side)circle_author_side(&circles->circle, &in,
		    circles->acts[found].step.author.code, rows[i].index);
	}
	return rc;
}

enum status
circles_lapse(struct service *service, const struct task_row *task, uint64_t *index)
{
	const struct circle_step *offer;
	const struct circles *circles;
	size_t i;
	enum status rc = circles_fold(service, task->circle_n, &circles);

	*index = TIMELINE_UNSTOPPED;
	if (rc != STATUS_OK || (i = circles_opener(circles, task->n)) == circles->count)
		return rc;
	offer = &circles->acts[i].step;
	while (++i < circles->count) {
		const struct circle_step *step = &circles->acts[i].step;

		if (circles->voids[i] || !ends_offer(offer, step))
			continue;
		*index = step->index == UINT64_MAX ? TIMELINE_STOPPING : step->index;
		break;
	}
	return STATUS_OK;
}

enum status
circles_opening(struct service *service, const struct task_row *task, struct event_row *out)
{
	const struct circles *circles;
	size_t i;
	enum status rc = circles_fold(service, task->circle_n, &circles);

	if (rc != STATUS_OK)
		return rc;
	i = circles_opener(circles, task->n);
	return i < circles->count ? event_store_get(service->db, circles->acts[i].event_n, out)
	                          : STATUS_NOT_FOUND;
}

/* ---- The history ------------------------------------------------------------------------- */

bool
circles_counts(const struct circles *circles, size_t i)
{
	static const struct circle_task any = {.share = TASK_OF_ALL, .party = ""};
	const struct circle_step *step = &circles->acts[i].step;

	return step->index != UINT64_MAX && !circles->acts[i].stray &&
	       circle_author_side(&circles->circle, &any, step->author.code, step->index) != 0;
}

uint64_t
circles_last(const struct circles *circles)
{
	for (size_t i = circles->count; i > 0; i--)
		if (circles_counts(circles, i - 1))
			return circles->acts[i - 1].step.index;
	return 0;
}

enum status
circles_digest(const struct circles *circles, uint64_t upto, uint64_t *count,
    uint8_t digest[static SUITE_HASH_LEN])
{
	struct circle_entry *entries;
	size_t known = 0;

	memset(digest, 0, SUITE_HASH_LEN);
	*count = 0;
	if ((entries = calloc(circles->count + 1, sizeof(*entries))) == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < circles->count; i++)
		if (circles_counts(circles, i))
			entries[known++] = (struct circle_entry){
			    circles->acts[i].step.index, circles->acts[i].root};
	circle_digest(entries, known, upto, digest, count);
	free(entries);
	return STATUS_OK;
}

/* Whether CODE leads at INDEX. */
static bool
leads(const struct circles *circles, const char *code, uint64_t index)
{
	const char *lead = circle_lead(&circles->circle, index);

	return lead != NULL && strcmp(lead, code) == 0;
}

bool
circles_has_room(const struct circles *circles, uint64_t task_n, const char *author,
    uint64_t index, unsigned spare)
{
	size_t all = circles->count + spare, in_task = spare, members = spare,
	       members_in_task = spare, own = spare, own_in_task = spare;

	if (circles->count + spare < CIRCLES_TASK_SHARE)
		return true;
	for (size_t i = 0; i < circles->count; i++) {
		const struct circle_act *act = &circles->acts[i];
		const bool here = act->task_n == task_n;
		const bool same = strcmp(act->step.author.code, author) == 0;

		in_task += here;
		members += !act->led;
		members_in_task += here && !act->led;
		own += same && !act->led;
		own_in_task += here && same && !act->led;
	}
	if (all >= CIRCLES_ACTS_MAX || in_task >= CIRCLES_TASK_MAX)
		return false;
	return leads(circles, author, index) ||
	       (members < CIRCLES_ACTS_MAX / 4 * 3 && own < CIRCLES_SHARE &&
		   members_in_task < CIRCLES_TASK_MAX / 4 * 3 &&
		   own_in_task < CIRCLES_TASK_SHARE);
}

/* ---- Whom an act goes to ----------------------------------------------------------------- */

static enum status
add_party(
    const struct service *service, const char *code, struct circle_party *out, unsigned *count)
{
	if (code[0] == '\0' || strcmp(code, service->config.code) == 0)
		return STATUS_OK;
	for (unsigned i = 0; i < *count; i++)
		if (strcmp(out[i].code, code) == 0)
			return STATUS_OK;
	if (*count == ENVELOPE_RECIPIENTS_MAX)
		return STATUS_TOO_LARGE;
	memcpy(out[*count].code, code, strlen(code) + 1);
	(*count)++;
	return STATUS_OK;
}

/* Nobody joins whom the directory does not have. */
static enum status
add_new(
    const struct service *service, const char *code, struct circle_party *out, unsigned *count)
{
	return service_peer(service, code) != NULL ? add_party(service, code, out, count)
	                                           : STATUS_UNKNOWN_PARTY;
}

/* Whoever it brings in is told with the others: so its history begins with its joining. */
static enum status
add_joining(const struct service *service, const struct content *content,
    struct circle_party *out, unsigned *count)
{
	const struct task_sort *sort = task_sort_of(content->type->id);
	enum task_event event = task_event_of(sort, content->type->id);
	struct circle_step step = {0};
	enum status rc = STATUS_OK;

	circles_read(content, &step);
	if (event == TASK_EVENT_HAND_OVER)
		rc = add_new(service, step.party.code, out, count);
	if (event == TASK_EVENT_ADD || task_opens(content->type->id))
		for (unsigned i = 0; rc == STATUS_OK && i < step.party_count; i++)
			rc = add_new(service, step.parties[i].code, out, count);
	return rc;
}

enum status
circles_recipients(struct service *service, uint64_t circle_n, const struct content *content,
    bool opens, struct circle_party out[static ENVELOPE_RECIPIENTS_MAX], unsigned *count)
{
	struct circle_party others[CIRCLE_MEMBERS_MAX];
	const struct circles *circles;
	unsigned known = 0;
	enum status rc = STATUS_OK;

	*count = 0;
	if (!opens) {
		if ((rc = circles_fold(service, circle_n, &circles)) != STATUS_OK)
			return rc;
		if (!circle_is_member(&circles->circle, service->config.code, UINT64_MAX))
			return STATUS_NOT_A_MEMBER;
		known =
		    circle_others(&circles->circle, service->config.code, UINT64_MAX, others);
	}
	for (unsigned i = 0; rc == STATUS_OK && i < known; i++)
		rc = add_party(service, others[i].code, out, count);
	if (rc == STATUS_OK)
		rc = add_joining(service, content, out, count);
	return rc == STATUS_OK && *count == 0 ? STATUS_BAD_RECIPIENTS : rc;
}

enum status
circles_missed(struct service *service, const struct event_row *event, const char *party,
    enum status why, uint64_t later_ms)
{
	struct history_pass row;
	enum status rc = history_store_pass(service->db, event->n, party, &row);

	if (rc != STATUS_NOT_FOUND)
		return rc; /* what is known of it stays */
	row = (struct history_pass){.event_n = event->n,
	    .how = PASSED_DUE,
	    .status = why,
	    .time_ms = service->now_ms + later_ms};
	if (!bytes_to_text(bytes_of_text(party), row.party, sizeof(row.party)))
		return STATUS_ARGUMENT;
	return history_store_set_pass(service->db, &row);
}
