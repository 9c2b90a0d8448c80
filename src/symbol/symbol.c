/*
 * Offsets -> names. Each build's answers live in a table of its own, filled from disk when the build is first
 * met and written back at the end; what no table knows is asked of the tool, all of a batch together.
 */
#include "base/prelude.h"
#include "symbol/symbol.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/mem.h"
#include "symbol/cache.h"
#include "symbol/elf.h"
#include "symbol/tool.h"
#include <sys/stat.h>
#include <unistd.h>
#include <uthash.h>

/* 64 bytes in hex, and the NUL */
#define ID_SIZE 129
/* how long a file is taken to be what it was */
#define RECHECK_MS 50

struct table {
	char id[ID_SIZE];
	struct cache cache;
	UT_hash_handle hh;
};

/* A file as it was when last looked at. */
struct module {
	char *path;
	struct stat st;
	/* and can be read: what can't would be cached as unknown */
	bool exists;
	uint64_t checked_ms;
	char id[ID_SIZE];
	UT_hash_handle hh;
};

struct symbolizer {
	char *cache_dir;
	struct table *tables;
	struct module *modules;
	/* looked for at the first miss: a cache that knows all needs none */
	struct tool *tool;
	bool refused; /* lookups went without an answer: see symbol_refused */
	uint64_t misses, timeout_ms;
};

/* A question that no table answers yet. */
struct pending {
	struct module *module;
	struct table *table;
	uint64_t offset;
};

struct symbolizer *symbol_open(const char *cache_dir, struct err *err)
{
	struct symbolizer *s = xcalloc(1, sizeof(*s));

	(void)err; /* kept in the contract: a cache that must be locked could fail */
	s->cache_dir = cache_dir ? xstrdup(cache_dir) : NULL;
	return s;
}

void symbol_set_timeout(struct symbolizer *s, uint64_t ms)
{
	s->timeout_ms = ms;
	if (s->tool)
		tool_set_timeout(s->tool, ms);
}

static struct tool *get_tool(struct symbolizer *s)
{
	if (!s->tool) {
		s->tool = tool_new();
		if (s->timeout_ms)
			tool_set_timeout(s->tool, s->timeout_ms);
	}
	return s->tool;
}

static char *cache_path(const struct symbolizer *s, const struct table *t)
{
	return fs_join(s->cache_dir, t->id);
}

