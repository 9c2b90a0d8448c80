/*
 * What is decided before any search. A column that one row alone has makes the row essential. A column whose rows all
 * have another column, too, needs no looking after: who covers it covers the other. A row whose columns another one
 * has for no more cost is never needed. Each makes way for the others.
 */
#include "base/prelude.h"
#include "corpus/cover_reduce.h"
#include "base/mem.h"

/* Steps of all searches of one round; beyond it the rest stays as it is, which costs time later and no truth. */
#define WORK_MAX ((uint64_t)400 << 20)

struct reduction {
	struct cover_problem *p;
	bool *row, *col;             /* still there */
	uint32_t *row_len, *col_len; /* of what is still there */
	uint64_t work;
	bool changed;
	uint32_t *order; /* a row's columns, the rarest first */
	size_t cap;
};

static void drop_col(struct reduction *x, uint32_t c)
{
	const struct cover_problem *p = x->p;

	x->col[c] = false;
	x->changed = true;
	for (uint32_t k = p->col_start[c]; k < p->col_start[c + 1]; k++)
		x->row_len[p->col_rows[k]]--;
}

static void drop_row(struct reduction *x, uint32_t r)
{
	const struct cover_problem *p = x->p;

	x->row[r] = false;
	x->changed = true;
	for (uint32_t k = p->row_start[r]; k < p->row_start[r + 1]; k++)
		x->col_len[p->row_cols[k]]--;
}

static uint64_t take_essentials(struct reduction *x, uint32_t *chosen, size_t *n)
{
	struct cover_problem *p = x->p;
	uint64_t cost = 0;

	for (uint32_t c = 0; c < p->n_cols; c++) {
		uint32_t r = UINT32_MAX;

		if (!x->col[c] || x->col_len[c] != 1)
			continue;
		for (uint32_t k = p->col_start[c]; k < p->col_start[c + 1]; k++)
			if (x->row[p->col_rows[k]])
				r = p->col_rows[k];
		chosen[(*n)++] = p->id[r];
		cost += p->cost[r];
		for (uint32_t k = p->row_start[r]; k < p->row_start[r + 1]; k++)
			if (x->col[p->row_cols[k]])
				drop_col(x, p->row_cols[k]);
		drop_row(x, r);
	}
	return cost;
}

static bool row_has(struct reduction *x, uint32_t r, uint32_t c)
{
	const struct cover_problem *p = x->p;
	uint32_t low = p->row_start[r], high = p->row_start[r + 1];

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		x->work++;
		if (p->row_cols[mid] < c)
			low = mid + 1;
		else
			high = mid;
	}
	return low < p->row_start[r + 1] && p->row_cols[low] == c;
}

/* Columns of r that are left, the rarest first: there most comparisons end at once. */
static size_t by_rarity(struct reduction *x, uint32_t r)
{
	const struct cover_problem *p = x->p;
	size_t n = 0;

	for (uint32_t k = p->row_start[r]; k < p->row_start[r + 1]; k++) {
		uint32_t c = p->row_cols[k];
		size_t at;

		if (!x->col[c])
			continue;
		GROW(x->order, n, x->cap);
		/* the first few decide: they are sorted, the rest stand behind */
		if (n > 4 && x->col_len[x->order[4]] <= x->col_len[c]) {
			x->order[n++] = c;
			continue;
		}
		for (at = MIN(n, (size_t)5); at && x->col_len[x->order[at - 1]] > x->col_len[c];
			at--)
			;
		memmove(x->order + at + 1, x->order + at, (n - at) * sizeof(*x->order));
		x->order[at] = c;
		n++;
	}
	return n;
}

static bool row_dominated(struct reduction *x, uint32_t r, size_t n)
{
	const struct cover_problem *p = x->p;
	uint32_t rarest = x->order[0];

	for (uint32_t k = p->col_start[rarest]; k < p->col_start[rarest + 1]; k++) {
		uint32_t s = p->col_rows[k];
		size_t i = 1;

		x->work++;
		/* of two equal ones the second goes */
		if (s == r || !x->row[s] || p->cost[s] > p->cost[r] ||
			x->row_len[s] < x->row_len[r] ||
			(p->cost[s] == p->cost[r] && x->row_len[s] == x->row_len[r] && s > r))
			continue;
		while (i < n && row_has(x, s, x->order[i]))
			i++;
		if (i == n)
			return true;
	}
	return false;
}

