/* tests/unit/test_audit_check.c: a good log is found good, and each way to tamper is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "clients/auditor/audit_check.h"
#include "protocol/host/oplog.h"
#include "protocol/lists/lists.h"
#include "protocol/trust/policy.h"
#include "tests/unit/small_log.h"

#define NONE UINT64_MAX

static struct small_log *whole;
static struct small_party school, social, police, auditor;
static struct small_message offer;
static struct audit_store *store;
static struct audit_report report;
static char folder[64], path[96];

static int
before(void **state)
{
	(void)state;
	whole = small_log_start();
	small_log_admit(whole, &school, 1, "skola", "school");
	small_log_admit(whole, &social, 2, "dienests", "social_service");
	small_log_admit(whole, &police, 3, "policija", "municipal_police");
	small_log_admit(whole, &auditor, 4, "revidents", "auditor");
	small_log_message(whole, &school, &social, &offer);
	strcpy(folder, "/tmp/test_audit_check.XXXXXX");
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/log.db", folder);
	return audit_store_open(path, true, &store) == STATUS_OK ? 0 : -1;
}

static int
after(void **state)
{
	static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
	char file[128];

	(void)state;
	audit_store_close(store);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		snprintf(file, sizeof(file), "%s%s", path, ends[i]);
		unlink(file);
	}
	rmdir(folder);
	small_log_free(whole);
	return 0;
}

static void
keep_checkpoint(const struct small_log *log, uint64_t size)
{
	struct buffer note = small_log_note(log, size);

	assert_int_equal(
	    audit_store_add_checkpoint(store, size, bytes_of_buffer(&note), 1), STATUS_OK);
	buffer_free(&note);
}

/* Copies LOG into the store but for the entry LEFT_OUT. */
static void
copy(const struct small_log *log, uint64_t left_out)
{
	struct audit_entry entry = {0};

	assert_int_equal(audit_store_begin(store), STATUS_OK);
	for (uint64_t i = 0; i < log->count; i++) {
		if (i == left_out)
			continue;
		entry.leaf = bytes_of_buffer(&log->leaves[i]);
		merkle_leaf(entry.leaf, &entry.hash);
		assert_int_equal(audit_store_add(store, &entry), STATUS_OK);
		entry.index++;
	}
	assert_int_equal(audit_store_commit(store), STATUS_OK);
}

static void
check(void)
{
	assert_int_equal(audit_check(store, &whole->network, NULL, &report), STATUS_OK);
}

/* The broker signs whatever it logged: only the entries themselves can show it. */
static void
check_signed(void)
{
	copy(whole, NONE);
	keep_checkpoint(whole, whole->count);
	check();
}

static void
assert_only(uint64_t index, enum audit_finding finding)
{
	if (report.problem_count != 1)
		for (uint64_t i = 0; i < report.problem_count && i < AUDIT_PROBLEMS_MAX; i++)
			print_error("entry %d: %s (%s)\n", (int)report.problems[i].index,
			    audit_finding_text(report.problems[i].finding),
			    status_name(report.problems[i].why));
	assert_int_equal(report.problem_count, 1);
	assert_int_equal(report.problems[0].index, index);
	assert_string_equal(
	    audit_finding_text(report.problems[0].finding), audit_finding_text(finding));
}

/* Someone with the file and any tool for SQLite. */
static void
tamper(const char *sql)
{
	sqlite3 *db;

	audit_store_close(store);
	store = NULL;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_changes(db), 1);
	sqlite3_close(db);
	assert_int_equal(audit_store_open(path, false, &store), STATUS_OK);
}

static uint64_t
log_leaf(enum leaf_kind kind, struct bytes party)
{
	struct leaf leaf = {.kind = kind,
	    .party = party,
	    .software = bytes_of_text("test 1"),
	    .code = STATUS_EXPIRED,
	    .count = 3};

	return small_log_leaf(whole, &leaf);
}

/* ---- Good -------------------------------------------------------------------------------- */

