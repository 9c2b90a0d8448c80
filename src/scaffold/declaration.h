/* Where a function is declared: the header, the directories that are needed to include it, and the prototype in it. */
#ifndef SCAFFOLD_DECLARATION_H
#define SCAFFOLD_DECLARATION_H

#include "base/strlist.h"
#include "scaffold/prototype.h"

struct declaration {
	/* what is asked */
	struct arena *a;      /* for all strings that come of it */
	const char *dir;      /* the project's */
	const char *function; /* a name or a prototype; NULL: none */
	const char *header;   /* as the user names it; NULL: none */
	struct strlist flags; /* what the project compiles C with already */
	/* what is answered */
	struct strlist includes; /* directories, as seen from dir */
	const char *include;     /* the #include's operand, or NULL */
	const char *
		beside; /* of includes, the one that was found in the system's for the header; or NULL */
	struct buf text;    /* of the header, without comments, where it was found */
	struct proto proto; /* roles included */
	bool has_proto, cxx;
};

int declaration_find(struct declaration *d, struct err *err);
void declaration_release(struct declaration *d);

#endif
