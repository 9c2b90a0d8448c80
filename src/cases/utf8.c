/*
 * Text in Unicode's three encodings, right and wrong. Each piece stands alone, between letters, at the end of quoted
 * text, and cut short by the input's end.
 */
#include "base/prelude.h"
#include "cases/internal.h"

static const struct cases_row pieces[] = { CASES_ROW("highest-1-byte", "\x7f"),
	CASES_ROW("lowest-2-byte", "\xc2\x80"), CASES_ROW("highest-2-byte", "\xdf\xbf"),
	CASES_ROW("lowest-3-byte", "\xe0\xa0\x80"), CASES_ROW("highest-3-byte", "\xef\xbf\xbd"),
	CASES_ROW("lowest-4-byte", "\xf0\x90\x80\x80"), CASES_ROW("highest", "\xf4\x8f\xbf\xbf"),
	CASES_ROW("beyond-10ffff", "\xf4\x90\x80\x80"), CASES_ROW("f5", "\xf5\x80\x80\x80"),
	CASES_ROW("5-byte", "\xf8\x88\x80\x80\x80"),
	CASES_ROW("6-byte", "\xfc\x84\x80\x80\x80\x80"),
	CASES_ROW("6-byte-highest", "\xfd\xbf\xbf\xbf\xbf\xbf"), CASES_ROW("fe", "\xfe"),
	CASES_ROW("ff", "\xff"), CASES_ROW("overlong-2-byte-nul", "\xc0\x80"),
	CASES_ROW("overlong-2-byte-slash", "\xc0\xaf"),
	CASES_ROW("overlong-2-byte-quote", "\xc0\xa2"),
	CASES_ROW("overlong-2-byte-newline", "\xc0\x8a"),
	CASES_ROW("overlong-2-byte-7f", "\xc1\xbf"),
	CASES_ROW("overlong-3-byte-nul", "\xe0\x80\x80"),
	CASES_ROW("overlong-3-byte-slash", "\xe0\x80\xaf"),
	CASES_ROW("overlong-3-byte-7ff", "\xe0\x9f\xbf"),
	CASES_ROW("overlong-4-byte-slash", "\xf0\x80\x80\xaf"),
	CASES_ROW("overlong-4-byte-ffff", "\xf0\x8f\xbf\xbf"),
	CASES_ROW("overlong-5-byte-slash", "\xf8\x80\x80\x80\xaf"),
	CASES_ROW("overlong-6-byte-slash", "\xfc\x80\x80\x80\x80\xaf"),
	CASES_ROW("surrogate-first", "\xed\xa0\x80"),
	CASES_ROW("surrogate-high-last", "\xed\xaf\xbf"),
	CASES_ROW("surrogate-low-first", "\xed\xb0\x80"),
	CASES_ROW("surrogate-last", "\xed\xbf\xbf"),
	CASES_ROW("surrogate-pair", "\xed\xa0\xbd\xed\xb8\x80"),
	CASES_ROW("before-surrogates", "\xed\x9f\xbf"),
	CASES_ROW("after-surrogates", "\xee\x80\x80"), CASES_ROW("continuation-alone", "\x80"),
	CASES_ROW("continuation-last", "\xbf"), CASES_ROW("continuations", "\x80\xbf\x80\xbf"),
	CASES_ROW("lead-2-alone", "\xc2"), CASES_ROW("lead-3-alone", "\xe1"),
	CASES_ROW("lead-3-one", "\xe1\x80"), CASES_ROW("lead-4-alone", "\xf1"),
	CASES_ROW("lead-4-one", "\xf1\x80"), CASES_ROW("lead-4-two", "\xf1\x80\x80"),
	CASES_ROW("lead-5-alone", "\xf8"), CASES_ROW("lead-6-alone", "\xfc"),
	CASES_ROW("lead-then-lead", "\xe1\xe1\x80\x80"), CASES_ROW("lead-then-nul", "\xe1\0\x80"),
	CASES_ROW("lead-then-quote", "\xe1\""), CASES_ROW("one-too-many", "\xc2\x80\x80"),
	CASES_ROW("nonchar-fffe", "\xef\xbf\xbe"), CASES_ROW("nonchar-ffff", "\xef\xbf\xbf"),
	CASES_ROW("nonchar-fdd0", "\xef\xb7\x90"), CASES_ROW("nonchar-1fffe", "\xf0\x9f\xbf\xbe"),
	CASES_ROW("nonchar-10ffff", "\xf4\x8f\xbf\xbf"), CASES_ROW("replacement", "\xef\xbf\xbd"),
	CASES_ROW("mark", "\xef\xbb\xbf"), CASES_ROW("mark-twice", "\xef\xbb\xbf\xef\xbb\xbf"),
	CASES_ROW("mark-cut", "\xef\xbb"), CASES_ROW("nel", "\xc2\x85"),
	CASES_ROW("no-break-space", "\xc2\xa0"), CASES_ROW("soft-hyphen", "\xc2\xad"),
	CASES_ROW("line-separator", "\xe2\x80\xa8"),
	CASES_ROW("paragraph-separator", "\xe2\x80\xa9"), CASES_ROW("zero-width", "\xe2\x80\x8b"),
	CASES_ROW("zero-width-joiner", "\xe2\x80\x8d"), CASES_ROW("right-to-left", "\xe2\x80\x8f"),
	CASES_ROW("override", "\xe2\x80\xae"
			      "abc"),
	CASES_ROW("isolate-unended", "\xe2\x81\xa7"
				     "abc"),
	CASES_ROW("combining-first", "\xcc\x81"), CASES_ROW("sharp-s", "\xc3\x9f"),
	CASES_ROW("dotted-capital-i", "\xc4\xb0"), CASES_ROW("dotless-i", "\xc4\xb1"),
	CASES_ROW("ligature", "\xef\xac\x83"), CASES_ROW("kelvin", "\xe2\x84\xaa"),
	CASES_ROW("fullwidth-slash", "\xef\xbc\x8f"), CASES_ROW("arabic", "\xd8\xa7\xd9\x84"),
	CASES_ROW("longest-ligature", "\xef\xb7\xba"),
	CASES_ROW("emoji-family",
		"\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7"),
	CASES_ROW("flag-half", "\xf0\x9f\x87\xa9"), CASES_ROW("tag", "\xf3\xa0\x81\xa7"),
	CASES_ROW("private", "\xee\x80\x80"), CASES_ROWS_END };

