/* tests/unit/test_directory.c: each rule of the directory holds both ways: what passes, what not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/world.h"

#define SCHOOL "skola-7"
#define COURT  "barintiesa"
#define LATER  1000000 /* an index of the log behind everything said */

static struct world w;
static struct signing_key school, court;

/* A network with a registrar, a school (keys 10, 11) and a court (20, 21). */
static int
setup(void **state)
{
	(void)state;
	if (world_open(&w) != STATUS_OK || world_admit(&w, SCHOOL, "school", 10) != STATUS_OK ||
	    world_admit(&w, COURT, "orphans_court", 20) != STATUS_OK)
		return -1;
	school = world_signing(10);
	court = world_signing(20);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	world_close(&w);
	return 0;
}

static const struct party *
party(const char *code)
{
	const struct party *found = directory_party(w.directory, bytes_of_text(code));

	assert_non_null(found);
	return found;
}

static const struct party *
by_transport(uint32_t number)
{
	uint8_t key[32];

	world_box(number, key);
	return directory_by_transport(w.directory, key);
}

static enum status
signing_at(const char *code, uint64_t epoch, uint64_t index)
{
	uint8_t key[32];

	return directory_signing_key(w.directory, party(code), epoch, index, key);
}

static struct statement
about(enum statement_kind kind, const char *code)
{
	return (struct statement){
	    .kind = kind, .party = bytes_of_text(code), .reason = bytes_of_text("test")};
}

static enum status
suspend(const char *code)
{
	struct statement s = about(STATEMENT_SUSPEND, code);

	w.now_ms++;
	return world_say1(&w, &s, SIGNER_REGISTRAR, &w.registrar);
}

static enum status
lift(const char *code)
{
	struct statement s = about(STATEMENT_LIFT, code);

	w.now_ms++;
	return world_say1(&w, &s, SIGNER_ROOT, &w.root);
}

/* Signed by its signing key EPOCH and by the new key, number NEW. */
static enum status
rotate_signing(const char *code, uint64_t epoch, const struct signing_key *old, uint64_t next,
    uint32_t number)
{
	struct statement s = about(STATEMENT_SIGNING_KEY, code);
	struct signing_key key = world_signing(number);

	s.epoch = next;
	s.signing_epoch = epoch;
	memcpy(s.key, key.public, 32);
	return world_say(&w, &s, (struct by[]){{SIGNER_PARTY, old}, {SIGNER_NEW_KEY, &key}}, 2);
}

static enum status
rotate_transport(
    const char *code, uint64_t epoch, const struct signing_key *by, uint32_t number)
{
	struct statement s = about(STATEMENT_TRANSPORT_KEY, code);

	s.signing_epoch = epoch;
	world_box(number, s.key);
	return world_say1(&w, &s, SIGNER_PARTY, by);
}

static enum status
revoke(const char *code, enum key_purpose purpose, uint64_t epoch, enum signer signer,
    const struct signing_key *by, uint64_t signing_epoch)
{
	struct statement s = about(STATEMENT_REVOKE, code);

	s.purpose = purpose;
	s.epoch = epoch;
	s.since_ms = w.now_ms;
	s.signing_epoch = signing_epoch;
	return world_say1(&w, &s, signer, by);
}

/* ---- Founding --------------------------------------------------------------------------- */

static void
nothing_comes_before_the_network_and_nothing_founds_it_twice(void **state)
{
	struct statement s = world_network_statement(&w);
	struct directory *fresh;

	(void)state;
	assert_int_equal(world_say1(&w, &s, SIGNER_ROOT, &w.root), STATUS_BAD_STATEMENT);
	assert_int_equal(directory_create(NETWORK, w.root.public, &fresh), STATUS_OK);
	s = world_registrar_statement(&w, &w.registrar, 5);
	world_make(&w, &s, &(struct by){SIGNER_ROOT, &w.root}, 1);
	assert_int_equal(
	    directory_apply(fresh, 0, &w.last, w.now_ms, &w.detail), STATUS_BAD_STATEMENT);
	assert_int_equal(directory_length(fresh), 0);
	s = world_network_statement(&w);
	world_make(&w, &s, &(struct by){SIGNER_ROOT, &w.root}, 1);
	assert_int_equal(
	    directory_apply(fresh, 1, &w.last, w.now_ms, &w.detail), STATUS_BAD_STATEMENT);
	assert_int_equal(directory_apply(fresh, 0, &w.last, w.now_ms, &w.detail), STATUS_OK);
	directory_free(fresh);
}

static void
only_the_pinned_root_founds_the_network(void **state)
{
	struct statement s = world_network_statement(&w);
	struct directory *fresh;
	struct signing_key stranger = world_signing(99);

	(void)state;
	assert_int_equal(directory_create(NETWORK, w.root.public, &fresh), STATUS_OK);
	world_make(&w, &s, &(struct by){SIGNER_ROOT, &stranger}, 1);
	assert_int_equal(
	    directory_apply(fresh, 0, &w.last, w.now_ms, &w.detail), STATUS_BAD_SIGNATURE);
	memcpy(s.key, stranger.public, 32);
	world_make(&w, &s, &(struct by){SIGNER_ROOT, &w.root}, 1);
	assert_int_equal(
	    directory_apply(fresh, 0, &w.last, w.now_ms, &w.detail), STATUS_BAD_STATEMENT);
	s = world_network_statement(&w);
	memcpy(s.log_key, s.key, 32);
	world_make(&w, &s, &(struct by){SIGNER_ROOT, &w.root}, 1);
	assert_int_equal(
	    directory_apply(fresh, 0, &w.last, w.now_ms, &w.detail), STATUS_BAD_STATEMENT);
	s = world_network_statement(&w);
	s.log_name = bytes_of_text("not a+name");
	world_make(&w, &s, &(struct by){SIGNER_ROOT, &w.root}, 1);
	assert_int_equal(
	    directory_apply(fresh, 0, &w.last, w.now_ms, &w.detail), STATUS_BAD_STATEMENT);
	directory_free(fresh);
}

static void
the_network_statement_names_broker_and_log(void **state)
{
	uint8_t transport[32], log_key[32], broker[32];
	struct directory *fresh;
	const char *name;

	(void)state;
	assert_true(directory_broker(w.directory, transport, &name, log_key));
	world_box(4, broker);
	assert_memory_equal(transport, broker, 32);
	assert_memory_equal(log_key, world_signing(3).public, 32);
	assert_string_equal(name, "test-log");
	assert_int_equal(directory_create(NETWORK, w.root.public, &fresh), STATUS_OK);
	assert_false(directory_broker(fresh, transport, &name, log_key));
	directory_free(fresh);
	assert_int_equal(directory_create("No Code", w.root.public, &fresh), STATUS_ARGUMENT);
}