static void
a_good_log_is_verified_and_counted(void **state)
{
	struct small_message expired, stuck;

	(void)state;
	keep_checkpoint(whole, 5);
	small_log_evidence(whole, &offer, EVIDENCE_DELIVERED, &social);
	small_log_evidence(whole, &offer, EVIDENCE_READ, &social);
	small_log_message(whole, &school, &police, &expired);
	small_log_message(whole, &social, &police, &stuck);
	log_leaf(LEAF_REFUSED, bytes_of_text("skola"));
	log_leaf(LEAF_ACCESS, bytes_of_text("revidents"));
	log_leaf(LEAF_CLOCK, (struct bytes){NULL, 0});
	whole->now_ms += 3600 * 1000;
	small_log_evidence(whole, &expired, EVIDENCE_EXPIRED, NULL);
	check_signed();
	if (report.problem_count > 0)
		assert_only(NONE, AUDIT_FORM);
	assert_int_equal(report.entries, whole->count);
	assert_int_equal(report.kinds[LEAF_ACCEPTED], 3);
	assert_int_equal(report.kinds[LEAF_EVIDENCE], 2);
	assert_int_equal(report.evidence[EVIDENCE_EXPIRED], 1);
	assert_int_equal(report.signatures, 5);
	assert_int_equal(report.checkpoints, 2);
	assert_int_equal(report.size, whole->count);
	assert_int_equal(report.parties, 4);
	assert_int_equal(report.statements, 9);
	assert_int_equal(report.first_ms, SMALL_LOG_EPOCH);
}

static void
verifying_twice_finds_the_same(void **state)
{
	(void)state;
	check_signed();
	assert_int_equal(report.problem_count, 0);
	check();
	assert_int_equal(report.problem_count, 0);
	assert_int_equal(report.entries, whole->count);
}

static void
entries_of_which_only_the_hash_is_held_are_counted(void **state)
{
	struct audit_entry entry = {0};

	(void)state;
	small_log_evidence(whole, &offer, EVIDENCE_DELIVERED, &social);
	assert_int_equal(audit_store_begin(store), STATUS_OK);
	for (; entry.index < whole->count; entry.index++) {
		entry.leaf = bytes_of_buffer(&whole->leaves[entry.index]);
		merkle_leaf(entry.leaf, &entry.hash);
		if (entry.index == offer.index)
			entry.leaf = (struct bytes){NULL, 0};
		assert_int_equal(audit_store_add(store, &entry), STATUS_OK);
	}
	assert_int_equal(audit_store_commit(store), STATUS_OK);
	keep_checkpoint(whole, whole->count);
	check();
	assert_int_equal(report.problem_count, 0);
	assert_int_equal(report.not_held, 1);
	assert_int_equal(report.not_compared, 1);
}

/* ---- The tree ---------------------------------------------------------------------------- */

static void
a_changed_entry_is_found(void **state)
{
	struct buffer *leaf;
	uint64_t access;

	(void)state;
	access = log_leaf(LEAF_ACCESS, bytes_of_text("revidents"));
	leaf = &whole->leaves[access];
	leaf->data[leaf->len - 1] ^= 1; /* "test 1" becomes "test 0" */
	check_signed();
	assert_only(whole->count - 1, AUDIT_ROOT);
}

static void
an_entry_changed_in_the_copy_is_named(void **state)
{
	struct audit_entry entry = {0};
	struct buffer *leaf;

	(void)state;
	log_leaf(LEAF_ACCESS, bytes_of_text("revidents"));
	leaf = &whole->leaves[whole->count - 1];
	assert_int_equal(audit_store_begin(store), STATUS_OK);
	for (; entry.index < whole->count; entry.index++) {
		entry.leaf = bytes_of_buffer(&whole->leaves[entry.index]);
		merkle_leaf(entry.leaf, &entry.hash);
		if (entry.index == whole->count - 1)
			leaf->data[leaf->len - 1] ^= 1;
		assert_int_equal(audit_store_add(store, &entry), STATUS_OK);
	}
	assert_int_equal(audit_store_commit(store), STATUS_OK);
	check();
	assert_int_equal(report.problem_count, 1);
	assert_int_equal(report.problems[0].index, whole->count - 1);
	assert_int_equal(report.problems[0].finding, AUDIT_CHANGED);
}

static void
a_dropped_entry_is_found_by_a_checkpoint_kept_before(void **state)
{
	struct small_log *rewritten = small_log_start();
	uint64_t access = log_leaf(LEAF_ACCESS, bytes_of_text("revidents"));

	(void)state;
	log_leaf(LEAF_ACCESS, bytes_of_text("revidents"));
	keep_checkpoint(whole, whole->count - 1);
	/* The same log without that entry, signed anew by the same key. */
	for (uint64_t i = 1; i < whole->count; i++)
		if (i != access)
			small_log_append(rewritten, bytes_of_buffer(&whole->leaves[i]));
	small_log_append(rewritten, bytes_of_buffer(&whole->leaves[access + 1]));
	copy(rewritten, NONE);
	keep_checkpoint(rewritten, rewritten->count);
	check();
	assert_only(access, AUDIT_ROOT);
	small_log_free(rewritten);
}

