/*
 * How tests enter a project's own build, in a table: every style writes the same tests, the one replay.c that runs
 * them, and the glue of its build system. What is written needs nothing of thresh.
 */
#ifndef REGRESS_STYLE_H
#define REGRESS_STYLE_H

#include "regress/tree.h"

/*
 * What is written into people's projects is theirs, whatever thresh's own licence; each file says so in its first
 * lines.
 */
#define REGRESS_LICENSE "SPDX-License-Identifier: 0BSD"

/* A harness as the glue has to build it. Paths are relative to the project's directory; lists end in NULL. */
struct regress_harness {
	const char *name;
	/* NULL: the project's own script builds it */
	const char *source;
	/* of the library; empty with a script */
	const char *const *sources;
	const char *const *include;
	const char *const *cflags, *const *cxxflags, *const *ldflags;
	uint64_t timeout_ms;
};

struct regress_project {
	const char *name;
	/* from the tests' root to the project's directory: "../.." */
	const char *up;
	/* and back: "tests/regress" */
	const char *dir;
	/* those that have tests */
	const struct regress_harness *harnesses;
	size_t n_harnesses;
	const struct regress_tree *tree;
	/* the text of the runtime's replay.c */
	const char *replay_c;
	size_t replay_c_len;
	/* what makes allocations fail, which replay.c includes; NULL: no test needs it */
	const char *faults_c;
	size_t faults_c_len;
	/* of the style "c": "main", "tap", "cmocka", "check", "unity" */
	const char *framework;
};

struct regress_style {
	const char *name, *help;
	/* the build system's own command that runs the tests */
	const char *run;
	int (*emit)(struct regress_writer *w, const struct regress_project *p, struct err *err);
};

/* ends with a NULL name */
extern const struct regress_style regress_styles[];
#define REGRESS_STYLE_WORDS "files|c|cmake|meson|automake|make|bazel"
#define REGRESS_FRAMEWORK_WORDS "main|tap|cmocka|check|unity"
/* NULL: no such style. */
const struct regress_style *regress_style(const char *name);

#endif
