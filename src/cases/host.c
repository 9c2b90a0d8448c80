/*
 * Names and addresses of hosts as people write them: labels and names around their limits, escapes of both kinds, addresses of both
 * families with what stands behind them, and lists of these.
 */
#include "base/prelude.h"
#include "cases/internal.h"

static const struct cases_row names[] = { CASES_ROW("one", "a"), CASES_ROW("two", "a.b"),
	CASES_ROW("root", "."), CASES_ROW("ended", "a.b."), CASES_ROW("dot-first", ".a"),
	CASES_ROW("two-dots", "a..b"), CASES_ROW("two-dots-at-end", "a.."),
	CASES_ROW("dots", "..."), CASES_ROW("minus-first", "-a.b"), CASES_ROW("minus-last", "a-.b"),
	CASES_ROW("underscore", "_sip._tcp.a"), CASES_ROW("star", "*.a"), CASES_ROW("blank", "a b"),
	CASES_ROW("upper", "A.B"), CASES_ROW("high", "\xff.a"), CASES_ROW("utf8", "\xc3\xa4.a"),
	CASES_ROW("puny", "xn--a.b"), CASES_ROW("puny-nothing", "xn--.b"), CASES_ROW("at", "a@b"),
	CASES_ROW("arpa", "1.0.0.127.in-addr.arpa"), CASES_ROW("backslash", "a\\b"),
	CASES_ROW("backslash-at-end", "a\\"), CASES_ROW("backslash-alone", "\\"),
	CASES_ROW("backslashes-at-end", "a\\\\"), CASES_ROW("dot-escaped", "a\\.b"),
	CASES_ROW("dot-escaped-at-end", "a\\."), CASES_ROW("dot-escaped-first", "\\.a"),
	CASES_ROW("backslash-dot-dot", "a\\..b"), CASES_ROW("decimal", "a\\046b"),
	CASES_ROW("decimal-nul", "a\\000b"), CASES_ROW("decimal-last", "a\\255"),
	CASES_ROW("decimal-beyond", "a\\256"), CASES_ROW("decimal-999", "\\999"),
	CASES_ROW("decimal-cut-1", "a\\0"), CASES_ROW("decimal-cut-2", "a\\04"),
	CASES_ROW("decimal-letters", "a\\0a4"), CASES_ROW("hex", "a\\x41"),
	CASES_ROW("nul", "a\0b"), CASES_ROW("localhost", "localhost"),
	CASES_ROW("onion", "a.onion"), CASES_ROWS_END };

