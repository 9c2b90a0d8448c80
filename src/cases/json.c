/*
 * JSON's corners, by production: each value alone, in an array, as a member, behind blanks and before garbage; and
 * what only shows in quantity: depth, width, length.
 */
#include "base/prelude.h"
#include "cases/internal.h"

static const struct cases_row numbers[] = { CASES_ROW("zero", "0"), CASES_ROW("minus-zero", "-0"),
	CASES_ROW("one", "1"), CASES_ROW("minus-one", "-1"), CASES_ROW("leading-zero", "01"),
	CASES_ROW("minus-leading-zero", "-01"), CASES_ROW("two-zeros", "00"),
	CASES_ROW("plus-sign", "+1"), CASES_ROW("minus-alone", "-"), CASES_ROW("two-minus", "--1"),
	CASES_ROW("minus-blank", "- 1"), CASES_ROW("point-alone", "."),
	CASES_ROW("no-integer-part", ".5"), CASES_ROW("minus-no-integer-part", "-.5"),
	CASES_ROW("no-fraction", "1."), CASES_ROW("two-points", "1.2.3"),
	CASES_ROW("exponent-alone", "e5"), CASES_ROW("exponent-empty", "1e"),
	CASES_ROW("exponent-sign-only", "1e+"), CASES_ROW("exponent-minus-only", "1e-"),
	CASES_ROW("exponent-two-signs", "1e+-1"), CASES_ROW("exponent-upper", "1E5"),
	CASES_ROW("exponent-fraction", "1e1.5"), CASES_ROW("exponent-after-point", "1.e5"),
	CASES_ROW("exponent-two", "1e5e5"), CASES_ROW("exponent-leading-zeros", "1e0000005"),
	CASES_ROW("exponent-overflow", "1e309"), CASES_ROW("exponent-minus-overflow", "-1e309"),
	CASES_ROW("exponent-huge", "1e99999999999999999999"),
	CASES_ROW("exponent-int-max", "1e2147483647"),
	CASES_ROW("exponent-beyond-int", "1e2147483648"),
	CASES_ROW("exponent-int-min", "1e-2147483648"),
	CASES_ROW("exponent-beyond-int64", "1e9223372036854775808"),
	CASES_ROW("exponent-underflow", "1e-400"), CASES_ROW("zero-exponent-huge", "0e999999999"),
	CASES_ROW("double-max", "1.7976931348623157e308"),
	CASES_ROW("beyond-double-max", "1.7976931348623159e308"),
	CASES_ROW("double-min", "2.2250738585072014e-308"),
	CASES_ROW("subnormal-min", "4.9406564584124654e-324"),
	CASES_ROW("below-subnormal", "2e-324"),
	CASES_ROW("subnormal-hang", "2.2250738585072012e-308"),
	CASES_ROW("halfway", "9007199254740993"), CASES_ROW("int8-max", "127"),
	CASES_ROW("int8-beyond", "128"), CASES_ROW("int16-max", "32767"),
	CASES_ROW("int16-beyond", "32768"), CASES_ROW("uint16-beyond", "65536"),
	CASES_ROW("int32-max", "2147483647"), CASES_ROW("int32-beyond", "2147483648"),
	CASES_ROW("int32-min", "-2147483648"), CASES_ROW("int32-below", "-2147483649"),
	CASES_ROW("uint32-max", "4294967295"), CASES_ROW("uint32-beyond", "4294967296"),
	CASES_ROW("int64-max", "9223372036854775807"),
	CASES_ROW("int64-beyond", "9223372036854775808"),
	CASES_ROW("int64-min", "-9223372036854775808"),
	CASES_ROW("int64-below", "-9223372036854775809"),
	CASES_ROW("uint64-max", "18446744073709551615"),
	CASES_ROW("uint64-beyond", "18446744073709551616"),
	CASES_ROW("double-exact-integer-beyond", "9007199254740992.5"), CASES_ROW("nan", "NaN"),
	CASES_ROW("nan-lower", "nan"), CASES_ROW("minus-nan", "-NaN"),
	CASES_ROW("infinity", "Infinity"), CASES_ROW("minus-infinity", "-Infinity"),
	CASES_ROW("inf", "inf"), CASES_ROW("hex", "0x1F"), CASES_ROW("hex-float", "0x1p-2"),
	CASES_ROW("octal", "0o17"), CASES_ROW("binary", "0b101"), CASES_ROW("underscore", "1_000"),
	CASES_ROW("comma-decimal", "1,5"), CASES_ROW("suffix", "1f"),
	CASES_ROW("fullwidth-digit", "\xef\xbc\x91"),
	CASES_ROW("nul-inside", "1\0"
				"2"),
	CASES_ROW("blank-inside", "1 2"), CASES_ROWS_END };

