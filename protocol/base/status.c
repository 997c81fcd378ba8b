/* protocol/base/status.c: the texts of the one list of outcomes. */
#include "protocol/base/status.h"

struct row {
	enum status status;
	char name[32];
	const char *meaning;
	const char *remedy;
};

#define STATUS_ROW(name, number, meaning, remedy) {STATUS_##name, #name, meaning, remedy},
static struct row rows[] = {STATUS_LIST(STATUS_ROW)};
#undef STATUS_ROW

#define ROWS (sizeof(rows) / sizeof(rows[0]))

__attribute__((constructor)) static void
lower_names(void)
{
	for (unsigned i = 0; i < ROWS; i++)
		bytes_lower(rows[i].name);
}

static const struct row *
find(enum status status)
{
	for (unsigned i = 0; i < ROWS; i++)
		if (rows[i].status == status)
			return &rows[i];
	return &rows[1];
}

const char *
status_name(enum status status)
{
	return find(status)->name;
}

const char *
status_meaning(enum status status)
{
	return find(status)->meaning;
}

const char *
status_remedy(enum status status)
{
	return find(status)->remedy;
}

bool
status_from_wire(uint64_t number, enum status *out)
{
	for (unsigned i = 0; i < ROWS; i++)
		if (number >= 100 && number < 200 && (uint64_t)rows[i].status == number) {
			*out = rows[i].status;
			return true;
		}
	return false;
}

bool
status_at(unsigned i, enum status *out)
{
	if (i >= ROWS)
		return false;
	*out = rows[i].status;
	return true;
}
