/* Ties it together: what the original shows, the reduction, the proof, and words for people. */
#include "base/prelude.h"
#include "minimize/minimize.h"
#include "base/clock.h"
#include "base/mem.h"
#include "minimize/essential.h"
#include "minimize/oracle.h"
#include "minimize/rounds.h"

#define DEFAULT_MS 600000
#define PROOF_RUNS 5
#define PROOF_HANG 2 /* each costs the whole time limit */
#define PROOF_FLAKY 20

struct session {
	const struct minimize_spec *spec;
	struct bug_oracle oracle;
	struct reducer r;
};

static void on_best(void *arg, const unsigned char *data, size_t len, uint64_t execs)
{
	struct session *s = arg;

	if (s->spec->best)
		s->spec->best(s->spec->arg, data, len, execs);
}

static void add_words(struct session *s, struct minimize_result *out, bool unstable)
{
	const struct bug_oracle *o = &s->oracle;

	if (o->tries > 1)
		buf_addf(&out->words,
			"flaky: the original failed this way in %u of %u runs, so each candidate "
			"was "
			"given up to %u\n",
			o->k, o->n, o->tries);
	/* luck and slowness take a best back, too */
	if (unstable && o->alone)
		buf_adds(&out->words,
			o->outcome == TARGET_TIMEOUT
				? "slow: some candidates were over the limit only beside others; "
				  "they were taken back\n"
				: "stateful: some candidates failed only after others in the same "
				  "process; they were taken back\n");
	if (s->r.exhausted)
		buf_adds(&out->words, "the budget ended before nothing more could be deleted; run "
				      "it again on the "
				      "result to go on\n");
	if (out->interrupted)
		buf_adds(&out->words,
			"interrupted: this is the best so far; run it again on the result "
			"to go on\n");
	if (o->others.n)
		buf_addf(&out->words, "%zu other failure%s met on the way\n", o->others.n,
			o->others.n == 1 ? " was" : "s were");
	if (out->k < out->n && o->tries == 1)
		buf_addf(&out->words, "the result failed in only %u of %u runs alone\n", out->k,
			out->n);
}

/* The final input alone, in fresh processes, under the full limits. */
static int prove(struct session *s, struct minimize_result *out, const void *data, size_t len,
	struct err *err)
{
	struct bug_oracle *o = &s->oracle;
	unsigned n = o->tries > 1                   ? PROOF_FLAKY
		     : o->outcome == TARGET_TIMEOUT ? PROOF_HANG
						    : PROOF_RUNS;
	int k = oracle_count(o, data, len, n, err);

	if (k < 0)
		return -1;
	out->k = (unsigned)k;
	out->n = n;
	return 0;
}

/* What was never seen to fail again is no reproducer, however small: the original is. */
static int keep_original(struct session *s, struct minimize_result *out, struct err *err)
{
	const struct candidate *c = &s->oracle.original;

	buf_addf(&out->words,
		"the smaller input, of %zu bytes, didn't fail in %u runs alone: the original is "
		"kept\n",
		s->r.len, out->n);
	buf_reset(&out->input);
	buf_add(&out->input, c->data, c->len);
	out->essential = xrealloc(out->essential, c->len ? c->len : 1);
	memset(out->essential, 2, c->len);
	out->one_minimal = out->one_normal = false;
	return prove(s, out, c->data, c->len, err);
}

static void set_up(struct session *s, const void *input, size_t len, struct err *err)
{
	const struct minimize_spec *spec = s->spec;
	struct oracle oracle = oracle_of(&s->oracle);

	reduce_init(&s->r, &oracle, input, len);
	s->r.format = spec->format ? spec->format : "raw";
	s->r.tokens = spec->tokens;
	s->r.n_tokens = spec->n_tokens;
	s->r.max_execs = spec->max_execs;
	s->r.deadline = clock_mono_ms() + (spec->max_ms ? spec->max_ms : DEFAULT_MS);
	rng_seed(&s->r.rng, spec->seed);
	s->r.err = err;
	s->r.best = on_best;
	s->r.arg = s;
}

int minimize_run(const struct minimize_spec *spec, const void *input, size_t len,
	struct minimize_result *out, struct err *err)
{
	struct session s = { .spec = spec };
	struct reduce_outcome oc = { .one_minimal = false };
	struct err why = ERR_INIT;
	uint64_t start = clock_mono_ms();
	int rc;

	memset(out, 0, sizeof(*out));
	rc = oracle_open(&s.oracle, spec, input, len, err);
	if (rc < 0)
		goto out;
	set_up(&s, input, len, &why);
	reduce_run(&s.r, &oc);
	out->one_minimal = oc.one_minimal;
	out->one_normal = oc.one_normal;
	out->essential = xmalloc(s.r.len ? s.r.len : 1);
	reduce_essential(&s.r, out->essential);
	out->interrupted = s.r.stopped;
	/* a target that can't be run any more loses nothing that was found before */
	if (s.r.stopped && why.kind != ERR_NONE)
		buf_addf(&out->words, "ended early: %s\n", why.msg);
	else if (!s.r.stopped)
		rc = prove(&s, out, s.r.data, s.r.len, err);
	buf_add(&out->input, s.r.data, s.r.len);
	if (rc == 0 && out->n && !out->k && s.r.accepts)
		rc = keep_original(&s, out, err);
	out->signature = crash_signature_take(&s.oracle.signature);
	out->execs = s.oracle.runs;
	add_words(&s, out, oc.unstable);
	reduce_release(&s.r);
out:
	out->ms = clock_mono_ms() - start;
	oracle_close(&s.oracle);
	if (rc < 0)
		minimize_result_release(out);
	return rc;
}

void minimize_result_release(struct minimize_result *r)
{
	buf_release(&r->input);
	buf_release(&r->words);
	crash_signature_release(&r->signature);
	free(r->essential);
	memset(r, 0, sizeof(*r));
}
