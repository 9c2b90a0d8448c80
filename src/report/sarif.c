/* SARIF 2.1.0. Property names and required parts: OASIS "Static Analysis Results Interchange Format", 2.1.0. */
#include "base/prelude.h"
#include "report/sarif.h"
#include "base/escape.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "report/bug_json.h"

#define SNIPPET_MAX ((uint64_t)16 << 20)
#define STACK_MAX 32

void sarif_begin(struct sarif *s, const char *root, const char *home, const char *version,
	snippet_readable_fn quotable, const void *quotable_arg)
{
	cJSON *run, *driver, *bases;

	*s = (struct sarif){ .log = cJSON_CreateObject(),
		.root = root,
		.home = home,
		.quotable = quotable,
		.quotable_arg = quotable_arg };
	cJSON_AddStringToObject(s->log, "$schema",
		"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
		"sarif-schema-2.1.0.json");
	cJSON_AddStringToObject(s->log, "version", "2.1.0");
	run = cJSON_CreateObject();
	cJSON_AddItemToArray(cJSON_AddArrayToObject(s->log, "runs"), run);
	driver = cJSON_AddObjectToObject(cJSON_AddObjectToObject(run, "tool"), "driver");
	cJSON_AddStringToObject(driver, "name", "thresh");
	cJSON_AddStringToObject(driver, "semanticVersion", version);
	s->rules = cJSON_AddArrayToObject(driver, "rules");
	bases = cJSON_AddObjectToObject(run, "originalUriBaseIds");
	cJSON_AddStringToObject(
		cJSON_AddObjectToObject(cJSON_AddObjectToObject(bases, "SRCROOT"), "description"),
		"text", "the directory of the project file");
	cJSON_AddStringToObject(run, "columnKind", "unicodeCodePoints");
	s->results = cJSON_AddArrayToObject(run, "results");
}

/* RFC 3986: what is not unreserved or '/' is percent-encoded. */
static char *uri_of(const char *path)
{
	struct buf b = BUF_INIT;

	for (const char *p = path; *p; p++) {
		bool plain = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
			     (*p >= '0' && *p <= '9') || strchr("-._~/", *p);

		if (plain)
			buf_addch(&b, *p);
		else
			buf_addf(&b, "%%%02X", (unsigned)(unsigned char)*p);
	}
	return buf_detach(&b);
}

static void add_text(cJSON *parent, const char *name, const char *text)
{
	cJSON_AddItemToObject(cJSON_AddObjectToObject(parent, name), "text", json_text(text));
}

static void add_snippet(const struct sarif *s, cJSON *region, const char *file, unsigned line)
{
	char *path = s->quotable ? s->quotable(s->quotable_arg, file) : NULL;
	struct buf source = BUF_INIT;
	struct strv text, l = STRV("");
	unsigned no = 0;

	if (path && fs_read(path, SNIPPET_MAX, &source, NULL) == 0) {
		text = strv_n(buf_str(&source), source.len);
		while (no < line && strv_line(&text, &l))
			no++;
		if (no == line) {
			char *copy = strv_dup(l);

			add_text(region, "snippet", copy);
			free(copy);
		}
	}
	buf_release(&source);
	free(path);
}

static cJSON *location(const struct sarif *s, const struct crash_frame *f, const char *message)
{
	cJSON *loc = cJSON_CreateObject(), *physical, *artifact, *region, *logical;
	size_t n = strlen(s->root);

	if (f->file) {
		/*
		 * below the project it is relative, so that the viewer finds it in its own checkout
		 */
		bool below = strncmp(f->file, s->root, n) == 0 && f->file[n] == '/';
		char *path = uri_of(below ? f->file + n + 1 : f->file);
		char *uri = xasprintf("%s%s", !below && *path == '/' ? "file://" : "", path);

		physical = cJSON_AddObjectToObject(loc, "physicalLocation");
		artifact = cJSON_AddObjectToObject(physical, "artifactLocation");
		cJSON_AddStringToObject(artifact, "uri", uri);
		if (below)
			cJSON_AddStringToObject(artifact, "uriBaseId", "SRCROOT");
		free(uri);
		free(path);
		if (f->line) {
			region = cJSON_AddObjectToObject(physical, "region");
			cJSON_AddNumberToObject(region, "startLine", f->line);
			if (f->column)
				cJSON_AddNumberToObject(region, "startColumn", f->column);
			add_snippet(s, region, f->file, f->line);
		}
	}
	if (f->function) {
		logical = cJSON_CreateObject();
		cJSON_AddItemToObject(logical, "name", json_text(f->function));
		cJSON_AddStringToObject(logical, "kind", "function");
		cJSON_AddItemToArray(cJSON_AddArrayToObject(loc, "logicalLocations"), logical);
	}
	if (message)
		add_text(loc, "message", message);
	return loc;
}

/* The first that counts and is in a file: one that isn't can be shown nowhere. */
static const struct crash_frame *first_frame(const struct crash_stack *st)
{
	for (size_t i = 0; i < st->n; i++)
		if (!st->frames[i].ignored && st->frames[i].file)
			return &st->frames[i];
	return NULL;
}

static void add_stack(const struct sarif *s, cJSON *stacks, const struct crash_stack *st)
{
	struct crash_shown shown = crash_frames_shown(st);
	cJSON *stack = cJSON_CreateObject(), *frames;

	add_text(stack, "message", st->title ? st->title : "");
	frames = cJSON_AddArrayToObject(stack, "frames");
	for (size_t i = shown.from; i < st->n && i < shown.from + STACK_MAX; i++) {
		cJSON *f = cJSON_CreateObject();

		cJSON_AddItemToObject(f, "location", location(s, &st->frames[i], NULL));
		cJSON_AddItemToArray(frames, f);
	}
	cJSON_AddItemToArray(stacks, stack);
}

