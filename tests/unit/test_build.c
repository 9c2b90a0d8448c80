/* Variants: tables, records of what changed, blame, and real builds of a small project in a temporary folder. */
#include "base/prelude.h"
#include "build/internal.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/mem.h"
#include "proc/proc.h"
#include "runtime/thresh_rt_protocol.h"
#include <fcntl.h>
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static struct toolchain tools;

/* --- pure parts --- */

static void names_round_trip(void **state)
{
	(void)state;
	for (int i = 0; i < VARIANT_N; i++) {
		enum variant v = VARIANT_N;

		assert_non_null(variant_name((enum variant)i));
		assert_int_equal(variant_parse(variant_name((enum variant)i), &v), 0);
		assert_int_equal((int)v, i);
	}
	assert_int_equal(variant_parse("no-such", &(enum variant){ 0 }), -1);
}

static const struct {
	const char *rule, *want;
} dep_cases[] = {
	{ "a.o: a.c b.h\n", "a.c|b.h" },
	{ "a.o: a.c \\\n  b.h \\\n c.h\n", "a.c|b.h|c.h" },
	{ "a.o: with\\ blank.h d$$r.h h\\#h.h\n", "with blank.h|d$r.h|h#h.h" },
	{ "a.o: a.c\r\n", "a.c" },
	{ "dir:x/a.o: a.c b:c.h", "a.c|b:c.h" },
	{ "a.o: a.c\nb.h:\n", "a.c" },
	{ "a.o: \\\n a.c", "a.c" },
	{ "nothing here", NULL },
	{ "", NULL },
};

static void deps_are_parsed(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(dep_cases); i++) {
		struct strlist l = STRLIST_INIT;
		struct buf b = BUF_INIT;
		int rc = deps_parse(strv_of(dep_cases[i].rule), &l);

		assert_int_equal(rc, dep_cases[i].want ? 0 : -1);
		for (size_t k = 0; k < l.n; k++)
			buf_addf(&b, "%s%s", k ? "|" : "", l.v[k]);
		if (dep_cases[i].want)
			assert_string_equal(buf_str(&b), dep_cases[i].want);
		buf_release(&b);
		strlist_release(&l);
	}
}

static const struct {
	const char *log, *want;
} blame_cases[] = {
	{ "x.c: In function 'f':\nx.c:3:1: error: expected ';'\n  3 | }\n",
		"x.c:3:1: error: expected ';'" },
	{ "a.c:1:10: fatal error: 'z.h' file not found\n",
		"a.c:1:10: fatal error: 'z.h' file not found (is its directory missing from "
		"build.include?)" },
	{ "warning: x\nthe last word\n\n", "the last word" },
	{ "-- a\nCMake Error at b:3 (F):\n\n  No \"F\".\n\nSee also \"x.log\".\n",
		"CMake Error at b:3 (F): No \"F\"." },
	{ "CMake Error", "CMake Error" },
	{ "", "it said nothing" },
	{ "\033[31m error: red\033[0m\n", "\\x1b[31m error: red\\x1b[0m" },
	{ "ld: h.o: undefined reference to `LLVMFuzzerTestOneInput'\n",
		"ld: h.o: undefined reference to `LLVMFuzzerTestOneInput' (the harness defines no "
		"LLVMFuzzerTestOneInput (in C++ it has to be extern \"C\"))" },
	{ "p.c:5: multiple definition of `twice'; a.o:q.c:8: first defined here\n"
	  "collect2: error: ld returned 1 exit status\n",
		"p.c:5: multiple definition of `twice'" },
	{ "clang: error: linker command failed with exit code 1\n",
		"clang: error: linker command failed with exit code 1" },
};

/* A script of the project's own has no sources in thresh.yaml. */
static void blame_of_script(void **state)
{
	static const char said[] = "/usr/bin/ld: a.c:1: undefined reference to `BrotliDecode'\n";
	struct buf b = BUF_INIT;

	(void)state;
	blame(&b, strv_of(said), 3, true);
	assert_non_null(strstr(b.s, "does the script link all libraries"));
	assert_null(strstr(b.s, "build.sources"));
	buf_release(&b);
}

static void blame_is_short(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(blame_cases); i++) {
		struct buf b = BUF_INIT;

		blame(&b, strv_of(blame_cases[i].log), 3, false);
		assert_string_equal(b.s, blame_cases[i].want);
		buf_release(&b);
	}
}

