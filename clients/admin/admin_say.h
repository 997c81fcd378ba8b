/* clients/admin/admin_say.h: what went wrong and what to do, on standard error. */
#ifndef SAIKNE_ADMIN_SAY_H
#define SAIKNE_ADMIN_SAY_H

#include "clients/admin/admin.h"

/* A sentence of our own; always ADMIN_REFUSED, so that a command can end with it. */
enum admin_exit admin_say_refusal(const char *format, ...)
    __attribute__((format(printf, 1, 2)));
/* A status: what was tried, what it means, the peer's detail ("" for none), what to do. */
enum admin_exit admin_say_status(const char *trying, enum status rc, const char *detail);

#endif
