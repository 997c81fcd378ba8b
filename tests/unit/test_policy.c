/* tests/unit/test_policy.c: what no row permits is refused, over the whole matrix. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/trust/policy.h"
#include "protocol/trust/profile.h"
#include "protocol/wire/attachment.h"
#include "tests/unit/world.h"

#define KINDS_MAX 64

static struct world w;
static char kinds[KINDS_MAX][KIND_MAX + 1];
static unsigned kind_count;

static void
add_kind(const char *code)
{
	snprintf(kinds[kind_count++], sizeof(kinds[0]), "%s", code);
}

/* Every kind of the list, the two of our own, and one that nobody knows. */
static int
setup(void **state)
{
	const struct list *list;

	(void)state;
	if (world_open(&w) != STATUS_OK || (list = list_named("institution-kinds")) == NULL)
		return -1;
	kind_count = 0;
	for (unsigned row = 0; row < list_rows(list); row++)
		add_kind(list_text(list, row, "code"));
	add_kind("auditor");
	add_kind("registrar");
	add_kind("space_agency");
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	world_close(&w);
	return 0;
}

static struct party
party_of(const char *code, const char *kind)
{
	struct party p = {.group = kind_group(bytes_of_text(kind))};

	snprintf(p.code, sizeof(p.code), "%s", code);
	snprintf(p.kind, sizeof(p.kind), "%s", kind);
	return p;
}

static bool
is_institution(enum group group)
{
	return group >= GROUP_SCHOOL && group <= GROUP_PARTNER;
}

/* ---- The matrix ------------------------------------------------------------------------- */

static bool
is_cited(enum basis basis)
{
	return basis == BASIS_CONSENT || basis == BASIS_LAW;
}

/* Notices: who alone tells what, to whom, on what. */
static enum status
expected_notice(
    enum message type, const struct party *from, const struct party *to, enum basis basis)
{
	bool law = basis == BASIS_LAW;

	if (type == MESSAGE_NOTICE_ACKNOWLEDGE)
		return basis == BASIS_REPLY ? STATUS_OK : STATUS_NO_BASIS;
	if (type == MESSAGE_NOTICE_SUPERSEDE)
		return is_cited(basis) ? STATUS_OK : STATUS_NO_BASIS;
	if (type == MESSAGE_NOTICE_ENTERED_IN_ERROR)
		return is_cited(basis) || basis == BASIS_REPLY ? STATUS_OK : STATUS_NO_BASIS;
	if (type == MESSAGE_NOTICE_INCIDENT && from->group == GROUP_POLICE)
		return law ? STATUS_OK : STATUS_NO_BASIS;
	if (type == MESSAGE_NOTICE_CUSTODY && from->group == GROUP_ORPHANS_COURT)
		return law ? STATUS_OK : STATUS_NO_BASIS;
	if (type == MESSAGE_NOTICE_STATUS && from->group == GROUP_SOCIAL_SERVICE)
		return is_cited(basis) ? STATUS_OK : STATUS_NO_BASIS;
	if (type == MESSAGE_NOTICE_CONCERN &&
	    (from->group == GROUP_SCHOOL || from->group == GROUP_POLICE ||
		from->group == GROUP_PARTNER) &&
	    to->group != GROUP_SCHOOL && to->group != GROUP_PARTNER)
		return is_cited(basis) ? STATUS_OK : STATUS_NO_BASIS;
	return STATUS_NOT_PERMITTED;
}

/* Any institution passes on, stops, answers a stop, renews: each on its one class of basis. */
static enum status
expected_ground(enum message type, enum basis basis)
{
	bool may = type == MESSAGE_GROUND_STOP_ANSWER ? basis == BASIS_NONE
	           : type == MESSAGE_GROUND_RENEW     ? basis == BASIS_CONSENT
	           : type == MESSAGE_GROUND_STOP      ? is_cited(basis)
	                                              : basis == BASIS_LAW;

	return may ? STATUS_OK : STATUS_NO_BASIS;
}

/* Who shares a history: what has fields besides acts goes on a ground, acts on none. */
static enum status
expected_shared(enum message type, enum basis basis)
{
	bool acts = message_info(type)->categories == CATEGORY_BIT(CATEGORY_ACT);

	return (acts ? basis == BASIS_NONE : is_cited(basis)) ? STATUS_OK : STATUS_NO_BASIS;
}

