/* clients/auditor/audit_receipt.c: what a receipt proves, offline, to someone who trusts nobody. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "clients/auditor/audit.h"
#include "clients/auditor/audit_open.h"
#include "clients/auditor/audit_text.h"
#include "protocol/host/keyfile.h"
#include "protocol/host/lang.h"
#include "protocol/proof/tlogproof.h"

static enum audit_exit
refuse(const char *path, const char *what, enum status rc)
{
	fprintf(stderr, _("saikne-audit: %s: NOT VERIFIED: %s (%s: %s)\n"), path, what,
	    status_name(rc), lang_text(status_meaning(rc)));
	return AUDIT_FAILED;
}

/* The signer's key at the entry's place in the log, from the copy's directory. */
static enum status
check_signature(struct audit_store *store, const struct network *network,
    const struct tlogproof *proof, const struct leaf *leaf)
{
	const bool message = leaf->kind == LEAF_ACCEPTED;
	const struct party *party;
	struct directory *directory;
	uint8_t key[SUITE_SIGN_PUBLIC];
	enum status rc;

	rc = audit_open_directory(store, network, proof->index, &directory);
	if (rc != STATUS_OK)
		return rc;
	party = directory_party(
	    directory, message ? leaf->header.sender : leaf->evidence.recipient);
	rc = party == NULL
	         ? STATUS_UNKNOWN_PARTY
	         : directory_signing_key(directory, party,
		       message ? leaf->header.signing_epoch : leaf->evidence.signing_epoch,
		       proof->index, key);
	if (rc == STATUS_OK)
		rc = batch_verify(leaf->digest, &leaf->proof, key, NULL);
	directory_free(directory);
	return rc;
}

/* With a copy of the log at hand; *TEXT says what is known of the signature in the entry. */
static enum audit_exit
check_with_copy(const struct audit_options *options, const struct network *network,
    const struct tlogproof *proof, const struct leaf *leaf, const char **text)
{
	struct audit_store *store;
	enum status rc;

	*text = _("No institution's own signature over a message is in this entry.\n");
	if (leaf->kind != LEAF_ACCEPTED && leaf->kind != LEAF_EVIDENCE)
		return AUDIT_OK;
	*text =
	    _("Not checked: the institution's own signature in the entry; its key is in the "
	      "log's\ndirectory: give a copy of the log with --log.\n");
	if (options->log == NULL)
		return AUDIT_OK;
	if (!audit_open_copy(options->log, &store))
		return AUDIT_FAILED;
	rc = check_signature(store, network, proof, leaf);
	audit_store_close(store);
	if (rc != STATUS_OK)
		return refuse(options->argument, _("the signature in the entry"), rc);
	*text = leaf->kind == LEAF_ACCEPTED
	            ? _("The sender itself signed it, with a key in force at that entry.\n")
	            : _("The recipient itself signed it, with a key in force at that entry.\n");
	return AUDIT_OK;
}

static enum audit_exit
tell(const struct audit_options *options, const struct network *network,
    const struct tlogproof *proof, const struct checkpoint *checkpoint)
{
	struct audit_entry entry = {
	    .index = proof->index, .leaf = bytes_of_buffer(&proof->leaf)};
	struct buffer text = {0};
	const char *signature;
	struct leaf leaf;
	enum status rc;

	merkle_leaf(entry.leaf, &entry.hash);
	if ((rc = leaf_parse(entry.leaf, &leaf)) != STATUS_OK)
		return refuse(options->argument, _("its entry is none of this protocol"), rc);
	if (leaf.kind == LEAF_ACCEPTED && !bytes_is_text(leaf.header.network, network->id))
		return refuse(options->argument, _("its entry"), STATUS_WRONG_NETWORK);
	/* All is checked before anything is called verified. */
	if (check_with_copy(options, network, proof, &leaf, &signature) != AUDIT_OK)
		return AUDIT_FAILED;
	audit_text_full(&entry, &text);
	printf(_("VERIFIED: this is entry %" PRIu64 " of the log %s, of %" PRIu64
		 " entries when it was signed.\n%.*s"),
	    proof->index, network->log.name, checkpoint->size, (int)text.len,
	    (const char *)text.data);
	buffer_free(&text);
	if (leaf.kind == LEAF_ACCEPTED)
		printf(
		    _("It proves that the broker accepted this message then, for these "
		      "recipients. It does not\nprove that they read it: their evidence is in "
		      "later entries.\n"));
	printf("%s", signature);
	return AUDIT_OK;
}

enum audit_exit
audit_receipt(const struct audit_options *options)
{
	struct tlogproof proof = {0};
	struct checkpoint checkpoint;
	struct buffer text = {0};
	struct network network;
	enum audit_exit out = AUDIT_FAILED;
	enum status rc;

	if (!audit_open_network(options->network, &network))
		return AUDIT_FAILED;
	if ((rc = keyfile_read(options->argument, TLOGPROOF_MAX, &text)) != STATUS_OK)
		audit_open_failed(options->argument, rc);
	else if ((rc = tlogproof_parse(bytes_of_buffer(&text), &proof)) != STATUS_OK)
		out = refuse(options->argument, _("it is no receipt"), rc);
	else if ((rc = tlogproof_check(&proof, &network.log, &checkpoint)) != STATUS_OK)
		out =
		    refuse(options->argument, _("the log's key did not sign what it says"), rc);
	else
		out = tell(options, &network, &proof, &checkpoint);
	tlogproof_free(&proof);
	buffer_free(&text);
	return out;
}
