/* Linking: executables from a harness's object, its library and what the variant needs for an entry point. */
#include "base/prelude.h"
#include "build/internal.h"
#include "base/fs.h"
#include "base/mem.h"
#include <stdio.h>
#include <unistd.h>

#define LINK_MS 600000

static void link_argv(struct work *w, struct job *j)
{
	enum variant v = j->want->v;

	strlist_release(&j->argv);
	strlist_add(&j->argv, variant_cc(w->t, v, j->cxx));
	variant_flags(w->t, v, j->b, true, &j->argv);
	strlist_add(&j->argv, "-o");
	strlist_addf(&j->argv, "%s.new", j->exe);
	strlist_add(&j->argv, j->harness->obj);
	strlist_add(&j->argv, runtime_obj(w->rt, v, j->level));
	if (variants[v].entry == ENTRY_RUNTIME)
		strlist_add(&j->argv, "-Wl,--wrap=__sanitizer_set_report_path"); /* told.c */
	if (variants[v].entry == ENTRY_LIBFUZZER)
		strlist_add(&j->argv, "-Wl," SURVIVE_WRAPS);
	if (j->set->archive)
		strlist_add(&j->argv, j->set->archive);
	for (size_t i = 0; i < j->b->ldflags.n; i++)
		strlist_add(&j->argv, j->b->ldflags.v[i]);
}

static void link_deps(struct work *w, struct job *j, struct strlist *deps)
{
	strlist_add(deps, j->harness->obj);
	strlist_add(deps, runtime_obj(w->rt, j->want->v, j->level));
	if (j->set->archive)
		strlist_add(deps, j->set->archive);
}

static void link_key(struct work *w, struct job *j)
{
	char *identity = compiler_identity(w->t, j->want->v, j->cxx);
	struct hasher *h = hasher_new();

	hasher_adds(h, identity);
	for (size_t i = 0; i < j->argv.n; i++)
		hasher_adds(h, j->argv.v[i]);
	hasher_end(h, j->key);
	free(identity);
}

static void fail_job(struct job *j, const char *what, const char *log)
{
	struct buf b = BUF_INIT;

	blame(&b, strv_of(log), BLAME_LINES, false);
	j->want->rc = err_set(&j->want->err, "%s: %s", what, b.s);
	j->want->result.log = xstrdup(log);
	buf_release(&b);
}

/* Before linking: what can't be linked, and what needn't. */
static void prepare_link(struct work *w, struct job *j)
{
	const char *rt_bad = runtime_bad(w->rt, j->want->v);

	if (j->want->rc < 0 || j->set->scripted)
		return;
	if (j->set->bad) {
		j->want->rc = -1;
		j->want->err = j->set->err;
		j->want->result.log = j->set->log ? xstrdup(j->set->log) : NULL;
	} else if (j->harness->failed) {
		fail_job(j, "doesn't compile", j->harness->log ? j->harness->log : "");
	} else if (rt_bad) {
		fail_job(j, "the runtime doesn't compile", rt_bad);
	} else {
		j->level = runtime_level(j->want->v, j->cxx);
		link_argv(w, j);
		link_key(w, j);
		j->stale = !record_fresh(w->stamps, j->record, j->exe, j->key);
		if (j->stale)
			fs_remove(j->record, NULL);
	}
}

static void finish_link(struct work *w, struct job *j)
{
	struct strlist deps = STRLIST_INIT;
	char *made = xasprintf("%s.new", j->exe);

	stamps_forget(w->stamps, j->exe);
	if (!j->task.ok) {
		unlink(made);
		fail_job(j, "doesn't link", buf_str(&j->task.out));
	} else if (fs_name(made, j->exe, &j->want->err) < 0) {
		j->want->rc = -1;
	} else {
		link_deps(w, j, &deps);
		record_save(w->stamps, j->record, j->key, &deps, j->start_ns);
	}
	j->want->result.ms += j->task.ms;
	buf_release(&j->task.out);
	strlist_release(&deps);
	free(made);
}

/* A target that brings its own malloc, or a function called "send": leave ours out, and with them their faults. */
static bool clashes(const struct job *j)
{
	const struct variant_def *v = &variants[j->want->v];
	unsigned levels = v->entry == ENTRY_RUNTIME     ? RUNTIME_LEVELS
			  : v->entry == ENTRY_LIBFUZZER ? 2
							: 0;

	return !j->task.ok && j->level + 1 < levels &&
	       runtime_clashes(strv_n(buf_str(&j->task.out), j->task.out.len));
}

/* --- by the linker itself --- */

static void holes_of(
	const struct work *w, const struct job *j, const char *made, struct direct_holes *h)
{
	*h = (struct direct_holes){ { made, j->harness->obj,
		runtime_obj(w->rt, j->want->v, j->level), j->set->archive } };
}