/* What the table is meant to say, said a second time and in other words. */
static enum status
expected(enum message type, const struct party *from, const struct party *to, enum basis basis)
{
	bool opens = type == MESSAGE_REFERRAL_OFFER || type == MESSAGE_REFERRAL_RELEASE ||
	             type == MESSAGE_REFERRAL_INFORMATION || type == MESSAGE_REFERRAL_CANCEL ||
	             type == MESSAGE_INFORMATION_REQUEST ||
	             type == MESSAGE_INFORMATION_ANSWER || type == MESSAGE_INFORMATION_WITHDRAW;

	if (!is_institution(from->group) || !is_institution(to->group))
		return STATUS_NOT_PERMITTED;
	if (type == MESSAGE_DISAGREEMENT_ANSWER)
		return basis == BASIS_REPLY ? STATUS_OK : STATUS_NO_BASIS;
	if (type >= MESSAGE_CASE_OPEN)
		return expected_shared(type, basis);
	if (type == MESSAGE_NOTICE_FORWARDED ||
	    (type >= MESSAGE_GROUND_STOP && type < MESSAGE_CASE_OPEN))
		return expected_ground(type, basis);
	if (type >= MESSAGE_NOTICE_INCIDENT && type <= MESSAGE_NOTICE_ENTERED_IN_ERROR)
		return expected_notice(type, from, to, basis);
	/* Either side says it: the referring one on its ground, the other in reply. */
	if (type == MESSAGE_REFERRAL_ENTERED_IN_ERROR ||
	    type == MESSAGE_INFORMATION_ENTERED_IN_ERROR) {
		if (basis == BASIS_REPLY)
			return STATUS_OK;
		opens = expected(MESSAGE_REFERRAL_OFFER, from, to, basis) == STATUS_OK;
		return opens ? STATUS_OK : STATUS_NO_BASIS;
	}
	/* Only an authority has its like elsewhere to take over when a child moves. */
	if (opens && strcmp(from->kind, to->kind) == 0 && from->group != GROUP_SOCIAL_SERVICE &&
	    from->group != GROUP_ORPHANS_COURT && from->group != GROUP_POLICE)
		return STATUS_NOT_PERMITTED;
	if (opens)
		return basis == BASIS_CONSENT || basis == BASIS_LAW ? STATUS_OK
		                                                    : STATUS_NO_BASIS;
	return basis == BASIS_REPLY ? STATUS_OK : STATUS_NO_BASIS;
}

static void
the_whole_matrix_is_what_the_rules_say(void **state)
{
	const struct message_info *info;
	struct party from, to;

	(void)state;
	for (unsigned t = 0; (info = message_at(t)) != NULL; t++)
		for (unsigned f = 0; f < kind_count; f++)
			for (unsigned r = 0; r < kind_count; r++)
				for (int b = 0; b <= BASIS_COUNT; b++) {
					from = party_of("a", kinds[f]);
					to = party_of("b", kinds[r]);
					assert_int_equal(
					    policy_permits(info->id, &from, &to, (enum basis)b),
					    expected(info->id, &from, &to, (enum basis)b));
				}
}

static void
every_type_has_a_row_and_every_row_a_type(void **state)
{
	const struct message_info *info;
	const struct policy_rule *rule;
	unsigned rows = 0, types = 0;

	(void)state;
	for (unsigned t = 0; (info = message_at(t)) != NULL; t++, types++) {
		rows = 0;
		for (unsigned i = 0; (rule = policy_at(i)) != NULL; i++)
			rows += rule->type == info->id;
		assert_true(rows >= 1);
	}
	for (rows = 0; (rule = policy_at(rows)) != NULL; rows++)
		assert_non_null(message_info(rule->type));
	assert_true(rows >= types);
}

static void
no_row_names_auditors_registrars_or_strangers(void **state)
{
	const uint32_t others = 1U << GROUP_NONE | 1U << GROUP_AUDITOR | 1U << GROUP_REGISTRAR;
	const struct policy_rule *rule;

	(void)state;
	for (unsigned i = 0; (rule = policy_at(i)) != NULL; i++) {
		assert_int_equal(rule->senders & others, 0);
		assert_int_equal(rule->recipients & others, 0);
		assert_int_equal(rule->senders >> GROUP_COUNT, 0);
		assert_int_equal(rule->recipients >> GROUP_COUNT, 0);
		assert_int_equal(rule->bases >> BASIS_COUNT, 0);
	}
}

