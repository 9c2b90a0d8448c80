/*
 * Which (harness, engine) pairs fuzz next, and for how long. Pure: (state, now) -> slices; no clock, no chance that
 * isn't in the state. The formula is at the head of sched.c.
 *
 * The caller keeps one sched_pair for each pair that can run here (an engine that is missing is left out), marks those
 * running, and after each slice calls sched_account. All times are milliseconds of the campaign: `now` is what it has
 * spent so far, restarts included.
 */
#ifndef SCHED_SCHED_H
#define SCHED_SCHED_H

#include "base/prelude.h"

struct sched_pair {
	/* the caller's numbers, from 0 */
	unsigned harness, engine;
	/* slices under way now: bit i stands for instance i */
	uint64_t running;
	/* when the last of them will end; 0 when none is */
	uint64_t running_until;
	/* From here on kept by sched_account. Slices that ran, whatever they found: */
	unsigned slices;
	/* in a row: the engine couldn't run, or executed nothing */
	unsigned failures;
	/* its slices are 2 to the power of that as long, as it needs time to load the corpus: see sched_stretch */
	unsigned stretch;
	/* of the last slice, failed or not */
	uint64_t last_end_ms;
	/* when it last found something new; for reports */
	uint64_t last_gain_ms;
	/* all in all */
	uint64_t spent_ms, execs, gained;
	/* the same, fading: see sched.c */
	double recent_gain, recent_worth, recent_ms, used_ms;
};

struct sched_state {
	/* those of one harness in the order engines are preferred */
	const struct sched_pair *pairs;
	size_t n;
	/* by harness: touched since the revision asked about; NULL: none */
	const bool *changed;
	/* harness numbers are below this */
	unsigned harnesses;
	/* that explore; at least 1 */
	unsigned workers;
	/* of one pair at once, 1 to 64; 0: 1. Each needs its own work folder */
	unsigned instances;
	uint64_t budget_ms, now_ms;
	/* 0: the defaults */
	uint64_t slice_min_ms, slice_max_ms;
	uint64_t seed;
};

#define SCHED_SLICE_MIN_MS 1000
#define SCHED_SLICE_MAX_MS 600000
/* in a row: the pair is given up */
#define SCHED_MAX_FAILURES 5

struct sched_slice {
	/* index into pairs */
	size_t pair;
	unsigned harness, engine;
	/* 0, or more when the pair runs already */
	unsigned instance;
	uint64_t duration_ms;
	/* 1 to 2^31 - 1: what every engine takes; the same for the same history */
	uint64_t seed;
};

enum sched_verdict {
	/* slices to start now are in out */
	SCHED_GO,
	/* nothing now: all workers or pairs are busy, or wait out a failure */
	SCHED_WAIT,
	/* the budget is used up, or every pair failed too often: nothing will come */
	SCHED_OVER,
};

/*
 * The slices to start now, at most `max` and as many as workers are free, engines of one harness next to each other.
 * wake_ms (may be NULL): after SCHED_WAIT, the time at which to ask again unless a slice ends before.
 */
enum sched_verdict sched_next(const struct sched_state *s, struct sched_slice *out, size_t max,
	size_t *n, uint64_t *wake_ms);

/* How long an ordinary slice of this campaign is once it isn't young; the last one may be longer by slice_min_ms. */
uint64_t sched_slice_ms(const struct sched_state *s);

/* What became of a slice. gained: features (or corpus entries) new to the harness. ok: the engine ran. */
void sched_account(struct sched_pair *p, const struct sched_state *s, uint64_t ended_ms,
	uint64_t spent_ms, uint64_t execs, uint64_t gained, bool ok);

/* Before its first slice: for a corpus of so many inputs. */
unsigned sched_stretch_of(uint64_t inputs);
/* After each: of its executions those at the start, one for each input of the corpus, taught it nothing. */
void sched_stretch(struct sched_pair *p, uint64_t execs, uint64_t inputs);

/* A harness's share of the time, 0 to 1; all shares add up to 1. For reports and tests. */
double sched_share(const struct sched_state *s, unsigned harness);

#endif
