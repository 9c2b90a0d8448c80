/* How a library's objects are made and ended, from the types and names of its functions. Pure. */
#ifndef SCAFFOLD_HANDLE_H
#define SCAFFOLD_HANDLE_H

#include "scaffold/api.h"

/*
 * Give p what it needs of the library: its objects' makers, their ends, and the end of its result. roles are set. Returns
 * how many objects stay that nobody knows how to make.
 */
unsigned handle_fill(struct arena *a, const struct api *api, struct proto *p);
/* The type of an object that nobody here knows how to make, so that the harness passes zeroed memory; NULL: none, or no p. */
const char *handle_unmade(const struct proto *p);
/* The type of the first object that is passed as zeroed memory; NULL: none is. */
const char *handle_zeroed(const struct proto *p);
/* Nothing that the harness for p makes or gets stays: what leaks then is the library's. */
bool handle_ends_all(const struct proto *p);
/* The end of what p returns by value, which takes that or its address: '@' in its arguments; none where nobody knows. */
void handle_find_end(
	struct arena *a, const struct api *api, const struct proto *p, struct proto_handle *h);
/* How objects of this type are made and ended, as far as anybody knows. */
const struct proto_handle *handle_of_type(
	struct arena *a, const struct api *api, const struct proto_param *q);
/* The same for what needs one: of several makers the one that is called most as that is. */
const struct proto_handle *handle_near(
	struct arena *a, const struct api *api, const struct proto_param *q, const char *near);

#endif
