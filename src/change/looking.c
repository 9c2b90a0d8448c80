/* Edge cases and an engine, on the changed build; what fails is then tried on the base. Nothing is kept in the project. */
#include "base/prelude.h"
#include "change/internal.h"
#include "base/escape.h"
#include "base/fs.h"
#include "base/hash.h"
#include "base/mem.h"
#include "corpus/import.h"
#include "corpus/inputs.h"
#include "engine/engine.h"
#include "engine/libfuzzer.h"
#include "proc/interrupt.h"
#include "suite/faults.h"
#include "suite/suite.h"

#define FOUND_MAX 200
#define FIND_MAX ((uint64_t)64 << 20)

/* --- edge cases --- */

/* What a failing case was: made again by its name. */
static bool bytes_of(const struct suite_source *src, const struct suite_bug *bug, struct buf *out)
{
	struct buf pattern = BUF_INIT;
	struct cases_stream *cases;
	struct edge_case *one;
	bool found = false;

	if (bug->fault)
		return suite_fault_input(src, bug->name, out);
	escape_glob(&pattern, strv_of(bug->name));
	cases = cases_stream_new(&src->in, buf_str(&pattern));
	while (!found && (one = cases_stream_next(cases)) != NULL) {
		found = strcmp(one->name, bug->name) == 0;
		if (found)
			buf_add(out, one->data, one->len);
		free(one);
	}
	cases_stream_free(cases);
	buf_release(&pattern);
	return found;
}

/* Files of a folder, so that both builds get the same bytes: the base may have other seeds. */
static int lay_out_cases(struct changing *c, struct change_one *one, const struct suite_result *r,
	const char *dir, struct err *err)
{
	struct suite_source src;
	int rc =
		suite_source_load(c->p, one->h, MAX((size_t)one->h->max_len, SUITE_LEN), &src, err);

	if (rc == 0)
		rc = fs_mkdirs(dir, err);
	for (size_t i = 0; rc == 0 && i < r->n_bugs; i++) {
		struct buf b = BUF_INIT;
		char sha1[SHA1_HEX];

		if (bytes_of(&src, &r->bugs[i], &b))
			rc = inputs_put(dir, buf_str(&b), b.len, sha1, NULL, err);
		else
			strlist_addf(&one->lacks, "case %s failed, and can't be made again",
				r->bugs[i].name);
		buf_release(&b);
	}
	suite_source_release(&src);
	return rc;
}

int change_edge(struct changing *c, struct change_one *one, uint64_t ms, struct err *err)
{
	struct suite_opts how = { .jobs = c->p->jobs,
		.time_ms = ms / 2,
		.faults = true,
		.no_file = true,
		.no_corpus = true,
		.no_minimize = true };
	char *root = fs_join(c->base.tmp, "edge"), *dir = fs_join(root, one->h->name);
	struct suite_result r;
	int rc = suite_run(c->p, one->h, &how, &r, err);

	project_targets_close(c->p);
	one->edge_runs = rc == 0 ? r.cases + r.fault_runs : 0;
	one->edge_cut = rc == 0 && (r.cut || r.fault_cut);
	if (rc == 0 && r.n_bugs && !proc_interrupted()) {
		rc = lay_out_cases(c, one, &r, dir, err);
		if (rc == 0)
			rc = change_replay_dir(c, one, dir, "edge", err);
	}
	suite_result_release(&r);
	free(dir);
	free(root);
	return rc < 0 || proc_interrupted() ? -1 : 0;
}

/* --- an engine --- */

struct fuzzing {
	char *found;
	uint64_t n;
};

static enum engine_ack on_found(void *arg, const struct engine_find *find)
{
	struct fuzzing *f = arg;
	struct buf b = BUF_INIT;
	char sha1[SHA1_HEX];
	int rc = fs_read(find->path, FIND_MAX, &b, NULL);

	if (rc == 0)
		rc = inputs_put(f->found, buf_str(&b), b.len, sha1, NULL, NULL);
	buf_release(&b);
	/* what can't be kept is lost with the check, which then has enough of other things to tell */
	return rc < 0 ? ENGINE_UNSTORED : ++f->n >= FOUND_MAX ? ENGINE_ENOUGH : ENGINE_STORED;
}

static int on_tick(void *arg, const struct engine_stats *s)
{
	(void)arg;
	(void)s;
	return proc_interrupted();
}

/* It begins with what reaches the changed functions, so that its time goes there; else with all there is. */
static int lay_out(const struct change_one *one, const char *corpus, struct err *err)
{
	struct import_stats st = { 0 };
	int rc = fs_mkdirs(corpus, err);

	if (rc == 0 && !one->starts.n)
		return inputs_import(corpus, one->inputs_dir, UINT64_MAX, &st, err);
	for (size_t i = 0; rc == 0 && i < one->starts.n; i++) {
		char *from = inputs_path(one->inputs_dir, one->starts.v[i]);
		char *to = inputs_path(corpus, one->starts.v[i]);

		rc = fs_copy(from, to, 0600, err);
		free(from);
		free(to);
	}
	return rc;
}

static int explore(struct changing *c, struct change_one *one, const char *exe, const char *corpus,
	const char *work, uint64_t ms, struct fuzzing *f, struct err *err)
{
	const struct config_harness *h = one->h;
	struct engine_stats stats = { 0 };
	struct engine_job job = { .harness = h->name,
		.exe = exe,
		.corpus_dir = corpus,
		.work_dir = work,
		.dictionary = h->dictionary,
		.env = h->env.v,
		.given = { h->files.v, c->p->cfg->dir },
		.sandbox = project_sandbox(c->p),
		.slice_ms = ms,
		.max_len = h->max_len,
		.timeout_ms = h->timeout_ms,
		.memory = h->memory };
	int rc = engine_libfuzzer.run(&job, on_found, on_tick, f, &stats, err);

	one->execs = stats.execs;
	return rc < 0 || proc_interrupted() ? -1 : 0;
}

int change_fuzz(struct changing *c, struct change_one *one, uint64_t ms, struct err *err)
{
	char *root = fs_join(c->base.tmp, "fuzz"), *top = fs_join(root, one->h->name);
	char *corpus = fs_join(top, "corpus"), *work = fs_join(top, "work");
	struct fuzzing f = { .found = fs_join(top, "found") };
	struct build_result built = { 0 };
	struct err why = ERR_INIT;
	int rc = lay_out(one, corpus, err);

	if (rc == 0)
		rc = fs_mkdirs(work, err);
	if (rc == 0)
		rc = fs_mkdirs(f.found, err);
	if (rc == 0 && build_variant(c->p->cfg, one->h, NULL, VARIANT_LIBFUZZER, &c->p->tools,
			       c->p->jobs, &built, &why) < 0)
		strlist_addf(&one->lacks, "fuzzing: %s", why.msg);
	else if (rc == 0)
		rc = explore(c, one, built.exe, corpus, work, ms, &f, err);
	if (rc == 0 && f.n)
		rc = change_replay_dir(c, one, f.found, "fuzz", err);
	build_result_release(&built);
	free(f.found);
	free(corpus);
	free(work);
	free(top);
	free(root);
	return rc;
}
