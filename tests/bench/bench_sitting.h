/* tests/bench/bench_sitting.h: what circulating and signing the minutes of a large sitting costs. */
#ifndef SAIKNE_BENCH_SITTING_H
#define SAIKNE_BENCH_SITTING_H

#include "tests/bench/bench_measure.h"

#define BENCH_SEATS   12
#define BENCH_MATTERS 30
/* Each matter's minutes by the chair, and a signature of each; applied by all but their author. */
#define BENCH_ACTS    (BENCH_MATTERS * (1 + BENCH_SEATS))
#define BENCH_APPLIED (BENCH_ACTS * (BENCH_SEATS - 1))

/* CPU time. The services and the rooms of a real broker are of this process. */
struct bench_sitting {
	double
	    services_s; /* of all twelve, from the first act until everybody has everything */
	double broker_s;
	double floor_s; /* sealing, opening and signatures of so many acts, and nothing else */
	double young_s; /* one act in a circle of three that has 200, at all of them */
	double old_s;   /* and in one that has 2,000 */
};
void bench_sitting(const char *folder, struct bench_sitting *out);

#endif
