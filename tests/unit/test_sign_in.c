/* tests/unit/test_sign_in.c: accounts, passwords, sessions and tokens, with a given clock and real hashes. */
#include <poll.h>

#include "tests/unit/service_room.h"

#include "services/runtime/people/sign_in.h"
#include "services/runtime/store/access_store.h"

#define GOOD   "pareizs zirgs baterija"
#define BETTER "cits garš teikums še"
#define MINUTE (60ULL * 1000)

static struct sign_in *desk;
static struct sign_in_answer last;
static unsigned answered;

static struct service *
school(void)
{
	return two.school.service;
}

static int
open_desk(void **state)
{
	if (set_up(state) != 0)
		return -1;
	answered = 0;
	return sign_in_open(school(), &suite_cost_least, &desk) == STATUS_OK ? 0 : -1;
}

static int
close_desk(void **state)
{
	sign_in_close(desk);
	return tear_down(state);
}

static void
on_done(void *state, const struct sign_in_answer *answer)
{
	(void)state;
	last = *answer;
	answered++;
}

/* Begins, waits, and gives what came of it. */
static enum status
attempt(const struct sign_in_ask *ask)
{
	const struct sign_in_waiter waiter = {on_done, NULL};
	struct sign_in_refusal refusal;
	enum status rc = sign_in_begin(desk, ask, &waiter, &refusal);
	struct pollfd fd = {.fd = sign_in_fd(desk), .events = POLLIN};
	unsigned before = answered;

	if (rc != STATUS_OK)
		return rc;
	while (answered == before) {
		assert_int_equal(poll(&fd, 1, 20000), 1);
		sign_in_run(desk);
	}
	return last.status;
}

/* Each from a source of its own, unless the source is what is tested. */
static enum status
sign_in_as(const char *login, const char *password)
{
	static unsigned sources;
	char source[32];

	snprintf(source, sizeof(source), "uid:%u", ++sources);
	return attempt(&(struct sign_in_ask){
	    .what = SIGN_IN_SESSION, .source = source, .login = login, .password = password});
}

static enum status
enrol(const char *login, const char *code, const char *password)
{
	static unsigned sources;
	char source[32];

	snprintf(source, sizeof(source), "enrol:%u", ++sources);
	return attempt(&(struct sign_in_ask){.what = SIGN_IN_ENROL,
	    .source = source,
	    .login = login,
	    .code = code,
	    .fresh = password});
}

static uint64_t
add(const char *login, enum role role, struct accounts_code *code)
{
	uint64_t person;

	assert_int_equal(accounts_add(school(), &admin, login, role, &person, code), STATUS_OK);
	return person;
}

/* An account with the password GOOD. */
static uint64_t
member(const char *login, enum role role)
{
	struct accounts_code code;
	uint64_t person = add(login, role, &code);

	assert_int_equal(enrol(login, code.text, GOOD), STATUS_OK);
	return person;
}

static enum status
who_is(const char *token, struct credential *out)
{
	return credential_of(school(), token, out);
}

static void
later(uint64_t ms)
{
	two.room->w.now_ms += ms;
}

/* ---- Accounts ---------------------------------------------------------------------------- */

static void
a_person_chooses_a_password_by_the_code_once_and_signs_in(void **state)
{
	struct accounts_code code;
	struct credential found;
	uint64_t person = add("janis", ROLE_SPECIALIST, &code);

	(void)state;
	assert_int_equal(sign_in_as("janis", GOOD), STATUS_BAD_SIGN_IN);
	assert_int_equal(enrol("janis", "aaaaa-aaaaa-aaaaa-aaaaa", GOOD), STATUS_BAD_SIGN_IN);
	assert_int_equal(enrol("peteris", code.text, GOOD), STATUS_BAD_SIGN_IN);
	assert_int_equal(enrol("janis", code.text, GOOD), STATUS_OK);
	assert_int_equal(enrol("janis", code.text, BETTER), STATUS_BAD_SIGN_IN);
	assert_int_equal(sign_in_as("janis", BETTER), STATUS_BAD_SIGN_IN);
	assert_int_equal(sign_in_as("janis", GOOD), STATUS_OK);
	assert_int_equal(last.actor.person, person);
	assert_int_equal(who_is(last.token, &found), STATUS_OK);
	assert_int_equal(found.actor.person, person);
	assert_int_equal(found.actor.role, ROLE_SPECIALIST);
	assert_string_equal(found.actor.user, "janis");
	assert_false(found.actor.system);
}

