/* protocol/wire/message.c: the tables that the one list of message types and fields gives. */
#include "protocol/wire/message.h"

#include "protocol/base/suite.h"
#include "protocol/wire/attachment.h"
#include "protocol/wire/minutes.h"
#include "protocol/wire/pack.h"

/* ---- Tables -------------------------------------------------------------------------- */

struct name {
	char text[32];
};

#define CATEGORY_NAME(name, number) [number] = {#name},
static struct name category_names[] = {CATEGORY_LIST(CATEGORY_NAME)};
#undef CATEGORY_NAME

/* Positions in the tables, and what must be a constant in them. */
#define FIELD_PLACE(name, number, ...) PLACE_##name,
enum field_place { FIELD_LIST(FIELD_PLACE) FIELDS };
#undef FIELD_PLACE

#define FIELD_CATEGORY(name, number, category, ...) CATEGORY_OF_##name = CATEGORY_##category,
enum field_category { FIELD_LIST(FIELD_CATEGORY) };
#undef FIELD_CATEGORY

#define MESSAGE_PLACE(name, ...) MESSAGE_PLACE_##name,
enum message_place { MESSAGE_LIST(MESSAGE_PLACE) MESSAGES };
#undef MESSAGE_PLACE

#define FIELD_NAME(name, ...) [PLACE_##name] = {#name},
static struct name field_names[] = {FIELD_LIST(FIELD_NAME)};
#undef FIELD_NAME

#define MESSAGE_NAME(name, ...) [MESSAGE_PLACE_##name] = {#name},
static struct name message_names[] = {MESSAGE_LIST(MESSAGE_NAME)};
#undef MESSAGE_NAME

#define FIELD_ROW(upper, number, of, form, most, codes, lv, en)                                \
	[PLACE_##upper] = {.id = FIELD_##upper,                                                \
	    .name = field_names[PLACE_##upper].text,                                           \
	    .category = CATEGORY_##of,                                                         \
	    .kind = FIELD_KIND_##form,                                                         \
	    .limit = (most),                                                                   \
	    .list = (codes),                                                                   \
	    .label_lv = (lv),                                                                  \
	    .label_en = (en)},
static const struct field_info fields[] = {FIELD_LIST(FIELD_ROW)};
#undef FIELD_ROW

enum { OPTIONAL = false, REQUIRED = true };
#define USES_ROW(name, needed)      {&fields[PLACE_##name], (needed)},
#define USES_COUNT(name, needed)    +1
#define USES_CATEGORY(name, needed) | CATEGORY_BIT(CATEGORY_OF_##name)
#define MESSAGE_ROW(upper, number, uses, lv, en)                                               \
	[MESSAGE_PLACE_##upper] = {.id = MESSAGE_##upper,                                      \
	    .name = message_names[MESSAGE_PLACE_##upper].text,                                 \
	    .label_lv = (lv),                                                                  \
	    .label_en = (en),                                                                  \
	    .field_count = 0 uses(USES_COUNT),                                                 \
	    .fields = {uses(USES_ROW)},                                                        \
	    .categories = 0 uses(USES_CATEGORY)},
static const struct message_info messages[] = {MESSAGE_LIST(MESSAGE_ROW)};
#undef MESSAGE_ROW
#undef USES_ROW
#undef USES_COUNT
#undef USES_CATEGORY

/* One more than the place of a number; 0: it is no type's. */
#define MESSAGE_BY_NUMBER(name, number, ...) [number] = MESSAGE_PLACE_##name + 1,
static const uint8_t by_number[] = {MESSAGE_LIST(MESSAGE_BY_NUMBER)};
#undef MESSAGE_BY_NUMBER
_Static_assert(MESSAGES < UINT8_MAX, "a place fits by_number");

__attribute__((constructor)) static void
lower_names(void)
{
	for (unsigned i = 0; i < CATEGORY_COUNT; i++)
		bytes_lower(category_names[i].text);
	for (unsigned i = 0; i < FIELDS; i++)
		bytes_lower(field_names[i].text);
	for (unsigned i = 0; i < MESSAGES; i++)
		bytes_lower(message_names[i].text);
}

/* ---- Look-ups ------------------------------------------------------------------------ */

const struct message_info *
message_at(unsigned i)
{
	return i < MESSAGES ? &messages[i] : NULL;
}

const struct message_info *
message_info(uint64_t number)
{
	return number < sizeof(by_number) && by_number[number] != 0
	           ? &messages[by_number[number] - 1]
	           : NULL;
}

const struct message_info *
message_named(struct bytes name)
{
	for (unsigned i = 0; i < MESSAGES; i++)
		if (bytes_is_text(name, messages[i].name))
			return &messages[i];
	return NULL;
}

bool
message_has_field(const struct message_info *type, enum field field)
{
	for (unsigned i = 0; i < type->field_count; i++)
		if (type->fields[i].field->id == field)
			return true;
	return false;
}

const struct field_info *
field_at(unsigned i)
{
	return i < FIELDS ? &fields[i] : NULL;
}

const struct field_info *
field_info(uint64_t number)
{
	for (unsigned i = 0; i < FIELDS; i++)
		if ((uint64_t)fields[i].id == number)
			return &fields[i];
	return NULL;
}

const struct field_info *
field_named(struct bytes name)
{
	for (unsigned i = 0; i < FIELDS; i++)
		if (bytes_is_text(name, fields[i].name))
			return &fields[i];
	return NULL;
}

bool
field_is_services(const struct field_info *field)
{
	return field->kind == FIELD_KIND_ID || field->kind == FIELD_KIND_PROVEN ||
	       field->kind == FIELD_KIND_HASH || field->kind == FIELD_KIND_MINUTES ||
	       field->id == FIELD_HISTORY_COUNT || field->id == FIELD_SINCE ||
	       field->id == FIELD_APPLIED || field->id == FIELD_GROUND ||
	       field->id == FIELD_GROUND_CATEGORIES || field->id == FIELD_GROUND_UNTIL ||
	       field->category == CATEGORY_GROUND;
}

const char *
field_kind_name(unsigned kind)
{
	static const char *const names[] = {
	    [FIELD_KIND_ID] = "id",
	    [FIELD_KIND_UINT] = "uint",
	    [FIELD_KIND_CODE] = "code",
	    [FIELD_KIND_CODES] = "codes",
	    [FIELD_KIND_DATE] = "date",
	    [FIELD_KIND_TEXT] = "text",
	    [FIELD_KIND_FILES] = "files",
	    [FIELD_KIND_PROVEN] = "proven",
	    [FIELD_KIND_HASH] = "hash",
	    [FIELD_KIND_MINUTES] = "minutes",
	};

	return kind < sizeof(names) / sizeof(names[0]) ? names[kind] : NULL;
}

const char *
category_name(uint64_t number)
{
	return number < CATEGORY_COUNT ? category_names[number].text : NULL;
}

bool
category_named(struct bytes name, enum category *out)
{
	for (unsigned i = 0; i < CATEGORY_COUNT; i++)
		if (bytes_is_text(name, category_names[i].text)) {
			*out = (enum category)i;
			return true;
		}
	return false;
}

/* ---- Values -------------------------------------------------------------------------- */

static bool
is_code(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.data[i];

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
			c == '+' || c == '-'))
			return false;
	}
	return text.len > 0;
}

