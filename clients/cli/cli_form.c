/* clients/cli/cli_form.c: which fields an act still needs, asked one by one, shown, mended. */
#include "clients/cli/cli_form.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/cli_labels.h"
#include "clients/cli/cli_prompt.h"
#include "clients/cli/cli_text.h"
#include "clients/cli/desk_client.h"
#include "protocol/wire/message.h"

#define FIELDS_MAX  64
#define LABEL_WIDTH 30

struct cli_form {
	struct cli *cli;
	json_t *request;
	const char *to; /* the word in which it also says to whom; NULL: none */
	bool opens;
	bool refers; /* to whom one may refer */
	bool inner;  /* inside the house: nothing goes to others */
	bool takes_files;
	unsigned count;
	struct cli_form_field fields[FIELDS_MAX];
};

/* ---- What the desk says ------------------------------------------------------------------ */

static const json_t *
find_by(const json_t *array, const char *member, const char *value)
{
	const json_t *one;
	size_t i;

	json_array_foreach(array, i, one)
	{
		if (strcmp(cli_string(one, member), value) == 0)
			return one;
	}
	return NULL;
}

static void
read_field(struct cli_form *form, const json_t *use, const json_t *info)
{
	struct cli_form_field *field = &form->fields[form->count++];
	const char *label = strcmp(form->cli->language, "lv") == 0 ? "label_lv" : "label_en";

	snprintf(field->name, sizeof(field->name), "%s", cli_string(info, "name"));
	snprintf(field->category, sizeof(field->category), "%s", cli_string(info, "category"));
	snprintf(field->kind, sizeof(field->kind), "%s", cli_string(info, "kind"));
	snprintf(field->list, sizeof(field->list), "%s", cli_string(info, "list"));
	snprintf(field->label, sizeof(field->label), "%s", cli_string(info, label));
	field->limit = (uint64_t)json_integer_value(json_object_get(info, "limit"));
	field->required = json_is_true(json_object_get(use, "required"));
	/* An id that a person gives is a record's number, in words. */
	if (strcmp(field->kind, "id") == 0) {
		snprintf(field->kind, sizeof(field->kind), "text");
		field->limit = 32;
	}
	/* Institutions are no list of words: their codes are typed (saikne directory). */
	if (strcmp(field->list, FIELD_LIST_INSTITUTIONS) == 0) {
		snprintf(field->kind, sizeof(field->kind), "%s",
		    strcmp(field->kind, "codes") == 0 ? "lines" : "line");
		field->list[0] = '\0';
	}
}

/* Documents are asked for at the end, whatever their category. */
static void
take_field(struct cli_form *form, const json_t *use, const json_t *info)
{
	if (strcmp(cli_string(info, "kind"), "files") == 0)
		form->takes_files = true;
	else if (form->count < FIELDS_MAX && info != NULL)
		read_field(form, use, info);
}

/* What an act inside the house takes is no field of a message. */
static void
take_inner(struct cli_form *form, const struct cli_form_field *fields)
{
	for (; fields->name[0] != '\0' && form->count < FIELDS_MAX; fields++) {
		struct cli_form_field *field = &form->fields[form->count++];

		*field = *fields;
		snprintf(field->label, sizeof(field->label), "%s", lang_text(fields->label));
	}
}

/* What the sharing rests on stands beside the request's other words. */
static bool
is_of_ground(const struct cli_form_field *field)
{
	return strcmp(field->name, "ground") == 0 || strcmp(field->name, "record") == 0 ||
	       strcmp(field->category, "ground") == 0;
}

/*
 * What opens a task keeps all but its acts apart, below "content"; so does an act that may carry
 * a child's name with what it need not say.
 */
static void
mark_content(struct cli_form *form)
{
	bool carries = false;

	for (unsigned i = 0; i < form->count; i++)
		carries = carries || strcmp(form->fields[i].name, "child_name") == 0;
	for (unsigned i = 0; i < form->count; i++)
		form->fields[i].content = carries &&
		                          (form->opens || !form->fields[i].required) &&
		                          strcmp(form->fields[i].category, "act") != 0 &&
		                          !is_of_ground(&form->fields[i]);
}

