/* tests/bench/cases/cases_fill.c: cases with their histories, stored as a living service does. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "protocol/host/clock.h"
#include "protocol/host/keyfile.h"
#include "protocol/lists/lists.h"
#include "services/runtime/exchange/case_file.h"
#include "services/runtime/exchange/deadlines.h"
#include "services/runtime/exchange/search.h"
#include "services/runtime/people/knowing.h"
#include "services/runtime/people/people.h"
#include "services/runtime/store/outbox_store.h"
#include "services/runtime/task/calendar.h"
#include "services/runtime/task/consent_rules.h"
#include "tests/bench/cases/cases.h"

#define FILL_VERSION 6
#define YEAR_MS      (365ULL * 24 * 3600 * 1000)
#define IN_ONE       200  /* cases of one transaction */
#define NEWEST       1000 /* of which not all has happened yet */
#define DAY_MS       (24ULL * 3600 * 1000)
#define RECENT_MS    (60 * DAY_MS) /* in which the open ones came */
#define LATE_DAYS    10            /* of the first of them it is overdue */
#define DUE_DAYS     200           /* over which the rest is spread */

/* ---- Children ---------------------------------------------------------------------------- */

static const char *const first_names[] = {"Anna", "Marta", "Elza", "Alise", "Emīlija", "Sofija",
    "Paula", "Estere", "Keita", "Grēta", "Jānis", "Roberts", "Marks", "Gustavs", "Kārlis",
    "Olivers", "Emīls", "Miķelis", "Ričards", "Rūdolfs", "Anna-Marija", "Kristiāns", "Žanete",
    "Алёна", "Сергей", "Līga", "Ģirts", "Šarlote", "Ņina", "Uģis", "Ēriks"};
static const char *const surnames[] = {"Bērziņ", "Kalniņ", "Ozoliņ", "Jansons", "Ozols",
    "Liepiņ", "Krūmiņ", "Balodis", "Eglītis", "Zariņ", "Pētersons", "Vītols", "Kļaviņ",
    "Kārkliņ", "Vanags", "Gailītis", "Siliņ", "Āboliņ", "Šmits", "Dumpis", "Zvirbulis",
    "Rozītis", "Meiers", "Grīnbergs", "Lācis", "Priede", "Straume", "Apsītis", "Skuja",
    "Ķiploks", "Dzenis", "Čakste", "Iванов", "Petrovs", "Medne", "Upītis", "Tauriņ"};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

void
cases_child(uint64_t n, struct cases_child *out)
{
	uint64_t mixed = n * 2654435761U % 1000003;

	snprintf(out->name, sizeof(out->name), "%s %sš-%s", first_names[n % COUNT(first_names)],
	    surnames[n / COUNT(first_names) % COUNT(surnames)],
	    surnames[mixed % COUNT(surnames)]);
	snprintf(out->personal_code, sizeof(out->personal_code), "%02u%02u%02u-%05u",
	    (unsigned)(n % 28 + 1), (unsigned)(n / 28 % 12 + 1), (unsigned)(n / 336 % 20 + 5),
	    (unsigned)(20000 + n % 79999));
	snprintf(out->file_number, sizeof(out->file_number), "%u/%06u",
	    (unsigned)(2023 + n / 33000), (unsigned)n);
	snprintf(out->label, sizeof(out->label), "grupa %u", (unsigned)(n % CASES_LABELS));
}

/* ---- Content ----------------------------------------------------------------------------- */

static void
set_list(struct content *content, const struct field_info *field, uint64_t n)
{
	const struct list *list = list_named(field->list);
	struct bytes codes[2];

	if (list == NULL || list_rows(list) < 2)
		bench_fail(field->name);
	for (unsigned i = 0; i < 2; i++)
		codes[i] =
		    bytes_of_text(list_text(list, (unsigned)(n + i) % list_rows(list), "code"));
	bench_must(field->kind == FIELD_KIND_CODE
		       ? content_set_text(content, field->id, codes[0])
		       : content_set_codes(content, field->id, codes, 2),
	    field->name);
}

/* As long as people write. */
static void
set_text(
    struct content *content, const struct field_info *field, const struct cases_child *child)
{
	static const char *const said =
	    "Bērns pēdējos mēnešos regulāri kavē stundas, kļuvis noslēgts un nogurst; ar "
	    "vecākiem runāts divas reizes, vienošanās nav ievērota, palīdzību ģimene pieņem. ";
	struct buffer text = {0};
	size_t most = field->limit < 900 ? field->limit / 4 : 480;

