/* Covers: the steps, one after the other, and the kinds that need no proof. */
#include "base/prelude.h"
#include "corpus/cover.h"
#include "base/mem.h"
#include "corpus/cover_dual.h"
#include "corpus/cover_heap.h"
#include "corpus/cover_lagrange.h"
#include "corpus/cover_reduce.h"
#include "corpus/cover_search.h"
#include <math.h>

/* Fixing by reduced cost and relaxing again: by then nothing more goes. */
#define ROUNDS_MAX 6

void cover_release(struct cover *c)
{
	free(c->rows);
	cover_dual_release(&c->dual);
	*c = (struct cover){ 0 };
}

static void finish(const struct cover_matrix *m, struct cover *out)
{
	cover_sort(out->rows, out->n);
	out->cost = 0;
	for (size_t i = 0; i < out->n; i++)
		out->cost += cover_cost(m, out->rows[i]);
}

/* --- certified --- */

/* What is decided already, and the best cover so far. Numbers are those of rows outside. */
struct solving {
	struct cover_problem *p;
	uint32_t *fixed;
	size_t n_fixed;
	uint64_t fixed_cost;
	uint32_t *best;
	size_t n_best;
	uint64_t cost;
	/* of the first round, of columns' features: what is fixed later is proven otherwise */
	struct cover_dual prices;
};

/* What was found of the rest, with what is fixed, if that is better. */
static void keep(struct solving *x, const uint32_t *rows, size_t n, uint64_t cost)
{
	if (x->fixed_cost + cost >= x->cost)
		return;
	for (size_t i = 0; i < n; i++)
		x->best[i] = x->p->id[rows[i]];
	memcpy(x->best + n, x->fixed, x->n_fixed * sizeof(*x->fixed));
	x->n_best = n + x->n_fixed;
	x->cost = x->fixed_cost + cost;
}

/*
 * Rows that a cover of the rest for less than `cost` may hold: with any other one in, the bound is as high. How many; 0
 * also where they cover no more than a part, so that there is no such cover.
 */
static uint32_t still_possible(
	const struct cover_problem *p, const double *u, uint64_t cost, bool *row)
{
	bool *col = xcalloc((size_t)p->n_cols + 1, sizeof(*col));
	double *reduced = xcalloc((size_t)p->n_rows + 1, sizeof(*reduced));
	double low = cover_relaxed(p, u, reduced);
	uint32_t n = 0;

	for (uint32_t r = 0; r < p->n_rows; r++) {
		row[r] = cover_integer_bound(low + fmax(0, reduced[r])) < cost;
		n += row[r];
		for (uint32_t k = p->row_start[r]; row[r] && k < p->row_start[r + 1]; k++)
			col[p->row_cols[k]] = true;
	}
	for (uint32_t c = 0; c < p->n_cols; c++)
		if (!col[c])
			n = 0;
	free(reduced);
	free(col);
	return n;
}

static void keep_rows(struct cover_problem *p, const bool *row)
{
	bool *col = xcalloc((size_t)p->n_cols + 1, sizeof(*col));

	memset(col, true, p->n_cols);
	cover_problem_keep(p, row, col);
	free(col);
}

/* One round over the rest: a bound of it, at most the cost that is to be beaten. *again: it got smaller. */
static uint64_t relax_and_fix(struct solving *x, bool last, bool *again)
{
	struct cover_problem *p = x->p;
	uint32_t *rows = xcalloc((size_t)p->n_rows + 1, sizeof(*rows)), left;
	double *u = xcalloc((size_t)p->n_cols + 1, sizeof(*u));
	bool *row = xcalloc((size_t)p->n_rows + 1, sizeof(*row));
	uint64_t cost = x->cost - x->fixed_cost, low;
	size_t n = 0;

	*again = false;
	low = cover_lagrange(p, rows, &n, &cost, u);
	if (!x->prices.features)
		x->prices = (struct cover_dual){
			.features =
				xmemdup(p->feature, ((size_t)p->n_cols + 1) * sizeof(*p->feature)),
			.prices = xmemdup(u, ((size_t)p->n_cols + 1) * sizeof(*u)),
			.n = p->n_cols,
		};
	keep(x, rows, n, cost);
	if (low < cost) {
		left = still_possible(p, u, cost, row);
		if (!left) {
			low = cost;
		} else if (left < p->n_rows && !last) {
			keep_rows(p, row);
			*again = true;
		} else if (cover_search(p, u, rows, &n, &cost)) {
			keep(x, rows, n, cost);
			low = cost;
		} else {
			keep(x, rows, n, cost);
		}
	}
	free(rows);
	free(u);
	free(row);
	return MIN(low, cost);
}

/*
 * After each round the rest holds only covers better than the best, so a bound of the rest is one of the whole, up to the
 * best's own cost.
 */
