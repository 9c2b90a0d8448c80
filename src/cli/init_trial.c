/*
 * The first build and the first runs: a harness that is dead, leaks by itself or doesn't link is told, and another function
 * taken, before anybody gives it hours.
 */
#include "base/prelude.h"
#include "cli/init_trial.h"
#include "base/clock.h"
#include "base/escape.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "cli/init_empty.h"
#include "health/probe.h"
#include "proc/interrupt.h"
#include "triage/triage.h"
#include <stdio.h>

#define TRIAL_SEEDS 64
#define TRIAL_MS 10000
/* no further function is tried then: the first hour has other things in it */
#define TRIALS_MS 90000
#define TRIALS_ALL_MS 300000
/* fewer that fail say nothing of a harness */
#define MOST_OF 8
/* to say what one that fails does */
#define FAILURES_TRIED 4
#define INPUT_MAX ((uint64_t)1 << 20)
/* Counters beyond those of the empty input: less is no parser. */
#define FEW_COUNTERS 10
/* as many in a row that don't build have the same reason */
#define SAME_REASON 3
/* as many that fail with zeroed memory for an object: others that want one are tried last */
#define SAME_OBJECT 2

/* In the order in which they are preferred. */
enum verdict {
	OF_USE,
	/* runs, and what it reaches is no parser */
	LITTLE,
	/* each run fails, or leaks: the harness breaks a rule of the library, or lacks an end */
	FAILS,
	SICK,
	NOT_TRIED,
	NOT_BUILT,
};

struct trial {
	enum verdict verdict;
	/* what a line says behind the name, and below it; why may be empty */
	struct buf is, why;
	const char *mend;
	/* an input failed; one failed by a null pointer */
	bool failed, is_null;
	/* why the empty one isn't to be passed: it failed by what the harness makes of it; NULL: it is */
	const char *skips;
};

struct trying {
	struct project *p;
	struct init_plan *plan;
	struct init_writing *w;
	size_t targets, functions;
	/* of those that aren't kept the best so far: it is, where there is none better */
	struct init_harness *best;
	struct trial best_trial;
	/* in a row */
	size_t unbuilt;
	/* an interrupt came while it was tried, or before that */
	struct init_harness *cut;
	/* of the last that was told why it doesn't build, without its name; owned */
	char *told;
	/* 0: none was tried yet */
	uint64_t until_ms;
	/* types of objects that are zeroed memory, one for each harness that failed with it for a null pointer */
	struct strlist zeroed;
	/* by their places in the plan: those whose turn is behind all others */
	bool *later;
};

static void trial_release(struct trial *t)
{
	buf_release(&t->is);
	buf_release(&t->why);
	*t = (struct trial){ 0 };
}

/* Does it not build for the reason that was told last? That is told now, where it isn't. */
static bool is_told(struct trying *g, const struct init_harness *h, const struct trial *t)
{
	const char *why = buf_str(&t->why);

	if (t->verdict != NOT_BUILT)
		return false;
	if (strncmp(why, h->name, strlen(h->name)) == 0)
		why += strlen(h->name);
	if (g->told && strcmp(g->told, why) == 0)
		return true;
	free(g->told);
	g->told = xstrdup(why);
	return false;
}

static void print_trial(
	struct trying *g, const struct init_harness *h, const struct trial *t, const char *end)
{
	bool told = is_told(g, h, t);
	struct buf b = BUF_INIT;

	buf_addf(&b, "%s: %s%s", h->name, buf_str(&t->is), told ? ", for the same reason" : "");
	buf_adds2(&b, end, "\n");
	if (t->why.len && !told) {
		buf_adds(&b, "  ");
		escape_term(&b, strv_n(t->why.s, t->why.len));
		buf_addch(&b, '\n');
	}
	if (t->mend && !*end)
		buf_addf(&b, "  mend: %s\n", t->mend);
	if (t->skips && !*end)
		buf_addf(&b, "  its harness passes no empty input: %s\n", t->skips);
	term_print(g->w->term, &b);
	fflush(stdout);
	buf_release(&b);
}

