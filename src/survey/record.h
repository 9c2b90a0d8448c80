/*
 * A compiler that tells what it was asked to do. Links of the compilers' names to this program, in front of PATH, stand in
 * for them: each runs the real one and, where that succeeds, writes down the command line. So a build's units are known
 * whatever makes it, and as it really was.
 */
#ifndef SURVEY_RECORD_H
#define SURVEY_RECORD_H

#include "base/err.h"
#include "base/strlist.h"

/* Was this program started as one of those, by a build that is recorded? */
bool record_asked(const char *argv0);
/* The real one is run; its exit status. */
int record_main(int argc, char **argv);
/*
 * The words of a command that only compiles, without its optimisation, which takes most of the time and is of no use to who looks
 * at what there is. False: it is another command, or is as fast already.
 */
bool record_hurry(int argc, char **argv, struct strlist *out);

/*
 * Links for all compilers and archivers on PATH, in the folder bin, which is made; env gets the variables by which they
 * know where to write, and the compilers that a build should use.
 */
int record_tools(const char *bin, const char *log, struct strlist *env, struct err *err);

/* One command line that succeeded. */
struct record {
	char *cwd;
	struct strlist argv;
};

struct records {
	struct record *v;
	size_t n, cap;
};

/* All that were written down, in the order of their ends; none where there is no such file. */
int records_read(const char *log, struct records *out, struct err *err);
void records_release(struct records *r);

#endif