static void placed(struct cases_sink *o)
{
	struct buf b = BUF_INIT;

	for (const struct cases_row *r = pieces; r->name; r++) {
		cases_put(o, r->text, r->len, "%s", r->name);
		buf_reset(&b);
		buf_addch(&b, 'a');
		buf_add(&b, r->text, r->len);
		buf_adds(&b, "b\n");
		cases_put_buf(o, &b, "%s@between", r->name);
		for (int quote = '"'; quote <= '\''; quote += '\'' - '"') {
			buf_reset(&b);
			buf_addch(&b, quote);
			buf_add(&b, r->text, r->len);
			cases_put_buf(o, &b, "%s@unended-%02x", r->name, (unsigned)quote);
			buf_addch(&b, quote);
			cases_put_buf(o, &b, "%s@quoted-%02x", r->name, (unsigned)quote);
		}
		buf_reset(&b);
		buf_adds(&b, "k: ");
		buf_add(&b, r->text, r->len);
		cases_put_buf(o, &b, "%s@value", r->name);
		buf_reset(&b);
		buf_add(&b, r->text, r->len);
		buf_adds(&b, ": v\n");
		cases_put_buf(o, &b, "%s@key", r->name);
	}
	buf_release(&b);
}

/* Code units of `width` bytes. */
static void unit(struct buf *b, uint32_t u, int width, bool big)
{
	for (int i = 0; i < width; i++)
		buf_addch(b, (int)(u >> (8 * (big ? width - 1 - i : i)) & 255));
}

static void wide(struct cases_sink *o, int width, bool big)
{
	static const struct {
		const char *name;
		uint32_t u[6];
		int n;
	} rows[] = { { "mark-alone", { 0xfeff }, 1 }, { "text", { 'a', ':', ' ', 'b' }, 4 },
		{ "mark-text", { 0xfeff, 'a', ':', ' ', 'b' }, 5 },
		{ "mark-swapped", { 0xfffe, 'a' }, 2 },
		{ "mark-twice", { 0xfeff, 0xfeff, 'a' }, 3 }, { "array", { 0xfeff, '[', ']' }, 3 },
		{ "pair", { 0xfeff, 0xd83d, 0xde00, 'a' }, 4 },
		{ "high-alone", { 0xfeff, 0xd800, 'a' }, 3 },
		{ "high-at-end", { 0xfeff, 'a', 0xd800 }, 3 },
		{ "low-alone", { 0xfeff, 0xdc00, 'a' }, 3 },
		{ "pair-swapped", { 0xfeff, 0xdc00, 0xd800 }, 3 },
		{ "nul", { 0xfeff, 'a', 0, 'b' }, 4 }, { "nonchar", { 0xfeff, 0xffff }, 2 },
		{ "newlines", { 0xfeff, 'a', 0x2028, 'b', 0x85, 'c' }, 6 } };
	const char *name = big ? "be" : "le";
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		buf_reset(&b);
		for (int k = 0; k < rows[i].n; k++)
			unit(&b, rows[i].u[k], width, big);
		cases_put_buf(o, &b, "utf%d%s-%s", 8 * width, name, rows[i].name);
		for (int cut = 1; cut < width; cut++)
			cases_put(o, b.s, b.len - (size_t)cut, "utf%d%s-%s-cut-%d", 8 * width, name,
				rows[i].name, cut);
	}
	if (width == 4) {
		static const uint32_t beyond[] = { 0x10ffff, 0x110000, 0x7fffffff, 0x80000000,
			0xffffffff };

		for (size_t i = 0; i < ARRAY_LEN(beyond); i++) {
			buf_reset(&b);
			unit(&b, 0xfeff, width, big);
			unit(&b, beyond[i], width, big);
			cases_put_buf(o, &b, "utf32%s-%x", name, (unsigned)beyond[i]);
		}
	}
	buf_release(&b);
}

bool cases_utf8(struct cases_sink *o, const struct cases_input *in, size_t step)
{
	if (step == 0) {
		placed(o);
		for (int i = 0; i < 4; i++)
			wide(o, i & 1 ? 4 : 2, i & 2);
		return true;
	}
	cases_put_long(o, "combining-flood", "a", "\xcc\x81", "", in->max_len);
	cases_put_long(o, "two-byte-flood", "", "\xc3\xa9", "", in->max_len);
	cases_put_long(o, "three-byte-flood", "", "\xe2\x82\xac", "", in->max_len);
	cases_put_long(o, "four-byte-flood", "", "\xf0\x9f\x98\x80", "", in->max_len);
	cases_put_long(o, "three-byte-flood-cut", "", "\xe2\x82\xac", "\xe2\x82", in->max_len);
	cases_put_long(o, "continuation-flood", "", "\x80", "", in->max_len);
	cases_put_long(o, "lead-flood", "", "\xf0", "", in->max_len);
	cases_put_long(o, "mark-flood", "", "\xef\xbb\xbf", "", in->max_len);
	cases_put_long(o, "override-flood", "", "\xe2\x80\xae", "", in->max_len);
	return false;
}
