/* Lines of text: how they end, how long they are, and the characters that mean something to somebody. */
#include "base/prelude.h"
#include "edge/edge.h"

static const struct edge_row lines[] = { EDGE_ROW("lf", "\n"), EDGE_ROW("cr", "\r"),
	EDGE_ROW("crlf", "\r\n"), EDGE_ROW("lfcr", "\n\r"), EDGE_ROW("no-end", "a"),
	EDGE_ROW("ended-lf", "a\n"), EDGE_ROW("ended-cr", "a\r"), EDGE_ROW("ended-crlf", "a\r\n"),
	EDGE_ROW("ended-crcrlf", "a\r\r\n"), EDGE_ROW("mixed-ends", "a\nb\rc\r\nd\n\re"),
	EDGE_ROW("empty-lines", "\n\n\n"), EDGE_ROW("empty-crlf-lines", "\r\n\r\n\r\n"),
	EDGE_ROW("blank-lines", " \n  \n\t\n"), EDGE_ROW("trailing-blanks", "a   \nb\t\n"),
	EDGE_ROW("form-feed", "a\fb"), EDGE_ROW("vertical-tab", "a\vb"),
	EDGE_ROW("nul-line", "a\n\0\nb\n"), EDGE_ROW("nul-ended", "a\0"),
	EDGE_ROW("control-z", "a\x1a"
			      "b"),
	EDGE_ROW("backslash-newline", "a\\\nb"), EDGE_ROW("backslash-at-end", "a\\"),
	EDGE_ROW("backslash-crlf", "a\\\r\nb"), EDGE_ROWS_END };

static const struct edge_row words[] = { EDGE_ROW("format-s", "%s%s%s%s%s%s%s%s"),
	EDGE_ROW("format-n", "%n%n%n%n"), EDGE_ROW("format-x", "%x.%x.%x.%x"),
	EDGE_ROW("format-p", "%p%p%p"), EDGE_ROW("format-wide", "%99999999d"),
	EDGE_ROW("format-star", "%*.*f"), EDGE_ROW("format-positional", "%1$s%2$n"),
	EDGE_ROW("format-cut", "%"), EDGE_ROW("format-percent", "%%"),
	EDGE_ROW("path-up", "../../../../etc/passwd"), EDGE_ROW("path-up-encoded", "..%2f..%2f"),
	EDGE_ROW("path-up-windows", "..\\..\\"), EDGE_ROW("path-absolute", "/etc/passwd"),
	EDGE_ROW("path-device", "/dev/zero"), EDGE_ROW("path-windows-device", "CON"),
	EDGE_ROW("path-unc", "\\\\host\\share"), EDGE_ROW("path-drive", "C:\\"),
	EDGE_ROW("path-home", "~/x"), EDGE_ROW("path-dots", "././../."),
	EDGE_ROW("path-slashes", "//////"), EDGE_ROW("path-nul", "/tmp/a\0.txt"),
	EDGE_ROW("path-trailing-dot", "file."), EDGE_ROW("path-stream", "file::$DATA"),
	EDGE_ROW("variable", "$HOME${PATH}"), EDGE_ROW("substitution", "$(id)`id`"),
	EDGE_ROW("variable-cut", "${"), EDGE_ROW("escape-sequence", "\x1b[31m\x1b]0;x\x07"),
	EDGE_ROW("backspaces", "a\b\b\bb"), EDGE_ROW("bell", "\a"),
	EDGE_ROW("quotes-mixed", "\"'`\"'`"), EDGE_ROW("quote-unended", "\"a"),
	EDGE_ROW("quote-escaped-end", "\"a\\"), EDGE_ROW("brackets", "([{<>}])"),
	EDGE_ROW("brackets-wrong", ")]}>([{<"), EDGE_ROW("sql", "' OR '1'='1"),
	EDGE_ROW("html", "<script>alert(1)</script>"), EDGE_ROW("csv-formula", "=1+1"),
	EDGE_ROW("date-zero", "0000-00-00T00:00:00Z"),
	EDGE_ROW("date-leap", "2016-12-31T23:59:60Z"), EDGE_ROW("date-none", "2023-02-29"),
	EDGE_ROW("date-2038", "2038-01-19T03:14:08Z"), EDGE_ROW("number-int32", "2147483648"),
	EDGE_ROW("number-int64", "9223372036854775808"),
	EDGE_ROW("number-uint64", "18446744073709551616"), EDGE_ROW("number-minus", "-1"),
	EDGE_ROW("number-hex", "0xffffffffffffffff"), EDGE_ROW("number-exponent", "1e309"),
	EDGE_ROW("number-nan", "nan"), EDGE_ROWS_END };

