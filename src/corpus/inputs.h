/*
 * Inputs by content: a folder of files named by the SHA-1 of their bytes. The same layout serves the shared corpus of
 * a harness (flat, which is what the engines read) and the findings' inputs (<state>/inputs).
 */
#ifndef CORPUS_INPUTS_H
#define CORPUS_INPUTS_H

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/strlist.h"

/* Write the bytes unless they are there; *added may be NULL. */
int inputs_put(const char *dir, const void *p, size_t n, char sha1[SHA1_HEX], bool *added,
	struct err *err);
/* The same, of what can be made again after a power cut, and so needn't wait for the disk: a corpus gets hundreds at once. */
int inputs_put_unsynced(const char *dir, const void *p, size_t n, char sha1[SHA1_HEX], bool *added,
	struct err *err);
/* Appended to out; the content is checked against its name. */
int inputs_get(const char *dir, const char *sha1, struct buf *out, struct err *err);
/*
 * The same of a folder that others are at work in: a regular file and no link, of at most max bytes, in place of what was
 * in out. Gone, grown or changed is an error like any other.
 */
int inputs_read(const char *dir, const char *sha1, uint64_t max, struct buf *out, struct err *err);
/* They are in there, whole, under this name. */
bool inputs_hold(const char *dir, const char *sha1, const void *p, size_t n);
/* The caller frees. */
char *inputs_path(const char *dir, const char *sha1);
/* Names of the inputs in a folder, sorted, to an empty list; other files are left out. A folder that isn't there is an error. */
int inputs_list(const char *dir, struct strlist *names, struct err *err);
/* And the names of all else there is, appended, in no order. */
int inputs_list_all(
	const char *dir, struct strlist *names, struct strlist *others, struct err *err);
/* 40 hexadecimal digits: a name of ours, safe as a path component. */
bool inputs_is_name(const char *name);

/*
 * All inputs of dir, in order of their names, into an archive (told by path's name) or a new folder; *n: how many. Whole or
 * not at all; a folder that is there and has something in it is refused.
 */
int inputs_export(const char *dir, const char *path, size_t *n, struct err *err);

#endif
