/*
 * The oracle over a target. A passing candidate costs microseconds in a batch and is never looked at; a failing one is
 * compared by the key of its unsymbolised report first, and parsed, symbolised and signed only when that key is new.
 * Batches run without the confirmation alone that triage needs: the best is confirmed alone as the reducer settles.
 */
#include "base/prelude.h"
#include "base/fs.h"
#include "base/mem.h"
#include "minimize/custom_oracle.h"
#include "minimize/internal.h"
#include "proc/proc.h"

#define MAX_ERRORS 64
#define QUICK_SHARE 25 /* of the time limit, to tell a hang while shrinking it */
#define QUICK_MIN_MS 40
#define HURRY 2        /* workers: more only where there is a lot to do */
#define SHARED 256     /* candidates: of fewer, a second worker's part takes less than its fork */
#define QUICK_TIMES 20 /* as long as the original took, where that fails fast */
#define QUICK_STEP 4   /* times as long when it was too short */
#define HANG_MORE(ms) \
	((ms) / 4) /* a hang this much over the limit is one also where the machine is faster */
#define QUICK_FOREIGN_MS 300 /* of wall-clock time, which counts the program's start, too */

/* --- batches --- */

static bool next_input(void *arg, struct target_input *in)
{
	struct bug_oracle *o = arg;
	size_t i = o->from + o->given / o->tries;

	if (i >= o->n_cand)
		return false;
	o->given++;
	memset(in, 0, sizeof(*in));
	in->data = o->cand[i].data;
	in->len = o->cand[i].len;
	in->tag = i;
	in->alone = o->alone || o->tries > 1;
	return true;
}

static int take_result(void *arg, const struct target_input *in, const struct target_result *r)
{
	struct bug_oracle *o = arg;

	o->runs++;
	/* the reducer is about to ask whether to stop: what is left of the batch needn't run */
	if (proc_interrupted())
		return 1;
	if (r->outcome == TARGET_ERROR)
		return ++o->errors >= MAX_ERRORS;
	o->errors = 0;
	if (oracle_shows(o, in->data, in->len, r) != SHOWS_IT) {
		o->failed += oracle_failed(r->outcome);
		return 0;
	}
	o->hit = (size_t)in->tag;
	return 1;
}

/* The first of cand[from ..] that shows the bug, or n_cand. */
static int first_hit(struct bug_oracle *o, size_t from, struct err *err)
{
	size_t n = (o->n_cand - from) * o->tries;
	struct target_opts opts = {
		.in_order = true, .no_confirm = true, .early = true, .expect = n >= SHARED ? n : 0
	};

	o->from = from;
	o->given = 0;
	o->hit = o->n_cand;
	if (target_run(o->target, &opts, next_input, take_result, o, err) < 0)
		return -1;
	if (o->errors >= MAX_ERRORS)
		return err_set(err,
			"%u candidates in a row could not be run: is memory or disk full?",
			o->errors);
	return 0;
}

/* Runs of one candidate, each alone: over all workers, since they are the same whichever comes first. */
struct trial {
	struct bug_oracle *o;
	const struct candidate *c;
	unsigned n, enough;
	unsigned given, ended, k;
	unsigned again; /* runs that couldn't tell, and are made up for */
};

static bool next_trial(void *arg, struct target_input *in)
{
	struct trial *t = arg;

	if (t->given >= t->n)
		return false;
	t->given++;
	*in = (struct target_input){ .data = t->c->data, .len = t->c->len, .alone = true };
	return true;
}

static int end_trial(void *arg, const struct target_input *in, const struct target_result *r)
{
	struct trial *t = arg;
	enum shows shows = oracle_shows(t->o, in->data, in->len, r);

	t->o->runs++;
	if (shows == SHOWS_CANNOT_TELL && t->again++ < t->n) {
		t->given--;
		return 0;
	}
	t->ended++;
	t->k += shows == SHOWS_IT;
	return t->enough && (t->k >= t->enough || t->k + (t->n - t->ended) < t->enough);
}

/* n runs alone; with `enough`: until so many have shown it, or can't any more. How many did; -1. */
static int runs_alone(struct bug_oracle *o, const struct candidate *c, unsigned n, unsigned enough,
	struct err *err)
{
	struct trial t = { .o = o, .c = c, .n = n, .enough = enough };
	struct target_opts opts = { .no_confirm = true, .batch = 1 };

	target_set_timeout(o->target, o->alone_ms);
	target_set_stack_more(o->target, 0);
	if (target_run(o->target, &opts, next_trial, end_trial, &t, err) < 0)
		return -1;
	if (!t.ended)
		return err_set(err, "the target could not be run");
	return (int)t.k;
}

