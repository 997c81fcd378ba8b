/* clients/cli/say.h: the program's own sentences, ready for a catalogue. */
#ifndef SAIKNE_SAY_H
#define SAIKNE_SAY_H

#include <libintl.h>

#define _(text)  gettext(text)
#define N_(text) text /* in a table; goes through _() where it is shown */

#endif
