/* The base layer's text and numbers, in rows. */
#include "base/prelude.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/escape.h"
#include "base/hash.h"
#include "base/sign.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/pattern.h"
#include "base/rng.h"
#include "base/strlist.h"
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

/* --- numbers --- */

enum reader { U64, HEX, SIZE, DURATION };

static const struct {
	enum reader how;
	const char *in;
	int rc;
	uint64_t want;
} numbers[] = {
	{ U64, "0", 0, 0 },
	{ U64, "007", 0, 7 },
	{ U64, "18446744073709551615", 0, UINT64_MAX },
	{ U64, "18446744073709551616", -1, 0 },
	{ U64, "99999999999999999999", -1, 0 },
	{ U64, "", -1, 0 },
	{ U64, "-1", -1, 0 },
	{ U64, "+1", -1, 0 },
	{ U64, " 1", -1, 0 },
	{ U64, "1 ", -1, 0 },
	{ U64, "1x", -1, 0 },
	{ U64, "0x10", -1, 0 },
	{ HEX, "0", 0, 0 },
	{ HEX, "0xff", 0, 255 },
	{ HEX, "0XfF", 0, 255 },
	{ HEX, "ffffffffffffffff", 0, UINT64_MAX },
	{ HEX, "0x10000000000000000", -1, 0 },
	{ HEX, "0x", -1, 0 },
	{ HEX, "", -1, 0 },
	{ HEX, "g", -1, 0 },
	{ SIZE, "512", 0, 512 },
	{ SIZE, "512B", 0, 512 },
	{ SIZE, "64k", 0, 65536 },
	{ SIZE, "64KiB", 0, 65536 },
	{ SIZE, "2M", 0, 2097152 },
	{ SIZE, "2GiB", 0, (uint64_t)2 << 30 },
	{ SIZE, "1T", 0, (uint64_t)1 << 40 },
	{ SIZE, "16777215T", 0, UINT64_MAX - ((uint64_t)1 << 40) + 1 },
	{ SIZE, "16777216T", -1, 0 },
	{ SIZE, "99999999999G", -1, 0 },
	{ SIZE, "18446744073709551615k", -1, 0 },
	{ SIZE, "18446744073709551616", -1, 0 },
	{ SIZE, "", -1, 0 },
	{ SIZE, "k", -1, 0 },
	{ SIZE, "-1k", -1, 0 },
	{ SIZE, "1.5G", -1, 0 },
	{ SIZE, "1 k", -1, 0 },
	{ SIZE, "1kk", -1, 0 },
	{ SIZE, "1e3", -1, 0 },
	{ DURATION, "5", 0, 5000 },
	{ DURATION, "250ms", 0, 250 },
	{ DURATION, "5s", 0, 5000 },
	{ DURATION, "10m", 0, 600000 },
	{ DURATION, "8h", 0, 28800000 },
	{ DURATION, "2d", 0, 172800000 },
	{ DURATION, "213503982334d", 0, 18446744073657600000ULL },
	{ DURATION, "213503982335d", -1, 0 },
	{ DURATION, "18446744073709551615", -1, 0 },
	{ DURATION, "1w", -1, 0 },
	{ DURATION, "", -1, 0 },
	{ DURATION, "5 s", -1, 0 },
};

static void numbers_are_strict(void **state)
{
	static int (*const readers[])(
		struct strv, uint64_t *) = { num_u64, num_hex, num_size, num_duration };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		uint64_t n = 42;
		int rc = readers[numbers[i].how](strv_of(numbers[i].in), &n);

		if (rc != numbers[i].rc || (rc == 0 && n != numbers[i].want))
			fail_msg("row %zu, '%s': %d, %llu", i, numbers[i].in, rc,
				(unsigned long long)n);
		if (rc < 0 && n != 42)
			fail_msg("'%s': refused, and written all the same", numbers[i].in);
	}
}

