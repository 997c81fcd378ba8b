/* services/runtime/task/custody_fact.c: whose custody statements are about, and what they say of it; pure. */
#include "services/runtime/task/custody_fact.h"

#include <string.h>

#include "protocol/lists/lists.h"
#include "services/runtime/task/words.h"

enum custody_effect
custody_fact_effect(const char *event)
{
	const struct list *events = list_named("custody-events");
	const char *effect = "";
	unsigned row;

	if (events != NULL && list_find(events, bytes_of_text(event), &row))
		effect = list_text(events, row, "effect");
	return strcmp(effect, "lost") == 0  ? CUSTODY_LOST
	       : strcmp(effect, "has") == 0 ? CUSTODY_HAS
	                                    : CUSTODY_NONE;
}

/* ---- Who is meant ------------------------------------------------------------------------ */

/* A word alone; the whole of a double name stands beside its parts, and says nothing more. */
static bool
has_word(const struct words *words, const struct word *word)
{
	for (unsigned i = 0; i < words->count; i++)
		if (words->word[i].len == word->len &&
		    memcmp(words->word[i].byte, word->byte, word->len) == 0)
			return true;
	return false;
}

static bool
has_all(const struct words *words, const struct words *of)
{
	bool any = false;

	for (unsigned i = 0; i < of->count; i++) {
		if (of->word[i].joined)
			continue;
		if (!has_word(words, &of->word[i]))
			return false;
		any = true;
	}
	return any;
}

static bool
same_name(const char *one, const char *other)
{
	struct words a, b;
	bool same = words_of_name(bytes_of_text(one), &a) == STATUS_OK &&
	            words_of_name(bytes_of_text(other), &b) == STATUS_OK && !a.more &&
	            !b.more && has_all(&a, &b) && has_all(&b, &a);

	suite_wipe(&a, sizeof(a));
	suite_wipe(&b, sizeof(b));
	return same;
}

/* Whether both have a code; then whether it is one and the same. */
static bool
have_codes(const char *one, const char *other, bool *same)
{
	struct word a = {0}, b = {0};
	bool both = words_of_code(bytes_of_text(one), &a) == STATUS_OK && a.len > 0 &&
	            words_of_code(bytes_of_text(other), &b) == STATUS_OK && b.len > 0;

	*same = both && a.len == b.len && memcmp(a.byte, b.byte, a.len) == 0;
	suite_wipe(&a, sizeof(a));
	suite_wipe(&b, sizeof(b));
	return both;
}

bool
custody_fact_same_child(const struct custody_child *one, const struct custody_child *other)
{
	bool same;

	if (have_codes(one->code, other->code, &same))
		return same;
	return one->birth[0] != '\0' && strcmp(one->birth, other->birth) == 0 &&
	       same_name(one->name, other->name);
}

enum custody_match
custody_fact_match(const struct custody_giver *giver, const struct custody_fact *fact)
{
	bool same;

	if (strcmp(giver->capacity, "child") == 0)
		return CUSTODY_OTHER;
	/* Every parent: not whom a court or an orphan's court put in their place. */
	if (fact->person[0] == '\0' && fact->code[0] == '\0')
		return giver->capacity[0] == '\0' || strcmp(giver->capacity, "parent") == 0
		           ? CUSTODY_SAME
		           : CUSTODY_OTHER;
	if (have_codes(giver->code, fact->code, &same))
		return same ? CUSTODY_SAME : CUSTODY_OTHER;
	return same_name(giver->name, fact->person) ? CUSTODY_SAME : CUSTODY_MAYBE;
}

/* ---- What they say ----------------------------------------------------------------------- */

static bool
is_corrected(const struct custody_fact *facts, size_t count, const struct custody_fact *fact)
{
	for (size_t i = 0; i < count; i++)
		if (!facts[i].void_ && strcmp(facts[i].origin, fact->origin) == 0 &&
		    memcmp(facts[i].corrects, fact->task, sizeof(fact->task)) == 0)
			return true;
	return false;
}

/* Whether a later statement says otherwise of the same person for the same day. */
static bool
is_replaced(const struct custody_fact *facts, size_t count, const struct custody_fact *fact,
    const struct custody_giver *giver, uint64_t before)
{
	for (size_t i = 0; i < count; i++)
		if (&facts[i] != fact && (before == UINT64_MAX || facts[i].index < before) &&
		    facts[i].index > fact->index && strcmp(facts[i].from, fact->from) == 0 &&
		    custody_fact_effect(facts[i].event) != CUSTODY_NONE && !facts[i].void_ &&
		    !is_corrected(facts, count, &facts[i]) &&
		    custody_fact_match(giver, &facts[i]) == CUSTODY_SAME)
			return true;
	return false;
}

size_t
custody_fact_select(const struct custody_fact *facts, size_t count,
    const struct custody_giver *giver, uint64_t before, struct consent_custody *out,
    bool *doubt)
{
	size_t found = 0;

	if (doubt != NULL)
		*doubt = false;
	for (size_t i = 0; i < count; i++) {
		const struct custody_fact *fact = &facts[i];
		enum custody_effect effect = custody_fact_effect(fact->event);
		enum custody_match match = custody_fact_match(giver, fact);

		if (effect == CUSTODY_NONE || match == CUSTODY_OTHER || fact->void_ ||
		    is_corrected(facts, count, fact))
			continue;
		if (match == CUSTODY_MAYBE) {
			if (doubt != NULL && effect == CUSTODY_LOST)
				*doubt = true;
			continue;
		}
		if ((before != UINT64_MAX && fact->index >= before) ||
		    is_replaced(facts, count, fact, giver, before))
			continue;
		out[found] = (struct consent_custody){.has = effect == CUSTODY_HAS};
		memcpy(out[found].from, fact->from, sizeof(out[found].from));
		found++;
	}
	return found;
}
