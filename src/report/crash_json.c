/* Reports as JSON; every string from a log passes through escape_utf8. */
#include "base/prelude.h"
#include "report/crash_json.h"
#include "base/escape.h"
#include <inttypes.h>
#include <stdio.h>

static void add_text(cJSON *o, const char *key, const char *text)
{
	struct buf b = BUF_INIT;

	if (!text) {
		cJSON_AddNullToObject(o, key);
		return;
	}
	escape_utf8(&b, strv_of(text));
	cJSON_AddStringToObject(o, key, buf_str(&b));
	buf_release(&b);
}

/* Addresses don't fit JSON's numbers. */
static void add_hex(cJSON *o, const char *key, bool have, uint64_t v)
{
	char s[24];

	if (!have) {
		cJSON_AddNullToObject(o, key);
		return;
	}
	snprintf(s, sizeof(s), "0x%" PRIx64, v);
	cJSON_AddStringToObject(o, key, s);
}

static void add_number(cJSON *o, const char *key, bool have, double v)
{
	if (have)
		cJSON_AddNumberToObject(o, key, v);
	else
		cJSON_AddNullToObject(o, key);
}

static void add_names(cJSON *o, const char *key, const char **names, size_t n)
{
	cJSON *a = cJSON_AddArrayToObject(o, key);
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < n; i++) {
		buf_reset(&b);
		escape_utf8(&b, strv_of(names[i]));
		cJSON_AddItemToArray(a, cJSON_CreateString(buf_str(&b)));
	}
	buf_release(&b);
}

static cJSON *frame_json(const struct crash_frame *f)
{
	cJSON *o = cJSON_CreateObject();

	add_text(o, "function", f->function);
	if (f->name)
		add_text(o, "name", f->name);
	add_text(o, "file", f->file);
	add_number(o, "line", f->line != 0, f->line);
	add_number(o, "column", f->column != 0, f->column);
	add_text(o, "module", f->module);
	add_hex(o, "offset", f->has_offset, f->offset);
	if (f->address)
		add_hex(o, "address", true, f->address);
	if (f->build_id)
		add_text(o, "build_id", f->build_id);
	if (f->inlined)
		cJSON_AddTrueToObject(o, "inlined");
	if (f->ignored || f->library)
		add_text(o, f->ignored ? "ignored" : "library", f->rule);
	return o;
}

static const char *role_name(enum crash_role role)
{
	switch (role) {
	case CRASH_STACK_FAULT:
		return "fault";
	case CRASH_STACK_ALLOC:
		return "alloc";
	case CRASH_STACK_FREE:
		return "free";
	case CRASH_STACK_ORIGIN:
		return "origin";
	case CRASH_STACK_OTHER:
		return "other";
	case CRASH_STACK_THREAD:
		return "thread";
	case CRASH_STACK_SAMPLE:
		return "sample";
	}
	return "other";
}

static void add_stacks(cJSON *o, const struct crash_report *r)
{
	const struct crash_stack *fault = crash_fault_stack(r);
	cJSON *stack = cJSON_AddArrayToObject(o, "stack");
	cJSON *related = cJSON_AddArrayToObject(o, "related_stacks");

	for (size_t i = 0; fault && i < fault->n; i++)
		cJSON_AddItemToArray(stack, frame_json(&fault->frames[i]));
	for (size_t i = 0; i < r->n_stacks; i++) {
		const struct crash_stack *s = &r->stacks[i];
		cJSON *e, *frames;

		if (s == fault)
			continue;
		e = cJSON_CreateObject();
		cJSON_AddStringToObject(e, "role", role_name(s->role));
		add_text(e, "title", s->title);
		frames = cJSON_AddArrayToObject(e, "frames");
		for (size_t f = 0; f < s->n; f++)
			cJSON_AddItemToArray(frames, frame_json(&s->frames[f]));
		cJSON_AddItemToArray(related, e);
	}
}

