/*
 * Inputs of a folder, in the order of their names, read and checked by a process of its own while others run: opening a file
 * costs as much as running a small input does.
 */
#ifndef DISTILL_READ_AHEAD_H
#define DISTILL_READ_AHEAD_H

#include "base/buf.h"
#include "base/strlist.h"

struct read_ahead;

/* The names are borrowed until it is closed. Inputs above `max` bytes count as gone. */
struct read_ahead *read_ahead_open(const char *dir, const struct strlist *names, uint64_t max);
/*
 * The next one, in place of what was in out, and its place among the names. False: there are no more. What is gone, was
 * changed or can't be read is passed over, and counted.
 */
bool read_ahead_next(struct read_ahead *r, size_t *i, struct buf *out);
uint64_t read_ahead_gone(const struct read_ahead *r);
void read_ahead_close(struct read_ahead *r);

#endif
