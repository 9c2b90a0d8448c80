/* The offers of all others of the format, the smallest first, so that of two that bring the same the smaller one stays. */
#include "base/prelude.h"
#include "campaign/pollinate.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "campaign/swept.h"
#include "corpus/inputs.h"
#include "distill/measure.h"
#include "proc/proc.h"
#include "project/origins.h"

/* Of one harness to another in one campaign, so that a large corpus can't hold up what comes after: the rest is for the next. */
#define OFFERS_MAX 4000
/* For one harness, where many of them hang; and of the campaign's time, for all: a short one has to end, too. */
#define TIME_MS 20000
#define TIME_MIN_MS 500
#define TIME_PART 20

struct meeting {
	struct project *p;
	const struct config_harness *h;
	char *dir;
	struct strlist names; /* of its corpus */
	/* what its corpus reaches, ascending */
	uint32_t *has;
	size_t n_has, joined;
	struct swept offered;
	struct origins origins; /* of those that joined */
	struct strlist more;    /* offered now */
	uint64_t until_ms;
};

static bool listed(const struct strlist *sorted, const char *name)
{
	struct swept s = { .names = *sorted };

	return swept_has(&s, name);
}

static int inputs_of(const char *dir, struct strlist *names, struct err *err)
{
	return fs_is_dir(dir) ? inputs_list(dir, names, err) : 0;
}

static int begin(struct meeting *m, struct err *err)
{
	struct measure_on on = { .name = m->h->name, .p = m->p, .h = m->h };
	char *build = measure_build(m->p, m->h, 0, err);
	struct measure_opts how = { .build = build };
	struct measure_stats stats;
	struct feature_table t = { NULL };
	int rc = build ? inputs_of(m->dir, &m->names, err) : -1;

	if (rc == 0)
		rc = swept_load(
			&m->offered, m->p, m->h, VARIANT_COV, variant_name(VARIANT_COV), err);
	if (rc == 0)
		rc = measure(&on, m->dir, &m->names, &how, &t, &stats, err);
	if (rc == 0) {
		m->n_has = feature_set(t.features, t.n_features);
		m->has = t.features;
		t.features = NULL;
	}
	feature_table_release(&t);
	free(build);
	return rc;
}

static bool is_new(const struct meeting *m, uint32_t feature)
{
	size_t low = 0, high = m->n_has;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (m->has[mid] == feature)
			return false;
		if (m->has[mid] < feature)
			low = mid + 1;
		else
			high = mid;
	}
	return true;
}

static bool brings_something(const struct meeting *m, const uint32_t *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (is_new(m, v[i]))
			return true;
	return false;
}

static void learn(struct meeting *m, const uint32_t *v, size_t n)
{
	m->has = xrealloc(m->has, (m->n_has + n + 1) * sizeof(*m->has));
	if (n)
		memcpy(m->has + m->n_has, v, n * sizeof(*v));
	m->n_has = feature_set(m->has, m->n_has + n);
}

struct sized {
	uint64_t size;
	size_t row;
};

static int by_size(const void *a, const void *b)
{
	const struct sized *x = a, *y = b;

	return x->size != y->size ? (x->size > y->size) - (x->size < y->size)
				  : (x->row > y->row) - (x->row < y->row);
}

/* The smallest first. The caller frees. */
static struct sized *in_order(const struct feature_table *t)
{
	struct sized *v = xmalloc((t->n + 1) * sizeof(*v));

	for (size_t i = 0; i < t->n; i++)
		v[i] = (struct sized){ .size = t->rows[i].size, .row = i };
	if (t->n)
		qsort(v, t->n, sizeof(*v), by_size);
	return v;
}

static int run_again(struct meeting *m, const char *from, const char *name, struct feature_table *t,
	struct err *err)
{
	struct measure_on on = { .name = m->h->name, .p = m->p, .h = m->h };
	struct measure_opts how = { .jobs = 0 };
	struct measure_stats stats;
	struct strlist one = STRLIST_INIT;
	int rc;

	strlist_add(&one, name);
	rc = measure(&on, from, &one, &how, t, &stats, err);
	strlist_release(&one);
	return rc;
}

/* It comes in if what it brings comes a second time. */
static int admit(struct meeting *m, const char *from, const char *name, const uint32_t *v, size_t n,
	struct err *err)
{
	struct feature_table again = { NULL };
	struct buf b = BUF_INIT;
	char sha1[SHA1_HEX];
	size_t kept = 0;
	uint32_t *both = xmalloc((n + 1) * sizeof(*both));
	int rc = run_again(m, from, name, &again, err);

