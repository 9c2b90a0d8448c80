/*
 * Headers that are of no use by themselves: what they declare speaks of types that only another header of the library makes
 * whole, which includes them and which users include.
 */
#ifndef SCAFFOLD_WIDER_H
#define SCAFFOLD_WIDER_H

#include "base/buf.h"
#include "scaffold/api.h"

/* Of those that include it the nth, the likeliest for users first; NULL: there are no more. */
const struct api_header *wider_header(const struct api *api, const struct api_header *h, size_t n);
/* May a compiler's error be mended by that? Pure. */
bool wider_mends(const struct buf *why);

#endif
