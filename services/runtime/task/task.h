/* services/runtime/task/task.h: what every sort of task shares: states, events, the fold; pure. */
#ifndef SAIKNE_TASK_H
#define SAIKNE_TASK_H

#include "protocol/wire/content.h"
#include "protocol/wire/evidence.h"

/*
 * A task is what one institution asks of, or tells, one other. Its sort is a table of moves
 * (referral.h, information.h, notice.h) over these states and events; a state means the same
 * in every sort, so that lists, names and labels need not ask which it is.
 */
#define TASK_STATE_LIST(STATE)                                                                 \
	STATE(NONE, "none", "nav", "none")                                                     \
	STATE(PENDING, "pending", "nosūtīšanai", "waiting to be sent")                         \
	STATE(OFFERED, "offered", "nosūtīts", "sent")                                          \
	STATE(UNDER_REVIEW, "under_review", "tiek izskatīts", "under review")                  \
	STATE(                                                                                 \
	    INFO_REQUESTED, "info_requested", "gaida informāciju", "waiting for information")  \
	STATE(REDIRECT_PROPOSED, "redirect_proposed", "ieteikta cita iestāde",                 \
	    "another institution proposed")                                                    \
	STATE(ACCEPTED, "accepted", "pieņemts", "accepted")                                    \
	STATE(IN_PROGRESS, "in_progress", "tiek īstenots", "in progress")                      \
	STATE(ON_HOLD, "on_hold", "apturēts", "on hold")                                       \
	STATE(STOP_REQUESTED, "stop_requested", "pieņemts; lūgts pārtraukt",                   \
	    "accepted; asked to stop")                                                         \
	STATE(DECLINED, "declined", "noraidīts", "declined")                                   \
	STATE(OUTCOME_REPORTED, "outcome_reported", "ziņots iznākums", "outcome reported")     \
	STATE(CLOSED, "closed", "slēgts", "closed")                                            \
	STATE(CANCEL_REQUESTED, "cancel_requested", "lūgts atsaukt", "cancellation requested") \
	STATE(CANCELLED, "cancelled", "atsaukts", "cancelled")                                 \
	STATE(ENTERED_IN_ERROR, "entered_in_error", "ievadīts kļūdas dēļ", "entered in error") \
	STATE(EXPIRED, "expired", "beidzies termiņš", "expired before it was taken")           \
	STATE(                                                                                 \
	    UNREADABLE, "unreadable", "nav nolasāms", "could not be opened by the recipient")  \
	STATE(REFUSED, "refused", "atteikts", "refused by the broker")                         \
	STATE(TAKEN_BACK, "taken_back", "paņemts atpakaļ: pamats beidzies",                    \
	    "taken back: its ground was stopped")                                              \
	/* Information requests */                                                             \
	STATE(REQUESTED, "requested", "pieprasīts", "requested")                               \
	STATE(RECEIVED, "received", "saņemts", "received by the institution's service")        \
	STATE(                                                                                 \
	    UNDER_WORK, "under_work", "tiek gatavota atbilde", "an answer is being prepared")  \
	STATE(ANSWERED, "answered", "atbildēts", "answered")                                   \
	STATE(ANSWER_REFUSED, "answer_refused", "atteikts sniegt", "refused to answer")        \
	STATE(WITHDRAWN, "withdrawn", "atsaukts, atbilde nav vajadzīga", "withdrawn")          \
	/* Notices */                                                                          \
	STATE(TOLD, "told", "paziņots", "told")                                                \
	STATE(ACKNOWLEDGED, "acknowledged", "pieņemts zināšanai", "acknowledged")              \
	STATE(SUPERSEDED, "superseded", "aizstāts ar labotu", "superseded by a corrected one") \
	/* Grounds */                                                                          \
	STATE(STOPPED, "stopped", "pārtraukts: pamats beidzies", "stopped: its ground ended")  \
	STATE(INFORMED, "informed", "paziņots, atbilde nav vajadzīga",                         \
	    "told, nothing to answer")                                                         \
	/* What several institutions share */                                                  \
	STATE(OPEN, "open", "atvērts", "open")                                                 \
	STATE(LEAD_OFFERED, "lead_offered", "vadība piedāvāta", "lead offered")                \
	STATE(LEAD_TAKEN, "lead_taken", "vadība pārņemta", "lead taken")                       \
	STATE(LEAD_NOT_TAKEN, "lead_not_taken", "vadība nav pārņemta", "lead not taken")       \
	STATE(REVOKED, "revoked", "piedāvājums atsaukts", "offer revoked")                     \
	STATE(LAPSED, "lapsed", "piedāvājums beidzies bez atbildes", "offer lapsed")           \
	STATE(LEAD_CLAIMED, "lead_claimed", "pieteikta vadības pārņemšana", "lead claimed")    \
	STATE(CLAIM_REFUSED, "claim_refused", "vadība paliek", "lead stays")                   \
	STATE(CLAIM_WITHDRAWN, "claim_withdrawn", "pieteikums atsaukts", "claim withdrawn")    \
	STATE(CLAIM_LAPSED, "claim_lapsed", "pieteikums zaudējis spēku", "claim lapsed")       \
	STATE(ASSIGNED, "assigned", "uzdots", "assigned")                                      \
	STATE(DONE, "done", "izpildīts", "done")                                               \
	STATE(VERIFIED, "verified", "izpilde pārbaudīta", "verified")                          \
	STATE(FAILED, "failed", "neizdevās", "failed")                                         \
	STATE(PROPOSED, "proposed", "ierosināta", "proposed")                                  \
	STATE(CONVENED, "convened", "sasaukta", "convened")                                    \
	STATE(HELD, "held", "notikusi", "held")                                                \
	STATE(INQUORATE, "inquorate", "nav kvoruma", "inquorate")                              \
	STATE(CALLED_OFF, "called_off", "atcelta", "called off")                               \
	STATE(ON_AGENDA, "on_agenda", "darba kārtībā", "on the agenda")                        \
	STATE(DROPPED, "dropped", "izņemts no darba kārtības", "taken off the agenda")         \
	STATE(DECIDED, "decisions_issued", "lēmumi izsniegti", "decisions issued")             \
	STATE(MINUTED, "minutes_circulated", "protokols izsūtīts", "minutes circulated")       \
	STATE(                                                                                 \
	    CORRECTED, "corrections", "protokolam ir labojumi", "corrections to the minutes")  \
	STATE(FINAL, "final", "protokols galīgs", "minutes final")                             \
	/* Disagreement */                                                                     \
	STATE(                                                                                 \
	    AT_SPECIALISTS, "at_specialists", "risina speciālisti", "between the specialists") \
	STATE(AT_SUPERVISORS, "at_supervisors", "risina tiešie vadītāji",                      \
	    "between the supervisors")                                                         \
	STATE(AT_HEADS, "at_heads", "risina iestāžu vadītāji", "between the heads")            \
	STATE(                                                                                 \
	    AT_MANAGEMENT, "at_management", "risina vadības grupa", "at the management group") \
	STATE(SETTLED, "settled", "atrisināta", "settled")                                     \
	STATE(VOID, "void", "nav spēkā", "without effect: its sender may not send it")

