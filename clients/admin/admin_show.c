/* clients/admin/admin_show.c: shows the verified directory, and how broker and log stand. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "clients/admin/admin_commands.h"
#include "clients/admin/admin_line.h"
#include "clients/admin/admin_say.h"
#include "clients/admin/admin_session.h"
#include "protocol/host/clock.h"
#include "protocol/host/lang.h"

/* Prints ROOT, whose parts may have failed for want of memory; drops it. */
static bool
print_json(json_t *root)
{
	int failed = root == NULL || json_dumpf(root, stdout, JSON_INDENT(2)) != 0;

	if (failed)
		admin_say_status(_("printing"), STATUS_NO_MEMORY, "");
	else
		putchar('\n');
	json_decref(root);
	return failed == 0;
}

/* ---- list ------------------------------------------------------------------------------- */

/* What the list tells of a party's keys; 0: none in force. */
struct keys_of {
	uint64_t signing, sealing, transport;
	char sealing_until[21];
};

static void
look_up(const struct directory *directory, const struct party *party, struct keys_of *out)
{
	struct sealing_epoch epoch;

	*out = (struct keys_of){.signing = directory_signing_epoch(directory, party),
	    .transport = directory_epoch(directory, party, KEY_TRANSPORT)};
	if (directory_sealing_now(directory, party, clock_now_ms(), &epoch) == STATUS_OK) {
		out->sealing = epoch.epoch;
		clock_format(epoch.not_after_ms, out->sealing_until);
	}
}

static const char *
state_of(const struct party *party)
{
	return party->suspended_index == 0 ? N_("active") : N_("suspended");
}

static json_t *
party_json(const struct directory *directory, const struct party *p)
{
	struct keys_of keys;

	look_up(directory, p, &keys);
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:s}", "code", p->code,
	    "kind", p->kind, "name", p->name, "municipality", p->municipality, "status",
	    state_of(p), "admitted_index", (json_int_t)p->admitted_index, "signing_epoch",
	    (json_int_t)keys.signing, "transport_epoch", (json_int_t)keys.transport,
	    "sealing_epoch", (json_int_t)keys.sealing, "sealing_until", keys.sealing_until);
}

static bool
list_json(const struct directory *directory)
{
	json_t *items = json_array();
	const struct party *p;

	for (unsigned i = 0; (p = directory_at(directory, i)) != NULL; i++)
		if (json_array_append_new(items, party_json(directory, p)) != 0) {
			json_decref(items);
			return print_json(NULL);
		}
	return print_json(json_pack("{s:o}", "items", items));
}

static bool
list_text(const struct directory *directory)
{
	const struct party *p;
	struct keys_of keys;
	const char *state;

	printf("%-*s %-*s %-*s %*s %*s %*s  %s\n", lang_pad(_("CODE"), 24), _("CODE"),
	    lang_pad(_("KIND"), 22), _("KIND"), lang_pad(_("STATUS"), 10), _("STATUS"),
	    lang_pad(_("SIGNING"), 8), _("SIGNING"), lang_pad(_("SEALING"), 8), _("SEALING"),
	    lang_pad(_("TRANSPORT"), 9), _("TRANSPORT"), _("NAME, MUNICIPALITY"));
	for (unsigned i = 0; (p = directory_at(directory, i)) != NULL; i++) {
		look_up(directory, p, &keys);
		state = lang_text(state_of(p));
		printf("%-24s %-22s %-*s %8" PRIu64 " %8" PRIu64 " %9" PRIu64 "  %s%s%s\n",
		    p->code, p->kind, lang_pad(state, 10), state, keys.signing, keys.sealing,
		    keys.transport, p->name, p->municipality[0] == '\0' ? "" : ", ",
		    p->municipality);
	}
	return true;
}

enum admin_exit
admin_show_list(const struct admin_line *line)
{
	struct admin_session session = {0};
	bool ok = admin_session_open(
	    admin_line_value(line, "network"), admin_line_value(line, "as"), &session);

	if (ok)
		ok = admin_line_value(line, "json") != NULL ? list_json(session.directory)
		                                            : list_text(session.directory);
	admin_session_close(&session);
	return ok ? ADMIN_DONE : ADMIN_REFUSED;
}

/* ---- status ----------------------------------------------------------------------------- */

struct standing {
	bool reachable;
	enum status why; /* it is not */
	uint64_t length, head_ms, registrar_until_ms;
	int64_t clock_offset_ms; /* the broker's clock minus ours */
	struct checkpoint log;
	uint64_t now_ms;
};

