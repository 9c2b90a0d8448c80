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

/*
 * For a slice: what lies at job->handed becomes the slice's, also after it was killed. Returns the file's path, which the
 * caller frees; NULL: nothing is left of it.
 */
char *handed_take(struct slice *s);
/*
 * They come before all else, whatever they take: longer ones than the slice would have are not left out. Else they have
 * their part of it. path: as handed_take gave it, or NULL.
 */
bool handed_press(const struct slice *s, const char *path);
/* What the engine's process is told of them. */
void handed_env(const struct slice *s, const char *path, struct strlist *env);
/* Some are left of an earlier slice with that work directory. */
bool handed_left(const char *work_dir);
/* After the slice: true when all were handed out; the file is gone then. */
bool handed_done(struct slice *s);

#endif
