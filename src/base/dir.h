/*
 * A folder that others write to, held by a descriptor: what is opened below it is what lies there, never what a link made
 * of it, a FIFO that waits for its writer, or somebody else's file. Names may have several parts.
 */
#ifndef BASE_DIR_H
#define BASE_DIR_H

#include "base/buf.h"
#include "base/err.h"
#include "base/strlist.h"

/* The folder itself must be one, and ours: not a link, though the path to it may go through such. */
int dir_open(const char *path, struct err *err);
/* The same, made where it is absent, below one that is there; what is in its place and no folder is removed. */
int dir_make(const char *path, struct err *err);
/* Below it. -1 and errno: not there, or no folder. */
int dir_below(int dir, const char *name);
/* Regular and ours, at most max bytes, appended. */
int dir_read(int dir, const char *name, uint64_t max, struct buf *out, struct err *err);
/* The same of a path; what lies there isn't followed if it's a link. */
int dir_read_path(const char *path, uint64_t max, struct buf *out, struct err *err);
/* Atomic, as fs_write is, but not synced: what an engine finds again. */
int dir_write(int dir, const char *name, const void *p, size_t n, struct err *err);
/* Sorted, without . and .. */
int dir_list(int dir, struct strlist *names, struct err *err);
/* The same, and beside it the names of what is no regular file; either list may be NULL. */
int dir_list_odd(int dir, struct strlist *names, struct strlist *odd, struct err *err);
/* Whatever it is, with all that is in it; fine when absent. */
int dir_remove(int dir, const char *name);
/* What lies below, links apart, and the bytes of its regular files. */
struct dir_sum {
	uint64_t files, bytes;
};
void dir_sum(int dir, struct dir_sum *sum);
/* All that is in it, but links, which are ours; `all`: these, too. */
void dir_empty(int dir, bool all);

#endif
