/* What the original shows, and how often: what the reducer then goes by. */
#include "base/prelude.h"
#include "minimize/internal.h"
#include "base/mem.h"
#include "proc/proc.h"

#define FIRST_RUNS 5
#define SLOW_RUNS \
	3 /* of one that takes so long: should it be flaky, a best that fails no more shows it */
#define SLOW_US 50000
#define FLAKY_TRIES 20 /* at most so many runs of a candidate */
#define MISS 0.005     /* chance that a good candidate is refused all the same */

struct sighting {
	char *identity;
	struct crash_signature signature;
	enum target_outcome outcome;
	const char *family;
	int severity; /* the least of those seen */
	bool told, overflow;
	unsigned k;
};

struct looks {
	struct sighting v[FLAKY_RUNS];
	size_t n;
	unsigned runs, passed;
	int status; /* of the last that passed */
};

/* v: NULL for a check's. */
static void sight(struct looks *l, const struct verdict *v, struct crash_signature sig,
	enum target_outcome outcome)
{
	const char *identity = v ? v->identity : "check";

	for (size_t i = 0; i < l->n; i++)
		if (!strcmp(l->v[i].identity, identity)) {
			l->v[i].k++;
			if (v)
				l->v[i].severity = MIN(l->v[i].severity, v->severity);
			crash_signature_release(&sig);
			return;
		}
	l->v[l->n++] = (struct sighting){ .identity = xstrdup(identity),
		.signature = sig,
		.outcome = outcome,
		.family = v ? v->family : "",
		.severity = v ? v->severity : 0,
		.told = !v || v->told,
		.overflow = v && v->overflow,
		.k = 1 };
}

static int look_once(struct bug_oracle *o, struct looks *l, struct err *err)
{
	struct target_input in = {
		.data = o->original.data, .len = o->original.len, .alone = true
	};
	struct crash_signature sig = { .text = NULL };
	struct buf text = BUF_INIT;
	struct target_result r;
	int rc = target_run_one(o->target, &in, &r, &text, err);

	o->runs++;
	if (rc < 0)
		goto out;
	l->runs++;
	o->slowest_us = MAX(o->slowest_us, MAX(r.cpu_us, r.wall_us));
	if (o->check ? oracle_shows(o, o->original.data, o->original.len, &r) != SHOWS_IT
		     : !oracle_failed(r.outcome)) {
		l->passed++;
		l->status = r.exit_code;
	} else if (o->check) {
		sight(l, NULL, sig, r.outcome);
	} else {
		const struct verdict *v = oracle_verdict(o, &r, &sig);

		/* one of them will be the bug; to hand it on, too, loses nothing */
		if (l->n > 0 && v->told && strcmp(l->v[0].identity, v->identity))
			oracle_hand_on(o, v, o->original.data, o->original.len, &r);
		sight(l, v, sig, r.outcome);
	}
out:
	buf_release(&text);
	return rc;
}

/* More runs as long as they disagree. */
static int look_first(struct bug_oracle *o, struct looks *l, struct err *err)
{
	unsigned n = FIRST_RUNS;

	while (l->runs < n) {
		if (look_once(o, l, err) < 0)
			return -1;
		if (l->n > 1 || (l->n && l->passed) || (l->passed && !o->check))
			n = FLAKY_RUNS;
		if (n == FIRST_RUNS && o->slowest_us >= SLOW_US)
			n = SLOW_RUNS;
		/* each of these costs the whole time limit */
		if (l->runs == 2 && l->n == 1 && !l->passed && l->v[0].outcome == TARGET_TIMEOUT)
			break;
		if (proc_interrupted() == 2)
			return err_set(err, "interrupted");
	}
	return 0;
}

void oracle_set_odds(struct bug_oracle *o, unsigned k, unsigned n)
{
	double p = (double)k / n, q = 1;

	o->k = k;
	o->n = n;
	for (o->tries = 0; q > MISS && o->tries < FLAKY_TRIES; o->tries++)
		q *= 1 - p;
	o->tries = p >= 1 ? 1 : MAX(o->tries, 2u);
	o->confirm = (unsigned)((double)o->tries * p / 2);
	o->confirm = MAX(o->confirm, 1u);
}

/* The one seen most often; of a family that some runs can't tell the place of, the one that others told. */
static struct sighting *most_seen(struct looks *l)
{
	struct sighting *best = NULL, *told = NULL;

	for (size_t i = 0; i < l->n; i++)
		if (!best || l->v[i].k > best->k)
			best = &l->v[i];
	for (size_t i = 0; i < l->n && !best->told; i++)
		if (l->v[i].told && !strcmp(l->v[i].family, best->family) &&
			(!told || l->v[i].k > told->k))
			told = &l->v[i];
	return told ? told : best;
}

/* Runs that say nothing of how often it fails so, as they couldn't tell. */
static unsigned untold_of(const struct looks *l, const struct sighting *of)
{
	unsigned k = 0;

	for (size_t i = 0; i < l->n && of->told; i++)
		if (!l->v[i].told && !strcmp(l->v[i].family, of->family))
			k += l->v[i].k;
	return k;
}

static int choose(struct bug_oracle *o, struct looks *l, struct err *err)
{
	struct sighting *best = most_seen(l);

	if (!best && o->spec->stateful)
		return err_usage(err,
			"the input doesn't crash in %u runs alone: it needs the inputs before it, "
			"as "
			"when it was found it failed only after others in the same process; "
			"nothing of "
			"it can be judged on its own",
			l->runs);
	if (!best && !o->check && l->status > 0)
		return err_usage(err,
			"the input is rejected, with exit status %d, in %u runs: no failure unless "
			"--fail-status has it",
			l->status, l->runs);
	if (!best)
		return o->check ? err_usage(err,
					  "the check doesn't hold for the input itself: its exit "
					  "status is not 0 in %u runs",
					  l->runs)
				: err_usage(err,
					  "the input doesn't crash in %u runs, there is nothing to "
					  "minimise; look at it with `thresh replay`",
					  l->runs);
	if (l->n > 2 && best->k == 1)
		return err_usage(err,
			"the input fails in another way each time: %zu signatures in %u runs; fix "
			"what "
			"makes it so, or try --same=kind+top-frame or --same=any",
			l->n, l->runs);
	o->want = xstrdup(best->identity);
	o->outcome = best->outcome;
	o->severity = o->spec->same == SAME_SIGNATURE ? best->severity : 0;
	o->family = best->family;
	o->told = best->told;
	o->overflow = best->overflow;
	o->signature = crash_signature_take(&best->signature);
	oracle_set_odds(o, best->k, l->runs - untold_of(l, best));
	return 0;
}

int original_look(struct bug_oracle *o, struct err *err)
{
	struct looks l = { .n = 0 };
	int rc = look_first(o, &l, err);

	if (rc == 0)
		rc = choose(o, &l, err);
	for (size_t i = 0; i < l.n; i++) {
		free(l.v[i].identity);
		crash_signature_release(&l.v[i].signature);
	}
	return rc;
}
