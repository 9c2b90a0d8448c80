/*
 * Both sides sorted by name, text and file, and walked together. Functions of one name and text in several files (static
 * ones, of a header or copied) are only compared within their file; a single one may have moved to another.
 */
#include "base/prelude.h"
#include "coverage/changes.h"
#include "base/buf.h"
#include "base/mem.h"

/* lines of one function that are remembered */
#define FUNCTION_MAX 100000u

void coverage_memory_release(struct coverage_memory *m)
{
	for (size_t i = 0; i < m->n; i++) {
		free(m->v[i].name);
		free(m->v[i].file);
		free(m->v[i].lines);
	}
	free(m->v);
	*m = (struct coverage_memory){ NULL };
}

static struct coverage_memory_function *add_memory(struct coverage_memory *m)
{
	GROW(m->v, m->n, m->cap);
	m->v[m->n] = (struct coverage_memory_function){ NULL };
	return &m->v[m->n++];
}

void coverage_remember(
	const struct coverage_model *m, struct coverage_texts *texts, struct coverage_memory *out)
{
	for (size_t i = 0; i < m->n; i++)
		for (size_t k = 0; k < m->files[i].n_functions; k++) {
			const struct coverage_file *f = &m->files[i];
			const struct coverage_function *fn = &f->functions[k];
			struct coverage_memory_function *r = add_memory(out);
			struct buf lines = BUF_INIT, text = BUF_INIT;
			unsigned end = MIN(fn->at.end_line, fn->at.line + FUNCTION_MAX);

			for (unsigned l = fn->at.line; l <= end; l++) {
				uint64_t n = l < f->n_lines ? f->lines[l] : COVERAGE_NO_CODE;

				buf_addch(&lines, n == COVERAGE_NO_CODE ? ' ' : n ? '+' : '-');
				buf_addv(&text, coverage_text_line(texts, f->path, l));
				buf_addch(&text, '\n');
			}
			r->name = xstrdup(fn->name);
			r->file = xstrdup(f->path);
			r->line = fn->at.line;
			r->lines = buf_detach(&lines);
			if (coverage_text_there(texts, f->path))
				hash_sha1(text.s, text.len, r->hash);
			buf_release(&text);
		}
}

cJSON *coverage_memory_json(const struct coverage_memory *m)
{
	cJSON *all = cJSON_CreateArray();

	for (size_t i = 0; i < m->n; i++) {
		cJSON *j = cJSON_CreateObject();

		cJSON_AddStringToObject(j, "name", m->v[i].name);
		cJSON_AddStringToObject(j, "file", m->v[i].file);
		cJSON_AddNumberToObject(j, "line", m->v[i].line);
		cJSON_AddStringToObject(j, "hash", m->v[i].hash);
		cJSON_AddStringToObject(j, "lines", m->v[i].lines);
		cJSON_AddItemToArray(all, j);
	}
	return all;
}

static const char *string_of(const cJSON *j, const char *key)
{
	const cJSON *s = cJSON_GetObjectItemCaseSensitive(j, key);

	return cJSON_IsString(s) ? s->valuestring : NULL;
}

static unsigned line_of(const cJSON *j)
{
	const double v = cJSON_IsNumber(j) ? j->valuedouble : 0;

	return v > 0 && v <= COVERAGE_LINES_MAX ? (unsigned)v : 0;
}

void coverage_memory_parse(const cJSON *j, struct coverage_memory *out)
{
	const cJSON *one;

	cJSON_ArrayForEach(one, j)
	{
		const char *name = string_of(one, "name"), *file = string_of(one, "file");
		const char *hash = string_of(one, "hash"), *lines = string_of(one, "lines");
		struct coverage_memory_function *r;

		if (!name || !file || !lines || !hash || strlen(hash) >= SHA1_HEX)
			continue;
		r = add_memory(out);
		r->name = xstrdup(name);
		r->file = xstrdup(file);
		r->lines = xstrdup(lines);
		r->line = line_of(cJSON_GetObjectItemCaseSensitive(one, "line"));
		memcpy(r->hash, hash, strlen(hash) + 1);
	}
}

/* --- comparing --- */

static int by_name(const void *a, const void *b)
{
	const struct coverage_memory_function *x = a, *y = b;
	int c = strcmp(x->name, y->name);

	if (!c)
		c = strcmp(x->hash, y->hash);
	if (!c)
		c = strcmp(x->file, y->file);
	return c ? c : (x->line > y->line) - (x->line < y->line);
}

static int same_text(
	const struct coverage_memory_function *x, const struct coverage_memory_function *y)
{
	int c = strcmp(x->name, y->name);

	return c ? c : strcmp(x->hash, y->hash);
}

