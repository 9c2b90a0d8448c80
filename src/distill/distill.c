/*
 * The order is what makes it safe: measure, choose, replay what was chosen, write the pack and sync it, and only then take
 * out what the pack holds. At each point before the last the corpus is as it was; in the last, what is gone is packed.
 */
#include "base/prelude.h"
#include "distill/distill.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "corpus/import.h"
#include "corpus/inputs.h"
#include "distill/choose.h"
#include "distill/cold.h"
#include "distill/lock.h"
#include "distill/outcome.h"
#include <unistd.h>

struct distilling {
	struct measure_on on;
	const struct distill_opts *opts;
	struct distill_result *out;
	char *dir;
	char *build; /* of a harness */
	int lock;
	struct outcome found;
	struct strlist dropped;
};

/* Inputs by name; what has another one (by hand, by an engine that was stopped) gets its own first. */
static int list(struct distilling *d, struct strlist *names, struct err *err)
{
	struct strlist all = STRLIST_INIT;
	struct import_stats stats = { 0 };
	int rc = fs_list(d->dir, &all, err);

	for (size_t i = 0; rc == 0 && i < all.n; i++) {
		char *path;

		if (inputs_is_name(all.v[i])) {
			strlist_add(names, all.v[i]);
			continue;
		}
		path = fs_join(d->dir, all.v[i]);
		if (fs_is_file(path) && !d->opts->dry) {
			rc = inputs_import(d->dir, path, UINT64_MAX, &stats, err);
			if (rc == 0 && stats.added + stats.known > 0)
				fs_remove(path, NULL);
		}
		free(path);
	}
	if (rc == 0 && stats.added) {
		strlist_release(names);
		strlist_release(&all);
		return list(d, names, err);
	}
	strlist_release(&all);
	return rc;
}

/* Nothing reaches anything: the engines need one input to begin with. */
static void keep_one(const struct feature_table *t, uint32_t **rows, size_t *n)
{
	size_t best = SIZE_MAX;

	for (size_t i = 0; i < t->n; i++)
		if (t->rows[i].state != FEATURES_FAILED &&
			(best == SIZE_MAX || t->rows[i].size < t->rows[best].size))
			best = i;
	if (*n || best == SIZE_MAX)
		return;
	*rows = xrealloc(*rows, sizeof(**rows));
	(*rows)[(*n)++] = (uint32_t)best;
}

/* All that is to stay, and all that isn't. What failed is kept with its finding, and would only stop the engines here. */
static void part(
	struct distilling *d, const struct feature_table *t, const uint32_t *rows, size_t n)
{
	struct distill_result *r = d->out;
	size_t k = 0;

	r->inputs = t->n;
	r->kept = n;
	for (size_t i = 0; i < t->n; i++) {
		const struct feature_row *row = &t->rows[i];
		bool stays = k < n && rows[k] == i;

		k += stays;
		strlist_add(stays ? &d->found.kept : &d->dropped, row->sha1);
		r->bytes += row->size;
		r->kept_bytes += stays ? row->size : 0;
	}
	d->found.n_must = choose_must(t, rows, n, &d->found.must);
}

/* Measure all, and choose. */
static int find(
	struct distilling *d, const char *build, const struct strlist *names, struct err *err)
{
	struct measure_opts how = {
		.build = build, .file_failing = !d->opts->dry, .jobs = d->opts->jobs
	};
	struct feature_table t = { NULL };
	uint32_t *rows = NULL;
	size_t n = 0;
	int rc = measure(&d->on, d->dir, names, &how, &t, &d->out->measured, err);

	if (rc == 0)
		rc = choose(&d->on, d->dir, &t, d->opts, &rows, &n, d->out, err);
	if (rc == 0) {
		keep_one(&t, &rows, &n);
		part(d, &t, rows, n);
	}
	feature_table_release(&t);
	free(rows);
	return rc;
}

/* As it was found before: the same inputs, on the same build. */
static void take_over(struct distilling *d, const struct strlist *names)
{
	size_t k = 0;

	*d->out = d->found.result;
	d->out->measured.cached = names->n;
	for (size_t i = 0; i < names->n; i++) {
		if (k < d->found.kept.n && !strcmp(d->found.kept.v[k], names->v[i]))
			k++;
		else
			strlist_add(&d->dropped, names->v[i]);
	}
}

