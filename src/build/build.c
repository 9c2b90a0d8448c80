/*
 * Variants, from what is declared to what can be run. All wants of a call go through the same steps together: resolve,
 * lock, compile what isn't fresh (one pool for everything), archive, run scripts, link. What fails is told for the harnesses
 * that it is of, and the others go on: rc is -1 only where nothing could be built at all.
 *
 * A set is a library in one variant, shared by all harnesses that are linked with it; a unit is one compiled file. Beside each
 * thing that is made lies a record of what it was made from (deps.c), which decides whether it is fresh.
 *
 *   <state>/build/<target>/.<variant>/      objects and records of a library and its harnesses; the lock
 *   <state>/build/<target>/<variant>/       the executables
 *   <state>/build/.runtime/                 what is linked into them
 */
#include "base/prelude.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "build/internal.h"
#include <glob.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define ARCHIVE_MS 600000

static const char *target_dir_name(const struct config_build *b)
{
	return b->name && *b->name ? b->name : "_";
}

/* Of the executables; with dot: of what they are made of. */
static char *variant_dir(
	const struct config *c, const struct config_build *b, enum variant v, bool dot)
{
	return xasprintf("%s/build/%s/%s%s", c->state_dir, target_dir_name(b), dot ? "." : "",
		variants[v].name);
}

char *build_path(const struct config *c, const struct config_harness *h,
	const struct config_build *override, enum variant v)
{
	char *dir = variant_dir(c, override ? override : h->build, v, false);
	char *path = fs_join(dir, h->name);

	free(dir);
	return path;
}

/* Two sources may have the same name in different directories. */
static char *object_path(const char *dir, const char *kind, const char *src)
{
	char id[SHA1_HEX];

	hash_sha1(src, strlen(src), id);
	id[10] = '\0';
	return xasprintf("%s/%s-%s-%s.o", dir, kind, fs_basename(src), id);
}

void build_words(const struct config *c, const struct config_harness *h, struct strlist *paths)
{
	char *dir = variant_dir(c, h->build, VARIANT_AFL, true);
	char *own = h->source ? object_path(dir, "harness", h->source) : NULL;
	struct strlist names = STRLIST_INIT;

	fs_list(dir, &names, NULL);
	for (size_t i = 0; i < names.n; i++) {
		struct strv name = strv_of(names.v[i]),
			    whole = strv_of(own ? fs_basename(own) : "");

		if (!strv_ends(name, ".words"))
			continue;
		if (strv_starts(name, "lib-") || strv_eqs(name, SCRIPT_WORDS) ||
			(whole.len && strv_starts(name, whole.s)))
			strlist_add_take(paths, fs_join(dir, names.v[i]));
	}
	strlist_release(&names);
	free(own);
	free(dir);
}

void build_result_release(struct build_result *r)
{
	free(r->exe);
	free(r->log);
	*r = (struct build_result){ 0 };
}

/* --- resolve --- */

static struct set *set_of(struct work *w, const struct config_build *b, enum variant v)
{
	char *dir = variant_dir(w->c, b, v, true);
	struct set *s;

	for (size_t i = 0; i < w->n_sets; i++)
		if (strcmp(w->sets[i]->dir, dir) == 0) {
			free(dir);
			return w->sets[i];
		}
	if (w->n_sets == w->cap_sets) {
		w->cap_sets = w->cap_sets ? w->cap_sets * 2 : 8;
		w->sets = xrealloc(w->sets, w->cap_sets * sizeof(struct set *));
	}
	s = w->sets[w->n_sets++] = xcalloc(1, sizeof(*s));
	s->c = w->c;
	s->b = b;
	s->v = v;
	s->dir = dir;
	s->lock = -1;
	s->scripted = b->script != NULL;
	return s;
}

/* "-std=gnu99", which no C++ compiler takes. */
static bool is_c_dialect(const char *flag)
{
	return strncmp(flag, "-std=", 5) == 0 && !strstr(flag, "++");
}

