/* Harnesses for a library that was surveyed: for the fuzz targets that it has, and for the functions that rank best. */
#ifndef SCAFFOLD_PROPOSE_H
#define SCAFFOLD_PROPOSE_H

#include "scaffold/cxx_api.h"
#include "scaffold/rank.h"

/* What takes a harness's place where its first try fails; its text is empty where there is nothing else to try. */
struct harness_plain {
	/* frees nothing that the function hands out, and reads nothing that it makes */
	struct buf text;
	unsigned todos;
	/* tried last: the whole one, with a NUL behind texts whose length it passes; empty where there are none */
	struct buf ended;
	/* it differs in the name of the file alone that it passes, which the library may look at */
	bool named;
	/* it doesn't open the object first, which may be what keeps the other from its input */
	bool unopened;
	/* it leaves nothing that the other ends */
	bool ends;
};

struct proposal {
	/* the function, and the harness's text; or an existing file, below the project, and no text */
	const char *function, *source;
	struct buf text;
	struct harness_plain plain;
	const struct proto *proto;
	const struct api_header *header;
	unsigned todos;
	bool cxx;
	/* only where nothing else is of use */
	bool spare;
	/* function is no function of the library's, but what the harness is about */
	bool program;
};

struct proposals {
	struct proposal *v;
	size_t n, cap;
	/* what was looked at and why it was left, a line each */
	struct strlist left;
};

/* At most max that compile; what stands behind the first ones is spare. Strings live in the arena. */
void propose_functions(struct arena *a, const char *dir, const struct survey *s,
	const struct api *api, const struct ranking *r, size_t first, size_t max,
	struct proposals *out);
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
/* Those that were left out, "name: reason", in lines for people: functions with the same reason are one. */
void proposals_group_left(const struct strlist *left, struct strlist *out);
void proposals_say_left(const struct strlist *left);
void harness_plain_release(struct harness_plain *p);
void proposals_release(struct proposals *p);

#endif
