/* services/runtime/exchange/history_pass.c: an act of ours goes to a member that it did not go to. */
#include <stdlib.h>
#include <string.h>

#include "protocol/trust/profile.h"
#include "protocol/wire/attachment.h"
#include "protocol/wire/forwarded.h"
#include "services/runtime/exchange/dispatch.h"
#include "services/runtime/exchange/grounds.h"
#include "services/runtime/exchange/history_inside.h"
#include "services/runtime/exchange/service.h"
#include "services/runtime/store/attachment_store.h"
#include "services/runtime/store/citing_store.h"

/* ---- A task of two under the circle's token ---------------------------------------------- */

enum status
history_send(struct service *service, struct departure *departure,
    const struct history_circle *circle, struct task_row *task, struct content *content)
{
	uint8_t id[SUITE_ID_LEN];
	struct case_key key;
	enum status rc;

	task->side = TASK_SENDER;
	task->time_ms = service->now_ms;
	suite_new_id(service->now_ms, task->id);
	memcpy(task->token, circle->token, sizeof(task->token));
	if ((rc = case_file_key(service, task->case_n, &key)) != STATUS_OK)
		return rc;
	rc = case_store_next_task(service->db, &task->n);
	if (rc == STATUS_OK)
		rc = case_store_add_task(service->db, task);
	if (rc == STATUS_OK)
		rc = dispatch_act(service, departure, task, &key, content, LETTER_LIFE_MS, id);
	if (rc == STATUS_OK)
		rc = case_file_refold(service, task, "queued");
	vault_forget(&key);
	return rc;
}

/* ---- What goes, and on what -------------------------------------------------------------- */

/* One passing on. */
struct passing {
	struct service *service;
	const struct party *peer;
	struct event_row event; /* our act */
	struct task_row of;     /* its task */
	struct history_circle circle;
	struct case_key key;
	struct content act;
	struct ground_row ground;
	bool left;            /* the peer is no member any more */
	category_set allowed; /* of the act's categories; ACT alone: no ground lets more go */
	category_set whole;   /* of those: with their documents */
	struct buffer leaf_bytes, note;
	struct frame_proven proven;
	struct leaf leaf;
};

/* The mirror that what another wrote came here under: it covers passing on to whom it names. */
static enum status
find_mirror(struct passing *p)
{
	struct database *db = p->service->db;
	struct cited cited;
	struct ref_row ref;
	enum status rc = citing_store_get(db, p->event.n, &cited);

	if (rc == STATUS_OK)
		rc = ground_store_ref(db, REF_THEIRS, cited.by, cited.reference, &ref);
	if (rc == STATUS_OK && (ref.ground_n == 0 || ref.stop_index != UINT64_MAX))
		rc = STATUS_NOT_FOUND;
	return rc == STATUS_OK ? ground_store_get(db, ref.ground_n, &p->ground) : rc;
}

/* The record that the act itself rests on; else the one that its task does. */
static enum status
find_ground(struct passing *p)
{
	struct service *service = p->service;
	uint64_t ground_n = p->of.ground_n;
	struct ref_row ref;
	enum status rc;

	for (uint32_t i = 0; i < p->leaf.header.recipient_count; i++) {
		const struct envelope_recipient *to = &p->leaf.header.recipients[i];
		char party[PARTY_MAX + 1];

		if (!bytes_to_text(to->party, party, sizeof(party)) ||
		    (to->basis != BASIS_CONSENT && to->basis != BASIS_LAW))
			continue;
		rc = ground_store_ref(service->db, REF_OURS, party, to->reference, &ref);
		if (rc == STATUS_OK)
			ground_n = ref.ground_n;
		if (rc != STATUS_NOT_FOUND)
			break;
	}
	return ground_n == 0 ? STATUS_NOT_FOUND
	                     : ground_store_get(service->db, ground_n, &p->ground);
}