static void add_places(const struct sarif *s, cJSON *result, const struct crash_report *r)
{
	const struct crash_frame home = { .file = s->home, .line = 1 };
	cJSON *locations = cJSON_AddArrayToObject(result, "locations");
	cJSON *related = cJSON_AddArrayToObject(result, "relatedLocations");
	cJSON *stacks = cJSON_AddArrayToObject(result, "stacks");

	for (size_t i = 0; r && i < r->n_stacks; i++) {
		const struct crash_stack *st = &r->stacks[i];
		const struct crash_frame *f = first_frame(st);

		if (f && st->role == CRASH_STACK_FAULT && cJSON_GetArraySize(locations) == 0)
			cJSON_AddItemToArray(locations, location(s, f, NULL));
		else if (f && st->role != CRASH_STACK_SAMPLE)
			cJSON_AddItemToArray(related, location(s, f, st->title));
		if (st->role != CRASH_STACK_SAMPLE && st->n && s->n < SARIF_STACKS)
			add_stack(s, stacks, st);
	}
	if (cJSON_GetArraySize(locations) == 0)
		cJSON_AddItemToArray(locations, location(s, &home, NULL));
}

static int rule_index(struct sarif *s, const struct bug_rec *b)
{
	cJSON *rule;
	int i = 0;

	/* a kind of failure is a rule */
	cJSON_ArrayForEach(rule, s->rules)
	{
		if (strcmp(cJSON_GetObjectItem(rule, "id")->valuestring, b->kind) == 0)
			return i;
		i++;
	}
	rule = cJSON_CreateObject();
	cJSON_AddItemToObject(rule, "id", json_text(b->kind));
	add_text(rule, "shortDescription", b->kind);
	cJSON_AddItemToArray(s->rules, rule);
	return i;
}

static const char *level(const struct bug_rec *b)
{
	if (b->state == BUG_IGNORED || b->severity <= 0)
		return "note";
	return b->severity >= 2 ? "error" : "warning";
}

static cJSON *result_of(struct sarif *s, const struct bug_rec *b, const struct crash_report *r)
{
	cJSON *result = cJSON_CreateObject(), *prints, *props, *suppression;
	int index = rule_index(s, b);
	char *name;

	cJSON_AddItemToObject(result, "ruleId", json_text(b->kind));
	cJSON_AddNumberToObject(result, "ruleIndex", index);
	cJSON_AddStringToObject(result, "level", level(b));
	add_text(result, "message", b->title);
	prints = cJSON_AddObjectToObject(result, "partialFingerprints");
	/* by which the server knows a result again after lines have moved */
	name = xasprintf("threshSignature/v%d", b->rule);
	cJSON_AddItemToObject(prints, name, json_text(b->signature));
	free(name);
	/* GitHub's own, which else it makes of the line's text: a bug whose line was touched would be another */
	name = xasprintf("%s:1", b->signature);
	cJSON_AddItemToObject(prints, "primaryLocationLineHash", json_text(name));
	free(name);
	add_places(s, result, r);
	if (b->state == BUG_IGNORED) {
		suppression = cJSON_CreateObject();
		cJSON_AddStringToObject(suppression, "kind", "external");
		cJSON_AddItemToObject(
			suppression, "justification", json_text(b->why ? b->why : ""));
		cJSON_AddItemToArray(cJSON_AddArrayToObject(result, "suppressions"), suppression);
	}
	props = cJSON_AddObjectToObject(result, "properties");
	cJSON_AddItemToObject(props, "bug", json_text(b->id));
	cJSON_AddItemToObject(props, "state", json_text(bug_state_name(b->state)));
	cJSON_AddItemToObject(props, "harness", json_text(b->harness));
	cJSON_AddItemToObject(props, "severity", json_text(severity_name(b->severity)));
	return result;
}

/* As text, which tells its size, and takes a tenth of the memory: there may be thousands. */
void sarif_add(struct sarif *s, const struct bug_rec *b, const struct crash_report *r)
{
	struct buf text = BUF_INIT;

	if (s->n < SARIF_RESULTS && !s->left_out)
		json_print_take(&text, result_of(s, b, r), false);
	if (!text.len || s->bytes + text.len > SARIF_BYTES) {
		s->left_out++;
	} else {
		s->n++;
		s->bytes += text.len;
		cJSON_AddItemToArray(s->results, cJSON_CreateRaw(buf_str(&text)));
	}
	buf_release(&text);
}

/* To who makes the log, and in it to who reads it. */
static void tell_left_out(const struct sarif *s)
{
	cJSON *run = cJSON_GetArrayItem(cJSON_GetObjectItem(s->log, "runs"), 0);
	cJSON *invocation = cJSON_CreateObject(), *note = cJSON_CreateObject();
	char *text = xasprintf("%zu bugs are left out of the log, the least bad: %zu, and %zu "
			       "bytes, are all that its readers take",
		s->left_out, (size_t)SARIF_RESULTS, SARIF_BYTES);

	log_warn("%s", text);
	cJSON_AddBoolToObject(invocation, "executionSuccessful", true);
	cJSON_AddStringToObject(note, "level", "warning");
	add_text(note, "message", text);
	cJSON_AddItemToArray(
		cJSON_AddArrayToObject(invocation, "toolExecutionNotifications"), note);
	cJSON_AddItemToArray(cJSON_AddArrayToObject(run, "invocations"), invocation);
	free(text);
}

cJSON *sarif_take(struct sarif *s)
{
	cJSON *log = s->log;

	if (s->left_out)
		tell_left_out(s);
	*s = (struct sarif){ .log = NULL };
	return log;
}
