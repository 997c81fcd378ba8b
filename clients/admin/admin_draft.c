/* clients/admin/admin_draft.c: a statement being made, signed and put into a file. */
#include "clients/admin/admin_draft.h"

#include <stdio.h>

#include "clients/admin/admin_files.h"
#include "clients/admin/admin_say.h"
#include "protocol/host/clock.h"
#include "protocol/host/lang.h"

void
admin_draft_free(struct admin_draft *draft)
{
	buffer_free(&draft->bytes);
	*draft = (struct admin_draft){0};
}

bool
admin_draft_make(struct admin_draft *draft, const char *id, struct statement *statement)
{
	struct statement read;
	enum status rc = STATUS_NO_MEMORY;

	statement->network = bytes_of_text(id);
	statement->time_ms = clock_now_ms();
	buffer_reset(&draft->bytes);
	statement_encode(statement, &draft->bytes);
	draft->made = (struct signed_statement){.view = bytes_of_buffer(&draft->bytes)};
	/* Whatever came from the command line has to be of the form that others accept. */
	if (!draft->bytes.failed)
		rc = statement_parse(draft->made.view, &read);
	if (rc != STATUS_OK)
		admin_say_status(_("making the statement"), rc,
		    _("codes are of a-z, 0-9 and '-'; kinds and reasons of a-z, 0-9, '_' and "
		      "'-'; names are one line of at most 160 bytes"));
	return rc == STATUS_OK;
}

void
admin_draft_sign(struct admin_draft *draft, enum signer signer, const struct signing_key *key)
{
	struct signed_statement *made = &draft->made;

	if (made->signature_count < LEAF_SIGNATURES_MAX)
		statement_sign(
		    made->view, signer, key, &made->signatures[made->signature_count++]);
}

bool
admin_draft_network(const char *path, struct network *out)
{
	enum status rc = network_read(path, out);

	if (rc != STATUS_OK)
		admin_say_status(path, rc, "");
	return rc == STATUS_OK;
}

struct signing_key *
admin_draft_root(const char *root, const struct network *network)
{
	struct signing_key *key = admin_files_signing(root, "root.key", "root");

	if (key == NULL || suite_equal(key->public, network->root, sizeof(network->root)))
		return key;
	suite_secret_free(key);
	admin_say_refusal(_("%s/root.key is not the root of network %s"), root, network->id);
	return NULL;
}

bool
admin_draft_by_root(const char *root, const struct network *network,
    struct statement *statement, const char *path)
{
	struct signing_key *key = admin_draft_root(root, network);
	struct admin_draft draft = {0};
	struct buffer file = {0};
	bool ok = false;

	if (key != NULL && admin_draft_make(&draft, network->id, statement)) {
		admin_draft_sign(&draft, SIGNER_ROOT, key);
		statement_file_add(&draft.made, &file);
		ok = admin_files_write(path, &file);
	}
	buffer_free(&file);
	admin_draft_free(&draft);
	suite_secret_free(key);
	return ok;
}