static const struct cases_row strings[] = { CASES_ROW("empty", "\"\""), CASES_ROW("blank", "\" \""),
	CASES_ROW("unterminated", "\"abc"), CASES_ROW("quote-only", "\""),
	CASES_ROW("unopened", "abc\""), CASES_ROW("single-quotes", "'abc'"),
	CASES_ROW("unquoted", "abc"), CASES_ROW("nul-raw", "\"a\0b\""),
	CASES_ROW("newline-raw", "\"a\nb\""), CASES_ROW("tab-raw", "\"a\tb\""),
	CASES_ROW("control-raw", "\"\x01\x1f\""), CASES_ROW("delete-raw", "\"\x7f\""),
	CASES_ROW("invalid-utf8", "\"\xff\xfe\""),
	CASES_ROW("line-separators", "\"\xe2\x80\xa8\xe2\x80\xa9\""), CASES_ROWS_END };

static const struct cases_row escapes[] = { CASES_ROW("every", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""),
	CASES_ROW("backslash-at-end", "\"\\"), CASES_ROW("backslash-quote-at-end", "\"\\\""),
	CASES_ROW("backslash-nul", "\"\\\0\""), CASES_ROW("unknown-letter", "\"\\a\""),
	CASES_ROW("hex-pair", "\"\\x41\""), CASES_ROW("octal", "\"\\101\""),
	CASES_ROW("zero", "\"\\0\""), CASES_ROW("newline", "\"\\\n\""),
	CASES_ROW("upper-u", "\"\\U0041\""), CASES_ROW("u-nothing", "\"\\u\""),
	CASES_ROW("u-1-digit", "\"\\u1\""), CASES_ROW("u-2-digits", "\"\\u12\""),
	CASES_ROW("u-3-digits", "\"\\u123\""), CASES_ROW("u-end-of-input", "\"\\u"),
	CASES_ROW("u-3-digits-end-of-input", "\"\\u123"), CASES_ROW("u-not-hex", "\"\\u12g4\""),
	CASES_ROW("u-sign", "\"\\u+123\""), CASES_ROW("u-blank", "\"\\u 123\""),
	CASES_ROW("u-0x", "\"\\u0x41\""), CASES_ROW("u-quote-inside", "\"\\u12\"4\""),
	CASES_ROW("u-nul", "\"\\u0000\""), CASES_ROW("u-nul-between", "\"a\\u0000b\""),
	CASES_ROW("u-7f", "\"\\u007f\""), CASES_ROW("u-80", "\"\\u0080\""),
	CASES_ROW("u-7ff", "\"\\u07ff\""), CASES_ROW("u-800", "\"\\u0800\""),
	CASES_ROW("u-ffff", "\"\\uffff\""), CASES_ROW("u-fffe", "\"\\ufffe\""),
	CASES_ROW("u-bom", "\"\\ufeff\""), CASES_ROW("surrogate-pair", "\"\\ud83d\\ude00\""),
	CASES_ROW("surrogate-first", "\"\\ud800\\udc00\""),
	CASES_ROW("surrogate-last", "\"\\udbff\\udfff\""),
	CASES_ROW("surrogate-high-alone", "\"\\ud800\""),
	CASES_ROW("surrogate-low-alone", "\"\\udc00\""),
	CASES_ROW("surrogate-high-high", "\"\\ud800\\ud800\""),
	CASES_ROW("surrogate-swapped", "\"\\udc00\\ud800\""),
	CASES_ROW("surrogate-then-letter", "\"\\ud800a\""),
	CASES_ROW("surrogate-then-newline-escape", "\"\\ud800\\n\""),
	CASES_ROW("surrogate-then-u-nothing", "\"\\ud800\\u\""),
	CASES_ROW("surrogate-then-u-1", "\"\\ud800\\u1\""),
	CASES_ROW("surrogate-then-basic", "\"\\ud800\\u0041\""),
	CASES_ROW("surrogate-end-of-input", "\"\\ud800"),
	CASES_ROW("surrogate-backslash-end-of-input", "\"\\ud800\\"),
	CASES_ROW("surrogate-u-end-of-input", "\"\\ud800\\u"),
	CASES_ROW("surrogate-half-end-of-input", "\"\\ud800\\udc0"),
	CASES_ROW("surrogate-mixed-case", "\"\\uD83d\\uDe00\""), CASES_ROWS_END };

