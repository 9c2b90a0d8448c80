/*
 * The order is what makes it safe: measure, choose, replay what was chosen, write the pack and sync it, and only then take
 * out what the pack holds. At each point before the last the corpus is as it was; in the last, what is gone is packed.
 */
#include "base/prelude.h"
#include "distill/distill.h"
#include "base/clock.h"
#include "base/dir.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "corpus/import.h"
#include "corpus/inputs.h"
#include "depot/corpora.h"
#include "distill/choose.h"
#include "distill/cold.h"
#include "distill/growth.h"
#include "distill/lock.h"
#include "distill/outcome.h"
#include <inttypes.h>
#include <unistd.h>

#define INPUT_MAX ((uint64_t)256 << 20)

struct distilling {
	struct measure_on on;
	const struct distill_opts *opts;
	struct distill_result *out;
	char *dir;
	char *build; /* of a harness */
	int lock;
	struct outcome found;
	struct strlist dropped;
	/* of the build, as far as is known */
	struct unstable *unstable;
	size_t n_unstable;
};

/* What is kept between distillations lies beside the cache of features. */
static char *state_path(const struct distilling *d, const char *what)
{
	if (!d->on.p)
		BUG("no harness");
	return xasprintf("%s/features/%s.%s", d->on.p->state_dir, d->on.name, what);
}

/*
 * What lies there under another name gets its own. By its bytes, whatever they are, an archive's too: it is an input. Links lead
 * elsewhere, pipes have no end, and what is another user's isn't ours to move: they stay. True: it did.
 */
static bool name_it(const char *dir, const char *name)
{
	char *path = fs_join(dir, name), sha1[SHA1_HEX];
	struct buf b = BUF_INIT;
	bool done = dir_read_path(path, INPUT_MAX, &b, NULL) == 0 &&
		    inputs_put(dir, buf_str(&b), b.len, sha1, NULL, NULL) == 0;

	if (done)
		fs_remove(path, NULL);
	buf_release(&b);
	free(path);
	return done;
}

/* Inputs by name; what has another one (by hand, by an engine that was stopped) gets its own first. */
static int list(struct distilling *d, struct strlist *names, struct err *err)
{
	struct strlist others = STRLIST_INIT;
	bool named = false;
	int rc = inputs_list_all(d->dir, names, &others, err);

	for (size_t i = 0; rc == 0 && !d->opts->dry && i < others.n; i++)
		named |= name_it(d->dir, others.v[i]);
	strlist_release(&others);
	if (named) {
		strlist_release(names);
		rc = inputs_list(d->dir, names, err);
	}
	return rc;
}

/* Nothing reaches anything: the engines need one input to begin with. */
static void keep_one(const struct feature_table *t, struct choice *c)
{
	size_t best = SIZE_MAX;

	for (size_t i = 0; i < t->n; i++)
		if (t->rows[i].state < FEATURES_FAILED &&
			(best == SIZE_MAX || t->rows[i].size < t->rows[best].size))
			best = i;
	if (c->n || best == SIZE_MAX)
		return;
	c->rows = xrealloc(c->rows, sizeof(*c->rows));
	c->rows[c->n++] = (uint32_t)best;
}

/* Where nothing leaves the corpus nobody asks which. */
static void drop(struct distilling *d, const char *name)
{
	if (!d->opts->dry && !d->opts->out)
		strlist_add(&d->dropped, name);
}

/* All that is to stay, and all that isn't. What failed is kept with its finding, and would only stop the engines here. */
static void part(
	struct distilling *d, const struct feature_table *t, const uint32_t *rows, size_t n)
{
	struct distill_result *r = d->out;
	size_t k = 0;

	r->inputs = 0;
	r->kept = n;
	for (size_t i = 0; i < t->n; i++) {
		const struct feature_row *row = &t->rows[i];
		bool stays = k < n && rows[k] == i;

		if (row->state == FEATURES_GONE)
			continue;
		k += stays;
		r->inputs++;
		if (stays)
			strlist_add(&d->found.kept, row->sha1);
		else
			drop(d, row->sha1);
		r->bytes += row->size;
		r->kept_bytes += stays ? row->size : 0;
	}
	d->found.n_must = choose_must(t, rows, n, &d->found.must);
}

/* With fewer inputs all of them are looked at in no time. */
#define GROWN_FROM 1000
/* So many times as many as are new have to be known. */
#define GROWN_BY 8