static void controls(struct edge_out *o)
{
	for (unsigned c = 1; c < 32; c++) {
		char t[] = { 'a', (char)c, 'b', '\n', 0 };

		edge_put(o, t, 4, "control-%02x", c);
	}
	edge_put(o,
		"a\x7f"
		"b\n",
		4, "control-7f");
}

bool edge_text(struct edge_out *o, const struct edge_input *in, size_t step)
{
	(void)in;
	(void)step;
	edge_put_rows(o, lines);
	edge_put_rows(o, words);
	controls(o);
	return false;
}

/* What opens and opens comes last: many a parser takes time by the square of its depth. */
bool edge_text_long(struct edge_out *o, const struct edge_input *in, size_t step)
{
	(void)step;
	edge_put_long(o, "long-line", "", "a", "\n", in->max_len);
	edge_put_long(o, "long-line-unended", "", "a", "", in->max_len);
	edge_put_long(o, "long-line-cr", "", "a", "\r", in->max_len);
	edge_put_long(o, "long-words", "", "a ", "\n", in->max_len);
	edge_put_long(o, "many-lines", "", "\n", "", in->max_len);
	edge_put_long(o, "many-crlf", "", "\r\n", "", in->max_len);
	edge_put_long(o, "many-cr", "", "\r", "", in->max_len);
	edge_put_long(o, "many-lines-of-one", "", "a\n", "", in->max_len);
	edge_put_long(o, "tabs", "", "\t", "a", in->max_len);
	edge_put_long(o, "blanks", "", " ", "a", in->max_len);
	edge_put_long(o, "blanks-behind", "a", " ", "\n", in->max_len);
	edge_put_long(o, "backslashes", "", "\\", "", in->max_len);
	edge_put_long(o, "quotes", "", "\"", "", in->max_len);
	edge_put_long(o, "format", "", "%n", "", in->max_len);
	edge_put_long(o, "minuses", "", "-", "1", in->max_len);
	edge_put_long(o, "nots", "", "!", "1", in->max_len);
	edge_put_long(o, "sums", "1", "+1", "", in->max_len);
	edge_put_long(o, "powers", "2", "^2", "", in->max_len);
	edge_put_long(o, "digits", "", "9", "", in->max_len);
	edge_put_long(o, "fields", "a", ",a", "\n", in->max_len);
	edge_put_long(o, "dots", "a", ".a", "", in->max_len);
	edge_put_long(o, "colons", "a", ":a", "", in->max_len);
	edge_put_long(o, "ampersands", "a=1", "&a=1", "", in->max_len);
	edge_put_long(o, "slashes", "", "/", "", in->max_len);
	edge_put_long(o, "ups", "", "../", "", in->max_len);
	edge_put_long(o, "brackets", "", "(", "", in->max_len);
	edge_put_deep(o, "brackets", "(", in->max_len);
	edge_put_long(o, "brackets-square", "", "[", "", in->max_len);
	edge_put_long(o, "brackets-curly", "", "{", "", in->max_len);
	edge_put_long(o, "brackets-angle", "", "<", "", in->max_len);
	edge_put_nested(o, "nested-round", "(", "1", ")", in->max_len);
	edge_put_nested(o, "nested-square", "[", "1", "]", in->max_len);
	edge_put_nested(o, "nested-curly", "{", "1", "}", in->max_len);
	edge_put_nested(o, "nested-mixed", "([{", "1", "}])", in->max_len);
	edge_put_nested(o, "nested-tags", "<a>", "", "</a>", in->max_len);
	edge_put_deep(o, "nested-tags", "<a>", in->max_len);
	edge_put_nested(o, "nested-begin", "begin ", "", "end ", in->max_len);
	return false;
}