static int find_or_remember(struct distilling *d, const struct strlist *names, struct err *err)
{
	struct err why = ERR_INIT;
	char *key, *path;
	int rc = 0;

	d->build = measure_build(d->on.p, d->on.h, d->opts->jobs, err);
	if (!d->build)
		return -1;
	key = outcome_key(d->build, d->opts, names);
	path = xasprintf("%s/features/%s.distilled", d->on.p->state_dir, d->on.name);
	if (outcome_load(path, key, &d->found)) {
		take_over(d, names);
	} else {
		rc = find(d, d->build, names, err);
		d->found.result = *d->out;
		/* what fails is told each time, and what was gone may be there again */
		if (rc == 0 && !d->out->measured.failed && !d->out->measured.vanished &&
			outcome_save(path, key, &d->found, &why) < 0)
			log_warn("what was found isn't remembered: %s", why.msg);
	}
	free(key);
	free(path);
	return rc;
}

/* A feature that came in two runs may still be one that comes and goes: it has so many more to come again in. */
#define PROOF_RUNS 6
/* Of a thousand features: so many that don't come again are told, and more are a sign that something else is wrong. */
#define GONE_MAX 5

static size_t missing_of(const struct outcome *o, const struct feature_table *seen)
{
	uint32_t *all = xmalloc((seen->n_features + 1) * sizeof(*all));
	size_t k = 0, n, missing = 0;

	if (seen->n_features)
		memcpy(all, seen->features, seen->n_features * sizeof(*all));
	n = feature_set(all, seen->n_features);
	for (size_t i = 0; i < o->n_must; i++) {
		while (k < n && all[k] < o->must[i])
			k++;
		missing += k == n || all[k] != o->must[i];
	}
	free(all);
	return missing;
}

/* Run once more, from where they will lie: together they have all that was to be kept. */
static int prove(struct distilling *d, const char *dir, struct err *err)
{
	struct measure_opts how = { .jobs = d->opts->jobs };
	struct feature_table seen = { NULL };
	struct measure_stats stats;
	size_t missing = 1;
	int rc = 0;

	for (int i = 0; rc == 0 && missing && i < PROOF_RUNS; i++) {
		rc = measure(&d->on, dir, &d->found.kept, &how, &seen, &stats, err);
		missing = rc == 0 ? missing_of(&d->found, &seen) : 0;
	}
	if (missing && missing * 1000 > d->out->features * GONE_MAX)
		rc = err_set(err,
			"%s: replayed, the inputs chosen lack %zu features that they had before; "
			"nothing was changed",
			d->on.name, missing);
	else if (missing)
		log_warn("%s: %zu features came twice and then no more: nothing is kept for them",
			d->on.name, missing);
	feature_table_release(&seen);
	return rc;
}

/* A folder of its own, beside where it goes, and proven there. */
static int write_out(struct distilling *d, struct err *err)
{
	char *fresh = fs_fresh_beside(d->opts->out, err);
	int rc = fresh ? 0 : -1;

	for (size_t i = 0; rc == 0 && i < d->found.kept.n; i++) {
		char *from = fs_join(d->dir, d->found.kept.v[i]),
		     *to = fs_join(fresh, d->found.kept.v[i]);

		rc = fs_copy(from, to, 0644, err);
		free(from);
		free(to);
	}
	if (rc == 0)
		rc = prove(d, fresh, err);
	if (rc == 0)
		rc = fs_take_place(fresh, d->opts->out, err);
	if (rc < 0 && fresh)
		fs_remove_tree(fresh, NULL);
	free(fresh);
	return rc;
}