static void suffixes(void **state)
{
	(void)state;
	assert_true(is_source("/a/b.c"));
	assert_true(is_source("x.cpp"));
	assert_true(is_cxx("x.C"));
	assert_false(is_cxx("x.c"));
	assert_false(is_source("x.h"));
	assert_false(is_source("/a.c/README"));
}

/* --- a small project --- */

struct project {
	char *dir;
	struct config c;
	struct config_build b;
	struct config_harness h;
};

static const char *one(const char *s)
{
	return s;
}

static struct config_strs strs(const char *a, const char *b)
{
	struct config_strs s = { xcalloc(3, sizeof(char *)), 0 };

	if (a)
		s.v[s.n++] = one(a);
	if (b)
		s.v[s.n++] = one(b);
	return s;
}

static char *in(const struct project *p, const char *name)
{
	return fs_join(p->dir, name);
}

static void put(const struct project *p, const char *name, const char *text)
{
	char *path = in(p, name), *dir = fs_dirname(path);

	assert_int_equal(fs_mkdirs(dir, NULL), 0);
	assert_int_equal(fs_write(path, text, strlen(text), 0755, NULL), 0);
	free(dir);
	free(path);
}

#define LIB_C                                                                                      \
	"#include \"lib.h\"\n#include <string.h>\n"                                                \
	"int lib_f(const unsigned char *d, unsigned long n)\n"                                     \
	"{ char b[4]; if (n > 4 && d[0] == 'B' && d[1] == 'U' && d[2] == 'G') memcpy(b, d, n), n " \
	"+= b[1];"                                                                                 \
	" return (int)n + LIB_K; }\n"
#define HARNESS_C                                                        \
	"#include <stdint.h>\n#include <stddef.h>\n#include \"lib.h\"\n" \
	"int LLVMFuzzerTestOneInput(const uint8_t *d, size_t n)\n"       \
	"{ return lib_f(d, n) == -1; }\n"

static void project_init(struct project *p)
{
	*p = (struct project){ 0 };
	p->dir = fs_tmpdir("thresh-test", NULL);
	assert_non_null(p->dir);
	put(p, "inc/lib.h",
		"#define LIB_K 1\nint lib_f(const unsigned char *d, unsigned long n);\n");
	put(p, "src/lib.c", LIB_C);
	put(p, "src/other.c", "int main(void);\nint main(void) { return 3; }\n");
	put(p, "h.c", HARNESS_C);
	p->b.name = "";
	p->b.sources = strs(in(p, "src/*.c"), NULL);
	p->b.include = strs(in(p, "inc"), NULL);
	p->b.sanitizers = strs("address+undefined", "memory");
	p->h = (struct config_harness){ .name = "h", .source = in(p, "h.c"), .build = &p->b };
	p->c = (struct config){ .dir = p->dir,
		.state_dir = in(p, ".thresh"),
		.project = "proj",
		.builds = &p->b,
		.n_builds = 1,
		.harnesses = &p->h,
		.n_harnesses = 1 };
}

static void project_release(struct project *p)
{
	fs_remove_tree(p->dir, NULL);
	free((void *)(uintptr_t)p->b.sources.v[0]);
	free((void *)(uintptr_t)p->b.sources.v);
	free((void *)(uintptr_t)p->b.include.v[0]);
	free((void *)(uintptr_t)p->b.include.v);
	free((void *)(uintptr_t)p->b.sanitizers.v);
	free((void *)(uintptr_t)p->h.source);
	free((void *)(uintptr_t)p->c.state_dir);
	free(p->dir);
}

/* Exit status (or -signal) of the harness on a file with that text. */
static int run_on(const struct project *p, const char *exe, const char *text)
{
	char *file = in(p, "input");
	const char *argv[] = { exe, file, NULL };
	struct proc_spec spec = PROC_SPEC_INIT;
	struct proc_result r;
	int rc;

	put(p, "input", text);
	spec.argv = argv;
	spec.out = spec.err = PROC_CAPTURE;
	spec.wall_ms = 60000;
	spec.cwd = p->dir; /* coverage leaves its file there */
	assert_int_equal(proc_run(&spec, &r, NULL), 0);
	rc = WIFEXITED(r.status) ? WEXITSTATUS(r.status) : -WTERMSIG(r.status);
	proc_result_release(&r);
	free(file);
	return rc;
}