static void
ask_standing(struct admin_session *s, struct standing *out)
{
	*out = (struct standing){.now_ms = clock_now_ms()};
	out->why = admin_session_wait(s);
	out->reachable = out->why == STATUS_OK;
	out->length = directory_length(s->directory);
	out->head_ms = directory_head_ms(s->directory);
	out->registrar_until_ms = directory_registrar_until_ms(s->directory);
	out->clock_offset_ms = link_clock_offset(s->link);
	out->log = s->view.trusted;
}

static bool
head_is_old(const struct standing *st)
{
	return st->head_ms + DIRECTORY_HEAD_LOUD_MS < st->now_ms;
}

static bool
registrar_is_over(const struct standing *st)
{
	return st->registrar_until_ms < st->now_ms;
}

static bool
status_json(const struct admin_session *s, const struct standing *st)
{
	char root[65], head[21] = "", until[21] = "";

	bytes_to_hex(BYTES(st->log.root.byte), root);
	if (st->head_ms != 0)
		clock_format(st->head_ms, head);
	if (st->registrar_until_ms != 0)
		clock_format(st->registrar_until_ms, until);
	return print_json(
	    json_pack("{s:s, s:s, s:b, s:s, s:I, s:I, s:s, s:b, s:s, s:b, s:I, s:s}", "network",
		s->network.id, "broker", s->network.broker, "reachable", (int)st->reachable,
		"reason", st->reachable ? "ok" : status_name(st->why), "clock_offset_ms",
		(json_int_t)st->clock_offset_ms, "directory_length", (json_int_t)st->length,
		"head", head, "head_old", (int)head_is_old(st), "registrar_until", until,
		"registrar_over", (int)registrar_is_over(st), "log_size",
		(json_int_t)st->log.size, "log_root", root));
}

static void
say_head(const struct standing *st)
{
	char time[21];
	uint64_t hours = (st->now_ms - st->head_ms) / (3600 * 1000);

	if (st->head_ms == 0) {
		puts(_("head:       NONE YET: run saikne-admin head"));
		return;
	}
	clock_format(st->head_ms, time);
	if (!head_is_old(st)) {
		printf(_("head:       %s\n"), time);
		return;
	}
	printf(_("head:       %s, OLD: %" PRIu64 " hours. Run saikne-admin head%s\n"), time,
	    hours,
	    st->head_ms + DIRECTORY_HEAD_STOP_MS < st->now_ms
		? _("; nothing new is sealed until then")
		: _(", or sealing stops at 7 days"));
}

static void
status_text(const struct admin_session *s, const struct standing *st)
{
	char root[65], time[21];

	printf(_("network:    %s\n"), s->network.id);
	if (st->reachable)
		printf(_("broker:     %s, reachable, its clock %+" PRId64 " ms from ours\n"),
		    s->network.broker, st->clock_offset_ms);
	else
		printf(_("broker:     %s, NOT REACHABLE: %s\n"), s->network.broker,
		    st->why == STATUS_AGAIN ? _("it does not answer; a wrong broker_key in "
						"network.conf looks the same")
					    : lang_text(status_meaning(st->why)));
	if (st->length == 0)
		return;
	printf(ngettext("directory:  %" PRIu64 " statement\n",
		   "directory:  %" PRIu64 " statements\n", st->length),
	    st->length);
	say_head(st);
	clock_format(st->registrar_until_ms, time);
	/* TRANSLATORS: the first is "until" or that its time is over; then a time. */
	printf(_("registrar:  %s %s\n"),
	    registrar_is_over(st) ? _("OVER: run saikne-admin certify; its time ended")
				  : _("until"),
	    time);
	bytes_to_hex(BYTES(st->log.root.byte), root);
	printf(ngettext("log:        %" PRIu64 " entry\n", "log:        %" PRIu64 " entries\n",
		   st->log.size),
	    st->log.size);
	printf(_("checkpoint: %s\n"), root);
}

enum admin_exit
admin_show_status(const struct admin_line *line)
{
	struct admin_session session = {0};
	struct standing standing = {0};
	bool ok = admin_session_start(
	    admin_line_value(line, "network"), admin_line_value(line, "as"), &session);

	if (ok) {
		ask_standing(&session, &standing);
		if (admin_line_value(line, "json") == NULL)
			status_text(&session, &standing);
		else
			ok = status_json(&session, &standing);
		/* So that whatever runs this by the clock is told. */
		ok = ok && standing.reachable && !head_is_old(&standing) &&
		     !registrar_is_over(&standing);
	}
	admin_session_close(&session);
	return ok ? ADMIN_DONE : ADMIN_REFUSED;
}
