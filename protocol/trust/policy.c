/* protocol/trust/policy.c: default deny: type × sender kind × recipient kind × basis class. */
#include "protocol/trust/policy.h"

#include <string.h>

#include "protocol/wire/attachment.h"

#define GROUP(name) (1U << GROUP_##name)
#define BASIS(name) (1U << BASIS_##name)
#define INSTITUTIONS                                                                           \
	(GROUP(SCHOOL) | GROUP(SOCIAL_SERVICE) | GROUP(ORPHANS_COURT) | GROUP(POLICE) |        \
	    GROUP(PARTNER))

/* Authorities of a place: the same kind elsewhere takes over when a child moves. */
#define AUTHORITIES (GROUP(SOCIAL_SERVICE) | GROUP(ORPHANS_COURT) | GROUP(POLICE))

/*
 * What opens a matter, and what the referring side adds to it under the same ground, goes
 * between different kinds: a school does not refer a child to a school (a pupil who moves is
 * a hand-over), while municipal and state police are two kinds of one group and may, and an
 * authority may refer to its like in another place.
 */
#define GROUNDED(name)                                                                         \
	{.type = MESSAGE_##name,                                                               \
	    .senders = INSTITUTIONS,                                                           \
	    .recipients = INSTITUTIONS,                                                        \
	    .bases = BASIS(CONSENT) | BASIS(LAW),                                              \
	    .same_kind = false},                                                               \
	{                                                                                      \
		.type = MESSAGE_##name, .senders = AUTHORITIES, .recipients = AUTHORITIES,     \
		.bases = BASIS(CONSENT) | BASIS(LAW), .same_kind = true                        \
	}

/*
 * What answers may go between any two: that there is something to answer, sent the other way,
 * is checked of every reply, so an answer never lacks a rule where the question had one.
 */
#define ANSWER(name)                                                                           \
	{                                                                                      \
		.type = MESSAGE_##name, .senders = INSTITUTIONS, .recipients = INSTITUTIONS,   \
		.bases = BASIS(REPLY), .same_kind = true                                       \
	}

/*
 * What is told unasked, by who alone may tell it. Two of one kind may: the same kind elsewhere
 * is told when a child moves.
 */
#define TOLD(name, by, to, on)                                                                 \
	{                                                                                      \
		.type = MESSAGE_##name, .senders = (by), .recipients = (to), .bases = (on),    \
		.same_kind = true                                                              \
	}

/* Who shares a history may be of any kind, also two of one. */
#define SHARED(name)     TOLD(name, INSTITUTIONS, INSTITUTIONS, BASIS(CONSENT) | BASIS(LAW))
#define SHARED_ACT(name) TOLD(name, INSTITUTIONS, INSTITUTIONS, BASIS(NONE))

