/* Measure, compare with what the last build's inputs reached, and say what is wrong. */
#include "base/prelude.h"
#include "guard/guard.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/escape.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "corpus/inputs.h"
#include "distill/measure.h"
#include "guard/alarms.h"
#include "guard/gather.h"
#include "guard/losses.h"
#include "project/git.h"
#include <ctype.h>

struct looking {
	struct project *p;
	const struct config_harness *h;
	const struct guard_opts *opts;
	struct guard_result *out;
	char *dir, *memory;
	struct strlist names;
	struct reach before, now;
	int rc; /* of a callback */
	struct err *err;
};

/* --- the inputs --- */

static int list(struct looking *l)
{
	return fs_is_dir(l->dir) ? inputs_list(l->dir, &l->names, l->err) : 0;
}

static bool is_late(const struct looking *l)
{
	return l->opts->until_ms && clock_mono_ms() >= l->opts->until_ms;
}

static int count_features(struct looking *l, const char *build)
{
	struct measure_on on = { .name = l->h->name, .p = l->p, .h = l->h };
	struct measure_opts how = { .build = build, .until_ms = l->opts->until_ms };
	struct measure_stats stats;
	struct feature_table t = { NULL };
	struct guard_rec *now = &l->out->now;
	int rc = measure(&on, l->dir, &l->names, &how, &t, &stats, l->err);

	if (rc == 0) {
		l->out->looked = t.n;
		l->out->cut = t.n + stats.vanished < l->names.n && is_late(l);
		now->inputs = l->out->cut ? l->names.n : t.n;
		now->rejected = stats.rejected;
		for (size_t i = 0; i < t.n; i++)
			now->bytes += t.rows[i].size;
		if (!l->out->cut)
			guard_seeds(l->h, &t, l->out);
		now->features = feature_set(t.features, t.n_features);
	}
	feature_table_release(&t);
	return rc;
}

struct speed {
	const char *harness;
	double execs, ms;
};

static int one_stat(void *arg, const struct stat_rec *s)
{
	struct speed *sum = arg;

	if (strcmp(s->harness, sum->harness) == 0 && strcmp(s->engine, "edge") != 0) {
		sum->execs += (double)s->execs;
		sum->ms += (double)s->wall_ms;
	}
	return 0;
}

static int count_speed(struct looking *l)
{
	struct speed sum = { .harness = l->h->name };

	if (!l->out->now.campaign)
		return 0;
	if (store_stats(l->p->store, l->out->now.campaign, one_stat, &sum, l->err) < 0)
		return -1;
	l->out->now.execs_per_s = sum.ms > 0 ? sum.execs * 1000 / sum.ms : 0;
	return 0;
}

/* --- the code --- */

/* "": no repository, no git, or a tree that isn't what it has: then the commit is followed by a plus. */
static char *commit_of(const struct project *p)
{
	const char *argv[] = { "describe", "--always", "--dirty=+", "--exclude=*", NULL };
	struct buf said = BUF_INIT;

	if (git_run(p->cfg->dir, argv, NULL, &said, NULL) < 0)
		buf_reset(&said);
	for (size_t i = 0; i < said.len; i++)
		if (!isalnum((unsigned char)said.s[i]) && said.s[i] != '+')
			buf_reset(&said);
	return buf_detach(&said);
}

/* Names the inputs, all together. The caller frees. */
static char *name_corpus(const struct strlist *names)
{
	struct hasher *h = hasher_new();
	char hex[SHA256_HEX];

	for (size_t i = 0; i < names->n; i++)
		hasher_adds(h, names->v[i]);
	hasher_end(h, hex);
	return xstrdup(hex);
}

static void show_loss(struct guard_result *out, const struct loss_rec *r)
{
	GROW(out->losses, out->n_losses, out->cap_losses);
	out->losses[out->n_losses++] = (struct loss_rec){ .harness = xstrdup(r->harness),
		.function = xstrdup(r->function),
		.file = xstrdup(r->file),
		.line = r->line,
		.lines = xstrdup(r->lines),
		.campaign = r->campaign,
		.when_ms = r->when_ms,
		.before = xstrdup(r->before),
		.since = xstrdup(r->since) };
	out->n_fresh += r->campaign == out->now.campaign;
}

static int keep_loss(struct looking *l, const struct reach_loss *lost, const char *since)
{
	struct buf lines = BUF_INIT;
	struct loss_rec r = { .harness = (char *)(uintptr_t)l->h->name,
		.function = (char *)(uintptr_t)lost->function,
		.file = (char *)(uintptr_t)lost->file,
		.line = lost->line,
		.campaign = l->out->now.campaign,
		.when_ms = l->out->now.when_ms,
		.before = l->before.rev,
		.since = (char *)(uintptr_t)since };
	int rc = 0;

	for (size_t i = 0; i < lost->n_lines; i++)
		buf_addf(&lines, "%s%u", i ? "," : "", lost->lines[i]);
	r.lines = (char *)(uintptr_t)buf_str(&lines);
	if (r.campaign)
		rc = store_loss_add(l->p->store, &r, l->err);
	else if (!l->opts->accept)
		show_loss(l->out, &r);
	buf_release(&lines);
	return rc;
}

/* 1: no time to be sure. */
static int judge(struct looking *l, const char *since)
{
	const struct losses_of of = { l->p, l->h, l->dir, &l->names, l->opts->until_ms };
	struct reach_losses lost = { NULL };
	int rc = losses_find(&of, &l->before, &l->now, &lost, l->err);

	for (size_t i = 0; rc == 0 && i < lost.n; i++)
		rc = keep_loss(l, &lost.v[i], since);
	reach_losses_release(&lost);
	return rc;
}

