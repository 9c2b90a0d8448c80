/*
 * Objects: one compilation each, done once per build however many harnesses use it. The compiler itself says what it
 * read (-MD); that, with the command, is what freshness goes by.
 */
#include "base/prelude.h"
#include "build/internal.h"
#include "base/fs.h"
#include "base/mem.h"
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define DEP_MAX ((uint64_t)16 << 20)

struct unit *units_add(struct units *us, const char *src, const char *obj,
	struct strlist *argv_take, const char *const *env, const char *cwd, const char *identity)
{
	struct hasher *h;
	struct unit *u;

	for (size_t i = 0; i < us->n; i++)
		if (strcmp(us->v[i]->obj, obj) == 0) {
			strlist_release(argv_take);
			return us->v[i];
		}
	if (us->n == us->cap) {
		us->cap = us->cap ? us->cap * 2 : 8;
		us->v = xrealloc(us->v, us->cap * sizeof(struct unit *));
	}
	u = us->v[us->n++] = xcalloc(1, sizeof(*u));
	u->src = xstrdup(src);
	u->obj = xstrdup(obj);
	u->dep = xasprintf("%s.d", obj);
	u->record = xasprintf("%s.made", obj);
	u->argv = *argv_take;
	*argv_take = (struct strlist)STRLIST_INIT;
	u->env = env;
	u->cwd = cwd;
	h = hasher_new();
	hasher_adds(h, identity);
	for (size_t i = 0; i < u->argv.n; i++)
		hasher_adds(h, u->argv.v[i]);
	for (; env && *env; env++)
		hasher_adds(h, *env);
	hasher_adds(h, src);
	hasher_end(h, u->key);
	/* behind the key: where things lie says nothing of what they are */
	strlist_add(&u->argv, "-MD");
	strlist_add(&u->argv, "-MF");
	strlist_add(&u->argv, u->dep);
	strlist_add(&u->argv, "-c");
	strlist_add(&u->argv, u->src);
	strlist_add(&u->argv, "-o");
	/* the old object stays until this one is whole */
	strlist_addf(&u->argv, "%s.new", u->obj);
	return u;
}

void unit_wants_words(struct unit *u)
{
	if (u->words)
		return;
	u->words = xasprintf("%s.words", u->obj);
	for (const char *const *e = u->env; e && *e; e++)
		strlist_add(&u->words_env, *e);
	strlist_addf(&u->words_env, "AFL_LLVM_DICT2FILE=%s", u->words);
}

/* What the compiler said it read, as absolute paths. */
static int read_deps(const struct unit *u, struct strlist *deps)
{
	struct strlist raw = STRLIST_INIT;
	struct buf b = BUF_INIT;
	int rc = fs_read(u->dep, DEP_MAX, &b, NULL);

	if (rc == 0)
		rc = deps_parse(strv_n(buf_str(&b), b.len), &raw);
	for (size_t i = 0; i < raw.n; i++)
		strlist_add_take(deps, fs_join(u->cwd ? u->cwd : ".", raw.v[i]));
	strlist_release(&raw);
	buf_release(&b);
	return rc;
}

static void finish(struct unit *u, struct stamps *stamps)
{
	struct strlist deps = STRLIST_INIT;
	char *made = xasprintf("%s.new", u->obj);

	u->failed = !u->task.ok || fs_name(made, u->obj, NULL) < 0;
	if (u->failed) {
		unlink(made);
		u->log = buf_detach(&u->task.out);
	} else if (read_deps(u, &deps) == 0) {
		record_save(stamps, u->record, u->key, &deps, u->start_ns);
	} else {
		/* what it read isn't known: made again next time */
		fs_remove(u->record, NULL);
	}
	stamps_forget(stamps, u->obj);
	unlink(u->dep);
	strlist_release(&deps);
	free(made);
	buf_release(&u->task.out);
}

static void set_task(struct unit *u, const char *const *env)
{
	buf_release(&u->task.out);
	u->task = (struct pool_task){
		.argv = (const char *const *)u->argv.v, .env = env, .cwd = u->cwd, .out = BUF_INIT
	};
}

/* Once more those that failed while their words were taken: the compiler's own fault must cost no build. */
static int without_words(struct units *us, struct pool_task **tasks, unsigned jobs, struct err *err)
{
	size_t n = 0;

	for (size_t i = 0; i < us->n; i++) {
		struct unit *u = us->v[i];

		if (u->fresh || !u->words || u->task.ok)
			continue;
		fs_remove(u->words, NULL);
		set_task(u, u->env);
		tasks[n++] = &u->task;
	}
	return n ? pool_run(tasks, n, jobs, "compiling", err) : 0;
}

int units_make(struct units *us, struct stamps *stamps, unsigned jobs, struct err *err)
{
	struct pool_task **tasks = xcalloc(us->n + 1, sizeof(struct pool_task *));
	size_t n = 0;
	uint64_t start;
	int rc = 0;

	for (size_t i = 0; i < us->n; i++) {
		struct unit *u = us->v[i];

		u->fresh = record_fresh(stamps, u->record, u->obj, u->key);
		if (!u->fresh)
			tasks[n++] = &u->task;
	}
	if (!n)
		goto out;
	start = record_start();
	for (size_t i = 0; i < us->n; i++) {
		struct unit *u = us->v[i];

		if (u->fresh)
			continue;
		u->start_ns = start;
		/* from here on the old object vouches for nothing */
		fs_remove(u->record, NULL);
		/* it is added to */
		if (u->words)
			fs_remove(u->words, NULL);
		set_task(u, u->words ? (const char *const *)u->words_env.v : u->env);
	}
	rc = pool_run(tasks, n, jobs, "compiling", err);
	if (rc == 0)
		rc = without_words(us, tasks, jobs, err);
	for (size_t i = 0; i < us->n; i++)
		if (!us->v[i]->fresh)
			finish(us->v[i], stamps);
out:
	free(tasks);
	return rc;
}

void units_release(struct units *us)
{
	for (size_t i = 0; i < us->n; i++) {
		struct unit *u = us->v[i];

		free(u->src);
		free(u->obj);
		free(u->dep);
		free(u->record);
		strlist_release(&u->argv);
		free(u->words);
		strlist_release(&u->words_env);
		free(u->log);
		buf_release(&u->task.out);
		free(u);
	}
	free(us->v);
	*us = (struct units){ NULL, 0, 0 };
}
