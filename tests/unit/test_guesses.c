/* What thresh init guesses by names: formats, first inputs, which files are data; and what it reads off sources' text. */
#include "base/prelude.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/strlist.h"
#include "scaffold/afl_program.h"
#include "scaffold/cxx_names.h"
#include "scaffold/endings.h"
#include "scaffold/first_input.h"
#include "scaffold/format.h"
#include "scaffold/harness_text.h"
#include "scaffold/installs.h"
#include "scaffold/order.h"
#include "scaffold/prototype.h"
#include "scaffold/roles.h"
#include "scaffold/testdata.h"
#include "scaffold/yaml_text.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* By a function's name; by a project's, whose words are taken where they are sure. */
static void test_format(void **state)
{
	static const struct {
		const char *name, *guess, *project;
	} rows[] = { { "simdjson-3.0.1", "json", "json" }, { "yaml-cpp", "yaml", "yaml" },
		{ "x_parse", "raw", NULL }, { "libstroke", "text", NULL },
		{ "curlurl", "url", NULL }, { "x_read_ini", "ini", NULL },
		{ "x_init", "raw", NULL }, { "libsvgtiny", "xml", "xml" },
		{ "base64_decode", "base64", "base64" }, { "", "raw", NULL } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *project = format_of_project(rows[i].name);

		assert_string_equal(format_guess(rows[i].name, NULL), rows[i].guess);
		if (project ? !rows[i].project || strcmp(project, rows[i].project) != 0
			    : !!rows[i].project)
			fail_msg("%s: %s", rows[i].name, project ? project : "nothing");
	}
}

static void test_first_input(void **state)
{
	static const struct {
		const char *harness, *project, *what;
	} rows[] = { { "libdeflate_gzip_decompress", "libdeflate-1.14", "gzip file" },
		{ "x_zlib_read", "", "zlib stream" }, { "read", "libpng1.6-1.6.39", "PNG image" },
		{ "self_parse", "x", NULL }, { "read_elf", "png", "ELF file" },
		{ "unzOpen", "minizip-1.2", "zip archive" }, { "parse", "giflib", "GIF image" },
		{ "order_parse", "header", NULL }, { "epub_open", "", "EPUB book" },
		{ "hdf5_serial", "", "HDF5 file" }, { "x_der_decode", "", "DER sequence" },
		{ "", "", NULL } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct first_input *f = first_input_find(rows[i].harness, rows[i].project);

		if (f ? !rows[i].what || strcmp(f->what, rows[i].what) != 0 : !!rows[i].what)
			fail_msg("%s, %s: %s", rows[i].harness, rows[i].project,
				f ? f->what : "nothing");
		assert_true(!f || f->bytes.len > 2);
	}
}

