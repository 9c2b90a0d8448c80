/*
 * Files. fs_write and fs_copy replace a file whole or not at all: written beside it, synced, renamed over it.
 * Directories that are made here are private (0700); files have the mode that the caller gives.
 */
#ifndef BASE_FS_H
#define BASE_FS_H

#include "base/buf.h"
#include "base/err.h"
#include "base/strlist.h"

#define FS_NO_LIMIT UINT64_MAX

/* The whole of a regular file (never a FIFO or device: those are an error), appended to out. */
int fs_read(const char *path, uint64_t max, struct buf *out, struct err *err);
/* Is it a regular file of these bytes, and no others? */
bool fs_equals(const char *path, const void *p, size_t n);
/* Do both files hold the same, at most max bytes of it? What can't be read is like nothing. */
bool fs_same(const char *a, const char *b, uint64_t max);
/* Atomic; mode as for open, masked by umask. A pipe or a device, also as /dev/stdout, stays and is written into. */
int fs_write(const char *path, const void *p, size_t n, unsigned mode, struct err *err);
/* The same, but a file that holds these bytes already stays as it is, its time too: builds go by that. */
int fs_write_changed(const char *path, const void *p, size_t n, unsigned mode, struct err *err);
/*
 * The folder that holds this path, to the disk: a name that was made, changed or taken away there stays so after a loss of
 * power. fs_write and fs_mkdirs do it. File systems that can't are taken for safe.
 */
int fs_sync_dir(const char *path, struct err *err);
/* The bytes of a file that another program wrote, to the disk. */
int fs_sync_file(const char *path, struct err *err);
/* Such a file to its final name: first its bytes, as after a loss of power the name may be there before them. */
int fs_name(const char *made, const char *path, struct err *err);
/* Atomic. */
int fs_copy(const char *from, const char *to, unsigned mode, struct err *err);
/* Like mkdir -p; fine when it exists. */
int fs_mkdirs(const char *path, struct err *err);
/* Fine when absent; follows no link. */
int fs_remove_tree(const char *path, struct err *err);
/* One file; fine when absent. */
int fs_remove(const char *path, struct err *err);
/* TMPDIR, or /tmp; /var/tmp where no program could be run there: builds are tried in such folders. */
const char *fs_tmp(void);
/* errno is of a folder that can't be made there; the error names TMPDIR where that is what is wrong. -1. */
int fs_tmp_fails(const char *path, struct err *err);
/* A fresh private directory below $TMPDIR or /tmp, named prefix-XXXXXX; the caller frees. NULL on failure. */
char *fs_tmpdir(const char *prefix, struct err *err);
/*
 * The same beside `path`, as path.XXXXXX, for what is to be at path once it is whole; and its way there: renamed, over an
 * absent folder or an empty one (the system refuses any other), and synced. What leads to it is made.
 */
char *fs_fresh_beside(const char *path, struct err *err);
int fs_take_place(const char *fresh, const char *path, struct err *err);
/* Each name (not path) in a directory but . and .., in no order; the name is borrowed for the call. */
int fs_each(const char *dir, void (*one)(void *arg, const char *name), void *arg, struct err *err);
/* Names (not paths) in a directory, sorted, without . and ..; a missing directory is an error. */
int fs_list(const char *dir, struct strlist *names, struct err *err);
/* Paths of all regular files below dir, sorted; symbolic links are not followed; dir may be a file itself. */
int fs_walk(const char *dir, struct strlist *paths, struct err *err);
/* One folder that nobody looks for after a loss of power: unlike fs_mkdirs's it isn't synced. */
int fs_mkdir_passing(const char *path, struct err *err);
bool fs_exists(const char *path);
bool fs_is_dir(const char *path);
/* Regular, links followed. */
bool fs_is_file(const char *path);
bool fs_is_exe(const char *path);
/* Why it isn't, for an error, with the mend where that isn't plain. */
const char *fs_not_exe(const char *path);
/* False also where that can't be told. */
bool fs_is_noexec(const char *path);
/* Are these bytes, which have no NUL, anywhere in the file? false where it can't be read. */
bool fs_holds(const char *path, const char *text);
int fs_size(const char *path, uint64_t *size, struct err *err);
/* name wins when absolute; the caller frees. */
char *fs_join(const char *dir, const char *name);
char *fs_dirname(const char *path);
/* Points into path. */
const char *fs_basename(const char *path);
/* The rest of a path below dir; the path itself where it isn't below. By text alone. Points into path. */
const char *fs_below(const char *dir, const char *path);
/* Absolute, without requiring existence; the caller frees. */
char *fs_abspath(const char *path);
/* An absolute path without "//", "." and "..", as text: where its links lead isn't looked at. The caller frees. */
char *fs_tidy(const char *path);
/* The executable of that name on PATH; the caller frees; NULL when there is none. */
char *fs_which(const char *name);
/* The running program's own path. */
char *fs_self(void);

#endif
