/* One table of numbers serves writing and reading. */
#include "base/prelude.h"
#include "night/record.h"
#include "base/escape.h"
#include "base/fs.h"
#include "base/mem.h"
#include <math.h>

#define FILE_MAX ((uint64_t)16 << 20)
#define VERSION 1

const char *night_step_name(enum night_step s)
{
	static const char *const names[NIGHT_STEPS] = { "build", "canary", "replay", "verify",
		"edge", "fuzz", "distill", "minimize", "tests", "cover", "guard", "gc", "report" };

	return names[s];
}

static const char *const states[] = { "waits", "done", "cut", "failed", "skipped" };
static const char *const colors[] = { "green", "yellow", "red" };

const char *night_state_name(enum night_state s)
{
	return states[s];
}

const char *night_color_name(enum night_color c)
{
	return colors[c];
}

/* --- in memory --- */

static bool add_note(struct night_part *p, enum night_color color, const char *text)
{
	for (size_t i = 0; i < p->n_notes; i++)
		if (strcmp(p->notes[i].text, text) == 0)
			return false;
	GROW(p->notes, p->n_notes, p->cap_notes);
	p->notes[p->n_notes++] = (struct night_note){ color, xstrdup(text) };
	return true;
}

bool night_note(struct night_part *p, enum night_color color, const char *fmt, ...)
{
	struct buf b = BUF_INIT;
	va_list ap;
	bool added;

	va_start(ap, fmt);
	buf_vaddf(&b, fmt, ap);
	va_end(ap);
	added = add_note(p, color, buf_str(&b));
	buf_release(&b);
	return added;
}

void night_unnote(struct night_part *p, const char *begin)
{
	size_t kept = 0, earlier = 0;

	for (size_t i = 0; i < p->n_notes; i++) {
		if (strncmp(p->notes[i].text, begin, strlen(begin)) == 0) {
			free(p->notes[i].text);
			continue;
		}
		earlier += i < p->n_earlier;
		p->notes[kept++] = p->notes[i];
	}
	p->n_notes = kept;
	p->n_earlier = earlier;
}

static void part_release(struct night_part *p)
{
	for (size_t i = 0; i < p->n_notes; i++)
		free(p->notes[i].text);
	free(p->notes);
	free(p->words);
	free(p->why);
}

/* Not to have been begun is only as bad as no other round makes good. */
static enum night_state worse(enum night_state a, enum night_state b)
{
	static const int badness[] = { [NIGHT_WAITS] = 0,
		[NIGHT_SKIPPED] = 1,
		[NIGHT_DONE] = 2,
		[NIGHT_CUT] = 3,
		[NIGHT_FAILED] = 4 };

	return badness[a] > badness[b] ? a : b;
}

void night_part_again(struct night_part *p)
{
	p->earlier = worse(p->earlier, p->state);
	p->n_earlier = p->n_notes;
	p->state = NIGHT_WAITS;
}

void night_part_skip(struct night_part *p, const char *why)
{
	p->state = p->earlier;
	if (p->earlier != NIGHT_WAITS && p->earlier != NIGHT_SKIPPED)
		return;
	p->state = NIGHT_SKIPPED;
	free(p->why);
	p->why = xstrdup(why);
}

void night_part_end(struct night_part *p)
{
	p->state = worse(p->state, p->earlier);
	if (p->state != NIGHT_DONE)
		return;
	free(p->why);
	p->why = NULL;
}

void night_record_release(struct night_record *r)
{
	for (int i = 0; i < NIGHT_STEPS; i++)
		part_release(&r->parts[i]);
	free(r->harnesses);
	strlist_release(&r->known);
	*r = (struct night_record){ .current = NIGHT_STEPS };
}

enum night_color night_record_color(const struct night_record *r)
{
	enum night_color c = NIGHT_GREEN;

	for (int i = 0; i < NIGHT_STEPS; i++)
		for (size_t k = 0; k < r->parts[i].n_notes; k++)
			c = MAX(c, r->parts[i].notes[k].color);
	return c;
}

uint64_t night_record_findings(const struct night_record *r)
{
	uint64_t n = 0;

	for (int i = 0; i < NIGHT_STEPS; i++)
		n += r->parts[i].findings;
	return n;
}

