/* Names for offsets: right ones from a real binary, and survival of every symboliser that isn't one. */
#include "base/prelude.h"
#include "symbol/answer.h"
#include "symbol/cache.h"
#include "symbol/elf.h"
#include "symbol/symbol.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/num.h"
#include "proc/proc.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static const char source[] =
	"static inline __attribute__((always_inline)) int leaf(volatile int *p)\n"
	"{\n"
	"	return *p;\n"
	"}\n"
	"__attribute__((noinline)) int mid(volatile int *p)\n"
	"{\n"
	"	return leaf(p) + 1;\n"
	"}\n"
	"int main(int argc, char **argv)\n"
	"{\n"
	"	(void)argv;\n"
	"	return mid(&argc) > 9;\n"
	"}\n";

struct fixture {
	char *dir, *exe, *cache, *bin, *path;
	uint64_t mid, main;
};

static void put(const char *dir, const char *name, const char *text, unsigned mode)
{
	char *path = fs_join(dir, name);

	assert_int_equal(fs_write(path, text, strlen(text), mode, NULL), 0);
	free(path);
}

static bool have(const char *tool)
{
	char *path = fs_which(tool);

	free(path);
	return path != NULL;
}

static void run(const char *const *argv, struct buf *out)
{
	struct proc_spec spec = PROC_SPEC_INIT;
	struct proc_result r;
	struct err err = ERR_INIT;

	spec.argv = argv;
	spec.out = spec.err = PROC_CAPTURE;
	assert_int_equal(proc_run(&spec, &r, &err), 0);
	if (r.status)
		print_error("%s: %s\n", argv[0], buf_str(&r.err));
	assert_int_equal(r.status, 0);
	if (out)
		buf_add(out, r.out.s, r.out.len);
	proc_result_release(&r);
}

static uint64_t symbol_value(struct strv text, const char *name)
{
	struct strv line, word;
	uint64_t v;

	while (strv_line(&text, &line))
		if (strv_ends(line, name) && strv_split(&line, ' ', &word) &&
			num_hex(word, &v) == 0)
			return v;
	fail_msg("no %s", name);
	return 0;
}

static void compile(struct fixture *f, const char *text)
{
	char *c = fs_join(f->dir, "a.c");
	const char *const cc[] = { "cc", "-g", "-O1", "-Wl,--build-id", "-o", f->exe, c, NULL };
	const char *const nm[] = { "nm", f->exe, NULL };
	struct buf out = BUF_INIT;

	put(f->dir, "a.c", text, 0600);
	unlink(f->exe);
	run(cc, NULL);
	run(nm, &out);
	f->mid = symbol_value(strv_n(out.s, out.len), " T mid");
	f->main = symbol_value(strv_n(out.s, out.len), " T main");
	buf_release(&out);
	free(c);
}

static int set_up(void **state)
{
	struct fixture *f = xcalloc(1, sizeof(*f));
	char *tmp = fs_tmpdir("symbol", NULL);

	assert_non_null(tmp);
	f->dir = realpath(tmp, NULL);
	free(tmp);
	f->exe = fs_join(f->dir, "a b.out");
	f->cache = fs_join(f->dir, "cache/x");
	f->bin = fs_join(f->dir, "bin");
	f->path = xstrdup(getenv("PATH"));
	assert_int_equal(fs_mkdirs(f->bin, NULL), 0);
	unsetenv("LLVM_SYMBOLIZER_PATH");
	compile(f, source);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	setenv("PATH", f->path, 1);
	fs_remove_tree(f->dir, NULL);
	free(f->dir);
	free(f->exe);
	free(f->cache);
	free(f->bin);
	free(f->path);
	free(f);
	return 0;
}

/* Only what lies in f->bin: a script that stands in for llvm-symbolizer, or a link to a real tool. */
static void use_script(struct fixture *f, const char *text)
{
	put(f->bin, "llvm-symbolizer", text, 0700);
	setenv("PATH", f->bin, 1);
}

static void use_link(struct fixture *f, const char *tool)
{
	char *real = fs_which(tool), *name = fs_join(f->bin, tool);

	if (!real)
		skip();
	assert_int_equal(symlink(real, name), 0);
	setenv("PATH", f->bin, 1);
	free(real);
	free(name);
}

