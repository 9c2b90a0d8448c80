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
#include "corpus/inputs.h"
#include "distill/choose.h"
#include "distill/cold.h"
#include "distill/lock.h"
#include <unistd.h>

struct distilling {
	struct project *p;
	const struct config_harness *h;
	const struct distill_opts *opts;
	struct distill_result *out;
	char *dir;
	int lock;
	struct feature_table t;
	uint32_t *rows;
	size_t n;
	struct strlist kept, dropped;
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

/* All that is to stay, and all that isn't. What failed is kept with its finding, and would only stop the engines here. */
static void part(struct distilling *d)
{
	size_t k = 0;

	for (size_t i = 0; i < d->t.n; i++) {
		const struct feature_row *r = &d->t.rows[i];
		bool stays = k < d->n && d->rows[k] == i;

		k += stays;
		strlist_add(stays ? &d->kept : &d->dropped, r->sha1);
		d->out->kept_bytes += stays ? r->size : 0;
	}
	d->out->kept = d->kept.n;
}

/* Nothing reaches anything: the engines need one input to begin with. */
static void keep_one(struct distilling *d)
{
	size_t best = SIZE_MAX;

	for (size_t i = 0; i < d->t.n; i++)
		if (d->t.rows[i].state != FEATURES_FAILED &&
			(best == SIZE_MAX || d->t.rows[i].size < d->t.rows[best].size))
			best = i;
	if (d->n || best == SIZE_MAX)
		return;
	d->rows = xrealloc(d->rows, sizeof(*d->rows));
	d->rows[d->n++] = (uint32_t)best;
}

/* A feature that came in two runs may still be one that comes and goes: it has so many more to come again in. */
#define PROOF_RUNS 6
/* Of a thousand features: so many that don't come again are told, and more are a sign that something else is wrong. */
#define GONE_MAX 5

/* Run once more, from where they will lie: together they have all that was to be kept. */
static int prove(struct distilling *d, const char *dir, struct err *err)
{
	struct measure_opts how = { .jobs = d->opts->jobs };
	struct feature_table seen = { NULL };
	struct measure_stats stats;
	size_t missing = 1;
	int rc = 0;

	for (int i = 0; rc == 0 && missing && i < PROOF_RUNS; i++) {
		rc = measure(d->p, d->h, dir, &d->kept, &how, &seen, &stats, err);
		missing = rc == 0 ? choose_missing(&d->t, d->rows, d->n, &seen) : 0;
	}
	if (missing && missing * 1000 > d->out->features * GONE_MAX)
		rc = err_set(err,
			"%s: replayed, the inputs chosen lack %zu features that they had before; "
			"nothing was changed",
			d->h->name, missing);
	else if (missing)
		log_warn("%s: %zu features came twice and then no more: nothing is kept for them",
			d->h->name, missing);
	feature_table_release(&seen);
	return rc;
}

/* A folder of its own, beside where it goes, and proven there. */
static int write_out(struct distilling *d, struct err *err)
{
	char *fresh = fs_fresh_beside(d->opts->out, err);
	int rc = fresh ? 0 : -1;

	for (size_t i = 0; rc == 0 && i < d->kept.n; i++) {
		char *from = fs_join(d->dir, d->kept.v[i]), *to = fs_join(fresh, d->kept.v[i]);

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
	char *pack = cold_path(d->p, d->h->name);
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
	struct measure_opts how = {
		.cached = true, .file_failing = !d->opts->dry, .jobs = d->opts->jobs
	};
	struct strlist names = STRLIST_INIT;
	int rc = list(d, &names, err);

	if (rc == 0 && !names.n)
		rc = err_usage(err, "%s: its corpus is empty: nothing to distil", d->h->name);
	if (rc == 0)
		rc = measure(d->p, d->h, d->dir, &names, &how, &d->t, &d->out->measured, err);
	if (rc == 0)
		rc = choose(d->p, d->h, d->dir, &d->t, d->opts, &d->rows, &d->n, d->out, err);
	if (rc == 0) {
		keep_one(d);
		d->out->inputs = d->t.n;
		for (size_t i = 0; i < d->t.n; i++)
			d->out->bytes += d->t.rows[i].size;
		part(d);
		if (d->opts->out)
			rc = write_out(d, err);
		else if (!d->opts->dry)
			rc = take_out(d, err);
	}
	strlist_release(&names);
	return rc;
}

int distill(struct project *p, const struct config_harness *h, const struct distill_opts *opts,
	struct distill_result *out, struct err *err)
{
	struct distilling d = { .p = p, .h = h, .opts = opts, .out = out, .lock = -1 };
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
	if (d.lock >= 0)
		close(d.lock);
	feature_table_release(&d.t);
	strlist_release(&d.kept);
	strlist_release(&d.dropped);
	free(d.rows);
	free(d.dir);
	free(named);
	return rc;
}