/* LEN decimal digits at AT; -1 when they are not. */
static int
digits(struct bytes text, size_t at, size_t len)
{
	int value = 0;

	for (size_t i = at; i < at + len; i++) {
		if (text.data[i] < '0' || text.data[i] > '9')
			return -1;
		value = value * 10 + (text.data[i] - '0');
	}
	return value;
}

/* YYYY-MM-DD, a day that the Gregorian calendar has. */
static bool
is_date(struct bytes text)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int year, month, day;
	bool leap;

	if (text.len != 10 || text.data[4] != '-' || text.data[7] != '-')
		return false;
	year = digits(text, 0, 4);
	month = digits(text, 5, 2);
	day = digits(text, 8, 2);
	if (year < 1 || month < 1 || month > 12 || day < 1)
		return false;
	leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return day <= days[month - 1] + (month == 2 && leap ? 1 : 0);
}

static void
check_code(struct pack_in *in, size_t limit)
{
	struct bytes code = pack_in_text(in, 0, SIZE_MAX);

	if (code.len > limit)
		pack_fail(in, STATUS_TOO_LARGE);
	else if (!is_code(code))
		pack_fail(in, STATUS_ARGUMENT);
}

static void
check_files(struct pack_in *in, size_t limit)
{
	struct pack_in files = pack_in_array(in, 1, UINT32_MAX);
	struct attachment_file file;

	if (files.count > limit)
		pack_fail(in, STATUS_TOO_LARGE);
	while (pack_in_more(&files))
		attachment_file_decode(&files, &file);
	suite_wipe(&file, sizeof(file));
}

static void
check_kind(const struct field_info *field, struct pack_in *in)
{
	struct pack_in codes;
	struct bytes text;

	switch (field->kind) {
	case FIELD_KIND_ID:
		pack_in_bin(in, SUITE_ID_LEN, SUITE_ID_LEN);
		break;
	case FIELD_KIND_UINT:
		if (pack_in_uint(in, UINT64_MAX) > field->limit)
			pack_fail(in, STATUS_TOO_LARGE);
		break;
	case FIELD_KIND_CODE:
		check_code(in, field->limit);
		break;
	case FIELD_KIND_CODES:
		codes = pack_in_array(in, 1, UINT32_MAX);
		if (codes.count > field->limit)
			pack_fail(in, STATUS_TOO_LARGE);
		while (pack_in_more(&codes))
			check_code(&codes, MESSAGE_CODE_MAX);
		break;
	case FIELD_KIND_DATE:
		if (!is_date(pack_in_text(in, 0, SIZE_MAX)))
			pack_fail(in, STATUS_ARGUMENT);
		break;
	case FIELD_KIND_TEXT:
		text = pack_in_text(in, 1, SIZE_MAX);
		if (text.len > field->limit)
			pack_fail(in, STATUS_TOO_LARGE);
		break;
	case FIELD_KIND_FILES:
		check_files(in, field->limit);
		break;
	case FIELD_KIND_PROVEN:
		pack_in_bin(in, 1, field->limit);
		break;
	case FIELD_KIND_HASH:
		pack_in_bin(in, SUITE_HASH_LEN, SUITE_HASH_LEN);
		break;
	case FIELD_KIND_MINUTES:
		(void)minutes_decode(in, field->limit, NULL);
		break;
	}
}

enum status
field_check(const struct field_info *field, struct bytes value)
{
	struct pack_doc doc;
	struct pack_in in;
	enum status rc;

	if ((rc = pack_open_value(value, &doc)) != STATUS_OK) {
		pack_close(&doc);
		return rc;
	}
	in = pack_root(&doc);
	check_kind(field, &in);
	rc = pack_close(&doc);
	/* It is canonical, so whatever the reader did not like is of the wrong kind. */
	return rc == STATUS_MALFORMED ? STATUS_ARGUMENT : rc;
}
