/* services/runtime/task/circle.h: who shares a history, who leads, and since when; pure. */
#ifndef SAIKNE_CIRCLE_H
#define SAIKNE_CIRCLE_H

#include "protocol/wire/envelope.h"
#include "services/runtime/task/task.h"

/*
 * A circle is the institutions around one case, or one sitting, which share one history: the acts
 * addressed to all of them, under one case token, in the log's order. Each act is one message
 * with one content root; what each member may see of it differs. Tasks belong to it: its frame (a
 * case over institutions, a conference), and within it transfers of the lead, actions, matters
 * of the agenda.
 *
 * The fold of its steps says, for every place in the log, who is a member and who leads. Each of
 * them follows only where it may at that place: whoever reads the same steps, in whatever order
 * they came, comes to the same members and the same one lead. What does not follow is void: it is
 * shown, and changes nothing, here and in the task that it belongs to.
 *
 *   open, propose  the first of them: its author leads; it and PARTIES are members
 *   add            by the lead: PARTIES who are none become members from there; void if there
 *                  is none such, or they would be more than CIRCLE_MEMBERS_MAX
 *   remove, leave  by the lead of another (PARTY), a member; by a member that does not lead
 *   hand_over      by a member that does not lead, to another: PARTY takes its place, and its
 *                  actions; who is a member already has both places from there. The lead is
 *                  not asked, for what is owed to a child that moved must not wait for it: it
 *                  sees it among what nobody has opened, and may remove who came
 *   offer_lead     by the lead to another member, while the last offer is answered, revoked or
 *                  past due, and no claim stands
 *   claim_lead     by a member that does not lead, of a case, while no claim stands, nor an offer
 *                  to a member that was made in the CIRCLE_CLAIM_MAX_MS before: its day ends
 *                  within CIRCLE_CLAIM_MS to CIRCLE_CLAIM_MAX_MS
 *   take_lead      by whom it was offered to, a member, not after the offer's day; by who claimed
 *                  it, after the claim's day, while it stands: it leads from there
 *   reject, revoke by whom it was offered to, or who claimed it, a member; by the lead, and where
 *                  it was claimed not after the claim's day: what stands is over
 *   assign         by the lead to a member, or to whose place a member has
 *   close, reopen  by the lead: in between nothing else follows
 *   entered_in_error  by a member, of a report of its own before it in the log, in the same
 *                  task: that report is void from then on (circles_fold.c)
 *   all else       by a member, while it is open
 *
 * A claim is what a case that nobody leads any more goes on by: who leads may be suspended,
 * dissolved or silent, and the log does not say which. So it does not ask why. It gives who leads
 * a time to object, by the log's own times, and silence is consent. Until its day is over only
 * who leads may speak against it, and after that only who claimed may take: whichever crosses
 * which, at one time one of them counts. Only an objection keeps the lead where it is: other acts
 * of who leads may be sent by a program with nobody there. A claim is over, too, when who claimed
 * leaves, is removed (by a lead that lives, which is an answer) or hands its place over; when the
 * case is closed; and, not taken in CIRCLE_TAKE_MS after its day, by that time alone.
 *
 * What would put the lead up in a task that was opened before is void, too: nobody would see it
 * there, nor object (circles_fold.c).
 *
 * Who chairs a sitting is bound to kinds of institutions, so nobody claims that: a claim in a
 * sitting's circle is void. Where its chair is gone, another sitting is proposed.
 */
#define CIRCLE_MEMBERS_MAX (ENVELOPE_RECIPIENTS_MAX + 1)
#define CIRCLE_TERMS_MAX   64 /* of membership, and of leading: what would need more is void */

#define CIRCLE_HOUR_MS (3600ULL * 1000)
/*
 * How long who leads has at least to object to a claim: our default, the three days in which a
 * service that failed on Friday is looked after, even where no day between is a working day. The
 * desk gives three working days at least.
 */
#define CIRCLE_CLAIM_MS (72 * CIRCLE_HOUR_MS)
/*
 * And at most: no claim keeps others from claiming, or the lead from being offered, for longer.
 * Nor does an offer: who made it and whom it was made to may both be gone.
 */
#define CIRCLE_CLAIM_MAX_MS (31 * 24 * CIRCLE_HOUR_MS)
/* How long a claim may be taken: nobody is surprised by one that everybody forgot. */
#define CIRCLE_TAKE_MS (14 * 24 * CIRCLE_HOUR_MS)

struct circle_party {
	char code[PARTY_MAX + 1];
};

/*
 * An act as the fold reads it; PARTIES and PARTY as its type has them. The opening message is
 * event open (propose) while its receipt is awaited, too.
 */
struct circle_step {
	uint64_t index; /* log index; UINT64_MAX while its receipt is awaited: sorted last */
	uint64_t time_ms;
	enum task_event event;
	uint8_t task[SUITE_ID_LEN];
	struct circle_party author, party;
	struct circle_party parties[ENVELOPE_RECIPIENTS_MAX];
	unsigned party_count;
	uint64_t due_ms; /* offer_lead, claim_lead: the end of its day; 0: none given */
	uint8_t about[SUITE_ID_LEN]; /* entered_in_error: which message; else zeroes */
};

/*
 * From index SINCE, included, to UNTIL, not; both are indexes of steps, but what a pending step
 * ends has UNTIL CIRCLE_ENDING: it is over at UINT64_MAX, where only what is pending stands.
 */
#define CIRCLE_ENDING (UINT64_MAX - 1)

