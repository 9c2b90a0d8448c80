/*
 * The rules are a table, in the order in which they are told. A rule that says "sick" has to be sure: a harness that is
 * left out by mistake finds nothing, and one that is left in by mistake only costs time.
 */
#include "base/prelude.h"
#include "health/health.h"
#include "base/buf.h"
#include "base/mem.h"

/* inputs that say something about all */
#define ENOUGH 4
/* of the seeds, in percent, before it is worth a word */
#define MANY_REJECTED 50
#define MANY_SHALLOW 50
/* of the inputs: what a clock, an address or a hash seed costs */
#define MANY_UNSTABLE 10
/* a hundred runs a second */
#define SLOW_US 10000

const char *health_severity_name(enum health_severity s)
{
	return s == HEALTH_SICK ? "sick" : "warning";
}

void health_count_add(struct health_count *c, const char *name)
{
	if (c->n++ == 0)
		c->first = xstrdup(name);
}

void health_facts_release(struct health_facts *f)
{
	free(f->seeds_rejected.first);
	free(f->seeds_failed.first);
	free(f->hang.first);
	free(f->seeds_shallow.first);
	free(f->unstable.first);
	free(f->stateful.first);
	free(f->fails_behind.first);
	free(f->files.first);
	free(f->processes.first);
	free(f->denied.first);
	free(f->leaks.first);
	*f = (struct health_facts){ 0 };
}

static bool is_most(size_t n, size_t of, size_t percent)
{
	return of >= ENOUGH && n * 100 > of * percent;
}

/* "3 of 20 seeds return -1 (the first: a.json)"; the empty input has no name. */
static void say_count(
	struct buf *b, const struct health_count *c, size_t of, const char *what, const char *does)
{
	buf_addf(b, "%zu of %zu %s %s", c->n, of, what, does);
	if (c->first && *c->first)
		buf_addf(b, " (the first: %s)", c->first);
}

/* Each rule: false where it doesn't apply, else the cause is appended. */

static bool no_counters(const struct health_facts *f, struct buf *b)
{
	if (f->counters || !f->passed)
		return false;
	buf_adds(b, "its cov build has no counters: no engine sees what an input reaches");
	return true;
}

static bool hangs(const struct health_facts *f, struct buf *b)
{
	if (f->empty_hangs)
		buf_adds(b, "hangs on the empty input, which every engine starts with");
	return f->empty_hangs;
}

/* A handle that is NULL gives a million runs of nothing, and no failure. */
static bool dead(const struct health_facts *f, struct buf *b)
{
	if (!f->counters || f->cut || f->beyond_empty || f->failed || f->inputs < ENOUGH ||
		f->passed <= f->inputs)
		return false;
	buf_addf(b, "none of %zu inputs reaches any code that the empty input doesn't", f->inputs);
	return true;
}

static bool rejects_all(const struct health_facts *f, struct buf *b)
{
	/* of those that had no time some may be accepted */
	if (f->cut || f->inputs < ENOUGH || f->rejected < f->inputs)
		return false;
	buf_addf(b, "returns -1 for all of %zu inputs%s: nothing enters a corpus", f->inputs,
		f->seeds ? ", its seeds among them" : "");
	return true;
}

static bool fails_sanitized(const struct health_facts *f)
{
	return f->leak_tried >= ENOUGH && f->sanitizer_failed == f->leak_tried;
}

static bool fails_always(const struct health_facts *f, struct buf *b)
{
	bool sanitized = fails_sanitized(f);

	if (f->inputs < ENOUGH || (f->passed && !sanitized))
		return false;
	buf_addf(b, "fails on each of %zu inputs%s", sanitized ? f->leak_tried : f->inputs + 1,
		sanitized ? " under the sanitizer" : "");
	return true;
}

static bool seeds_fail(const struct health_facts *f, struct buf *b)
{
	/* told as what always fails */
	if (!f->seeds_failed.n || !f->passed || fails_sanitized(f))
		return false;
	say_count(b, &f->seeds_failed, f->seeds, "seeds", "fail");
	return true;
}

static bool rejects(const struct health_facts *f, struct buf *b)
{
	if (f->rejected >= f->inputs || !is_most(f->seeds_rejected.n, f->seeds, MANY_REJECTED))
		return false;
	say_count(b, &f->seeds_rejected, f->seeds, "seeds", "are rejected with -1");
	return true;
}

static bool shallow(const struct health_facts *f, struct buf *b)
{
	if (!f->counters || !f->beyond_empty ||
		!is_most(f->seeds_shallow.n, f->seeds, MANY_SHALLOW))
		return false;
	say_count(b, &f->seeds_shallow, f->seeds, "seeds",
		"reach nothing that the empty input doesn't");
	return true;
}

static bool unstable(const struct health_facts *f, struct buf *b)
{
	if (!is_most(f->unstable.n, f->passed, MANY_UNSTABLE))
		return false;
	say_count(b, &f->unstable, f->passed, "inputs", "reach other code when they run again");
	return true;
}

static bool keeps_state(const struct health_facts *f, struct buf *b)
{
	if (f->fails_behind.n)
		say_count(b, &f->fails_behind, f->inputs, "inputs",
			"fail behind other inputs, and not alone");
	/* what varies by itself now and then looks the same both times alone */
	else if (f->stateful.n > 2 * f->unstable.n &&
		 !is_most(f->unstable.n, f->passed, MANY_UNSTABLE))
		say_count(b, &f->stateful, f->passed, "inputs",
			"reach code that depends on the inputs before them");
	return b->len > 0;
}

