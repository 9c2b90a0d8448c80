/* The members of what was opened, an archive or a container: each is opened by its number, read, and closed. Pure. */
#ifndef SCAFFOLD_MEMBERS_H
#define SCAFFOLD_MEMBERS_H

#include "scaffold/api.h"

struct proto_members {
	/* how many there are; args with '@' for what was opened */
	const char *count, *count_args;
	/* opens number i of them; and as what a variable holds it, "zip_file_t *" */
	const char *open, *open_args, *type;
	/* goes on reading one; args with '@' for that */
	const char *read, *read_args;
	const char *end, *end_args;
};

/* Of what p opens, which is of this type by so many pointers; NULL: it has none that could be read. */
const struct proto_members *members_find(struct arena *a, const struct api *api,
	const struct proto *p, const struct proto_param *opened);

#endif