static void
a_copy_that_ends_before_its_checkpoint_is_not_verified(void **state)
{
	(void)state;
	copy(whole, whole->count - 1);
	keep_checkpoint(whole, whole->count);
	check();
	assert_only(whole->count - 2, AUDIT_SHORT);
}

/* Also when the rest is whole up to an older checkpoint. */
static void
a_copy_cut_back_to_an_older_checkpoint_is_not_verified(void **state)
{
	(void)state;
	copy(whole, whole->count - 1);
	keep_checkpoint(whole, whole->count - 1);
	keep_checkpoint(whole, whole->count);
	check();
	assert_only(whole->count - 1, AUDIT_CUT);
}

static void
a_checkpoint_of_another_key_is_found(void **state)
{
	(void)state;
	copy(whole, NONE);
	keep_checkpoint(whole, whole->count);
	whole->network.log.public[0] ^= 1;
	check();
	assert_true(report.problem_count >= 1);
	assert_int_equal(report.checkpoints, 0);
	assert_int_equal(report.problems[0].finding, AUDIT_BROKER);
	assert_int_equal(report.problems[1].finding, AUDIT_CHECKPOINT);
}

static void
contradictory_checkpoints_once_kept_are_never_forgotten(void **state)
{
	(void)state;
	assert_int_equal(audit_store_add_contradiction(
			     store, bytes_of_text("one"), bytes_of_text("other"), 1),
	    STATUS_OK);
	check_signed();
	assert_only(whole->count, AUDIT_FORKED);
}

static void
bytes_that_are_no_entry_are_found(void **state)
{
	uint64_t index;

	(void)state;
	index = small_log_append(whole, bytes_of_text("what is this"));
	check_signed();
	assert_only(index, AUDIT_FORM);
}

static void
a_back_dated_entry_is_found(void **state)
{
	uint64_t index;

	(void)state;
	whole->now_ms -= 5000;
	index = log_leaf(LEAF_ACCESS, bytes_of_text("revidents"));
	check_signed();
	assert_only(index, AUDIT_BACKDATED);
}

/* ---- The copy ---------------------------------------------------------------------------- */

/* Beside a good log of an offer (entry 9) and its evidence (entry 10). */
static void
searching_that_was_led_astray_is_found(void **state)
{
	static const struct {
		const char *sql;
		uint64_t index;
	} rows[] = {
	    {"UPDATE entry SET type = type + 1 WHERE idx = 9", 9},
	    {"UPDATE entry SET type = 3 WHERE idx = 10", 10},
	    {"UPDATE entry SET type = NULL WHERE idx = 9", 9},
	    {"UPDATE entry SET kind = 3 WHERE idx = 9", 9},
	    {"UPDATE entry SET time = time - 1 WHERE idx = 10", 10},
	    {"UPDATE entry SET id = zeroblob(16) WHERE idx = 9", 9},
	    {"UPDATE entry SET id = NULL WHERE idx = 10", 10},
	    {"UPDATE entry SET case_token = randomblob(16) WHERE idx = 10", 10},
	    {"DELETE FROM entry_party WHERE idx = 9 AND party = 'skola'", 9},
	    {"INSERT INTO entry_party (party, idx) VALUES ('policija', 9)", 9},
	    {"INSERT INTO entry_party (party, idx) VALUES ('policija', 99)", 99},
	};

	(void)state;
	small_log_evidence(whole, &offer, EVIDENCE_DELIVERED, &social);
	assert_int_equal(offer.index, 9);
	check_signed();
	assert_int_equal(report.problem_count, 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		after(NULL);
		before(NULL);
		small_log_evidence(whole, &offer, EVIDENCE_DELIVERED, &social);
		copy(whole, NONE);
		keep_checkpoint(whole, whole->count);
		tamper(rows[i].sql);
		check();
		assert_only(rows[i].index, AUDIT_INDEX);
	}
}

