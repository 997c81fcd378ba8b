/* tests/unit/test_ground.c: what a message says it rests on, and every refusal of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/trust/ground.h"

#define DAY "2026-11-23" /* of the leaf */

static struct content content;

static void
set(enum field field, const char *text)
{
	assert_int_equal(content_set_text(&content, field, bytes_of_text(text)), STATUS_OK);
}

static void
set_categories(const char *one, const char *two)
{
	struct bytes codes[] = {bytes_of_text(one), bytes_of_text(two == NULL ? "" : two)};

	assert_int_equal(
	    content_set_codes(&content, FIELD_GROUND_CATEGORIES, codes, two == NULL ? 1 : 2),
	    STATUS_OK);
}

/* The ground alone, as the header's class says it. */
static void
start(enum basis basis)
{
	const uint8_t id[SUITE_ID_LEN] = {7};

	content_free(&content);
	assert_int_equal(content_start(MESSAGE_REFERRAL_OFFER, &content), STATUS_OK);
	set(FIELD_GROUND, basis == BASIS_CONSENT ? "consent" : "legal_duty");
	assert_int_equal(content_set_id(&content, FIELD_RECORD, id), STATUS_OK);
	set_categories("identity", "education");
}

/* What a consent says besides. */
static void
tell_consent(void)
{
	set(FIELD_GRANTER, "Anna Test");
	set(FIELD_CAPACITY, "parent");
	set(FIELD_GRANTED_ON, "2026-11-20");
}

static void
tell_law(void)
{
	set(FIELD_PROVISION, "section 1");
	set(FIELD_NECESSITY, "because");
}

static enum status
judge(enum basis basis, const char *day)
{
	struct ground ground;
	enum status rc = ground_read(&content, basis, "attendance", &ground);

	return rc == STATUS_OK ? ground_covers(&ground, &content, day) : rc;
}

static void
each_class_is_read_from_its_own_fields(void **state)
{
	struct ground ground;

	(void)state;
	start(BASIS_CONSENT);
	tell_consent();
	set(FIELD_GROUND_UNTIL, "2027-05-31");
	assert_int_equal(
	    ground_read(&content, BASIS_CONSENT, "attendance", &ground), STATUS_OK);
	assert_int_equal(ground.basis, BASIS_CONSENT);
	assert_int_equal(ground.record[0], 7);
	assert_string_equal(ground.code, "consent");
	assert_string_equal(ground.purpose, "attendance");
	assert_string_equal(ground.until, "2027-05-31");
	assert_string_equal(ground.granted_on, "2026-11-20");
	assert_string_equal(ground.capacity, "parent");
	assert_true(ground.has_granter);
	assert_false(ground.has_provision || ground.has_necessity);
	assert_int_equal(ground.categories,
	    CATEGORY_BIT(CATEGORY_IDENTITY) | CATEGORY_BIT(CATEGORY_EDUCATION));

	start(BASIS_LAW);
	tell_law();
	assert_int_equal(ground_read(&content, BASIS_LAW, "attendance", &ground), STATUS_OK);
	assert_string_equal(ground.code, "legal_duty");
	assert_string_equal(ground.until, "");
	assert_true(ground.has_provision && ground.has_necessity);
}

static void
the_class_in_the_header_is_the_grounds(void **state)
{
	(void)state;
	start(BASIS_CONSENT);
	tell_consent();
	assert_int_equal(judge(BASIS_LAW, DAY), STATUS_BAD_CONTENT);
	assert_int_equal(judge(BASIS_REPLY, DAY), STATUS_BAD_CONTENT);
	assert_int_equal(judge(BASIS_NONE, DAY), STATUS_BAD_CONTENT);
	start(BASIS_LAW);
	tell_law();
	assert_int_equal(judge(BASIS_CONSENT, DAY), STATUS_BAD_CONTENT);
}

static void
a_ground_of_both_classes_is_none(void **state)
{
	static const enum field consent[] = {FIELD_GRANTER, FIELD_GRANTER_CODE};
	static const enum field law[] = {FIELD_PROVISION, FIELD_NECESSITY};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		start(BASIS_LAW);
		tell_law();
		set(consent[i], "x");
		assert_int_equal(judge(BASIS_LAW, DAY), STATUS_BAD_CONTENT);
		start(BASIS_CONSENT);
		tell_consent();
		set(law[i], "x");
		assert_int_equal(judge(BASIS_CONSENT, DAY), STATUS_BAD_CONTENT);
	}
}

