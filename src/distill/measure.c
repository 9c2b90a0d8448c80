/*
 * Cached rows and those that are run come out in one order, that of the names, so that the same folder always gives the
 * same table, and with it the same cover.
 */
#include "base/prelude.h"
#include "distill/measure.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "build/build.h"
#include "corpus/inputs.h"
#include "distill/read_ahead.h"
#include "proc/proc.h"
#include "triage/filing.h"
#include "triage/triage.h"

#define INPUT_MAX ((uint64_t)256 << 20)
#define EXE_MAX ((uint64_t)4 << 30)
/* More than these, in one folder, fail for one reason: they stay where they are, and are told. */
#define FILED_MAX 1000

struct measuring {
	const struct measure_on *on;
	const char *dir;
	const struct measure_opts *opts;
	struct feature_cache *cache;
	struct feature_table *out;
	struct measure_stats *stats;
	/* not in the cache, in order; each is the caller's */
	struct strlist names;
	struct read_ahead *from;
	char **inputs; /* by place in names: held until their result came */
	/* what isn't for the cache, or all where there is none */
	struct feature_table ran;
	struct strlist failed;
	/* this machine couldn't */
	size_t not_run;
	struct err err;
};

static bool is_late(const struct measuring *m)
{
	return m->opts->until_ms && clock_mono_ms() >= m->opts->until_ms;
}

static bool next_input(void *arg, struct target_input *in)
{
	struct measuring *m = arg;
	struct buf b = BUF_INIT;
	size_t i;

	if (proc_interrupted() || is_late(m) || !read_ahead_next(m->from, &i, &b)) {
		buf_release(&b);
		return false;
	}
	*in = (struct target_input){ .data = buf_str(&b), .len = b.len, .tag = i };
	m->inputs[i] = b.s;
	return true;
}

static enum feature_state state_of(const struct measure_on *on, const struct target_result *r)
{
	if (r->stateful)
		return FEATURES_ONCE; /* fine alone */
	if (on->command && r->outcome == TARGET_EXIT)
		return FEATURES_ONCE; /* a program says by its status what it thinks of its input */
	return r->outcome == TARGET_OK         ? FEATURES_ONCE
	       : r->outcome == TARGET_REJECTED ? FEATURES_REJECTED
					       : FEATURES_FAILED;
}

static int one_done(void *arg, const struct target_input *in, const struct target_result *r)
{
	struct measuring *m = arg;
	struct feature_row row = { .size = in->len, .state = state_of(m->on, r) };
	bool has = row.state == FEATURES_ONCE && !r->stateful;

	free(m->inputs[in->tag]);
	m->inputs[in->tag] = NULL;
	if (r->outcome == TARGET_ERROR) {
		m->not_run++;
		return 0;
	}
	memcpy(row.sha1, m->names.v[in->tag], sizeof(row.sha1));
	if (row.state == FEATURES_FAILED)
		strlist_add(&m->failed, row.sha1);
	if (m->cache && row.state != FEATURES_FAILED)
		feature_cache_put(m->cache, &row, r->features, has ? r->n_features : 0);
	else
		feature_table_add(&m->ran, &row, r->features, has ? r->n_features : 0);
	m->stats->ran++;
	/* also what was handed out already: slow inputs would be waited for long after the time */
	return is_late(m);
}

static unsigned jobs_of(const struct project *p, unsigned jobs)
{
	return jobs ? jobs : p->jobs;
}

/* By its bytes: the same program under the same name, wherever it lies. NULL: it can't be read. */
static char *name_of(const char *exe, struct err *err)
{
	char *name = NULL, hex[SHA256_HEX];
	struct buf b = BUF_INIT;

	if (fs_read(exe, EXE_MAX, &b, err) == 0) {
		hash_sha256(b.s, b.len, hex);
		name = xstrdup(hex);
	}
	buf_release(&b);
	return name;
}

