/* How the names of files end that a library reads, where it looks at that: a file without is none of its own. */
#ifndef SCAFFOLD_ENDINGS_H
#define SCAFFOLD_ENDINGS_H

#include "base/arena.h"
#include "base/strlist.h"
#include "base/strv.h"

#define ENDINGS_MAX 32
#define ENDING_LEN 8

struct endings {
	struct {
		char name[ENDING_LEN];
		size_t n;
	} v[ENDINGS_MAX];
	size_t n;
};

/* Counts what a source's text has as strings of their own: ".nii". Pure. */
void endings_count(struct strv text, struct endings *e);
/* The one that there is most of, with the dot; NULL: there are too few of each. */
const char *endings_best(const struct endings *e);
/* The same of sources below dir; the arena's. */
const char *endings_find(struct arena *a, const char *dir, const struct strlist *sources);

#endif