	if (field->id == FIELD_CHILD_NAME)
		buffer_append_text(&text, child->name);
	else if (field->id == FIELD_PERSONAL_CODE)
		buffer_append_text(&text, child->personal_code);
	else
		while (text.len < most)
			buffer_append_format(&text, field->limit < 900 ? "ziņas " : "%s", said);
	bench_must(content_set_text(content, field->id, bytes_of_buffer(&text)), field->name);
	buffer_free(&text);
}

/* Of what is open the day by which it is due; else one long ago. */
static void
set_date(struct content *content, const struct field_info *field, uint64_t n)
{
	calendar_day day = calendar_day_at(clock_now_ms()) - LATE_DAYS +
	                   (calendar_day)(n % (LATE_DAYS + DUE_DAYS));
	char text[11] = "2014-05-17";

	if (n + CASES_OPEN > CASES_COUNT &&
	    (field->id == FIELD_DUE || field->id == FIELD_UNTIL))
		consent_rules_write(day, text);
	bench_must(content_set_text(content, field->id, bytes_of_text(text)), field->name);
}

static void
make_content(enum message type, uint64_t n, const struct task_row *task, uint64_t applied,
    struct content *out)
{
	struct cases_child child;

	cases_child(n, &child);
	bench_must(content_start(type, out), "a content");
	for (unsigned i = 0; i < out->type->field_count; i++) {
		const struct field_info *field = out->type->fields[i].field;

		switch (field->kind) {
		case FIELD_KIND_ID:
			bench_must(content_set_id(out, field->id, task->id), field->name);
			break;
		case FIELD_KIND_UINT:
			bench_must(content_set_uint(out, field->id,
				       field->id == FIELD_APPLIED ? applied : 24),
			    field->name);
			break;
		case FIELD_KIND_CODE:
		case FIELD_KIND_CODES:
			set_list(out, field, n);
			break;
		case FIELD_KIND_DATE:
			set_date(out, field, n);
			break;
		case FIELD_KIND_FILES:
		case FIELD_KIND_HASH:
		case FIELD_KIND_PROVEN:
		case FIELD_KIND_MINUTES:
			break; /* they lie elsewhere, or in messages that are not filled in */
		case FIELD_KIND_TEXT:
			/* Nobody writes everything. */
			if (out->type->fields[i].required || i < 4 || field->id % 3 != 0 ||
			    field->id == FIELD_PERSONAL_CODE)
				set_text(out, field, &child);
			break;
		}
	}
}

/* ---- Histories --------------------------------------------------------------------------- */

/* A referral's way; the evidence that came about each step to its author. */
static const struct {
	enum message type;
	bool senders, delivered, read;
} steps[] = {
    {MESSAGE_REFERRAL_OFFER, true, true, true},
    {MESSAGE_REFERRAL_REVIEW_OPENED, false, true, false},
    {MESSAGE_REFERRAL_RELEASE, true, true, false},
    {MESSAGE_REFERRAL_ACCEPT, false, true, false},
    {MESSAGE_REFERRAL_HOLD, false, false, false},
    {MESSAGE_REFERRAL_RESUME, false, false, false},
    {MESSAGE_REFERRAL_START, false, false, false},
    {MESSAGE_REFERRAL_OUTCOME, false, true, false},
    {MESSAGE_REFERRAL_CLOSE, true, false, false},
};

#define STARTED 6 /* step after which the outcome is owed */

struct filling {
	struct service *service;
	struct actor people[CASES_PEOPLE]; /* the first is who asks */
	uint64_t index;                    /* the next of the log */
	uint64_t events;
};

static uint64_t fill_now_ms;

static uint64_t
fill_clock(void)
{
	return fill_now_ms;
}

static void
add_evidence(struct filling *f, const struct task_row *task, const struct event_row *about,
    enum evidence_kind what)
{
	struct evidence evidence = {.network = bytes_of_text("bench"),
	    .kind = what,
	    .recipient = bytes_of_text("school"),
	    .signing_epoch = 1,
	    .time_ms = fill_now_ms,
	    .index = about->index,
	    .sender = bytes_of_text(task->peer),
	    .role = bytes_of_text(what == EVIDENCE_READ ? "case_manager" : ""),
	    .has_token = what == EVIDENCE_READ};
	struct database *db = f->service->db;
	struct evidence_row row;
	struct buffer bytes = {0};
	uint8_t proof[96];

