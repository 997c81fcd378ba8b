/* protocol/proof/note.h: signed notes with Ed25519 (C2SP signed-note). */
#ifndef SAIKNE_NOTE_H
#define SAIKNE_NOTE_H

#include "protocol/base/suite.h"

#define NOTE_NAME_MAX       128
#define NOTE_MAX            16384 /* bytes of a whole note */
#define NOTE_SIGNATURES_MAX 32

/* A verifier key. ID = SHA-256(name ‖ "\n" ‖ 0x01 ‖ public)[:4], big-endian. */
struct note_key {
	char name[NOTE_NAME_MAX + 1];
	uint8_t public[SUITE_SIGN_PUBLIC];
	uint32_t id;
};

/* STATUS_ARGUMENT for a name that is empty, too long, or holds a space, control or '+'. */
MUST_CHECK enum status note_key_make(
    const char *name, const uint8_t public[static SUITE_SIGN_PUBLIC], struct note_key *out);
/* The usual text form "name+hhhhhhhh+base64(0x01 ‖ public)", appended / parsed strictly. */
void note_key_format(const struct note_key *key, struct buffer *out);
MUST_CHECK enum status note_key_parse(struct bytes text, struct note_key *out);

/*
 * Appends TEXT (which ends in a newline), a blank line and one signature line.
 * STATUS_ARGUMENT when TEXT cannot be a note's or SECRET is not KEY's, STATUS_TOO_LARGE.
 */
MUST_CHECK enum status note_sign(struct bytes text, const struct note_key *key,
    const struct signing_key *secret, struct buffer *out);
/*
 * The signed text, borrowed from NOTE, when KEY signed it. Signatures of other keys are
 * ignored; one of KEY that fails refuses the note (STATUS_BAD_SIGNATURE), as does its absence
 * (STATUS_UNKNOWN_KEY). STATUS_MALFORMED for anything but a note, STATUS_TOO_LARGE above the
 * limits.
 */
MUST_CHECK enum status note_open(
    struct bytes note, const struct note_key *key, struct bytes *text);

#endif
