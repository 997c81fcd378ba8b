/* tests/unit/test_config.c: known keys are read, and everything else names its line. */
#include "protocol/host/config.h"

#include "tests/unit/scratch.h"

struct settings {
	char name[8];
	char note[400];
	uint64_t port;
	uint8_t key[32];
	char peers[64];
};

static bool
add_peer(void *state, const char *name, const char *value)
{
	struct settings *settings = state;
	size_t len = strlen(settings->peers);

	snprintf(settings->peers + len, sizeof(settings->peers) - len, "%s=%s;", name, value);
	return strcmp(value, "bad") != 0;
}

static enum status
read_text(struct scratch *scratch, const char *text, size_t len, struct settings *out)
{
	const struct config_key keys[] = {
	    {.section = "broker",
		.name = "name",
		.kind = CONFIG_TEXT,
		.required = true,
		.out = out->name,
		.size = sizeof(out->name)},
	    {.section = "broker",
		.name = "note",
		.kind = CONFIG_TEXT,
		.out = out->note,
		.size = sizeof(out->note)},
	    {.section = "broker",
		.name = "port",
		.kind = CONFIG_UINT,
		.out = &out->port,
		.min = 1,
		.max = 65535},
	    {.section = "keys", .name = "root", .kind = CONFIG_KEY, .out = out->key},
	    {.section = "peers", .name = "*", .each = add_peer, .state = out},
	};
	const char *path = scratch_path(scratch, "x.conf");

	scratch_write(path, text, len);
	return config_read(path, keys, sizeof(keys) / sizeof(keys[0]));
}

/* TEXT is refused and the operator told EXPECTED. */
static void
refused(void **state, const char *text, const char *expected)
{
	struct settings settings = {.port = 5555};

	assert_int_equal(read_text(*state, text, strlen(text), &settings), STATUS_BAD_CONFIG);
	scratch_told(*state, expected);
}

#define ROOT "0123456789abcdef0123456789ABCDEF0123456789abcdef0123456789abcdef"

static void
every_kind_of_key_is_read(void **state)
{
	struct settings settings = {0};
	const char text[] = "; a comment\n[broker]\nname = riga\r\n  note = a = b : c\n"
			    "port=65535\n[keys]\nroot = " ROOT "\n"
			    "[peers]\none = 1\ntwo = 2\none = 3";

	assert_int_equal(read_text(*state, text, strlen(text), &settings), STATUS_OK);
	assert_string_equal(settings.name, "riga");
	assert_string_equal(settings.note, "a = b : c");
	assert_int_equal(settings.port, 65535);
	assert_int_equal(settings.key[1], 0x23);
	assert_int_equal(settings.key[31], 0xef);
	assert_string_equal(settings.peers, "one=1;two=2;one=3;");
}

static void
what_is_not_given_keeps_its_default(void **state)
{
	struct settings settings = {.port = 5555, .note = "default"};
	const char text[] = "[broker]\nname = riga\n";

	assert_int_equal(read_text(*state, text, strlen(text), &settings), STATUS_OK);
	assert_int_equal(settings.port, 5555);
	assert_string_equal(settings.note, "default");
}

static void
a_misspelt_key_or_section_is_not_ignored(void **state)
{
	refused(state, "[broker]\nname = riga\nprot = 1\n",
	    "x.conf:3: unknown key 'prot' in [broker]");
	refused(state, "[borker]\nname = riga\n", "x.conf:2: unknown section [borker]");
	refused(state, "name = riga\n", "x.conf:1: unknown section []");
}

static void
a_missing_required_key_is_named(void **state)
{
	refused(state, "[broker]\nport = 1\n", "x.conf: name is missing in [broker]");
	refused(state, "", "x.conf: name is missing in [broker]");
	refused(state, "[broker]\nname =\n", "x.conf:2: name in [broker]: expected a value");
}

static void
a_number_must_be_digits_within_its_bounds(void **state)
{
	static const char *const bad[] = {
	    "0", "65536", "-1", "+1", "1k", "0x10", "", "1 2", "18446744073709551617"};
	char text[128];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text), "[broker]\nname = riga\nport = %s\n", bad[i]);
		refused(state, text,
		    "x.conf:3: port in [broker]: expected a whole number from 1 to 65535");
	}
}