static void signed_numbers(void **state)
{
	static const struct {
		const char *in;
		int rc;
		int64_t want;
	} rows[] = { { "0", 0, 0 }, { "-1", 0, -1 }, { "9223372036854775807", 0, INT64_MAX },
		{ "9223372036854775808", -1, 0 }, { "-9223372036854775808", 0, INT64_MIN },
		{ "-9223372036854775809", -1, 0 }, { "--1", -1, 0 }, { "-", -1, 0 },
		{ "", -1, 0 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int64_t n = 0;
		int rc = num_i64(strv_of(rows[i].in), &n);

		if (rc != rows[i].rc || (rc == 0 && n != rows[i].want))
			fail_msg("'%s': %d, %lld", rows[i].in, rc, (long long)n);
	}
}

static void numbers_for_people(void **state)
{
	static const struct {
		void (*add)(struct buf *, uint64_t);
		uint64_t n;
		const char *want;
	} rows[] = { { num_add_size, 0, "0 B" }, { num_add_size, 1023, "1023 B" },
		{ num_add_size, 1024, "1.0 KiB" }, { num_add_size, 1536, "1.5 KiB" },
		{ num_add_size, 200 << 20, "200 MiB" }, { num_add_size, UINT64_MAX, "16.0 EiB" },
		{ num_add_duration, 0, "0 ms" }, { num_add_duration, 999, "999 ms" },
		{ num_add_duration, 1500, "1.5 s" }, { num_add_duration, 59999, "59.9 s" },
		{ num_add_duration, 125000, "2m 5s" }, { num_add_duration, 7260000, "2h 1m" },
		{ num_add_duration, 180000000, "2d 2h" }, { num_add_count, 0, "0" },
		{ num_add_count, 999, "999" }, { num_add_count, 1000, "1,000" },
		{ num_add_count, 1234567, "1,234,567" },
		{ num_add_count, UINT64_MAX, "18,446,744,073,709,551,615" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf b = BUF_INIT;

		rows[i].add(&b, rows[i].n);
		assert_string_equal(buf_str(&b), rows[i].want);
		buf_release(&b);
	}
}

static void counted(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	num_add_counted(&b, 0, "bug");
	num_add_counted(&b, 1, " bug");
	num_add_counted(&b, 1234, " bug");
	assert_string_equal(buf_str(&b), "0 bugs1  bug1,234  bugs");
	buf_release(&b);
}

/* --- escaping --- */

#define ROW(f, in, want)                        \
	{                                       \
		f, #f, in, sizeof(in) - 1, want \
	}

static const struct {
	void (*escape)(struct buf *, struct strv);
	const char *name, *in;
	size_t len;
	const char *want;
} escapes[] = {
	ROW(escape_term, "plain", "plain"),
	ROW(escape_term, "\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80",
		"\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80"),
	ROW(escape_term, "a\nb\tc\rd", "a\\x0ab\\x09c\\x0dd"),
	ROW(escape_term, "\033[31mred", "\\x1b[31mred"),
	ROW(escape_term, "\0\1\x1f\x7f", "\\x00\\x01\\x1f\\x7f"),
	/* C1: CSI as one byte, and as UTF-8 has it */
	ROW(escape_term,
		"\x80\x9b"
		"31m\x9f",
		"\\x80\\x9b31m\\x9f"),
	ROW(escape_term,
		"\xc2\x80\xc2\x9b"
		"31m\xc2\x9f",
		"\\xc2\\x80\\xc2\\x9b31m\\xc2\\x9f"),
	ROW(escape_term, "\xc2\xa0\xc2\xbf", "\xc2\xa0\xc2\xbf"),
	/* what turns text around, or hides it */
	ROW(escape_term,
		"\xe2\x80\xae"
		"gpj.exe",
		"\\xe2\\x80\\xaegpj.exe"),
	ROW(escape_term, "\xe2\x81\xa6x\xe2\x81\xa9", "\\xe2\\x81\\xa6x\\xe2\\x81\\xa9"),
	ROW(escape_term, "\xe2\x80\xa8", "\\xe2\\x80\\xa8"),
	/* no UTF-8: overlong, surrogate, too large, cut short */
	ROW(escape_term, "\xc0\xaf\xe0\x80\xaf", "\\xc0\\xaf\\xe0\\x80\\xaf"),
	ROW(escape_term, "\xed\xa0\x80", "\\xed\\xa0\\x80"),
	ROW(escape_term, "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"),
	ROW(escape_term, "\xe2\x82", "\\xe2\\x82"),
	ROW(escape_term, "\xf0\x9f\x98x", "\\xf0\\x9f\\x98x"),
	ROW(escape_term_text, "a\n\tb\r\033\xc2\x9b", "a\n\tb\\x0d\\x1b\\xc2\\x9b"),
	ROW(escape_utf8, "a\xff\xc3(\xc3\xa4\xed\xa0\x80",
		"a\xef\xbf\xbd\xef\xbf\xbd(\xc3\xa4\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"),
	ROW(escape_html, "<a href='x'>\"&\"", "&lt;a href=&#39;x&#39;&gt;&quot;&amp;&quot;"),
	ROW(escape_html, "]]>\0", "]]&gt;\xef\xbf\xbd"),
	ROW(escape_xml, "a\nb\tc\r\1\x7f", "a\nb\tc\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"),
	ROW(escape_xml,
		"\xc2\x9b"
		"31m",
		"\xef\xbf\xbd"
		"31m"),
	ROW(escape_xml, "\xef\xbf\xbe\xef\xbf\xbf\xef\xbf\xbd",
		"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"),
	ROW(escape_shell, "plain-word_1/x.c", "plain-word_1/x.c"),
	ROW(escape_shell, "", "''"),
	ROW(escape_shell, "it's", "'it'\\''s'"),
	ROW(escape_shell, "a b;$(c)`d`", "'a b;$(c)`d`'"),
	ROW(escape_shell, "~", "'~'"),
	ROW(escape_shell, "a\nb", "'a\nb'"),
	ROW(escape_c, "a\"b\\c\n\t\x01\xff?", "a\\\"b\\\\c\\n\\t\\001\\377\\077"),
	ROW(escape_c,
		"\0"
		"12",
		"\\00012"),
	ROW(escape_tap, "a # SKIP \\b\n", "a \\# SKIP \\\\b\\\\x0a"),
	ROW(escape_make, "a b#c$d:e", "a\\ b\\#c$$d\\:e"),
	ROW(escape_glob, "a*[b]?\\!", "a\\*\\[b\\]\\?\\\\!"),
};

static void hostile_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(escapes); i++) {
		struct buf b = BUF_INIT;

		buf_adds(&b, "before ");
		escapes[i].escape(&b, strv_n(escapes[i].in, escapes[i].len));
		if (strncmp(buf_str(&b), "before ", 7) != 0 ||
			strcmp(buf_str(&b) + 7, escapes[i].want) != 0)
			fail_msg("%s, row %zu: %s", escapes[i].name, i, buf_str(&b) + 7);
		buf_release(&b);
	}
}

