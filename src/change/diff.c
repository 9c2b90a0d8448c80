/* "+++ PATH" names a file, "@@ -a,b +c,d @@" a range of it; git quotes odd names as C does. */
#include "base/prelude.h"
#include "change/diff.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/num.h"
#include <limits.h>

static struct diff_file *add_file(struct diff *d, char *path_take)
{
	GROW(d->v, d->n, d->cap);
	d->v[d->n] = (struct diff_file){ .path = path_take };
	return &d->v[d->n++];
}

static void add_range(struct diff_file *f, unsigned line, unsigned n)
{
	GROW(f->v, f->n, f->cap);
	f->v[f->n++] = (struct diff_range){ line, n };
}

static int octal(struct strv v, size_t i)
{
	int c = 0;

	for (size_t k = i; k < i + 3; k++) {
		if (k >= v.len || v.s[k] < '0' || v.s[k] > '7')
			return -1;
		c = c * 8 + (v.s[k] - '0');
	}
	return c;
}

/* "\"a\\tb\"" as git quotes it; else as it is. A tab ends a name that has blanks. */
static char *unquote(struct strv v)
{
	static const char from[] = "abtnvfr\"\\", to[] = "\a\b\t\n\v\f\r\"\\";
	struct buf b = BUF_INIT;
	size_t tab;

	if (v.len < 2 || v.s[0] != '"') {
		tab = strv_chr(v, '\t');
		return strv_dup(strv_sub(v, 0, tab == SIZE_MAX ? v.len : tab));
	}
	for (size_t i = 1; i < v.len && v.s[i] != '"'; i++) {
		const char *known;
		int c;

		if (v.s[i] != '\\' || i + 1 >= v.len) {
			buf_addch(&b, v.s[i]);
			continue;
		}
		c = octal(v, i + 1);
		known = v.s[i + 1] ? strchr(from, v.s[i + 1]) : NULL;
		if (c >= 0)
			buf_addch(&b, c);
		else
			buf_addch(&b, known ? to[known - from] : v.s[i + 1]);
		i += c >= 0 ? 3 : 1;
	}
	return buf_detach(&b);
}

/* "12,3" or "12" */
static bool range(struct strv v, unsigned *line, unsigned *n)
{
	struct strv first = v, second = STRV("1");
	size_t comma = strv_chr(v, ',');
	uint64_t a, b;

	if (comma != SIZE_MAX) {
		first = strv_sub(v, 0, comma);
		second = strv_from(v, comma + 1);
	}
	if (num_u64(first, &a) < 0 || num_u64(second, &b) < 0 || a > INT_MAX || b > INT_MAX)
		return false;
	*line = (unsigned)a;
	*n = (unsigned)b;
	return true;
}

void diff_parse(struct strv text, struct diff *out)
{
	struct diff_file *f = NULL;
	struct strv line, word;
	unsigned from, n;
	/* a line of a hunk may look like a head; so many are its own */
	uint64_t body = 0;

	while (strv_line(&text, &line)) {
		/* says something of the line above it, and isn't counted */
		if (strv_starts(line, "\\"))
			continue;
		if (body) {
			body--;
		} else if (strv_skip(&line, "+++ ")) {
			f = strv_eqs(line, "/dev/null") ? NULL : add_file(out, unquote(line));
		} else if (strv_skip(&line, "@@ -")) {
			unsigned old, n_old;

			if (!strv_split(&line, ' ', &word) || !range(word, &old, &n_old) ||
				!strv_skip(&line, "+") || !strv_split(&line, ' ', &word) ||
				!range(word, &from, &n))
				continue;
			body = (uint64_t)n_old + n;
			if (f)
				add_range(f, from, n);
		}
	}
}

void diff_add_whole(struct diff *d, const char *path)
{
	add_range(add_file(d, xstrdup(path)), 1, INT_MAX);
}

void diff_forget(struct diff *d, const char *path)
{
	for (size_t i = 0; i < d->n; i++)
		if (strcmp(d->v[i].path, path) == 0)
			d->v[i].n = 0;
}

const struct diff_file *diff_find(const struct diff *d, const char *path)
{
	for (size_t i = 0; i < d->n; i++)
		if (strcmp(d->v[i].path, path) == 0)
			return &d->v[i];
	return NULL;
}

bool diff_has(const struct diff_file *f, unsigned line)
{
	for (size_t i = 0; f && i < f->n; i++)
		if (line >= f->v[i].line && line - f->v[i].line < f->v[i].n)
			return true;
	return false;
}

void diff_release(struct diff *d)
{
	for (size_t i = 0; i < d->n; i++) {
		free(d->v[i].path);
		free(d->v[i].v);
	}
	free(d->v);
	*d = (struct diff){ NULL };
}
