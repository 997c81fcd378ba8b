/* tests/unit/grounded.h: the ground's own acts, for contents that a test makes by hand. */
#ifndef SAIKNE_GROUNDED_H
#define SAIKNE_GROUNDED_H

#include "protocol/wire/content.h"

/* A record, and that it covers all categories; the ground itself is the test's. */
static inline void
ground_content(struct content *content)
{
	static const uint8_t record[SUITE_ID_LEN] = {7};
	struct bytes names[CATEGORY_COUNT];
	size_t count = 0;

	for (unsigned i = 0; i < CATEGORY_COUNT; i++)
		if (i != CATEGORY_ACT && i != CATEGORY_GROUND)
			names[count++] = bytes_of_text(category_name(i));
	assert_int_equal(content_set_id(content, FIELD_RECORD, record), STATUS_OK);
	assert_int_equal(
	    content_set_codes(content, FIELD_GROUND_CATEGORIES, names, count), STATUS_OK);
}

#endif
