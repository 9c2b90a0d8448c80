/*
 * Arguments for a template's parameters, guessed from what these are called: "Ch" is a char, "Iterator" a pointer to some, "Flags"
 * no flags. The compiler says whether the guess is one that can be called. Pure.
 */
#ifndef SCAFFOLD_TEMPLATE_ARGS_H
#define SCAFFOLD_TEMPLATE_ARGS_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/strv.h"

#define TEMPLATE_ARGS_MAX 12

struct template_args {
	struct {
		struct strv name;
		/* what is passed for it; "": nothing is, as it is one of any number */
		const char *value;
		/* what it is without that; a type */
		bool has_default, is_type;
	} v[TEMPLATE_ARGS_MAX];
	size_t n;
};

/* What stands between the brackets of "template <class Ch = char, int Flags>". False: more than is understood here. */
bool template_args_read(struct arena *a, struct strv inside, struct template_args *out);
/* "<char>": of a class all that have no default; appended. */
void template_args_of_class(const struct template_args *t, struct buf *out);
/* Of a function those that its parameters don't tell, and what is in front of them; nothing where they tell all. */
void template_args_of_function(const struct template_args *t, struct strv params, struct buf *out);
/* The text with what is passed for types in place of their names; appended. */
void template_args_put(const struct template_args *t, struct strv text, struct buf *out);

#endif
