/* services/runtime/task/custody_fact.h: whose custody statements are about, and what they say of it; pure. */
#ifndef SAIKNE_CUSTODY_FACT_H
#define SAIKNE_CUSTODY_FACT_H

#include "protocol/base/suite.h"
#include "protocol/wire/envelope.h"
#include "services/runtime/task/consent.h"

/* By column `effect` of lists/custody-events.csv. */
enum custody_effect { CUSTODY_NONE, CUSTODY_LOST, CUSTODY_HAS };
enum custody_effect custody_fact_effect(const char *event);

/* One statement of an orphan's court, as it bears on consents; texts are "" where it says nothing. */
struct custody_fact {
	char origin[PARTY_MAX + 1];     /* the orphan's court */
	uint8_t task[SUITE_ID_LEN];     /* of the statement */
	uint8_t corrects[SUITE_ID_LEN]; /* the task of the statement that it corrects; zeroes */
	uint64_t index;                 /* of the statement; UINT64_MAX: not in the log yet */
	bool void_;                     /* it was entered in error */
	char event[33];                 /* a code of custody-events.csv */
	char person[121], code[17];     /* whose custody; both "": of every parent */
	char from[11];                  /* the legal day */
};

/* A child as a message, a record or a note names it; texts are "" where it says nothing. */
struct custody_child {
	char name[121], code[17], birth[11];
};
/* By personal codes where both have one; else by the words of the names and the day of birth. */
bool custody_fact_same_child(
    const struct custody_child *one, const struct custody_child *other);

/* Who gave a consent, as its record says. */
struct custody_giver {
	const char *name, *code;
	const char *capacity; /* of capacities.csv; "": taken for a parent */
};

/*
 * Whether FACT is about GIVER: by personal codes where both have one, else by the words of the
 * names, in any order and spelling (words.h). Whom a fact with another name may mean all the same,
 * because one of them has no code, people are to look into.
 */
enum custody_match { CUSTODY_OTHER, CUSTODY_MAYBE, CUSTODY_SAME };
enum custody_match custody_fact_match(
    const struct custody_giver *giver, const struct custody_fact *fact);

/*
 * What FACTS say of GIVER, for consent_fold(): those in the log before BEFORE alone (UINT64_MAX:
 * all). What was corrected or entered in error says nothing, and of several for one day the last in
 * the log holds; in whatever order they come. OUT has room for COUNT; gives how many it got.
 * *DOUBT (may be NULL): one that takes custody may mean GIVER.
 */
size_t custody_fact_select(const struct custody_fact *facts, size_t count,
    const struct custody_giver *giver, uint64_t before, struct consent_custody *out,
    bool *doubt);

#endif
