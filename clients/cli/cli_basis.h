/* clients/cli/cli_basis.h: decisions by law: what can be done with them. */
#ifndef SAIKNE_CLI_BASIS_H
#define SAIKNE_CLI_BASIS_H

/* The words of `saikne basis WHAT`; NULL past the end. */
const char *cli_basis_what_at(unsigned i);

#endif
