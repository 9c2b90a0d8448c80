/* A sealed file: how many of each, and all of each, as in memory. */
#include "base/prelude.h"
#include "distill/growth.h"
#include "base/hash.h"
#include "base/mem.h"
#include "corpus/cover_dual.h"
#include "distill/sealed.h"

#define MAGIC "thresh growth 1"
#define FILE_MAX ((uint64_t)4 << 30)
#define NAME_LEN ((size_t)20)

/* The body begins with it. */
struct counts {
	uint64_t names, kept, features, unstable;
	uint64_t bytes, rejected;
	uint64_t cost, bound;
	double low;
};

void growth_release(struct growth *g)
{
	buf_release(&g->names);
	strlist_release(&g->kept);
	cover_dual_release(&g->dual);
	free(g->unstable);
	*g = (struct growth)GROWTH_INIT;
}

char *growth_key(const char *build, const struct distill_opts *opts)
{
	/* the best that fits may be another one altogether */
	if (opts->max_bytes || opts->max_files || opts->prefer)
		return NULL;
	return xasprintf("%s %d %d", build, (int)opts->cost, opts->edges_only);
}

void growth_set_names(struct growth *g, const struct strlist *names)
{
	unsigned char packed[NAME_LEN];

	buf_reset(&g->names);
	buf_reserve(&g->names, names->n * NAME_LEN);
	for (size_t i = 0; i < names->n; i++) {
		hash_unhex(names->v[i], NAME_LEN, packed);
		buf_add(&g->names, packed, NAME_LEN);
	}
}

bool growth_fresh(const struct growth *g, const struct strlist *names, struct strlist *fresh)
{
	const char *at = buf_str(&g->names), *end = at + g->names.len;
	unsigned char packed[NAME_LEN];

	for (size_t i = 0; i < names->n; i++) {
		int order;

		hash_unhex(names->v[i], NAME_LEN, packed);
		order = at < end ? memcmp(packed, at, NAME_LEN) : -1;
		if (order > 0)
			return false;
		if (order < 0)
			strlist_add(fresh, names->v[i]);
		else
			at += NAME_LEN;
	}
	return at == end;
}

int growth_save(const char *path, const char *key, const struct growth *g, struct err *err)
{
	const struct cover_dual *d = &g->dual;
	struct counts n = { g->names.len / NAME_LEN, g->kept.n, d->n, g->n_unstable, g->bytes,
		g->rejected, g->cost, g->bound, d->low };
	struct buf body = BUF_INIT;
	unsigned char packed[NAME_LEN];
	int rc;

	buf_add(&body, &n, sizeof(n));
	buf_add(&body, d->prices, d->n * sizeof(*d->prices));
	buf_add(&body, d->features, d->n * sizeof(*d->features));
	buf_add(&body, g->unstable, g->n_unstable * sizeof(*g->unstable));
	for (size_t i = 0; i < g->kept.n; i++) {
		hash_unhex(g->kept.v[i], NAME_LEN, packed);
		buf_add(&body, packed, NAME_LEN);
	}
	buf_add(&body, g->names.s, g->names.len);
	rc = sealed_save(path, MAGIC, key, &body, err);
	buf_release(&body);
	return rc;
}

/* The next n things of `size` bytes; NULL: there aren't so many. */
static const char *take(struct strv *rest, uint64_t n, size_t size)
{
	const char *p = rest->s;

	if (n > rest->len / size)
		return NULL;
	*rest = strv_n(p + n * size, rest->len - (size_t)n * size);
	return p;
}

/* One more, so that none isn't nothing. */
static void *copy(const char *p, uint64_t n, size_t size)
{
	void *v = xcalloc((size_t)n + 1, size);

	memcpy(v, p, (size_t)n * size);
	return v;
}

static bool ascends(const uint32_t *v, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (v[i - 1] >= v[i])
			return false;
	return true;
}

/* The sum was right: only another version of ours could have written what this refuses. */
static bool parse(struct strv rest, struct growth *g)
{
	const char *head = take(&rest, 1, sizeof(struct counts)), *prices, *features, *unstable;
	const char *kept, *names;
	char hex[SHA1_HEX];
	struct counts n;

	if (!head)
		return false;
	memcpy(&n, head, sizeof(n));
	prices = take(&rest, n.features, sizeof(double));
	features = prices ? take(&rest, n.features, sizeof(uint32_t)) : NULL;
	unstable = features ? take(&rest, n.unstable, sizeof(struct unstable)) : NULL;
	kept = unstable ? take(&rest, n.kept, NAME_LEN) : NULL;
	names = kept ? take(&rest, n.names, NAME_LEN) : NULL;
	if (!names || rest.len)
		return false;
	g->dual.n = (size_t)n.features;
	g->dual.low = n.low;
	g->dual.prices = copy(prices, n.features, sizeof(double));
	g->dual.features = copy(features, n.features, sizeof(uint32_t));
	g->n_unstable = (size_t)n.unstable;
	g->unstable = copy(unstable, n.unstable, sizeof(struct unstable));
	for (uint64_t i = 0; i < n.kept; i++) {
		hash_hex((const unsigned char *)kept + i * NAME_LEN, NAME_LEN, hex);
		strlist_add(&g->kept, hex);
	}
	buf_add(&g->names, names, (size_t)n.names * NAME_LEN);
	g->bytes = n.bytes;
	g->rejected = n.rejected;
	g->cost = n.cost;
	g->bound = n.bound;
	return ascends(g->dual.features, g->dual.n);
}

bool growth_load(const char *path, const char *key, struct growth *g)
{
	struct buf b = BUF_INIT;
	struct strv body;
	bool ok = sealed_load(path, MAGIC, key, FILE_MAX, &b, &body) && parse(body, g);

	if (!ok)
		growth_release(g);
	buf_release(&b);
	return ok;
}
