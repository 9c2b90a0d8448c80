/*
 * A project that builds itself, by an OSS-Fuzz-style script. Like in OSS-Fuzz's container the script finds a clean
 * tree: a private copy for each variant, at $SRC/<project>, so that a build in the source tree under one sanitizer
 * leaves nothing for the next, and the user's own tree stays as it is. What lies beside the script is also in $SRC,
 * as OSS-Fuzz's Dockerfiles put it there. The script is the user's own and runs unconfined.
 */
#include "base/prelude.h"
#include "build/image.h"
#include "build/internal.h"
#include "base/clock.h"
#include "base/copy.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "proc/proc.h"
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOG_MAX ((size_t)8 << 20)
#define SCRIPT_MS (3600ULL * 1000)

struct script {
	struct set *set;
	const struct toolchain *t;
	char *src, *tree, *start, *work, *out, *staged, *record;
	struct image image;
	/* or NULL */
	char *words;
	/* which it is */
	char *compiler;
	/* $LIB_FUZZING_ENGINE: an object, or libFuzzer's library behind -Wl; NULL: the compiler's own flag */
	char *engine;
	struct strlist env, deps;
	char key[SHA256_HEX];
};

static void join_words(struct buf *b, const struct strlist *words)
{
	for (size_t i = 0; i < words->n; i++) {
		if (b->len)
			buf_addch(b, ' ');
		buf_adds(b, words->v[i]);
	}
}

/* "NAME=our flags, then the project's". */
static void env_flags(struct script *s, const char *name, const struct config_strs *own)
{
	struct strlist flags = STRLIST_INIT;
	struct buf b = BUF_INIT;

	variant_flags(s->t, s->set->v, s->set->b, false, &flags);
	if (variants[s->set->v].entry != ENTRY_LIBFUZZER)
		strlist_addf(&flags, "-ffile-prefix-map=%s=%s", s->tree, s->set->c->dir);
	for (size_t i = 0; i < own->n; i++)
		strlist_add(&flags, own->v[i]);
	join_words(&b, &flags);
	strlist_addf(&s->env, "%s=%s", name, b.s);
	buf_release(&b);
	strlist_release(&flags);
}

static const char *architecture(void)
{
	static struct utsname u;

	if (uname(&u) < 0)
		return "x86_64";
	return strcmp(u.machine, "i686") == 0 ? "i386" : u.machine;
}

#define ENGINE_FLAG "-fsanitize=fuzzer"
#define ENGINE_VAR "LIB_FUZZING_ENGINE="

static char *engine_of(const struct script *s, const struct runtime *rt, const char *runtime_obj)
{
	struct strlist flags = STRLIST_INIT;
	char *word;

	if (variants[s->set->v].entry != ENTRY_LIBFUZZER)
		return xstrdup(runtime_obj);
	variant_flags(s->t, s->set->v, s->set->b, false, &flags);
	word = engine_word(runtime_links(rt), s->compiler, variant_cc(s->t, s->set->v, false),
		&flags, runtime_obj);
	strlist_release(&flags);
	return word;
}

/* What its image sets; ours are in front of it, and win. */
static void add_docker_env(struct script *s)
{
	for (size_t i = 0; i < s->image.docker.env.n; i++) {
		const char *one = s->image.docker.env.v[i];
		size_t name = strcspn(one, "=") + 1;
		bool ours = false;

		for (size_t k = 0; k < s->env.n && !ours; k++)
			ours = strncmp(s->env.v[k], one, name) == 0;
		if (!ours)
			strlist_add(&s->env, one);
	}
}

static void make_env(struct script *s)
{
	const struct variant_def *def = &variants[s->set->v];
	const struct config_build *b = s->set->b;
	const char *cxx = variant_cc(s->t, s->set->v, true);

	strlist_addf(&s->env, "CC=%s", variant_cc(s->t, s->set->v, false));
	strlist_addf(&s->env, "CXX=%s", cxx ? cxx : "false");
	env_flags(s, "CFLAGS", &b->cflags);
	env_flags(s, "CXXFLAGS", b->cxxflags.n ? &b->cxxflags : &b->cflags);
	strlist_addf(&s->env, ENGINE_VAR "%s", s->engine ? s->engine : ENGINE_FLAG);
	strlist_addf(&s->env, "SANITIZER=%s", def->sanitizer);
	strlist_addf(&s->env, "FUZZING_ENGINE=%s", def->engine);
	strlist_addf(&s->env, "FUZZING_LANGUAGE=%s", "c++");
	strlist_addf(&s->env, "ARCHITECTURE=%s", architecture());
	strlist_addf(&s->env, "SRC=%s", s->src);
	strlist_addf(&s->env, "WORK=%s", s->work);
	strlist_addf(&s->env, "OUT=%s", s->staged);
	strlist_addf(&s->env, "PROJECT_NAME=%s", s->set->c->project ? s->set->c->project : "");
	/* leaks of the tools that a build runs (generators, configure tests) must not fail it */
	strlist_add(&s->env, "ASAN_OPTIONS=detect_leaks=0");
	/* a warning that only later clangs know is none, and no error: scripts are written for OSS-Fuzz's */
	if (!getenv("CCC_OVERRIDE_OPTIONS"))
		strlist_add(&s->env, "CCC_OVERRIDE_OPTIONS=#+-Wno-unknown-warning-option");
	for (const char *const *e = variant_env(s->set->v); *e; e++)
		strlist_add(&s->env, *e);
	add_docker_env(s);
	if (s->words)
		strlist_addf(&s->env, "AFL_LLVM_DICT2FILE=%s", s->words);
}

