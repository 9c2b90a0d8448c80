/*
 * From a matrix of features to a problem of numbered columns: equal rows and equal columns are found by hash, since real
 * corpora have each many times over, and what is left is small.
 */
#include "base/prelude.h"
#include "corpus/cover_problem.h"
#include "base/mem.h"

uint64_t cover_cost(const struct cover_matrix *m, uint32_t i)
{
	return m->cost ? MAX(m->cost[i], 1) : 1;
}

static int compare_u32(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

#define DIGIT_BITS 11
#define DIGITS 3
#define DIGIT ((size_t)1 << DIGIT_BITS)
/* below this, clearing the counts costs more than comparing */
#define RADIX_MIN 1024

/* LSD radix sort (Knuth, TAOCP 3, 5.2.5 R): features of a corpus are millions, and sorted at each look. */
static void radix_sort(uint32_t *v, size_t n)
{
	size_t(*count)[DIGIT] = xcalloc(DIGITS, sizeof(*count));
	uint32_t *from = v, *to = xmalloc(n * sizeof(*v)), *spare = to;

	for (size_t i = 0; i < n; i++)
		for (size_t d = 0; d < DIGITS; d++)
			count[d][v[i] >> d * DIGIT_BITS & (DIGIT - 1)]++;
	for (size_t d = 0; d < DIGITS; d++) {
		size_t at = 0, shift = d * DIGIT_BITS;
		uint32_t *was = from;

		/* all alike in this digit */
		if (count[d][from[0] >> shift & (DIGIT - 1)] == n)
			continue;
		for (size_t k = 0; k < DIGIT; k++) {
			size_t here = count[d][k];

			count[d][k] = at;
			at += here;
		}
		for (size_t i = 0; i < n; i++)
			to[count[d][from[i] >> shift & (DIGIT - 1)]++] = from[i];
		from = to;
		to = was;
	}
	if (from != v)
		memcpy(v, from, n * sizeof(*v));
	free(spare);
	free(count);
}

void cover_sort(uint32_t *v, size_t n)
{
	if (n < RADIX_MIN)
		qsort(v, n, sizeof(*v), compare_u32);
	else
		radix_sort(v, n);
}

/* --- features to numbers: pages on demand, since ids are dense where there are any --- */

#define PAGE_BITS 17
#define PAGE ((size_t)1 << PAGE_BITS)

struct cover_numbers {
	uint32_t *page[(size_t)1 << (32 - PAGE_BITS)]; /* number + 1 */
};

struct cover_numbers *cover_numbers_new(void)
{
	return xcalloc(1, sizeof(struct cover_numbers));
}

uint32_t cover_number(struct cover_numbers *x, uint32_t feature, uint32_t *n)
{
	uint32_t **page = &x->page[feature >> PAGE_BITS], *slot;

	if (!*page)
		*page = xcalloc(PAGE, sizeof(**page));
	slot = &(*page)[feature & (PAGE - 1)];
	if (!*slot)
		*slot = ++*n;
	return *slot - 1;
}

void cover_numbers_rank(struct cover_numbers *x, uint32_t *features)
{
	uint32_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(x->page); i++)
		for (size_t k = 0; x->page[i] && k < PAGE; k++)
			if (x->page[i][k]) {
				features[n] = (uint32_t)(i << PAGE_BITS | k);
				x->page[i][k] = ++n;
			}
}

void cover_numbers_free(struct cover_numbers *x)
{
	if (!x)
		return;
	for (size_t i = 0; i < ARRAY_LEN(x->page); i++)
		free(x->page[i]);
	free(x);
}

/* --- equal ones --- */

struct hash128 {
	uint64_t a, b;
};

/* splitmix64's finaliser (Steele, Lea and Flood, 2014) */
static uint64_t mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15ULL;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
	return x ^ (x >> 31);
}

/* A set's hash is the sum of its members', so that neither order nor a second pass matters. */
static struct hash128 hash_of(uint32_t member)
{
	return (struct hash128){ mix(member), mix(member ^ 0x5851f42d4c957f2dULL) };
}