static void
without_record_categories_or_code_it_is_no_ground(void **state)
{
	static const enum field needed[] = {
	    FIELD_GROUND, FIELD_RECORD, FIELD_GROUND_CATEGORIES};
	struct ground ground;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		start(BASIS_LAW);
		tell_law();
		for (unsigned f = 0; f < content.type->field_count; f++)
			if (content.type->fields[f].field->id == needed[i])
				content.fields[f].present = false;
		assert_int_equal(judge(BASIS_LAW, DAY), STATUS_BAD_CONTENT);
	}
	start(BASIS_LAW);
	tell_law();
	assert_int_equal(
	    ground_read(&content, BASIS_LAW,
		"a purpose that is much longer than any code may ever be", &ground),
	    STATUS_BAD_CONTENT);
}

static void
what_it_names_is_covered_and_nothing_else(void **state)
{
	(void)state;
	start(BASIS_LAW);
	tell_law();
	set(FIELD_CHILD_NAME, "Jānis Test");
	set(FIELD_GRADE, "7.a");
	assert_int_equal(judge(BASIS_LAW, DAY), STATUS_OK);
	set(FIELD_HEALTH, "asthma");
	assert_int_equal(judge(BASIS_LAW, DAY), STATUS_OUTSIDE_GROUND);
	set_categories("identity", "health");
	assert_int_equal(judge(BASIS_LAW, DAY), STATUS_OUTSIDE_GROUND);
}

