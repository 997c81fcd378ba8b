/* tests/bench/bench_measure.h: the clock, medians and rows that every bench reports with. */
#ifndef SAIKNE_BENCH_MEASURE_H
#define SAIKNE_BENCH_MEASURE_H

#include <sys/types.h>

#include "protocol/base/status.h"

/* Seconds on the monotonic clock. */
double bench_now(void);
/* The median of N values, which are sorted in place. */
double bench_median(double *values, size_t n);
/* A row of the report; RATIO is what the target is about. */
void bench_row(
    const char *what, const char *value, const char *ratio, const char *target, bool met);
/* Says which machine this is. */
void bench_machine(void);
/* Prints and exits: the bench cannot go on. */
_Noreturn void bench_fail(const char *what);
void bench_must(enum status rc, const char *what);
/* A line of a process's status in KiB: "VmRSS:", "VmHWM:". */
unsigned long bench_memory_kib(pid_t pid, const char *what);
/* What all its threads have computed so far, in seconds; 0 when it has gone. */
double bench_cpu_s(pid_t pid);

#endif
