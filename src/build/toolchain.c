/*
 * What this machine can build with. A version number says little (a distribution packs clang without the
 * libFuzzer runtime, an AFL++ made for another clang), so each candidate is tried: a tiny program is
 * compiled, linked and run. That takes a second or two, so the answer is kept (toolchain_cache.c).
 */
#include "base/prelude.h"
#include "build/toolchain.h"
#include "build/toolchain_cache.h"
#include "base/fs.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "proc/proc.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define PROBE_MS 60000

static const char probe_harness[] =
	"#include <stddef.h>\n#include <stdint.h>\n"
	"int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);\n"
	"int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)\n"
	"{ return size > 3 && data[0] == 'x' && data[1] == 'y' ? -1 : 0; }\n";
static const char probe_main[] =
	"#include <stdlib.h>\n"
	"int main(int argc, char **argv)\n"
	"{ char *p = malloc(8); (void)argv; p[argc] = 1; free(p); return 0; }\n";

/*
 * OSS-Fuzz's choice of UBSan's checks, and floats that don't fit an integer: a number in the input decides that, and
 * what comes of it differs from machine to machine. Not alignment, null arguments of length 0 and zero added to null,
 * which much code does on every input, harmlessly. What a compiler doesn't know is left out.
 */
static const char *const ubsan_checks[] = { "array-bounds", "bounds", "bool", "builtin", "enum",
	"float-cast-overflow", "function", "integer-divide-by-zero", "null", "object-size",
	"return", "returns-nonnull-attribute", "shift", "signed-integer-overflow", "unreachable",
	"vla-bound", "vptr" };

struct probe {
	char *dir, *harness, *main_c, *exe;
};

void toolchain_release(struct toolchain *t)
{
	toolchain_clear(t);
}

/* Run argv; what it printed goes to out (may be NULL). True when it exits with 0. */
static bool runs(const char *const *argv, const char *const *env, struct buf *out)
{
	struct proc_spec spec = PROC_SPEC_INIT;
	struct proc_result r;
	bool ok;

	spec.argv = argv;
	spec.env = env;
	spec.out = spec.err = PROC_CAPTURE;
	spec.wall_ms = PROBE_MS;
	if (proc_run(&spec, &r, NULL) < 0)
		return false;
	ok = r.status == 0 && !r.timed_out;
	if (out) {
		buf_add(out, buf_str(&r.out), r.out.len);
		buf_add(out, buf_str(&r.err), r.err.len);
	}
	proc_result_release(&r);
	return ok;
}

/* Compile src with those flags, and run it with one argument unless NULL. */
static bool builds(const struct probe *p, const char *cc, const char *src, const char *const *flags,
	const char *const *env, const char *arg)
{
	struct strlist argv = STRLIST_INIT;
	const char *run[] = { p->exe, arg, NULL };
	bool ok;

	strlist_add(&argv, cc);
	for (; flags && *flags; flags++)
		strlist_add(&argv, *flags);
	strlist_add(&argv, "-o");
	strlist_add(&argv, p->exe);
	strlist_add(&argv, src);
	/* of the last probe: a compiler that fails must not be taken for it */
	unlink(p->exe);
	ok = runs((const char *const *)argv.v, env, NULL) && fs_is_file(p->exe);
	strlist_release(&argv);
	return ok && (!arg || runs(run, NULL, NULL));
}

/* "14.0.6" -> 14; 0: it doesn't begin with a number. */
static unsigned major_of(const char *version)
{
	uint64_t n = 0;
	size_t digits = strspn(version, "0123456789");

	return digits && num_u64(strv_n(version, digits), &n) == 0 && n < 1000 ? (unsigned)n : 0;
}

/* The version that stands behind `behind` in what `exe flag` prints; NULL: it prints none. */
static char *version_of(const char *exe, const char *flag, const char *behind)
{
	const char *argv[] = { exe, flag, NULL };
	struct buf out = BUF_INIT;
	struct strv text;
	char *v = NULL;
	size_t at;

	/* afl-fuzz has no such option and ends with 1 after naming its version */
	runs(argv, NULL, &out);
	text = strv_n(buf_str(&out), out.len);
	at = strv_find(text, behind);
	if (at != SIZE_MAX) {
		struct strv rest = strv_from(text, at + strlen(behind));
		size_t n = 0;

		while (n < rest.len && n < 40 && strchr("0123456789.abcdefrc-+", rest.s[n]) &&
			rest.s[n])
			n++;
		if (n)
			v = xstrndup(rest.s, n);
	}
	buf_release(&out);
	return v;
}

