/*
 * An engine's own mutations change bytes: what has a length in front ends too early or too late after most of them, and all
 * behind it is lost. Here whole records are changed (edits.c), and a count or size in front of all of them, and checksums,
 * are written again.
 *
 * Layouts are weighed by how sure they are and by what was kept of what they made; a wrong one costs its share of mutations.
 */
#include "thresh_rt_records.h"
#include "thresh_rt_edits.h"
#include "thresh_rt_random.h"
#include "thresh_rt_sums.h"

#include <string.h>

#define POOL 32
#define POOL_SIZE 1024
/* after so many inputs each of so many is looked at: it costs more than a mutation */
#define LEARN_FIRST 128
#define LEARN_EACH 64
#define FADE_EACH 64
#define SCORE_MAX 64
/* made by a layout, and kept of that, before anything was seen */
#define PRIOR_MADE 200
#define PRIOR_KEPT 1
#define MADE_MAX (1u << 20)
#define DEFINED 4 /* size fields looked for in front of the first record */

static const uint8_t strides[] = { 2, 3, 4, 8 };
enum { STRIDES = sizeof(strides), LEARNED = THRESH_RT_LAYOUTS - STRIDES };

static struct known {
	struct thresh_rt_layout layout;
	uint32_t score; /* 0: an empty place */
	uint32_t made, kept;
} known[THRESH_RT_LAYOUTS];

static struct {
	uint8_t s[POOL_SIZE];
	uint32_t n;
} pool[POOL];
static unsigned n_pool, next_pool, learned;

static uint64_t rng;

static uint32_t choice(uint32_t below)
{
	return thresh_rt_random(&rng, below);
}

/* Another input with this layout; NULL: none this once. */
static const struct thresh_rt_work *donor(const struct thresh_rt_layout *l)
{
	static struct thresh_rt_work o;
	unsigned i = n_pool ? choice(n_pool) : 0;

	if (!n_pool)
		return NULL;
	o.l = l;
	o.s = pool[i].s;
	o.n = o.max = pool[i].n;
	thresh_rt_layout_walk(l, o.s, o.n, &o.r);
	return o.r.n ? &o : NULL;
}

/* --- what stands in front of all records, and checksums --- */

enum { SIZE_ALL, SIZE_REST, SIZE_RECORDS, COUNT_RECORDS, DEFINITIONS };

struct field {
	uint8_t at, kind, means;
};

static uint32_t count_of(const struct thresh_rt_records *r)
{
	uint32_t n = 0;

	for (unsigned i = 0; i < r->n; i++)
		n += r->record[i].parent < 0;
	return n;
}

static uint64_t defined(const struct thresh_rt_work *w, unsigned means, uint32_t end)
{
	return means == SIZE_ALL       ? w->n
	       : means == SIZE_REST    ? w->n - end
	       : means == SIZE_RECORDS ? w->n - w->l->start
				       : count_of(&w->r);
}

/* Fields in front of the first record that say how long or how many. */
static unsigned find_fields(const struct thresh_rt_work *w, struct field *f)
{
	unsigned n = 0, at, kind, means, width;
	uint64_t v;

	for (at = 0; at < w->l->start && w->l->start <= w->n && n < DEFINED; at++)
		for (kind = 0; kind <= LEN_U8 && n < DEFINED; kind++) {
			width = thresh_rt_length_read(kind, w->s + at, w->n - at, &v);
			if (!width || at + width > w->l->start || v < 2)
				continue;
			for (means = 0; means < DEFINITIONS; means++)
				if (v == defined(w, means, at + width))
					break;
			if (means == DEFINITIONS)
				continue;
			f[n++] = (struct field){ (uint8_t)at, (uint8_t)kind, (uint8_t)means };
			/* the bytes of a wide one aren't narrow ones */
			at += width - 1;
			break;
		}
	return n;
}

static void mend(struct thresh_rt_work *w, const struct field *f, unsigned n)
{
	uint8_t to[THRESH_RT_LENGTH_MAX];
	unsigned i, width;
	uint64_t v;

	thresh_rt_layout_walk(w->l, w->s, w->n, &w->r);
	for (i = 0; i < n && w->l->start <= w->n; i++) {
		width = thresh_rt_length_read(f[i].kind, w->s + f[i].at, w->n - f[i].at, &v);
		v = defined(w, f[i].means, f[i].at + width);
		if (thresh_rt_length_write(f[i].kind, NULL, width, v, to) == width)
			memcpy(w->s + f[i].at, to, width);
	}
	/* those within others first */
	for (i = w->r.n; i-- > 0 && w->l->sum;)
		thresh_rt_layout_mend_sum(w->l, w->s, &w->r.record[i]);
}

/* --- layouts --- */

