/* tests/bench/bench_measure.c: the clock, medians and rows that every bench reports with. */
#include "tests/bench/bench_measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

double
bench_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double
bench_median(double *values, size_t n)
{
	qsort(values, n, sizeof(values[0]), by_size);
	return values[n / 2];
}

void
bench_fail(const char *what)
{
	fprintf(stderr, "bench: cannot go on: %s\n", what);
	exit(1);
}

void
bench_must(enum status rc, const char *what)
{
	if (rc == STATUS_OK)
		return;
	fprintf(stderr, "bench: %s: %s (%s)\n", what, status_meaning(rc), status_remedy(rc));
	exit(1);
}

unsigned long
bench_memory_kib(pid_t pid, const char *what)
{
	char path[64], line[128];
	unsigned long kib = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	if ((file = fopen(path, "r")) == NULL)
		return 0;
	while (fgets(line, sizeof(line), file) != NULL)
		if (strncmp(line, what, strlen(what)) == 0)
			kib = strtoul(line + strlen(what), NULL, 10);
	fclose(file);
	return kib;
}

double
bench_cpu_s(pid_t pid)
{
	unsigned long long ticks = 0;
	char path[64], line[512], *at = NULL;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	if ((file = fopen(path, "r")) == NULL)
		return 0;
	/* Behind the program's name, which may hold anything, the 12th and 13th are the times. */
	if (fgets(line, sizeof(line), file) != NULL)
		at = strrchr(line, ')');
	for (unsigned i = 0; at != NULL && i < 12; i++)
		at = strchr(at + 1, ' ');
	if (at != NULL)
		ticks = strtoull(at, &at, 10);
	if (at != NULL)
		ticks += strtoull(at, NULL, 10);
	fclose(file);
	return (double)ticks / (double)sysconf(_SC_CLK_TCK);
}

void
bench_row(const char *what, const char *value, const char *ratio, const char *target, bool met)
{
	printf("  %-44s %16s  %10s  %-22s %s\n", what, value, ratio, target,
	    target[0] == '\0' ? ""
	    : met             ? "met"
			      : "MISSED");
	fflush(stdout);
}

void
bench_machine(void)
{
	struct utsname name;
	char line[256] = "", *colon;
	FILE *file = fopen("/proc/cpuinfo", "r");

	if (file != NULL) {
		while (fgets(line, sizeof(line), file) != NULL &&
		       strncmp(line, "model name", 10) != 0)
			continue;
		fclose(file);
	}
	colon = strchr(line, ':');
	uname(&name);
	printf("Machine: %s %s, %ld cores,%s", name.sysname, name.release,
	    sysconf(_SC_NPROCESSORS_ONLN), colon == NULL ? "\n" : colon + 1);
}
