/* tests/unit/test_keyfile.c: key files are private, whole, and for one purpose. */
#include "protocol/host/keyfile.h"

#include <sys/stat.h>

#include "tests/unit/scratch.h"

static const uint8_t secret[32] = {1, 2, 3, 0xff};

static void
a_key_comes_back_as_it_was_stored(void **state)
{
	const char *path = scratch_path(*state, "k");
	uint8_t out[32] = {0};
	struct stat about;

	assert_int_equal(keyfile_create(path, "signing", secret), STATUS_OK);
	assert_int_equal(keyfile_load(path, "signing", out), STATUS_OK);
	assert_memory_equal(out, secret, 32);
	assert_int_equal(stat(path, &about), 0);
	assert_int_equal(about.st_mode & 07777, 0600);
}

static void
the_file_is_one_line_of_text(void **state)
{
	const char *path = scratch_path(*state, "k");
	const char line[] = "saikne-key-v1 box 010203ff";
	uint8_t *data;
	size_t len;

	assert_int_equal(keyfile_create(path, "box", secret), STATUS_OK);
	data = scratch_read(path, &len);
	assert_int_equal(len, strlen("saikne-key-v1 box ") + 65);
	assert_memory_equal(data, line, strlen(line));
	assert_int_equal(data[len - 1], '\n');
	free(data);
}

static void
an_existing_key_is_never_written_over(void **state)
{
	static const uint8_t other[32] = {9};
	const char *path = scratch_path(*state, "k");
	uint8_t out[32];

	assert_int_equal(keyfile_create(path, "signing", secret), STATUS_OK);
	assert_int_equal(keyfile_create(path, "signing", other), STATUS_IO);
	scratch_told(*state, "File exists");
	assert_int_equal(keyfile_load(path, "signing", out), STATUS_OK);
	assert_memory_equal(out, secret, 32);
}

static void
a_key_that_others_may_read_is_refused(void **state)
{
	static const mode_t open_modes[] = {0640, 0604, 0620, 0601, 0666};
	const char *path = scratch_path(*state, "k");
	uint8_t out[32];

	assert_int_equal(keyfile_create(path, "signing", secret), STATUS_OK);
	for (size_t i = 0; i < sizeof(open_modes) / sizeof(open_modes[0]); i++) {
		assert_int_equal(chmod(path, open_modes[i]), 0);
		assert_int_equal(keyfile_load(path, "signing", out), STATUS_OPEN_KEY);
		scratch_told(*state, "chmod 600 ");
	}
	assert_int_equal(chmod(path, 0400), 0);
	assert_int_equal(keyfile_load(path, "signing", out), STATUS_OK);
}

static void
a_key_for_another_purpose_is_refused(void **state)
{
	const char *path = scratch_path(*state, "k");
	uint8_t out[32] = {0}, untouched[32] = {0};

	assert_int_equal(keyfile_create(path, "signing", secret), STATUS_OK);
	assert_int_equal(keyfile_load(path, "storage", out), STATUS_NO_KEY);
	scratch_told(*state, "expected 'storage'");
	assert_int_equal(keyfile_load(path, "sign", out), STATUS_NO_KEY);
	assert_int_equal(keyfile_load(path, "signing ", out), STATUS_NO_KEY);
	assert_memory_equal(out, untouched, 32);
}

static void
anything_but_one_whole_line_is_refused(void **state)
{
	const char *path = scratch_path(*state, "k");
	char whole[200], bent[200];
	uint8_t out[32], *data;
	size_t len;

	assert_int_equal(keyfile_create(path, "log", secret), STATUS_OK);
	data = scratch_read(path, &len);
	memcpy(whole, data, len);
	free(data);
	for (size_t cut = 0; cut < len; cut++) {
		scratch_write(path, whole, cut);
		assert_int_equal(keyfile_load(path, "log", out), STATUS_NO_KEY);
	}
	memcpy(bent, whole, len);
	bent[len] = '\n';
	scratch_write(path, bent, len + 1);
	assert_int_equal(keyfile_load(path, "log", out), STATUS_NO_KEY);
	bent[len - 3] = 'g';
	scratch_write(path, bent, len);
	assert_int_equal(keyfile_load(path, "log", out), STATUS_NO_KEY);
	scratch_write(path, whole, len);
	assert_int_equal(keyfile_load(path, "log", out), STATUS_OK);
}

