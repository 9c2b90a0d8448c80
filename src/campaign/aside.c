/* An input is in both folders for a moment, and never in none; so it is with what a shared store knows. */
#include "base/prelude.h"
#include "campaign/aside.h"
#include "base/fs.h"
#include "base/mem.h"
#include "corpus/inputs.h"
#include "depot/corpora.h"

void aside_open(struct aside *a, struct project *p, const char *harness)
{
	*a = (struct aside){ .p = p, .harness = harness };
	a->name = project_aside_name(harness);
	a->dir = project_corpus_dir(p, a->name);
	a->corpus = project_corpus_dir(p, harness);
}

static int move(const char *from, const char *to, const char *sha1, const void *data, size_t n,
	struct strlist *moved, struct err *err)
{
	char is[SHA1_HEX], *path;
	int rc = inputs_put(to, data, n, is, NULL, err);

	if (rc == 0) {
		path = fs_join(from, sha1);
		rc = fs_remove(path, err);
		free(path);
	}
	/* by what it is: an engine may have written anew what had its name */
	if (rc == 0)
		strlist_add(moved, is);
	return rc;
}

int aside_put(struct aside *a, const char *sha1, const void *data, size_t n, struct err *err)
{
	return move(a->corpus, a->dir, sha1, data, n, &a->in, err);
}

int aside_keep(struct aside *a, const void *data, size_t n, struct err *err)
{
	char sha1[SHA1_HEX], *path;
	bool is;

	hash_sha1(data, n, sha1);
	path = fs_join(a->corpus, sha1);
	is = fs_exists(path);
	free(path);
	return is ? inputs_put(a->dir, data, n, sha1, NULL, err) : 0;
}

int aside_return(struct aside *a, const char *sha1, const void *data, size_t n, struct err *err)
{
	return move(a->dir, a->corpus, sha1, data, n, &a->back, err);
}

/*
 * What is in this folder is never taken out by what others say: run once too often it costs nothing. Mostly there is nothing,
 * or nothing new: one question. here: how many there are. 1: all of it was asked for.
 */
static int bring(struct aside *a, bool all, size_t here, struct err *err)
{
	uint64_t n = here;

	if (!store_is_shared(a->p->store))
		return 0;
	if (!all && store_corpus_count(a->p->store, a->name, &n, err) < 0)
		return -1;
	if (!all && n == here)
		return 0;
	return depot_give(a->p, a->name, err) < 0 ? -1 : 1;
}

static int list(const struct aside *a, struct strlist *names, struct err *err)
{
	strlist_release(names);
	return fs_is_dir(a->dir) ? inputs_list(a->dir, names, err) : 0;
}

int aside_list(struct aside *a, bool anew, struct strlist *names, struct err *err)
{
	int rc = list(a, names, err);

	if (rc == 0)
		rc = bring(a, anew, names->n, err);
	return rc == 1 ? list(a, names, err) : rc;
}

int aside_tell(struct aside *a, struct err *err)
{
	struct store *s = a->p->store;

	if (!store_is_shared(s))
		return 0;
	if (a->in.n && (depot_give(a->p, a->name, err) < 0 ||
			       depot_drop(a->p, a->harness, &a->in, err) < 0))
		return -1;
	/* what the store doesn't know any more is new to it, and given like any other */
	if (a->back.n && (store_corpus_revive(s, a->harness, &a->back, err) < 0 ||
				 depot_drop(a->p, a->name, &a->back, err) < 0))
		return -1;
	return 0;
}

void aside_close(struct aside *a)
{
	free(a->name);
	free(a->dir);
	free(a->corpus);
	strlist_release(&a->in);
	strlist_release(&a->back);
	*a = (struct aside){ 0 };
}
