/* protocol/host/lang.h: the language of what people read: Latvian or English, by gettext. */
#ifndef SAIKNE_LANG_H
#define SAIKNE_LANG_H

#include <libintl.h>

#include "protocol/base/bytes.h"

/* English texts are the message ids; protocol/lang/lv.po has the Latvian ones. */
#define _(text)  gettext(text)
#define N_(text) text /* in a table; goes through lang_text() where it is shown */

/*
 * Once, before anything is printed: the language of LANGUAGE, LC_ALL, LC_MESSAGES or LANG,
 * whether or not such a locale is installed. Before it everything is English.
 */
void lang_start(void);
/* "lv" or "en"; false, and nothing changed, for any other. */
bool lang_set(const char *code);
/* "lv" or "en": in force now. */
const char *lang_code(void);
/*
 * Takes --lang CODE and --lang=CODE out of ARGV up to "--", and sets it. False when CODE is
 * missing or none of ours: say so by lang_text(LANG_WANTED).
 */
MUST_CHECK bool lang_take(int *argc, char **argv);
#define LANG_WANTED N_("--lang is lv or en")

/* TEXT in the language in force; TEXT itself when the catalogue does not have it. */
const char *lang_text(const char *text);
/* The width for printf's "%-*s" that makes TEXT, in UTF-8, take COLUMNS. */
int lang_pad(const char *text, unsigned columns);

#endif
