/* services/runtime/task/sitting_group.c: who may sit in a group, in whose place, and how many; pure. */
#include <stdlib.h>
#include <string.h>

#include "protocol/lists/lists.h"
#include "protocol/trust/kind.h"
#include "services/runtime/task/calendar.h"
#include "services/runtime/task/sitting.h"

#define KIND_LIST "institution-kinds"

/* Takes the next word of *TEXT, which SEPARATOR parts; false at the end. */
static bool
next_word(const char **text, char separator, struct bytes *out)
{
	size_t len = 0;

	if (*text == NULL || **text == '\0')
		return false;
	while ((*text)[len] != '\0' && (*text)[len] != separator)
		len++;
	*out = (struct bytes){(const uint8_t *)*text, len};
	*text += len + ((*text)[len] == separator ? 1 : 0);
	return true;
}

static bool
same(struct bytes one, struct bytes other)
{
	return one.len == other.len && memcmp(one.data, other.data, one.len) == 0;
}

/* ---- Sound rows -------------------------------------------------------------------------- */

static bool
is_kind(struct bytes word)
{
	return word.len > 0 && list_has(KIND_LIST, word);
}

static bool
are_kinds(const char *words, char separator, unsigned least)
{
	const char *rest = words, *later;
	struct bytes one, other;
	unsigned count = 0;

	for (; next_word(&rest, separator, &one); count++) {
		if (!is_kind(one))
			return false;
		for (later = rest; next_word(&later, separator, &other);)
			if (same(one, other))
				return false;
	}
	return count >= least;
}

/* Chains of two kinds or more. */
static bool
are_chains(const char *chains)
{
	char chain[256];
	struct bytes one;

	while (next_word(&chains, ';', &one)) {
		if (one.len >= sizeof(chain))
			return false;
		memcpy(chain, one.data, one.len);
		chain[one.len] = '\0';
		if (!are_kinds(chain, '>', 2))
			return false;
	}
	return true;
}

/* 0: "half", or nonsense. */
static unsigned
quorum_number(const char *text)
{
	unsigned number = 0;

	for (size_t i = 0; text[i] != '\0'; i++) {
		if (text[i] < '0' || text[i] > '9' || i >= 3)
			return 0;
		number = number * 10 + (unsigned)(text[i] - '0');
	}
	return number <= CIRCLE_MEMBERS_MAX ? number : 0;
}

static bool
may_hold_office(const struct sitting_group *group, const char *office)
{
	return office[0] == '\0' ||
	       (is_kind(bytes_of_text(office)) && sitting_may_sit(group, office));
}

bool
sitting_group_is_sound(const struct sitting_group *group)
{
	return are_kinds(group->members, ';', 0) && are_chains(group->substitutes) &&
	       may_hold_office(group, group->chair) &&
	       may_hold_office(group, group->secretary) &&
	       (strcmp(group->quorum, "half") == 0 || quorum_number(group->quorum) > 0) &&
	       (group->after[0] == '\0' || strcmp(group->after, group->code) != 0);
}

bool
sitting_group_named(struct bytes code, struct sitting_group *out)
{
	const struct list *list = list_named("cooperation-groups");
	struct sitting_group group;
	unsigned row;

	if (list == NULL || !list_find(list, code, &row))
		return false;
	group = (struct sitting_group){
	    .code = list_text(list, row, "code"),
	    .members = list_text(list, row, "members"),
	    .chair = list_text(list, row, "chair"),
	    .secretary = list_text(list, row, "secretary"),
	    .quorum = list_text(list, row, "quorum"),
	    .substitutes = list_text(list, row, "substitutes"),
	    .after = list_text(list, row, "after"),
	};
	if (!sitting_group_is_sound(&group))
		return false;
	*out = group;
	return true;
}

/* ---- Who --------------------------------------------------------------------------------- */

/* Whether KIND stands behind ABSENT in the one chain. */
static bool
follows_in(struct bytes chain, struct bytes kind, struct bytes absent)
{
	bool seen = false;

	while (chain.len > 0) {
		const uint8_t *end = memchr(chain.data, '>', chain.len);
		struct bytes one = {
		    chain.data, end != NULL ? (size_t)(end - chain.data) : chain.len};

		if (seen && same(one, kind))
			return true;
		seen |= same(one, absent);
		chain.data += one.len + (end != NULL ? 1 : 0);
		chain.len -= one.len + (end != NULL ? 1 : 0);
	}
	return false;
}

bool
sitting_may_stand_in(const struct sitting_group *group, const char *kind, const char *absent)
{
	const char *chains = group->substitutes;
	struct bytes chain;

	if (kind[0] == '\0' || absent[0] == '\0')
		return false;
	if (strcmp(kind, absent) == 0)
		return true;
	while (next_word(&chains, ';', &chain))
		if (follows_in(chain, bytes_of_text(kind), bytes_of_text(absent)))
			return true;
	return false;
}

bool
sitting_may_sit(const struct sitting_group *group, const char *kind)
{
	const char *members = group->members;
	char member[KIND_MAX + 1];
	struct bytes one;

	if (!is_kind(bytes_of_text(kind)))
		return false;
	if (members[0] == '\0')
		return true;
	while (next_word(&members, ';', &one)) {
		if (one.len > KIND_MAX)
			continue;
		memcpy(member, one.data, one.len);
		member[one.len] = '\0';
		if (sitting_may_stand_in(group, kind, member))
			return true;
	}
	return false;
}

bool
sitting_may_chair(const struct sitting_group *group, const char *kind)
{
	return sitting_may_sit(group, kind) &&
	       (group->chair[0] == '\0' || sitting_may_stand_in(group, kind, group->chair));
}

bool
sitting_may_write(const struct sitting_group *group, const char *kind)
{
	return sitting_may_sit(group, kind) &&
	       (group->secretary[0] == '\0' ||
		   sitting_may_stand_in(group, kind, group->secretary));
}

unsigned
sitting_quorum(const struct sitting_group *group, unsigned members)
{
	unsigned number = quorum_number(group->quorum);

	if (number == 0)
		return members / 2 + 1;
	return number < members || members == 0 ? number : members;
}

/* ---- Periods ----------------------------------------------------------------------------- */

static unsigned
rule(const char *code)
{
	const struct list *list = list_named("sitting-rules");
	unsigned row;

	return list != NULL && list_find(list, bytes_of_text(code), &row)
	           ? (unsigned)strtoul(list_text(list, row, "value"), NULL, 10)
	           : 0;
}

uint64_t
sitting_corrections_end(uint64_t ms)
{
	return calendar_by(calendar_day_at(ms) + (calendar_day)rule("corrections"));
}

uint64_t
sitting_decisions_end(uint64_t ms)
{
	return calendar_after(ms, rule("decisions"));
}
