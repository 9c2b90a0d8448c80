/* Regression tests: proven on the builds there are, then merged into the project's tree under a lock. */
#include "base/prelude.h"
#include "retest/regress.h"
#include "base/again.h"
#include "base/fs.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/mem.h"
#include "corpus/inputs.h"
#include "depot/inputs.h"
#include "proc/lock.h"
#include "proc/proc.h"
#include "project/lease.h"
#include "retest/harness_change.h"
#include "retest/proof.h"
#include "retest/regress_files.h"
#include "triage/bug_details.h"
#include <errno.h>
#include <unistd.h>

/* tests of one bug */
#define SITES_TESTED_MAX 8

const char *regress_status_name(enum regress_status s)
{
	static const char *const names[] = { "new", "updated", "same", "edited", "deleted",
		"unproven", "pruned" };

	return names[s];
}

struct regressing {
	struct project *project;
	const struct regress_opts *opts;
	struct regress_result *out;
	struct regress_writer w;
	struct regress_tree tree; /* as it was before */
	struct strlist ids;
	/* "HARNESS/FOLDER" of the tests that this run looked after */
	struct strlist used;
};

char *regress_root(const struct project *p, const char *dir)
{
	return fs_join(p->cfg->dir, dir ? dir : PROJECT_TESTS);
}

int regress_writable(const struct project *p, const char *dir, struct err *err)
{
	char *root = regress_root(p, dir), *there = xstrdup(root), *up;
	struct buf again = BUF_INIT;
	int rc = 0;

	/* what isn't there is made in what is */
	while (!fs_exists(there) && strcmp(there, "/") != 0) {
		up = fs_dirname(there);
		free(there);
		there = up;
	}
	errno = ENOTDIR;
	if (!fs_is_dir(there) || access(there, W_OK) < 0) {
		int why = errno;

		again_add(&again, "regress --dir DIR");
		rc = err_set(err, "%s: %s; `%s` writes tests elsewhere", there, strerror(why),
			buf_str(&again));
	}
	buf_release(&again);
	free(root);
	free(there);
	return rc;
}

static bool keeps_lease(void *job)
{
	return job_alive(job);
}

/*
 * One writer at a time: the workers of a campaign, and whoever calls `thresh regress` meanwhile. A job keeps its lease
 * while it waits.
 */
static int lock_tree(struct project *p, struct job_ctx *job, struct err *err)
{
	struct lock_wait how = { .does = "writes", .what = "tests", .say_ms = UINT64_MAX };
	char *path = fs_join(p->state_dir, "regress.lock");
	int fd;

	if (job) {
		how.go_on = keeps_lease;
		how.arg = job;
	}
	fd = lock_wait(path, &how, err);
	free(path);
	return fd;
}

static struct regress_one *add_one(
	struct regressing *r, const struct bug_rec *b, const char *folder)
{
	struct regress_result *out = r->out;

	GROW(out->v, out->n, out->cap);
	out->v[out->n] = (struct regress_one){ .bug = xstrdup(b->id),
		.harness = xstrdup(b->harness),
		.dir = xasprintf("%s/%s/%s", out->root, b->harness, folder) };
	return &out->v[out->n++];
}

static const struct regress_entry *entry_named(
	const struct regress_tree *t, const char *harness, const char *folder)
{
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(t->v[i].bug, folder) == 0 && strcmp(t->v[i].harness, harness) == 0)
			return &t->v[i];
	return NULL;
}

/* The test that there is of this place; one from before there were places has its input. */
static const struct regress_entry *entry_of(
	const struct regress_tree *t, const struct bug_details *l)
{
	const struct regress_entry *old;

	for (size_t i = 0; i < t->n; i++)
		if (l->site[0] && t->v[i].m.site && strcmp(t->v[i].m.site, l->site) == 0 &&
			strcmp(t->v[i].harness, l->bug.harness) == 0)
			return &t->v[i];
	old = entry_named(t, l->bug.harness, l->bug.id);
	if (!old || old->m.site)
		return NULL;
	return l->n_sites <= 1 || !old->m.sha1 || strcmp(old->m.sha1, l->bug.input) == 0 ? old
											 : NULL;
}

/* A bug's first place has the folder of the bug's name; the caller frees. */
static char *folder_of(
	struct regressing *r, const struct regress_entry *was, const struct bug_details *l)
{
	char *taken = xasprintf("%s/%s", l->bug.harness, l->bug.id), *folder;