static void drop_dominated_rows(struct reduction *x)
{
	for (uint32_t r = 0; r < x->p->n_rows && x->work < WORK_MAX; r++) {
		size_t n = x->row[r] ? by_rarity(x, r) : 0;

		if (!x->row[r])
			continue;
		if (!n || row_dominated(x, r, n))
			drop_row(x, r);
	}
}

/* A column that all rows of c have, too, is covered with it: dropped. */
static void drop_implied_by(struct reduction *x, uint32_t c)
{
	const struct cover_problem *p = x->p;
	uint32_t shortest = UINT32_MAX;

	for (uint32_t k = p->col_start[c]; k < p->col_start[c + 1]; k++) {
		uint32_t r = p->col_rows[k];

		if (x->row[r] && (shortest == UINT32_MAX || x->row_len[r] < x->row_len[shortest]))
			shortest = r;
	}
	for (uint32_t k = p->row_start[shortest]; k < p->row_start[shortest + 1]; k++) {
		uint32_t g = p->row_cols[k], at = p->col_start[c];

		x->work++;
		if (g == c || !x->col[g] || x->col_len[g] < x->col_len[c] ||
			(g < c && x->col_len[g] == x->col_len[c]))
			continue;
		while (at < p->col_start[c + 1] &&
			(!x->row[p->col_rows[at]] || row_has(x, p->col_rows[at], g)))
			at++;
		if (at == p->col_start[c + 1])
			drop_col(x, g);
	}
}

static void drop_implied_columns(struct reduction *x)
{
	const struct cover_problem *p = x->p;
	uint32_t *count = xcalloc((size_t)p->n_rows + 2, sizeof(*count));
	uint32_t *order = xcalloc((size_t)p->n_cols + 1, sizeof(*order));

	/* the rarest first: they imply the most, and cost the least to look at */
	for (uint32_t c = 0; c < p->n_cols; c++)
		count[x->col_len[c] + 1]++;
	for (uint32_t i = 0; i <= p->n_rows; i++)
		count[i + 1] += count[i];
	for (uint32_t c = 0; c < p->n_cols; c++)
		order[count[x->col_len[c]]++] = c;
	for (uint32_t i = 0; i < p->n_cols && x->work < WORK_MAX; i++)
		if (x->col[order[i]] && x->col_len[order[i]])
			drop_implied_by(x, order[i]);
	free(order);
	free(count);
}

uint64_t cover_reduce(struct cover_problem *p, uint32_t *chosen, size_t *n)
{
	uint64_t cost = 0;
	bool again = true;

	while (again && p->n_cols) {
		struct reduction x = { .p = p };

		x.row = xcalloc((size_t)p->n_rows + 1, sizeof(*x.row));
		x.col = xcalloc((size_t)p->n_cols + 1, sizeof(*x.col));
		x.row_len = xcalloc((size_t)p->n_rows + 1, sizeof(*x.row_len));
		x.col_len = xcalloc((size_t)p->n_cols + 1, sizeof(*x.col_len));
		memset(x.row, true, p->n_rows);
		memset(x.col, true, p->n_cols);
		for (uint32_t r = 0; r < p->n_rows; r++)
			x.row_len[r] = p->row_start[r + 1] - p->row_start[r];
		for (uint32_t c = 0; c < p->n_cols; c++)
			x.col_len[c] = p->col_start[c + 1] - p->col_start[c];
		cost += take_essentials(&x, chosen, n);
		drop_implied_columns(&x);
		drop_dominated_rows(&x);
		cover_problem_keep(p, x.row, x.col);
		again = x.changed && x.work < WORK_MAX;
		free(x.row);
		free(x.col);
		free(x.row_len);
		free(x.col_len);
		free(x.order);
	}
	return cost;
}
