/* How many columns of a terminal a text takes. */
#ifndef BASE_COLUMNS_H
#define BASE_COLUMNS_H

#include "base/buf.h"

/* UTF-8 decoded; combining marks 0, East Asian wide 2. */
size_t columns_width(struct strv text);
/* Bytes of the longest start of text that fits in `columns`. */
size_t columns_fitting(struct strv text, size_t columns);
/*
 * Append text that is harmless already, with lines that are wider than `columns` broken at blanks, the rest of such a line
 * further in than its start. A line that fits when it is indented less is; a word is never cut, since it may be a path that is
 * to be copied. Colours take no room.
 */
void columns_wrap(struct buf *out, struct strv text, size_t columns);

#endif