#define TASK_STATE_ENUM(name, ...) TASK_##name,
enum task_state { TASK_STATE_LIST(TASK_STATE_ENUM) TASK_STATE_COUNT };
#undef TASK_STATE_ENUM

/*
 * What moves it: messages of its types, evidence about the message that opened it, and that the
 * ground it rests on was stopped (another task, of sort "stop"): at that message's place in the log.
 */
#define TASK_EVENT_LIST(EVENT)                                                                 \
	EVENT(QUEUED, "queued")                                                                \
	EVENT(OFFER, "offer")                                                                  \
	EVENT(REVIEW_OPENED, "review_opened")                                                  \
	EVENT(RELEASE, "release")                                                              \
	EVENT(INFORMATION_REQUEST, "information_request")                                      \
	EVENT(INFORMATION, "information")                                                      \
	EVENT(REDIRECT, "redirect")                                                            \
	EVENT(ACCEPT, "accept")                                                                \
	EVENT(DECLINE, "decline")                                                              \
	EVENT(FOLLOW_UP, "follow_up")                                                          \
	EVENT(START, "start")                                                                  \
	EVENT(HOLD, "hold")                                                                    \
	EVENT(RESUME, "resume")                                                                \
	EVENT(OUTCOME, "outcome")                                                              \
	EVENT(CLOSE, "close")                                                                  \
	EVENT(CANCEL, "cancel")                                                                \
	EVENT(CANCEL_CONFIRM, "cancel_confirm")                                                \
	EVENT(REQUEST, "request")                                                              \
	EVENT(ANSWER, "answer")                                                                \
	EVENT(REFUSE, "refuse")                                                                \
	EVENT(WITHDRAW, "withdraw")                                                            \
	EVENT(NOTICE, "notice")                                                                \
	EVENT(NOT_PERMITTED, "notice not permitted")                                           \
	EVENT(ACKNOWLEDGE, "acknowledge")                                                      \
	EVENT(SUPERSEDE, "supersede")                                                          \
	EVENT(ENTERED_IN_ERROR, "entered_in_error")                                            \
	EVENT(STOP, "stop")                                                                    \
	EVENT(RENEW, "renew")                                                                  \
	EVENT(OPEN, "open")                                                                    \
	EVENT(ADD, "add")                                                                      \
	EVENT(REMOVE, "remove")                                                                \
	EVENT(LEAVE, "leave")                                                                  \
	EVENT(HAND_OVER, "hand_over")                                                          \
	EVENT(REPORT, "report")                                                                \
	EVENT(REOPEN, "reopen")                                                                \
	EVENT(LINK, "link")                                                                    \
	EVENT(OFFER_LEAD, "offer_lead")                                                        \
	EVENT(TAKE_LEAD, "take_lead")                                                          \
	EVENT(REJECT_LEAD, "reject_lead")                                                      \
	EVENT(REVOKE_LEAD, "revoke_lead")                                                      \
	EVENT(CLAIM_LEAD, "claim_lead")                                                        \
	EVENT(LAPSE, "lapse")                                                                  \
	EVENT(ASSIGN, "assign")                                                                \
	EVENT(DONE, "done")                                                                    \
	EVENT(VERIFY, "verify")                                                                \
	EVENT(RETURN, "return")                                                                \
	EVENT(FAIL, "fail")                                                                    \
	EVENT(PROPOSE, "propose")                                                              \
	EVENT(CONVENE, "convene")                                                              \
	EVENT(WILL_COME, "will_come")                                                          \
	EVENT(WILL_NOT_COME, "will_not_come")                                                  \
	EVENT(DELEGATE, "delegate")                                                            \
	EVENT(HELD, "held")                                                                    \
	EVENT(INQUORATE, "inquorate")                                                          \
	EVENT(CALL_OFF, "call_off")                                                            \
	EVENT(SIGN_ALL, "sign_all")                                                            \
	EVENT(PUT, "put")                                                                      \
	EVENT(DROP, "drop")                                                                    \
	EVENT(DECIDE, "decide")                                                                \
	EVENT(MINUTES, "minutes")                                                              \
	EVENT(CORRECT, "correct")                                                              \
	EVENT(SIGN, "sign")                                                                    \
	EVENT(DISSENT, "dissent")                                                              \
	EVENT(FINAL, "final")                                                                  \
	EVENT(RAISE, "raise")                                                                  \
	EVENT(CLIMB, "climb")                                                                  \
	EVENT(SETTLE, "settle")                                                                \
	EVENT(PASS, "pass")                                                                    \
	EVENT(ASK, "ask")                                                                      \
	EVENT(GROUND_STOPPED, "its ground stopped")                                            \
	EVENT(OFFER_DELIVERED, "delivered")                                                    \
	EVENT(OFFER_EXPIRED, "expired")                                                        \
	EVENT(OFFER_UNREADABLE, "unreadable")                                                  \
	EVENT(OFFER_REFUSED, "refused by the broker")                                          \
	EVENT(OFFER_TAKEN_BACK, "taken back")

