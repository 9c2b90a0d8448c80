/*
 * For any prices u >= 0 of features, sum(u) + the sum over all rows of min(0, cost - prices of its features) bounds the cost of
 * every cover. A row that comes in adds its own term and changes no other; a feature that nobody had before can be priced as
 * far as its rows, all of them new, have something left: dual ascent, the rarest feature first.
 */
#include "base/prelude.h"
#include "corpus/cover_dual.h"
#include "base/mem.h"
#include "corpus/cover_lagrange.h"

void cover_dual_release(struct cover_dual *d)
{
	free(d->features);
	free(d->prices);
	*d = (struct cover_dual){ NULL };
}

/* Which rows have a feature: one of many. */
struct group {
	uint32_t number, n;
	const uint32_t *rows;
};

static int rarest_first(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	return x->n != y->n ? (x->n > y->n) - (x->n < y->n)
			    : (x->number > y->number) - (x->number < y->number);
}

/* Reorders the groups; returns by how much the bound rose. */
static double ascend(struct group *g, size_t n, double *prices, double *reduced)
{
	double sum = 0;

	if (n)
		qsort(g, n, sizeof(*g), rarest_first);
	for (size_t i = 0; i < n; i++) {
		double least = g[i].n ? reduced[g[i].rows[0]] : 0;

		for (uint32_t k = 1; least > 0 && k < g[i].n; k++)
			least = MIN(least, reduced[g[i].rows[k]]);
		if (least <= 0)
			continue;
		prices[g[i].number] += least;
		sum += least;
		for (uint32_t k = 0; k < g[i].n; k++)
			reduced[g[i].rows[k]] -= least;
	}
	return sum;
}

void cover_dual_make(const struct cover_problem *whole, const struct cover_dual *part,
	const uint32_t *features, size_t n, struct cover_dual *out)
{
	double *u = xcalloc((size_t)whole->n_cols + 1, sizeof(*u));
	double *reduced = xcalloc((size_t)whole->n_rows + 1, sizeof(*reduced));
	struct group *g = xcalloc((size_t)whole->n_cols + 1, sizeof(*g));
	size_t k = 0;

	/* all three ascend */
	for (uint32_t c = 0; c < whole->n_cols && k < part->n; c++)
		if (whole->feature[c] == part->features[k])
			u[c] = part->prices[k++];
	for (uint32_t c = 0; c < whole->n_cols; c++)
		g[c] = (struct group){ c, whole->col_start[c + 1] - whole->col_start[c],
			whole->col_rows + whole->col_start[c] };
	*out = (struct cover_dual){ .n = n };
	out->low = cover_relaxed(whole, u, reduced);
	out->low += ascend(g, whole->n_cols, u, reduced);
	out->features = xmemdup(features, (n + 1) * sizeof(*features));
	out->prices = xcalloc(n + 1, sizeof(*out->prices));
	k = 0;
	for (size_t i = 0; i < n && k < whole->n_cols; i++)
		if (features[i] == whole->feature[k])
			out->prices[i] = u[k++];
	free(u);
	free(reduced);
	free(g);
}

/* --- growth --- */

static size_t find(const struct cover_dual *d, uint32_t feature)
{
	size_t low = 0, high = d->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (d->features[mid] < feature)
			low = mid + 1;
		else
			high = mid;
	}
	return low < d->n && d->features[low] == feature ? low : SIZE_MAX;
}

/* To those that are required; *is_new: by feature, nobody had it. */
static bool *renew(struct cover_dual *d, const uint32_t *required, size_t n)
{
	struct cover_dual now = { .n = n, .low = d->low };
	bool *is_new = xcalloc(n + 1, sizeof(*is_new));
	size_t k = 0;

	now.features = xcalloc(n + 1, sizeof(*now.features));
	now.prices = xcalloc(n + 1, sizeof(*now.prices));
	for (size_t i = 0; i < n; i++) {
		for (; k < d->n && d->features[k] < required[i]; k++)
			now.low -= d->prices[k];
		now.features[i] = required[i];
		is_new[i] = k == d->n || d->features[k] != required[i];
		if (!is_new[i])
			now.prices[i] = d->prices[k++];
	}
	for (; k < d->n; k++)
		now.low -= d->prices[k];
	cover_dual_release(d);
	*d = now;
	return is_new;
}

struct entry {
	uint32_t number, row;
};

static int by_number(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return x->number != y->number ? (x->number > y->number) - (x->number < y->number)
				      : (x->row > y->row) - (x->row < y->row);
}

/* Features that are in these rows alone get prices. */
static void price(struct cover_dual *d, struct entry *e, size_t n, double *reduced)
{
	struct group *g = xcalloc(n + 1, sizeof(*g));
	uint32_t *rows = xcalloc(n + 1, sizeof(*rows));
	size_t n_groups = 0;

	if (n)
		qsort(e, n, sizeof(*e), by_number);
	for (size_t i = 0; i < n; i++) {
		rows[i] = e[i].row;
		if (!i || e[i].number != e[i - 1].number)
			g[n_groups++] = (struct group){ e[i].number, 0, rows + i };
		g[n_groups - 1].n++;
	}
	d->low += ascend(g, n_groups, d->prices, reduced);
	free(rows);
	free(g);
}

void cover_dual_grow(
	struct cover_dual *d, const struct cover_matrix *fresh, const uint32_t *required, size_t n)
{
	bool *is_new = renew(d, required, n);
	double *reduced = xcalloc(fresh->n + 1, sizeof(*reduced));
	struct entry *e = NULL;
	size_t n_entries = 0, cap = 0;

	for (uint32_t r = 0; r < fresh->n; r++) {
		reduced[r] = (double)cover_cost(fresh, r);
		for (size_t k = fresh->start[r]; k < fresh->start[r + 1]; k++) {
			size_t at = find(d, fresh->features[k]);

			if (at == SIZE_MAX)
				continue;
			reduced[r] -= d->prices[at];
			if (!is_new[at])
				continue;
			GROW(e, n_entries, cap);
			e[n_entries++] = (struct entry){ (uint32_t)at, r };
		}
		d->low += MIN(0, reduced[r]);
	}
	price(d, e, n_entries, reduced);
	free(e);
	free(reduced);
	free(is_new);
}
