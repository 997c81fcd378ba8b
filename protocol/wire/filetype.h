/* protocol/wire/filetype.h: what a file is by its content, whatever its name says. */
#ifndef SAIKNE_FILETYPE_H
#define SAIKNE_FILETYPE_H

#include "protocol/base/bytes.h"
#include "protocol/base/status.h"

/* What may be sent: CODE stands in messages, MEDIA_TYPE in HTTP. */
#define FILETYPE_LIST(FILETYPE)                                                                \
	FILETYPE(PDF, "pdf", "application/pdf")                                                \
	FILETYPE(JPEG, "jpeg", "image/jpeg")                                                   \
	FILETYPE(PNG, "png", "image/png")                                                      \
	FILETYPE(HEIC, "heic", "image/heic")                                                   \
	FILETYPE(ASICE, "asice", "application/vnd.etsi.asic-e+zip")                            \
	FILETYPE(TEXT, "text", "text/plain; charset=utf-8")

#define FILETYPE_ENUM(name, ...) FILETYPE_##name,
enum filetype { FILETYPE_LIST(FILETYPE_ENUM) FILETYPE_COUNT };
#undef FILETYPE_ENUM

const char *filetype_code(enum filetype type);
const char *filetype_media_type(enum filetype type);
/* FILETYPE_COUNT for a code that is none. */
enum filetype filetype_named(struct bytes code);

#define FILETYPE_TAIL 64

/* A file that is looked at piece by piece. Zero-initialise it; it can be stored between two. */
struct filetype_look {
	bool begun;
	uint8_t type; /* enum filetype */
	uint8_t tail_len;
	uint8_t tail[FILETYPE_TAIL]; /* of what was seen so far */
};

/*
 * The next piece of the file, the first of at least 64 bytes unless it is all; LAST ends it.
 * STATUS_FILE_TYPE: it begins as none that may be sent, or does not go on or end as it began.
 */
MUST_CHECK enum status filetype_look(struct filetype_look *look, struct bytes piece, bool last);

#endif