static void
before_the_first_registrar_nobody_signs_as_one(void **state)
{
	struct statement s = world_network_statement(&w);
	struct directory *fresh;

	(void)state;
	assert_int_equal(directory_create(NETWORK, w.root.public, &fresh), STATUS_OK);
	world_make(&w, &s, &(struct by){SIGNER_ROOT, &w.root}, 1);
	assert_int_equal(directory_apply(fresh, 0, &w.last, w.now_ms, &w.detail), STATUS_OK);
	s = (struct statement){.kind = STATEMENT_HEAD, .length = 1};
	directory_chain(fresh, s.chain);
	world_make(&w, &s, &(struct by){SIGNER_REGISTRAR, &w.registrar}, 1);
	assert_int_equal(
	    directory_apply(fresh, 1, &w.last, w.now_ms, &w.detail), STATUS_UNKNOWN_KEY);
	directory_free(fresh);
}

static void
a_statement_of_another_network_is_refused(void **state)
{
	struct statement s = about(STATEMENT_SUSPEND, SCHOOL);

	(void)state;
	s.network = bytes_of_text("other-net");
	assert_int_equal(
	    world_say1(&w, &s, SIGNER_REGISTRAR, &w.registrar), STATUS_WRONG_NETWORK);
}

static void
a_statement_more_than_five_minutes_ahead_is_refused(void **state)
{
	struct statement s = about(STATEMENT_SUSPEND, SCHOOL);

	(void)state;
	s.time_ms = w.now_ms + 300001;
	assert_int_equal(world_say1(&w, &s, SIGNER_REGISTRAR, &w.registrar), STATUS_CLOCK_SKEW);
	s.time_ms = w.now_ms + 300000;
	assert_int_equal(world_say1(&w, &s, SIGNER_REGISTRAR, &w.registrar), STATUS_OK);
}

static void
bytes_that_are_no_statement_are_refused(void **state)
{
	static const uint8_t junk[] = {0x93, 1, 2, 3};
	struct signed_statement s = {.view = BYTES(junk), .signature_count = 1};

	(void)state;
	s.signatures[0].signer = SIGNER_ROOT;
	assert_int_equal(
	    directory_check(w.directory, &s, w.now_ms, &w.detail), STATUS_MALFORMED);
	assert_true(strlen(w.detail) > 0);
}

static void
more_signatures_than_a_leaf_may_bear_are_refused_unread(void **state)
{
	struct statement s = about(STATEMENT_SUSPEND, SCHOOL);

	(void)state;
	world_make(&w, &s, &(struct by){SIGNER_REGISTRAR, &w.registrar}, 1);
	w.last.signature_count = LEAF_SIGNATURES_MAX + 1;
	assert_int_equal(
	    directory_check(w.directory, &w.last, w.now_ms, &w.detail), STATUS_MALFORMED);
}

static void
statements_are_applied_in_the_order_of_the_log(void **state)
{
	struct statement s = about(STATEMENT_SUSPEND, SCHOOL);

	(void)state;
	world_make(&w, &s, &(struct by){SIGNER_REGISTRAR, &w.registrar}, 1);
	assert_int_equal(
	    directory_apply(w.directory, w.index - 1, &w.last, w.now_ms, &w.detail),
	    STATUS_BAD_STATEMENT);
	assert_int_equal(
	    directory_apply(w.directory, w.index, &w.last, w.now_ms, &w.detail), STATUS_OK);
}

/* ---- Who signs -------------------------------------------------------------------------- */

/* For each kind: the statement, made as it would pass. */
static struct statement
passing(enum statement_kind kind)
{
	struct statement s = about(kind, SCHOOL);

	switch (kind) {
	case STATEMENT_NETWORK:
		return world_network_statement(&w);
	case STATEMENT_REGISTRAR: {
		struct signing_key next = world_signing(50);

		return world_registrar_statement(&w, &next, 51);
	}
	case STATEMENT_ADMIT:
		return world_admit_statement("jauna", "youth_house", 50);
	case STATEMENT_SEALING_EPOCH:
		return world_sealing_statement(SCHOOL, 1, 50, w.now_ms);
	case STATEMENT_SIGNING_KEY:
		memcpy(s.key, world_signing(50).public, 32);
		s.epoch = 2;
		break;
	case STATEMENT_TRANSPORT_KEY:
		world_box(50, s.key);
		break;
	case STATEMENT_REVOKE:
		s.purpose = KEY_TRANSPORT;
		s.epoch = 1;
		s.since_ms = 5;
		break;
	case STATEMENT_HEAD:
		s = (struct statement){.kind = kind, .length = directory_length(w.directory)};
		directory_chain(w.directory, s.chain);
		break;
	case STATEMENT_SUSPEND:
	case STATEMENT_LIFT:
		break;
	}
	return s;
}

/* The sets of signers, as bits, that a statement of the kind may bear. */
static bool
may_sign(enum statement_kind kind, unsigned set)
{
	static const struct {
		enum statement_kind kind;
		unsigned set;
	} good[] = {{STATEMENT_REGISTRAR, 2}, {STATEMENT_ADMIT, 2 + 8}, {STATEMENT_SUSPEND, 2},
	    {STATEMENT_SUSPEND, 4}, {STATEMENT_LIFT, 2}, {STATEMENT_SEALING_EPOCH, 8},
	    {STATEMENT_SIGNING_KEY, 8 + 16}, {STATEMENT_SIGNING_KEY, 2 + 16},
	    {STATEMENT_TRANSPORT_KEY, 8}, {STATEMENT_TRANSPORT_KEY, 2}, {STATEMENT_REVOKE, 8},
	    {STATEMENT_REVOKE, 4}, {STATEMENT_REVOKE, 2}, {STATEMENT_HEAD, 4}};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		if (good[i].kind == kind && good[i].set == set)
			return true;
	return false;
}

static unsigned
sign_as(unsigned set, const struct signing_key *party_key, const struct signing_key *brought,
    struct by *by)
{
	unsigned count = 0;

	if (set & 2)
		by[count++] = (struct by){SIGNER_ROOT, &w.root};
	if (set & 4)
		by[count++] = (struct by){SIGNER_REGISTRAR, &w.registrar};
	if (set & 8)
		by[count++] = (struct by){SIGNER_PARTY, party_key};
	if (set & 16)
		by[count++] = (struct by){SIGNER_NEW_KEY, brought};
	return count;
}