static void add_facts(cJSON *o, const struct crash_report *r)
{
	static const char *const severities[] = { "none", "low", "medium", "high", "critical" };

	add_text(o, "kind", r->kind);
	add_text(o, "family", r->family);
	add_text(o, "access",
		r->access == CRASH_READ    ? "read"
		: r->access == CRASH_WRITE ? "write"
					   : NULL);
	add_number(o, "size", r->size != 0, (double)r->size);
	add_hex(o, "address", r->has_address, r->address);
	/* those that count; all of them are in "stack" */
	add_names(o, "frames", r->frames, r->n_frames);
	if (r->n_cycle)
		add_names(o, "cycle", r->cycle, r->n_cycle);
	if (r->has_block) {
		cJSON *b = cJSON_AddObjectToObject(o, "block");

		cJSON_AddNumberToObject(b, "size", (double)r->block_size);
		cJSON_AddNumberToObject(b, "offset", (double)r->block_offset);
	}
	if (r->security == CRASH_UNKNOWN)
		cJSON_AddNullToObject(o, "security");
	else
		cJSON_AddBoolToObject(o, "security", r->security == CRASH_YES);
	cJSON_AddStringToObject(o, "severity",
		r->severity >= 0 && (size_t)r->severity < ARRAY_LEN(severities)
			? severities[r->severity]
			: "none");
	add_text(o, "why", r->why);
	add_text(o, "message", r->message);
	add_text(o, "sanitizer", r->sanitizer);
	add_text(o, "summary", r->summary);
	cJSON_AddBoolToObject(o, "fatal", r->fatal);
	if (r->truncated)
		cJSON_AddTrueToObject(o, "truncated");
	add_number(o, "pid", r->pid != 0, (double)r->pid);
}

static cJSON *place_json(const struct crash_place *p)
{
	cJSON *o = cJSON_CreateObject();

	add_text(o, "function", p->function);
	add_text(o, "statement", p->statement);
	add_number(o, "ordinal", p->ordinal != 0, p->ordinal);
	add_text(o, "file", p->file);
	add_number(o, "line", p->line != 0, p->line);
	add_text(o, "module", p->module);
	add_hex(o, "offset", p->module != NULL, p->offset);
	return o;
}

/* The exact place, in its parts, and what would join it to others. */
static cJSON *site_json(const struct crash_site *s, const struct crash_report *r)
{
	cJSON *o, *keys;

	if (!s)
		return cJSON_CreateNull();
	o = place_json(&s->at);
	add_text(o, "id", s->id);
	add_text(o, "text", s->text);
	add_text(o, "class", r->family);
	if (s->from.function && strcmp(s->from.function, s->at.function) != 0)
		cJSON_AddItemToObject(o, "by", place_json(&s->from));
	if (s->other.function)
		cJSON_AddItemToObject(o, s->other_role, place_json(&s->other));
	keys = cJSON_AddArrayToObject(o, "keys");
	for (size_t i = 0; i < s->n_keys; i++) {
		cJSON *k = cJSON_CreateObject();

		add_text(k, "rule", s->keys[i].rule);
		add_text(k, "text", s->keys[i].text);
		cJSON_AddItemToArray(keys, k);
	}
	return o;
}

cJSON *crash_json(const struct crash_report *r, const struct crash_signature *sig)
{
	cJSON *o = cJSON_CreateObject();

	add_text(o, "signature", sig ? sig->id : NULL);
	cJSON_AddNumberToObject(o, "rule", sig ? sig->rule : CRASH_RULE_VERSION);
	add_text(o, "signed", sig ? sig->text : NULL);
	cJSON_AddItemToObject(o, "site", site_json(sig ? sig->site : NULL, r));
	add_facts(o, r);
	add_stacks(o, r);
	return o;
}

cJSON *crash_json_none(void)
{
	struct crash_parser *p = crash_parser_new();
	struct crash_report **none;
	size_t n, at;
	cJSON *o;

	none = crash_parser_end(p, &n, &at); /* of an empty log */
	crash_finish(none[at], NULL);
	o = crash_json(none[at], NULL);
	crash_reports_free(none, n);
	return o;
}

cJSON *crash_json_all(struct crash_report *const *all, size_t n, size_t main_index,
	const struct crash_signature *sig)
{
	cJSON *o = crash_json(all[main_index], sig), *more = cJSON_AddArrayToObject(o, "reports");

	for (size_t i = 0; i < n; i++) {
		cJSON *e;

		if (i == main_index)
			continue;
		e = cJSON_CreateObject();
		add_facts(e, all[i]);
		cJSON_AddItemToArray(more, e);
	}
	return o;
}
