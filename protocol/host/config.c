/* protocol/host/config.c: INI configuration files read against a table of known keys. */
#include "protocol/host/config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ini.h>

#include "protocol/host/oplog.h"

#define LINE_MAX_LEN 1024
#define KEYS_MAX     64 /* known keys of one table */
#define FAULTS_MAX   10 /* messages about one file */

struct reading {
	const char *path;
	FILE *file;
	const struct config_key *keys;
	size_t count;
	unsigned line;
	unsigned faults;
	unsigned seen[KEYS_MAX]; /* the line that set it; 0: none yet */
};

/* One message; the reader stops after a few, for the file may be no configuration at all. */
#define FAULT(r, ...)                                                                          \
	do {                                                                                   \
		(r)->faults++;                                                                 \
		oplog(OPLOG_ERROR, __VA_ARGS__);                                               \
	} while (0)

static void
fault_value(struct reading *r, const struct config_key *key, const char *expected)
{
	FAULT(r, "%s:%u: %s in [%s]: expected %s", r->path, r->line, key->name, key->section,
	    expected);
}

static void
set_text(struct reading *r, const struct config_key *key, const char *value)
{
	struct bytes text = bytes_of_text(value);
	char expected[64];

	if (!bytes_is_utf8(text)) {
		fault_value(r, key, "text in UTF-8");
	} else if (text.len >= key->size) {
		snprintf(expected, sizeof(expected), "at most %zu bytes, this has %zu",
		    key->size - 1, text.len);
		fault_value(r, key, expected);
	} else if (text.len == 0 && key->required) {
		fault_value(r, key, "a value");
	} else {
		memcpy(key->out, value, text.len + 1);
	}
}

/* Decimal digits alone: no sign, no space, no suffix. */
static bool
parse_uint(const char *value, uint64_t *out)
{
	char *end;

	if (value[0] == '\0' || strspn(value, "0123456789") != strlen(value))
		return false;
	errno = 0;
	*out = strtoull(value, &end, 10);
	return errno == 0 && *end == '\0';
}

static void
set_uint(struct reading *r, const struct config_key *key, const char *value)
{
	uint64_t number, max = key->max == 0 ? UINT64_MAX : key->max;
	char expected[96];

	if (parse_uint(value, &number) && number >= key->min && number <= max) {
		*(uint64_t *)key->out = number;
		return;
	}
	snprintf(expected, sizeof(expected), "a whole number from %" PRIu64 " to %" PRIu64,
	    key->min, max);
	fault_value(r, key, expected);
}

static void
set(struct reading *r, const struct config_key *key, const char *value)
{
	switch (key->kind) {
	case CONFIG_TEXT:
		set_text(r, key, value);
		break;
	case CONFIG_UINT:
		set_uint(r, key, value);
		break;
	case CONFIG_KEY:
		if (!bytes_from_hex(bytes_of_text(value), key->out, 32))
			fault_value(r, key, "64 hexadecimal digits");
		break;
	}
}

/* The row for NAME in SECTION, or the section's "*"; the count of rows when there is none. */
static size_t
find(const struct reading *r, const char *section, const char *name, bool *known_section)
{
	size_t any = r->count;

	*known_section = false;
	for (size_t i = 0; i < r->count; i++) {
		if (strcmp(r->keys[i].section, section) != 0)
			continue;
		*known_section = true;
		if (strcmp(r->keys[i].name, name) == 0)
			return i;
		if (strcmp(r->keys[i].name, "*") == 0)
			any = i;
	}
	return any;
}

static int
take(void *user, const char *section, const char *name, const char *value)
{
	struct reading *r = user;
	const struct config_key *key;
	bool known_section;
	size_t at = find(r, section, name, &known_section);

	if (at == r->count) {
		if (known_section)
			FAULT(r, "%s:%u: unknown key '%s' in [%s]", r->path, r->line, name,
			    section);
		else
			FAULT(r, "%s:%u: unknown section [%s] (key '%s')", r->path, r->line,
			    section, name);
		return 1;
	}
	key = &r->keys[at];
	if (key->each != NULL) {
		if (!key->each(key->state, name, value))
			FAULT(r, "%s:%u: %s in [%s]: not usable", r->path, r->line, name,
			    section);
	} else if (r->seen[at] != 0) {
		FAULT(r, "%s:%u: %s in [%s] was given already in line %u", r->path, r->line,
		    name, section, r->seen[at]);
	} else {
		set(r, key, value);
	}
	r->seen[at] = r->line;
	return 1;
}

/* Feeds libinih whole lines: what it would cut in two or end early is refused here. */
static char *
next_line(char *out, int size, void *stream)
{
	struct reading *r = stream;
	int len = 0, c = EOF;

	if (r->faults >= FAULTS_MAX)
		return NULL;
	while (len < size - 1 && (c = getc(r->file)) != EOF && c != '\0') {
		out[len++] = (char)c;
		if (c == '\n')
			break;
	}
	if (len == 0 && c == EOF)
		return NULL;
	out[len] = '\0';
	r->line++;
	if (c == '\n' || c == EOF)
		return out;
	FAULT(r, "%s:%u: expected a line of text of at most %d bytes", r->path, r->line,
	    size - 2);
	return NULL;
}

static void
check_required(struct reading *r)
{
	for (size_t i = 0; i < r->count; i++)
		if (r->keys[i].required && r->seen[i] == 0)
			FAULT(r, "%s: %s is missing in [%s]", r->path,
			    strcmp(r->keys[i].name, "*") == 0 ? "every entry" : r->keys[i].name,
			    r->keys[i].section);
}

enum status
config_read(const char *path, const struct config_key *keys, size_t count)
{
	struct reading r = {.path = path, .keys = keys, .count = count};
	int rc;

	if (count > KEYS_MAX)
		return STATUS_INTERNAL;
	if ((r.file = fopen(path, "re")) == NULL) {
		oplog(OPLOG_ERROR, "%s: the configuration cannot be read: %s", path,
		    strerror(errno));
		return STATUS_BAD_CONFIG;
	}
	ini_max_line = LINE_MAX_LEN;
	ini_allow_multiline = false;
	rc = ini_parse_stream(next_line, &r, take, &r);
	if (ferror(r.file))
		FAULT(&r, "%s: reading failed: %s", path, strerror(errno));
	fclose(r.file);
	if (rc > 0)
		FAULT(&r, "%s:%d: expected '[section]' or 'key = value'", path, rc);
	else if (rc < 0)
		return STATUS_NO_MEMORY;
	/* After a fault a key may be missing only because its line was not understood. */
	if (r.faults == 0)
		check_required(&r);
	return r.faults == 0 ? STATUS_OK : STATUS_BAD_CONFIG;
}

bool
config_path(const char *config_file, const char *path, char *out, size_t size)
{
	const char *slash = strrchr(config_file, '/');
	int folder = slash == NULL || path[0] == '/' ? 0 : (int)(slash + 1 - config_file);
	int len = snprintf(out, size, "%.*s%s", folder, config_file, path);

	return len >= 0 && (size_t)len < size;
}