/* --- what the script may read --- */

/* What thresh init puts into a project, and people's decisions. */
static bool is_ours(const char *rel)
{
	static const char *const names[] = { ".gitignore", "thresh.verdicts", "dictionaries",
		"corpus" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strcmp(rel, names[i]) == 0)
			return true;
	return false;
}

/* Not part of the source: our state, version control, and what campaigns write. */
static bool left_out(const struct config *c, const char *path)
{
	const char *name = fs_basename(path);

	/* what thresh reads; what of it counts for the build is in the environment */
	if (c->path && strcmp(path, c->path) == 0)
		return true;
	if (is_ours(fs_below(c->dir, path)))
		return true;
	/* each new test would else have everything built anew */
	if (strcmp(fs_below(c->dir, path), CONFIG_TESTS) == 0)
		return true;
	if (strcmp(path, c->state_dir) == 0 || strcmp(name, ".git") == 0 ||
		strcmp(name, ".hg") == 0 || strcmp(name, ".svn") == 0)
		return true;
	/* beside the script they may be named or not, and are no source either way */
	if (strv_ends(strv_of(path), "_seed_corpus.zip"))
		return true;
	for (size_t i = 0; i < c->n_harnesses; i++)
		for (size_t k = 0; k < c->harnesses[i].seeds.n; k++)
			if (strcmp(path, c->harnesses[i].seeds.v[k]) == 0)
				return true;
	return false;
}

static void walk(const struct config *c, const char *dir, struct strlist *out)
{
	struct strlist names = STRLIST_INIT;

	if (fs_list(dir, &names, NULL) == 0)
		for (size_t i = 0; i < names.n; i++) {
			char *path = fs_join(dir, names.v[i]);
			struct stat st;

			if (!left_out(c, path) && lstat(path, &st) == 0) {
				if (S_ISDIR(st.st_mode))
					walk(c, path, out);
				else if (S_ISREG(st.st_mode))
					strlist_add(out, path);
			}
			free(path);
		}
	strlist_release(&names);
}

/* With `sources` beside the script, these are watched (directories with all in them); else the whole tree. */
static void find_deps(struct script *s)
{
	const struct config_build *b = s->set->b;

	strlist_add(&s->deps, b->script);
	/* what lies beside it goes into $SRC, too */
	if (fs_below(s->set->c->dir, s->image.dir) == s->image.dir &&
		fs_below(s->image.dir, s->set->c->dir) == s->set->c->dir)
		walk(s->set->c, s->image.dir, &s->deps);
	if (!b->sources.n)
		walk(s->set->c, s->set->c->dir, &s->deps);
	for (size_t i = 0; i < b->sources.n; i++) {
		glob_t g = { 0 };

		if (glob(b->sources.v[i], 0, NULL, &g) == 0)
			for (size_t k = 0; k < g.gl_pathc; k++) {
				if (fs_is_dir(g.gl_pathv[k]))
					walk(s->set->c, g.gl_pathv[k], &s->deps);
				else
					strlist_add(&s->deps, g.gl_pathv[k]);
			}
		globfree(&g);
	}
}

static void make_key(struct script *s, const char *runtime_obj)
{
	struct hasher *h = hasher_new();

	hasher_adds(h, s->compiler);
	hasher_adds(h, runtime_obj);
	for (size_t i = 0; i < s->env.n; i++)
		hasher_adds(h, s->env.v[i]);
	for (size_t i = 0; i < s->deps.n; i++) /* files that came and went */
		hasher_adds(h, s->deps.v[i]);
	hasher_end(h, s->key);
}

/* --- the private tree --- */