/* Each category alone, in a ground of each other one. */
static void
every_category_needs_its_own_name(void **state)
{
	static const struct {
		enum field field;
		const char *category;
	} rows[] = {
	    {FIELD_CHILD_NAME, "identity"},
	    {FIELD_ADDRESS, "contact"},
	    {FIELD_GRADE, "education"},
	    {FIELD_ABSENCE_PERIOD, "attendance"},
	    {FIELD_BEHAVIOUR, "behaviour"},
	    {FIELD_FAMILY, "family"},
	    {FIELD_ECONOMIC, "economic"},
	    {FIELD_HEALTH, "health"},
	    {FIELD_OFFENCE, "offence"},
	    {FIELD_CUSTODY, "custody"},
	    {FIELD_CHILDS_VIEW, "proceedings"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (size_t j = 0; j < sizeof(rows) / sizeof(rows[0]); j++)
			for (int law = 0; law < 2; law++) {
				enum basis basis = law ? BASIS_LAW : BASIS_CONSENT;

				start(basis);
				if (law)
					tell_law();
				else
					tell_consent();
				set_categories(rows[j].category, NULL);
				set(rows[i].field, "x");
				assert_int_equal(judge(basis, DAY),
				    i == j ? STATUS_OK : STATUS_OUTSIDE_GROUND);
			}
}

static void
act_and_ground_need_no_name_and_give_none(void **state)
{
	struct ground ground;

	(void)state;
	start(BASIS_LAW);
	tell_law();
	set_categories("act", "ground");
	assert_int_equal(ground_read(&content, BASIS_LAW, "attendance", &ground), STATUS_OK);
	assert_int_equal(ground.categories, 0);
	assert_int_equal(ground_covers(&ground, &content, DAY), STATUS_OK);
	set(FIELD_CHILD_NAME, "Jānis Test");
	assert_int_equal(judge(BASIS_LAW, DAY), STATUS_OUTSIDE_GROUND);
}

/* A list that has grown since: what we do not know of covers nothing that we know. */
static void
a_category_nobody_knows_covers_nothing(void **state)
{
	(void)state;
	start(BASIS_LAW);
	tell_law();
	set_categories("dreams", NULL);
	assert_int_equal(judge(BASIS_LAW, DAY), STATUS_OK);
	set(FIELD_CHILD_NAME, "Jānis Test");
	assert_int_equal(judge(BASIS_LAW, DAY), STATUS_OUTSIDE_GROUND);
}

static void
law_says_which_provision_and_why(void **state)
{
	(void)state;
	start(BASIS_LAW);
	set(FIELD_CHILD_NAME, "Jānis Test");
	assert_int_equal(judge(BASIS_LAW, DAY), STATUS_NO_NECESSITY);
	set(FIELD_PROVISION, "section 1");
	assert_int_equal(judge(BASIS_LAW, DAY), STATUS_NO_NECESSITY);
	set(FIELD_NECESSITY, "because");
	assert_int_equal(judge(BASIS_LAW, DAY), STATUS_OK);
	start(BASIS_LAW);
	set(FIELD_NECESSITY, "because");
	assert_int_equal(judge(BASIS_LAW, DAY), STATUS_NO_NECESSITY);
}

static void
consent_says_who_gave_it_as_what_and_when(void **state)
{
	static const enum field needed[] = {FIELD_GRANTER, FIELD_CAPACITY, FIELD_GRANTED_ON};

	(void)state;
	for (unsigned without = 0; without < 4; without++) {
		start(BASIS_CONSENT);
		set(FIELD_CHILD_NAME, "Jānis Test");
		for (unsigned i = 0; i < 3; i++)
			if (i != without)
				set(needed[i], i == 2   ? "2026-11-23"
					       : i == 1 ? "parent"
							: "Anna Test");
		assert_int_equal(
		    judge(BASIS_CONSENT, DAY), without == 3 ? STATUS_OK : STATUS_NO_CONSENT);
	}
}

static void
consent_given_later_is_none_yet(void **state)
{
	(void)state;
	start(BASIS_CONSENT);
	tell_consent();
	set(FIELD_CHILD_NAME, "Jānis Test");
	assert_int_equal(judge(BASIS_CONSENT, "2026-11-19"), STATUS_NO_CONSENT);
	assert_int_equal(judge(BASIS_CONSENT, "2026-11-20"), STATUS_OK);
}

static void
its_last_day_is_a_day_of_it(void **state)
{
	(void)state;
	for (int law = 0; law < 2; law++) {
		enum basis basis = law ? BASIS_LAW : BASIS_CONSENT;

		start(basis);
		if (law)
			tell_law();
		else
			tell_consent();
		set(FIELD_GROUND_UNTIL, "2026-11-30");
		assert_int_equal(judge(basis, "2026-11-30"), STATUS_OK);
		assert_int_equal(judge(basis, "2026-12-01"), STATUS_GROUND_EXPIRED);
		assert_int_equal(judge(basis, "2027-01-01"), STATUS_GROUND_EXPIRED);
	}
}

static void
a_preview_keeps_to_itself_who_and_why(void **state)
{
	(void)state;
	start(BASIS_CONSENT);
	assert_int_equal(judge(BASIS_CONSENT, DAY), STATUS_OK);
	start(BASIS_LAW);
	assert_int_equal(judge(BASIS_LAW, DAY), STATUS_OK);
	set(FIELD_GROUND_UNTIL, "2026-11-22");
	assert_int_equal(judge(BASIS_LAW, DAY), STATUS_GROUND_EXPIRED);
	/* Half of why is no preview any more. */
	start(BASIS_LAW);
	set(FIELD_PROVISION, "section 1");
	assert_int_equal(judge(BASIS_LAW, DAY), STATUS_NO_NECESSITY);
}

/* A sender that hides the ground, and shows the child. */
static void
what_is_not_shown_was_not_said(void **state)
{
	(void)state;
	start(BASIS_LAW);
	tell_law();
	set(FIELD_CHILD_NAME, "Jānis Test");
	content.shown &= ~CATEGORY_BIT(CATEGORY_GROUND);
	for (unsigned i = 0; i < content.type->field_count; i++)
		content.fields[i].present =
		    content.fields[i].present && content_shows(&content, i);
	assert_int_equal(judge(BASIS_LAW, DAY), STATUS_NO_NECESSITY);
}

static void
documents_count_as_their_category(void **state)
{
	(void)state;
	start(BASIS_LAW);
	tell_law();
	/* Their form is attachment.h's matter; that one is there is what counts here. */
	for (unsigned i = 0; i < content.type->field_count; i++)
		if (content.type->fields[i].field->id == FIELD_FILES_HEALTH)
			content.fields[i].present = true;
	assert_int_equal(judge(BASIS_LAW, DAY), STATUS_OUTSIDE_GROUND);
	set_categories("health", NULL);
	assert_int_equal(judge(BASIS_LAW, DAY), STATUS_OK);
}

/* A stop, which tells of no ground of its own. */
static void
a_type_without_the_fields_tells_no_ground(void **state)
{
	struct ground ground;

	(void)state;
	content_free(&content);
	assert_int_equal(content_start(MESSAGE_GROUND_STOP, &content), STATUS_OK);
	assert_int_equal(
	    ground_read(&content, BASIS_CONSENT, "attendance", &ground), STATUS_BAD_CONTENT);
}

static int
teardown(void **state)
{
	(void)state;
	content_free(&content);
	memset(&content, 0, sizeof(content));
	return 0;
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(each_class_is_read_from_its_own_fields),
	    TEST(the_class_in_the_header_is_the_grounds),
	    TEST(a_ground_of_both_classes_is_none),
	    TEST(without_record_categories_or_code_it_is_no_ground),
	    TEST(what_it_names_is_covered_and_nothing_else),
	    TEST(every_category_needs_its_own_name),
	    TEST(act_and_ground_need_no_name_and_give_none),
	    TEST(a_category_nobody_knows_covers_nothing),
	    TEST(law_says_which_provision_and_why),
	    TEST(consent_says_who_gave_it_as_what_and_when),
	    TEST(consent_given_later_is_none_yet),
	    TEST(its_last_day_is_a_day_of_it),
	    TEST(a_preview_keeps_to_itself_who_and_why),
	    TEST(what_is_not_shown_was_not_said),
	    TEST(documents_count_as_their_category),
	    TEST(a_type_without_the_fields_tells_no_ground),
	};

	return cmocka_run_group_tests_name("ground", tests, NULL, NULL);
}