static void
every_kind_is_signed_by_exactly_those_that_the_list_names(void **state)
{
	struct signing_key fifty = world_signing(50);
	struct statement s;
	struct by by[4];
	enum status rc;
	unsigned count;

	for (int kind = STATEMENT_REGISTRAR; kind <= STATEMENT_HEAD; kind++) {
		for (unsigned set = 0; set < 32; set += 2) {
			assert_int_equal(teardown(state), 0);
			assert_int_equal(setup(state), 0);
			if (kind == STATEMENT_LIFT)
				assert_int_equal(suspend(SCHOOL), STATUS_OK);
			w.now_ms++;
			s = passing((enum statement_kind)kind);
			s.signing_epoch = kind >= STATEMENT_SEALING_EPOCH &&
			                  kind <= STATEMENT_REVOKE && (set & 8) != 0;
			count = sign_as(
			    set, kind == STATEMENT_ADMIT ? &fifty : &school, &fifty, by);
			rc = world_say(&w, &s, by, count);
			if (may_sign((enum statement_kind)kind, set))
				assert_int_equal(rc, STATUS_OK);
			else
				assert_int_equal(rc, STATUS_BAD_SIGNATURE);
		}
	}
}

static void
no_key_but_the_right_one_makes_the_signature(void **state)
{
	const struct signing_key *wrong[] = {&court, &w.registrar, &w.root};
	struct signing_key fifty = world_signing(50), strange = world_signing(98);
	struct statement s;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		s = world_sealing_statement(SCHOOL, 1, 60, w.now_ms);
		assert_int_equal(
		    world_say1(&w, &s, SIGNER_PARTY, wrong[i]), STATUS_BAD_SIGNATURE);
	}
	s = about(STATEMENT_SUSPEND, SCHOOL);
	assert_int_equal(world_say1(&w, &s, SIGNER_REGISTRAR, &court), STATUS_BAD_SIGNATURE);
	assert_int_equal(world_say1(&w, &s, SIGNER_ROOT, &w.registrar), STATUS_BAD_SIGNATURE);
	s = world_admit_statement("jauna", "school", 50);
	assert_int_equal(
	    world_say(
		&w, &s, (struct by[]){{SIGNER_ROOT, &w.root}, {SIGNER_PARTY, &strange}}, 2),
	    STATUS_BAD_SIGNATURE);
	assert_int_equal(world_say(&w, &s,
			     (struct by[]){{SIGNER_ROOT, &strange}, {SIGNER_PARTY, &fifty}}, 2),
	    STATUS_BAD_SIGNATURE);
	/* A new key whose owner does not sign could be somebody else's. */
	assert_int_equal(rotate_signing(SCHOOL, 1, &court, 2, 50), STATUS_BAD_SIGNATURE);
	s = about(STATEMENT_SIGNING_KEY, SCHOOL);
	s.epoch = 2;
	s.signing_epoch = 1;
	memcpy(s.key, fifty.public, 32);
	assert_int_equal(
	    world_say(
		&w, &s, (struct by[]){{SIGNER_PARTY, &school}, {SIGNER_NEW_KEY, &strange}}, 2),
	    STATUS_BAD_SIGNATURE);
}

static void
one_bit_changed_in_a_signed_statement_refuses_it(void **state)
{
	struct statement s = about(STATEMENT_SUSPEND, SCHOOL);

	(void)state;
	world_make(&w, &s, &(struct by){SIGNER_REGISTRAR, &w.registrar}, 1);
	for (size_t bit = 0; bit < 8 * w.said.len; bit++) {
		w.said.data[bit / 8] ^= (uint8_t)(1U << bit % 8);
		assert_int_not_equal(
		    directory_check(w.directory, &w.last, w.now_ms, &w.detail), STATUS_OK);
		w.said.data[bit / 8] ^= (uint8_t)(1U << bit % 8);
	}
	assert_int_equal(directory_check(w.directory, &w.last, w.now_ms, &w.detail), STATUS_OK);
}

static void
the_signing_epoch_named_is_the_one_that_signed(void **state)
{
	struct statement s = about(STATEMENT_TRANSPORT_KEY, SCHOOL);

	(void)state;
	world_box(50, s.key);
	s.signing_epoch = 1;
	assert_int_equal(world_say1(&w, &s, SIGNER_ROOT, &w.root), STATUS_BAD_STATEMENT);
	s.signing_epoch = 0;
	assert_int_equal(world_say1(&w, &s, SIGNER_PARTY, &school), STATUS_UNKNOWN_KEY);
	s.signing_epoch = 2;
	assert_int_equal(world_say1(&w, &s, SIGNER_PARTY, &school), STATUS_UNKNOWN_KEY);
}

/* ---- The registrar ---------------------------------------------------------------------- */

static void
a_registrar_serves_no_longer_than_90_days_and_from_now(void **state)
{
	struct signing_key next = world_signing(50);
	struct statement s = world_registrar_statement(&w, &next, 51), good = s;

	(void)state;
	s.not_after_ms++;
	assert_int_equal(world_say1(&w, &s, SIGNER_ROOT, &w.root), STATUS_BAD_STATEMENT);
	s.not_after_ms = s.not_before_ms;
	assert_int_equal(world_say1(&w, &s, SIGNER_ROOT, &w.root), STATUS_BAD_STATEMENT);
	s = good;
	s.not_before_ms = w.now_ms + 300001;
	assert_int_equal(world_say1(&w, &s, SIGNER_ROOT, &w.root), STATUS_BAD_STATEMENT);
	s = good;
	s.not_before_ms -= REGISTRAR_LIFE_MS;
	s.not_after_ms -= REGISTRAR_LIFE_MS;
	assert_int_equal(world_say1(&w, &s, SIGNER_ROOT, &w.root), STATUS_BAD_STATEMENT);
	assert_int_equal(world_say1(&w, &good, SIGNER_ROOT, &w.root), STATUS_OK);
	assert_int_equal(directory_registrar_until_ms(w.directory), good.not_after_ms);
}

static void
a_registrar_past_its_time_signs_nothing(void **state)
{
	struct statement s;

	(void)state;
	w.now_ms += REGISTRAR_LIFE_MS;
	s = passing(STATEMENT_HEAD);
	assert_int_equal(world_say1(&w, &s, SIGNER_REGISTRAR, &w.registrar), STATUS_OK);
	w.now_ms++;
	s = passing(STATEMENT_HEAD);
	assert_int_equal(
	    world_say1(&w, &s, SIGNER_REGISTRAR, &w.registrar), STATUS_KEY_REVOKED);
	/* It is still known by its transport key, to bring what the root says. */
	assert_non_null(by_transport(5));
}

/* Or a broker could bring back the days of a registrar whose time is over. */
static void
the_log_does_not_go_back_in_time(void **state)
{
	struct statement s;

	(void)state;
	w.now_ms += REGISTRAR_LIFE_MS;
	s = passing(STATEMENT_HEAD);
	assert_int_equal(world_say1(&w, &s, SIGNER_REGISTRAR, &w.registrar), STATUS_OK);
	s = passing(STATEMENT_HEAD);
	s.time_ms = w.now_ms;
	world_make(&w, &s, &(struct by){SIGNER_REGISTRAR, &w.registrar}, 1);
	assert_int_equal(
	    directory_apply(w.directory, w.index, &w.last, w.now_ms - 1, &w.detail),
	    STATUS_BAD_STATEMENT);
	assert_int_equal(
	    directory_apply(w.directory, w.index, &w.last, w.now_ms, &w.detail), STATUS_OK);
}

