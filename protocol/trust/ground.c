/* protocol/trust/ground.c: what a message says it rests on, and whether that covers it; pure. */
#include "protocol/trust/ground.h"

#include <string.h>

/* Fields that only a ground of one class has. */
static const enum field of_consent[] = {
    FIELD_CAPACITY, FIELD_GRANTER, FIELD_GRANTER_CODE, FIELD_GRANTED_ON};
static const enum field of_law[] = {FIELD_PROVISION, FIELD_NECESSITY, FIELD_FAMILY_TOLD};

static bool
has_any(const struct content *content, const enum field *fields, size_t count)
{
	struct bytes value;

	for (size_t i = 0; i < count; i++)
		if (content_value(content, fields[i], &value))
			return true;
	return false;
}

/* A text that may be absent, and then is "". */
static bool
take_text(const struct content *content, enum field field, char *out, size_t size)
{
	struct bytes text;

	out[0] = '\0';
	return !content_text(content, field, &text) || bytes_to_text(text, out, size);
}

static category_set
named(const struct content *content)
{
	category_set set = 0;
	enum category category;
	struct bytes name;

	for (unsigned i = 0; content_code_at(content, FIELD_GROUND_CATEGORIES, i, &name); i++)
		if (category_named(name, &category))
			set |= CATEGORY_BIT(category);
	return set & ~(CATEGORY_BIT(CATEGORY_ACT) | CATEGORY_BIT(CATEGORY_GROUND));
}

enum status
ground_read(
    const struct content *content, enum basis basis, const char *purpose, struct ground *out)
{
	struct ground ground = {.basis = basis};
	struct bytes value;
	bool consent = basis == BASIS_CONSENT;

	if ((!consent && basis != BASIS_LAW) ||
	    !bytes_to_text(bytes_of_text(purpose), ground.purpose, sizeof(ground.purpose)) ||
	    !content_text(content, FIELD_GROUND, &value) ||
	    !bytes_to_text(value, ground.code, sizeof(ground.code)) ||
	    bytes_is_text(value, "consent") != consent ||
	    !content_id(content, FIELD_RECORD, ground.record) ||
	    !content_value(content, FIELD_GROUND_CATEGORIES, &value))
		return STATUS_BAD_CONTENT;
	if (consent ? has_any(content, of_law, sizeof(of_law) / sizeof(of_law[0]))
		    : has_any(content, of_consent, sizeof(of_consent) / sizeof(of_consent[0])))
		return STATUS_BAD_CONTENT;
	if (!take_text(content, FIELD_GROUND_UNTIL, ground.until, sizeof(ground.until)) ||
	    !take_text(
		content, FIELD_GRANTED_ON, ground.granted_on, sizeof(ground.granted_on)) ||
	    !take_text(content, FIELD_CAPACITY, ground.capacity, sizeof(ground.capacity)))
		return STATUS_BAD_CONTENT;
	ground.categories = named(content);
	ground.has_granter = content_value(content, FIELD_GRANTER, &value);
	ground.has_provision = content_value(content, FIELD_PROVISION, &value);
	ground.has_necessity = content_value(content, FIELD_NECESSITY, &value);
	*out = ground;
	return STATUS_OK;
}

/* What is there to be read. That a field was left out says nothing. */
static category_set
shows(const struct content *content)
{
	category_set set = 0;

	for (unsigned i = 0; i < content->type->field_count; i++)
		if (content->fields[i].present)
			set |= CATEGORY_BIT(content->type->fields[i].field->category);
	return set & ~CATEGORY_BIT(CATEGORY_ACT);
}

static enum status
is_founded(const struct ground *ground, const char *day)
{
	if (ground->basis == BASIS_LAW)
		return ground->has_provision && ground->has_necessity ? STATUS_OK
		                                                      : STATUS_NO_NECESSITY;
	return ground->has_granter && ground->capacity[0] != '\0' &&
	               ground->granted_on[0] != '\0' && strcmp(ground->granted_on, day) <= 0
	           ? STATUS_OK
	           : STATUS_NO_CONSENT;
}

enum status
ground_covers(const struct ground *ground, const struct content *content, const char *day)
{
	category_set shown = shows(content);
	enum status rc;

	if ((shown & ~(ground->categories | CATEGORY_BIT(CATEGORY_GROUND))) != 0)
		return STATUS_OUTSIDE_GROUND;
	if (shown != 0 && (rc = is_founded(ground, day)) != STATUS_OK)
		return rc;
	return ground->until[0] != '\0' && strcmp(day, ground->until) > 0
	           ? STATUS_GROUND_EXPIRED
	           : STATUS_OK;
}