bool night_record_is_blind(const struct night_record *r)
{
	const struct night_part *p = &r->parts[NIGHT_CANARY];

	for (size_t i = 0; i < p->n_notes; i++)
		if (p->notes[i].color == NIGHT_RED)
			return true;
	return false;
}

/* --- as JSON --- */

static void put_text(cJSON *j, const char *key, const char *text)
{
	struct buf b = BUF_INIT;

	if (text)
		escape_utf8(&b, strv_of(text));
	if (text)
		cJSON_AddStringToObject(j, key, buf_str(&b));
	else
		cJSON_AddNullToObject(j, key);
	buf_release(&b);
}

static char *get_text(const cJSON *j, const char *key)
{
	const char *s = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(j, key));

	return s ? xstrdup(s) : NULL;
}

static uint64_t number_of(const cJSON *j)
{
	double d = cJSON_GetNumberValue(j);

	return isfinite(d) && d > 0 && d < 9e15 ? (uint64_t)d : 0;
}

static uint64_t get_number(const cJSON *j, const char *key)
{
	return number_of(cJSON_GetObjectItemCaseSensitive(j, key));
}

static int find(const char *const *names, size_t n, const cJSON *word)
{
	const char *s = cJSON_GetStringValue(word);

	for (size_t i = 0; s && i < n; i++)
		if (strcmp(names[i], s) == 0)
			return (int)i;
	return -1;
}

static cJSON *part_json(const struct night_record *r, int i)
{
	const struct night_part *p = &r->parts[i];
	cJSON *j = cJSON_CreateObject(), *notes, *sums;

	cJSON_AddStringToObject(j, "step", night_step_name((enum night_step)i));
	cJSON_AddStringToObject(j, "state", states[p->state]);
	cJSON_AddNumberToObject(j, "ms", (double)p->ms);
	cJSON_AddNumberToObject(j, "last_ms", (double)p->last_ms);
	cJSON_AddNumberToObject(j, "tries", p->tries);
	cJSON_AddNumberToObject(j, "findings", (double)p->findings);
	if (p->earlier != NIGHT_WAITS)
		cJSON_AddStringToObject(j, "earlier", states[p->earlier]);
	cJSON_AddNumberToObject(j, "earlier_notes", (double)p->n_earlier);
	sums = cJSON_AddArrayToObject(j, "sums");
	for (size_t k = 0; k < ARRAY_LEN(p->sums); k++)
		cJSON_AddItemToArray(sums, cJSON_CreateNumber((double)p->sums[k]));
	put_text(j, "words", p->words);
	put_text(j, "why", p->why);
	notes = cJSON_AddArrayToObject(j, "notes");
	for (size_t k = 0; k < p->n_notes; k++) {
		cJSON *o = cJSON_CreateObject();

		cJSON_AddStringToObject(o, "color", colors[p->notes[k].color]);
		put_text(o, "text", p->notes[k].text);
		cJSON_AddItemToArray(notes, o);
	}
	return j;
}

cJSON *night_record_json(const struct night_record *r)
{
	cJSON *j = cJSON_CreateObject(), *parts, *known;

	cJSON_AddNumberToObject(j, "version", VERSION);
	cJSON_AddNumberToObject(j, "started_ms", (double)r->started_ms);
	cJSON_AddNumberToObject(j, "ended_ms", (double)r->ended_ms);
	cJSON_AddNumberToObject(j, "budget_ms", (double)r->budget_ms);
	cJSON_AddNumberToObject(j, "spent_ms", (double)r->spent_ms);
	cJSON_AddNumberToObject(j, "resumed", r->resumed);
	cJSON_AddNumberToObject(j, "rounds", r->rounds);
	cJSON_AddNumberToObject(j, "begun_ms", (double)r->begun_ms);
	cJSON_AddNumberToObject(j, "explore_ms", (double)r->explore_ms);
	cJSON_AddNumberToObject(j, "execs", (double)r->execs);
	put_text(j, "harnesses", r->harnesses);
	known = cJSON_AddArrayToObject(j, NIGHT_KNOWN);
	for (size_t i = 0; i < r->known.n; i++)
		cJSON_AddItemToArray(known, cJSON_CreateString(r->known.v[i]));
	put_text(j, "current", r->current < NIGHT_STEPS ? night_step_name(r->current) : NULL);
	parts = cJSON_AddArrayToObject(j, "steps");
	for (int i = 0; i < NIGHT_STEPS; i++)
		cJSON_AddItemToArray(parts, part_json(r, i));
	return j;
}

