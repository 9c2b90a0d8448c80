/*
 * Each column has a price u; a row is worth taking when its columns' prices exceed its cost. For any prices,
 * sum(u) + sum of min(0, cost - prices of its columns) over all rows bounds the cost of every cover from below. Subgradient
 * steps raise the prices of what isn't covered and lower those of what is covered twice; every few steps the prices
 * lead a greedy choice to a cover.
 */
#include "base/prelude.h"
#include "corpus/cover_lagrange.h"
#include "base/mem.h"
#include "corpus/cover_heap.h"
#include <math.h>

/* Entries looked at, in all: some tenths of a second. */
#define WORK_MAX ((uint64_t)250 << 20)
#define ROUNDS_MAX 3000
/* Without a better bound for so long there is none to be had. */
#define ROUNDS_IDLE 250
#define STEP_EVERY 20
#define GREEDY_EVERY 20
/* Rounding of sums must not lift a bound over an integer. */
#define ROUNDING 1e-6

struct lagrange {
	const struct cover_problem *p;
	double *u, *best_u;
	double *reduced;   /* by row: cost less the prices of its columns */
	uint32_t *covered; /* by column: by how many of the rows worth taking */
	double low, best_low;
	/* of the greedy choice */
	struct cover_heap heap;
	double *gamma;
	uint32_t *mu, *count, *chosen;
	uint64_t work;
};

/* --- a greedy cover under the prices --- */

static double score(double gamma, uint32_t mu)
{
	return gamma > 0 ? gamma / mu : gamma * mu;
}

static void heap_init(struct lagrange *x)
{
	const struct cover_problem *p = x->p;

	x->heap.n = 0;
	for (uint32_t r = 0; r < p->n_rows; r++) {
		x->gamma[r] = x->reduced[r];
		x->mu[r] = p->row_start[r + 1] - p->row_start[r];
		if (x->mu[r])
			x->heap.v[x->heap.n++] =
				(struct cover_heap_row){ score(x->gamma[r], x->mu[r]), r };
	}
	cover_heap_make(&x->heap);
}

/* The row is taken: what it covers is worth nothing to others any more. How many columns were new. */
static uint32_t take(struct lagrange *x, uint32_t r)
{
	const struct cover_problem *p = x->p;
	uint32_t fresh = 0;

	for (uint32_t k = p->row_start[r]; k < p->row_start[r + 1]; k++) {
		uint32_t c = p->row_cols[k];

		if (x->count[c]++)
			continue;
		fresh++;
		for (uint32_t i = p->col_start[c]; i < p->col_start[c + 1]; i++) {
			x->gamma[p->col_rows[i]] += x->u[c];
			x->mu[p->col_rows[i]]--;
		}
		x->work += p->col_start[c + 1] - p->col_start[c];
	}
	return fresh;
}

/* Scores only rise as columns get covered, so a row at the top whose score is still true is the best. */
static size_t greedy(struct lagrange *x)
{
	const struct cover_problem *p = x->p;
	uint32_t left = p->n_cols;
	size_t n = 0;

	memset(x->count, 0, (size_t)p->n_cols * sizeof(*x->count));
	heap_init(x);
	while (left) {
		const struct cover_heap_row *top = &x->heap.v[0];
		uint32_t r = top->row;
		double now = x->mu[r] ? score(x->gamma[r], x->mu[r]) : 0;

		if (x->mu[r] && now > top->score) {
			cover_heap_rescore(&x->heap, now);
			continue;
		}
		if (x->mu[r]) {
			left -= take(x, r);
			x->chosen[n++] = r;
		}
		cover_heap_pop(&x->heap);
	}
	cover_drop_needless(p, x->chosen, &n, x->count);
	return n;
}

static void try_greedy(struct lagrange *x, uint32_t *best, size_t *n_best, uint64_t *cost)
{
	size_t n = greedy(x);
	uint64_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += x->p->cost[x->chosen[i]];
	if (sum >= *cost)
		return;
	*cost = sum;
	*n_best = n;
	memcpy(best, x->chosen, n * sizeof(*best));
}

/* --- the prices --- */

static void first_prices(struct lagrange *x)
{
	const struct cover_problem *p = x->p;

	for (uint32_t c = 0; c < p->n_cols; c++)
		x->u[c] = HUGE_VAL;
	for (uint32_t r = 0; r < p->n_rows; r++) {
		uint32_t len = p->row_start[r + 1] - p->row_start[r];

		for (uint32_t k = p->row_start[r]; k < p->row_start[r + 1]; k++)
			x->u[p->row_cols[k]] = MIN(x->u[p->row_cols[k]], (double)p->cost[r] / len);
	}
}

double cover_relaxed(const struct cover_problem *p, const double *u, double *reduced)
{
	double low = 0;

	for (uint32_t c = 0; c < p->n_cols; c++)
		low += u[c];
	for (uint32_t r = 0; r < p->n_rows; r++) {
		double worth = 0;

		for (uint32_t k = p->row_start[r]; k < p->row_start[r + 1]; k++)
			worth += u[p->row_cols[k]];
		reduced[r] = (double)p->cost[r] - worth;
		low += MIN(0, reduced[r]);
	}
	return low;
}