static const struct health_finding *finding(const struct health *h, const char *rule)
{
	for (size_t i = 0; i < h->n; i++)
		if (strcmp(h->v[i].rule, rule) == 0)
			return &h->v[i];
	return NULL;
}

/* The finding that makes it no use to start with: nothing that it finds would be the library's. */
static const struct health_finding *fault(
	const struct health *health, const struct init_harness *h, struct trial *t)
{
	const struct health_finding *bad = health_sick(health);

	t->verdict = bad ? SICK : OF_USE;
	if (bad)
		return bad;
	bad = finding(health, "fails-always");
	if (!bad && !h->ends_all)
		bad = finding(health, "leaks-always");
	t->verdict = bad ? FAILS : OF_USE;
	return bad;
}

/*
 * Does it only look at its input, or keep it? What says by its name that it parses may have refused all that was tried.
 */
static bool is_little(const struct health_facts *facts, const struct init_harness *h)
{
	return h->text.len && facts->counters && !facts->cut && !facts->failed &&
	       !facts->sanitizer_failed && !facts->hang.n && facts->reached < FEW_COUNTERS &&
	       !h->promises;
}

static void judge(const struct health_facts *facts, const struct init_harness *h, struct trial *t)
{
	const struct health_finding *bad, *leak;
	size_t failed = facts->failed + facts->sanitizer_failed;
	struct health health = { 0 };

	health_judge(facts, &health);
	t->failed = failed > 0 || (!facts->cut && facts->passed < facts->inputs + 1);
	bad = fault(&health, h, t);
	leak = finding(&health, "leaks-always");
	buf_addf(&t->is, "builds; %zu inputs tried, %zu of them passed", facts->inputs + 1,
		facts->passed);
	if (bad) {
		buf_adds(&t->why, bad->cause);
		t->mend = bad->mend;
	} else if (t->failed && h->unmade) {
		t->verdict = FAILS;
		buf_addf(&t->why,
			"inputs fail, and it passes zeroed memory for a %s, which only the "
			"library makes",
			h->unmade);
		t->mend = "make one as the library says, where the TODO is";
	} else if (failed >= MOST_OF && failed * 4 >= (facts->inputs + 1) * 3) {
		t->verdict = FAILS;
		buf_addf(&t->why, "fails on %zu of %zu inputs: so many mostly fail by the harness",
			failed, facts->inputs + 1);
		t->mend = "look at one with `thresh replay`: what is passed beside the input, and "
			  "what is ended twice, or too early?";
	} else if (is_little(facts, h)) {
		t->verdict = LITTLE;
		buf_addf(&t->why,
			"all inputs together reach %zu places that the empty one doesn't: it "
			"parses "
			"little or nothing",
			facts->reached);
	} else if (leak) {
		buf_adds(&t->why, leak->cause);
		t->mend = "look at it with `thresh replay`: the harness ends all that it makes, so "
			  "this may well be the library's";
	} else if (facts->hang.n) {
		buf_addf(&t->why, "%s doesn't end within the limit of time%s", facts->hang.first,
			facts->cut ? ", and nothing was left of it to try all others" : "");
		t->mend = "look at it with `thresh replay`: does the library wait for more, or "
			  "loop?";
	} else if (health.n) {
		buf_adds(&t->why, "`thresh check` says what could be better");
	}
	health_release(&health);
}

/* What one of the inputs that fail does; false: this one passes, or nobody knows. */
static bool say_failure(
	struct project *p, const struct config_harness *h, struct strv input, struct trial *t)
{
	struct triage tr = TRIAGE_INIT;
	bool failed = triage_input(p, h, VARIANT_ASAN, input.s, input.len, 1, &tr, NULL) == 0 &&
		      triage_failed(tr.outcome) && tr.report && tr.report->summary;