static uint64_t solve(struct solving *x)
{
	uint64_t bound = 0;
	bool again = true;

	for (int round = 0; again; round++) {
		uint64_t fixed;

		x->fixed_cost += cover_reduce(x->p, x->fixed, &x->n_fixed);
		fixed = x->fixed_cost;
		if (fixed >= x->cost)
			return x->cost;
		if (!x->p->n_cols) {
			keep(x, NULL, 0, 0);
			return x->cost;
		}
		bound = MAX(bound, fixed + relax_and_fix(x, round == ROUNDS_MAX - 1, &again));
		again &= bound < x->cost;
	}
	return MIN(bound, x->cost);
}

static uint32_t count_features(const struct cover_matrix *m, const uint32_t *rows, size_t n)
{
	struct cover_numbers *x = cover_numbers_new();
	uint32_t have = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t k = m->start[rows[i]]; k < m->start[rows[i] + 1]; k++)
			cover_number(x, m->features[k], &have);
	cover_numbers_free(x);
	return have;
}

/* Hashes of columns collided, which nobody will see; but a cover is a cover. */
static void add_missing(const struct cover_matrix *m, struct cover *out)
{
	struct cover_numbers *x = cover_numbers_new();
	uint32_t n = 0;

	for (size_t i = 0; i < out->n; i++)
		for (size_t k = m->start[out->rows[i]]; k < m->start[out->rows[i] + 1]; k++)
			cover_number(x, m->features[k], &n);
	for (uint32_t i = 0; i < m->n; i++) {
		uint32_t before = n;

		for (size_t k = m->start[i]; k < m->start[i + 1]; k++)
			cover_number(x, m->features[k], &n);
		if (n > before)
			out->rows[out->n++] = i;
	}
	cover_numbers_free(x);
}

/* What reductions leave is chosen greedily. */
static uint64_t solve_quickly(struct solving *x)
{
	uint32_t *rows = xcalloc((size_t)x->p->n_rows + 1, sizeof(*rows));
	uint64_t cost = 0;
	size_t n = 0;

	x->fixed_cost += cover_reduce(x->p, x->fixed, &x->n_fixed);
	if (x->p->n_cols)
		cover_greedy(x->p, rows, &n, &cost);
	keep(x, rows, n, cost);
	free(rows);
	return 0;
}

static void cover_by(const struct cover_matrix *m, uint64_t (*how)(struct solving *x),
	bool with_dual, struct cover *out)
{
	struct cover_problem whole, p;
	struct solving x = { .p = &p, .cost = UINT64_MAX / 4 };
	uint32_t *features;

	*out = (struct cover){ 0 };
	x.best = xcalloc(m->n + 1, sizeof(*x.best));
	x.fixed = xcalloc(m->n + 1, sizeof(*x.fixed));
	cover_problem_init(&whole, m, &features, &out->features);
	p = whole;
	p.borrowed = true;
	out->bound = how(&x);
	out->rows = x.best;
	out->n = x.n_best;
	if (with_dual) {
		cover_dual_make(&whole, &x.prices, features, out->features, &out->dual);
		/* by the choice of what is priced it may be the better one */
		out->bound = MAX(out->bound, MIN(cover_integer_bound(out->dual.low), x.cost));
	}
	if (count_features(m, out->rows, out->n) < out->features)
		add_missing(m, out);
	finish(m, out);
	cover_problem_release(&p);
	cover_problem_release(&whole);
	cover_dual_release(&x.prices);
	free(features);
	free(x.fixed);
}

void cover_certified(const struct cover_matrix *m, struct cover *out)
{
	cover_by(m, solve, true, out);
}

void cover_quick(const struct cover_matrix *m, struct cover *out)
{
	cover_by(m, solve_quickly, false, out);
}

/* --- random --- */

void cover_random(const struct cover_matrix *m, struct rng *rng, struct cover *out)
{
	struct cover_numbers *x = cover_numbers_new();
	uint32_t *order = xcalloc(m->n + 1, sizeof(*order)), n = 0, seen = 0;
	size_t cap = 64, kept = 0;
	uint32_t *count = xcalloc(cap, sizeof(*count));

	*out = (struct cover){ .rows = xcalloc(m->n + 1, sizeof(*out->rows)) };
	for (uint32_t i = 0; i < m->n; i++) {
		uint32_t k = (uint32_t)rng_below(rng, i + 1);

		order[i] = order[k];
		order[k] = i;
	}
	for (size_t i = 0; i < m->n; i++) {
		uint32_t r = order[i];

		for (size_t k = m->start[r]; k < m->start[r + 1]; k++)
			cover_number(x, m->features[k], &n);
		if (n == seen)
			continue;
		for (; seen < n; seen++) {
			GROW(count, seen, cap);
			count[seen] = 0;
		}
		for (size_t k = m->start[r]; k < m->start[r + 1]; k++)
			count[cover_number(x, m->features[k], &n)]++;
		out->rows[out->n++] = r;
	}
	/* the last taken is needed; the first may be no longer */
	for (size_t i = 0; i < out->n; i++) {
		uint32_t r = out->rows[i];
		size_t k = m->start[r];

		while (k < m->start[r + 1] && count[cover_number(x, m->features[k], &n)] > 1)
			k++;
		if (k < m->start[r + 1]) {
			out->rows[kept++] = r;
			continue;
		}
		for (k = m->start[r]; k < m->start[r + 1]; k++)
			count[cover_number(x, m->features[k], &n)]--;
	}
	out->n = kept;
	out->features = n;
	finish(m, out);
	free(count);
	free(order);
	cover_numbers_free(x);
}