static int take_out(struct distilling *d, struct err *err)
{
	char *pack = cold_path(d->on.p, d->on.name);
	int rc = prove(d, d->dir, err);

	strlist_sort(&d->dropped);
	if (rc == 0)
		rc = cold_add(pack, d->dir, &d->dropped, err);
	for (size_t i = 0; rc == 0 && i < d->dropped.n; i++) {
		char *path = fs_join(d->dir, d->dropped.v[i]);

		rc = fs_remove(path, err);
		free(path);
	}
	if (rc == 0)
		d->out->packed = d->dropped.n;
	if (rc == 0 && d->dropped.n)
		measure_keep(d->on.p, d->on.h, d->build, &d->found.kept);
	free(pack);
	return rc;
}

static int check_out(const char *out, struct err *err)
{
	struct strlist names = STRLIST_INIT;
	int rc = 0;

	if (fs_exists(out)) {
		if (!fs_is_dir(out))
			rc = err_usage(err, "%s: not a folder", out);
		else if (fs_list(out, &names, err) < 0)
			rc = -1;
		else if (names.n)
			rc = err_usage(err, "%s: not empty; name a folder that is to be made", out);
	}
	strlist_release(&names);
	return rc;
}

static int work(struct distilling *d, struct err *err)
{
	struct strlist names = STRLIST_INIT;
	int rc = list(d, &names, err);

	if (rc == 0 && !names.n)
		rc = err_usage(err, "%s: its corpus is empty: nothing to distil", d->on.name);
	if (rc == 0)
		rc = d->on.command ? find(d, NULL, &names, err) : find_or_remember(d, &names, err);
	if (rc == 0 && d->opts->out)
		rc = write_out(d, err);
	else if (rc == 0 && !d->opts->dry)
		rc = take_out(d, err);
	strlist_release(&names);
	return rc;
}

static void release(struct distilling *d)
{
	if (d->lock >= 0)
		close(d->lock);
	outcome_release(&d->found);
	strlist_release(&d->dropped);
	free(d->build);
	free(d->dir);
}

int distill(struct project *p, const struct config_harness *h, const struct distill_opts *opts,
	struct distill_result *out, struct err *err)
{
	struct distilling d = { .on = { .name = h->name, .p = p, .h = h },
		.opts = opts,
		.out = out,
		.lock = -1,
		.found = OUTCOME_INIT };
	char *named = project_corpus_dir(p, h->name);
	uint64_t start = clock_mono_ms();
	int rc = -1;

	*out = (struct distill_result){ .inputs = 0 };
	if (opts->out && check_out(opts->out, err) < 0)
		goto out;
	if (!fs_is_dir(named)) {
		err_usage(err,
			"%s: it has no corpus yet: `thresh run` or `thresh import` makes one",
			h->name);
		goto out;
	}
	/* a link to a folder elsewhere is the folder */
	d.dir = realpath(named, NULL);
	if (!d.dir)
		err_errno(err, "%s", named);
	else if (distill_lock(d.dir, &d.lock, err) == 0)
		rc = work(&d, err);
	out->ms = clock_mono_ms() - start;
out:
	release(&d);
	free(named);
	return rc;
}

int distill_command(struct target *command, const char *name, const struct strlist *sources,
	const struct distill_opts *opts, struct distill_result *out, struct err *err)
{
	struct distilling d = { .on = { .name = name, .command = command },
		.opts = opts,
		.out = out,
		.lock = -1,
		.found = OUTCOME_INIT };
	struct import_stats stats = { 0 };
	uint64_t start = clock_mono_ms();
	int rc = -1;

	*out = (struct distill_result){ .inputs = 0 };
	if (check_out(opts->out, err) < 0)
		return -1;
	/* of all sources one folder, by content: they may hold the same inputs, in archives, under any names */
	d.dir = fs_fresh_beside(opts->out, err);
	if (d.dir)
		rc = 0;
	for (size_t i = 0; rc == 0 && i < sources->n; i++)
		rc = inputs_import(d.dir, sources->v[i], UINT64_MAX, &stats, err);
	if (rc == 0 && !stats.added)
		rc = err_usage(err, "%s: no inputs: nothing to distil", sources->v[0]);
	if (rc == 0)
		rc = work(&d, err);
	out->ms = clock_mono_ms() - start;
	if (d.dir)
		fs_remove_tree(d.dir, NULL);
	release(&d);
	return rc;
}
