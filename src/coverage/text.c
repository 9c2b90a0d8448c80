/* A file is kept with the offsets of its lines: questions come in no order. */
#include "base/prelude.h"
#include "coverage/text.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"

#define SOURCE_MAX ((uint64_t)32 << 20)

struct text {
	char *path;
	struct buf text;
	bool there;
	struct strv *lines;
	size_t n, cap;
};

struct coverage_texts {
	/* pointers, since slices of the texts are handed out */
	struct text **v;
	size_t n, cap, last;
};

struct coverage_texts *coverage_texts_new(void)
{
	return xcalloc(1, sizeof(struct coverage_texts));
}

void coverage_texts_free(struct coverage_texts *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->n; i++) {
		free(t->v[i]->path);
		buf_release(&t->v[i]->text);
		free(t->v[i]->lines);
		free(t->v[i]);
	}
	free(t->v);
	free(t);
}

static struct text *load(const char *path)
{
	struct text *x = xcalloc(1, sizeof(*x));
	struct strv rest, line;

	x->path = xstrdup(path);
	x->there = fs_read(path, SOURCE_MAX, &x->text, NULL) == 0;
	rest = x->there ? strv_n(buf_str(&x->text), x->text.len) : strv_of("");
	while (strv_line(&rest, &line)) {
		GROW(x->lines, x->n, x->cap);
		x->lines[x->n++] = line;
	}
	return x;
}

static struct text *text_of(struct coverage_texts *t, const char *path)
{
	if (t->last < t->n && !strcmp(t->v[t->last]->path, path))
		return t->v[t->last];
	for (t->last = 0; t->last < t->n; t->last++)
		if (!strcmp(t->v[t->last]->path, path))
			return t->v[t->last];
	GROW(t->v, t->n, t->cap);
	t->v[t->n] = load(path);
	return t->v[t->n++];
}

struct strv coverage_text_line(struct coverage_texts *t, const char *path, unsigned line)
{
	const struct text *x = text_of(t, path);

	return line && line <= x->n ? x->lines[line - 1] : strv_of("");
}

bool coverage_text_there(struct coverage_texts *t, const char *path)
{
	return text_of(t, path)->there;
}
