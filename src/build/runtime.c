/*
 * What is linked into targets, from the sources inside this program: one relocatable object, the same for every
 * variant and target; AFL++'s entry point; and the library that afl-fuzz imports with. One object rather than an
 * archive, so that the linker takes all of it, allocation wrappers included, and a script needs only one word for it.
 * It is the same for every project, too, and each commit that a bisection builds is one: compiled once, in a place that
 * a user's projects share, and copied from there.
 */
#include "base/prelude.h"
#include "build/internal.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define AFL_IMPORT "afl_import.so"
#define AFL_MAIN "afl_main.o"
#define AFL_CMPLOG_MAIN "afl_cmplog_main.o"
#define SURVIVE "survive.o"
/* without what a target may define itself */
#define SURVIVE_LEAN "survive_lean.o"

struct runtime {
	char *src_dir, *dir; /* where it is compiled */
	char *links;
	int lock; /* of the project's own, from which it is linked */
	struct units units;
	char *obj[RUNTIME_LEVELS];
	char *afl_main, *afl_cmplog_main, *import, *survive, *survive_lean;
	char *bad, *afl_bad; /* the compiler's words */
};

/* Parts of the runtime object; each level of it but the full one goes without the last ones. */
static const char *const parts[] = { "replay.c", "serve.c", "child.c", "fault.c", "told.c",
	"feature.c", "folders.c", "alloc.c", "io.c", "new.c", "libc.c", "early.c", "exit.c",
	"denied.c" };
static const struct {
	const char *obj;
	size_t parts;
} levels[RUNTIME_LEVELS] = { { "thresh_rt.o", 14 }, { "thresh_rt_io.o", 9 },
	{ "thresh_rt_alloc.o", 8 }, { "thresh_rt_lean.o", 7 } };

/* What goes into engines, and which of it into what. */
static const struct {
	const char *file, *obj;
	bool lean;
} engine_parts[] = { { "afl_import.c", "afl_import.o", false },
	{ "ask_mutator.c", "ask_mutator.o", false }, { "own_mutator.c", "own_mutator.o", false },
	{ "survive.c", "survive.c.o", false }, { "survive.c", "survive_lean.c.o", true },
	{ "held.c", "held.o", false }, { "mutator.c", "mutator.o", false },
	{ "structure.c", "structure.o", false }, { "parts.c", "parts.o", false },
	{ "records.c", "records.o", false }, { "edits.c", "edits.o", false },
	{ "layout.c", "layout.o", false }, { "sums.c", "sums.o", false },
	{ "lexicon.c", "lexicon.o", false } };
static const char *const as_object[] = { "-r", "-nostdlib", NULL };
static const char *const as_library[] = { "-shared", NULL };
#define STRUCTURE \
	"structure.o", "parts.o", "records.o", "edits.o", "layout.o", "sums.o", "lexicon.o"
static const struct {
	const char *out;
	const char *const *how;
	const char *objs[11];
} engine_objects[] = { { AFL_IMPORT, as_library, { "afl_import.o", "ask_mutator.o", STRUCTURE } },
	{ AFL_MAIN, as_object, { "afl_main.c.o", "own_mutator.o", STRUCTURE } },
	{ AFL_CMPLOG_MAIN, as_object, { "afl_cmplog_main.c.o", "own_mutator.o", STRUCTURE } },
	{ SURVIVE, as_object, { "survive.c.o", "held.o", "mutator.o", STRUCTURE } },
	{ SURVIVE_LEAN, as_object, { "survive_lean.c.o", "held.o", "mutator.o", STRUCTURE } } };

bool runtime_clashes(struct strv log)
{
	return strv_contains(log, "multiple definition of `") ||
	       strv_contains(log, "duplicate symbol: ");
}

unsigned runtime_level(enum variant v, bool cxx)
{
	return v == VARIANT_MSAN && cxx;
}

static int write_sources(const char *dir, struct err *err)
{
	int rc = fs_mkdirs(dir, err);

	for (const struct runtime_file *f = runtime_files(); rc == 0 && f->name; f++) {
		char *path = fs_join(dir, f->name);

		rc = fs_write_changed(path, f->text, f->len, 0600, err);
		free(path);
	}
	return rc;
}

static struct unit *add(struct runtime *rt, const char *cc, const char *version, const char *file,
	const char *obj, const char *const *flags, const char *const *env)
{
	struct strlist argv = STRLIST_INIT;
	char *src = fs_join(rt->src_dir, file), *to = fs_join(rt->dir, obj);
	char *identity = tool_identity(cc, version);
	struct unit *u;

	strlist_add(&argv, cc);
	for (; *flags; flags++)
		strlist_add(&argv, *flags);
	u = units_add(&rt->units, src, to, &argv, env, rt->dir, identity);
	free(identity);
	free(to);
	free(src);
	return u;
}