	if (was)
		folder = xstrdup(was->bug);
	else if (!l->site[0] || (!entry_named(&r->tree, l->bug.harness, l->bug.id) &&
					!strlist_has(&r->used, taken)))
		folder = xstrdup(l->bug.id);
	else
		folder = xasprintf("%s-%.8s", l->bug.id, l->site);
	free(taken);
	strlist_addf(&r->used, "%s/%s", l->bug.harness, folder);
	return folder;
}

static const char *joined(struct arena *a, const char *list, char from, const char *between)
{
	struct strv rest = strv_of(list), part;
	struct buf b = BUF_INIT;
	const char *s;

	while (strv_split(&rest, from, &part)) {
		buf_adds(&b, b.len ? between : "");
		buf_addv(&b, part);
	}
	s = arena_strdup(a, buf_str(&b));
	buf_release(&b);
	return s;
}

/* The facts of the bug; the proof is the caller's to add. */
static void facts(struct manifest *m, const struct bug_details *l)
{
	const struct bug_rec *b = &l->bug;

	m->bug = arena_strdup(&m->arena, b->id);
	m->harness = arena_strdup(&m->arena, b->harness);
	if (l->site[0])
		m->site = arena_strdup(&m->arena, l->site);
	for (size_t i = 0; i < l->n_sites; i++)
		if (strcmp(l->sites[i].id, l->site) == 0)
			m->place = arena_strdup(&m->arena, l->sites[i].text);
	m->state = b->state;
	if (b->state == BUG_IGNORED) {
		m->until_ms = b->until_ms;
		m->why = b->why ? arena_strdup(&m->arena, b->why) : NULL;
	}
	m->kind = arena_strdup(&m->arena, b->kind);
	m->summary = arena_strdup(&m->arena, b->title);
	m->frames = b->frames ? joined(&m->arena, b->frames, '|', " < ") : NULL;
	m->sig_text = arena_strdup(&m->arena, b->sig_text);
	m->signature = arena_strdup(&m->arena, b->signature);
	m->found_ms = b->first_ms;
	m->found_by = l->origin ? arena_strdup(&m->arena, l->origin) : NULL;
	m->note = l->note ? arena_strdup(&m->arena, l->note) : NULL;
	m->k = b->k;
	m->n = b->n;
	m->runs = manifest_runs(b->k, b->n);
	m->size = l->input.len;
	m->sha1 = arena_strdup(&m->arena, b->input);
	m->debug = arena_printf(
		&m->arena, "thresh debug %.8s, or: gdb --args REPLAY --no-fork input", b->id);
}

static void copy_proof(struct manifest *m, const char *fails, const char *otherwise,
	const char *passes, const char *not_built)
{
	m->fails = fails && *fails ? arena_strdup(&m->arena, fails) : NULL;
	m->fails_otherwise = otherwise && *otherwise ? arena_strdup(&m->arena, otherwise) : NULL;
	m->passes = passes && *passes ? arena_strdup(&m->arena, passes) : NULL;
	m->not_built = not_built && *not_built ? arena_strdup(&m->arena, not_built) : NULL;
}

/*
 * An edited manifest stays as it is, but for the state, where that is still the one we wrote: a bug that was fixed
 * has to be guarded even though somebody put a remark beside it.
 */
static int put_manifest(struct regressing *r, const struct regress_entry *was,
	const struct manifest *m, const char *path, enum regress_put *what, struct err *err)
{
	struct buf text = BUF_INIT, edited = BUF_INIT;
	int rc;

	manifest_format(&text, m);
	rc = regress_put(&r->w, path, buf_str(&text), text.len, false, what, err);
	if (rc == 0 && *what != REGRESS_KEPT) {
		regress_note(&r->w, path, bug_state_name(m->state));
	} else if (rc == 0 && was && was->m.state != m->state &&
		   regress_noted(&r->w, path, bug_state_name(was->m.state))) {
		char *full = fs_join(r->w.root, path);

		rc = fs_read(full, FS_NO_LIMIT, &edited, err);
		if (rc == 0) {
			buf_reset(&text);
			manifest_restate(&text, strv_n(buf_str(&edited), edited.len), m->state);
			rc = fs_write(full, buf_str(&text), text.len, 0644, err);
		}
		if (rc == 0)
			regress_note(&r->w, path, bug_state_name(m->state));
		free(full);
	}
	buf_release(&text);
	buf_release(&edited);
	return rc;
}