static void
read_act(struct cli_form *form, const json_t *answer, const struct cli_form_job *job)
{
	const json_t *act = find_by(json_object_get(answer, "acts"),
			 job->type != NULL ? "type" : "verb",
			 job->type != NULL ? job->type : job->verb),
		     *use;
	size_t i;

	json_array_foreach(json_object_get(act, "fields"), i, use) take_field(form, use,
	    find_by(json_object_get(answer, "fields"), "name", cli_string(use, "name")));
	mark_content(form);
}

/* ---- The request ------------------------------------------------------------------------- */

static json_t *
value_of(const struct cli_form *form, const struct cli_form_field *field)
{
	const json_t *place =
	    field->content ? json_object_get(form->request, "content") : form->request;

	const json_t *value = json_object_get(place, field->name);

	/* An empty list says nothing yet. */
	return json_is_array(value) && json_array_size(value) == 0 ? NULL : (json_t *)value;
}

/* Takes VALUE; NULL removes what was there. */
static enum cli_exit
set_value(struct cli_form *form, const struct cli_form_field *field, json_t *value)
{
	json_t *place = form->request;

	if (field->content) {
		place = json_object_get(form->request, "content");
		if (place == NULL &&
		    json_object_set_new(form->request, "content", json_object()) == 0)
			place = json_object_get(form->request, "content");
	}
	if (value == NULL) {
		(void)json_object_del(place, field->name); /* it may not be there */
		return CLI_DONE;
	}
	return json_object_set_new(place, field->name, value) == 0
	           ? CLI_DONE
	           : cli_fail(CLI_REFUSED, _("memory ran out"));
}

/* It has no value, and nothing stands in its place; who a child is a case knows. */
static bool
is_open(const struct cli_form *form, const struct cli_form_field *field)
{
	char words[sizeof(field->instead)], *rest = words, *word;

	if (field->content && strcmp(field->category, "identity") == 0 &&
	    json_object_get(form->request, "case") != NULL)
		return false;
	memcpy(words, field->instead, sizeof(words));
	while ((word = strsep(&rest, " ")) != NULL) {
		if (json_object_get(form->request, word) != NULL)
			return false;
	}
	return value_of(form, field) == NULL;
}

/*
 * A record says all of its ground, and so does a consent; a ground by law has no record yet, and
 * one by consent is a record's.
 */
static bool
is_needed(const struct cli_form *form, const struct cli_form_field *field)
{
	const char *basis = cli_string(form->request, "basis");

	if (form->inner || !is_of_ground(field))
		return field->required;
	if (json_object_get(form->request, "consent") != NULL ||
	    (json_object_get(form->request, "record") != NULL &&
		strcmp(field->name, "record") != 0))
		return false;
	if (strcmp(basis, "consent") == 0)
		return strcmp(field->name, "record") == 0;
	return field->required;
}

/* Whether the form asks for it, needed or not; the rest of the content is for a person to choose. */
static bool
is_asked(const struct cli_form *form, const struct cli_form_field *field)
{
	if (!form->inner && is_of_ground(field))
		return is_needed(form, field) ||
		       (strcmp(field->name, "family_told") == 0 &&
			   strcmp(cli_string(form->request, "basis"), "law") == 0);
	return !field->content || field->required;
}

static bool
lacks_whom(const struct cli_form *form)
{
	return form->to != NULL &&
	       json_array_size(json_object_get(form->request, form->to)) == 0;
}

/* Something must be said yet; or nothing must, but there is nothing at all of what it is for. */
static bool
is_missing(const struct cli_form *form)
{
	bool tells = false;

	if (lacks_whom(form))
		return true;
	for (unsigned i = 0; i < form->count; i++) {
		if (is_needed(form, &form->fields[i]) && is_open(form, &form->fields[i]))
			return true;
		tells = tells || form->fields[i].content;
	}
	return tells && json_object_size(form->request) == 0;
}

