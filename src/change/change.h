/*
 * What a change breaks: the checkout against a commit, both built, the same inputs on both. Deterministic first; with the
 * time that is left it looks for more. Only what the change brings counts: each failure is run on the base, too.
 */
#ifndef CHANGE_CHANGE_H
#define CHANGE_CHANGE_H

#include "project/project.h"
#include "triage/judge.h"

enum change_state {
	CHANGE_UNTOUCHED, /* nothing that it's built from changed */
	CHANGE_SAME_CODE, /* it was built anew, and is the same apart from debug data */
	CHANGE_COMPARED,
	CHANGE_ADDED,   /* the commit hasn't got it: there is nothing to compare with */
	CHANGE_BROKEN,  /* it doesn't build any more */
	CHANGE_NO_BASE, /* the commit's doesn't build, or can't be run */
	CHANGE_NOT_DONE /* something else was in the way */
};
const char *change_state_name(enum change_state s);

/* One harness's. */
struct change_one {
	const struct config_harness *h;
	enum change_state state;
	/* of a state that isn't what one hopes for; NULL */
	char *why;
	uint64_t inputs, tests;
	/* fail on both; failed on the base and pass now; failed once and never again */
	uint64_t old, gone, unsteady;
	/* accepted by one and rejected by the other: how many, and the first few, with what became of them */
	uint64_t n_verdicts;
	struct strlist verdicts;
	/* "lib.c:12 parse" */
	struct strlist lost;
	/* that changed, and that some input reaches: their names */
	struct strlist functions;
	/* by the inputs that pass on both */
	uint64_t base_us, now_us;
	bool slower;
	/* of the edge cases and faults; of the fuzzing */
	uint64_t edge_runs, execs;
	/* there was no time for all of the edge cases and faults; none for the fuzzing */
	bool edge_cut, fuzz_cut;
	/* a part of it couldn't be done: why, one each */
	struct strlist lacks;
	/* for the fuzzing, in the temporary folder: what reaches changed functions, or all */
	char *inputs_dir;
	struct strlist starts;
};

/* A failure that the change brings. */
struct change_failure {
	const char *harness;
	/* "input", "test", "edge", "fuzz" */
	const char *by;
	/* its path */
	char *input;
	char *title, *kind, *signature;
	/* its report is NULL where only the title is known */
	struct triage t;
};

struct change_result {
	char *commit;
	struct change_one *v;
	size_t n;
	struct change_failure *failures;
	size_t n_failures, cap_failures;
	/* changed lines that have code, and those of them that nothing reaches, as "lib.c:12-15" */
	uint64_t code_lines, uncovered_lines;
	struct strlist uncovered;
	uint64_t ms;
};

struct change_opts {
	const char *rev;
	/* of all; what is left of it after the comparison is fuzzed in. 0: only that */
	uint64_t time_ms;
	const struct config_harness *const *harnesses;
	size_t n_harnesses;
	/* failing inputs are copied there, in a folder a harness; NULL: <state>/change */
	const char *keep;
	/* may be NULL */
	void (*progress)(void *arg, const char *what, const char *harness);
	void *arg;
};

/* 0 also when it breaks something: *out says what. *out is released by the caller, whatever comes of it. */
int change_run(struct project *p, const struct change_opts *opts, struct change_result *out,
	struct err *err);
void change_result_release(struct change_result *r);

#endif
