/* Gathers what the styles of regression tests need to know of the project, and has them write their files. */
#include "base/prelude.h"
#include "retest/regress_files.h"
#include "base/fs.h"
#include "base/mem.h"
#include "project/sources.h"
#include "target/target.h"

#define INPUT_MAX ((uint64_t)256 << 20)

/* Everything that one harness borrows from. */
struct gathered {
	char *source;
	struct strlist sources, include;
};

static const char *const no_strings[] = { NULL };

static const char *const *list_or_none(const struct strlist *l)
{
	return l->v ? (const char *const *)l->v : no_strings;
}

static const char *const *strs_or_none(const struct config_strs *s)
{
	return s->v ? (const char *const *)s->v : no_strings;
}

static void gather(const struct config *cfg, const struct config_harness *h, struct gathered *g)
{
	struct strlist absolute = STRLIST_INIT;

	g->source = h->source ? sources_relative(cfg->dir, h->source) : NULL;
	if (!h->build->script)
		sources_list(h->build, &absolute);
	for (size_t i = 0; i < absolute.n; i++)
		strlist_add_take(&g->sources, sources_relative(cfg->dir, absolute.v[i]));
	for (size_t i = 0; i < h->build->include.n; i++)
		strlist_add_take(&g->include, sources_relative(cfg->dir, h->build->include.v[i]));
	strlist_release(&absolute);
}

static bool has_tests(const struct regress_tree *t, const char *harness)
{
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(t->v[i].harness, harness) == 0)
			return true;
	return false;
}

/* Those whose inputs begin with a fault's line. */
static void mark_faults(struct regress_tree *t, struct regress_project *p)
{
	for (size_t i = 0; i < t->n; i++) {
		struct buf input = BUF_INIT;
		struct target_fault fault = { .at = 0 };

		if (fs_read(t->v[i].input, INPUT_MAX, &input, NULL) == 0)
			t->v[i].fault_line = target_fault_line(buf_str(&input), input.len, &fault);
		t->v[i].fault = t->v[i].fault_line > 0;
		if (t->v[i].fault && fault.kind == TARGET_FAULT_ALLOC) {
			t->v[i].alloc_at = fault.at;
			t->v[i].alloc_and_all = fault.after;
			p->faults_c = runtime_faults_c;
			p->faults_c_len = runtime_faults_c_len;
		}
		buf_release(&input);
	}
}

int regress_files_write(struct project *project, struct regress_writer *w,
	const struct regress_style *style, const struct regress_opts *opts, const char *root,
	struct err *err)
{
	const struct config *cfg = project->cfg;
	struct regress_harness *hs = xcalloc(cfg->n_harnesses + 1, sizeof(*hs));
	struct gathered *g = xcalloc(cfg->n_harnesses + 1, sizeof(*g));
	char *up = sources_relative(root, cfg->dir), *dir = sources_relative(cfg->dir, root);
	struct regress_tree tree;
	struct regress_project p = { .name = cfg->project,
		.up = up,
		.dir = dir,
		.harnesses = hs,
		.tree = &tree,
		.replay_c = runtime_replay_c,
		.replay_c_len = runtime_replay_c_len,
		.framework = opts->framework ? opts->framework : "main" };
	int rc = regress_scan(root, NULL, &tree, err);

	for (size_t i = 0; rc == 0 && i < cfg->n_harnesses; i++) {
		const struct config_harness *h = &cfg->harnesses[i];

		if (!has_tests(&tree, h->name))
			continue;
		gather(cfg, h, &g[p.n_harnesses]);
		hs[p.n_harnesses] = (struct regress_harness){ .name = h->name,
			.source = g[p.n_harnesses].source,
			.sources = list_or_none(&g[p.n_harnesses].sources),
			.include = list_or_none(&g[p.n_harnesses].include),
			.cflags = strs_or_none(&h->build->cflags),
			.cxxflags = strs_or_none(&h->build->cxxflags),
			.ldflags = strs_or_none(&h->build->ldflags),
			.timeout_ms = h->timeout_ms };
		p.n_harnesses++;
	}
	mark_faults(&tree, &p);
	if (rc == 0)
		rc = style->emit(w, &p, err);
	for (size_t i = 0; i < p.n_harnesses; i++) {
		free(g[i].source);
		strlist_release(&g[i].sources);
		strlist_release(&g[i].include);
	}
	regress_tree_release(&tree);
	free(g);
	free(hs);
	free(up);
	free(dir);
	return rc;
}