/* The compiler and everything before the project's own words. */
static void compile_argv(const struct work *w, const struct config_build *b, enum variant v,
	const char *src, struct strlist *argv)
{
	bool cxx = is_cxx(src);
	const struct config_strs *own = cxx && b->cxxflags.n ? &b->cxxflags : &b->cflags;

	strlist_add(argv, variant_cc(w->t, v, cxx));
	variant_flags(w->t, v, b, false, argv);
	for (size_t i = 0; i < b->include.n; i++)
		strlist_addf(argv, "-I%s", b->include.v[i]);
	for (size_t i = 0; i < own->n; i++) {
		/* of a library in C, for a harness in C++ */
		if (cxx && own == &b->cflags && is_c_dialect(own->v[i]))
			continue;
		/* the check needs type information, and clang takes the two together for an error */
		if (cxx && strcmp(own->v[i], "-fno-rtti") == 0 && variants[v].address)
			strlist_add(argv, "-fno-sanitize=vptr");
		strlist_add(argv, own->v[i]);
	}
}

static struct unit *add_unit(struct work *w, struct set *s, const char *src, const char *kind)
{
	struct strlist argv = STRLIST_INIT;
	char *obj = object_path(s->dir, kind, src), *identity;
	struct unit *u;

	identity = compiler_identity(w->t, s->v, is_cxx(src));
	compile_argv(w, s->b, s->v, src, &argv);
	u = units_add(&w->units, src, obj, &argv, variant_env(s->v), w->c->dir, identity);
	if (s->v == VARIANT_AFL && w->t->has_dict2file)
		unit_wants_words(u);
	free(identity);
	free(obj);
	return u;
}

static int expand_sources(const struct config_build *b, struct strlist *out, struct err *err)
{
	for (size_t i = 0; i < b->sources.n; i++) {
		glob_t g = { 0 };
		int e = glob(b->sources.v[i], 0, NULL, &g);

		for (size_t k = 0; e == 0 && k < g.gl_pathc; k++)
			strlist_add_once(out, g.gl_pathv[k]);
		globfree(&g);
		if (e != 0)
			return err_usage(err,
				"build.sources: %s: no such file; correct the pattern, or get the "
				"source",
				b->sources.v[i]);
	}
	for (size_t i = 0; i < out->n; i++)
		if (!is_source(out->v[i]))
			return err_usage(
				err, "build.sources: %s: not a C or C++ source file", out->v[i]);
	return 0;
}

static void add_library(struct work *w, struct set *s)
{
	struct strlist sources = STRLIST_INIT;

	if (s->objs || s->bad || s->scripted)
		return;
	if (expand_sources(s->b, &sources, &s->err) < 0) {
		s->bad = true;
		goto out;
	}
	s->objs = xcalloc(sources.n + 1, sizeof(struct unit *));
	for (size_t i = 0; i < sources.n; i++) {
		if (is_cxx(sources.v[i]) && !variant_cc(w->t, s->v, true)) {
			s->bad = true;
			err_set(&s->err, "%s: no C++ compiler for it", sources.v[i]);
			break;
		}
		s->objs[s->n_objs++] = add_unit(w, s, sources.v[i], "lib");
	}
	if (s->n_objs)
		s->archive = fs_join(s->dir, "lib.a");
out:
	strlist_release(&sources);
}

static bool library_has_cxx(const struct set *s)
{
	for (size_t i = 0; i < s->n_objs; i++)
		if (is_cxx(s->objs[i]->src))
			return true;
	return false;
}

static int resolve_source(struct work *w, struct job *j)
{
	const struct config_harness *h = j->want->h;
	struct err *err = &j->want->err;

	if (!h->source)
		return err_usage(
			err, "no source; name one in thresh.yaml, or build it by a script");
	if (!fs_is_file(h->source))
		return err_usage(err, "%s: no such file; correct `source` in thresh.yaml (line %u)",
			h->source, h->line);
	if (!is_source(h->source))
		return err_usage(err, "%s: not a C or C++ source file", h->source);
	if (is_cxx(h->source) && !variant_cc(w->t, j->want->v, true))
		return err_set(err, "%s: no C++ compiler for it", h->source);
	add_library(w, j->set);
	/* said later, for each harness of it */
	if (j->set->bad)
		return 0;
	j->harness = add_unit(w, j->set, h->source, "harness");
	j->cxx = is_cxx(h->source) || library_has_cxx(j->set);
	return 0;
}