static void
a_code_is_over_after_three_days(void **state)
{
	struct accounts_code code;

	(void)state;
	add("janis", ROLE_SPECIALIST, &code);
	later(ACCOUNTS_CODE_MS);
	assert_int_equal(enrol("janis", code.text, GOOD), STATUS_BAD_SIGN_IN);
}

static void
absurd_passwords_are_refused(void **state)
{
	static const char *const bad[] = {"short", "elevenchars", "jana.berzina",
	    "jana.berzina2026", "JANA.BERZINAjana.berzina", "aaaaaaaaaaaaaa", "1234567890123",
	    "Password1234", "line\nwith\x01 control", "\xff\xfe not utf-8 at all"};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (accounts_password_fault("jana.berzina", bad[i]) == NULL)
			fail_msg("taken: %s", bad[i]);
	assert_null(accounts_password_fault("jana.berzina", GOOD));
	assert_null(accounts_password_fault("jana.berzina", "ļoti šķērmā zupa"));
	assert_null(accounts_password_fault("jana.berzina", "abababababab"));
}

static void
a_login_is_one_persons(void **state)
{
	struct accounts_code code;
	uint64_t person;

	(void)state;
	add("janis", ROLE_SPECIALIST, &code);
	assert_int_equal(accounts_add(school(), &admin, "janis", ROLE_HEAD, &person, &code),
	    STATUS_ID_CONFLICT);
	/* A unix user is already called so in the records. */
	assert_int_equal(accounts_add(school(), &admin, "anna", ROLE_HEAD, &person, &code),
	    STATUS_ID_CONFLICT);
	assert_true(accounts_is_login("janis.b-2_x"));
	assert_false(accounts_is_login("Janis"));
	assert_false(accounts_is_login("j"));
	assert_false(accounts_is_login("janis b"));
}

static void
one_active_administrator_always_stays(void **state)
{
	struct service_role *line = &school()->config.roles[0];
	struct accounts_code code;
	uint64_t only = member("vadims", ROLE_ADMINISTRATOR), other;

	(void)state;
	/* An administrator who never chose a password cannot administrate. */
	other = add("dace", ROLE_ADMINISTRATOR, &code);
	assert_int_equal(accounts_disable(school(), &admin, only), STATUS_WRONG_STATE);
	assert_int_equal(
	    accounts_set_role(school(), &admin, only, ROLE_HEAD), STATUS_WRONG_STATE);
	assert_int_equal(accounts_reset(school(), &admin, only, &code), STATUS_WRONG_STATE);
	assert_int_equal(accounts_disable(school(), &admin, other), STATUS_OK);
	/* A unix user of the configuration counts. */
	*line = (struct service_role){"root", ROLE_ADMINISTRATOR};
	school()->config.role_count = 1;
	assert_int_equal(accounts_disable(school(), &admin, only), STATUS_OK);
}

static void
only_accounts_are_changed_here(void **state)
{
	(void)state;
	assert_int_equal(
	    accounts_set_role(school(), &admin, anna.person, ROLE_HEAD), STATUS_NOT_FOUND);
	assert_int_equal(accounts_disable(school(), &admin, anna.person), STATUS_NOT_FOUND);
	assert_int_equal(accounts_disable(school(), &admin, 9999), STATUS_NOT_FOUND);
}

/* ---- Lock-out ---------------------------------------------------------------------------- */

static void
the_fifth_failure_locks_an_account_and_the_next_ones_longer(void **state)
{
	(void)state;
	member("janis", ROLE_SPECIALIST);
	for (unsigned i = 0; i < 5; i++)
		assert_int_equal(sign_in_as("janis", BETTER), STATUS_BAD_SIGN_IN);
	assert_int_equal(sign_in_as("janis", GOOD), STATUS_BAD_SIGN_IN);
	later(29 * 1000);
	assert_int_equal(sign_in_as("janis", GOOD), STATUS_BAD_SIGN_IN);
	later(2 * 1000);
	assert_int_equal(sign_in_as("janis", BETTER), STATUS_BAD_SIGN_IN);
	later(59 * 1000);
	assert_int_equal(sign_in_as("janis", GOOD), STATUS_BAD_SIGN_IN);
	later(2 * 1000);
	assert_int_equal(sign_in_as("janis", GOOD), STATUS_OK);
	/* The person hears of it, once. */
	assert_int_equal(last.failures, 6);
	assert_true(last.failed_since_ms > 0 && last.failed_since_ms < now());
	assert_int_equal(sign_in_as("janis", GOOD), STATUS_OK);
	assert_int_equal(last.failures, 0);
}

