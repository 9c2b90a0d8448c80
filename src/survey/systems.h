/*
 * The build systems that are known, in a table, and a library built once by its own: in a copy of the tree, with compilers
 * that write down what they are asked to do. What runs there is the project's, so it may write to the copy alone where the
 * machine can confine it.
 */
#ifndef SURVEY_SYSTEMS_H
#define SURVEY_SYSTEMS_H

#include "base/buf.h"
#include "base/err.h"
#include "base/strlist.h"
#include "survey/files.h"
#include "survey/needs.h"

struct system;

struct systems {
	/* the copy, and where out-of-tree builds go; absolute, without links */
	const char *src, *build;
	/* the one folder that is written to, which holds both */
	const char *tmp;
	/* of the compilers, for every step */
	const struct strlist *env;
	unsigned jobs;
	/* of what tells beforehand all that it would compile, so that the rest isn't lost; of other steps some times that */
	uint64_t build_ms;
};

/* In the order in which they are tried; NULL behind the last. */
const struct system *systems_at(size_t i);
const char *systems_name(const struct system *s);
/* "CMakeLists.txt" */
const char *systems_file(const struct system *s);
/* The folder below the project's that has its file: "", "src/"; NULL: it is none of that system's. */
const char *systems_find(const struct system *s, const char *dir);

/* The same of the whole tree, where no folder of the usual ones has it: the topmost; the caller frees. */
char *systems_find_below(const struct system *s, const struct files *t);

/* What came of a build. */
struct systems_result {
	/* what was run, for people */
	struct buf ran;
	/* what failed, in one line; empty: nothing did */
	struct buf why;
	/* the time was up before all was compiled */
	bool late;
};

/*
 * Builds; of what tells its targets the libraries alone. Steps that fail behind the configuration are no failure, as what was
 * compiled was recorded. -1: it couldn't be configured, or a tool is missing. needs: what steps that fail say that they lack
 * is added.
 */
int systems_build(const struct systems *w, const struct system *s, const char *sub,
	struct systems_result *out, struct needs *needs);
void systems_result_release(struct systems_result *r);

/* The line of a build's words that says what is wrong; "" where there is none. */
struct strv systems_blame(struct strv said);

#endif