static void begin_layouts(void)
{
	unsigned i;

	if (known[LEARNED].score)
		return;
	for (i = 0; i < STRIDES; i++) {
		known[LEARNED + i].layout.length = LEN_NONE;
		known[LEARNED + i].layout.before = strides[i];
		known[LEARNED + i].score = 1;
	}
}

static int is_same(const struct thresh_rt_layout *a, const struct thresh_rt_layout *b)
{
	return a->start == b->start && a->before == b->before && a->length == b->length &&
	       a->more == b->more;
}

static void believe(const struct thresh_rt_layout *l, uint32_t score)
{
	unsigned i, at = 0;

	score = score < SCORE_MAX ? score : SCORE_MAX;
	for (i = 0; i < LEARNED && score; i++) {
		if (known[i].score && is_same(&known[i].layout, l)) {
			known[i].score += score;
			if (l->sum)
				known[i].layout = *l;
			return;
		}
		if (known[i].score < known[at].score)
			at = i;
	}
	if (score)
		known[at] = (struct known){ *l, score, 0, 0 };
}

/* Words may be types, but values as well. */
static void learn(const uint8_t *data, size_t size, const struct thresh_rt_lexicon *words)
{
	struct thresh_rt_layout l = { 0 }, typed = { 0 };
	uint32_t score;

	if (++learned % FADE_EACH == 0)
		for (unsigned i = 0; i < LEARNED; i++)
			known[i].score -= known[i].score / 2;
	score = thresh_rt_layout_find(data, size, NULL, &l);
	believe(&l, score);
	if (!words || !words->n)
		return;
	score = thresh_rt_layout_find(data, size, words, &typed);
	if (!is_same(&l, &typed))
		believe(&typed, score);
}

void thresh_rt_records_keep(const uint8_t *data, size_t size, const struct thresh_rt_lexicon *words)
{
	static unsigned calls;

	begin_layouts();
	if (calls++ < LEARN_FIRST || calls % LEARN_EACH == 0)
		learn(data, size, words);
	if (size == 0 || size > POOL_SIZE)
		return;
	memcpy(pool[next_pool].s, data, size);
	pool[next_pool].n = (uint32_t)size;
	next_pool = (next_pool + 1) % POOL;
	n_pool += n_pool < POOL;
}

static uint32_t weight(const struct known *k)
{
	uint64_t sure = k->score < SCORE_MAX ? k->score : SCORE_MAX;

	return (uint32_t)(sure * (k->kept + PRIOR_KEPT) * 100000 / (k->made + PRIOR_MADE));
}

static unsigned choose(void)
{
	uint32_t sum = 0, at;
	unsigned i;

	for (i = 0; i < THRESH_RT_LAYOUTS; i++)
		sum += weight(&known[i]);
	at = choice(sum ? sum : 1);
	for (i = 0; i < THRESH_RT_LAYOUTS - 1 && at >= weight(&known[i]); i++)
		at -= weight(&known[i]);
	return i;
}

void thresh_rt_records_count(unsigned layout, int was_kept)
{
	struct known *k = &known[layout < THRESH_RT_LAYOUTS ? layout : 0];

	k->kept += was_kept != 0;
	if (!was_kept && ++k->made == MADE_MAX) {
		k->made /= 2;
		k->kept /= 2;
	}
}

int thresh_rt_records_has(const uint8_t *data, size_t size)
{
	static struct thresh_rt_records r;

	for (unsigned i = 0; i < LEARNED; i++) {
		if (!known[i].score)
			continue;
		thresh_rt_layout_walk(&known[i].layout, data, size, &r);
		if (r.n > 1)
			return 1;
	}
	return 0;
}

/* --- the whole of it --- */

size_t thresh_rt_records(const uint8_t *data, size_t size, uint8_t *out, size_t max, uint64_t seed,
	const struct thresh_rt_lexicon *words, unsigned *layout)
{
	static struct thresh_rt_work w;
	struct field fields[DEFINED];
	unsigned n_fields, rounds;

	begin_layouts();
	rng = thresh_rt_random_seed(seed);
	if (size == 0 || size > max || max > UINT32_MAX)
		return 0;
	*layout = choose();
	w.l = &known[*layout].layout;
	w.words = words;
	w.s = out;
	w.n = (uint32_t)size;
	w.max = (uint32_t)max;
	w.rng = thresh_rt_random_seed(~seed);
	memcpy(out, data, size);
	thresh_rt_layout_walk(w.l, w.s, w.n, &w.r);
	/* none is there, and none is meant to be */
	if (!w.r.n && choice(4))
		return 0;
	n_fields = find_fields(&w, fields);
	for (rounds = choice(2) ? 1 : 1 + choice(4); rounds; rounds--)
		thresh_rt_edit(&w, choice(2) ? donor(w.l) : NULL);
	if (choice(8))
		mend(&w, fields, n_fields);
	return w.n == size && memcmp(out, data, size) == 0 ? 0 : w.n;
}
