/* tests/lint/spec_tables.c: prints SPEC.md's generated tables from the lists in the headers. */
#include <stdio.h>
#include <string.h>

#include "protocol/lists/lists.h"
#include "protocol/trust/policy.h"
#include "protocol/wire/frame.h"
#include "services/runtime/task/circle.h"
#include "services/runtime/task/task.h"

static const char *const basis_names[] = {
    [BASIS_NONE] = "none",
    [BASIS_CONSENT] = "consent",
    [BASIS_LAW] = "law",
    [BASIS_REPLY] = "reply",
};

static void
begin(const char *name)
{
	printf("@@ %s\n", name);
}

static void
categories(void)
{
	begin("categories");
	printf("| number | category | Latvian | English |\n|---|---|---|---|\n");
	for (unsigned i = 0; i < CATEGORY_COUNT; i++)
		printf("| %u | `%s` | %s | %s |\n", i, category_name(i),
		    list_label("categories", category_name(i), "lv"),
		    list_label("categories", category_name(i), "en"));
}

static void
fields(void)
{
	const struct field_info *field;

	begin("fields");
	printf("| number | field | category | kind | limit | list | Latvian | English |\n"
	       "|---|---|---|---|---|---|---|---|\n");
	for (unsigned i = 0; (field = field_at(i)) != NULL; i++) {
		printf("| %d | `%s` | %s | %s | ", (int)field->id, field->name,
		    category_name(field->category), field_kind_name(field->kind));
		if (field->limit == UINT64_MAX)
			printf("2^64-1");
		else if (field->limit > 0)
			printf("%llu", (unsigned long long)field->limit);
		printf(" | %s | %s | %s |\n", field->list, field->label_lv, field->label_en);
	}
}

static void
messages(void)
{
	const struct message_info *message;

	begin("messages");
	printf("| number | type | fields in order (**required**) | Latvian | English |\n"
	       "|---|---|---|---|---|\n");
	for (unsigned i = 0; (message = message_at(i)) != NULL; i++) {
		printf("| %d | `%s` | ", (int)message->id, message->name);
		for (unsigned f = 0; f < message->field_count; f++)
			printf("%s%s%s%s", f > 0 ? ", " : "",
			    message->fields[f].required ? "**" : "",
			    message->fields[f].field->name,
			    message->fields[f].required ? "**" : "");
		printf(" | %s | %s |\n", message->label_lv, message->label_en);
	}
}

static void
set_of_groups(uint32_t groups)
{
	const char *comma = "";

	for (unsigned g = GROUP_SCHOOL; g < GROUP_COUNT; g++)
		if (groups & (1U << g)) {
			printf("%s%s", comma, group_name((enum group)g));
			comma = ", ";
		}
}

static void
policy(void)
{
	const struct policy_rule *rule;

	begin("policy");
	printf("| type | senders | recipients | two of one kind | basis classes |\n"
	       "|---|---|---|---|---|\n");
	for (unsigned i = 0; (rule = policy_at(i)) != NULL; i++) {
		const char *comma = "";

		printf("| `%s` | ", message_info(rule->type)->name);
		set_of_groups(rule->senders);
		printf(" | ");
		set_of_groups(rule->recipients);
		printf(" | %s | ", rule->same_kind ? "yes" : "no");
		for (unsigned b = 0; b < BASIS_COUNT; b++)
			if (rule->bases & (1U << b)) {
				printf("%s%s", comma, basis_names[b]);
				comma = ", ";
			}
		printf(" |\n");
	}
}

static void
profiles(void)
{
	const struct list *list = list_named("profiles");

	begin("profiles");
	printf("| purpose | recipient | categories | source |\n|---|---|---|---|\n");
	for (unsigned row = 0; row < list_rows(list); row++) {
		const char *categories = list_text(list, row, "categories");

		printf("| `%s` | %s | ", list_text(list, row, "purpose"),
		    list_text(list, row, "recipient"));
		for (const char *c = categories; *c != '\0'; c++)
			if (*c == ';')
				printf(", ");
			else
				putchar(*c);
		printf(" | %s |\n", list_text(list, row, "source"));
	}
}

static void
refusals(void)
{
	enum status status;

	begin("refusals");
	printf("| code | name | meaning | what to do |\n|---|---|---|---|\n");
	for (unsigned i = 0; status_at(i, &status); i++)
		if ((int)status >= 100 && (int)status < 200)
			printf("| %d | `%s` | %s | %s |\n", (int)status, status_name(status),
			    status_meaning(status), status_remedy(status));
}

#define COMMAND_PRINT(name, number, from, body, purpose)                                       \
	printf("| %d | `%s` | %s | `%s` | %s |\n", number, command_name(number), from, body,   \
	    purpose);
#define LEAF_PRINT(name, number, form)                                                         \
	printf("| %d | `%s` | `%s` |\n", number, leaf_name((enum leaf_kind)(number)), form);
#define EVIDENCE_PRINT(name, number, final)                                                    \
	printf("| %d | `%s` | %s |\n", number, evidence_name((enum evidence_kind)(number)),    \
	    (final) ? "yes" : "no");
#define STATEMENT_PRINT(name, number, signed_by, form)                                         \
	printf("| %d | `%s` | %s | %s |\n", number,                                            \
	    statement_name((enum statement_kind)(number)), signed_by, form);

