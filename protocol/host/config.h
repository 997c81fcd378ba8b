/* protocol/host/config.h: INI configuration files read against a table of known keys. */
#ifndef SAIKNE_CONFIG_H
#define SAIKNE_CONFIG_H

#include "protocol/base/bytes.h"
#include "protocol/base/status.h"

enum config_kind {
	CONFIG_TEXT, /* char[size], UTF-8 */
	CONFIG_UINT, /* uint64_t *, within min..max; max 0: no upper bound */
	CONFIG_KEY,  /* uint8_t[32], 64 hexadecimal digits */
};

/* One known key. Unknown sections and keys are errors: a misspelt one must not be ignored. */
struct config_key {
	const char *section;
	const char *name; /* "*": any name of this section goes to EACH */
	enum config_kind kind;
	bool required;
	void *out; /* char[size], uint64_t or uint8_t[32]; holds the default */
	size_t size;
	uint64_t min, max;
	bool (*each)(void *state, const char *name, const char *value);
	void *state;
};

/*
 * Reads PATH. STATUS_BAD_CONFIG with a message in the operator's log that names file, line,
 * key and what is expected; OUT fields may be partly written then.
 */
MUST_CHECK enum status config_read(
    const char *path, const struct config_key *keys, size_t count);
/* Resolves a path in a configuration file against that file's folder. */
MUST_CHECK bool config_path(const char *config_file, const char *path, char *out, size_t size);

#endif
