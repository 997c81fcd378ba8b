/* protocol/wire/frame.h: the commands of the link between a party and the broker. */
#ifndef SAIKNE_FRAME_H
#define SAIKNE_FRAME_H

#include "protocol/wire/attachment.h"
#include "protocol/wire/leaf.h"

/*
 * One ZeroMQ frame a command: 'S' 'K', version, command, request (u32, echoed in the answer),
 * then the body, one canonical array. COMMAND(NAME, number, from, body, purpose).
 */
#define COMMAND_LIST(COMMAND)                                                                  \
	COMMAND(HELLO, 1, "party", "[network, party, software, directory length, log size]",   \
	    "opens a session; what the party knows of the log")                                \
	COMMAND(WELCOME, 2, "broker",                                                          \
	    "[network, time, directory length, checkpoint, [consistency hash ...], frame "     \
	    "max, credit max]",                                                                \
	    "answers HELLO; the path leads from the party's log size to the checkpoint")       \
	COMMAND(SUBMIT, 3, "party", "[header, [[stanza, commit, payload] ...], signature]",    \
	    "one sealed message")                                                              \
	COMMAND(ACCEPTED, 4, "broker", "[id, log index, leaf, [path hash ...], checkpoint]",   \
	    "the receipt: stored durably, logged, proven")                                     \
	COMMAND(REFUSED, 5, "broker", "[code, id or nil, recipient or nil, detail]",           \
	    "a typed refusal of any command; RECIPIENT is the position concerned")             \
	COMMAND(CREDIT, 6, "party", "[count]", "how many more DELIVERs the party will take")   \
	COMMAND(DELIVER, 7, "broker",                                                          \
	    "[log index, leaf, [path hash ...], checkpoint, part number or nil, [stanza, "     \
	    "commit, payload] or nil]",                                                        \
	    "one entry of the party's mailbox: a message with its part, or evidence for a "    \
	    "sender")                                                                          \
	COMMAND(ATTEST, 8, "party", "[evidence, signature]", "signed evidence for a message")  \
	COMMAND(RECORDED, 9, "broker", "[log index of the message, evidence kind, log index]", \
	    "the evidence is logged")                                                          \
	COMMAND(TAKEN, 10, "party", "[log index]",                                             \
	    "an evidence entry is stored by its addressee and leaves the mailbox")             \
	COMMAND(STATE, 11, "party", "[statement, [[role, signature] ...]]",                    \
	    "a directory statement")                                                           \
	COMMAND(STATED, 12, "broker", "[log index]", "the statement is logged")                \
	COMMAND(DIRECTORY, 13, "party", "[from]", "statements from the FROM-th on")            \
	COMMAND(DIRECTORY_PAGE, 14, "broker",                                                  \
	    "[from, directory length, checkpoint, [[log index, leaf, [path hash ...]] ...]]",  \
	    "up to 32 statements with their proofs")                                           \
	COMMAND(ENTRIES, 15, "party", "[from, count]", "leaves of the log, for auditors")      \
	COMMAND(ENTRIES_PAGE, 16, "broker", "[from, [leaf or leaf hash ...]]",                 \
	    "up to 256 entries; a hash where the party may not read the leaf")                 \
	COMMAND(PROOF, 17, "party", "[log index, tree size]", "an inclusion proof")            \
	COMMAND(PROOF_PAGE, 18, "broker",                                                      \
	    "[log index, tree size, leaf or leaf hash, [path hash ...]]", "answers PROOF")     \
	COMMAND(CONSISTENCY, 19, "party", "[old size, new size]", "a consistency proof")       \
	COMMAND(CONSISTENCY_PAGE, 20, "broker", "[old size, new size, [path hash ...]]",       \
	    "answers CONSISTENCY")                                                             \
	COMMAND(CHECKPOINT, 21, "party", "[]", "the newest checkpoint")                        \
	COMMAND(CHECKPOINT_PAGE, 22, "broker", "[checkpoint]", "answers CHECKPOINT")           \
	COMMAND(NEWS, 23, "broker", "[directory length, checkpoint]",                          \
	    "unasked: the directory grew; precedes any DELIVER that may need it")              \
	COMMAND(PING, 24, "party", "[]", "is the broker there")                                \
	COMMAND(PONG, 25, "broker", "[time]", "answers PING")                                  \
	COMMAND(CHUNK, 26, "both", "[root, size, chunk, [path hash ...], sealed bytes]",       \
	    "a piece of an attachment: the sender's next one, or the answer to CHUNK_GET")     \
	COMMAND(CHUNK_HAVE, 27, "both", "[root, size, chunks held]",                           \
	    "how many first chunks the broker holds of the asker's own (which asks with 0)")   \
	COMMAND(CHUNK_GET, 28, "party", "[log index of the message, attachment, chunk]",       \
	    "asks for a piece of an attachment of a message in the party's mailbox")           \
	COMMAND(BYE, 29, "both", "[]", "the session ends")

