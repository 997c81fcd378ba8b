/* clients/cli/cli_provisions.h: provisions of law: what an administrator does with them. */
#ifndef SAIKNE_CLI_PROVISIONS_H
#define SAIKNE_CLI_PROVISIONS_H

/* The words of `saikne provisions WHAT`; NULL past the end. */
const char *cli_provisions_what_at(unsigned i);

#endif