static void
without_a_ground_only_acts_could_ever_go(void **state)
{
	const struct policy_rule *rule;

	(void)state;
	for (unsigned i = 0; (rule = policy_at(i)) != NULL; i++)
		if ((rule->bases & 1U << BASIS_NONE) != 0)
			assert_int_equal(
			    message_info(rule->type)->categories, CATEGORY_BIT(CATEGORY_ACT));
}

static void
every_permitted_question_can_be_answered(void **state)
{
	const struct policy_rule *rule;
	struct party from, to;

	(void)state;
	for (unsigned f = 0; f < kind_count; f++)
		for (unsigned r = 0; r < kind_count; r++) {
			from = party_of("a", kinds[f]);
			to = party_of("b", kinds[r]);
			if (policy_permits(MESSAGE_REFERRAL_OFFER, &from, &to, BASIS_LAW) !=
			    STATUS_OK)
				continue;
			for (unsigned i = 0; (rule = policy_at(i)) != NULL; i++)
				if ((rule->bases & 1U << BASIS_REPLY) != 0) {
					assert_int_equal(
					    policy_permits(rule->type, &to, &from, BASIS_REPLY),
					    STATUS_OK);
					assert_int_equal(
					    policy_permits(rule->type, &from, &to, BASIS_REPLY),
					    STATUS_OK);
				}
		}
}

static void
the_two_polices_may_refer_to_each_other_and_two_schools_may_not(void **state)
{
	struct party municipal = party_of("mp", "municipal_police"),
		     national = party_of("sp", "state_police"), one = party_of("s1", "school"),
		     two = party_of("s2", "school");

	(void)state;
	assert_int_equal(
	    policy_permits(MESSAGE_REFERRAL_OFFER, &municipal, &national, BASIS_LAW),
	    STATUS_OK);
	assert_int_equal(policy_permits(MESSAGE_REFERRAL_OFFER, &one, &two, BASIS_LAW),
	    STATUS_NOT_PERMITTED);
}

static void
unknown_types_and_oneself_are_refused(void **state)
{
	struct party school = party_of("s", "school"), court = party_of("c", "orphans_court");

	(void)state;
	assert_int_equal(policy_permits(0, &school, &court, BASIS_LAW), STATUS_UNKNOWN_TYPE);
	assert_int_equal(policy_permits(99, &school, &court, BASIS_LAW), STATUS_UNKNOWN_TYPE);
	assert_int_equal(
	    policy_permits((1ULL << 32) + 1, &school, &court, BASIS_LAW), STATUS_UNKNOWN_TYPE);
	assert_int_equal(policy_permits(MESSAGE_REFERRAL_ACCEPT, &school, &school, BASIS_REPLY),
	    STATUS_NOT_PERMITTED);
}

/* ---- A header against the directory ----------------------------------------------------- */

#define LATER 1000

static struct envelope_header header;

static enum status
check(int *recipient)
{
	uint8_t key[32];

	return policy_check(w.directory, &header, LATER, key, recipient);
}

static enum status
open_sealing(const char *code, uint32_t keys)
{
	struct statement s = world_sealing_statement(code, 1, keys + 2, w.now_ms);
	struct signing_key own = world_signing(keys);

	return world_say1(&w, &s, SIGNER_PARTY, &own);
}

static int
setup_header(void **state)
{
	if (setup(state) != 0 || world_admit(&w, "skola", "school", 10) != STATUS_OK ||
	    world_admit(&w, "dienests", "social_service", 20) != STATUS_OK ||
	    world_admit(&w, "tiesa", "orphans_court", 30) != STATUS_OK ||
	    world_admit(&w, "revidents", "auditor", 40) != STATUS_OK ||
	    open_sealing("dienests", 20) != STATUS_OK || open_sealing("tiesa", 30) != STATUS_OK)
		return -1;
	header = (struct envelope_header){.network = bytes_of_text(NETWORK),
	    .sender = bytes_of_text("skola"),
	    .signing_epoch = 1,
	    .recipient_count = 2,
	    .type = MESSAGE_REFERRAL_OFFER,
	    .created_ms = w.now_ms,
	    .expires_ms = w.now_ms + SEALING_LIFE_MS};
	header.recipients[0] = (struct envelope_recipient){
	    .party = bytes_of_text("dienests"), .sealing_epoch = 1, .basis = BASIS_LAW};
	header.recipients[1] = (struct envelope_recipient){
	    .party = bytes_of_text("tiesa"), .sealing_epoch = 1, .basis = BASIS_CONSENT};
	header.recipients[1].reference[0] = 1;
	return 0;
}

