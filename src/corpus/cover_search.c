/*
 * Branch and bound on what relaxation left. The column with the fewest rows is covered by each of them in turn; a row that
 * was tried is out for its brothers. With the prices fixed, the bound of a node follows from its parent's by the
 * reduced cost of the row that came in or went out (Beasley, "An algorithm for set covering problem", 1987).
 */
#include "base/prelude.h"
#include "corpus/cover_search.h"
#include "base/mem.h"
#include "corpus/cover_lagrange.h"
#include <math.h>

/* Entries looked at: some hundredths of a second, in which small rests end and large ones never would. */
#define WORK_MAX ((uint64_t)3 << 20)

struct search {
	const struct cover_problem *p;
	double *reduced;
	uint32_t *count; /* by column: how many of the chosen rows have it */
	uint32_t *out;   /* by row: at how many levels it was tried before */
	uint32_t *chosen, *best;
	size_t n, *n_best;
	uint64_t cost, *best_cost, work;
};

static bool hopeless(const struct search *x, double low)
{
	return cover_integer_bound(low) >= *x->best_cost;
}

/* UINT32_MAX: all are covered. *n: how many rows it may be covered by. */
static uint32_t hardest_column(struct search *x, uint32_t *n)
{
	const struct cover_problem *p = x->p;
	uint32_t found = UINT32_MAX;

	*n = UINT32_MAX;
	for (uint32_t c = 0; c<p->n_cols && * n> 1; c++) {
		uint32_t open = 0;

		if (x->count[c])
			continue;
		for (uint32_t k = p->col_start[c]; k < p->col_start[c + 1] && open < *n; k++)
			open += !x->out[p->col_rows[k]];
		x->work += p->col_start[c + 1] - p->col_start[c];
		if (open < *n) {
			*n = open;
			found = c;
		}
	}
	return found;
}

static void choose(struct search *x, uint32_t r, bool in)
{
	const struct cover_problem *p = x->p;

	for (uint32_t k = p->row_start[r]; k < p->row_start[r + 1]; k++)
		x->count[p->row_cols[k]] += in ? 1 : UINT32_MAX;
	x->work += p->row_start[r + 1] - p->row_start[r];
	if (in) {
		x->chosen[x->n++] = r;
		x->cost += p->cost[r];
	} else {
		x->n--;
		x->cost -= p->cost[r];
	}
}

static void keep_best(struct search *x)
{
	if (x->cost >= *x->best_cost)
		return;
	*x->best_cost = x->cost;
	*x->n_best = x->n;
	memcpy(x->best, x->chosen, x->n * sizeof(*x->best));
}

/* The open row of c with the least reduced cost. */
static uint32_t next_row(const struct search *x, uint32_t c)
{
	const struct cover_problem *p = x->p;
	uint32_t found = UINT32_MAX;

	for (uint32_t k = p->col_start[c]; k < p->col_start[c + 1]; k++) {
		uint32_t r = p->col_rows[k];

		if (!x->out[r] && (found == UINT32_MAX || x->reduced[r] < x->reduced[found]))
			found = r;
	}
	return found;
}

static void node(struct search *x, double low)
{
	uint32_t open, c, r, first = 0;
	uint32_t *tried;

	if (x->work > WORK_MAX || hopeless(x, low))
		return;
	c = hardest_column(x, &open);
	if (c == UINT32_MAX) {
		keep_best(x);
		return;
	}
	tried = xcalloc((size_t)open + 1, sizeof(*tried));
	while (first < open && (r = next_row(x, c)) != UINT32_MAX && !hopeless(x, low)) {
		choose(x, r, true);
		node(x, low + fmax(0, x->reduced[r]));
		choose(x, r, false);
		x->out[r]++;
		tried[first++] = r;
		low += fmax(0, -x->reduced[r]);
	}
	while (first)
		x->out[tried[--first]]--;
	free(tried);
}

bool cover_search(const struct cover_problem *p, const double *u, uint32_t *best, size_t *n_best,
	uint64_t *cost)
{
	struct search x = { .p = p, .best = best, .n_best = n_best, .best_cost = cost };
	double low;
	bool ended;

	x.reduced = xcalloc((size_t)p->n_rows + 1, sizeof(*x.reduced));
	x.count = xcalloc((size_t)p->n_cols + 1, sizeof(*x.count));
	x.out = xcalloc((size_t)p->n_rows + 1, sizeof(*x.out));
	x.chosen = xcalloc((size_t)p->n_rows + 1, sizeof(*x.chosen));
	low = cover_relaxed(p, u, x.reduced);
	node(&x, low);
	ended = x.work <= WORK_MAX;
	free(x.reduced);
	free(x.count);
	free(x.out);
	free(x.chosen);
	return ended;
}
