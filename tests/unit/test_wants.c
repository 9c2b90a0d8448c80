/* What build files ask for whatever their options are: text in, names out. */
#include "base/prelude.h"
#include "base/buf.h"
#include "survey/entries.h"
#include "survey/files.h"
#include "survey/needs.h"
#include "survey/packages.h"
#include "survey/wants.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

static void add_all(struct buf *b, const char *kind, const struct strlist *l)
{
	for (size_t i = 0; i < l->n; i++)
		buf_addf(b, "%s%s:%s", b->len ? "; " : "", kind, l->v[i]);
}

/* m: a module, h: a header, a: a macro */
struct row {
	const char *text, *want;
};

static void must_read(void (*read)(struct strv, struct wants *), const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct wants w = { 0 };
		struct buf got = BUF_INIT;

		read(strv_of(rows[i].text), &w);
		add_all(&got, "m", &w.modules);
		add_all(&got, "h", &w.headers);
		add_all(&got, "a", &w.macros);
		if (strcmp(buf_str(&got), rows[i].want) != 0)
			fail_msg("%s: \"%s\", not \"%s\"", rows[i].text, buf_str(&got),
				rows[i].want);
		buf_release(&got);
		wants_release(&w);
	}
}

static void test_autoconf(void **state)
{
	static const struct row rows[] = { { "PKG_CHECK_MODULES([A],[\n\tfoo-1.0\n])\n",
						   "m:foo-1.0; a:PKG_CHECK_MODULES" },
		{ "PKG_CHECK_MODULES(A, foo >= 1.2 bar baz > 3)\n",
			"m:foo >= 1.2; m:bar; m:baz > 3; a:PKG_CHECK_MODULES" },
		/* what is done without it; what stands in a condition, by m4 or by the shell */
		{ "PKG_CHECK_MODULES([A],[foo],[has=yes],[has=no])\n", "a:PKG_CHECK_MODULES" },
		{ "AS_IF([test x = y], [\n PKG_CHECK_MODULES([A],[foo])\n])\n",
			"a:PKG_CHECK_MODULES" },
		{ "if test x = y; then\n  PKG_CHECK_MODULES([A],[foo])\nfi\n"
		  "PKG_CHECK_MODULES([B],[bar])\n",
			"m:bar; a:PKG_CHECK_MODULES" },
		{ "if test x; then y; fi\nPKG_CHECK_MODULES([B],[bar])\n",
			"m:bar; a:PKG_CHECK_MODULES" },
		{ "dnl PKG_CHECK_MODULES([A],[foo])\n# PKG_CHECK_MODULES([A],[foo])\n", "" },
		{ "PKG_CHECK_MODULES([A],[$names])\n", "a:PKG_CHECK_MODULES" },
		{ "AC_CHECK_HEADERS(\n\ta/b.hpp \\\n\tc.h \\\n\t,\n\t[],\n"
		  "\t[AC_MSG_ERROR(not found)],\n\t[])\n",
			"h:a/b.hpp; h:c.h" },
		{ "AC_CHECK_HEADERS([a.h])\nAC_CHECK_HEADER(b.h,,[has=no])\n", "" },
		{ "BOOST_REQUIRE([1.36])\n", "h:boost/version.hpp" },
		{ "LT_INIT\nAX_THING([x])\nAC_INIT([a], [1])\n", "a:LT_INIT; a:AX_THING" },
		{ "PKG_CHECK_MODULES([A], [foo", "a:PKG_CHECK_MODULES" }, { "", "" } };

	(void)state;
	must_read(wants_read_autoconf, rows, ARRAY_LEN(rows));
}

static void test_meson(void **state)
{
	static const struct row rows[] = { { "a = dependency('foo')\n", "m:foo" },
		{ "a = dependency('foo', version: '>=1.2', required: true)\n", "m:foo >= 1.2" },
		{ "a = dependency('foo', required: false)\n", "" },
		{ "a = dependency('foo', required: get_option('foo'))\n", "" },
		{ "a = dependency('foo', fallback: ['foo', 'dep'])\n", "" },
		{ "if x\n  a = dependency('foo')\nendif\nb = [\n  dependency('bar'),\n]\n",
			"m:bar" },
		{ "# dependency('foo')\na = dependency('threads')\nb = dependency('boost')\n",
			"h:boost/version.hpp" },
		{ "my_dependency('foo')\na = dependency(name)\n", "" } };

	(void)state;
	must_read(wants_read_meson, rows, ARRAY_LEN(rows));
}