#define TASK_EVENT_ENUM(name, text) TASK_EVENT_##name,
enum task_event { TASK_EVENT_LIST(TASK_EVENT_ENUM) TASK_EVENT_COUNT };
#undef TASK_EVENT_ENUM

/*
 * Which side of the task an institution is on: who opened it, and to whom. Of what a whole circle
 * shares (circle.h) the sender is whoever leads it at that place in the log, the recipient whom it
 * is addressed to then, or, of what is addressed to all, every other member; the rest look on.
 */
enum task_side { TASK_SENDER = 1, TASK_RECIPIENT = 2, TASK_ONLOOKER = 4 };

const char *task_state_name(enum task_state state);
const char *task_state_label(enum task_state state, const char *language);
/* TASK_STATE_COUNT when NAME is none. */
enum task_state task_state_named(struct bytes name);
const char *task_event_name(enum task_event event);

/* ---- Sorts ------------------------------------------------------------------------------- */

/* One line of a table: EVENT of a side in BY leads from STATE to NEXT. */
struct task_move {
	enum task_state state;
	enum task_event event;
	unsigned by; /* enum task_side, or both: the broker's word about the opening message */
	enum task_state next;
	enum task_need {
		TASK_ALWAYS,
		TASK_WITH_CONTENT, /* only where the recipient has the content */
		TASK_UNLESS_CROSSED,
		TASK_IF_CROSSED,
	} need;
	enum task_event over; /* what it crossed, or did not */
};

