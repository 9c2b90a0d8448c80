/*
 * What a corpus reaches of the code, in words that outlive a build: functions, files and lines; remembered, so that the same
 * inputs can be judged on the next build. Pure but for the reading and writing of the memory's file.
 */
#ifndef GUARD_REACH_H
#define GUARD_REACH_H

#include "base/err.h"
#include "base/hash.h"
#include "base/strlist.h"

#define REACH_WITNESSES 3

/* A line at which a block of code begins that was entered. */
struct reach_place {
	char *function, *file;
	unsigned line;
	/* SHA-1s of inputs that entered it each time they were run; none: it comes and goes */
	char witness[REACH_WITNESSES][SHA1_HEX];
	unsigned n_witnesses;
};

struct reach_file {
	char *path;
	char hash[SHA1_HEX]; /* of its text; "": it couldn't be read */
};

struct reach {
	/* build and inputs that it is of; rev: the commit, "" where there is none */
	char *build, *corpus, *rev;
	/* by function, file and line, each once, after reach_settle */
	struct reach_place *v;
	size_t n, cap;
	struct reach_file *files;
	size_t n_files, cap_files;
};

void reach_release(struct reach *r);
/* witness NULL: unstable. Names with tabs or line feeds are left out. */
void reach_add(struct reach *r, const char *function, const char *file, unsigned line,
	const char *witness);
void reach_settle(struct reach *r);
size_t reach_functions(const struct reach *r);
bool reach_has(const struct reach *r, const char *function, const char *file);
bool reach_has_line(const struct reach *r, const char *function, const char *file, unsigned line);

/* False, and r empty: there is none that can be read. */
bool reach_load(const char *path, struct reach *r);
int reach_save(const char *path, const struct reach *r, struct err *err);

struct reach_loss {
	const char *function, *file; /* of `before` */
	/* where it stood */
	unsigned line;
	/* of a function that is still reached, else none */
	unsigned *lines;
	size_t n_lines;
	/* inputs that reached it */
	struct strlist witnesses;
};

struct reach_losses {
	struct reach_loss *v;
	size_t n, cap;
};

/* Is the function still in the source? */
typedef bool (*reach_there_fn)(void *arg, const char *function, const char *file);

/*
 * What `before` reached and `now` doesn't. Of functions that are still there, and that an input reached that is still among
 * `names` (sorted); and of lines in files whose text is the same, where the function gained none: else the compiler only
 * cut it into other blocks.
 */
void reach_compare(const struct reach *before, const struct reach *now, const struct strlist *names,
	reach_there_fn there, void *arg, struct reach_losses *out);
void reach_losses_release(struct reach_losses *l);

#endif
