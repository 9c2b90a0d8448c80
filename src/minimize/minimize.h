/*
 * The smallest input that shows the same bug. Strategies are a table (strategy.h), composed to a fixpoint; the oracle
 * compares signatures; candidates go to the server in batches.
 */
#ifndef MINIMIZE_MINIMIZE_H
#define MINIMIZE_MINIMIZE_H

#include "base/buf.h"
#include "base/err.h"
#include "crash/crash.h"
#include "target/target.h"

enum minimize_same { SAME_SIGNATURE, SAME_KIND_TOP_FRAME, SAME_ANY };

/* A candidate that failed in another way: never dropped. Called once per distinct (by signature) other failure. */
typedef void (*minimize_other_fn)(
	void *arg, const void *input, size_t len, const struct target_result *r);
/* The best so far, each time it gets smaller: to be stored, so that an interruption loses nothing. */
typedef void (*minimize_best_fn)(void *arg, const void *input, size_t len, uint64_t execs);

struct minimize_spec {
	struct target *
		target; /* open; workers as the caller chose; may be NULL with `check`; its time limit is another one meanwhile */
	const struct crash_rules *rules;
	crash_resolve_fn resolve; /* names for unsymbolised frames */
	void *resolve_arg;
	enum minimize_same same;
	const char *format; /* "raw", "text", "json", "yaml" ... */
	/* of the dictionary */
	const struct strv *tokens;
	size_t n_tokens;
	const char *
		check; /* custom oracle command, with @@ or the path appended; NULL: the signature */
	bool stateful; /* known to have failed only after other inputs: says so where it doesn't alone */
	uint64_t max_execs,
		max_ms; /* 0: the default budget, which reaches 1-minimality on what is sensible */
	uint64_t seed;
	minimize_other_fn other;
	minimize_best_fn best;
	void *arg;
};

struct minimize_result {
	struct buf input;
	uint64_t execs, ms;
	unsigned k, n; /* final verification, alone, in fresh processes */
	bool one_minimal, one_normal, interrupted;
	struct crash_signature signature;
	unsigned char *
		essential; /* per byte of input: 1 matters, 0 may be anything, 2 not known; owned */
	struct buf words;  /* what a person should know: flaky, budget ended, ... */
};

/*
 * ERR_USAGE when the input doesn't fail ("doesn't crash: look with thresh replay ..."), or fails whatever the input.
 */
int minimize_run(const struct minimize_spec *spec, const void *input, size_t len,
	struct minimize_result *out, struct err *err);
void minimize_result_release(struct minimize_result *r);

#endif