/* Under today's prices: reduced costs, how often each column is covered, the bound. */
static void relax(struct lagrange *x)
{
	const struct cover_problem *p = x->p;

	x->low = cover_relaxed(p, x->u, x->reduced);
	memset(x->covered, 0, (size_t)p->n_cols * sizeof(*x->covered));
	for (uint32_t r = 0; r < p->n_rows; r++)
		for (uint32_t k = p->row_start[r]; x->reduced[r] < 0 && k < p->row_start[r + 1];
			k++)
			x->covered[p->row_cols[k]]++;
	x->work += p->row_start[p->n_rows];
	if (x->low > x->best_low) {
		x->best_low = x->low;
		memcpy(x->best_u, x->u, (size_t)p->n_cols * sizeof(*x->u));
	}
}

static void move_prices(struct lagrange *x, double step, uint64_t cost)
{
	double norm = 0;

	for (uint32_t c = 0; c < x->p->n_cols; c++) {
		double s = 1.0 - x->covered[c];

		/* one that is free already can't become cheaper */
		norm += x->u[c] > 0 || s > 0 ? s * s : 0;
	}
	if (norm <= 0)
		return;
	step *= ((double)cost - x->low) / norm;
	for (uint32_t c = 0; c < x->p->n_cols; c++) {
		double u = x->u[c] + step * (1.0 - x->covered[c]);

		x->u[c] = MAX(0, u);
	}
}

uint64_t cover_integer_bound(double low)
{
	return low <= 0 ? 0 : (uint64_t)ceil(low - ROUNDING * (1 + low));
}

static void lagrange_init(struct lagrange *x, const struct cover_problem *p, double *u)
{
	size_t rows = (size_t)p->n_rows + 1, cols = (size_t)p->n_cols + 1;

	*x = (struct lagrange){ .p = p, .best_u = u, .best_low = -1 };
	x->u = xcalloc(cols, sizeof(*x->u));
	x->reduced = xcalloc(rows, sizeof(*x->reduced));
	x->covered = xcalloc(cols, sizeof(*x->covered));
	x->heap.v = xcalloc(rows, sizeof(*x->heap.v));
	x->gamma = xcalloc(rows, sizeof(*x->gamma));
	x->mu = xcalloc(rows, sizeof(*x->mu));
	x->count = xcalloc(cols, sizeof(*x->count));
	x->chosen = xcalloc(rows, sizeof(*x->chosen));
}

static void lagrange_release(struct lagrange *x)
{
	free(x->u);
	free(x->reduced);
	free(x->covered);
	free(x->heap.v);
	free(x->gamma);
	free(x->mu);
	free(x->count);
	free(x->chosen);
}

void cover_greedy(const struct cover_problem *p, uint32_t *rows, size_t *n, uint64_t *cost)
{
	double *u = xcalloc((size_t)p->n_cols + 1, sizeof(*u));
	struct lagrange x;

	lagrange_init(&x, p, u);
	first_prices(&x);
	relax(&x);
	*cost = UINT64_MAX;
	try_greedy(&x, rows, n, cost);
	lagrange_release(&x);
	free(u);
}

uint64_t cover_lagrange(
	const struct cover_problem *p, uint32_t *best, size_t *n_best, uint64_t *cost, double *u)
{
	struct lagrange x;
	double step = 0.1, high = -1, low = HUGE_VAL, last = -1;
	uint64_t bound;
	int idle = 0;

	lagrange_init(&x, p, u);
	first_prices(&x);
	for (int i = 0; i < ROUNDS_MAX && x.work < WORK_MAX && idle < ROUNDS_IDLE; i++) {
		relax(&x);
		if (i % GREEDY_EVERY == 0)
			try_greedy(&x, best, n_best, cost);
		if (cover_integer_bound(x.best_low) >= *cost)
			break;
		high = fmax(high, x.low);
		low = fmin(low, x.low);
		if (i % STEP_EVERY == STEP_EVERY - 1) {
			/* far apart: the steps overshoot; close together: they lead nowhere */
			if (high - low > 0.01 * fabs(high))
				step *= 0.5;
			else if (high - low < 0.001 * fabs(high))
				step *= 1.5;
			high = -1;
			low = HUGE_VAL;
		}
		idle = x.best_low > last + 1e-4 * fabs(last) ? 0 : idle + 1;
		last = idle ? last : x.best_low;
		move_prices(&x, step, *cost);
	}
	memcpy(x.u, u, (size_t)p->n_cols * sizeof(*u));
	relax(&x);
	try_greedy(&x, best, n_best, cost);
	bound = cover_integer_bound(x.best_low);
	lagrange_release(&x);
	return MIN(bound, *cost);
}