static void build_at(const struct project *p, enum variant v, bool fresh, int line)
{
	struct build_result r;
	struct err err = ERR_INIT;
	int rc = build_variant(&p->c, &p->h, NULL, v, &tools, 2, &r, &err);

	if (rc < 0)
		print_error("%s\n%s\n", err.msg, r.log ? r.log : "");
	assert_int_equal(rc, 0);
	assert_non_null(r.exe);
	if (r.fresh != fresh)
		print_error("line %d: %s: fresh is %d\n", line, variant_name(v), r.fresh);
	assert_int_equal(r.fresh, fresh);
	build_result_release(&r);
}

#define build_ok(p, v, fresh) build_at((p), (v), (fresh), __LINE__)

static void every_variant_builds_and_runs(void **state)
{
	struct project p;

	(void)state;
	project_init(&p);
	for (int i = 0; i < VARIANT_N; i++) {
		enum variant v = (enum variant)i;
		char *exe = build_path(&p.c, &p.h, NULL, v);

		if (toolchain_lacks(&tools, v)) {
			free(exe);
			continue;
		}
		build_ok(&p, v, false);
		build_ok(&p, v, true);
		assert_int_equal(run_on(&p, exe, "fine"), 0);
		if (v == VARIANT_ASAN || v == VARIANT_LIBFUZZER || v == VARIANT_GCC_ASAN)
			assert_int_not_equal(run_on(&p, exe, "BUGBUGBUG"), 0);
		free(exe);
	}
	project_release(&p);
}

/* By the input's first letter; what is none of our business passes. */
#define FAULTS_C                                                                               \
	"#include <stdint.h>\n#include <stddef.h>\n#include <stdlib.h>\n#include <string.h>\n" \
	"static volatile int sink;\n"                                                          \
	"int LLVMFuzzerTestOneInput(const uint8_t *d, size_t n)\n"                             \
	"{\n"                                                                                  \
	"	char *s = malloc(n + 1), *volatile none = NULL, to[4];\n"                            \
	"	volatile int i = 2147483647;\n"                                                      \
	"	if (!s || !n)\n"                                                                     \
	"		return free(s), 0;\n"                                                               \
	"	memcpy(s, d, n); s[n] = 0;\n"                                                        \
	"	switch (*s) {\n"                                                                     \
	"	case 'd': sink = (int)strtod(s + 1, NULL); break;\n"                                 \
	"	case 'u': sink = (int)(uint64_t)strtod(s + 1, NULL); break;\n"                       \
	"	case 'l': sink = (int)(long)strtof(s + 1, NULL); break;\n"                           \
	"	case 'i': sink = i + atoi(s + 1); break;\n"                                          \
	"	case 's': sink = 1 << atoi(s + 1); break;\n"                                         \
	"	case 'b': sink = to[atoi(s + 1)]; break;\n"                                          \
	"	case '/': sink = 7 / atoi(s + 1); break;\n"                                          \
	"	case 'n': memcpy(to, none, (size_t)atoi(s + 1)); break;\n"                           \
	"	case 'z': sink = none + atoi(s + 1) != NULL; break;\n"                               \
	"	case 'a': sink = *(int *)(void *)(s + 1); break;\n"                                  \
	"	}\n"                                                                                 \
	"	free(s);\n"                                                                          \
	"	return 0;\n"                                                                         \
	"}\n"
static const struct {
	const char *input;
	bool fails;
} fault_cases[] = {
	{ "d1e300", true },
	{ "d-2147483649", true },
	{ "dnan", true },
	{ "d-2147483648.5", false },
	{ "u-1", true },
	{ "u1e18", false },
	{ "l1e30", true },
	{ "i1", true },
	{ "i0", false },
	{ "s32", true },
	{ "b4", true },
	{ "/0", true },
	{ "n0", false },
	{ "z0", false },
	{ "a1234", false },
};

static void sanitizers_see_faults(void **state)
{
	static const enum variant seeing[] = { VARIANT_ASAN, VARIANT_GCC_ASAN };
	struct project p;

	(void)state;
	project_init(&p);
	put(&p, "h.c", FAULTS_C);
	for (size_t k = 0; k < ARRAY_LEN(seeing); k++) {
		char *exe = build_path(&p.c, &p.h, NULL, seeing[k]);

		for (size_t i = 0;
			!toolchain_lacks(&tools, seeing[k]) && i < ARRAY_LEN(fault_cases); i++) {
			if (i == 0)
				build_ok(&p, seeing[k], false);
			if ((run_on(&p, exe, fault_cases[i].input) != 0) != fault_cases[i].fails)
				print_error(
					"%s: %s\n", variant_name(seeing[k]), fault_cases[i].input);
			assert_int_equal(
				run_on(&p, exe, fault_cases[i].input) != 0, fault_cases[i].fails);
		}
		free(exe);
	}
	project_release(&p);
}