/* *OUT is NULL where nothing is asked. */
static enum cli_exit
open_form(struct cli *cli, const struct cli_form_job *job, struct cli_form **out)
{
	struct cli_form *form;
	json_t *answer = NULL;
	enum cli_exit rc;

	*out = NULL;
	if (!cli_prompt_can_ask(cli))
		return CLI_DONE;
	if (job->fields == NULL &&
	    (rc = desk_client_get(cli, "/v1/fields", &answer)) != CLI_DONE)
		return rc;
	if ((form = calloc(1, sizeof(*form))) == NULL) {
		json_decref(answer);
		return cli_fail(CLI_REFUSED, _("memory ran out"));
	}
	form->cli = cli;
	form->request = job->request;
	form->to = job->to;
	form->opens = job->opens;
	form->refers = strcmp(job->verb, "refer") == 0;
	form->inner = job->fields != NULL;
	if (form->inner)
		take_inner(form, job->fields);
	else
		read_act(form, answer, job);
	json_decref(answer);
	if (is_missing(form))
		*out = form;
	else
		free(form);
	return CLI_DONE;
}

/* ---- Asking ------------------------------------------------------------------------------ */

static void
warn_of_danger(const struct cli_form *form, const struct cli_form_field *field)
{
	const char *urgency = json_string_value(value_of(form, field));

	if (strcmp(field->name, "urgency") == 0 && urgency != NULL &&
	    strcmp(urgency, "immediate") == 0)
		printf("%s%s%s\n", cli_terminal_on(&form->cli->terminal, CLI_RED),
		    _("In danger now? Call 110 (police) or 112 first; this message may be "
		      "read minutes later."),
		    cli_terminal_off(&form->cli->terminal, CLI_RED));
}

/* Consent is one ground; every other is the law's. */
static enum cli_exit
set_basis(struct cli_form *form, const struct cli_form_field *field)
{
	const char *ground = json_string_value(value_of(form, field));
	const char *basis;

	/* Inside the house the address says which it is. */
	if (form->inner || strcmp(field->name, "ground") != 0 || ground == NULL)
		return CLI_DONE;
	basis = strcmp(ground, "consent") == 0 ? "consent" : "law";
	return json_object_set_new(form->request, "basis", json_string(basis)) == 0
	           ? CLI_DONE
	           : cli_fail(CLI_REFUSED, _("memory ran out"));
}

static enum cli_exit
ask_field(struct cli_form *form, const struct cli_form_field *field)
{
	json_t *value;
	enum cli_exit rc = cli_form_fields_ask(form->cli, field, &value);

	if (rc == CLI_DONE)
		rc = set_value(form, field, value);
	else
		json_decref(value);
	if (rc != CLI_DONE)
		return rc;
	warn_of_danger(form, field);
	return set_basis(form, field);
}

static enum cli_exit
ask_to(struct cli_form *form)
{
	json_t *to;
	enum cli_exit rc = cli_form_fields_ask_to(form->cli, form->refers, &to);

	if (rc == CLI_DONE && json_object_set_new(form->request, form->to, to) != 0)
		rc = cli_fail(CLI_REFUSED, _("memory ran out"));
	return rc;
}

/* Which of the content's fields there is something to say about. */
static enum cli_exit
ask_content(struct cli_form *form)
{
	struct cli_choice choices[FIELDS_MAX];
	size_t count = 0, at;
	json_t *chosen = NULL;
	const json_t *name;
	enum cli_exit rc;

	for (unsigned i = 0; i < form->count; i++) {
		const struct cli_form_field *field = &form->fields[i];

		if (field->content && value_of(form, field) == NULL)
			choices[count++] = (struct cli_choice){field->name, field->label,
			    cli_labels_category(form->cli, field->category)};
	}
	if (count == 0)
		return CLI_DONE;
	cli_prompt_head(form->cli, _("The content"),
	    _("choose what you have something to say about; each recipient gets what it may"));
	rc = cli_prompt_choose(form->cli, choices, count, true, false, &chosen);
	json_array_foreach(chosen, at, name)
	{
		for (unsigned i = 0; rc == CLI_DONE && i < form->count; i++) {
			if (strcmp(form->fields[i].name, json_string_value(name)) == 0)
				rc = ask_field(form, &form->fields[i]);
		}
	}
	json_decref(chosen);
	return rc;
}

