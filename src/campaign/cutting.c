/*
 * Those that end in fewest kinds of bytes come first, over all inputs, so that a short time sees most ways to stop. What was
 * met, and which inputs were looked at, lies beside the harness's corpus, for one build.
 */
#include "base/prelude.h"
#include "campaign/cutting.h"
#include "base/buf.h"
#include "base/dir.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "corpus/cuts.h"
#include "corpus/inputs.h"
#include "engine/handed.h"
#include "engine/variety.h"
#include "proc/lock.h"
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER "cuts"
#define ENDINGS "endings"
#define LOOKED "looked"
#define PREFIXES "prefixes"
/* at once: inputs, their bytes, and those of the file */
#define INPUTS_MAX 4000
#define BYTES_MAX ((size_t)16 << 20)
#define FILE_MAX ((size_t)4 << 20)
/* a longer input isn't cut */
#define INPUT_MAX ((uint64_t)16 << 10)

struct cutting {
	char *dir;
	struct buf endings;
	/* the first line says of which build they are; the others are inputs that were looked at */
	struct strlist looked;
	char *of;
	struct buf *inputs;
	size_t n;
	struct buf out;
	size_t len_max;
};

static char *name_of(const char *exe)
{
	struct stat st;

	if (stat(exe, &st) < 0)
		return NULL;
	return xasprintf("# %lld.%09ld %lld", (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec,
		(long long)st.st_size);
}

static int read_own(struct cutting *c, const char *name, struct buf *out)
{
	char *path = fs_join(c->dir, name);
	int rc = fs_read(path, FS_NO_LIMIT, out, NULL);

	free(path);
	return rc;
}

static int write_own(const struct cutting *c, const char *name, const struct buf *b)
{
	char *path = fs_join(c->dir, name);
	struct err err = ERR_INIT;
	int rc = fs_write(path, buf_str(b), b->len, 0600, &err);

	if (rc < 0)
		log_debug("%s", err.msg);
	free(path);
	return rc;
}

static void load(struct cutting *c)
{
	struct buf b = BUF_INIT;
	struct strv text, line;

	if (read_own(c, LOOKED, &b) == 0) {
		text = strv_n(b.s, b.len);
		if (strv_line(&text, &line) && strv_eqs(line, c->of) &&
			read_own(c, ENDINGS, &c->endings) == 0 && c->endings.len == CUTS_BYTES)
			while (strv_line(&text, &line))
				strlist_add_take(&c->looked, strv_dup(line));
	}
	strlist_sort(&c->looked);
	if (c->endings.len != CUTS_BYTES) {
		buf_reset(&c->endings);
		buf_reserve(&c->endings, CUTS_BYTES);
		memset(c->endings.s, 0, CUTS_BYTES);
		c->endings.len = CUTS_BYTES;
	}
	buf_release(&b);
}

static int save(const struct cutting *c)
{
	struct buf b = BUF_INIT;
	int rc;

	buf_addf(&b, "%s\n", c->of);
	for (size_t i = 0; i < c->looked.n; i++)
		buf_addf(&b, "%s\n", c->looked.v[i]);
	/* the endings first: without them the list would say too much */
	rc = write_own(c, ENDINGS, &c->endings);
	if (rc == 0)
		rc = write_own(c, LOOKED, &b);
	buf_release(&b);
	return rc;
}

static bool is_new(struct cutting *c, struct strv prefix, size_t kinds)
{
	return cuts_is_new((unsigned char *)c->endings.s, prefix, kinds);
}

/* It runs, or did: by how many kinds one looks makes no difference any more. */
static void met(struct cutting *c, struct strv prefix)
{
	for (size_t kinds = CUTS_LEAST; kinds <= CUTS_MOST; kinds++)
		is_new(c, prefix, kinds);
}

/* Those that are new; whole they have been run. False: there are none. */
static bool read_inputs(struct cutting *c, const char *corpus)
{
	struct strlist all = STRLIST_INIT, fresh = STRLIST_INIT;
	size_t bytes = 0;
	bool any;

	if (inputs_list(corpus, &all, NULL) == 0)
		for (size_t i = 0; i < all.n; i++)
			if (!strlist_has_sorted(&c->looked, all.v[i]))
				strlist_add(&fresh, all.v[i]);
	c->inputs = xcalloc(fresh.n + 1, sizeof(*c->inputs));
	for (size_t i = 0; i < fresh.n && c->n < INPUTS_MAX && bytes < BYTES_MAX; i++) {
		struct buf *b = &c->inputs[c->n];
		char *path = fs_join(corpus, fresh.v[i]);

		if (dir_read_path(path, INPUT_MAX, b, NULL) == 0 && b->len) {
			met(c, strv_n(b->s, b->len));
			bytes += b->len;
			c->n++;
		} else {
			buf_reset(b);
		}
		strlist_add(&c->looked, fresh.v[i]);
		free(path);
	}
	any = fresh.n > 0;
	strlist_release(&fresh);
	strlist_release(&all);
	return any;
}

static void add_prefixes(struct cutting *c, const struct buf *b, size_t kinds)
{
	for (size_t len = 1; len < b->len && len <= c->len_max && c->out.len < FILE_MAX; len++) {
		if (!is_new(c, strv_n(b->s, len), kinds))
			continue;
		handed_add(&c->out, b->s, len);
		met(c, strv_n(b->s, len));
	}
}

/* A slice of short inputs would drop longer ones. */
static void find_longest(struct cutting *c, const char *corpus)
{
	int dir = dir_open(corpus, NULL);
	uint64_t most = dir < 0 ? 0 : variety_short_len(dir, 0);

	if (dir >= 0)
		close(dir);
	c->len_max = most ? (size_t)most : SIZE_MAX;
}

static bool make(struct cutting *c, const char *corpus)
{
	load(c);
	if (!read_inputs(c, corpus))
		return false;
	find_longest(c, corpus);
	for (size_t kinds = CUTS_LEAST; kinds <= CUTS_MOST; kinds++)
		for (size_t i = 0; i < c->n; i++)
			add_prefixes(c, &c->inputs[i], kinds);
	/* they first: what is noted as given is given */
	if (c->out.len && write_own(c, PREFIXES, &c->out) < 0)
		return false;
	return save(c) == 0 && c->out.len;
}

char *cutting_make(const struct project *p, const struct config_harness *h, const char *exe)
{
	struct cutting c = { .dir = project_work_dir(p, h->name, FOLDER), .of = name_of(exe) };
	char *corpus = project_corpus_dir(p, h->name), *path = fs_join(c.dir, PREFIXES);
	char *lock_path = fs_join(c.dir, "lock");
	struct err err = ERR_INIT;
	bool held = false, given = false;
	int lock = -1;

	if (c.of && fs_mkdirs(c.dir, &err) == 0)
		lock = lock_try(lock_path, &held, &err);
	if (lock >= 0)
		given = fs_is_file(path) || make(&c, corpus);
	else if (*err.msg)
		log_debug("%s", err.msg);
	if (lock >= 0)
		close(lock);
	for (size_t i = 0; c.inputs && i <= c.n; i++)
		buf_release(&c.inputs[i]);
	free(c.inputs);
	strlist_release(&c.looked);
	buf_release(&c.endings);
	buf_release(&c.out);
	free(c.of);
	free(c.dir);
	free(corpus);
	free(lock_path);
	if (!given) {
		free(path);
		path = NULL;
	}
	return path;
}