static void only_what_changed(void **state)
{
	struct project p;

	(void)state;
	project_init(&p);
	build_ok(&p, VARIANT_ASAN, false);
	build_ok(&p, VARIANT_ASAN, true);
	put(&p, "h.c", HARNESS_C); /* written anew with the same bytes */
	build_ok(&p, VARIANT_ASAN, true);
	put(&p, "inc/lib.h",
		"#define LIB_K 2\nint lib_f(const unsigned char *d, unsigned long n);\n");
	build_ok(&p, VARIANT_ASAN, false);
	build_ok(&p, VARIANT_ASAN, true);
	put(&p, "src/more.c", "int more(void);\nint more(void) { return 1; }\n");
	build_ok(&p, VARIANT_ASAN, false);
	build_ok(&p, VARIANT_ASAN, true);
	p.b.cflags = strs("-DX=1", NULL);
	build_ok(&p, VARIANT_ASAN, false);
	build_ok(&p, VARIANT_ASAN, true);
	free((void *)(uintptr_t)p.b.cflags.v);
	p.b.cflags = (struct config_strs){ NULL, 0 };
	project_release(&p);
}

static void expect_error(const struct project *p, enum err_kind kind, const char *words)
{
	struct build_result r;
	struct err err = ERR_INIT;

	assert_int_equal(build_variant(&p->c, &p->h, NULL, VARIANT_ASAN, &tools, 2, &r, &err), -1);
	if (!strstr(err.msg, words))
		print_error("%s\n", err.msg);
	assert_non_null(strstr(err.msg, words));
	assert_int_equal(err.kind, kind);
	assert_null(r.exe);
	build_result_release(&r);
}

static void failures_say_why(void **state)
{
	struct project p;
	const char *pattern, *source;

	(void)state;
	project_init(&p);
	build_ok(&p, VARIANT_ASAN, false);
	put(&p, "h.c", "int LLVMFuzzerTestOneInput(;\n");
	expect_error(&p, ERR_SYSTEM, "h.c:1:");
	put(&p, "h.c", "int nothing;\n");
	expect_error(&p, ERR_SYSTEM, "defines no LLVMFuzzerTestOneInput");
	put(&p, "src/lib.c", "#error broken library\n");
	put(&p, "h.c", HARNESS_C);
	expect_error(&p, ERR_SYSTEM, "broken library");
	put(&p, "src/lib.c", LIB_C);
	build_ok(&p, VARIANT_ASAN, false);
	pattern = p.b.sources.v[0];
	p.b.sources.v[0] = "/no/such/place/*.c";
	expect_error(&p, ERR_USAGE, "/no/such/place/*.c");
	p.b.sources.v[0] = pattern;
	source = p.h.source;
	p.h.source = "/no/such/harness.c";
	expect_error(&p, ERR_USAGE, "/no/such/harness.c: no such file");
	p.h.source = source;
	build_ok(&p, VARIANT_ASAN, true);
	project_release(&p);
}

static void cxx_and_own_malloc(void **state)
{
	struct project p;
	char *exe;

	(void)state;
	project_init(&p);
	if (!tools.clangxx) {
		project_release(&p);
		skip();
	}
	put(&p, "h.cc",
		"#include <cstdint>\n#include <cstddef>\n#include <string>\n"
		"extern \"C\" int LLVMFuzzerTestOneInput(const uint8_t *d, size_t n)\n"
		"{ std::string s((const char *)d, n); return s == \"-\" ? -1 : 0; }\n");
	free((void *)(uintptr_t)p.h.source);
	p.h.source = in(&p, "h.cc");
	build_ok(&p, VARIANT_ASAN, false);
	build_ok(&p, VARIANT_COV, false);
	put(&p, "src/lib.c",
		LIB_C "#include <stdlib.h>\nstatic char pool[1 << 20]; static unsigned long at;\n"
		      "void *malloc(size_t n) { at = (at + 15) & ~15UL; at += n; return pool + at "
		      "- n; }\n"
		      "void *calloc(size_t n, size_t k) { return malloc(n * k); }\n"
		      "void *realloc(void *p, size_t n)\n"
		      "{ void *q = malloc(n); return p ? memcpy(q, p, n) : q; }\n"
		      "void free(void *p) { (void)p; }\n");
	put(&p, "h.cc",
		"#include <stdint.h>\n#include <stdlib.h>\n"
		"extern \"C\" int lib_f(const unsigned char *, unsigned long);\n"
		"extern \"C\" int LLVMFuzzerTestOneInput(const uint8_t *d, size_t n)\n"
		"{ return lib_f(d, n) == -1; }\n");
	build_ok(&p, VARIANT_COV, false);
	exe = build_path(&p.c, &p.h, NULL, VARIANT_COV);
	assert_int_equal(run_on(&p, exe, "x"), 0);
	build_ok(&p, VARIANT_COV, true);
	free(exe);
	project_release(&p);
}