static void check_mid(struct symbolizer *s, const struct fixture *f, bool columns)
{
	struct symbol_frame frames[8];
	size_t n = symbol_lookup(s, f->exe, NULL, f->mid, false, frames, ARRAY_LEN(frames));

	assert_int_equal(n, 2);
	assert_string_equal(frames[0].function, "leaf");
	assert_int_equal(frames[0].line, 3);
	assert_true(frames[0].inlined);
	assert_true((frames[0].column > 0) == columns);
	assert_string_equal(frames[1].function, "mid");
	assert_int_equal(frames[1].line, 7);
	assert_false(frames[1].inlined);
	assert_string_equal(fs_basename(frames[1].file), "a.c");
	assert_int_equal(symbol_lookup(s, f->exe, NULL, f->mid + 1, true, frames, 1), 1);
	assert_string_equal(frames[0].function, "leaf");
}

static unsigned started(const struct symbolizer *s)
{
	unsigned n;

	symbol_counts(s, &n, NULL);
	return n;
}

static void test_lookup_and_cache(void **state)
{
	struct fixture *f = *state;
	struct symbolizer *s = symbol_open(f->cache, NULL);
	struct symbol_frame frame;
	char id[129], *path;
	struct stat st;
	uint64_t misses;

	if (!have("llvm-symbolizer"))
		skip();
	check_mid(s, f, true);
	assert_int_equal(symbol_lookup(s, f->exe, NULL, f->main, false, &frame, 1), 1);
	assert_string_equal(frame.function, "main");
	assert_int_equal(symbol_lookup(s, f->exe, NULL, 1, false, &frame, 1), 0);
	assert_int_equal(symbol_lookup(s, "/nowhere/x", NULL, 1, false, &frame, 1), 0);
	assert_int_equal(symbol_lookup(s, "/dev/zero", NULL, 1, false, &frame, 1), 0);
	assert_int_equal(symbol_lookup(s, f->dir, NULL, 1, false, &frame, 1), 0);
	assert_int_equal(symbol_lookup(s, "[vdso]", NULL, 1, false, &frame, 1), 0);
	symbol_counts(s, NULL, &misses);
	assert_int_equal(misses, 3);
	assert_int_equal(started(s), 1);
	symbol_close(s);

	assert_true(symbol_build_id(f->exe, id, sizeof(id)));
	path = fs_join(f->cache, id);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	free(path);

	s = symbol_open(f->cache, NULL);
	check_mid(s, f, true);
	assert_int_equal(symbol_lookup(s, f->exe, NULL, 1, false, &frame, 1), 0);
	/* by the id alone, the file gone */
	assert_int_equal(symbol_lookup(s, "/gone", id, f->main, false, &frame, 1), 1);
	assert_string_equal(frame.function, "main");
	assert_int_equal(started(s), 0);
	symbol_counts(s, NULL, &misses);
	assert_int_equal(misses, 0);
	/* another build's id: the file on disk must not be asked */
	assert_int_equal(
		symbol_lookup(s, f->exe, "0123456789abcdef", f->main, false, &frame, 1), 0);
	assert_int_equal(symbol_lookup(s, f->exe, "../../etc", f->main, false, &frame, 1), 1);
	assert_int_equal(started(s), 0);
	symbol_close(s);
}

static void test_prefetch(void **state)
{
	struct fixture *f = *state;
	struct symbolizer *s = symbol_open(NULL, NULL);
	struct symbol_request q[1000];
	uint64_t misses;

	if (!have("llvm-symbolizer"))
		skip();
	for (size_t i = 0; i < ARRAY_LEN(q); i++)
		q[i] = (struct symbol_request){ i % 7 ? f->exe : "/nowhere", NULL, f->mid + i % 500,
			false };
	symbol_prefetch(s, q, ARRAY_LEN(q));
	symbol_counts(s, NULL, &misses);
	assert_int_equal(misses, 500);
	check_mid(s, f, true);
	symbol_counts(s, NULL, &misses);
	assert_int_equal(misses, 500);
	assert_int_equal(started(s), 1);
	symbol_prefetch(s, NULL, 0);
	symbol_close(s);
}

static void test_rebuilt(void **state)
{
	struct fixture *f = *state;
	struct symbolizer *s;
	struct symbol_frame frame;
	char *other = xstrdup(source);

	if (!have("llvm-symbolizer"))
		skip();
	s = symbol_open(f->cache, NULL);
	check_mid(s, f, true);
	memcpy(strstr(other, "leaf("), "twig(", 5);
	memcpy(strstr(other, "leaf("), "twig(", 5);
	compile(f, other);
	assert_int_equal(symbol_lookup(s, f->exe, NULL, f->mid, false, &frame, 1), 1);
	assert_string_equal(frame.function, "twig");
	symbol_close(s);
	free(other);
}

