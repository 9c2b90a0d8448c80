/* Which lines a diff names, and whether two programs are one: the pure parts of the check of a change. */
#include "base/prelude.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"
#include "change/diff.h"
#include "change/same_code.h"
#include <elf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static const struct {
	const char *text, *want;
} diffs[] = {
	{ "", "" },
	{ "diff --git a.c a.c\n--- a.c\n+++ a.c\n@@ -1 +1 @@ int f\n-x\n+y\n", "a.c:1+1 " },
	{ "--- a.c\n+++ a.c\n@@ -3,2 +3,4 @@\n-x\n-x\n+y\n+y\n+y\n+y\n@@ -9,3 +11,0 "
	  "@@\n-x\n-x\n-x\n",
		"a.c:3+4 a.c:11+0 " },
	/* taken out */
	{ "--- a.c\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-x\n-y\n--- b.c\n+++ b.c\n@@ -0,0 +1 @@\n+x\n",
		"b.c:1+1 " },
	/* lines that look like heads */
	{ "--- a.c\n+++ a.c\n@@ -1,0 +2,2 @@\n+++ not.c\n+@@ -1 +1 @@\n@@ -5 +8 @@\n--- x\n+y\n",
		"a.c:2+2 a.c:8+1 " },
	{ "--- a.c\n+++ a.c\n@@ -1 +1 @@\n-x\n\\ No newline at end of file\n+y\n"
	  "\\ No newline at end of file\n--- b\n+++ b\n@@ -1 +1 @@\n-x\n+y\n",
		"a.c:1+1 b:1+1 " },
	/* odd names */
	{ "--- \"a\\tb\\303\\244\\\"\"\n+++ \"a\\tb\\303\\244\\\"\"\n@@ -1 +1 @@\n-x\n+y\n",
		"a\tb\xc3\xa4\":1+1 " },
	{ "--- a b.c\t\n+++ a b.c\t\n@@ -1 +1 @@\n-x\n+y\n", "a b.c:1+1 " },
	/* damaged */
	{ "+++ a.c\n@@ -1 +x @@\n@@ -1\n@@ \n@@ -1,99999999999999999999 +1 @@\n", "" },
};

static void reads_diffs(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(diffs); i++) {
		struct diff d = { NULL };
		struct buf b = BUF_INIT;

		diff_parse(strv_of(diffs[i].text), &d);
		for (size_t k = 0; k < d.n; k++)
			for (size_t m = 0; m < d.v[k].n; m++)
				buf_addf(&b, "%s:%u+%u ", d.v[k].path, d.v[k].v[m].line,
					d.v[k].v[m].n);
		assert_string_equal(buf_str(&b), diffs[i].want);
		buf_release(&b);
		diff_release(&d);
	}
}

static void knows_lines(void **state)
{
	struct diff d = { NULL };

	(void)state;
	diff_parse(STRV("+++ a\n@@ -1 +3,2 @@\n-\n+\n+\n@@ -9,1 +11,0 @@\n-\n"), &d);
	diff_add_whole(&d, "new");
	assert_false(diff_has(diff_find(&d, "a"), 2));
	assert_true(diff_has(diff_find(&d, "a"), 3));
	assert_true(diff_has(diff_find(&d, "a"), 4));
	assert_false(diff_has(diff_find(&d, "a"), 5));
	assert_false(diff_has(diff_find(&d, "a"), 11));
	assert_true(diff_has(diff_find(&d, "new"), 1));
	assert_true(diff_has(diff_find(&d, "new"), 4000000));
	diff_forget(&d, "new");
	assert_false(diff_has(diff_find(&d, "new"), 1));
	assert_true(diff_has(diff_find(&d, "a"), 3));
	assert_null(diff_find(&d, "b"));
	assert_false(diff_has(NULL, 1));
	diff_release(&d);
}

/* The program itself: a loaded section, one for debuggers, and its notes, by name. */
static size_t offset_of(const struct buf *b, bool loaded, uint32_t type)
{
	Elf64_Ehdr head;

	memcpy(&head, b->s, sizeof(head));
	for (unsigned i = 1; i < head.e_shnum; i++) {
		Elf64_Shdr s;

		memcpy(&s, b->s + head.e_shoff + i * sizeof(s), sizeof(s));
		if (!!(s.sh_flags & SHF_ALLOC) == loaded && s.sh_type == type && s.sh_size > 8)
			return (size_t)s.sh_offset + 4;
	}
	return 0;
}

static void compares_programs(void **state)
{
	char *self = fs_self();
	struct buf a = BUF_INIT, b = BUF_INIT;
	struct strv x, y;
	size_t text, debug, note;

	(void)state;
	assert_int_equal(fs_read(self, FS_NO_LIMIT, &a, NULL), 0);
	assert_int_equal(fs_read(self, FS_NO_LIMIT, &b, NULL), 0);
	x = strv_n(a.s, a.len);
	y = strv_n(b.s, b.len);
	text = offset_of(&b, true, SHT_PROGBITS);
	debug = offset_of(&b, false, SHT_PROGBITS);
	note = offset_of(&b, true, SHT_NOTE);
	assert_true(text && debug && note);
	assert_true(same_code(x, "/a", y, "/b"));
	b.s[debug] ^= 1;
	b.s[note] ^= 1;
	assert_true(same_code(x, "/a", y, "/b"));
	b.s[text] ^= 1;
	assert_false(same_code(x, "/a", y, "/b"));
	b.s[text] ^= 1;
	/* names of the folders that they were built in */
	memcpy(a.s + text, "/aa", 3);
	memcpy(b.s + text, "/bb", 3);
	assert_true(same_code(x, "/aa", y, "/bb"));
	assert_false(same_code(x, "/cc", y, "/bb"));
	assert_false(same_code(x, "/aaa", y, "/bb"));
	/* what isn't whole can't be told */
	for (size_t n = 0; n < 3000; n += 7)
		assert_false(same_code(strv_n(a.s, n), "/aa", strv_n(a.s, n), "/aa"));
	assert_false(same_code(STRV("no program"), "", STRV("no program"), ""));
	buf_release(&a);
	buf_release(&b);
	free(self);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_diffs),
		cmocka_unit_test(knows_lines),
		cmocka_unit_test(compares_programs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
