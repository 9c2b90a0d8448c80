/*
 * JSON's corners, by production: each value alone, in an array, as a member, behind blanks and before garbage; and
 * what only shows in quantity: depth, width, length.
 */
#include "base/prelude.h"
#include "edge/edge.h"

static const struct edge_row numbers[] = { EDGE_ROW("zero", "0"), EDGE_ROW("minus-zero", "-0"),
	EDGE_ROW("one", "1"), EDGE_ROW("minus-one", "-1"), EDGE_ROW("leading-zero", "01"),
	EDGE_ROW("minus-leading-zero", "-01"), EDGE_ROW("two-zeros", "00"),
	EDGE_ROW("plus-sign", "+1"), EDGE_ROW("minus-alone", "-"), EDGE_ROW("two-minus", "--1"),
	EDGE_ROW("minus-blank", "- 1"), EDGE_ROW("point-alone", "."),
	EDGE_ROW("no-integer-part", ".5"), EDGE_ROW("minus-no-integer-part", "-.5"),
	EDGE_ROW("no-fraction", "1."), EDGE_ROW("two-points", "1.2.3"),
	EDGE_ROW("exponent-alone", "e5"), EDGE_ROW("exponent-empty", "1e"),
	EDGE_ROW("exponent-sign-only", "1e+"), EDGE_ROW("exponent-minus-only", "1e-"),
	EDGE_ROW("exponent-two-signs", "1e+-1"), EDGE_ROW("exponent-upper", "1E5"),
	EDGE_ROW("exponent-fraction", "1e1.5"), EDGE_ROW("exponent-after-point", "1.e5"),
	EDGE_ROW("exponent-two", "1e5e5"), EDGE_ROW("exponent-leading-zeros", "1e0000005"),
	EDGE_ROW("exponent-overflow", "1e309"), EDGE_ROW("exponent-minus-overflow", "-1e309"),
	EDGE_ROW("exponent-huge", "1e99999999999999999999"),
	EDGE_ROW("exponent-int-max", "1e2147483647"),
	EDGE_ROW("exponent-beyond-int", "1e2147483648"),
	EDGE_ROW("exponent-int-min", "1e-2147483648"),
	EDGE_ROW("exponent-beyond-int64", "1e9223372036854775808"),
	EDGE_ROW("exponent-underflow", "1e-400"), EDGE_ROW("zero-exponent-huge", "0e999999999"),
	EDGE_ROW("double-max", "1.7976931348623157e308"),
	EDGE_ROW("beyond-double-max", "1.7976931348623159e308"),
	EDGE_ROW("double-min", "2.2250738585072014e-308"),
	EDGE_ROW("subnormal-min", "4.9406564584124654e-324"), EDGE_ROW("below-subnormal", "2e-324"),
	EDGE_ROW("subnormal-hang", "2.2250738585072012e-308"),
	EDGE_ROW("halfway", "9007199254740993"), EDGE_ROW("int8-max", "127"),
	EDGE_ROW("int8-beyond", "128"), EDGE_ROW("int16-max", "32767"),
	EDGE_ROW("int16-beyond", "32768"), EDGE_ROW("uint16-beyond", "65536"),
	EDGE_ROW("int32-max", "2147483647"), EDGE_ROW("int32-beyond", "2147483648"),
	EDGE_ROW("int32-min", "-2147483648"), EDGE_ROW("int32-below", "-2147483649"),
	EDGE_ROW("uint32-max", "4294967295"), EDGE_ROW("uint32-beyond", "4294967296"),
	EDGE_ROW("int64-max", "9223372036854775807"),
	EDGE_ROW("int64-beyond", "9223372036854775808"),
	EDGE_ROW("int64-min", "-9223372036854775808"),
	EDGE_ROW("int64-below", "-9223372036854775809"),
	EDGE_ROW("uint64-max", "18446744073709551615"),
	EDGE_ROW("uint64-beyond", "18446744073709551616"),
	EDGE_ROW("double-exact-integer-beyond", "9007199254740992.5"), EDGE_ROW("nan", "NaN"),
	EDGE_ROW("nan-lower", "nan"), EDGE_ROW("minus-nan", "-NaN"),
	EDGE_ROW("infinity", "Infinity"), EDGE_ROW("minus-infinity", "-Infinity"),
	EDGE_ROW("inf", "inf"), EDGE_ROW("hex", "0x1F"), EDGE_ROW("hex-float", "0x1p-2"),
	EDGE_ROW("octal", "0o17"), EDGE_ROW("binary", "0b101"), EDGE_ROW("underscore", "1_000"),
	EDGE_ROW("comma-decimal", "1,5"), EDGE_ROW("suffix", "1f"),
	EDGE_ROW("fullwidth-digit", "\xef\xbc\x91"),
	EDGE_ROW("nul-inside", "1\0"
			       "2"),
	EDGE_ROW("blank-inside", "1 2"), EDGE_ROWS_END };

