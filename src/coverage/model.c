/* Places in order; the same place twice is one, its counts together. */
#include "base/prelude.h"
#include "coverage/model.h"
#include "base/mem.h"

void coverage_model_release(struct coverage_model *m)
{
	for (size_t i = 0; i < m->n; i++) {
		struct coverage_file *f = &m->files[i];

		for (size_t k = 0; k < f->n_functions; k++)
			free(f->functions[k].name);
		free(f->path);
		free(f->lines);
		free(f->regions);
		free(f->branches);
		free(f->functions);
	}
	free(m->files);
	*m = (struct coverage_model)COVERAGE_MODEL_INIT;
}

/* Where the path is, or would be. */
static size_t place_of(const struct coverage_model *m, const char *path, bool *there)
{
	size_t low = 0, high = m->n;

	*there = false;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int c = strcmp(m->files[mid].path, path);

		if (c == 0) {
			*there = true;
			return mid;
		}
		if (c < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

struct coverage_file *coverage_model_file(struct coverage_model *m, const char *path)
{
	bool there;
	size_t at = place_of(m, path, &there);

	if (there)
		return &m->files[at];
	GROW(m->files, m->n, m->cap);
	memmove(m->files + at + 1, m->files + at, (m->n - at) * sizeof(*m->files));
	m->n++;
	m->files[at] = (struct coverage_file){ .path = xstrdup(path) };
	return &m->files[at];
}

const struct coverage_file *coverage_model_find(const struct coverage_model *m, const char *path)
{
	bool there;
	size_t at = place_of(m, path, &there);

	return there ? &m->files[at] : NULL;
}

void coverage_add_region(struct coverage_file *f, const struct coverage_region *r)
{
	GROW(f->regions, f->n_regions, f->cap_regions);
	f->regions[f->n_regions++] = *r;
}

void coverage_add_branch(struct coverage_file *f, const struct coverage_branch *b)
{
	GROW(f->branches, f->n_branches, f->cap_branches);
	f->branches[f->n_branches++] = *b;
}

void coverage_add_function(
	struct coverage_file *f, const char *name, const struct coverage_span *at, uint64_t count)
{
	GROW(f->functions, f->n_functions, f->cap_functions);
	f->functions[f->n_functions++] = (struct coverage_function){ xstrdup(name), *at, count };
}

/* Counts are clang's, of one run or of many; they stop short of what says that there's no code. */
static uint64_t sum(uint64_t a, uint64_t b)
{
	return b < COVERAGE_NO_CODE - 1 - a ? a + b : COVERAGE_NO_CODE - 1;
}

void coverage_add_line(struct coverage_file *f, unsigned line, uint64_t count)
{
	if (!line || line > COVERAGE_LINES_MAX)
		return;
	if (line >= f->n_lines) {
		size_t n = MAX((size_t)line + 1, f->n_lines * 2);

		f->lines = xrealloc(f->lines, n * sizeof(*f->lines));
		for (size_t i = f->n_lines; i < n; i++)
			f->lines[i] = COVERAGE_NO_CODE;
		f->n_lines = n;
	}
	f->lines[line] = f->lines[line] == COVERAGE_NO_CODE ? MIN(count, COVERAGE_NO_CODE - 1)
							    : sum(f->lines[line], count);
}

void coverage_model_add(struct coverage_model *m, const struct coverage_model *other)
{
	for (size_t i = 0; i < other->n; i++) {
		const struct coverage_file *from = &other->files[i];
		struct coverage_file *f = coverage_model_file(m, from->path);

		for (size_t l = 1; l < from->n_lines; l++)
			if (from->lines[l] != COVERAGE_NO_CODE)
				coverage_add_line(f, (unsigned)l, from->lines[l]);
		for (size_t k = 0; k < from->n_regions; k++)
			coverage_add_region(f, &from->regions[k]);
		for (size_t k = 0; k < from->n_branches; k++)
			coverage_add_branch(f, &from->branches[k]);
		for (size_t k = 0; k < from->n_functions; k++)
			coverage_add_function(f, from->functions[k].name, &from->functions[k].at,
				from->functions[k].count);
	}
}

/* From where; of one start the longest first, so that what holds others comes before them. */
static int by_span(const struct coverage_span *a, const struct coverage_span *b)
{
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	if (a->column != b->column)
		return a->column < b->column ? -1 : 1;
	if (a->end_line != b->end_line)
		return a->end_line > b->end_line ? -1 : 1;
	return (a->end_column < b->end_column) - (a->end_column > b->end_column);
}

static int by_region(const void *a, const void *b)
{
	return by_span(
		&((const struct coverage_region *)a)->at, &((const struct coverage_region *)b)->at);
}

static int by_branch(const void *a, const void *b)
{
	return by_span(
		&((const struct coverage_branch *)a)->at, &((const struct coverage_branch *)b)->at);
}

static int by_function(const void *a, const void *b)
{
	const struct coverage_function *x = a, *y = b;
	int c = by_span(&x->at, &y->at);

	return c ? c : strcmp(x->name, y->name);
}

static void settle(struct coverage_file *f)
{
	size_t n = 0;

	if (f->n_regions)
		qsort(f->regions, f->n_regions, sizeof(*f->regions), by_region);
	for (size_t i = 0; i < f->n_regions; i++)
		if (n && !by_region(&f->regions[n - 1], &f->regions[i]))
			f->regions[n - 1].count = sum(f->regions[n - 1].count, f->regions[i].count);
		else
			f->regions[n++] = f->regions[i];
	f->n_regions = n;
	n = 0;
	if (f->n_branches)
		qsort(f->branches, f->n_branches, sizeof(*f->branches), by_branch);
	for (size_t i = 0; i < f->n_branches; i++) {
		struct coverage_branch *last = n ? &f->branches[n - 1] : NULL, *b = &f->branches[i];

		if (last && !by_branch(last, b)) {
			last->taken = sum(last->taken, b->taken);
			last->not_taken = sum(last->not_taken, b->not_taken);
		} else {
			f->branches[n++] = *b;
		}
	}
	f->n_branches = n;
	n = 0;
	if (f->n_functions)
		qsort(f->functions, f->n_functions, sizeof(*f->functions), by_function);
	for (size_t i = 0; i < f->n_functions; i++) {
		struct coverage_function *last = n ? &f->functions[n - 1] : NULL,
					 *fn = &f->functions[i];

		/* instances of a template, or of an inline function, are one */
		if (last && !by_span(&last->at, &fn->at)) {
			last->count = sum(last->count, fn->count);
			free(fn->name);
		} else {
			f->functions[n++] = *fn;
		}
	}
	f->n_functions = n;
}

void coverage_model_settle(struct coverage_model *m)
{
	for (size_t i = 0; i < m->n; i++)
		settle(&m->files[i]);
}

static void tally(struct coverage_ratio *r, bool covered)
{
	r->n++;
	r->covered += covered;
}

void coverage_count(const struct coverage_file *f, struct coverage_counts *out)
{
	for (size_t i = 1; i < f->n_lines; i++)
		if (f->lines[i] != COVERAGE_NO_CODE)
			tally(&out->lines, f->lines[i] > 0);
	for (size_t i = 0; i < f->n_functions; i++)
		tally(&out->functions, f->functions[i].count > 0);
	for (size_t i = 0; i < f->n_regions; i++)
		tally(&out->regions, f->regions[i].count > 0);
	for (size_t i = 0; i < f->n_branches; i++) {
		tally(&out->branches, f->branches[i].taken > 0);
		tally(&out->branches, f->branches[i].not_taken > 0);
	}
}