static const char *cc_of(const struct toolchain *t)
{
	return t->clang ? t->clang : t->gcc;
}

static const char *cc_version(const struct toolchain *t)
{
	return t->clang ? t->clang_version : t->gcc_version;
}

static void add_all(struct runtime *rt, const struct toolchain *t)
{
	static const char *const lean[] = { "-DTHRESH_RT_LEAN", "-O2", "-g",
		"-fno-omit-frame-pointer", "-fPIC", "-D_GNU_SOURCE", NULL };
	const char *const *flags = lean + 1;
	char obj[64];

	for (size_t i = 0; cc_of(t) && i < ARRAY_LEN(parts); i++) {
		snprintf(obj, sizeof(obj), "%s.o", parts[i]);
		add(rt, cc_of(t), cc_version(t), parts[i], obj, flags, variant_env(VARIANT_PLAIN));
	}
	for (size_t i = 0; cc_of(t) && i < ARRAY_LEN(engine_parts); i++)
		add(rt, cc_of(t), cc_version(t), engine_parts[i].file, engine_parts[i].obj,
			engine_parts[i].lean ? lean : flags, variant_env(VARIANT_PLAIN));
	if (t->afl_cc)
		add(rt, t->afl_cc, t->clang_version, "afl_main.c", "afl_main.c.o", flags,
			variant_env(VARIANT_AFL));
	if (t->afl_cc && t->has_cmplog)
		add(rt, t->afl_cc, t->clang_version, "afl_main.c", "afl_cmplog_main.c.o", flags,
			variant_env(VARIANT_AFL_CMPLOG));
}

static const struct unit *unit_of(const struct runtime *rt, const char *obj)
{
	for (size_t i = 0; i < rt->units.n; i++)
		if (strcmp(fs_basename(rt->units.v[i]->obj), obj) == 0)
			return rt->units.v[i];
	return NULL;
}

static void note_failures(struct runtime *rt)
{
	for (size_t i = 0; i < rt->units.n; i++) {
		const struct unit *u = rt->units.v[i];
		char **bad = strstr(u->obj, "/afl_") ? &rt->afl_bad : &rt->bad;

		if (u->failed && !*bad)
			*bad = xstrdup(u->log ? u->log : "");
	}
}

/* Link n objects into one file, unless it is fresh. */
static int combine(struct runtime *rt, const struct toolchain *t, struct stamps *stamps,
	const char *const *flags, const struct strlist *objs, const char *out, struct err *err)
{
	struct strlist argv = STRLIST_INIT;
	struct pool_task task = { .wall_ms = 60000 }, *tasks[1] = { &task };
	char *record = xasprintf("%s.made", out), *made = xasprintf("%s.new", out);
	char *identity = tool_identity(cc_of(t), cc_version(t)), key[SHA256_HEX];
	struct hasher *h = hasher_new();
	uint64_t start = wall_ns();
	int rc = 0;

	strlist_add(&argv, cc_of(t));
	for (; *flags; flags++)
		strlist_add(&argv, *flags);
	strlist_add_all(&argv, objs);
	hasher_adds(h, identity);
	for (size_t i = 0; i < argv.n; i++)
		hasher_adds(h, argv.v[i]);
	hasher_end(h, key);
	strlist_add(&argv, "-o");
	strlist_add(&argv, made);
	if (record_fresh(stamps, record, out, key))
		goto out;
	fs_remove(record, NULL);
	task.argv = (const char *const *)argv.v;
	rc = pool_run(tasks, 1, 1, "archiving", err);
	stamps_forget(stamps, out);
	if (rc == 0 && task.ok && rename(made, out) == 0)
		record_save(stamps, record, key, objs, start);
	else if (rc == 0 && !rt->bad)
		rt->bad = xstrdup(buf_str(&task.out));
out:
	strlist_release(&argv);
	buf_release(&task.out);
	free(record);
	free(made);
	free(identity);
	return rc;
}

/* -1: it can't be written. What doesn't compile is left out: its engine says so. */
static int combine_for_engines(
	struct runtime *rt, const struct toolchain *t, struct stamps *stamps, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < ARRAY_LEN(engine_objects); i++) {
		struct strlist objs = STRLIST_INIT;
		char *out = fs_join(rt->dir, engine_objects[i].out);
		bool whole = true;

		for (const char *const *o = engine_objects[i].objs; *o; o++) {
			const struct unit *u = unit_of(rt, *o);

			whole &= u && !u->failed;
			strlist_addf(&objs, "%s/%s", rt->dir, *o);
		}
		if (whole)
			rc = combine(rt, t, stamps, engine_objects[i].how, &objs, out, err);
		free(out);
		strlist_release(&objs);
	}
	return rc;
}