static const struct policy_rule rules[] = {
    GROUNDED(REFERRAL_OFFER),
    GROUNDED(REFERRAL_RELEASE),
    ANSWER(REFERRAL_REVIEW_OPENED),
    ANSWER(REFERRAL_ACCEPT),
    ANSWER(REFERRAL_DECLINE),
    ANSWER(REFERRAL_OUTCOME),
    ANSWER(REFERRAL_CLOSE),
    ANSWER(REFERRAL_START),
    ANSWER(REFERRAL_HOLD),
    ANSWER(REFERRAL_RESUME),
    ANSWER(REFERRAL_INFORMATION_REQUEST),
    GROUNDED(REFERRAL_INFORMATION),
    ANSWER(REFERRAL_REDIRECT),
    ANSWER(REFERRAL_FOLLOW_UP),
    /* Before anything was answered there is nothing to reply to. */
    GROUNDED(REFERRAL_CANCEL),
    ANSWER(REFERRAL_CANCEL_CONFIRM),
    GROUNDED(REFERRAL_ENTERED_IN_ERROR),
    ANSWER(REFERRAL_ENTERED_IN_ERROR),
    GROUNDED(INFORMATION_REQUEST),
    ANSWER(INFORMATION_START),
    /* On the answering institution's own ground, not on that of the question. */
    GROUNDED(INFORMATION_ANSWER),
    ANSWER(INFORMATION_REFUSE),
    GROUNDED(INFORMATION_WITHDRAW),
    GROUNDED(INFORMATION_ENTERED_IN_ERROR),
    ANSWER(INFORMATION_ENTERED_IN_ERROR),
    TOLD(NOTICE_INCIDENT, GROUP(POLICE), INSTITUTIONS, BASIS(LAW)),
    TOLD(NOTICE_CUSTODY, GROUP(ORPHANS_COURT), INSTITUTIONS, BASIS(LAW)),
    TOLD(NOTICE_STATUS, GROUP(SOCIAL_SERVICE), INSTITUTIONS, BASIS(CONSENT) | BASIS(LAW)),
    TOLD(NOTICE_CONCERN, GROUP(SCHOOL) | GROUP(POLICE) | GROUP(PARTNER), AUTHORITIES,
	BASIS(CONSENT) | BASIS(LAW)),
    ANSWER(NOTICE_ACKNOWLEDGE),
    TOLD(NOTICE_SUPERSEDE, INSTITUTIONS, INSTITUTIONS, BASIS(CONSENT) | BASIS(LAW)),
    TOLD(NOTICE_ENTERED_IN_ERROR, INSTITUTIONS, INSTITUTIONS, BASIS(CONSENT) | BASIS(LAW)),
    ANSWER(NOTICE_ENTERED_IN_ERROR),
    /* The orphan's court's own statement is inside, and proves itself. */
    TOLD(NOTICE_FORWARDED, INSTITUTIONS, INSTITUTIONS, BASIS(LAW)),
    TOLD(GROUND_STOP, INSTITUTIONS, INSTITUTIONS, BASIS(CONSENT) | BASIS(LAW)),
    /* Acts alone and without a ground: the one that there was is stopped. */
    TOLD(GROUND_STOP_ANSWER, INSTITUTIONS, INSTITUTIONS, BASIS(NONE)),
    TOLD(GROUND_RENEW, INSTITUTIONS, INSTITUTIONS, BASIS(CONSENT)),
    /* Between all who share a history: what has content on its author's ground, acts on none. */
    SHARED(CASE_OPEN),
    SHARED_ACT(CASE_ADD),
    SHARED_ACT(CASE_REMOVE),
    SHARED_ACT(CASE_LEAVE),
    SHARED_ACT(CASE_HAND_OVER),
    SHARED(CASE_REPORT),
    SHARED_ACT(CASE_CLOSE),
    SHARED_ACT(CASE_REOPEN),
    SHARED_ACT(CASE_LINK),
    SHARED_ACT(CASE_MISTAKE),
    SHARED_ACT(LEAD_OFFER),
    SHARED_ACT(LEAD_CLAIM),
    SHARED_ACT(LEAD_ACCEPT),
    SHARED_ACT(LEAD_REJECT),
    SHARED_ACT(LEAD_REVOKE),
    SHARED(ACTION_ASSIGN),
    SHARED_ACT(ACTION_ACCEPT),
    SHARED_ACT(ACTION_DECLINE),
    SHARED_ACT(ACTION_START),
    SHARED(ACTION_DONE),
    SHARED_ACT(ACTION_VERIFY),
    SHARED_ACT(ACTION_RETURN),
    SHARED_ACT(ACTION_FAIL),
    SHARED_ACT(ACTION_WITHDRAW),
    SHARED_ACT(CONFERENCE_PROPOSE),
    SHARED_ACT(CONFERENCE_CONVENE),
    SHARED_ACT(CONFERENCE_ACCEPT),
    SHARED_ACT(CONFERENCE_DECLINE),
    SHARED_ACT(CONFERENCE_DELEGATE),
    SHARED_ACT(CONFERENCE_HELD),
    SHARED_ACT(CONFERENCE_INQUORATE),
    SHARED_ACT(CONFERENCE_CANCEL),
    SHARED_ACT(CONFERENCE_SIGN),
    SHARED(MATTER_PUT),
    SHARED(MATTER_REPORT),
    SHARED_ACT(MATTER_DROP),
    SHARED(MATTER_DECIDE),
    SHARED(MATTER_MINUTES),
    SHARED(MATTER_CORRECT),
    SHARED_ACT(MATTER_SIGN),
    SHARED(MATTER_DISSENT),
    SHARED_ACT(MATTER_FINAL),
    SHARED_ACT(MATTER_MISTAKE),
    SHARED_ACT(HISTORY_PASS_ACTS),
    SHARED(HISTORY_PASS),
    SHARED_ACT(HISTORY_ASK),
    SHARED(DISAGREEMENT_RAISE),
    ANSWER(DISAGREEMENT_ANSWER),
    SHARED_ACT(DISAGREEMENT_CLIMB),
    SHARED(DISAGREEMENT_SETTLE),
    SHARED_ACT(CLIMBED),
    SHARED_ACT(CLIMBED_TAKEN),
    SHARED_ACT(CLIMBED_OVER),
};

#define RULES (sizeof(rules) / sizeof(rules[0]))

const struct policy_rule *
policy_at(unsigned i)
{
	return i < RULES ? &rules[i] : NULL;
}

static bool
joins(const struct policy_rule *rule, const struct party *sender, const struct party *recipient)
{
	return (rule->senders >> sender->group & 1) != 0 &&
	       (rule->recipients >> recipient->group & 1) != 0 &&
	       (rule->same_kind || strcmp(sender->kind, recipient->kind) != 0);
}

/* Without a ground only acts may go, whatever a row says. */
static bool
grounds(const struct policy_rule *rule, const struct message_info *info, enum basis basis)
{
	if (basis >= BASIS_COUNT || (rule->bases >> basis & 1) == 0)
		return false;
	return basis != BASIS_NONE || info->categories == CATEGORY_BIT(CATEGORY_ACT);
}

