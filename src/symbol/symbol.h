/*
 * Names for module offsets: a cache on disk keyed by build id and offset, in front of one long-lived
 * llvm-symbolizer (addr2line where there is none). Started only at the first miss.
 */
#ifndef SYMBOL_SYMBOL_H
#define SYMBOL_SYMBOL_H

#include "base/err.h"
#include "base/prelude.h"

struct symbol_frame {
	/* "" when unknown; owned by the symboliser, until symbol_close */
	const char *function, *file;
	unsigned line, column;
	bool inlined;
};

struct symbolizer;

/*
 * cache_dir may be NULL (memory only); it's created when there is something to write. Never fails for want of
 * a symboliser: lookups then give 0.
 */
struct symbolizer *symbol_open(const char *cache_dir, struct err *err);
/*
 * Innermost first; the number of frames filled, 0 when unknown. module is an absolute path. build_id may be NULL:
 * it's then read from the module's ELF note, or, without one, made of its size and time stamp. Where it is given, but
 * the module on disk is of another build, only the cache answers: names of another build would be wrong ones.
 * is_return: offset is a return address; the call before it is looked up.
 */
size_t symbol_lookup(struct symbolizer *s, const char *module, const char *build_id,
	uint64_t offset, bool is_return, struct symbol_frame *out, size_t max);

/*
 * Since the last call, lookups gave 0 because this machine refused to run the program that knows: what was made of them
 * names nothing. Said once.
 */
bool symbol_refused(struct symbolizer *s);

struct symbol_request {
	/* as for symbol_lookup */
	const char *module, *build_id;
	uint64_t offset;
	bool is_return;
};

/*
 * Ask for many at once, so that questions and answers don't wait for each other; the lookups of the same
 * then come from memory. Worth it for the frames of one or more stacks.
 */
void symbol_prefetch(struct symbolizer *s, const struct symbol_request *requests, size_t n);
/* How long the child may take for one answer before it is replaced; 30 s unless said. */
void symbol_set_timeout(struct symbolizer *s, uint64_t ms);
/* How many symboliser processes were started, how many lookups missed the cache. */
void symbol_counts(const struct symbolizer *s, unsigned *started, uint64_t *misses);
/* Writes the cache (atomically) and ends the child. NULL is fine. */
void symbol_close(struct symbolizer *s);

#endif