static void
a_lock_outlives_a_restart_and_the_administrator_ends_it(void **state)
{
	uint64_t person = member("janis", ROLE_SPECIALIST);
	struct person_row row;

	(void)state;
	for (unsigned i = 0; i < 5; i++)
		assert_int_equal(sign_in_as("janis", BETTER), STATUS_BAD_SIGN_IN);
	sign_in_close(desk);
	line_restart(&two.school);
	assert_int_equal(sign_in_open(school(), &suite_cost_least, &desk), STATUS_OK);
	assert_int_equal(sign_in_as("janis", GOOD), STATUS_BAD_SIGN_IN);
	assert_int_equal(people_store_get(school()->db, person, &row), STATUS_OK);
	assert_int_equal(row.failures, 5);
	assert_true(row.locked_until_ms > now());
	assert_int_equal(accounts_enable(school(), &admin, person), STATUS_OK);
	assert_int_equal(sign_in_as("janis", GOOD), STATUS_OK);
}

static void
a_source_that_guesses_at_many_accounts_waits_and_others_do_not(void **state)
{
	struct sign_in_ask ask = {
	    .what = SIGN_IN_SESSION, .source = "uid:666", .password = BETTER};
	char login[32];

	(void)state;
	member("janis", ROLE_SPECIALIST);
	for (unsigned i = 0; i < 5; i++) {
		snprintf(login, sizeof(login), "guess%u", i);
		ask.login = login;
		assert_int_equal(attempt(&ask), STATUS_BAD_SIGN_IN);
	}
	ask.login = "janis";
	ask.password = GOOD;
	assert_int_equal(attempt(&ask), STATUS_RATE_LIMITED);
	assert_int_equal(sign_in_as("janis", GOOD), STATUS_OK);
	later(31 * 1000);
	assert_int_equal(attempt(&ask), STATUS_OK);
}

/* Ten places asked for at once: three of a source, and nobody is called twice. */
static void
one_source_cannot_fill_the_queue(void **state)
{
	const struct sign_in_waiter waiter = {on_done, NULL};
	struct sign_in_ask ask = {
	    .what = SIGN_IN_SESSION, .source = "uid:666", .login = "janis", .password = BETTER};
	struct pollfd fd = {.fd = sign_in_fd(desk), .events = POLLIN};
	struct sign_in_refusal refusal;
	unsigned begun = 0;

	(void)state;
	for (unsigned i = 0; i < 10; i++)
		begun += sign_in_begin(desk, &ask, &waiter, &refusal) == STATUS_OK;
	assert_int_equal(begun, SIGN_IN_WAITING_MAX);
	assert_true(refusal.wait_ms > 0);
	ask.source = "uid:1";
	assert_int_equal(sign_in_begin(desk, &ask, &waiter, &refusal), STATUS_OK);
	while (answered < 4) {
		assert_int_equal(poll(&fd, 1, 20000), 1);
		sign_in_run(desk);
	}
	assert_int_equal(answered, 4);
}

/* What happens while the hash is computed is judged as it then is. */
static void
who_is_disabled_while_the_hash_runs_does_not_get_in(void **state)
{
	const struct sign_in_waiter waiter = {on_done, NULL};
	struct sign_in_ask ask = {
	    .what = SIGN_IN_SESSION, .source = "uid:1", .login = "janis", .password = GOOD};
	struct pollfd fd = {.fd = sign_in_fd(desk), .events = POLLIN};
	uint64_t person = member("janis", ROLE_SPECIALIST);
	struct sign_in_refusal refusal;

	(void)state;
	answered = 0;
	assert_int_equal(sign_in_begin(desk, &ask, &waiter, &refusal), STATUS_OK);
	assert_int_equal(accounts_disable(school(), &admin, person), STATUS_OK);
	while (answered == 0) {
		assert_int_equal(poll(&fd, 1, 20000), 1);
		sign_in_run(desk);
	}
	assert_int_equal(last.status, STATUS_BAD_SIGN_IN);
	assert_string_equal(last.token, "");
	assert_int_equal(accounts_enable(school(), &admin, person), STATUS_OK);
	assert_int_equal(sign_in_as("janis", GOOD), STATUS_OK);
}