static void
a_new_registrar_replaces_the_former_at_once(void **state)
{
	struct signing_key next = world_signing(50);
	struct statement s = passing(STATEMENT_REGISTRAR);

	(void)state;
	assert_string_equal(by_transport(5)->code, "registrar");
	assert_int_equal(by_transport(5)->group, GROUP_REGISTRAR);
	assert_int_equal(world_say1(&w, &s, SIGNER_ROOT, &w.root), STATUS_OK);
	assert_null(by_transport(5));
	assert_string_equal(by_transport(51)->code, "registrar");
	s = passing(STATEMENT_HEAD);
	assert_int_equal(
	    world_say1(&w, &s, SIGNER_REGISTRAR, &w.registrar), STATUS_BAD_SIGNATURE);
	assert_int_equal(world_say1(&w, &s, SIGNER_REGISTRAR, &next), STATUS_OK);
}

/* Certified, not logged, and then replaced: whoever kept it must not come back with it. */
static void
a_certificate_older_than_the_present_one_is_refused(void **state)
{
	struct signing_key next = world_signing(50);
	struct statement s = world_registrar_statement(&w, &next, 51);

	(void)state;
	s.time_ms = w.now_ms - 1;
	assert_int_equal(world_say1(&w, &s, SIGNER_ROOT, &w.root), STATUS_BAD_STATEMENT);
	s.time_ms++;
	assert_int_equal(world_say1(&w, &s, SIGNER_ROOT, &w.root), STATUS_OK);
}

static void
the_root_revokes_a_registrar(void **state)
{
	struct statement s;

	(void)state;
	assert_int_equal(
	    revoke("registrar", KEY_SIGNING, 1, SIGNER_ROOT, &w.root, 0), STATUS_OK);
	s = passing(STATEMENT_HEAD);
	assert_int_equal(
	    world_say1(&w, &s, SIGNER_REGISTRAR, &w.registrar), STATUS_KEY_REVOKED);
	assert_int_equal(
	    revoke("registrar", KEY_TRANSPORT, 1, SIGNER_ROOT, &w.root, 0), STATUS_OK);
	assert_null(by_transport(5));
}

static void
the_registrar_is_no_party_of_its_own(void **state)
{
	struct signing_key fifty = world_signing(50);
	struct statement s = world_sealing_statement("registrar", 1, 60, w.now_ms);

	(void)state;
	assert_int_equal(world_say1(&w, &s, SIGNER_PARTY, &w.registrar), STATUS_BAD_SIGNATURE);
	assert_int_equal(
	    rotate_signing("registrar", 1, &w.registrar, 2, 50), STATUS_BAD_SIGNATURE);
	s = about(STATEMENT_SIGNING_KEY, "registrar");
	s.epoch = 2;
	memcpy(s.key, fifty.public, 32);
	assert_int_equal(
	    world_say(
		&w, &s, (struct by[]){{SIGNER_ROOT, &w.root}, {SIGNER_NEW_KEY, &fifty}}, 2),
	    STATUS_BAD_STATEMENT);
	s = about(STATEMENT_TRANSPORT_KEY, "registrar");
	world_box(60, s.key);
	assert_int_equal(world_say1(&w, &s, SIGNER_ROOT, &w.root), STATUS_BAD_STATEMENT);
	assert_int_equal(suspend("registrar"), STATUS_BAD_STATEMENT);
	assert_int_equal(world_admit(&w, "registrar", "school", 70), STATUS_BAD_STATEMENT);
	assert_int_equal(world_admit(&w, "second", "registrar", 70), STATUS_BAD_STATEMENT);
}

/* ---- Admission -------------------------------------------------------------------------- */

static void
an_admitted_party_is_found_by_code_and_transport_key(void **state)
{
	const struct party *p = party(SCHOOL);

	(void)state;
	assert_string_equal(p->code, SCHOOL);
	assert_string_equal(p->kind, "school");
	assert_int_equal(p->group, GROUP_SCHOOL);
	assert_string_equal(p->name, "Name");
	assert_string_equal(p->municipality, "Ventspils");
	assert_int_equal(p->admitted_index, 2);
	assert_ptr_equal(by_transport(11), p);
	assert_string_equal(by_transport(21)->code, COURT);
	assert_null(by_transport(12));
	assert_null(directory_party(w.directory, bytes_of_text("nobody")));
	assert_int_equal(party(COURT)->group, GROUP_ORPHANS_COURT);
}

static void
parties_are_walked_in_the_order_they_came(void **state)
{
	(void)state;
	assert_string_equal(directory_at(w.directory, 0)->code, "registrar");
	assert_string_equal(directory_at(w.directory, 1)->code, SCHOOL);
	assert_string_equal(directory_at(w.directory, 2)->code, COURT);
	assert_null(directory_at(w.directory, 3));
}

static void
a_code_is_admitted_once(void **state)
{
	(void)state;
	assert_int_equal(world_admit(&w, SCHOOL, "school", 50), STATUS_BAD_STATEMENT);
	assert_int_equal(world_admit(&w, "skola-8", "school", 50), STATUS_OK);
}

static void
a_kind_not_in_the_list_belongs_to_no_group(void **state)
{
	(void)state;
	assert_int_equal(world_admit(&w, "x", "space_agency", 50), STATUS_OK);
	assert_int_equal(party("x")->group, GROUP_NONE);
}

static void
statements_about_strangers_are_refused(void **state)
{
	(void)state;
	assert_int_equal(suspend("nobody"), STATUS_UNKNOWN_PARTY);
	assert_int_equal(rotate_transport("nobody", 1, &school, 50), STATUS_UNKNOWN_PARTY);
}

