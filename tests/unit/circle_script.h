/* tests/unit/circle_script.h: scripts of a circle's steps, folded as they are written. */
#ifndef SAIKNE_CIRCLE_SCRIPT_H
#define SAIKNE_CIRCLE_SCRIPT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "services/runtime/task/circle.h"

#define STEPS_MAX 256
#define DAY       ((uint64_t)24 * 3600 * 1000)
#define NOW       UINT64_MAX

/* ---- Scripts ----------------------------------------------------------------------------- */

struct script {
	struct circle_step steps[STEPS_MAX];
	size_t count;
	struct circle circle;
	bool voids[STEPS_MAX];
};

static inline struct circle_party
party(const char *code)
{
	struct circle_party out = {.code = ""};

	memcpy(out.code, code, strlen(code) + 1);
	return out;
}

/* PARTIES, parted by spaces. */
static inline void
read_parties(struct circle_step *step, const char *parties)
{
	while (*parties != '\0') {
		size_t len = strcspn(parties, " ");

		assert_true(step->party_count < ENVELOPE_RECIPIENTS_MAX);
		memcpy(step->parties[step->party_count++].code, parties, len);
		parties += len + (parties[len] == ' ');
	}
}

/* The next step, at the next index; whether it followed. */
static inline bool
says(struct script *s, const char *author, enum task_event event, const char *about)
{
	struct circle_step *step = &s->steps[s->count++];
	bool many =
	    event == TASK_EVENT_OPEN || event == TASK_EVENT_PROPOSE || event == TASK_EVENT_ADD;

	assert_true(s->count <= STEPS_MAX);
	*step = (struct circle_step){.index = 10 * s->count,
	    .time_ms = s->count * 1000,
	    .event = event,
	    .author = party(author)};
	if (many)
		read_parties(step, about);
	else
		step->party = party(about);
	circle_fold(s->steps, s->count, &s->circle, s->voids);
	return !s->voids[s->count - 1];
}

/* The last step was about TASK, and if an offer, or claim, good until DUE_MS. */
static inline bool
of_task(struct script *s, uint8_t task, uint64_t due_ms)
{
	struct circle_step *step = &s->steps[s->count - 1];

	memset(step->task, task, SUITE_ID_LEN);
	step->due_ms = due_ms;
	circle_fold(s->steps, s->count, &s->circle, s->voids);
	return !s->voids[s->count - 1];
}

static inline bool
offers(struct script *s, const char *author, const char *to, uint8_t task, uint64_t due_ms)
{
	(void)says(s, author, TASK_EVENT_OFFER_LEAD, to);
	return of_task(s, task, due_ms);
}

static inline bool
answers(struct script *s, const char *author, enum task_event event, uint8_t task)
{
	(void)says(s, author, event, "");
	return of_task(s, task, 0);
}

static inline void
open_circle(struct script *s, const char *with)
{
	memset(s, 0, sizeof(*s));
	assert_true(says(s, "service", TASK_EVENT_OPEN, with));
}

static inline void
assert_members(const struct circle *circle, uint64_t index, const char *codes)
{
	struct circle_party others[CIRCLE_MEMBERS_MAX];
	unsigned count = circle_others(circle, "", index, others);
	char text[1024] = "";
	size_t len = 0;

	for (unsigned i = 0; i < count; i++) {
		len += (size_t)snprintf(
		    text + len, sizeof(text) - len, "%s%s", i == 0 ? "" : " ", others[i].code);
		assert_true(circle_is_member(circle, others[i].code, index));
	}
	assert_string_equal(text, codes);
}

#endif
