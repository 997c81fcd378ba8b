/* protocol/trust/profile.c: which data categories a recipient may have, for which purpose. */
#include "protocol/trust/profile.h"

#include <string.h>

#include "protocol/lists/lists.h"

#define PROFILES_MAX 1000 /* as many rows as a list may have (lists.c) */

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

/* A row of profiles.csv; its texts live as long as the list. */
struct profile {
	const char *purpose, *recipient;
	category_set categories;
};

/* The list is read once: each recipient of each message asks for all of it. */
static unsigned
read_profiles(const struct profile **out)
{
	static struct profile profiles[PROFILES_MAX];
	static unsigned count;
	const struct list *list = list_named("profiles");

	for (; list != NULL && count < list_rows(list) && count < PROFILES_MAX; count++)
		profiles[count] = (struct profile){.purpose = list_text(list, count, "purpose"),
		    .recipient = list_text(list, count, "recipient"),
		    .categories = named_in(list_text(list, count, "categories"))};
	*out = profiles;
	return count;
}

/*
 * How narrowly a row names who it is for; 0: it is not for them. A purpose counts before a
 * kind: a row of the purpose for the whole group goes before one of any purpose for the kind.
 */
static unsigned
fits(const struct profile *profile, const char *purpose, const char *kind, const char *group)
{
	bool any = strcmp(profile->purpose, "*") == 0,
	     exact = strcmp(profile->recipient, kind) == 0;

	if ((!any && strcmp(profile->purpose, purpose) != 0) ||
	    (!exact && strcmp(profile->recipient, group) != 0))
		return 0;
	return 1U + (any ? 0U : 2U) + (exact ? 1U : 0U);
}

category_set
profile_allows(const char *purpose, const char *kind)
{
	const struct profile *profiles;
	const unsigned count = read_profiles(&profiles);
	enum group group = kind_group(bytes_of_text(kind));
	category_set allowed = 0;
	unsigned best = 0;

	if (count == 0 || group == GROUP_NONE)
		return CATEGORY_BIT(CATEGORY_ACT);
	for (unsigned i = 0; i < count; i++) {
		unsigned fit = fits(&profiles[i], purpose, kind, group_name(group));

		if (fit > best) {
			best = fit;
			allowed = profiles[i].categories;
		}
	}
	/* Whoever is shown content is shown what it rests on. */
	return allowed | CATEGORY_BIT(CATEGORY_ACT) |
	       (best > 0 ? CATEGORY_BIT(CATEGORY_GROUND) : 0);
}
