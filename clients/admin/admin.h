/* clients/admin/admin.h: what every command of saikne-admin is made of. */
#ifndef SAIKNE_ADMIN_H
#define SAIKNE_ADMIN_H

#include "protocol/base/bytes.h"
#include "protocol/base/status.h"

#define ADMIN_SOFTWARE     "saikne-admin 0.1"
#define ADMIN_OPTIONS_MAX  8
#define ADMIN_OPERANDS_MAX 64
#define ADMIN_PATH_MAX     4096

enum admin_exit { ADMIN_DONE = 0, ADMIN_REFUSED = 1, ADMIN_USAGE = 2 };

struct admin_option {
	const char *name;  /* without "--" */
	const char *value; /* what stands for its value in the usage; NULL: a flag */
	bool required;
	const char *help;
};

struct admin_line;

/* A row of the table in main.c: what the command takes, what it does, who does it. */
struct admin_command {
	const char *name;
	const char *operands; /* as the usage shows them */
	unsigned operands_min, operands_max;
	const char *summary;
	const char *help; /* paragraphs */
	const struct admin_option *options;
	enum admin_exit (*run)(const struct admin_line *line);
};

/* One command line, read. */
struct admin_line {
	const struct admin_command *command;
	const char *values[ADMIN_OPTIONS_MAX]; /* as COMMAND's options; a flag's is "" */
	const char *operands[ADMIN_OPERANDS_MAX];
	unsigned operand_count;
};

#endif