/* For the day when some more are there. Where it can't be kept, that is only slower. */
static void remember_growth(struct distilling *d, const struct strlist *names, struct choice *c)
{
	char *key = growth_key(d->build, d->opts), *path = state_path(d, "growth");
	struct growth g = GROWTH_INIT;
	struct err why = ERR_INIT;

	if (key && names->n >= GROWN_FROM) {
		growth_set_names(&g, names);
		strlist_add_all(&g.kept, &d->found.kept);
		g.bytes = d->out->bytes;
		g.rejected = d->out->measured.rejected;
		g.cost = d->out->cost;
		g.bound = d->out->bound;
		g.dual = c->dual;
		g.unstable = c->unstable;
		g.n_unstable = c->n_unstable;
		c->dual = (struct cover_dual){ NULL };
		c->unstable = NULL;
		if (growth_save(path, key, &g, &why) < 0)
			log_warn("what was found isn't remembered: %s", why.msg);
	}
	growth_release(&g);
	free(key);
	free(path);
}

/* What fails is told each time, and what was gone may be there again. */
static bool is_to_be_remembered(const struct distilling *d)
{
	return d->build && !d->out->measured.failed && !d->out->measured.vanished;
}

static void move_unstable(struct distilling *d, struct choice *c)
{
	c->unstable = d->unstable;
	c->n_unstable = d->n_unstable;
	d->unstable = NULL;
	d->n_unstable = 0;
}

/* Measure all, and choose. */
static int find(struct distilling *d, const struct strlist *names, struct err *err)
{
	struct measure_opts how = {
		.build = d->build, .file_failing = !d->opts->dry, .jobs = d->opts->jobs
	};
	struct feature_table t = { NULL };
	struct choice c = { NULL };
	int rc = measure(&d->on, d->dir, names, &how, &t, &d->out->measured, err);

	move_unstable(d, &c);
	if (rc == 0)
		rc = choose(&d->on, d->dir, &t, d->opts, &c, d->out, err);
	if (rc == 0) {
		keep_one(&t, &c);
		part(d, &t, c.rows, c.n);
		if (is_to_be_remembered(d))
			remember_growth(d, names, &c);
	}
	feature_table_release(&t);
	choice_release(&c);
	return rc;
}

static void find_dropped(struct distilling *d, const struct strlist *names)
{
	size_t k = 0;

	for (size_t i = 0; i < names->n; i++) {
		if (k < d->found.kept.n && !strcmp(d->found.kept.v[k], names->v[i]))
			k++;
		else
			drop(d, names->v[i]);
	}
}

/* As it was found before: the same inputs, on the same build. */
static void take_over(struct distilling *d, const struct strlist *names)
{
	*d->out = d->found.result;
	d->out->measured.cached = names->n;
	find_dropped(d, names);
}

/* Above its bound by no more than the last choice was, or by so little that asking of all gains nothing. */
static bool is_near(const struct distilling *d, const struct growth *g)
{
	double cost = (double)d->out->cost, bound = (double)d->out->bound;

	return cost * 1000 <= bound * (d->opts->cost == DISTILL_COUNT ? 1005 : 1015) ||
	       (g->bound && cost * (double)g->bound <= bound * (double)g->cost);
}

/* All that a choice among few says of all. */
static void take_grown(struct distilling *d, const struct growth *g, const struct strlist *names,
	const struct feature_table *t, const struct choice *c)
{
	struct distill_result *r = d->out;

	r->inputs = names->n;
	r->bytes = g->bytes;
	for (size_t i = g->kept.n; i < t->n; i++)
		r->bytes += t->rows[i].size;
	r->measured.rejected += g->rejected;
	r->measured.cached = names->n - r->measured.ran;
	r->kept = c->n;
	r->kept_bytes = 0;
	for (size_t i = 0; i < c->n; i++) {
		strlist_add(&d->found.kept, t->rows[c->rows[i]].sha1);
		r->kept_bytes += t->rows[c->rows[i]].size;
	}
	strlist_sort(&d->found.kept);
	find_dropped(d, names);
	d->found.n_must = choose_must(t, c->rows, c->n, &d->found.must);
}

static bool all_stand(const struct feature_table *t, const struct measure_stats *stats, size_t n)
{
	return t->n == n && !stats->failed && !stats->vanished;
}

/*
 * Of the inputs kept, which are all run again, and those that are new. 1: done; 0: it has to be asked of all, as something is
 * gone, or reaches less than it did, or it can't be proven that the choice is about the best.
 */