static void test_addr2line(void **state)
{
	struct fixture *f = *state;
	struct symbolizer *s;
	struct symbol_request q[600];

	use_link(f, "addr2line");
	s = symbol_open(f->cache, NULL);
	for (size_t i = 0; i < ARRAY_LEN(q); i++)
		q[i] = (struct symbol_request){ f->exe, NULL, f->mid + i, false };
	symbol_prefetch(s, q, ARRAY_LEN(q));
	check_mid(s, f, false);
	assert_int_equal(started(s), 1);
	symbol_close(s);
	s = symbol_open(f->cache, NULL);
	check_mid(s, f, false);
	assert_int_equal(started(s), 0);
	symbol_close(s);
	/* a better tool turns up */
	setenv("PATH", f->path, 1);
	if (have("llvm-symbolizer")) {
		s = symbol_open(f->cache, NULL);
		check_mid(s, f, true);
		assert_int_equal(started(s), 1);
		symbol_close(s);
	}
}

static void test_no_tool(void **state)
{
	struct fixture *f = *state;
	struct symbolizer *s;
	struct symbol_frame frame;

	setenv("PATH", f->bin, 1);
	s = symbol_open(f->cache, NULL);
	assert_int_equal(symbol_lookup(s, f->exe, NULL, f->mid, false, &frame, 1), 0);
	assert_int_equal(started(s), 0);
	symbol_close(s);
	assert_false(fs_exists(f->cache));
	symbol_close(NULL);
}

/* Stand-ins for a symboliser gone wrong; each lookup must come back, with nothing or with what was said. */
static const struct {
	const char *name, *script, *function;
} bad_tools[] = {
	{ "exits at once", "#!/bin/sh\nexit 1\n", NULL },
	{ "is no program", "not one\n", NULL },
	{ "hangs", "#!/bin/sh\nexec /bin/sleep 1000\n", NULL },
	{ "hangs after half a line", "#!/bin/sh\nprintf 'ma'\nexec /bin/sleep 1000\n", NULL },
	{ "dies after a question", "#!/bin/sh\nread x\nexit 3\n", NULL },
	{ "dies after half an answer", "#!/bin/sh\nread x\nprintf 'f\\na.c:1:2\\n'\n", NULL },
	{ "floods", "#!/bin/sh\nwhile :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done\n",
		NULL },
	{ "answers too much",
		"#!/bin/sh\nwhile read x; do printf 'f\\na.c:1:2\\n\\nmore\\n'; done\n", NULL },
	{ "answers no place", "#!/bin/sh\nwhile read x; do printf 'f\\ng\\n\\n'; done\n", NULL },
	{ "dies after each answer", "#!/bin/sh\nread x\nprintf 'f\\na.c:1:2\\n\\n'\n", "f" },
};

static void test_bad_tools(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(bad_tools); i++) {
		struct symbolizer *s;
		struct symbol_frame frame;
		struct symbol_request q[20];
		bool known = bad_tools[i].function != NULL;
		size_t n;

		use_script(f, bad_tools[i].script);
		s = symbol_open(f->cache, NULL);
		symbol_set_timeout(s, known ? 20000 : 60);
		for (size_t j = 0; j < ARRAY_LEN(q); j++)
			q[j] = (struct symbol_request){ f->exe, NULL, f->mid + 100 + j, false };
		n = symbol_lookup(s, f->exe, NULL, f->mid, false, &frame, 1);
		if (n != known)
			print_error("%s\n", bad_tools[i].name);
		assert_int_equal(n, known);
		if (known)
			assert_string_equal(frame.function, bad_tools[i].function);
		if (!known)
			symbol_prefetch(s, q, ARRAY_LEN(q));
		n = symbol_lookup(s, f->exe, NULL, f->mid + 50, false, &frame, 1);
		assert_int_equal(n, known);
		assert_true(started(s) <= 3);
		symbol_close(s);
		/* nothing it failed to say was kept as known */
		assert_int_equal(fs_exists(f->cache), known);
	}
}