/* What shows what the peer may have is what it has anyway; why it was sent is the pass's to tell. */
static enum status
find_allowed(struct passing *p)
{
	category_set covered;
	enum status rc;

	p->allowed = CATEGORY_BIT(CATEGORY_ACT);
	/* Who is suspended shows it itself, when it is back. */
	if (p->act.type->categories == p->allowed || p->left ||
	    (!p->event.own && history_is_mute(p->service, p->event.author)))
		return STATUS_OK;
	rc = p->event.own ? find_ground(p) : find_mirror(p);
	if (rc == STATUS_OK && p->ground.case_n == p->of.case_n)
		rc = grounds_permit(
		    p->service, &p->key, &p->ground, p->peer, p->of.purpose, &covered);
	else if (rc == STATUS_OK)
		rc = STATUS_NO_BASIS; /* of another child's case */
	if (rc == STATUS_OK)
		p->allowed |= covered & profile_allows(p->of.purpose, p->peer->kind);
	p->allowed &= ~CATEGORY_BIT(CATEGORY_GROUND);
	if (!dispatch_carries_content(&p->act, p->allowed))
		p->allowed = CATEGORY_BIT(CATEGORY_ACT);
	return rc == STATUS_NOT_FOUND || dispatch_lacks_ground(rc) ? STATUS_OK : rc;
}

/* ---- Its documents ----------------------------------------------------------------------- */

/*
 * Whether the document ROOT of the act is here as it was sealed for it. It is not sealed anew: the
 * act's own header names its root, so who is passed the act checks every chunk under what was signed
 * when it was written. It names none where nobody was to have them.
 */
