/*
 * New ones are found by asking for what changed since the last change seen. What is known of a corpus is kept in memory: a
 * process that starts anew learns all of its names once, and reads no bytes that its folder has.
 */
#include "base/prelude.h"
#include "depot/corpora.h"
#include "base/dir.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "corpus/inputs.h"
#include <unistd.h>
#include <uthash.h>

#define INPUT_MAX ((uint64_t)64 << 20)
#define BATCH_BYTES ((size_t)8 << 20)
#define BATCH 256

struct name {
	char sha1[SHA1_HEX];
	bool came; /* from there */
	bool gone; /* by the store's last word */
	UT_hash_handle hh;
};

struct corpus {
	char *harness, *dir;
	int64_t seen;       /* the last change */
	struct name *names; /* that the store knows, also as gone */
	UT_hash_handle hh;
};

struct depot {
	struct project *p;
	/* what is in the folder is right, whatever the store says */
	bool revives;
	struct corpus *corpora;
};

struct depot *depot_open(struct project *p)
{
	struct depot *d;

	if (!store_is_shared(p->store))
		return NULL;
	d = xcalloc(1, sizeof(*d));
	d->p = p;
	return d;
}

static void corpus_free(struct corpus *c)
{
	struct name *n, *next;

	HASH_ITER(hh, c->names, n, next)
	{
		HASH_DEL(c->names, n);
		free(n);
	}
	free(c->harness);
	free(c->dir);
	free(c);
}

void depot_close(struct depot *d)
{
	struct corpus *c, *next;

	if (!d)
		return;
	HASH_ITER(hh, d->corpora, c, next)
	{
		HASH_DEL(d->corpora, c);
		corpus_free(c);
	}
	free(d);
}

static struct corpus *corpus_of(struct depot *d, const char *harness)
{
	struct corpus *c;

	HASH_FIND_STR(d->corpora, harness, c);
	if (c)
		return c;
	c = xcalloc(1, sizeof(*c));
	c->harness = xstrdup(harness);
	c->dir = project_corpus_dir(d->p, harness);
	HASH_ADD_KEYPTR(hh, d->corpora, c->harness, strlen(c->harness), c);
	return c;
}

static bool knows(const struct corpus *c, const char *sha1)
{
	struct name *n;

	HASH_FIND_STR(c->names, sha1, n);
	return n != NULL;
}

static struct name *learn(struct corpus *c, const char *sha1)
{
	struct name *n;

	HASH_FIND_STR(c->names, sha1, n);
	if (n)
		return n;
	n = xcalloc(1, sizeof(*n));
	memcpy(n->sha1, sha1, SHA1_HEX - 1);
	HASH_ADD_STR(c->names, sha1, n);
	return n;
}

bool depot_came(struct depot *d, const char *harness, const char *sha1)
{
	struct name *n = NULL;

	if (d)
		HASH_FIND_STR(corpus_of(d, harness)->names, sha1, n);
	return n && n->came;
}

/* --- in --- */

struct arriving {
	struct corpus *c;
	int dir; /* -1: not open yet */
	struct err *err;
	int rc;
};

static bool is_here(const struct corpus *c, const char *sha1)
{
	char *path = inputs_path(c->dir, sha1);
	bool is = fs_exists(path);

	free(path);
	return is;
}

static int one_arrives(void *arg, const char *sha1, const char *p, size_t n)
{
	struct arriving *a = arg;
	char *here = xasprintf("%s/.", a->c->dir); /* which may be a link to one elsewhere */

	/* not synced, as what is written anew from the store costs nothing but time */
	if (a->dir < 0)
		a->rc = fs_mkdirs(a->c->dir, a->err) < 0 || (a->dir = dir_open(here, a->err)) < 0
				? -1
				: 0;
	if (a->rc == 0 && !p)
		log_warn("%s: input %s of the store doesn't match its name: damaged, or put there "
			 "by somebody else; it isn't used",
			a->c->harness, sha1);
	else if (a->rc == 0 && (a->rc = dir_write(a->dir, sha1, p, n, a->err)) == 0)
		learn(a->c, sha1)->came = true;
	free(here);
	return a->rc;
}

struct news {
	struct arriving in;
	struct strlist come, gone, back;
	int64_t seen;
};

static int one_change(
	void *arg, const char *sha1, int64_t change, bool gone, const char *p, size_t len)
{
	struct news *n = arg;

	strlist_add(gone ? &n->gone : &n->come, sha1);
	n->seen = MAX(n->seen, change);
	learn(n->in.c, sha1)->gone = gone;
	if (!gone && p && !is_here(n->in.c, sha1))
		return one_arrives(&n->in, sha1, p, len);
	return 0;
}