/* The files of one test; the proof is done. report: NULL when it wasn't run anew. */
static int put_test(struct regressing *r, struct regress_one *one, const struct regress_entry *was,
	const struct bug_details *l, const char *folder, const struct manifest *m,
	const struct buf *report, struct err *err)
{
	char *dir = xasprintf("%s/%s", l->bug.harness, folder);
	char *input = fs_join(dir, "input"), *manifest = fs_join(dir, "manifest"),
	     *said = fs_join(dir, "report");
	enum regress_put in = REGRESS_SAME, man = REGRESS_SAME, rep = REGRESS_SAME;
	int rc = -1;

	if (regress_put(&r->w, input, buf_str(&l->input), l->input.len, false, &in, err) < 0)
		goto out;
	if (put_manifest(r, was, m, manifest, &man, err) < 0)
		goto out;
	if (report && regress_put(&r->w, said, buf_str(report), report->len, false, &rep, err) < 0)
		goto out;
	rc = 0;
	if (in == REGRESS_KEPT || man == REGRESS_KEPT)
		one->status = REGRESS_IS_EDITED;
	else if (!was)
		one->status = REGRESS_IS_NEW;
	else if (in == REGRESS_WRITTEN || man == REGRESS_WRITTEN)
		one->status = REGRESS_IS_UPDATED;
	else
		one->status = REGRESS_IS_SAME;
out:
	free(dir);
	free(input);
	free(manifest);
	free(said);
	return rc;
}

static char *copy_or_null(const char *s)
{
	return s && *s ? xstrdup(s) : NULL;
}

/* Run it on every build; 1 when no test comes of it. */
static int prove(struct regressing *r, struct regress_one *one, const struct bug_details *l,
	struct manifest *m, struct buf *report, struct err *err)
{
	struct proof p = PROOF_INIT;
	int rc = proof_run(r->project, l, r->opts->job, r->opts->soon, &p, err);

	if (rc == 0) {
		copy_proof(m, buf_str(&p.fails), buf_str(&p.otherwise), buf_str(&p.passes),
			buf_str(&p.not_built));
		one->fails = copy_or_null(buf_str(&p.fails));
		one->passes = copy_or_null(buf_str(&p.passes));
		one->not_built = copy_or_null(buf_str(&p.not_built));
		buf_add(report, buf_str(&p.report), p.report.len);
		if (p.flaky && (m->state == BUG_OPEN || m->state == BUG_REGRESSED)) {
			m->state = BUG_FLAKY;
			m->k = p.k;
			m->n = p.n;
			m->runs = manifest_runs(p.k, p.n);
			if (proof_note_flaky(r->project, l, p.k, p.n, err) < 0)
				rc = -1;
		}
		if (rc == 0 && !p.proven) {
			one->status = REGRESS_IS_UNPROVEN;
			one->why = xstrdup(buf_str(&p.why));
			rc = 1;
		}
	}
	proof_release(&p);
	return rc;
}

static bool is_proven(
	const struct regressing *r, const struct regress_entry *was, const struct bug_rec *b)
{
	const struct config_harness *h = config_harness(r->project->cfg, b->harness);
	const struct manifest *m = &was->m;
	const char *const lists[] = { m->fails, m->fails_otherwise, m->passes, m->not_built };

	/* of a bug that is gone nothing can be proven any more: what was proven then holds */
	if (r->opts->again || b->state == BUG_FIXED)
		return b->state == BUG_FIXED;
	return m->fails && m->sha1 && strcmp(m->sha1, b->input) == 0 &&
	       (r->opts->soon || !proof_lacks(h, lists, ARRAY_LEN(lists)));
}

/* The bytes of the test that is there stand in for a reproducer that got lost. */
static void find_input(struct regressing *r, const struct regress_entry *was, struct bug_details *l)
{
	char sha1[SHA1_HEX];

	if (!l->input_lost || !was || fs_read(was->input, FS_NO_LIMIT, &l->input, NULL) < 0)
		return;
	hash_sha1(buf_str(&l->input), l->input.len, sha1);
	if (strcmp(sha1, l->bug.input) == 0 &&
		depot_put_input(r->project, buf_str(&l->input), l->input.len, sha1, NULL) == 0) {
		free(l->input_lost);
		l->input_lost = NULL;
	}
}