enum status
policy_permits(
    uint64_t type, const struct party *sender, const struct party *recipient, enum basis basis)
{
	const struct message_info *info = message_info(type);
	enum status rc = STATUS_NOT_PERMITTED;

	if (info == NULL)
		return STATUS_UNKNOWN_TYPE;
	if (strcmp(sender->code, recipient->code) == 0)
		return STATUS_NOT_PERMITTED;
	for (size_t i = 0; i < RULES; i++) {
		if (rules[i].type != info->id || !joins(&rules[i], sender, recipient))
			continue;
		if (grounds(&rules[i], info, basis))
			return STATUS_OK;
		rc = STATUS_NO_BASIS;
	}
	return rc;
}

/* CODE as a party active at LOG_INDEX. */
static enum status
find_active(const struct directory *directory, struct bytes code, uint64_t log_index,
    const struct party **out)
{
	const struct party *party = directory_party(directory, code);

	if (party == NULL || log_index <= party->admitted_index)
		return STATUS_UNKNOWN_PARTY;
	if (!directory_active_at(directory, party, log_index))
		return STATUS_SUSPENDED;
	*out = party;
	return STATUS_OK;
}

static enum status
check_recipient(const struct directory *directory, const struct envelope_header *header,
    uint64_t log_index, const struct party *sender, const struct envelope_recipient *to)
{
	const struct party *party;
	struct sealing_epoch epoch;
	enum status rc;

	if ((rc = find_active(directory, to->party, log_index, &party)) != STATUS_OK)
		return rc;
	if ((rc = policy_permits(header->type, sender, party, to->basis)) != STATUS_OK)
		return rc;
	rc = directory_sealing_epoch(directory, party, to->sealing_epoch, log_index, &epoch);
	if (rc != STATUS_OK)
		return rc;
	/* The private half is destroyed then: what came later could never be opened. */
	return header->expires_ms > epoch.not_after_ms ? STATUS_BAD_EXPIRY : STATUS_OK;
}

/* Only a type with a place to describe documents may bring some, or to show who describes them. */
static enum status
check_attachments(const struct envelope_header *header, const struct message_info *info)
{
	bool may = false;

	for (unsigned i = 0; i < info->field_count; i++)
		may = may || info->fields[i].field->kind == FIELD_KIND_FILES ||
		      info->fields[i].field->id == FIELD_PASSED;
	if (header->attachment_count > 0 && !may)
		return STATUS_NOT_PERMITTED;
	for (uint32_t i = 0; i < header->attachment_count; i++) {
		if (header->attachments[i].size > ATTACHMENT_SIZE_MAX)
			return STATUS_ATTACHMENT_TOO_LARGE;
		if (!attachment_is_size(header->attachments[i].size))
			return STATUS_MALFORMED;
	}
	return STATUS_OK;
}

/* One reference was made for one recipient; a stop is between its maker and that one. */
static enum status
check_references(const struct envelope_header *header, int *recipient)
{
	const struct envelope_recipient *to = header->recipients;

	for (uint32_t i = 1; i < header->recipient_count; i++) {
		*recipient = (int)i;
		if (header->type == MESSAGE_GROUND_STOP)
			return STATUS_BAD_RECIPIENTS;
		for (uint32_t j = 0; j < i; j++)
			if ((to[i].basis == BASIS_CONSENT || to[i].basis == BASIS_LAW) &&
			    (to[j].basis == BASIS_CONSENT || to[j].basis == BASIS_LAW) &&
			    memcmp(to[i].reference, to[j].reference, SUITE_ID_LEN) == 0)
				return STATUS_FOREIGN_REFERENCE;
	}
	*recipient = -1;
	return STATUS_OK;
}

enum status
policy_check(const struct directory *directory, const struct envelope_header *header,
    uint64_t log_index, uint8_t signing_key[static SUITE_SIGN_PUBLIC], int *recipient)
{
	const struct party *sender;
	uint8_t key[SUITE_SIGN_PUBLIC];
	enum status rc;

	*recipient = -1;
	if (!bytes_is_text(header->network, directory_network(directory)))
		return STATUS_WRONG_NETWORK;
	if (message_info(header->type) == NULL)
		return STATUS_UNKNOWN_TYPE;
	if ((rc = check_attachments(header, message_info(header->type))) != STATUS_OK)
		return rc;
	if (header->recipient_count < 1 || header->recipient_count > ENVELOPE_RECIPIENTS_MAX)
		return STATUS_BAD_RECIPIENTS;
	if ((rc = find_active(directory, header->sender, log_index, &sender)) != STATUS_OK)
		return rc;
	rc = directory_signing_key(directory, sender, header->signing_epoch, log_index, key);
	if (rc != STATUS_OK)
		return rc;
	for (uint32_t i = 0; i < header->recipient_count; i++) {
		*recipient = (int)i;
		rc = check_recipient(
		    directory, header, log_index, sender, &header->recipients[i]);
		if (rc != STATUS_OK)
			return rc;
	}
	if ((rc = check_references(header, recipient)) != STATUS_OK)
		return rc;
	memcpy(signing_key, key, sizeof(key));
	return STATUS_OK;
}
