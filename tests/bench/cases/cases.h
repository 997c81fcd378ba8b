/* tests/bench/cases/cases.h: a service with a hundred thousand cases, and how fast its desk is. */
#ifndef SAIKNE_CASES_H
#define SAIKNE_CASES_H

#include "services/runtime/exchange/service.h"
#include "tests/bench/bench_measure.h"

#define CASES_COUNT  100000
#define CASES_EVENTS 1000000
#define CASES_LABELS 1000
#define CASES_PEOPLE 20 /* who share them; the newest lie in the mailbox */

/* What a person knows of the child of case N, the same in every run. */
struct cases_child {
	char name[120];
	char personal_code[16];
	char file_number[24];
	char label[24];
};
void cases_child(uint64_t n, struct cases_child *out);

/* ---- cases_fill.c ------------------------------------------------------------------------- */
struct cases_filled {
	bool anew; /* false: FOLDER held it already */
	double seconds;
	uint64_t events;
	uint64_t bytes; /* of the database */
};
/*
 * Fills FOLDER/service.db by the functions that a living service uses: real keys, sealed
 * bodies, folds and words. What is there already, of the same schema, is kept.
 */
void cases_fill(const char *folder, struct cases_filled *out);
/* The id of the newest task of case N, in hexadecimal; while no service runs. */
void cases_task_id(const char *folder, const uint64_t *cases, size_t count, char (*out)[33]);

/* ---- cases_desk.c ------------------------------------------------------------------------- */
struct cases_desk {
	const char *folder;
	pid_t service;
	int fd;
	double busy; /* seconds of the processor that the last answer took the service */
};
/* Starts the service in FOLDER; the seconds until its desk answered. */
double cases_desk_start(const char *bin, const char *folder, struct cases_desk *out);
void cases_desk_stop(struct cases_desk *desk);
/* One request; the seconds until its answer was there, whose items (or 1) go to ITEMS. */
double cases_desk_ask(struct cases_desk *desk, const char *method, const char *target,
    const char *body, size_t *items);

#endif
