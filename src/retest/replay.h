/*
 * Inputs and regression tests through a build, many at once, each judged on its own: batches in process, failing ones
 * alone. One that crashes hides no other.
 */
#ifndef RETEST_REPLAY_H
#define RETEST_REPLAY_H

#include "project/project.h"
#include "triage/triage.h"
#include "regress/tree.h"

enum replay_verdict {
	REPLAY_PASSES,
	REPLAY_FAILS,     /* a plain input that failed */
	REPLAY_OPEN,      /* a test of an open bug that failed with it, as expected */
	REPLAY_OTHER,     /* ... that failed in another way: the bug may be hidden behind it */
	REPLAY_REGRESSED, /* a test that has to pass failed */
	REPLAY_SKIPPED,   /* ignored */
	REPLAY_NOT_RUN,   /* the harness couldn't be built, or the input not read */
};

struct replay_item {
	char *harness;
	char *name; /* shown */
	char *path;
	const struct regress_entry *test; /* NULL: a plain input */
	enum bug_state state;             /* of a test, now */
	enum variant variant;             /* the build that it runs on */
	/* what came of it: */
	enum replay_verdict verdict;
	struct triage t;           /* of the first failing run */
	struct target_result last; /* text and features are NULL */
	unsigned failed, runs;
	uint64_t cpu_us, wall_us; /* of all runs */
	uint64_t memory;          /* bytes: the most of any run, as target_result has it */
	bool has_memory, memory_is_heap;
	char *why;     /* of one that wasn't run */
	unsigned left; /* runs still to come */
};

struct replay_set {
	struct replay_item *v;
	size_t n, cap;
	struct regress_tree tree;
	char *root;
};

struct replay_opts {
	enum variant variant;
	bool own_variant;   /* a test on the build that shows its bug, where that's another */
	const char *target; /* a name below `targets`, in place of the harness's own; NULL */
	const char *exe;    /* any executable in place of a build; NULL */
	const struct strlist *argv; /* a command with "@@"; n 0: none */
	unsigned jobs;
	uint64_t timeout_ms; /* 0: the harness's */
	bool shuffle;
	uint64_t seed;
	/* Each item when it and all before it are known. */
	void (*done)(void *arg, const struct replay_item *item);
	void *arg;
};

/* All tests below root, of those harnesses (none named: all). */
int replay_add_tests(
	struct replay_set *s, const char *root, const struct strlist *harnesses, struct err *err);
/* A file, or all regular files below a directory. */
int replay_add_path(struct replay_set *s, const char *harness, const char *path, struct err *err);
/* Items of one harness that follow each other share a target. */
int replay_run(
	struct project *p, struct replay_set *s, const struct replay_opts *opts, struct err *err);
void replay_release(struct replay_set *s);

/* The suite is red because of it. */
bool replay_is_failure(const struct replay_item *it);
/* "still open", "fixed", "passes", "other crash", ... */
const char *replay_word(const struct replay_item *it);

#endif