/* Whatever comes in: nothing that a terminal obeys goes out, and what is valid and harmless is kept. */
static void no_byte_rules_a_terminal(void **state)
{
	(void)state;
	for (unsigned a = 0; a < 256; a++)
		for (unsigned c = 0; c < 256; c++) {
			char in[2] = { (char)a, (char)c };
			struct buf b = BUF_INIT;

			escape_term(&b, strv_n(in, 2));
			for (size_t i = 0; i < b.len; i++) {
				unsigned char x = (unsigned char)b.s[i];
				bool second = i && (unsigned char)b.s[i - 1] >= 0xc2;

				if (x < 32 || x == 127 || (!second && x >= 0x80 && x < 0xc0) ||
					(x == 0xc2 && (unsigned char)b.s[i + 1] < 0xa0))
					fail_msg("%02x %02x: %s", a, c, b.s);
			}
			buf_release(&b);
		}
}

/* --- buffers, slices, lists --- */

static void buffers(void **state)
{
	struct buf b = BUF_INIT;
	char *s;

	(void)state;
	assert_string_equal(buf_str(&b), "");
	buf_add(&b, "a\0b", 3);
	assert_int_equal(b.len, 3);
	assert_memory_equal(b.s, "a\0b", 4); /* and a NUL behind it */
	buf_reset(&b);
	assert_string_equal(buf_str(&b), "");
	for (int i = 0; i < 1000; i++)
		buf_addf(&b, "%d,", i);
	assert_int_equal(b.len, strlen(b.s));
	assert_int_equal(b.len, 3890);
	buf_addv(&b, strv_n(NULL, 0));
	assert_int_equal(b.len, 3890);
	s = buf_detach(&b);
	assert_true(strncmp(s, "0,1,2,", 6) == 0);
	assert_ptr_equal(b.s, NULL);
	free(s);
	s = buf_detach(&b); /* of one that nothing was added to */
	assert_string_equal(s, "");
	free(s);
	buf_release(&b);
}

static const struct {
	const char *in, *want;
} flat_rows[] = { { "", "" }, { "one", "one" }, { " a \r\n\n\tb  c\n", "a b  c" }, { "\n", "" } };