static void
an_entry_taken_out_of_the_copy_is_named(void **state)
{
	static const char *const rows[] = {
	    "DELETE FROM entry WHERE idx = 0", "DELETE FROM entry WHERE idx = 4"};
	uint64_t lacks;

	(void)state;
	for (uint64_t i = 0; i < 2; i++) {
		after(NULL);
		before(NULL);
		copy(whole, NONE);
		keep_checkpoint(whole, whole->count);
		assert_int_equal(audit_store_gap(store, &lacks), STATUS_NOT_FOUND);
		tamper(rows[i]);
		check();
		assert_only(i * 4, AUDIT_MISSING);
		assert_int_equal(audit_store_gap(store, &lacks), STATUS_OK);
		assert_int_equal(lacks, i * 4);
	}
}

/* ---- Messages ---------------------------------------------------------------------------- */

static void
a_forged_signature_of_a_sender_is_found(void **state)
{
	const struct envelope_header header = small_log_header(whole, &school, &social);
	struct small_message forged;

	(void)state;
	small_log_accept(whole, &header, &police.signing, &forged);
	check_signed();
	assert_only(forged.index, AUDIT_SIGNATURE);
}

static void
a_message_against_the_rules_is_found(void **state)
{
	struct small_message message;

	(void)state;
	small_log_message(whole, &auditor, &social, &message);
	check_signed();
	assert_only(message.index, AUDIT_RULES);
	assert_int_equal(report.problems[0].why, STATUS_NOT_PERMITTED);
}

static void
an_id_used_twice_is_found(void **state)
{
	struct envelope_header header = small_log_header(whole, &school, &social);
	struct small_message again;

	(void)state;
	memcpy(header.id, offer.id, sizeof(header.id));
	header.created_ms = bytes_get_u64(header.id) >> 16;
	small_log_accept(whole, &header, &school.signing, &again);
	check_signed();
	assert_only(again.index, AUDIT_DUPLICATE);
}

static void
two_senders_may_use_one_id(void **state)
{
	struct envelope_header header = small_log_header(whole, &police, &social);
	struct small_message other;

	(void)state;
	memcpy(header.id, offer.id, sizeof(header.id));
	header.created_ms = bytes_get_u64(header.id) >> 16;
	small_log_accept(whole, &header, &police.signing, &other);
	check_signed();
	assert_int_equal(report.problem_count, 0);
}

static void
a_message_accepted_after_its_time_is_found(void **state)
{
	const struct envelope_header header = small_log_header(whole, &school, &social);
	struct small_message late;

	(void)state;
	whole->now_ms += 3600 * 1000;
	small_log_accept(whole, &header, &school.signing, &late);
	check_signed();
	assert_only(late.index, AUDIT_OVERDUE);
}

static void
a_message_from_the_future_is_found(void **state)
{
	struct envelope_header header;
	struct small_message early;

	(void)state;
	whole->now_ms += 6 * 60 * 1000;
	header = small_log_header(whole, &school, &social);
	whole->now_ms -= 6 * 60 * 1000;
	small_log_accept(whole, &header, &school.signing, &early);
	check_signed();
	assert_only(early.index, AUDIT_AHEAD);
}

static void
an_answer_goes_back_to_who_asked(void **state)
{
	struct envelope_header header = small_log_header(whole, &social, &school);
	struct small_message answer;

	(void)state;
	header.type = MESSAGE_REFERRAL_ACCEPT;
	header.recipients[0].basis = BASIS_REPLY;
	header.recipients[0].reply_sender = bytes_of_text(school.code);
	memcpy(header.recipients[0].reply_id, offer.id, sizeof(offer.id));
	memset(header.recipients[0].reference, 0, sizeof(header.recipients[0].reference));
	small_log_accept(whole, &header, &social.signing, &answer);
	/* The police had no part in it. */
	header.sender = bytes_of_text(police.code);
	suite_new_id(header.created_ms, header.id);
	small_log_accept(whole, &header, &police.signing, &answer);
	check_signed();
	assert_only(answer.index, AUDIT_REPLY);
}

/* ---- Grounds ----------------------------------------------------------------------------- */

/* A message of TYPE that cites the offer's reference. */
static struct envelope_header
cited_again(enum message type)
{
	struct envelope_header header = small_log_header(whole, &school, &social);

	header.type = type;
	return header;
}

