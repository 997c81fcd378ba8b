/* services/runtime/acts/acts_status.c: how the service and its network stand; receipts. */
#include "services/runtime/acts/acts_inside.h"

#include <stdio.h>
#include <string.h>

#include "protocol/host/lang.h"
#include "protocol/trust/policy.h"
#include "services/runtime/exchange/climbs.h"
#include "services/runtime/exchange/proven.h"
#include "services/runtime/store/chain_store.h"
#include "services/runtime/store/key_store.h"
#include "services/runtime/store/outbox_store.h"

#define PROBLEMS_MAX 100

/* Our own words for a problem where its status alone would not say it. */
static const struct {
	const char *what, *meaning, *remedy;
} problem_words[] = {
    {"gap", N_("messages that this institution sent are missing here"),
	N_("they come with the mailbox, or their expiry does; ask the institution if this "
	   "stays")},
    {"history_gap",
	N_("this institution has entries of a shared history that are missing here"),
	N_("they are asked for by themselves; ask the institution if this stays")},
    {"unreadable", N_("a message of this institution could not be applied"),
	N_("its sender was told why by signed evidence and sends it again")},
    {"fork", N_("the broker showed two logs that contradict each other"),
	N_("this service stays away from the broker; give both checkpoints, which this status "
	   "has, to every auditor")},
    {"unproven",
	N_("something was applied under a checkpoint that the broker does not prove to be "
	   "of the log"),
	N_("tell an auditor, and ask the broker's operator why the proof does not come")},
    {"bad_receipt", N_("the broker sent a receipt that does not hold"),
	N_("keep the log of this service and tell an auditor")},
    {"bad_proof", N_("the broker delivered an entry that is not proven to be in the log"),
	N_("keep the log of this service and tell an auditor")},
    {"stuck", N_("something that arrived could not be taken in; all else goes on"),
	N_("keep the log of this service and report it; it comes again after a restart")},
    {"bad_delivery", N_("the broker delivered something that is not for this institution"),
	N_("keep the log of this service and tell the broker's operator")},
    {"bad_evidence", N_("evidence about a message of ours does not hold"),
	N_("tell an auditor")},
    {"unknown_message", N_("evidence came for a message that is not known here"),
	N_("if the database was restored from a backup, tell the network's authority")},
    {"no_chair",
	N_("something that is long overdue, or not agreed on, waits for the management group,"
	   " and nobody is told"),
	N_("the administrator names its chair in the service's configuration:"
	   " management_chair")},
    {"wrong_chair",
	N_("the institution that the configuration names as chair of the management group is"
	   " none that may chair it, and takes nothing of what is long overdue"),
	N_("the administrator names in management_chair of the service's configuration the"
	   " institution that chairs the group, and restarts the service; what waits is told"
	   " then")},
    {"evidence_refused", N_("the broker refused evidence that we signed"),
	N_("tell the broker's operator")},
};

static json_t *
problem_json(const struct problem *problem)
{
	const char *meaning = status_meaning(problem->status),
		   *remedy = status_remedy(problem->status);

	for (size_t i = 0; i < sizeof(problem_words) / sizeof(problem_words[0]); i++)
		if (strcmp(problem_words[i].what, problem->what) == 0) {
			meaning = problem_words[i].meaning;
			remedy = problem_words[i].remedy;
		}
	return json_pack("{s:s, s:s, s:s, s:I, s:o, s:s, s:s}", "what", problem->what, "peer",
	    problem->peer, "code", status_name(problem->status), "index",
	    (json_int_t)problem->index, "time", request_time(problem->time_ms), "meaning",
	    meaning, "remedy", remedy);
}

/* While the proofs are awaited this is nothing to look at; after a while it is. */
static enum status
add_unproven(struct service *service, json_t *all)
{
	struct problem problem = {.what = "unproven", .status = STATUS_BAD_PROOF};
	uint64_t count;
	enum status rc = key_store_unproven(service->db, &count, &problem.time_ms);

	if (rc != STATUS_OK || count == 0 || !service->connected ||
	    service->now_ms < problem.time_ms + PROVEN_WITHIN_MS)
		return rc;
	return json_array_append_new(all, problem_json(&problem)) == 0 ? STATUS_OK
	                                                               : STATUS_NO_MEMORY;
}