/* What the input goes to is told by the words, and in doubt by the function's own. */
static void test_paths(void **state)
{
	static const struct {
		const char *text;
		enum proto_role role;
	} rows[] = { { "int f(const char *ininame)", ROLE_PATH },
		{ "int load(const char *filename)", ROLE_PATH },
		{ "int f_open(const char *name)", ROLE_PATH },
		{ "int f_open(const char *json)", ROLE_TEXT },
		{ "int parse_file(const char *what)", ROLE_PATH },
		{ "int f(const char *text)", ROLE_TEXT },
		{ "int parse(const char *url)", ROLE_TEXT },
		{ "int parse(const char *profile)", ROLE_TEXT },
		{ "int x_parse(void *x, const char *s)", ROLE_NULL },
		{ "int ini_has(const char *section, const char *filename)", ROLE_NAME },
		{ "int ini_get(const char *key, int defvalue, const char *filename)", ROLE_NAME },
		/* a number that isn't called a length isn't that of a text */
		{ "int x_connect(const char *url, int bandwidth)", ROLE_TEXT },
		{ "int parse(const char *text, int start, int stop)", ROLE_TEXT },
		{ "int parse(const char *s, int l)", ROLE_DATA },
		{ "int parse(const char *text, int text_l)", ROLE_DATA },
		{ "int parse(const char *text, size_t x)", ROLE_DATA },
		{ "int parse(const char *, int)", ROLE_DATA },
		{ "int parse(const unsigned char *text, int x)", ROLE_DATA },
		{ "int load(const char *filename, const char **err, size_t n)", ROLE_PATH },
		{ "int load(const char *file, size_t n)", ROLE_DATA },
		{ "int edit(char *buf, size_t n)", ROLE_DATA_COPY },
		{ "int read_file(const char *data, size_t n)", ROLE_DATA },
		{ "int f(unsigned long, const char *)", ROLE_ZERO },
		{ "int f(unsigned long n, const char *text)", ROLE_LENGTH },
		{ "int load(const std::string &filename)", ROLE_PATH },
		{ "int parse(const std::string &text)", ROLE_STDSTRING },
		{ "int x_scan(char *format)", ROLE_TEXT },
		/* it is parsed; a pointer of the user's is nothing that it could tell of */
		{ "int x_parse(const char *format, void *out)", ROLE_TEXT },
		{ "int x_prepare(const char *fmt, void *userdata)", ROLE_TEXT },
		{ "int x_read(void *data, size_t n)", ROLE_DATA_COPY },
		{ "int x_each(char *format, void (*f)(void *), void *arg)", ROLE_TEXT },
		{ "int x_render_text(char *text, int n)", ROLE_DATA_COPY },
		{ "int image_read(const char *hname, int data)", ROLE_PATH },
		{ "int x_set(const char *hname)", ROLE_TEXT },
		/* what lies there; the name itself */
		{ "void readFromURL(const std::string &url)", ROLE_PATH },
		{ "int x_load_uri(struct x *p, const char *uri, int n)", ROLE_OBJECT },
		{ "int x_load_url(const char *url)", ROLE_PATH },
		{ "int x_parse_url(const char *url)", ROLE_TEXT },
		{ "int x_load(const char *url)", ROLE_TEXT },
		{ "int url_read(const char *url, struct x *out)", ROLE_TEXT },
		/* a letter for the type is no count */
		{ "int parse(const char *a_szName, int a_nPrec)", ROLE_TEXT },
		{ "int parse(const char *s, long l, int n)", ROLE_DATA },
		/* what is made is put there, and not read */
		{ "int x2buf(void *buf, size_t size, const char *s)", ROLE_OUT_BYTES },
		{ "int x_to_buffer(char *buf, size_t size, const char *s)", ROLE_OUT_BYTES },
		{ "int buf2x(char *buf, size_t size)", ROLE_DATA_COPY },
		/* unless a letter says so alone */
		{ "int x2string(const char *s)", ROLE_TEXT },
		{ "int x2s(char *s, size_t n, const char *t)", ROLE_OUT_BYTES },
		{ "int x_sprint(char *string, size_t n, const char *s)", ROLE_OUT_BYTES },
		/* bytes without a length are whatever the library takes for it; texts end */
		{ "int decode(const uint8_t *stream, uint16_t phys_channel, uint32_t clk100ns)",
			ROLE_BLOCK },
		{ "int decode(const unsigned char *packet)", ROLE_BLOCK },
		{ "int parse(const unsigned char *text)", ROLE_TEXT },
		{ "int parse(const xmlChar *cur)", ROLE_TEXT },
		/* of a file by its name, be that constant or not; what follows counts something else */
		{ "int open_file(char *filename, int mode)", ROLE_PATH },
		{ "int input(char *filename, int n_dimensions)", ROLE_PATH },
		{ "int input(char *filename, size_t n)", ROLE_DATA_COPY },
		/* as fopen() has them, whatever they are called: the mode isn't the input */
		{ "struct x *x_open_am(const char *psz_source, const char *psz_access_mode)",
			ROLE_PATH },
		{ "struct x *x_open_cue(const char *psz_cue, const char *psz_access_mode)",
			ROLE_PATH },
		{ "struct x *x_open_source(const char *source, int mode)", ROLE_TEXT },
		/* where to begin is no length, nor any number in front of bytes, but one that is called so */
		{ "int x_parse(unsigned slen, const unsigned char *s)", ROLE_LENGTH },
		{ "int x_parse(int l, const unsigned char *s)", ROLE_LENGTH },
		{ "int x_open(const char *fname, unsigned long start, long length)", ROLE_PATH },
		{ "int x_create(int streams, const unsigned char *map, const char *s)", ROLE_ZERO },
		/* what is asked for is no length */
		{ "int x_ctl(int request, const void *ptr, const char *s)", ROLE_ZERO },
		{ "int x_put(int n, const void *ptr)", ROLE_LENGTH },
		/* bytes that are read, though they aren't constant; that are made; a text */
		{ "int x_syncinfo(uint8_t *buf, int *flags, int *rate)", ROLE_BLOCK },
		{ "int x_frame(uint8_t *data, float level)", ROLE_BLOCK },
		{ "int x_encode(uint8_t *buf, FILE *f)", ROLE_OUT_BYTES },
		/* where a file is read to */
		{ "int x_load(uint8_t *buffer, const char *filename)", ROLE_OUT_BYTES },
		{ "int x_load(uint8_t *buffer, char *filename)", ROLE_OUT_BYTES },
		{ "int x_load(uint8_t *buffer, int fd)", ROLE_OUT_BYTES },
		{ "int x_read(uint8_t *buf, FILE *f)", ROLE_OUT_BYTES },
		{ "int x_frame(uint8_t *out, const char *s)", ROLE_OUT_BYTES },
		/* what went wrong comes back there, and isn't read */
		{ "int x_listen(signed char *err, unsigned char backlog, int fd)", ROLE_OUT_BYTES },
		/* as main() has them */
		{ "int parse(int argc, char **argv)", ROLE_ARGC },
		{ "int parse(int argc, const char *const *words)", ROLE_ARGC },
		{ "int parse(const std::vector<std::string> &words)", ROLE_STRINGS } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena a = ARENA_INIT;
		struct proto p;

		assert_int_equal(proto_parse(&a, strv_of(rows[i].text), &p, NULL), 0);
		assert_int_equal(proto_roles(&p, NULL), 0);
		if (p.params[0].role != rows[i].role)
			fail_msg("%s", rows[i].text);
		arena_release(&a);
	}
}

