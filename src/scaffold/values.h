/* Objects that a function gives by value, and what reads them: a reader that moves on, or a view of a part of the input. */
#ifndef SCAFFOLD_VALUES_H
#define SCAFFOLD_VALUES_H

#include "scaffold/api.h"

#define VALUE_CALLS_MAX 12

/* args with '@' for the object or its address */
struct value_call {
	const char *name, *args;
	/* it gives a number: another than at first says that there is no more */
	bool counts;
};

struct proto_values {
	/* the parameter whose memory it was put into; SIZE_MAX: it is the result */
	size_t at;
	/* as the header writes it */
	const char *type;
	/* Called with its address as long as there is more: until one gives what is no success, or some times. */
	struct value_call moving[VALUE_CALLS_MAX];
	size_t n_moving;
	/* called with it as it is, or only asking; each gives something of it */
	struct value_call asking[VALUE_CALLS_MAX];
	size_t n_asking;
	/* of its own type: those with a key, the first of its parts, and the one behind a part; NULL: none */
	struct value_call keyed[VALUE_CALLS_MAX];
	size_t n_keyed;
	const char *first, *next;
	/* says whether there is one at all; NULL: nothing does */
	const char *exists;
	/* ends it; NULL: nothing does, or nobody knows */
	const char *end, *end_args;
};

/* Give p what reads the object that it returns by value, or begins in memory; nothing where there is none. Roles and handles are set. */
void values_find(struct arena *a, const struct api *api, struct proto *p);
/* Without what the compiler names in `why`; without any where it names none. False: there were none. */
bool values_drop(struct arena *a, struct proto *p, const struct buf *why);

#endif
