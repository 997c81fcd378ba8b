/* services/runtime/task/sitting.h: who sits in a group, what counts there, when minutes are final; pure. */
#ifndef SAIKNE_SITTING_H
#define SAIKNE_SITTING_H

#include "protocol/wire/content.h"
#include "protocol/wire/minutes.h"
#include "services/runtime/task/circle.h"

/* ---- Groups ------------------------------------------------------------------------------ */

/*
 * A row of protocol/lists/cooperation-groups.csv; the texts live as long as the list:
 *
 *   members      kinds of institution that sit in it, parted by ';'; empty: any
 *   chair, secretary  the kind that chairs, that writes, or who may stand in for it; empty: any
 *   quorum       "half": more than half of the members; or their number
 *   substitutes  chains of kinds, parted by ';': in "a>b>c" b and c may stand in for a, c for b.
 *                A kind always may for its own. Who may stand in may be a member, too
 *   after        a group that comes first: what it could not solve is taken up here with
 *                the matter at which it said so; empty: none
 */
struct sitting_group {
	const char *code, *members, *chair, *secretary, *quorum, *substitutes, *after;
};

/* False: there is no such group, or its row is nonsense. */
MUST_CHECK bool sitting_group_named(struct bytes code, struct sitting_group *out);
/* Whether a row says what it should: known kinds, a chair that may sit, a quorum that can be. */
bool sitting_group_is_sound(const struct sitting_group *group);

bool sitting_may_sit(const struct sitting_group *group, const char *kind);
bool sitting_may_chair(const struct sitting_group *group, const char *kind);
bool sitting_may_write(const struct sitting_group *group, const char *kind);
bool sitting_may_stand_in(
    const struct sitting_group *group, const char *kind, const char *absent);
/* Of so many members, the chair's institution among them; 1 at least. */
unsigned sitting_quorum(const struct sitting_group *group, unsigned members);

/* ---- Periods ----------------------------------------------------------------------------- */

/*
 * Until when corrections to minutes circulated at MS may come: the end of the day so many days
 * later (lists/sitting-rules.csv), or of the next working day where that one is free.
 */
uint64_t sitting_corrections_end(uint64_t ms);
/* By when decisions are to be issued after a sitting that was held at MS. */
uint64_t sitting_decisions_end(uint64_t ms);

/* ---- One sitting ------------------------------------------------------------------------- */

/* The ground for convening that says that others could not solve it. */
#define SITTING_AFTER_OTHERS "not_solved_by_specialists"

/* The result of a sitting that takes a matter to the group after it. */
#define SITTING_ESCALATES "escalate"

/* An act in the circle of a sitting. What its type has no field for is "", zero. */
struct sitting_act {
	struct circle_step step;
	uint8_t message[SUITE_ID_LEN];
	struct merkle_hash root;          /* of the message's content */
	char group[MESSAGE_CODE_MAX + 1]; /* propose */
	unsigned quorum;
	struct circle_party secretary;
	char convening[MESSAGE_CODE_MAX + 1]; /* put */
	uint64_t day_ms;                      /* convene: when its day begins; 0: of none */
	uint8_t about[SUITE_ID_LEN];          /* put: EARLIER; else MINUTES_OF */
	struct merkle_hash about_root;        /* MINUTES_ROOT */
	bool escalates; /* decide, minutes: the group after is to take it up */
	/* sign_all: which minutes of which matters; as long as the act, and whoever made it has them. */
	const struct minutes_entry *signs;
	unsigned sign_count;
};
/*
 * Sets what a sitting needs of CONTENT beside STEP, MESSAGE and ROOT, which the caller knows; what
 * it signs is put into SIGNS.
 */
void sitting_act_read(const struct content *content, struct sitting_act *out,
    struct minutes_entry signs[static MINUTES_MAX]);

#define SITTING_MATTERS_MAX 64 /* on one agenda: more are void */
_Static_assert(SITTING_MATTERS_MAX <= MINUTES_MAX, "one act signs all of a sitting");

/* How a member answered the last invitation. */
struct sitting_seat {
	struct circle_party member;
	enum task_event answer;  /* WILL_COME, WILL_NOT_COME, DELEGATE; COUNT: none yet */
	struct circle_party sub; /* DELEGATE: who sits for it */
	bool present;            /* at the sitting that was held, or was inquorate */
};

/*
 * What a member said last of the minutes. A signature is over their bytes, and gone when they are
 * circulated anew; a dissent stands, of the minutes that it was said of, until its author says
 * something of later ones or circulates them itself: else whoever circulates could be rid of it.
 */
struct sitting_voice {
	struct circle_party member;
	uint8_t message[SUITE_ID_LEN];
	uint64_t index;
	bool dissent, of_all; /* OF_ALL: by an act on the sitting, which signs several */
	unsigned circulated;  /* of which of the minutes, as sitting_matter.circulated counts */
	struct merkle_hash root; /* theirs */
	uint64_t time_ms;
};

