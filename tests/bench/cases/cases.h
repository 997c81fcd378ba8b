/* tests/bench/cases/cases.h: a service with a hundred thousand cases, and how fast its desk is. */
#ifndef SAIKNE_CASES_H
#define SAIKNE_CASES_H

#include "services/runtime/exchange/service.h"
#include "tests/bench/bench_measure.h"

#define CASES_COUNT  100000
#define CASES_EVENTS 1000000
#define CASES_LABELS 1000
#define CASES_OPEN   50500 /* the last of them, of which something is owed */
#define CASES_PEOPLE 20    /* who share them; the newest lie in the mailbox */

/* What a person knows of the child of case N, the same in every run. */
struct cases_child {
	char name[120];
	char personal_code[16];
	char file_number[24];
	char label[24];
};
void cases_child(uint64_t n, struct cases_child *out);

/* ---- cases_work.c ------------------------------------------------------------------------- */
/* Who asks what waits for them, besides the one who asks by the socket alone. */
enum cases_asker { CASES_KNOWS_FIVE, CASES_SUPERVISOR, CASES_HEAD, CASES_ASKERS };
extern const char *const cases_askers[CASES_ASKERS];
/* Those people come; the first knows five cases. In no transaction. */
void cases_enter_askers(struct service *service);
/* A session of each, as it stands in a header; while no service runs. */
void cases_sessions(const char *folder, char (*out)[80]);

struct cases_taken {
	double wall, busy; /* seconds; of the processor */
};
struct cases_sweep {
	uint64_t open;                      /* deadlines that run */
	struct cases_taken none, one, many; /* nothing due, one, CASES_DUE at once */
	struct cases_taken turn; /* of those the longest turn: then the desk answers */
	unsigned idle;           /* how often it would wake in an hour for nothing */
};
#define CASES_DUE 1000
/* Runs what is due at once, and puts it back; while no service runs. */
void cases_sweep(const char *folder, struct cases_sweep *out);

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
/* The database as a service opens it, at the time MS. */
struct service *cases_open(const char *folder, uint64_t ms);
void cases_clock(uint64_t ms);
/* The id of the newest task of case N, in hexadecimal; while no service runs. */
void cases_task_id(const char *folder, const uint64_t *cases, size_t count, char (*out)[33]);

/* ---- cases_desk.c ------------------------------------------------------------------------- */
struct cases_desk {
	const char *folder;
	pid_t service;
	int fd;
	const char *session; /* NULL: the socket's own user asks */
	double busy; /* seconds of the processor that the last answer took the service */
};
/* Starts the service in FOLDER; the seconds until its desk answered. */
double cases_desk_start(const char *bin, const char *folder, struct cases_desk *out);
void cases_desk_stop(struct cases_desk *desk);
/* One request; the seconds until its answer was there, whose items (or 1) go to ITEMS. */
double cases_desk_ask(struct cases_desk *desk, const char *method, const char *target,
    const char *body, size_t *items);

#endif