/* Its function, or all its lines, are reached again. */
static bool back(const struct looking *l, const struct loss_rec *r)
{
	struct strv rest = strv_of(r->lines), one;
	uint64_t line;

	if (!reach_has(&l->now, r->function, r->file))
		return false;
	while (rest.len && strv_split(&rest, ',', &one))
		if (num_u64(one, &line) < 0 ||
			!reach_has_line(&l->now, r->function, r->file, (unsigned)line))
			return false;
	return true;
}

static int one_loss(void *arg, const struct loss_rec *r)
{
	struct looking *l = arg;

	if (!back(l, r)) {
		show_loss(l->out, r);
		return 0;
	}
	log_info("%s: %s is reached again", l->h->name, r->function);
	if (!l->out->now.campaign)
		return 0;
	l->rc = store_loss_remove(l->p->store, l->h->name, r->function, r->file, l->err);
	return l->rc;
}

static size_t distinct_lines(const struct reach *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++)
		n += !i || r->v[i].line != r->v[i - 1].line ||
		     strcmp(r->v[i].file, r->v[i - 1].file) != 0;
	return n;
}

static int look_at_code(struct looking *l, const char *build)
{
	char *corpus = name_corpus(&l->names), *rev = commit_of(l->p);
	bool known = reach_load(l->memory, &l->before);
	bool same = known && !strcmp(l->before.build, build);
	int rc = 0;

	if (same && !strcmp(l->before.corpus, corpus)) {
		l->now = l->before;
		l->before = (struct reach){ NULL };
	} else {
		rc = l->out->cut ? 1
				 : gather(l->p, l->h, l->dir, &l->names, GATHER_TWICE,
					   l->opts->until_ms, &l->now, l->err);
		if (rc == 0 && known && !same) {
			rc = judge(l, rev);
			l->out->compared = rc == 0;
		}
		/* what wasn't run may reach what seems lost */
		l->out->cut = rc == 1;
		rc = MIN(rc, 0);
		l->now.build = xstrdup(build);
		l->now.corpus = xstrdup(corpus);
		l->now.rev = xstrdup(rev);
		if (rc == 0 && !l->out->cut && (l->out->now.campaign || l->opts->accept))
			rc = reach_save(l->memory, &l->now, l->err);
	}
	l->out->now.functions = reach_functions(&l->now);
	l->out->now.lines = distinct_lines(&l->now);
	if (rc == 0 && l->opts->accept && !l->out->cut)
		rc = store_loss_remove(l->p->store, l->h->name, NULL, NULL, l->err);
	if (rc == 0)
		rc = store_losses(l->p->store, l->h->name, one_loss, l, l->err);
	if (rc == 0)
		rc = l->rc;
	free(corpus);
	free(rev);
	return rc;
}

static int work(struct looking *l)
{
	char *build = measure_build(l->p, l->h, 0, l->err);
	int rc = build ? 0 : -1;

	if (rc == 0)
		rc = count_features(l, build);
	if (rc == 0)
		rc = count_speed(l);
	if (rc == 0)
		rc = look_at_code(l, build);
	if (rc == 0) {
		l->out->now.build = build;
		build = NULL;
	}
	/* figures of a part would look like a corpus that shrank */
	if (rc == 0 && !l->out->cut)
		rc = guard_alarms(l->p, l->out, l->err);
	if (rc == 0 && !l->out->cut && l->out->now.campaign)
		rc = store_guard_set(l->p->store, &l->out->now, l->err);
	free(build);
	return rc;
}

int guard_look(struct project *p, const struct config_harness *h, const struct guard_opts *opts,
	struct guard_result *out, struct err *err)
{
	struct looking l = { .p = p, .h = h, .opts = opts, .out = out, .err = err };
	char *folder = fs_join(p->state_dir, "guard");
	int rc;

	*out = (struct guard_result){ .now = { .campaign = opts->campaign,
					      .harness = xstrdup(h->name),
					      .when_ms = clock_wall_ms() } };
	l.dir = project_corpus_dir(p, h->name);
	l.memory = fs_join(folder, h->name);
	rc = fs_mkdirs(folder, err);
	if (rc == 0)
		rc = list(&l);
	if (rc == 0)
		rc = l.names.n ? work(&l) : 1;
	reach_release(&l.before);
	reach_release(&l.now);
	strlist_release(&l.names);
	free(folder);
	free(l.memory);
	free(l.dir);
	return rc;
}

void guard_result_release(struct guard_result *r)
{
	guard_rec_release(&r->now);
	for (size_t i = 0; i < r->n_losses; i++)
		loss_rec_release(&r->losses[i]);
	free(r->losses);
	for (size_t i = 0; i < r->n_alarms; i++)
		free(r->alarms[i].text);
	*r = (struct guard_result){ .n_losses = 0 };
}

void guard_add_loss(struct buf *b, const struct loss_rec *l)
{
	escape_term(b, strv_of(l->file));
	buf_addf(b, ":%u ", l->line);
	escape_term(b, strv_of(l->function));
	if (*l->lines) {
		buf_adds(b, ", lines ");
		escape_term(b, strv_of(l->lines));
	}
	if (l->campaign)
		buf_addf(b, ", since campaign %lld", (long long)l->campaign);
	else
		buf_adds(b, ", since the last campaign");
	if (*l->since && *l->before)
		buf_addf(b, " (commit %s, whole at %s)", l->since, l->before);
}
