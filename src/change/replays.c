/* An input that fails now and didn't: run again, alone, on both, before it is said. */
#include "base/prelude.h"
#include "change/internal.h"
#include "base/fs.h"
#include "base/mem.h"
#include "corpus/import.h"
#include "corpus/inputs.h"
#include "proc/interrupt.h"
#include "retest/regress.h"
#include "retest/replay.h"

#define AGAIN 5
#define NAMED_MAX 5
/* slower by a third, and by so much: less is noise */
#define SLOWER_US 30000
#define ROUNDS 2

/* The same items, to be run elsewhere; tests are the first's. */
static void clone(const struct replay_set *from, struct replay_set *to)
{
	to->v = xcalloc(from->n + 1, sizeof(*to->v));
	to->cap = from->n + 1;
	to->n = from->n;
	for (size_t i = 0; i < from->n; i++) {
		const struct replay_item *it = &from->v[i];

		to->v[i] = (struct replay_item){ .harness = xstrdup(it->harness),
			.name = xstrdup(it->name),
			.path = xstrdup(it->path),
			.test = it->test,
			.state = it->state,
			.runs = it->runs };
	}
}

static int run_on(struct project *p, struct replay_set *s, struct err *err)
{
	const struct replay_opts how = {
		.variant = VARIANT_ASAN, .own_variant = true, .jobs = p->jobs
	};

	if (replay_run(p, s, &how, err) < 0)
		return -1;
	return proc_interrupted() ? err_set(err, "interrupted") : 0;
}

static bool failed(const struct replay_item *it)
{
	return it->verdict != REPLAY_NOT_RUN && it->verdict != REPLAY_SKIPPED && it->failed;
}

static bool passed(const struct replay_item *it)
{
	return it->verdict != REPLAY_NOT_RUN && it->verdict != REPLAY_SKIPPED && !it->failed;
}

static const char *signature_of(const struct replay_item *it)
{
	return it->t.report ? it->t.sig.id : "";
}

/* Some input fails so on the base: it may be another one. */
static bool known_on(const struct replay_set *base, const char *signature)
{
	for (size_t i = 0; i < base->n; i++)
		if (failed(&base->v[i]) && strcmp(signature_of(&base->v[i]), signature) == 0)
			return true;
	return false;
}

static bool is_candidate(const struct replay_set *now, const struct replay_set *base, size_t i)
{
	if (!failed(&now->v[i]) || base->v[i].verdict == REPLAY_NOT_RUN)
		return false;
	/* without a stack all failures look the same */
	if (failed(&base->v[i]) && !*signature_of(&now->v[i]))
		return false;
	return !known_on(base, signature_of(&now->v[i])) ||
	       (!failed(&base->v[i]) && !*signature_of(&now->v[i]));
}

static void tell_not_run(struct change_one *one, uint64_t n)
{
	if (n)
		strlist_addf(&one->lacks, "%llu inputs could not be run on both builds",
			(unsigned long long)n);
}

/* All that the base showed counts: what an input does may change from run to run, to what another one did there. */
static bool is_brought(const struct replay_set *again, const struct replay_set *base_again,
	const struct replay_set *base, size_t i)
{
	const char *signature = signature_of(&again->v[i]);

	return is_candidate(again, base_again, i) && !(*signature && known_on(base, signature));
}

/* Those that seem new, again and alone on both. */
static int make_sure(struct changing *c, struct change_one *one, const struct replay_set *now,
	const struct replay_set *base, const char *by, struct err *err)
{
	struct replay_set x = { NULL }, y = { NULL };
	uint64_t not_run = 0;
	int rc = 0;

	for (size_t i = 0; i < now->n; i++) {
		if (!is_candidate(now, base, i))
			continue;
		GROW(x.v, x.n, x.cap);
		x.v[x.n++] = (struct replay_item){ .harness = xstrdup(now->v[i].harness),
			.name = xstrdup(now->v[i].name),
			.path = xstrdup(now->v[i].path),
			.test = now->v[i].test,
			.state = now->v[i].state,
			.runs = AGAIN };
	}
	clone(&x, &y);
	if (x.n)
		rc = run_on(c->p, &x, err);
	if (rc == 0 && y.n)
		rc = run_on(c->base.p, &y, err);
	for (size_t i = 0; rc == 0 && i < x.n; i++) {
		struct replay_item *it = &x.v[i];

		if (!failed(it))
			one->unsteady++;
		else if (y.v[i].verdict == REPLAY_NOT_RUN)
			not_run++;
		else if (is_brought(&x, &y, base, i))
			change_failed(c, one, it->test ? "test" : by, it->path, &it->t);
		else
			one->old++;
	}
	tell_not_run(one, not_run);
	replay_release(&x);
	replay_release(&y);
	return rc;
}

static const char *taken(const struct replay_item *it)
{
	return it->last.outcome == TARGET_REJECTED ? "rejected" : "accepted";
}

