/* protocol/host/oplog.h: lines for the operator on standard error (journald's priorities). */
#ifndef SAIKNE_OPLOG_H
#define SAIKNE_OPLOG_H

enum oplog_level { OPLOG_ERROR = 3, OPLOG_WARNING = 4, OPLOG_INFO = 6, OPLOG_DEBUG = 7 };

/* PROGRAM prefixes every line. Lines above LEVEL are dropped. */
void oplog_start(const char *program, enum oplog_level level);
/*
 * One line. Never personal data, never content, never a key: institution codes, counts, log
 * indices, status names. Bytes of a peer go in only through their hexadecimal form.
 * Under journald (JOURNAL_STREAM set) the line is prefixed by "<level>".
 */
void oplog(enum oplog_level level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