static bool takes_checks(const struct probe *p, const char *cc, const char *checks)
{
	char *flag = xasprintf("-fsanitize=%s", checks);
	const char *flags[] = { flag, "-Werror", "-c", NULL };
	bool ok = builds(p, cc, p->main_c, flags, NULL, NULL);

	free(flag);
	return ok;
}

static char *probe_ubsan(const struct probe *p, const char *cc)
{
	struct buf list = BUF_INIT;
	bool all;

	for (size_t i = 0; i < ARRAY_LEN(ubsan_checks); i++)
		if (strcmp(ubsan_checks[i], "bounds") != 0)
			buf_addf(&list, "%s%s", list.len ? "," : "", ubsan_checks[i]);
	/* one compilation where nothing is lacking, else one for each */
	all = takes_checks(p, cc, list.s);
	if (!all)
		buf_reset(&list);
	for (size_t i = 0; !all && i < ARRAY_LEN(ubsan_checks); i++)
		/* clang's "bounds" is its array-bounds and more; gcc has only that name */
		if ((strcmp(ubsan_checks[i], "bounds") != 0 ||
			    !strv_contains(strv_of(buf_str(&list)), "array-bounds")) &&
			takes_checks(p, cc, ubsan_checks[i]))
			buf_addf(&list, "%s%s", list.len ? "," : "", ubsan_checks[i]);
	if (!list.len)
		buf_release(&list);
	return list.len ? buf_detach(&list) : NULL;
}

/* "…/clang-14" -> "…/clang++-14"; NULL when there is none. */
static char *cxx_of(const char *cc, const char *c, const char *cxx)
{
	const char *base = fs_basename(cc);
	char *dir = fs_dirname(cc), *name, *path;

	name = xasprintf("%s%s", cxx, strncmp(base, c, strlen(c)) == 0 ? base + strlen(c) : "");
	path = fs_join(dir, name);
	if (!fs_is_exe(path)) {
		free(path);
		path = fs_which(cxx);
	}
	free(name);
	free(dir);
	return path;
}

struct candidate {
	char *path, *version;
	unsigned major;
};

static int newer_first(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	return (x->major < y->major) - (x->major > y->major);
}

static void probe_clang_features(struct toolchain *t, const struct probe *p)
{
	static const char *const asan[] = { "-fsanitize=address", NULL };
	static const char *const ubsan[] = { "-fsanitize=undefined", NULL };
	static const char *const msan[] = { "-fsanitize=memory", NULL };

	t->has_asan = t->has_libfuzzer || builds(p, t->clang, p->main_c, asan, NULL, "1");
	t->has_ubsan = builds(p, t->clang, p->main_c, ubsan, NULL, "1");
	t->has_msan = builds(p, t->clang, p->main_c, msan, NULL, "1");
	t->clang_ubsan = t->has_ubsan ? probe_ubsan(p, t->clang) : NULL;
}

static void probe_clang(struct toolchain *t, const struct probe *p)
{
	static const char *const fuzzer[] = { "-fsanitize=fuzzer,address", NULL };
	struct candidate found[CLANG_NEWEST + 2];
	size_t n = 0, best = SIZE_MAX;

	for (int i = CLANG_NEWEST + 1; i >= CLANG_OLDEST; i--) {
		char name[16];
		char *path;

		snprintf(name, sizeof(name), i > CLANG_NEWEST ? "clang" : "clang-%d", i);
		path = fs_which(name);
		if (!path)
			continue;
		found[n].path = path;
		found[n].version = version_of(path, "--version", "clang version ");
		found[n].major = found[n].version ? major_of(found[n].version) : 0;
		n++;
	}
	qsort(found, n, sizeof(*found), newer_first);
	for (size_t i = 0; i < n && best == SIZE_MAX; i++)
		if (found[i].major &&
			builds(p, found[i].path, p->harness, fuzzer, NULL, "-runs=10")) {
			best = i;
			t->has_libfuzzer = true;
		}
	/* none has libFuzzer: still good for all else */
	for (size_t i = 0; i < n && best == SIZE_MAX; i++)
		if (found[i].major && builds(p, found[i].path, p->main_c, NULL, NULL, "1"))
			best = i;
	if (best != SIZE_MAX) {
		t->clang = xstrdup(found[best].path);
		t->clangxx = cxx_of(t->clang, "clang", "clang++");
		t->clang_major = found[best].major;
		t->clang_version = xstrdup(found[best].version);
		probe_clang_features(t, p);
	}
	for (size_t i = 0; i < n; i++) {
		free(found[i].path);
		free(found[i].version);
	}
}