#define SCRIPT                                                                                     \
	"#!/bin/bash -eu\necho ran >> \"$COUNT\"\n"                                                \
	"[ \"$PWD\" = \"$SRC/proj\" ] && [ -f \"$SRC/build.sh\" ] && [ -d \"$WORK\" ] || exit 7\n" \
	"test \"$SANITIZER\" && test \"$FUZZING_ENGINE\" && test \"$ARCHITECTURE\"\n"              \
	"$CC $CFLAGS -Iinc -c src/lib.c -o src/lib.o\n"                                            \
	"$CC $CFLAGS -Iinc -c h.c -o h.o\n"                                                        \
	"${CXX:-$CC} $CXXFLAGS h.o src/lib.o -o $OUT/h $LIB_FUZZING_ENGINE\n"                      \
	"echo '\"word\"' > $OUT/h.dict\n"

static size_t count_lines(const char *path)
{
	struct buf b = BUF_INIT;
	size_t n = 0;

	fs_read(path, 1 << 20, &b, NULL);
	for (size_t i = 0; i < b.len; i++)
		n += b.s[i] == '\n';
	buf_release(&b);
	return n;
}

/* Does the executable have survive.c in it, between libFuzzer and the harness? */
static bool survives(const char *exe)
{
	struct buf b = BUF_INIT;
	bool has;

	assert_int_equal(fs_read(exe, FS_NO_LIMIT, &b, NULL), 0);
	has = memmem(b.s, b.len, THRESH_RT_SURVIVE_MARK, sizeof(THRESH_RT_SURVIVE_MARK) - 1) !=
	      NULL;
	buf_release(&b);
	return has;
}

/* libFuzzer with our entry is one word of whatever line a script links with; what can't take it gets the compiler's flag. */
static void script_engines(void **state)
{
	static const struct {
		const char *link;
		bool survives;
	} rows[] = {
		{ "$CC $CFLAGS -Iinc h.c src/lib.c -o $OUT/h $LIB_FUZZING_ENGINE", true },
		{ "$CC $CFLAGS -Iinc \"$LIB_FUZZING_ENGINE\" h.c src/lib.c -o $OUT/h", true },
		{ "{ echo 'extern \"C\" {'; cat h.c; echo '}'; } > h.cc; "
		  "$CXX $CXXFLAGS -Iinc h.cc lib.o -o $OUT/h $LIB_FUZZING_ENGINE",
			true },
		{ "$CC $CFLAGS -Iinc -c h.c && ar rc h.a h.o && "
		  "$CC $CFLAGS \"$LIB_FUZZING_ENGINE\" h.a lib.o -o $OUT/h",
			true },
		{ "test $LIB_FUZZING_ENGINE = -fsanitize=fuzzer && "
		  "$CC $CFLAGS -Iinc h.c lib.o -o $OUT/h $LIB_FUZZING_ENGINE",
			false },
	};
	static const enum variant vs[] = { VARIANT_LIBFUZZER, VARIANT_LIBFUZZER_PLAIN };
	struct project p;
	char *script;

	(void)state;
	if (toolchain_lacks(&tools, VARIANT_LIBFUZZER))
		skip();
	project_init(&p);
	script = in(&p, "fuzz/build.sh");
	p.b.script = script;
	for (size_t i = 0; i < ARRAY_LEN(rows) * ARRAY_LEN(vs); i++) {
		enum variant v = vs[i % ARRAY_LEN(vs)];
		char *text =
			xasprintf("#!/bin/bash -eu\n$CC $CFLAGS -Iinc -c src/lib.c -o lib.o\n%s\n",
				rows[i / ARRAY_LEN(vs)].link);
		char *exe = build_path(&p.c, &p.h, NULL, v);

		put(&p, "fuzz/build.sh", text);
		build_ok(&p, v, false);
		build_ok(&p, v, true);
		assert_int_equal(survives(exe), rows[i / ARRAY_LEN(vs)].survives);
		assert_int_equal(run_on(&p, exe, "fine"), 0);
		free(exe);
		free(text);
	}
	p.b.script = NULL;
	free(script);
	project_release(&p);
}

