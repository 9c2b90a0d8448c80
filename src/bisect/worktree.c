/*
 * A worktree of git's in a temporary folder, moved from commit to commit, so that objects of files that stay the same
 * are built once. The user's own checkout is never touched.
 *
 * Worktrees are known to git, and one that a killed search left would stay for ever: where it lies is a fact in the
 * store, by which the next search ends it.
 */
#include "base/prelude.h"
#include "bisect/internal.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "bisect/bisect.h"
#include "proc/interrupt.h"
#include "project/git.h"
#include "project/sources.h"
#include "regress/manifest.h"
#include "triage/bug_details.h"
#include "triage/filing.h"
#include "triage/same_bug.h"
#include "triage/triage.h"

#define RUNS_MIN 2

struct bisect_tree {
	struct project *project;
	const struct bug_details *l;
	/* of the checkout */
	const struct config_harness *h;
	bool todays_harness;
	unsigned index, jobs;
	/* dir: where in the worktree the project lies */
	char *tmp, *root, *dir;
};

static void remove_worktree(struct project *p, const char *root)
{
	/* twice: one whose making was cut short is still locked */
	const char *remove[] = { "worktree", "remove", "--force", "--force", root, NULL };
	const char *prune[] = { "worktree", "prune", NULL };
	char *tmp = fs_dirname(root);

	git_run(p->cfg->dir, remove, NULL, NULL, NULL);
	/* only what we made: a folder of our own name below the temporary one */
	if (strstr(tmp, "thresh-bisect-"))
		fs_remove_tree(tmp, NULL);
	git_run(p->cfg->dir, prune, NULL, NULL, NULL);
	free(tmp);
}

/* Where the worktree of that index lies is a fact while it's there. */
static int note_worktree(struct project *p, unsigned index, const char *root, struct err *err)
{
	char *key = xasprintf("bisect-worktree/%u", index);
	int rc = store_fact_set(p->store, key, root, err);

	free(key);
	return rc;
}

static int end_leftover(struct project *p, unsigned index, struct err *err)
{
	char *key = xasprintf("bisect-worktree/%u", index), *left = NULL;
	int rc = store_fact_get(p->store, key, &left, err);

	if (rc == 0) {
		remove_worktree(p, left);
		rc = note_worktree(p, index, NULL, err);
	}
	free(left);
	free(key);
	return rc < 0 ? -1 : 0;
}

static int end_leftovers(struct project *p, unsigned index, struct err *err)
{
	/* the first one also ends those that a wider search left */
	for (unsigned i = index; i < (index ? index + 1 : BISECT_TREES_MAX); i++)
		if (end_leftover(p, i, err) < 0)
			return -1;
	return 0;
}

struct bisect_tree *bisect_tree_open(struct project *p, const struct bug_details *l,
	bool todays_harness, unsigned index, unsigned jobs, struct err *err)
{
	const char *prefix[] = { "rev-parse", "--show-prefix", NULL };
	struct bisect_tree *t = xcalloc(1, sizeof(*t));
	struct buf below = BUF_INIT;

	*t = (struct bisect_tree){
		.project = p, .l = l, .todays_harness = todays_harness, .index = index, .jobs = jobs
	};
	t->h = project_harness(p, l->bug.harness, err);
	if (!t->h || project_need_tools(p, err) < 0 || end_leftovers(p, index, err) < 0 ||
		git_run(p->cfg->dir, prefix, NULL, &below, err) < 0)
		goto fail;
	t->tmp = fs_tmpdir("thresh-bisect", err);
	if (!t->tmp)
		goto fail;
	t->root = fs_join(t->tmp, "tree");
	{
		const char *add[] = { "worktree", "add", "--detach", "--no-checkout", "--force",
			t->root, "HEAD", NULL };

		if (note_worktree(p, index, t->root, err) < 0 ||
			git_run(p->cfg->dir, add, NULL, NULL, err) < 0)
			goto fail;
	}
	t->dir = fs_join(t->root, buf_str(&below));
	if (t->dir[strlen(t->dir) - 1] == '/')
		t->dir[strlen(t->dir) - 1] = '\0';
	buf_release(&below);
	return t;
fail:
	buf_release(&below);
	bisect_tree_close(t);
	return NULL;
}

void bisect_tree_close(struct bisect_tree *t)
{
	if (!t)
		return;
	if (t->root) {
		remove_worktree(t->project, t->root);
		note_worktree(t->project, t->index, NULL, NULL);
	}
	free(t->tmp);
	free(t->root);
	free(t->dir);
	free(t);
}

static int check_out(struct bisect_tree *t, const char *rev, struct err *err)
{
	const char *checkout[] = { "checkout", "-q", "--force", "--detach", rev, NULL };
	/* the state folder holds the objects */
	const char *clean[] = { "clean", "-q", "-f", "-d", "-x", "-e", ".thresh", NULL };

	if (git_run(t->root, checkout, NULL, NULL, err) < 0)
		return -1;
	return git_run(t->root, clean, NULL, NULL, err);
}

