/* tests/bench/bench.h: the parts of the bench: limits of this machine, a world, what is measured. */
#ifndef SAIKNE_BENCH_H
#define SAIKNE_BENCH_H

#include <stdio.h>
#include <sys/types.h>

#include "protocol/host/network.h"
#include "protocol/trust/statement.h"
#include "protocol/wire/frame.h"
#include "tests/bench/bench_measure.h"

/* ---- bench_limits.c: what this machine can do, measured in the same run ------------------- */
struct bench_limits {
	double verify_per_s; /* Ed25519 over 32 bytes, one core */
	double commit_s;     /* median of one SQLite commit, WAL, synchronous=FULL */
	double round_trip_s; /* median of one round trip under CURVE over loopback */
};
void bench_limits(const char *folder, struct bench_limits *out);

/* ---- bench_world.c: a network with keys of its own, and a broker process ------------------- */
#define BENCH_PAIRS 4 /* senders and as many recipients */

struct bench_party {
	char code[PARTY_MAX + 1];
	struct signing_key signing;
	struct box_key transport;
	struct box_key sealing;
	uint64_t sealing_end_ms;
};

struct bench_world {
	char folder[200];
	const char *bin;
	struct network network;
	char config[256];
	struct bench_party registrar;
	struct bench_party senders[BENCH_PAIRS];
	struct bench_party recipients[BENCH_PAIRS];
	pid_t broker;
	bool own_epochs; /* members are services, which publish theirs themselves */
};

void bench_world_make(const char *folder, const char *bin, struct bench_world *out);
/* Starts the broker and waits until it says ready; the seconds that took. */
double bench_world_start(struct bench_world *world);
void bench_world_stop(struct bench_world *world);
/* Admits everyone and publishes their sealing epochs. */
void bench_world_enrol(struct bench_world *world);

/* ---- bench_exchange.c: messages through the real broker ------------------------------------ */
struct bench_exchange {
	double seal_s;          /* one message, sealed and signed in its batch, on one core */
	double acked_per_s;     /* all senders together */
	double delivered_per_s; /* all recipients together, evidence given */
	double open_s;          /* one message, proof and signature checked and opened */
	double alone_s;         /* median time to receipt, one sender, one outstanding */
};
/* MESSAGES of each sender, BENCH_OUTSTANDING at a time. */
#define BENCH_OUTSTANDING 256
void bench_exchange(struct bench_world *world, unsigned messages, struct bench_exchange *out);

/* ---- bench_files.c: 200 MiB from one desk to another ---------------------------------------- */
struct bench_files {
	double seal_s; /* sealing so much, one core, nothing else */
	double bring_s, carry_s, open_s, whole_s;
	/* Sender's service, broker, recipient's service. */
	double cpu_s[3], grown_mib[3];
};
void bench_files(struct bench_world *world, struct bench_files *out);

/* ---- bench_log.c: a log of a million entries ------------------------------------------------ */
struct bench_log {
	double early_s; /* one append at 10^4 entries, CPU time */
	double late_s;  /* one append at 10^6 entries */
	double ratio;   /* median of late to early, measured in turn */
};
void bench_log(struct bench_world *small_world, struct bench_world *large_world,
    uint64_t entries, struct bench_log *out);

#endif