static const struct edge_row strings[] = { EDGE_ROW("empty", "\"\""), EDGE_ROW("blank", "\" \""),
	EDGE_ROW("unterminated", "\"abc"), EDGE_ROW("quote-only", "\""),
	EDGE_ROW("unopened", "abc\""), EDGE_ROW("single-quotes", "'abc'"),
	EDGE_ROW("unquoted", "abc"), EDGE_ROW("nul-raw", "\"a\0b\""),
	EDGE_ROW("newline-raw", "\"a\nb\""), EDGE_ROW("tab-raw", "\"a\tb\""),
	EDGE_ROW("control-raw", "\"\x01\x1f\""), EDGE_ROW("delete-raw", "\"\x7f\""),
	EDGE_ROW("invalid-utf8", "\"\xff\xfe\""),
	EDGE_ROW("line-separators", "\"\xe2\x80\xa8\xe2\x80\xa9\""), EDGE_ROWS_END };

static const struct edge_row escapes[] = { EDGE_ROW("every", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""),
	EDGE_ROW("backslash-at-end", "\"\\"), EDGE_ROW("backslash-quote-at-end", "\"\\\""),
	EDGE_ROW("backslash-nul", "\"\\\0\""), EDGE_ROW("unknown-letter", "\"\\a\""),
	EDGE_ROW("hex-pair", "\"\\x41\""), EDGE_ROW("octal", "\"\\101\""),
	EDGE_ROW("zero", "\"\\0\""), EDGE_ROW("newline", "\"\\\n\""),
	EDGE_ROW("upper-u", "\"\\U0041\""), EDGE_ROW("u-nothing", "\"\\u\""),
	EDGE_ROW("u-1-digit", "\"\\u1\""), EDGE_ROW("u-2-digits", "\"\\u12\""),
	EDGE_ROW("u-3-digits", "\"\\u123\""), EDGE_ROW("u-end-of-input", "\"\\u"),
	EDGE_ROW("u-3-digits-end-of-input", "\"\\u123"), EDGE_ROW("u-not-hex", "\"\\u12g4\""),
	EDGE_ROW("u-sign", "\"\\u+123\""), EDGE_ROW("u-blank", "\"\\u 123\""),
	EDGE_ROW("u-0x", "\"\\u0x41\""), EDGE_ROW("u-quote-inside", "\"\\u12\"4\""),
	EDGE_ROW("u-nul", "\"\\u0000\""), EDGE_ROW("u-nul-between", "\"a\\u0000b\""),
	EDGE_ROW("u-7f", "\"\\u007f\""), EDGE_ROW("u-80", "\"\\u0080\""),
	EDGE_ROW("u-7ff", "\"\\u07ff\""), EDGE_ROW("u-800", "\"\\u0800\""),
	EDGE_ROW("u-ffff", "\"\\uffff\""), EDGE_ROW("u-fffe", "\"\\ufffe\""),
	EDGE_ROW("u-bom", "\"\\ufeff\""), EDGE_ROW("surrogate-pair", "\"\\ud83d\\ude00\""),
	EDGE_ROW("surrogate-first", "\"\\ud800\\udc00\""),
	EDGE_ROW("surrogate-last", "\"\\udbff\\udfff\""),
	EDGE_ROW("surrogate-high-alone", "\"\\ud800\""),
	EDGE_ROW("surrogate-low-alone", "\"\\udc00\""),
	EDGE_ROW("surrogate-high-high", "\"\\ud800\\ud800\""),
	EDGE_ROW("surrogate-swapped", "\"\\udc00\\ud800\""),
	EDGE_ROW("surrogate-then-letter", "\"\\ud800a\""),
	EDGE_ROW("surrogate-then-newline-escape", "\"\\ud800\\n\""),
	EDGE_ROW("surrogate-then-u-nothing", "\"\\ud800\\u\""),
	EDGE_ROW("surrogate-then-u-1", "\"\\ud800\\u1\""),
	EDGE_ROW("surrogate-then-basic", "\"\\ud800\\u0041\""),
	EDGE_ROW("surrogate-end-of-input", "\"\\ud800"),
	EDGE_ROW("surrogate-backslash-end-of-input", "\"\\ud800\\"),
	EDGE_ROW("surrogate-u-end-of-input", "\"\\ud800\\u"),
	EDGE_ROW("surrogate-half-end-of-input", "\"\\ud800\\udc0"),
	EDGE_ROW("surrogate-mixed-case", "\"\\uD83d\\uDe00\""), EDGE_ROWS_END };