static int copy_entries(const struct script *s, struct err *err)
{
	const struct config *c = s->set->c;
	struct strlist names = STRLIST_INIT;
	int rc = fs_list(c->dir, &names, err);

	for (size_t i = 0; rc == 0 && i < names.n; i++) {
		char *from = fs_join(c->dir, names.v[i]), *to = fs_join(s->tree, names.v[i]);

		if (strcmp(from, c->state_dir) != 0 && strcmp(names.v[i], ".git") != 0)
			rc = copy_tree(from, to, err);
		free(from);
		free(to);
	}
	strlist_release(&names);
	return rc;
}

static int make_tree(const struct script *s, struct err *err)
{
	if (fs_remove_tree(s->src, err) < 0 || fs_remove_tree(s->work, err) < 0 ||
		fs_remove_tree(s->staged, err) < 0 || fs_mkdirs(s->tree, err) < 0 ||
		fs_mkdirs(s->work, err) < 0 || fs_mkdirs(s->staged, err) < 0 ||
		copy_entries(s, err) < 0)
		return -1;
	return image_fill(&s->image, s->set->c->dir, s->src, s->tree, err);
}

/* --- running it --- */

static void failed(struct script *s, const struct proc_result *r, struct strv log)
{
	struct buf b = BUF_INIT;

	buf_adds(&b, s->set->b->script);
	buf_adds(&b, ": ");
	proc_describe(&b, r);
	buf_adds(&b, ": ");
	blame(&b, log, BLAME_LINES, true);
	s->set->bad = true;
	err_set(&s->set->err, "%s", b.s);
	s->set->log = strv_dup(log);
	buf_release(&b);
}

/* #! decides; without one, or without the right to execute, it is bash's, as in OSS-Fuzz. */
static void script_argv(const char *script, struct strlist *argv)
{
	struct buf head = BUF_INIT;

	if (!fs_is_exe(script) || fs_read(script, 1 << 20, &head, NULL) < 0 || head.len < 2 ||
		memcmp(head.s, "#!", 2) != 0) {
		char *bash = fs_which("bash");

		strlist_add(argv, bash ? bash : "sh");
		free(bash);
	}
	strlist_add(argv, script);
	buf_release(&head);
}

/* The old $OUT stays in place until the new one is complete. */
static int swap_out(const struct script *s, struct err *err)
{
	char *old = xasprintf("%s.old", s->out);
	struct strlist made = STRLIST_INIT;
	int rc = fs_remove_tree(old, err);

	/* what is said to be built is there after a loss of power, too */
	if (rc == 0)
		rc = fs_walk(s->staged, &made, err);
	for (size_t i = 0; rc == 0 && i < made.n; i++)
		rc = fs_sync_file(made.v[i], err);
	if (rc == 0 && fs_exists(s->out) && rename(s->out, old) < 0)
		rc = err_errno(err, "%s", s->out);
	if (rc == 0 && rename(s->staged, s->out) < 0)
		rc = err_errno(err, "%s", s->out);
	if (rc == 0)
		rc = fs_sync_dir(s->out, err);
	fs_remove_tree(old, NULL);
	strlist_release(&made);
	free(old);
	return rc;
}

static int run_script(struct script *s, struct stamps *stamps, struct err *err)
{
	struct proc_spec spec = PROC_SPEC_INIT;
	struct strlist argv = STRLIST_INIT;
	struct proc_result r = { 0 };
	char *log_path = fs_join(s->set->dir, "script.log");
	uint64_t start_ms = clock_mono_ms(), start_ns = record_start();
	int rc = -1;

	fs_remove(s->record, NULL);
	/* it is added to */
	if (s->words)
		fs_remove(s->words, NULL);
	if (make_tree(s, &s->set->err) < 0) {
		s->set->bad = true;
		rc = 0;
		goto out;
	}
	script_argv(s->set->b->script, &argv);
	spec.argv = (const char *const *)argv.v;
	spec.env = (const char *const *)s->env.v;
	spec.cwd = s->start;
	spec.wall_ms = SCRIPT_MS;
	spec.out = spec.err = PROC_FD;
	spec.out_fd = spec.err_fd =
		open(log_path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_APPEND, 0600);
	log_progress("%s builds the %s variant", s->set->b->script, variant_name(s->set->v));
	if (spec.out_fd < 0 || proc_run(&spec, &r, &s->set->err) < 0) {
		s->set->bad = true;
		if (spec.out_fd < 0)
			err_errno(&s->set->err, "%s", log_path);
		rc = 0;
		goto out;
	}
	if (proc_interrupted()) {
		rc = err_set(err, "interrupted");
	} else if (r.status != 0) {
		struct buf log = BUF_INIT;

		fs_read(log_path, LOG_MAX, &log, NULL);
		failed(s, &r, strv_n(buf_str(&log), log.len));
		buf_release(&log);
		rc = 0;
	} else if (swap_out(s, &s->set->err) < 0) {
		s->set->bad = true;
		rc = 0;
	} else {
		record_save(stamps, s->record, s->key, &s->deps, start_ns);
		rc = 0;
	}
	s->set->ms = clock_mono_ms() - start_ms;
out:
	if (spec.out == PROC_FD && spec.out_fd >= 0)
		close(spec.out_fd);
	proc_result_release(&r);
	strlist_release(&argv);
	free(log_path);
	return rc;
}

