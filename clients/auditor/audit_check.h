/* clients/auditor/audit_check.h: checks a whole copy of the log, trusting only network.conf. */
#ifndef SAIKNE_AUDIT_CHECK_H
#define SAIKNE_AUDIT_CHECK_H

#include "clients/auditor/audit_store.h"

/* FINDING(NAME, what is wrong, in words for someone who reads no code) */
#define AUDIT_FINDINGS(FINDING)                                                                \
	FINDING(CHANGED, "the copy's entry is not the one that was fetched")                   \
	FINDING(MISSING, "this copy lacks the entry: it was changed; make a new copy")         \
	FINDING(INDEX, "searching this copy goes astray: it was changed; make a new copy")     \
	FINDING(FORM, "the entry is not of the form that the protocol gives")                  \
	FINDING(ROOT, "the entries up to here do not give the root that the log signed")       \
	FINDING(CHECKPOINT, "a kept checkpoint is not signed by the log's key")                \
	FINDING(FORKED, "the log was shown in two versions: both signed checkpoints are kept") \
	FINDING(SHORT, "no signed checkpoint covers all entries of this copy")                 \
	FINDING(CUT, "a signed checkpoint covers more than this copy has; sync again or anew") \
	FINDING(BACKDATED, "its time is before that of the entry before it")                   \
	FINDING(STATEMENT, "the directory statement does not follow from the directory")       \
	FINDING(BROKER, "the directory names another broker or log than network.conf")         \
	FINDING(STRANGER, "it names an institution that the directory does not know")          \
	FINDING(NETWORK, "it belongs to another network")                                      \
	FINDING(RULES, "the message was accepted against the rules")                           \
	FINDING(SIGNATURE, "the message is not signed by the sender it names")                 \
	FINDING(DUPLICATE, "the sender had used this message id before")                       \
	FINDING(AHEAD, "the message was created more than 5 minutes after it was accepted")    \
	FINDING(OVERDUE, "the message was accepted after its time was over")                   \
	FINDING(REPLY, "it answers a message that did not come the other way")                 \
	FINDING(                                                                               \
	    FOREIGN, "it cites a ground made by another, or for another recipient or class")   \
	FINDING(STOPPED, "the ground it rests on had been stopped before")                     \
	FINDING(NO_MESSAGE, "the evidence is about no accepted message")                       \
	FINDING(MISMATCH, "the evidence does not fit the message it is about")                 \
	FINDING(NOT_RECIPIENT, "the evidence is by someone to whom the message did not go")    \
	FINDING(EVIDENCE_SIGNATURE, "the evidence is not signed by the recipient it names")    \
	FINDING(SECOND_FINAL, "there was final evidence for this recipient before")            \
	FINDING(EARLY, "the broker let the message expire before its time was over")           \
	FINDING(UNFOUNDED, "the broker gives a reason that the directory contradicts")

#define AUDIT_FINDING_ENUM(name, text) AUDIT_##name,
enum audit_finding { AUDIT_FINDINGS(AUDIT_FINDING_ENUM) AUDIT_FINDING_COUNT };
#undef AUDIT_FINDING_ENUM

struct audit_problem {
	uint64_t index;
	enum audit_finding finding;
	enum status why; /* more exactly, or STATUS_OK */
};

#define AUDIT_PROBLEMS_MAX 20
#define AUDIT_KINDS        8 /* leaf kinds, from 1 */
#define AUDIT_EVIDENCES    6 /* evidence kinds, from 1 */

struct audit_report {
	uint64_t entries;
	uint64_t first_ms, last_ms;
	uint64_t kinds[AUDIT_KINDS];
	uint64_t evidence[AUDIT_EVIDENCES];
	uint64_t signatures;   /* of senders and recipients, found good */
	uint64_t not_held;     /* entries of which there is only the hash */
	uint64_t not_compared; /* evidence about those */
	uint64_t broker_word;  /* undeliverable for a reason that only the broker knows */
	uint64_t checkpoints;  /* signed, and the entries give their roots */
	uint64_t size;         /* of the largest of these */
	uint64_t parties, statements;
	uint64_t problem_count;
	struct audit_problem problems[AUDIT_PROBLEMS_MAX]; /* the first ones */
};

const char *audit_finding_text(enum audit_finding finding);

/* DONE of TOTAL entries are checked; may be NULL. */
typedef void audit_progress_fn(uint64_t done, uint64_t total);

/*
 * Checks every entry from 0. STATUS_OK with a report, whatever was found; anything else means
 * that the copy could not be read. The store is left as it was.
 */
MUST_CHECK enum status audit_check(struct audit_store *store, const struct network *network,
    audit_progress_fn *progress, struct audit_report *out);

#endif