static void slices(void **state)
{
	struct strv v = strv_of("one,two,,three"), part, text = strv_of("a\r\nb\n\nc"), line;
	static const char *const parts[] = { "one", "two", "", "three" };
	static const char *const lines[] = { "a", "b", "", "c" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		assert_true(strv_split(&v, ',', &part));
		assert_true(strv_eqs(part, parts[i]));
	}
	assert_false(strv_split(&v, ',', &part));
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		assert_true(strv_line(&text, &line));
		assert_true(strv_eqs(line, lines[i]));
	}
	assert_false(strv_line(&text, &line));
	v = strv_of("key: value: x");
	assert_int_equal(strv_find(v, ": "), 3);
	assert_int_equal(strv_rfind(v, ": "), 10);
	assert_int_equal(strv_chr(v, ':'), 3);
	assert_int_equal(strv_rchr(v, ':'), 10);
	assert_int_equal(strv_find(v, "none"), SIZE_MAX);
	assert_int_equal(strv_rfind(strv_of("a"), "ab"), SIZE_MAX);
	assert_int_equal(strv_find(strv_n(NULL, 0), ""), 0);
	assert_int_equal(strv_chr(strv_n(NULL, 0), 'x'), SIZE_MAX);
	assert_true(strv_skip(&v, "key: "));
	assert_false(strv_skip(&v, "key: "));
	assert_true(strv_starts(v, "value") && strv_ends(v, "x") &&
		    !strv_ends(v, "longer than it is: x"));
	assert_true(strv_eqs(strv_trim(strv_of(" \t\r\nx y\n ")), "x y"));
	assert_true(strv_eqs(strv_trim(strv_of(" \n ")), ""));
	for (size_t i = 0; i < ARRAY_LEN(flat_rows); i++) {
		char *flat = strv_flat(strv_of(flat_rows[i].in));

		assert_string_equal(flat, flat_rows[i].want);
		free(flat);
	}
	/* clamped, however far */
	assert_int_equal(strv_sub(v, 3, SIZE_MAX).len, v.len - 3);
	assert_int_equal(strv_sub(v, SIZE_MAX, SIZE_MAX).len, 0);
	assert_int_equal(strv_from(v, 1000).len, 0);
	/* a NUL is a byte like any other */
	assert_false(strv_eq(strv_n("a\0b", 3), strv_n("a\0c", 3)));
	assert_int_equal(strv_find(strv_n("a\0b", 3), "b"), 2);
	assert_true(strv_eq(strv_of(NULL), strv_of("")));
}

static void lists(void **state)
{
	struct strlist a = STRLIST_INIT, b = STRLIST_INIT;

	(void)state;
	for (int i = 99; i >= 0; i--)
		strlist_addf(&a, "%02d", i);
	strlist_add_take(&a, xstrdup("last"));
	assert_int_equal(a.n, 101);
	assert_null(a.v[101]); /* so that it is an argv */
	strlist_sort(&a);
	assert_string_equal(a.v[0], "00");
	assert_string_equal(a.v[99], "99");
	assert_true(strlist_has(&a, "42") && !strlist_has(&a, "4"));
	strlist_add_all(&b, &a);
	strlist_release(&a);
	assert_int_equal(b.n, 101);
	assert_string_equal(b.v[100], "last");
	strlist_release(&b);
	strlist_sort(&a); /* an empty one */
	assert_false(strlist_has(&a, ""));
	/* in one piece, and others behind them */
	strlist_take_block(&b, xmemdup("cc\0aa\0bb", 9), 3, 3);
	strlist_add(&b, "ab");
	strlist_sort(&b);
	assert_int_equal(b.n, 4);
	assert_string_equal(b.v[0], "aa");
	assert_string_equal(b.v[1], "ab");
	assert_string_equal(b.v[3], "cc");
	assert_null(b.v[4]);
	strlist_release(&b);
	assert_null(b.block);
}

static void arenas(void **state)
{
	struct arena a = ARENA_INIT;
	char *kept[500], *large;

	(void)state;
	for (size_t round = 0; round < 3; round++) {
		for (size_t i = 0; i < ARRAY_LEN(kept); i++) {
			unsigned char *p = arena_alloc(&a, i + 1);

			assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
			for (size_t k = 0; k <= i; k++)
				assert_int_equal(p[k], 0); /* also what was used before a reset */
			memset(p, 0xee, i + 1);
			kept[i] = arena_printf(&a, "%zu", i);
		}
		large = arena_alloc(&a, 10 << 20);
		memset(large, 1, 10 << 20);
		for (size_t i = 0; i < ARRAY_LEN(kept); i++)
			assert_int_equal(strtoul(kept[i], NULL, 10), i);
		assert_string_equal(arena_strndup(&a, "cut here", 3), "cut");
		assert_string_equal(arena_strv(&a, strv_n(NULL, 0)), "");
		assert_true(a.total > 10 << 20);
		arena_reset(&a);
		assert_int_equal(a.total, 0);
	}
	arena_release(&a);
	arena_release(&a);
}