static int one_site(struct regressing *r, struct bug_details *l, struct err *err)
{
	const struct bug_rec *b = &l->bug;
	const struct regress_entry *was = entry_of(&r->tree, l);
	char *folder = folder_of(r, was, l);
	struct regress_one *one = add_one(r, b, folder);
	struct manifest m = MANIFEST_INIT;
	struct buf report = BUF_INIT;
	char *input = xasprintf("%s/%s/input", b->harness, folder);
	int rc = 0;

	if (!config_harness(r->project->cfg, b->harness)) {
		one->status = was ? REGRESS_IS_SAME : REGRESS_IS_UNPROVEN;
		one->why =
			xasprintf("its harness %s is not in %s", b->harness, r->project->cfg->path);
		goto out;
	}
	find_input(r, was, l);
	if (l->input_lost) {
		one->status = was ? REGRESS_IS_SAME : REGRESS_IS_UNPROVEN;
		one->why = xasprintf("its reproducer is lost: %s", l->input_lost);
		goto out;
	}
	facts(&m, l);
	if (!was && regress_deleted(&r->w, input) && !(r->opts->bugs && r->opts->bugs->n)) {
		one->status = REGRESS_IS_DELETED;
		one->why =
			xasprintf("deleted by hand; `thresh regress %.8s` writes it anew", b->id);
		goto out;
	}
	if (was && is_proven(r, was, b)) {
		copy_proof(
			&m, was->m.fails, was->m.fails_otherwise, was->m.passes, was->m.not_built);
		if (was->m.state == BUG_FLAKY && b->state == BUG_OPEN) {
			/* the proof found it flaky, and wrote so */
			m.state = BUG_FLAKY;
			m.k = was->m.k;
			m.n = was->m.n;
			m.runs = was->m.runs;
		}
		rc = put_test(r, one, was, l, folder, &m, NULL, err);
	} else {
		rc = prove(r, one, l, &m, &report, err);
		if (rc == 0)
			rc = harness_change_remember(
				r->project, config_harness(r->project->cfg, b->harness), l, err);
		if (rc == 0)
			rc = put_test(r, one, was, l, folder, &m, &report, err);
		else if (rc == 1)
			rc = 0;
	}
out:
	manifest_release(&m);
	buf_release(&report);
	free(input);
	free(folder);
	return rc;
}

/* Has another site that was chosen the same kind of failure of the same function? */
static bool is_like(const struct site_rec *a, const struct site_rec *b)
{
	struct strv fa = strv_of(a->frames), fb = strv_of(b->frames), ta = { "", 0 },
		    tb = { "", 0 };

	strv_split(&fa, '|', &ta);
	strv_split(&fb, '|', &tb);
	return strcmp(a->kind, b->kind) == 0 && strv_eq(ta, tb);
}

/*
 * A bug with very many places gets tests of as many as people can bear, the most different first: each kind in each function
 * once, then the others. All keep their reproducers, and `thresh verify` runs all.
 */
static void choose_sites(const struct bug_details *l, struct strlist *chosen)
{
	for (int unlike = 1; unlike >= 0; unlike--)
		for (size_t i = 0; i < l->n_sites && chosen->n < SITES_TESTED_MAX; i++) {
			bool like = false;

			for (size_t k = 0; k < i; k++)
				like = like || is_like(&l->sites[i], &l->sites[k]);
			if (like != unlike)
				strlist_add_once(chosen, l->sites[i].id);
		}
	if (!l->n_sites)
		strlist_add(chosen, l->bug.id);
}

static int has_entry(const struct regressing *r, const struct bug_details *l)
{
	for (size_t i = 0; i < r->tree.n; i++)
		if (strcmp(regress_entry_bug(&r->tree.v[i]), l->bug.id) == 0)
			return true;
	return false;
}

/* All tests of a bug, or, where `id` is one of its sites, that one. */
static int one_bug(struct regressing *r, const char *id, bool asked, struct err *err)
{
	struct strlist chosen = STRLIST_INIT;
	struct bug_details l;
	int rc = bug_details_load(r->project, id, &l, err);

	if (rc < 0)
		return -1;
	if (!asked && !has_entry(r, &l) && (l.bug.state == BUG_FIXED || l.bug.state == BUG_IGNORED))
		goto out;
	choose_sites(&l, &chosen);
	if (strcmp(id, l.site) == 0 && strcmp(id, l.bug.id) != 0 && strlist_has(&chosen, id)) {
		strlist_release(&chosen);
		strlist_add(&chosen, id);
	}
	for (size_t i = 0; rc == 0 && i < chosen.n; i++) {
		struct bug_details site;

		rc = bug_details_load(r->project, chosen.v[i], &site, err);
		if (rc < 0)
			break;
		rc = one_site(r, &site, err);
		bug_details_release(&site);
	}
out:
	strlist_release(&chosen);
	bug_details_release(&l);
	return rc;
}

static int collect(void *arg, const struct bug_rec *b)
{
	struct regressing *r = arg;

	strlist_add(&r->ids, b->id);
	return 0;
}