static enum cli_exit
ask_all(struct cli_form *form, const struct cli_attach_place *place)
{
	enum cli_exit rc = CLI_DONE;

	puts(form->inner ? _("Ctrl-C leaves at any time; nothing is done before you say yes.")
			 : _("Ctrl-C leaves at any time; nothing is sent before you say yes."));
	if (lacks_whom(form))
		rc = ask_to(form);
	for (unsigned i = 0; rc == CLI_DONE && i < form->count; i++) {
		const struct cli_form_field *field = &form->fields[i];

		if (is_asked(form, field) && is_open(form, field))
			rc = ask_field(form, field);
	}
	if (rc == CLI_DONE)
		rc = ask_content(form);
	if (rc == CLI_DONE && form->takes_files &&
	    json_object_get(form->request, "attachments") == NULL)
		rc = cli_attach_ask(form->cli, place, form->request);
	return rc;
}

/* ---- Showing and mending ----------------------------------------------------------------- */

static void
show_line(const struct cli_form *form, unsigned number, const char *label, const char *value)
{
	struct buffer name = {0};
	unsigned used = cli_text_cut(label, LABEL_WIDTH - 2, &name);

	printf("  %2u  %.*s%*s", number, (int)name.len, (const char *)name.data,
	    (int)(LABEL_WIDTH - used), "");
	cli_terminal_wrap(&form->cli->terminal, value, LABEL_WIDTH + 6);
	buffer_free(&name);
}

/* The fields that have a value, under the numbers by which they can be changed. */
static void
show(const struct cli_form *form)
{
	unsigned number = 0;

	cli_prompt_head(form->cli, _("What you entered"), "");
	for (unsigned i = 0; i < form->count; i++) {
		const struct cli_form_field *field = &form->fields[i];
		struct buffer text = {0};

		number++;
		if (value_of(form, field) == NULL)
			continue;
		cli_labels_value(form->cli, field->name, value_of(form, field), &text);
		buffer_append_byte(&text, '\0');
		if (!text.failed)
			show_line(form, number, field->label, (const char *)text.data);
		buffer_free(&text);
	}
	if (json_array_size(json_object_get(form->request, "attachments")) > 0)
		printf("      %s: %zu\n", _("Documents"),
		    json_array_size(json_object_get(form->request, "attachments")));
}

static enum cli_exit
leave(const struct cli_form *form)
{
	return cli_fail(
	    CLI_LEFT, "%s", form->inner ? _("nothing was done") : _("nothing was sent"));
}

/* CLI_DONE: go on, or *CHANGED: a field was asked for again. */
static enum cli_exit
confirm(struct cli_form *form, bool *changed)
{
	char line[CLI_PROMPT_LINE_MAX], *end;
	enum cli_exit rc;

	*changed = false;
	for (;;) {
		unsigned long number;

		putchar('\n');
		rc = cli_prompt_line(form->inner
					 ? _("Do it? y: yes, n: no, a number: change that  ")
					 : _("Send it? y: yes, n: no, a number: change that  "),
		    line);
		if (rc != CLI_DONE)
			return rc;
		if (cli_prompt_yes_no(line) == 1)
			return CLI_DONE;
		if (cli_prompt_yes_no(line) == 0)
			return leave(form);
		number = strtoul(line, &end, 10);
		if (*end != '\0' || number < 1 || number > form->count)
			continue;
		*changed = true;
		return ask_field(form, &form->fields[number - 1]);
	}
}

