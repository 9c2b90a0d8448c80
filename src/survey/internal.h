/* What the files of this room share. */
#ifndef SURVEY_INTERNAL_H
#define SURVEY_INTERNAL_H

#include "base/buf.h"
#include "survey/survey.h"
#include "survey/record.h"
#include "survey/symbols.h"
#include "survey/files.h"
#include "survey/targets.h"

/* What makes a source a fuzz target. */
#define SURVEY_ENTRY "LLVMFuzzerTestOneInput"
/*
 * For each command of a look: some projects call ccache by themselves, some people have it in PATH. Where it keeps its cache
 * can't be written to here, and a cache is of no use for a copy.
 */
#define SURVEY_NO_CCACHE "CCACHE_DISABLE=1"

/* One source, compiled one way. Paths are absolute. */
struct unit {
	char *source;
	/* NULL: not compiled here yet */
	char *object;
	struct strlist flags, include;
	/* folders of installed libraries' headers, which come behind the system's own */
	struct strlist after;
	bool cxx;
	/* in an archive or a shared library of the project's; which, from 1 on; 0: not known */
	bool library;
	size_t archive;
	/* its object is kept, as only an assembler of its own can make it */
	bool assembled;
	/* what it defines is known */
	bool known;
	/* to be compiled by the project's own build, which had no time for it */
	bool late;
	struct symbols symbols;
	/* can't be compiled with others that are (conflict.h) */
	bool left;
	/* part of what is fuzzed */
	bool chosen;
};

struct compiled {
	struct unit *v;
	size_t n, cap;
	/* "-lz": what anything was linked with */
	struct strlist libs;
};

/* The places of one survey. */
struct places {
	/* the project's folder, by its real path */
	const char *dir;
	/* the copy, what is built outside of it, objects of ours; tmp holds them */
	const char *tmp, *src, *build, *objects;
	/* of compilers: NULL: there is none */
	const char *cc, *cxx;
	/* of survey.h's survey_how */
	bool (*promises)(const char *function);
};

/* --- compiled.c --- */
/* What the recorded command lines compile, and which of it goes into libraries. */
void compiled_from_records(struct compiled *us, const struct records *rs);
/*
 * What a build would have compiled, had it had the time: of the libraries, what isn't there yet becomes a unit that is late.
 * All of theirs are marked as such, as most archives weren't made.
 */
void compiled_add_planned(
	struct compiled *us, const struct records *all, const struct targets *libraries);
struct unit *compiled_add(struct compiled *us, const char *source);
/* What it owns, and not itself. */
void unit_release(struct unit *u);
void compiled_release(struct compiled *us);
/* Path below the project ("src/a.c"), wherever the copy or the build has it; NULL: it lies elsewhere. Points into path. */
const char *places_below(const struct places *p, const char *path);

/* --- plain.c --- */
/* All sources that may be the library's, with the folders that their includes need. */
void compiled_from_tree(
	struct compiled *us, const struct places *p, const struct files *t, struct strlist *notes);
/* Compile what has no object; -1: it doesn't compile, said: the compiler's first error. */
int unit_compile(struct unit *u, const struct places *p, size_t number, struct buf *said);

/* The same, with folders of the tree that its includes turn out to need; these are added to include. */
int unit_try(struct unit *u, const struct places *p, const struct files *t, size_t number,
	struct strlist *include, struct buf *said);

/* --- headers.c --- */
/* Of a tree without sources: a source, below p->build, that includes its headers is the one unit. False: none compiles. */
bool compiled_from_headers(
	struct compiled *us, const struct places *p, const struct files *t, struct survey *out);

/* --- lacking.c --- */
/* Sources of the tree that no unit is made of and that define one of these functions become units. How many. */
size_t compiled_add_lacking(struct compiled *us, const struct places *p, const struct files *t,
	const struct strlist *symbols, struct strlist *notes);

/* --- choose.c --- */
/*
 * Which units are fuzzed: chosen is set; libraries that they need go to out->ldflags, what is odd to its notes. What a
 * build left out of the tree t is added where it is needed. How many symbols are wanted that nothing defines.
 */
size_t compiled_choose(
	struct compiled *us, const struct places *p, const struct files *t, struct survey *out);

/* --- result.c --- */
/* From the chosen units to what thresh.yaml says. */
void compiled_result(const struct compiled *us, const struct places *p, struct survey *out);

#endif
