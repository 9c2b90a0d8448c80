/*
 * One run says what an input reaches; a feature that comes and goes (a clock, an address, a thread) would keep an input
 * for nothing, and each run another one. A second run of all would cost as much as the first, so only what a cover
 * rests on is run again. What differs counts for nothing any more, and the cover is made anew until it stands.
 */
#include "base/prelude.h"
#include "distill/choose.h"
#include "base/log.h"
#include "base/mem.h"
#include "corpus/cover_dual.h"
#include "corpus/cover_lagrange.h"
#include "corpus/pack.h"

/* Each round runs what the last one brought in; so many more make no difference. */
#define ROUNDS_MAX 12
/* Opening a file and running it, in bytes that cost as much. */
#define FILE_BYTES 16
/* A feature that this many inputs had in one run only isn't any input's. */
#define UNSTABLE_IN 2
#define OFTEN 8

struct choosing {
	const struct measure_on *on;
	const char *dir;
	struct feature_table *t;
	const struct distill_opts *opts;
	/* second runs, and by row of t which one is its (+ 1) */
	struct feature_table again;
	uint32_t *second;
	/* features that differed, and in how many rows */
	struct unstable *unstable;
	size_t n_unstable, cap_unstable;
	/* of them, those of UNSTABLE_IN rows or more: how many, and a bit for each */
	size_t n_settled;
	uint64_t *settled;
	/* of those of the last round, more than one in OFTEN; and: some aren't there any more */
	bool differs_often, gone;
	size_t settled_words;
	/* by row of t, the first one that reached the same in its first run; NULL: each is looked at for itself */
	uint32_t *like;
	/* the matrix of this round, and which rows of t its rows are */
	struct cover_matrix m;
	uint32_t *row;
	size_t *start;
	uint32_t *features;
	uint64_t *cost; /* of the matrix's rows */
	size_t cap_features;
};

static bool is_unstable(const struct choosing *c, uint32_t feature)
{
	/* asked of every feature of every input */
	return feature / 64 < c->settled_words && (c->settled[feature / 64] >> feature % 64 & 1);
}

static void settle_features(struct choosing *c)
{
	c->n_settled = 0;
	for (size_t i = 0; i < c->n_unstable; i++) {
		uint32_t f = c->unstable[i].feature;

		if (c->unstable[i].rows < UNSTABLE_IN)
			continue;
		c->n_settled++;
		if (f / 64 >= c->settled_words) {
			size_t words = f / 64 + 1, more = words - c->settled_words;

			c->settled = xrealloc(c->settled, words * sizeof(*c->settled));
			memset(c->settled + c->settled_words, 0, more * sizeof(*c->settled));
			c->settled_words = words;
		}
		c->settled[f / 64] |= (uint64_t)1 << f % 64;
	}
}

static uint64_t cost_of(const struct choosing *c, const struct feature_row *r)
{
	/* a budget is of what it limits */
	enum distill_cost kind = c->opts->max_bytes   ? DISTILL_BYTES
				 : c->opts->max_files ? DISTILL_COUNT
						      : c->opts->cost;

	switch (kind) {
	case DISTILL_COUNT:
		return 1;
	case DISTILL_BYTES:
		return c->opts->packed ? pack_cost(r->size) : MAX(r->size, 1);
	case DISTILL_BALANCED:
		break;
	}
	return r->size + FILE_BYTES;
}

/* What row i's second run had, ascending: where it is, with *n; NULL: it had none, or there was no such run. */
static const uint32_t *again_of(const struct choosing *c, size_t i, size_t *n)
{
	const struct feature_table *a = &c->again;
	uint32_t s = c->second[i];

	*n = s && a->start ? a->start[s] - a->start[s - 1] : 0;
	return *n ? a->features + a->start[s - 1] : NULL;
}

/* True when `feature` is among the ascending `*again`, of `*n`: what lies below it is passed by. */
static bool had_again(const uint32_t **again, size_t *n, uint32_t feature)
{
	while (*again && *n && **again < feature) {
		++*again;
		--*n;
	}
	return *again && *n && **again == feature;
}