/* Every key that there ever was: of root, log, broker, registrar, and of both parties. */
static void
no_key_serves_twice(void **state)
{
	uint8_t used[9][32];
	struct statement s;

	(void)state;
	s = world_sealing_statement(COURT, 1, 22, w.now_ms);
	assert_int_equal(world_say1(&w, &s, SIGNER_PARTY, &court), STATUS_OK);
	assert_int_equal(revoke(COURT, KEY_SEALING, 1, SIGNER_PARTY, &court, 1), STATUS_OK);
	memcpy(used[0], w.root.public, 32);
	memcpy(used[1], world_signing(3).public, 32);
	world_box(4, used[2]);
	memcpy(used[3], w.registrar.public, 32);
	world_box(5, used[4]);
	memcpy(used[5], school.public, 32);
	world_box(11, used[6]);
	memcpy(used[7], court.public, 32);
	world_box(22, used[8]);
	for (size_t i = 0; i < 9; i++) {
		s = world_sealing_statement(SCHOOL, 1, 0, w.now_ms);
		memcpy(s.key, used[i], 32);
		assert_int_equal(
		    world_say1(&w, &s, SIGNER_PARTY, &school), STATUS_BAD_STATEMENT);
		s = about(STATEMENT_TRANSPORT_KEY, SCHOOL);
		memcpy(s.key, used[i], 32);
		assert_int_equal(
		    world_say1(&w, &s, SIGNER_ROOT, &w.root), STATUS_BAD_STATEMENT);
		s = world_registrar_statement(&w, &school, 80);
		memcpy(s.key, world_signing(80).public, 32);
		memcpy(s.transport, used[i], 32);
		assert_int_equal(
		    world_say1(&w, &s, SIGNER_ROOT, &w.root), STATUS_BAD_STATEMENT);
	}
	assert_int_equal(world_admit(&w, "cita", "school", 10), STATUS_BAD_STATEMENT);
	assert_int_equal(rotate_signing(SCHOOL, 1, &school, 2, 20), STATUS_BAD_STATEMENT);
	assert_int_equal(rotate_signing(SCHOOL, 1, &school, 2, 10), STATUS_BAD_STATEMENT);
}

static void
one_statement_does_not_bring_one_key_twice_or_zeroes(void **state)
{
	struct signing_key fifty = world_signing(50);
	struct by by[] = {{SIGNER_ROOT, &w.root}, {SIGNER_PARTY, &fifty}};
	struct statement s = world_admit_statement("cita", "school", 50);

	(void)state;
	memcpy(s.transport, s.key, 32);
	assert_int_equal(world_say(&w, &s, by, 2), STATUS_BAD_STATEMENT);
	memset(s.transport, 0, 32);
	assert_int_equal(world_say(&w, &s, by, 2), STATUS_BAD_STATEMENT);
	s = world_registrar_statement(&w, &fifty, 0);
	memcpy(s.transport, s.key, 32);
	assert_int_equal(world_say1(&w, &s, SIGNER_ROOT, &w.root), STATUS_BAD_STATEMENT);
}

/* ---- Suspension ------------------------------------------------------------------------- */

static void
a_suspended_party_is_nobody_until_lifted(void **state)
{
	uint64_t from = w.index, to;
	struct statement s;

	(void)state;
	assert_int_equal(suspend(SCHOOL), STATUS_OK);
	assert_int_equal(party(SCHOOL)->suspended_index, from);
	assert_null(by_transport(11));
	assert_int_equal(signing_at(SCHOOL, 1, LATER), STATUS_SUSPENDED);
	assert_int_equal(signing_at(COURT, 1, LATER), STATUS_OK);
	s = world_sealing_statement(SCHOOL, 1, 50, w.now_ms);
	assert_int_equal(world_say1(&w, &s, SIGNER_PARTY, &school), STATUS_SUSPENDED);
	assert_int_equal(rotate_signing(SCHOOL, 1, &school, 2, 50), STATUS_SUSPENDED);
	to = w.index;
	assert_int_equal(lift(SCHOOL), STATUS_OK);
	assert_int_equal(party(SCHOOL)->suspended_index, 0);
	assert_non_null(by_transport(11));
	/* By index: what stands between stays suspended for whoever reads the log later. */
	assert_int_equal(signing_at(SCHOOL, 1, from - 1), STATUS_OK);
	assert_int_equal(signing_at(SCHOOL, 1, from), STATUS_OK);
	assert_int_equal(signing_at(SCHOOL, 1, to + 1), STATUS_OK);
	w.index = to + 10;
	from = w.index;
	assert_int_equal(suspend(SCHOOL), STATUS_OK);
	w.index += 10;
	to = w.index;
	assert_int_equal(lift(SCHOOL), STATUS_OK);
	assert_true(directory_active_at(w.directory, party(SCHOOL), from));
	assert_false(directory_active_at(w.directory, party(SCHOOL), from + 1));
	assert_false(directory_active_at(w.directory, party(SCHOOL), to - 1));
	assert_true(directory_active_at(w.directory, party(SCHOOL), to));
	assert_int_equal(signing_at(SCHOOL, 1, to - 1), STATUS_SUSPENDED);
	assert_int_equal(signing_at(SCHOOL, 1, LATER), STATUS_OK);
}

static void
nobody_is_suspended_or_lifted_twice_over(void **state)
{
	(void)state;
	assert_int_equal(lift(SCHOOL), STATUS_BAD_STATEMENT);
	assert_int_equal(suspend(SCHOOL), STATUS_OK);
	assert_int_equal(suspend(SCHOOL), STATUS_BAD_STATEMENT);
	assert_int_equal(lift(SCHOOL), STATUS_OK);
	assert_int_equal(lift(SCHOOL), STATUS_BAD_STATEMENT);
}

static void
the_root_still_speaks_for_a_suspended_party(void **state)
{
	struct signing_key fifty = world_signing(50);
	struct statement s = about(STATEMENT_SIGNING_KEY, SCHOOL);

	(void)state;
	assert_int_equal(suspend(SCHOOL), STATUS_OK);
	assert_int_equal(
	    revoke(SCHOOL, KEY_SIGNING, 1, SIGNER_REGISTRAR, &w.registrar, 0), STATUS_OK);
	s.epoch = 2;
	memcpy(s.key, fifty.public, 32);
	assert_int_equal(
	    world_say(
		&w, &s, (struct by[]){{SIGNER_ROOT, &w.root}, {SIGNER_NEW_KEY, &fifty}}, 2),
	    STATUS_OK);
	assert_int_equal(lift(SCHOOL), STATUS_OK);
	assert_int_equal(signing_at(SCHOOL, 2, LATER), STATUS_OK);
	assert_int_equal(signing_at(SCHOOL, 1, LATER), STATUS_KEY_REVOKED);
}

/* ---- Replays ---------------------------------------------------------------------------- */

/* What was applied once, by its bytes, and nothing but that. */
struct kept {
	struct buffer bytes;
	struct signed_statement statement;
};

static void
keep(struct kept *kept)
{
	*kept = (struct kept){.statement = w.last};
	buffer_append(&kept->bytes, w.last.view);
	kept->statement.view = bytes_of_buffer(&kept->bytes);
}

static enum status
replay(struct kept *kept)
{
	enum status rc =
	    directory_apply(w.directory, w.index, &kept->statement, w.now_ms, &w.detail);

	buffer_free(&kept->bytes);
	return rc;
}

