/* clients/admin/admin_commands.h: the commands, each in the file of its topic; main.c has the table. */
#ifndef SAIKNE_ADMIN_COMMANDS_H
#define SAIKNE_ADMIN_COMMANDS_H

#include "clients/admin/admin.h"

/* admin_found.c: the network itself. */
enum admin_exit admin_found_init(const struct admin_line *line);
enum admin_exit admin_found_certify(const struct admin_line *line);
/* admin_enrol.c: how an institution comes in. */
enum admin_exit admin_enrol_request(const struct admin_line *line);
enum admin_exit admin_enrol_approve(const struct admin_line *line);
/* admin_registrar.c: what the registrar does day by day. */
enum admin_exit admin_registrar_publish(const struct admin_line *line);
enum admin_exit admin_registrar_head(const struct admin_line *line);
enum admin_exit admin_registrar_suspend(const struct admin_line *line);
enum admin_exit admin_registrar_revoke(const struct admin_line *line);
enum admin_exit admin_registrar_lift(const struct admin_line *line);
/* admin_rotate.c: an institution changes its keys. */
enum admin_exit admin_rotate_run(const struct admin_line *line);
/* admin_show.c: what there is. */
enum admin_exit admin_show_list(const struct admin_line *line);
enum admin_exit admin_show_status(const struct admin_line *line);

#endif
