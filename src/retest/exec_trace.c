/*
 * Trails of inputs: which lines of which files were entered, and how often. Lines are known by a hash of their text
 * without blanks, not by their numbers, so that a trail still says something once the file has been edited: a line
 * that is still there and isn't entered any more was lost; one that isn't there was edited.
 */
#include "base/prelude.h"
#include "retest/exec_trace.h"
#include "base/mem.h"
#include "base/num.h"
#include <stdlib.h>

#define FORMAT "thresh trail 1"

uint32_t exec_trace_hash(struct strv line)
{
	uint64_t h = HASH_FNV_INIT;

	for (size_t i = 0; i < line.len; i++)
		if (!strchr(" \t\r\n\f\v", line.s[i]) || !line.s[i])
			h = hash_fnv(h, line.s + i, 1);
	return (uint32_t)(h ^ h >> 32);
}

void exec_trace_read(struct exec_trace_text *out, struct strv content)
{
	struct strv line;

	*out = (struct exec_trace_text){ .n = 0 };
	hash_sha256(content.s, content.len, out->sha256);
	while (strv_line(&content, &line)) {
		GROW(out->lines, out->n, out->cap);
		out->lines[out->n++] = exec_trace_hash(line);
	}
}

void exec_trace_text_release(struct exec_trace_text *t)
{
	free(t->lines);
	*t = (struct exec_trace_text){ .n = 0 };
}

static struct exec_trace_file *file_of(const struct exec_trace *t, const char *path)
{
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(t->v[i].path, path) == 0)
			return &t->v[i];
	return NULL;
}

static struct exec_trace_line *line_of(const struct exec_trace_file *f, uint32_t text)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->v[i].text == text)
			return &f->v[i];
	return NULL;
}

void exec_trace_add(struct exec_trace *t, const char *path, const char *sha256, uint32_t text,
	uint32_t hits, const char *function)
{
	struct exec_trace_file *f = file_of(t, path);
	struct exec_trace_line *l;

	if (!f) {
		GROW(t->v, t->n, t->cap);
		f = &t->v[t->n++];
		*f = (struct exec_trace_file){ .path = xstrdup(path) };
		memcpy(f->sha256, sha256, strlen(sha256) + 1);
	}
	l = line_of(f, text);
	if (!l) {
		GROW(f->v, f->n, f->cap);
		l = &f->v[f->n++];
		*l = (struct exec_trace_line){ .text = text, .function = xstrdup(function) };
	}
	l->hits += hits;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct exec_trace_file *)a)->path,
		((const struct exec_trace_file *)b)->path);
}

static int by_text(const void *a, const void *b)
{
	uint32_t x = ((const struct exec_trace_line *)a)->text,
		 y = ((const struct exec_trace_line *)b)->text;

	return (x > y) - (x < y);
}

void exec_trace_sort(struct exec_trace *t)
{
	if (t->n)
		qsort(t->v, t->n, sizeof(*t->v), by_path);
	for (size_t i = 0; i < t->n; i++)
		qsort(t->v[i].v, t->v[i].n, sizeof(*t->v[i].v), by_text);
}

/* A name with a line feed in it can't be written, and isn't one. */
static bool writable(const char *s)
{
	return *s && !strchr(s, '\n');
}

void exec_trace_format(struct buf *out, const struct exec_trace *t)
{
	buf_adds(out, FORMAT "\n");
	for (size_t i = 0; i < t->n; i++) {
		const struct exec_trace_file *f = &t->v[i];

		if (!writable(f->path))
			continue;
		buf_addf(out, "file %s %s\n", *f->sha256 ? f->sha256 : "-", f->path);
		for (size_t k = 0; k < f->n; k++)
			buf_addf(out, "%08x %u %s\n", f->v[k].text, f->v[k].hits,
				writable(f->v[k].function) ? f->v[k].function : "?");
	}
}

static int parse_file(struct strv rest, struct exec_trace *out)
{
	struct strv sha;

	if (!strv_split(&rest, ' ', &sha) || !rest.len ||
		(sha.len != SHA256_HEX - 1 && !strv_eqs(sha, "-")))
		return -1;
	GROW(out->v, out->n, out->cap);
	out->v[out->n] = (struct exec_trace_file){ .path = strv_dup(rest) };
	if (sha.len > 1)
		memcpy(out->v[out->n].sha256, sha.s, sha.len);
	out->n++;
	return 0;
}

static int parse_line(struct strv rest, struct exec_trace *out)
{
	struct exec_trace_file *f = out->n ? &out->v[out->n - 1] : NULL;
	struct strv text, hits;
	uint64_t hash, n;

	if (!f || !strv_split(&rest, ' ', &text) || !strv_split(&rest, ' ', &hits) || !rest.len ||
		num_hex(text, &hash) < 0 || hash > UINT32_MAX || num_u64(hits, &n) < 0 ||
		n > UINT32_MAX)
		return -1;
	GROW(f->v, f->n, f->cap);
	f->v[f->n++] = (struct exec_trace_line){ (uint32_t)hash, (uint32_t)n, strv_dup(rest) };
	return 0;
}

int exec_trace_parse(struct strv text, struct exec_trace *out)
{
	struct strv line;

	*out = (struct exec_trace){ .n = 0 };
	if (!strv_line(&text, &line) || !strv_eqs(line, FORMAT))
		return -1;
	while (strv_line(&text, &line))
		if ((strv_skip(&line, "file ") ? parse_file(line, out) : parse_line(line, out)) <
			0) {
			exec_trace_release(out);
			return -1;
		}
	return 0;
}

void exec_trace_release(struct exec_trace *t)
{
	for (size_t i = 0; i < t->n; i++) {
		for (size_t k = 0; k < t->v[i].n; k++)
			free(t->v[i].v[k].function);
		free(t->v[i].v);
		free(t->v[i].path);
	}
	free(t->v);
	*t = (struct exec_trace){ .n = 0 };
}

static bool holds(const struct exec_trace_text *t, uint32_t text)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->lines[i] == text)
			return true;
	return false;
}

static bool lost_line(const struct exec_trace_line *was, const struct exec_trace_file *now,
	const struct exec_trace_text *today, bool same_file)
{
	const struct exec_trace_line *is = now ? line_of(now, was->text) : NULL;

	/* how often it is entered says something only while all around it is the same */
	if (is)
		return same_file && is->hits < was->hits;
	return same_file || holds(today, was->text);
}

const char *exec_trace_lost(const struct exec_trace *was, const struct exec_trace *now,
	const struct exec_trace_text *today, struct strv prefer)
{
	const char *lost = NULL;

	for (size_t i = 0; i < was->n; i++) {
		const struct exec_trace_file *f = &was->v[i], *g = file_of(now, f->path);
		bool same = *f->sha256 && strcmp(f->sha256, today[i].sha256) == 0;

		for (size_t k = 0; k < f->n; k++) {
			if (!lost_line(&f->v[k], g, &today[i], same))
				continue;
			if (strv_eqs(prefer, f->v[k].function))
				return f->v[k].function;
			lost = lost ? lost : f->v[k].function;
		}
	}
	return lost;
}
