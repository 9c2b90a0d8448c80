/*
 * From the cheap to the dear: what wasn't touched isn't built, what is built to the same isn't run, and only what differs is
 * looked at.
 */
#include "base/prelude.h"
#include "change/change.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/mem.h"
#include "build/leaves.h"
#include "change/internal.h"
#include "change/same_code.h"
#include "proc/interrupt.h"

#define FILE_MAX ((uint64_t)1 << 30)
/* of the time, for the edge cases of all; and of each harness at least and at most */
#define EDGE_PART 4
#define EDGE_MIN_MS 1000
#define EDGE_MAX_MS 16000
/* an engine has hardly started by then */
#define FUZZ_MIN_MS 2000
/* from a failing input's first look to its last */
#define JUDGE_PART 10

const char *change_state_name(enum change_state s)
{
	static const char *const names[] = { "untouched", "same code", "compared", "added",
		"broken", "no base", "not done" };

	return names[s];
}

static void tell(const struct changing *c, const char *what, const char *harness)
{
	if (c->opts->progress)
		c->opts->progress(c->opts->arg, what, harness);
}

static void not_done(struct change_one *one, enum change_state s, const char *why)
{
	one->state = s;
	free(one->why);
	one->why = xstrdup(why);
}

/* --- what has to be looked at --- */

/* The same bytes lie there in the commit's tree; a file that isn't the repository's is the same for both. */
static bool same_file(const struct tree *t, const char *path)
{
	char *real = realpath(path, NULL), *old = NULL;
	const char *below = real ? tree_relative(t, real) : NULL;
	bool same = real && !below;

	if (below) {
		old = fs_join(t->root, below);
		same = fs_same(real, old, FILE_MAX);
	}
	free(old);
	free(real);
	return same;
}

/* Nothing that it was made of is another: neither a file nor the project file's flags. */
static bool is_untouched(struct changing *c, const struct change_one *one)
{
	struct strlist leaves = STRLIST_INIT;
	bool same = build_leaves(c->p->cfg, one->h, VARIANT_ASAN, &leaves) && leaves.n &&
		    same_file(&c->base, c->p->cfg->path);

	for (size_t i = 0; same && i < leaves.n; i++)
		same = same_file(&c->base, leaves.v[i]);
	strlist_release(&leaves);
	return same;
}

static bool is_same_code(struct changing *c, const struct change_one *one)
{
	char *now = build_path(c->p->cfg, one->h, NULL, VARIANT_COV);
	char *then = build_path(c->base.p->cfg, change_base_of(c, one), NULL, VARIANT_COV);
	struct buf a = BUF_INIT, b = BUF_INIT;
	bool same = fs_read(now, FILE_MAX, &a, NULL) == 0 &&
		    fs_read(then, FILE_MAX, &b, NULL) == 0 &&
		    same_code(strv_n(buf_str(&a), a.len), c->base.top, strv_n(buf_str(&b), b.len),
			    c->base.root);

	buf_release(&a);
	buf_release(&b);
	free(now);
	free(then);
	return same;
}

/* asan and cov of all that are still in question; what fails is told by `failed`. */
static int build_them(
	struct changing *c, struct project *p, bool base, enum change_state failed, struct err *err)
{
	static const enum variant variants[] = { VARIANT_ASAN, VARIANT_COV };
	struct change_result *out = c->out;
	struct build_want *wants = xcalloc(out->n * 2 + 1, sizeof(*wants));
	struct change_one **of = xcalloc(out->n * 2 + 1, sizeof(struct change_one *));
	size_t n = 0;
	int rc = project_need_tools(p, err);

