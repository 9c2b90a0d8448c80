/* What templates offer: which arguments are guessed for them, and what is called on what. */
#include "base/prelude.h"
#include "base/arena.h"
#include "base/buf.h"
#include "scaffold/template_args.h"
#include "scaffold/templates.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* what | what comes of it: of each function "object.call(params)" */
static const struct {
	const char *text, *want;
} rows[] = {
	{ "namespace n { template<class Ch = char> class Doc : public Base<Ch> { public: "
	  "template<int "
	  "Flags> void parse(Ch *text) { int x{1}; } private: void hidden(Ch *t); }; }",
		"n::Doc<>.parse<0>(char *text)" },
	{ "template <typename CharT, size_t MaxLen> struct R { R(const CharT *s); static int "
	  "of(CharT "
	  "c); int f(T t) const; };",
		"R<char, 256>(const char *s) R<char, 256>::of(char c) R<char, 256>.f(T t)" },
	{ "namespace a::b { inline namespace v1 { template <typename InputIt> bool scan(InputIt "
	  "first, "
	  "InputIt last); } }",
		"a::b::v1::scan(const char * first, const char * last)" },
	/* told by a parameter, and in front of one that isn't */
	{ "template <class Str, bool Strict, class Opt = none> int g(const Str &s, Opt o = Opt());",
		"g<std::string, false>(const std::string &s, none o = none())" },
	{ "class C { public: template <class T> T get(std::istream &in) { return T(); } };",
		"C.get<int>(std::istream &in)" },
	{ "template <class T> class A { struct In { int f(T t); }; public: struct Out { int g(T "
	  "t); }; };",
		"A<int>::Out.g(int t)" },
	/* packs have any number, as none */
	{ "template <class... Ts> int h(const char *s, size_t n);", "h(const char *s, size_t n)" },
	/* what isn't to be called: the inside, specialisations, operators, what takes any number, templates of templates */
	{ "namespace detail { template <class T> int f(T t); } template <> int f(int t); template "
	  "<class "
	  "T> struct D { bool operator==(T t); int g() ; ~D(); void v(T... t); D(D const &) = "
	  "delete; "
	  "friend int k(T t); };",
		"" },
	{ "template <template <class> class V, class T> int f(V<T> v);", "" },
	{ "template <class T> struct S<T *> { int f(T t); }; int plain(const char *s);", "" },
	/* brackets in what is no code */
	{ "#define X {{{ \\\n {{\nconst char c = '{', *s = \"{\\\"{\"; template <class Ch> int "
	  "q(Ch *s);",
		"q(char *s)" },
	/* what never ends */
	{ "template <class T", "" },
	{ "template <class T> int f(T t", "" },
	{ "namespace n { template <class T> struct S { int f(T t);", "n::S<int>.f(int t)" },
	{ "}}}>>)))", "" },
};

static void test_templates(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct template_functions found = { 0 };
		struct arena a = { 0 };
		struct buf b = BUF_INIT;

		templates_read(&a, strv_of(rows[i].text), &found);
		for (size_t k = 0; k < found.n; k++)
			buf_addf(&b, "%s%s%s%s(%s)", k ? " " : "", found.v[k].object,
				*found.v[k].object ? "." : "", found.v[k].call, found.v[k].params);
		if (strcmp(buf_str(&b), rows[i].want) != 0)
			fail_msg("%s: \"%s\", not \"%s\"", rows[i].text, buf_str(&b), rows[i].want);
		templates_release(&found);
		arena_release(&a);
		buf_release(&b);
	}
}

/* Namespaces within each other are gone into as deep as people write them. */
static void test_deep(void **state)
{
	struct template_functions found = { 0 };
	struct arena a = { 0 };
	struct buf b = BUF_INIT;

	(void)state;
	for (unsigned i = 0; i < 20000; i++)
		buf_adds(&b, "namespace n {");
	buf_adds(&b, "template <class T> int f(T t);");
	templates_read(&a, strv_n(b.s, b.len), &found);
	assert_int_equal(found.n, 0);
	templates_release(&found);
	arena_release(&a);
	buf_release(&b);
}

/* What defaults stand for isn't put into each other without an end. */
static void test_long(void **state)
{
	struct template_functions found = { 0 };
	struct arena a = { 0 };
	struct buf b = BUF_INIT;

	(void)state;
	for (unsigned i = 0; i < 6; i++) {
		buf_addf(&b, "template <class T%u = ", i);
		for (unsigned k = 0; k < 300; k++)
			buf_addf(&b, "T%u ", i + 1);
		buf_addf(&b, "> struct S%u { ", i);
	}
	buf_adds(&b, "void f(T0 t); void g(int n); }; }; }; }; }; };");
	templates_read(&a, strv_n(b.s, b.len), &found);
	assert_int_equal(found.n, 1);
	assert_string_equal(found.v[0].name, "g");
	templates_release(&found);
	arena_release(&a);
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_templates),
		cmocka_unit_test(test_deep),
		cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
