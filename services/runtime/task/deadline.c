/* services/runtime/task/deadline.c: which deadlines run on a task, whose, and when they end; pure. */
#include "services/runtime/task/deadline.h"

#include <string.h>

#include "protocol/lists/lists.h"
#include "services/runtime/task/calendar.h"
#include "services/runtime/task/ladder.h"

#define MINUTE_MS  ((uint64_t)60000)
#define DAY_MS     (24 * 60 * MINUTE_MS)
#define AMOUNT_MAX 100000
#define RULES_MAX  128
#define DUE_DAY    "due_day"

/* ---- Rules ------------------------------------------------------------------------------- */

static bool
read_amount(const char *text, unsigned *out)
{
	*out = 0;
	for (; *text >= '0' && *text <= '9' && *out <= AMOUNT_MAX; text++)
		*out = *out * 10 + (unsigned)(*text - '0');
	return *text == '\0' && *out <= AMOUNT_MAX;
}

static bool
read_unit(const char *text, unsigned amount, enum deadline_unit *out)
{
	*out = strcmp(text, "minutes") == 0        ? DEADLINE_MINUTES
	       : strcmp(text, "working_days") == 0 ? DEADLINE_WORKING_DAYS
	       : strcmp(text, "days") == 0         ? DEADLINE_DAYS
	                                           : DEADLINE_NONE;
	return (*out == DEADLINE_NONE) == (amount == 0) &&
	       (*out != DEADLINE_NONE || text[0] == '\0');
}

static bool
read_field(const char *text, enum field *out)
{
	*out = strncmp(text, "due", 3) == 0  ? FIELD_DUE
	       : strcmp(text, "starts") == 0 ? FIELD_STARTS
	                                     : FIELD_UNTIL;
	if (*out == FIELD_DUE)
		return text[3] == '\0' || strcmp(text, DUE_DAY) == 0;
	return text[0] == '\0' || *out != FIELD_UNTIL || strcmp(text, "until") == 0;
}

bool
deadline_period(const char *amount, const char *unit, unsigned *number, enum deadline_unit *out)
{
	return read_amount(amount, number) && read_unit(unit, *number, out);
}

static bool
read_rule(unsigned i, struct deadline_rule *out)
{
	const struct list *list = list_named("deadlines");
	struct deadline_rule rule = {.row = i};
	const char *clock;

	if (list == NULL || i >= list_rows(list))
		return false;
	clock = list_text(list, i, "clock");
	rule.what = list_text(list, i, "what");
	rule.sorts = list_text(list, i, "sort");
	rule.states = list_text(list, i, "states");
	rule.urgency = list_text(list, i, "urgency");
	rule.dates = list_text(list, i, "dates");
	rule.begins = list_text(list, i, "begins");
	rule.settled = list_text(list, i, "settled");
	rule.reminder_to = list_text(list, i, "reminder_to");
	rule.overdue_to = list_text(list, i, "overdue_to");
	rule.mirror_to = list_text(list, i, "mirror_to");
	rule.senders = strcmp(clock, "sender") == 0;
	rule.midnight = strcmp(list_text(list, i, "field"), DUE_DAY) == 0;
	if ((!rule.senders && strcmp(clock, "recipient") != 0) || rule.what[0] == '\0' ||
	    strlen(rule.what) >= DEADLINE_WHAT_MAX ||
	    !read_field(list_text(list, i, "field"), &rule.field) ||
	    !deadline_period(list_text(list, i, "amount"), list_text(list, i, "unit"),
		&rule.amount, &rule.unit) ||
	    !deadline_period(list_text(list, i, "reminder"),
		list_text(list, i, "reminder_unit"), &rule.reminder, &rule.reminder_unit))
		return false;
	*out = rule;
	return true;
}

/* The list is read once: every fold of every task asks for all of it. */
bool
deadline_rule_at(unsigned i, struct deadline_rule *out)
{
	static struct deadline_rule rules[RULES_MAX];
	static unsigned count;

	while (count <= i && count < RULES_MAX && read_rule(count, &rules[count]))
		count++;
	if (i >= count)
		return false;
	*out = rules[i];
	return true;
}