/* ---- Sessions ---------------------------------------------------------------------------- */

static void
a_session_ends_when_idle_and_after_twelve_hours(void **state)
{
	struct credential found;
	char token[CREDENTIAL_TEXT_MAX + 1];

	(void)state;
	member("janis", ROLE_SPECIALIST);
	memcpy(token, last.token, sizeof(token));
	later(29 * MINUTE);
	assert_int_equal(who_is(token, &found), STATUS_OK);
	later(29 * MINUTE);
	assert_int_equal(who_is(token, &found), STATUS_OK);
	later(30 * MINUTE);
	assert_int_equal(who_is(token, &found), STATUS_NOT_SIGNED_IN);
	assert_int_equal(sign_in_as("janis", GOOD), STATUS_OK);
	memcpy(token, last.token, sizeof(token));
	for (unsigned i = 0; i < 12 * 60 / 20 - 1; i++) {
		later(20 * MINUTE);
		assert_int_equal(who_is(token, &found), STATUS_OK);
	}
	later(20 * MINUTE);
	assert_int_equal(who_is(token, &found), STATUS_NOT_SIGNED_IN);
}

static void
a_session_outlives_a_restart_and_only_its_hash_is_kept(void **state)
{
	struct credential found;

	(void)state;
	member("janis", ROLE_SPECIALIST);
	sign_in_close(desk);
	line_restart(&two.school);
	assert_int_equal(sign_in_open(school(), &suite_cost_least, &desk), STATUS_OK);
	assert_int_equal(who_is(last.token, &found), STATUS_OK);
	last.token[10] = last.token[10] == 'a' ? 'b' : 'a';
	assert_int_equal(who_is(last.token, &found), STATUS_NOT_SIGNED_IN);
	assert_int_equal(who_is("", &found), STATUS_NOT_SIGNED_IN);
	assert_int_equal(who_is("ses_", &found), STATUS_NOT_SIGNED_IN);
	assert_int_equal(who_is("tok_00", &found), STATUS_NOT_SIGNED_IN);
}

static void
the_sixth_session_takes_the_place_of_the_one_used_longest_ago(void **state)
{
	char tokens[6][CREDENTIAL_TEXT_MAX + 1];
	struct credential found;

	(void)state;
	member("janis", ROLE_SPECIALIST);
	memcpy(tokens[0], last.token, sizeof(tokens[0]));
	for (unsigned i = 1; i < 6; i++) {
		later(2 * MINUTE);
		/* The first is in use; the second is not. */
		assert_int_equal(who_is(tokens[0], &found), STATUS_OK);
		assert_int_equal(sign_in_as("janis", GOOD), STATUS_OK);
		memcpy(tokens[i], last.token, sizeof(tokens[i]));
	}
	for (unsigned i = 0; i < 6; i++)
		assert_int_equal(
		    who_is(tokens[i], &found), i == 1 ? STATUS_NOT_SIGNED_IN : STATUS_OK);
}

