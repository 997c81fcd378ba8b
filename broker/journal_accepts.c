/* broker/journal_accepts.c: whether the log may grow now: what the clock and the disk say. */
#include "broker/journal_inside.h"
#include "protocol/host/oplog.h"

static void
keep_doubt(struct journal *journal)
{
	const struct store_doubt doubt = {journal->clock.moved_ms, journal->clock.forward};
	struct store *store = journal_writing(journal);

	journal->doubts = true;
	journal_must(store->do_->doubt_put(store, &doubt), "keep a doubt about the clock");
	journal_commit(journal);
}

void
journal_turn(struct journal *journal, uint64_t now_ms, uint64_t boot_ms)
{
	bool stopped = journal->clock.stopped;

	journal->boot_ms = boot_ms;
	journal->room_known = false;
	leafclock_turn(&journal->clock, now_ms, boot_ms);
	if (stopped || !journal->clock.stopped)
		return;
	oplog(OPLOG_ERROR,
	    "the clock jumped %s by %llu s: nothing is accepted. Set the clock, then start "
	    "once "
	    "with --confirm-clock.",
	    journal->clock.forward ? "forward" : "back",
	    (unsigned long long)(journal->clock.moved_ms / 1000));
	keep_doubt(journal);
}

uint64_t
journal_time(const struct journal *journal)
{
	return leafclock_time(&journal->clock);
}

uint64_t
journal_boot(const struct journal *journal)
{
	return journal->boot_ms;
}

enum journal_room
journal_room(struct journal *journal)
{
	struct store *store = journal->config.store;
	enum journal_room before = journal->room;

	if (journal->room_known)
		return journal->room;
	journal->room = JOURNAL_ROOM;
	if (!store->do_->has_space(store, journal->config.reserve))
		journal->room = store->do_->has_space(store, journal->config.reserve_last)
		                    ? JOURNAL_LOW
		                    : JOURNAL_SPENT;
	journal->room_known = true;
	if (journal->room != before)
		oplog(journal->room == JOURNAL_ROOM ? OPLOG_INFO : OPLOG_ERROR, "%s",
		    journal->room == JOURNAL_ROOM  ? "there is space again"
		    : journal->room == JOURNAL_LOW ? "the disk is nearly full: nothing new is "
						     "accepted until there is space"
						   : "the disk's reserve is spent: refusals "
						     "are not logged either");
	return journal->room;
}

enum status
journal_accepts(struct journal *journal)
{
	if (journal->clock.stopped)
		return STATUS_CLOCK_STOPPED;
	return journal_room(journal) == JOURNAL_ROOM ? STATUS_OK : STATUS_NO_SPACE;
}

void
journal_confirm_clock(struct journal *journal)
{
	struct leaf leaf = {.kind = LEAF_CLOCK,
	    .count = journal->clock.moved_ms,
	    .forward = journal->clock.forward};
	struct store *store;

	if (!journal->clock.stopped)
		return;
	leafclock_confirm(&journal->clock);
	store = journal_writing(journal);
	journal_must(store->do_->doubt_remove(store), "end a doubt about the clock");
	journal_append(journal, &leaf);
	journal_commit(journal);
	oplog(OPLOG_WARNING, "the clock was confirmed by the operator; it had moved %llu s %s",
	    (unsigned long long)(leaf.count / 1000), leaf.forward ? "forward" : "back");
}