static void hash_add(struct hash128 *h, const struct hash128 *member)
{
	h->a += member->a;
	h->b += member->b;
}

/* First of `n` things with each hash: to[i] is i, or the earlier one that it equals. */
struct classes {
	uint32_t *slot; /* index + 1 */
	size_t mask;
	const struct hash128 *hash;
};

static void classes_init(struct classes *c, const struct hash128 *hash, size_t n)
{
	size_t size = 16;

	while (size < n * 2)
		size *= 2;
	c->slot = xcalloc(size, sizeof(*c->slot));
	c->mask = size - 1;
	c->hash = hash;
}

static uint32_t class_of(struct classes *c, uint32_t i)
{
	const struct hash128 *h = &c->hash[i];

	for (size_t at = h->a & c->mask;; at = (at + 1) & c->mask) {
		uint32_t s = c->slot[at];

		if (!s) {
			c->slot[at] = i + 1;
			return i;
		}
		if (c->hash[s - 1].a == h->a && c->hash[s - 1].b == h->b)
			return s - 1;
	}
}

static bool same_row(const struct cover_matrix *m, uint32_t a, uint32_t b)
{
	size_t n = m->start[a + 1] - m->start[a];

	return n == m->start[b + 1] - m->start[b] &&
	       (!n || !memcmp(m->features + m->start[a], m->features + m->start[b],
			      n * sizeof(*m->features)));
}

/* All features get numbers, and each row its hash. */
static struct hash128 *hash_rows(
	const struct cover_matrix *m, struct cover_numbers *x, uint32_t *n_features)
{
	size_t cap = 64;
	struct hash128 *rows = xcalloc(m->n + 1, sizeof(*rows));
	struct hash128 *member = xcalloc(cap, sizeof(*member));

	for (size_t i = 0; i < m->n; i++)
		for (size_t k = m->start[i]; k < m->start[i + 1]; k++) {
			uint32_t before = *n_features,
				 f = cover_number(x, m->features[k], n_features);

			if (*n_features > before) {
				GROW(member, before, cap);
				member[f] = hash_of(m->features[k]);
			}
			hash_add(&rows[i], &member[f]);
		}
	free(member);
	return rows;
}

/* The cheapest of each class of equal rows, the first of equally cheap ones; rows without features are nobody's. */
static uint32_t *distinct_rows(
	const struct cover_matrix *m, const struct hash128 *hash, uint32_t *n)
{
	uint32_t *best = xcalloc(m->n + 1, sizeof(*best)), *out;
	struct classes c;

	classes_init(&c, hash, m->n);
	for (uint32_t i = 0; i < m->n; i++)
		best[i] = UINT32_MAX;
	for (uint32_t i = 0; i < m->n; i++) {
		uint32_t to = class_of(&c, i);

		if (!same_row(m, to, i))
			to = i; /* one in 2^128; it stands for itself */
		if (best[to] == UINT32_MAX || cover_cost(m, i) < cover_cost(m, best[to]))
			best[to] = i;
	}
	out = xcalloc(m->n + 1, sizeof(*out));
	*n = 0;
	for (uint32_t i = 0; i < m->n; i++)
		if (best[i] != UINT32_MAX && m->start[i + 1] > m->start[i])
			out[(*n)++] = best[i];
	free(c.slot);
	free(best);
	return out;
}

uint32_t *cover_alike(const struct cover_matrix *m)
{
	struct cover_numbers *x = cover_numbers_new();
	uint32_t n = 0, *like = xcalloc(m->n + 1, sizeof(*like));
	struct hash128 *hash = hash_rows(m, x, &n);
	struct classes c;

	classes_init(&c, hash, m->n);
	for (uint32_t i = 0; i < m->n; i++) {
		like[i] = class_of(&c, i);
		if (!same_row(m, like[i], i))
			like[i] = i;
	}
	free(c.slot);
	free(hash);
	cover_numbers_free(x);
	return like;
}