	memcpy(evidence.id, about->message, sizeof(evidence.id));
	suite_random(proof, sizeof(proof));
	evidence_encode(&evidence, &bytes);
	bench_must(outbox_store_add_evidence(
		       db, about->index, what, bytes_of_buffer(&bytes), BYTES(proof)),
	    "evidence");
	bench_must(outbox_store_evidence(db, about->index, what, &row), "evidence");
	row.recorded = f->index;
	bench_must(outbox_store_set_evidence(db, &row), "evidence");
	buffer_free(&bytes);
}

static void
add_note(struct filling *f, const struct event_row *about, enum event_what what)
{
	struct event_row row = *about;

	row.what = what;
	row.index = f->index++;
	row.with_content = false;
	bench_must(case_file_add_note(f->service, &row), "a note");
	f->events++;
}

static void
add_step(struct filling *f, const struct task_row *task, const struct case_key *key,
    size_t step, uint64_t heard)
{
	bool own = steps[step].senders == (task->side == TASK_SENDER);
	struct event_row row = {.task_n = task->n,
	    .own = own,
	    .index = f->index++,
	    .applied = heard,
	    .time_ms = fill_now_ms};
	struct content content;

	suite_new_id(fill_now_ms, row.message);
	make_content(steps[step].type, task->case_n, task, heard, &content);
	row.with_content = false;
	bench_must(case_file_add_message(f->service, key, &row, &content, NULL), "a message");
	content_free(&content);
	f->events++;
	if (!own) {
		add_evidence(f, task, &row, EVIDENCE_DELIVERED);
		add_evidence(f, task, &row, EVIDENCE_READ);
	}
	if (own && steps[step].delivered)
		add_note(f, &row, EVENT_DELIVERED);
	if (own && steps[step].read)
		add_note(f, &row, EVENT_READ);
}

static void
add_history(struct filling *f, struct task_row *task, const struct case_key *key)
{
	uint64_t heard = 0, n = task->case_n;
	bool open = n + CASES_OPEN > CASES_COUNT;
	size_t last = n + NEWEST > CASES_COUNT ? n % COUNT(steps)
	              : open                   ? STARTED
	                                       : COUNT(steps) - 1;

	for (size_t i = 0; i <= last; i++) {
		bool held = steps[i].type == MESSAGE_REFERRAL_HOLD ||
		            steps[i].type == MESSAGE_REFERRAL_RESUME;

		if (held && !open && n % 3 != 2)
			continue;
		fill_now_ms += 1000;
		add_step(f, task, key, i, heard);
		if (steps[i].senders != (task->side == TASK_SENDER))
			heard = f->index - 1;
	}
	task->unread = n + NEWEST / 4 > CASES_COUNT;
	bench_must(case_file_refold(f->service, task, "fill"), "the fold");
}

static void
add_case(struct filling *f, uint64_t n)
{
	struct cases_child child;
	struct task_row task = {
	    .side = n / CASES_PEOPLE % 2 == 0 ? TASK_SENDER : TASK_RECIPIENT,
	    .sort = task_sort_of(MESSAGE_REFERRAL_OFFER),
	    .basis = BASIS_LAW};
	const char *label = child.label;
	struct case_row file;
	struct case_key key;

	cases_child(n, &child);
	bench_must(case_file_create(f->service, child.file_number, &file, &key), "a case");
	bench_must(search_index_case(f->service, file.n, VAULT_LABEL, &label, 1), "a label");
	task.case_n = file.n;
	task.time_ms = fill_now_ms;
	snprintf(task.purpose, sizeof(task.purpose), "family_assessment");
	suite_new_id(fill_now_ms, task.id);
	suite_random(task.token, sizeof(task.token));
	suite_random(task.reference, sizeof(task.reference));
	snprintf(task.peer, sizeof(task.peer), "institution-%u", (unsigned)(n % 40));
	bench_must(case_store_next_task(f->service->db, &task.n), "a task");
	bench_must(case_store_add_task(f->service->db, &task), "a task");
	if (n + NEWEST <= CASES_COUNT)
		bench_must(knowing_give(f->service, &f->people[n % CASES_PEOPLE], file.n,
			       f->people[n % CASES_PEOPLE].person, GRANT_ASSIGNED, NULL, NULL),
		    "an assignment");
	add_history(f, &task, &key);
	vault_forget(&key);
}

