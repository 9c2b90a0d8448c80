/* Memory for what a call may write when it is given the numbers that the project's own callers pass (callers.h). Pure. */
#ifndef SCAFFOLD_USUAL_ROOM_H
#define SCAFFOLD_USUAL_ROOM_H

#include "scaffold/prototype.h"

/*
 * p has its roles, and handles: objects that nothing makes are what callers pass. Where the usual numbers may say how much the call writes to memory that nothing bounds: there is room for
 * it, or they aren't passed.
 */
void usual_room(struct arena *a, struct proto *p);

#endif
