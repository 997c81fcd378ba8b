/* clients/admin/admin_found.c: makes a network, and certifies its registrar. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/admin/admin_commands.h"
#include "clients/admin/admin_draft.h"
#include "clients/admin/admin_files.h"
#include "clients/admin/admin_line.h"
#include "clients/admin/admin_say.h"
#include "protocol/host/clock.h"
#include "protocol/host/lang.h"

#define DAY_MS (24ULL * 3600 * 1000)

/* Where everything of a new network lies. */
struct founding {
	char root[ADMIN_PATH_MAX], registrar[ADMIN_PATH_MAX], broker[ADMIN_PATH_MAX];
	char conf[ADMIN_PATH_MAX], genesis[ADMIN_PATH_MAX];
};

static bool
lay_out(const char *folder, struct founding *f)
{
	if (!admin_files_path(folder, "root", f->root) ||
	    !admin_files_path(folder, "registrar", f->registrar) ||
	    !admin_files_path(folder, "broker", f->broker) ||
	    !admin_files_path(folder, "network.conf", f->conf) ||
	    !admin_files_path(folder, "genesis", f->genesis))
		return false;
	if (admin_files_exist(f->root) || admin_files_exist(f->registrar) ||
	    admin_files_exist(f->broker) || admin_files_exist(f->conf) ||
	    admin_files_exist(f->genesis)) {
		admin_say_refusal(_("%s holds a network already, and nothing is written over; "
				    "choose another folder"),
		    folder);
		return false;
	}
	return true;
}

static bool
make_keys(const char *folder, const struct founding *f)
{
	return admin_files_folder(folder) && admin_files_folder(f->root) &&
	       admin_files_folder(f->registrar) && admin_files_folder(f->broker) &&
	       admin_files_make_key(f->root, "root.key", "root", false) &&
	       admin_files_make_key(f->registrar, "signing.key", "registrar", false) &&
	       admin_files_make_key(f->registrar, "transport.key", "transport", false) &&
	       admin_files_write_party(f->registrar, "registrar") &&
	       admin_files_make_key(f->broker, "transport.key", "transport", false) &&
	       admin_files_make_key(f->broker, "log.key", "log", false);
}

/* The public halves of a registrar's keys in FOLDER. */
static bool
registrar_statement(const char *folder, uint64_t days, struct statement *out)
{
	struct signing_key *signing = admin_files_signing(folder, "signing.key", "registrar");
	struct box_key *transport =
	    signing == NULL ? NULL : admin_files_box(folder, "transport.key");
	uint64_t now = clock_now_ms();

	*out = (struct statement){.kind = STATEMENT_REGISTRAR,
	    .not_before_ms = now,
	    .not_after_ms = now + days * DAY_MS};
	if (transport != NULL) {
		memcpy(out->key, signing->public, sizeof(out->key));
		memcpy(out->transport, transport->public, sizeof(out->transport));
	}
	suite_secret_free(signing);
	suite_secret_free(transport);
	return transport != NULL;
}

/* network.conf as it will be, and the statement that says the same to everyone. */
static bool
pin(const struct admin_line *line, const struct founding *f, struct network *network,
    struct statement *out)
{
	struct signing_key *root = admin_files_signing(f->root, "root.key", "root");
	struct signing_key *log = admin_files_signing(f->broker, "log.key", "log");
	struct box_key *broker = admin_files_box(f->broker, "transport.key");
	bool ok = root != NULL && log != NULL && broker != NULL;

	*network = (struct network){0};
	*out = (struct statement){.kind = STATEMENT_NETWORK,
	    .log_name = bytes_of_text(admin_line_value(line, "log"))};
	if (ok) {
		memcpy(network->root, root->public, sizeof(network->root));
		memcpy(network->broker_key, broker->public, sizeof(network->broker_key));
		memcpy(out->key, root->public, sizeof(out->key));
		memcpy(out->log_key, log->public, sizeof(out->log_key));
		memcpy(out->transport, broker->public, sizeof(out->transport));
		ok = note_key_make(admin_line_value(line, "log"), log->public, &network->log) ==
		         STATUS_OK &&
		     bytes_to_text(bytes_of_text(admin_line_value(line, "network")),
			 network->id, sizeof(network->id)) &&
		     bytes_to_text(bytes_of_text(admin_line_value(line, "broker")),
			 network->broker, sizeof(network->broker));
	}
	suite_secret_free(root);
	suite_secret_free(log);
	suite_secret_free(broker);
	return ok;
}

