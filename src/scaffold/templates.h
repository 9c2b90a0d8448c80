/*
 * What a header's templates offer to be called: no object has a symbol of them, as nothing is compiled before somebody says for
 * what. Brackets and a few words are all that is read; the compiler says what of it can be called. Pure.
 */
#ifndef SCAFFOLD_TEMPLATES_H
#define SCAFFOLD_TEMPLATES_H

#include "base/arena.h"
#include "base/strv.h"

struct template_function {
	/* what it is called on, "ns::Doc<char>"; "": nothing, or it is the class's own, and call has that */
	const char *object;
	/* "parse<0>", "ns::parse", "ns::Doc<char>" of a constructor */
	const char *call;
	/* "parse", and its class's name, or "" */
	const char *name, *owner;
	/* with types in place of the template's: "char *text, int flags" */
	const char *params;
};

struct template_functions {
	struct template_function *v;
	size_t n, cap;
};

/* text: without comments. Strings live in the arena. */
void templates_read(struct arena *a, struct strv text, struct template_functions *out);
void templates_release(struct template_functions *f);

#endif
