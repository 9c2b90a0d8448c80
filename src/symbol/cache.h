/* What one build's offsets mean, in memory and on disk. Private to symbol/. */
#ifndef SYMBOL_CACHE_H
#define SYMBOL_CACHE_H

#include "base/arena.h"
#include "symbol/symbol.h"

#define SYMBOL_FRAMES_MAX 64 /* inlined into each other at one address */
#define SYMBOL_NAME_MAX 8192 /* bytes of a function or file name that are kept */

struct cache_entry {
	uint64_t offset;
	struct symbol_frame *frames; /* innermost first */
	size_t n;
	bool used;
	bool lost; /* no answer was to be had: not asked again, not written */
};

struct cache {
	struct cache_entry *slots; /* open addressing; a power of two of them */
	size_t n_slots, n;
	struct arena arena;
	bool dirty;
	bool coarse; /* some answers are addr2line's: no columns */
};

const struct cache_entry *cache_get(const struct cache *c, uint64_t offset);
/* Copies the frames. The first answer for an offset stays. */
void cache_put(struct cache *c, uint64_t offset, const struct symbol_frame *frames, size_t n);
void cache_put_lost(struct cache *c, uint64_t offset);
/* Add what a file holds; false, and nothing added, unless all of it is sound. fine_only: not a coarse one. */
bool cache_load(struct cache *c, const char *path, bool fine_only);
int cache_save(const struct cache *c, const char *path, struct err *err);
void cache_release(struct cache *c);

#endif