static int grow(struct distilling *d, struct growth *g, const struct strlist *names,
	const struct strlist *fresh, struct err *err)
{
	struct measure_opts again = { .jobs = d->opts->jobs }, once = { .build = d->build,
		.part = true,
		.unread = true,
		.file_failing = !d->opts->dry,
		.jobs = d->opts->jobs };
	struct measure_stats stats;
	struct feature_table t = { NULL };
	struct choice c = { .old = &g->kept };
	int rc;

	log_debug("%s: %zu of %zu inputs are new: only they and the %zu kept are looked at",
		d->on.name, fresh->n, names->n, g->kept.n);
	rc = measure(&d->on, d->dir, &g->kept, &again, &t, &stats, err);

	if (rc == 0 && all_stand(&t, &stats, g->kept.n))
		rc = measure(&d->on, d->dir, fresh, &once, &t, &d->out->measured, err) < 0 ? -1 : 1;
	if (rc == 1 && d->out->measured.vanished)
		rc = 0;
	if (rc == 1) {
		c.dual = g->dual;
		move_unstable(d, &c);
		g->dual = (struct cover_dual){ NULL };
		if (choose(&d->on, d->dir, &t, d->opts, &c, d->out, err) < 0)
			rc = -1;
		else if (c.lost || d->out->measured.vanished || !is_near(d, g))
			rc = 0;
	}
	if (rc == 0)
		log_debug("%s: they don't suffice: %zu features lost, cost %" PRIu64
			  ", bound %" PRIu64,
			d->on.name, c.lost, d->out->cost, d->out->bound);
	if (rc == 1) {
		take_grown(d, g, names, &t, &c);
		if (is_to_be_remembered(d))
			remember_growth(d, names, &c);
	}
	if (rc == 0 && c.unstable) {
		d->unstable = c.unstable;
		d->n_unstable = c.n_unstable;
		c.unstable = NULL;
	}
	feature_table_release(&t);
	choice_release(&c);
	return rc;
}

/* 1: found; 0: it has to be asked of all. */
static int find_grown(struct distilling *d, const struct strlist *names, struct err *err)
{
	char *key = growth_key(d->build, d->opts), *path = state_path(d, "growth");
	struct strlist fresh = STRLIST_INIT;
	struct growth g = GROWTH_INIT;
	int rc = 0;

	if (key && growth_load(path, key, &g)) {
		d->unstable = g.unstable;
		d->n_unstable = g.n_unstable;
		g.unstable = NULL;
		if (growth_fresh(&g, names, &fresh) && fresh.n && fresh.n * GROWN_BY <= names->n)
			rc = grow(d, &g, names, &fresh, err);
	}
	if (rc == 0)
		*d->out = (struct distill_result){ 0 };
	growth_release(&g);
	strlist_release(&fresh);
	free(key);
	free(path);
	return rc;
}

/* They can be read, as they were. */
static bool kept_stand(const struct distilling *d)
{
	struct buf b = BUF_INIT;
	bool stand = true;

	for (size_t i = 0; stand && i < d->found.kept.n; i++)
		stand = inputs_read(d->dir, d->found.kept.v[i], INPUT_MAX, &b, NULL) == 0;
	buf_release(&b);
	return stand;
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
	path = state_path(d, "distilled");
	if (outcome_load(path, key, &d->found) && kept_stand(d)) {
		take_over(d, names);
	} else {
		outcome_release(&d->found);
		rc = find_grown(d, names, err);
		if (rc == 0)
			rc = find(d, names, err);
		d->found.result = *d->out;
		if (rc >= 0 && is_to_be_remembered(d) &&
			outcome_save(path, key, &d->found, &why) < 0)
			log_warn("what was found isn't remembered: %s", why.msg);
	}
	free(key);
	free(path);
	return rc < 0 ? -1 : 0;
}

/* A feature that came in two runs may still be one that comes and goes: it has so many more to come again in. */
#define PROOF_RUNS 6
/* So many features that don't come again are told, or so many of a thousand; more are a sign that something else is wrong. */
#define GONE_FEW 4
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
	if (missing > GONE_FEW && missing * 1000 > d->out->features * GONE_MAX)
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
	size_t n = d->dropped.n;
	int rc = prove(d, d->dir, err);

	strlist_sort(&d->dropped);
	if (rc == 0)
		rc = cold_add(pack, d->dir, &d->dropped, err);
	for (size_t i = 0; rc == 0 && i < d->dropped.n; i++) {
		char *path = fs_join(d->dir, d->dropped.v[i]);

		rc = fs_remove(path, err);
		free(path);
	}
	if (rc == 0 && d->on.p)
		rc = depot_drop(d->on.p, d->on.name, &d->dropped, err);
	if (rc == 0) {
		d->out->packed = d->dropped.n;
		d->out->measured.vanished += n - d->dropped.n;
	}
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
		rc = d->on.command ? find(d, &names, err) : find_or_remember(d, &names, err);
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
	free(d->unstable);
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
