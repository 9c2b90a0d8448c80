/*
 * What a source tree is: which of its files make up the library, how they are compiled, and what they need. Found out by
 * building it once as the project itself would, in a copy; where there is no build system, or it doesn't work here, by
 * compiling what sources there are.
 */
#ifndef SURVEY_SURVEY_H
#define SURVEY_SURVEY_H

#include "base/err.h"
#include "base/strlist.h"
#include "survey/leads.h"

/* Where files that a build made are kept, below the project: beside the harnesses, and theirs to go with. */
#define SURVEY_GENERATED "harnesses/generated"

struct survey_file {
	/* below the project; where it lies as long as the survey does */
	char *rel, *from;
};

struct survey {
	/* "CMake", "make"; NULL: no build system was of use */
	const char *system;
	/* what was run, as people type it */
	char *ran;
	/* As thresh.yaml has them: relative to the project, or absolute. */
	struct strlist sources, include, cflags, cxxflags, ldflags;
	struct survey_file *generated;
	size_t n_generated, cap_generated;
	/* files of the project that define LLVMFuzzerTestOneInput */
	struct strlist fuzz_targets;
	/* files of the project with a main() for AFL++'s persistent mode, with inputs in shared memory */
	struct strlist afl_programs;
	/* symbols of the library's functions, sorted */
	struct strlist functions;
	/* how much code each of them leads to */
	struct leads *leads;
	/* all files of the tree */
	struct strlist files;
	/* sentences for the user */
	struct strlist notes;
	/* there are sources, or headers, but none of them compiles: why, as a sentence; else NULL */
	char *hopeless;
	bool cxx;
	/* its functions stand in headers, and are compiled into who calls them */
	bool headers_alone;
	/* a folder that ends with the survey, and its lock; 0: none */
	char *tmp;
	int lock;
};

struct survey_how {
	/* run the project's own build */
	bool build;
	unsigned jobs;
	/* how long it may compile where what it would compile is known beforehand */
	uint64_t build_ms;
	/* does a function's name promise that it reads something? Of two libraries that exclude each other the one with more of them is taken. */
	bool (*promises)(const char *function);
};

/*
 * -1: the folder can't be read, or an interrupt. A tree without a source is no error.
 * Folders of surveys that were killed are taken away first.
 */
int survey_make(const char *dir, const struct survey_how *how, struct survey *out, struct err *err);
void survey_release(struct survey *s);

#endif