	if (failed) {
		buf_adds2(&t->why, ": ", tr.report->summary);
		t->is_null = strcmp(tr.report->kind, "null-deref") == 0;
	}
	triage_release(&tr);
	return failed;
}

/* Of the first ones that there are; most fail. */
static void say_one_failure(
	struct project *p, const struct config_harness *h, const char *dir, struct trial *t)
{
	char *corpus = xasprintf("%s/corpus/%s", dir, h->name);
	struct strlist names = STRLIST_INIT;
	bool said = false;

	fs_list(corpus, &names, NULL);
	for (size_t i = 0; i < names.n && i < FAILURES_TRIED && !said; i++) {
		char *path = fs_join(corpus, names.v[i]);
		struct buf data = BUF_INIT;

		if (fs_read(path, INPUT_MAX, &data, NULL) == 0)
			said = say_failure(p, h, strv_n(buf_str(&data), data.len), t);
		buf_release(&data);
		free(path);
	}
	if (!said)
		say_failure(p, h, strv_of("some text"), t);
	strlist_release(&names);
	free(corpus);
}

/* What it does with nothing at all says what it takes its input for. */
static void judge_empty(struct project *p, const struct config_harness *h,
	const struct init_harness *own, struct trial *t)
{
	struct init_empty e;

	init_empty_look(p, h, own, t->verdict == OF_USE, &e);
	t->skips = e.skips;
	if (e.is_no_text) {
		t->verdict = FAILS;
		t->mend = "pass it only what is as long as it says: check that in the harness";
		buf_reset(&t->why);
		buf_adds(&t->why, "of an empty text it reads more than its end, and of all short "
				  "ones: it takes bytes, and isn't told how many");
	} else if (e.is_more) {
		t->verdict = FAILS;
		t->mend = "make one as the library says, where the TODO is";
		buf_reset(&t->why);
		buf_addf(&t->why,
			"an empty input runs over the zeroed memory that it passes for a %s: what "
			"the library takes for one is more",
			own->zeroed);
	} else if (e.summary.len) {
		buf_reset(&t->why);
		buf_adds2(&t->why, "an empty input fails: ", buf_str(&e.summary));
		t->mend = "look at it with `thresh replay`";
	}
	buf_release(&e.summary);
}

static void try_one(struct project *p, const struct init_harness *own, struct trial *t)
{
	struct health_opts opts = { .max_seeds = TRIAL_SEEDS, .time_ms = TRIAL_MS, .leaks = true };
	const struct config_harness *h;
	struct health_facts facts = { 0 };
	struct err err = ERR_INIT;

	*t = (struct trial){ .verdict = NOT_BUILT };
	log_progress("building %s", own->name);
	h = project_harness(p, own->name, &err);
	if (!h || !project_target(p, h, VARIANT_ASAN, NULL, 1, &err)) {
		buf_adds(&t->is, "doesn't build");
		buf_adds(&t->why, err.msg);
		t->mend = "`thresh build` shows all of what the compiler said";
	} else if (!project_target(p, h, VARIANT_COV, NULL, 1, &err) ||
		   health_probe(p, h, &opts, &facts, &err) < 0) {
		/* cov is built in front of that: its time begins with the probe */
		t->verdict = NOT_TRIED;
		buf_adds(&t->is, "builds, but could not be tried");
		buf_adds(&t->why, err.msg);
		t->mend = "`thresh check` tries again";
	} else {
		judge(&facts, own, t);
		if (t->failed && own->text.len)
			judge_empty(p, h, own, t);
		if (t->verdict == FAILS && t->failed)
			say_one_failure(p, h, p->cfg->dir, t);
	}
	log_progress_end();
	health_facts_release(&facts);
}

/* Of the user's own fuzz targets one that fails on what was tried may well have found something. */
static bool is_kept(const struct init_harness *h, const struct trial *t)
{
	return t->verdict == OF_USE || t->verdict == NOT_TRIED ||
	       (t->verdict == FAILS && !h->text.len);
}

