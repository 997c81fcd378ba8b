/* tests/unit/test_filetype.c: a file is what it holds, whatever its name says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/wire/filetype.h"

static enum status
look_at(struct bytes file, size_t piece, enum filetype *type)
{
	struct filetype_look look = {0};
	enum status rc = STATUS_OK;

	for (size_t at = 0; rc == STATUS_OK && at < file.len; at += piece) {
		size_t len = file.len - at < piece ? file.len - at : piece;

		rc = filetype_look(
		    &look, (struct bytes){file.data + at, len}, at + len == file.len);
	}
	*type = (enum filetype)look.type;
	return rc;
}

#define ROW(text)                                                                              \
	{                                                                                      \
		(const uint8_t *)(text), sizeof(text) - 1                                      \
	}
#define FILE_OF(text) ((struct bytes)ROW(text))

static void
what_may_be_sent_is_known_by_its_first_bytes(void **state)
{
	static const struct {
		struct bytes file;
		enum filetype type;
	} rows[] = {
	    {ROW("%PDF-1.7\n"), FILETYPE_PDF},
	    {ROW("\xFF\xD8\xFF\xE0 more"), FILETYPE_JPEG},
	    {ROW("\x89PNG\r\n\x1A\n more"), FILETYPE_PNG},
	    {ROW("\0\0\0\x18"
		 "ftypheic...."),
		FILETYPE_HEIC},
	    {ROW("Labdien, bērns nav ieradies.\r\n"), FILETYPE_TEXT},
	};
	enum filetype type;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(look_at(rows[i].file, 4096, &type), STATUS_OK);
		assert_int_equal(type, rows[i].type);
		assert_int_equal(
		    filetype_named(bytes_of_text(filetype_code(type))), rows[i].type);
	}
}

static void
anything_else_is_refused(void **state)
{
	static const struct bytes files[] = {ROW("MZ\x90\0"),
	    ROW("\x7f"
		"ELF\2"),
	    ROW("PK\x03\x04\x14\0\0\0\0\0 word/document.xml"), ROW("GIF89a\x01\0"),
	    ROW("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), ROW("text with \0 in it"),
	    ROW("not \xFF utf-8"), ROW("escape \x1B[2J"), ROW("cut \xC4"),
	    ROW("RIFF\1\0..WEBP")};
	enum filetype type;

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		assert_int_equal(look_at(files[i], 4096, &type), STATUS_FILE_TYPE);
}

/* The head of a signed document as DigiDoc makes it, REST between it and its directory. */
static void
make_container(struct buffer *out, size_t rest, bool with_end, const char *comment)
{
	static const uint8_t head[] = "PK\x03\x04\x14\0\0\0\0\0\0\0\0\0....\x1f\0\0\0\x1f\0\0\0"
				      "\x08\0\0\0mimetypeapplication/vnd.etsi.asic-e+zip";
	static const uint8_t end[] = "PK\x05\x06\0\0\0\0\1\0\1\0....\0\0\0\0";

	buffer_append(out, (struct bytes){head, sizeof(head) - 1});
	for (size_t i = 0; i < rest; i++)
		buffer_append_byte(out, (uint8_t)(i * 7));
	if (!with_end)
		return;
	buffer_append(out, (struct bytes){end, sizeof(end) - 1});
	buffer_append_byte(out, (uint8_t)strlen(comment));
	buffer_append_byte(out, 0);
	buffer_append_text(out, comment);
}

static void
a_signed_document_is_a_zip_that_says_so_first_and_is_whole(void **state)
{
	struct buffer file = {0};
	enum filetype type;

	(void)state;
	make_container(&file, 10000, true, "");
	for (size_t piece = 97; piece < 20000; piece += 1999) {
		assert_int_equal(look_at(bytes_of_buffer(&file), piece, &type), STATUS_OK);
		assert_int_equal(type, FILETYPE_ASICE);
	}
	/* Cut anywhere, its directory is not there. */
	for (size_t len = 70; len < file.len; len += 500)
		assert_int_equal(
		    look_at((struct bytes){file.data, len}, 4096, &type), STATUS_FILE_TYPE);
	file.data[30] = 'M';
	assert_int_equal(look_at(bytes_of_buffer(&file), 4096, &type), STATUS_FILE_TYPE);
	buffer_reset(&file);
	make_container(&file, 100, true, "mimetype=application/vnd.etsi.asic-e+zip");
	assert_int_equal(look_at(bytes_of_buffer(&file), 128, &type), STATUS_OK);
	buffer_reset(&file);
	make_container(&file, 100, false, "");
	assert_int_equal(look_at(bytes_of_buffer(&file), 4096, &type), STATUS_FILE_TYPE);
	buffer_free(&file);
}

static void
text_stays_text_over_every_seam(void **state)
{
	struct bytes text = FILE_OF("Rīgas 3. pamatskola, “ģimene”: 👪 un vēl\r\nviena rinda\n");
	enum filetype type;

	(void)state;
	for (size_t piece = 4; piece < text.len; piece++) {
		assert_int_equal(look_at(text, piece, &type), STATUS_OK);
		assert_int_equal(type, FILETYPE_TEXT);
	}
	for (size_t piece = 4; piece < 12; piece++)
		assert_int_equal(
		    look_at(FILE_OF("abcdefghijkl\0mn"), piece, &type), STATUS_FILE_TYPE);
}

static void
a_letter_that_a_seam_breaks_is_no_text(void **state)
{
	static const char head[] =
	    "Izdomāts teksts, kas ir garāks par sešdesmit četrām zīmēm. ";
	struct filetype_look look = {0};

	(void)state;
	assert_int_equal(filetype_look(&look, bytes_of_text(head), false), STATUS_OK);
	assert_int_equal(filetype_look(&look, bytes_of_text("\xE5"), false), STATUS_OK);
	/* One of the two that must follow, and it cannot. */
	assert_int_equal(filetype_look(&look, bytes_of_text("t"), false), STATUS_FILE_TYPE);
	assert_int_equal(filetype_look(&look, bytes_of_text("ekst"), true), STATUS_FILE_TYPE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_may_be_sent_is_known_by_its_first_bytes),
	    cmocka_unit_test(anything_else_is_refused),
	    cmocka_unit_test(a_signed_document_is_a_zip_that_says_so_first_and_is_whole),
	    cmocka_unit_test(text_stays_text_over_every_seam),
	    cmocka_unit_test(a_letter_that_a_seam_breaks_is_no_text),
	};

	return cmocka_run_group_tests_name("filetype", tests, NULL, NULL);
}