struct circle_term {
	struct circle_party party;
	uint64_t since, until; /* UINT64_MAX: not ended */
	struct circle_party
	    followed; /* membership that was handed over: by whom; "" otherwise */
};

struct circle {
	struct circle_term members[CIRCLE_TERMS_MAX], leads[CIRCLE_TERMS_MAX];
	unsigned member_count, lead_count;
	bool open;                      /* neither closed, nor before its opening */
	bool sits;                      /* it is a sitting's */
	bool claimed;                   /* what stands is no offer, but a claim */
	uint8_t transfer[SUITE_ID_LEN]; /* the task of the offer, or claim, that stands */
	struct circle_party offered;    /* whom to, or who claimed; "" when none stands */
	uint64_t offer_due_ms, offer_made_ms;
};

/* STEPS sorted by index, pending last. VOIDS, if not NULL, gets one flag a step. */
void circle_fold(
    const struct circle_step *steps, size_t count, struct circle *out, bool *voids);
/* The same step by step, from a CIRCLE that is all zero: whether STEP follows. */
bool circle_take(struct circle *circle, const struct circle_step *step);

/*
 * Whether an offer or claim of the lead stands at TIME_MS: it can be answered, or may be yet. What
 * is past that stays in CIRCLE until another follows, and binds nobody.
 */
bool circle_stands(const struct circle *circle, uint64_t time_ms);
/* Whether it keeps others from claiming the lead, too. */
bool circle_keeps(const struct circle *circle, uint64_t time_ms);
/* Whether a claim that ends at DUE_MS may begin at TIME_MS. */
bool circle_claim_due(uint64_t due_ms, uint64_t time_ms);
/* When the claim that stands may be taken until; it may from behind its day on. */
uint64_t circle_take_until(const struct circle *circle);

bool circle_is_member(const struct circle *circle, const char *code, uint64_t index);
/* Whether CODE was a member, and the log says that it is none any more; what waits may differ. */
bool circle_has_left(const struct circle *circle, const char *code);
/* Who leads at INDEX; NULL: nobody yet. */
const char *circle_lead(const struct circle *circle, uint64_t index);
/*
 * Who is at INDEX in the place that CODE had at FROM, after hand-overs: CODE itself where there
 * was none.
 */
const char *circle_successor(
    const struct circle *circle, const char *code, uint64_t from, uint64_t index);

/* Whom what OPENING opens is addressed to: PARTY, or who claims the lead. "": nobody by name. */
const char *circle_addressee(const struct circle_step *opening);
/* A task of the circle: of TASK_OF_ONE, whom it is addressed to (PARTY), opened at which index. */
struct circle_task {
	enum task_share share;
	const char *party;
	uint64_t index;
};

/*
 * The side of CODE at INDEX in TASK: enum task_side, or both sides where who leads is whom the
 * task is addressed to. 0: no member. UINT64_MAX asks for now.
 */
unsigned circle_side(const struct circle *circle, const struct circle_task *task,
    const char *code, uint64_t index);
/*
 * The side that AUTHOR had in TASK when it wrote the act that stands at INDEX: who left or handed
 * its place over there was a member still.
 */
unsigned circle_author_side(const struct circle *circle, const struct circle_task *task,
    const char *author, uint64_t index);
/* Members at INDEX but SELF, in the order they joined; how many. */
unsigned circle_others(const struct circle *circle, const char *self, uint64_t index,
    struct circle_party out[static CIRCLE_MEMBERS_MAX]);

/* ---- Names ------------------------------------------------------------------------------- */

/*
 * What is in a circle is named after its case token, so that nobody can take a name elsewhere,
 * under another token or between two, that the circle needs where it is not known yet. Its frame
 * is BLAKE2b-256("saikne-v1-circle", token), the first 16 bytes of it: there is one circle for a
 * token. Other tasks begin with eight bytes of their author's choice; the first 8 bytes of
 * BLAKE2b-256("saikne-v1-circle-task", token, those) follow. In both the first bit is set; it is
 * not in what is between two.
 */
#define CIRCLE_CHANCE_LEN 8

void circle_id(const uint8_t token[static SUITE_ID_LEN], uint8_t out[static SUITE_ID_LEN]);
void circle_task_id(const uint8_t token[static SUITE_ID_LEN],
    const uint8_t chance[static CIRCLE_CHANCE_LEN], uint8_t out[static SUITE_ID_LEN]);
/* Whether ID can be one of the circle's tasks; IS_FRAME: the first of them. */
bool circle_has_id(const uint8_t token[static SUITE_ID_LEN], bool is_frame,
    const uint8_t id[static SUITE_ID_LEN]);
/* Whether ID is of something in a circle, and not between two. */
bool circle_is_id(const uint8_t id[static SUITE_ID_LEN]);

/* ---- The history's digest ---------------------------------------------------------------- */

/*
 * Over (log index, content root) of the accepted acts of a circle's history, in the log's order:
 * digest' = BLAKE2b-256("saikne-v1-history", digest, u64 index, root), from zeroes on.
 */
struct circle_entry {
	uint64_t index;
	struct merkle_hash root;
};

/* DIGEST, with the entry behind it. */
void circle_digest_add(
    uint8_t digest[static SUITE_HASH_LEN], uint64_t index, const struct merkle_hash *root);
/* Over ENTRIES up to index UPTO, included; *COUNT is how many these are. */
void circle_digest(const struct circle_entry *entries, size_t count, uint64_t upto,
    uint8_t digest[static SUITE_HASH_LEN], uint64_t *covered);

#endif
