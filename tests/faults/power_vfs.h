/* tests/faults/power_vfs.h: an SQLite VFS under which whatever was not synced dies with us. */
#ifndef SAIKNE_POWER_VFS_H
#define SAIKNE_POWER_VFS_H

#include <stdint.h>

/* Registers the VFS, once, and gives its name. */
const char *power_vfs_start(void);
/* Calls HOOK when the next sync is asked for, before anything of it is done. */
void power_vfs_at_sync(void (*hook)(void));
/*
 * The power goes: before the process is killed, a prefix of each file's unsynced writes
 * reaches the disk, its length chosen by SEED, its last write cut at a sector's edge.
 */
void power_vfs_tear(uint64_t seed);

#endif