static void script_builds(void **state)
{
	static const enum variant vs[] = { VARIANT_ASAN, VARIANT_LIBFUZZER, VARIANT_AFL,
		VARIANT_COV };
	struct project p;
	struct config_strs sources;
	char *script, *count, *lib_o;
	size_t expected = 0;

	(void)state;
	project_init(&p);
	put(&p, "fuzz/build.sh", SCRIPT);
	script = in(&p, "fuzz/build.sh");
	count = in(&p, ".thresh/count");
	lib_o = in(&p, "src/lib.o");
	fs_mkdirs(p.c.state_dir, NULL);
	setenv("COUNT", count, 1);
	p.b.script = script;
	sources = p.b.sources;
	p.b.sources = (struct config_strs){ NULL, 0 };
	free((void *)(uintptr_t)p.h.source);
	p.h.source = NULL;
	for (size_t i = 0; i < ARRAY_LEN(vs); i++) {
		char *exe = build_path(&p.c, &p.h, NULL, vs[i]);

		if (toolchain_lacks(&tools, vs[i])) {
			free(exe);
			continue;
		}
		build_ok(&p, vs[i], false);
		build_ok(&p, vs[i], true);
		expected++;
		assert_int_equal(count_lines(count), expected);
		assert_int_equal(run_on(&p, exe, "fine"), 0);
		fs_remove(exe, NULL); /* the input lies in the tree: out of the way */
		free(exe);
	}
	assert_false(fs_exists(lib_o)); /* the user's tree stays clean */
	/* a name that the runtime has, too: without a part of it, and that is remembered */
	put(&p, "src/lib.c",
		LIB_C "char *strdup(const char *s) { static char b[64]; strncpy(b, s, 63); return "
		      "b; }\n");
	build_ok(&p, VARIANT_ASAN, false);
	expected = count_lines(count);
	build_ok(&p, VARIANT_ASAN, true);
	assert_int_equal(count_lines(count), expected);
	put(&p, "fuzz/build.sh", "#!/bin/sh\necho 'x.c:1: error: no good' >&2\nexit 1\n");
	expect_error(&p, ERR_SYSTEM, "x.c:1: error: no good");
	put(&p, "fuzz/build.sh", "#!/bin/sh\nexit 0\n");
	expect_error(&p, ERR_USAGE, "left no executable h in $OUT");
	p.b.script = "/no/such/build.sh";
	expect_error(&p, ERR_USAGE, "/no/such/build.sh: no such file");
	unsetenv("COUNT");
	p.b.sources = sources;
	free(script);
	free(count);
	free(lib_o);
	project_release(&p);
}

static void several_processes_at_once(void **state)
{
	struct project p;
	pid_t pids[3];

	(void)state;
	project_init(&p);
	for (size_t i = 0; i < ARRAY_LEN(pids); i++) {
		pids[i] = fork();
		assert_true(pids[i] >= 0);
		if (pids[i] == 0) {
			struct build_result r;
			struct err err = ERR_INIT;

			_exit(build_variant(&p.c, &p.h, NULL, VARIANT_ASAN, &tools, 1, &r, &err) <
				0);
		}
	}
	for (size_t i = 0; i < ARRAY_LEN(pids); i++) {
		int status;

		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_int_equal(status, 0);
	}
	build_ok(&p, VARIANT_ASAN, true);
	project_release(&p);
}

static void probe_is_remembered(void **state)
{
	char *dir = fs_tmpdir("thresh-test", NULL);
	struct toolchain a, b;
	struct toolchain_item items[TOOLCHAIN_ITEMS];

	(void)state;
	assert_int_equal(toolchain_probe(&a, dir, NULL), 0);
	assert_int_equal(toolchain_probe(&b, dir, NULL), 0);
	assert_int_equal(a.has_libfuzzer, b.has_libfuzzer);
	assert_int_equal(a.clang_major, b.clang_major);
	if (a.clang)
		assert_string_equal(a.clang, b.clang);
	if (a.clang_ubsan)
		assert_string_equal(a.clang_ubsan, b.clang_ubsan);
	for (size_t i = 0; i < toolchain_items(&a, items); i++) {
		assert_non_null(items[i].name);
		assert_non_null(items[i].mend);
	}
	toolchain_release(&a);
	toolchain_release(&b);
	fs_remove_tree(dir, NULL);
	free(dir);
}

