/* tests/unit/test_sittings.c: a sitting is what its group lets it be, whatever its chair says. */
#include "tests/unit/circle_talk.h"

#include "services/runtime/exchange/sittings.h"
#include "services/runtime/task/conference.h"

#define SITTING_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_four, tear_down_four)

static struct content
proposal(const char *group, const char *const *with, size_t count, unsigned quorum,
    const char *secretary)
{
	struct content content;

	assert_int_equal(content_start(MESSAGE_CONFERENCE_PROPOSE, &content), STATUS_OK);
	fill_act(&content);
	set_codes(&content, FIELD_PARTIES, with, count);
	set_text(&content, FIELD_GROUP, group);
	assert_int_equal(content_set_uint(&content, FIELD_QUORUM, quorum), STATUS_OK);
	if (secretary != NULL)
		set_text(&content, FIELD_SECRETARY, secretary);
	return content;
}

static void
judged(const char *chair, struct content content, enum status wanted)
{
	assert_int_equal(sittings_judge(two.police.service, chair, &content), wanted);
	content_free(&content);
}

static void
who_chairs_sits_and_writes_is_the_groups_to_say(void **state)
{
	static const char *const court_police[] = {"court", "police"};
	static const char *const school_police[] = {"school", "police"};
	static const char *const nobody[] = {"nobody", "police"};

	(void)state;
	judged("school", proposal("team", court_police, 2, 2, NULL), STATUS_OK);
	judged("social", proposal("specialists", court_police, 2, 2, "social"), STATUS_OK);
	judged(
	    "school", proposal("specialists", court_police, 2, 2, NULL), STATUS_NOT_PERMITTED);
	judged(
	    "social", proposal("management", school_police, 2, 2, NULL), STATUS_NOT_PERMITTED);
	judged("social", proposal("specialists", court_police, 2, 2, "court"),
	    STATUS_NOT_PERMITTED);
	judged("school", proposal("team", court_police, 2, 2, "social"), STATUS_NOT_PERMITTED);
	judged("school", proposal("team", nobody, 2, 2, NULL), STATUS_NOT_PERMITTED);
	judged("school", proposal("friends", court_police, 2, 2, NULL), STATUS_BAD_CONTENT);
}

static void
a_quorum_is_not_made_smaller_than_the_groups(void **state)
{
	static const char *const all_three[] = {"court", "police", "social"};
	static const char *const twice[] = {"police", "police", "school", "court"};

	(void)state;
	judged("school", proposal("team", all_three, 3, 3, NULL), STATUS_OK);
	judged("school", proposal("team", all_three, 3, 4, NULL), STATUS_OK);
	judged("school", proposal("team", all_three, 3, 2, NULL), STATUS_NO_QUORUM);
	judged("school", proposal("team", all_three, 3, 0, NULL), STATUS_NO_QUORUM);
	/* Named twice, or who proposes it, is no more than one. */
	judged("school", proposal("team", twice, 4, 2, NULL), STATUS_OK);
}

/* What its own desk would not let it say, the chair says all the same. */
static void
nobody_takes_a_sitting_that_its_chair_can_hold_alone(void **state)
{
	static const char *const police_court[] = {"police", "court"};
	struct content content = proposal("team", police_court, 2, 1, NULL);
	uint8_t frame[SUITE_ID_LEN];
	struct task_row task;

	(void)state;
	circle_propose(&two.school, &content, frame);
	rooms_settle();
	assert_false(has_task(&two.police, frame, &task));
	assert_int_equal(why_unreadable(&two.police), STATUS_NO_QUORUM);
	assert_int_equal(why_unreadable(&two.third), STATUS_NO_QUORUM);
	content_free(&content);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SITTING_TEST(who_chairs_sits_and_writes_is_the_groups_to_say),
	    SITTING_TEST(a_quorum_is_not_made_smaller_than_the_groups),
	    SITTING_TEST(nobody_takes_a_sitting_that_its_chair_can_hold_alone),
	};

	return cmocka_run_group_tests_name("sittings", tests, NULL, NULL);
}