static void errors(void **state)
{
	struct err e = ERR_INIT;
	char *longer = xcalloc(1, 5000);

	(void)state;
	assert_int_equal(err_set(NULL, "nobody asks"), -1);
	assert_int_equal(err_usage(&e, "%s: no such file", "x"), -1);
	assert_int_equal(e.kind, ERR_USAGE);
	err_prefix(&e, "line %d", 3);
	assert_string_equal(e.msg, "line 3: x: no such file");
	assert_int_equal(e.kind, ERR_USAGE);
	errno = ENOENT;
	err_errno(&e, "y");
	assert_string_equal(e.msg, "y: No such file or directory");
	assert_int_equal(e.kind, ERR_SYSTEM);
	memset(longer, 'x', 4999);
	err_set(&e, "%s", longer);
	assert_string_equal(e.msg + strlen(e.msg) - 4, "x...");
	err_prefix(&e, "%s", longer);
	assert_string_equal(e.msg + strlen(e.msg) - 4, "x...");
	err_set(&e, "h: gone");
	assert_string_equal(err_without(&e, "h"), "gone");
	assert_string_equal(err_without(&e, "h2"), "h: gone");
	err_set(&e, "%s", "h:1: gone");
	assert_string_equal(err_without(&e, "h"), "h:1: gone");
	free(longer);
}

/* --- hashes, patterns, chance, time --- */

static void signatures(void **state)
{
	/* RFC 8032's own first example */
	static const char seed[] =
		"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
	static const char public[] =
		"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
	char key[SIGN_KEY_HEX], other[SIGN_KEY_HEX], of_empty[SIGN_HEX], of_text[SIGN_HEX];

	(void)state;
	assert_int_equal(sign_public(seed, key, NULL), 0);
	assert_string_equal(key, public);
	assert_int_equal(sign_make(seed, "", 0, of_empty, NULL), 0);
	assert_string_equal(of_empty,
		"e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e0652249"
		"01555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438"
		"e7a100b");
	assert_true(sign_is_by(key, "", 0, of_empty));
	assert_int_equal(sign_make(seed, "text", 4, of_text, NULL), 0);
	assert_true(sign_is_by(key, "text", 4, of_text));
	assert_false(sign_is_by(key, "tex", 3, of_text));
	assert_false(sign_is_by(key, "texT", 4, of_text));
	assert_false(sign_is_by(key, "text", 4, of_empty));
	assert_false(sign_is_by(key, "text", 4, ""));
	of_text[5] ^= 1;
	assert_false(sign_is_by(key, "text", 4, of_text));
	assert_int_equal(sign_new(other, NULL), 0);
	assert_true(sign_is_key(other));
	assert_int_equal(sign_public(other, other, NULL), 0);
	assert_false(sign_is_by(other, "", 0, of_empty));
	assert_int_equal(sign_public("short", key, NULL), -1);
	assert_false(
		sign_is_key("D75A980182B10AB7D54BFED3C964073A0EE172F3DAA62325AF021A68F707511A"));
}

