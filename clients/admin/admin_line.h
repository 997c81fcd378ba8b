/* clients/admin/admin_line.h: reads a command line by its command's row, and explains the row. */
#ifndef SAIKNE_ADMIN_LINE_H
#define SAIKNE_ADMIN_LINE_H

#include "clients/admin/admin.h"

/* What follows the command's name, into LINE, whose COMMAND is set; says what is wrong. */
enum admin_exit admin_line_read(struct admin_line *line, int argc, char **argv);
/* The option's value; NULL when it was not given. */
const char *admin_line_value(const struct admin_line *line, const char *name);
/* The command's page of help. */
void admin_line_help(const struct admin_command *command);

#endif