/* Those that didn't come with the news. */
static int fetch(struct depot *d, struct arriving *a, const struct strlist *names, struct err *err)
{
	const char *want[STORE_BLOBS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < names->n && a->rc == 0; i++) {
		if (!is_here(a->c, names->v[i]))
			want[n++] = names->v[i];
		if ((n == STORE_BLOBS_MAX || i + 1 == names->n) && n) {
			if (store_blobs_get(d->p->store, want, n, one_arrives, a, err) < 0)
				a->rc = -1;
			n = 0;
		}
	}
	return a->rc;
}

static int pull(struct depot *d, struct corpus *c, struct err *err)
{
	struct news n = { .in = { c, -1, err, 0 }, .seen = c->seen };
	/* at first much may be here already */
	int rc = store_corpus_since(
		d->p->store, c->harness, c->seen, c->seen > 0, one_change, &n, err);

	if (rc == 0)
		rc = n.in.rc;
	if (rc == 0)
		rc = fetch(d, &n.in, &n.come, err);
	for (size_t i = 0; rc == 0 && i < n.gone.n; i++) {
		char *path = inputs_path(c->dir, n.gone.v[i]);
		/* one page may say so, and a later one that it is needed after all */
		bool gone = learn(c, n.gone.v[i])->gone;

		if (gone && !d->revives)
			rc = fs_remove(path, err);
		else if (gone && fs_exists(path))
			strlist_add(&n.back, n.gone.v[i]);
		free(path);
	}
	if (rc == 0)
		rc = store_corpus_revive(d->p->store, c->harness, &n.back, err);
	if (rc == 0)
		c->seen = n.seen;
	if (n.in.dir >= 0)
		close(n.in.dir);
	strlist_release(&n.come);
	strlist_release(&n.gone);
	strlist_release(&n.back);
	return rc;
}

/* --- out --- */

struct batch {
	struct strlist names;
	struct buf bytes[BATCH];
	size_t total;
};

static int give(struct depot *d, struct corpus *c, struct batch *b, struct err *err)
{
	struct store_blob blobs[BATCH];
	int rc;

	for (size_t i = 0; i < b->names.n; i++)
		blobs[i] = (struct store_blob){ b->names.v[i], buf_str(&b->bytes[i]),
			b->bytes[i].len };
	rc = store_blobs_put(d->p->store, blobs, b->names.n, false, err);
	if (rc == 0)
		rc = store_corpus_add(d->p->store, c->harness, &b->names, err);
	for (size_t i = 0; i < b->names.n; i++) {
		if (rc == 0)
			learn(c, b->names.v[i]);
		buf_release(&b->bytes[i]);
	}
	strlist_release(&b->names);
	b->total = 0;
	return rc;
}

static int push(struct depot *d, struct corpus *c, struct err *err)
{
	struct batch *b = xcalloc(1, sizeof(*b));
	struct strlist names = STRLIST_INIT;
	int rc = fs_is_dir(c->dir) ? inputs_list(c->dir, &names, err) : 0;

	for (size_t i = 0; rc == 0 && i < names.n; i++) {
		size_t at = b->names.n;

		if (knows(c, names.v[i]))
			continue;
		/* being written, taken away or none of an engine's: not now */
		if (inputs_read(c->dir, names.v[i], INPUT_MAX, &b->bytes[at], NULL) < 0) {
			buf_release(&b->bytes[at]);
			continue;
		}
		strlist_add(&b->names, names.v[i]);
		b->total += b->bytes[at].len;
		if (b->names.n == BATCH || b->total >= BATCH_BYTES)
			rc = give(d, c, b, err);
	}
	if (rc == 0 && b->names.n)
		rc = give(d, c, b, err);
	for (size_t i = 0; i < b->names.n; i++)
		buf_release(&b->bytes[i]);
	strlist_release(&b->names);
	strlist_release(&names);
	free(b);
	return rc;
}

int depot_sync(struct depot *d, const char *harness, struct err *err)
{
	struct corpus *c;

	if (!d || !*harness)
		return 0;
	c = corpus_of(d, harness);
	return pull(d, c, err) < 0 || push(d, c, err) < 0 ? -1 : 0;
}

void depot_forget(struct depot *d, const char *harness)
{
	struct corpus *c = NULL;

	if (d)
		HASH_FIND_STR(d->corpora, harness, c);
	if (!c)
		return;
	HASH_DEL(d->corpora, c);
	corpus_free(c);
}

int depot_drop(struct project *p, const char *harness, const struct strlist *names, struct err *err)
{
	return store_is_shared(p->store) ? store_corpus_drop(p->store, harness, names, err) : 0;
}

static int sync_once(struct project *p, const char *harness, bool revives, struct err *err)
{
	struct depot *d = depot_open(p);
	int rc;

	if (d)
		d->revives = revives;
	rc = depot_sync(d, harness, err);
	depot_close(d);
	return rc;
}

int depot_bring(struct project *p, const char *harness, struct err *err)
{
	return sync_once(p, harness, false, err);
}

int depot_give(struct project *p, const char *harness, struct err *err)
{
	return sync_once(p, harness, true, err);
}
