/* What is passed to a function beside the object that it is called for. Pure. */
#ifndef SCAFFOLD_FILLER_H
#define SCAFFOLD_FILLER_H

#include "base/buf.h"
#include "scaffold/prototype.h"

/*
 * Appends memory that f may write to at parameter i, and how much there is; how many of the parameters that is, 0: it is no
 * such.
 */
size_t filler_room(struct buf *b, const struct proto *f, size_t i);
/* May the number at i be how much there is in front of it? A row's or a base isn't. */
bool filler_counts(const struct proto *f, size_t i);
/* A value for one that means nothing; false: it means something. */
bool filler_plain(struct buf *b, const struct proto_param *q);

#endif
