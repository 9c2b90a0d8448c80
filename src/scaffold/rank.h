/* Which of a library's functions are worth a harness: those that take bytes most directly, and say so by their names. */
#ifndef SCAFFOLD_RANK_H
#define SCAFFOLD_RANK_H

#include "scaffold/api.h"

struct rank_entry {
	/* roles and handles included */
	struct proto proto;
	const struct api_header *header;
	int score;
	/* what takes the input: "bytes and a length", "a file's path" */
	const char *takes;
	/* objects that nothing is known to make */
	unsigned unknown;
};

struct ranking {
	struct rank_entry *v;
	size_t n;
};

/*
 * Best first; those that take no input aren't there. leads: how much code each leads to. Strings live in the arena or are
 * static.
 */
void rank_make(struct arena *a, const struct api *api, struct leads *leads, struct ranking *out);
/*
 * Those of headers that are installed come first, in their order; how many they are, or all where they are too few to be all
 * that users get. What the library keeps to itself has rules that nobody wrote down.
 */
size_t rank_installed_first(struct ranking *r);
/* Points for what takes the input, and the words for it. */
int rank_takes(const struct proto *p, const char **takes);
/* Of one with roles, by its takes, its needs and the words of a name. */
int rank_score(const struct proto *p, const char *name);
/* Do the words of its name say, all in all, that it parses? */
bool rank_promises(const char *name);
/* Points for what a function leads to, by its symbol; none where that isn't known. */
int rank_leads(struct leads *leads, const char *symbol);
void rank_release(struct ranking *r);

#endif
