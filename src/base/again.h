/*
 * The command lines that people are given to copy. Each names what this program was itself called with to find its project
 * and its state, as another call without it would look elsewhere. The words are this process's own, like its log's level.
 */
#ifndef BASE_AGAIN_H
#define BASE_AGAIN_H

#include "base/buf.h"

/* It was called with this option and value, which all that follow name; NULL value: it wasn't. */
void again_with(const char *option, const char *value);
/* Append "thresh", the options, and the rest. */
void again_add(struct buf *out, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