static const struct cases_row literals[] = { CASES_ROW("true", "true"), CASES_ROW("false", "false"),
	CASES_ROW("null", "null"), CASES_ROW("true-upper", "TRUE"), CASES_ROW("true-title", "True"),
	CASES_ROW("true-cut", "tru"), CASES_ROW("false-cut", "fals"), CASES_ROW("null-cut", "nul"),
	CASES_ROW("null-one-letter", "n"), CASES_ROW("true-extended", "truex"),
	CASES_ROW("null-null", "nullnull"), CASES_ROW("null-nul", "nul\0"),
	CASES_ROW("undefined", "undefined"), CASES_ROW("none", "None"),
	CASES_ROW("fullwidth", "\xef\xbd\x8e\xef\xbd\x95\xef\xbd\x8c\xef\xbd\x8c"),
	CASES_ROWS_END };

static const struct cases_row structures[] = { CASES_ROW("array-empty", "[]"),
	CASES_ROW("object-empty", "{}"), CASES_ROW("array-open", "["),
	CASES_ROW("object-open", "{"), CASES_ROW("array-close", "]"),
	CASES_ROW("object-close", "}"), CASES_ROW("array-closed-by-brace", "[1}"),
	CASES_ROW("object-closed-by-bracket", "{\"a\":1]"), CASES_ROW("array-comma-only", "[,]"),
	CASES_ROW("array-trailing-comma", "[1,]"), CASES_ROW("array-leading-comma", "[,1]"),
	CASES_ROW("array-two-commas", "[1,,2]"), CASES_ROW("array-no-comma", "[1 2]"),
	CASES_ROW("array-colon", "[1:2]"), CASES_ROW("array-semicolon", "[1;2]"),
	CASES_ROW("array-cut-after-value", "[1"), CASES_ROW("array-cut-after-comma", "[1,"),
	CASES_ROW("array-two-closes", "[1]]"), CASES_ROW("object-trailing-comma", "{\"a\":1,}"),
	CASES_ROW("object-comma-only", "{,}"), CASES_ROW("object-two-commas", "{\"a\":1,,\"b\":2}"),
	CASES_ROW("object-no-colon", "{\"a\" 1}"), CASES_ROW("object-two-colons", "{\"a\"::1}"),
	CASES_ROW("object-equals", "{\"a\"=1}"), CASES_ROW("object-no-value", "{\"a\":}"),
	CASES_ROW("object-key-only", "{\"a\"}"), CASES_ROW("object-no-key", "{:1}"),
	CASES_ROW("object-number-key", "{1:1}"), CASES_ROW("object-null-key", "{null:1}"),
	CASES_ROW("object-bare-key", "{a:1}"), CASES_ROW("object-single-quoted-key", "{'a':1}"),
	CASES_ROW("object-array-key", "{[]:1}"), CASES_ROW("object-object-key", "{{}:1}"),
	CASES_ROW("object-comma-for-colon", "{\"a\",1}"), CASES_ROW("object-cut-in-key", "{\"a"),
	CASES_ROW("object-cut-after-key", "{\"a\""), CASES_ROW("object-cut-after-colon", "{\"a\":"),
	CASES_ROW("object-cut-after-value", "{\"a\":1"),
	CASES_ROW("object-cut-after-comma", "{\"a\":1,"), CASES_ROW("object-empty-key", "{\"\":1}"),
	CASES_ROW("object-nul-key", "{\"\\u0000\":1}"),
	CASES_ROW("object-lone-surrogate-key", "{\"\\ud800\":1}"),
	CASES_ROW("duplicate-key", "{\"a\":1,\"a\":2}"),
	CASES_ROW("duplicate-key-same-value", "{\"a\":1,\"a\":1}"),
	CASES_ROW("duplicate-key-by-escape", "{\"a\":1,\"\\u0061\":2}"),
	CASES_ROW("duplicate-key-by-case", "{\"a\":1,\"A\":2}"),
	CASES_ROW("duplicate-empty-key", "{\"\":1,\"\":2}"),
	CASES_ROW("proto-key", "{\"__proto__\":{\"a\":1},\"constructor\":1}"),
	CASES_ROW("members-by-number", "{\"0\":1,\"00\":2,\"-1\":3,\"1e0\":4}"), CASES_ROWS_END };