static void
no_statement_counts_twice(void **state)
{
	struct signing_key fifty = world_signing(50);
	struct statement s;
	struct by by[4];
	struct kept kept;
	enum status rc;

	for (int kind = STATEMENT_REGISTRAR; kind <= STATEMENT_HEAD; kind++) {
		assert_int_equal(teardown(state), 0);
		assert_int_equal(setup(state), 0);
		if (kind == STATEMENT_LIFT)
			assert_int_equal(suspend(SCHOOL), STATUS_OK);
		w.now_ms++;
		s = passing((enum statement_kind)kind);
		for (unsigned set = 2; set < 32; set += 2) {
			if (!may_sign((enum statement_kind)kind, set) || (set & 10) == 8)
				continue;
			world_make(&w, &s, by, sign_as(set, &fifty, &fifty, by));
			break;
		}
		if (kind == STATEMENT_SEALING_EPOCH)
			world_make(&w, &s, &(struct by){SIGNER_PARTY, &school}, 1);
		assert_int_equal(world_apply(&w), STATUS_OK);
		keep(&kept);
		rc = replay(&kept);
		assert_int_not_equal(rc, STATUS_OK);
	}
}

static void
a_lift_of_before_does_not_lift_the_next_suspension(void **state)
{
	struct kept suspension, lifting;

	(void)state;
	assert_int_equal(suspend(SCHOOL), STATUS_OK);
	keep(&suspension);
	assert_int_equal(lift(SCHOOL), STATUS_OK);
	keep(&lifting);
	assert_int_equal(replay(&suspension), STATUS_BAD_STATEMENT);
	assert_int_equal(suspend(SCHOOL), STATUS_OK);
	assert_int_equal(replay(&lifting), STATUS_BAD_STATEMENT);
	assert_null(by_transport(11));
}

/* ---- Signing and transport keys --------------------------------------------------------- */

static void
the_former_signing_key_stays_good_until_its_second_successor(void **state)
{
	struct signing_key second = world_signing(50);
	uint64_t first_rotation = w.index, second_rotation;

	(void)state;
	assert_int_equal(directory_signing_epoch(w.directory, party(SCHOOL)), 1);
	assert_int_equal(signing_at(SCHOOL, 2, LATER), STATUS_UNKNOWN_KEY);
	assert_int_equal(rotate_signing(SCHOOL, 1, &school, 2, 50), STATUS_OK);
	assert_int_equal(directory_signing_epoch(w.directory, party(SCHOOL)), 2);
	assert_int_equal(signing_at(SCHOOL, 1, LATER), STATUS_OK);
	assert_int_equal(signing_at(SCHOOL, 2, LATER), STATUS_OK);
	assert_int_equal(signing_at(SCHOOL, 2, first_rotation), STATUS_UNKNOWN_KEY);
	second_rotation = w.index;
	assert_int_equal(rotate_signing(SCHOOL, 2, &second, 3, 51), STATUS_OK);
	assert_int_equal(signing_at(SCHOOL, 1, second_rotation - 1), STATUS_OK);
	assert_int_equal(signing_at(SCHOOL, 1, second_rotation), STATUS_KEY_REVOKED);
	assert_int_equal(signing_at(SCHOOL, 2, LATER), STATUS_OK);
	assert_int_equal(signing_at(SCHOOL, 3, LATER), STATUS_OK);
	assert_int_equal(signing_at(SCHOOL, 0, LATER), STATUS_UNKNOWN_KEY);
	assert_int_equal(signing_at(SCHOOL, 4, LATER), STATUS_UNKNOWN_KEY);
}

static void
a_signing_key_follows_the_newest_one_in_sequence(void **state)
{
	(void)state;
	assert_int_equal(rotate_signing(SCHOOL, 1, &school, 3, 50), STATUS_BAD_STATEMENT);
	assert_int_equal(rotate_signing(SCHOOL, 1, &school, 1, 50), STATUS_BAD_STATEMENT);
	assert_int_equal(rotate_signing(SCHOOL, 1, &school, 2, 50), STATUS_OK);
	/* The replaced key cannot push out the key that replaced it. */
	assert_int_equal(rotate_signing(SCHOOL, 1, &school, 3, 51), STATUS_BAD_STATEMENT);
}

static void
a_key_is_good_only_behind_the_statement_that_brought_it(void **state)
{
	(void)state;
	assert_int_equal(signing_at(SCHOOL, 1, 2), STATUS_UNKNOWN_KEY);
	assert_int_equal(signing_at(SCHOOL, 1, 3), STATUS_OK);
	assert_false(directory_active_at(w.directory, party(SCHOOL), 2));
	assert_true(directory_active_at(w.directory, party(SCHOOL), 3));
}

static void
transport_keys_overlap_as_signing_keys_do(void **state)
{
	(void)state;
	assert_int_equal(rotate_transport(SCHOOL, 1, &court, 50), STATUS_BAD_SIGNATURE);
	assert_int_equal(rotate_transport(SCHOOL, 1, &school, 50), STATUS_OK);
	assert_ptr_equal(by_transport(11), party(SCHOOL));
	assert_ptr_equal(by_transport(50), party(SCHOOL));
	assert_int_equal(directory_epoch(w.directory, party(SCHOOL), KEY_TRANSPORT), 2);
	assert_int_equal(rotate_transport(SCHOOL, 1, &school, 51), STATUS_OK);
	assert_null(by_transport(11));
	assert_ptr_equal(by_transport(50), party(SCHOOL));
	assert_ptr_equal(by_transport(51), party(SCHOOL));
	/* A signing or sealing key is no key to connect with. */
	assert_null(directory_by_transport(w.directory, school.public));
	assert_null(by_transport(4));
}

static void
a_revoked_key_ends_by_index_and_signs_no_more(void **state)
{
	uint64_t index = w.index;
	struct statement s;

	(void)state;
	assert_int_equal(
	    revoke(SCHOOL, KEY_SIGNING, 1, SIGNER_REGISTRAR, &w.registrar, 0), STATUS_OK);
	assert_int_equal(signing_at(SCHOOL, 1, index - 1), STATUS_OK);
	assert_int_equal(signing_at(SCHOOL, 1, index), STATUS_KEY_REVOKED);
	assert_int_equal(signing_at(SCHOOL, 1, LATER), STATUS_KEY_REVOKED);
	assert_int_equal(directory_signing_epoch(w.directory, party(SCHOOL)), 0);
	s = world_sealing_statement(SCHOOL, 1, 50, w.now_ms);
	assert_int_equal(world_say1(&w, &s, SIGNER_PARTY, &school), STATUS_KEY_REVOKED);
	assert_int_equal(rotate_signing(SCHOOL, 1, &school, 2, 50), STATUS_KEY_REVOKED);
}

