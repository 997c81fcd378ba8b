/* broker/turn.c: the broker's parts together, and one turn of their loop. */
#include "broker/turn.h"

#include "protocol/host/clock.h"
#include "protocol/host/oplog.h"

#define IDLE_MS      1000
#define LAST_WORD_MS 250  /* for the answer to who has just replaced or revoked its own key */
#define STILL_MS     2000 /* without a frame for so long, there is time for the disk */
/*
 * So many bytes of chunks hold nobody else up; half of what one sender has under way, so that
 * the rest is on its way while these are taken.
 */
#define FRAMES_BYTES (1U * 1024 * 1024)
#define FRAMES_MAX   1024 /* taken in one turn, even if none of them weighs anything */

void
turn_lost(void *state, const struct peer *peer)
{
	struct turn *turn = state;
	struct session *session = session_find(turn->sessions, peer);

	/* The party may have come back over another connection under the same routing id. */
	if (session != NULL && session->peer.fd == peer->fd &&
	    session->peer.serial == peer->serial)
		session_close(turn->sessions, session);
}

/* Whoever cannot take a frame is cut: all that concerns it is stored, and it comes back. */
static void
send(void *state, const struct peer *to, struct bytes frame)
{
	struct turn *turn = state;
	struct session *session;

	if (gate_send(turn->gate, to, frame))
		return;
	gate_cut(turn->gate, to);
	if ((session = session_find(turn->sessions, to)) != NULL)
		session_close(turn->sessions, session);
}

static bool
take_frames(struct turn *turn)
{
	struct bytes frame;
	struct peer peer;
	unsigned taken = 0;
	size_t size = 0;

	while (taken < FRAMES_MAX && size < FRAMES_BYTES && !journal_is_full(turn->journal) &&
	       !answers_are_full(&turn->intake.answers) &&
	       gate_receive(turn->gate, &peer, &frame)) {
		intake_take(&turn->intake, &peer, frame);
		size += frame.len;
		taken++;
	}
	return taken > 0;
}

/* The directory grew: who is out of it is cut, the others are told. */
static void
spread_news(struct turn *turn, const struct outlet *outlet)
{
	struct frame_news news = {
	    journal_statements(turn->journal), journal_checkpoint(turn->journal)};
	struct buffer frame = {0};
	struct session *session;

	for (uint32_t i = session_count(turn->sessions); i-- > 0;) {
		session = session_at(turn->sessions, i);
		if (directory_by_transport(journal_directory(turn->journal),
			session->peer.key) != session->peer.party)
			session_close(turn->sessions, session);
	}
	/* From now, not from the turn's beginning: a commit may take that long. */
	turn->recheck_ms = clock_boot_ms() + LAST_WORD_MS;
	frame_news(&news, &frame);
	journal_must(frame.failed ? STATUS_NO_MEMORY : STATUS_OK, "build NEWS");
	/* Backwards: sending may close the session it is at. */
	for (uint32_t i = session_count(turn->sessions); i-- > 0;)
		outlet->send(outlet->state, &session_at(turn->sessions, i)->peer,
		    bytes_of_buffer(&frame));
	buffer_free(&frame);
}

/* Connections whose keys are no longer admitted: their last answer has had time to leave. */
static void
cut_outsiders(struct turn *turn, uint64_t boot_ms)
{
	if (turn->recheck_ms == 0 || boot_ms < turn->recheck_ms)
		return;
	turn->recheck_ms = 0;
	gate_recheck(turn->gate);
}

static int
wait_ms(const struct turn *turn)
{
	int wait = chunks_wait_ms(&turn->intake, post_wait_ms(turn->post, IDLE_MS));

	return turn->recheck_ms != 0 && wait > LAST_WORD_MS ? LAST_WORD_MS : wait;
}

static void
every_second(struct turn *turn, uint64_t boot_ms)
{
	if (boot_ms - turn->second_ms < IDLE_MS)
		return;
	turn->second_ms = boot_ms;
	gate_turn(turn->gate, boot_ms);
	refusals_turn(turn->refusals, turn->journal, false);
	post_redeliver(turn->post);
	post_expire(turn->post);
	chunks_expire(&turn->intake);
}

/* Outside of transactions: what the disk is owed. */
static void
keep_house(struct turn *turn, uint64_t boot_ms)
{
	struct store *store = journal_store(turn->journal);
	bool idle = boot_ms - turn->busy_ms >= STILL_MS;
	enum status rc = store->do_->housekeep(store, idle);

	if (rc != STATUS_OK && rc != STATUS_AGAIN)
		oplog(OPLOG_WARNING, "housekeeping: %s", status_meaning(rc));
}

static void
finish(struct turn *turn)
{
	const struct outlet outlet = {turn, send};
	uint64_t statements = journal_statements(turn->journal);

	post_prepare(turn->post);
	journal_commit(turn->journal);
	answers_send(&turn->intake.answers, turn->journal, &outlet);
	if (journal_statements(turn->journal) != statements)
		spread_news(turn, &outlet);
	post_send(turn->post, &outlet);
	chunks_send(&turn->intake, &outlet);
}

enum status
turn_run(struct turn *turn, int signal_fd)
{
	uint64_t boot_ms = clock_boot_ms();
	enum status rc;

	rc = gate_wait(turn->gate, signal_fd, wait_ms(turn), boot_ms);
	if (rc != STATUS_OK)
		return rc;
	boot_ms = clock_boot_ms();
	journal_turn(turn->journal, clock_now_ms(), boot_ms);
	if (take_frames(turn))
		turn->busy_ms = boot_ms;
	every_second(turn, boot_ms);
	cut_outsiders(turn, boot_ms);
	finish(turn);
	keep_house(turn, boot_ms);
	return STATUS_OK;
}

void
turn_end(struct turn *turn)
{
	refusals_turn(turn->refusals, turn->journal, true);
	finish(turn);
}