/* What a message type of a sort is. */
struct task_message {
	enum message type;
	enum task_event event;
	bool opens; /* it makes the task: the sort may have several */
	/*
	 * What it rests on. The sides whose message cites the ground of the task; a message of
	 * any other side replies to the last of ANSWERS that has effect (none: what opened the
	 * task). OWN_GROUND: its author chose a ground of its own.
	 */
	unsigned grounded;
	bool own_ground;
	bool as_asked; /* it may carry only what the opening message asked for */
	bool bare;     /* acts alone, which rest on nothing: class none */
	enum message answers[2];
};

struct task_sort {
	const char *name; /* "referral": stored, and shown */
	const char *label_lv, *label_en;
	const struct task_move *moves;
	unsigned move_count;
	const struct task_message *messages;
	unsigned message_count;
	enum task_event opening; /* what the opening message is, once it is in the log */
	/* A preview goes first when the urgency is normal, the content after the review. */
	bool preview_first;
	/* Its messages are one circle's shared history, and go to all its members (circle.h). */
	enum task_share { TASK_OF_TWO, TASK_OF_ALL, TASK_OF_ONE } share;
	/* Between services, with nothing for people to do: lists show it where it is asked for. */
	bool quiet;
};

const struct task_sort *task_sort_at(unsigned i); /* NULL past the end */
const struct task_sort *task_sort_named(struct bytes name);
/* The sort that a message type belongs to; NULL when none. */
const struct task_sort *task_sort_of(enum message type);
/* What TYPE is to SORT; NULL when it is not of it. */
const struct task_message *task_message(const struct task_sort *sort, enum message type);
/* Whether a message of TYPE opens a task. */
bool task_opens(enum message type);
/* The event that a message of TYPE is; TASK_EVENT_COUNT when it is none of SORT's. */
enum task_event task_event_of(const struct task_sort *sort, enum message type);
const struct task_move *task_move_at(
    const struct task_sort *sort, unsigned i); /* NULL past the end */
/* Whether any line of SORT's table names EVENT. */
bool task_knows(const struct task_sort *sort, enum task_event event);
/* Whether a task of SORT can be in STATE. */
bool task_has(const struct task_sort *sort, enum task_state state);

/* What besides state, event and side decides: bits of FACTS. */
#define TASK_FACT_CONTENT 1U /* the recipient may have the content */
#define TASK_FACT_CROSSED 2U /* the act crossed what its line names */

/* The next state, or TASK_NONE: the event does not follow and changes nothing. */
enum task_state task_next(const struct task_sort *sort, enum task_state state,
    enum task_event event, enum task_side by, unsigned facts);
/* Whether the task is not over: an act other than a correction can follow. */
bool task_is_open(const struct task_sort *sort, enum task_state state);

/* ---- The fold ---------------------------------------------------------------------------- */

/* One event of a task in the log's order, as the fold reads it. */
struct task_step {
	uint64_t index; /* log index; UINT64_MAX while its receipt is awaited */
	enum task_event event;
	enum task_side by;
	uint64_t applied;  /* the other side's last act that the author had applied */
	bool with_content; /* OFFER that carried its content */
};

/* Where a task stands. */
struct task_stand {
	enum task_state state;
	bool content_due;  /* the sender owes a RELEASE: review opened, nothing released yet */
	bool content_seen; /* the recipient may have the content */
	bool stopped;      /* its ground is: no act follows any more */
	uint64_t last_index;
	uint64_t void_steps; /* steps that did not follow: shown, without effect */
};

/*
 * Folds STEPS (sorted by index, pending last). VOIDS, if not NULL, gets one flag a step.
 * The same steps give the same stand whatever the order they arrived in.
 */
void task_fold(const struct task_sort *sort, const struct task_step *steps, size_t count,
    struct task_stand *out, bool *voids);
/* The same; AFTER, if not NULL, gets the state after each step. */
void task_trace(const struct task_sort *sort, const struct task_step *steps, size_t count,
    struct task_stand *out, bool *voids, enum task_state *after);

/* Whether SIDE may do EVENT now: what the desk offers and checks. */
bool task_may(const struct task_sort *sort, const struct task_stand *stand,
    enum task_event event, enum task_side side);

#endif
