/* services/partner/partner.c: what makes a service a partner's: it answers and gives opinions. */
#include "services/runtime/runtime.h"
#include "services/runtime/task/descriptor_roles.h"

/*
 * Education boards, health promotion, crisis and youth centres, commissions and NGOs share one
 * service: what they do differs more inside than between institutions, so nothing but the
 * common rules binds them. Small ones have one person for everything: a specialist may do all
 * but decline, which is answered for by who leads.
 */
static const struct descriptor partner = {
    .program = "saikne-partner",
    .group = GROUP_PARTNER,
    .what_en = "A partner's service: boards, centres, commissions and NGOs that help.",
    .what_lv = "Sadarbības partnera serviss: pārvaldes, centri, komisijas un organizācijas.",
    .acts =
	{
	    {MESSAGE_REFERRAL_OFFER, ROLES_STAFF},
	    {MESSAGE_REFERRAL_REVIEW_OPENED, ROLES_STAFF},
	    {MESSAGE_REFERRAL_ACCEPT, ROLES_STAFF},
	    {MESSAGE_REFERRAL_DECLINE, ROLES_LEAD},
	    {MESSAGE_REFERRAL_OUTCOME, ROLES_STAFF},
	    {MESSAGE_REFERRAL_CLOSE, ROLES_STAFF},
	    {MESSAGE_REFERRAL_INFORMATION_REQUEST, ROLES_STAFF},
	    {MESSAGE_REFERRAL_INFORMATION, ROLES_STAFF},
	    {MESSAGE_REFERRAL_REDIRECT, ROLES_LEAD},
	    {MESSAGE_REFERRAL_FOLLOW_UP, ROLES_STAFF},
	    {MESSAGE_REFERRAL_START, ROLES_STAFF},
	    {MESSAGE_REFERRAL_HOLD, ROLES_STAFF},
	    {MESSAGE_REFERRAL_RESUME, ROLES_STAFF},
	    {MESSAGE_REFERRAL_CANCEL, ROLES_STAFF},
	    {MESSAGE_REFERRAL_CANCEL_CONFIRM, ROLES_STAFF},
	    {MESSAGE_REFERRAL_ENTERED_IN_ERROR, ROLES_LEAD},
	    {MESSAGE_INFORMATION_REQUEST, ROLES_STAFF},
	    {MESSAGE_INFORMATION_START, ROLES_STAFF},
	    {MESSAGE_INFORMATION_ANSWER, ROLES_STAFF},
	    {MESSAGE_INFORMATION_REFUSE, ROLES_LEAD},
	    {MESSAGE_INFORMATION_WITHDRAW, ROLES_STAFF},
	    {MESSAGE_INFORMATION_ENTERED_IN_ERROR, ROLES_LEAD},
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
	"no_contact"},
};

int
main(int argc, char **argv)
{
	return runtime_main(argc, argv, &partner);
}