/* A refusal that names no field: whether to change another one and try again. */
static enum cli_exit
press_on(struct cli_form *form)
{
	char line[CLI_PROMPT_LINE_MAX], *end;
	enum cli_exit rc;

	show(form);
	for (;;) {
		unsigned long number;

		rc = cli_prompt_line(
		    _("A number: change that and try again, n: leave it  "), line);
		if (rc != CLI_DONE)
			return rc;
		if (cli_prompt_yes_no(line) == 0)
			return leave(form);
		number = strtoul(line, &end, 10);
		if (*end == '\0' && number >= 1 && number <= form->count)
			return ask_field(form, &form->fields[number - 1]);
	}
}

/* The desk refused: the field it named is asked for again. */
static enum cli_exit
mend(struct cli_form *form, const struct cli_attach_place *place)
{
	const char *name = form->cli->refused_field;

	if (form->takes_files &&
	    (strcmp(name, "attachments") == 0 || strncmp(name, "files_", 6) == 0)) {
		(void)json_object_del(form->request, "attachments"); /* there may be none */
		return cli_attach_ask(form->cli, place, form->request);
	}

	if (form->to != NULL && strcmp(name, form->to) == 0)
		return ask_to(form);
	if (strcmp(name, "basis") == 0)
		name = "ground";
	for (unsigned i = 0; i < form->count; i++) {
		if (strcmp(form->fields[i].name, name) == 0)
			return ask_field(form, &form->fields[i]);
	}
	/* Nothing to change by itself: the person chooses a field, or leaves. */
	return press_on(form);
}

/* ---- The whole --------------------------------------------------------------------------- */

/* Ctrl-C during the answer would leave it open whether something was sent: it waits. */
static enum cli_exit
post(struct cli *cli, const struct cli_form_job *job, json_t **answer)
{
	sigset_t interrupt, before;
	enum cli_exit rc;

	if (sigemptyset(&interrupt) != 0 || sigaddset(&interrupt, SIGINT) != 0 ||
	    sigprocmask(SIG_BLOCK, &interrupt, &before) != 0)
		return cli_fail(CLI_REFUSED, _("signals cannot be caught"));
	rc = desk_client_post(cli, job->target, job->request, answer);
	if (sigprocmask(SIG_SETMASK, &before, NULL) != 0)
		return cli_fail(CLI_REFUSED, _("signals cannot be caught"));
	return rc;
}

/* One time through: show, ask, post. */
static enum cli_exit
attempt(struct cli_form *form, const struct cli_form_job *job, json_t **answer)
{
	bool changed = true;
	enum cli_exit rc = CLI_DONE;

	while (rc == CLI_DONE && changed) {
		show(form);
		if (job->preview != NULL) {
			putchar('\n');
			rc = job->preview(form->cli, job->request);
		}
		changed = false;
		if (rc == CLI_DONE && !job->preview_only)
			rc = confirm(form, &changed);
	}
	return rc == CLI_DONE && !job->preview_only ? post(form->cli, job, answer) : rc;
}

static enum cli_exit
run_form(struct cli_form *form, const struct cli_form_job *job, json_t **answer)
{
	enum cli_exit rc = ask_all(form, &job->place);

	while (rc == CLI_DONE && (rc = attempt(form, job, answer)) == CLI_REFUSED)
		rc = mend(form, &job->place);
	return rc;
}

enum cli_exit
cli_form_run(struct cli *cli, const struct cli_form_job *job, json_t **answer)
{
	struct cli_form *form;
	enum cli_exit rc = open_form(cli, job, &form);

	*answer = NULL;
	if (rc != CLI_DONE)
		return rc;
	if (form != NULL)
		rc = run_form(form, job, answer);
	else if (job->preview != NULL && (job->preview_only || !cli->json))
		rc = job->preview(cli, job->request);
	if (form == NULL && rc == CLI_DONE && !job->preview_only)
		rc = post(cli, job, answer);
	free(form);
	return rc;
}