static enum status
check_document(struct passing *p, const uint8_t root[static SUITE_HASH_LEN], bool *here)
{
	const uint32_t place = attachment_place(&p->leaf.header, root);
	struct attachment_row row;
	enum status rc = p->event.own ? attachment_store_own(p->service->db, root, &row)
	                              : attachment_store_of_message(
					    p->service->db, p->event.index, place, &row);

	*here = rc == STATUS_OK && place < p->leaf.header.attachment_count && row.whole &&
	        row.size > 0 && (p->event.own ? row.event_n == p->event.n : row.case_n != 0);
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* Whether all of the act's field I are. */
static enum status
check_documents(struct passing *p, unsigned i, bool *here)
{
	const enum field field = p->act.type->fields[i].field->id;
	struct attachment_file file;
	enum status rc = STATUS_OK;

	*here = true;
	for (unsigned j = 0;
	     rc == STATUS_OK && *here && attachment_file_at(&p->act, field, j, &file); j++) {
		rc = check_document(p, file.cited.root, here);
		suite_wipe(&file, sizeof(file));
	}
	return rc;
}

/* What lacks one goes without any of its category: nobody could take half of a field. */
static enum status
find_whole(struct passing *p)
{
	enum status rc = STATUS_OK;

	p->whole = p->allowed & ~CATEGORY_BIT(CATEGORY_ACT);
	for (unsigned i = 0; rc == STATUS_OK && i < p->act.type->field_count; i++) {
		const struct field_info *field = p->act.type->fields[i].field;
		bool here = true;

		if (field->kind == FIELD_KIND_FILES)
			rc = check_documents(p, i, &here);
		if (!here)
			p->whole &= ~CATEGORY_BIT(field->category);
	}
	return rc;
}

/* Where the last membership of PARTY, which is none any more, ended. */
static uint64_t
left_at(const struct circle *circle, const char *party)
{
	uint64_t at = 0;

	for (unsigned i = 0; i < circle->member_count; i++)
		if (strcmp(circle->members[i].party.code, party) == 0 &&
		    circle->members[i].until > at)
			at = circle->members[i].until;
	return at;
}

/*
 * Who is no member any more is told, of what was written while it was one, the acts, its leaving
 * among them; and nobody is told before the log says that it is one. What another wrote who is a
 * member again, and not suspended, is that one's to pass on.
 */
static enum status
check_party(struct passing *p, const struct history_pass *pass)
{
	static const struct circle_task any = {.share = TASK_OF_ALL, .party = ""};
	const struct circles *circles;
	bool speaks;
	enum status rc = circles_fold(p->service, p->of.circle_n, &circles);

	if (rc != STATUS_OK)
		return rc;
	/* Who wrote it was no member: it is in no history, as far as we know now. */
	if (circle_author_side(&circles->circle, &any, p->event.author, p->event.index) == 0)
		return STATUS_NOT_A_MEMBER;
	speaks = !p->event.own && !history_is_mute(p->service, p->event.author);
	if (speaks && circle_is_member(&circles->circle, p->event.author, UINT64_MAX))
		return STATUS_NOT_PERMITTED;
	p->left = !circle_is_member(&circles->circle, pass->party, UINT64_MAX);
	/* Who left knows of nothing behind that, so for it who came back then is a member still. */
	if (p->left && speaks &&
	    circle_is_member(
		&circles->circle, p->event.author, left_at(&circles->circle, pass->party)))
		return STATUS_NOT_PERMITTED;
	if (!p->left)
		return circle_is_member(&circles->circle, pass->party, HISTORY_PLACED)
		           ? STATUS_OK
		           : STATUS_AGAIN;
	return circle_author_side(&circles->circle, &any, pass->party, p->event.index) != 0
	           ? STATUS_OK
	           : STATUS_NOT_A_MEMBER;
}

static enum status
load(struct passing *p, const struct history_pass *pass)
{
	struct database *db = p->service->db;
	enum status rc;

	if ((p->peer = service_peer(p->service, pass->party)) == NULL)
		return STATUS_UNKNOWN_PARTY;
	if ((rc = departure_reaches(p->service, pass->party)) != STATUS_OK)
		return rc;
	rc = event_store_get(db, pass->event_n, &p->event);
	if (rc == STATUS_OK)
		rc = case_store_task(db, p->event.task_n, &p->of);
	if (rc == STATUS_OK)
		rc = history_store_circle(db, p->of.circle_n, &p->circle);
	if (rc != STATUS_OK)
		return rc == STATUS_NOT_FOUND ? STATUS_DATABASE : rc;
	if (p->event.dead)
		return STATUS_ERASED; /* it is in no history */
	if (p->event.index == UINT64_MAX)
		return STATUS_AGAIN; /* nothing proves it yet; its receipt brings it back */
	if ((rc = check_party(p, pass)) != STATUS_OK)
		return rc;
	p->proven.index = p->event.index;
	rc = event_store_proven(db, p->event.index, &p->leaf_bytes, &p->proven.path, &p->note);
	p->proven.leaf = bytes_of_buffer(&p->leaf_bytes);
	p->proven.checkpoint = bytes_of_buffer(&p->note);
	if (rc == STATUS_OK && (leaf_parse(p->proven.leaf, &p->leaf) != STATUS_OK ||
				   p->leaf.kind != LEAF_ACCEPTED))
		rc = STATUS_DATABASE;
	if (rc == STATUS_OK)
		rc = case_file_key(p->service, p->of.case_n, &p->key);
	if (rc == STATUS_OK)
		rc = case_file_content(p->service, &p->key, &p->event, &p->act);
	return rc == STATUS_OK ? find_allowed(p) : rc;
}

/* ---- The message ------------------------------------------------------------------------- */

static enum status
fill(struct passing *p, enum message type, struct content *out)
{
	const bool acts = type == MESSAGE_HISTORY_PASS_ACTS;
	struct buffer shown = {0};
	enum status rc = content_start(type, out);

	forwarded_encode(&p->proven, &p->act, p->allowed, p->whole, &shown);
	if (shown.failed)
		rc = STATUS_NO_MEMORY;
	if (rc == STATUS_OK)
		rc = forwarded_set(
		    out, acts ? FIELD_PASSED_ACTS : FIELD_PASSED, bytes_of_buffer(&shown));
	if (rc == STATUS_OK && !acts)
		rc = content_set_text(out, FIELD_PURPOSE, bytes_of_text(p->of.purpose));
	buffer_free(&shown);
	return rc;
}

static enum status
send_as(struct passing *p, struct departure *departure, enum message type,
    struct history_pass *pass)
{
	struct task_row task = {.case_n = p->of.case_n, .sort = task_sort_of(type)};
	struct content content = {0};
	enum status rc = fill(p, type, &content);

	memcpy(task.peer, pass->party, sizeof(task.peer));
	if (rc == STATUS_OK && type == MESSAGE_HISTORY_PASS) {
		task.basis = p->ground.basis;
		task.ground_n = p->ground.n;
		memcpy(task.purpose, p->of.purpose, sizeof(task.purpose));
		rc = grounds_reference(p->service, &p->ground, task.peer, task.reference);
	}
	if (rc == STATUS_OK)
		rc = history_send(p->service, departure, &p->circle, &task, &content);
	content_free(&content);
	if (rc != STATUS_OK)
		return rc;
	pass->how = type == MESSAGE_HISTORY_PASS ? PASSED_CONTENT : PASSED_ACTS;
	pass->status = STATUS_OK;
	pass->time_ms = p->service->now_ms;
	pass->task_n = task.n;
	pass->times++;
	return STATUS_OK;
}

/* Whether it is for its content that it was called unreadable. */
static bool
is_of_content(enum status rc)
{
	return rc == STATUS_OUTSIDE_PROFILE || rc == STATUS_FOREIGN_REFERENCE ||
	       dispatch_lacks_ground(rc);
}

/* Or for its documents, there or on the way: the broker's word counts, and our own disk's. */
static bool
is_of_documents(enum status rc)
{
	return rc == STATUS_ATTACHMENT_TOO_LARGE || rc == STATUS_ATTACHMENTS_FULL ||
	       rc == STATUS_FILE_TYPE || rc == STATUS_BAD_ATTACHMENT ||
	       rc == STATUS_CHUNKS_MISSING || rc == STATUS_BAD_CHUNK;
}

/* What of it there was no way for when it went last. */
struct returned {
	bool content, documents;
};

/* What PARTY would not take so it is not sent so a second time. */
static enum status
find_returned(struct service *service, const struct history_pass *pass, struct returned *out)
{
	struct event_row *rows;
	size_t count;
	enum status rc;

	*out = (struct returned){.content = false};
	if (pass->task_n == 0)
		return STATUS_OK;
	rc = event_store_load(service->db, pass->task_n, &rows, &count);
	if (rc != STATUS_OK)
		return rc;
	for (size_t i = 0; i < count; i++) {
		const bool unreadable = rows[i].what == EVENT_UNREADABLE;

		out->content |= unreadable && is_of_content(rows[i].status);
		out->documents |= (unreadable || rows[i].what == EVENT_REFUSED) &&
		                  is_of_documents(rows[i].status);
	}
	free(rows);
	return STATUS_OK;
}

/* Whether CONTENT, with all that proves it, is no larger than what a message passes on. */
static bool
fits(struct passing *p)
{
	struct content content = {0};
	bool ok = fill(p, MESSAGE_HISTORY_PASS, &content) == STATUS_OK;

	content_free(&content);
	return ok;
}

static enum status
choose(struct passing *p, struct departure *departure, struct history_pass *pass)
{
	struct returned returned;
	enum status rc = find_returned(p->service, pass, &returned);

	if (rc == STATUS_OK)
		rc = find_whole(p);
	if (rc != STATUS_OK)
		return rc;
	if (returned.content)
		p->allowed = CATEGORY_BIT(CATEGORY_ACT);
	if (returned.documents || !fits(p))
		p->whole = 0;
	if (p->allowed != CATEGORY_BIT(CATEGORY_ACT) && fits(p))
		return send_as(p, departure, MESSAGE_HISTORY_PASS, pass);
	p->allowed = CATEGORY_BIT(CATEGORY_ACT);
	return send_as(p, departure, MESSAGE_HISTORY_PASS_ACTS, pass);
}

enum status
history_pass_on(struct service *service, struct departure *departure, struct history_pass *pass)
{
	struct passing p = {.service = service};
	enum status rc = load(&p, pass);

	if (rc == STATUS_OK)
		rc = choose(&p, departure, pass);
	/* Without its salts not even its acts can be shown under its root; or it was refused. */
	if (rc == STATUS_ERASED || rc == STATUS_NOT_A_MEMBER || rc == STATUS_NOT_PERMITTED) {
		pass->how = PASSED_NEVER;
		pass->status = rc;
		pass->time_ms = service->now_ms;
		rc = STATUS_OK;
	}
	content_free(&p.act);
	buffer_free(&p.leaf_bytes);
	buffer_free(&p.note);
	vault_forget(&p.key);
	return rc;
}
