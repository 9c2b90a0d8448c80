/*
 * Sequences of records in a format that nobody described: chunks, packets, attributes. Each holds its length at a fixed
 * place, so a guess (where in the record, how wide, which order, how much it doesn't count) is right where one length
 * leads to the next, again and again. The best guesses cut the input into units, as lines do a text. Length fields and
 * checksums of the records that stay are right as they are.
 */
#include "base/prelude.h"
#include "base/mem.h"
#include "minimize/strategy.h"

#define AT_MAX 8     /* where in a record its length stands */
#define OVER_MAX 16  /* bytes of a record that the length doesn't count */
#define START_MAX 64 /* a file's own header before the first record */
#define EACH 2       /* guesses kept for each form of number */

struct guess {
	uint8_t width, at, over;
	bool big;
	size_t start, records, covered;
};

static size_t number_at(const unsigned char *p, unsigned width, bool big)
{
	size_t v = 0;

	for (unsigned i = 0; i < width; i++)
		v = v << 8 | p[big ? i : width - 1 - i];
	return v;
}

/* Where the record at `from` ends; 0 when it can't be one. */
static size_t record_end(const struct guess *g, const struct reducer *r, size_t from)
{
	size_t left = r->len - from, n;

	if (left < (size_t)g->at + g->width)
		return 0;
	n = number_at(r->data + from + g->at, g->width, g->big);
	if (n > left || n + g->over > left || n + g->over < (size_t)g->at + g->width)
		return 0;
	return from + n + g->over;
}

/*
 * The longest chain from near the start: into g. hops and reach are scratch, an entry a byte. One byte leads somewhere
 * by chance: such a chain has to end where the input does.
 */
static void follow(struct guess *g, const struct reducer *r, uint32_t *hops, uint32_t *reach)
{
	hops[r->len] = 0;
	reach[r->len] = (uint32_t)r->len;
	for (size_t i = r->len; i-- > 0;) {
		size_t to = record_end(g, r, i);

		hops[i] = to ? hops[to] + 1 : 0;
		reach[i] = to ? reach[to] : (uint32_t)i;
	}
	for (size_t i = 0; i < MIN(r->len, (size_t)START_MAX); i++) {
		if (hops[i] < 3 || (g->width == 1 && reach[i] != r->len) ||
			reach[i] - i <= g->covered)
			continue;
		g->start = i;
		g->records = hops[i];
		g->covered = reach[i] - i;
	}
}

/* Longer stretches first; of equal ones that with fewer records, which are less likely by chance. */
static bool better_guess(const struct guess *a, const struct guess *b)
{
	return a->covered != b->covered ? a->covered > b->covered : a->records < b->records;
}

static void keep(struct guess *best, const struct guess *g)
{
	for (size_t k = 0; k < EACH; k++)
		if (better_guess(g, &best[k])) {
			memmove(&best[k + 1], &best[k], (EACH - 1 - k) * sizeof(*best));
			best[k] = *g;
			return;
		}
}

static void guess_form(
	struct guess *best, const struct reducer *r, struct guess form, uint32_t *scratch)
{
	memset(best, 0, EACH * sizeof(*best));
	for (form.at = 0; form.at <= AT_MAX; form.at++)
		for (form.over = 0; form.over <= OVER_MAX; form.over++) {
			struct guess g = form;

			follow(&g, r, scratch, scratch + r->len + 1);
			if (g.covered >= r->len / 4)
				keep(best, &g);
		}
}

static int delete_records(struct reducer *r, const struct guess *g)
{
	struct ends e = { NULL, 0, 0 };
	size_t at = g->start;
	int rc;

	ends_add(&e, at);
	for (size_t k = 0; k < g->records; k++) {
		at = record_end(g, r, at);
		ends_add(&e, at);
	}
	ends_add(&e, r->len);
	rc = probdd(r, e.v, e.n);
	free(e.v);
	return rc;
}

int strategy_records(struct reducer *r)
{
	static const struct guess forms[] = { { .width = 4, .big = true }, { .width = 4 },
		{ .width = 2, .big = true }, { .width = 2 }, { .width = 1 } };
	uint32_t *scratch = xcalloc(2 * (r->len + 1), sizeof(*scratch));
	bool changed = false;
	int rc = 0;

	for (size_t i = 0; i < ARRAY_LEN(forms) && rc >= 0; i++) {
		struct guess best[EACH];
		size_t len = r->len;

		guess_form(best, r, forms[i], scratch);
		/* the others were made for what it was */
		for (size_t k = 0; k < EACH && best[k].records && rc >= 0 && r->len == len; k++) {
			rc = delete_records(r, &best[k]);
			changed |= rc > 0;
		}
	}
	free(scratch);
	return rc < 0 ? -1 : changed;
}