static int resolve(struct work *w, struct job *j)
{
	const struct config_harness *h = j->want->h;
	struct err *err = &j->want->err;
	const char *lacks = toolchain_lacks(w->t, j->want->v);

	j->b = j->want->override ? j->want->override : h->build;
	/* names were checked when the project was read; this one becomes a path */
	if (!*h->name || *h->name == '.' || strchr(h->name, '/'))
		return err_usage(err, "not a name that a file can have");
	if (lacks)
		return err_set(err, "%s isn't there; `thresh doctor` says how to get it", lacks);
	if (!w->t->ar)
		return err_set(err, "ar isn't there; `thresh doctor` says how to get it");
	if (!build_wants(j->b, j->want->v))
		return err_usage(err, "\"memory\" isn't among the project's sanitizers");
	j->exe = build_path(w->c, h, j->want->override, j->want->v);
	j->set = set_of(w, j->b, j->want->v);
	j->record = xasprintf("%s/exe-%s.made", j->set->dir, h->name);
	return j->b->script ? 0 : resolve_source(w, j);
}

/* --- locks --- */

static int by_dir(const void *a, const void *b)
{
	return strcmp((*(struct set *const *)a)->dir, (*(struct set *const *)b)->dir);
}

/* In one order everywhere, so that two builds can't wait for each other. */
static int lock_sets(struct work *w, struct err *err)
{
	if (w->n_sets)
		qsort(w->sets, w->n_sets, sizeof(struct set *), by_dir);
	for (size_t i = 0; i < w->n_sets; i++) {
		struct set *s = w->sets[i];
		char *out = variant_dir(w->c, s->b, s->v, false);
		int rc = fs_mkdirs(out, err);

		free(out);
		if (rc < 0 || fs_mkdirs(s->dir, err) < 0 || lock_dir(s->dir, &s->lock, err) < 0)
			return -1;
	}
	return 0;
}

/* --- archives --- */

static void set_failed(struct set *s, const char *what, struct strv log)
{
	struct buf b = BUF_INIT;

	blame(&b, log, BLAME_LINES, false);
	s->bad = true;
	err_set(&s->err, "%s: %s", what, b.s);
	free(s->log);
	s->log = strv_dup(log);
	buf_release(&b);
}

static void archive_key(const struct work *w, const struct set *s, char key[SHA256_HEX])
{
	struct hasher *h = hasher_new();

	hasher_adds(h, w->t->ar);
	for (size_t i = 0; i < s->n_objs; i++)
		hasher_adds(h, s->objs[i]->obj);
	hasher_end(h, key);
}

/* Objects that a compiler's plugin has to be asked about: what they define is known at the end of linking only. */
static bool wants_plugin(const struct set *s)
{
	for (size_t i = 0; i < s->n_objs; i++)
		for (size_t k = 0; k < s->objs[i]->argv.n; k++)
			if (strncmp(s->objs[i]->argv.v[k], "-flto", 5) == 0)
				return true;
	return false;
}

/* GNU ar loads all plugins that there are, one of which is LLVM, unless it is given one: that is most of what it costs. */
static int archive(struct work *w, struct set *s, const char *made, bool without_plugins,
	struct pool_task *task, struct err *err)
{
	struct strlist argv = STRLIST_INIT;
	struct pool_task *tasks[1] = { task };
	int rc;

	strlist_add(&argv, w->t->ar);
	strlist_add(&argv, "rcs");
	if (without_plugins)
		strlist_add(&argv, "--plugin=/dev/null");
	strlist_add(&argv, made);
	for (size_t i = 0; i < s->n_objs; i++)
		strlist_add(&argv, s->objs[i]->obj);
	/* ar adds to an archive that is there */
	unlink(made);
	buf_release(&task->out);
	*task = (struct pool_task){
		.wall_ms = ARCHIVE_MS, .argv = (const char *const *)argv.v, .out = BUF_INIT
	};
	rc = pool_run(tasks, 1, 1, "archiving", err);
	task->argv = NULL;
	strlist_release(&argv);
	return rc;
}