static void
a_header_that_keeps_every_rule_passes_with_its_signing_key(void **state)
{
	uint8_t key[32];
	int recipient = 7;

	(void)state;
	assert_int_equal(policy_check(w.directory, &header, LATER, key, &recipient), STATUS_OK);
	assert_int_equal(recipient, -1);
	assert_memory_equal(key, world_signing(10).public, 32);
}

static void
faults_of_the_sender_name_no_recipient(void **state)
{
	int recipient = 7;

	(void)state;
	header.network = bytes_of_text("other");
	assert_int_equal(check(&recipient), STATUS_WRONG_NETWORK);
	assert_int_equal(recipient, -1);
	header.network = bytes_of_text(NETWORK);
	header.type = 99;
	assert_int_equal(check(&recipient), STATUS_UNKNOWN_TYPE);
	header.type = MESSAGE_REFERRAL_OFFER;
	header.sender = bytes_of_text("nobody");
	assert_int_equal(check(&recipient), STATUS_UNKNOWN_PARTY);
	header.sender = bytes_of_text("skola");
	header.signing_epoch = 2;
	assert_int_equal(check(&recipient), STATUS_UNKNOWN_KEY);
	header.signing_epoch = 1;
	header.recipient_count = 0;
	assert_int_equal(check(&recipient), STATUS_BAD_RECIPIENTS);
	header.recipient_count = ENVELOPE_RECIPIENTS_MAX + 1;
	assert_int_equal(check(&recipient), STATUS_BAD_RECIPIENTS);
	header.recipient_count = 1;
	header.attachment_count = 1;
	header.attachments[0].size = 17; /* of no chunk */
	assert_int_equal(check(&recipient), STATUS_MALFORMED);
	header.attachments[0].size = ATTACHMENT_SIZE_MAX + 1;
	assert_int_equal(check(&recipient), STATUS_ATTACHMENT_TOO_LARGE);
	header.attachments[0].size = 117;
	header.type = MESSAGE_REFERRAL_CLOSE; /* has no place to describe one */
	assert_int_equal(check(&recipient), STATUS_NOT_PERMITTED);
	header.type = MESSAGE_NOTICE_FORWARDED; /* nor what it shows, as it is shown there */
	assert_int_equal(check(&recipient), STATUS_NOT_PERMITTED);
	header.type = MESSAGE_HISTORY_PASS_ACTS;
	assert_int_equal(check(&recipient), STATUS_NOT_PERMITTED);
	header.type = MESSAGE_HISTORY_PASS;
	assert_int_not_equal(check(&recipient), STATUS_NOT_PERMITTED);
	header.type = MESSAGE_REFERRAL_OFFER;
	assert_int_equal(recipient, -1);
}

static void
faults_of_a_recipient_name_its_position(void **state)
{
	struct envelope_recipient good = header.recipients[1], *to = &header.recipients[1];
	int recipient = -1;

	(void)state;
	to->party = bytes_of_text("nobody");
	assert_int_equal(check(&recipient), STATUS_UNKNOWN_PARTY);
	assert_int_equal(recipient, 1);
	*to = good;
	to->party = bytes_of_text("revidents");
	assert_int_equal(check(&recipient), STATUS_NOT_PERMITTED);
	assert_int_equal(recipient, 1);
	*to = good;
	to->basis = BASIS_NONE;
	assert_int_equal(check(&recipient), STATUS_NO_BASIS);
	to->basis = BASIS_REPLY;
	assert_int_equal(check(&recipient), STATUS_NO_BASIS);
	*to = good;
	to->sealing_epoch = 2;
	assert_int_equal(check(&recipient), STATUS_UNKNOWN_EPOCH);
	assert_int_equal(recipient, 1);
	header.recipients[0].sealing_epoch = 0;
	assert_int_equal(check(&recipient), STATUS_UNKNOWN_EPOCH);
	assert_int_equal(recipient, 0);
}