static const struct edge_row literals[] = { EDGE_ROW("true", "true"), EDGE_ROW("false", "false"),
	EDGE_ROW("null", "null"), EDGE_ROW("true-upper", "TRUE"), EDGE_ROW("true-title", "True"),
	EDGE_ROW("true-cut", "tru"), EDGE_ROW("false-cut", "fals"), EDGE_ROW("null-cut", "nul"),
	EDGE_ROW("null-one-letter", "n"), EDGE_ROW("true-extended", "truex"),
	EDGE_ROW("null-null", "nullnull"), EDGE_ROW("null-nul", "nul\0"),
	EDGE_ROW("undefined", "undefined"), EDGE_ROW("none", "None"),
	EDGE_ROW("fullwidth", "\xef\xbd\x8e\xef\xbd\x95\xef\xbd\x8c\xef\xbd\x8c"), EDGE_ROWS_END };

static const struct edge_row structures[] = { EDGE_ROW("array-empty", "[]"),
	EDGE_ROW("object-empty", "{}"), EDGE_ROW("array-open", "["), EDGE_ROW("object-open", "{"),
	EDGE_ROW("array-close", "]"), EDGE_ROW("object-close", "}"),
	EDGE_ROW("array-closed-by-brace", "[1}"), EDGE_ROW("object-closed-by-bracket", "{\"a\":1]"),
	EDGE_ROW("array-comma-only", "[,]"), EDGE_ROW("array-trailing-comma", "[1,]"),
	EDGE_ROW("array-leading-comma", "[,1]"), EDGE_ROW("array-two-commas", "[1,,2]"),
	EDGE_ROW("array-no-comma", "[1 2]"), EDGE_ROW("array-colon", "[1:2]"),
	EDGE_ROW("array-semicolon", "[1;2]"), EDGE_ROW("array-cut-after-value", "[1"),
	EDGE_ROW("array-cut-after-comma", "[1,"), EDGE_ROW("array-two-closes", "[1]]"),
	EDGE_ROW("object-trailing-comma", "{\"a\":1,}"), EDGE_ROW("object-comma-only", "{,}"),
	EDGE_ROW("object-two-commas", "{\"a\":1,,\"b\":2}"),
	EDGE_ROW("object-no-colon", "{\"a\" 1}"), EDGE_ROW("object-two-colons", "{\"a\"::1}"),
	EDGE_ROW("object-equals", "{\"a\"=1}"), EDGE_ROW("object-no-value", "{\"a\":}"),
	EDGE_ROW("object-key-only", "{\"a\"}"), EDGE_ROW("object-no-key", "{:1}"),
	EDGE_ROW("object-number-key", "{1:1}"), EDGE_ROW("object-null-key", "{null:1}"),
	EDGE_ROW("object-bare-key", "{a:1}"), EDGE_ROW("object-single-quoted-key", "{'a':1}"),
	EDGE_ROW("object-array-key", "{[]:1}"), EDGE_ROW("object-object-key", "{{}:1}"),
	EDGE_ROW("object-comma-for-colon", "{\"a\",1}"), EDGE_ROW("object-cut-in-key", "{\"a"),
	EDGE_ROW("object-cut-after-key", "{\"a\""), EDGE_ROW("object-cut-after-colon", "{\"a\":"),
	EDGE_ROW("object-cut-after-value", "{\"a\":1"),
	EDGE_ROW("object-cut-after-comma", "{\"a\":1,"), EDGE_ROW("object-empty-key", "{\"\":1}"),
	EDGE_ROW("object-nul-key", "{\"\\u0000\":1}"),
	EDGE_ROW("object-lone-surrogate-key", "{\"\\ud800\":1}"),
	EDGE_ROW("duplicate-key", "{\"a\":1,\"a\":2}"),
	EDGE_ROW("duplicate-key-same-value", "{\"a\":1,\"a\":1}"),
	EDGE_ROW("duplicate-key-by-escape", "{\"a\":1,\"\\u0061\":2}"),
	EDGE_ROW("duplicate-key-by-case", "{\"a\":1,\"A\":2}"),
	EDGE_ROW("duplicate-empty-key", "{\"\":1,\"\":2}"),
	EDGE_ROW("proto-key", "{\"__proto__\":{\"a\":1},\"constructor\":1}"),
	EDGE_ROW("members-by-number", "{\"0\":1,\"00\":2,\"-1\":3,\"1e0\":4}"), EDGE_ROWS_END };