/* What row i may be chosen for: what both runs had, of what isn't unstable. */
static size_t add_row(struct choosing *c, size_t i, size_t at)
{
	const struct feature_table *t = c->t;
	bool twice = c->second[i] && c->again.start;
	size_t from = at, n;
	const uint32_t *again = again_of(c, i, &n);

	for (size_t j = t->start[i]; j < t->start[i + 1]; j++) {
		uint32_t f = t->features[j], id = c->opts->edges_only ? f / 8 : f;

		if ((twice && !had_again(&again, &n, f)) || is_unstable(c, f) ||
			(at > from && c->features[at - 1] == id))
			continue;
		c->features[at++] = id;
	}
	return at;
}

/*
 * Of inputs that reached the same in their only run, the cheapest: by row of t, whether it is that. It may be another one each
 * time, as those that ran twice stand for themselves.
 */
static bool *cheapest_alike(const struct choosing *c)
{
	const struct feature_table *t = c->t;
	uint32_t *best = xcalloc(t->n + 1, sizeof(*best)); /* row + 1 */
	bool *is_best = xcalloc(t->n + 1, sizeof(*is_best));

	for (size_t i = 0; i < t->n; i++) {
		uint32_t *b = &best[c->like[i]];

		if (!c->second[i] && t->rows[i].state != FEATURES_GONE &&
			(!*b || cost_of(c, &t->rows[i]) < cost_of(c, &t->rows[*b - 1])))
			*b = (uint32_t)i + 1;
	}
	for (size_t i = 0; i < t->n; i++)
		if (best[i])
			is_best[best[i] - 1] = true;
	free(best);
	return is_best;
}

static void make_matrix(struct choosing *c)
{
	const struct feature_table *t = c->t;
	bool *is_best = c->like ? cheapest_alike(c) : NULL;
	size_t n = 0, at = 0;

	for (size_t i = 0; i < t->n; i++) {
		size_t len = t->start[i + 1] - t->start[i];

		if (t->rows[i].state == FEATURES_GONE || (is_best && !is_best[i] && !c->second[i]))
			continue;
		if (at + len > c->cap_features) {
			c->cap_features = MAX(at + len, c->cap_features * 2);
			c->features = xrealloc(c->features, c->cap_features * sizeof(*c->features));
		}
		at = add_row(c, i, at);
		c->row[n] = (uint32_t)i;
		c->cost[n++] = cost_of(c, &t->rows[i]);
		c->start[n] = at;
	}
	c->m = (struct cover_matrix){ n, c->start, c->features, c->cost };
	free(is_best);
}

static void note_unstable(struct choosing *c, uint32_t feature)
{
	struct unstable key = { feature, 1 }, *u = NULL;

	for (size_t i = 0; i < c->n_unstable && !u; i++)
		u = c->unstable[i].feature == feature ? &c->unstable[i] : NULL;
	if (u) {
		u->rows++;
		return;
	}
	GROW(c->unstable, c->n_unstable, c->cap_unstable);
	c->unstable[c->n_unstable++] = key;
}

/* True when the two runs differ. */
static bool compare_runs(struct choosing *c, size_t i, size_t s)
{
	const struct feature_table *t = c->t, *a = &c->again;
	size_t j = t->start[i], k = a->start[s];
	bool differ = false;

	while (j < t->start[i + 1] || k < a->start[s + 1]) {
		uint64_t x = j < t->start[i + 1] ? t->features[j] : UINT64_MAX;
		uint64_t y = k < a->start[s + 1] ? a->features[k] : UINT64_MAX;

		if (x != y) {
			note_unstable(c, (uint32_t)MIN(x, y));
			differ = true;
		}
		j += x <= y;
		k += y <= x;
	}
	return differ;
}

/* Row i had something in its first run that counted, and doesn't any more, as its second hadn't. */
static bool lost(const struct choosing *c, size_t i)
{
	const struct feature_table *t = c->t;
	size_t n;
	const uint32_t *again = again_of(c, i, &n);

	for (size_t j = t->start[i]; j < t->start[i + 1]; j++)
		if (!had_again(&again, &n, t->features[j]) && !is_unstable(c, t->features[j]))
			return true;
	return false;
}

