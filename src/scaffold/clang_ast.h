/*
 * What clang makes of a function that a C header declares: every type as it is, whatever macros and typedefs it is
 * written with. Needs clang, and a header that compiles.
 */
#ifndef SCAFFOLD_CLANG_AST_H
#define SCAFFOLD_CLANG_AST_H

#include "base/strlist.h"
#include "scaffold/prototype.h"

struct clang_query {
	/* an identifier */
	const char *function;
	/* what follows #include */
	const char *include;
	/*
	 * The user's own words for the function, behind the header, or NULL: it declares the
	 * function itself.
	 */
	const char *declaration;
	/* for -I */
	const struct strlist *dirs;
	/* in front of those: what the project compiles with */
	const struct strlist *flags;
	/* NULL: ours */
	const char *cwd;
};

enum clang_answer {
	CLANG_OK,
	/* the header compiles, but this is no function of it */
	CLANG_UNDECLARED,
	/* no clang, or it can't compile the header */
	CLANG_CANT,
};

/*
 * Fills *out but for the roles; strings live in the arena. *header is where the header was found, else NULL. Unless the
 * answer is CLANG_OK, *why says what is wrong in one line: clang's own words, or ours.
 */
enum clang_answer clang_prototype(struct arena *a, const struct clang_query *q, struct proto *out,
	struct strlist *headers, struct buf *why);

/*
 * The types of many functions of one header by one run: q's function counts for nothing, parameters have no names, and what
 * isn't declared is left out. How many are in out, which has room for all. why: an error in the header itself, as where it needs
 * another in front of it; where there are none in out, any error. included: the paths of all that the header includes, and
 * its own.
 */
size_t clang_prototypes(struct arena *a, const struct clang_query *q,
	const struct strlist *functions, struct proto *out, struct strlist *included,
	struct buf *why);

#endif