static void
what_is_no_regular_file_is_refused_at_once(void **state)
{
	const char *path = scratch_path(*state, "k");
	uint8_t out[32];

	assert_int_equal(keyfile_load(path, "log", out), STATUS_NO_KEY);
	scratch_told(*state, "No such file");
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(keyfile_load(path, "log", out), STATUS_NO_KEY);
	scratch_told(*state, "not a regular file");
}

static void
no_message_shows_what_the_file_holds(void **state)
{
	struct scratch *scratch = *state;
	const char *path = scratch_path(scratch, "k");
	char said[4096];
	uint8_t out[32];
	ssize_t len;

	scratch_write(path, "hunter2 hunter2", 15);
	assert_int_equal(keyfile_load(path, "log", out), STATUS_NO_KEY);
	len = pread(scratch->told, said, sizeof(said), 0);
	assert_true(len > 0);
	assert_null(memmem(said, (size_t)len, "hunter2", 7));
}

static void
keys_load_as_the_keys_they_are(void **state)
{
	const char *path = scratch_path(*state, "k");
	struct signing_key *signing = NULL, expected;
	struct box_key *box = NULL, expected_box;

	assert_int_equal(keyfile_create(path, "transport", secret), STATUS_OK);
	suite_sign_from_seed(secret, &expected);
	assert_int_equal(keyfile_load_signing(path, "transport", &signing), STATUS_OK);
	assert_memory_equal(signing, &expected, sizeof(expected));
	suite_box_from_secret(secret, &expected_box);
	assert_int_equal(keyfile_load_box(path, "transport", &box), STATUS_OK);
	assert_memory_equal(box, &expected_box, sizeof(expected_box));
	suite_secret_free(signing);
	suite_secret_free(box);
	assert_int_equal(keyfile_load_box(path, "log", &box), STATUS_NO_KEY);
}

static void
a_small_file_is_read_whole_or_not_at_all(void **state)
{
	const char *path = scratch_path(*state, "f");
	struct buffer out = {0};

	assert_int_equal(keyfile_read(path, 10, &out), STATUS_NOT_FOUND);
	scratch_write(path, "0123456789", 10);
	buffer_append_text(&out, "> ");
	assert_int_equal(keyfile_read(path, 9, &out), STATUS_TOO_LARGE);
	assert_int_equal(out.len, 2);
	assert_int_equal(keyfile_read(path, 10, &out), STATUS_OK);
	assert_true(bytes_is_text(bytes_of_buffer(&out), "> 0123456789"));
	buffer_free(&out);
}

static void
a_file_is_replaced_whole_with_its_mode(void **state)
{
	const char *path = scratch_path(*state, "f");
	struct buffer out = {0};
	struct stat about;

	assert_int_equal(keyfile_write(path, bytes_of_text("old content"), 0600), STATUS_OK);
	assert_int_equal(keyfile_write(path, bytes_of_text("new"), 0640), STATUS_OK);
	assert_int_equal(keyfile_read(path, 100, &out), STATUS_OK);
	assert_true(bytes_is_text(bytes_of_buffer(&out), "new"));
	assert_int_equal(stat(path, &about), 0);
	assert_int_equal(about.st_mode & 07777, 0640);
	buffer_free(&out);
	/* The folder holds the file and no temporary one. */
	assert_int_equal(remove(path), 0);
	assert_int_equal(rmdir(((struct scratch *)*state)->folder), 0);
	assert_int_equal(keyfile_write(path, bytes_of_text("new"), 0640), STATUS_IO);
	assert_int_equal(mkdir(((struct scratch *)*state)->folder, 0700), 0);
}

static int
start(void **state)
{
	(void)state;
	return suite_start() == STATUS_OK ? 0 : -1;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_set_up, scratch_tear_down)

int
main(void)
{
	const struct CMUnitTest keyfile[] = {
	    TEST(a_key_comes_back_as_it_was_stored),
	    TEST(the_file_is_one_line_of_text),
	    TEST(an_existing_key_is_never_written_over),
	    TEST(a_key_that_others_may_read_is_refused),
	    TEST(a_key_for_another_purpose_is_refused),
	    TEST(anything_but_one_whole_line_is_refused),
	    TEST(what_is_no_regular_file_is_refused_at_once),
	    TEST(no_message_shows_what_the_file_holds),
	    TEST(keys_load_as_the_keys_they_are),
	    TEST(a_small_file_is_read_whole_or_not_at_all),
	    TEST(a_file_is_replaced_whole_with_its_mode),
	};

	return cmocka_run_group_tests(keyfile, start, NULL);
}