	for (size_t i = 0; i < out->n; i++)
		for (size_t k = 0; out->v[i].state == CHANGE_COMPARED && k < 2; k++) {
			of[n] = &out->v[i];
			wants[n].h = base ? change_base_of(c, &out->v[i]) : out->v[i].h;
			wants[n++].v = variants[k];
		}
	if (rc == 0 && n)
		rc = build_many(p->cfg, wants, n, &p->tools, p->jobs, err);
	for (size_t i = 0; i < n; i++) {
		if (rc == 0 && wants[i].rc < 0)
			not_done(of[i], failed, wants[i].err.msg);
		build_result_release(&wants[i].result);
	}
	free(wants);
	free(of);
	return rc < 0 || proc_interrupted() ? -1 : 0;
}

/* What was broken before isn't broken by the change. */
static int sort_out(struct changing *c, struct err *err)
{
	struct change_result *out = c->out;

	tell(c, "building", NULL);
	if (build_them(c, c->p, false, CHANGE_BROKEN, err) < 0)
		return -1;
	for (size_t i = 0; i < out->n; i++) {
		struct change_one *one = &out->v[i];

		if (!change_base_of(c, one))
			one->state = one->state == CHANGE_COMPARED ? CHANGE_ADDED : one->state;
		else if (one->state == CHANGE_COMPARED && is_untouched(c, one))
			one->state = CHANGE_UNTOUCHED;
	}
	tell(c, "building the base", NULL);
	if (build_them(c, c->base.p, true, CHANGE_NO_BASE, err) < 0)
		return -1;
	for (size_t i = 0; i < out->n; i++) {
		struct change_one *one = &out->v[i];
		const struct config_harness *h = change_base_of(c, one);
		struct build_result r = { 0 };

		if (one->state == CHANGE_COMPARED && is_same_code(c, one))
			one->state = CHANGE_SAME_CODE;
		else if (one->state == CHANGE_BROKEN && h &&
			 build_variant(c->base.p->cfg, h, NULL, VARIANT_ASAN, &c->base.p->tools,
				 c->base.p->jobs, &r, NULL) < 0)
			one->state = CHANGE_NO_BASE;
		build_result_release(&r);
	}
	return proc_interrupted() ? -1 : 0;
}

/* --- looking --- */

/* One that can't be run, or whose base can't, costs only itself. */
static int compare(struct changing *c, struct change_one *one, struct err *err)
{
	struct err why = ERR_INIT;
	int rc;

	tell(c, "comparing", one->h->name);
	rc = change_replay(c, one, &why);
	if (rc == 0)
		rc = change_reached(c, one, &why);
	project_targets_close(c->p);
	project_targets_close(c->base.p);
	if (rc < 0 && proc_interrupted())
		return err_set(err, "interrupted");
	if (rc < 0)
		not_done(one, CHANGE_NOT_DONE, why.msg);
	return 0;
}

/*
 * Edge cases are for what is reached of the change, as is an engine's time: where no harness reaches it, it is looked for with
 * all of them.
 */
static bool is_wanted(const struct changing *c, const struct change_one *one, bool edge)
{
	bool reached = false;

	for (size_t i = 0; i < c->out->n; i++)
		reached |= c->out->v[i].state == CHANGE_COMPARED && c->out->v[i].functions.n;
	if (one->state != CHANGE_COMPARED)
		return false;
	return edge ? one->functions.n || !one->inputs : one->functions.n || !reached;
}

static size_t count_wanted(const struct changing *c, bool edge)
{
	size_t n = 0;

	for (size_t i = 0; i < c->out->n; i++)
		n += is_wanted(c, &c->out->v[i], edge);
	return n;
}

/* All at once, on all cores; one that fails says why when its turn comes. */
static int build_for_engine(struct changing *c, struct err *err)
{
	struct build_want *wants = xcalloc(c->out->n + 1, sizeof(*wants));
	size_t n = 0;
	int rc;

	for (size_t i = 0; i < c->out->n; i++)
		if (is_wanted(c, &c->out->v[i], false))
			wants[n++] =
				(struct build_want){ .h = c->out->v[i].h, .v = VARIANT_LIBFUZZER };
	rc = n ? build_many(c->p->cfg, wants, n, &c->p->tools, c->p->jobs, err) : 0;
	for (size_t i = 0; i < n; i++)
		build_result_release(&wants[i].result);
	free(wants);
	return rc < 0 && proc_interrupted() ? err_set(err, "interrupted") : 0;
}

