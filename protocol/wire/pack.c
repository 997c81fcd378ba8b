/* protocol/wire/pack.c: the canonical encoding: one bounded check first, then msgpack-c. */
#include "protocol/wire/pack.h"

#include <string.h>

#include <msgpack.h>

/* ---- Writing ------------------------------------------------------------------------- */

static int
write_bytes(void *to, const char *data, size_t len)
{
	struct buffer *out = to;

	buffer_append(out, (struct bytes){(const uint8_t *)data, len});
	return out->failed ? -1 : 0;
}

/* The results of the writing calls are write_bytes()'s, and the buffer remembers those. */
static msgpack_packer
writer(struct buffer *out)
{
	return (msgpack_packer){.data = out, .callback = write_bytes};
}

void
pack_nil(struct buffer *out)
{
	msgpack_packer to = writer(out);

	msgpack_pack_nil(&to);
}

void
pack_bool(struct buffer *out, bool value)
{
	msgpack_packer to = writer(out);

	if (value)
		msgpack_pack_true(&to);
	else
		msgpack_pack_false(&to);
}

void
pack_uint(struct buffer *out, uint64_t value)
{
	msgpack_packer to = writer(out);

	msgpack_pack_uint64(&to, value);
}

void
pack_text(struct buffer *out, struct bytes value)
{
	msgpack_packer to = writer(out);

	if (value.len > UINT32_MAX) {
		out->failed = true;
		return;
	}
	msgpack_pack_str(&to, value.len);
	buffer_append(out, value);
}

void
pack_bin(struct buffer *out, struct bytes value)
{
	msgpack_packer to = writer(out);

	if (value.len > UINT32_MAX) {
		out->failed = true;
		return;
	}
	msgpack_pack_bin(&to, value.len);
	buffer_append(out, value);
}

void
pack_array(struct buffer *out, uint32_t count)
{
	msgpack_packer to = writer(out);

	msgpack_pack_array(&to, count);
}

/* ---- Checking ------------------------------------------------------------------------ */

enum kind { KIND_REFUSED, KIND_PLAIN, KIND_NUMBER, KIND_TEXT, KIND_BIN, KIND_ARRAY };

/* Bytes c0 to df: what follows in WIDTH bytes, and the least number that needs this form. */
static const struct form {
	enum kind kind;
	uint8_t width;
	uint64_t least;
} forms[32] = {
    [0xc0 - 0xc0] = {KIND_PLAIN, 0, 0}, /* nil */
    [0xc2 - 0xc0] = {KIND_PLAIN, 0, 0}, /* false */
    [0xc3 - 0xc0] = {KIND_PLAIN, 0, 0}, /* true */
    [0xc4 - 0xc0] = {KIND_BIN, 1, 0},
    [0xc5 - 0xc0] = {KIND_BIN, 2, 1U << 8},
    [0xc6 - 0xc0] = {KIND_BIN, 4, 1U << 16},
    [0xcc - 0xc0] = {KIND_NUMBER, 1, 1U << 7},
    [0xcd - 0xc0] = {KIND_NUMBER, 2, 1U << 8},
    [0xce - 0xc0] = {KIND_NUMBER, 4, 1U << 16},
    [0xcf - 0xc0] = {KIND_NUMBER, 8, 1ULL << 32},
    [0xd9 - 0xc0] = {KIND_TEXT, 1, 32},
    [0xda - 0xc0] = {KIND_TEXT, 2, 1U << 8},
    [0xdb - 0xc0] = {KIND_TEXT, 4, 1U << 16},
    [0xdc - 0xc0] = {KIND_ARRAY, 2, 16},
    [0xdd - 0xc0] = {KIND_ARRAY, 4, 1U << 16},
};

/* The start of one value: its kind, and its number, length or count of elements. */
struct head {
	enum kind kind;
	uint64_t number;
};