static void
forms(void)
{
	begin("commands");
	printf("| number | command | from | body | purpose |\n|---|---|---|---|---|\n");
	COMMAND_LIST(COMMAND_PRINT)
	begin("leaves");
	printf("| number | leaf | form |\n|---|---|---|\n");
	LEAF_LIST(LEAF_PRINT)
	begin("evidence");
	printf("| number | kind | final |\n|---|---|---|\n");
	EVIDENCE_LIST(EVIDENCE_PRINT)
	begin("statements");
	printf("| number | statement | signed by | further fields |\n|---|---|---|---|\n");
	STATEMENT_LIST(STATEMENT_PRINT)
}

/* The states of SORT, under its name: "referral_states". */
static void
states(const struct task_sort *sort)
{
	printf("@@ %s_states\n", sort->name);
	printf("| state | Latvian | English | over |\n|---|---|---|---|\n");
	for (unsigned i = TASK_PENDING; i < TASK_STATE_COUNT; i++) {
		enum task_state state = (enum task_state)i;

		if (!task_has(sort, state))
			continue;
		printf("| `%s` | %s | %s | %s |\n", task_state_name(state),
		    task_state_label(state, "lv"), task_state_label(state, "en"),
		    task_is_open(sort, state) ? "" : "yes");
	}
}

/* Whose act it is: "" for the broker's word, which both sides have. */
static const char *
sides(const struct task_sort *sort, const struct task_move *move)
{
	if (move->by == TASK_SENDER)
		return "sender";
	if (move->by == TASK_RECIPIENT)
		return "recipient";
	for (unsigned i = 0; i < sort->message_count; i++)
		if (sort->messages[i].event == move->event)
			return "both";
	return "";
}

static void
moves(const struct task_sort *sort)
{
	const struct task_move *move;

	begin(sort->name);
	printf("| state | act | by | only | next |\n|---|---|---|---|---|\n");
	for (unsigned i = 0; (move = task_move_at(sort, i)) != NULL; i++) {
		printf("| `%s` | %s | %s | ", task_state_name(move->state),
		    task_event_name(move->event), sides(sort, move));
		if (move->need == TASK_WITH_CONTENT)
			printf("with the content");
		else if (move->need != TASK_ALWAYS)
			printf("%s %s",
			    move->need == TASK_IF_CROSSED ? "if it crossed"
							  : "unless it crossed",
			    task_event_name(move->over));
		printf(" | `%s` |\n", task_state_name(move->next));
	}
}

/* A number and its unit, as people write them. */
static void
period(const struct list *list, unsigned row, const char *amount, const char *unit)
{
	const char *words = list_text(list, row, unit);

	printf(" | %s%s%s", list_text(list, row, amount), words[0] != '\0' ? " " : "",
	    strcmp(words, "working_days") == 0 ? "working days" : words);
}

static void
deadlines(void)
{
	const struct list *list = list_named("deadlines");

	begin("deadlines");
	printf("| what | of a | in states | urgency | owed by | date of | since | settled by | "
	       "period | reminder before |"
	       " reminder to | overdue to | other side | source |\n"
	       "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
	for (unsigned i = 0; i < list_rows(list); i++) {
		static const char *const whom[] = {
		    "reminder_to", "overdue_to", "mirror_to", "source"};

		printf("| `%s` | %s | %s | %s | %s | %s | %s | %s", list_text(list, i, "what"),
		    list_text(list, i, "sort"), list_text(list, i, "states"),
		    list_text(list, i, "urgency"), list_text(list, i, "clock"),
		    list_text(list, i, "dates"), list_text(list, i, "begins"),
		    list_text(list, i, "settled"));
		period(list, i, "amount", "unit");
		period(list, i, "reminder", "reminder_unit");
		for (size_t w = 0; w < sizeof(whom) / sizeof(whom[0]); w++)
			printf(" | %s", list_text(list, i, whom[w]));
		printf(" |\n");
	}
}

static void
name(const char *what, const uint8_t id[static SUITE_ID_LEN])
{
	char hex[2 * SUITE_ID_LEN + 1];

	bytes_to_hex((struct bytes){id, SUITE_ID_LEN}, hex);
	printf("| %s | `%s` |\n", what, hex);
}

/* What is in the circle of one token is called. */
static void
names(void)
{
	uint8_t token[SUITE_ID_LEN], chance[CIRCLE_CHANCE_LEN], id[SUITE_ID_LEN];

	memset(token, 0x11, sizeof(token));
	memset(chance, 0x22, sizeof(chance));
	begin("names");
	printf("| of the token 16 times `11` | |\n|---|---|\n");
	circle_id(token, id);
	name("the frame", id);
	circle_task_id(token, chance, id);
	name("a task, from 8 times `22`", id);
}

/* Three entries, and the digest behind each. */
static void
history(void)
{
	uint8_t digest[SUITE_HASH_LEN] = {0};

	begin("history");
	printf("| log index | content root | digest |\n|---|---|---|\n");
	for (unsigned i = 1; i <= 3; i++) {
		struct merkle_hash root;
		char hex[2 * SUITE_HASH_LEN + 1];

		memset(root.byte, (int)(0x11 * i), sizeof(root.byte));
		circle_digest_add(digest, 1000 * i, &root);
		bytes_to_hex(BYTES(digest), hex);
		printf("| %u | 32 times `%02x` | `%s` |\n", 1000 * i, 0x11 * i, hex);
	}
}

int
main(void)
{
	const struct task_sort *sort;

	if (suite_start() != STATUS_OK || lists_start() != STATUS_OK)
		return 1;
	categories();
	fields();
	messages();
	policy();
	profiles();
	refusals();
	forms();
	for (unsigned i = 0; (sort = task_sort_at(i)) != NULL; i++) {
		states(sort);
		moves(sort);
	}
	deadlines();
	names();
	history();
	return 0;
}