static const struct cases_row addresses[] = { CASES_ROW("v4", "1.2.3.4"),
	CASES_ROW("v4-zero", "0.0.0.0"), CASES_ROW("v4-most", "255.255.255.255"),
	CASES_ROW("v4-beyond", "1.2.3.256"), CASES_ROW("v4-three", "1.2.3"),
	CASES_ROW("v4-five", "1.2.3.4.5"), CASES_ROW("v4-one", "16909060"),
	CASES_ROW("v4-hex", "0x7f.1"), CASES_ROW("v4-hex-only", "0x7f000001"),
	CASES_ROW("v4-hex-odd", "0x7f0"), CASES_ROW("v4-hex-nothing", "0x"),
	CASES_ROW("v4-octal", "010.1.1.1"), CASES_ROW("v4-dot-at-end", "1.2.3."),
	CASES_ROW("v4-empty-part", "1..2.3"), CASES_ROW("v4-huge-part", "1.2.3.99999999999"),
	CASES_ROW("v4-minus", "1.2.3.-4"), CASES_ROW("v6-any", "::"), CASES_ROW("v6-loop", "::1"),
	CASES_ROW("v6", "1:2:3:4:5:6:7:8"), CASES_ROW("v6-middle", "1::8"),
	CASES_ROW("v6-end", "1:2:3:4:5:6:7::"), CASES_ROW("v6-two-gaps", "1::2::3"),
	CASES_ROW("v6-seven", "1:2:3:4:5:6:7"), CASES_ROW("v6-nine", "1:2:3:4:5:6:7:8:9"),
	CASES_ROW("v6-nine-and-gap", "1:2:3:4:5:6:7:8::"), CASES_ROW("v6-colon", ":"),
	CASES_ROW("v6-colons", ":::"), CASES_ROW("v6-colon-first", ":1::2"),
	CASES_ROW("v6-colon-at-end", "1:2:"), CASES_ROW("v6-long-part", "12345::"),
	CASES_ROW("v6-with-v4", "::ffff:1.2.3.4"),
	CASES_ROW("v6-with-v4-last", "1:2:3:4:5:6:1.2.3.4"),
	CASES_ROW("v6-with-v4-too-late", "1:2:3:4:5:6:7:1.2.3.4"),
	CASES_ROW("v6-with-v4-cut", "::1.2.3"), CASES_ROW("v6-scope", "fe80::1%eth0"),
	CASES_ROW("v6-scope-number", "fe80::1%1"), CASES_ROW("v6-scope-empty", "fe80::1%"),
	CASES_ROW("v6-scope-long",
		"fe80::1%aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
	CASES_ROW("bracket", "[::1]"), CASES_ROW("bracket-unended", "[::1"),
	CASES_ROW("bracket-empty", "[]"), CASES_ROW("bracket-v4", "[1.2.3.4]"),
	CASES_ROW("bracket-alone", "["), CASES_ROWS_END };

/* what follows, and lists */
static const struct {
	const char *name, *before, *after;
} contexts[] = { { "", "", "" }, { "@port", "", ":53" }, { "@port-empty", "", ":" },
	{ "@port-beyond", "", ":65536" }, { "@port-huge", "", ":99999999999" },
	{ "@port-letters", "", ":a" }, { "@prefix", "", "/8" }, { "@prefix-0", "", "/0" },
	{ "@prefix-32", "", "/32" }, { "@prefix-33", "", "/33" }, { "@prefix-129", "", "/129" },
	{ "@prefix-huge", "", "/99999999999" }, { "@prefix-empty", "", "/" },
	{ "@prefix-minus", "", "/-1" }, { "@mask", "", "/255.255.0.0" },
	{ "@mask-cut", "", "/255.255." }, { "@scope", "", "%eth0" }, { "@commas", "a,", ",b" },
	{ "@comma-at-end", "", "," }, { "@blanks", " ", " " }, { "@semicolons", "1.2.3.4;", ";" },
	{ "@blank-list", "1.2.3.0/255.255.255.0 ", " ::1" }, { "@line", "", "\n" },
	{ "@hosts", "127.0.0.1 ", " b\n" }, { "@resolv", "nameserver ", "\n" },
	{ "@search", "search ", " b.c\n" }, { "@uri", "dns://", ":53?a=b" } };

static void in_contexts(struct cases_sink *o, const char *group, const struct cases_row *rows)
{
	struct buf b = BUF_INIT;

	for (; rows->name; rows++)
		for (size_t i = 0; i < ARRAY_LEN(contexts); i++) {
			buf_reset(&b);
			buf_adds(&b, contexts[i].before);
			buf_add(&b, rows->text, rows->len);
			buf_adds(&b, contexts[i].after);
			cases_put_buf(o, &b, "%s/%s%s", group, rows->name, contexts[i].name);
		}
	buf_release(&b);
}

/* N labels of that length, of one letter or of an escape that stands for one. */
static void limits(struct cases_sink *o)
{
	static const struct {
		unsigned label, n;
	} rows[] = { { 62, 1 }, { 63, 1 }, { 64, 1 }, { 255, 1 }, { 256, 1 }, { 63, 2 }, { 63, 3 },
		{ 63, 4 }, { 61, 4 }, { 62, 4 }, { 1, 126 }, { 1, 127 }, { 1, 128 }, { 1, 129 },
		{ 3, 63 }, { 3, 64 }, { 63, 16 }, { 63, 17 } };
	static const char *const units[] = { "a", "\\097", "\\." };
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		for (size_t u = 0; u < ARRAY_LEN(units); u++) {
			buf_reset(&b);
			for (unsigned k = 0; k < rows[i].n; k++) {
				buf_adds(&b, k ? "." : "");
				cases_repeat(&b, units[u], rows[i].label);
			}
			cases_put_buf(
				o, &b, "limit/%u-times-%u-of-%zu", rows[i].label, rows[i].n, u);
			buf_addch(&b, '.');
			cases_put_buf(o, &b, "limit/%u-times-%u-of-%zu-ended", rows[i].label,
				rows[i].n, u);
		}
	buf_release(&b);
}

bool cases_host(struct cases_sink *o, const struct cases_input *in, size_t step)
{
	(void)in;
	(void)step;
	in_contexts(o, "name", names);
	in_contexts(o, "address", addresses);
	limits(o);
	return false;
}
