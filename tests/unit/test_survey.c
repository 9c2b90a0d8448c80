/* What compilers' and archivers' command lines say, where files lie, and what a build's words blame. */
#include "base/prelude.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"
#include "proc/proc.h"
#include "survey/command.h"
#include "survey/database.h"
#include "survey/defines.h"
#include "survey/files.h"
#include "survey/freshen.h"
#include "survey/installed.h"
#include "survey/leads.h"
#include "survey/needs.h"
#include "survey/record.h"
#include "survey/siblings.h"
#include "survey/switches.h"
#include "survey/systems.h"
#include "survey/targets.h"
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <time.h>
#include <cmocka.h>

static void split(const char *words, struct strlist *argv)
{
	struct strv rest = strv_of(words), word;

	while (strv_split(&rest, ' ', &word))
		strlist_add_take(argv, strv_dup(word));
}

static char *joined(const struct strlist *l)
{
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < l->n; i++) {
		buf_adds(&b, i ? " " : "");
		buf_adds(&b, l->v[i]);
	}
	buf_adds(&b, "");
	return buf_detach(&b);
}

static void must_be(const char *words, const struct strlist *l, const char *want)
{
	char *got = joined(l);

	if (strcmp(got, want) != 0)
		fail_msg("%s: \"%s\", not \"%s\"", words, got, want);
	free(got);
}