static void
a_changed_role_a_disabled_account_and_a_new_password_end_sessions(void **state)
{
	uint64_t person = member("janis", ROLE_SPECIALIST);
	struct credential found;
	struct accounts_code code;
	char token[CREDENTIAL_TEXT_MAX + 1];
	struct sign_in_ask change = {.what = SIGN_IN_CHANGE,
	    .source = "uid:1",
	    .password = GOOD,
	    .fresh = BETTER,
	    .actor = &found.actor};

	(void)state;
	assert_int_equal(
	    accounts_set_role(school(), &admin, person, ROLE_SUPERVISOR), STATUS_OK);
	assert_int_equal(who_is(last.token, &found), STATUS_NOT_SIGNED_IN);
	assert_int_equal(sign_in_as("janis", GOOD), STATUS_OK);
	assert_int_equal(who_is(last.token, &found), STATUS_OK);
	assert_int_equal(found.actor.role, ROLE_SUPERVISOR);
	memcpy(token, last.token, sizeof(token));
	assert_int_equal(attempt(&change), STATUS_OK);
	assert_int_equal(credential_holds(school(), found.hash), false);
	assert_int_equal(who_is(last.token, &found), STATUS_OK);
	assert_int_equal(sign_in_as("janis", GOOD), STATUS_BAD_SIGN_IN);
	assert_int_equal(sign_in_as("janis", BETTER), STATUS_OK);
	assert_int_equal(accounts_disable(school(), &admin, person), STATUS_OK);
	assert_int_equal(who_is(last.token, &found), STATUS_NOT_SIGNED_IN);
	assert_int_equal(sign_in_as("janis", BETTER), STATUS_BAD_SIGN_IN);
	assert_int_equal(accounts_enable(school(), &admin, person), STATUS_OK);
	assert_int_equal(sign_in_as("janis", BETTER), STATUS_OK);
	assert_int_equal(accounts_reset(school(), &admin, person, &code), STATUS_OK);
	assert_int_equal(who_is(last.token, &found), STATUS_NOT_SIGNED_IN);
	assert_int_equal(sign_in_as("janis", BETTER), STATUS_BAD_SIGN_IN);
	assert_int_equal(enrol("janis", code.text, GOOD), STATUS_OK);
}

static void
a_wrong_old_password_changes_nothing_and_counts(void **state)
{
	uint64_t person = member("janis", ROLE_SPECIALIST);
	struct person_row row;
	struct credential found;
	struct sign_in_ask change = {.what = SIGN_IN_CHANGE,
	    .source = "uid:1",
	    .password = BETTER,
	    .fresh = BETTER,
	    .actor = &found.actor};

	(void)state;
	assert_int_equal(who_is(last.token, &found), STATUS_OK);
	assert_int_equal(attempt(&change), STATUS_BAD_SIGN_IN);
	assert_int_equal(people_store_get(school()->db, person, &row), STATUS_OK);
	assert_int_equal(row.failures, 1);
	assert_int_equal(sign_in_as("janis", GOOD), STATUS_OK);
	/* A unix user has no password here. */
	change.actor = &anna;
	assert_int_equal(attempt(&change), STATUS_WRONG_STATE);
}

/* ---- Tokens ------------------------------------------------------------------------------ */

static void
a_token_is_a_systems_until_it_is_revoked_or_over(void **state)
{
	char text[CREDENTIAL_TEXT_MAX + 1], other[CREDENTIAL_TEXT_MAX + 1];
	uint64_t until = now() + 1000 * MINUTE, n, m;
	struct credential found;

	(void)state;
	service_tick(school());
	assert_int_equal(accounts_make_token(
			     school(), &admin, "e-klase", ROLE_CASE_MANAGER, until, text, &n),
	    STATUS_OK);
	assert_int_equal(who_is(text, &found), STATUS_OK);
	assert_true(found.actor.system && found.actor.role == ROLE_CASE_MANAGER);
	assert_string_equal(found.actor.user, "e-klase");
	assert_int_equal(accounts_make_token(
			     school(), &admin, "e-klase", ROLE_CASE_MANAGER, until, other, &m),
	    STATUS_ID_CONFLICT);
	assert_int_equal(accounts_make_token(school(), &admin, "visvarens", ROLE_ADMINISTRATOR,
			     until, other, &m),
	    STATUS_ARGUMENT);
	/* Idling does not end it. */
	later(999 * MINUTE);
	assert_int_equal(who_is(text, &found), STATUS_OK);
	assert_int_equal(accounts_revoke_token(school(), &admin, n), STATUS_OK);
	assert_int_equal(who_is(text, &found), STATUS_NOT_SIGNED_IN);
	assert_int_equal(accounts_make_token(school(), &admin, "e-klase", ROLE_SPECIALIST,
			     now() + MINUTE, other, &m),
	    STATUS_OK);
	assert_int_equal(who_is(other, &found), STATUS_OK);
	later(MINUTE);
	assert_int_equal(who_is(other, &found), STATUS_NOT_SIGNED_IN);
	assert_int_equal(accounts_revoke_token(school(), &admin, 9999), STATUS_NOT_FOUND);
}

