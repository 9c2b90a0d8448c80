/* Where a function is declared: the header, the directories that are needed to include it, and the prototype in it. */
#ifndef SCAFFOLD_DECLARATION_H
#define SCAFFOLD_DECLARATION_H

#include "base/strlist.h"
#include "scaffold/prototype.h"

struct declaration {
	/* What is asked. Strings that come of it live here: */
	struct arena *a;
	/* the project's */
	const char *dir;
	/* a name or a prototype; NULL: none */
	const char *function;
	/* as the user names it; NULL: none */
	const char *header;
	/* what the project compiles C with already */
	struct strlist flags;
	/* What is answered: directories for -I, as seen from dir. */
	struct strlist includes;
	/* the #include's operand, or NULL */
	const char *include;
	/* of includes, the one that was found in the system's for the header; or NULL */
	const char *beside;
	/* of the header, without comments, where it was found */
	struct buf text;
	/* roles included */
	struct proto proto;
	bool has_proto, cxx;
};

/* Comments hold semicolons and prototypes of their own: blanks in their place. */
void declaration_blank(struct buf *text);
/* The declaration of a function in such a text: from the end of what is before it to its semicolon. */
bool declaration_in(struct strv text, const char *name, struct strv *out);
/* -1: a usage error that says what is missing, or what can't be fuzzed. End it with declaration_release in any case. */
int declaration_find(struct declaration *d, struct err *err);
void declaration_release(struct declaration *d);

#endif