/* The first that seemed to hang, under the full limit: then it is handed on. */
static int look_at_hang(struct bug_oracle *o, struct err *err)
{
	struct candidate c = { (const unsigned char *)buf_str(&o->hang), o->hang.len };

	if (!o->has_hang)
		return 0;
	o->has_hang = false;
	o->hangs_seen++;
	return runs_alone(o, &c, 1, 0, err) < 0 ? -1 : 0;
}

static int first_quick_hit(struct bug_oracle *o, size_t from, struct err *err)
{
	int rc;

	target_set_timeout(o->target, o->quick_ms);
	target_set_stack_more(o->target, o->stack_more);
	o->quick = o->quick_ms < o->most_ms;
	rc = first_hit(o, from, err);
	o->quick = false;
	return rc < 0 ? -1 : look_at_hang(o, err);
}

static int batch(void *self, const struct candidate *c, size_t n, size_t *accepted, struct err *err)
{
	struct bug_oracle *o = self;

	o->cand = c;
	o->n_cand = n;
	for (size_t from = 0;; from = o->hit + 1) {
		int k;

		if (first_quick_hit(o, from, err) < 0)
			return -1;
		*accepted = o->hit;
		if (o->hit == n || o->tries == 1)
			return 0;
		/* flaky: once may be the last of its luck, and luck would dwindle from best to best */
		k = runs_alone(o, &c[o->hit], o->tries, o->confirm, err);
		if (k < 0)
			return -1;
		if ((unsigned)k >= o->confirm)
			return 0;
	}
}

static int alone(void *self, const struct candidate *c, struct err *err)
{
	struct bug_oracle *o = self;
	int k = runs_alone(o, c, o->tries, 1, err);

	return k < 0 ? -1 : k > 0;
}

/* --- hangs, told early --- */

/*
 * What takes only just as long as the limit hangs in one process and not in the next: the result is to be over it by
 * the margin, and the batches' bests by two. The original itself may be at the edge.
 */
static int hang_margin(struct bug_oracle *o, const struct candidate *c, struct err *err)
{
	uint64_t most = o->full_ms + 2 * HANG_MORE(o->full_ms);
	int rc;

	o->alone_ms = most;
	rc = runs_alone(o, c, 1, 0, err);
	o->alone_ms = o->full_ms;
	if (rc > 0) {
		o->quick_ms = o->most_ms = most;
		o->alone_ms = o->full_ms + HANG_MORE(o->full_ms);
	}
	return rc;
}

/* The lowest limit under which the hang looks the same; those that run alone have the full one. */
static int quick_find(struct bug_oracle *o, const struct candidate *c, struct err *err)
{
	uint64_t least = target_is_foreign(o->target) ? QUICK_FOREIGN_MS : QUICK_MIN_MS, ms;

	if (o->check)
		return 0;
	if (o->outcome != TARGET_TIMEOUT) {
		/* a candidate that hangs costs its limit; where any failure will do, it is the bug, too */
		ms = MAX(o->slowest_us / 1000 * QUICK_TIMES, 2 * least);
		if (o->spec->same != SAME_ANY)
			o->quick_ms = MIN(ms, o->full_ms);
		return 0;
	}
	if (hang_margin(o, c, err) < 0)
		return -1;
	o->cand = c;
	o->n_cand = 1;
	for (ms = MAX(o->full_ms / QUICK_SHARE, least); ms * 2 <= o->full_ms; ms *= 4) {
		target_set_timeout(o->target, ms);
		if (first_hit(o, 0, err) < 0)
			return -1;
		if (o->hit == 0) {
			o->quick_ms = ms;
			break;
		}
	}
	return 0;
}

/* A best that doesn't fail alone may be luck, not state, and the original had luck when it was looked at first. */
static bool is_flaky(struct bug_oracle *o)
{
	struct err err = ERR_INIT;
	int k;

	if (o->tries > 1 || o->check || o->outcome == TARGET_TIMEOUT)
		return false;
	k = runs_alone(o, &o->original, FLAKY_RUNS, 0, &err);
	if (k <= 0 || k == FLAKY_RUNS)
		return false;
	oracle_set_odds(o, (unsigned)k, FLAKY_RUNS);
	return true;
}

static bool stricter(void *self)
{
	struct bug_oracle *o = self;

	if (o->outcome == TARGET_TIMEOUT && o->quick_ms < o->most_ms) {
		o->quick_ms = MIN(o->quick_ms * QUICK_STEP, o->most_ms);
		return true;
	}
	if (o->alone)
		return false;
	if (is_flaky(o))
		return true;
	o->alone = true;
	return true;
}

/*
 * A stack that overflows still with clearly more of it does so in any process and any build; at the very limit the report
 * may have no stack at all. The least is more than a stack's start differs: it is put at random within two pages. The
 * original itself may be at the edge.
 */
