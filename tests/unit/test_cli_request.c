/* tests/unit/test_cli_request.c: a command line becomes the JSON request that acts take. */
#include "clients/cli/cli_request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "protocol/lists/lists.h"
#include "protocol/wire/message.h"

static const struct cli_option options[] = {
    {"to", "CODE", "to", true, ""},
    {"urgency", "CODE", "urgency", false, ""},
    {"concern", "CODE", "concern", true, ""},
    {"expires-days", "NUMBER", "expires_days", false, ""},
    {"from", "FILE", NULL, false, ""},
    {"preview", NULL, NULL, false, ""},
    {NULL, NULL, NULL, false, NULL},
};

static char fault[160];

/* LINE is split at spaces; the words must outlive ARGUMENTS, so they stand in WORDS. */
static bool
read_line(
    char *words, const char *line, const char *positional, struct cli_arguments *arguments)
{
	char *argv[32], *rest = words, *word;
	int argc = 0;

	memcpy(words, line, strlen(line) + 1);
	while ((word = strsep(&rest, " ")) != NULL)
		argv[argc++] = word;
	if (line[0] == '\0')
		argc = 0;
	fault[0] = '\0';
	return cli_arguments_read(
	    argc, argv, options, cli_request_content_options(), positional, arguments, fault);
}

static void
assert_request(const char *line, const char *expected)
{
	struct cli_arguments arguments;
	char words[512], *text;
	json_t *request;

	assert_true(read_line(words, line, "", &arguments));
	request = cli_request_new(&arguments, fault);
	assert_non_null(request);
	text = json_dumps(request, JSON_COMPACT | JSON_SORT_KEYS);
	assert_string_equal(text, expected);
	free(text);
	json_decref(request);
}

static void
assert_no_request(const char *line)
{
	struct cli_arguments arguments;
	char words[512];

	assert_true(read_line(words, line, "", &arguments));
	assert_null(cli_request_new(&arguments, fault));
	assert_true(fault[0] != '\0');
}

static void
options_become_fields_of_the_request(void **state)
{
	(void)state;
	assert_request("", "{}");
	assert_request("--to a --to=b --urgency normal --expires-days 7 --preview",
	    "{\"expires_days\":7,\"to\":[\"a\",\"b\"],\"urgency\":\"normal\"}");
}

static void
personal_fields_go_below_content_in_their_kind(void **state)
{
	(void)state;
	assert_request("--child-name A --absence-lessons 24",
	    "{\"content\":{\"absence_lessons\":24,\"child_name\":\"A\"}}");
}

static void
every_personal_field_of_a_referral_has_an_option(void **state)
{
	static const char *const names[] = {
#define ROW(field, need) #field,
	    REFERRAL_CONTENT_FIELDS(ROW)
#undef ROW
	};
	const struct cli_option *option = cli_request_content_options();
	size_t count = 0, files = 0;

	(void)state;
	for (; option->name != NULL; option++) {
		assert_null(strchr(option->name, '_'));
		count++;
	}
	/* Documents have a word of their own. */
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		files += strncmp(names[i], "FILES_", 6) == 0;
	assert_int_equal(count, sizeof(names) / sizeof(names[0]) - files);
}

static void
a_code_that_no_list_has_is_refused_with_the_list_to_read(void **state)
{
	(void)state;
	assert_no_request("--urgency sometimes");
	assert_non_null(strstr(fault, "saikne lists urgencies"));
	assert_no_request("--concern content_difficulty --concern nonsense");
	assert_no_request("--absence-lessons many");
	assert_no_request("--expires-days 7x");
}

static void
what_a_person_typed_is_not_repeated_in_a_fault(void **state)
{
	struct cli_arguments arguments;
	char words[512];

	(void)state;
	assert_no_request("--absence-lessons Secretname");
	assert_null(strstr(fault, "Secretname"));
	assert_false(read_line(words, "--Secretname x", "", &arguments));
	assert_null(strstr(fault, "Secretname"));
}

static void
options_on_the_line_are_set_over_a_file(void **state)
{
	char path[] = "/tmp/test-cli-request-XXXXXX", line[128];
	int fd = mkstemp(path);
	static const char json[] =
	    "{\"urgency\":\"normal\",\"concern\":[\"x\"],\"content\":{\"grade\":\"7\"}}";

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, json, sizeof(json) - 1), sizeof(json) - 1);
	close(fd);
	snprintf(line, sizeof(line),
	    "--from %s --urgency urgent --school S --concern "
	    "content_difficulty",
	    path);
	assert_request(line, "{\"concern\":[\"content_difficulty\"],\"content\":{\"grade\":"
			     "\"7\",\"school\":\"S\"},"
			     "\"urgency\":\"urgent\"}");
	assert_int_equal(truncate(path, 5), 0);
	snprintf(line, sizeof(line), "--from %s", path);
	assert_no_request(line);
	unlink(path);
	assert_no_request(line);
}

static void
a_line_that_does_not_fit_the_command_is_refused(void **state)
{
	static const char *const lines[] = {"--nonsense", "-x", "--urgency", "--preview=1",
	    "--urgency normal --urgency urgent", "word"};
	struct cli_arguments arguments;
	char words[512];

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		assert_false(read_line(words, lines[i], "", &arguments));
		assert_true(fault[0] != '\0');
	}
	assert_false(read_line(words, "", "TASK", &arguments));
	assert_non_null(strstr(fault, "TASK"));
	assert_false(read_line(words, "a b", "TASK", &arguments));
	assert_true(read_line(words, "3fa9 --preview", "TASK", &arguments));
	assert_string_equal(arguments.positional[0], "3fa9");
	assert_true(cli_arguments_has(&arguments, "preview"));
	assert_true(read_line(words, "", "[NAME]", &arguments));
	assert_true(read_line(words, "-- --odd", "[NAME]", &arguments));
	assert_string_equal(arguments.positional[0], "--odd");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(options_become_fields_of_the_request),
	    cmocka_unit_test(personal_fields_go_below_content_in_their_kind),
	    cmocka_unit_test(every_personal_field_of_a_referral_has_an_option),
	    cmocka_unit_test(a_code_that_no_list_has_is_refused_with_the_list_to_read),
	    cmocka_unit_test(what_a_person_typed_is_not_repeated_in_a_fault),
	    cmocka_unit_test(options_on_the_line_are_set_over_a_file),
	    cmocka_unit_test(a_line_that_does_not_fit_the_command_is_refused),
	};

	if (lists_start() != STATUS_OK)
		return 1;
	return cmocka_run_group_tests_name("cli_request", tests, NULL, NULL);
}