/* The commit's own project file where it knows the harness, else the checkout's. */
static struct config *config_at(struct bisect_tree *t, struct err *err)
{
	char *own = fs_join(t->dir, fs_basename(t->project->cfg->path));
	struct config *cfg = NULL;
	struct buf text = BUF_INIT;

	if (fs_is_file(own) && fs_read(own, (uint64_t)16 << 20, &text, NULL) == 0) {
		cfg = config_parse(strv_n(buf_str(&text), text.len), own, t->dir, NULL);
		if (cfg && !config_harness(cfg, t->h->name)) {
			config_free(cfg);
			cfg = NULL;
		}
	}
	if (!cfg) {
		buf_reset(&text);
		if (fs_read(t->project->cfg->path, (uint64_t)16 << 20, &text, err) == 0)
			cfg = config_parse(strv_n(buf_str(&text), text.len), t->project->cfg->path,
				t->dir, err);
	}
	buf_release(&text);
	free(own);
	return cfg;
}

/* The checkout's harness and what lies beside it, over the commit's. */
static int bring_harness(struct bisect_tree *t, struct err *err)
{
	char *from = fs_dirname(t->h->source), *rel = sources_relative(t->project->cfg->dir, from),
	     *to = fs_join(t->dir, rel);
	struct strlist names = STRLIST_INIT;
	int rc = fs_list(from, &names, err);

	if (rc == 0)
		rc = fs_mkdirs(to, err);
	for (size_t i = 0; rc == 0 && i < names.n; i++) {
		char *a = fs_join(from, names.v[i]), *b = fs_join(to, names.v[i]);

		if (fs_is_file(a))
			rc = fs_copy(a, b, 0644, err);
		free(a);
		free(b);
	}
	strlist_release(&names);
	free(from);
	free(rel);
	free(to);
	return rc;
}

static int run_input(struct bisect_tree *t, const struct config_harness *h, const char *exe,
	enum bisect_outcome *out, char **why, struct err *err)
{
	const struct bug_rec *b = &t->l->bug;
	unsigned runs = MAX(manifest_runs(b->k, b->n), (unsigned)RUNS_MIN);
	struct target_spec spec = { .exe = exe,
		.name = h->name,
		.timeout_ms = h->timeout_ms,
		.memory = h->memory,
		.leaks = h->leaks,
		.env = h->env.v,
		.root = t->dir,
		.sandbox = project_sandbox(t->project),
		.given = { h->files.v, t->dir } };
	struct target_input in = {
		.data = buf_str(&t->l->input), .len = t->l->input.len, .alone = true
	};
	struct target *target;
	struct err start = ERR_INIT;
	int rc = 0;

	*out = BISECT_GOOD;
	target = target_open(&spec, &start);
	if (!target) {
		/* it crashes or hangs at its start: as good as not built */
		*out = BISECT_UNBUILT;
		*why = xstrdup(start.msg);
		return 0;
	}
	for (unsigned i = 0; rc == 0 && i < runs && *out != BISECT_BAD; i++) {
		struct triage tr = TRIAGE_INIT;
		struct target_result r;

		rc = target_run_one(target, &in, &r, &tr.text, err);
		if (rc == 0)
			triage_judge(t->project, h->name, &r, &tr);
		if (rc == 0 && tr.report) {
			int same = same_bug(t->project, &tr.sig, b->id, err);

			if (same < 0)
				rc = -1;
			*out = same ? BISECT_BAD : BISECT_OTHER;
			if (!same && !*why)
				*why = xstrdup(tr.report->summary);
		}
		triage_release(&tr);
	}
	target_close(target);
	return rc;
}

int bisect_tree_test(struct bisect_tree *t, const char *rev, enum bisect_outcome *out, char **why,
	struct err *err)
{
	struct build_result built = { 0 };
	const struct config_harness *h;
	struct err trouble = ERR_INIT;
	struct config *cfg;
	int rc = 0;

	*why = NULL;
	if (check_out(t, rev, err) < 0 ||
		(t->todays_harness && t->h->source && bring_harness(t, err) < 0))
		return -1;
	cfg = config_at(t, err);
	if (!cfg)
		return -1;
	h = config_harness(cfg, t->h->name);
	*out = BISECT_UNBUILT;
	if (h->source && !fs_is_file(h->source)) {
		*out = BISECT_NO_HARNESS;
	} else if (build_variant(cfg, h, NULL, triage_variant(t->l->bug.variant),
			   &t->project->tools, t->jobs, &built, &trouble) < 0) {
		*why = xstrdup(trouble.msg);
	} else {
		rc = run_input(t, h, built.exe, out, why, err);
	}
	if (proc_interrupted())
		rc = err_set(err, "interrupted; the same command goes on from here");
	build_result_release(&built);
	config_free(cfg);
	return rc;
}
