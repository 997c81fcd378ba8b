/* services/runtime/task/calendar.h: working days of Latvia and the civil time of Riga; pure. */
#ifndef SAIKNE_CALENDAR_H
#define SAIKNE_CALENDAR_H

#include "protocol/base/bytes.h"

/*
 * A day is numbered from 1970-01-01, as Riga counts days; an instant is milliseconds since 1970
 * UTC. Years 1970 to 9999; what lies beyond is taken for the last day of them.
 *
 * Free days: Saturdays, Sundays and those of the law "Par svētku, atceres un atzīmējamām dienām":
 * 1 January, Good Friday, Easter Sunday and Monday, 1 May, 4 May, the second Sunday of May,
 * Pentecost, 23 and 24 June, 18 November, 24, 25, 26 and 31 December, and the closing day of the
 * Song and Dance Celebration. Where 4 May, 18 November or that closing day is a Saturday or a
 * Sunday, the next working day is free.
 *
 * protocol/lists/calendar.csv adds what no rule gives: `celebration`, `free` and `worked` days,
 * and `day_end`, the time in Riga at which a working day is over. Of the working days that the
 * Cabinet moves every year, for institutions paid by the state (others may follow), the list has
 * the day that becomes free alone: a period between two institutions ends on no day, and no
 * Saturday counts, on which one of them may rest.
 *
 * Riga is two hours ahead of UTC, three from 01:00 UTC of March's last Sunday until 01:00 UTC of
 * October's (Directive 2000/84/EC); before 1996 other rules held, and this one is used.
 */
typedef int32_t calendar_day;

#define CALENDAR_MS_MAX 253402300799999ULL /* the end of the year 9999 */

/* The fields must be a date of the calendar. */
calendar_day calendar_day_of(int year, unsigned month, unsigned day);
/* The first of its month. */
calendar_day calendar_month_start(calendar_day day);
void calendar_civil(calendar_day day, int *year, unsigned *month, unsigned *of_month);
/* "2026-11-22" */
MUST_CHECK bool calendar_date(struct bytes text, calendar_day *out);
/* 1, Monday, to 7, Sunday. */
unsigned calendar_weekday(calendar_day day);
calendar_day calendar_easter(int year);
bool calendar_is_working(calendar_day day);

/* How far Riga is ahead of UTC. */
uint64_t calendar_ahead_ms(uint64_t ms);
/* The day in Riga. */
calendar_day calendar_day_at(uint64_t ms);
/* Midnight in Riga, with which DAY begins. */
uint64_t calendar_start_ms(calendar_day day);
/* The end of DAY as a working day. */
uint64_t calendar_end_ms(calendar_day day);

/*
 * The end of the N-th working day after the day of MS, which itself does not count whatever its
 * hour, as periods are counted in procedure. N 0: the end of the day of MS, or of the next
 * working day.
 */
uint64_t calendar_after(uint64_t ms, unsigned working_days);
/* The same hour in Riga, N working days before. */
uint64_t calendar_before(uint64_t ms, unsigned working_days);
/* The end of DAY, or of the next working day where it is free. */
uint64_t calendar_by(calendar_day day);
/* How many working days of (FROM, TO]; 0 when TO is not after FROM. Bounded: at most MOST. */
unsigned calendar_between(calendar_day from, calendar_day to, unsigned most);

#endif