char *measure_build(
	struct project *p, const struct config_harness *h, unsigned jobs, struct err *err)
{
	struct build_result built = { 0 };
	char *name = NULL;

	/* not started: where all is known nothing will run */
	if (project_need_tools(p, err) == 0 &&
		build_variant(p->cfg, h, NULL, VARIANT_COV, &p->tools, jobs_of(p, jobs), &built,
			err) == 0)
		name = name_of(built.exe, err);
	build_result_release(&built);
	return name;
}

/* What runs is what the cache is of, and not one that was made since. */
static int check_build(const struct measuring *m, const struct target *t, struct err *err)
{
	char *name = m->opts->build ? name_of(target_exe(t), err) : NULL;
	int rc = m->opts->build && !name ? -1 : 0;

	if (name && strcmp(name, m->opts->build) != 0)
		rc = err_set(
			err, "%s: its cov build was made anew meanwhile; try again", m->on->name);
	free(name);
	return rc;
}

static int run_all(struct measuring *m, struct err *err)
{
	const struct measure_on *on = m->on;
	struct target_opts how = { .in_order = true, .expect = m->names.n, .what = "measuring" };
	struct target *t = on->command ? on->command
				       : project_target(on->p, on->h, VARIANT_COV, NULL,
						 jobs_of(on->p, m->opts->jobs), err);
	int rc = -1;

	if (!t)
		return -1;
	m->stats->counters = target_n_counters(t);
	if (!m->stats->counters && !on->command)
		return err_set(err, "%s: its cov build has no counters", on->name);
	if (!on->command && check_build(m, t, err) < 0)
		return -1;
	m->inputs = xcalloc(m->names.n + 1, sizeof(*m->inputs));
	m->from = read_ahead_open(m->dir, &m->names, INPUT_MAX);
	rc = target_run(t, &how, next_input, one_done, m, err);
	if (rc == 0 && proc_interrupted())
		rc = err_set(err, "interrupted");
	if (rc == 0 && m->not_run)
		rc = err_refused(err, "%zu inputs could not be run here", m->not_run);
	m->stats->vanished = read_ahead_gone(m->from);
	read_ahead_close(m->from);
	for (size_t i = 0; i < m->names.n; i++)
		free(m->inputs[i]);
	free(m->inputs);
	return rc;
}

/* What each input of names is, from the cache or from the run, in their order. */
static void put_together(struct measuring *m, const struct strlist *names)
{
	struct feature_table *ran = &m->ran;
	size_t k = 0, found = 0;

	for (size_t i = 0; i < names->n; i++) {
		struct feature_row row = { .state = FEATURES_ONCE };

		memcpy(row.sha1, names->v[i], sizeof(row.sha1));
		if (k < ran->n && !strcmp(ran->rows[k].sha1, row.sha1)) {
			row = ran->rows[k];
			feature_table_add(m->out, &row, ran->features + ran->start[k],
				ran->start[k + 1] - ran->start[k]);
			k++;
		} else if (!m->cache || !feature_cache_get(m->cache, &row, m->out)) {
			continue; /* gone */
		}
		found++;
		m->stats->rejected += row.state == FEATURES_REJECTED;
		m->stats->failed += row.state == FEATURES_FAILED;
	}
	m->stats->cached = found - m->stats->ran;
}

static void find_missing(struct measuring *m, const struct strlist *names)
{
	for (size_t i = 0; i < names->n; i++)
		if (!m->cache || !feature_cache_has(m->cache, names->v[i]))
			strlist_add_take(&m->names, names->v[i]);
}

static int open_cache(struct measuring *m, struct err *err)
{
	char *dir = fs_join(m->on->p->state_dir, "features");
	char *path = fs_join(dir, m->on->h->name);
	int rc = -1;

	if (fs_mkdirs(dir, err) == 0) {
		m->cache = m->opts->unread ? feature_cache_unread(path, m->opts->build)
					   : feature_cache_open(path, m->opts->build);
		rc = 0;
	}
	free(dir);
	free(path);
	return rc;
}

