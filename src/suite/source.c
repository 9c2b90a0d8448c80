/*
 * What cases are made from: a harness's seeds, corpus and dictionary, read once. Bounded, and spread evenly over what
 * there is, since a corpus may be of any size and the suite has seconds.
 */
#include "base/prelude.h"
#include "suite/source.h"
#include "base/fs.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/mem.h"
#include "cases/spread.h"
#include "corpus/shipped.h"

#define SEED_MAX ((uint64_t)1 << 20)
#define SEEDS_MAX 4096 /* files looked at */
#define NAME_LEN 8     /* digits of a seed's SHA-1 in its cases' names */

static void add_paths(const char *dir, struct strlist *paths)
{
	struct err err = ERR_INIT;

	if (fs_exists(dir) && fs_walk(dir, paths, &err) < 0)
		log_warn("%s", err.msg);
}

static void read_seeds(struct suite_source *s, const struct strlist *paths, size_t max_len)
{
	size_t n = MIN(paths->n, (size_t)SEEDS_MAX), k = 0;

	s->bytes = xcalloc(n + 1, sizeof(*s->bytes));
	s->seeds = xcalloc(n + 1, sizeof(*s->seeds));
	for (size_t i = 0; i < n; i++) {
		const char *path = paths->v[cases_spread(i, n, paths->n)];
		struct buf *b = &s->bytes[k];
		char sha1[SHA1_HEX];

		/* an archive's bytes are no input */
		if (strv_ends(strv_of(path), ".zip") ||
			fs_read(path, MIN((uint64_t)max_len, SEED_MAX), b, NULL) < 0 || !b->len) {
			buf_reset(b);
			continue;
		}
		hash_sha1(b->s, b->len, sha1);
		sha1[NAME_LEN] = '\0';
		if (strlist_has(&s->names, sha1)) {
			buf_reset(b);
			continue;
		}
		strlist_add(&s->names, sha1);
		s->seeds[k] = (struct cases_seed){ s->names.v[k], strv_n(b->s, b->len) };
		k++;
	}
	s->in.n_seeds = k;
}

/* A line that is no token is said, and costs no more than itself. */
static int read_words(const struct config_harness *h, struct dictionary *words, struct err *err)
{
	struct dict_problems problems = { .n = 0 };
	struct buf b = BUF_INIT;
	int rc = dictionary_of_harness(h->dictionary, h->format, words, &problems, err);

	if (problems.faults) {
		dict_problems_words(&b, h->dictionary, &problems);
		log_warn("%s", b.s);
	}
	buf_release(&b);
	dict_problems_release(&problems);
	return rc;
}

static void name_words(struct suite_source *s)
{
	free(s->tokens);
	s->tokens = dictionary_bytes(&s->words);
	s->in.tokens = s->tokens;
	s->in.n_tokens = s->words.n;
}

void suite_source_headless(struct suite_source *s)
{
	arena_release(&s->head_bytes);
	free(s->heads);
	s->heads = NULL;
	s->in.heads = NULL;
	s->in.n_heads = 0;
}

void suite_source_head(struct suite_source *s, struct strv head)
{
	size_t n = s->in.n_heads;

	s->heads = xrealloc(s->heads, (n + 1) * sizeof(*s->heads));
	s->heads[n] = strv_n(arena_strv(&s->head_bytes, head), head.len);
	s->in.heads = s->heads;
	s->in.n_heads = n + 1;
}

static char *heads_key(const struct config_harness *h)
{
	return xasprintf("edge-heads/%s", h->name);
}

/* In hexadecimal digits, since they may hold any byte. */
int suite_source_keep_heads(const struct suite_source *s, struct project *p,
	const struct config_harness *h, struct err *err)
{
	char *key = heads_key(h), hex[2 * HEAD_LEN_MAX + 1];
	struct buf b = BUF_INIT;
	int rc;

	for (size_t i = 0; i < s->in.n_heads; i++) {
		hash_hex((const unsigned char *)s->heads[i].s, s->heads[i].len, hex);
		buf_addf(&b, "%s%s", i ? " " : "", hex);
	}
	rc = store_fact_set(p->store, key, b.len ? b.s : NULL, err);
	buf_release(&b);
	free(key);
	return rc;
}

static int load_heads(
	struct suite_source *s, struct project *p, const struct config_harness *h, struct err *err)
{
	char *key = heads_key(h), *value = NULL;
	int rc = p->store ? store_fact_get(p->store, key, &value, err) : 1;
	struct strv rest = strv_of(rc == 0 ? value : ""), one;
	unsigned char head[HEAD_LEN_MAX];

	while (strv_split(&rest, ' ', &one)) {
		if (!one.len || one.len % 2 || one.len / 2 > sizeof(head))
			continue;
		hash_unhex(one.s, one.len / 2, head);
		suite_source_head(s, strv_n((const char *)head, one.len / 2));
	}
	free(value);
	free(key);
	return MIN(rc, 0);
}

int suite_source_load(struct project *p, const struct config_harness *h, size_t max_len,
	struct suite_source *out, struct err *err)
{
	struct strlist paths = STRLIST_INIT;

	*out = (struct suite_source){ .in = { .format = h->format, .max_len = max_len } };
	for (size_t i = 0; i < h->seeds.n; i++)
		add_paths(h->seeds.v[i], &paths);
	/* without seeds, what earlier suites and campaigns found serves; else cases stay the same */
	if (!paths.n) {
		char *corpus = project_corpus_dir(p, h->name);

		add_paths(corpus, &paths);
		free(corpus);
	}
	read_seeds(out, &paths, max_len);
	strlist_release(&paths);
	if (read_words(h, &out->words, err) < 0 || load_heads(out, p, h, err) < 0) {
		suite_source_release(out);
		return -1;
	}
	out->in.seeds = out->seeds;
	name_words(out);
	return 0;
}

void suite_source_words(struct suite_source *s, const char *path)
{
	struct err err = ERR_INIT;

	if (fs_is_file(path) && dictionary_read(path, NULL, &s->words, NULL, &err) < 0)
		log_debug("%s", err.msg);
	name_words(s);
}

void suite_source_release(struct suite_source *s)
{
	for (size_t i = 0; s->bytes && i <= s->in.n_seeds; i++)
		buf_release(&s->bytes[i]);
	free(s->bytes);
	free(s->seeds);
	free(s->tokens);
	suite_source_headless(s);
	strlist_release(&s->names);
	dictionary_release(&s->words);
	*s = (struct suite_source){ .seeds = NULL };
}