static struct envelope_header
answer_by(const struct small_party *from, const struct small_message *to)
{
	struct envelope_header header = small_log_header(whole, from, to->from);

	header.type = MESSAGE_REFERRAL_START;
	header.recipients[0].basis = BASIS_REPLY;
	header.recipients[0].reply_sender = bytes_of_text(to->from->code);
	memcpy(header.recipients[0].reply_id, to->id, sizeof(to->id));
	return header;
}

static void
what_follows_a_stop_is_found(void **state)
{
	static const enum message types[] = {MESSAGE_REFERRAL_OFFER, MESSAGE_GROUND_STOP};
	struct envelope_header header;
	struct small_message stop, late;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		after(NULL);
		before(NULL);
		header = cited_again(MESSAGE_REFERRAL_OFFER);
		small_log_accept(whole, &header, &school.signing, &late); /* in time */
		header = cited_again(MESSAGE_GROUND_STOP);
		small_log_accept(whole, &header, &school.signing, &stop);
		header = cited_again(types[i]);
		small_log_accept(whole, &header, &school.signing, &late);
		check_signed();
		assert_only(late.index, AUDIT_STOPPED);
	}
}

static void
a_stop_of_what_was_never_cited_counts(void **state)
{
	struct envelope_header header = small_log_header(whole, &police, &social);
	struct small_message stop, late;

	(void)state;
	header.type = MESSAGE_GROUND_STOP;
	small_log_accept(whole, &header, &police.signing, &stop);
	header = small_log_header(whole, &police, &social);
	small_log_accept(whole, &header, &police.signing, &late);
	check_signed();
	assert_only(late.index, AUDIT_STOPPED);
}

static void
an_answer_after_the_stop_is_found(void **state)
{
	struct small_message first = {.from = &social}, second = {.from = &school}, late;
	struct envelope_header header;

	(void)state;
	offer.from = &school;
	header = answer_by(&social, &offer);
	small_log_accept(whole, &header, &social.signing, &first);
	header = answer_by(&school, &first);
	small_log_accept(whole, &header, &school.signing, &second);
	header = cited_again(MESSAGE_GROUND_STOP);
	small_log_accept(whole, &header, &school.signing, &late);
	header = answer_by(&social, &second);
	small_log_accept(whole, &header, &social.signing, &late);
	check_signed();
	assert_only(late.index, AUDIT_STOPPED);
}

static void
a_foreign_reference_is_found(void **state)
{
	struct envelope_header header;
	struct small_message bad;

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		const struct small_party *from = i == 0 ? &police : &school;

		after(NULL);
		before(NULL);
		header = small_log_header(whole, from, i == 1 ? &police : &social);
		memcpy(header.recipients[0].reference,
		    cited_again(MESSAGE_REFERRAL_OFFER).recipients[0].reference, SUITE_ID_LEN);
		if (i == 2)
			header.recipients[0].basis = BASIS_CONSENT;
		small_log_accept(whole, &header, &from->signing, &bad);
		check_signed();
		assert_only(bad.index, AUDIT_FOREIGN);
	}
}

static void
anothers_stop_is_found_and_stops_nothing(void **state)
{
	struct envelope_header header = small_log_header(whole, &police, &social);
	struct small_message bad, good;

	(void)state;
	header.type = MESSAGE_GROUND_STOP;
	memcpy(header.recipients[0].reference,
	    cited_again(MESSAGE_REFERRAL_OFFER).recipients[0].reference, SUITE_ID_LEN);
	small_log_accept(whole, &header, &police.signing, &bad);
	header = cited_again(MESSAGE_REFERRAL_OFFER);
	small_log_accept(whole, &header, &school.signing, &good);
	check_signed();
	assert_only(bad.index, AUDIT_FOREIGN);
}

static void
an_endless_chain_of_answers_is_found(void **state)
{
	struct small_message answer, answered;
	struct envelope_header header;

	(void)state;
	answered = offer;
	for (unsigned i = 0; i <= POLICY_REPLIES_MAX; i++) {
		const struct small_party *by = i % 2 == 0 ? &social : &school;

		header = answer_by(by, &answered);
		small_log_accept(whole, &header, &by->signing, &answer);
		answered = answer;
		answered.from = by;
	}
	check_signed();
	assert_only(answer.index, AUDIT_REPLY);
	assert_int_equal(report.problems[0].why, STATUS_NO_BASIS);
}

/* ---- Evidence ---------------------------------------------------------------------------- */