/* Each is looked at by the triage, now: whoever asked sees a finding, and not a promise of one. */
static int file_failing(struct measuring *m, struct err *err)
{
	size_t n = MIN(m->failed.n, (size_t)FILED_MAX);
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < n && !proc_interrupted(); i++) {
		struct triage_filed filed;
		struct buf b = BUF_INIT;
		int64_t id;

		if (inputs_read(m->dir, m->failed.v[i], INPUT_MAX, &b, NULL) == 0) {
			rc = triage_keep(m->on->p, m->on->name, variant_name(VARIANT_ASAN),
				"distill", NULL, buf_str(&b), b.len, &id, NULL, err);
			if (rc == 0 && !is_late(m))
				rc = triage_finding(m->on->p, id, &filed, err);
		}
		buf_release(&b);
	}
	if (m->failed.n > n)
		log_warn("%s: %zu inputs more fail; they stay where they are", m->on->name,
			m->failed.n - n);
	return rc < 0 ? -1 : 0;
}

int measure(const struct measure_on *on, const char *dir, const struct strlist *names,
	const struct measure_opts *opts, struct feature_table *out, struct measure_stats *stats,
	struct err *err)
{
	struct measuring m = { .on = on, .dir = dir, .opts = opts, .out = out, .stats = stats };
	struct err why = ERR_INIT;
	int rc = opts->build ? open_cache(&m, err) : 0;

	*stats = (struct measure_stats){ 0 };
	find_missing(&m, names);
	if (rc == 0 && m.names.n)
		rc = run_all(&m, err);
	if (rc == 0)
		put_together(&m, names);
	/* a cache that can't be written costs time, the next time */
	if (rc == 0 && m.cache && feature_cache_save(m.cache, opts->part ? NULL : out, &why) < 0)
		log_warn("features aren't kept: %s", why.msg);
	feature_cache_close(m.cache);
	if (rc == 0 && opts->file_failing && !on->command)
		rc = file_failing(&m, err);
	feature_table_release(&m.ran);
	free(m.names.v);
	strlist_release(&m.failed);
	return rc;
}

int measure_known(struct project *p, const struct config_harness *h, const char *build,
	const struct strlist *names, struct feature_table *out, struct strlist *missing,
	struct err *err)
{
	struct measure_on on = { .name = h->name, .p = p, .h = h };
	struct measure_opts opts = { .build = build };
	struct measuring m = { .on = &on, .opts = &opts };
	int rc = open_cache(&m, err);

	for (size_t i = 0; rc == 0 && i < names->n; i++) {
		struct feature_row row = { .state = FEATURES_ONCE };
		bool known;

		memcpy(row.sha1, names->v[i], sizeof(row.sha1));
		known = out ? feature_cache_get(m.cache, &row, out)
			    : feature_cache_has(m.cache, row.sha1);
		if (!known && missing)
			strlist_add(missing, row.sha1);
	}
	feature_cache_close(m.cache);
	return rc;
}

void measure_keep(struct project *p, const struct config_harness *h, const char *build,
	const struct strlist *names)
{
	struct measure_on on = { .name = h->name, .p = p, .h = h };
	struct measure_opts opts = { .build = build };
	struct measuring m = { .on = &on, .opts = &opts };
	struct feature_table live = { NULL };
	struct err why = ERR_INIT;
	int rc = open_cache(&m, &why);

	for (size_t i = 0; rc == 0 && i < names->n; i++) {
		struct feature_row row = { .state = FEATURES_ONCE };

		memcpy(row.sha1, names->v[i], sizeof(row.sha1));
		feature_cache_get(m.cache, &row, &live);
	}
	if (rc == 0)
		rc = feature_cache_save(m.cache, &live, &why);
	if (rc < 0)
		log_debug("%s: %s", h->name, why.msg);
	feature_cache_close(m.cache);
	feature_table_release(&live);
}
