/* Which lines of which files a change touches, from git's diff without context. Pure. */
#ifndef CHANGE_DIFF_H
#define CHANGE_DIFF_H

#include "base/strv.h"

struct diff_range {
	/* of the new file; n 0: lines were only taken out, behind this one */
	unsigned line, n;
};

struct diff_file {
	/* as git has it, from the repository's top; the new name */
	char *path;
	struct diff_range *v;
	size_t n, cap;
};

struct diff {
	struct diff_file *v;
	size_t n, cap;
};

/* The output of `git diff -U0 --no-prefix`; what isn't understood is passed over. */
void diff_parse(struct strv text, struct diff *out);
/* A file that is new, or of which nothing is known: all its lines. */
void diff_add_whole(struct diff *d, const char *path);
/* As if nothing of it had changed. */
void diff_forget(struct diff *d, const char *path);
const struct diff_file *diff_find(const struct diff *d, const char *path);
/* Is the line among those that are new or changed? */
bool diff_has(const struct diff_file *f, unsigned line);
void diff_release(struct diff *d);

#endif