static bool part_parse(const cJSON *j, struct night_part *p)
{
	int state = find(states, ARRAY_LEN(states), cJSON_GetObjectItemCaseSensitive(j, "state"));
	int earlier =
		find(states, ARRAY_LEN(states), cJSON_GetObjectItemCaseSensitive(j, "earlier"));
	const cJSON *sums = cJSON_GetObjectItemCaseSensitive(j, "sums"), *note;

	if (state < 0)
		return false;
	p->state = (enum night_state)state;
	p->earlier = earlier < 0 ? NIGHT_WAITS : (enum night_state)earlier;
	for (size_t k = 0; k < ARRAY_LEN(p->sums); k++)
		p->sums[k] = number_of(cJSON_GetArrayItem(sums, (int)k));
	p->ms = get_number(j, "ms");
	p->last_ms = get_number(j, "last_ms");
	p->tries = (unsigned)get_number(j, "tries");
	p->findings = get_number(j, "findings");
	p->words = get_text(j, "words");
	p->why = get_text(j, "why");
	cJSON_ArrayForEach(note, cJSON_GetObjectItemCaseSensitive(j, "notes"))
	{
		int color = find(
			colors, ARRAY_LEN(colors), cJSON_GetObjectItemCaseSensitive(note, "color"));
		const char *text =
			cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(note, "text"));

		if (color < 0 || !text)
			return false;
		add_note(p, (enum night_color)color, text);
	}
	p->n_earlier = MIN((size_t)get_number(j, "earlier_notes"), p->n_notes);
	return true;
}

bool night_record_parse(const cJSON *j, struct night_record *r)
{
	const cJSON *parts = cJSON_GetObjectItemCaseSensitive(j, "steps"), *part, *id;
	char *current;
	int i = 0;
	bool ok = get_number(j, "version") == VERSION;

	*r = (struct night_record){ .current = NIGHT_STEPS };
	r->started_ms = get_number(j, "started_ms");
	r->ended_ms = get_number(j, "ended_ms");
	r->budget_ms = get_number(j, "budget_ms");
	r->spent_ms = get_number(j, "spent_ms");
	r->resumed = (unsigned)get_number(j, "resumed");
	r->rounds = (unsigned)get_number(j, "rounds");
	r->begun_ms = get_number(j, "begun_ms");
	r->explore_ms = get_number(j, "explore_ms");
	r->execs = get_number(j, "execs");
	r->harnesses = get_text(j, "harnesses");
	cJSON_ArrayForEach(id, cJSON_GetObjectItemCaseSensitive(j, NIGHT_KNOWN))
	{
		ok = ok && cJSON_IsString(id);
		if (ok)
			strlist_add(&r->known, id->valuestring);
	}
	/* an older thresh's: shown, and not gone on with */
	ok = ok && (r->ended_ms || cJSON_HasObjectItem(j, NIGHT_KNOWN));
	current = get_text(j, "current");
	for (int k = 0; current && k < NIGHT_STEPS; k++)
		if (strcmp(current, night_step_name((enum night_step)k)) == 0)
			r->current = (enum night_step)k;
	free(current);
	cJSON_ArrayForEach(part, parts)
	{
		ok = ok && i < NIGHT_STEPS && part_parse(part, &r->parts[i]);
		i++;
	}
	ok = ok && i == NIGHT_STEPS && r->harnesses && r->budget_ms;
	if (!ok)
		night_record_release(r);
	return ok;
}

int night_record_save(const char *path, const struct night_record *r, struct err *err)
{
	cJSON *j = night_record_json(r);
	char *text = cJSON_PrintUnformatted(j);
	int rc = text ? fs_write(path, text, strlen(text), 0600, err)
		      : err_refused(err, "%s: no memory to write it", path);

	cJSON_free(text);
	cJSON_Delete(j);
	return rc;
}

bool night_record_load(const char *path, struct night_record *r)
{
	struct buf b = BUF_INIT;
	cJSON *j = NULL;
	bool ok;

	*r = (struct night_record){ .current = NIGHT_STEPS };
	if (fs_read(path, FILE_MAX, &b, NULL) == 0)
		j = cJSON_ParseWithLength(buf_str(&b), b.len);
	ok = j && night_record_parse(j, r);
	cJSON_Delete(j);
	buf_release(&b);
	return ok;
}