static void
a_reference_is_cited_for_one_recipient_alone(void **state)
{
	int recipient = 7;

	(void)state;
	memset(header.recipients[1].reference, 0, SUITE_ID_LEN);
	assert_int_equal(check(&recipient), STATUS_FOREIGN_REFERENCE);
	assert_int_equal(recipient, 1);
	header.recipients[1].basis = BASIS_LAW;
	assert_int_equal(check(&recipient), STATUS_FOREIGN_REFERENCE);
	header.recipients[1].reference[SUITE_ID_LEN - 1] = 1;
	assert_int_equal(check(&recipient), STATUS_OK);
}

static void
a_stop_goes_to_one_recipient(void **state)
{
	int recipient = 7;

	(void)state;
	header.type = MESSAGE_GROUND_STOP;
	assert_int_equal(check(&recipient), STATUS_BAD_RECIPIENTS);
	assert_int_equal(recipient, 1);
	header.recipient_count = 1;
	assert_int_equal(check(&recipient), STATUS_OK);
	assert_int_equal(recipient, -1);
}

static void
a_message_does_not_outlive_its_sealing_epochs(void **state)
{
	int recipient = -1;

	(void)state;
	header.expires_ms++;
	assert_int_equal(check(&recipient), STATUS_BAD_EXPIRY);
	assert_int_equal(recipient, 0);
	header.expires_ms--;
	assert_int_equal(check(&recipient), STATUS_OK);
}

static void
suspended_parties_neither_send_nor_receive(void **state)
{
	struct statement s = {.kind = STATEMENT_SUSPEND,
	    .party = bytes_of_text("tiesa"),
	    .reason = bytes_of_text("test")};
	int recipient = -1;

	(void)state;
	assert_int_equal(world_say1(&w, &s, SIGNER_REGISTRAR, &w.registrar), STATUS_OK);
	assert_int_equal(check(&recipient), STATUS_SUSPENDED);
	assert_int_equal(recipient, 1);
	header.recipient_count = 1;
	assert_int_equal(check(&recipient), STATUS_OK);
	s.party = bytes_of_text("skola");
	assert_int_equal(world_say1(&w, &s, SIGNER_REGISTRAR, &w.registrar), STATUS_OK);
	assert_int_equal(check(&recipient), STATUS_SUSPENDED);
	assert_int_equal(recipient, -1);
}

static void
a_header_is_judged_by_the_log_index_it_stands_at(void **state)
{
	uint8_t key[32];
	int recipient;

	(void)state;
	/* The court's sealing epoch is the last entry; before it there was none. */
	assert_int_equal(
	    policy_check(w.directory, &header, w.index, key, &recipient), STATUS_OK);
	assert_int_equal(policy_check(w.directory, &header, w.index - 1, key, &recipient),
	    STATUS_UNKNOWN_EPOCH);
	assert_int_equal(
	    policy_check(w.directory, &header, 2, key, &recipient), STATUS_UNKNOWN_PARTY);
}

/* ---- Profiles and kinds ----------------------------------------------------------------- */

static void
the_purpose_and_then_the_kind_choose_the_profile(void **state)
{
	const category_set education = CATEGORY_BIT(CATEGORY_EDUCATION),
			   health = CATEGORY_BIT(CATEGORY_HEALTH);
	const struct list *profiles = list_named("profiles");

	(void)state;
	/* A purpose narrows: what the safety of a child needs is no learning. */
	assert_true(profile_allows("support_measures", "ngo") & education);
	assert_false(profile_allows("safety", "ngo") & education);
	/* Within a purpose the exact kind goes before its group. */
	assert_false(profile_allows("opinion", "ngo") & health);
	assert_true(profile_allows("opinion", "pedagogical_medical_commission") & health);
	assert_true(profile_allows("safety", "crisis_centre") & health);
	/* An education board is a partner whose default is narrower. */
	assert_true(profile_allows("", "ngo") & CATEGORY_BIT(CATEGORY_CONTACT));
	assert_false(profile_allows("", "education_board") & CATEGORY_BIT(CATEGORY_CONTACT));
	/* A purpose of tomorrow has the default. */
	assert_int_equal(profile_allows("tomorrow", "school"), profile_allows("", "school"));
	/* Every row lets its recipient know who the child is and what is said. */
	for (unsigned row = 0; row < list_rows(profiles); row++) {
		const char *categories = list_text(profiles, row, "categories");

		assert_non_null(strstr(categories, "identity"));
		assert_non_null(strstr(categories, "proceedings"));
		assert_string_equal(list_text(profiles, row, "source"), "our default");
		assert_true(
		    strcmp(list_text(profiles, row, "purpose"), "*") == 0 ||
		    list_has("purposes", bytes_of_text(list_text(profiles, row, "purpose"))));
	}
}