/*
 * Run again what the cover rests on and wasn't run twice. *more: of the matrix something fell away. What differs by features
 * that counted for nothing before changes nothing.
 */
static int second_runs(struct choosing *c, const struct cover *chosen, bool *more, struct err *err)
{
	struct measure_opts how = { .jobs = c->opts->jobs };
	struct measure_stats stats;
	struct strlist names = STRLIST_INIT;
	size_t first = c->again.n, k = first, settled = c->n_settled, differ = 0;
	bool gone = false;
	int rc = 0;

	*more = false;
	for (size_t i = 0; i < chosen->n; i++)
		if (!c->second[chosen->rows[i]] &&
			c->t->rows[chosen->rows[i]].state == FEATURES_ONCE)
			strlist_add(&names, c->t->rows[chosen->rows[i]].sha1);
	if (names.n)
		rc = measure(c->on, c->dir, &names, &how, &c->again, &stats, err);
	for (size_t i = 0; rc == 0 && i < chosen->n; i++) {
		uint32_t row = chosen->rows[i];

		/* both are in the order of the rows */
		if (k == c->again.n || strcmp(c->t->rows[row].sha1, c->again.rows[k].sha1) != 0) {
			if (!c->second[row] && c->t->rows[row].state == FEATURES_ONCE) {
				c->t->rows[row].state = FEATURES_GONE;
				gone = true;
			}
			continue;
		}
		c->second[row] = (uint32_t)k + 1;
		c->t->rows[row].state =
			compare_runs(c, row, k++) ? FEATURES_UNSTABLE : FEATURES_STABLE;
		differ += c->t->rows[row].state == FEATURES_UNSTABLE;
	}
	c->gone = gone;
	c->differs_often = differ * OFTEN > names.n;
	settle_features(c);
	*more = c->n_settled > settled || gone;
	for (size_t i = 0; rc == 0 && !*more && i < chosen->n; i++)
		*more = c->second[chosen->rows[i]] > first && lost(c, chosen->rows[i]);
	strlist_release(&names);
	return rc;
}

/* Of a hundred features, so many are enough for what is known to stay. */
#define ENOUGH 99

/* Rows of the matrix whose names are preferred; the caller frees it. */
static uint32_t *preferred(const struct choosing *c, size_t *n)
{
	const struct strlist *names = c->opts->prefer;
	uint32_t *rows = xcalloc(c->m.n + 1, sizeof(*rows));
	size_t k = 0;

	*n = 0;
	/* both are in the order of names */
	for (size_t i = 0; names && i < c->m.n; i++) {
		const char *name = c->t->rows[c->row[i]].sha1;

		while (k < names->n && strcmp(names->v[k], name) < 0)
			k++;
		if (k < names->n && !strcmp(names->v[k], name))
			rows[(*n)++] = (uint32_t)i;
	}
	return rows;
}

/* The best that fits, and rather what was chosen before: what it is for is kept in git. */
static void within_budget(struct choosing *c, struct cover *out)
{
	const struct distill_opts *o = c->opts;
	uint64_t budget = o->max_bytes ? o->max_bytes : UINT64_MAX;
	struct cover stays;
	size_t n;
	uint32_t *first = preferred(c, &n);

	/* where all of it fits, the choice is whose bytes are the fewest */
	cover_quick(&c->m, out);
	if (out->cost > budget || (o->max_files && out->n > o->max_files)) {
		cover_release(out);
		cover_within(&c->m, budget, o->max_files, NULL, 0, out);
	}
	if (n) {
		cover_within(&c->m, budget, o->max_files, first, n, &stays);
		if (stays.features * 100 >= out->features * ENOUGH) {
			cover_release(out);
			*out = stays;
		} else {
			cover_release(&stays);
		}
	}
	free(first);
}

static void cover(struct choosing *c, bool quick, struct cover *out)
{
	const struct distill_opts *o = c->opts;

	cover_release(out);
	make_matrix(c);
	if (o->max_bytes || o->max_files)
		within_budget(c, out);
	else if (quick)
		cover_quick(&c->m, out);
	else
		cover_certified(&c->m, out);
	for (size_t i = 0; i < out->n; i++)
		out->rows[i] = c->row[out->rows[i]];
}