bool
deadline_rule_of(const char *what, struct deadline_rule *out)
{
	struct deadline_rule rule;

	for (unsigned i = 0; deadline_rule_at(i, &rule); i++)
		if (strcmp(rule.what, what) == 0) {
			*out = rule;
			return true;
		}
	return false;
}

bool
deadline_rule_in(
    const char *what, const char *sort, const char *state, struct deadline_rule *out)
{
	struct deadline_rule rule;

	for (unsigned i = 0; deadline_rule_at(i, &rule); i++)
		if (strcmp(rule.what, what) == 0 && deadline_lists(rule.sorts, sort) &&
		    deadline_lists(rule.states, state)) {
			*out = rule;
			return true;
		}
	return deadline_rule_of(what, out);
}

bool
deadline_lists(const char *words, const char *word)
{
	size_t len = strlen(word);

	while (len > 0 && *words != '\0') {
		size_t one = strcspn(words, ";");

		if (one == len && memcmp(words, word, len) == 0)
			return true;
		words += one + (words[one] == ';');
	}
	return false;
}

bool
deadline_is_dated(const char *sort)
{
	struct deadline_rule rule;

	for (unsigned i = 0; deadline_rule_at(i, &rule); i++)
		if (rule.dates[0] != '\0' && deadline_lists(rule.sorts, sort))
			return true;
	return false;
}

const char *
deadline_stage_name(enum deadline_stage stage)
{
	static const char *const names[DEADLINE_STAGE_COUNT] = {
	    [DEADLINE_RUNNING] = "running",
	    [DEADLINE_REMINDED] = "reminder",
	    [DEADLINE_OVERDUE] = "overdue",
	    [DEADLINE_SUPERVISOR] = "supervisor",
	    [DEADLINE_HEADS] = "heads",
	    [DEADLINE_MANAGEMENT] = "management",
	};

	return stage < DEADLINE_STAGE_COUNT ? names[stage] : "";
}

/* ---- What runs --------------------------------------------------------------------------- */

static bool
runs(const struct deadline_rule *rule, const struct deadline_task *task, const char *state)
{
	return deadline_lists(rule->sorts, task->sort) && deadline_lists(rule->states, state) &&
	       (rule->urgency[0] == '\0' || strcmp(rule->urgency, task->urgency) == 0);
}

/*
 * Where the task came into the states of RULE without leaving them since, or the last of what
 * begins it; NULL: nothing has.
 */
static const struct deadline_entry *
beginning(const struct deadline_rule *rule, const struct deadline_task *task)
{
	size_t i = task->count - 1;

	if (rule->begins[0] == '\0') {
		while (i > 0 && runs(rule, task, task->entries[i - 1].state))
			i--;
		return &task->entries[i];
	}
	for (i = task->count; i > 0; i--)
		if (deadline_lists(rule->begins, task->entries[i - 1].type))
			return &task->entries[i - 1];
	return NULL;
}

/* Whether WHO wrote BEGAN, or what settles RULE since. */
static bool
has_settled(const struct deadline_rule *rule, const struct deadline_task *task,
    const struct deadline_entry *began, const char *who)
{
	for (const struct deadline_entry *entry = began; entry < task->entries + task->count;
	     entry++)
		if (entry->author != NULL && strcmp(entry->author, who) == 0 &&
		    (entry == began || deadline_lists(rule->settled, entry->type)))
			return true;
	return false;
}

/* Whether somebody owes it still; OWER is the first who does. */
static bool
is_owed(const struct deadline_rule *rule, const struct deadline_task *task,
    const struct deadline_entry *began, unsigned *ower)
{
	*ower = 0;
	if (rule->settled[0] == '\0')
		return true;
	while (*ower < task->ower_count && has_settled(rule, task, began, task->owers[*ower]))
		++*ower;
	return *ower < task->ower_count;
}

static const char *
date_of(const struct deadline_rule *rule, const struct deadline_entry *entry)
{
	return rule->field == FIELD_DUE      ? entry->due
	       : rule->field == FIELD_STARTS ? entry->starts
	                                     : entry->until;
}

