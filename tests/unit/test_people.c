/* tests/unit/test_people.c: everyone who asks has one row, by which the records know them. */
#include "tests/unit/service_room.h"

#include "services/runtime/people/accounts.h"

static unsigned
rows(struct service *service)
{
	struct person_row row = {0};
	unsigned count = 0;

	while (people_store_after(service->db, row.n, &row) == STATUS_OK)
		count++;
	return count;
}

static void
a_unix_user_gets_one_row_on_first_use(void **state)
{
	struct service *school = two.school.service;
	unsigned before = rows(school);
	struct actor first, again;
	char name[64];

	(void)state;
	assert_int_equal(people_enter(school, "mara", ROLE_SPECIALIST, &first), STATUS_OK);
	assert_int_equal(people_enter(school, "mara", ROLE_SPECIALIST, &again), STATUS_OK);
	assert_true(first.person > 0 && first.person == again.person);
	assert_int_equal(first.role, ROLE_SPECIALIST);
	assert_string_equal(first.user, "mara");
	assert_int_equal(rows(school), before + 1);
	assert_int_equal(people_name(school, first.person, name), STATUS_OK);
	assert_string_equal(name, "mara");
}

static void
a_row_outlives_a_restart_and_follows_the_configurations_role(void **state)
{
	struct actor first, again;
	struct person_row row;

	(void)state;
	assert_int_equal(
	    people_enter(two.school.service, "mara", ROLE_SPECIALIST, &first), STATUS_OK);
	line_restart(&two.school);
	assert_int_equal(
	    people_enter(two.school.service, "mara", ROLE_SUPERVISOR, &again), STATUS_OK);
	assert_int_equal(again.person, first.person);
	assert_int_equal(again.role, ROLE_SUPERVISOR);
	assert_int_equal(
	    people_store_get(two.school.service->db, first.person, &row), STATUS_OK);
	assert_string_equal(row.role, "supervisor");
	assert_true(row.active && row.kind == PERSON_UNIX);
}

static void
who_is_not_in_the_configuration_gets_no_row(void **state)
{
	struct service *school = two.school.service;
	unsigned before = rows(school);
	struct actor actor;

	(void)state;
	assert_int_equal(people_of_unix(school, geteuid(), &actor), STATUS_OK);
	assert_int_equal(actor.role, ROLE_NONE);
	assert_int_equal(actor.person, 0);
	assert_int_equal(rows(school), before);
}

static void
who_is_in_the_configuration_is_known_by_the_sockets_word(void **state)
{
	struct service *school = two.school.service;
	struct service_role *line = &school->config.roles[school->config.role_count++];
	struct actor actor;

	(void)state;
	snprintf(line->who, sizeof(line->who), "uid:%lu", (unsigned long)geteuid());
	line->role = ROLE_HEAD;
	assert_int_equal(people_of_unix(school, geteuid(), &actor), STATUS_OK);
	assert_int_equal(actor.role, ROLE_HEAD);
	assert_true(actor.person > 0 && !actor.system);
}

/* Nothing in the file tells a name to who has no storage key. */
static void
names_are_sealed_and_their_hashes_keyed(void **state)
{
	static const uint8_t other[SUITE_KEY_LEN] = {9};
	struct service *school = two.school.service;
	uint8_t ours[SUITE_HASH_LEN], theirs[SUITE_HASH_LEN], login[SUITE_HASH_LEN];
	struct buffer sealed = {0};
	struct vault *vault;

	(void)state;
	assert_int_equal(people_store_name(school->db, anna.person, &sealed), STATUS_OK);
	assert_null(memmem(sealed.data, sealed.len, "anna", 4));
	assert_int_equal(vault_create(other, &vault), STATUS_OK);
	vault_own_name(school->vault, "unix", bytes_of_text("anna"), ours);
	vault_own_name(vault, "unix", bytes_of_text("anna"), theirs);
	vault_own_name(school->vault, "login", bytes_of_text("anna"), login);
	assert_memory_not_equal(ours, theirs, sizeof(ours));
	assert_memory_not_equal(ours, login, sizeof(ours));
	vault_free(vault);
	buffer_free(&sealed);
}

/* Cases are given to people by name. */
static void
no_system_bears_the_name_of_a_person_nor_a_person_a_systems(void **state)
{
	struct service *school = two.school.service;
	uint64_t until_ms = school->now_ms + 1000000, person, n;
	char text[CREDENTIAL_TEXT_MAX + 1];
	struct accounts_code code;

	(void)state;
	assert_int_equal(
	    accounts_add(school, &admin, "liga", ROLE_CASE_MANAGER, &person, &code), STATUS_OK);
	assert_int_equal(
	    accounts_make_token(school, &admin, "liga", ROLE_CASE_MANAGER, until_ms, text, &n),
	    STATUS_ID_CONFLICT);
	assert_int_equal(
	    accounts_make_token(school, &admin, "anna", ROLE_SPECIALIST, until_ms, text, &n),
	    STATUS_ID_CONFLICT);
	assert_int_equal(accounts_make_token(
			     school, &admin, "register", ROLE_SPECIALIST, until_ms, text, &n),
	    STATUS_OK);
	assert_int_equal(
	    accounts_add(school, &admin, "register", ROLE_CASE_MANAGER, &person, &code),
	    STATUS_ID_CONFLICT);
	/* A system comes back under its name. */
	assert_int_equal(accounts_revoke_token(school, &admin, n), STATUS_OK);
	assert_int_equal(accounts_make_token(
			     school, &admin, "register", ROLE_SPECIALIST, until_ms, text, &n),
	    STATUS_OK);
}

/* Where a person may be named by number or by name, the two are never the same text. */
static void
no_login_is_a_number(void **state)
{
	(void)state;
	assert_false(accounts_is_login("12"));
	assert_true(accounts_is_login("12a"));
}

int
main(void)
{
	const struct CMUnitTest people[] = {
	    SERVICE_TEST(a_unix_user_gets_one_row_on_first_use),
	    SERVICE_TEST(a_row_outlives_a_restart_and_follows_the_configurations_role),
	    SERVICE_TEST(who_is_not_in_the_configuration_gets_no_row),
	    SERVICE_TEST(who_is_in_the_configuration_is_known_by_the_sockets_word),
	    SERVICE_TEST(names_are_sealed_and_their_hashes_keyed),
	    SERVICE_TEST(no_system_bears_the_name_of_a_person_nor_a_person_a_systems),
	    SERVICE_TEST(no_login_is_a_number),
	};

	return cmocka_run_group_tests(people, NULL, NULL);
}