/* Takes the head off LEFT. */
static enum status
take_head(struct bytes *left, struct head *out)
{
	const struct form *form;
	uint8_t first;

	if (left->len == 0)
		return STATUS_MALFORMED;
	first = *left->data++;
	left->len--;
	if (first < 0x80)
		*out = (struct head){KIND_NUMBER, first};
	else if ((first & 0xf0) == 0x90)
		*out = (struct head){KIND_ARRAY, first & 0x0fU};
	else if ((first & 0xe0) == 0xa0)
		*out = (struct head){KIND_TEXT, first & 0x1fU};
	else if ((first & 0xe0) == 0xc0) {
		form = &forms[first & 0x1fU];
		if (form->kind == KIND_REFUSED || left->len < form->width)
			return STATUS_MALFORMED;
		*out = (struct head){form->kind, 0};
		for (unsigned i = 0; i < form->width; i++)
			out->number = out->number << 8 | left->data[i];
		left->data += form->width;
		left->len -= form->width;
		if (out->number < form->least)
			return STATUS_NOT_CANONICAL;
	} else
		return STATUS_MALFORMED;
	return STATUS_OK;
}

/* Takes the bytes of a text or bin off LEFT. */
static enum status
take_body(struct bytes *left, const struct head *head)
{
	struct bytes body = {left->data, (size_t)head->number};

	if (head->number > left->len)
		return STATUS_MALFORMED;
	left->data += body.len;
	left->len -= body.len;
	return head->kind == KIND_TEXT && !bytes_is_utf8(body) ? STATUS_NOT_CANONICAL
	                                                       : STATUS_OK;
}

/*
 * One pass, no recursion, no memory: a count is believed only as far as bytes are left, so
 * that nothing later allocates by a peer's number.
 */
enum status
pack_check(struct bytes view)
{
	uint64_t open[PACK_DEPTH_MAX]; /* elements still to come of each open array */
	uint64_t items = 1;
	unsigned depth = 0;
	struct head head;
	enum status rc;

	for (;;) {
		if ((rc = take_head(&view, &head)) != STATUS_OK)
			return rc;
		if (head.kind == KIND_TEXT || head.kind == KIND_BIN) {
			if ((rc = take_body(&view, &head)) != STATUS_OK)
				return rc;
		} else if (head.kind == KIND_ARRAY) {
			if (head.number > view.len)
				return STATUS_MALFORMED;
			if (depth == PACK_DEPTH_MAX || (items += head.number) > PACK_ITEMS_MAX)
				return STATUS_TOO_LARGE;
			open[depth++] = head.number;
		}
		while (depth > 0 && open[depth - 1] == 0)
			depth--;
		if (depth == 0)
			return view.len == 0 ? STATUS_OK : STATUS_MALFORMED;
		open[depth - 1]--;
	}
}

/* ---- Reading ------------------------------------------------------------------------- */

/* Decodes a checked VIEW; the root object is moved into the zone, where it can stay. */
static enum status
unpack(struct bytes view, bool wrap, struct pack_doc *doc)
{
	msgpack_unpacked result;
	msgpack_object *kept;
	size_t at = 0;
	msgpack_unpack_return answer;

	msgpack_unpacked_init(&result);
	answer = msgpack_unpack_next(&result, (const char *)view.data, view.len, &at);
	if (answer != MSGPACK_UNPACK_SUCCESS || at != view.len) {
		msgpack_unpacked_destroy(&result);
		return answer == MSGPACK_UNPACK_NOMEM_ERROR ? STATUS_NO_MEMORY
		                                            : STATUS_MALFORMED;
	}
	/* A value without elements needs no zone and may come without one. */
	if (result.zone == NULL && (result.zone = msgpack_zone_new(64)) == NULL)
		return STATUS_NO_MEMORY;
	if ((kept = msgpack_zone_malloc(result.zone, 2 * sizeof(*kept))) == NULL) {
		msgpack_unpacked_destroy(&result);
		return STATUS_NO_MEMORY;
	}
	kept[0] = result.data;
	kept[1] = (msgpack_object){
	    .type = MSGPACK_OBJECT_ARRAY, .via.array = {.size = 1, .ptr = kept}};
	doc->root = wrap ? &kept[1] : &kept[0];
	doc->zone = msgpack_unpacked_release_zone(&result);
	return STATUS_OK;
}

static enum status
open_doc(struct bytes view, bool wrap, struct pack_doc *doc)
{
	const msgpack_object *root;

	*doc = (struct pack_doc){.rc = pack_check(view)};
	if (doc->rc == STATUS_OK)
		doc->rc = unpack(view, wrap, doc);
	if (doc->rc == STATUS_OK) {
		root = doc->root;
		if (root->type != MSGPACK_OBJECT_ARRAY)
			doc->rc = STATUS_MALFORMED;
	}
	return doc->rc;
}

