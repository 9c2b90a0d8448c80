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
	/* a plain input that failed */
	REPLAY_FAILS,
	/* a test of an open bug that failed with it, as expected */
	REPLAY_OPEN,
	/* ... that failed in another way: the bug may be hidden behind it */
	REPLAY_OTHER,
	/* a test that has to pass failed */
	REPLAY_REGRESSED,
	/* ignored */
	REPLAY_SKIPPED,
	/* the harness couldn't be built, or the input not read */
	REPLAY_NOT_RUN,
};

struct replay_item {
	char *harness;
	/* shown */
	char *name;
	char *path;
	/* of a pack at path: its bytes */
	struct buf packed;
	bool is_packed;
	/* NULL: a plain input */
	const struct regress_entry *test;
	/* of a test, now */
	enum bug_state state;
	/* the build that it runs on */
	enum variant variant;
	/* what came of it: */
	enum replay_verdict verdict;
	/* of the first failing run */
	struct triage t;
	/* text and features are NULL */
	struct target_result last;
	unsigned failed, runs;
	/* of all runs */
	uint64_t cpu_us, wall_us;
	/* bytes: the most of any run, as target_result has it */
	uint64_t memory;
	bool has_memory, memory_is_heap;
	/* of one that wasn't run */
	char *why;
	/* runs still to come */
	unsigned left;
};

struct replay_set {
	struct replay_item *v;
	size_t n, cap;
	struct regress_tree tree;
	char *root;
};

struct replay_opts {
	enum variant variant;
	/* a test on the build that shows its bug, where that's another */
	bool own_variant;
	/* a name below `targets`, in place of the harness's own; NULL */
	const char *target;
	/* any executable in place of a build; NULL */
	const char *exe;
	/* a command with "@@"; n 0: none */
	const struct strlist *argv;
	/* of that command */
	struct target_exits exits;
	unsigned jobs;
	/* 0: the harness's */
	uint64_t timeout_ms;
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
