/*
 * Inputs that were made beforehand and are to be run once: libFuzzer's build hands them out before it mutates anything
 * (src/runtime/mutator.c), in a process that survives those that fail, and keeps those that reach something new.
 */
#ifndef ENGINE_HANDED_H
#define ENGINE_HANDED_H

#include "base/buf.h"
#include "engine/slice.h"

/* One more, behind those in b, which begins empty. */
void handed_add(struct buf *b, const void *p, size_t n);

struct handed {
	/* NULL: there are none */
	char *path;
	/* They come before all else, whatever they take; else until then (clock_mono_ms), and the rest is for another slice. */
	bool press;
	uint64_t until_ms;
};

/*
 * What lies at job->handed becomes the slice's, or else, unless it is to go without sanitizers (plain), what lies at
 * job->prefixes; what is left of an earlier slice, too.
 */
void handed_take(struct handed *h, struct slice *s, bool plain);
/* What the engine's process is told of them. */
void handed_env(const struct handed *h, struct strlist *env);
/* After the slice: true when all of job->handed were handed out. */
bool handed_end(struct handed *h, struct slice *s);

#endif
