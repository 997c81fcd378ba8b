/* services/runtime/exchange/sittings.c: a sitting as we know it: what counts of its circle's acts. */
#include "services/runtime/exchange/sittings.h"

#include <stdlib.h>
#include <string.h>

#include "services/runtime/exchange/circles.h"
#include "services/runtime/exchange/service.h"
#include "services/runtime/store/sitting_store.h"

bool
sittings_has(enum message type)
{
	const struct task_sort *sort = task_sort_of(type);

	return sort != NULL && (sort == task_sort_of(MESSAGE_CONFERENCE_PROPOSE) ||
				   sort == task_sort_of(MESSAGE_MATTER_PUT));
}

static const char *
kind_of(const void *of, const char *code)
{
	const struct service *service = of;
	const struct party *party = directory_party(service->directory, bytes_of_text(code));

	return party != NULL ? party->kind : "";
}

struct sitting_kinds
sittings_kinds(const struct service *service)
{
	return (struct sitting_kinds){kind_of, service};
}

/* ---- What came --------------------------------------------------------------------------- */

static bool
is_named(const struct circle_step *step, unsigned count, const char *code)
{
	for (unsigned i = 0; i < count; i++)
		if (strcmp(step->parties[i].code, code) == 0)
			return true;
	return false;
}

/* Each once, and not who proposes it; STATUS_NOT_PERMITTED: one does not sit in GROUP. */
static enum status
count_members(const struct service *service, const struct sitting_group *group,
    const struct circle_step *step, unsigned *count)
{
	*count = 1;
	for (unsigned i = 0; i < step->party_count; i++) {
		const char *code = step->parties[i].code;

		if (!sitting_may_sit(group, kind_of(service, code)))
			return STATUS_NOT_PERMITTED;
		*count += strcmp(code, step->author.code) != 0 && !is_named(step, i, code);
	}
	return STATUS_OK;
}

static bool
may_write(const struct service *service, const struct sitting_group *group,
    const struct circle_step *step, const char *code)
{
	return (strcmp(code, step->author.code) == 0 ||
		   is_named(step, step->party_count, code)) &&
	       sitting_may_write(group, kind_of(service, code));
}

enum status
sittings_judge(const struct service *service, const char *author, const struct content *content)
{
	struct minutes_entry signs[MINUTES_MAX];
	struct sitting_act act = {.quorum = 0};
	struct sitting_group group;
	unsigned count;
	enum status rc;

	if (content->type->id != MESSAGE_CONFERENCE_PROPOSE)
		return STATUS_OK;
	sitting_act_read(content, &act, signs);
	circles_read(content, &act.step);
	if (!sitting_group_named(bytes_of_text(act.group), &group) ||
	    !bytes_to_text(
		bytes_of_text(author), act.step.author.code, sizeof(act.step.author.code)))
		return STATUS_BAD_CONTENT;
	if (!sitting_may_chair(&group, kind_of(service, author)) ||
	    (act.secretary.code[0] != '\0' &&
		!may_write(service, &group, &act.step, act.secretary.code)))
		return STATUS_NOT_PERMITTED;
	if ((rc = count_members(service, &group, &act.step, &count)) != STATUS_OK)
		return rc;
	return act.quorum >= sitting_quorum(&group, count) ? STATUS_OK : STATUS_NO_QUORUM;
}

/* ---- What is kept ------------------------------------------------------------------------ */

enum status
sittings_keep(
    struct service *service, const struct event_row *row, const struct content *content)
{
	struct minutes_entry signs[MINUTES_MAX];
	struct sitting_act act = {.quorum = 0};
	struct sitting_act_row kept = {.event_n = row->n};

	if (!sittings_has(row->type))
		return STATUS_OK;
	sitting_act_read(content, &act, signs);
	memcpy(kept.group, act.group, sizeof(kept.group));
	kept.quorum = act.quorum;
	kept.secretary = act.secretary;
	kept.after_others = strcmp(act.convening, SITTING_AFTER_OTHERS) == 0;
	kept.escalates = act.escalates;
	kept.day_ms = act.day_ms;
	memcpy(kept.about, act.about, sizeof(kept.about));
	kept.about_root = act.about_root;
	kept.signs = signs;
	kept.sign_count = act.sign_count;
	return sitting_store_add(service->db, &kept);
}

/* ---- For the fold ---------------------------------------------------------------------------- */

static int
by_event(const void *key, const void *row)
{
	uint64_t n = *(const uint64_t *)key,
		 other = ((const struct sitting_act_row *)row)->event_n;

	return n < other ? -1 : n > other;
}

/* What it signs is ACT's from here on. */
static void
take_kept(struct sitting_act_row *kept, struct sitting_act *act)
{
	memcpy(act->group, kept->group, sizeof(act->group));
	act->quorum = kept->quorum;
	act->secretary = kept->secretary;
	if (kept->after_others)
		memcpy(act->convening, SITTING_AFTER_OTHERS, sizeof(SITTING_AFTER_OTHERS));
	act->escalates = kept->escalates;
	act->day_ms = kept->day_ms;
	memcpy(act->about, kept->about, sizeof(act->about));
	act->about_root = kept->about_root;
	act->signs = kept->signs;
	act->sign_count = kept->sign_count;
	kept->signs = NULL;
}

static struct sitting_act
act_of(const struct circle_act *act)
{
	struct sitting_act out = {.step = act->step, .root = act->root};

	memcpy(out.message, act->message, sizeof(out.message));
	return out;
}

void
sittings_act(const struct circle_act *act, const struct content *content,
    struct sitting_act *out, struct minutes_entry signs[static MINUTES_MAX])
{
	*out = act_of(act);
	if (sittings_has(act->type))
		sitting_act_read(content, out, signs);
}

void
sittings_free(struct sitting_act *acts, size_t count)
{
	for (size_t i = 0; acts != NULL && i < count; i++)
		free((struct minutes_entry *)(uintptr_t)acts[i].signs);
	free(acts);
}

enum status
sittings_read(struct service *service, uint64_t circle_n, const struct circle_act *acts,
    size_t count, struct sitting_act **out)
{
	struct sitting_act *read = calloc(count + 1, sizeof(*read));
	struct sitting_act_row *rows = NULL;
	size_t row_count = 0;
	enum status rc =
	    read == NULL ? STATUS_NO_MEMORY
			 : sitting_store_load(service->db, circle_n, count, &rows, &row_count);

	if (rc != STATUS_OK) {
		free(read);
		return rc;
	}
	for (size_t i = 0; i < count; i++) {
		struct sitting_act_row *kept =
		    row_count == 0
			? NULL
			: bsearch(&acts[i].event_n, rows, row_count, sizeof(*rows), by_event);

		read[i] = act_of(&acts[i]);
		if (kept != NULL)
			take_kept(kept, &read[i]);
	}
	sitting_store_free(rows, row_count);
	*out = read;
	return STATUS_OK;
}
