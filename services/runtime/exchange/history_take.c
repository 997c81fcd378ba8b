/* services/runtime/exchange/history_take.c: an entry that its author passes on: verified, and applied at its place. */
#include <stdlib.h>
#include <string.h>

#include "protocol/trust/ground.h"
#include "protocol/trust/policy.h"
#include "protocol/wire/attachment.h"
#include "protocol/wire/forwarded.h"
#include "services/runtime/exchange/case_file.h"
#include "services/runtime/exchange/history_inside.h"
#include "services/runtime/exchange/inbox_inside.h"
#include "services/runtime/exchange/proven.h"
#include "services/runtime/exchange/service.h"
#include "services/runtime/store/citing_store.h"

/*
 * What is passed on goes the way of what came by itself (inbox_judge_content(), inbox_apply()),
 * with the place, the time and the author that its own leaf says. It rests on what passes it on.
 */
struct history_passed {
	struct incoming in;
	struct frame_deliver deliver;
	struct leaf leaf;
	struct envelope_recipient own; /* class none: no ground is its own */
	bool is_own;                   /* its author passes it on */
	bool shows_more;               /* than was known of it */
	struct event_row known;        /* N 0: it is new here */
};

void
history_free(struct incoming *in)
{
	if (in->passed == NULL)
		return;
	custody_free(&in->passed->in.statement);
	content_free(&in->passed->in.content);
	free(in->passed);
	in->passed = NULL;
}

/* ---- Verified ---------------------------------------------------------------------------- */

static enum status
check_signature(struct service *service, const struct history_passed *passed)
{
	uint8_t key[SUITE_SIGN_PUBLIC];
	int recipient;
	enum status rc = policy_check(service->directory, &passed->leaf.header,
	    passed->deliver.proven.index, key, &recipient);

	if (rc != STATUS_OK)
		return rc;
	return batch_verify(passed->leaf.digest, &passed->leaf.proof, key, &service->cache);
}

/* Whether AUTHOR was suspended where what passes its act on stands in the log. */
static bool
was_mute(const struct service *service, const struct incoming *outer, const char *author)
{
	const struct party *party = directory_party(service->directory, bytes_of_text(author));

	return party != NULL &&
	       !directory_active_at(service->directory, party, outer->deliver->proven.index);
}

/*
 * Nobody passes on what another wrote, but for who, as far as we know or as the act itself says, is
 * no member any more: a member passes that on, under what it has it on; and for the acts of who is
 * suspended, whose content is its own to pass on when it is back.
 */
static enum status
check_author(struct service *service, const struct incoming *outer, const struct leaf *leaf,
    uint64_t circle_n)
{
	const bool acts = outer->content.type->id == MESSAGE_HISTORY_PASS_ACTS;
	const struct circles *circles;
	char author[PARTY_MAX + 1];
	bool leaves;
	enum status rc;

	if (bytes_is_text(leaf->header.sender, outer->peer))
		return STATUS_OK;
	leaves = leaf->header.type == MESSAGE_CASE_LEAVE ||
	         leaf->header.type == MESSAGE_CASE_HAND_OVER;
	if (bytes_is_text(leaf->header.sender, service->config.code) ||
	    !bytes_to_text(leaf->header.sender, author, sizeof(author)))
		return STATUS_NOT_PERMITTED;
	if (circle_n == 0 || (acts && was_mute(service, outer, author)))
		return STATUS_OK;
	if ((rc = circles_fold(service, circle_n, &circles)) != STATUS_OK)
		return rc;
	if (!acts && history_has_opening(circles) &&
	    !circle_is_member(&circles->circle, outer->peer, UINT64_MAX))
		return STATUS_NOT_PERMITTED;
	return circle_is_member(&circles->circle, author, UINT64_MAX) && !leaves
	           ? STATUS_NOT_PERMITTED
	           : STATUS_OK;
}

/* The entry stands in the log before what passes it on. */
static enum status
open_entry(struct service *service, const struct incoming *outer, uint64_t circle_n,
    struct history_passed *passed)
{
	const struct leaf *leaf = &passed->leaf;
	const struct message_info *type;
	struct forwarded forwarded;
	struct bytes value;
	enum status rc;