/* Lower case hex of a sane length: the only thing that becomes the name of a file. */
static bool copy_id(char out[ID_SIZE], const char *id)
{
	size_t n = id ? strlen(id) : 0;

	if (n < 8 || n >= ID_SIZE || n % 2)
		return false;
	for (size_t i = 0; i <= n; i++) {
		char c = id[i];

		if (c >= 'A' && c <= 'F')
			c = (char)(c | 32);
		if (c && !(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f'))
			return false;
		out[i] = c;
	}
	return true;
}

static struct table *get_table(struct symbolizer *s, const char *id)
{
	struct table *t;
	char *path;

	HASH_FIND_STR(s->tables, id, t);
	if (t)
		return t;
	t = xcalloc(1, sizeof(*t));
	memcpy(t->id, id, strlen(id) + 1);
	HASH_ADD_STR(s->tables, id, t);
	if (s->cache_dir) {
		path = cache_path(s, t);
		/* addr2line's answers are taken where there is nothing better to ask */
		if (!cache_load(&t->cache, path, true) && fs_exists(path) &&
			(!tool_exists(get_tool(s)) || tool_coarse(get_tool(s))))
			cache_load(&t->cache, path, false);
		free(path);
	}
	return t;
}

/* Without a build id: what tells this file from the next one built in its place. */
static void make_id(const struct module *m, char out[ID_SIZE])
{
	char sha[SHA256_HEX];
	struct hasher *h = hasher_new();

	hasher_adds(h, m->path);
	hasher_add(h, &m->st.st_size, sizeof(m->st.st_size));
	hasher_add(h, &m->st.st_mtim.tv_sec, sizeof(m->st.st_mtim.tv_sec));
	hasher_add(h, &m->st.st_mtim.tv_nsec, sizeof(m->st.st_mtim.tv_nsec));
	hasher_end(h, sha);
	memcpy(out, "none-", 5);
	memcpy(out + 5, sha, sizeof(sha));
}

static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/*
 * The module, looked at anew now and then: a rebuilt one is another build under the old name. Not at each
 * lookup, of which a stack has dozens, since nothing is rebuilt and run within so short a time.
 */
static struct module *get_module(struct symbolizer *s, const char *path)
{
	uint64_t now = clock_mono_ms();
	struct stat st = { 0 };
	struct module *m;
	bool exists;

	HASH_FIND_STR(s->modules, path, m);
	if (m && now - m->checked_ms < RECHECK_MS)
		return m;
	exists = stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, R_OK) == 0;
	if (!m) {
		m = xcalloc(1, sizeof(*m));
		m->path = xstrdup(path);
		HASH_ADD_KEYPTR(hh, s->modules, m->path, strlen(m->path), m);
	} else if (m->exists != exists || (exists && !same_file(&m->st, &st))) {
		if (s->tool)
			tool_forget(s->tool);
	} else {
		m->checked_ms = now;
		return m;
	}
	m->checked_ms = now;
	m->st = st;
	m->exists = exists;
	if (exists && !symbol_build_id(path, m->id, sizeof(m->id)))
		make_id(m, m->id);
	return m;
}

/* Which table answers, and in *p what to ask when it doesn't; p->module NULL: nobody may be asked. */
static struct table *resolve(
	struct symbolizer *s, const struct symbol_request *q, struct pending *p)
{
	struct module *m = NULL;
	char given[ID_SIZE];
	bool known = copy_id(given, q->build_id);

	if (q->module && q->module[0] == '/')
		m = get_module(s, q->module);
	if (!known && (!m || !m->exists))
		return NULL;
	p->table = get_table(s, known ? given : m->id);
	p->module = m && m->exists && (!known || strcmp(given, m->id) == 0) ? m : NULL;
	/* a return address is that of the next line, perhaps of the next function */
	p->offset = q->offset - (q->is_return && q->offset);
	return p->table;
}

static int by_module(const void *a, const void *b)
{
	const struct pending *x = a, *y = b;

	if (x->module != y->module)
		return (uintptr_t)x->module < (uintptr_t)y->module ? -1 : 1;
	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

static void keep_answer(void *arg, uint64_t offset, const struct symbol_frame *frames, size_t n)
{
	cache_put(arg, offset, frames, n);
}

/*
 * Ask for n distinct offsets of one module. Answers go by a list of their own, because only the end of a batch
 * shows whether there were as many answers as questions. Returns how many of them are settled.
 */
static size_t ask_some(struct symbolizer *s, const struct pending *p, size_t n)
{
	uint64_t offsets[TOOL_BATCH];
	struct cache answers = { .n = 0 };
	enum tool_result result;
	bool coarse;
	size_t done;

	for (size_t i = 0; i < n; i++)
		offsets[i] = p[i].offset;
	result = tool_ask(get_tool(s), p->module->path, offsets, n, keep_answer, &answers, &done);
	coarse = tool_coarse(s->tool);
	if (result == TOOL_NONE || result == TOOL_REFUSED) {
		done = n; /* later lookups of the same may find a tool: not marked as lost */
		s->refused |= result == TOOL_REFUSED;
	} else if (result == TOOL_CONFUSED && n > 1) {
		done = 0;
	} else {
		for (size_t i = 0; i < done && result != TOOL_CONFUSED; i++) {
			const struct cache_entry *e = cache_get(&answers, offsets[i]);

			cache_put(&p->table->cache, offsets[i], e->frames, e->n);
			p->table->cache.coarse = p->table->cache.coarse || coarse;
		}
		if (result == TOOL_CONFUSED)
			done = 0;
		if (result != TOOL_OK && done < n)
			cache_put_lost(&p->table->cache, offsets[done++]);
	}
	cache_release(&answers);
	return done;
}

static void ask_all(struct symbolizer *s, const struct pending *p, size_t n)
{
	/* so many are asked one by one, after an answer that made no sense */
	size_t careful = 0;

	for (size_t i = 0, step, done; i < n; i += done) {
		step = 1;
		while (i + step < n && step < TOOL_BATCH && !careful &&
			p[i + step].module == p[i].module)
			step++;
		done = ask_some(s, p + i, step);
		if (!done)
			careful = step;
		else if (careful)
			careful--;
	}
}

void symbol_prefetch(struct symbolizer *s, const struct symbol_request *requests, size_t n)
{
	struct pending *list = xcalloc(n, sizeof(*list));
	size_t pending = 0, unique = 0;

	for (size_t i = 0; i < n; i++) {
		struct pending *p = &list[pending];

		if (resolve(s, &requests[i], p) && p->module &&
			!cache_get(&p->table->cache, p->offset))
			pending++;
	}
	if (pending)
		qsort(list, pending, sizeof(*list), by_module);
	for (size_t i = 0; i < pending; i++)
		if (!unique || by_module(&list[unique - 1], &list[i]) != 0)
			list[unique++] = list[i];
	s->misses += unique;
	ask_all(s, list, unique);
	free(list);
}

bool symbol_refused(struct symbolizer *s)
{
	bool refused = s->refused;

	s->refused = false;
	return refused;
}

size_t symbol_lookup(struct symbolizer *s, const char *module, const char *build_id,
	uint64_t offset, bool is_return, struct symbol_frame *out, size_t max)
{
	const struct symbol_request q = { module, build_id, offset, is_return };
	const struct cache_entry *e;
	struct pending p;
	size_t n;

	if (!resolve(s, &q, &p))
		return 0;
	e = cache_get(&p.table->cache, p.offset);
	if (!e && p.module) {
		s->misses++;
		ask_all(s, &p, 1);
		e = cache_get(&p.table->cache, p.offset);
	}
	n = e ? MIN(e->n, max) : 0;
	for (size_t i = 0; i < n; i++)
		out[i] = e->frames[i];
	return n;
}

void symbol_counts(const struct symbolizer *s, unsigned *started, uint64_t *misses)
{
	if (started)
		*started = s->tool ? tool_started(s->tool) : 0;
	if (misses)
		*misses = s->misses;
}

/* What another process wrote meanwhile is read first, so that neither loses the other's answers. */
static void save_table(const struct symbolizer *s, struct table *t)
{
	struct err err = ERR_INIT;
	char *path;

	if (!s->cache_dir || !t->cache.dirty)
		return;
	path = cache_path(s, t);
	cache_load(&t->cache, path, !t->cache.coarse);
	if (fs_mkdirs(s->cache_dir, &err) < 0 || cache_save(&t->cache, path, &err) < 0)
		log_warn("the symbol cache isn't kept: %s", err.msg);
	free(path);
}

void symbol_close(struct symbolizer *s)
{
	struct table *t;
	struct module *m;

	if (!s)
		return;
	while ((t = s->tables)) {
		HASH_DEL(s->tables, t);
		save_table(s, t);
		cache_release(&t->cache);
		free(t);
	}
	while ((m = s->modules)) {
		HASH_DEL(s->modules, m);
		free(m->path);
		free(m);
	}
	if (s->tool)
		tool_free(s->tool);
	free(s->cache_dir);
	free(s);
}
