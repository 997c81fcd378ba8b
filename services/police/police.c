/* services/police/police.c: what makes a service the police's: it acts by law, and at any hour. */
#include "protocol/host/lang.h"
#include "services/runtime/runtime.h"
#include "services/runtime/task/descriptor_roles.h"
#include "services/runtime/task/notice.h"

/*
 * Nobody refuses the police freely, so what it shares about a child never rests on consent:
 * it cites the law that obliges or allows it.
 */
static enum status
before_send(const struct descriptor *descriptor, const char *kind,
    const struct content *content, const char **detail)
{
	struct bytes ground;

	(void)descriptor;
	if (!notice_mark_permitted(content, kind)) {
		*detail = N_("this handling mark is not for your kind of police to set");
		return STATUS_NOT_PERMITTED;
	}
	if (!content_text(content, FIELD_GROUND, &ground) || !bytes_is_text(ground, "consent"))
		return STATUS_OK;
	*detail = N_("the police shares on a legal ground, not on consent");
	return STATUS_NO_BASIS;
}

/* Whoever is on duty may refer and take on; there is no waiting for a lead at night. */
static const struct descriptor police = {
    .program = "saikne-police",
    .group = GROUP_POLICE,
    .what_en = "The police's service, municipal or state: incidents, neglect, proceedings.",
    .what_lv = "Policijas serviss (pašvaldības vai valsts): notikumi, pienākumu nepildīšana, "
	       "lietvedība.",
    .acts =
	{
	    {MESSAGE_REFERRAL_OFFER, ROLES_STAFF},
	    {MESSAGE_REFERRAL_REVIEW_OPENED, ROLES_STAFF},
	    {MESSAGE_REFERRAL_ACCEPT, ROLES_STAFF},
	    {MESSAGE_REFERRAL_DECLINE, ROLES_LEAD},
	    {MESSAGE_REFERRAL_OUTCOME, ROLES_STAFF},
	    {MESSAGE_REFERRAL_CLOSE, ROLES_LEAD},
	    {MESSAGE_REFERRAL_INFORMATION_REQUEST, ROLES_STAFF},
	    {MESSAGE_REFERRAL_INFORMATION, ROLES_STAFF},
	    {MESSAGE_REFERRAL_REDIRECT, ROLES_LEAD},
	    {MESSAGE_REFERRAL_FOLLOW_UP, ROLES_LEAD},
	    {MESSAGE_REFERRAL_START, ROLES_STAFF},
	    {MESSAGE_REFERRAL_HOLD, ROLES_STAFF},
	    {MESSAGE_REFERRAL_RESUME, ROLES_STAFF},
	    {MESSAGE_REFERRAL_CANCEL, ROLES_LEAD},
	    {MESSAGE_REFERRAL_CANCEL_CONFIRM, ROLES_STAFF},
	    {MESSAGE_REFERRAL_ENTERED_IN_ERROR, ROLES_LEAD},
	    {MESSAGE_INFORMATION_REQUEST, ROLES_STAFF},
	    {MESSAGE_INFORMATION_START, ROLES_STAFF},
	    {MESSAGE_INFORMATION_ANSWER, ROLES_STAFF},
	    {MESSAGE_INFORMATION_REFUSE, ROLES_LEAD},
	    {MESSAGE_INFORMATION_WITHDRAW, ROLES_STAFF},
	    {MESSAGE_INFORMATION_ENTERED_IN_ERROR, ROLES_LEAD},
	    {MESSAGE_NOTICE_INCIDENT, ROLES_STAFF},
	    {MESSAGE_NOTICE_CONCERN, ROLES_STAFF},
	    {MESSAGE_NOTICE_ACKNOWLEDGE, ROLES_STAFF},
	    {MESSAGE_GROUND_STOP_ANSWER, ROLES_STAFF},
	    ACTS_OF_DISAGREEMENT,
	    {MESSAGE_NOTICE_SUPERSEDE, ROLES_STAFF},
	    {MESSAGE_NOTICE_ENTERED_IN_ERROR, ROLES_LEAD},
	    ACTS_OF_CASES,
	    ACTS_OF_SITTINGS,
	},
    /* Whoever hears a family takes it down; who leads decides on what is disputed. */
    .consents = {.record = ROLES_STAFF, .judge = ROLES_LEAD},
    .erases = ROLES_DECIDE,
    .outcomes = {"goal_reached", "partly_reached", "not_reached", "handed_over", "moved_away",
	"no_contact", "neglect_proceedings"},
    .before_send = before_send,
};

int
main(int argc, char **argv)
{
	return runtime_main(argc, argv, &police);
}