static const struct edge_row documents[] = { EDGE_ROW("nothing", ""), EDGE_ROW("blank", " "),
	EDGE_ROW("newline", "\n"), EDGE_ROW("all-blanks", " \t\r\n"), EDGE_ROW("nul", "\0"),
	EDGE_ROW("form-feed-blank", "\f[]"), EDGE_ROW("vertical-tab-blank", "\v[]"),
	EDGE_ROW("no-break-space", "\xc2\xa0[]"), EDGE_ROW("line-separator", "\xe2\x80\xa8[]"),
	EDGE_ROW("byte-order-mark", "\xef\xbb\xbf[]"),
	EDGE_ROW("byte-order-mark-alone", "\xef\xbb\xbf"),
	EDGE_ROW("byte-order-mark-cut", "\xef\xbb[]"),
	EDGE_ROW("byte-order-mark-twice", "\xef\xbb\xbf\xef\xbb\xbf[]"),
	EDGE_ROW("byte-order-mark-behind", "[]\xef\xbb\xbf"),
	EDGE_ROW("utf16-le", "\xff\xfe[\0]\0"), EDGE_ROW("utf16-be", "\xfe\xff\0[\0]"),
	EDGE_ROW("utf16-le-no-mark", "[\0]\0"), EDGE_ROW("utf32-le", "\xff\xfe\0\0[\0\0\0]\0\0\0"),
	EDGE_ROW("comment-line", "// c\n[]"), EDGE_ROW("comment-line-unended", "[]//"),
	EDGE_ROW("comment-block", "/* c */[]"), EDGE_ROW("comment-block-unended", "[]/*"),
	EDGE_ROW("comment-block-star-end", "[]/**"), EDGE_ROW("comment-block-slash", "[]/*/"),
	EDGE_ROW("comment-slash-alone", "[]/"), EDGE_ROW("comment-slash-first", "/"),
	EDGE_ROW("comment-inside", "[1/*c*/,2]"), EDGE_ROW("comment-nested", "/*/**/*/[]"),
	EDGE_ROW("comment-hash", "# c\n[]"), EDGE_ROW("comment-in-string", "[\"/*\",\"*/\"]"),
	EDGE_ROW("comment-escaped-quote", "[\"\\\"//\"]"),
	EDGE_ROW("string-unended-then-comment", "[\"abc//"),
	EDGE_ROW("string-backslash-then-end", "[\"\\"), EDGE_ROW("two-values", "1 2"),
	EDGE_ROW("two-arrays", "[][]"), EDGE_ROW("garbage-behind", "[]x"),
	EDGE_ROW("garbage-before", "x[]"), EDGE_ROW("nul-behind", "[]\0"),
	EDGE_ROW("nul-then-garbage", "[]\0x"), EDGE_ROW("comma-behind", "[],"),
	EDGE_ROW("comma-first", ",[]"),
	EDGE_ROW("blanks-around", " \t\r\n[ \t\r\n1 \t\r\n, \t\r\n2 \t\r\n] \t\r\n"),
	EDGE_ROW("jsonp", "callback([]);"), EDGE_ROW("anti-hijack", ")]}',\n[]"),
	EDGE_ROW("concatenated", "{\"a\":1}{\"a\":2}"), EDGE_ROW("lines", "{}\n{}\n"),
	EDGE_ROW("record-separator", "\x1e{}\n"), EDGE_ROWS_END };

