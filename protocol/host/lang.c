/* protocol/host/lang.c: finds the catalogue beside the program and sets the language. */
#include "protocol/host/lang.h"

#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DOMAIN "saikne"
#ifndef SAIKNE_LOCALES
#define SAIKNE_LOCALES "/usr/local/share/locale"
#endif

static const char *in_force = "en";

/* Beside bin, wherever both were put. */
static void
find_catalogue(char out[static PATH_MAX])
{
	static const char beside[] = "/../share/locale";
	ssize_t len = readlink("/proc/self/exe", out, PATH_MAX - sizeof(beside));
	char *end;

	if (len > 0) {
		out[len] = '\0';
		if ((end = strrchr(out, '/')) != NULL) {
			memcpy(end, beside, sizeof(beside));
			return;
		}
	}
	snprintf(out, PATH_MAX, "%s", SAIKNE_LOCALES);
}

/* LANGUAGE may list several, as "lv:en". */
static const char *
first_of_ours(const char *list)
{
	while (list[0] != '\0') {
		size_t len = strcspn(list, ":");

		if (len >= 2 && strncmp(list, "lv", 2) == 0)
			return "lv";
		if (len >= 2 && strncmp(list, "en", 2) == 0)
			return "en";
		list += len + (list[len] == ':');
	}
	return NULL;
}

static const char *
of_environment(void)
{
	static const char *const names[] = {"LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]), *code;

		if (value == NULL || value[0] == '\0')
			continue;
		if ((code = first_of_ours(value)) != NULL)
			return code;
		if (i > 0)
			return "en"; /* a locale of another language */
	}
	return "en";
}

void
lang_start(void)
{
	char folder[PATH_MAX];
	const char *locale = setlocale(LC_ALL, "");
	const char *messages = setlocale(LC_MESSAGES, NULL);

	/* gettext looks at LANGUAGE only outside the plain locale; widths need UTF-8. */
	if (locale == NULL || MB_CUR_MAX == 1 || messages == NULL ||
	    strcmp(messages, "C") == 0 || strcmp(messages, "POSIX") == 0)
		(void)setlocale(LC_ALL, "C.UTF-8");
	/* What is written for programs has a point in its numbers. */
	(void)setlocale(LC_NUMERIC, "C");
	find_catalogue(folder);
	(void)bindtextdomain(DOMAIN, folder);
	(void)bind_textdomain_codeset(DOMAIN, "UTF-8");
	(void)textdomain(DOMAIN);
	(void)lang_set(of_environment());
}

bool
lang_set(const char *code)
{
	if (strcmp(code, "lv") != 0 && strcmp(code, "en") != 0)
		return false;
	in_force = strcmp(code, "lv") == 0 ? "lv" : "en";
	/* No catalogue is named en: the message ids are shown. */
	if (setenv("LANGUAGE", in_force, 1) != 0)
		return false;
	/* What gettext remembers is of the language before; naming the domain drops it. */
	(void)textdomain(DOMAIN);
	return true;
}

const char *
lang_code(void)
{
	return in_force;
}

/* How many words of ARGV the option takes; 0: it is none. *CODE is NULL without a value. */
static int
option_at(int left, char *const *argv, const char **code)
{
	if (strncmp(argv[0], "--lang=", 7) == 0) {
		*code = argv[0] + 7;
		return 1;
	}
	if (strcmp(argv[0], "--lang") != 0)
		return 0;
	*code = left > 1 ? argv[1] : NULL;
	return 2;
}

bool
lang_take(int *argc, char **argv)
{
	int kept = 1, i = 1;

	while (i < *argc && strcmp(argv[i], "--") != 0) {
		const char *code = NULL;
		int used = option_at(*argc - i, argv + i, &code);

		if (used == 0) {
			argv[kept++] = argv[i++];
			continue;
		}
		if (code == NULL || !lang_set(code))
			return false;
		i += used;
	}
	while (i < *argc)
		argv[kept++] = argv[i++];
	*argc = kept;
	argv[kept] = NULL;
	return true;
}

const char *
lang_text(const char *text)
{
	/* Of the empty id gettext would give the catalogue's own head. */
	return text[0] == '\0' ? text : gettext(text);
}

int
lang_pad(const char *text, unsigned columns)
{
	unsigned behind = 0; /* bytes that are no first ones of a character */

	for (; *text != '\0'; text++)
		behind += ((unsigned char)*text & 0xC0) == 0x80;
	return (int)(columns + behind);
}
