/* protocol/wire/filetype.c: what a file is by its content, whatever its name says. */
#include "protocol/wire/filetype.h"

#include <string.h>

static const struct {
	const char *code, *media_type;
} types[] = {
#define FILETYPE_ROW(name, code, media) [FILETYPE_##name] = {code, media},
    FILETYPE_LIST(FILETYPE_ROW)
#undef FILETYPE_ROW
};

const char *
filetype_code(enum filetype type)
{
	return type < FILETYPE_COUNT ? types[type].code : "";
}

const char *
filetype_media_type(enum filetype type)
{
	return type < FILETYPE_COUNT ? types[type].media_type : "application/octet-stream";
}

enum filetype
filetype_named(struct bytes code)
{
	for (unsigned i = 0; i < FILETYPE_COUNT; i++)
		if (bytes_is_text(code, types[i].code))
			return (enum filetype)i;
	return FILETYPE_COUNT;
}

/* ---- Beginnings -------------------------------------------------------------------------- */

static bool
has_at(struct bytes head, size_t at, const char *magic, size_t len)
{
	return head.len >= at + len && memcmp(head.data + at, magic, len) == 0;
}

#define HAS(head, at, magic) has_at(head, at, magic, sizeof(magic) - 1)

static bool
is_heic(struct bytes head)
{
	return HAS(head, 4, "ftyp") && (HAS(head, 8, "heic") || HAS(head, 8, "heix") ||
					   HAS(head, 8, "mif1") || HAS(head, 8, "msf1"));
}

/* ETSI EN 319 162-1, A.1: first in the zip, stored, without extra field, stands the type. */
static bool
is_asice(struct bytes head)
{
	static const char type[] = "application/vnd.etsi.asic-e+zip";

	return HAS(head, 0, "PK\x03\x04") && HAS(head, 8, "\0\0") &&
	       HAS(head, 26, "\x08\0\0\0") && HAS(head, 30, "mimetype") &&
	       has_at(head, 38, type, sizeof(type) - 1) &&
	       (HAS(head, 18, "\x1f\0\0\0\x1f\0\0\0") || HAS(head, 18, "\0\0\0\0\0\0\0\0"));
}

/* Bytes of a sequence that UTF-8 may have here; 0 for none that begins so. */
static size_t
sequence_len(uint8_t first)
{
	return first < 0x80   ? 1
	       : first < 0xC2 ? 0
	       : first < 0xE0 ? 2
	       : first < 0xF0 ? 3
	       : first < 0xF5 ? 4
	                      : 0;
}

/* LEN of VIEW's last bytes begin a sequence that the next piece ends. */
static size_t
unfinished(struct bytes view)
{
	for (size_t back = 1; back <= 3 && back <= view.len; back++) {
		uint8_t c = view.data[view.len - back];

		if (c < 0x80)
			return 0;
		if (c >= 0xC0)
			return sequence_len(c) > back ? back : 0;
	}
	return 0;
}

/* Whether PIECE can be inside of a sequence; all of it is judged when it is whole. */
static bool
goes_on(struct bytes piece)
{
	for (size_t i = 0; i < piece.len; i++)
		if ((piece.data[i] & 0xC0) != 0x80)
			return false;
	return true;
}

/* Text for people: UTF-8, and of control characters only those that lay out lines. */
static bool
is_text(const struct filetype_look *look, struct bytes piece, bool last)
{
	struct bytes before = {look->tail, look->tail_len};
	size_t carried = unfinished(before), left, run = 0;
	uint8_t joint[8];

	/* The sequence that two pieces share is put together first. */
	if (carried > 0) {
		size_t need = sequence_len(before.data[before.len - carried]) - carried;

		if (piece.len < need)
			return !last && goes_on(piece);
		memcpy(joint, before.data + before.len - carried, carried);
		memcpy(joint + carried, piece.data, need);
		if (!bytes_is_utf8((struct bytes){joint, carried + need}))
			return false;
		piece.data += need;
		piece.len -= need;
	}
	left = last ? 0 : unfinished(piece);
	piece.len -= left;
	/* Lines may end as elsewhere, which our own texts do not. */
	for (size_t i = 0; i <= piece.len; i++) {
		if (i < piece.len && piece.data[i] != '\r' && piece.data[i] != '\f')
			continue;
		if (!bytes_is_utf8((struct bytes){piece.data + run, i - run}))
			return false;
		run = i + 1;
	}
	return true;
}

static enum filetype
begin(const struct filetype_look *look, struct bytes head, bool last)
{
	if (HAS(head, 0, "%PDF-"))
		return FILETYPE_PDF;
	if (HAS(head, 0, "\xFF\xD8\xFF"))
		return FILETYPE_JPEG;
	if (HAS(head, 0, "\x89PNG\r\n\x1A\n"))
		return FILETYPE_PNG;
	if (is_heic(head))
		return FILETYPE_HEIC;
	if (is_asice(head))
		return FILETYPE_ASICE;
	return head.len > 0 && is_text(look, head, last) ? FILETYPE_TEXT : FILETYPE_COUNT;
}

/* ---- Ends -------------------------------------------------------------------------------- */

static void
keep_tail(struct filetype_look *look, struct bytes piece)
{
	uint8_t joined[2 * FILETYPE_TAIL];
	size_t from_piece = piece.len < FILETYPE_TAIL ? piece.len : FILETYPE_TAIL;
	size_t len = look->tail_len + from_piece, keep;

	memcpy(joined, look->tail, look->tail_len);
	if (from_piece > 0)
		memcpy(
		    joined + look->tail_len, piece.data + piece.len - from_piece, from_piece);
	keep = len < FILETYPE_TAIL ? len : FILETYPE_TAIL;
	memcpy(look->tail, joined + len - keep, keep);
	look->tail_len = (uint8_t)keep;
}

/* A zip without its directory was cut: nobody could check the signatures in it. */
static bool
ends_well(const struct filetype_look *look)
{
	struct bytes tail = {look->tail, look->tail_len};

	if (look->type != FILETYPE_ASICE)
		return true;
	/* A comment may follow the directory: it can name the type once more. */
	for (size_t at = 0; at + 22 <= tail.len; at++)
		if (HAS(tail, at, "PK\x05\x06") &&
		    tail.data[at + 20] + 256U * tail.data[at + 21] == tail.len - at - 22)
			return true;
	return false;
}

enum status
filetype_look(struct filetype_look *look, struct bytes piece, bool last)
{
	if (!look->begun) {
		look->type = (uint8_t)begin(look, piece, last);
		look->begun = true;
	} else if (look->type == FILETYPE_TEXT && !is_text(look, piece, last)) {
		look->type = FILETYPE_COUNT;
	}
	if (look->type >= FILETYPE_COUNT)
		return STATUS_FILE_TYPE;
	keep_tail(look, piece);
	return !last || ends_well(look) ? STATUS_OK : STATUS_FILE_TYPE;
}
