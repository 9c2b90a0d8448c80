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
#include "corpus/inputs.h"
#include "proc/proc.h"
#include <stdio.h>

#define REACHED "reached"
#define REACHED_MAX ((uint64_t)64 << 20)
#define INPUT_MAX ((uint64_t)1 << 20)

struct gaining {
	const char *dir;
	const struct strlist *names;
	size_t next;
	uint64_t until_ms;
	struct buf *inputs; /* by name: held until their result came */
	struct buf seen;    /* a bit a feature */
	uint64_t fresh;
};

static bool next_input(void *arg, struct target_input *in)
{
	struct gaining *g = arg;

	while (g->next < g->names->n && clock_mono_ms() < g->until_ms && !proc_interrupted()) {
		size_t i = g->next++;
		char *path = fs_join(g->dir, g->names->v[i]);
		int rc = fs_read(path, INPUT_MAX, &g->inputs[i], NULL);

		free(path);
		if (rc < 0)
			continue; /* an engine made it smaller and took it away */
		*in = (struct target_input){
			.data = buf_str(&g->inputs[i]), .len = g->inputs[i].len, .tag = i
		};
		return true;
	}
	return false;
}

static int one_done(void *arg, const struct target_input *in, const struct target_result *res)
{
	struct gaining *g = arg;

	for (size_t i = 0; res->outcome == TARGET_OK && i < res->n_features; i++) {
		uint32_t f = res->features[i];
		char bit = (char)(1u << f % 8);

		if (f / 8 >= g->seen.len || g->seen.s[f / 8] & bit)
			continue;
		g->seen.s[f / 8] |= bit;
		g->fresh++;
	}
	buf_release(&g->inputs[in->tag]);
	return clock_mono_ms() >= g->until_ms;
}

static int run_all(
	struct gaining *g, struct target *t, const struct strlist *names, struct err *err)
{
	const struct target_opts how = { .no_confirm = true };
	int rc;

	g->names = names;
	g->next = 0;
	g->inputs = xcalloc(names->n + 1, sizeof(*g->inputs));
	rc = target_run(t, &how, next_input, one_done, g, err);
	for (size_t i = 0; i < names->n; i++)
		buf_release(&g->inputs[i]);
	free(g->inputs);
	return rc;
}

/* What was there before the first slice that is measured is nobody's gain. */
static int run_others(
	struct gaining *g, struct target *t, const struct strlist *brought, struct err *err)
{
	struct strlist all = STRLIST_INIT, others = STRLIST_INIT;
	int rc = fs_list(g->dir, &all, err);

	for (size_t i = 0; i < all.n; i++)
		if (inputs_is_name(all.v[i]) && !strlist_has_sorted(brought, all.v[i]))
			strlist_add(&others, all.v[i]);
	if (rc == 0)
		rc = run_all(g, t, &others, err);
	g->fresh = 0;
	strlist_release(&all);
	strlist_release(&others);
	return rc;
}

static int measure(struct gaining *g, struct target *t, const char *path,
	const struct strlist *brought, struct err *err)
{
	size_t bytes = target_n_counters(t);
	bool known = fs_read(path, REACHED_MAX, &g->seen, NULL) == 0 && g->seen.len == bytes;

	if (!known) {
		buf_reset(&g->seen);
		buf_reserve(&g->seen, bytes + 1);
		memset(g->seen.s, 0, bytes + 1);
		g->seen.len = bytes;
		if (run_others(g, t, brought, err) < 0)
			return -1;
	}
	if (run_all(g, t, brought, err) < 0)
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
	char *path = fs_join(dir, REACHED);
	struct gaining g = {
		.dir = corpus, .until_ms = clock_mono_ms() + limit_ms, .seen = BUF_INIT
	};
	struct err err = ERR_INIT;
	struct target *t = project_target(p, h, VARIANT_COV, NULL, 1, &err);

	if (!t || fs_mkdirs(dir, &err) < 0 || measure(&g, t, path, brought, &err) < 0 ||
		book(p, h->name, engine, g.fresh, &err) < 0)
		log_debug("%s: what %s gained isn't known: %s", h->name, engine, err.msg);
	else
		log_debug("%s: %s brought %zu inputs, and %llu features that nothing had reached",
			h->name, engine, brought->n, (unsigned long long)g.fresh);
	buf_release(&g.seen);
	free(path);
	free(dir);
	free(corpus);
}