#define COMMAND_ENUM(name, number, ...) COMMAND_##name = (number),
enum command { COMMAND_LIST(COMMAND_ENUM) };
#undef COMMAND_ENUM

#define FRAME_VERSION    1
#define FRAME_PREFIX_LEN 8
#define FRAME_MAX        (1536 * 1024) /* 16 parts of the largest size fit */
/* What the transport lets through: under CURVE a frame is longer, by less than this. */
#define FRAME_CARRIED_MAX   (FRAME_MAX + 1024)
#define FRAME_CREDIT_MAX    256
#define FRAME_ENTRIES_MAX   256
#define FRAME_DIRECTORY_MAX 32
#define FRAME_DETAIL_MAX    200

struct frame {
	enum command command;
	uint32_t request;
	struct bytes body;
};

const char *command_name(uint64_t command); /* "submit" */

/* The prefix alone. STATUS_MALFORMED, STATUS_BAD_VERSION, STATUS_UNKNOWN_COMMAND. */
MUST_CHECK enum status frame_parse(struct bytes view, struct frame *out);
/* Begins a frame in OUT (which is reset): the body is appended by the caller or below. */
void frame_start(enum command command, uint32_t request, struct buffer *out);

struct frame_hello {
	struct bytes network, party, software;
	uint64_t directory_length, log_size;
};

struct frame_welcome {
	struct bytes network;
	uint64_t time_ms, directory_length;
	struct bytes checkpoint;
	struct merkle_path consistency;
	uint64_t frame_max, credit_max;
};

/* A leaf with its place in the log: ACCEPTED, DELIVER, an element of DIRECTORY_PAGE. */
struct frame_proven {
	uint64_t index;
	struct bytes leaf;
	struct merkle_path path;
	struct bytes checkpoint; /* not in DIRECTORY_PAGE's elements */
};

/* Index, leaf and path, as they stand in bodies; and a checkpoint: text, but it goes as bin. */
void frame_put_proven(struct buffer *out, const struct frame_proven *proven);
void frame_get_proven(struct pack_in *in, struct frame_proven *out);
struct bytes frame_get_note(struct pack_in *in);

struct frame_accepted {
	uint8_t id[SUITE_ID_LEN];
	struct frame_proven proven;
};

struct frame_refused {
	enum status code;
	bool has_id;
	uint8_t id[SUITE_ID_LEN];
	bool has_recipient;
	uint32_t recipient;
	struct bytes detail; /* a short English phrase, no personal data; may be empty */
};

struct frame_deliver {
	struct frame_proven proven;
	bool has_part;
	uint32_t part_number;
	struct envelope_part part;
};

struct frame_attest {
	struct bytes evidence;
	struct batch_proof proof;
};

struct frame_recorded {
	uint64_t message_index;
	enum evidence_kind kind;
	uint64_t index;
};

struct frame_state {
	struct bytes statement;
	uint32_t signature_count;
	struct leaf_signature signatures[LEAF_SIGNATURES_MAX];
};

struct frame_directory_page {
	uint64_t from, length;
	struct bytes checkpoint;
	uint32_t count;
	struct frame_proven entries[FRAME_DIRECTORY_MAX];
};

/* Either LEAF (data not NULL) or its HASH. */
struct frame_entry {
	struct bytes leaf;
	struct merkle_hash hash;
};

struct frame_entries_page {
	uint64_t from;
	uint32_t count;
	struct frame_entry entries[FRAME_ENTRIES_MAX];
};

struct frame_proof_page {
	uint64_t index, size;
	struct frame_entry entry;
	struct merkle_path path;
};

struct frame_consistency_page {
	uint64_t old_size, new_size;
	struct merkle_path path;
};

