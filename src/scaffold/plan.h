/* What thresh init is about to write, decided before anything is. */
#ifndef SCAFFOLD_PLAN_H
#define SCAFFOLD_PLAN_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/strlist.h"
#include "scaffold/propose.h"
#include "scaffold/yaml_text.h"
#include "survey/survey.h"

struct init_args {
	const char *function, *header, *name, *format, *dir;
	struct strlist sources;
	bool force, all, no_build;
	/* a folder of OSS-Fuzz's projects; NULL: none */
	const char *oss_fuzz;
	/* a type of objects; NULL: none */
	const char *handle;
	/* how long the project's own build may take */
	uint64_t look_ms;
};

struct init_harness {
	const char *name, *format;
	/* what it calls, as candidates have it; NULL: the user's own, a skeleton */
	const char *function;
	/* relative to the project's directory; a file that is there has no text */
	const char *source;
	struct buf text;
	struct harness_plain plain;
	/* its own lines in thresh.yaml */
	struct buf block;
	/* files of the project that become its first inputs, below it */
	struct strlist seeds;
	unsigned todos;
	/* a library that is linked and reads a format of its own ("hdf5_serial"); NULL: none */
	const char *reader;
	/* its name says that it parses */
	bool promises;
	/* it ends all that it makes, or isn't ours: what leaks is the library's */
	bool ends_all;
	/* it is ours, and leaves something that nobody ends: leaks say nothing of the library */
	bool leaves;
	/* it passes a text whose length isn't told */
	bool text_alone;
	/* it takes what is asked of its text from behind the input's last NUL */
	bool asks;
	/* the type of an object that it passes though nobody made it; NULL: none */
	const char *unmade;
	/* the same, though it may well be what its users do; NULL: it passes none */
	const char *zeroed;
	/* tried only where nothing else is of use */
	bool spare;
	/* it goes into thresh.yaml */
	bool kept;
};

/* A row of the table of functions that could be fuzzed. */
struct init_candidate {
	const char *function, *takes, *header;
};

struct init_plan {
	/* holds the strings */
	struct arena arena;
	/*
	 * Fuzz targets that are there, which have no text; then functions, the best first, and more of them than are wanted,
	 * since not each is of use. Without a trial the first ones are kept.
	 */
	struct init_harness *v;
	size_t n, cap;
	/* of the functions so many */
	size_t want;
	struct yaml_build build;
	/* the best first */
	struct init_candidate *candidates;
	size_t n_candidates;
	/* there is a thresh.yaml, to which a harness is added */
	bool adds;
	/* of the project's tree; empty where nothing was to be found out */
	struct survey survey;
	/* what the user should know, a sentence each */
	struct strlist notes;
};

/* Reads the project's directory, writes nothing there. */
int init_plan_make(struct init_plan *p, const struct init_args *args, struct err *err);
/* thresh.yaml with those that are kept, or with all; it has passed the configuration's own reader. */
int init_plan_yaml(const struct init_plan *p, const struct init_args *args, bool all,
	struct buf *out, struct err *err);
void init_plan_release(struct init_plan *p);

#endif