/* Columns that exactly the same rows have are one: the first stays, the others leave all rows. */
static void merge_columns(struct cover_problem *p)
{
	struct hash128 *hash = xcalloc((size_t)p->n_cols + 1, sizeof(*hash));
	uint32_t *number = xcalloc((size_t)p->n_cols + 1, sizeof(*number));
	uint32_t used = 0, at = 0, from = 0;
	struct classes c;

	for (uint32_t r = 0; r < p->n_rows; r++) {
		struct hash128 row = hash_of(r);

		for (uint32_t k = p->row_start[r]; k < p->row_start[r + 1]; k++)
			hash_add(&hash[p->row_cols[k]], &row);
	}
	classes_init(&c, hash, p->n_cols);
	for (uint32_t i = 0; i < p->n_cols; i++)
		if (class_of(&c, i) == i) {
			p->feature[used] = p->feature[i];
			number[i] = ++used;
		}
	for (uint32_t r = 0; r < p->n_rows; r++) {
		uint32_t end = p->row_start[r + 1];

		for (uint32_t k = from; k < end; k++)
			if (number[p->row_cols[k]])
				p->row_cols[at++] = number[p->row_cols[k]] - 1;
		from = end;
		p->row_start[r + 1] = at;
	}
	p->n_cols = used;
	free(c.slot);
	free(number);
	free(hash);
}

/* --- both directions --- */

static void transpose(struct cover_problem *p)
{
	uint32_t n = p->n_rows ? p->row_start[p->n_rows] : 0, *at;

	p->col_start = xcalloc((size_t)p->n_cols + 2, sizeof(*p->col_start));
	p->col_rows = xcalloc((size_t)n + 1, sizeof(*p->col_rows));
	for (uint32_t k = 0; k < n; k++)
		p->col_start[p->row_cols[k] + 1]++;
	for (uint32_t c = 0; c < p->n_cols; c++)
		p->col_start[c + 1] += p->col_start[c];
	at = xmemdup(p->col_start, ((size_t)p->n_cols + 1) * sizeof(*at));
	for (uint32_t r = 0; r < p->n_rows; r++)
		for (uint32_t k = p->row_start[r]; k < p->row_start[r + 1]; k++)
			p->col_rows[at[p->row_cols[k]]++] = r;
	free(at);
}

void cover_problem_init(struct cover_problem *p, const struct cover_matrix *m, uint32_t **features,
	size_t *n_features)
{
	struct cover_numbers *x = cover_numbers_new();
	uint32_t n = 0, at = 0;
	struct hash128 *hash = hash_rows(m, x, &n);
	size_t entries = 0;

	*n_features = n;
	*p = (struct cover_problem){ .n_cols = n };
	p->id = distinct_rows(m, hash, &p->n_rows);
	free(hash);
	for (uint32_t r = 0; r < p->n_rows; r++)
		entries += m->start[p->id[r] + 1] - m->start[p->id[r]];
	if (entries > UINT32_MAX)
		BUG("%zu features in all are more than can be numbered", entries);
	p->row_start = xcalloc((size_t)p->n_rows + 1, sizeof(*p->row_start));
	p->row_cols = xcalloc(entries + 1, sizeof(*p->row_cols));
	p->cost = xcalloc((size_t)p->n_rows + 1, sizeof(*p->cost));
	/* numbers ascend as features do, and so each row's */
	*features = xcalloc((size_t)n + 1, sizeof(**features));
	cover_numbers_rank(x, *features);
	p->feature = xmemdup(*features, ((size_t)n + 1) * sizeof(**features));
	for (uint32_t r = 0; r < p->n_rows; r++) {
		uint32_t id = p->id[r];

		for (size_t k = m->start[id]; k < m->start[id + 1]; k++)
			p->row_cols[at++] = cover_number(x, m->features[k], &n);
		p->row_start[r + 1] = at;
		p->cost[r] = cover_cost(m, id);
	}
	cover_numbers_free(x);
	merge_columns(p);
	transpose(p);
}