static int combine_all(
	struct runtime *rt, const struct toolchain *t, struct stamps *stamps, struct err *err)
{
	char *out;
	int rc = 0;

	if (rt->bad || !cc_of(t))
		return 0;
	for (size_t l = 0; rc == 0 && l < RUNTIME_LEVELS; l++) {
		struct strlist objs = STRLIST_INIT;

		for (size_t i = 0; i < levels[l].parts; i++)
			strlist_addf(&objs, "%s/%s.o", rt->dir, parts[i]);
		out = fs_join(rt->dir, levels[l].obj);
		rc = combine(rt, t, stamps, as_object, &objs, out, err);
		free(out);
		strlist_release(&objs);
	}
	return rc == 0 ? combine_for_engines(rt, t, stamps, err) : rc;
}

/* Compile and combine below dir, for as long as its lock is held. -1: an interrupt, or it can't be written. */
static int make_in(struct runtime *rt, const char *dir, const struct toolchain *t,
	struct stamps *stamps, unsigned jobs, struct err *err)
{
	int lock = -1, rc = -1;

	rt->dir = fs_join(dir, "objects");
	rt->src_dir = fs_join(dir, "runtime");
	if (fs_mkdirs(rt->dir, err) < 0 || lock_dir(rt->dir, &lock, err) < 0 ||
		write_sources(rt->src_dir, err) < 0)
		goto out;
	add_all(rt, t);
	if (units_make(&rt->units, stamps, jobs, err) < 0)
		goto out;
	note_failures(rt);
	rc = combine_all(rt, t, stamps, err);
out:
	if (lock >= 0)
		close(lock);
	return rc;
}

/* Of the tools and of all that is compiled. */
static void key_of_all(const struct toolchain *t, char key[SHA256_HEX])
{
	struct hasher *h = hasher_new();
	char *cc = tool_identity(cc_of(t) ? cc_of(t) : "", cc_version(t));
	char *afl = tool_identity(t->afl_cc ? t->afl_cc : "", t->clang_version);

	hasher_adds(h, cc);
	hasher_adds(h, afl);
	runtime_add_to(h);
	hasher_end(h, key);
	free(cc);
	free(afl);
}

/* What another compiler, or another thresh, makes lies elsewhere. NULL: the user has no such place to write to. */
static char *shared_dir(const char *key)
{
	char *cache = toolchain_users_cache(), *dir = NULL;

	if (cache)
		dir = xasprintf("%s/runtime-%.16s", cache, key);
	if (dir && (fs_mkdirs(dir, NULL) < 0 || access(dir, W_OK) < 0)) {
		free(dir);
		dir = NULL;
	}
	/* gc goes by this: it is in use */
	if (dir && utimensat(AT_FDCWD, dir, NULL, 0) < 0)
		log_debug("%s: %s", dir, strerror(errno));
	free(cache);
	return dir;
}

/* One file into the project's state, unless it couldn't be made; and what it is a copy of, for who asks what it is made of. */
static int place(const struct runtime *rt, const char *to, struct stamps *stamps, struct err *err)
{
	char *from = fs_join(rt->dir, fs_basename(to)), *record = xasprintf("%s.made", to);
	struct strlist deps = STRLIST_INIT;
	struct buf made = BUF_INIT;
	char key[SHA256_HEX];
	int rc = 0;

	if (!fs_exists(from))
		goto out;
	hash_sha256(from, strlen(from), key);
	strlist_add(&deps, from);
	rc = fs_read(from, FS_NO_LIMIT, &made, err);
	if (rc == 0)
		rc = fs_write_changed(to, buf_str(&made), made.len, 0600, err);
	stamps_forget(stamps, to);
	if (rc == 0 && !record_fresh(stamps, record, to, key))
		record_save(stamps, record, key, &deps, record_start());
out:
	buf_release(&made);
	strlist_release(&deps);
	free(record);
	free(from);
	return rc;
}

#define PLACED (RUNTIME_LEVELS + 5)

/* Their places in the project's state. */
static void list_placed(const struct runtime *rt, const char *placed[PLACED])
{
	const char *const more[] = { rt->afl_main, rt->afl_cmplog_main, rt->survive,
		rt->survive_lean, rt->import };

	for (size_t i = 0; i < PLACED; i++)
		placed[i] = i < RUNTIME_LEVELS ? rt->obj[i] : more[i - RUNTIME_LEVELS];
}

