/*
 * clang gives counts of regions, not which region a condition guards. By their order and by the text between them that can
 * be told: behind a condition comes what it guards, then, behind an `else` or what ends the guarded part, the other way.
 * Where the text says anything else, nothing is claimed.
 */
#include "base/prelude.h"
#include "coverage/blockers.h"
#include "base/buf.h"
#include "base/mem.h"

/* characters between two regions that belong together: more is something else */
#define BETWEEN_MAX 4096u

struct finding {
	const struct coverage_file *file;
	struct coverage_texts *texts;
	struct coverage_calls *calls;
};

static int compare(unsigned line, unsigned column, unsigned other_line, unsigned other_column)
{
	if (line != other_line)
		return line < other_line ? -1 : 1;
	return (column > other_column) - (column < other_column);
}

/* The first region that begins there or later. */
static size_t region_from(const struct coverage_file *f, unsigned line, unsigned column)
{
	size_t low = 0, high = f->n_regions;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct coverage_span *at = &f->regions[mid].at;

		if (compare(at->line, at->column, line, column) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* The part of a line that lies in a span. */
static struct strv part_of_line(
	const struct finding *b, const struct coverage_span *at, unsigned line)
{
	struct strv text = coverage_text_line(b->texts, b->file->path, line);

	if (line == at->end_line)
		text = strv_sub(text, 0, at->end_column ? at->end_column - 1 : 0);
	if (line == at->line)
		text = strv_from(text, at->column ? at->column - 1 : 0);
	return text;
}

static bool is_label(const struct finding *b, const struct coverage_span *at)
{
	struct strv text = coverage_text_line(b->texts, b->file->path, at->line);

	text = strv_from(text, at->column ? at->column - 1 : 0);
	return strv_starts(text, "case") || strv_starts(text, "default");
}

/* Comments are blanks. */
static void blank_comments(struct buf *b)
{
	for (size_t i = 0; i + 1 < b->len; i++) {
		const char *end = b->s[i] != '/'       ? NULL
				  : b->s[i + 1] == '/' ? "\n"
				  : b->s[i + 1] == '*' ? "*/"
						       : NULL;
		size_t n;

		if (!end)
			continue;
		n = strv_find(strv_n(b->s + i + 2, b->len - i - 2), end);
		n = n == SIZE_MAX ? b->len - i : n + 2 + strlen(end);
		memset(b->s + i, ' ', n);
	}
}

/* From a place up to a later one, comments blanked; appended. False: too much, or nothing that can be told. */
static bool between(const struct finding *b, unsigned line, unsigned column,
	const struct coverage_span *to, struct buf *out)
{
	const struct coverage_span gap = { line, column, to->line, to->column };

	for (unsigned l = line; l <= to->line && out->len <= BETWEEN_MAX; l++) {
		buf_addv(out, part_of_line(b, &gap, l));
		buf_addch(out, '\n');
	}
	if (out->len > BETWEEN_MAX)
		return false;
	blank_comments(out);
	return true;
}

/* There is only white space, these characters, and perhaps an `else`. */
static bool only_between(const struct finding *b, unsigned line, unsigned column,
	const struct coverage_span *to, const char *chars, bool else_too)
{
	struct buf text = BUF_INIT;
	bool ok = between(b, line, column, to, &text);
	struct strv rest = strv_n(buf_str(&text), text.len);

	while (ok && rest.len) {
		if (else_too && strv_skip(&rest, "else"))
			continue;
		ok = strv_is_space(*rest.s) || strchr(chars, *rest.s);
		rest = strv_from(rest, 1);
	}
	buf_release(&text);
	return ok;
}

static bool and_between(
	const struct finding *b, unsigned line, unsigned column, const struct coverage_span *to)
{
	struct buf text = BUF_INIT;
	bool has = between(b, line, column, to, &text) &&
		   strv_contains(strv_n(buf_str(&text), text.len), "&&");

	buf_release(&text);
	return has;
}

#define GUARDS ")({!&|?;"
#define PARTS ";{}):"

/*
 * The part that i begins was always taken, behind a condition that ends at `at`: where does the other way begin? With more
 * conditions behind an && it is the other way of all of them.
 */
static size_t other_way(const struct finding *b, const struct coverage_span *at, size_t i)
{
	const struct coverage_file *f = b->file;
	const size_t none = f->n_regions;

	while (and_between(b, at->end_line, at->end_column, &f->regions[i].at)) {
		at = &f->regions[i].at;
		i = region_from(f, at->end_line, at->end_column);
		if (i == none || !f->regions[i].count ||
			!only_between(
				b, at->end_line, at->end_column, &f->regions[i].at, GUARDS, false))
			return none;
	}
	at = &f->regions[i].at;
	i = region_from(f, at->end_line, at->end_column);
	return i < none && !f->regions[i].count && !is_label(b, &f->regions[i].at) &&
			       only_between(b, at->end_line, at->end_column, &f->regions[i].at,
				       PARTS, true)
		       ? i
		       : none;
}

/* The region with which the way that was never taken begins; n_regions: none that is told by this. */
static size_t first_behind(
	const struct finding *b, const struct coverage_branch *br, bool never_true)
{
	const struct coverage_file *f = b->file;
	const size_t none = f->n_regions;
	const struct coverage_span *at = &br->at;
	size_t i = region_from(f, at->line, at->column);

	if (is_label(b, at))
		return never_true && i < none && !f->regions[i].count &&
				       !compare(f->regions[i].at.line, f->regions[i].at.column,
					       at->line, at->column)
			       ? i
			       : none;
	i = region_from(f, at->end_line, at->end_column);
	if (i == none ||
		!only_between(b, at->end_line, at->end_column, &f->regions[i].at, GUARDS, false))
		return none;
	if (!f->regions[i].count)
		return i;
	return never_true ? none : other_way(b, at, i);
}

static void scan(const struct finding *b, const struct coverage_span *at, unsigned *next_line,
	struct coverage_blocker *out)
{
	for (unsigned l = at->line; l <= at->end_line; l++) {
		if (l >= *next_line && l < b->file->n_lines && b->file->lines[l] == 0)
			out->lines++;
		if (l >= *next_line || l == at->line)
			coverage_calls_from(b->calls, part_of_line(b, at, l), &out->reached);
	}
	*next_line = MAX(*next_line, at->end_line + 1);
}

/* That region, and those that go with it. */
static void collect(const struct finding *b, size_t i, struct coverage_blocker *out)
{
	const struct coverage_file *f = b->file;
	struct coverage_span end = f->regions[i].at;
	unsigned next_line = end.line;

	coverage_calls_begin(b->calls);
	for (size_t first = i; i < f->n_regions && !f->regions[i].count; i++) {
		const struct coverage_span *at = &f->regions[i].at;
		bool inside = compare(at->line, at->column, end.end_line, end.end_column) < 0;

		if (i > first && !inside &&
			(is_label(b, at) ||
				!only_between(b, end.end_line, end.end_column, at, GUARDS, false)))
			break;
		scan(b, at, &next_line, out);
		if (compare(at->end_line, at->end_column, end.end_line, end.end_column) > 0)
			end = *at;
	}
	out->lines += out->reached.lines;
}

static const struct coverage_function *function_of(
	const struct coverage_file *f, const struct coverage_span *at)
{
	const struct coverage_function *in = NULL;

	for (size_t i = 0; i < f->n_functions; i++) {
		const struct coverage_span *fn = &f->functions[i].at;

		if (compare(fn->line, fn->column, at->line, at->column) > 0)
			break;
		if (compare(at->line, at->column, fn->end_line, fn->end_column) < 0)
			in = &f->functions[i];
	}
	return in;
}

/* A switch has a side for what no label takes; the labels themselves say all that can be said of it. */
static bool is_switch(const struct finding *b, const struct coverage_span *at)
{
	struct strv text = coverage_text_line(b->texts, b->file->path, at->line);

	text = strv_trim(strv_sub(text, 0, at->column ? at->column - 1 : 0));
	while (text.len && (text.s[text.len - 1] == '(' || strv_is_space(text.s[text.len - 1])))
		text.len--;
	return strv_ends(text, "switch");
}

static int best_first(const void *a, const void *b)
{
	const struct coverage_blocker *x = a, *y = b;

	if (x->lines != y->lines)
		return x->lines > y->lines ? -1 : 1;
	if (x->reached.functions != y->reached.functions)
		return x->reached.functions > y->reached.functions ? -1 : 1;
	if (x->file != y->file)
		return strcmp(x->file->path, y->file->path);
	return compare(x->at.line, x->at.column, y->at.line, y->at.column);
}

static void look_at(
	const struct finding *b, const struct coverage_branch *br, struct coverage_blockers *out)
{
	struct coverage_blocker found = { .file = b->file,
		.at = br->at,
		.never_true = !br->taken,
		.times = br->taken + br->not_taken };
	size_t i;

	if (!br->taken == !br->not_taken || is_switch(b, &br->at))
		return;
	i = first_behind(b, br, found.never_true);
	if (i == b->file->n_regions)
		return;
	found.in = function_of(b->file, &br->at);
	collect(b, i, &found);
	if (!found.lines && !found.reached.functions)
		return;
	GROW(out->v, out->n, out->cap);
	out->v[out->n++] = found;
}

/* Of conditions on one line the best, the first in it where they are equal: behind the others mostly lies the same. */
static void one_a_line(struct coverage_blockers *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n; i++) {
		size_t k = 0;

		while (k < n &&
			(b->v[k].file != b->v[i].file || b->v[k].at.line != b->v[i].at.line))
			k++;
		if (k == n)
			b->v[n++] = b->v[i];
	}
	b->n = n;
}

void coverage_blockers_find(const struct coverage_model *m, const bool *wanted,
	struct coverage_texts *texts, struct coverage_calls *calls, struct coverage_blockers *out)
{
	for (size_t i = 0; i < m->n; i++) {
		const struct finding b = { &m->files[i], texts, calls };

		/* what lies behind is read from the source: without it there's nothing to say */
		if (!wanted[i] || !coverage_text_there(texts, m->files[i].path))
			continue;
		for (size_t k = 0; k < m->files[i].n_branches; k++)
			look_at(&b, &m->files[i].branches[k], out);
	}
	if (out->n)
		qsort(out->v, out->n, sizeof(*out->v), best_first);
	one_a_line(out);
}

void coverage_blockers_release(struct coverage_blockers *b)
{
	free(b->v);
	*b = (struct coverage_blockers){ NULL };
}
