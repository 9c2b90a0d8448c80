/* Harnesses for a library that was surveyed: for the fuzz targets that it has, and for the functions that rank best. */
#ifndef SCAFFOLD_PROPOSE_H
#define SCAFFOLD_PROPOSE_H

#include "scaffold/cxx_api.h"
#include "scaffold/rank.h"

struct proposal {
	/* the function, and the harness's text; or an existing file, below the project, and no text */
	const char *function, *source;
	struct buf text;
	/* the same, which frees nothing that the function hands out, and its TODOs; empty: text does neither */
	struct buf plain;
	unsigned plain_todos;
	/* plain passes the same, in a file whose name ends as the library's own do */
	bool plain_named;
	const struct proto *proto;
	const struct api_header *header;
	unsigned todos;
	bool cxx;
	/* function is no function of the library's, but what the harness is about */
	bool program;
};

struct proposals {
	struct proposal *v;
	size_t n, cap;
	/* what was looked at and why it was left, a line each */
	struct strlist left;
};

/* At most max that compile. Strings live in the arena. */
void propose_functions(struct arena *a, const char *dir, const struct survey *s,
	const struct api *api, const struct ranking *r, size_t max, struct proposals *out);
void propose_cxx(struct arena *a, const char *dir, const struct survey *s, const struct api *api,
	const struct cxx_functions *f, size_t max, struct proposals *out);
void propose_targets(struct arena *a, const char *dir, const struct survey *s, size_t max,
	struct proposals *out);
/* Around programs for AFL++'s persistent mode, which have a main(). */
void propose_afl_programs(struct arena *a, const char *dir, const struct survey *s, size_t max,
	struct proposals *out);
/* One that calls what can be done with objects of a type; NULL: of the one that most can be done with. -1: a usage error, or it doesn't compile, with the reason. */
int propose_calls(struct arena *a, const char *dir, const struct survey *s, const struct api *api,
	const char *type, struct proposals *out, struct err *err);
void proposals_release(struct proposals *p);

#endif
