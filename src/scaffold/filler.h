/* What is passed to a function beside the object that it is called for. Pure. */
#ifndef SCAFFOLD_FILLER_H
#define SCAFFOLD_FILLER_H

#include "base/buf.h"
#include "scaffold/prototype.h"

/*
 * Appends memory that f may write to at parameter i, and how much there is; how many of the parameters that is, 0: it is no
 * such. And a value for one that means nothing; false: it means something.
 */
size_t filler_room(struct buf *b, const struct proto *f, size_t i);
bool filler_plain(struct buf *b, const struct proto_param *q);

#endif