/* A copy of its own, of what may be changed in place. */
static void own(struct cover_problem *p)
{
	p->row_start = xmemdup(p->row_start, ((size_t)p->n_rows + 1) * sizeof(*p->row_start));
	p->row_cols = xcalloc((size_t)p->row_start[p->n_rows] + 1, sizeof(*p->row_cols));
	p->cost = xmemdup(p->cost, ((size_t)p->n_rows + 1) * sizeof(*p->cost));
	p->id = xmemdup(p->id, ((size_t)p->n_rows + 1) * sizeof(*p->id));
	p->feature = xmemdup(p->feature, ((size_t)p->n_cols + 1) * sizeof(*p->feature));
	p->borrowed = false;
}

void cover_problem_keep(struct cover_problem *p, const bool *row, const bool *col)
{
	uint32_t *number = xcalloc((size_t)p->n_cols + 1, sizeof(*number));
	const uint32_t *cols = p->row_cols;
	uint32_t n_cols = 0, n_rows = 0, at = 0;

	if (p->borrowed) {
		own(p);
	} else {
		free(p->col_start);
		free(p->col_rows);
	}
	for (uint32_t c = 0; c < p->n_cols; c++) {
		if (col[c])
			p->feature[n_cols] = p->feature[c];
		number[c] = col[c] ? n_cols++ : 0;
	}
	for (uint32_t r = 0; r < p->n_rows; r++) {
		uint32_t from = p->row_start[r], to = p->row_start[r + 1];

		if (!row[r])
			continue;
		p->row_start[n_rows] = at;
		p->id[n_rows] = p->id[r];
		p->cost[n_rows++] = p->cost[r];
		for (uint32_t k = from; k < to; k++)
			if (col[cols[k]])
				p->row_cols[at++] = number[cols[k]];
	}
	p->row_start[n_rows] = at;
	p->n_rows = n_rows;
	p->n_cols = n_cols;
	transpose(p);
	free(number);
}

void cover_problem_release(struct cover_problem *p)
{
	if (!p->borrowed) {
		free(p->row_start);
		free(p->row_cols);
		free(p->col_start);
		free(p->col_rows);
		free(p->cost);
		free(p->id);
		free(p->feature);
	}
	*p = (struct cover_problem){ 0 };
}

/* --- needless ones --- */

struct dear {
	uint64_t cost;
	uint32_t row, at;
};

static int dearest_first(const void *a, const void *b)
{
	const struct dear *x = a, *y = b;

	return x->cost != y->cost ? (x->cost < y->cost ? 1 : -1)
				  : (x->at < y->at) - (x->at > y->at);
}

static bool needless(const struct cover_problem *p, uint32_t r, const uint32_t *count)
{
	for (uint32_t k = p->row_start[r]; k < p->row_start[r + 1]; k++)
		if (count[p->row_cols[k]] < 2)
			return false;
	return true;
}

void cover_drop_needless(const struct cover_problem *p, uint32_t *rows, size_t *n, uint32_t *count)
{
	struct dear *d = xcalloc(*n + 1, sizeof(*d));
	size_t kept = 0, looked = 0;

	/* what no other row helps with stays, whatever is dropped */
	for (size_t i = 0; i < *n; i++) {
		if (needless(p, rows[i], count))
			d[looked++] = (struct dear){ p->cost[rows[i]], rows[i], (uint32_t)i };
		else
			rows[kept++] = rows[i];
	}
	qsort(d, looked, sizeof(*d), dearest_first);
	for (size_t i = 0; i < looked; i++) {
		uint32_t r = d[i].row;

		if (!needless(p, r, count)) {
			rows[kept++] = r;
			continue;
		}
		for (uint32_t k = p->row_start[r]; k < p->row_start[r + 1]; k++)
			count[p->row_cols[k]]--;
	}
	*n = kept;
	free(d);
}
