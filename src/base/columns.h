/* How many columns of a terminal a text takes. */
#ifndef BASE_COLUMNS_H
#define BASE_COLUMNS_H

#include "base/strv.h"

/* UTF-8 decoded; combining marks 0, East Asian wide 2. */
size_t columns_width(struct strv text);
/* Bytes of the longest start of text that fits in `columns`. */
size_t columns_fitting(struct strv text, size_t columns);

#endif
