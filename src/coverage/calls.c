/*
 * A name in front of a parenthesis is taken for a call. That isn't a parser: what a comment names counts, what is called
 * through a pointer doesn't, and a function that is also called from elsewhere is behind each of these places.
 */
#include "base/prelude.h"
#include "coverage/calls.h"
#include "base/buf.h"
#include "base/mem.h"
#include "crash/name.h"

/* "_ZN4json5Value3addEi" -> "add" */
static char *source_name(const char *linker)
{
	struct buf b = BUF_INIT;
	struct strv v;
	size_t at;

	if (strncmp(linker, "_Z", 2) != 0)
		return xstrdup(linker);
	crash_normalize_name(&b, strv_of(linker));
	v = strv_n(buf_str(&b), b.len);
	at = strv_chr(v, '<');
	v = strv_sub(v, 0, at == 0 ? SIZE_MAX : at);
	at = strv_rfind(v, "::");
	v = at == SIZE_MAX ? v : strv_from(v, at + 2);
	linker = strv_dup(v);
	buf_release(&b);
	return (char *)linker;
}

static int by_name(const void *a, const void *b)
{
	const struct coverage_uncalled *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* The first of that name; c->n: there is none. */
static size_t find(const struct coverage_calls *c, struct strv name)
{
	size_t low = 0, high = c->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int d = strncmp(c->v[mid].name, name.s, name.len);

		if (d < 0)
			low = mid + 1;
		else
			high = mid;
	}
	/* what is longer comes behind */
	return low < c->n && strv_eqs(name, c->v[low].name) ? low : c->n;
}

/* The next name in front of a parenthesis. */
static bool next_call(struct strv *text, struct strv *name)
{
	while (text->len) {
		size_t n = 0, k;

		while (n < text->len && !strv_is_word(text->s[n]))
			n++;
		*text = strv_from(*text, n);
		for (n = 0; n < text->len && strv_is_word(text->s[n]);)
			n++;
		*name = strv_sub(*text, 0, n);
		for (k = n; k < text->len && strv_is_space(text->s[k]);)
			k++;
		*text = strv_from(*text, n);
		if (n && k < n + text->len && text->s[k - n] == '(')
			return true;
	}
	return false;
}

static size_t uncovered(const struct coverage_file *f, const struct coverage_span *at)
{
	size_t n = 0;

	for (size_t l = at->line; l <= at->end_line && l < f->n_lines; l++)
		n += f->lines[l] == 0;
	return n;
}

static void find_calls(struct coverage_calls *c, size_t i, struct coverage_texts *texts)
{
	struct coverage_uncalled *u = &c->v[i];
	const struct coverage_span *at = &u->function->at;

	for (unsigned l = at->line; l <= at->end_line; l++) {
		struct strv text = coverage_text_line(texts, u->file->path, l), name;

		while (next_call(&text, &name))
			for (size_t k = find(c, name); k < c->n && strv_eqs(name, c->v[k].name);
				k++) {
				GROW(u->calls, u->n_calls, u->cap_calls);
				u->calls[u->n_calls++] = k;
			}
	}
}

void coverage_calls_init(
	struct coverage_calls *c, const struct coverage_model *m, struct coverage_texts *texts)
{
	*c = (struct coverage_calls){ NULL };
	for (size_t i = 0; i < m->n; i++)
		for (size_t k = 0; k < m->files[i].n_functions; k++) {
			const struct coverage_file *f = &m->files[i];
			const struct coverage_function *fn = &f->functions[k];

			if (fn->count)
				continue;
			GROW(c->v, c->n, c->cap);
			c->v[c->n++] = (struct coverage_uncalled){ .file = f,
				.function = fn,
				.name = source_name(fn->name),
				.lines = uncovered(f, &fn->at) };
		}
	if (c->n)
		qsort(c->v, c->n, sizeof(*c->v), by_name);
	for (size_t i = 0; i < c->n; i++)
		find_calls(c, i, texts);
}

void coverage_calls_release(struct coverage_calls *c)
{
	for (size_t i = 0; i < c->n; i++) {
		free(c->v[i].name);
		free(c->v[i].calls);
	}
	free(c->v);
	*c = (struct coverage_calls){ NULL };
}

void coverage_calls_begin(struct coverage_calls *c)
{
	c->questions++;
}

/* It, and all that is behind it. */
static void reach(struct coverage_calls *c, size_t from, struct coverage_reached *out)
{
	size_t *todo = NULL, n = 0, cap = 0;

	GROW(todo, n, cap);
	todo[n++] = from;
	c->v[from].seen = c->questions;
	while (n) {
		const struct coverage_uncalled *u = &c->v[todo[--n]];

		out->functions++;
		out->lines += u->lines;
		for (size_t i = 0; i < u->n_calls; i++) {
			struct coverage_uncalled *next = &c->v[u->calls[i]];

			if (next->seen == c->questions)
				continue;
			next->seen = c->questions;
			GROW(todo, n, cap);
			todo[n++] = u->calls[i];
		}
	}
	free(todo);
}

void coverage_calls_from(struct coverage_calls *c, struct strv text, struct coverage_reached *out)
{
	struct strv name;

	while (next_call(&text, &name))
		for (size_t i = find(c, name); i < c->n && strv_eqs(name, c->v[i].name); i++) {
			if (c->v[i].seen == c->questions)
				continue;
			if (out->n_names < ARRAY_LEN(out->names))
				out->names[out->n_names++] = c->v[i].name;
			reach(c, i, out);
		}
}
