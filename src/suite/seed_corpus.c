/*
 * Seeds from nothing: cases that reach code which neither the corpus nor an earlier case reached become inputs of the
 * corpus. For a harness without seeds that is what the engines begin with.
 */
#include "base/prelude.h"
#include "suite/internal.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "corpus/inputs.h"
#include "project/origins.h"
#include <stdio.h>

/* of the suite's time: the cases that ran under sanitizers run here once more, several times as fast */
#define TIME_PART 3

struct growing {
	struct suite_pass pass;
	struct cases_stream *suite;
	char *dir;
	struct strlist paths; /* of the corpus, first */
	size_t next_path;
	unsigned char *seen; /* a bit a feature */
	size_t n_features;
	bool cut;
	struct origins origins;
	struct err err;
	bool failed;
};

static struct edge_case *case_of_file(const char *path, size_t max_len)
{
	struct buf b = BUF_INIT;
	struct edge_case *c = NULL;

	if (fs_read(path, max_len, &b, NULL) == 0) {
		c = xmalloc(sizeof(*c) + b.len + 1);
		memcpy(c + 1, buf_str(&b), b.len);
		*c = (struct edge_case){ .len = b.len, .data = (unsigned char *)(c + 1) };
	}
	buf_release(&b);
	return c;
}

static struct edge_case *next_of(struct growing *g)
{
	struct suite_running *r = g->pass.r;
	struct edge_case *c = NULL;

	while (!c && g->next_path < g->paths.n)
		c = case_of_file(g->paths.v[g->next_path++], r->h->max_len);
	while (!c) {
		c = cases_stream_next(g->suite);
		if (!c)
			return NULL;
		if (c->len > r->h->max_len || suite_is_bad(r, c->serial)) {
			free(c);
			c = NULL;
		}
	}
	return c;
}

static bool next_input(void *arg, struct target_input *in)
{
	struct growing *g = arg;
	struct edge_case *c = suite_pass_goes_on(&g->pass) ? next_of(g) : NULL;

	if (!c)
		return false;
	suite_pass_send(&g->pass, c, in);
	return true;
}

static bool adds_features(struct growing *g, const struct target_result *res)
{
	bool news = false;

	for (size_t i = 0; i < res->n_features; i++) {
		uint32_t f = res->features[i];

		if (f >= g->n_features || g->seen[f / 8] & 1u << f % 8)
			continue;
		g->seen[f / 8] |= (unsigned char)(1u << f % 8);
		news = true;
	}
	return news;
}

static int one_done(void *arg, const struct target_input *in, const struct target_result *res)
{
	struct growing *g = arg;
	struct edge_case *c = suite_pass_back(in);
	char sha1[SHA1_HEX];
	bool added = false;

	if (res->outcome == TARGET_OK && adds_features(g, res) && c->name) {
		if (inputs_put_unsynced(g->dir, c->data, c->len, sha1, &added, &g->err) < 0)
			g->failed = true;
		g->pass.r->out->corpus_added += added;
		if (added)
			origins_add(&g->origins, sha1, c->name, NULL);
	}
	free(c);
	return g->failed || suite_pass_is_late(&g->pass);
}

static int grow(struct growing *g, struct target *t, struct err *err)
{
	struct suite_running *r = g->pass.r;
	/* in order: the same cases enter each time; what fails is the other builds' business */
	struct target_opts how = { .in_order = true, .no_confirm = true };
	int rc = -1;

	g->n_features = target_n_counters(t) * 8;
	g->seen = xcalloc(g->n_features / 8 + 1, 1);
	g->suite = cases_stream_new(&r->src.in, r->opts->pattern);
	if (fs_mkdirs(g->dir, err) < 0 || fs_walk(g->dir, &g->paths, err) < 0)
		goto out;
	for (size_t i = 0; i < r->h->seeds.n; i++)
		if (fs_exists(r->h->seeds.v[i]) && fs_walk(r->h->seeds.v[i], &g->paths, err) < 0)
			goto out;
	rc = target_run(t, &how, next_input, one_done, g, err);
	if (rc == 0 && g->failed) {
		*err = g->err;
		rc = -1;
	}
out:
	origins_flush(&g->origins, r->project);
	cases_stream_free(g->suite);
	suite_pass_end(&g->pass);
	free(g->seen);
	strlist_release(&g->paths);
	return rc;
}

int suite_corpus(struct suite_running *r, struct err *err)
{
	struct growing g = { .dir = project_corpus_dir(r->project, r->h->name),
		.origins = { .harness = r->h->name, .engine = "edge" } };
	struct err why = ERR_INIT;
	struct target *t =
		project_target(r->project, r->h, VARIANT_COV, NULL, MAX(r->opts->jobs, 1u), &why);
	uint64_t full = t ? suite_slow_quick(r, t) : 0;
	int rc = 0;

	suite_pass_begin(&g.pass, r, "corpus, cov", r->opts->time_ms / TIME_PART, &g.cut);
	if (t)
		rc = grow(&g, t, err);
	else
		log_debug("%s: no case enters the corpus: %s", r->h->name, why.msg);
	if (t)
		target_set_timeout(t, full);
	free(g.dir);
	return rc;
}
