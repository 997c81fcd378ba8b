/* clients/auditor/audit.h: the auditor's commands, what they are given and how they end. */
#ifndef SAIKNE_AUDIT_H
#define SAIKNE_AUDIT_H

#include <stdbool.h>

#include "protocol/host/lang.h"

/* OPTION(field, flag, what the usage calls its value) */
#define AUDIT_OPTIONS(OPTION)                                                                  \
	OPTION(network, "--network", N_("FILE"))                                               \
	OPTION(keys, "--keys", N_("DIR"))                                                      \
	OPTION(log, "--log", N_("DB"))                                                         \
	OPTION(out, "--out", N_("FILE"))                                                       \
	OPTION(format, "--format", "jsonl|csv")                                                \
	OPTION(code, "--code", N_("CODE"))                                                     \
	OPTION(party, "--party", N_("CODE"))                                                   \
	OPTION(type, "--type", N_("TYPE"))                                                     \
	OPTION(case_token, "--case", N_("TOKEN"))                                              \
	OPTION(id, "--id", N_("ID"))                                                           \
	OPTION(kind, "--kind", N_("KIND"))                                                     \
	OPTION(since, "--since", N_("TIME"))                                                   \
	OPTION(until, "--until", N_("TIME"))

#define AUDIT_FIELD(field, flag, value) const char *field;
/* Texts borrow from argv; NULL: not given. */
struct audit_options {
	AUDIT_OPTIONS(AUDIT_FIELD)
	bool json;
	const char *argument; /* INDEX, ID or FILE */
};
#undef AUDIT_FIELD

enum audit_exit {
	AUDIT_OK = 0,      /* done; what was to be verified is */
	AUDIT_FAILED = 1,  /* not verified, or refused */
	AUDIT_USAGE = 2,   /* the command line is wrong */
	AUDIT_OFFLINE = 3, /* the broker could not be reached */
};

/* Each command, in a file of its name. */
enum audit_exit audit_sync(const struct audit_options *options);
enum audit_exit audit_verify(const struct audit_options *options);
enum audit_exit audit_search(const struct audit_options *options);
enum audit_exit audit_show(const struct audit_options *options);
enum audit_exit audit_prove(const struct audit_options *options);
enum audit_exit audit_checkpoint(const struct audit_options *options);
enum audit_exit audit_vkey(const struct audit_options *options);
enum audit_exit audit_receipt(const struct audit_options *options);
enum audit_exit audit_export(const struct audit_options *options);
enum audit_exit audit_status(const struct audit_options *options);

#endif