/* In /p/b; NULL: nothing that counts. What isn't named is empty. */
static void test_command(void **state)
{
	static const struct {
		const char *words, *sources, *objects, *inputs, *output, *flags, *include, *libs;
		bool library;
	} rows[] = {
		{ "cc -c a.c", "/p/b/a.c", "/p/b/a.o", "", NULL, "", "", "", false },
		{ "gcc -O2 -Wall -g -I../inc -I . -DX=1 -D Y -UZ -c -o o/a.o ../src/a.c",
			"/p/src/a.c", "/p/b/o/a.o", "", NULL, "-DX=1 -DY -UZ", "/p/inc /p/b", "",
			false },
		{ "clang -std=c99 -MD -MF d.d -MT a.o -isystem /s -include c.h -c a.c -o a.o",
			"/p/b/a.c", "/p/b/a.o", "", NULL, "-std=c99 -include /p/b/c.h", "/s", "",
			false },
		{ "cc -D_FORTIFY_SOURCE=2 -D _FORTIFY_SOURCE -D_FORTIFY_SOURCES -fopenmp -c a.c",
			"/p/b/a.c", "/p/b/a.o", "", NULL, "-D_FORTIFY_SOURCES", "", "", false },
		{ "cc -ansi -fPIC -pthread -c a.c b.c", "/p/b/a.c /p/b/b.c", "/p/b/a.o /p/b/b.o",
			"", NULL, "-std=gnu89 -pthread", "", "-pthread", false },
		{ "c++ -shared -o libx.so x.o -lm -lz", "", "", "/p/b/x.o", "/p/b/libx.so", "", "",
			"-lm -lz", true },
		{ "cc -o prog main.c libx.a -l z", "/p/b/main.c", "", "/p/b/libx.a", "/p/b/prog",
			"", "", "-lz", false },
		{ "cc -DX -c -o o/a.o ../a.S", "/p/a.S", "/p/b/o/a.o", "", NULL, "-DX", "", "",
			false },
		{ "cc a.o b.o", "", "", "/p/b/a.o /p/b/b.o", "/p/b/a.out", "", "", "", false },
		{ "ar cru .libs/libx.a a.o ../b.o", "", "", "/p/b/a.o /p/b.o", "/p/b/.libs/libx.a",
			"", "", "", true },
		{ "x86_64-linux-gnu-ar -rcs libx.a a.o", "", "", "/p/b/a.o", "/p/b/libx.a", "", "",
			"", true },
		{ "nasm -I x/ -f elf64 -DX=1 -o o/a.o a.asm", "/p/b/a.asm", "/p/b/o/a.o", "", NULL,
			"", "", "", false },
		{ .words = "nasm -v" },
		{ .words = "yasm -f elf64 a.asm" },
		{ .words = "cc --version" },
		{ .words = "cc -E a.c" },
		{ .words = "cc -M a.c" },
		{ .words = "cc -c" },
		{ .words = "cc" },
		{ .words = "ar t libx.a a.o" },
		{ .words = "ar x libx.a" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct strlist argv = STRLIST_INIT;
		struct command c;
		bool counts;

		split(rows[i].words, &argv);
		counts = command_read("/p/b", &argv, &c);
		if (counts != (rows[i].sources != NULL))
			fail_msg("%s: %s", rows[i].words, counts ? "counts" : "doesn't count");
		if (counts) {
			must_be(rows[i].words, &c.sources, rows[i].sources);
			/* where it links at once, no object is left */
			if (*rows[i].objects)
				must_be(rows[i].words, &c.objects, rows[i].objects);
			must_be(rows[i].words, &c.inputs, rows[i].inputs);
			must_be(rows[i].words, &c.flags, rows[i].flags);
			must_be(rows[i].words, &c.include, rows[i].include);
			must_be(rows[i].words, &c.libs, rows[i].libs);
			assert_int_equal(c.library, rows[i].library);
			if (rows[i].output)
				assert_string_equal(c.output, rows[i].output);
			else
				assert_null(c.output);
		}
		command_release(&c);
		strlist_release(&argv);
	}
}

static void test_path(void **state)
{
	static const struct {
		const char *cwd, *path, *want;
	} rows[] = { { "/a", "b", "/a/b" }, { "/a", "/b/./c", "/b/c" }, { "/a/b", "../c", "/a/c" },
		{ "/a", "../../..", "/" }, { "/a", "b//c/", "/a/b/c" }, { "/", ".", "/" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char *got = command_path(rows[i].cwd, rows[i].path);

		assert_string_equal(got, rows[i].want);
		free(got);
	}
}

static void test_aside(void **state)
{
	static const struct {
		const char *rel;
		bool aside;
	} rows[] = { { "src/a.c", false }, { "test/a.c", true }, { "src/Tests/a.c", true },
		{ "test.c", false }, { "contest/a.c", false }, { "a/examples/b/c.c", true },
		{ "harnesses/x.c", true } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (files_aside(rows[i].rel) != rows[i].aside)
			fail_msg("%s", rows[i].rel);
}

static void test_blame(void **state)
{
	static const struct {
		const char *said, *line;
	} rows[] = { { "checking for x... no\nconfigure: error: x is needed\n",
			     "configure: error: x is needed" },
		{ "CMake Error at CMakeLists.txt:3 (message):\n\n  no x here\n", "no x here" },
		{ "-- Could NOT find BISON (missing: BISON_EXECUTABLE)\nCMake Error: y\n",
			"-- Could NOT find BISON (missing: BISON_EXECUTABLE)" },
		{ "../meson.build:4:0: ERROR: Dependency \"x\" not found\n",
			"../meson.build:4:0: ERROR: Dependency \"x\" not found" },
		{ "a.c:1:10: fatal error: x.h: No such file or directory\nmake: *** [a.o] Error "
		  "1\n",
			"a.c:1:10: fatal error: x.h: No such file or directory" },
		{ "CMake Error at a:1 (include):\n  include could not find requested file:\n\n    "
		  "parts\n\n",
			"include could not find requested file:\n\n    parts" },
		{ "configure: error: Package requirements (\n  a >= 1\n) were not met:\n\n"
		  "Package 'a', required by 'virtual:world', not found\n",
			"Package 'a', required by 'virtual:world', not found" },
		{ "fine\n", "" }, { "", "" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char *got = strv_dup(systems_blame(strv_of(rows[i].said)));

		assert_string_equal(got, rows[i].line);
		free(got);
	}
}

/* What a build says that it misses, and what brings that; packages: those that there are. */
static void test_needs(void **state)
{
	static const char packages[] = "librevenge-dev\nlibglib1.2-dev\nlibfoo2-dev\nlibfoo1-dev\n"
				       "foo2-doc\nragel\nfrobnicate\nlibconfig-dev\nlibown-dev\n";
	static const struct {
		const char *said, *told;
		bool generator;
	} rows[] = {
		{ "/bin/sh: 1: bison: not found\nmake: *** [x.c] Error 127\n",
			"needs bison: `apt-get install bison`", true },
		{ "bash: line 1: flex: command not found\n", "needs flex: `apt-get install flex`",
			true },
		{ "make[2]: gperf: No such file or directory\n",
			"needs gperf: `apt-get install gperf`", true },
		{ "make: *** No rule to make target 'a.h'.\nmake: src: No such file or directory\n",
			"", false },
		{ "WARNING: 'bison' is missing on your system.\nWARNING: 'yacc' is missing on your "
		  "system.\n",
			"needs bison: `apt-get install bison`", true },
		{ "a/meson.build:4:4: ERROR: Program 'nasm' not found or not executable\n",
			"needs nasm: `apt-get install nasm`", true },
		{ "m:1:1: ERROR: Program 'yacc bison' not found\n",
			"needs yacc: `apt-get install bison`", true },
		{ "m:1:1: ERROR: Dependency \"foo-2\" not found, tried pkgconfig and cmake\n",
			"needs foo-2: `apt-get install libfoo2-dev`", false },
		{ "Package 'librevenge-0.0', required by 'virtual:world', not found\n",
			"needs librevenge-0.0: `apt-get install librevenge-dev`", false },
		{ "-- Could NOT find BISON (missing: BISON_EXECUTABLE)\n", "", false },
		{ "CMake Error at CMakeLists.txt:38 (BISON_TARGET):\n  Unknown CMake command "
		  "\"BISON_TARGET\".\n  Unknown CMake command \"ADD_TARGET\".\n",
			"needs bison: `apt-get install bison`", true },
		{ "CMake Error at x.cmake:230 (message):\n  Could NOT find BISON (missing: "
		  "B)\nCall "
		  "Stack:\n  Could NOT find ZLIB (missing: Z)\n",
			"needs bison: `apt-get install bison`", true },
		{ "  Could not find a package configuration file provided by \"foo\" with any of\n",
			"needs foo: `apt-get install libfoo2-dev`", false },
		{ "configure.ac:9: error: possibly undefined macro: PKG_CHECK_MODULES\n",
			"needs pkg-config: `apt-get install pkg-config`", true },
		{ "configure: error: cannot find Boost headers version >= 1.36.0\n",
			"needs boost: `apt-get install libboost-all-dev`", false },
		{ "configure: error: neither flex nor lex was found\n",
			"needs flex: `apt-get install flex`", true },
		{ "checking for bison... no\n", "", false },
		{ "  Could not find REQUIRED package LibFoo\n",
			"needs LibFoo: `apt-get install libfoo2-dev`", false },
		{ "BAR_LIBRARY\nCMake Error: variables are set to NOTFOUND.\nFOO_INCLUDE_DIR\n   "
		  "used "
		  "as include directory\nFOO_LIBRARY (ADVANCED)\n",
			"needs FOO: `apt-get install libfoo2-dev`", false },
		{ "a.c:1:10: fatal error: 'zlib.h' file not found\n",
			"needs zlib: `apt-get install zlib1g-dev`", false },
		{ "a.cc:1:10: fatal error: 'nlohmann/json.hpp' file not found\n",
			"needs nlohmann_json: `apt-get install nlohmann-json3-dev`", false },
		{ "a.c:1:10: fatal error: 'config.h' file not found\n", "", false },
		{ "9 of 9 are left out; a.cc: 'boost/x.hpp' file not found",
			"needs boost: `apt-get install libboost-all-dev`", false },
		{ "' file not found", "", false },
		{ "configure: error: Unable to find libfoo2. Is the library libtool there?\n",
			"needs libtool and foo2: `apt-get install libtool libfoo2-dev`", true },
		{ "a.c:1:10: fatal error: 'foo2.h' file not found\nb.c:1:10: fatal error: "
		  "'libfoo1/x.h' file not found\nc.c:1:10: fatal error: 'own.h' file not found\n",
			"needs foo2 and foo1: `apt-get install libfoo2-dev libfoo1-dev`", false },
		{ "/bin/sh: 1: frobnicate: not found\n/bin/sh: 2: flex: not found\nsh: 1: "
		  "unheard-of: not found\n",
			"needs frobnicate, flex and unheard-of: `apt-get install frobnicate flex`",
			true },
		{ "", "", false },
	};
	struct files tree = { 0 };

	(void)state;
	strlist_add(&tree.files, "src/own.h");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct needs n = { 0 };
		struct buf told = BUF_INIT;

		needs_read(&n, strv_of(rows[i].said));
		needs_forget(&n, &tree);
		needs_match(&n, strv_of(packages));
		needs_tell(&n, &told);
		if (strcmp(buf_str(&told), rows[i].told) != 0 || n.generator != rows[i].generator)
			fail_msg("%s: \"%s\", not \"%s\"", rows[i].said, buf_str(&told),
				rows[i].told);
		buf_release(&told);
		needs_release(&n);
	}
	files_release(&tree);
}

/* Of functions that call each other in every way, more than what they call leads to. */
static void test_leads(void **state)
{
	static const char source[] =
		"int seen(int x); int other(int x);\n"
		"__attribute__((noinline)) static int hidden(int x)\n"
		"{ int n = 0; for (int i = 1; i < x; i++) n += x % i ? x / i : i * x; return n; }\n"
		"__attribute__((noinline)) static int in_table(int x) { return hidden(x) ^ 5; }\n"
		"static int (*const volatile table[])(int) = { in_table };\n"
		"int tiny(int x) { return x + 1; }\n"
		"int direct(int x) { return hidden(x + 1); }\n"
		"int by_table(int x) { return table[x & 0](x); }\n"
		"int by_other(int x) { return other(x) + 2; }\n"
		"int around(int x) { return x ? around(seen(x)) : 1; }\n"
		"int seen(int x) { return around(x - 1) * 3; }\n";
	static const char more[] = "int direct(int x);\n"
				   "int other(int x) { return direct(x) * 3; }\n";
	/* which leads to all that the second does, and more */
	static const char *const rows[][2] = { { "direct", "tiny" }, { "by_table", "direct" },
		{ "other", "direct" }, { "by_other", "other" }, { "around", "tiny" } };
	struct leads *l = leads_new();
	struct err err = ERR_INIT;
	char *dir = fs_tmpdir("leads", &err);

	(void)state;
	assert_non_null(dir);
	for (int i = 0; i < 2; i++) {
		char *c = fs_join(dir, i ? "b.c" : "a.c"), *o = fs_join(dir, i ? "b.o" : "a.o");
		const char *argv[] = { "cc", "-c", "-O1", "-o", o, c, NULL };
		struct proc_spec spec = PROC_SPEC_INIT;
		struct proc_result r = { 0 };

		assert_int_equal(
			fs_write(c, i ? more : source, strlen(i ? more : source), 0600, &err), 0);
		spec.argv = argv;
		assert_int_equal(proc_run(&spec, &r, &err), 0);
		assert_int_equal(r.status, 0);
		leads_add(l, o);
		leads_add(l, c); /* no object */
		proc_result_release(&r);
		free(o);
		free(c);
	}
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (leads_of(l, rows[i][0]) <= leads_of(l, rows[i][1]) || !leads_of(l, rows[i][1]))
			fail_msg("%s: %llu, %s: %llu", rows[i][0],
				(unsigned long long)leads_of(l, rows[i][0]), rows[i][1],
				(unsigned long long)leads_of(l, rows[i][1]));
	assert_int_equal(leads_of(l, "around"), leads_of(l, "seen"));
	assert_int_equal(leads_of(l, "nobody"), 0);
	leads_free(l);
	fs_remove_tree(dir, NULL);
	free(dir);
}

/* What is only declared, called, or has the name in its own isn't defined. */
/* What a build's own plan says: which targets are libraries, and what is to be compiled how. */
static void test_ninja(void **state)
{
	static const struct {
		const char *text, *names, *folders;
	} rows[] = { { "build src/libx.a: STATIC_LINKER src/libx.a.p/a.c.o\n LINK_ARGS = csrD\n",
			     "src/libx.a", "/b/src/libx.a.p" },
		{ "build libx.so.1: c_LINKER libx.so.1.p/a.c.o | lib/libx.a\n"
		  "build liby.so: cpp_LINKER_RSP liby.so.p/a.cc.o",
			"libx.so.1 liby.so", "/b/libx.so.1.p /b/liby.so.p" },
		{ "build libz.a: CXX_STATIC_LIBRARY_LINKER__z_Debug CMakeFiles/z.dir/a.o", "libz.a",
			"/b/libz.a.p" },
		{ "build tool: c_LINKER tool.p/a.c.o", "", "" },
		{ "build tests/libt.a: STATIC_LINKER tests/libt.a.p/a.c.o", "", "" },
		{ "build x.symbols: SHSYM libx.so\nbuild a.o: c_COMPILER ../a.c", "", "" },
		{ "build libx.a", "", "" }, { "rule STATIC_LINKER", "", "" }, { "", "", "" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct targets got = { 0 };

		targets_read_ninja(strv_of(rows[i].text), "/b", &got);
		must_be(rows[i].text, &got.names, rows[i].names);
		must_be(rows[i].text, &got.folders, rows[i].folders);
		targets_release(&got);
	}
}

static void test_database(void **state)
{
	/* each entry's folder and words in brackets */
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "[\n{\n  \"directory\": \"/b\",\n  \"command\": \"/usr/bin/cc -DX=\\\"a b\\\" -c "
		  "a.c\",\n  \"file\": \"a.c\"\n},\n{\"directory\":\"/c\",\"command\":\"cc -c "
		  "b.c\"} ]",
			"[/b /usr/bin/cc -DX=a b -c a.c][/c cc -c b.c]" },
		{ "[{\"arguments\": [\"cc\", \"-c\", \"a b.c\"], \"directory\": \"/b\"}]",
			"[/b cc -c a b.c]" },
		{ "[{\"directory\": \"/b\"}, {\"command\": \"cc -c a.c\"}, 1]", "" },
		{ "[{\"directory\": \"/b\", \"command\": \"cc", "" }, { "{}", "" }, { "", "" }
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct records got = { 0 };
		struct buf all = BUF_INIT;

		database_read(strv_of(rows[i].text), &got);
		for (size_t k = 0; k < got.n; k++) {
			char *line = joined(&got.v[k].argv);

			buf_addf(&all, "[%s %s]", got.v[k].cwd, line);
			free(line);
		}
		if (strcmp(buf_str(&all), rows[i].want) != 0)
			fail_msg("%s: %s", rows[i].text, buf_str(&all));
		buf_release(&all);
		records_release(&got);
	}
}

static void test_defines(void **state)
{
	static const struct {
		const char *text;
		bool defines;
	} rows[] = { { "int f(int x)\n{\n}", true }, { "int f (void (*g)(int), int y) {}", true },
		{ "int f(int);\nint g(void) { return f(1); }", false },
		{ "int f(int);\nint f(int x) { return x; }", true }, { "int ff(int x) {}", false },
		{ "int f2(int x) {}", false }, { "int f(int x", false }, { "f", false },
		{ "ff(x) {}", false }, { "", false }, { ") int g(int x) {} (int f(a) {", true },
		{ "f() g() {}", false }, { "f", false } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (defines_function(strv_of(rows[i].text), "f") != rows[i].defines)
			fail_msg("%s", rows[i].text);
}

/* A stranger's text that is all names or all blanks takes no more than a look at each byte. */
static void test_time(void **state)
{
	static const struct {
		const char *each;
		bool blanks; /* as many behind it */
	} rows[] = { { "f(", false }, { "f (", false }, { "f ", true }, { "f ()", true },
		{ "option", true }, { "option(", false } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct strlist got = STRLIST_INIT;
		struct buf b = BUF_INIT;
		clock_t begin = clock();
		struct strv text;

		while (b.len < 1 << 19)
			buf_adds(&b, rows[i].each);
		for (size_t n = b.len; rows[i].blanks && n; n--)
			buf_addch(&b, ' ');
		text = strv_n(buf_str(&b), b.len);
		assert_false(defines_function(text, "f"));
		switches_read(text, &got);
		if ((double)(clock() - begin) / CLOCKS_PER_SEC > 2)
			fail_msg("%s: too slow", rows[i].each);
		strlist_release(&got);
		buf_release(&b);
	}
}

/* A project's own switches for what isn't its library. */
static void test_switches(void **state)
{
#define GIVEN(x) "# Check whether --enable-" x " was given.\n"
	static const struct {
		void (*read)(struct strv, struct strlist *);
		const char *text, *out;
	} rows[] = { { switches_read, "option(X_BUILD_TESTS \"\" ON)\nOption (A ON)",
			     "-DX_BUILD_TESTS=OFF" },
		{ switches_read,
			"cmake_dependent_option( X_EXAMPLES_JSON \"a\" ON)\noption(\n  "
			"ENABLE_DOC \"\" ON)",
			"-DX_EXAMPLES_JSON=OFF -DENABLE_DOC=OFF" },
		{ switches_read,
			"option(DISABLE_TESTS OFF)option(X_NO_DOCS)option(LATEST)option(CONTEST)",
			"" },
		{ switches_read, "option(BUILD_TEST)option(BUILD_TEST)", "-DBUILD_TEST=OFF" },
		{ switches_read, "OPTION(BUILD_DEMOS ON)", "-DBUILD_DEMOS=OFF" },
		{ switches_read, "option(ENABLE_OPENMP \"\" ON)", "-DENABLE_OPENMP=OFF" },
		{ switches_read, "option(", "" }, { switches_read, "option", "" },
		{ switches_read, "options(TEST)", "" }, { switches_read, "", "" },
		{ switches_read_meson,
			"option('enable_tests',\n  type : 'boolean',\n  value: true)",
			"-Denable_tests=false" },
		{ switches_read_meson,
			"option('man', type: 'feature')\noption('man-pages', value: 'auto', type: "
			"'feature')",
			"-Dman=disabled -Dman-pages=disabled" },
		{ switches_read_meson,
			"option('testing', type: 'string')\noption('no_docs', type: 'boolean')",
			"" },
		{ switches_read_meson, "option('latest', type: 'boolean')", "" },
		{ switches_read_meson, "option('tests", "" },
		{ switches_read_meson, "option(", "" },
		{ switches_read_meson, "option('docs', type", "" },
		{ switches_read_meson, "option('docs', type:", "" },
		{ switches_read_configure,
			GIVEN("shared") GIVEN("unittest") GIVEN("unittest") GIVEN("gtk-doc"),
			"--disable-unittest --disable-gtk-doc" },
		{ switches_read_configure,
			"# Check whether --with-doxygen was given.\n# Check whether --with-png was "
			"given.\n",
			"--without-doxygen" },
		{ switches_read_configure, GIVEN("openmp") GIVEN("latest"), "--disable-openmp" },
		{ switches_read_configure, "# Check whether --enable-test", "" },
		{ switches_read_configure, "# Check whether --enable-tests\n was given", "" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct strlist got = STRLIST_INIT;
		char *all;

		rows[i].read(strv_of(rows[i].text), &got);
		all = joined(&got);
		if (strcmp(all, rows[i].out) != 0)
			fail_msg("%s: %s", rows[i].text, all);
		free(all);
		strlist_release(&got);
	}
}

static bool is_known(void *arg, const char *rel)
{
	(void)arg;
	return strcmp(rel, "elf/data.hh") == 0 || strcmp(rel, "top.h") == 0;
}

static void test_siblings(void **state)
{
	static const struct {
		const char *rel, *text, *kept; /* NULL: as it is */
	} rows[] = { { "elf/a.cc", "#include \"data.hh\"\nint x;\n",
			     "#include \"../../../elf/data.hh\"\nint x;\n" },
		{ "elf/a.cc", " #  include\t\"data.hh\" // why\n",
			" #  include\t\"../../../elf/data.hh\" // why\n" },
		{ "a.cc", "#include \"top.h\"\n", "#include \"../../top.h\"\n" },
		{ "elf/a.cc", "#include \"top.h\"\n#include <data.hh>\n// \"data.hh\"\n", NULL },
		{ "elf/a.cc", "#include \"data.hh\n#include\n#\n\"", NULL } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf out = BUF_INIT;
		bool changed = siblings_named(strv_of(rows[i].text), rows[i].rel,
			"harnesses/generated", is_known, NULL, &out);

		assert_int_equal(changed, rows[i].kept != NULL);
		if (rows[i].kept)
			assert_string_equal(buf_str(&out), rows[i].kept);
		buf_release(&out);
	}
}

/* What is made is older than what it is made from, by so many seconds: is it put right? */
static void test_freshen(void **state)
{
	static const struct {
		const char *from, *made;
		time_t older;
		bool mended;
	} rows[] = { { "grammar.y", "grammar.c", 5, true }, { "grammar.y", "grammar.h", 5, true },
		{ "in/scan.l", "in/scan.cc", 1, true }, { "configure.ac", "configure", 5, true },
		{ "sub/Makefile.am", "sub/Makefile.in", 5, true },
		{ "configure.ac", "sub/config.h.in", 5, true },
		/* edited since */
		{ "other.y", "other.c", 86400, false }, { "plain.h", "plain.c", 5, false } };
	struct err err = ERR_INIT;
	char *dir = fs_tmpdir("freshen", &err);
	time_t then = time(NULL) - 100000;
	struct strlist files = STRLIST_INIT;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		for (int k = 0; k < 2; k++) {
			const char *rel = k ? rows[i].made : rows[i].from;
			char *path = fs_join(dir, rel), *parent = fs_dirname(path);
			struct timespec times[2] = { { then, 0 },
				{ then - (k ? rows[i].older : 0), 0 } };

			assert_int_equal(fs_mkdirs(parent, &err), 0);
			assert_int_equal(fs_write(path, "", 0, 0600, &err), 0);
			assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
			if (!strlist_has(&files, rel))
				strlist_add(&files, rel);
			free(parent);
			free(path);
		}
	freshen(dir, &files);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char *from = fs_join(dir, rows[i].from), *made = fs_join(dir, rows[i].made);
		struct stat a, b;

		assert_int_equal(lstat(from, &a), 0);
		assert_int_equal(lstat(made, &b), 0);
		if ((b.st_mtime > a.st_mtime) != rows[i].mended)
			fail_msg("%s", rows[i].made);
		/* time() may be a tick behind the clock that files are given */
		assert_true(b.st_mtime <= time(NULL) + 1);
		free(from);
		free(made);
	}
	strlist_release(&files);
	fs_remove_tree(dir, NULL);
	free(dir);
}

/* A survey's build compiles what it was told to, but doesn't wait for what makes it fast. */
static void test_hurry(void **state)
{
	static const struct {
		const char *words, *fast; /* NULL: as it is */
	} rows[] = {
		{ "cc -O2 -DX -c a.c -o a.o", "cc -O0 -DX -c a.c -o a.o" },
		{ "c++ -Os -O3 -c a.cc", "c++ -O0 -O0 -c a.cc" },
		{ "cc -Ofast -g -c a.c", "cc -O0 -g -c a.c" },
		{ "cc -O -c a.c", "cc -O0 -c a.c" },
		{ "cc -O0 -c a.c", NULL },
		{ "cc -c a.c", NULL },
		/* what is linked is run, maybe to see how fast it is; an archiver has letters */
		{ "cc -O2 a.c -o a", NULL },
		{ "ar -c -r lib.a O2.o", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct strlist argv = STRLIST_INIT, fast = STRLIST_INIT, wanted = STRLIST_INIT;

		split(rows[i].words, &argv);
		assert_int_equal(record_hurry((int)argv.n, argv.v, &fast), rows[i].fast != NULL);
		split(rows[i].fast ? rows[i].fast : rows[i].words, &wanted);
		assert_int_equal(fast.n, wanted.n);
		for (size_t k = 0; rows[i].fast && k < wanted.n; k++)
			assert_string_equal(fast.v[k], wanted.v[k]);
		strlist_release(&wanted);
		strlist_release(&fast);
		strlist_release(&argv);
	}
}

/* What is installed where compilers don't look by themselves, and is called after its header. */
static void test_installed(void **state)
{
	static const char dir[] = "/usr/include/libxml2", header[] = "libxml/parser.h";
	char *path = fs_join(dir, header), *found = installed_folder(header);

	(void)state;
	if (fs_is_file(path) && !fs_is_dir("/usr/local/include/libxml2"))
		assert_string_equal(found, dir);
	free(found);
	/* the compiler's and the kernel's folders hold such; a part of a name is no word of it */
	assert_null(installed_folder("debug.h"));
	assert_null(installed_folder("in.h"));
	assert_null(installed_folder("linux.h"));
	assert_null(installed_folder("ne.h"));
	assert_null(installed_folder("if_ether.h"));
	assert_null(installed_folder("sys.h/types.h"));
	/* others have such, too */
	assert_null(installed_folder("parser.h"));
	assert_null(installed_folder("no-such-header-anywhere.h"));
	assert_null(installed_folder("../include/stdio.h"));
	assert_null(installed_folder("/usr/include/stdio.h"));
	assert_null(installed_folder(""));
	assert_false(installed_package("no-such-package"));
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_command),
		cmocka_unit_test(test_installed),
		cmocka_unit_test(test_path),
		cmocka_unit_test(test_aside),
		cmocka_unit_test(test_blame),
		cmocka_unit_test(test_needs),
		cmocka_unit_test(test_leads),
		cmocka_unit_test(test_switches),
		cmocka_unit_test(test_ninja),
		cmocka_unit_test(test_database),
		cmocka_unit_test(test_defines),
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_siblings),
		cmocka_unit_test(test_freshen),
		cmocka_unit_test(test_hurry),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
