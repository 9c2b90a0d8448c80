/* Arrays and how many there are of each, side by side: "token *tokens, unsigned num_tokens". Pure. */
#ifndef SCAFFOLD_ARRAYS_H
#define SCAFFOLD_ARRAYS_H

#include "scaffold/api.h"

/*
 * Give p its ROLE_ARRAY and ROLE_COUNT: where the header, or with NULL any, has the struct in full. The other roles are set;
 * an array of none, or one that is as long as nothing, is where most calls end before they begin.
 */
void arrays_find(const struct api *api, const struct api_header *h, struct proto *p);

#endif
