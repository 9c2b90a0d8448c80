/*
 * Names for module offsets: a cache on disk keyed by build id and offset, in front of one long-lived
 * llvm-symbolizer (addr2line where there is none). Started only at the first miss.
 */
#ifndef SYMBOL_SYMBOL_H
#define SYMBOL_SYMBOL_H

#include "base/err.h"
#include "base/prelude.h"

struct symbol_frame {
	const char *function, *file; /* owned by the symboliser, until symbol_close */
	unsigned line, column;
	bool inlined;
};

struct symbolizer;

/* cache_dir may be NULL (memory only). Never fails for want of a symboliser: lookups then give 0. */
struct symbolizer *symbol_open(const char *cache_dir, struct err *err);
/*
 * Innermost first; the number of frames filled, 0 when unknown. build_id may be NULL: it's then read from the
 * module's ELF note, or, without one, made of its size and time stamp.
 */
size_t symbol_lookup(struct symbolizer *s, const char *module, const char *build_id,
	uint64_t offset, bool is_return, struct symbol_frame *out, size_t max);
/* How many symboliser processes were started, how many lookups missed the cache. */
void symbol_counts(const struct symbolizer *s, unsigned *started, uint64_t *misses);
/* Writes the cache (atomically) and ends the child. NULL is fine. */
void symbol_close(struct symbolizer *s);
/* Hex build id of an ELF file; false when it has none. */
bool symbol_build_id(const char *module, char *out, size_t out_size);

#endif