static void
each_group_may_have_acts_and_what_its_profile_names(void **state)
{
	(void)state;
	assert_int_equal(profile_allows("", "none"), CATEGORY_BIT(CATEGORY_ACT));
	assert_int_equal(profile_allows("", "auditor"), CATEGORY_BIT(CATEGORY_ACT));
	assert_int_equal(profile_allows("", "registrar"), CATEGORY_BIT(CATEGORY_ACT));
	assert_true(profile_allows("", "state_police") & CATEGORY_BIT(CATEGORY_OFFENCE));
	assert_false(profile_allows("", "state_police") & CATEGORY_BIT(CATEGORY_HEALTH));
	assert_false(profile_allows("", "school") & CATEGORY_BIT(CATEGORY_OFFENCE));
	assert_true(profile_allows("", "orphans_court") & CATEGORY_BIT(CATEGORY_CUSTODY));
	assert_true(profile_allows("", "social_service") & CATEGORY_BIT(CATEGORY_ECONOMIC));
	assert_int_equal(profile_allows("", "ngo") & ~CATEGORY_ALL, 0);
}

static void
every_category_that_a_profile_names_is_one(void **state)
{
	const struct list *profiles = list_named("profiles");
	char text[400], *rest, *name;
	enum category category;

	(void)state;
	assert_non_null(profiles);
	for (unsigned row = 0; row < list_rows(profiles); row++) {
		snprintf(text, sizeof(text), "%s", list_text(profiles, row, "categories"));
		for (name = strtok_r(text, ";", &rest); name != NULL;
		     name = strtok_r(NULL, ";", &rest))
			assert_true(category_named(bytes_of_text(name), &category));
	}
}

static void
every_kind_of_the_list_belongs_to_a_group_of_institutions(void **state)
{
	(void)state;
	for (unsigned i = 0; i + 3 < kind_count; i++)
		assert_true(is_institution(kind_group(bytes_of_text(kinds[i]))));
	assert_int_equal(kind_group(bytes_of_text("auditor")), GROUP_AUDITOR);
	assert_int_equal(kind_group(bytes_of_text("registrar")), GROUP_REGISTRAR);
	assert_int_equal(kind_group(bytes_of_text("space_agency")), GROUP_NONE);
	assert_int_equal(kind_group(bytes_of_text("preschool")), GROUP_SCHOOL);
	assert_string_equal(kind_label("auditor", "lv"), "Revidents");
	assert_string_equal(kind_label("state_police", "en"), "State police");
	assert_string_equal(group_name(GROUP_ORPHANS_COURT), "orphans_court");
	assert_string_equal(group_name(GROUP_COUNT), "none");
}

#define TEST(name)   cmocka_unit_test_setup_teardown(name, setup, teardown)
#define HEADER(name) cmocka_unit_test_setup_teardown(name, setup_header, teardown)

int
main(void)
{
	const struct CMUnitTest policy[] = {
	    TEST(the_whole_matrix_is_what_the_rules_say),
	    TEST(every_type_has_a_row_and_every_row_a_type),
	    TEST(no_row_names_auditors_registrars_or_strangers),
	    TEST(without_a_ground_only_acts_could_ever_go),
	    TEST(every_permitted_question_can_be_answered),
	    TEST(the_two_polices_may_refer_to_each_other_and_two_schools_may_not),
	    TEST(unknown_types_and_oneself_are_refused),
	    HEADER(a_header_that_keeps_every_rule_passes_with_its_signing_key),
	    HEADER(faults_of_the_sender_name_no_recipient),
	    HEADER(faults_of_a_recipient_name_its_position),
	    HEADER(a_reference_is_cited_for_one_recipient_alone),
	    HEADER(a_stop_goes_to_one_recipient),
	    HEADER(a_message_does_not_outlive_its_sealing_epochs),
	    HEADER(suspended_parties_neither_send_nor_receive),
	    HEADER(a_header_is_judged_by_the_log_index_it_stands_at),
	    TEST(each_group_may_have_acts_and_what_its_profile_names),
	    TEST(the_purpose_and_then_the_kind_choose_the_profile),
	    TEST(every_category_that_a_profile_names_is_one),
	    TEST(every_kind_of_the_list_belongs_to_a_group_of_institutions),
	};

	return cmocka_run_group_tests(policy, NULL, NULL);
}
