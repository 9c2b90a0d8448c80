/*
 * What was covered of which sources: lines, functions, regions and branches by place, so that the same code compiled
 * into several programs, or several times into one, is one.
 */
#ifndef COVERAGE_MODEL_H
#define COVERAGE_MODEL_H

#include "base/prelude.h"

/* From (line, column) up to, not including, (line, column), as clang counts: from 1. */
struct coverage_span {
	unsigned line, column, end_line, end_column;
};

struct coverage_region {
	struct coverage_span at;
	uint64_t count;
};

/* A condition, or a label of a switch. */
struct coverage_branch {
	struct coverage_span at;
	uint64_t taken, not_taken;
};

struct coverage_function {
	/* as the linker has it, for static ones without the file in front; owned */
	char *name;
	struct coverage_span at;
	uint64_t count;
};

/* A line without code. */
#define COVERAGE_NO_CODE UINT64_MAX

struct coverage_file {
	/* owned */
	char *path;
	/* [0] is of no line */
	uint64_t *lines;
	size_t n_lines;
	struct coverage_region *regions;
	size_t n_regions, cap_regions;
	struct coverage_branch *branches;
	size_t n_branches, cap_branches;
	struct coverage_function *functions;
	size_t n_functions, cap_functions;
};

struct coverage_model {
	/* by path */
	struct coverage_file *files;
	size_t n, cap;
};

#define COVERAGE_MODEL_INIT \
	{                   \
		NULL, 0, 0  \
	}

void coverage_model_release(struct coverage_model *m);
/* The file of that path, made where it isn't there; valid until the next one is made. */
struct coverage_file *coverage_model_file(struct coverage_model *m, const char *path);
/* NULL: it has none of that path. */
const struct coverage_file *coverage_model_find(const struct coverage_model *m, const char *path);
/* Appended; coverage_model_settle() comes after the last one. */
void coverage_add_region(struct coverage_file *f, const struct coverage_region *r);
void coverage_add_branch(struct coverage_file *f, const struct coverage_branch *b);
void coverage_add_function(
	struct coverage_file *f, const char *name, const struct coverage_span *at, uint64_t count);
/* The line's code ran so often, beside what is known of it. Lines above COVERAGE_LINES_MAX are dropped. */
#define COVERAGE_LINES_MAX (4u << 20)
void coverage_add_line(struct coverage_file *f, unsigned line, uint64_t count);
/* All that another model has, in addition. */
void coverage_model_add(struct coverage_model *m, const struct coverage_model *other);
/* Sorted by place, and what is of one place one. */
void coverage_model_settle(struct coverage_model *m);

/* So many of these, and so many of them covered. A branch has two sides, each counts. */
struct coverage_ratio {
	size_t n, covered;
};
struct coverage_counts {
	struct coverage_ratio lines, functions, branches, regions;
};
/* Added to *out. */
void coverage_count(const struct coverage_file *f, struct coverage_counts *out);

#endif