/* Before any file is made: what would only fail half-way. */
static bool
check_names(const struct admin_line *line)
{
	static const uint8_t any[SUITE_SIGN_PUBLIC] = {1};
	const char *broker = admin_line_value(line, "broker");
	struct note_key log;

	if (!envelope_is_code(bytes_of_text(admin_line_value(line, "network")))) {
		admin_say_refusal(
		    _("--network: expected a code of a-z, 0-9 and '-', at most 48"));
		return false;
	}
	if ((strncmp(broker, "tcp://", 6) != 0 && strncmp(broker, "ipc://", 6) != 0) ||
	    strlen(broker) >= sizeof(((struct network *)0)->broker) ||
	    !bytes_is_utf8(bytes_of_text(broker)) || strpbrk(broker, " \n\t;") != NULL) {
		admin_say_refusal(_("--broker: expected tcp://HOST:PORT"));
		return false;
	}
	if (note_key_make(admin_line_value(line, "log"), any, &log) != STATUS_OK) {
		admin_say_refusal(
		    _("--log: expected a name without spaces and '+', at most 128 bytes, "
		      "such as example.lv/saikne"));
		return false;
	}
	return true;
}

/* The genesis file: the statements that the broker begins its log with. */
static bool
write_genesis(const struct founding *f, const char *id, struct statement *statements, int count)
{
	struct signing_key *root = admin_files_signing(f->root, "root.key", "root");
	struct admin_draft draft = {0};
	struct buffer file = {0};
	bool ok = root != NULL;

	for (int i = 0; ok && i < count; i++) {
		if ((ok = admin_draft_make(&draft, id, &statements[i]))) {
			admin_draft_sign(&draft, SIGNER_ROOT, root);
			statement_file_add(&draft.made, &file);
		}
	}
	ok = ok && admin_files_write(f->genesis, &file);
	admin_draft_free(&draft);
	buffer_free(&file);
	suite_secret_free(root);
	return ok;
}

static void
tell_founded(const char *folder, const struct network *network)
{
	char fingerprint[48];

	statement_fingerprint(BYTES(network->root), fingerprint);
	printf(
	    _("network %s is made in %s\n"
	      "  root/root.key       admits institutions. Move it off this machine now: onto "
	      "two\n"
	      "                      media, in two safes; it is needed only to admit, certify, "
	      "lift\n"
	      "  registrar/          for the registrar, who publishes, suspends and issues "
	      "heads\n"
	      "  broker/             for saikne-broker, with genesis, which its log begins "
	      "with\n"
	      "  network.conf        for everyone; not secret, but it must come from you\n"
	      "fingerprint of the network, to be compared by voice with whoever takes "
	      "network.conf:\n"
	      "  %s\n"),
	    network->id, folder, fingerprint);
}

enum admin_exit
admin_found_init(const struct admin_line *line)
{
	const char *folder = line->operands[0];
	struct founding *f = calloc(1, sizeof(*f));
	struct statement statements[2];
	struct buffer conf = {0};
	struct network network;
	bool ok;

	if (f == NULL)
		return admin_say_status(folder, STATUS_NO_MEMORY, "");
	ok = check_names(line) && lay_out(folder, f) && make_keys(folder, f) &&
	     pin(line, f, &network, &statements[0]) &&
	     registrar_statement(f->registrar, REGISTRAR_LIFE_MS / DAY_MS, &statements[1]) &&
	     write_genesis(f, network.id, statements, 2);
	if (ok) {
		network_format(&network, &conf);
		ok = admin_files_write(f->conf, &conf);
	}
	if (ok)
		tell_founded(folder, &network);
	buffer_free(&conf);
	free(f);
	return ok ? ADMIN_DONE : ADMIN_REFUSED;
}

enum admin_exit
admin_found_certify(const struct admin_line *line)
{
	const char *folder = admin_line_value(line, "keys"),
		   *days_text = admin_line_value(line, "days");
	const char *out = admin_line_value(line, "out");
	unsigned long days = REGISTRAR_LIFE_MS / DAY_MS;
	struct statement statement;
	struct network network;
	char *end;

	if (days_text != NULL) {
		days = strtoul(days_text, &end, 10);
		if (*end != '\0' || days < 1 || days > REGISTRAR_LIFE_MS / DAY_MS)
			return admin_say_refusal(_("--days: expected 1 to 90"));
	}
	if (!admin_draft_network(admin_line_value(line, "network"), &network) ||
	    !admin_files_folder(folder) ||
	    !admin_files_make_key(folder, "signing.key", "registrar", true) ||
	    !admin_files_make_key(folder, "transport.key", "transport", true) ||
	    !admin_files_write_party(folder, "registrar") ||
	    !registrar_statement(folder, days, &statement) ||
	    !admin_draft_by_root(admin_line_value(line, "root"), &network, &statement, out))
		return ADMIN_REFUSED;
	printf(ngettext("certified the keys in %s for %lu day\n",
		   "certified the keys in %s for %lu days\n", days),
	    folder, days);
	printf(_("next: saikne-admin publish --as OLD-REGISTRAR --network %s %s\n"
		 "then use %s in its place; the old keys end with that\n"),
	    admin_line_value(line, "network"), out, folder);
	return ADMIN_DONE;
}