static bool named(const struct coverage_memory *m, const char *name)
{
	size_t low = 0, high = m->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int c = strcmp(m->v[mid].name, name);

		if (c == 0)
			return true;
		if (c < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return false;
}

static void push(unsigned **v, size_t *n, unsigned line)
{
	/* rows are short: room for a power of two */
	if ((*n & (*n - 1)) == 0)
		*v = xrealloc(*v, (*n ? *n * 2 : 1) * sizeof(**v));
	(*v)[(*n)++] = line;
}

static void compare_lines(const struct coverage_memory_function *before,
	const struct coverage_memory_function *now, struct coverage_changes *out)
{
	struct coverage_change c = { .line = now->line };

	for (unsigned i = 0; before->lines[i] && now->lines[i]; i++) {
		if (before->lines[i] == '+' && now->lines[i] == '-')
			push(&c.lost, &c.n_lost, now->line + i);
		if (before->lines[i] == '-' && now->lines[i] == '+')
			push(&c.gained, &c.n_gained, now->line + i);
	}
	if (!c.n_lost && !c.n_gained)
		return;
	c.name = xstrdup(now->name);
	c.file = xstrdup(now->file);
	GROW(out->v, out->n, out->cap);
	out->v[out->n++] = c;
}

static int by_place(const void *a, const void *b)
{
	const struct coverage_change *x = a, *y = b;
	int c = strcmp(x->file, y->file);

	return c ? c : (x->line > y->line) - (x->line < y->line);
}

/* How many follow from i that have the same name and text. */
static size_t run_of(const struct coverage_memory *m, size_t i)
{
	size_t k = i;

	while (k < m->n && !same_text(&m->v[i], &m->v[k]))
		k++;
	return k - i;
}

static void compare_runs(const struct coverage_memory_function *before, size_t n_before,
	const struct coverage_memory_function *now, size_t n_now, struct coverage_changes *out)
{
	if (n_before == 1 && n_now == 1) {
		compare_lines(before, now, out);
		return;
	}
	for (size_t i = 0, k = 0; i < n_before && k < n_now;) {
		int c = strcmp(before[i].file, now[k].file);

		if (c == 0)
			compare_lines(&before[i], &now[k], out);
		i += c <= 0;
		k += c >= 0;
	}
}

void coverage_compare(
	struct coverage_memory *before, struct coverage_memory *now, struct coverage_changes *out)
{
	size_t i = 0, k = 0;

	if (before->n)
		qsort(before->v, before->n, sizeof(*before->v), by_name);
	if (now->n)
		qsort(now->v, now->n, sizeof(*now->v), by_name);
	while (i < before->n) {
		int c = k < now->n ? same_text(&before->v[i], &now->v[k]) : -1;
		size_t n_before = run_of(before, i), n_now = k < now->n ? run_of(now, k) : 0;

		if (c == 0 && *before->v[i].hash)
			compare_runs(before->v + i, n_before, now->v + k, n_now, out);
		else if (c < 0 && named(now, before->v[i].name))
			out->edited += n_before;
		else if (c < 0)
			out->gone += n_before;
		i += c <= 0 ? n_before : 0;
		k += c >= 0 ? n_now : 0;
	}
	if (out->n)
		qsort(out->v, out->n, sizeof(*out->v), by_place);
}

void coverage_changes_release(struct coverage_changes *c)
{
	for (size_t i = 0; i < c->n; i++) {
		free(c->v[i].name);
		free(c->v[i].file);
		free(c->v[i].lost);
		free(c->v[i].gained);
	}
	free(c->v);
	*c = (struct coverage_changes){ NULL };
}

static void add_lines(cJSON *j, const char *key, const unsigned *v, size_t n)
{
	cJSON *a = cJSON_AddArrayToObject(j, key);

	for (size_t i = 0; i < n; i++)
		cJSON_AddItemToArray(a, cJSON_CreateNumber(v[i]));
}

cJSON *coverage_changes_json(const struct coverage_changes *c)
{
	cJSON *j = cJSON_CreateObject(), *all = cJSON_AddArrayToObject(j, "functions");

	for (size_t i = 0; i < c->n; i++) {
		cJSON *one = cJSON_CreateObject();

		cJSON_AddStringToObject(one, "name", c->v[i].name);
		cJSON_AddStringToObject(one, "file", c->v[i].file);
		cJSON_AddNumberToObject(one, "line", c->v[i].line);
		add_lines(one, "lost", c->v[i].lost, c->v[i].n_lost);
		add_lines(one, "gained", c->v[i].gained, c->v[i].n_gained);
		cJSON_AddItemToArray(all, one);
	}
	cJSON_AddNumberToObject(j, "edited", (double)c->edited);
	cJSON_AddNumberToObject(j, "gone", (double)c->gone);
	return j;
}

static void parse_lines(const cJSON *a, unsigned **v, size_t *n)
{
	const cJSON *line;

	cJSON_ArrayForEach(line, a) if (line_of(line)) push(v, n, line_of(line));
}

void coverage_changes_parse(const cJSON *j, struct coverage_changes *out)
{
	const cJSON *one;

	cJSON_ArrayForEach(one, cJSON_GetObjectItemCaseSensitive(j, "functions"))
	{
		const char *name = string_of(one, "name"), *file = string_of(one, "file");
		struct coverage_change c = { .line = line_of(cJSON_GetObjectItemCaseSensitive(
						     one, "line")) };

		if (!name || !file)
			continue;
		c.name = xstrdup(name);
		c.file = xstrdup(file);
		parse_lines(cJSON_GetObjectItemCaseSensitive(one, "lost"), &c.lost, &c.n_lost);
		parse_lines(
			cJSON_GetObjectItemCaseSensitive(one, "gained"), &c.gained, &c.n_gained);
		GROW(out->v, out->n, out->cap);
		out->v[out->n++] = c;
	}
	out->edited = line_of(cJSON_GetObjectItemCaseSensitive(j, "edited"));
	out->gone = line_of(cJSON_GetObjectItemCaseSensitive(j, "gone"));
}
