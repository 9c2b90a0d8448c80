/* What is called in front of and behind a function that feeds an object. Pure. */
#ifndef SCAFFOLD_FED_H
#define SCAFFOLD_FED_H

#include "scaffold/api.h"

/* Give p its `first` and its `then`. Roles and handles are set. */
void fed_fill(const struct api *api, struct proto *p);

#endif