	if (!(forwarded_field(&outer->content, FIELD_PASSED_ACTS, &value) ||
		forwarded_field(&outer->content, FIELD_PASSED, &value)) ||
	    forwarded_parse(value, &forwarded) != STATUS_OK)
		return STATUS_BAD_CONTENT;
	passed->deliver.proven = forwarded.proven;
	if (forwarded.proven.index >= outer->deliver->proven.index)
		return STATUS_BAD_PROOF;
	rc = proven_check(service, &passed->deliver.proven, &passed->leaf);
	if (rc != STATUS_OK)
		return proven_is_trouble(rc) ? rc : STATUS_BAD_PROOF;
	if (leaf->kind != LEAF_ACCEPTED)
		return STATUS_BAD_PROOF;
	if ((rc = check_author(service, outer, leaf, circle_n)) != STATUS_OK)
		return rc;
	type = message_info(leaf->header.type);
	if (type == NULL || task_sort_of(type->id) == NULL ||
	    task_sort_of(type->id)->share == TASK_OF_TWO)
		return STATUS_NOT_PERMITTED;
	if (memcmp(leaf->header.case_token, outer->leaf->header.case_token, SUITE_ID_LEN) != 0)
		return STATUS_BAD_CONTENT;
	if ((rc = check_signature(service, passed)) != STATUS_OK)
		return rc;
	/*
	 * That the outer header lists the documents shown was checked when it was opened; that this
	 * one does proves what is fetched under what the entry's author signed.
	 */
	rc = forwarded_content(&forwarded, leaf, &passed->in.content);
	return rc == STATUS_OK ? attachment_check_shown(&leaf->header, &passed->in.content)
	                       : rc;
}

/* Of its content there is what the ground of OUTER covers, and not what it rested on itself. */
static enum status
check_shown(const struct incoming *outer, const struct content *content)
{
	category_set covered = CATEGORY_BIT(CATEGORY_ACT);
	struct ground ground;
	enum status rc;

	if (outer->content.type->id == MESSAGE_HISTORY_PASS) {
		rc = ground_read(
		    &outer->content, outer->own->basis, outer->task.purpose, &ground);
		if (rc != STATUS_OK)
			return rc;
		covered |= ground.categories;
	}
	return (content->shown & ~covered) == 0 ? STATUS_OK : STATUS_OUTSIDE_GROUND;
}

/* Whether we have it; another entry at its place is a false log's. */
static enum status
find_known(struct service *service, struct history_passed *passed, uint64_t circle_n)
{
	struct event_row row;
	enum status rc = event_store_at(service->db, passed->deliver.proven.index, &row);

	if (rc != STATUS_OK)
		return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
	if (row.what != EVENT_MESSAGE || row.own || row.circle_n != circle_n ||
	    memcmp(row.message, passed->leaf.header.id, SUITE_ID_LEN) != 0)
		return STATUS_BAD_PROOF;
	passed->known = row;
	return STATUS_OK;
}

/* Each is looked at when one of them stops, so nobody adds to them without end. */
static enum status
check_references(
    struct service *service, const struct incoming *outer, const struct history_passed *passed)
{
	struct cited cited;
	enum status rc = STATUS_OK;

	if (passed->known.n == 0 || outer->own->basis == BASIS_NONE)
		return STATUS_OK;
	for (uint64_t i = 0; i < CITING_MAX; i++) {
		rc = citing_store_each(service->db, passed->known.n, i, &cited);
		if (rc != STATUS_OK)
			return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
		if (strcmp(cited.by, outer->peer) == 0 &&
		    memcmp(cited.reference, outer->own->reference, SUITE_ID_LEN) == 0)
			return STATUS_OK;
	}
	return STATUS_TOO_LARGE;
}

/*
 * Whether a circle may begin here with it: that we are in it could not be told to us by itself, for
 * no ground covers us, or we were suspended.
 */
static bool
brings_us_in(const struct service *service, const struct content *content)
{
	struct circle_step step = {0};
	const char *self = service->config.code;
	bool named;

	circles_read(content, &step);
	named =
	    content->type->id == MESSAGE_CASE_HAND_OVER && strcmp(step.party.code, self) == 0;
	if (content->type->id == MESSAGE_CASE_OPEN || content->type->id == MESSAGE_CASE_ADD ||
	    content->type->id == MESSAGE_CONFERENCE_PROPOSE)
		for (unsigned i = 0; i < step.party_count; i++)
			named = named || strcmp(step.parties[i].code, self) == 0;
	return named;
}

static enum status
judge_entry(struct service *service, struct incoming *outer, struct history_passed *passed)
{
	struct history_circle circle;
	struct incoming *in = &passed->in;
	uint64_t case_n;
	bool known;
	enum status rc = history_find(service, outer, &circle, &case_n);

	if (rc != STATUS_OK && rc != STATUS_NOT_A_MEMBER)
		return rc;
	if (!(known = rc == STATUS_OK))
		circle = (struct history_circle){.circle_n = 0};
	rc = open_entry(service, outer, circle.circle_n, passed);
	if (!known && !proven_is_trouble(rc) &&
	    (rc != STATUS_OK || !brings_us_in(service, &in->content)))
		rc = STATUS_NOT_A_MEMBER;
	if (rc == STATUS_OK)
		rc = check_shown(outer, &in->content);
	if (rc == STATUS_OK)
		rc = find_known(service, passed, circle.circle_n);
	if (rc == STATUS_OK)
		rc = check_references(service, outer, passed);
	if (rc != STATUS_OK)
		return rc;
	in->deliver = &passed->deliver;
	in->leaf = &passed->leaf;
	in->via = outer->deliver;
	in->own = &passed->own;
	if (!bytes_to_text(passed->leaf.header.sender, in->peer, sizeof(in->peer)))
		return STATUS_BAD_CONTENT;
	passed->is_own = strcmp(in->peer, outer->peer) == 0;
	memcpy(in->purpose, outer->task.purpose, sizeof(in->purpose));
	return inbox_judge_content(service, in);
}