static void test_cmake(void **state)
{
	static const struct row rows[] = { { "pkg_check_modules(A REQUIRED foo bar>=2)\n",
						   "m:foo; m:bar >= 2" },
		{ "PKG_CHECK_MODULES (A REQUIRED IMPORTED_TARGET foo)\n", "m:foo" },
		{ "pkg_check_modules(A foo)\nfind_package(ZLIB)\n", "" },
		{ "find_package(ZLIB REQUIRED)\nfind_package(Odd REQUIRED)\n", "h:zlib.h" },
		{ "if(X)\n  find_package(ZLIB REQUIRED)\nendif()\nfind_package(PNG 1.6 REQUIRED)\n",
			"h:png.h" },
		{ "# find_package(ZLIB REQUIRED)\n", "" }, { "find_package(", "" } };

	(void)state;
	must_read(wants_read_cmake, rows, ARRAY_LEN(rows));
}

/* Programs that try a library, by their names; frameworks for tests of one header. */
static void test_trials(void **state)
{
	static const struct {
		const char *rel;
		bool trial, framework;
	} rows[] = { { "test.cxx", true, false }, { "a/test_parser.c", true, false },
		{ "parser_test.cc", true, false }, { "example2.c", true, false },
		{ "Tests.cpp", true, false }, { "contest.c", false, false },
		{ "testament.c", false, false }, { "latest.c", false, false },
		{ "3.c", false, false }, { "catch.hpp", false, true },
		{ "dispatch.hpp", false, false } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (files_trial(rows[i].rel) != rows[i].trial ||
			files_framework(rows[i].rel) != rows[i].framework)
			fail_msg("%s", rows[i].rel);
}

/* A part of a library by the library's name; of two names of one package one; what is here after all isn't needed. */
static void test_packages(void **state)
{
	static const struct {
		const char *name, *package;
	} rows[] = { { "libwebpmux", "libwebp-dev" }, { "revenge-stream-0.0", "librevenge-dev" },
		{ "webp", "libwebp-dev" }, { "mux", "" }, { "webpmuch", "" } };
	static const char packages[] = "libwebp-dev\nlibrevenge-dev\nlibtiff-dev\n";
	struct needs n = { 0 };
	struct buf told = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char *package = packages_of(rows[i].name, strv_of(packages));

		assert_string_equal(package, rows[i].package);
		free(package);
	}
	needs_add(&n, "libtiff-4");
	needs_add(&n, "odd");
	needs_add(&n, "tiff");
	needs_match(&n, strv_of(packages));
	needs_drop(&n, 1);
	needs_tell(&n, &told);
	assert_string_equal(
		buf_str(&told), "needs libtiff-4 and tiff: `apt-get install libtiff-dev`");
	buf_release(&told);
	needs_release(&n);
}

/* Macros that make a function of that name, or are one. */
static void test_macros(void **state)
{
	static const struct row rows[] = { { "#define A(f) int entry(int n) { f(n); }\n", "A " },
		{ "#define A(f) \\\n  int entry(int n) \\\n  { f(n); }\n#define B 1\n", "A " },
		{ "  # define ENTRY entry\n#define C entry\n", "ENTRY C " },
		{ "#define A(f) other(f)\nint entry(int n);\n", "" }, { "#define", "" },
		{ "#define A \\", "" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct strlist l = STRLIST_INIT;
		struct buf got = BUF_INIT;

		entries_macros(strv_of(rows[i].text), "entry", &l);
		for (size_t k = 0; k < l.n; k++)
			buf_adds2(&got, l.v[k], " ");
		assert_string_equal(buf_str(&got), rows[i].want);
		buf_release(&got);
		strlist_release(&l);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_autoconf),
		cmocka_unit_test(test_meson),
		cmocka_unit_test(test_cmake),
		cmocka_unit_test(test_trials),
		cmocka_unit_test(test_packages),
		cmocka_unit_test(test_macros),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