/* Pairs of documents in one array: what functions on two trees take. */
static const struct edge_row patches[] = { EDGE_ROW("empty", "[{},[]]"),
	EDGE_ROW("add-root", "[{},[{\"op\":\"add\",\"path\":\"\",\"value\":1}]]"),
	EDGE_ROW("remove-root", "[{},[{\"op\":\"remove\",\"path\":\"\"}]]"),
	EDGE_ROW("replace-root-by-itself",
		"[[1],[{\"op\":\"replace\",\"path\":\"\",\"value\":[1]}]]"),
	EDGE_ROW("add-at-end", "[[],[{\"op\":\"add\",\"path\":\"/-\",\"value\":1}]]"),
	EDGE_ROW("remove-at-end", "[[1],[{\"op\":\"remove\",\"path\":\"/-\"}]]"),
	EDGE_ROW("index-leading-zero", "[[1],[{\"op\":\"remove\",\"path\":\"/00\"}]]"),
	EDGE_ROW("index-minus", "[[1],[{\"op\":\"remove\",\"path\":\"/-1\"}]]"),
	EDGE_ROW("index-beyond", "[[1],[{\"op\":\"add\",\"path\":\"/2\",\"value\":1}]]"),
	EDGE_ROW("index-int32", "[[1],[{\"op\":\"add\",\"path\":\"/2147483648\",\"value\":1}]]"),
	EDGE_ROW("index-int64",
		"[[1],[{\"op\":\"add\",\"path\":\"/18446744073709551616\",\"value\":1}]]"),
	EDGE_ROW("path-no-slash", "[{\"a\":1},[{\"op\":\"remove\",\"path\":\"a\"}]]"),
	EDGE_ROW("path-number", "[{\"a\":1},[{\"op\":\"remove\",\"path\":1}]]"),
	EDGE_ROW("path-missing", "[{\"a\":1},[{\"op\":\"remove\"}]]"),
	EDGE_ROW("path-slash", "[{\"\":1},[{\"op\":\"remove\",\"path\":\"/\"}]]"),
	EDGE_ROW("path-tilde", "[{\"~/\":1},[{\"op\":\"remove\",\"path\":\"/~0~1\"}]]"),
	EDGE_ROW("path-tilde-at-end", "[{\"~\":1},[{\"op\":\"remove\",\"path\":\"/~\"}]]"),
	EDGE_ROW("path-tilde-unknown", "[{\"~2\":1},[{\"op\":\"remove\",\"path\":\"/~2\"}]]"),
	EDGE_ROW("path-through-scalar",
		"[{\"a\":1},[{\"op\":\"add\",\"path\":\"/a/b\",\"value\":1}]]"),
	EDGE_ROW("op-missing", "[{},[{\"path\":\"\"}]]"),
	EDGE_ROW("op-number", "[{},[{\"op\":1,\"path\":\"\"}]]"),
	EDGE_ROW("op-unknown", "[{},[{\"op\":\"x\",\"path\":\"\"}]]"),
	EDGE_ROW("value-missing", "[{},[{\"op\":\"add\",\"path\":\"/a\"}]]"),
	EDGE_ROW("from-missing", "[{\"a\":1},[{\"op\":\"move\",\"path\":\"/b\"}]]"),
	EDGE_ROW("from-number", "[{\"a\":1},[{\"op\":\"copy\",\"from\":1,\"path\":\"/b\"}]]"),
	EDGE_ROW("move-into-itself",
		"[{\"a\":{}},[{\"op\":\"move\",\"from\":\"/a\",\"path\":\"/a/b\"}]]"),
	EDGE_ROW("move-root", "[{\"a\":{}},[{\"op\":\"move\",\"from\":\"\",\"path\":\"/a\"}]]"),
	EDGE_ROW("move-to-itself",
		"[{\"a\":1},[{\"op\":\"move\",\"from\":\"/a\",\"path\":\"/a\"}]]"),
	EDGE_ROW("copy-root-into-itself",
		"[{\"a\":1},[{\"op\":\"copy\",\"from\":\"\",\"path\":\"/a\"}]]"),
	EDGE_ROW("copy-to-root", "[{\"a\":1},[{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"\"}]]"),
	EDGE_ROW("test-unequal", "[{\"a\":1},[{\"op\":\"test\",\"path\":\"/a\",\"value\":2}]]"),
	EDGE_ROW("test-value-missing", "[{\"a\":1},[{\"op\":\"test\",\"path\":\"/a\"}]]"),
	EDGE_ROW("patch-object", "[{},{}]"), EDGE_ROW("patch-null", "[{},null]"),
	EDGE_ROW("patch-of-numbers", "[{},[1,2]]"),
	EDGE_ROW("target-number", "[1,[{\"op\":\"add\",\"path\":\"/a\",\"value\":1}]]"),
	EDGE_ROW("merge-null-member", "[{\"a\":1},{\"a\":null}]"),
	EDGE_ROW("merge-nested-null", "[{\"a\":{\"b\":1}},{\"a\":{\"b\":null}}]"),
	EDGE_ROW("merge-array", "[[1],{\"a\":1}]"), EDGE_ROW("merge-scalar", "[{\"a\":1},1]"),
	EDGE_ROW("pointer-empty", "[{\"a\":1},\"\"]"),
	EDGE_ROW("pointer-slash", "[{\"\":1},\"/\"]"),
	EDGE_ROW("pointer-many-slashes", "[{\"a\":1},\"////\"]"),
	EDGE_ROW("pointer-index", "[[1,2],\"/1\"]"),
	EDGE_ROW("same-names", "[{\"a\":1,\"a\":2},{\"a\":2,\"a\":1}]"), EDGE_ROWS_END };