static void
a_party_revokes_its_own_keys_and_no_others(void **state)
{
	(void)state;
	assert_int_equal(
	    revoke(SCHOOL, KEY_TRANSPORT, 1, SIGNER_PARTY, &court, 1), STATUS_BAD_SIGNATURE);
	assert_int_equal(revoke(SCHOOL, KEY_TRANSPORT, 1, SIGNER_PARTY, &school, 1), STATUS_OK);
	assert_null(by_transport(11));
	assert_int_equal(revoke(SCHOOL, KEY_SIGNING, 1, SIGNER_PARTY, &school, 1), STATUS_OK);
	assert_int_equal(revoke(SCHOOL, KEY_SEALING, 1, SIGNER_REGISTRAR, &w.registrar, 0),
	    STATUS_UNKNOWN_KEY);
	assert_int_equal(revoke(SCHOOL, KEY_SIGNING, 0, SIGNER_REGISTRAR, &w.registrar, 0),
	    STATUS_UNKNOWN_KEY);
	assert_int_equal(revoke(SCHOOL, KEY_SIGNING, 2, SIGNER_REGISTRAR, &w.registrar, 0),
	    STATUS_UNKNOWN_KEY);
}

static void
a_signing_key_does_not_revoke_its_successor(void **state)
{
	struct signing_key second = world_signing(50);

	(void)state;
	assert_int_equal(rotate_signing(SCHOOL, 1, &school, 2, 50), STATUS_OK);
	assert_int_equal(
	    revoke(SCHOOL, KEY_SIGNING, 2, SIGNER_PARTY, &school, 1), STATUS_BAD_STATEMENT);
	assert_int_equal(revoke(SCHOOL, KEY_SIGNING, 1, SIGNER_PARTY, &second, 2), STATUS_OK);
	assert_int_equal(revoke(SCHOOL, KEY_SIGNING, 2, SIGNER_PARTY, &second, 2), STATUS_OK);
}

static void
a_revocation_does_not_begin_after_itself(void **state)
{
	struct statement s = passing(STATEMENT_REVOKE);

	(void)state;
	s.since_ms = w.now_ms + 1;
	assert_int_equal(
	    world_say1(&w, &s, SIGNER_REGISTRAR, &w.registrar), STATUS_BAD_STATEMENT);
}

/* ---- Sealing epochs --------------------------------------------------------------------- */

static enum status
seal(uint64_t epoch, uint32_t key, uint64_t from_ms, uint64_t to_ms)
{
	struct statement s = world_sealing_statement(SCHOOL, epoch, key, from_ms);

	s.not_after_ms = to_ms;
	return world_say1(&w, &s, SIGNER_PARTY, &school);
}

static void
sealing_epochs_are_numbered_in_sequence_and_last_30_days(void **state)
{
	uint64_t t = w.now_ms;

	(void)state;
	assert_int_equal(seal(2, 50, t, t + DAY_MS), STATUS_BAD_STATEMENT);
	assert_int_equal(seal(0, 50, t, t + DAY_MS), STATUS_BAD_STATEMENT);
	assert_int_equal(seal(1, 50, t, t + 30 * DAY_MS + 300001), STATUS_BAD_STATEMENT);
	assert_int_equal(seal(1, 50, t, t), STATUS_BAD_STATEMENT);
	assert_int_equal(seal(1, 50, t, 0), STATUS_BAD_STATEMENT);
	assert_int_equal(seal(1, 50, t, ENVELOPE_TIME_MAX), STATUS_BAD_STATEMENT);
	assert_int_equal(seal(1, 50, t - DAY_MS, t), STATUS_BAD_STATEMENT);
	assert_int_equal(
	    seal(1, 50, t + 30 * DAY_MS + 1, t + 31 * DAY_MS), STATUS_BAD_STATEMENT);
	assert_int_equal(seal(1, 50, t, t + 30 * DAY_MS + 300000), STATUS_OK);
	assert_int_equal(seal(1, 51, t, t + DAY_MS), STATUS_BAD_STATEMENT);
	assert_int_equal(seal(2, 51, t, t + DAY_MS), STATUS_OK);
}

static void
a_sealing_epoch_touches_the_one_before(void **state)
{
	uint64_t t = w.now_ms;

	(void)state;
	assert_int_equal(seal(1, 50, t, t + 10 * DAY_MS), STATUS_OK);
	assert_int_equal(seal(2, 51, t - 1, t + 20 * DAY_MS), STATUS_BAD_STATEMENT);
	assert_int_equal(
	    seal(2, 51, t + 10 * DAY_MS + 1, t + 20 * DAY_MS), STATUS_BAD_STATEMENT);
	assert_int_equal(seal(2, 51, t + 10 * DAY_MS, t + 20 * DAY_MS), STATUS_OK);
	/* After a silence longer than an epoch, one that begins now may follow. */
	w.now_ms = t + 40 * DAY_MS;
	assert_int_equal(
	    seal(3, 52, w.now_ms + 300001, w.now_ms + DAY_MS), STATUS_BAD_STATEMENT);
	assert_int_equal(seal(3, 52, w.now_ms, w.now_ms + DAY_MS), STATUS_OK);
}

static void
the_newest_sealing_epoch_in_its_time_is_the_one_to_use(void **state)
{
	uint64_t t = w.now_ms;
	struct sealing_epoch epoch;
	uint8_t key[32];

	(void)state;
	assert_int_equal(
	    directory_sealing_now(w.directory, party(SCHOOL), t, &epoch), STATUS_UNKNOWN_EPOCH);
	assert_int_equal(seal(1, 50, t, t + 10 * DAY_MS), STATUS_OK);
	assert_int_equal(seal(2, 51, t + 5 * DAY_MS, t + 20 * DAY_MS), STATUS_OK);
	assert_int_equal(
	    directory_sealing_now(w.directory, party(SCHOOL), t, &epoch), STATUS_OK);
	assert_int_equal(epoch.epoch, 1);
	world_box(50, key);
	assert_memory_equal(epoch.key, key, 32);
	assert_int_equal(
	    directory_sealing_now(w.directory, party(SCHOOL), t + 5 * DAY_MS, &epoch),
	    STATUS_OK);
	assert_int_equal(epoch.epoch, 2);
	assert_int_equal(revoke(SCHOOL, KEY_SEALING, 2, SIGNER_PARTY, &school, 1), STATUS_OK);
	assert_int_equal(
	    directory_sealing_now(w.directory, party(SCHOOL), t + 5 * DAY_MS, &epoch),
	    STATUS_OK);
	assert_int_equal(epoch.epoch, 1);
	assert_int_equal(
	    directory_sealing_now(w.directory, party(SCHOOL), t + 10 * DAY_MS, &epoch),
	    STATUS_UNKNOWN_EPOCH);
}