static void
evidence_by_a_stranger_to_the_message_is_found(void **state)
{
	uint64_t index;

	(void)state;
	index = small_log_evidence(whole, &offer, EVIDENCE_DELIVERED, &police);
	check_signed();
	assert_only(index, AUDIT_NOT_RECIPIENT);
}

static void
evidence_signed_by_another_than_it_names_is_found(void **state)
{
	struct small_party impostor = social;
	uint64_t index;

	(void)state;
	impostor.signing = police.signing;
	index = small_log_evidence(whole, &offer, EVIDENCE_DELIVERED, &impostor);
	check_signed();
	assert_only(index, AUDIT_EVIDENCE_SIGNATURE);
}

static void
a_second_final_evidence_is_found(void **state)
{
	uint64_t index;

	(void)state;
	small_log_evidence(whole, &offer, EVIDENCE_DELIVERED, &social);
	small_log_evidence(whole, &offer, EVIDENCE_READ, &social);
	whole->now_ms += 3600 * 1000;
	index = small_log_evidence(whole, &offer, EVIDENCE_EXPIRED, NULL);
	check_signed();
	assert_only(index, AUDIT_SECOND_FINAL);
}

static void
evidence_about_another_message_than_it_names_is_found(void **state)
{
	struct small_message wrong = offer;
	uint64_t index;

	(void)state;
	wrong.digest[0] ^= 1;
	index = small_log_evidence(whole, &wrong, EVIDENCE_DELIVERED, &social);
	check_signed();
	assert_only(index, AUDIT_MISMATCH);
}

static void
evidence_about_no_message_is_found(void **state)
{
	struct small_message none = offer;
	uint64_t index;

	(void)state;
	none.index = 0;
	index = small_log_evidence(whole, &none, EVIDENCE_DELIVERED, &social);
	check_signed();
	assert_only(index, AUDIT_NO_MESSAGE);
}

static void
evidence_about_a_later_entry_is_found(void **state)
{
	struct small_message none = offer;
	uint64_t index;

	(void)state;
	none.index = UINT64_MAX;
	index = small_log_evidence(whole, &none, EVIDENCE_DELIVERED, &social);
	check_signed();
	assert_only(index, AUDIT_NO_MESSAGE);
}

static void
evidence_before_its_message_is_found(void **state)
{
	struct small_log *swapped = small_log_start();
	struct small_message message;
	uint64_t evidence;

	(void)state;
	small_log_message(whole, &school, &police, &message);
	evidence = ++message.index;
	whole->now_ms -= 1000; /* both at one time, so that only their order is wrong */
	small_log_evidence(whole, &message, EVIDENCE_DELIVERED, &police);
	for (uint64_t i = 1; i < evidence - 1; i++)
		small_log_append(swapped, bytes_of_buffer(&whole->leaves[i]));
	small_log_append(swapped, bytes_of_buffer(&whole->leaves[evidence]));
	small_log_append(swapped, bytes_of_buffer(&whole->leaves[evidence - 1]));
	copy(swapped, NONE);
	keep_checkpoint(swapped, swapped->count);
	check();
	assert_only(evidence - 1, AUDIT_NO_MESSAGE);
	small_log_free(swapped);
}

static void
an_expiry_before_the_time_is_found(void **state)
{
	uint64_t index;

	(void)state;
	index = small_log_evidence(whole, &offer, EVIDENCE_EXPIRED, NULL);
	check_signed();
	assert_only(index, AUDIT_EARLY);
}

static void
an_undeliverable_whose_reason_is_untrue_is_found(void **state)
{
	uint64_t index;

	(void)state;
	index = small_log_evidence(whole, &offer, EVIDENCE_UNDELIVERABLE, NULL);
	check_signed();
	assert_only(index, AUDIT_UNFOUNDED);
}

/* ---- The directory ----------------------------------------------------------------------- */

static void
a_statement_against_the_rules_is_found(void **state)
{
	static const enum signer role = SIGNER_PARTY;
	const struct signing_key *key = &police.signing;
	struct statement suspend = {.kind = STATEMENT_SUSPEND,
	    .party = bytes_of_text("skola"),
	    .reason = bytes_of_text("spite")};
	uint64_t index;

	(void)state;
	index = small_log_state(whole, &suspend, &role, &key, 1);
	check_signed();
	assert_only(index, AUDIT_STATEMENT);
}

