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
 *                  past due
 *   take_lead      by whom it was offered to, a member, not after the offer's day: it leads
 *                  from there
 *   reject, revoke by whom it was offered to, a member; by the lead: the offer that stands
 *   assign         by the lead to a member, or to whose place a member has
 *   close, reopen  by the lead: in between nothing else follows
 *   entered_in_error  by a member, of a report of its own before it in the log, in the same
 *                  task: that report is void from then on (circles_fold.c)
 *   all else       by a member, while it is open
 */
#define CIRCLE_MEMBERS_MAX (ENVELOPE_RECIPIENTS_MAX + 1)
#define CIRCLE_TERMS_MAX   64 /* of membership, and of leading: what would need more is void */

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
	uint64_t due_ms;             /* offer_lead: the end of its day; 0: none given */
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
	uint8_t transfer[SUITE_ID_LEN]; /* the task of the offer of the lead that stands */
	struct circle_party offered;    /* whom to; "" when none stands */
	uint64_t offer_due_ms;
};

/* STEPS sorted by index, pending last. VOIDS, if not NULL, gets one flag a step. */
void circle_fold(
    const struct circle_step *steps, size_t count, struct circle *out, bool *voids);
/* The same step by step, from a CIRCLE that is all zero: whether STEP follows. */
bool circle_take(struct circle *circle, const struct circle_step *step);

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

/* A task of the circle: of TASK_OF_ONE, whom its opening message named (PARTY), at which index. */
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