static void leave_best(struct trying *g)
{
	if (g->best)
		print_trial(g, g->best, &g->best_trial, "; left out");
	trial_release(&g->best_trial);
	g->best = NULL;
}

/* t is taken over. */
static void leave(struct trying *g, struct init_harness *h, struct trial *t)
{
	if (g->best && g->best_trial.verdict <= t->verdict) {
		print_trial(g, h, t, "; left out");
		trial_release(t);
		return;
	}
	leave_best(g);
	g->best = h;
	g->best_trial = *t;
	*t = (struct trial){ 0 };
}

/* There is another way to try, for what was seen of this one. */
static bool has_other(const struct init_harness *h, const struct trial *t)
{
	if (h->plain.unopened && (t->verdict == SICK || t->verdict == LITTLE))
		return true;
	return h->plain.named ? t->verdict == SICK : t->failed;
}

/* With another text: another program. t is the new trial's. */
static int try_again(struct trying *g, struct init_harness *h, struct init_mark before,
	struct trial *t, struct err *err)
{
	trial_release(t);
	init_write_undo(g->w, before);
	project_targets_close(g->p);
	if (init_write_harness(g->w, h, err) < 0)
		return -1;
	try_one(g->p, h, t);
	return 0;
}

/*
 * Written, built and tried; with a failure once more without what it frees, which may be the library's own, and where nothing
 * is reached with a file that is called as the library's are.
 */
static int write_and_try(struct trying *g, struct init_harness *h, struct init_mark before,
	struct trial *t, struct err *err)
{
	const char *skips = NULL;

	if (init_write_harness(g->w, h, err) < 0)
		return -1;
	try_one(g->p, h, t);
	if (t->skips && !proc_interrupted() && init_write_sized(h)) {
		skips = t->skips;
		if (try_again(g, h, before, t, err) < 0)
			return -1;
	}
	if (has_other(h, t) && !proc_interrupted() && init_write_plainly(h) &&
		try_again(g, h, before, t, err) < 0)
		return -1;
	/* all of them: it may want texts to end that it is told the length of */
	if (t->failed && (t->verdict == SICK || t->verdict == FAILS) && !proc_interrupted() &&
		init_write_ended(h) && try_again(g, h, before, t, err) < 0)
		return -1;
	t->skips = skips;
	return 0;
}

/* Kept where it is of use, else taken away again. */
static int try_next(struct trying *g, struct init_harness *h, struct err *err)
{
	struct init_mark before = init_write_mark(g->w);
	struct trial t = { 0 };

	if (write_and_try(g, h, before, &t, err) < 0)
		return -1;
	/* what it saw is what the interrupt did */
	if (proc_interrupted()) {
		trial_release(&t);
		init_write_undo(g->w, before);
		g->cut = h;
		return 0;
	}
	g->unbuilt = t.verdict == NOT_BUILT ? g->unbuilt + 1 : 0;
	h->kept = is_kept(h, &t);
	if (t.verdict == FAILS && t.is_null && h->zeroed)
		strlist_add(&g->zeroed, h->zeroed);
	if (h->kept) {
		leave_best(g);
		print_trial(g, h, &t, "");
		g->targets += !h->text.len;
		g->functions += h->text.len > 0;
	} else {
		init_write_undo(g->w, before);
		leave(g, h, &t);
	}
	trial_release(&t);
	return 0;
}

/* Where it is cut short, those that were of use stay; where none was yet, the first that nothing is known against. */
static int keep_untried(struct trying *g, struct err *err)
{
	leave_best(g);
	if (g->targets || g->functions)
		return 0;
	g->cut->kept = true;
	printf("%s: not tried to the end; kept\n", g->cut->name);
	return init_write_harness(g->w, g->cut, err);
}

