/* Covers come from the cache of the cov build, which measuring the gain of each slice fills (campaign/gain). */
#include "base/prelude.h"
#include "campaign/start.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/rng.h"
#include "corpus/inputs.h"
#include "distill/measure.h"

/* An engine doesn't get through more within a slice. */
#define MANY 5000
/* Of those that nothing is known of: one in so many milliseconds of the slice, within these. */
#define SAMPLE_MS 10
#define SAMPLE_MIN 100
#define SAMPLE_MAX 2000
/* so many are drawn for each that is taken, and the smaller ones are */
#define DRAWN 2

struct sized {
	uint64_t size;
	const char *name;
};

static int by_size(const void *a, const void *b)
{
	const struct sized *x = a, *y = b;

	return x->size != y->size ? (x->size > y->size) - (x->size < y->size)
				  : strcmp(x->name, y->name);
}

static void shuffle_first(struct strlist *l, size_t n, struct rng *rng)
{
	for (size_t i = 0; i < n; i++) {
		size_t k = i + (size_t)rng_below(rng, l->n - i);
		char *name = l->v[i];

		l->v[i] = l->v[k];
		l->v[k] = name;
	}
}

/* Reorders the names. */
static void add_sample(
	const char *dir, struct strlist *names, size_t n, struct rng *rng, struct strlist *out)
{
	size_t drawn = MIN(names->n, n * DRAWN);
	struct sized *v = xcalloc(drawn + 1, sizeof(*v));

	shuffle_first(names, drawn, rng);
	for (size_t i = 0; i < drawn; i++) {
		char *path = fs_join(dir, names->v[i]);

		v[i].name = names->v[i];
		if (fs_size(path, &v[i].size, NULL) < 0)
			v[i].size = UINT64_MAX; /* gone: the engine leaves it out */
		free(path);
	}
	qsort(v, drawn, sizeof(*v), by_size);
	for (size_t i = 0; i < drawn && i < n; i++)
		strlist_add(out, v[i].name);
	free(v);
}

static void add_cover(const struct feature_table *t, struct rng *rng, struct strlist *out)
{
	const struct cover_matrix m = { .n = t->n, .start = t->start, .features = t->features };
	struct cover c = { NULL };

	if (!t->n)
		return;
	cover_random(&m, rng, &c);
	for (size_t i = 0; i < c.n; i++)
		strlist_add(out, t->rows[c.rows[i]].sha1);
	cover_release(&c);
}

static void look_up(struct project *p, const struct config_harness *h, const struct strlist *names,
	struct feature_table *known, struct strlist *unknown)
{
	struct err err = ERR_INIT;
	char *build = measure_build(p, h, 1, &err);

	if (!build || measure_known(p, h, build, names, known, unknown, &err) < 0) {
		log_debug("%s: what its corpus reaches isn't known: %s", h->name, err.msg);
		strlist_add_all(unknown, names);
	}
	free(build);
}

bool start_choose(struct project *p, const struct config_harness *h, size_t whole,
	uint64_t slice_ms, uint64_t seed, struct strlist *out)
{
	char *dir = project_corpus_dir(p, h->name);
	struct strlist names = STRLIST_INIT, unknown = STRLIST_INIT;
	struct feature_table known = { NULL };
	size_t most =
		MIN(MAX((size_t)(slice_ms / SAMPLE_MS), (size_t)SAMPLE_MIN), (size_t)SAMPLE_MAX);
	struct rng rng;
	bool chosen;

	rng_seed(&rng, seed ? seed : clock_wall_ms());
	/* a folder that can't be read is the engine's to tell of */
	if (inputs_list(dir, &names, NULL) == 0 && names.n > whole)
		look_up(p, h, &names, &known, &unknown);
	chosen = names.n > whole && (names.n > MANY || known.n >= unknown.n);
	if (chosen) {
		add_cover(&known, &rng, out);
		add_sample(dir, &unknown, names.n > MANY ? most : unknown.n, &rng, out);
		strlist_sort(out);
		log_debug("%s: begins with %zu of %zu inputs, %zu of them known", h->name, out->n,
			names.n, known.n);
	}
	feature_table_release(&known);
	strlist_release(&unknown);
	strlist_release(&names);
	free(dir);
	return chosen;
}