static int place_all(const struct runtime *rt, struct stamps *stamps, struct err *err)
{
	const char *placed[PLACED];
	int rc = 0;

	list_placed(rt, placed);
	for (size_t i = 0; i < PLACED && rc == 0; i++)
		rc = place(rt, placed[i], stamps, err);
	return rc;
}

/* All that the last making left in the project's state, headers included. */
static void record_all(const struct runtime *rt, const char *headers, const char *record,
	const char *key, struct stamps *stamps)
{
	const char *placed[PLACED];
	struct strlist files = STRLIST_INIT;

	list_placed(rt, placed);
	for (size_t i = 0; i < PLACED; i++)
		/* of an engine that isn't there */
		if (fs_exists(placed[i]) || i < RUNTIME_LEVELS)
			strlist_add(&files, placed[i]);
	for (const struct runtime_file *f = runtime_files(); f->name; f++)
		strlist_addf(&files, "%s/%s", headers, f->name);
	record_save(stamps, record, key, &files, record_start());
	strlist_release(&files);
}

static int make_and_place(struct runtime *rt, const char *headers, const char *dir,
	const struct toolchain *t, struct stamps *stamps, unsigned jobs, struct err *err)
{
	if (write_sources(headers, err) < 0 || make_in(rt, dir, t, stamps, jobs, err) < 0)
		return -1;
	return place_all(rt, stamps, err);
}

/* Each slice of a campaign asks for a build: where nothing changed one record says so, and not one of each part. */
struct runtime *runtime_make(const struct config *c, const struct toolchain *t,
	struct stamps *stamps, unsigned jobs, struct err *err)
{
	struct runtime *rt = xcalloc(1, sizeof(*rt));
	char *headers = fs_join(c->state_dir, "runtime"), key[SHA256_HEX], *shared, *record;
	char *own = fs_join(c->state_dir, "build/.runtime");
	int rc = -1;

	key_of_all(t, key);
	shared = shared_dir(key);
	record = fs_join(own, "all.made");
	rt->lock = -1;
	rt->links = fs_join(shared ? shared : own, "links");
	for (size_t l = 0; l < RUNTIME_LEVELS; l++)
		rt->obj[l] = fs_join(own, levels[l].obj);
	rt->afl_main = fs_join(own, AFL_MAIN);
	rt->afl_cmplog_main = fs_join(own, AFL_CMPLOG_MAIN);
	rt->import = fs_join(own, AFL_IMPORT);
	rt->survive = fs_join(own, SURVIVE);
	rt->survive_lean = fs_join(own, SURVIVE_LEAN);
	if (fs_mkdirs(own, err) < 0 || lock_dir(own, &rt->lock, err) < 0 ||
		fs_mkdirs(rt->links, err) < 0)
		goto out;
	if (record_fresh(stamps, record, rt->obj[0], key)) {
		rc = 0;
		goto out;
	}
	rc = make_and_place(rt, headers, shared ? shared : own, t, stamps, jobs, err);
	/* what didn't compile is tried again, for its words */
	if (rc == 0 && !rt->bad && !rt->afl_bad)
		record_all(rt, headers, record, key, stamps);
	else
		fs_remove(record, NULL);
out:
	free(headers);
	free(shared);
	free(record);
	free(own);
	if (rc < 0)
		runtime_free(rt);
	return rc < 0 ? NULL : rt;
}

const char *runtime_obj(const struct runtime *rt, enum variant v, unsigned level)
{
	if (v == VARIANT_AFL)
		return rt->afl_main;
	if (v == VARIANT_AFL_CMPLOG)
		return rt->afl_cmplog_main;
	if (variants[v].entry == ENTRY_LIBFUZZER)
		return level ? rt->survive_lean : rt->survive;
	return rt->obj[MIN(level, RUNTIME_LEVELS - 1)];
}

const char *runtime_bad(const struct runtime *rt, enum variant v)
{
	return variants[v].family == FAMILY_AFL ? rt->afl_bad : rt->bad;
}

const char *runtime_links(const struct runtime *rt)
{
	return rt->links;
}

const char *runtime_import(const struct runtime *rt)
{
	return fs_is_file(rt->import) ? rt->import : NULL;
}

void runtime_free(struct runtime *rt)
{
	if (!rt)
		return;
	if (rt->lock >= 0)
		close(rt->lock);
	units_release(&rt->units);
	free(rt->src_dir);
	free(rt->dir);
	free(rt->links);
	for (size_t l = 0; l < RUNTIME_LEVELS; l++)
		free(rt->obj[l]);
	free(rt->afl_main);
	free(rt->afl_cmplog_main);
	free(rt->import);
	free(rt->survive);
	free(rt->survive_lean);
	free(rt->bad);
	free(rt->afl_bad);
	free(rt);
}
