/*
 * A bit for each feature that was ever seen, in a file of the harness. The first time the whole corpus is measured, as far as
 * there is time; later what a slice brought. Two slices of a harness that end together may both count a feature: a hint.
 */
#include "base/prelude.h"
#include "campaign/gain.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "campaign/endless.h"
#include "corpus/inputs.h"
#include "distill/measure.h"
#include <stdio.h>

#define REACHED "reached"
#define REACHED_MAX ((uint64_t)64 << 20)
/* inputs that slices to come needn't know */
#define FEW 100

struct gaining {
	struct project *p;
	const struct config_harness *h;
	const char *dir, *build;
	uint64_t until_ms;
	struct buf seen;        /* a bit a feature */
	uint64_t fresh, looked; /* features; inputs, of the last that were to be measured */
};

static void look_at(struct gaining *g, uint32_t feature)
{
	char bit = (char)(1u << feature % 8);

	if (feature / 8 >= g->seen.len || g->seen.s[feature / 8] & bit)
		return;
	g->seen.s[feature / 8] |= bit;
	g->fresh++;
}

/* The cache of the cov build knows them from now on, as far as there is time. */
static int run_all(struct gaining *g, const struct strlist *names, struct err *err)
{
	const struct measure_on on = { .name = g->h->name, .p = g->p, .h = g->h };
	const struct measure_opts how = {
		.build = g->build, .part = true, .until_ms = g->until_ms, .jobs = 1
	};
	struct measure_stats stats;
	struct feature_table t = { NULL };
	int rc = measure(&on, g->dir, names, &how, &t, &stats, err);

	for (size_t i = 0; rc == 0 && i < t.n_features; i++)
		look_at(g, t.features[i]);
	g->looked = rc == 0 ? stats.ran + stats.cached : 0;
	feature_table_release(&t);
	return rc;
}

static int others_of(
	struct gaining *g, const struct strlist *brought, struct strlist *others, struct err *err)
{
	struct strlist all = STRLIST_INIT;
	int rc = inputs_list(g->dir, &all, err);

	for (size_t i = 0; i < all.n; i++)
		if (!strlist_has_sorted(brought, all.v[i]))
			strlist_add(others, all.v[i]);
	strlist_release(&all);
	return rc;
}

/*
 * What was there before the first slice that is measured is nobody's gain. Later: what there was no time for, so that slices
 * to come know what the corpus reaches. A few are those that fail each time.
 */
static int run_others(struct gaining *g, const struct strlist *brought, bool first, struct err *err)
{
	struct strlist others = STRLIST_INIT, unknown = STRLIST_INIT;
	uint64_t fresh = g->fresh;
	int rc = others_of(g, brought, &others, err);

	if (rc == 0 && !first)
		rc = measure_known(g->p, g->h, g->build, &others, NULL, &unknown, err);
	if (rc == 0 && first)
		rc = run_all(g, &others, err);
	else if (rc == 0 && unknown.n > FEW)
		rc = run_all(g, &unknown, err);
	g->fresh = fresh;
	strlist_release(&others);
	strlist_release(&unknown);
	return rc;
}

/*
 * Where there was time for a part only, as on a machine that has much else to do, the rest is taken to be like it; where there
 * was none at all, each input to have brought something, or its engine wouldn't have kept it. An engine that gets no slices
 * any more for having had no measure would be worse.
 */
static void extrapolate(struct gaining *g, const struct strlist *brought)
{
	if (!g->looked)
		g->fresh = brought->n;
	else if (g->looked < brought->n)
		g->fresh = g->fresh * brought->n / g->looked;
}

static int measure_gain(struct gaining *g, size_t counters, const char *path,
	const struct strlist *brought, struct err *err)
{
	uint64_t until = g->until_ms, now = clock_mono_ms();
	bool known = fs_read(path, REACHED_MAX, &g->seen, NULL) == 0 && g->seen.len == counters;

	if (!known) {
		buf_reset(&g->seen);
		buf_reserve(&g->seen, counters + 1);
		memset(g->seen.s, 0, counters + 1);
		g->seen.len = counters;
		g->until_ms = until > now ? now + (until - now) / 2 : until;
		if (run_others(g, brought, true, err) < 0)
			return -1;
		g->until_ms = until;
	}
	if (run_all(g, brought, err) < 0)
		return -1;
	extrapolate(g, brought);
	if (known && run_others(g, brought, false, err) < 0)
		return -1;
	return fs_write(path, g->seen.s, g->seen.len, 0600, err);
}

static char *key_of(const char *harness, const char *engine)
{
	return xasprintf("gain/%s/%s", harness, engine);
}

uint64_t gain_of(const struct project *p, const char *harness, const char *engine)
{
	char *key = key_of(harness, engine), *value = NULL;
	uint64_t gained = 0;

	if (store_fact_get(p->store, key, &value, NULL) != 0 ||
		num_u64(strv_of(value), &gained) < 0)
		gained = 0;
	free(key);
	free(value);
	return gained;
}

static int book(
	struct project *p, const char *harness, const char *engine, uint64_t fresh, struct err *err)
{
	char *key = key_of(harness, engine);
	unsigned long long all = gain_of(p, harness, engine) + fresh;
	char *value = xasprintf("%llu", all);
	int rc = store_fact_set(p->store, key, value, err);

	free(key);
	free(value);
	return rc;
}

void gain_add(struct project *p, const struct config_harness *h, const char *engine,
	const struct strlist *brought, uint64_t limit_ms)
{
	char *corpus = project_corpus_dir(p, h->name), *dir = project_work_dir(p, h->name, "gain");
	char *path = fs_join(dir, REACHED), *build;
	struct gaining g = { .p = p,
		.h = h,
		.dir = corpus,
		.until_ms = clock_mono_ms() + limit_ms,
		.seen = BUF_INIT };
	struct err err = ERR_INIT;
	struct target *t;
	uint64_t limit = 0;

	g.build = build = measure_build(p, h, 1, &err);
	t = build ? project_target(p, h, VARIANT_COV, NULL, 1, &err) : NULL;
	if (t) {
		limit = target_timeout(t);
		target_set_timeout(t, endless_limit_ms(p, h->name, limit));
	}
	if (!t || fs_mkdirs(dir, &err) < 0 ||
		measure_gain(&g, target_n_counters(t), path, brought, &err) < 0 ||
		book(p, h->name, engine, g.fresh, &err) < 0)
		log_debug("%s: what %s gained isn't known: %s", h->name, engine, err.msg);
	else
		log_debug("%s: %s brought %zu inputs, and %llu features that nothing had reached",
			h->name, engine, brought->n, (unsigned long long)g.fresh);
	if (t)
		target_set_timeout(t, limit);
	buf_release(&g.seen);
	free(build);
	free(path);
	free(dir);
	free(corpus);
}
