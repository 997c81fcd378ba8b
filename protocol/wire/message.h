/* protocol/wire/message.h: look-ups in the one list of message types and fields. */
#ifndef SAIKNE_MESSAGE_H
#define SAIKNE_MESSAGE_H

#include "protocol/base/bytes.h"
#include "protocol/base/status.h"
#include "protocol/wire/message_list.h"

#define CATEGORY_ENUM(name, number) CATEGORY_##name = (number),
enum category { CATEGORY_LIST(CATEGORY_ENUM) CATEGORY_COUNT };
#undef CATEGORY_ENUM
/* A set of categories: bit N stands for category number N. */
typedef uint32_t category_set;
#define CATEGORY_BIT(category) ((category_set)1 << (category))
#define CATEGORY_ALL           (CATEGORY_BIT(CATEGORY_COUNT) - 1)

#define FIELD_ENUM(name, number, ...) FIELD_##name = (number),
enum field { FIELD_LIST(FIELD_ENUM) };
#undef FIELD_ENUM

#define MESSAGE_ENUM(name, number, ...) MESSAGE_##name = (number),
enum message { MESSAGE_LIST(MESSAGE_ENUM) };
#undef MESSAGE_ENUM

enum field_kind {
	FIELD_KIND_ID,
	FIELD_KIND_UINT,
	FIELD_KIND_CODE,
	FIELD_KIND_CODES,
	FIELD_KIND_DATE,
	FIELD_KIND_TEXT,
	FIELD_KIND_FILES,
	FIELD_KIND_PROVEN,
	FIELD_KIND_HASH,
	FIELD_KIND_MINUTES
};

struct field_info {
	enum field id;
	const char *name; /* lower case: "child_name" */
	enum category category;
	enum field_kind kind;
	uint64_t limit;
	const char *list; /* of CODE and CODES; "" otherwise */
	const char *label_lv, *label_en;
};

/* The list of a CODE or CODES that names institutions: the directory. */
#define FIELD_LIST_INSTITUTIONS "institutions"

#define MESSAGE_FIELDS_MAX 64

struct message_info {
	enum message id;
	const char *name; /* lower case: "referral_offer" */
	const char *label_lv, *label_en;
	unsigned field_count;
	struct {
		const struct field_info *field;
		bool required;
	} fields[MESSAGE_FIELDS_MAX];
	category_set categories; /* of its fields */
};

/* NULL when unknown. */
const struct message_info *message_info(uint64_t number);
const struct message_info *message_named(struct bytes name);
const struct message_info *message_at(unsigned i); /* NULL past the end */
bool message_has_field(const struct message_info *type, enum field field);
const struct field_info *field_info(uint64_t number);
const struct field_info *field_named(struct bytes name);
const struct field_info *field_at(unsigned i);
/* What the service sets by itself, which no person types: ids, the ground, what is proven. */
MUST_CHECK bool field_is_services(const struct field_info *field);
/* "codes", of an enum field_kind; NULL past the last. */
const char *field_kind_name(unsigned kind);
/* "identity"; NULL when unknown. */
const char *category_name(uint64_t number);
MUST_CHECK bool category_named(struct bytes name, enum category *out);

#define MESSAGE_CODE_MAX 48 /* bytes of one code of a CODES field */

/*
 * Whether VALUE (one canonical value) fits FIELD: kind, limit, a well-formed date. Codes are
 * checked for form alone ([a-z0-9_+-]): a recipient may know a list that has grown since.
 * Texts, codes and lists of codes are never empty: nothing is said by leaving the field out.
 * STATUS_TOO_LARGE beyond the limit, STATUS_ARGUMENT for what else does not fit, or why it is
 * not a canonical value at all.
 */
MUST_CHECK enum status field_check(const struct field_info *field, struct bytes value);

#endif
