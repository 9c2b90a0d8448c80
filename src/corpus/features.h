/*
 * What inputs reach: a table in memory, and a cache of it on disk, so that what was measured once isn't run again until
 * the build changes. A feature is a counter and the bucket of its count (counter * 8 + log2 bucket).
 */
#ifndef CORPUS_FEATURES_H
#define CORPUS_FEATURES_H

#include "base/err.h"
#include "base/hash.h"
#include "corpus/cover.h"

enum feature_state {
	/* as far as one run tells */
	FEATURES_ONCE,
	/* two runs said the same */
	FEATURES_STABLE,
	/* two runs differed: what both had is kept */
	FEATURES_UNSTABLE,
	/* the harness returned -1: it has no features */
	FEATURES_REJECTED,
	/* it crashed, hung, leaked or ate memory */
	FEATURES_FAILED,
	/* in no cache: it was measured, and isn't there any more, or its bytes are others now */
	FEATURES_GONE,
};

struct feature_row {
	char sha1[SHA1_HEX];
	enum feature_state state;
	uint64_t size; /* of the input, in bytes */
};

/* Rows and their features, as cover_matrix has them. */
struct feature_table {
	struct feature_row *rows;
	size_t *start; /* n + 1 */
	uint32_t *features;
	size_t n, cap, n_features, cap_features;
};

void feature_table_add(
	struct feature_table *t, const struct feature_row *row, const uint32_t *features, size_t n);
void feature_table_release(struct feature_table *t);
/* Sorted, each once: how many are left. */
size_t feature_set(uint32_t *features, size_t n);

/* --- on disk --- */

/*
 * One file, added to at its end. A record says how long it is and has a sum over its bytes: what a crash or a full disk
 * cut off, or anything else damaged, is as if it had never been measured. It may be deleted at any time.
 */
struct feature_cache;

/* build: names what the features are of, at most 64 letters; a cache of another one, or of another format, is begun anew. */
struct feature_cache *feature_cache_open(const char *path, const char *build);
/* To add to it alone: what is in it isn't read, so that all seems new. Where there is no such file nothing is kept. */
struct feature_cache *feature_cache_unread(const char *path, const char *build);
/* It was measured. */
bool feature_cache_has(const struct feature_cache *c, const char *sha1);
/* True: *row's state and size are filled in, and its features appended to the table. */
bool feature_cache_get(
	const struct feature_cache *c, struct feature_row *row, struct feature_table *into);
/* Remembered, and written by feature_cache_save. */
void feature_cache_put(
	struct feature_cache *c, const struct feature_row *row, const uint32_t *features, size_t n);
/*
 * What was put goes to disk. Where more than half of the file is of none of `live`'s rows, it is written anew with those
 * alone. live NULL: all.
 */
int feature_cache_save(struct feature_cache *c, const struct feature_table *live, struct err *err);
void feature_cache_close(struct feature_cache *c);

#endif