/*
 * What fell away is reached by others of the cover, too: then it is one of the new matrix, too, in which nothing got cheaper, so
 * that its bound is still true.
 */
static bool still_covers(struct choosing *c, const struct cover *chosen)
{
	struct cover_matrix m;
	bool whole;
	size_t at = 0, *start = xcalloc(chosen->n + 1, sizeof(*start));

	if (c->opts->max_bytes || c->opts->max_files) {
		free(start);
		return false;
	}
	/* over the old matrix, which is made anew where this fails */
	for (size_t i = 0; i < chosen->n; i++) {
		at = add_row(c, chosen->rows[i], at);
		start[i + 1] = at;
	}
	m = (struct cover_matrix){ chosen->n, start, c->features, NULL };
	whole = cover_count_features(&m) == chosen->features;
	free(start);
	return whole;
}

/* Until one stands. */
static int settle_on(
	struct choosing *c, bool quick, struct cover *chosen, bool *more, struct err *err)
{
	int rc = 0;

	*more = true;
	for (int round = 0; rc == 0 && *more && round < ROUNDS_MAX; round++) {
		cover(c, quick, chosen);
		rc = second_runs(c, chosen, more, err);
		*more = *more && (c->gone || !still_covers(c, chosen));
		/* of few the proof's own rounds find what is left */
		if (quick && !c->differs_often && !c->gone)
			break;
	}
	return rc;
}

/* The proof comes last: most of what differs is found without one. */
static int settle(struct choosing *c, struct cover *chosen, bool *more, struct err *err)
{
	int rc = settle_on(c, true, chosen, more, err);

	return rc == 0 ? settle_on(c, false, chosen, more, err) : rc;
}

static void choosing_release(struct choosing *c)
{
	feature_table_release(&c->again);
	free(c->second);
	free(c->unstable);
	free(c->settled);
	free(c->like);
	free(c->row);
	free(c->start);
	free(c->features);
	free(c->cost);
}

void choice_release(struct choice *c)
{
	cover_dual_release(&c->dual);
	free(c->unstable);
	free(c->rows);
	*c = (struct choice){ NULL };
}

/* What was known to come and go before. */
static void begin_unstable(struct choosing *c, const struct choice *choice)
{
	for (size_t i = 0; i < choice->n_unstable; i++) {
		GROW(c->unstable, c->n_unstable, c->cap_unstable);
		c->unstable[c->n_unstable++] = choice->unstable[i];
	}
	settle_features(c);
}

static void tell_unstable(const struct choosing *c, struct choice *choice)
{
	free(choice->unstable);
	choice->unstable = xcalloc(c->n_unstable + 1, sizeof(*choice->unstable));
	choice->n_unstable = c->n_unstable;
	if (c->n_unstable)
		memcpy(choice->unstable, c->unstable, c->n_unstable * sizeof(*c->unstable));
}

/* All that the chosen rows have, which is all there is, ascending; the caller frees it. */
static uint32_t *required(struct choosing *c, const struct cover *chosen, size_t *n)
{
	uint32_t *all;
	size_t at = 0;

	for (size_t i = 0; i < chosen->n; i++)
		at = add_row(c, chosen->rows[i], at);
	*n = feature_set(c->features, at);
	all = xcalloc(*n + 1, sizeof(*all));
	if (*n)
		memcpy(all, c->features, *n * sizeof(*all));
	return all;
}

/* What isn't reached any more is a sign that it comes and goes, as a second run's would be. */
static size_t count_lost(
	struct choosing *c, const struct cover_dual *d, const uint32_t *features, size_t n)
{
	size_t k = 0, lost = 0;

	for (size_t i = 0; i < d->n; i++) {
		while (k < n && features[k] < d->features[i])
			k++;
		if (k < n && features[k] == d->features[i])
			continue;
		/* of edges there is no telling which of an edge's it was */
		if (!c->opts->edges_only && !is_unstable(c, d->features[i]))
			note_unstable(c, d->features[i]);
		settle_features(c);
		lost += c->opts->edges_only || !is_unstable(c, d->features[i]);
	}
	return lost;
}

