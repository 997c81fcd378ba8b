/* protocol/trust/profile.c: which data categories a recipient may have, for which purpose. */
#include "protocol/trust/profile.h"

#include <string.h>

#include "protocol/lists/lists.h"

/* The categories named in TEXT, separated by ';'. A name that is none adds nothing. */
static category_set
named_in(const char *text)
{
	category_set set = 0;
	enum category category;
	size_t len;

	for (;;) {
		len = strcspn(text, ";");
		if (category_named((struct bytes){(const uint8_t *)text, len}, &category))
			set |= CATEGORY_BIT(category);
		if (text[len] == '\0')
			return set;
		text += len + 1;
	}
}

/*
 * How narrowly a row names who it is for; 0: it is not for them. A purpose counts before a
 * kind: a row of the purpose for the whole group goes before one of any purpose for the kind.
 */
static unsigned
fits(const struct list *profiles, unsigned row, const char *purpose, const char *kind,
    const char *group)
{
	const char *of = list_text(profiles, row, "purpose"),
		   *to = list_text(profiles, row, "recipient");
	bool any = strcmp(of, "*") == 0, exact = strcmp(to, kind) == 0;

	if ((!any && strcmp(of, purpose) != 0) || (!exact && strcmp(to, group) != 0))
		return 0;
	return 1U + (any ? 0U : 2U) + (exact ? 1U : 0U);
}

category_set
profile_allows(const char *purpose, const char *kind)
{
	const struct list *profiles = list_named("profiles");
	enum group group = kind_group(bytes_of_text(kind));
	category_set allowed = 0;
	unsigned best = 0;

	if (profiles == NULL || group == GROUP_NONE)
		return CATEGORY_BIT(CATEGORY_ACT);
	for (unsigned row = 0; row < list_rows(profiles); row++) {
		unsigned fit = fits(profiles, row, purpose, kind, group_name(group));

		if (fit > best) {
			best = fit;
			allowed = named_in(list_text(profiles, row, "categories"));
		}
	}
	/* Whoever is shown content is shown what it rests on. */
	return allowed | CATEGORY_BIT(CATEGORY_ACT) |
	       (best > 0 ? CATEGORY_BIT(CATEGORY_GROUND) : 0);
}
