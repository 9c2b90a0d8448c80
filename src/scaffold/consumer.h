/* What takes an object that is fed with the input and another one, into which it puts what it reads: bits and a decoder. Pure. */
#ifndef SCAFFOLD_CONSUMER_H
#define SCAFFOLD_CONSUMER_H

#include "scaffold/api.h"

/* args with '@' for the object that is fed and '#' for the other, which the library makes. */
struct proto_consumer {
	const char *name, *args;
	/* what has it, where the feeder's own header doesn't; NULL: that does */
	const char *include;
	/* it gives a number: another than at first says that there is no more */
	bool counts;
	/* of the fed object */
	size_t fed;
	struct proto_param other;
};

/* Give p its consumer; none where it reads by itself, or where nobody knows how the other is made. Roles and handles are set. */
void consumer_find(struct arena *a, const struct api *api, struct proto *p);

#endif
