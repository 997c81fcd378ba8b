/* clients/admin/admin_say.c: what went wrong and what to do, on standard error. */
#include "clients/admin/admin_say.h"

#include <stdarg.h>
#include <stdio.h>

#include "protocol/host/lang.h"

enum admin_exit
admin_say_refusal(const char *format, ...)
{
	va_list args;

	fputs("saikne-admin: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return ADMIN_REFUSED;
}

enum admin_exit
admin_say_status(const char *trying, enum status rc, const char *detail)
{
	fprintf(stderr, "saikne-admin: %s: %s (%s)\n", trying, lang_text(status_meaning(rc)),
	    status_name(rc));
	if (detail[0] != '\0')
		fprintf(stderr, _("  because: %s\n"), lang_text(detail));
	fprintf(stderr, _("  what to do: %s\n"), lang_text(status_remedy(rc)));
	return ADMIN_REFUSED;
}
