/* broker/post.c: from mailboxes to sessions that have credit, and what becomes of the rest. */
#include "broker/post.h"

#include <stdlib.h>

#include "broker/attest.h"
#include "protocol/host/oplog.h"

#define SLOW_MS 20 /* until one that reads slowly is looked at again */
#define SHARE   32 /* entries for one session before the next one's turn */

/* One entry on its way; its part lies in PARTS. */
struct parcel {
	struct peer to;
	uint64_t index;
	bool has_part;
	uint32_t part_number;
	size_t at, len;
};

struct post {
	struct post_config config;
	struct parcel parcels[POST_TURN_MAX];
	size_t count;
	struct buffer parts, frame;
	uint32_t turn; /* whose turn it is among the sessions */
	bool behind,
	    slow; /* of sessions with mail and credit: some can take it, some read slowly */
};

enum status
post_create(const struct post_config *config, struct post **out)
{
	struct post *post = calloc(1, sizeof(*post));

	if (post == NULL)
		return STATUS_NO_MEMORY;
	post->config = *config;
	*out = post;
	return STATUS_OK;
}

void
post_free(struct post *post)
{
	if (post == NULL)
		return;
	buffer_free(&post->parts);
	buffer_free(&post->frame);
	free(post);
}

/* ---- Handing out ------------------------------------------------------------------------- */

static bool
is_full(const struct post *post)
{
	return post->count == POST_TURN_MAX || post->parts.len >= POST_TURN_BYTES;
}

static void
add_parcel(struct post *post, const struct session *session, const struct store_mail *mail)
{
	struct parcel *parcel = &post->parcels[post->count++];

	*parcel = (struct parcel){.to = session->peer,
	    .index = mail->index,
	    .has_part = mail->has_part,
	    .part_number = mail->part_number,
	    .at = post->parts.len,
	    .len = mail->part.len};
	buffer_append(&post->parts, mail->part);
	journal_must(post->parts.failed ? STATUS_NO_MEMORY : STATUS_OK, "keep a parcel");
}

/* A part never handed out whose time is over is not handed out any more. */
static bool
is_over(struct post *post, const struct session *session, const struct store_mail *mail)
{
	return mail->has_part && mail->index > session->handed &&
	       mail->expires_ms <= journal_time(post->config.journal) &&
	       journal_accepts(post->config.journal) == STATUS_OK;
}

/* Whether there may be more for this session. */
static bool
pump_one(struct post *post, struct session *session)
{
	struct journal *journal = post->config.journal;
	struct store *store = journal_store(journal);
	struct bytes party = bytes_of_text(session->peer.party->code);
	struct store_mail mail;
	enum status rc = store->do_->mail_after(store, party, session->cursor, &mail);

	if (rc == STATUS_NOT_FOUND)
		return false;
	journal_must(rc, "read mail");
	session->cursor = mail.index + 1;
	if (is_over(post, session, &mail)) {
		journal_must(attest_end(post->config.intake, party, &mail, EVIDENCE_EXPIRED),
		    "expire a part");
		return true;
	}
	add_parcel(post, session, &mail);
	session->credit--;
	if (mail.has_part && mail.index > session->handed) {
		session->handed = mail.index;
		session->unmarked = true;
	}
	return session->credit > 0;
}

static void
pump(struct post *post, struct session *session)
{
	for (unsigned i = 0; i < SHARE && session->waiting && !is_full(post); i++)
		session->waiting = pump_one(post, session);
}

static void
serve(struct post *post, struct session *session)
{
	if (!session->waiting)
		return;
	if (intake_reads_slowly(post->config.intake, &session->peer)) {
		post->slow = true;
		return;
	}
	pump(post, session);
	post->behind = post->behind || session->waiting;
}

/* Only now, once for each session: how far its entries are handed out. */
static void
mark(struct post *post, struct session *session)
{
	struct journal *journal = post->config.journal;
	struct store *store;

	if (!session->unmarked)
		return;
	store = journal_writing(journal);
	journal_hands_out(journal);
	journal_must(store->do_->handed_put(
			 store, bytes_of_text(session->peer.party->code), session->handed),
	    "mark what is handed out");
	session->unmarked = false;
}

void
post_prepare(struct post *post)
{
	struct sessions *sessions = post->config.sessions;
	uint32_t count = session_count(sessions);
	size_t before;

	post->turn = count == 0 ? 0 : (post->turn + 1) % count;
	/* A share for each that waits, then the next, until nobody does or the turn is full. */
	do {
		before = post->count;
		post->behind = post->slow = false;
		for (uint32_t i = 0; i < count; i++)
			serve(post, session_at(sessions, (post->turn + i) % count));
	} while (post->behind && !is_full(post) && post->count > before);
	for (uint32_t i = 0; i < count && post->count > 0; i++)
		mark(post, session_at(sessions, i));
}