static const struct {
	const char *name, *before, *after;
} contexts[] = { { "", "", "" }, { "@array", "[", "]" }, { "@second", "[1,", "]" },
	{ "@first", "[", ",1]" }, { "@member", "{\"a\":", "}" }, { "@name", "{", ":1}" },
	{ "@nested", "[[{\"a\":[", "]}]]" }, { "@blanks", " \n", "\t\r " },
	{ "@unclosed-array", "[", "" }, { "@unclosed-member", "{\"a\":", "" },
	{ "@twice", "[[", "],1]x" }, { "@then-comma", "", "," }, { "@then-nul", "", "\0" } };

static void in_contexts(struct edge_out *o, const char *group, const struct edge_row *rows)
{
	struct buf b = BUF_INIT;

	for (; rows->name; rows++) {
		for (size_t i = 0; i < ARRAY_LEN(contexts); i++) {
			buf_reset(&b);
			buf_adds(&b, contexts[i].before);
			buf_add(&b, rows->text, rows->len);
			buf_adds(&b, contexts[i].after);
			if (i + 1 == ARRAY_LEN(contexts))
				buf_addch(&b, '\0');
			edge_put_buf(o, &b, "%s/%s%s", group, rows->name, contexts[i].name);
		}
	}
	buf_release(&b);
}

static void prefixed(struct edge_out *o, const char *group, const struct edge_row *rows)
{
	for (; rows->name; rows++)
		edge_put(o, rows->text, rows->len, "%s/%s", group, rows->name);
}

static void depth(struct edge_out *o, size_t max)
{
	edge_put_nested(o, "depth/arrays", "[", "", "]", max);
	edge_put_nested(o, "depth/arrays-unclosed", "[", "", "", max);
	edge_put_deep(o, "depth/arrays-unclosed", "[", max);
	edge_put_nested(o, "depth/arrays-with-value", "[", "1", "]", max);
	edge_put_nested(o, "depth/objects", "{\"a\":", "1", "}", max);
	edge_put_nested(o, "depth/objects-unclosed", "{\"a\":", "", "", max);
	edge_put_nested(o, "depth/empty-names", "{\"\":", "{}", "}", max);
	edge_put_nested(o, "depth/mixed", "[{\"a\":", "[]", "}]", max);
	edge_put_nested(o, "depth/closes", "", "", "]", max);
	edge_put_nested(o, "depth/with-blanks", "[ ", "", " ]", max);
	edge_put_nested(o, "depth/pair", "[", "[]", ",[]]", max);
}