/* Where what projects share is kept; what it was before is the caller's. NULL: the default. */
static char *set_cache(const char *dir)
{
	const char *was = getenv("XDG_CACHE_HOME");
	char *copy = was ? xstrdup(was) : NULL;

	if (dir)
		setenv("XDG_CACHE_HOME", dir, 1);
	else
		unsetenv("XDG_CACHE_HOME");
	return copy;
}

/* The one file of such a name among what projects share, or NULL; the caller frees. */
static char *shared_file(const char *cache, const char *name)
{
	char *pattern = fs_join(cache, name), *path = NULL;
	glob_t g = { 0 };

	if (glob(pattern, 0, NULL, &g) == 0) {
		assert_int_equal(g.gl_pathc, 1);
		path = xstrdup(g.gl_pathv[0]);
	}
	globfree(&g);
	free(pattern);
	return path;
}

/* The next project is told what one found out, where nothing was lacking. */
static void probe_is_shared(void **state)
{
	char *home = fs_tmpdir("thresh-test", NULL), *shared;
	char *one = fs_join(home, "one"), *two = fs_join(home, "two");
	struct toolchain_item items[TOOLCHAIN_ITEMS];
	struct toolchain a, b;
	struct buf text = BUF_INIT;
	bool complete = true;
	char *was;

	(void)state;
	was = set_cache(home);
	assert_int_equal(toolchain_probe(&a, one, NULL), 0);
	for (size_t i = 0; i < toolchain_items(&a, items); i++)
		complete &= items[i].found;
	shared = shared_file(home, "thresh/toolchain-*");
	assert_int_equal(shared != NULL, complete);
	if (complete) {
		assert_int_equal(fs_read(shared, 1 << 20, &text, NULL), 0);
		text.len -= strlen("end\n");
		buf_adds(&text, "gdb=/told/by/the/other\nend\n");
		assert_int_equal(fs_write(shared, buf_str(&text), text.len, 0600, NULL), 0);
		assert_int_equal(toolchain_probe(&b, two, NULL), 0);
		assert_string_equal(b.gdb, "/told/by/the/other");
		toolchain_release(&b);
	}
	free(set_cache(was));
	free(was);
	toolchain_release(&a);
	buf_release(&text);
	fs_remove_tree(home, NULL);
	free(home);
	free(shared);
	free(one);
	free(two);
}

static uint64_t changed_at(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return (uint64_t)st.st_mtim.tv_sec * 1000000000 + (uint64_t)st.st_mtim.tv_nsec;
}

/* What linking asked the compiler is remembered for all projects: here with a script of ours for the linker. */
static void answer_by(const char *cache, const char *script)
{
	char *kept = shared_file(cache, "thresh/runtime-*/links/*"), *ld = fs_join(cache, "ld");
	struct buf text = BUF_INIT, ours = BUF_INIT;
	struct strv rest, line;

	assert_non_null(kept);
	assert_int_equal(fs_read(kept, 1 << 20, &text, NULL), 0);
	rest = strv_n(text.s, text.len);
	assert_true(strv_line(&rest, &line));
	buf_addf(&ours, STRV_FMT "\n%s\n", STRV_ARG(line), ld);
	assert_true(strv_line(&rest, &line));
	buf_addv(&ours, rest);
	assert_int_equal(fs_write(kept, ours.s, ours.len, 0600, NULL), 0);
	assert_int_equal(fs_write(ld, script, strlen(script), 0700, NULL), 0);
	buf_release(&text);
	buf_release(&ours);
	free(kept);
	free(ld);
}

/* The next link starts no driver; one that fails, by whatever is remembered, is left to it. */
static void links_are_shared(const char *cache)
{
	char *mark = fs_join(cache, "linked");
	struct project p;

	answer_by(cache, "#!/bin/sh\ntouch \"${0%/*}/linked\"\nexec ld \"$@\"\n");
	project_init(&p);
	build_ok(&p, VARIANT_ASAN, false);
	project_release(&p);
	assert_true(fs_exists(mark));
	answer_by(cache, "#!/bin/sh\necho out of order >&2\nexit 1\n");
	project_init(&p);
	build_ok(&p, VARIANT_ASAN, false);
	project_release(&p);
	free(mark);
}