static void test_answers(void **state)
{
	static const struct {
		const char *in;
		bool broken;
		enum answer_state state;
		size_t n;
		const char *function, *file;
		unsigned line, column;
		const char *rest;
	} rows[] = {
		{ "f\n/a.c:1:2\n\nnext", false, ANSWER_WHOLE, 1, "f", "/a.c", 1, 2, "next" },
		{ "f\n/a.c:1:2\ng\n/b:c.c:3:4\n\n", false, ANSWER_WHOLE, 2, "f", "/a.c", 1, 2, "" },
		{ "??\n??:0:0\n\n", false, ANSWER_WHOLE, 0, "", "", 0, 0, "" },
		{ "??\n??:?\n\n", false, ANSWER_BAD, 0, "", "", 0, 0, "" },
		{ "f\n??:?:?\n\n", false, ANSWER_WHOLE, 1, "f", "", 0, 0, "" },
		{ "\n/a.c:1:2\n\n", false, ANSWER_WHOLE, 1, "", "/a.c", 1, 2, "" },
		{ "a(b, c)::d<e>\n/a b.c:10:20\n\n", false, ANSWER_WHOLE, 1, "a(b, c)::d<e>",
			"/a b.c", 10, 20, "" },
		{ "f\n/a.c:99999999999:2\n\n", false, ANSWER_WHOLE, 1, "f", "/a.c", 0, 2, "" },
		{ "f\n/a.c:1:-2\n\n", false, ANSWER_BAD, 0, "", "", 0, 0, "" },
		{ "f\ng\n\n", false, ANSWER_BAD, 0, "", "", 0, 0, "" },
		{ "", false, ANSWER_PART, 0, "", "", 0, 0, "" },
		{ "f", false, ANSWER_PART, 0, "", "", 0, 0, "" },
		{ "f\n/a.c:1:2\n", false, ANSWER_PART, 0, "", "", 0, 0, "" },
		{ "f\n/a\n:1\n\nb.c:1:2\ng\n/a\nb.c:3:4\n\nnext", true, ANSWER_WHOLE, 2, "f",
			"/a\n:1\n\nb.c", 1, 2, "next" },
		{ "f\n/a\n", true, ANSWER_PART, 0, "", "", 0, 0, "" },
	};
	struct answer a = { .n = 0 };
	struct strv text;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		text = strv_of(rows[i].in);
		assert_int_equal(answer_llvm(&text, rows[i].broken, &a), rows[i].state);
		if (rows[i].state != ANSWER_WHOLE)
			continue;
		assert_int_equal(a.n, rows[i].n);
		assert_true(strv_eqs(text, rows[i].rest));
		if (!a.n)
			continue;
		assert_string_equal(a.frames[0].function, rows[i].function);
		assert_string_equal(a.frames[0].file, rows[i].file);
		assert_int_equal(a.frames[0].line, rows[i].line);
		assert_int_equal(a.frames[0].column, rows[i].column);
		assert_int_equal(a.frames[0].inlined, a.n > 1);
		assert_false(a.frames[a.n - 1].inlined);
	}
	text = STRV("0x0000000000000010\nf\n/a.c:7 (discriminator 3)\ng\n??:?\n0x11\n??\n??:0\n");
	assert_int_equal(answer_addr2line(&text, 0x10, 0x11, &a), ANSWER_WHOLE);
	assert_int_equal(a.n, 2);
	assert_int_equal(a.frames[0].line, 7);
	assert_string_equal(a.frames[0].file, "/a.c");
	assert_string_equal(a.frames[1].function, "g");
	assert_int_equal(answer_addr2line(&text, 0x11, 0x12, &a), ANSWER_PART);
	assert_int_equal(answer_addr2line(&text, 0x12, 0x13, &a), ANSWER_BAD);
	text = STRV("0xffffffff\n??\n??:0\n");
	assert_int_equal(answer_sentinel(&text), ANSWER_WHOLE);
	arena_release(&a.names);
}