/* Did others fail with the same object? */
static bool is_like_failed(const struct trying *g, const struct init_harness *h)
{
	size_t n = 0;

	for (size_t i = 0; h->zeroed && i < g->zeroed.n; i++)
		n += strcmp(g->zeroed.v[i], h->zeroed) == 0;
	return n >= SAME_OBJECT;
}

/* Is one more to be tried? */
static bool goes_on(const struct trying *g, const struct init_harness *h)
{
	size_t want = g->plan->want ? g->plan->want : !g->targets;
	bool late = (g->until_ms && clock_mono_ms() >= g->until_ms) || g->unbuilt >= SAME_REASON;

	if (h->spare && (g->functions || g->targets))
		return false;
	return !h->text.len || (g->functions < want && !(late && (g->best || g->functions)));
}

/* Those whose turn it is, in their order. */
static int try_all(struct trying *g, const struct init_args *args, bool later, struct err *err)
{
	struct init_plan *plan = g->plan;
	int rc = 0;

	for (size_t i = 0; i < plan->n && rc == 0 && !g->cut; i++) {
		if (g->later[i] != later || !goes_on(g, &plan->v[i]))
			continue;
		if (!later && is_like_failed(g, &plan->v[i])) {
			g->later[i] = true;
			continue;
		}
		g->later[i] = false;
		if (proc_interrupted())
			g->cut = &plan->v[i];
		else
			rc = try_next(g, &plan->v[i], err);
		/* the first builds the library, too, which may take minutes and is no reason to try no other */
		if (!g->until_ms)
			g->until_ms = clock_mono_ms() + (args->all ? TRIALS_ALL_MS : TRIALS_MS);
	}
	return rc;
}

static void say_untried(const struct trying *g)
{
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < g->plan->n; i++)
		if (g->later[i])
			buf_addf(&b,
				"%s: not tried; others failed with zeroed memory for a %s, as it "
				"passes, too\n",
				g->plan->v[i].name, g->plan->v[i].zeroed);
	term_print(g->w->term, &b);
	buf_release(&b);
}

/* Harnesses that aren't on disk yet are none that could be built, but in no other's way. */
static struct project *open_pool(
	const struct init_args *args, const struct init_plan *plan, struct err *err)
{
	char *path = fs_join(args->dir, "thresh.yaml"), *abs = fs_abspath(path);
	char *dir = fs_dirname(abs);
	struct buf yaml = BUF_INIT;
	struct config *c = NULL;

	if (init_plan_yaml(plan, args, true, &yaml, err) == 0)
		c = config_parse(strv_n(yaml.s, yaml.len), abs, dir, err);
	buf_release(&yaml);
	free(dir);
	free(abs);
	free(path);
	return c ? project_open_take(c, err) : NULL;
}

int init_trial(const struct init_args *args, struct init_plan *plan, struct init_writing *w,
	struct err *err)
{
	struct trying g = { .plan = plan, .w = w };
	int rc = 0;

	g.p = open_pool(args, plan, err);
	if (!g.p)
		return -1;
	g.later = xcalloc(plan->n + 1, sizeof(*g.later));
	rc = try_all(&g, args, false, err);
	if (rc == 0 && !g.cut)
		rc = try_all(&g, args, true, err);
	if (rc == 0 && g.cut) {
		rc = keep_untried(&g, err);
	} else if (rc == 0 && g.best && !g.targets && !g.functions) {
		g.best->kept = true;
		rc = init_write_harness(w, g.best, err);
		buf_adds(&g.best_trial.is, g.best_trial.verdict == NOT_BUILT
						   ? "; kept, to be mended"
						   : ", but it is of no use yet");
		print_trial(&g, g.best, &g.best_trial, "");
		trial_release(&g.best_trial);
	} else {
		leave_best(&g);
	}
	if (rc == 0)
		say_untried(&g);
	project_close(g.p);
	free(g.later);
	strlist_release(&g.zeroed);
	free(g.told);
	return rc;
}