static int make_archive(struct work *w, struct set *s, struct err *err)
{
	struct strlist deps = STRLIST_INIT;
	struct pool_task task = { .out = BUF_INIT };
	char *record = xasprintf("%s.made", s->archive), *made = xasprintf("%s.new", s->archive);
	char key[SHA256_HEX];
	uint64_t start = wall_ns();
	int rc = 0;

	archive_key(w, s, key);
	if (record_fresh(w->stamps, record, s->archive, key))
		goto out;
	for (size_t i = 0; i < s->n_objs; i++)
		strlist_add(&deps, s->objs[i]->obj);
	fs_remove(record, NULL);
	if (!wants_plugin(s))
		rc = archive(w, s, made, true, &task, err);
	/* another ar than GNU's knows no such option */
	if (rc == 0 && !task.ok)
		rc = archive(w, s, made, false, &task, err);
	if (rc == 0 && (!task.ok || fs_name(made, s->archive, NULL) < 0))
		set_failed(s, "the library can't be archived",
			strv_n(buf_str(&task.out), task.out.len));
	else if (rc == 0)
		record_save(w->stamps, record, key, &deps, start);
	stamps_forget(w->stamps, s->archive);
out:
	strlist_release(&deps);
	buf_release(&task.out);
	free(record);
	free(made);
	return rc;
}

/* The target defines a function that a part of the runtime defines, too. */
static bool script_clashes(const struct set *s)
{
	return s->bad && variants[s->v].entry == ENTRY_RUNTIME &&
	       runtime_clashes(strv_of(s->log ? s->log : ""));
}

/* What is there is fine at any level of the runtime; else the most of it that the target leaves room for. */
static int make_scripted(struct work *w, struct set *s, struct err *err)
{
	unsigned least = runtime_level(s->v, true);
	int rc = 0;

	for (unsigned l = least; l < RUNTIME_LEVELS && !s->bad && !s->script_fresh; l++)
		if (script_make(s, w->t, w->rt, l, true, w->stamps, err) < 0)
			return -1;
	if (s->bad || s->script_fresh)
		return 0;
	for (unsigned l = least; l < RUNTIME_LEVELS; l++) {
		rc = script_make(s, w->t, w->rt, l, false, w->stamps, err);
		if (rc < 0 || !script_clashes(s) || l + 1 == RUNTIME_LEVELS)
			break;
		log_debug("%s: clashes with the runtime, once more without a part of it", s->dir);
		s->bad = false;
		s->err = (struct err)ERR_INIT;
		free(s->log);
		s->log = NULL;
	}
	return rc;
}

static int make_library(struct work *w, struct set *s, struct err *err)
{
	for (size_t i = 0; i < s->n_objs && !s->bad; i++)
		if (s->objs[i]->failed)
			set_failed(s, "its library doesn't compile",
				strv_of(s->objs[i]->log ? s->objs[i]->log : ""));
	if (s->bad)
		return 0;
	if (s->scripted)
		return make_scripted(w, s, err);
	return s->archive ? make_archive(w, s, err) : 0;
}

/* --- scripts' results, outcomes --- */

static void take_scripted(struct job *j)
{
	struct build_want *want = j->want;
	char *made;

	if (want->rc < 0 || !j->set->scripted)
		return;
	if (j->set->bad) {
		want->rc = -1;
		want->err = j->set->err;
		want->result.log = j->set->log ? xstrdup(j->set->log) : NULL;
		return;
	}
	made = j->exe;
	if (!want->any && !fs_is_exe(made))
		want->rc = err_usage(&want->err, "%s left no executable %s in $OUT (%s)",
			j->b->script, want->h->name, made);
	want->result.ms = j->set->ms;
}

static bool untouched(const struct job *j)
{
	for (size_t i = 0; i < j->set->n_objs; i++)
		if (!j->set->objs[i]->fresh)
			return false;
	return !j->stale && j->harness->fresh;
}

static void finish_want(struct job *j)
{
	struct build_want *want = j->want;

	take_scripted(j);
	if (want->rc < 0) {
		err_prefix(&want->err, "%s, variant %s", want->h->name, variants[want->v].name);
		return;
	}
	want->result.exe = xstrdup(j->exe);
	want->result.fresh = j->set->scripted ? j->set->script_fresh : untouched(j);
	if (j->harness && !j->harness->fresh)
		want->result.ms += j->harness->task.ms;
}