/* Two projects: it is compiled once; and by itself where there is no place to share. */
static void runtime_is_shared(void **state)
{
	char *home = fs_tmpdir("thresh-test", NULL), *was = set_cache(home), *shared;
	struct project p;
	uint64_t made;

	(void)state;
	project_init(&p);
	build_ok(&p, VARIANT_ASAN, false);
	build_ok(&p, VARIANT_ASAN, true);
	project_release(&p);
	shared = shared_file(home, "thresh/runtime-*/objects/thresh_rt.o");
	assert_non_null(shared);
	made = changed_at(shared);
	if (tools.clang && tools.has_asan)
		links_are_shared(home);
	project_init(&p);
	build_ok(&p, VARIANT_ASAN, false);
	assert_int_equal(changed_at(shared), made);
	/* made again, the same, when that place is emptied */
	assert_int_equal(fs_remove_tree(home, NULL), 0);
	build_ok(&p, VARIANT_ASAN, true);
	project_release(&p);
	free(set_cache("/dev/null/none"));
	project_init(&p);
	build_ok(&p, VARIANT_ASAN, false);
	build_ok(&p, VARIANT_ASAN, true);
	project_release(&p);
	free(set_cache(was));
	free(was);
	fs_remove_tree(home, NULL);
	free(shared);
	free(home);
}

/* One record says that all of the runtime is there: what of it was taken away or changed is there again. */
static void runtime_is_mended(void **state)
{
	static const char *const files[] = { ".thresh/build/.runtime/thresh_rt.o",
		".thresh/build/.runtime/survive.o", ".thresh/runtime/serve.c" };
	struct project p;

	(void)state;
	project_init(&p);
	build_ok(&p, VARIANT_ASAN, false);
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		char *path = fs_join(p.dir, files[i]);
		struct buf was = BUF_INIT, now = BUF_INIT;

		assert_int_equal(fs_read(path, FS_NO_LIMIT, &was, NULL), 0);
		assert_int_equal(unlink(path), 0);
		build_ok(&p, VARIANT_ASAN, true);
		assert_int_equal(fs_read(path, FS_NO_LIMIT, &now, NULL), 0);
		assert_int_equal(now.len, was.len);
		/* now with a record that speaks of it */
		build_ok(&p, VARIANT_ASAN, true);
		assert_int_equal(fs_write(path, "x", 1, 0600, NULL), 0);
		build_ok(&p, VARIANT_ASAN, true);
		buf_reset(&now);
		assert_int_equal(fs_read(path, FS_NO_LIMIT, &now, NULL), 0);
		assert_int_equal(now.len, was.len);
		buf_release(&was);
		buf_release(&now);
		free(path);
	}
	project_release(&p);
}

static void nothing_on_path(void **state)
{
	char *path = xstrdup(getenv("PATH"));
	struct toolchain t;

	(void)state;
	setenv("PATH", "/no/such/place", 1);
	assert_int_equal(toolchain_probe(&t, NULL, NULL), 0);
	setenv("PATH", path, 1);
	free(path);
	assert_null(t.clang);
	for (int i = 0; i < VARIANT_N; i++)
		assert_non_null(toolchain_lacks(&t, (enum variant)i));
	toolchain_release(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_round_trip),
		cmocka_unit_test(deps_are_parsed),
		cmocka_unit_test(blame_is_short),
		cmocka_unit_test(blame_of_script),
		cmocka_unit_test(suffixes),
		cmocka_unit_test(probe_is_remembered),
		cmocka_unit_test(probe_is_shared),
		cmocka_unit_test(runtime_is_shared),
		cmocka_unit_test(runtime_is_mended),
		cmocka_unit_test(nothing_on_path),
		cmocka_unit_test(every_variant_builds_and_runs),
		cmocka_unit_test(sanitizers_see_faults),
		cmocka_unit_test(only_what_changed),
		cmocka_unit_test(failures_say_why),
		cmocka_unit_test(cxx_and_own_malloc),
		cmocka_unit_test(script_builds),
		cmocka_unit_test(script_engines),
		cmocka_unit_test(several_processes_at_once),
	};
	/* another test may have found out */
	char *found = fs_tmpdir("thresh-test", NULL);
	int rc;

	setvbuf(stdout, NULL, _IOLBF, 0);
	toolchain_probe(&tools, found, NULL);
	rc = cmocka_run_group_tests_name("build", tests, NULL, NULL);
	toolchain_release(&tools);
	fs_remove_tree(found, NULL);
	free(found);
	return rc;
}