static const struct cases_row documents[] = { CASES_ROW("nothing", ""), CASES_ROW("blank", " "),
	CASES_ROW("newline", "\n"), CASES_ROW("all-blanks", " \t\r\n"), CASES_ROW("nul", "\0"),
	CASES_ROW("form-feed-blank", "\f[]"), CASES_ROW("vertical-tab-blank", "\v[]"),
	CASES_ROW("no-break-space", "\xc2\xa0[]"), CASES_ROW("line-separator", "\xe2\x80\xa8[]"),
	CASES_ROW("byte-order-mark", "\xef\xbb\xbf[]"),
	CASES_ROW("byte-order-mark-alone", "\xef\xbb\xbf"),
	CASES_ROW("byte-order-mark-cut", "\xef\xbb[]"),
	CASES_ROW("byte-order-mark-twice", "\xef\xbb\xbf\xef\xbb\xbf[]"),
	CASES_ROW("byte-order-mark-behind", "[]\xef\xbb\xbf"),
	CASES_ROW("utf16-le", "\xff\xfe[\0]\0"), CASES_ROW("utf16-be", "\xfe\xff\0[\0]"),
	CASES_ROW("utf16-le-no-mark", "[\0]\0"),
	CASES_ROW("utf32-le", "\xff\xfe\0\0[\0\0\0]\0\0\0"), CASES_ROW("comment-line", "// c\n[]"),
	CASES_ROW("comment-line-unended", "[]//"), CASES_ROW("comment-block", "/* c */[]"),
	CASES_ROW("comment-block-unended", "[]/*"), CASES_ROW("comment-block-star-end", "[]/**"),
	CASES_ROW("comment-block-slash", "[]/*/"), CASES_ROW("comment-slash-alone", "[]/"),
	CASES_ROW("comment-slash-first", "/"), CASES_ROW("comment-inside", "[1/*c*/,2]"),
	CASES_ROW("comment-nested", "/*/**/*/[]"), CASES_ROW("comment-hash", "# c\n[]"),
	CASES_ROW("comment-in-string", "[\"/*\",\"*/\"]"),
	CASES_ROW("comment-escaped-quote", "[\"\\\"//\"]"),
	CASES_ROW("string-unended-then-comment", "[\"abc//"),
	CASES_ROW("string-backslash-then-end", "[\"\\"), CASES_ROW("two-values", "1 2"),
	CASES_ROW("two-arrays", "[][]"), CASES_ROW("garbage-behind", "[]x"),
	CASES_ROW("garbage-before", "x[]"), CASES_ROW("nul-behind", "[]\0"),
	CASES_ROW("nul-then-garbage", "[]\0x"), CASES_ROW("comma-behind", "[],"),
	CASES_ROW("comma-first", ",[]"),
	CASES_ROW("blanks-around", " \t\r\n[ \t\r\n1 \t\r\n, \t\r\n2 \t\r\n] \t\r\n"),
	CASES_ROW("jsonp", "callback([]);"), CASES_ROW("anti-hijack", ")]}',\n[]"),
	CASES_ROW("concatenated", "{\"a\":1}{\"a\":2}"), CASES_ROW("lines", "{}\n{}\n"),
	CASES_ROW("record-separator", "\x1e{}\n"), CASES_ROWS_END };

static const struct {
	const char *name, *before, *after;
} contexts[] = { { "", "", "" }, { "@array", "[", "]" }, { "@second", "[1,", "]" },
	{ "@first", "[", ",1]" }, { "@member", "{\"a\":", "}" }, { "@name", "{", ":1}" },
	{ "@nested", "[[{\"a\":[", "]}]]" }, { "@blanks", " \n", "\t\r " },
	{ "@unclosed-array", "[", "" }, { "@unclosed-member", "{\"a\":", "" },
	{ "@twice", "[[", "],1]x" }, { "@then-comma", "", "," }, { "@then-nul", "", "\0" } };

static void in_contexts(struct cases_sink *o, const char *group, const struct cases_row *rows)
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
			cases_put_buf(o, &b, "%s/%s%s", group, rows->name, contexts[i].name);
		}
	}
	buf_release(&b);
}