/* ---- The whole --------------------------------------------------------------------------- */

static const struct descriptor kind = {.program = "saikne-school", .group = GROUP_SCHOOL};
static const uint8_t storage[SUITE_KEY_LEN] = {1, 2, 3};
static const struct service_keys no_keys;

void
cases_clock(uint64_t ms)
{
	fill_now_ms = ms;
}

static struct service *
open_service(const char *folder)
{
	static char path[300];
	struct service_config config = {.descriptor = &kind,
	    .code = "school",
	    .database = path,
	    .clock = fill_clock,
	    .role_count = 1,
	    .roles = {{.role = ROLE_CASE_MANAGER}}};
	struct service *service;
	uint8_t seed[32] = {9};
	struct signing_key log_key;

	snprintf(path, sizeof(path), "%s/service.db", folder);
	suite_sign_from_seed(seed, &log_key);
	snprintf(
	    config.roles[0].who, sizeof(config.roles[0].who), "uid:%u", (unsigned)getuid());
	snprintf(config.network.id, sizeof(config.network.id), "bench");
	memcpy(config.network.root, log_key.public, 32);
	bench_must(
	    note_key_make("bench/log", log_key.public, &config.network.log), "the log's key");
	bench_must(service_open(&config, &no_keys, storage, &service), "opening the service");
	return service;
}

struct service *
cases_open(const char *folder, uint64_t ms)
{
	fill_now_ms = ms;
	return open_service(folder);
}

static void
write_key(const char *folder, const char *name, const char *purpose, const uint8_t *secret)
{
	char path[400];

	snprintf(path, sizeof(path), "%.300s/keys/%s.key", folder, name);
	unlink(path);
	bench_must(keyfile_create(path, purpose, secret), path);
}

/* What the service process reads besides: nobody listens at its broker's address. */
static void
write_settings(const char *folder)
{
	struct network network = {.id = "bench", .broker = "ipc:///nonexistent/saikne-bench"};
	uint8_t seed[32] = {9};
	struct signing_key log_key;
	struct buffer text = {0};
	char path[400];

	suite_sign_from_seed(seed, &log_key);
	memcpy(network.root, log_key.public, 32);
	memcpy(network.broker_key, log_key.public, 32);
	bench_must(note_key_make("bench/log", log_key.public, &network.log), "the log's key");
	snprintf(path, sizeof(path), "%.300s/keys", folder);
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		bench_fail(path);
	write_key(folder, "signing-1", "signing", seed);
	write_key(folder, "transport", "transport", seed);
	write_key(folder, "storage", "storage", storage);
	network_format(&network, &text);
	snprintf(path, sizeof(path), "%.300s/network.conf", folder);
	bench_must(keyfile_write(path, bytes_of_buffer(&text), 0600), path);
	buffer_reset(&text);
	buffer_append_format(&text,
	    "[service]\ncode = school\nkeys = keys\nnetwork = network.conf\n"
	    "database = service.db\ndesk = desk\n\n[roles]\nuid:%u = case_manager\n",
	    (unsigned)getuid());
	snprintf(path, sizeof(path), "%.300s/service.conf", folder);
	bench_must(keyfile_write(path, bytes_of_buffer(&text), 0600), path);
	buffer_free(&text);
}

/* Two schemas, or two ways to fill, never share a stamp. */
static void
stamp_of(struct database *db, char out[static 65])
{
	uint8_t version[] = {FILL_VERSION}, hash[SUITE_HASH_LEN];
	struct bytes parts[2] = {BYTES(version), {NULL, 0}};
	struct query *query;
	bool row = false;

	bench_must(database_query(
		       db, "SELECT group_concat(sql) FROM sqlite_schema ORDER BY 1", &query),
	    "the schema");
	bench_must(query_step(query, &row), "the schema");
	parts[1] = query_bytes(query, 0);
	suite_hash("saikne-bench-schema", parts, 2, hash);
	query_done(query);
	bytes_to_hex(BYTES(hash), out);
}

static void
remove_database(const char *folder)
{
	static const char *const ends[] = {"", "-wal", "-shm"};
	char path[320];

	for (size_t i = 0; i < COUNT(ends); i++) {
		snprintf(path, sizeof(path), "%.300s/service.db%s", folder, ends[i]);
		unlink(path);
	}
}