/* Each in turn, what is left shared by those that are left. */
static int look(struct changing *c, bool edge, struct err *err)
{
	size_t left = count_wanted(c, edge);
	uint64_t share = c->opts->time_ms / EDGE_PART / MAX(left, (size_t)1);

	share = MIN(MAX(share, (uint64_t)EDGE_MIN_MS), (uint64_t)EDGE_MAX_MS);
	for (size_t i = 0; i < c->out->n; i++) {
		struct change_one *one = &c->out->v[i];
		uint64_t ms = edge ? share : change_left(c) / MAX(left, (size_t)1);
		struct err why = ERR_INIT;
		int rc;

		if (!is_wanted(c, one, edge))
			continue;
		left--;
		one->fuzz_cut = !edge && ms < FUZZ_MIN_MS;
		if (one->fuzz_cut)
			continue;
		tell(c, edge ? "edge cases of" : "fuzzing", one->h->name);
		rc = edge ? change_edge(c, one, ms, &why)
			  : change_fuzz(c, one, ms - ms / JUDGE_PART, &why);
		if (rc < 0 && proc_interrupted())
			return err_set(err, "interrupted");
		if (rc < 0)
			strlist_addf(
				&one->lacks, "%s: %s", edge ? "edge cases" : "fuzzing", why.msg);
	}
	return 0;
}

static int work(struct changing *c, struct err *err)
{
	if (sort_out(c, err) < 0)
		return proc_interrupted() ? err_set(err, "interrupted") : -1;
	for (size_t i = 0; i < c->out->n; i++)
		if (c->out->v[i].state == CHANGE_COMPARED && compare(c, &c->out->v[i], err) < 0)
			return -1;
	change_uncovered(c);
	if (look(c, true, err) < 0)
		return -1;
	if (!c->opts->time_ms)
		return 0;
	return build_for_engine(c, err) < 0 ? -1 : look(c, false, err);
}

int change_run(struct project *p, const struct change_opts *opts, struct change_result *out,
	struct err *err)
{
	struct changing c = { .p = p, .opts = opts, .out = out, .start_ms = clock_mono_ms() };
	int rc;

	*out = (struct change_result){ .commit = NULL };
	if (tree_open(p, opts->rev, &c.base, err) < 0)
		return -1;
	out->commit = xstrdup(c.base.commit);
	out->v = xcalloc(opts->n_harnesses + 1, sizeof(*out->v));
	for (size_t i = 0; i < opts->n_harnesses; i++)
		out->v[out->n++] =
			(struct change_one){ .h = opts->harnesses[i], .state = CHANGE_COMPARED };
	rc = work(&c, err);
	coverage_model_release(&c.lines);
	tree_close(&c.base);
	out->ms = clock_mono_ms() - c.start_ms;
	return rc;
}

void change_result_release(struct change_result *r)
{
	for (size_t i = 0; i < r->n; i++) {
		struct change_one *one = &r->v[i];

		free(one->why);
		free(one->inputs_dir);
		strlist_release(&one->verdicts);
		strlist_release(&one->lost);
		strlist_release(&one->functions);
		strlist_release(&one->lacks);
		strlist_release(&one->starts);
	}
	for (size_t i = 0; i < r->n_failures; i++) {
		struct change_failure *f = &r->failures[i];

		free(f->input);
		free(f->title);
		free(f->kind);
		free(f->signature);
		triage_release(&f->t);
	}
	free(r->v);
	free(r->failures);
	free(r->commit);
	strlist_release(&r->uncovered);
	*r = (struct change_result){ .commit = NULL };
}