struct sitting_matter {
	uint8_t task[SUITE_ID_LEN];
	enum task_state state;
	bool escalates; /* its result, as it was said last */
	/* The last minutes circulated; INDEX 0: none yet. */
	uint8_t minutes[SUITE_ID_LEN];
	struct merkle_hash root;
	struct circle_party minuted_by;
	uint64_t index, circulated_ms, corrections_ms; /* when they end */
	unsigned circulated;                           /* how often */
	struct sitting_voice voices[CIRCLE_MEMBERS_MAX];
	unsigned voice_count;
};

/* Too large for a stack. */
struct sitting {
	uint8_t task[SUITE_ID_LEN]; /* the frame's */
	char group[MESSAGE_CODE_MAX + 1];
	unsigned quorum;
	struct circle_party secretary;
	enum task_state state;
	unsigned convened; /* how often */
	uint64_t day_ms;   /* when the day begins that it was convened for last */
	uint64_t held_ms;
	struct sitting_seat seats[CIRCLE_MEMBERS_MAX];
	unsigned seat_count;
	struct sitting_matter
	    matters[SITTING_MATTERS_MAX]; /* last, and its count (sitting_copy) */
	unsigned matter_count;
};
/* Of the matters only those that are there; OUT was zero, or copied to before. */
void sitting_copy(struct sitting *out, const struct sitting *from);

/* What kind of institution CODE is; "" for none. */
struct sitting_kinds {
	const char *(*kind)(const void *of, const char *code);
	const void *of;
};

/*
 * What ACT, not yet among those folded, would be in SITTING:
 *
 *   STATUS_NO_SUBSTITUTE      delegate: to no member, to itself, or to a kind that may not stand in
 *   STATUS_TOO_EARLY          held, inquorate: the day that it was convened for has not begun
 *   STATUS_NO_QUORUM          held: fewer are there, or have somebody there for them
 *   STATUS_TOO_LATE           put: the sitting was held or called off; correct: the period is over
 *   STATUS_TOO_LARGE          put: the agenda is full
 *   STATUS_SPECIALISTS_FIRST  put: what specialists could not solve, without where they said so
 *   STATUS_WRONG_STATE        decide, minutes: the sitting was not held; final: somebody has
 *                             neither signed nor dissented, and may still
 *   STATUS_NOT_PERMITTED      decide, minutes: by neither chair nor secretary
 *   STATUS_OTHER_MINUTES      correct, sign, dissent, final: of others than the last circulated;
 *                             sign_all: none of what it names can be signed
 *   STATUS_NOT_A_MEMBER       its author is none at that place
 *
 * Times are the log's. What the table of its sort says is asked elsewhere.
 */
MUST_CHECK enum status sitting_judge(const struct sitting *sitting, const struct circle *circle,
    const struct sitting_kinds *kinds, const struct sitting_act *act);

/*
 * Folds ACTS, sorted as circle_fold() has them, of the sitting whose members CIRCLE has. VOIDS
 * comes with the flags of circle_fold(), and gets one for each act that sitting_judge() refuses or
 * that its sort's table does not let follow. Whoever has the same acts, kinds and lists comes to
 * the same.
 */
void sitting_void(const struct sitting_act *acts, size_t count, const struct circle *circle,
    const struct sitting_kinds *kinds, struct sitting *out, bool *voids);
/*
 * The same act by act, from a SITTING that is all zero: whether ACT, which follows in its circle,
 * counts. CIRCLE may have later acts, too, or not. At the end who has said nothing gets a seat.
 */
bool sitting_take(struct sitting *sitting, const struct circle *circle,
    const struct sitting_kinds *kinds, const struct sitting_act *act);
void sitting_seat(struct sitting *sitting, const struct circle *circle);

/*
 * Whether ACT signs the Ith of what it names: a matter on the agenda whose minutes can be signed,
 * and the last ones circulated. Each counts alone, as its author's SIGN of that matter would there.
 */
bool sitting_signs(const struct sitting *sitting, const struct circle *circle,
    const struct sitting_act *act, unsigned i);

const struct sitting_matter *sitting_matter_of(
    const struct sitting *sitting, const uint8_t task[static SUITE_ID_LEN]);
/* How many of the members at INDEX count: who of them is PRESENT, or has a substitute there. */
unsigned sitting_counted(const struct sitting *sitting, const struct circle *circle,
    uint64_t index, const struct circle_party *present, unsigned count);
/* Whether every member at INDEX but the chair, CHAIR, has signed, circulated or dissented. */
bool sitting_all_said(const struct sitting_matter *matter, const struct circle *circle,
    uint64_t index, const char *chair);
/*
 * What CODE said of the last minutes; NULL: nothing yet. Who circulated them has signed by that.
 */
const struct sitting_voice *sitting_voice_of(
    const struct sitting_matter *matter, const char *code);

#endif