static void probe_gcc(struct toolchain *t, const struct probe *p)
{
	static const char *const asan[] = { "-fsanitize=address,undefined", NULL };
	char *path = fs_which("gcc");

	if (!path || !builds(p, path, p->main_c, NULL, NULL, "1")) {
		free(path);
		return;
	}
	t->gcc = path;
	t->gxx = cxx_of(path, "gcc", "g++");
	t->gcc_version = version_of(path, "-dumpfullversion", "");
	t->gcc_major = t->gcc_version ? major_of(t->gcc_version) : 0;
	t->gcc_asan = builds(p, path, p->main_c, asan, NULL, "1");
	t->gcc_ubsan = t->gcc_asan ? probe_ubsan(p, path) : NULL;
}

/* AFL++'s wrappers are made for one version of clang; they are there and fail when it isn't. */
static void probe_afl(struct toolchain *t, const struct probe *p)
{
	static const char *const wrappers[][2] = { { "afl-clang-fast", "afl-clang-fast++" },
		{ "afl-clang-lto", "afl-clang-lto++" } };
	static const char *const quiet[] = { "AFL_QUIET=1", NULL };
	static const char *const cmplog[] = { "AFL_QUIET=1", "AFL_LLVM_CMPLOG=1", NULL };
	char *to = xasprintf("AFL_LLVM_DICT2FILE=%s/words", p->dir);
	const char *const dict2file[] = { "AFL_QUIET=1", to, NULL };

	t->afl_fuzz = fs_which("afl-fuzz");
	if (t->afl_fuzz)
		t->afl_version = version_of(t->afl_fuzz, "-h", "afl-fuzz++");
	for (size_t i = 0; i < ARRAY_LEN(wrappers) && !t->afl_cc; i++) {
		char *cc = fs_which(wrappers[i][0]);

		if (cc && builds(p, cc, p->main_c, NULL, quiet, "1")) {
			t->afl_cc = cc;
			t->afl_cxx = fs_which(wrappers[i][1]);
			t->has_cmplog = builds(p, cc, p->main_c, NULL, cmplog, "1");
			t->has_dict2file = builds(p, cc, p->main_c, NULL, dict2file, "1");
		} else {
			free(cc);
		}
	}
	free(to);
}

/* In the folder that clang was found in; NULL: it isn't there. */
static char *beside_clang(const struct toolchain *t, const char *name)
{
	char *dir = t->clang ? fs_dirname(t->clang) : NULL;
	char *path = dir ? fs_join(dir, name) : NULL;

	free(dir);
	if (path && fs_is_exe(path))
		return path;
	free(path);
	return NULL;
}

/* A tool of clang's own version first, then any: beside clang, then on PATH. */
static char *llvm_tool(const struct toolchain *t, const char *name)
{
	char *versioned = xasprintf("%s-%u", name, t->clang_major);
	char *path = beside_clang(t, versioned);

	if (!path)
		path = fs_which(versioned);
	if (!path)
		path = beside_clang(t, name);
	free(versioned);
	return path ? path : fs_which(name);
}

void toolchain_look(struct toolchain *t)
{
	*t = (struct toolchain){ 0 };
	t->afl_fuzz = fs_which("afl-fuzz");
	t->symbolizer = llvm_tool(t, "llvm-symbolizer");
}

static int probe_all(struct toolchain *t, struct err *err)
{
	struct probe p = { 0 };
	int rc = -1;

	p.dir = fs_tmpdir("thresh-probe", err);
	if (!p.dir)
		return -1;
	p.harness = fs_join(p.dir, "harness.c");
	p.main_c = fs_join(p.dir, "main.c");
	p.exe = fs_join(p.dir, "probe");
	if (fs_write(p.harness, probe_harness, sizeof(probe_harness) - 1, 0600, err) < 0 ||
		fs_write(p.main_c, probe_main, sizeof(probe_main) - 1, 0600, err) < 0)
		goto out;
	probe_clang(t, &p);
	probe_gcc(t, &p);
	probe_afl(t, &p);
	t->ar = fs_which("ar");
	if (!t->ar || (t->afl_cc && strstr(t->afl_cc, "lto"))) {
		/* link-time objects need the archiver that can read them */
		free(t->ar);
		t->ar = llvm_tool(t, "llvm-ar");
	}
	t->symbolizer = llvm_tool(t, "llvm-symbolizer");
	t->gdb = fs_which("gdb");
	t->profdata = llvm_tool(t, "llvm-profdata");
	t->cov = llvm_tool(t, "llvm-cov");
	rc = 0;
out:
	fs_remove_tree(p.dir, NULL);
	free(p.dir);
	free(p.harness);
	free(p.main_c);
	free(p.exe);
	return rc;
}

/*
 * Among what the user's projects share: the next one is spared the seconds that it takes. NULL: there is no such
 * place.
 */