static enum status
judge_pass(struct service *service, struct incoming *in)
{
	history_free(in);
	if ((in->passed = calloc(1, sizeof(*in->passed))) == NULL)
		return STATUS_NO_MEMORY;
	return judge_entry(service, in, in->passed);
}

enum status
history_judge(struct service *service, struct incoming *in)
{
	switch ((unsigned)in->content.type->id) {
	case MESSAGE_HISTORY_PASS:
	case MESSAGE_HISTORY_PASS_ACTS:
		return judge_pass(service, in);
	case MESSAGE_HISTORY_ASK:
		return history_judge_ask(service, in);
	}
	return STATUS_OK;
}

/* ---- Applied ----------------------------------------------------------------------------- */

/* MORE: PASSED shows what KNOWN did not; what is too much for one message is left. */
static enum status
add_shown(const struct content *passed, struct content *known, bool *more)
{
	enum status rc = content_join(passed, known, more);

	return rc == STATUS_NO_MEMORY ? rc : STATUS_OK;
}

/* It came before: with acts alone, without documents, or under another ground. */
static enum status
add_to_known(struct service *service, struct history_passed *passed, uint64_t *case_n)
{
	struct content content = {0};
	struct task_row task;
	struct case_key key;
	bool more = false;
	enum status rc = case_store_task(service->db, passed->known.task_n, &task);

	if (rc != STATUS_OK)
		return rc;
	*case_n = task.case_n;
	if ((rc = case_file_key(service, task.case_n, &key)) != STATUS_OK)
		return rc;
	rc = case_file_content(service, &key, &passed->known, &content);
	if (rc == STATUS_OK)
		rc = add_shown(&passed->in.content, &content, &more);
	passed->shows_more = more;
	if (rc == STATUS_OK && more) {
		rc = case_file_set_message(service, &key, &passed->known, &content);
		if (rc == STATUS_OK)
			rc = inbox_claim(service, &passed->in, task.case_n, &key);
		task.unread = true;
		if (rc == STATUS_OK)
			rc = case_file_refold(service, &task, passed->in.content.type->name);
	}
	content_free(&content);
	vault_forget(&key);
	return rc == STATUS_ERASED ? STATUS_OK : rc;
}

static enum status
take_pass(struct service *service, struct departure *departure, struct history_passed *passed,
    uint64_t *case_n)
{
	enum status rc;

	if (passed->known.n != 0)
		return add_to_known(service, passed, case_n);
	rc = event_store_add_proof(service->db, &passed->deliver.proven);
	if (rc == STATUS_OK)
		rc = inbox_apply(service, departure, &passed->in);
	if (rc == STATUS_OK)
		rc = event_store_at(service->db, passed->deliver.proven.index, &passed->known);
	passed->shows_more = true;
	if (rc == STATUS_OK)
		*case_n = passed->in.task.case_n;
	return rc;
}

bool
history_is(const struct incoming *in)
{
	const struct task_sort *sort = task_sort_of(in->content.type->id);

	return sort != NULL &&
	       (sort->opening == TASK_EVENT_PASS || sort->opening == TASK_EVENT_ASK);
}

enum status
history_take(
    struct service *service, struct departure *departure, struct incoming *in, uint64_t *case_n)
{
	if (in->passed != NULL)
		return take_pass(service, departure, in->passed, case_n);
	return history_take_ask(service, in, case_n);
}

/* What it opened rests here on the record that it was passed on under. */
static enum status
give_ground(struct service *service, const struct incoming *in, struct task_row *task)
{
	struct ground_row mirror;
	struct event_row opening;
	uint8_t record[SUITE_ID_LEN];
	enum status rc = circles_opening(service, task, &opening);

	if (rc != STATUS_OK || opening.n != in->passed->known.n)
		return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
	if (task->ground_n != 0 || !task_opens(in->passed->in.content.type->id) ||
	    !content_id(&in->content, FIELD_RECORD, record))
		return STATUS_OK;
	rc = ground_store_find(service->db, record, in->peer, &mirror);
	if (rc != STATUS_OK)
		return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
	task->ground_n = mirror.n;
	return circle_store_place(service->db, task);
}

enum status
history_taken(struct service *service, const struct incoming *in)
{
	struct task_row task;
	enum status rc;

	/* Who did not write it takes it from no ground that it came under before. */
	if (in->passed == NULL || in->own->basis == BASIS_NONE ||
	    !(in->passed->is_own || in->passed->shows_more))
		return STATUS_OK;
	rc = citing_store_add(service->db, in->passed->known.n,
	    in->passed->is_own ? NULL : in->peer, in->own->reference);
	if (rc == STATUS_OK)
		rc = case_store_task(service->db, in->passed->known.task_n, &task);
	return rc == STATUS_OK ? give_ground(service, in, &task) : rc;
}
