/* protocol/trust/kind.c: kinds of parties and the groups they belong to. */
#include "protocol/trust/kind.h"

#include <string.h>

#include "protocol/lists/lists.h"

#define KINDS "institution-kinds"

static const char *const names[GROUP_COUNT] = {
    [GROUP_NONE] = "none",
    [GROUP_SCHOOL] = "school",
    [GROUP_SOCIAL_SERVICE] = "social_service",
    [GROUP_ORPHANS_COURT] = "orphans_court",
    [GROUP_POLICE] = "police",
    [GROUP_PARTNER] = "partner",
    [GROUP_AUDITOR] = "auditor",
    [GROUP_REGISTRAR] = "registrar",
};

/* Kinds of parties that are no institution of the field, so in none of its lists. */
static const struct {
	const char *code;
	enum group group;
	const char *label_lv, *label_en;
} own_kinds[] = {
    {"auditor", GROUP_AUDITOR, "Revidents", "Auditor"},
    {"registrar", GROUP_REGISTRAR, "Reģistrators", "Registrar"},
};

#define OWN_KINDS (sizeof(own_kinds) / sizeof(own_kinds[0]))

enum group
kind_group(struct bytes code)
{
	const struct list *kinds = list_named(KINDS);
	const char *service;
	unsigned row;

	for (size_t i = 0; i < OWN_KINDS; i++)
		if (bytes_is_text(code, own_kinds[i].code))
			return own_kinds[i].group;
	if (kinds == NULL || !list_find(kinds, code, &row))
		return GROUP_NONE;
	service = list_text(kinds, row, "service");
	for (int group = GROUP_SCHOOL; group <= GROUP_PARTNER; group++)
		if (strcmp(service, names[group]) == 0)
			return (enum group)group;
	return GROUP_NONE;
}

const char *
group_name(enum group group)
{
	return group > GROUP_NONE && group < GROUP_COUNT ? names[group] : names[GROUP_NONE];
}

const char *
kind_label(const char *code, const char *language)
{
	for (size_t i = 0; i < OWN_KINDS; i++)
		if (strcmp(code, own_kinds[i].code) == 0)
			return strcmp(language, "lv") == 0 ? own_kinds[i].label_lv
			                                   : own_kinds[i].label_en;
	return list_label(KINDS, code, language);
}
