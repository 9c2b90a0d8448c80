/*
 * How many servers a run is worth. A server that is started anew costs the target's whole start, with a sanitizer a
 * fifth of a second; a twin forked from the first one, a few milliseconds. Either has to save more than it costs.
 */
#include "base/prelude.h"
#include "target/internal.h"
#include "base/clock.h"
#include "runtime/thresh_rt_protocol.h"

/* what a fork of the first server costs, about */
#define TWIN_MS 4
/* a batch of its that takes longer is stopped for that */
#define TWIN_STOP_MS 50
/* an input that takes longer isn't waited for */
#define TWIN_WAIT_MS 1000

/*
 * Does another server pay? It costs as much as many inputs. Where it's known how many are to come, the pace so far
 * tells how long they'd take; else it does once this run has taken as long as the servers that there are cost.
 */
static bool another_pays(const struct target *t, uint64_t cost, unsigned running)
{
	uint64_t took = clock_mono_ms() - t->run_ms, done = t->inputs - t->inputs_before, left;

	if (t->dry && t->n_retry == 0)
		return false;
	if (t->opts->expect <= t->next_seq || !done)
		return took >= cost * running;
	left = t->opts->expect - t->next_seq;
	return took * left / done >= 2 * cost * running;
}

static unsigned n_up(const struct target *t)
{
	unsigned n = 0;

	for (unsigned i = 0; i < t->n_servers; i++)
		n += server_up(&t->servers[i]);
	return n;
}

/* Before the first server gets its next batch is the time to fork it. */
static bool can_fork_first(const struct target *t)
{
	const struct server *first = &t->servers[0];

	return !t->no_twins && first->ready && !first->busy && (first->has & THRESH_RT_HAS_TWIN);
}

int workers_hurry(struct target *t, unsigned n, struct err *err)
{
	for (unsigned i = 0; i < MIN(n, t->n_servers); i++) {
		struct server *s = &t->servers[i];

		if (!server_up(s) && (can_fork_first(t) ? server_twin(t, s, i, err)
							: server_start(t, s, i, err)) < 0)
			return -1;
	}
	return 0;
}

int workers_fork(struct target *t, struct err *err)
{
	const struct server *first = &t->servers[0];

	if (!can_fork_first(t))
		return 0;
	for (unsigned i = 1; i < t->n_servers; i++) {
		if (server_up(&t->servers[i]) || !another_pays(t, TWIN_MS, n_up(t)))
			continue;
		if (server_twin(t, &t->servers[i], i, err) < 0)
			return -1;
		/* the pace is known: no need to begin with small batches */
		t->servers[i].limit = first->limit;
	}
	return 0;
}

/* Started anew, where the first one can't be forked, now or at all: one that is busy is asked to stop for it, first. */
int workers_add(struct target *t, struct err *err)
{
	struct server *first = &t->servers[0];
	bool twins = !t->no_twins && (first->has & THRESH_RT_HAS_TWIN);
	uint64_t age = clock_mono_ms() - first->started_ms;
	unsigned i = 1;

	while (i < t->n_servers && server_up(&t->servers[i]))
		i++;
	if (i >= t->n_servers || (twins && !first->busy))
		return 0;
	if (twins && age < TWIN_WAIT_MS) {
		if (age >= TWIN_STOP_MS && another_pays(t, TWIN_MS, i))
			__atomic_store_n(&first->task->stop, 1, __ATOMIC_RELEASE);
		return 0;
	}
	return another_pays(t, first->ready_after_ms, 1) ? server_start(t, &t->servers[i], i, err)
							 : 0;
}