static int stack_find(struct bug_oracle *o, const struct candidate *c, struct err *err)
{
	static const uint32_t margins[] = { 1u << 20, 256u << 10, 16u << 10 };

	if (!o->overflow)
		return 0;
	o->cand = c;
	o->n_cand = 1;
	for (size_t i = 0; i < ARRAY_LEN(margins); i++) {
		o->stack_more = margins[i];
		if (first_quick_hit(o, 0, err) < 0)
			return -1;
		if (o->hit == 0)
			return 0;
	}
	o->stack_more = 0;
	return 0;
}

static bool stop(void *self)
{
	(void)self;
	return proc_interrupted() != 0;
}

struct oracle oracle_of(struct bug_oracle *o)
{
	return (struct oracle){ .batch = batch,
		.alone = alone,
		.stricter = stricter,
		.stop = stop,
		.self = o,
		.failed = &o->failed,
		.costly = target_is_foreign(o->target) || o->tries > 1 || o->alone ||
			  o->outcome == TARGET_TIMEOUT };
}

/* --- opening --- */

/* Inputs without anything in common: a target that fails on all of them fails whatever the input. */
static int check_others(struct bug_oracle *o, struct err *err)
{
	static const char *const unlike[] = { "", "thresh: an input like any other\n",
		"{\"a\": [1, -2.5e3, \"b\"]}\n", "%PDF-\x01\xff\x7f", "---\n- a: &b c\n" };

	for (size_t i = 0; i < ARRAY_LEN(unlike); i++) {
		struct candidate c = { (const unsigned char *)unlike[i], strlen(unlike[i]) };
		int rc = alone(o, &c, err);

		if (rc <= 0)
			return rc;
	}
	return err_usage(err,
		"it fails whatever the input, the empty one included: the fault is in the "
		"target's own start or harness, and there is nothing to minimise");
}

/* env would say so too late, and in each run. */
static int check_exists(const char *program, struct err *err)
{
	char *found = strchr(program, '/') ? xstrdup(program) : fs_which(program);
	int rc = 0;

	if (!found || !fs_is_exe(found))
		rc = err_usage(err, "the check %s: no such program", program);
	free(found);
	return rc;
}

static int check_open(struct bug_oracle *o, struct err *err)
{
	struct strlist words = STRLIST_INIT;
	struct target_spec s = { .name = "check", .sandbox = SANDBOX_OFF, .workers = 2 };
	bool placed = false;
	char *here = fs_abspath(".");
	int rc;

	/* where the user is, so that paths in it hold: the target's own directories are elsewhere */
	strlist_add(&words, "env");
	strlist_addf(&words, "--chdir=%s", here);
	free(here);
	rc = custom_oracle_words(o->spec->check, &words, err);

	for (size_t i = 0; i < words.n; i++)
		placed |= strstr(words.v[i], "@@") != NULL;
	if (!placed)
		strlist_add(&words, "@@");
	s.argv = (const char *const *)words.v;
	if (rc == 0)
		rc = check_exists(words.v[2], err);
	if (rc == 0) {
		s.timeout_ms = 60000;
		o->check = o->target = target_open(&s, err);
		rc = o->check ? 0 : -1;
	}
	strlist_release(&words);
	return rc;
}

int oracle_open(struct bug_oracle *o, const struct minimize_spec *spec, const void *input,
	size_t len, struct err *err)
{
	struct candidate c = { input, len };
	int rc = 0;

	memset(o, 0, sizeof(*o));
	o->spec = spec;
	o->target = spec->target;
	o->original = c;
	o->tries = 1;
	if (spec->check)
		rc = check_open(o, err);
	if (rc == 0) {
		o->full_ms = target_timeout(o->target);
		o->quick_ms = o->most_ms = o->alone_ms = o->full_ms;
		rc = target_hurry(o->target, HURRY, err);
	}
	if (rc == 0)
		rc = original_look(o, err);
	if (rc == 0)
		rc = check_others(o, err);
	if (rc == 0)
		rc = stack_find(o, &c, err);
	if (rc == 0)
		rc = quick_find(o, &c, err);
	return rc;
}

int oracle_count(struct bug_oracle *o, const void *input, size_t len, unsigned n, struct err *err)
{
	struct candidate c = { input, len };

	target_set_leaks(o->target, true);
	o->alone_ms = o->full_ms;
	return runs_alone(o, &c, n, 0, err);
}

void oracle_close(struct bug_oracle *o)
{
	oracle_forget(o);
	if (o->full_ms && !o->check) {
		target_set_timeout(o->target, o->full_ms);
		target_set_stack_more(o->target, 0);
		target_set_leaks(o->target, true);
	}
	target_close(o->check);
	strlist_release(&o->others);
	buf_release(&o->hang);
	crash_signature_release(&o->signature);
	free(o->want);
	memset(o, 0, sizeof(*o));
}