static enum status
add_no_chair(struct service *service, json_t *all)
{
	struct problem problem = {
	    .what = "no_chair", .status = STATUS_UNKNOWN_PARTY, .time_ms = service->now_ms};
	enum climbs_lack lack;
	enum status rc = climbs_lack_chair(service, &lack);

	if (rc != STATUS_OK || lack == CLIMBS_LACK_NOTHING)
		return rc;
	if (lack == CLIMBS_WRONG_CHAIR) {
		snprintf(problem.what, sizeof(problem.what), "wrong_chair");
		problem.status = STATUS_NOT_PERMITTED;
		snprintf(
		    problem.peer, sizeof(problem.peer), "%s", service->config.management_chair);
	}
	return json_array_append_new(all, problem_json(&problem)) == 0 ? STATUS_OK
	                                                               : STATUS_NO_MEMORY;
}

static enum status
add_problems(struct service *service, json_t *answer)
{
	json_t *all = json_array();
	struct problem problem;
	enum status rc = STATUS_OK;

	for (unsigned i = 0; i < PROBLEMS_MAX; i++) {
		rc = chain_store_problem_at(service->db, i, &problem);
		if (rc != STATUS_OK)
			break;
		if (json_array_append_new(all, problem_json(&problem)) != 0) {
			rc = STATUS_NO_MEMORY;
			break;
		}
	}
	if (rc == STATUS_NOT_FOUND)
		rc = STATUS_OK;
	if (rc == STATUS_OK)
		rc = add_unproven(service, all);
	if (rc == STATUS_OK)
		rc = add_no_chair(service, all);
	if (rc == STATUS_OK && json_object_set(answer, "problems", all) != 0)
		rc = STATUS_NO_MEMORY;
	json_decref(all);
	return rc;
}

