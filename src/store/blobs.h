/*
 * Bytes in the store, for those who share one: inputs and packed builds by the SHA-1 of their content, and which inputs
 * each harness's corpus has. What comes out was seen to have its name.
 */
#ifndef STORE_BLOBS_H
#define STORE_BLOBS_H

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/strlist.h"

struct store;

struct store_blob {
	const char *sha1;
	const void *p;
	size_t n;
};

/* Those that are there stay as they are. Sorted by their names; of at most some 500 MB each. */
int store_blobs_put(
	struct store *s, const struct store_blob *v, size_t n, bool durable, struct err *err);
int store_blob_put(
	struct store *s, const char *sha1, const void *p, size_t n, bool durable, struct err *err);
/* In place of what was in out. 0, 1 there is none, -1: also what doesn't match its name. */
int store_blob_get(struct store *s, const char *sha1, struct buf *out, struct err *err);
/* Of these names, at most STORE_BLOBS_MAX, those that are there: fn gets each, or NULL bytes of one that doesn't match its name. */
#define STORE_BLOBS_MAX 32
typedef int (*store_blob_fn)(void *arg, const char *sha1, const char *p, size_t n);
int store_blobs_get(struct store *s, const char *const *names, size_t n, store_blob_fn fn,
	void *arg, struct err *err);
/* Those of the names that aren't there, appended. Those that are will be for a day: see store_blobs_unneeded. */
int store_blobs_lacking(
	struct store *s, const struct strlist *names, struct strlist *lacking, struct err *err);

/*
 * A corpus. Each change has a number, from 1, that is greater than those of all changes before it: whoever asks for what came
 * after the last number seen misses nothing. add: of blobs that are there; one that is known, also as gone, stays as it is.
 */
int store_corpus_add(
	struct store *s, const char *harness, const struct strlist *names, struct err *err);
/* They are needed no more: everybody takes them out. */
int store_corpus_drop(
	struct store *s, const char *harness, const struct strlist *names, struct err *err);
/* They are needed after all. */
int store_corpus_revive(
	struct store *s, const char *harness, const struct strlist *names, struct err *err);
/*
 * In the order of changes. Non-zero from fn ends it; fn must not use the store. bytes: with those of an input that is short,
 * so that a look at a few new ones is one way to the server and back; p is NULL for others, to be got by store_blobs_get.
 */
typedef int (*store_corpus_fn)(
	void *arg, const char *sha1, int64_t change, bool gone, const char *p, size_t n);
int store_corpus_since(struct store *s, const char *harness, int64_t change, bool bytes,
	store_corpus_fn fn, void *arg, struct err *err);
/* How many are in it. */
int store_corpus_count(struct store *s, const char *harness, uint64_t *n, struct err *err);

#endif