char *toolchain_users_cache(void)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");

	if (cache && *cache == '/')
		return fs_join(cache, "thresh");
	return home && *home == '/' ? fs_join(home, ".cache/thresh") : NULL;
}

/* What is lacking may be a package that comes tomorrow, with the same compiler: that isn't for other projects. */
static bool complete(const struct toolchain *t)
{
	struct toolchain_item items[TOOLCHAIN_ITEMS];
	size_t n = toolchain_items(t, items), there = 0;

	while (there < n && items[there].found)
		there++;
	return there == n;
}

int toolchain_probe(struct toolchain *t, const char *cache_dir, struct err *err)
{
	char *print = toolchain_candidates(), *users = cache_dir ? toolchain_users_cache() : NULL;
	const char *dirs[] = { cache_dir, users };
	char *paths[ARRAY_LEN(dirs)], key[SHA256_HEX];
	size_t from = 0;
	int rc = 0;

	*t = (struct toolchain){ 0 };
	hash_sha256(print, strlen(print), key);
	paths[0] = cache_dir ? fs_join(cache_dir, "toolchain") : NULL;
	/* projects with other compilers on their PATH don't take it from each other */
	paths[1] = users ? xasprintf("%s/toolchain-%.16s", users, key) : NULL;
	/*
	 * the project's own first, which may know of what is lacking; what is found there or by
	 * probing goes into those before it
	 */
	while (from < ARRAY_LEN(dirs) && !(paths[from] && toolchain_recall(t, paths[from], print)))
		from++;
	if (from == ARRAY_LEN(dirs))
		rc = probe_all(t, err);
	for (size_t i = 0; rc == 0 && i < MIN(from, ARRAY_LEN(dirs)); i++)
		if (paths[i] && (dirs[i] == cache_dir || complete(t)) &&
			fs_mkdirs(dirs[i], NULL) == 0)
			toolchain_remember(t, paths[i], print);
	/* gc goes by this: it is in use */
	if (paths[1] && utimensat(AT_FDCWD, paths[1], NULL, 0) < 0 && errno != ENOENT)
		log_debug("%s: %s", paths[1], strerror(errno));
	for (size_t i = 0; i < ARRAY_LEN(dirs); i++)
		free(paths[i]);
	free(users);
	free(print);
	return rc;
}

size_t toolchain_items(const struct toolchain *t, struct toolchain_item out[TOOLCHAIN_ITEMS])
{
	const struct toolchain_item items[TOOLCHAIN_ITEMS] = {
		{ "clang", t->clang, t->clang_version, "every variant but gcc-asan",
			"apt-get install clang llvm", true, t->clang != NULL },
		{ "libFuzzer", t->clang, t->clang_version, "the libfuzzer engine",
			"apt-get install clang libclang-rt-dev", true, t->has_libfuzzer },
		{ "AddressSanitizer", t->clang, t->clang_version,
			"triage, minimisation, edge cases", "apt-get install clang libclang-rt-dev",
			true, t->has_asan },
		{ "UBSan", t->clang, t->clang_version, "undefined behaviour as a finding",
			"apt-get install clang libclang-rt-dev", false, t->has_ubsan },
		{ "MemorySanitizer", t->clang, t->clang_version, "the msan variant",
			"apt-get install clang libclang-rt-dev", false, t->has_msan },
		{ "clang++", t->clangxx, t->clang_version, "C++ harnesses and libraries",
			"apt-get install clang", false, t->clangxx != NULL },
		{ "gcc", t->gcc, t->gcc_version, "regression proof under another compiler",
			"apt-get install gcc", false, t->gcc && t->gcc_asan },
		{ "afl-fuzz", t->afl_fuzz, t->afl_version, "the aflpp engine",
			"apt-get install afl++", false, t->afl_fuzz != NULL },
		{ "AFL++ compiler", t->afl_cc, t->afl_version, "the afl variants",
			"apt-get install afl++, and the clang it was made for", false,
			t->afl_cc != NULL },
		{ "ar", t->ar, NULL, "every build from sources", "apt-get install binutils", true,
			t->ar != NULL },
		{ "llvm-symbolizer", t->symbolizer, NULL, "function names and lines in stacks",
			"apt-get install llvm", true, t->symbolizer != NULL },
		{ "llvm-profdata", t->profdata, NULL, "thresh cover", "apt-get install llvm", false,
			t->profdata != NULL },
		{ "llvm-cov", t->cov, NULL, "thresh cover", "apt-get install llvm", false,
			t->cov != NULL },
		{ "gdb", t->gdb, NULL, "thresh debug", "apt-get install gdb", false,
			t->gdb != NULL },
	};

	memcpy(out, items, sizeof(items));
	return TOOLCHAIN_ITEMS;
}
