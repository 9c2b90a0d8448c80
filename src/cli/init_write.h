/*
 * The files of a new project, and the way back: what was written since a mark can be taken away again, what was moved aside
 * comes back. A file that was there is never overwritten.
 */
#ifndef CLI_INIT_WRITE_H
#define CLI_INIT_WRITE_H

#include "report/term.h"
#include "scaffold/plan.h"

/* One thing that was done. */
struct init_step {
	/* a file or a folder that was made; or a file's new name, and old the one that it had */
	char *path, *old;
};

struct init_writing {
	const char *dir;
	bool force;
	/* what is tried is said at once */
	const struct term *term;
	/* a line for each file, in order */
	struct buf said;
	struct init_step *steps;
	size_t n, cap;
};

/* Is there anything that can't be written to or added to? -1: said, and nothing was written. */
int init_write_check(const struct init_writing *w, struct err *err);
/* What a build made and the library needs: config.h and its like. */
int init_write_generated(struct init_writing *w, const struct survey *s, struct err *err);
/* Its source, unless it is the user's, thresh.h beside it, and its first inputs. */
int init_write_harness(struct init_writing *w, const struct init_harness *h, struct err *err);
/* Its plain text is what is written from now on; false: there is none. */
bool init_write_plainly(struct init_harness *h);
/* The same of the one whose texts end with a NUL. */
bool init_write_ended(struct init_harness *h);
/* It passes no empty input from now on; false: its text has no place for that. */
bool init_write_sized(struct init_harness *h);
/* A file from elsewhere. */
int init_write_copy(struct init_writing *w, const char *rel, const char *from, struct err *err);
int init_write_yaml(struct init_writing *w, const struct buf *yaml, struct err *err);
/* The state's line in .gitignore; isn't taken back. */
int init_write_ignore(struct init_writing *w, struct err *err);
struct init_mark {
	size_t steps, said;
};
struct init_mark init_write_mark(const struct init_writing *w);
/* As it was at the mark. */
void init_write_undo(struct init_writing *w, struct init_mark to);
void init_write_release(struct init_writing *w);

#endif
