/* protocol/trust/profile.c: which data categories a kind of recipient may have. */
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

category_set
profile_allows(enum group group)
{
	const struct list *profiles = list_named("profiles");
	category_set act = CATEGORY_BIT(CATEGORY_ACT);

	if (profiles == NULL || group == GROUP_NONE)
		return act;
	for (unsigned row = 0; row < list_rows(profiles); row++)
		if (strcmp(list_text(profiles, row, "service"), group_name(group)) == 0)
			return act | named_in(list_text(profiles, row, "categories"));
	return act;
}
