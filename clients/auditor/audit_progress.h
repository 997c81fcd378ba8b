/* clients/auditor/audit_progress.h: how far long work has come, on standard error. */
#ifndef SAIKNE_AUDIT_PROGRESS_H
#define SAIKNE_AUDIT_PROGRESS_H

#include <stdint.h>

/* Begins the work called DOING (a literal). Nothing is shown in its first second. */
void audit_progress_start(const char *doing);
/* Shows it, at most once a second. */
void audit_progress(uint64_t done, uint64_t total);

#endif
