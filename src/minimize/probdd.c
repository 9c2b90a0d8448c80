/*
 * Probabilistic delta debugging (Wang, Shen, Chen, Xiong, Zhang: "Probabilistic Delta Debugging", ESEC/FSE 2021).
 * Every unit has a probability of being needed, the same at first. The next set to delete is the one with the greatest
 * expected gain: units in order of probability, as many as maximise n * product of (1 - p). A refusal raises the
 * probabilities of its units by Bayes' rule, so that what was refused together is tried apart.
 *
 * The answers come in batches: a batch is made on the assumption that all are refused, the state before each candidate
 * kept for each candidate that is still unanswered.
 *
 * The paper starts from a constant probability; here it is 3/n, so that the first sets are a third of all: an acceptance
 * is a crash and dear, a refusal next to nothing.
 */
#include "base/prelude.h"
#include "base/mem.h"
#include "minimize/strategy.h"

#define P_SURE 0.999 /* needed, as far as deletion goes */
#define AHEAD 64     /* speculated sets kept */
#define MAX_SETS 20000

struct unit {
	size_t from, to;
	double p;
	bool gone;
};

struct pdd {
	struct unit *u;
	size_t n;
	size_t *order;        /* scratch: living units by p, then by place from the end */
	unsigned char **sets; /* bitmaps of the sets numbered made - AHEAD .. made - 1, ring */
	uint64_t made;        /* sets made so far; the state (p) supposes all of them refused */
	double **before;      /* p before each of those sets */
};

static struct unit *sort_units; /* qsort has no context; one thread */

static int by_p(const void *x, const void *y)
{
	const struct unit *a = &sort_units[*(const size_t *)x],
			  *b = &sort_units[*(const size_t *)y];

	if (a->p != b->p)
		return a->p < b->p ? -1 : 1;
	return a->from > b->from ? -1 : a->from < b->from;
}

/* The set with the greatest expected gain, into bitmap; its size, 0 when all that is left is needed. */
static size_t choose(struct pdd *s, unsigned char *set)
{
	size_t live = 0, best = 0;
	double none = 1, gain = 0;

	for (size_t i = 0; i < s->n; i++)
		if (!s->u[i].gone && s->u[i].p < P_SURE)
			s->order[live++] = i;
	sort_units = s->u;
	qsort(s->order, live, sizeof(*s->order), by_p);
	for (size_t k = 0; k < live; k++) {
		none *= 1 - s->u[s->order[k]].p;
		if ((double)(k + 1) * none <= gain)
			break;
		gain = (double)(k + 1) * none;
		best = k + 1;
	}
	memset(set, 0, s->n);
	for (size_t k = 0; k < best; k++)
		set[s->order[k]] = 1;
	return best;
}

/* Bayes: one of the set is needed. */
static void refuse(struct pdd *s, const unsigned char *set, size_t size)
{
	double none = 1;

	for (size_t i = 0; i < s->n; i++)
		if (set[i])
			none *= 1 - s->u[i].p;
	for (size_t i = 0; i < s->n; i++)
		if (set[i])
			s->u[i].p = size == 1 ? 1 : MIN(1.0, s->u[i].p / (1 - none));
}

static enum made make_set(void *arg, const struct reducer *r, uint64_t i, struct draft *d)
{
	struct pdd *s = arg;
	unsigned char *set = s->sets[i % AHEAD];
	double *before = s->before[i % AHEAD];
	size_t size;

	if (i >= MAX_SETS || i != s->made)
		return MADE_END;
	for (size_t k = 0; k < s->n; k++)
		before[k] = s->u[k].p;
	size = choose(s, set);
	if (!size)
		return MADE_END;
	for (size_t k = 0; k < s->n; k++)
		if (!s->u[k].gone && !set[k])
			draft_add(d, r->data + s->u[k].from, s->u[k].to - s->u[k].from);
	refuse(s, set, size);
	s->made++;
	return MADE;
}

static uint64_t set_accepted(void *arg, const struct reducer *r, uint64_t i)
{
	struct pdd *s = arg;
	const unsigned char *set = s->sets[i % AHEAD];
	size_t at = 0;

	if (s->made - i > AHEAD)
		return SWEEP_STOP;
	for (size_t k = 0; k < s->n; k++) {
		s->u[k].p = s->before[i % AHEAD][k];
		if (set[k])
			s->u[k].gone = true;
		if (s->u[k].gone)
			continue;
		s->u[k].to = at + (s->u[k].to - s->u[k].from);
		s->u[k].from = at;
		at = s->u[k].to;
	}
	if (at != r->len)
		BUG("probdd: %zu bytes left of %zu", at, r->len);
	s->made = i + 1;
	return i + 1;
}

int probdd(struct reducer *r, const size_t *ends, size_t n)
{
	struct pdd s = { .n = n };
	struct sweep sw = { make_set, set_accepted, &s };
	size_t batch = r->batch;
	int rc;

	if (n < 2)
		return 0;
	s.u = xcalloc(n, sizeof(*s.u));
	s.order = xcalloc(n, sizeof(*s.order));
	s.sets = xcalloc(AHEAD, sizeof(*s.sets));
	s.before = xcalloc(AHEAD, sizeof(*s.before));
	for (size_t i = 0; i < n; i++)
		s.u[i] = (struct unit){ i ? ends[i - 1] : 0, ends[i], MIN(0.1, 3.0 / (double)n),
			false };
	for (size_t i = 0; i < AHEAD; i++) {
		s.sets[i] = xcalloc(n, 1);
		s.before[i] = xcalloc(n, sizeof(**s.before));
	}
	r->batch_max = AHEAD;
	rc = reduce_sweep(r, &sw);
	r->batch_max = 0;
	r->batch = MAX(batch, r->batch);
	for (size_t i = 0; i < AHEAD; i++) {
		free(s.sets[i]);
		free(s.before[i]);
	}
	free(s.sets);
	free(s.before);
	free(s.order);
	free(s.u);
	return rc;
}
