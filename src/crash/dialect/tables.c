/* All tables of phrases; of two that begin alike the first that fits is heard. */
#include "base/prelude.h"
#include "crash/internal.h"
#include "crash/dialect/internal.h"

const struct phrase_table *const crash_phrase_tables[] = { &runtime_phrases, &runtime_line_phrases,
	&project_phrases, &project_line_phrases, &jemalloc_phrases, &mimalloc_phrases,
	&tcmalloc_phrases, &hardened_phrases, &bsd_malloc_phrases, &apple_malloc_phrases,
	&windows_heap_phrases, &allocator_phrases, &localized_assertions, &kernel_phrases,
	&kernel_line_phrases, NULL };