/* The bound of all, from the proof of the old and what is new in the table. */
static void grow_proof(struct choosing *c, struct choice *choice, struct cover *chosen)
{
	struct cover_matrix fresh = { .n = 0 };
	size_t n, at = 0, *start = xcalloc(c->t->n + 1, sizeof(*start));
	uint64_t *cost = xcalloc(c->t->n + 1, sizeof(*cost));
	uint32_t *all = required(c, chosen, &n);

	choice->lost = count_lost(c, &choice->dual, all, n);
	make_matrix(c);
	/* those of the new rows move to the front */
	for (size_t i = 0; i < c->m.n; i++) {
		size_t len = c->start[i + 1] - c->start[i];

		if (strlist_has_sorted(choice->old, c->t->rows[c->row[i]].sha1))
			continue;
		memmove(c->features + at, c->features + c->start[i], len * sizeof(*c->features));
		at += len;
		cost[fresh.n++] = c->cost[i];
		start[fresh.n] = at;
	}
	fresh.start = start;
	fresh.features = c->features;
	fresh.cost = cost;
	cover_dual_grow(&choice->dual, &fresh, all, n);
	chosen->bound = MIN(cover_integer_bound(choice->dual.low), chosen->cost);
	free(all);
	free(start);
	free(cost);
}

int choose(const struct measure_on *on, const char *dir, struct feature_table *t,
	const struct distill_opts *opts, struct choice *choice, struct distill_result *out,
	struct err *err)
{
	struct choosing c = { .on = on, .dir = dir, .t = t, .opts = opts };
	struct cover chosen = { NULL };
	bool more;
	int rc;

	c.second = xcalloc(t->n + 1, sizeof(*c.second));
	c.start = xcalloc(t->n + 1, sizeof(*c.start));
	c.cost = xcalloc(t->n + 1, sizeof(*c.cost));
	c.row = xcalloc(t->n + 1, sizeof(*c.row));
	c.cap_features = 1;
	c.features = xcalloc(c.cap_features, sizeof(*c.features));
	begin_unstable(&c, choice);
	/* what is preferred has to be in the matrix, whatever else reaches the same */
	if (!opts->prefer)
		c.like = cover_alike(&(struct cover_matrix){ t->n, t->start, t->features, NULL });
	rc = settle(&c, &chosen, &more, err);
	if (rc == 0 && more)
		log_warn("%s: its runs differ from one to the next; inputs that may not be needed "
			 "stay",
			on->name);
	if (rc == 0 && choice->old) {
		grow_proof(&c, choice, &chosen);
	} else {
		cover_dual_release(&choice->dual);
		choice->dual = chosen.dual;
		chosen.dual = (struct cover_dual){ NULL };
	}
	tell_unstable(&c, choice);
	out->cost = chosen.cost;
	out->bound = chosen.bound;
	out->features = chosen.features;
	out->unstable_features = out->unstable_inputs = 0;
	for (size_t i = 0; i < c.n_unstable; i++)
		out->unstable_features += c.unstable[i].rows > 0;
	for (size_t i = 0; i < t->n; i++) {
		out->unstable_inputs += t->rows[i].state == FEATURES_UNSTABLE;
		out->measured.vanished += t->rows[i].state == FEATURES_GONE;
	}
	choice->rows = chosen.rows;
	choice->n = chosen.n;
	chosen.rows = NULL;
	cover_release(&chosen);
	choosing_release(&c);
	return rc;
}

size_t choose_must(const struct feature_table *t, const uint32_t *rows, size_t n, uint32_t **must)
{
	size_t all = 0, cap = 0;

	*must = NULL;
	for (size_t i = 0; i < n; i++)
		for (size_t k = t->start[rows[i]]; k < t->start[rows[i] + 1]; k++) {
			if (t->rows[rows[i]].state != FEATURES_STABLE)
				break;
			GROW(*must, all, cap);
			(*must)[all++] = t->features[k];
		}
	return feature_set(*must, all);
}