int
post_wait_ms(const struct post *post, int idle_ms)
{
	return post->behind ? 0 : post->slow ? SLOW_MS : idle_ms;
}

static enum status
build(struct post *post, const struct parcel *parcel)
{
	struct journal *journal = post->config.journal;
	struct frame_deliver deliver = {
	    .proven = {.index = parcel->index, .checkpoint = journal_checkpoint(journal)},
	    .has_part = parcel->has_part,
	    .part_number = parcel->part_number};
	struct pack_doc doc = {0};
	struct pack_in in;
	enum status rc;

	if ((rc = journal_leaf(journal, parcel->index, &deliver.proven.leaf)) != STATUS_OK ||
	    (rc = journal_path(journal, parcel->index, journal_size(journal),
		 &deliver.proven.path)) != STATUS_OK)
		return rc;
	if (!parcel->has_part) {
		frame_deliver(&deliver, &post->frame);
		return post->frame.failed ? STATUS_NO_MEMORY : STATUS_OK;
	}
	/* As the root of a value: the part is itself the array. */
	rc = pack_open_value((struct bytes){post->parts.data + parcel->at, parcel->len}, &doc);
	if (rc == STATUS_OK) {
		in = pack_root(&doc);
		envelope_part_decode(&in, &deliver.part);
		pack_end(&in);
		frame_deliver(&deliver, &post->frame);
	}
	rc = pack_close(&doc);
	return rc == STATUS_OK && post->frame.failed ? STATUS_NO_MEMORY : rc;
}

void
post_send(struct post *post, const struct outlet *outlet)
{
	for (size_t i = 0; i < post->count; i++) {
		const struct parcel *parcel = &post->parcels[i];

		/* It may have ended since: with the answers, or by the parcel before. */
		if (session_find(post->config.sessions, &parcel->to) == NULL)
			continue;
		journal_must(build(post, parcel), "build a delivery");
		outlet->send(outlet->state, &parcel->to, bytes_of_buffer(&post->frame));
	}
	post->count = 0;
	buffer_reset(&post->parts);
}

/* ---- What lies too long ------------------------------------------------------------------ */

static void
redeliver_to(struct post *post, struct session *session)
{
	struct store *store = journal_store(post->config.journal);
	uint64_t now = journal_boot(post->config.journal);
	struct bytes party = bytes_of_text(session->peer.party->code);
	struct store_mail mail;
	enum status rc;

	if (now - session->mark_ms < post->config.redeliver_ms)
		return;
	if (session->mark_index > 0) {
		rc = store->do_->mail_after(store, party, 0, &mail);
		journal_must(rc == STATUS_NOT_FOUND ? STATUS_OK : rc, "read mail");
		if (rc == STATUS_OK && mail.index < session->mark_index) {
			oplog(OPLOG_WARNING,
			    "%s: entry %llu has lain unanswered since %llu s, and its "
			    "connection lives: it goes out again",
			    session->peer.party->code, (unsigned long long)mail.index,
			    (unsigned long long)(now - session->mark_ms) / 1000);
			session->cursor = mail.index;
			session_wake(post->config.sessions, party);
		}
	}
	session->mark_index = session->cursor;
	session->mark_ms = now;
}

void
post_redeliver(struct post *post)
{
	for (uint32_t i = 0; i < session_count(post->config.sessions); i++)
		redeliver_to(post, session_at(post->config.sessions, i));
}

void
post_expire(struct post *post)
{
	struct journal *journal = post->config.journal;
	struct store *store = journal_store(journal);
	uint64_t now = journal_time(journal);
	char party[PARTY_MAX + 1];
	struct store_mail mail;
	bool handed;
	enum status rc = STATUS_OK;

	if (journal_accepts(journal) != STATUS_OK)
		return;
	for (unsigned i = 0; i < POST_EXPIRY_MAX; i++) {
		rc = store->do_->mail_due(store, now, party, &handed, &mail);
		if (rc == STATUS_NOT_FOUND)
			return;
		journal_must(rc, "look for expired mail");
		if (handed && now - mail.expires_ms < POST_GRACE_MS) {
			store = journal_writing(journal);
			journal_must(store->do_->mail_defer(store, bytes_of_text(party),
					 mail.index, mail.expires_ms + POST_GRACE_MS),
			    "defer an expiry");
			continue;
		}
		journal_must(attest_end(post->config.intake, bytes_of_text(party), &mail,
				 handed ? EVIDENCE_UNDELIVERABLE : EVIDENCE_EXPIRED),
		    "expire a part");
	}
}