/* afl-fuzz finds what it imports with beside the executable. */
static int place_import(struct work *w)
{
	for (size_t i = 0; i < w->n_sets; i++) {
		struct set *s = w->sets[i];
		const char *lib = runtime_import(w->rt);
		struct stat a, b;
		char *dir, *to;

		if (s->v != VARIANT_AFL || !lib || stat(lib, &a) < 0)
			continue;
		dir = variant_dir(w->c, s->b, s->v, false);
		to = fs_join(dir, BUILD_AFL_IMPORT);
		if (stat(to, &b) < 0 || b.st_size != a.st_size ||
			b.st_mtim.tv_sec < a.st_mtim.tv_sec)
			/* without it imports are slower: no failure */
			fs_copy(lib, to, 0700, NULL);
		free(to);
		free(dir);
	}
	return 0;
}

static int make_all(struct work *w, struct err *err)
{
	if (lock_sets(w, err) < 0)
		return -1;
	w->rt = runtime_make(w->c, w->t, w->stamps, w->n_jobs, err);
	if (!w->rt || units_make(&w->units, w->stamps, w->n_jobs, err) < 0)
		return -1;
	for (size_t i = 0; i < w->n_sets; i++)
		if (make_library(w, w->sets[i], err) < 0)
			return -1;
	return link_all(w, err) < 0 ? -1 : place_import(w);
}

static void release(struct work *w)
{
	for (size_t i = 0; i < w->n_sets; i++) {
		struct set *s = w->sets[i];

		if (s->lock >= 0)
			close(s->lock);
		free(s->dir);
		free(s->objs);
		free(s->archive);
		free(s->log);
		free(s);
	}
	free(w->sets);
	for (size_t i = 0; i < w->n; i++) {
		free(w->jobs[i].exe);
		free(w->jobs[i].record);
		strlist_release(&w->jobs[i].argv);
		strlist_release(&w->jobs[i].direct);
		strlist_release(&w->jobs[i].ask);
		free(w->jobs[i].place);
		buf_release(&w->jobs[i].task.out);
	}
	free(w->jobs);
	units_release(&w->units);
	stamps_free(w->stamps);
	runtime_free(w->rt);
}

/* Made elsewhere: what is there is used, and nothing else can be. */
static void look_for(const struct config *c, struct build_want *want)
{
	want->err = (struct err)ERR_INIT;
	want->result = (struct build_result){ .fresh = true };
	want->result.exe = build_path(c, want->h, want->override, want->v);
	want->rc = 0;
	if (fs_is_exe(want->result.exe))
		return;
	want->rc = err_usage(&want->err, "its %s variant isn't in the build that the store has",
		variants[want->v].name);
	build_result_release(&want->result);
}

int build_many(const struct config *c, struct build_want *wants, size_t n,
	const struct toolchain *t, unsigned jobs, struct err *err)
{
	struct work w = { .c = c, .t = t, .n_jobs = jobs ? jobs : 1, .n = n };
	int rc;

	for (size_t i = 0; c->made_in && i < n; i++)
		look_for(c, &wants[i]);
	if (c->made_in)
		return 0;
	w.jobs = xcalloc(n + 1, sizeof(*w.jobs));
	w.stamps = stamps_new();
	for (size_t i = 0; i < n; i++) {
		wants[i].err = (struct err)ERR_INIT;
		wants[i].result = (struct build_result){ 0 };
		w.jobs[i].want = &wants[i];
		wants[i].rc = resolve(&w, &w.jobs[i]);
	}
	rc = make_all(&w, err);
	for (size_t i = 0; i < n; i++) {
		if (rc < 0 && wants[i].rc == 0) {
			wants[i].rc = -1;
			wants[i].err = *err;
		}
		finish_want(&w.jobs[i]);
	}
	release(&w);
	return rc;
}

int build_variant(const struct config *c, const struct config_harness *h,
	const struct config_build *override, enum variant v, const struct toolchain *t,
	unsigned jobs, struct build_result *out, struct err *err)
{
	struct build_want want = { .h = h, .override = override, .v = v };
	struct err whole = ERR_INIT;

	build_many(c, &want, 1, t, jobs, &whole);
	*out = want.result;
	if (want.rc < 0 && err)
		*err = want.err;
	return want.rc;
}