/* Names with anything in them come back; a file cut short or changed anywhere is not believed. */
static void test_cache_file(void **state)
{
	static const struct symbol_frame frames[] = {
		{ "operator new(unsigned long)", "/x y/\xff.cc", 4, 5, true },
		{ "a\nend 1 0\n", "/t\tab", 4294967295u, 0, false },
		{ "", "", 0, 0, false },
	};
	struct fixture *f = *state;
	char *path = fs_join(f->dir, "c");
	struct cache c = { .n = 0 }, back = { .n = 0 };
	struct buf b = BUF_INIT;

	for (uint64_t i = 0; i < 1000; i++)
		cache_put(&c, i * 16, frames, i % 4);
	cache_put_lost(&c, 5);
	assert_int_equal(cache_save(&c, path, NULL), 0);
	assert_true(cache_load(&back, path, true));
	assert_int_equal(back.n, 1000);
	assert_false(back.dirty);
	assert_null(cache_get(&back, 5));
	assert_int_equal(cache_get(&back, 16 * 7)->n, 3);
	for (size_t i = 0; i < 3; i++) {
		const struct symbol_frame *g = &cache_get(&back, 16 * 7)->frames[i];

		assert_string_equal(g->function, frames[i].function);
		assert_string_equal(g->file, frames[i].file);
		assert_int_equal(g->line, frames[i].line);
		assert_int_equal(g->column, frames[i].column);
		assert_int_equal(g->inlined, frames[i].inlined);
	}
	cache_release(&back);
	cache_release(&c);
	for (uint64_t i = 1; i < 4; i++)
		cache_put(&c, i << 40, frames, i);
	assert_int_equal(cache_save(&c, path, NULL), 0);
	assert_int_equal(fs_read(path, 1 << 20, &b, NULL), 0);
	for (size_t i = 0; i < b.len; i++) {
		FILE *out;

		assert_int_equal(truncate(path, 0), 0);
		out = fopen(path, "w");
		fwrite(b.s, 1, i, out);
		fclose(out);
		assert_false(cache_load(&back, path, false));
		b.s[i] ^= 1;
		out = fopen(path, "w");
		fwrite(b.s, 1, b.len, out);
		fclose(out);
		b.s[i] ^= 1;
		assert_false(cache_load(&back, path, false));
		assert_int_equal(back.n, 0);
	}
	buf_release(&b);
	cache_release(&c);
	cache_release(&back);
	free(path);
}

/* A cache file that isn't one is replaced by the next that is. */
static void test_bad_cache(void **state)
{
	struct fixture *f = *state;
	struct symbolizer *s;
	char id[129];

	if (!have("llvm-symbolizer"))
		skip();
	assert_true(symbol_build_id(f->exe, id, sizeof(id)));
	assert_int_equal(fs_mkdirs(f->cache, NULL), 0);
	put(f->cache, id, "thresh-symbols 1 fine\n@ 1 1\nx", 0600);
	for (unsigned want = 1; want <= 1; want--) {
		s = symbol_open(f->cache, NULL);
		check_mid(s, f, true);
		assert_int_equal(started(s), want);
		symbol_close(s);
	}
	/* a cache that can't be written is a warning and no more */
	fs_remove_tree(f->cache, NULL);
	put(f->dir, "cache/x", "", 0600);
	s = symbol_open(f->cache, NULL);
	check_mid(s, f, true);
	symbol_close(s);
}

/* Cut and scribbled ELF files: an id or none, and nothing else. */
static void test_hostile_elf(void **state)
{
	struct fixture *f = *state;
	char *path = fs_join(f->dir, "elf"), id[129], small[8], want[129];
	struct buf b = BUF_INIT;

	assert_true(symbol_build_id(f->exe, want, sizeof(want)));
	assert_int_equal(strlen(want), 40);
	assert_false(symbol_build_id(f->exe, small, sizeof(small)));
	assert_false(symbol_build_id("/dev/zero", id, sizeof(id)));
	assert_false(symbol_build_id(f->dir, id, sizeof(id)));
	assert_int_equal(fs_read(f->exe, 1 << 24, &b, NULL), 0);
	for (size_t i = 0; i < 1200; i++) {
		char was = b.s[i];
		FILE *out = fopen(path, "w");

		b.s[i] = (char)0xff;
		fwrite(b.s, 1, b.len, out);
		fclose(out);
		symbol_build_id(path, id, sizeof(id));
		b.s[i] = was;
		assert_int_equal(truncate(path, (off_t)i), 0);
		symbol_build_id(path, id, sizeof(id));
	}
	buf_release(&b);
	free(path);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_lookup_and_cache),
		TEST(test_prefetch),
		TEST(test_rebuilt),
		TEST(test_addr2line),
		TEST(test_no_tool),
		TEST(test_bad_tools),
		TEST(test_cache_file),
		TEST(test_bad_cache),
		TEST(test_hostile_elf),
		cmocka_unit_test(test_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