/* The two checkpoints, as an auditor needs them. */
static enum status
add_fork(struct service *service, json_t *answer)
{
	struct buffer known = {0}, other = {0};
	json_t *fork;
	enum status rc = STATUS_OK;

	if (json_object_set_new(answer, "forked", json_boolean(service->forked)) != 0)
		return STATUS_NO_MEMORY;
	if (!service->forked)
		return STATUS_OK;
	rc = key_store_note(service->db, "fork_known", &known);
	if (rc == STATUS_OK)
		rc = key_store_note(service->db, "fork_other", &other);
	if (rc == STATUS_OK) {
		fork = json_pack("{s:s%, s:s%}", "known", known.data, known.len, "other",
		    other.data, other.len);
		if (json_object_set_new(answer, "fork", fork) != 0)
			rc = STATUS_NO_MEMORY;
	}
	buffer_free(&known);
	buffer_free(&other);
	/* Met a moment ago, and about to be stored. */
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

static enum status
add_counts(struct service *service, json_t *answer)
{
	uint64_t waiting, anew, uploading, sealing, evidence;
	enum status rc = outbox_store_count(service->db, OUTBOX_WAITING, &waiting);

	if (rc == STATUS_OK)
		rc = outbox_store_count(service->db, OUTBOX_RESEAL, &anew);
	if (rc == STATUS_OK)
		rc = outbox_store_count(service->db, OUTBOX_UPLOADING, &uploading);
	if (rc == STATUS_OK)
		rc = outbox_store_count(service->db, OUTBOX_SEALING, &sealing);
	if (rc == STATUS_OK)
		rc = outbox_store_evidence_count(service->db, &evidence);
	if (rc != STATUS_OK)
		return rc;
	waiting += anew + uploading + sealing;
	if (json_object_set_new(
		answer, "messages_waiting", json_integer((json_int_t)waiting)) != 0 ||
	    json_object_set_new(
		answer, "evidence_waiting", json_integer((json_int_t)evidence)) != 0)
		return STATUS_NO_MEMORY;
	return STATUS_OK;
}

static int
add_directory(struct service *service, json_t *answer)
{
	uint64_t head = directory_head_ms(service->directory);
	bool loud = head == 0 ||
	            (service->now_ms > head && service->now_ms - head > DIRECTORY_HEAD_LOUD_MS);
	json_t *one = json_pack("{s:I, s:o, s:b, s:b}", "statements",
	    (json_int_t)directory_length(service->directory), "head",
	    head == 0 ? json_null() : request_time(head), "head_is_old", loud, "may_seal",
	    service_may_seal(service) == STATUS_OK);

	return json_object_set_new(answer, "directory", one);
}

static int
add_self(struct service *service, json_t *answer)
{
	const struct party *self = service_self(service);
	struct sealing_epoch epoch;
	json_t *sealing = NULL;

	if (self != NULL && directory_sealing_now(service->directory, self,
				service_time_ms(service), &epoch) == STATUS_OK)
		sealing = json_pack("{s:I, s:o}", "epoch", (json_int_t)epoch.epoch, "until",
		    request_time(epoch.not_after_ms));
	if (json_object_set_new(answer, "admitted", json_boolean(self != NULL)) != 0 ||
	    json_object_set_new(answer, "suspended",
		json_boolean(self != NULL && self->suspended_index != 0)) != 0 ||
	    json_object_set_new(answer, "name", json_string(self == NULL ? "" : self->name)) !=
		0 ||
	    json_object_set_new(answer, "kind", json_string(self == NULL ? "" : self->kind)) !=
		0)
		return -1;
	return json_object_set_new(
	    answer, "sealing_epoch", sealing != NULL ? sealing : json_null());
}

enum status
acts_status(struct service *service, const struct actor *actor, json_t **answer,
    struct refusal *refusal)
{
	const char *why = service->connected ? "" : status_meaning(service->lost_why);
	json_t *whole;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if (actor->role == ROLE_NONE)
		return acts_may_read(actor, refusal);
	if (!service->connected && service->lost_why == STATUS_OK)
		why = N_("the broker is not reached; it is tried again");
	whole = json_pack("{s:s, s:s, s:s, s:s, s:o, s:b, s:s, s:I, s:I}", "program",
	    service->config.descriptor->program, "code", service->config.code, "user",
	    actor->user, "role", service_role_name(actor->role), "time",
	    request_time(service->now_ms), "connected", service->connected, "why", why,
	    "clock_offset_ms", (json_int_t)service->transport.offset(service->transport.state),
	    "log_size", (json_int_t)service->view.trusted.size);
	rc =
	    whole == NULL || add_self(service, whole) != 0 || add_directory(service, whole) != 0
		? STATUS_NO_MEMORY
		: STATUS_OK;
	if (rc == STATUS_OK)
		rc = add_counts(service, whole);
	if (rc == STATUS_OK)
		rc = add_problems(service, whole);
	if (rc == STATUS_OK)
		rc = add_fork(service, whole);
	if (rc != STATUS_OK) {
		json_decref(whole);
		return acts_fail(refusal, rc, "reading the status");
	}
	*answer = whole;
	return STATUS_OK;
}

/* ---- Directory --------------------------------------------------------------------------- */

static json_t *
party_json(struct service *service, const struct party *party)
{
	const struct party *self = service_self(service);
	bool active = party->suspended_index == 0, may = false, sealable;
	struct sealing_epoch epoch;

	if (self != NULL && self != party && active && self->suspended_index == 0)
		may =
		    policy_permits(MESSAGE_REFERRAL_OFFER, self, party, BASIS_LAW) == STATUS_OK;
	sealable = directory_sealing_now(service->directory, party, service->now_ms, &epoch) ==
	           STATUS_OK;
	return json_pack("{s:s, s:s, s:s, s:s, s:b, s:b, s:b}", "code", party->code, "name",
	    party->name, "kind", party->kind, "municipality", party->municipality, "may_refer",
	    may, "sealable", sealable, "active", active);
}

enum status
acts_directory(struct service *service, const struct actor *actor, json_t **answer,
    struct refusal *refusal)
{
	const struct party *party;
	json_t *items;

	*answer = NULL;
	service_tick(service);
	if (actor->role == ROLE_NONE)
		return acts_may_read(actor, refusal);
	items = json_array();
	for (unsigned i = 0; (party = directory_at(service->directory, i)) != NULL; i++) {
		if (party->group == GROUP_AUDITOR || party->group == GROUP_REGISTRAR)
			continue;
		if (json_array_append_new(items, party_json(service, party)) != 0) {
			json_decref(items);
			return acts_fail(refusal, STATUS_NO_MEMORY, "the directory");
		}
	}
	if ((*answer = json_pack("{s:o}", "items", items)) == NULL)
		return acts_fail(refusal, STATUS_NO_MEMORY, "the directory");
	return STATUS_OK;
}