static void compare_verdicts(
	struct change_one *one, const struct replay_item *now, const struct replay_item *base)
{
	if (!passed(now) || !passed(base) || now->last.outcome == base->last.outcome)
		return;
	if (one->n_verdicts++ < NAMED_MAX)
		strlist_addf(&one->verdicts, "%.12s: was %s, is %s", fs_basename(now->name),
			taken(base), taken(now));
}

static void count(struct changing *c, struct change_one *one, const struct replay_set *now,
	const struct replay_set *base)
{
	uint64_t not_run = 0;

	(void)c;
	one->base_us = one->now_us = 0;
	for (size_t i = 0; i < now->n; i++) {
		const struct replay_item *x = &now->v[i], *y = &base->v[i];

		not_run += x->verdict == REPLAY_NOT_RUN || y->verdict == REPLAY_NOT_RUN;
		one->gone += passed(x) && failed(y);
		one->old += failed(x) && !is_candidate(now, base, i);
		compare_verdicts(one, x, y);
		if (passed(x) && passed(y)) {
			one->now_us += x->cpu_us;
			one->base_us += y->cpu_us;
		}
	}
	tell_not_run(one, not_run);
}

static bool is_slower(const struct change_one *one)
{
	return one->now_us > one->base_us * 4 / 3 && one->now_us > one->base_us + SLOWER_US;
}

static uint64_t cpu_of(const struct replay_set *s, const struct replay_set *other)
{
	uint64_t us = 0;

	for (size_t i = 0; i < s->n; i++)
		if (passed(&s->v[i]) && passed(&other->v[i]))
			us += s->v[i].cpu_us;
	return us;
}

/* Time comes and goes: the least of several looks on each build is what it takes. */
static int measure_again(
	struct changing *c, struct change_one *one, const struct replay_set *of, struct err *err)
{
	int rc = 0;

	for (int i = 0; rc == 0 && i < ROUNDS && is_slower(one); i++) {
		struct replay_set x = { NULL }, y = { NULL };

		clone(of, &x);
		clone(of, &y);
		rc = run_on(c->p, &x, err);
		if (rc == 0)
			rc = run_on(c->base.p, &y, err);
		if (rc == 0) {
			one->now_us = MIN(one->now_us, cpu_of(&x, &y));
			one->base_us = MIN(one->base_us, cpu_of(&y, &x));
		}
		replay_release(&x);
		replay_release(&y);
	}
	one->slower = rc == 0 && is_slower(one);
	return rc;
}

static int both(struct changing *c, struct change_one *one, struct replay_set *now, const char *by,
	bool whole, struct err *err)
{
	struct replay_set base = { NULL };
	int rc;

	clone(now, &base);
	rc = run_on(c->p, now, err);
	if (rc == 0)
		rc = run_on(c->base.p, &base, err);
	if (rc == 0)
		rc = make_sure(c, one, now, &base, by, err);
	if (rc == 0 && whole) {
		count(c, one, now, &base);
		rc = measure_again(c, one, now, err);
	}
	replay_release(&base);
	return rc;
}

/* Corpus and seeds by content, so that none is run twice. */
static int gather_inputs(struct changing *c, struct change_one *one, struct err *err)
{
	char *corpus = project_corpus_dir(c->p, one->h->name),
	     *all = fs_join(c->base.tmp, "inputs");
	struct import_stats st = { 0 };
	int rc;

	one->inputs_dir = fs_join(all, one->h->name);
	rc = fs_mkdirs(one->inputs_dir, err);
	if (rc == 0 && fs_is_dir(corpus))
		rc = inputs_import(one->inputs_dir, corpus, UINT64_MAX, &st, err);
	for (size_t i = 0; rc == 0 && i < one->h->seeds.n; i++)
		if (fs_exists(one->h->seeds.v[i]))
			rc = inputs_import(
				one->inputs_dir, one->h->seeds.v[i], one->h->max_len, &st, err);
	free(all);
	free(corpus);
	return rc;
}

int change_replay(struct changing *c, struct change_one *one, struct err *err)
{
	struct strlist name = STRLIST_INIT;
	struct replay_set s = { NULL };
	char *root = regress_root(c->p, NULL);
	int rc = gather_inputs(c, one, err);

	strlist_add(&name, one->h->name);
	if (rc == 0)
		rc = replay_add_tests(&s, root, &name, err);
	one->tests = s.n;
	if (rc == 0)
		rc = replay_add_path(&s, one->h->name, one->inputs_dir, err);
	one->inputs = s.n - one->tests;
	if (rc == 0)
		rc = both(c, one, &s, "input", true, err);
	replay_release(&s);
	strlist_release(&name);
	free(root);
	return rc;
}

int change_replay_dir(struct changing *c, struct change_one *one, const char *dir, const char *by,
	struct err *err)
{
	struct replay_set s = { NULL };
	int rc = replay_add_path(&s, one->h->name, dir, err);

	if (rc == 0)
		rc = both(c, one, &s, by, false, err);
	replay_release(&s);
	return rc;
}
