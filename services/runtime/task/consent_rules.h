/* services/runtime/task/consent_rules.h: who may give consent, at what age of the child; pure. */
#ifndef SAIKNE_CONSENT_RULES_H
#define SAIKNE_CONSENT_RULES_H

#include "services/runtime/task/calendar.h"

/* Of lists/consent-rules.csv. */
struct consent_rules {
	unsigned own_from;    /* years: the child's own consent is needed too */
	unsigned adult_from;  /* years: the pupil's alone counts, and others' lapses */
	unsigned remind_days; /* before the end */
};
const struct consent_rules *consent_rules(void);

/*
 * The day on which who was born on BIRTH has lived so many YEARS: the birthday, and for who was
 * born on 29 February, in a year without one, 1 March.
 */
calendar_day consent_rules_birthday(calendar_day birth, unsigned years);
/* Full years on DAY; 0 before the birth. */
unsigned consent_rules_age(calendar_day birth, calendar_day day);
/* "2026-11-22" */
void consent_rules_write(calendar_day day, char out[static 11]);

/* What is said of a consent as it is given or renewed; "" for what is not said. */
struct consent_giving {
	const char *capacity; /* of lists/capacities.csv */
	const char *birth_date;
	const char *childs_view,
	    *childs_view_why;      /* why it is not there: lists/view-reasons.csv */
	const char *child_consent; /* "given", "refused", "not_asked" */
};

/*
 * What keeps a consent from counting, the first that does. What the child alone can mend
 * (CHILD_CONSENT) leaves the record deferred; the rest is refused.
 */
enum consent_lack {
	CONSENT_LACKS_NOTHING,
	CONSENT_LACKS_CAPACITY,
	CONSENT_LACKS_BIRTH_DATE, /* the child's age decides who consents */
	CONSENT_LACKS_AGE,        /* a child of less than 18 does not consent alone */
	CONSENT_LACKS_PUPIL,      /* who is of age consents alone */
	CONSENT_LACKS_VIEW,       /* neither the child's view nor why it is not there */
	CONSENT_LACKS_CHILD_CONSENT,
};
enum consent_lack consent_rules_judge(const struct consent_giving *giving, calendar_day day);

#endif
