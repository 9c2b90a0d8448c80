/*
 * Statements of a source file by their text: what names a place in the code so that it survives moved lines, other
 * compilers and reformatting. Pure.
 */
#ifndef CRASH_STATEMENT_H
#define CRASH_STATEMENT_H

#include "base/strv.h"

struct crash_statement {
	/* Without comments, blanks folded; lives as long as the index. */
	struct strv text;
	/* Among equal ones of its function, from 1. */
	unsigned ordinal;
};

struct statement_index;

/* Of C or C++; any other text gives an index, too, of no use. Never NULL. The source isn't needed any more. */
struct statement_index *statement_index_new(struct strv source);
void statement_index_free(struct statement_index *x); /* NULL is fine */
/* The statement that covers the place. line from 1; column from 1 in bytes, 0: not known. False: none does. */
bool statement_find(const struct statement_index *x, unsigned line, unsigned column,
	struct crash_statement *out);

#endif