/* What a C++ function's parameters are called, by its header's text; "": nothing is said. */
static void test_names(void **state)
{
	static const struct {
		const char *text, *prototype, *names;
	} rows[] = { { "void f(const std::string &in, size_t width = 80);",
			     "void f(const std::string &, unsigned long)", "in width " },
		{ "{ f(a, b); }\nint f(const char *path, std::map<int, int> &m) const;",
			"void f(const char *, std::map &)", "path m " },
		{ "~f(); int g.f(int x); bool f(int n[3], char c)", "void f(int *, char)", "n c " },
		{ "void f(int, char);", "void f(int, char)", "" },
		{ "void f(int n); void f(const std::string &s);", "void f(const std::string &)",
			"s " },
		{ "void f(", "void f(int)", "" }, { "", "void f(int)", "" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena a = ARENA_INIT;
		struct buf got = BUF_INIT;
		struct proto p;

		assert_int_equal(proto_parse(&a, strv_of(rows[i].prototype), &p, NULL), 0);
		if (cxx_names(&a, strv_of(rows[i].text), "f", &p))
			for (size_t k = 0; k < p.n_params; k++)
				buf_adds2(&got, p.params[k].name, " ");
		if (strcmp(buf_str(&got), rows[i].names) != 0)
			fail_msg("%s: \"%s\"", rows[i].text, buf_str(&got));
		buf_release(&got);
		arena_release(&a);
	}
}

/* The harness for a function that nothing else is known of. */
static void write_harness(struct arena *a, const char *prototype, struct buf *out)
{
	struct proto_harness h = { .include = "\"x.h\"" };
	struct proto p;

	assert_int_equal(proto_parse(a, strv_of(prototype), &p, NULL), 0);
	assert_int_equal(proto_roles(&p, NULL), 0);
	proto_harness(out, &p, &h, a);
}

/* A line of its harness, and words that it is without. */
static void test_lines(void **state)
{
	static const struct {
		const char *text, *line, *without;
	} rows[] = { /* of an array nobody says how long it is; nor how much is written */
		{ "int f(const char *s, char **tags)", "tags = calloc(size + ROOM, sizeof(*tags));",
			"&tags" },
		{ "int f(const char *s, char **tag)", "f(s, &tag);", "ROOM" },
		{ "int f(const char *s, struct t **tags, int *n)", "f(s, &tags, &n);", "ROOM" },
		{ "int f(const char *s, char **address)", "f(s, &address);", "ROOM" },
		{ "int f(const char *s, char *out)", "calloc(1, size + ROOM);", NULL },
		{ "int f(const char *s, char *out, int n)", "calloc(1, ROOM);", "size + ROOM" },
		{ "int f(const char *path, const char *mode)", "f(memory_path, \"r\");", NULL },
		{ "int xOpen(const char *, const char *)", "xOpen(memory_path, \"r\");", NULL },
		{ "int f(const char *path, const char *section)", "f(memory_path, \"input\");",
			NULL },
		{ "int f(const char *s, int nWidth)", "int nWidth = 8;", "{ 0 }" },
		{ "int f(int argc, char **argv)", "f(argc, argv);", NULL },
		{ "int f(const uint8_t *packet)", "packet = calloc(1, size + ROOM);", NULL }
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena a = ARENA_INIT;
		struct buf text = BUF_INIT;

		write_harness(&a, rows[i].text, &text);
		if (!strstr(buf_str(&text), rows[i].line) ||
			(rows[i].without && strstr(buf_str(&text), rows[i].without)))
			fail_msg("%s: %s", rows[i].text, buf_str(&text));
		buf_release(&text);
		arena_release(&a);
	}
}

/* A second text that asks something of the first is taken from the input's end; else it is as it was. */
static void test_asked(void **state)
{
	static const struct {
		const char *text, *line;
		bool asked;
	} rows[] = {
		{ "int x_getn(const char *json, size_t len, const char *path)",
			"x_getn((const char *)data, size, path);", true },
		{ "int x_find(const char *text, const char *key)", "text[size] = 0;", true },
		{ "int x_match(const char *pattern, const char *text)", "x_match(pattern, text);",
			true },
		{ "int fnmatch(const char *pattern, const char *name, int flags)",
			"fnmatch(pattern, name, flags);", true },
		{ "int x_match(const char *regexp, const char *s)",
			"regexp = tail ? strndup((const char *)tail, tail_size) : strdup(\"a\");",
			true },
		/* it may name a file, or is what is read; bytes may hold any NUL; with a length of its own */
		{ "int x_parse(const char *json, size_t len, const char *path)",
			"size, \"input\");", false },
		{ "int x_load_value(const char *json, const char *key)", "\"input\");", false },
		{ "int x_get(const char *key)", "x_get(key);", false },
		{ "int x_find(const uint8_t *data, size_t len, const char *key)",
			"size, \"input\");", false },
		{ "int x_match(const char *pattern, size_t n, const char *text, size_t len)",
			"size1", false },
		{ "int x_join(const char *one, const char *two)", "size1", false },
		/* what is evaluated is a program; how it is done is no text */
		{ "int x_eval(const char *expr, const char *vars)", "size1", false },
		{ "int x_eval(const char *xml, const char *expr)", "text", true },
		{ "int x_compile(const char *regex, const char *flags)", "size1", false },
		{ "int x_match(const char *pattern, const char *locale)", "pattern[size] = 0;",
			false },
		{ "int x_grep(const char *pattern, const char *text)", "x_grep(pattern, text);",
			true },
		{ "int x_get(const char *filename, const char *key)", "memory_path", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena a = ARENA_INIT;
		struct buf text = BUF_INIT;

		write_harness(&a, rows[i].text, &text);
		if (!strstr(buf_str(&text), rows[i].line) ||
			!!strstr(buf_str(&text), "memrchr(data, 0, size)") != rows[i].asked)
			fail_msg("%s: %s", rows[i].text, buf_str(&text));
		buf_release(&text);
		arena_release(&a);
	}
}

/* How the files end whose names a library looks at; "": it has no such words, or too few. */
static void test_endings(void **state)
{
	static const struct {
		const char *text, *best;
	} rows[] = { { "is(n, \".nii\") is(n, \".hdr\") add(n, \".nii\") \".nii\"", ".nii" },
		{ "\".gz\" \".gz\" \".gz\" \".gz\" \".abc\" \".abc\" \".abc\"", ".abc" },
		{ "\".abc\" \".abc\"", "" },
		{ "\".5\" \".5\" \".5\" \"..\" \"..\" \"..\" \".a b\" \".a b\" \".a b\"", "" },
		{ "\".verylong\" \".verylong\" \".verylong\" \"a.abc\" \"a.abc\" \"a.abc\"", "" },
		{ "\".abc", "" }, { "\".", "" }, { "", "" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct endings e = { 0 };
		const char *best;

		endings_count(strv_of(rows[i].text), &e);
		best = endings_best(&e);
		if (strcmp(best ? best : "", rows[i].best) != 0)
			fail_msg("%s: %s", rows[i].text, best ? best : "nothing");
	}
}

/* Which of a project's files are seeds, by the harness's name. */
static void test_testdata(void **state)
{
	static const struct {
		const char *name, *file;
		bool seed;
	} rows[] = { { "x_fuzzsupport", "tests/a.supp", false }, { "libcue", "tests/a.cue", true },
		{ "svg_read", "tests/a.svg", true }, { "libhtmlx", "tests/a.html", true },
		{ "x_read", "tests/a.cue", false }, { "libcue", "a.cue", false },
		{ "libcue", "test.cue", true }, { "libcue", "src/sample2.cue", true },
		{ "libcue", "latest.cue", false }, { "testcpp", "testcpp.cpp", false } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct strlist files = STRLIST_INIT, names = STRLIST_INIT;
		char *dir = fs_tmpdir("thresh-testdata", NULL);
		char *path = fs_join(dir, rows[i].file), *sub = fs_dirname(path);
		struct testdata t;

		assert_int_equal(fs_mkdirs(sub, NULL), 0);
		assert_int_equal(fs_write(path, "<a>", 3, 0600, NULL), 0);
		strlist_add(&files, rows[i].file);
		strlist_add(&names, rows[i].name);
		testdata_find(dir, &files, &names, "raw", &t);
		if ((t.files.n == 1) != rows[i].seed)
			fail_msg("%s of %s", rows[i].file, rows[i].name);
		testdata_release(&t);
		strlist_release(&files);
		strlist_release(&names);
		fs_remove_tree(dir, NULL);
		free(path);
		free(sub);
		free(dir);
	}
}

static void test_includes(void **state)
{
	static const struct {
		const char *text;
		bool does;
	} rows[] = { { "#include \"in/x.h\"\n", true }, { "int a;\n# include <x.h>", true },
		{ "#include \"max.h\"\n#include \"other/x.h\"", false },
		{ "/* x.h */ #include", false }, { "", false } };

	/* a name of zeros is none, whatever stands in front of the header's */
	static const char zeros[] = "#include \"\0\0\0\0\0\"\n", path[] = "//////////x.h";

	(void)state;
	assert_false(order_includes(strv_n(zeros, sizeof(zeros) - 1), path + 10));
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (order_includes(strv_of(rows[i].text), "src/in/x.h") != rows[i].does)
			fail_msg("row %zu", i);
}

/* Programs for AFL++'s persistent mode, and the main() that a harness calls. */
static void test_afl_program(void **state)
{
#define LOOP " while (__AFL_LOOP(9)) f(__AFL_FUZZ_TESTCASE_BUF); }"
	static const struct {
		const char *source, *path, *want; /* NULL: no harness */
	} rows[] = {
		{ "int main(void) {" LOOP, "../a.c", "int main(void) __asm__(" },
		{ "int\nmain (int argc, char *argv[])\n{" LOOP, "../a.c",
			"int main(int argc, char *argv[]) __asm__(" },
		{ "int domain(int x) { return x; } int main() {" LOOP, "../a.c",
			"int main() __asm__(" },
		{ "int main(void); int main(void) {" LOOP, "../a b.c", "#include \"../a b.c\"\n" },
		{ "int main(void) { while (__AFL_LOOP(9)) read(0, b, 9); }", "../a.c",
			"dup2(file, 0)" },
		{ "int main(void) { return f(); }", "../a.c", NULL },
		{ "static int real_main(void) {" LOOP, "../a.c", NULL },
		{ "auto main() -> int {" LOOP, "../a.c", NULL },
		{ "int main(void) {" LOOP, "../a\".c", NULL },
		{ "int main(void) {" LOOP, "../a*/b.c", NULL },
		{ "int main(void", "../a.c", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf b = BUF_INIT;
		bool made = afl_program_text(&b, rows[i].path, strv_of(rows[i].source), false);

		if (made != (rows[i].want != NULL) || (made && !strstr(b.s, rows[i].want)))
			fail_msg("row %zu: %s", i, buf_str(&b));
		if (made && strstr(rows[i].source, "TESTCASE_BUF") && strstr(b.s, "dup2"))
			fail_msg("row %zu: standard input is touched", i);
		buf_release(&b);
	}
#undef LOOP
}

/* A target of a build is called as its project likes, and stands in a comment: none of YAML's ends of lines is left of it. */
static void test_comment(void **state)
{
	static const char *const ends[] = { "\n", "\r", "\xc2\x85", "\xe2\x80\xa8",
		"\xe2\x80\xa9" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		char *ran = xasprintf("make x%son_new_bug: [touch it]", ends[i]);
		struct yaml_build y = { .ran = ran };
		struct buf b = BUF_INIT;
		const char *line;

		strlist_add(&y.sources, "a.c");
		yaml_text(&b, ".", &y, "  a: {source: a.c}\n");
		line = strstr(b.s, "# make x on_new_bug: [touch it]\n");
		if (!line)
			fail_msg("row %zu: %s", i, b.s);
		strlist_release(&y.sources);
		buf_release(&b);
		free(ran);
	}
}

/* Which headers users get: "x.h" is named, "own.h" isn't. */
static void test_installs(void **state)
{
	static const struct {
		const char *text;
		bool x, own;
	} rows[] = {
		{ "include_HEADERS = x.h\nnoinst_HEADERS = own.h\n", true, false },
		{ "include_HEADERS = $(wildcard *.h)", true, true },
		{ "include_HEADERS = x.h $(MORE)", true, true },
		{ "install(FILES x.h DESTINATION include)", true, false },
		{ "install(FILES x.h my_own.h DESTINATION include)", true, false },
		{ "install(DIRECTORY include/ DESTINATION include)", true, true },
		{ "install(FILES ${HEADERS} DESTINATION include)", true, true },
		{ "install(FILES ${HEADERS} DESTINATION ${WHERE})", true, true },
		/* what isn't a header brings none */
		{ "install(FILES x.h DESTINATION include)\n"
		  "install(FILES ${BINARY_DIR}/x-config.cmake DESTINATION ${WHERE})\n"
		  "install(FILES \"${BINARY_DIR}/x.pc\" DESTINATION ${WHERE})",
			true, false },
		{ "install(FILES x.h DESTINATION include)\n"
		  "install(FILES ${MANUALS} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)\n"
		  "install(DIRECTORY docs DESTINATION share/doc/x)",
			true, false },
		{ "install(FILES ${ALL} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/bin)", true, true },
		/* a part of a word says nothing */
		{ "install(FILES ${ALL} DESTINATION ${DOCOPT_DIR})", true, true },
		{ "install(FILES ${ALL} DESTINATION x/bindings)", true, true },
		{ "install(FILES ${ALL} DESTINATION ${FETCH_DIR})", true, true },
		{ "install(FILES ${ALL} DESTINATION etc/x)", false, false },
		{ "install(FILES ${ALL} DESTINATION ${DOC_DIR})", false, false },
		{ "install(FILES ${ALL} DESTINATION share/man/man3)", false, false },
		{ "", false, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct installs all = { .more = false };

		installs_add(&all, strv_of(rows[i].text));
		if (installs_for_users(&all, "x.h") != rows[i].x ||
			installs_for_users(&all, "own.h") != rows[i].own)
			fail_msg("%s", rows[i].text);
		installs_release(&all);
	}
}

/* A harness's lines; where it leaves something that nobody ends, leaks are the harness's. */
static void test_block(void **state)
{
	struct buf block = BUF_INIT, out = BUF_INIT;

	(void)state;
	buf_adds(&block, "  a:\n    source: a.c\n");
	yaml_block(&out, &block, false);
	assert_string_equal(buf_str(&out), buf_str(&block));
	yaml_block(&out, &block, true);
	assert_non_null(strstr(buf_str(&out), "source: a.c\n    # "));
	assert_true(strv_ends(strv_n(out.s, out.len), "\n    leaks: false\n"));
	buf_release(&block);
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_format),
		cmocka_unit_test(test_first_input),
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_asked),
		cmocka_unit_test(test_endings),
		cmocka_unit_test(test_testdata),
		cmocka_unit_test(test_includes),
		cmocka_unit_test(test_afl_program),
		cmocka_unit_test(test_comment),
		cmocka_unit_test(test_block),
		cmocka_unit_test(test_installs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
