/* protocol/host/fault.h: where tests may kill a process; nothing at all in a release build. */
#ifndef SAIKNE_FAULT_H
#define SAIKNE_FAULT_H

/*
 * Built with -DSAIKNE_FAULTS (the test build), by the environment:
 * SAIKNE_FAULT="kind:before|during|after:n" kills the process by SIGKILL at the n-th (from 1)
 * commit of that kind ("*" for any): before it, at its sync (with the power VFS alone), or after.
 * SAIKNE_FAULT_COUNT=file appends a line "program kind" for each commit about to be made, so
 * that a test knows them all.
 * SAIKNE_FAULT_DELAY=ms: each commit waits for up to so long, before and after, by chance.
 * SAIKNE_FAULT_FROM=file: for all of these, commits count only from when that file exists.
 * SAIKNE_FAULT_VFS=power names the test VFS that forgets unsynced writes at any SIGKILL; with
 * SAIKNE_FAULT_SEED=number a prefix of them, chosen by the number, survives the kill at a commit.
 */
#ifdef SAIKNE_FAULTS
void fault_before(const char *kind);
void fault_after(const char *kind);
/* The VFS that databases open with; NULL: the default one. */
const char *fault_vfs(void);
#else
#define fault_before(kind) ((void)(kind))
#define fault_after(kind)  ((void)(kind))
#define fault_vfs()        ((const char *)0)
#endif

#endif