static void hashes(void **state)
{
	char sha1[SHA1_HEX], sha256[SHA256_HEX], whole[SHA256_HEX];
	struct hasher *h;

	(void)state;
	/* FIPS 180's own examples */
	hash_sha1("abc", 3, sha1);
	assert_string_equal(sha1, "a9993e364706816aba3e25717850c26c9cd0d89d");
	hash_sha1("", 0, sha1);
	assert_string_equal(sha1, "da39a3ee5e6b4b0d3255bfef95601890afd80709");
	hash_sha256("abc", 3, sha256);
	assert_string_equal(
		sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	h = hasher_new();
	hasher_add(h, "a", 1);
	hasher_add(h, "bc", 2);
	hasher_end(h, whole);
	assert_string_equal(whole, sha256);
	/* parts don't run together */
	h = hasher_new();
	hasher_adds(h, "a");
	hasher_adds(h, "bc");
	hasher_end(h, whole);
	h = hasher_new();
	hasher_adds(h, "ab");
	hasher_adds(h, "c");
	hasher_end(h, sha256);
	assert_string_not_equal(whole, sha256);
	assert_true(hash_fnv(HASH_FNV_INIT, "a", 1) == 0xaf63dc4c8601ec8cULL);
}

static void patterns(void **state)
{
	static const struct {
		const char *pattern, *name;
		bool matches;
	} rows[] = { { "my_", "my_assert", true }, { "my_", "is_my_", false },
		{ ".*my_", "is_my_", true }, { "^a$", "a", true }, { "^a$", "ab", false },
		{ "", "", true }, { "a|b", "bc", true },
		/* what would take for ever is none */
		{ "(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", false } };
	static const char *const bad[] = { "(", "[a", "a{2,1}", "\\C",
		"((((((((((((((((((((((((((((((((((a))))))))))))))))))))))))))))))))))" };
	char large[400];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct pattern *p = pattern_new(strv_of(rows[i].pattern), NULL);

		assert_non_null(p);
		if (pattern_matches(p, strv_of(rows[i].name)) != rows[i].matches)
			fail_msg("%s on %s", rows[i].pattern, rows[i].name);
		pattern_free(p);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct err err = ERR_INIT;

		if (pattern_new(strv_of(bad[i]), &err) || !err.msg[0])
			fail_msg("%s is taken", bad[i]);
	}
	memset(large, 'a', sizeof(large));
	assert_null(pattern_new(strv_n(large, sizeof(large)), NULL));
	pattern_free(NULL);
}

static void chance(void **state)
{
	struct rng a, b;
	unsigned seen[7] = { 0 };

	(void)state;
	rng_seed(&a, 1);
	rng_seed(&b, 1);
	for (int i = 0; i < 1000; i++)
		assert_true(rng_next(&a) == rng_next(&b));
	rng_seed(&b, 2);
	assert_true(rng_next(&a) != rng_next(&b));
	for (int i = 0; i < 7000; i++) {
		double unit = rng_unit(&a);

		seen[rng_below(&a, 7)]++;
		assert_true(unit >= 0 && unit < 1);
	}
	for (size_t i = 0; i < ARRAY_LEN(seen); i++)
		assert_true(seen[i] > 800 && seen[i] < 1200); /* 1000, within seven sigma */
	assert_int_equal(rng_below(&a, 1), 0);
}

static void times(void **state)
{
	static const struct {
		const char *epoch;
		bool valid;
	} rows[] = { { "0", true }, { "1700000000", true }, { "-1", false }, { "x", false },
		{ "18446744073709551615", false }, { "", false } };
	char iso[CLOCK_ISO_LEN];

	(void)state;
	clock_iso(1795363380000, iso);
	assert_string_equal(iso, "2026-11-22T16:03:00Z");
	clock_iso(0, iso);
	assert_string_equal(iso, "1970-01-01T00:00:00Z");
	clock_iso(UINT64_MAX, iso);
	assert_string_equal(iso, "0000-00-00T00:00:00Z");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		uint64_t before = clock_wall_ms(), now;

		setenv("SOURCE_DATE_EPOCH", rows[i].epoch, 1);
		now = clock_stamp_ms();
		assert_int_equal(now < before, rows[i].valid);
		if (rows[i].valid)
			assert_int_equal(now, strtoull(rows[i].epoch, NULL, 10) * 1000);
	}
	unsetenv("SOURCE_DATE_EPOCH");
	/* somebody else's clock, a day behind, and back to ours */
	for (int64_t way = 1; way >= -1; way -= 2) {
		uint64_t before = clock_wall_ms();

		clock_set_back(way * 86400000);
		assert_true(way > 0 ? clock_wall_ms() < before - 80000000
				    : clock_wall_ms() > before + 80000000);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counted),
		cmocka_unit_test(numbers_are_strict),
		cmocka_unit_test(signed_numbers),
		cmocka_unit_test(numbers_for_people),
		cmocka_unit_test(hostile_text),
		cmocka_unit_test(no_byte_rules_a_terminal),
		cmocka_unit_test(buffers),
		cmocka_unit_test(slices),
		cmocka_unit_test(lists),
		cmocka_unit_test(arenas),
		cmocka_unit_test(errors),
		cmocka_unit_test(hashes),
		cmocka_unit_test(signatures),
		cmocka_unit_test(patterns),
		cmocka_unit_test(chance),
		cmocka_unit_test(times),
	};

	return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