struct frame_news {
	uint64_t directory_length;
	struct bytes checkpoint;
};

struct frame_chunk {
	struct envelope_attachment attachment;
	uint32_t chunk;
	struct merkle_path path;
	struct bytes sealed;
};

struct frame_chunk_have {
	struct envelope_attachment attachment;
	uint32_t held;
};

/* Each builds a whole frame in OUT (reset first). */
void frame_hello(const struct frame_hello *hello, uint32_t request, struct buffer *out);
void frame_welcome(const struct frame_welcome *welcome, uint32_t request, struct buffer *out);
/* BODY: what envelope_frame() gave. */
void frame_submit(struct bytes body, uint32_t request, struct buffer *out);
void frame_accepted(
    const struct frame_accepted *accepted, uint32_t request, struct buffer *out);
void frame_refused(const struct frame_refused *refused, uint32_t request, struct buffer *out);
void frame_deliver(const struct frame_deliver *deliver, struct buffer *out);
void frame_attest(const struct frame_attest *attest, uint32_t request, struct buffer *out);
void frame_recorded(
    const struct frame_recorded *recorded, uint32_t request, struct buffer *out);
void frame_state(const struct frame_state *state, uint32_t request, struct buffer *out);
void frame_directory_page(
    const struct frame_directory_page *page, uint32_t request, struct buffer *out);
void frame_entries_page(
    const struct frame_entries_page *page, uint32_t request, struct buffer *out);
void frame_proof_page(
    const struct frame_proof_page *page, uint32_t request, struct buffer *out);
void frame_consistency_page(
    const struct frame_consistency_page *page, uint32_t request, struct buffer *out);
void frame_news(const struct frame_news *news, struct buffer *out);
void frame_chunk(const struct frame_chunk *chunk, uint32_t request, struct buffer *out);
void frame_chunk_have(
    const struct frame_chunk_have *have, uint32_t request, struct buffer *out);
/* CHECKPOINT_PAGE. */
void frame_checkpoint(struct bytes note, uint32_t request, struct buffer *out);
/* Commands whose body is COUNT numbers: CREDIT, TAKEN, STATED, DIRECTORY, ENTRIES, PROOF,
 * CONSISTENCY, CHECKPOINT, PING, PONG, CHUNK_GET, BYE. */
void frame_numbers(enum command command, uint32_t request, const uint64_t *numbers,
    uint32_t count, struct buffer *out);

/* Strict readers of bodies; views borrow from BODY. */
MUST_CHECK enum status frame_read_hello(struct bytes body, struct frame_hello *out);
MUST_CHECK enum status frame_read_welcome(struct bytes body, struct frame_welcome *out);
MUST_CHECK enum status frame_read_accepted(struct bytes body, struct frame_accepted *out);
MUST_CHECK enum status frame_read_refused(struct bytes body, struct frame_refused *out);
MUST_CHECK enum status frame_read_deliver(struct bytes body, struct frame_deliver *out);
MUST_CHECK enum status frame_read_attest(struct bytes body, struct frame_attest *out);
MUST_CHECK enum status frame_read_recorded(struct bytes body, struct frame_recorded *out);
MUST_CHECK enum status frame_read_state(struct bytes body, struct frame_state *out);
MUST_CHECK enum status frame_read_directory_page(
    struct bytes body, struct frame_directory_page *out);
MUST_CHECK enum status frame_read_entries_page(
    struct bytes body, struct frame_entries_page *out);
MUST_CHECK enum status frame_read_proof_page(struct bytes body, struct frame_proof_page *out);
MUST_CHECK enum status frame_read_consistency_page(
    struct bytes body, struct frame_consistency_page *out);
MUST_CHECK enum status frame_read_news(struct bytes body, struct frame_news *out);
/* Of the sizes that the attachment gives: STATUS_BAD_CHUNK otherwise. Proves nothing yet. */
MUST_CHECK enum status frame_read_chunk(struct bytes body, struct frame_chunk *out);
MUST_CHECK enum status frame_read_chunk_have(struct bytes body, struct frame_chunk_have *out);
MUST_CHECK enum status frame_read_checkpoint(struct bytes body, struct bytes *note);
MUST_CHECK enum status frame_read_numbers(struct bytes body, uint64_t *numbers, uint32_t count);

#endif
