/*
 * The project as it was at a commit, in a private temporary folder, and what was changed since. Neither the checkout nor
 * git's own files are touched. What git doesn't know but builds may need (fetched libraries, say) is taken from the
 * checkout: it is the same for both.
 */
#ifndef CHANGE_TREE_H
#define CHANGE_TREE_H

#include "change/diff.h"
#include "project/project.h"

struct tree {
	/* tmp: all of it, removed at the end; root: the repository's; dir: the project's in it */
	char *tmp, *root, *dir;
	/* the checkout's, of the same length as root where that can be */
	char *top;
	/* of the project in the repository, with a slash behind it, or "" */
	char *prefix;
	char *commit;
	struct diff diff;
	/* opened from dir; the harnesses may be others */
	struct project *p;
	/* the checkout's project, and its lock: one tree at a time, so that one that a killed check left can be removed */
	struct project *of;
	int lock;
};

int tree_open(struct project *p, const char *rev, struct tree *out, struct err *err);
void tree_close(struct tree *t);
/* A path of the checkout, as the repository has it; NULL: it lies elsewhere. Points into path. */
const char *tree_relative(const struct tree *t, const char *path);

#endif