/* The date that the last message of DATES gave, back to the one that begins it; 0: none. */
static uint64_t
given(const struct deadline_rule *rule, const struct deadline_task *task)
{
	size_t first = strcspn(rule->dates, ";");
	calendar_day day;

	for (size_t i = task->count; i > 0; i--) {
		const struct deadline_entry *entry = &task->entries[i - 1];

		if (!deadline_lists(rule->dates, entry->type))
			continue;
		if (calendar_date(bytes_of_text(date_of(rule, entry)), &day))
			return rule->midnight ? calendar_start_ms(day + 1) - 1
			                      : calendar_by(day);
		if (strlen(entry->type) == first &&
		    memcmp(entry->type, rule->dates, first) == 0)
			return 0;
	}
	return 0;
}

uint64_t
deadline_after(uint64_t ms, unsigned amount, enum deadline_unit unit)
{
	switch (unit) {
	case DEADLINE_MINUTES:
		return (ms < CALENDAR_MS_MAX ? ms : CALENDAR_MS_MAX) + amount * MINUTE_MS;
	case DEADLINE_WORKING_DAYS:
		return calendar_after(ms, amount);
	case DEADLINE_DAYS:
		return calendar_by(calendar_day_at(ms) + (calendar_day)amount);
	case DEADLINE_NONE:
		break;
	}
	return 0;
}

static uint64_t
before(uint64_t ms, unsigned amount, enum deadline_unit unit)
{
	switch (unit) {
	case DEADLINE_MINUTES:
		return ms > amount * MINUTE_MS ? ms - amount * MINUTE_MS : 0;
	case DEADLINE_WORKING_DAYS:
		return calendar_before(ms, amount);
	case DEADLINE_DAYS:
		return ms > amount * DAY_MS ? ms - amount * DAY_MS : 0;
	case DEADLINE_NONE:
		break;
	}
	return 0;
}

/* False where nobody owes it, and where no end is given and the list has no period. */
static bool
derive(const struct deadline_task *task, struct deadline *out)
{
	const struct deadline_rule *rule = &out->rule;
	const struct deadline_entry *began = beginning(rule, task);
	bool unread = strcmp(rule->what, "read") == 0;

	if ((unread && task->read) || began == NULL || !is_owed(rule, task, began, &out->ower))
		return false;
	memset(out->climbs_ms, 0, sizeof(out->climbs_ms));
	out->began_ms = began->time_ms;
	out->due_ms = given(rule, task);
	/* A date so far that nobody would be told puts no deadline to sleep. */
	if (out->due_ms > out->began_ms && out->due_ms - out->began_ms > DEADLINE_LONGEST_MS)
		out->due_ms = out->began_ms + DEADLINE_LONGEST_MS;
	if (out->due_ms == 0)
		out->due_ms = deadline_after(out->began_ms, rule->amount, rule->unit);
	if (unread && task->unread_ms != 0 && out->began_ms < CALENDAR_MS_MAX)
		out->due_ms = out->began_ms + task->unread_ms;
	if (out->due_ms == 0)
		return false;
	out->reminder_ms = before(out->due_ms, rule->reminder, rule->reminder_unit);
	if (out->reminder_ms <= out->began_ms)
		out->reminder_ms = 0;
	if (rule->reminder_unit == DEADLINE_NONE && rule->reminder_to[0] != '\0')
		out->reminder_ms = out->began_ms;
	if (rule->overdue_to[0] == '\0')
		return true;
	/* What was late when it began (a date long past, a mail that lay) has the ladder's time yet. */
	ladder_climb(task->sort, task->urgency,
	    out->due_ms > out->began_ms ? out->due_ms : out->began_ms, out->climbs_ms);
	return true;
}

unsigned
deadline_derive(const struct deadline_task *task, struct deadline out[static DEADLINE_MAX])
{
	struct deadline found;
	unsigned count = 0;

	if (task->count == 0)
		return 0;
	for (unsigned i = 0; count < DEADLINE_MAX && deadline_rule_at(i, &found.rule); i++)
		if (runs(&found.rule, task, task->entries[task->count - 1].state) &&
		    derive(task, &found))
			out[count++] = found;
	return count;
}
