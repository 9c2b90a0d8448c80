/* What people and their tools are shown of a bug: snippets, tables, issues, SARIF; and that no text of a target rules it. */
#include "base/prelude.h"
#include "base/columns.h"
#include "base/fs.h"
#include "base/mem.h"
#include "crash/crash.h"
#include "report/bugs_table.h"
#include "report/issue.h"
#include "report/sarif.h"
#include "report/snippet.h"
#include "report/stack_text.h"
#include "report/table.h"
#include "report/term.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#define CSI        \
	"\xc2\x9b" \
	"31m"
#define NOTHING_RULES(b) assert_harmless((b), __LINE__)

/* No control but line ends and tabs, however it is spelt. */
static void assert_harmless(const struct buf *b, int line)
{
	for (size_t i = 0; i < b->len; i++) {
		unsigned char c = (unsigned char)b->s[i];

		if ((c < 32 && c != '\n' && c != '\t') || c == 127 ||
			(c == 0xc2 && (unsigned char)b->s[i + 1] < 0xa0))
			fail_msg("line %d: a %02x at %zu of: %s", line, c, i, b->s);
	}
}

/* --- a terminal's width --- */

static void widths(void **state)
{
	static const struct {
		const char *text;
		size_t width;
	} rows[] = { { "", 0 }, { "abc", 3 }, { "\xc3\xa4", 1 }, { "a\xcc\x88", 1 },
		{ "\xe4\xbd\xa0\xe5\xa5\xbd", 4 }, { "\xf0\x9f\x98\x80", 2 }, { "\xff\xfe", 2 },
		{ "\xe2\x80\x8b", 0 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (columns_width(strv_of(rows[i].text)) != rows[i].width)
			fail_msg("%s: %zu", rows[i].text, columns_width(strv_of(rows[i].text)));
}

static void cut(void **state)
{
	static const struct {
		const char *text;
		size_t columns;
		const char *want;
	} rows[] = { { "exactly", 7, "exactly" }, { "longer than", 9, "longer..." },
		{ "abc", 2, ".." }, { "abc", 0, "" },
		{ "\xe4\xbd\xa0\xe5\xa5\xbd\xe5\x90\x97", 5, "\xe4\xbd\xa0..." },
		{ "\xe4\xbd\xa0\xe5\xa5\xbd\xe5\x90\x97", 6,
			"\xe4\xbd\xa0\xe5\xa5\xbd\xe5\x90\x97" },
		{ "a\033[31mb", 80, "a\\x1b[31mb" }, { CSI, 80, "\\xc2\\x9b31m" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf b = BUF_INIT;

		term_add_cut(&b, strv_of(rows[i].text), rows[i].columns);
		assert_string_equal(buf_str(&b), rows[i].want);
		assert_true(columns_width(strv_of(buf_str(&b))) <= MAX(rows[i].columns, (size_t)0));
		buf_release(&b);
	}
}

static void wrapped(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = { { "", "" }, { "one two three four", "  one two\n  three four\n" },
		{ "averyveryverylongword x", "  averyveryverylongword\n  x\n" },
		{ "one\ntwo\n\nnext", "  one two\n\n  next\n" },
		{ "see:\n kept as it is\nand on", "  see:\n   kept as it is\n  and on\n" },
		{ CSI " x", "  \\xc2\\x9b31m\n  x\n" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf b = BUF_INIT;

		term_add_wrapped(&b, rows[i].text, 2, 14);
		assert_string_equal(buf_str(&b), rows[i].want);
		buf_release(&b);
	}
}

static void broken_where_too_wide(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = { { "", "" }, { "it fits so", "it fits so" }, { "\n\nx\n", "\n\nx\n" },
		{ "one two three four\nnext\n", "one two\n  three\n  four\nnext\n" },
		{ "  a   b  c d e f", "  a   b  c\n  d e f" }, { "    indented", "  indented" },
		{ "  a_path_that_is_long, x", "a_path_that_is_long,\n  x" },
		{ "of a_path_that_is_long", "of\na_path_that_is_long" },
		{ "\033[31mred\033[0m and green", "\033[31mred\033[0m and\n  green" },
		{ "\033[31mok \033[0m is it", "\033[31mok \033[0m is it" },
		{ "\xe4\xbd\xa0\xe5\xa5\xbd \xe4\xbd\xa0\xe5\xa5\xbd x",
			"\xe4\xbd\xa0\xe5\xa5\xbd \xe4\xbd\xa0\xe5\xa5\xbd\n  x" },
		{ "a_long_word \\\nx", "a_long_word \\\nx" },
		{ "ends in it      ", "ends in it" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf b = BUF_INIT;

		columns_wrap(&b, strv_of(rows[i].text), 10);
		assert_string_equal(buf_str(&b), rows[i].want);
		buf_release(&b);
	}
}

/* As a shell takes them: what is quoted stays in one piece. */
static void commands_are_whole(void **state)
{
	static const struct {
		const char *command;
		unsigned columns;
		const char *want;
	} rows[] = { { "thresh show 0123abcd", 80, "    thresh show 0123abcd\n" },
		{ "thresh show 0123abcd", TERM_ENDLESS, "    thresh show 0123abcd\n" },
		{ "thresh show 0123abcd", 20, "thresh show 0123abcd\n" },
		{ "thresh replay parse in/1", 20, "    thresh replay \\\n      parse in/1\n" },
		{ "thresh replay 'a b' 'it'\\''s c'", 20,
			"    thresh replay \\\n      'a b' \\\n      'it'\\''s c'\n" },
		{ "x\033[31m\n", 40, "    x\\x1b[31m\\x0a\n" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct term term = { .columns = rows[i].columns };
		struct buf b = BUF_INIT;

		term_add_command(&term, &b, rows[i].command, 4);
		assert_string_equal(buf_str(&b), rows[i].want);
		buf_release(&b);
	}
}

/* --- tables --- */

static void tables(void **state)
{
	static const struct table_col cols[] = { { .head = "NAME", .flex = true },
		{ .head = "N", .right = true }, { .head = "WHAT", .flex = true } };
	struct term wide = { .columns = 80 }, narrow = { .columns = 30 };
	struct table *t = table_new(cols, ARRAY_LEN(cols));
	struct buf b = BUF_INIT;
	struct strv rest, line;

	(void)state;
	table_cell(t, TERM_PLAIN, "a");
	table_cellf(t, TERM_BOLD, "%d", 7);
	table_cell(t, TERM_PLAIN, "");
	table_cell(t, TERM_PLAIN, "a name that is rather long");
	table_cell(t, TERM_RED, "12345");
	table_cell(t, TERM_PLAIN, "and what it says \033[31m");
	assert_int_equal(table_rows(t), 2);
	table_render(t, &wide, &b);
	assert_string_equal(buf_str(&b),
		"NAME                            N  WHAT\n"
		"a                               7\n"
		"a name that is rather long  12345  and what it says \\x1b[31m\n");
	buf_reset(&b);
	table_render(t, &narrow, &b);
	rest = strv_n(buf_str(&b), b.len);
	while (strv_line(&rest, &line)) {
		assert_true(columns_width(line) <= 30);
		assert_false(line.len && line.s[line.len - 1] == ' ');
	}
	assert_non_null(strstr(buf_str(&b), "12345")); /* what isn't flexible is whole */
	table_free(t);
	buf_release(&b);
}

static struct bug_rec a_bug(void)
{
	return (struct bug_rec){ .id = (char *)(uintptr_t) "0123456789abcdef",
		.signature = (char *)(uintptr_t) "0123456789abcdef",
		.rule = 2,
		.harness = (char *)(uintptr_t) "parse",
		.kind = (char *)(uintptr_t) "heap-buffer-overflow",
		.title = (char *)(uintptr_t) "heap-buffer-overflow in copy",
		.frames = (char *)(uintptr_t) "copy|parse_value|parse|main_loop",
		.input = (char *)(uintptr_t) "da39a3ee5e6b4b0d3255bfef95601890afd80709",
		.severity = 3,
		.size = 12,
		.k = 3,
		.n = 3,
		.findings = 2 };
}

/* 80 columns whatever is in it; what people copy (ids, harness, frames) is whole where it fits at all. */
static void bugs_at_80_columns(void **state)
{
	static const char *const kinds[] = { "leak", "initialization-order-fiasco",
		"a-kind-that-some-day-somebody-thinks-of-and-that-is-longer-than-any-terminal-is-"
		"wide",
		"hostile " CSI "\033[2J\n" };
	static const char *const frames[] = { "f", "copy|parse_value|parse|main_loop", "",
		"std::vector<std::basic_string<char> "
		">::_M_realloc_insert|another::rather::long::name|third",
		"hostile\n" CSI "|\033]0;title\007" };
	struct term term = { .columns = 80 };

	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(kinds); k++)
		for (size_t fr = 0; fr < ARRAY_LEN(frames); fr++) {
			struct bugs_table t;
			struct bug_rec b = a_bug();
			struct buf out = BUF_INIT;
			struct strv rest, line;
			unsigned lines = 0;

			b.kind = (char *)(uintptr_t)kinds[k];
			b.frames = (char *)(uintptr_t)frames[fr];
			b.findings = b.size = 4294967295u;
			b.sites = 99999;
			b.state = BUG_REGRESSED;
			b.variant = (char *)(uintptr_t) "msan";
			bugs_table_init(&t);
			bugs_table_row(&t, &b);
			bugs_table_render(&t, &term, &out);
			NOTHING_RULES(&out);
			rest = strv_n(buf_str(&out), out.len);
			while (strv_line(&rest, &line)) {
				lines++;
				if (columns_width(line) > 80)
					fail_msg("%zu columns: " STRV_FMT, columns_width(line),
						STRV_ARG(line));
			}
			assert_int_equal(lines, 3);
			assert_non_null(strstr(buf_str(&out), "01234567 "));
			assert_non_null(strstr(buf_str(&out), "\n          parse: "));
			buf_release(&out);
			bugs_table_release(&t);
		}
}

/* However narrow: no line is wider, no number is lost, and each row begins with its id. */
static void bugs_on_narrow_terminals(void **state)
{
	static const unsigned columns[] = { 20, 21, 30, 40, 56 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
		struct term term = { .columns = columns[i] };
		struct bug_rec b = a_bug();
		struct buf out = BUF_INIT;
		struct bugs_table t;
		struct strv rest, line;

		b.findings = 4294967295u;
		b.state = BUG_REGRESSED;
		bugs_table_init(&t);
		bugs_table_row(&t, &b);
		bugs_table_render(&t, &term, &out);
		assert_non_null(strstr(buf_str(&out), "01234567"));
		assert_non_null(strstr(buf_str(&out), "4294967295"));
		rest = strv_n(buf_str(&out), out.len);
		while (strv_line(&rest, &line))
			if (columns_width(line) > columns[i])
				fail_msg("%u columns: " STRV_FMT, columns[i], STRV_ARG(line));
		buf_release(&out);
		bugs_table_release(&t);
	}
}

/* Of a path the end stays. */
static void cut_in_front(void **state)
{
	static const struct {
		const char *text;
		size_t columns;
		const char *want;
	} rows[] = { { "a/b.c:12", 8, "a/b.c:12" }, { "a/b.c:12", 7, "...c:12" },
		{ "a/b.c:12", 2, ".." }, { "", 5, "" },
		{ "\xe4\xbd\xa0\xe5\xa5\xbd:1", 5, "...:1" },
		{ "\xe4\xbd\xa0\xe5\xa5\xbd:1", 6, "\xe4\xbd\xa0\xe5\xa5\xbd:1" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf b = BUF_INIT;

		term_add_cut_front(&b, strv_of(rows[i].text), rows[i].columns);
		assert_string_equal(buf_str(&b), rows[i].want);
		buf_release(&b);
	}
}

/* What a watched status draws: never more lines than there are, nothing wiped before it is written anew. */
static void screens(void **state)
{
	struct term none = { .rows = 0 }, two = { .rows = 3 };
	struct buf b = BUF_INIT;

	(void)state;
	term_add_screen(&none, STRV("a\nb\n"), &b);
	assert_string_equal(buf_str(&b), "a\nb\n");
	buf_reset(&b);
	term_add_screen(&two, STRV("a\nb\nc\n"), &b);
	assert_string_equal(buf_str(&b), "\033[Ha\033[K\nb\033[K\n\033[J");
	buf_release(&b);
}

#define FRAME(f, i)                             \
	{                                       \
		.function = (f), .ignored = (i) \
	}

/* The program's frames come first, where what printed the stack stands on top of it; else nothing is hidden. */
static void shown_frames(void **state)
{
	static struct crash_frame timeout[] = { FRAME("__sanitizer_print_stack_trace", true),
		FRAME("thresh_rt_on_say", true), FRAME(NULL, false), FRAME("snprintf", true),
		FRAME("parse", false), FRAME("LLVMFuzzerTestOneInput", true),
		FRAME("thresh_rt_run", true) };
	static struct crash_frame copy[] = { FRAME("__asan_memcpy", true), FRAME("parse", false),
		FRAME("LLVMFuzzerTestOneInput", true), FRAME("main", true) };
	static struct crash_frame runtime[] = { FRAME("thresh_rt_on_say", true),
		FRAME("LLVMFuzzerTestOneInput", true), FRAME("main", true) };
	static struct crash_frame nameless[] = { FRAME(NULL, false), FRAME(NULL, false) };
	static const struct {
		struct crash_stack stack;
		size_t from, to;
	} rows[] = {
		{ { .frames = timeout, .n = ARRAY_LEN(timeout) }, 4, 6 },
		{ { .frames = copy, .n = ARRAY_LEN(copy) }, 0, 3 },
		{ { .frames = runtime, .n = ARRAY_LEN(runtime) }, 0, 2 },
		{ { .frames = nameless, .n = ARRAY_LEN(nameless) }, 0, 2 },
		{ { .n = 0 }, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct crash_shown s = crash_frames_shown(&rows[i].stack);

		if (s.from != rows[i].from || s.to != rows[i].to)
			fail_msg("row %zu: %zu to %zu", i, s.from, s.to);
	}
}

static void a_bugs_line(void **state)
{
	struct term term = { .columns = 80 };
	struct bugs_table t;
	struct bug_rec b = a_bug();
	struct buf out = BUF_INIT;

	(void)state;
	bugs_table_init(&t);
	bugs_table_row(&t, &b);
	bugs_table_render(&t, &term, &out);
	assert_string_equal(buf_str(&out),
		"BUG       STATE  SEVERITY  KIND                  SITES  BYTES  SEEN\n"
		"01234567  open   high      heap-buffer-overflow      1     12     2\n"
		"          parse: copy < parse_value < parse\n");
	buf_release(&out);
	bugs_table_release(&t);
}

/* --- snippets --- */

static char *dir;

static int set_up(void **state)
{
	(void)state;
	dir = fs_tmpdir("thresh-test", NULL);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	fs_remove_tree(dir, NULL);
	free(dir);
	return 0;
}

static char *put(const char *name, const char *text)
{
	char *path = fs_join(dir, name);

	assert_int_equal(fs_write(path, text, strlen(text), 0600, NULL), 0);
	return path;
}

static void source_lines(void **state)
{
	char *path = put("a.c", "one\n\ttwo\nthree " CSI "\nfour\nfive");
	struct buf b = BUF_INIT;

	(void)state;
	assert_true(snippet_source(&b, path, 3, 1, 2, 80));
	assert_string_equal(buf_str(&b), "         2 |     two\n"
					 "  >      3 | three \\xc2\\x9b31m\n"
					 "         4 | four\n");
	buf_reset(&b);
	assert_true(snippet_source(&b, path, 1, 1, 0, 80));
	assert_string_equal(buf_str(&b), ">      1 | one\n       2 |     two\n");
	buf_reset(&b);
	assert_true(snippet_source(&b, path, 5, 3, 0, 15));
	assert_string_equal(buf_str(&b) + b.len - strlen(">      5 | five\n"), ">      5 | five\n");
	buf_reset(&b);
	assert_true(snippet_source(&b, path, 3, 0, 0, 20));
	assert_string_equal(buf_str(&b), ">      3 | three ...\n");
	/* another version of the file, or none: nothing is shown, rather than other lines */
	buf_reset(&b);
	buf_adds(&b, "before");
	assert_false(snippet_source(&b, path, 6, 3, 0, 80));
	assert_false(snippet_source(&b, path, 0, 3, 0, 80));
	assert_false(snippet_source(&b, NULL, 1, 3, 0, 80));
	assert_false(snippet_source(&b, dir, 1, 3, 0, 80));
	assert_string_equal(buf_str(&b), "before");
	buf_release(&b);
	free(path);
}

static void hexdumps(void **state)
{
	static const char bytes[] = "0123456789abcdef\x00\xff~\x7f";
	static const unsigned char essential[20] = { 1, 0, 0, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
		1, 1, 1, 1 };
	struct buf b = BUF_INIT;

	(void)state;
	snippet_hexdump(&b, bytes, 20, NULL, 99, 0, 80);
	assert_string_equal(buf_str(&b),
		"00000000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  |0123456789abcdef|\n"
		"00000010  00 ff 7e 7f                                       |..~.|\n");
	buf_reset(&b);
	snippet_hexdump(&b, bytes, 20, essential, 1, 2, 80);
	assert_string_equal(buf_str(&b),
		"  00000000  30 .. .. 33 34 35 36 37  38 39 61 62 63 64 65 66  |0123456789abcdef|\n"
		"  ... and 4 bytes more\n  (bytes shown as .. may be anything)\n");
	buf_reset(&b);
	/* as many as fit */
	snippet_hexdump(&b, bytes, 10, NULL, 99, 2, 50);
	assert_string_equal(buf_str(&b), "  00000000  30 31 32 33 34 35 36 37  |01234567|\n"
					 "  00000008  38 39                    |89|\n");
	buf_reset(&b);
	snippet_hexdump(&b, bytes, 5, NULL, 99, 2, 20);
	assert_string_equal(buf_str(&b), "  0000  30 31 32 33\n  0004  34\n");
	buf_reset(&b);
	snippet_hexdump(&b, "", 0, NULL, 99, 0, 80);
	assert_string_equal(buf_str(&b), "");
	buf_release(&b);
}

/* --- reports --- */

#define HEAD                                                                                      \
	"==7==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602000000014 at pc 0x1 " \
	"bp 0x2 sp 0x3\n"

static struct crash_report *report_of(const char *frames)
{
	char *text = xasprintf(HEAD "READ of size 1 at 0x602000000014 thread T0\n%s", frames);
	struct crash_report *r = crash_parse(strv_of(text));

	crash_finish(r, NULL);
	free(text);
	return r;
}

static void stacks_as_text(void **state)
{
	struct crash_report *r =
		report_of("    #0 0x1 in copy /p/src/a.c:3:7\n    #1 0x2 in parse /q/b.c:9\n    #2 "
			  "0x3 in (/lib/libx.so+0x9)\n"
			  "    #3 0x4 in LLVMFuzzerTestOneInput /p/fuzz.c:3:1\n    #4 0x5 in "
			  "thresh_rt_run /x/child.c:1\n"
			  "freed by thread T0 here:\n    #0 0x6 in drop /p/src/a.c:8:1\n");
	struct buf b = BUF_INIT;

	(void)state;
	stack_text_add(&b, r, "/p");
	assert_non_null(
		strstr(buf_str(&b), "it failed in\n    copy  src/a.c:3\n    parse  /q/b.c:9\n"));
	assert_non_null(strstr(buf_str(&b), "the memory was freed in\n    drop  src/a.c:8\n"));
	assert_null(strstr(buf_str(&b), "thresh_rt"));
	assert_null(strstr(buf_str(&b), "0x")); /* addresses are others each time */
	crash_report_free(r);
	buf_release(&b);
}

/* Nothing of a target's words breaks out of where it stands. */
static void issues(void **state)
{
	static const char *const titles[] = { "plain", "```\n# head\n",
		"<script>x</script> & @everyone #12", "[link](http://x) ![i](x) **b** _u_ `c`",
		"\033[31m" CSI "\r\n- item" };
	struct buf input = BUF_INIT;

	(void)state;
	buf_adds(&input, "```\n");
	for (size_t i = 0; i < ARRAY_LEN(titles); i++) {
		struct bug_rec b = a_bug();
		struct crash_report *r = report_of("    #0 0x1 in co`py```x /p/src/a.c:3:7\n    #1 "
						   "0x2 in <b>@me</b> /p/b.c:9\n");
		struct buf out = BUF_INIT;
		struct strv rest, line;
		size_t open = 0;

		b.title = (char *)(uintptr_t)titles[i];
		issue_body(&out, &b, r, &input, "/p/.thresh/inputs/da39a3ee", "/p", NULL);
		NOTHING_RULES(&out);
		rest = strv_n(buf_str(&out), out.len);
		assert_true(strv_line(&rest, &line));
		assert_true(strv_starts(line, "### "));
		/* outside of fences no markup is live; fences are closed by what opened them */
		do {
			size_t ticks = 0;

			while (ticks < line.len && line.s[ticks] == '`')
				ticks++;
			if (ticks >= 3 && ticks == line.len && (!open || ticks == open)) {
				open = open ? 0 : ticks;
				continue;
			}
			if (open && ticks >= open)
				fail_msg("closed from within: " STRV_FMT, STRV_ARG(line));
			if (!open &&
				(strv_contains(line, "<script") ||
					strv_contains(line, "@everyone") ||
					strv_contains(line, "](") || strv_contains(line, " **b") ||
					strv_starts(line, "# head") || strv_starts(line, "- item")))
				fail_msg("live markup: " STRV_FMT, STRV_ARG(line));
		} while (strv_line(&rest, &line));
		assert_int_equal(open, 0);
		assert_non_null(strstr(buf_str(&out), "#0 co`py```x src/a.c:3\n"));
		assert_non_null(
			strstr(buf_str(&out), "thresh replay parse .thresh/inputs/da39a3ee"));
		crash_report_free(r);
		buf_release(&out);
	}
	buf_release(&input);
}

static const cJSON *at(const cJSON *j, const char *const *path)
{
	for (; j && *path; path++)
		j = (*path)[0] >= '0' && (*path)[0] <= '9'
			    ? cJSON_GetArrayItem(j, atoi(*path))
			    : cJSON_GetObjectItemCaseSensitive(j, *path);
	return j;
}
#define AT(j, ...) at((j), (const char *const[]){ __VA_ARGS__, NULL })
#define RESULT(j, ...) AT((j), "runs", "0", "results", __VA_ARGS__)

/* What lies below the folder, as it is named. */
static char *may_quote(const void *folder, const char *file)
{
	return strncmp(file, folder, strlen(folder)) == 0 ? xstrdup(file) : NULL;
}

static void sarif(void **state)
{
	char *path = put("a \"b\".c", "one\nbad \xff\xc3( line\n"), *frames;
	struct bug_rec b = a_bug(), ignored = a_bug();
	struct crash_report *r;
	struct sarif s;
	cJSON *j, *again;
	char *text;

	(void)state;
	frames = xasprintf(
		"    #0 0x1 in f<\"x\\> %s:2:3\n    #1 0x2 in g /else where/c.c:9\n", path);
	r = report_of(frames);
	sarif_begin(&s, dir, "thresh.yaml", "1.2.3", may_quote, dir);
	b.title = (char *)(uintptr_t) "title \x01\xff\"\\";
	sarif_add(&s, &b, r);
	ignored.state = BUG_IGNORED;
	ignored.why = (char *)(uintptr_t) "known \xed\xa0\x80";
	sarif_add(&s, &ignored, NULL);
	j = sarif_take(&s);
	text = cJSON_Print(j);
	cJSON_Delete(j);
	again = cJSON_Parse(text); /* as its readers have it */
	assert_non_null(again);
	assert_string_equal(AT(again, "version")->valuestring, "2.1.0");
	/* one rule for the two, which both name */
	assert_int_equal(cJSON_GetArraySize(AT(again, "runs", "0", "tool", "driver", "rules")), 1);
	assert_string_equal(RESULT(again, "1", "ruleId")->valuestring, "heap-buffer-overflow");
	assert_int_equal(RESULT(again, "1", "ruleIndex")->valueint, 0);
	assert_string_equal(RESULT(again, "0", "level")->valuestring, "error");
	assert_string_equal(RESULT(again, "1", "level")->valuestring, "note");
	assert_string_equal(
		RESULT(again, "0", "message", "text")->valuestring, "title \x01\xef\xbf\xbd\"\\");
	assert_string_equal(RESULT(again, "1", "suppressions", "0", "justification")->valuestring,
		"known \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
	assert_string_equal(
		RESULT(again, "0", "partialFingerprints", "threshSignature/v2")->valuestring,
		"0123456789abcdef");
	/* below the project: relative, and encoded; elsewhere: absolute */
	assert_string_equal(
		RESULT(again, "0", "locations", "0", "physicalLocation", "artifactLocation", "uri")
			->valuestring,
		"a%20%22b%22.c");
	assert_string_equal(RESULT(again, "0", "locations", "0", "physicalLocation",
				    "artifactLocation", "uriBaseId")
				    ->valuestring,
		"SRCROOT");
	assert_string_equal(RESULT(again, "0", "locations", "0", "physicalLocation", "region",
				    "snippet", "text")
				    ->valuestring,
		"bad \xef\xbf\xbd\xef\xbf\xbd( line");
	assert_string_equal(RESULT(again, "0", "stacks", "0", "frames", "1", "location",
				    "physicalLocation", "artifactLocation", "uri")
				    ->valuestring,
		"file:///else%20where/c.c");
	for (const char *p = text; *p; p++)
		assert_true((unsigned char)*p >= 32 || *p == '\n' || *p == '\t');
	cJSON_Delete(again);
	cJSON_free(text);
	crash_report_free(r);
	free(frames);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(widths),
		cmocka_unit_test(cut),
		cmocka_unit_test(wrapped),
		cmocka_unit_test(broken_where_too_wide),
		cmocka_unit_test(commands_are_whole),
		cmocka_unit_test(tables),
		cmocka_unit_test(bugs_at_80_columns),
		cmocka_unit_test(bugs_on_narrow_terminals),
		cmocka_unit_test(cut_in_front),
		cmocka_unit_test(screens),
		cmocka_unit_test(shown_frames),
		cmocka_unit_test(a_bugs_line),
		cmocka_unit_test_setup_teardown(source_lines, set_up, tear_down),
		cmocka_unit_test(hexdumps),
		cmocka_unit_test(stacks_as_text),
		cmocka_unit_test(issues),
		cmocka_unit_test_setup_teardown(sarif, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("report text", tests, NULL, NULL);
}