/* --- within a budget --- */

static uint32_t gain_of(
	const struct cover_matrix *m, uint32_t r, struct cover_numbers *x, const bool *have)
{
	uint32_t n = 0, all = 0;

	for (size_t k = m->start[r]; k < m->start[r + 1]; k++)
		n += !have[cover_number(x, m->features[k], &all)];
	return n;
}

static struct cover_numbers *number_all(const struct cover_matrix *m, uint32_t *n)
{
	struct cover_numbers *x = cover_numbers_new();

	*n = 0;
	for (size_t k = 0; k < m->start[m->n]; k++)
		cover_number(x, m->features[k], n);
	return x;
}

struct within {
	const struct cover_matrix *m;
	struct cover_numbers *x;
	bool *have;
	uint64_t budget;
	size_t max_rows;
	struct cover *out;
};

/* If it adds anything and fits. */
static bool take_within(struct within *w, uint32_t r, uint32_t gain)
{
	uint32_t n;

	if (!gain || cover_cost(w->m, r) > w->budget - w->out->cost ||
		(w->max_rows && w->out->n == w->max_rows))
		return false;
	w->out->rows[w->out->n++] = r;
	w->out->cost += cover_cost(w->m, r);
	w->out->features += gain;
	for (size_t k = w->m->start[r]; k < w->m->start[r + 1]; k++)
		w->have[cover_number(w->x, w->m->features[k], &n)] = true;
	return true;
}

/* Gains only shrink, so the score, a gain's negative, only rises. */
void cover_within(const struct cover_matrix *m, uint64_t budget, size_t max_rows,
	const uint32_t *first, size_t n_first, struct cover *out)
{
	struct cover_heap h = { .v = xcalloc(m->n + 1, sizeof(*h.v)) };
	struct within w = { .m = m, .budget = budget, .max_rows = max_rows, .out = out };
	uint32_t n_all;

	*out = (struct cover){ .rows = xcalloc(m->n + 1, sizeof(*out->rows)) };
	w.x = number_all(m, &n_all);
	w.have = xcalloc((size_t)n_all + 1, sizeof(*w.have));
	for (size_t i = 0; i < n_first; i++)
		take_within(&w, first[i], gain_of(m, first[i], w.x, w.have));
	for (uint32_t i = 0; i < m->n; i++)
		if (cover_cost(m, i) <= budget && m->start[i + 1] > m->start[i])
			h.v[h.n++] = (struct cover_heap_row){
				-(double)(m->start[i + 1] - m->start[i]) / (double)cover_cost(m, i),
				i
			};
	cover_heap_make(&h);
	while (h.n && (!max_rows || out->n < max_rows)) {
		uint32_t r = h.v[0].row, gain = gain_of(m, r, w.x, w.have);
		double now = -(double)gain / (double)cover_cost(m, r);
		bool fits = gain && cover_cost(m, r) <= budget - out->cost;

		if (fits && now > h.v[0].score) {
			cover_heap_rescore(&h, now);
			continue;
		}
		take_within(&w, r, gain);
		cover_heap_pop(&h);
	}
	finish(m, out);
	free(w.have);
	free(h.v);
	cover_numbers_free(w.x);
}

size_t cover_count_features(const struct cover_matrix *m)
{
	struct cover_numbers *x = cover_numbers_new();
	uint32_t n = 0;

	for (size_t k = m->start[0]; k < m->start[m->n]; k++)
		cover_number(x, m->features[k], &n);
	cover_numbers_free(x);
	return n;
}

bool cover_is_whole(const struct cover_matrix *m, const uint32_t *rows, size_t n)
{
	struct cover_numbers *x = cover_numbers_new();
	uint32_t have = 0, all;

	for (size_t i = 0; i < n; i++)
		for (size_t k = m->start[rows[i]]; k < m->start[rows[i] + 1]; k++)
			cover_number(x, m->features[k], &have);
	all = have;
	for (size_t k = 0; k < m->start[m->n]; k++)
		cover_number(x, m->features[k], &all);
	cover_numbers_free(x);
	return all == have;
}