static void
messages_of_a_suspended_sender_are_found(void **state)
{
	static const enum signer role = SIGNER_ROOT;
	const struct signing_key *key = &whole->root;
	struct statement suspend = {.kind = STATEMENT_SUSPEND,
	    .party = bytes_of_text("skola"),
	    .reason = bytes_of_text("asked")};
	struct small_message message;

	(void)state;
	small_log_state(whole, &suspend, &role, &key, 1);
	small_log_message(whole, &school, &police, &message);
	check_signed();
	assert_only(message.index, AUDIT_RULES);
	assert_int_equal(report.problems[0].why, STATUS_SUSPENDED);
}

static void
another_broker_than_network_conf_names_is_found(void **state)
{
	(void)state;
	copy(whole, NONE);
	keep_checkpoint(whole, whole->count);
	whole->network.broker_key[0] ^= 1;
	check();
	assert_only(0, AUDIT_BROKER);
}

static void
entries_about_strangers_are_found(void **state)
{
	uint64_t index;

	(void)state;
	index = log_leaf(LEAF_ACCESS, bytes_of_text("nezinams"));
	check_signed();
	assert_only(index, AUDIT_STRANGER);
}

static int
start(void **state)
{
	(void)state;
	oplog_start("test_audit_check", OPLOG_ERROR);
	return suite_start() == STATUS_OK && lists_start() == STATUS_OK ? 0 : -1;
}

#define WITH_LOG(name) cmocka_unit_test_setup_teardown(name, before, after)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_LOG(a_good_log_is_verified_and_counted),
	    WITH_LOG(verifying_twice_finds_the_same),
	    WITH_LOG(entries_of_which_only_the_hash_is_held_are_counted),
	    WITH_LOG(a_changed_entry_is_found),
	    WITH_LOG(an_entry_changed_in_the_copy_is_named),
	    WITH_LOG(a_dropped_entry_is_found_by_a_checkpoint_kept_before),
	    WITH_LOG(a_copy_that_ends_before_its_checkpoint_is_not_verified),
	    WITH_LOG(a_copy_cut_back_to_an_older_checkpoint_is_not_verified),
	    WITH_LOG(a_checkpoint_of_another_key_is_found),
	    WITH_LOG(contradictory_checkpoints_once_kept_are_never_forgotten),
	    WITH_LOG(bytes_that_are_no_entry_are_found),
	    WITH_LOG(a_back_dated_entry_is_found),
	    WITH_LOG(searching_that_was_led_astray_is_found),
	    WITH_LOG(an_entry_taken_out_of_the_copy_is_named),
	    WITH_LOG(a_forged_signature_of_a_sender_is_found),
	    WITH_LOG(a_message_against_the_rules_is_found),
	    WITH_LOG(an_id_used_twice_is_found),
	    WITH_LOG(two_senders_may_use_one_id),
	    WITH_LOG(a_message_accepted_after_its_time_is_found),
	    WITH_LOG(a_message_from_the_future_is_found),
	    WITH_LOG(an_answer_goes_back_to_who_asked),
	    WITH_LOG(what_follows_a_stop_is_found),
	    WITH_LOG(a_stop_of_what_was_never_cited_counts),
	    WITH_LOG(an_answer_after_the_stop_is_found),
	    WITH_LOG(a_foreign_reference_is_found),
	    WITH_LOG(anothers_stop_is_found_and_stops_nothing),
	    WITH_LOG(an_endless_chain_of_answers_is_found),
	    WITH_LOG(evidence_by_a_stranger_to_the_message_is_found),
	    WITH_LOG(evidence_signed_by_another_than_it_names_is_found),
	    WITH_LOG(a_second_final_evidence_is_found),
	    WITH_LOG(evidence_about_another_message_than_it_names_is_found),
	    WITH_LOG(evidence_about_no_message_is_found),
	    WITH_LOG(evidence_about_a_later_entry_is_found),
	    WITH_LOG(evidence_before_its_message_is_found),
	    WITH_LOG(an_expiry_before_the_time_is_found),
	    WITH_LOG(an_undeliverable_whose_reason_is_untrue_is_found),
	    WITH_LOG(a_statement_against_the_rules_is_found),
	    WITH_LOG(messages_of_a_suspended_sender_are_found),
	    WITH_LOG(another_broker_than_network_conf_names_is_found),
	    WITH_LOG(entries_about_strangers_are_found),
	};

	return cmocka_run_group_tests_name("audit_check", tests, start, NULL);
}