/* ---- The record -------------------------------------------------------------------------- */

static unsigned
recorded(const char *what, uint64_t by, uint64_t about)
{
	struct access_filter filter = {.person = by};
	struct access_row row;
	unsigned count = 0;

	while (access_store_before(school()->db, &filter, &row) == STATUS_OK) {
		count += strcmp(row.what, what) == 0 && row.about == about;
		filter.before = row.n;
	}
	return count;
}

static void
each_act_on_people_stands_in_the_institutions_own_log(void **state)
{
	char text[CREDENTIAL_TEXT_MAX + 1];
	struct accounts_code code;
	uint64_t person = member("janis", ROLE_SPECIALIST), by = admin.person, n;
	struct person_row system;

	(void)state;
	for (unsigned i = 0; i < 5; i++)
		assert_int_equal(sign_in_as("janis", BETTER), STATUS_BAD_SIGN_IN);
	assert_int_equal(accounts_set_role(school(), &admin, person, ROLE_HEAD), STATUS_OK);
	assert_int_equal(accounts_disable(school(), &admin, person), STATUS_OK);
	assert_int_equal(accounts_enable(school(), &admin, person), STATUS_OK);
	assert_int_equal(accounts_reset(school(), &admin, person, &code), STATUS_OK);
	assert_int_equal(accounts_make_token(school(), &admin, "e-klase", ROLE_SPECIALIST,
			     now() + MINUTE, text, &n),
	    STATUS_OK);
	assert_int_equal(accounts_revoke_token(school(), &admin, n), STATUS_OK);
	assert_int_equal(people_find(school(), PERSON_SYSTEM, "e-klase", &system), STATUS_OK);
	assert_int_equal(recorded("person_added", by, person), 1);
	assert_int_equal(recorded("password_set", person, person), 1);
	assert_int_equal(recorded("signed_in", person, person), 1);
	assert_int_equal(recorded("sign_in_locked", person, person), 1);
	assert_int_equal(recorded("role_changed", by, person), 1);
	assert_int_equal(recorded("person_disabled", by, person), 1);
	assert_int_equal(recorded("person_enabled", by, person), 1);
	assert_int_equal(recorded("password_reset", by, person), 1);
	assert_int_equal(recorded("token_made", by, system.n), 1);
	assert_int_equal(recorded("token_revoked", by, system.n), 1);
}

#define DESK_TEST(name) cmocka_unit_test_setup_teardown(name, open_desk, close_desk)

int
main(void)
{
	const struct CMUnitTest sign_in[] = {
	    DESK_TEST(a_person_chooses_a_password_by_the_code_once_and_signs_in),
	    DESK_TEST(a_code_is_over_after_three_days),
	    DESK_TEST(absurd_passwords_are_refused),
	    DESK_TEST(a_login_is_one_persons),
	    DESK_TEST(one_active_administrator_always_stays),
	    DESK_TEST(only_accounts_are_changed_here),
	    DESK_TEST(the_fifth_failure_locks_an_account_and_the_next_ones_longer),
	    DESK_TEST(a_lock_outlives_a_restart_and_the_administrator_ends_it),
	    DESK_TEST(a_source_that_guesses_at_many_accounts_waits_and_others_do_not),
	    DESK_TEST(one_source_cannot_fill_the_queue),
	    DESK_TEST(who_is_disabled_while_the_hash_runs_does_not_get_in),
	    DESK_TEST(a_session_ends_when_idle_and_after_twelve_hours),
	    DESK_TEST(a_session_outlives_a_restart_and_only_its_hash_is_kept),
	    DESK_TEST(the_sixth_session_takes_the_place_of_the_one_used_longest_ago),
	    DESK_TEST(a_changed_role_a_disabled_account_and_a_new_password_end_sessions),
	    DESK_TEST(a_wrong_old_password_changes_nothing_and_counts),
	    DESK_TEST(each_act_on_people_stands_in_the_institutions_own_log),
	    DESK_TEST(a_token_is_a_systems_until_it_is_revoked_or_over),
	};

	return cmocka_run_group_tests(sign_in, NULL, NULL);
}