static void length(struct edge_out *o, size_t max)
{
	edge_put_long(o, "long/string", "\"", "a", "\"", max);
	edge_put_long(o, "long/string-unended", "\"", "a", "", max);
	edge_put_long(o, "long/name", "{\"", "a", "\":1}", max);
	edge_put_long(o, "long/escapes", "\"", "\\n", "\"", max);
	edge_put_long(o, "long/u-escapes", "\"", "\\u00e9", "\"", max);
	edge_put_long(o, "long/surrogates", "\"", "\\ud83d\\ude00", "\"", max);
	edge_put_long(o, "long/control-bytes", "\"", "\x01", "\"", max);
	edge_put_long(o, "long/backslashes", "\"", "\\\\", "\"", max);
	edge_put_long(o, "long/backslashes-unended", "\"", "\\", "", max);
	edge_put_long(o, "long/digits", "", "9", "", max);
	edge_put_long(o, "long/digits-in-array", "[", "1", "]", max);
	edge_put_long(o, "long/zeros", "", "0", "", max);
	edge_put_long(o, "long/minus-digits", "-", "9", "", max);
	edge_put_long(o, "long/fraction", "0.", "3", "", max);
	edge_put_long(o, "long/fraction-zeros", "1.", "0", "1", max);
	edge_put_long(o, "long/exponent", "1e", "9", "", max);
	edge_put_long(o, "long/exponent-zeros", "1e", "0", "1", max);
	edge_put_long(o, "long/points", "1", ".1", "", max);
	edge_put_long(o, "long/minuses", "", "-", "1", max);
	edge_put_long(o, "long/blanks", "", " ", "1", max);
	edge_put_long(o, "long/blanks-behind", "1", "\n", "", max);
	edge_put_long(o, "long/blanks-only", "", "\t", "", max);
	edge_put_long(o, "long/comment", "/*", "*", "*/1", max);
	edge_put_long(o, "long/comment-lines", "", "//\n", "1", max);
	edge_put_long(o, "wide/array", "[", "1,", "1]", max);
	edge_put_long(o, "wide/array-of-empty", "[", "[],", "{}]", max);
	edge_put_long(o, "wide/array-of-strings", "[", "\"\",", "\"\"]", max);
	edge_put_long(o, "wide/commas", "[", ",", "]", max);
	edge_put_long(o, "wide/same-names", "{", "\"a\":1,", "\"a\":1}", max);
	edge_put_long(o, "wide/documents", "", "{}\n", "", max);
}

static void many_names(struct edge_out *o, size_t max)
{
	struct buf b = BUF_INIT;

	for (const size_t *n = edge_sizes; *n && *n * 12 < max; n++) {
		buf_reset(&b);
		buf_addch(&b, '{');
		for (size_t i = 0; i < *n; i++)
			buf_addf(&b, "%s\"%zx\":%zu", i ? "," : "", i, i & 7);
		buf_addch(&b, '}');
		edge_put_buf(o, &b, "wide/names-%zu", *n);
	}
	buf_release(&b);
}

bool edge_json(struct edge_out *o, const struct edge_input *in, size_t step)
{
	(void)in;
	if (step == 0) {
		in_contexts(o, "number", numbers);
		in_contexts(o, "string", strings);
		in_contexts(o, "escape", escapes);
		in_contexts(o, "literal", literals);
		return true;
	}
	in_contexts(o, "structure", structures);
	prefixed(o, "document", documents);
	prefixed(o, "pair", patches);
	return false;
}

bool edge_json_long(struct edge_out *o, const struct edge_input *in, size_t step)
{
	switch (step) {
	case 0:
		depth(o, in->max_len);
		return true;
	case 1:
		length(o, in->max_len);
		return true;
	default:
		many_names(o, in->max_len);
		return false;
	}
}
