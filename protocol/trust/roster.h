/* protocol/trust/roster.h: parties and every key there ever was, with the entries these hold for. */
#ifndef SAIKNE_ROSTER_H
#define SAIKNE_ROSTER_H

#include "protocol/trust/directory.h"
#include "protocol/trust/lookup.h"

#define ROSTER_FOREVER UINT64_MAX
#define ROSTER_NOBODY  UINT32_MAX /* owner of the root's, the log's and the broker's keys */
#define ROSTER_RESERVE 4          /* keys that one statement may bring */

/* A key is good for the log's entries between SINCE and UNTIL, both excluded. */
struct roster_key {
	uint8_t key[32];
	uint32_t owner; /* position in MEMBERS */
	enum key_purpose purpose;
	uint64_t epoch; /* from 1, for each purpose of an owner */
	uint64_t since, until;
	uint64_t not_before_ms, not_after_ms; /* sealing keys */
};

/* Not active for the entries between FROM and TO. */
struct roster_suspension {
	uint64_t from, to;
};

struct roster_epochs {
	uint32_t *keys; /* positions in KEYS; epoch N stands at N - 1 */
	uint32_t count, cap;
};

struct roster_member {
	struct party party; /* first: the directory hands it out, and finds the rest from it */
	uint32_t position;
	struct roster_epochs epochs[KEY_TRANSPORT + 1]; /* by purpose */
	struct roster_suspension *suspensions;
	uint32_t suspension_count, suspension_cap;
	uint64_t changed_ms; /* the time of the last SUSPEND or LIFT */
};

struct roster {
	struct roster_member **members;
	uint32_t member_count, member_cap;
	struct roster_key *keys;
	uint32_t key_count, key_cap;
	struct lookup by_code, by_key;
};

/* The roster must not move afterwards. */
void roster_init(struct roster *roster);
void roster_free(struct roster *roster);

struct roster_member *roster_member(const struct roster *roster, struct bytes code);
/* The key with these bytes, whosever and whenever; NULL: never seen. */
const struct roster_key *roster_find_key(
    const struct roster *roster, const uint8_t key[static 32]);
/* NULL when MEMBER never had this epoch. */
struct roster_key *roster_epoch(const struct roster *roster, const struct roster_member *member,
    enum key_purpose purpose, uint64_t epoch);
uint64_t roster_epoch_count(const struct roster_member *member, enum key_purpose purpose);
/* The newest epoch of PURPOSE that nothing has ended; NULL: none. */
const struct roster_key *roster_newest(
    const struct roster *roster, const struct roster_member *member, enum key_purpose purpose);
bool roster_active_at(const struct roster_member *member, uint64_t log_index);

/*
 * Room for what one statement may bring, for MEMBER (NULL: nobody there yet). After it, the
 * rest below cannot fail for want of memory, but for roster_admit(), which then changes nothing.
 */
MUST_CHECK enum status roster_reserve(struct roster *roster, struct roster_member *member);
/* A new member from PARTY; NULL when memory ran out. */
struct roster_member *roster_admit(struct roster *roster, const struct party *party);
/* The next epoch of KEY's purpose for MEMBER (NULL: a key of nobody, without epochs). */
void roster_add_key(
    struct roster *roster, struct roster_member *member, const struct roster_key *key);
/* Ends a key at LOG_INDEX, unless something ended it before. */
void roster_end_key(struct roster_key *key, uint64_t log_index);
void roster_suspend(struct roster_member *member, uint64_t log_index);
void roster_lift(struct roster_member *member, uint64_t log_index);

#endif
