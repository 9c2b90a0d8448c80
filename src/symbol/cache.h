/* What one build's offsets mean, in memory and on disk. Private to symbol/. */
#ifndef SYMBOL_CACHE_H
#define SYMBOL_CACHE_H

#include "base/arena.h"
#include "symbol/symbol.h"

/* inlined into each other at one address */
#define SYMBOL_FRAMES_MAX 64
/* bytes of a function or file name that are kept */
#define SYMBOL_NAME_MAX 8192

struct cache_entry {
	uint64_t offset;
	/* innermost first */
	struct symbol_frame *frames;
	size_t n;
	bool used;
	/* no answer was to be had: not asked again, not written */
	bool lost;
};

struct cache {
	/* open addressing; a power of two of them */
	struct cache_entry *slots;
	size_t n_slots, n;
	struct arena arena;
	bool dirty;
	/* some answers are addr2line's: no columns */
	bool coarse;
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
