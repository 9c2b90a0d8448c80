/*
 * A bug's sites: each has the best input that shows it, and the keys by which it is joined to others. Writes are narrow:
 * none puts back what somebody else has changed since it was read. A bug shows what its leading site shows, the most
 * severe and of these the oldest; these calls keep that so.
 */
#ifndef STORE_SITES_H
#define STORE_SITES_H

#include "base/err.h"
#include "base/strlist.h"
#include "store/records.h"

struct store;

/* 0 found, 1 none, -1. */
int store_site_get(struct store *s, const char *id, struct site_rec *out, struct err *err);
typedef int (*store_site_fn)(void *arg, const struct site_rec *r); /* non-zero stops */
/* Of a bug, by id or alias (NULL: of all), the leading one first. fn may use the store. */
int store_sites(struct store *s, const char *bug, store_site_fn fn, void *arg, struct err *err);

/*
 * A site of r->bug, which must be there. One that is there already keeps its input and what that shows; its bug, home,
 * rule and keys become these, last_ms never goes back, and it isn't gone any more.
 */
int store_site_put(struct store *s, const struct site_rec *r, const struct site_key_rec *keys,
	size_t n, bool *is_new, struct err *err);
/*
 * Another input shows the site: harness, kind, title, severity, security, frames, input, variant, size, minimized, k and
 * n become r's. `was`: the input that r is better than; 1: it's another one by now, and nothing was changed. NULL: whatever.
 */
int store_site_reproducer(struct store *s, const char *id, const char *was,
	const struct site_rec *r, struct err *err);
/* Its input is as small as it gets, or not; it fails in k of n runs; it fails no more. 1: no such site. */
int store_site_minimized(struct store *s, const char *id, bool minimized, struct err *err);
int store_site_odds(struct store *s, const char *id, unsigned k, unsigned n, struct err *err);
int store_site_gone(struct store *s, const char *id, bool gone, struct err *err);
/* Under today's rules it is another's: text and rule become these. 1: a site of that id is there already. */
int store_site_rename(struct store *s, const char *id, const struct site_rec *r, struct err *err);
/* It is, in truth, the site `into`: its findings go there, and it ends. */
int store_site_absorb(struct store *s, const char *id, const char *into, struct err *err);

/* Bugs with a site that has one of these keys, the oldest bug first; by their ids, added to out. */
int store_bugs_by_keys(struct store *s, const struct site_key_rec *keys, size_t n,
	struct strlist *out, struct err *err);
/* What a site has in common with sites of a bug: the first such key's rule and words, which the caller frees. 1: nothing. */
int store_site_common(
	struct store *s, const char *a, const char *b, char **rule, char **text, struct err *err);

#endif