enum status
pack_open(struct bytes view, struct pack_doc *doc)
{
	return open_doc(view, false, doc);
}

enum status
pack_open_value(struct bytes view, struct pack_doc *doc)
{
	return open_doc(view, true, doc);
}

static struct pack_in
cursor(struct pack_doc *doc, const msgpack_object *array)
{
	return (struct pack_in){doc, array->via.array.ptr, array->via.array.size, 0};
}

struct pack_in
pack_root(struct pack_doc *doc)
{
	return doc->rc == STATUS_OK ? cursor(doc, doc->root) : (struct pack_in){.doc = doc};
}

enum status
pack_close(struct pack_doc *doc)
{
	if (doc->zone != NULL)
		msgpack_zone_free(doc->zone);
	doc->zone = NULL;
	doc->root = NULL;
	return doc->rc;
}

void
pack_fail(struct pack_in *in, enum status rc)
{
	if (in->doc->rc == STATUS_OK)
		in->doc->rc = rc;
}

bool
pack_in_more(const struct pack_in *in)
{
	return in->doc->rc == STATUS_OK && in->next < in->count;
}

/* The next element without taking it; NULL at the end and after an error. */
static const msgpack_object *
peek(const struct pack_in *in)
{
	const msgpack_object *items = in->items;

	return pack_in_more(in) ? &items[in->next] : NULL;
}

/* The next element, which must be of TYPE. */
static const msgpack_object *
take(struct pack_in *in, msgpack_object_type type)
{
	const msgpack_object *item = peek(in);

	if (item == NULL || item->type != type) {
		pack_fail(in, STATUS_MALFORMED);
		return NULL;
	}
	in->next++;
	return item;
}

uint64_t
pack_in_uint(struct pack_in *in, uint64_t max)
{
	const msgpack_object *item = take(in, MSGPACK_OBJECT_POSITIVE_INTEGER);

	if (item == NULL)
		return 0;
	if (item->via.u64 > max) {
		pack_fail(in, STATUS_MALFORMED);
		return 0;
	}
	return item->via.u64;
}

bool
pack_in_bool(struct pack_in *in)
{
	const msgpack_object *item = take(in, MSGPACK_OBJECT_BOOLEAN);

	return item != NULL && item->via.boolean;
}

static struct bytes
sized(struct pack_in *in, const char *data, size_t len, size_t min, size_t max)
{
	if (len < min || len > max) {
		pack_fail(in, STATUS_MALFORMED);
		return (struct bytes){0};
	}
	return (struct bytes){(const uint8_t *)data, len};
}

struct bytes
pack_in_bin(struct pack_in *in, size_t min, size_t max)
{
	const msgpack_object *item = take(in, MSGPACK_OBJECT_BIN);

	if (item == NULL)
		return (struct bytes){0};
	return sized(in, item->via.bin.ptr, item->via.bin.size, min, max);
}

void
pack_in_copy(struct pack_in *in, uint8_t *out, size_t len)
{
	struct bytes view = pack_in_bin(in, len, len);

	if (view.len > 0)
		memcpy(out, view.data, view.len);
}

struct bytes
pack_in_text(struct pack_in *in, size_t min, size_t max)
{
	const msgpack_object *item = take(in, MSGPACK_OBJECT_STR);

	if (item == NULL)
		return (struct bytes){0};
	return sized(in, item->via.str.ptr, item->via.str.size, min, max);
}

struct pack_in
pack_in_array(struct pack_in *in, uint32_t min, uint32_t max)
{
	const msgpack_object *item = take(in, MSGPACK_OBJECT_ARRAY);

	if (item != NULL && item->via.array.size >= min && item->via.array.size <= max)
		return cursor(in->doc, item);
	pack_fail(in, STATUS_MALFORMED);
	return (struct pack_in){.doc = in->doc};
}

bool
pack_in_nil(struct pack_in *in)
{
	const msgpack_object *item = peek(in);

	if (item == NULL || item->type != MSGPACK_OBJECT_NIL)
		return false;
	in->next++;
	return true;
}

bool
pack_in_at_array(const struct pack_in *in)
{
	const msgpack_object *item = peek(in);

	return item != NULL && item->type == MSGPACK_OBJECT_ARRAY;
}

void
pack_end(struct pack_in *in)
{
	if (in->next != in->count)
		pack_fail(in, STATUS_MALFORMED);
}