static void
a_sealing_epoch_is_in_force_by_index(void **state)
{
	uint64_t from = w.index, to;
	struct sealing_epoch epoch;

	(void)state;
	assert_int_equal(seal(1, 50, w.now_ms, w.now_ms + DAY_MS), STATUS_OK);
	w.index += 5;
	to = w.index;
	assert_int_equal(revoke(SCHOOL, KEY_SEALING, 1, SIGNER_PARTY, &school, 1), STATUS_OK);
	assert_int_equal(directory_sealing_epoch(w.directory, party(SCHOOL), 1, from, &epoch),
	    STATUS_UNKNOWN_EPOCH);
	assert_int_equal(
	    directory_sealing_epoch(w.directory, party(SCHOOL), 1, from + 1, &epoch),
	    STATUS_OK);
	assert_int_equal(epoch.not_after_ms, w.now_ms + DAY_MS);
	assert_int_equal(directory_sealing_epoch(w.directory, party(SCHOOL), 1, to, &epoch),
	    STATUS_KEY_REVOKED);
	assert_int_equal(directory_sealing_epoch(w.directory, party(SCHOOL), 2, to, &epoch),
	    STATUS_UNKNOWN_EPOCH);
}

/* ---- Heads and the chain ---------------------------------------------------------------- */

static void
a_head_signs_the_directory_as_it_stands(void **state)
{
	struct statement s = passing(STATEMENT_HEAD), stale = s;

	(void)state;
	assert_int_equal(directory_head_ms(w.directory), 0);
	s.length++;
	assert_int_equal(
	    world_say1(&w, &s, SIGNER_REGISTRAR, &w.registrar), STATUS_BAD_STATEMENT);
	s = stale;
	s.chain[31] ^= 1;
	assert_int_equal(
	    world_say1(&w, &s, SIGNER_REGISTRAR, &w.registrar), STATUS_BAD_STATEMENT);
	assert_int_equal(world_say1(&w, &stale, SIGNER_REGISTRAR, &w.registrar), STATUS_OK);
	assert_int_equal(directory_head_ms(w.directory), w.now_ms);
	assert_int_equal(directory_length(w.directory), 5);
	assert_int_equal(
	    world_say1(&w, &stale, SIGNER_REGISTRAR, &w.registrar), STATUS_BAD_STATEMENT);
	s = passing(STATEMENT_HEAD);
	s.time_ms = w.now_ms - 1;
	assert_int_equal(
	    world_say1(&w, &s, SIGNER_REGISTRAR, &w.registrar), STATUS_BAD_STATEMENT);
}

static void
the_chain_is_over_every_statement_applied(void **state)
{
	uint8_t before[32], after[32], expected[32];
	struct statement s = about(STATEMENT_SUSPEND, SCHOOL);

	(void)state;
	directory_chain(w.directory, before);
	assert_int_equal(world_say1(&w, &s, SIGNER_ROOT, &w.registrar), STATUS_BAD_SIGNATURE);
	directory_chain(w.directory, after);
	assert_memory_equal(before, after, 32);
	assert_int_equal(suspend(SCHOOL), STATUS_OK);
	suite_hash(
	    "saikne-v1-directory", (struct bytes[]){BYTES(before), w.last.view}, 2, expected);
	directory_chain(w.directory, after);
	assert_memory_equal(after, expected, 32);
}

/* ---- Size ------------------------------------------------------------------------------- */

static void
thousands_of_parties_are_all_found(void **state)
{
	char code[32];

	(void)state;
	for (uint32_t i = 0; i < 2000; i++) {
		snprintf(code, sizeof(code), "party-%u", i);
		assert_int_equal(world_admit(&w, code, "ngo", 1000 + 2 * i), STATUS_OK);
	}
	for (uint32_t i = 0; i < 2000; i++) {
		snprintf(code, sizeof(code), "party-%u", i);
		assert_string_equal(party(code)->code, code);
		assert_ptr_equal(by_transport(1000 + 2 * i + 1), party(code));
	}
	assert_null(directory_party(w.directory, bytes_of_text("party-2000")));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest directory[] = {
	    TEST(nothing_comes_before_the_network_and_nothing_founds_it_twice),
	    TEST(only_the_pinned_root_founds_the_network),
	    TEST(the_network_statement_names_broker_and_log),
	    TEST(a_statement_of_another_network_is_refused),
	    TEST(a_statement_more_than_five_minutes_ahead_is_refused),
	    TEST(bytes_that_are_no_statement_are_refused),
	    TEST(more_signatures_than_a_leaf_may_bear_are_refused_unread),
	    TEST(before_the_first_registrar_nobody_signs_as_one),
	    TEST(statements_are_applied_in_the_order_of_the_log),
	    TEST(the_log_does_not_go_back_in_time),
	    TEST(every_kind_is_signed_by_exactly_those_that_the_list_names),
	    TEST(no_key_but_the_right_one_makes_the_signature),
	    TEST(one_bit_changed_in_a_signed_statement_refuses_it),
	    TEST(the_signing_epoch_named_is_the_one_that_signed),
	    TEST(a_registrar_serves_no_longer_than_90_days_and_from_now),
	    TEST(a_registrar_past_its_time_signs_nothing),
	    TEST(a_new_registrar_replaces_the_former_at_once),
	    TEST(a_certificate_older_than_the_present_one_is_refused),
	    TEST(the_root_revokes_a_registrar),
	    TEST(the_registrar_is_no_party_of_its_own),
	    TEST(an_admitted_party_is_found_by_code_and_transport_key),
	    TEST(parties_are_walked_in_the_order_they_came),
	    TEST(a_code_is_admitted_once),
	    TEST(a_kind_not_in_the_list_belongs_to_no_group),
	    TEST(statements_about_strangers_are_refused),
	    TEST(no_key_serves_twice),
	    TEST(one_statement_does_not_bring_one_key_twice_or_zeroes),
	    TEST(a_suspended_party_is_nobody_until_lifted),
	    TEST(nobody_is_suspended_or_lifted_twice_over),
	    TEST(the_root_still_speaks_for_a_suspended_party),
	    TEST(no_statement_counts_twice),
	    TEST(a_lift_of_before_does_not_lift_the_next_suspension),
	    TEST(the_former_signing_key_stays_good_until_its_second_successor),
	    TEST(a_signing_key_follows_the_newest_one_in_sequence),
	    TEST(a_key_is_good_only_behind_the_statement_that_brought_it),
	    TEST(transport_keys_overlap_as_signing_keys_do),
	    TEST(a_revoked_key_ends_by_index_and_signs_no_more),
	    TEST(a_party_revokes_its_own_keys_and_no_others),
	    TEST(a_signing_key_does_not_revoke_its_successor),
	    TEST(a_revocation_does_not_begin_after_itself),
	    TEST(sealing_epochs_are_numbered_in_sequence_and_last_30_days),
	    TEST(a_sealing_epoch_touches_the_one_before),
	    TEST(the_newest_sealing_epoch_in_its_time_is_the_one_to_use),
	    TEST(a_sealing_epoch_is_in_force_by_index),
	    TEST(a_head_signs_the_directory_as_it_stands),
	    TEST(the_chain_is_over_every_statement_applied),
	    TEST(thousands_of_parties_are_all_found),
	};

	return cmocka_run_group_tests(directory, NULL, NULL);
}