static void
add_people(struct filling *f)
{
	char name[64];

	bench_must(people_of_unix(f->service, getuid(), &f->people[0]), "a person");
	for (unsigned i = 1; i < CASES_PEOPLE; i++) {
		snprintf(name, sizeof(name), "person-%u", i);
		bench_must(people_enter(f->service, name, ROLE_CASE_MANAGER, &f->people[i]),
		    "a person");
	}
}

static uint64_t
fill(const char *folder)
{
	struct filling f = {.index = 1};

	remove_database(folder);
	fill_now_ms = clock_now_ms() - 3 * YEAR_MS;
	f.service = open_service(folder);
	add_people(&f);
	for (uint64_t n = 1; n <= CASES_COUNT; n++) {
		fill_now_ms +=
		    n + CASES_OPEN > CASES_COUNT
			? RECENT_MS / CASES_OPEN - 12000
			: (3 * YEAR_MS - RECENT_MS) / (CASES_COUNT - CASES_OPEN) - 12000;
		service_tick(f.service);
		if (n % IN_ONE == 1)
			bench_must(service_begin(f.service), "begin");
		add_case(&f, n);
		if (n % IN_ONE == 0) {
			service_commit(f.service, "fill");
			while (deadlines_run(f.service))
				continue;
			if (database_wal_bytes(f.service->db) > 64U << 20)
				bench_must(
				    database_checkpoint(f.service->db, false), "checkpoint");
		}
	}
	cases_enter_askers(f.service);
	bench_must(database_checkpoint(f.service->db, true), "checkpoint");
	service_close(f.service);
	return f.events;
}

static bool
is_filled(const char *folder, struct cases_filled *out)
{
	char path[320], wanted[65], found[65] = "", number[24] = "", fresh[320];
	struct service *service;
	FILE *file;

	snprintf(fresh, sizeof(fresh), "%.200s/schema", folder);
	if (mkdir(fresh, 0700) != 0 && errno != EEXIST)
		bench_fail(fresh);
	remove_database(fresh);
	service = open_service(fresh);
	stamp_of(service->db, wanted);
	service_close(service);
	remove_database(fresh);
	snprintf(path, sizeof(path), "%.300s/filled", folder);
	if ((file = fopen(path, "r")) != NULL) {
		if (fscanf(file, "%64s %23s", found, number) != 2)
			found[0] = '\0';
		fclose(file);
	}
	out->events = strtoul(number, NULL, 10);
	return strcmp(found, wanted) == 0;
}

/* As after a while at work: what is measured is the program, not how fast the disk is cold. */
static void
read_through(const char *path)
{
	static char page[1 << 20];
	FILE *file = fopen(path, "rb");

	if (file == NULL)
		bench_fail(path);
	while (fread(page, 1, sizeof(page), file) > 0)
		continue;
	fclose(file);
}

void
cases_fill(const char *folder, struct cases_filled *out)
{
	double start = bench_now();
	char path[320], stamp[65];
	struct service *service;
	struct stat size;
	FILE *file;

	if (mkdir(folder, 0700) != 0 && errno != EEXIST)
		bench_fail(folder);
	fill_now_ms = clock_now_ms();
	write_settings(folder);
	snprintf(path, sizeof(path), "%.300s/filled", folder);
	out->anew = !is_filled(folder, out);
	if (out->anew) {
		unlink(path);
		out->events = fill(folder);
		service = open_service(folder);
		stamp_of(service->db, stamp);
		service_close(service);
		if ((file = fopen(path, "w")) == NULL ||
		    fprintf(file, "%s %lu\n", stamp, (unsigned long)out->events) < 0 ||
		    fclose(file) != 0)
			bench_fail(path);
	}
	out->seconds = bench_now() - start;
	snprintf(path, sizeof(path), "%.300s/service.db", folder);
	if (stat(path, &size) != 0)
		bench_fail(path);
	out->bytes = (uint64_t)size.st_size;
	read_through(path);
}

void
cases_task_id(const char *folder, const uint64_t *cases, size_t count, char (*out)[33])
{
	struct service *service = open_service(folder);

	for (size_t i = 0; i < count; i++) {
		struct task_filter filter = {.case_n = cases[i], .state = TASK_STATE_COUNT};
		struct task_row task;

		bench_must(case_store_next_of(service->db, &filter, &task), "a task");
		bytes_to_hex(BYTES(task.id), out[i]);
	}
	service_close(service);
}