	for (size_t i = 0, k = 0; rc == 0 && i < n; i++) {
		while (k < again.n_features && again.features[k] < v[i])
			k++;
		if (k < again.n_features && again.features[k] == v[i])
			both[kept++] = v[i];
	}
	if (rc == 0 && brings_something(m, both, kept) &&
		inputs_read(from, name, m->h->max_len, &b, NULL) == 0) {
		rc = inputs_put_unsynced(m->dir, buf_str(&b), b.len, sha1, NULL, err);
		learn(m, both, kept);
		m->joined += rc == 0;
		if (rc == 0)
			origins_add(&m->origins, sha1, NULL, NULL);
	}
	buf_release(&b);
	free(both);
	feature_table_release(&again);
	return rc;
}

/* What of the other's inputs wasn't here yet, in either way, and isn't too large. */
static int offers(const struct meeting *m, const char *from, struct strlist *out, struct err *err)
{
	struct strlist all = STRLIST_INIT;
	int rc = inputs_of(from, &all, err);

	for (size_t i = 0; rc == 0 && i < all.n && out->n < OFFERS_MAX; i++) {
		char *path = fs_join(from, all.v[i]);
		uint64_t size;

		if (!listed(&m->names, all.v[i]) && !swept_has(&m->offered, all.v[i]) &&
			fs_size(path, &size, NULL) == 0 && size <= m->h->max_len)
			strlist_add(out, all.v[i]);
		free(path);
	}
	strlist_release(&all);
	return rc;
}

static int meet(struct meeting *m, const struct config_harness *other, struct err *err)
{
	struct measure_on on = { .name = m->h->name, .p = m->p, .h = m->h };
	struct measure_opts how = { .file_failing = true, .until_ms = m->until_ms };
	struct measure_stats stats;
	struct feature_table t = { NULL };
	struct strlist names = STRLIST_INIT;
	char *from = project_corpus_dir(m->p, other->name);
	char *who = xasprintf("harness %s", other->name);
	struct sized *order;
	int rc = offers(m, from, &names, err);

	if (rc == 0 && names.n)
		rc = measure(&on, from, &names, &how, &t, &stats, err);
	order = in_order(&t);
	for (size_t i = 0; rc == 0 && i < t.n; i++) {
		size_t k = order[i].row, n = t.start[k + 1] - t.start[k];
		const uint32_t *v = t.features + t.start[k];

		if (n && brings_something(m, v, n))
			rc = admit(m, from, t.rows[k].sha1, v, n, err);
	}
	m->origins.harness = m->h->name;
	m->origins.engine = who;
	origins_flush(&m->origins, m->p);
	/* the time may have ended before all were run */
	for (size_t i = 0; rc == 0 && i < t.n; i++)
		strlist_add(&m->more, t.rows[i].sha1);
	feature_table_release(&t);
	strlist_release(&names);
	free(order);
	free(from);
	free(who);
	return rc;
}

static int one(struct project *p, const struct config_harness *h, uint64_t ms, struct err *err)
{
	struct meeting m = { .p = p,
		.h = h,
		.dir = project_corpus_dir(p, h->name),
		.until_ms = clock_mono_ms() + ms };
	const struct strlist none = STRLIST_INIT;
	int rc = fs_mkdirs(m.dir, err);

	if (rc == 0)
		rc = begin(&m, err);
	for (size_t i = 0; rc == 0 && i < p->cfg->n_harnesses && !proc_interrupted(); i++) {
		const struct config_harness *other = &p->cfg->harnesses[i];

		if (other != h && strcmp(other->format, h->format) == 0)
			rc = meet(&m, other, err);
	}
	if (rc == 0 && m.more.n)
		rc = swept_save(&m.offered, &m.more, &none, err);
	if (rc == 0 && m.joined)
		log_info("%s: %zu input%s of other harnesses of its format reach%s something new",
			h->name, m.joined, m.joined == 1 ? "" : "s", m.joined == 1 ? "es" : "");
	swept_release(&m.offered);
	strlist_release(&m.names);
	strlist_release(&m.more);
	free(m.has);
	free(m.dir);
	return rc;
}

/* Raw bytes are no format that two would share. */
static bool has_peer(const struct project *p, const struct config_harness *h)
{
	for (size_t i = 0; strcmp(h->format, "raw") != 0 && i < p->cfg->n_harnesses; i++)
		if (&p->cfg->harnesses[i] != h &&
			strcmp(p->cfg->harnesses[i].format, h->format) == 0)
			return true;
	return false;
}

void pollinate(struct project *p, const struct run_opts *opts, const struct prepared *ready)
{
	uint64_t part = opts->time_ms / TIME_PART / MAX(opts->n_harnesses, (size_t)1);
	uint64_t ms = MIN(MAX(part, (uint64_t)TIME_MIN_MS), (uint64_t)TIME_MS);

	for (size_t i = 0; i < opts->n_harnesses && !proc_interrupted(); i++) {
		const struct config_harness *h = opts->harnesses[i];
		struct err err = ERR_INIT;

		if (ready[i].ok && has_peer(p, h) && one(p, h, ms, &err) < 0 && !proc_interrupted())
			log_warn("%s: it is offered no inputs of other harnesses: %s", h->name,
				err.msg);
	}
}