static void forget_failure(struct set *set)
{
	set->bad = false;
	set->err = (struct err)ERR_INIT;
	free(set->log);
	set->log = NULL;
}

/*
 * Known failures can't be survived then, but it builds: a script may do things with libFuzzer's flag that only the compiler's
 * driver understands. Its failure is tried again for any reason, as linkers say what is wrong in many ways.
 */
static bool engine_failed(struct script *s)
{
	struct set *set = s->set;

	if (!set->bad || !s->engine || variants[set->v].entry != ENTRY_LIBFUZZER)
		return false;
	log_debug("%s: failed with libFuzzer's library; once more with " ENGINE_FLAG, s->record);
	for (size_t i = 0; i < s->env.n; i++)
		if (strv_starts(strv_of(s->env.v[i]), ENGINE_VAR)) {
			free(s->env.v[i]);
			s->env.v[i] = xstrdup(ENGINE_VAR ENGINE_FLAG);
		}
	forget_failure(set);
	return true;
}

/* The compiler came to grief over the comparisons that it was to write down: once more without. */
static bool words_failed(struct script *s)
{
	struct set *set = s->set;
	struct strv log = strv_of(set->log ? set->log : "");

	if (!set->bad || !s->words ||
		!(strv_contains(log, "dict2file") ||
			strv_contains(log, "PLEASE submit a bug report")))
		return false;
	fs_remove(s->words, NULL);
	/* it was the last */
	free(s->env.v[--s->env.n]);
	s->env.v[s->env.n] = NULL;
	free(s->words);
	s->words = NULL;
	forget_failure(set);
	return true;
}

int script_make(struct set *set, const struct toolchain *t, const struct runtime *rt,
	unsigned level, bool look, struct stamps *stamps, struct err *err)
{
	struct script s = { .set = set, .t = t };
	const char *runtime = runtime_obj(rt, set->v, level);
	const char *project = set->c->project && *set->c->project ? set->c->project : "project";
	char *below;
	int rc = 0;

	if (!fs_is_file(set->b->script)) {
		set->bad = true;
		err_usage(&set->err, "build.script: %s: no such file", set->b->script);
		return 0;
	}
	if (strpbrk(set->c->dir, " \t\n")) {
		/* $CFLAGS and $LIB_FUZZING_ENGINE hold paths, and are words behind each other */
		set->bad = true;
		err_usage(&set->err,
			"build.script: %s: a build script can't work below a path with blanks in "
			"it; move the project",
			set->c->dir);
		return 0;
	}
	s.src = fs_join(set->dir, "src");
	image_read(set->b->script, &s.image);
	below = image_project(&s.image, project);
	s.tree = fs_join(s.src, below);
	s.start = image_workdir(&s.image, s.src, s.tree);
	free(below);
	s.work = fs_join(set->dir, "work");
	s.staged = fs_join(set->dir, "out.new");
	s.out = xasprintf("%s/build/%s/%s", set->c->state_dir,
		set->b->name && *set->b->name ? set->b->name : "_", variants[set->v].name);
	s.record = fs_join(set->dir, "script.made");
	if (set->v == VARIANT_AFL && t->has_dict2file)
		s.words = fs_join(set->dir, SCRIPT_WORDS);
	find_deps(&s);
	s.compiler = tool_identity(
		variant_cc(t, set->v, false), t->clang_version ? t->clang_version : t->gcc_version);
	s.engine = engine_of(&s, rt, runtime);
	make_env(&s);
	make_key(&s, runtime);
	set->script_fresh =
		record_fresh(stamps, s.record, set->b->script, s.key) && fs_is_dir(s.out);
	if (!set->script_fresh && !look) {
		strlist_add(&s.deps, runtime);
		rc = run_script(&s, stamps, err);
		if (rc == 0 && (words_failed(&s) || engine_failed(&s)))
			rc = run_script(&s, stamps, err);
	}
	free(s.src);
	free(s.tree);
	free(s.start);
	image_release(&s.image);
	free(s.work);
	free(s.staged);
	free(s.out);
	free(s.record);
	free(s.words);
	free(s.compiler);
	free(s.engine);
	strlist_release(&s.env);
	strlist_release(&s.deps);
	return rc;
}