static bool leaks_always(const struct health_facts *f, struct buf *b)
{
	if (!f->leaks.n || !f->empty_leaks || f->leaks.n < f->leak_tried)
		return false;
	buf_addf(b, "leaks memory in each run (%zu of %zu)", f->leaks.n, f->leak_tried);
	return true;
}

static bool leaks(const struct health_facts *f, struct buf *b)
{
	if (!f->leaks.n || (f->empty_leaks && f->leaks.n == f->leak_tried))
		return false;
	say_count(b, &f->leaks, f->leak_tried, "inputs", "leak memory");
	return true;
}

static bool slow(const struct health_facts *f, struct buf *b)
{
	if (f->run_us < SLOW_US)
		return false;
	buf_addf(b, "a run takes %llu ms on average: %llu a second",
		(unsigned long long)(f->run_us / 1000), (unsigned long long)(1000000 / f->run_us));
	return true;
}

static bool leaves_files(const struct health_facts *f, struct buf *b)
{
	if (f->files.n)
		say_count(b, &f->files, f->passed, "inputs", "leave files behind");
	return f->files.n > 0;
}

static bool leaves_processes(const struct health_facts *f, struct buf *b)
{
	if (f->processes.n)
		say_count(b, &f->processes, f->passed, "inputs", "leave processes behind");
	return f->processes.n > 0;
}

/* A look that saw next to nothing must not pass for a good one. */
static bool not_measured(const struct health_facts *f, struct buf *b)
{
	if (!f->cut || f->inputs || !f->passed)
		return false;
	buf_adds(b, "the time was up before any input but the empty one was run");
	return true;
}

static bool denied(const struct health_facts *f, struct buf *b)
{
	if (f->denied.n)
		say_count(
			b, &f->denied, f->inputs + 1, "inputs", "ask for what the sandbox denies");
	return f->denied.n > 0;
}

static const struct rule {
	const char *name;
	enum health_severity severity;
	bool (*applies)(const struct health_facts *f, struct buf *cause);
	const char *mend;
} rules[] = {
	{ "no-counters", HEALTH_SICK, no_counters,
		"build the library's code with the CFLAGS that the build gets, not with its own "
		"alone" },
	{ "hang", HEALTH_SICK, hangs, HEALTH_HANG_MEND },
	{ "dead", HEALTH_SICK, dead,
		"see that it gets as far as the parser: does what it opens or creates succeed, and "
		"is that code built with it?" },
	{ "rejects-all", HEALTH_SICK, rejects_all,
		"return 0 for what is an input; -1 is only for what must not enter the corpus" },
	{ "fails-always", HEALTH_WARNING, fails_always,
		"nothing behind the failure is tested: look at it with `thresh replay`, and mend "
		"it first" },
	{ "seeds-fail", HEALTH_WARNING, seeds_fail,
		"look at them with `thresh replay`; mend the bug, or take out what is no seed" },
	{ "rejects", HEALTH_WARNING, rejects,
		"seeds are to be in the form that the harness reads; return -1 only for what must "
		"not enter the corpus" },
	{ "shallow", HEALTH_WARNING, shallow,
		"check the seeds' form and max_len: what precedes the data, lengths, checksums" },
	{ "unstable", HEALTH_WARNING, unstable,
		"fix what differs from run to run: clocks, random seeds, addresses, threads, "
		"uninitialised memory" },
	{ "state", HEALTH_WARNING, keeps_state,
		"reset what stays between inputs: globals, caches, handles that are kept" },
	{ "leaks-always", HEALTH_WARNING, leaks_always,
		"free what LLVMFuzzerTestOneInput allocates, on each way out of it" },
	{ "leaks", HEALTH_WARNING, leaks,
		"free on each way out of the harness; where the library leaks, that is a bug to be "
		"found" },
	{ "slow", HEALTH_WARNING, slow,
		"move set-up into LLVMFuzzerInitialize, lower max_len, leave out sleeps and "
		"files" },
	{ "files", HEALTH_WARNING, leaves_files,
		"remove what it writes, or use memory (fmemopen, memfd_create)" },
	{ "not-measured", HEALTH_WARNING, not_measured,
		"`thresh check` with more `--time`; does it take long to start?" },
	{ "denied", HEALTH_WARNING, denied,
		"give it what it reads by `files:`, let it write to its working folder or $TMPDIR, "
		"or set `sandbox: off`; a failed call may look like a rejected input" },
	{ "processes", HEALTH_WARNING, leaves_processes, "wait for the processes that it starts" },
};

void health_add(struct health *h, const char *rule, enum health_severity severity,
	const char *cause, const char *mend)
{
	GROW(h->v, h->n, h->cap);
	h->v[h->n++] = (struct health_finding){ rule, severity, strv_flat(strv_of(cause)), mend };
}

void health_judge(const struct health_facts *f, struct health *out)
{
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		buf_reset(&b);
		if (rules[i].applies(f, &b))
			health_add(
				out, rules[i].name, rules[i].severity, buf_str(&b), rules[i].mend);
	}
	buf_release(&b);
}

const struct health_finding *health_sick(const struct health *h)
{
	for (size_t i = 0; i < h->n; i++)
		if (h->v[i].severity == HEALTH_SICK)
			return &h->v[i];
	return NULL;
}

void health_release(struct health *h)
{
	for (size_t i = 0; i < h->n; i++)
		free(h->v[i].cause);
	free(h->v);
	*h = (struct health){ NULL };
}
