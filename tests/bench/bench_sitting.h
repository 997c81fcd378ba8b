/* tests/bench/bench_sitting.h: what circulating and signing the minutes of a large sitting costs. */
#ifndef SAIKNE_BENCH_SITTING_H
#define SAIKNE_BENCH_SITTING_H

#include "tests/bench/bench_measure.h"

#define BENCH_SEATS   12
#define BENCH_MATTERS 30
#define BENCH_SIGNED  (BENCH_SEATS * BENCH_MATTERS)
/*
 * Each matter's minutes by the chair, and then of each institution one signature under all of
 * them, or one under each; all others apply each act.
 */
#define BENCH_TOGETHER   (BENCH_MATTERS + BENCH_SEATS)
#define BENCH_ONE_BY_ONE (BENCH_MATTERS + BENCH_SIGNED)

/* CPU time. The services and the rooms of a real broker are of this process. */
struct bench_signing {
	double circulated_s; /* of all twelve, until everybody has all minutes */
	double signed_s;     /* from then until everybody has every signature */
	double broker_s;
	double floor_s; /* sealing, opening and signatures of so many acts, and nothing else */
};
struct bench_sitting {
	struct bench_signing together, one_by_one;
	double young_s; /* one act in a circle of three that has 200, at all of them */
	double old_s;   /* and in one that has 2,000 */
};
void bench_sitting(const char *folder, struct bench_sitting *out);

#endif