/* gcc's driver costs next to nothing. */
static bool is_direct(const struct work *w, const struct job *j)
{
	const char *cc = variant_cc(w->t, j->want->v, j->cxx);

	return variants[j->want->v].family == FAMILY_AFL || cc == w->t->clang ||
	       cc == w->t->clangxx;
}

/* What is remembered of its words; else the driver has to be asked. */
static void look_up(struct work *w, struct job *j)
{
	char *made = xasprintf("%s.new", j->exe);
	char *identity = compiler_identity(w->t, j->want->v, j->cxx);
	struct direct_holes h;

	holes_of(w, j, made, &h);
	strlist_release(&j->direct);
	strlist_release(&j->ask);
	free(j->place);
	/* the project's own words may mean what is below its folder */
	j->place = direct_place(runtime_links(w->rt), identity, &j->argv, variant_env(j->want->v),
		j->b->ldflags.n ? w->c->dir : "", &h);
	if (!direct_load(j->place, &h, &j->direct)) {
		strlist_add_all(&j->ask, &j->argv);
		strlist_add(&j->ask, "-###");
	}
	free(identity);
	free(made);
}

static void take_answer(const struct work *w, struct job *j)
{
	char *made = xasprintf("%s.new", j->exe);
	struct direct_holes h;

	holes_of(w, j, made, &h);
	if (j->task.ok &&
		direct_read(strv_n(buf_str(&j->task.out), j->task.out.len), &h, &j->direct))
		direct_save(j->place, &h, &j->direct);
	buf_release(&j->task.out);
	free(made);
}

static void set_task(const struct work *w, struct job *j, const struct strlist *argv)
{
	buf_release(&j->task.out);
	j->task = (struct pool_task){ .argv = (const char *const *)argv->v,
		.env = variant_env(j->want->v),
		.cwd = w->c->dir,
		.wall_ms = LINK_MS,
		.out = BUF_INIT };
}

/* --- a round --- */

static int ask_drivers(struct work *w, struct job **jobs, size_t n, struct err *err)
{
	struct pool_task **tasks = xcalloc(n + 1, sizeof(struct pool_task *));
	size_t asked = 0;
	int rc;

	for (size_t i = 0; i < n; i++) {
		if (!is_direct(w, jobs[i]))
			continue;
		look_up(w, jobs[i]);
		if (!jobs[i]->ask.n)
			continue;
		set_task(w, jobs[i], &jobs[i]->ask);
		tasks[asked++] = &jobs[i]->task;
	}
	rc = asked ? pool_run(tasks, asked, w->n_jobs, "linking", err) : 0;
	for (size_t i = 0; rc == 0 && i < n; i++)
		if (jobs[i]->ask.n)
			take_answer(w, jobs[i]);
	free(tasks);
	return rc;
}

/* again: those that the linker alone failed at, by the driver. */
static int run_links(struct work *w, struct job **jobs, size_t n, bool again, struct err *err)
{
	struct pool_task **tasks = xcalloc(n + 1, sizeof(struct pool_task *));
	size_t k = 0;
	int rc;

	for (size_t i = 0; i < n; i++) {
		struct job *j = jobs[i];

		if (again && (j->task.ok || !j->direct.n))
			continue;
		if (again)
			fs_remove(j->place, NULL);
		set_task(w, j, j->direct.n && !again ? &j->direct : &j->argv);
		tasks[k++] = &j->task;
	}
	rc = k ? pool_run(tasks, k, w->n_jobs, "linking", err) : 0;
	free(tasks);
	return rc;
}

static int link_round(struct work *w, bool retry, struct err *err)
{
	struct job **jobs = xcalloc(w->n + 1, sizeof(struct job *));
	size_t n = 0;
	int rc;

	for (size_t i = 0; i < w->n; i++) {
		struct job *j = &w->jobs[i];

		if (!j->stale || (retry && !clashes(j)))
			continue;
		if (retry) {
			j->level++;
			link_argv(w, j);
		}
		j->start_ns = wall_ns();
		jobs[n++] = j;
	}
	rc = ask_drivers(w, jobs, n, err);
	if (rc == 0)
		rc = run_links(w, jobs, n, false, err);
	if (rc == 0)
		rc = run_links(w, jobs, n, true, err);
	free(jobs);
	return rc;
}

int link_all(struct work *w, struct err *err)
{
	for (size_t i = 0; i < w->n; i++)
		prepare_link(w, &w->jobs[i]);
	for (unsigned level = 0; level < RUNTIME_LEVELS; level++)
		if (link_round(w, level > 0, err) < 0)
			return -1;
	for (size_t i = 0; i < w->n; i++)
		if (w->jobs[i].stale)
			finish_link(w, &w->jobs[i]);
	return 0;
}
