/*
 * Mutations of what a binary input consists of: records with lengths, as layout.c sees them, and where it sees none, items of
 * one size. Lengths, counts, sizes and checksums are mended afterwards. structure.c comes here with what is no text.
 * Nothing here allocates from the heap; one thread at a time.
 */
#ifndef THRESH_RT_RECORDS_H
#define THRESH_RT_RECORDS_H

#include "thresh_rt_lexicon.h"

#include <stddef.h>
#include <stdint.h>

/* Layouts that are held to be possible at a time, and sizes of items that have no lengths. */
#define THRESH_RT_LAYOUTS 12

/* Remembers an input, by copy, as one that records may come from, and learns from it. */
void thresh_rt_records_keep(
	const uint8_t *data, size_t size, const struct thresh_rt_lexicon *words);

/* Was a layout seen that this input has? */
int thresh_rt_records_has(const uint8_t *data, size_t size);

/*
 * Writes a mutation of data into out, at most max bytes, and which layout it was made by, below THRESH_RT_LAYOUTS. The same
 * seed gives the same one while the same was kept and counted. Returns its length; 0: this once nothing came of it.
 */
size_t thresh_rt_records(const uint8_t *data, size_t size, uint8_t *out, size_t max, uint64_t seed,
	const struct thresh_rt_lexicon *words, unsigned *layout);

/* A mutation was made by this layout, or one that was made before was kept: the more are, the more are made. */
void thresh_rt_records_count(unsigned layout, int was_kept);

#endif
