/* services/runtime/task/consent_rules.c: ages, and what a consent needs to count; pure. */
#include "services/runtime/task/consent_rules.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/lists/lists.h"

static unsigned
value_of(const struct list *list, const char *code)
{
	unsigned row;

	return list != NULL && list_find(list, bytes_of_text(code), &row)
	           ? (unsigned)strtoul(list_text(list, row, "value"), NULL, 10)
	           : 0;
}

const struct consent_rules *
consent_rules(void)
{
	static struct consent_rules rules;
	const struct list *list = list_named("consent-rules");

	/* The list is built in and never changes, so whoever writes it writes the same. */
	rules.own_from = value_of(list, "own_consent");
	rules.adult_from = value_of(list, "adult");
	rules.remind_days = value_of(list, "reminder");
	return &rules;
}

/* ---- Days -------------------------------------------------------------------------------- */

calendar_day
consent_rules_birthday(calendar_day birth, unsigned years)
{
	unsigned month, of_month;
	int year;

	calendar_civil(birth, &year, &month, &of_month);
	year += (int)years;
	if (month == 2 && of_month == 29 &&
	    !(year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)))
		return calendar_day_of(year, 3, 1);
	return calendar_day_of(year, month, of_month);
}

unsigned
consent_rules_age(calendar_day birth, calendar_day day)
{
	unsigned month, of_month;
	int born, now;

	calendar_civil(birth, &born, &month, &of_month);
	calendar_civil(day, &now, &month, &of_month);
	if (day < birth)
		return 0;
	return (unsigned)(now - born) -
	       (consent_rules_birthday(birth, (unsigned)(now - born)) > day ? 1 : 0);
}

void
consent_rules_write(calendar_day day, char out[static 11])
{
	unsigned month, of_month, year;
	int of_era;

	calendar_civil(day, &of_era, &month, &of_month);
	year = (unsigned)of_era;
	for (unsigned i = 4; i-- > 0; year /= 10)
		out[i] = (char)('0' + year % 10);
	out[4] = out[7] = '-';
	out[5] = (char)('0' + month / 10);
	out[6] = (char)('0' + month % 10);
	out[8] = (char)('0' + of_month / 10);
	out[9] = (char)('0' + of_month % 10);
	out[10] = '\0';
}

/* ---- What it needs ----------------------------------------------------------------------- */

enum consent_lack
consent_rules_judge(const struct consent_giving *giving, calendar_day day)
{
	const struct consent_rules *rules = consent_rules();
	const bool alone = strcmp(giving->capacity, "child") == 0;
	calendar_day birth;
	unsigned age;

	if (!list_has("capacities", bytes_of_text(giving->capacity)))
		return CONSENT_LACKS_CAPACITY;
	if (!calendar_date(bytes_of_text(giving->birth_date), &birth) || birth > day)
		return CONSENT_LACKS_BIRTH_DATE;
	age = consent_rules_age(birth, day);
	if (age >= rules->adult_from)
		return alone ? CONSENT_LACKS_NOTHING : CONSENT_LACKS_PUPIL;
	if (alone)
		return CONSENT_LACKS_AGE;
	if (giving->childs_view[0] == '\0' &&
	    !list_has("view-reasons", bytes_of_text(giving->childs_view_why)))
		return CONSENT_LACKS_VIEW;
	if (age >= rules->own_from && strcmp(giving->child_consent, "given") != 0)
		return CONSENT_LACKS_CHILD_CONSENT;
	return CONSENT_LACKS_NOTHING;
}