/* The bugs asked for; without a word, all. Ignored and fixed ones only where they have a test to be kept up. */
static int all_bugs(struct regressing *r, struct err *err)
{
	bool asked = r->opts->bugs && r->opts->bugs->n;
	int rc = 0;

	if (asked)
		strlist_add_all(&r->ids, r->opts->bugs);
	else
		rc = store_bugs(r->project->store, collect, r, err);
	for (size_t i = 0; rc == 0 && i < r->ids.n; i++)
		rc = r->opts->job && !job_alive(r->opts->job) ? err_set(err, "told to stop")
							      : one_bug(r, r->ids.v[i], asked, err);
	return rc;
}

/* Ours, not edited, and of a bug that the store doesn't have, or has under another name or harness by now. */
static int is_stale(struct regressing *r, const struct regress_entry *e, struct err *err)
{
	struct bug_rec b = { 0 };
	struct site_rec site = { 0 };
	char *path = xasprintf("%s/%s/input", e->harness, e->bug);
	bool known = false;
	int rc = 0;

	for (size_t i = 0; i < r->w.n; i++)
		known = known || strcmp(r->w.v[i].path, path) == 0;
	if (known && !regress_edited(&r->w, path)) {
		rc = store_bug_get(r->project->store, regress_entry_bug(e), &b, err);
		if (rc == 0 && e->m.site)
			rc = store_site_get(r->project->store, e->m.site, &site, err);
		if (rc == 0 && site.id)
			rc = strcmp(site.bug, b.id) != 0 || strcmp(site.harness, e->harness) != 0;
		else if (rc == 0)
			rc = strcmp(b.id, regress_entry_bug(e)) != 0 ||
			     strcmp(b.harness, e->harness) != 0;
		site_rec_release(&site);
		bug_rec_release(&b);
	}
	free(path);
	return rc;
}

static int prune(struct regressing *r, struct err *err)
{
	for (size_t i = 0; i < r->tree.n; i++) {
		const struct regress_entry *e = &r->tree.v[i];
		struct bug_rec b = { .id = (char *)(uintptr_t)regress_entry_bug(e),
			.harness = e->harness };
		int stale = is_stale(r, e, err);

		if (stale < 0 || (stale && regress_remove(&r->w, e->harness, e->bug, err) < 0))
			return -1;
		if (stale)
			add_one(r, &b, e->bug)->status = REGRESS_IS_PRUNED;
	}
	return 0;
}

static int with_tree(struct regressing *r, struct err *err)
{
	const struct regress_style *style =
		regress_style(r->opts->style ? r->opts->style : "files");

	if (!style)
		return err_usage(err, "%s: no such style", r->opts->style);
	if (regress_scan(r->out->root, NULL, &r->tree, err) < 0)
		return -1;
	if (all_bugs(r, err) < 0 || (r->opts->prune && prune(r, err) < 0))
		return -1;
	return regress_files_write(r->project, &r->w, style, r->opts, r->out->root, err);
}

int regress_run(struct project *p, const struct regress_opts *opts, struct regress_result *out,
	struct err *err)
{
	struct regressing r = { .project = p, .opts = opts, .out = out };
	int fd, rc;

	*out = (struct regress_result){ .v = NULL };
	if (regress_writable(p, opts->dir, err) < 0)
		return -1;
	fd = lock_tree(p, opts->job, err);
	if (fd < 0)
		return -1;
	out->root = regress_root(p, opts->dir);
	rc = regress_writer_open(&r.w, out->root, err);
	if (rc == 0)
		rc = with_tree(&r, err);
	out->files_written = r.w.counts[REGRESS_WRITTEN];
	out->files_kept = r.w.counts[REGRESS_KEPT];
	strlist_add_all(&out->kept, &r.w.kept);
	if (regress_writer_close(&r.w, rc == 0 ? err : NULL) < 0)
		rc = -1;
	regress_tree_release(&r.tree);
	strlist_release(&r.ids);
	strlist_release(&r.used);
	close(fd);
	return rc;
}

void regress_result_release(struct regress_result *r)
{
	for (size_t i = 0; i < r->n; i++) {
		struct regress_one *o = &r->v[i];

		free(o->bug);
		free(o->harness);
		free(o->dir);
		free(o->why);
		free(o->fails);
		free(o->passes);
		free(o->not_built);
	}
	free(r->v);
	free(r->root);
	strlist_release(&r->kept);
	*r = (struct regress_result){ .v = NULL };
}