static void prefixed(struct cases_sink *o, const char *group, const struct cases_row *rows)
{
	for (; rows->name; rows++)
		cases_put(o, rows->text, rows->len, "%s/%s", group, rows->name);
}

static void depth(struct cases_sink *o, size_t max)
{
	cases_put_nested(o, "depth/arrays", "[", "", "]", max);
	cases_put_nested(o, "depth/arrays-unclosed", "[", "", "", max);
	cases_put_deep(o, "depth/arrays-unclosed", "[", max);
	cases_put_nested(o, "depth/arrays-with-value", "[", "1", "]", max);
	cases_put_nested(o, "depth/objects", "{\"a\":", "1", "}", max);
	cases_put_nested(o, "depth/objects-unclosed", "{\"a\":", "", "", max);
	cases_put_nested(o, "depth/empty-names", "{\"\":", "{}", "}", max);
	cases_put_nested(o, "depth/mixed", "[{\"a\":", "[]", "}]", max);
	cases_put_nested(o, "depth/closes", "", "", "]", max);
	cases_put_nested(o, "depth/with-blanks", "[ ", "", " ]", max);
	cases_put_nested(o, "depth/pair", "[", "[]", ",[]]", max);
}

static void length(struct cases_sink *o, size_t max)
{
	cases_put_long(o, "long/string", "\"", "a", "\"", max);
	cases_put_long(o, "long/string-unended", "\"", "a", "", max);
	cases_put_long(o, "long/name", "{\"", "a", "\":1}", max);
	cases_put_long(o, "long/escapes", "\"", "\\n", "\"", max);
	cases_put_long(o, "long/u-escapes", "\"", "\\u00e9", "\"", max);
	cases_put_long(o, "long/surrogates", "\"", "\\ud83d\\ude00", "\"", max);
	cases_put_long(o, "long/control-bytes", "\"", "\x01", "\"", max);
	cases_put_long(o, "long/backslashes", "\"", "\\\\", "\"", max);
	cases_put_long(o, "long/backslashes-unended", "\"", "\\", "", max);
	cases_put_long(o, "long/digits", "", "9", "", max);
	cases_put_long(o, "long/digits-in-array", "[", "1", "]", max);
	cases_put_long(o, "long/zeros", "", "0", "", max);
	cases_put_long(o, "long/minus-digits", "-", "9", "", max);
	cases_put_long(o, "long/fraction", "0.", "3", "", max);
	cases_put_long(o, "long/fraction-zeros", "1.", "0", "1", max);
	cases_put_long(o, "long/exponent", "1e", "9", "", max);
	cases_put_long(o, "long/exponent-zeros", "1e", "0", "1", max);
	cases_put_long(o, "long/points", "1", ".1", "", max);
	cases_put_long(o, "long/minuses", "", "-", "1", max);
	cases_put_long(o, "long/blanks", "", " ", "1", max);
	cases_put_long(o, "long/blanks-behind", "1", "\n", "", max);
	cases_put_long(o, "long/blanks-only", "", "\t", "", max);
	cases_put_long(o, "long/comment", "/*", "*", "*/1", max);
	cases_put_long(o, "long/comment-lines", "", "//\n", "1", max);
	cases_put_long(o, "wide/array", "[", "1,", "1]", max);
	cases_put_long(o, "wide/array-of-empty", "[", "[],", "{}]", max);
	cases_put_long(o, "wide/array-of-strings", "[", "\"\",", "\"\"]", max);
	cases_put_long(o, "wide/commas", "[", ",", "]", max);
	cases_put_long(o, "wide/same-names", "{", "\"a\":1,", "\"a\":1}", max);
	cases_put_long(o, "wide/documents", "", "{}\n", "", max);
}

static void many_names(struct cases_sink *o, size_t max)
{
	struct buf b = BUF_INIT;

	for (const size_t *n = cases_sizes; *n && *n * 12 < max; n++) {
		buf_reset(&b);
		buf_addch(&b, '{');
		for (size_t i = 0; i < *n; i++)
			buf_addf(&b, "%s\"%zx\":%zu", i ? "," : "", i, i & 7);
		buf_addch(&b, '}');
		cases_put_buf(o, &b, "wide/names-%zu", *n);
	}
	buf_release(&b);
}

bool cases_json(struct cases_sink *o, const struct cases_input *in, size_t step)
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
	return false;
}

bool cases_json_long(struct cases_sink *o, const struct cases_input *in, size_t step)
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