static void
text_must_fit_and_be_utf8(void **state)
{
	refused(state, "[broker]\nname = 12345678\n",
	    "x.conf:2: name in [broker]: expected at most 7 bytes, this has 8");
	refused(state, "[broker]\nname = \xff\xfe\n",
	    "x.conf:2: name in [broker]: expected text in UTF-8");
}

static void
a_key_must_be_sixty_four_digits(void **state)
{
	refused(state, "[broker]\nname = a\n[keys]\nroot = 00\n",
	    "x.conf:4: root in [keys]: expected 64 hexadecimal digits");
	refused(state, "[broker]\nname = a\n[keys]\nroot = " ROOT "0\n",
	    "x.conf:4: root in [keys]: expected 64 hexadecimal digits");
}

static void
a_key_given_twice_is_refused(void **state)
{
	refused(state, "[broker]\nname = a\nname = b\n",
	    "x.conf:3: name in [broker] was given already in line 2");
}

static void
an_entry_its_reader_refuses_names_its_line(void **state)
{
	refused(state, "[broker]\nname = a\n[peers]\none = bad\n", "x.conf:4: one in [peers]");
}

static void
what_is_no_setting_names_its_line(void **state)
{
	refused(state, "[broker]\nname = a\nport\n", "x.conf:3: expected '[section]'");
	refused(state, "[broker\nname = a\n", "x.conf:1: expected '[section]'");
}

static void
a_long_line_is_read_whole_or_refused(void **state)
{
	struct settings settings = {0};
	char text[2048];
	int len = snprintf(text, sizeof(text), "[broker]\nname = a\nnote = %0*d\n", 390, 7);

	/* Longer than libinih's own limit of 200 bytes. */
	assert_int_equal(read_text(*state, text, (size_t)len, &settings), STATUS_OK);
	assert_int_equal(strlen(settings.note), 390);
	snprintf(text, sizeof(text), "[broker]\nname = a\nnote = %0*d\n", 1500, 7);
	refused(state, text, "x.conf:3: expected a line of text of at most");
}

static void
a_nul_byte_is_refused(void **state)
{
	struct settings settings = {0};
	const char text[] = "[broker]\nname = a\nport = 1\0junk";

	assert_int_equal(
	    read_text(*state, text, sizeof(text) - 1, &settings), STATUS_BAD_CONFIG);
	scratch_told(*state, "x.conf:3: expected a line of text");
}

static void
a_file_that_is_not_there_is_named(void **state)
{
	const char *path = scratch_path(*state, "none.conf");

	assert_int_equal(config_read(path, NULL, 0), STATUS_BAD_CONFIG);
	scratch_told(*state, "none.conf: the configuration cannot be read: No such file");
}

static void
paths_are_resolved_beside_the_file(void **state)
{
	char out[32];

	(void)state;
	assert_true(config_path("/etc/saikne/a.conf", "keys/k", out, sizeof(out)));
	assert_string_equal(out, "/etc/saikne/keys/k");
	assert_true(config_path("/etc/saikne/a.conf", "/keys/k", out, sizeof(out)));
	assert_string_equal(out, "/keys/k");
	assert_true(config_path("a.conf", "k", out, sizeof(out)));
	assert_string_equal(out, "k");
	assert_false(config_path("/etc/saikne/a.conf", "k", out, 13));
	assert_true(config_path("/etc/saikne/a.conf", "k", out, 14));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_set_up, scratch_tear_down)

int
main(void)
{
	const struct CMUnitTest config[] = {
	    TEST(every_kind_of_key_is_read),
	    TEST(what_is_not_given_keeps_its_default),
	    TEST(a_misspelt_key_or_section_is_not_ignored),
	    TEST(a_missing_required_key_is_named),
	    TEST(a_number_must_be_digits_within_its_bounds),
	    TEST(text_must_fit_and_be_utf8),
	    TEST(a_key_must_be_sixty_four_digits),
	    TEST(a_key_given_twice_is_refused),
	    TEST(an_entry_its_reader_refuses_names_its_line),
	    TEST(what_is_no_setting_names_its_line),
	    TEST(a_long_line_is_read_whole_or_refused),
	    TEST(a_nul_byte_is_refused),
	    TEST(a_file_that_is_not_there_is_named),
	    TEST(paths_are_resolved_beside_the_file),
	};

	return cmocka_run_group_tests(config, NULL, NULL);
}
