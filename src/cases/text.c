/* Lines of text: how they end, how long they are, and the characters that mean something to somebody. */
#include "base/prelude.h"
#include "cases/internal.h"

static const struct cases_row lines[] = { CASES_ROW("lf", "\n"), CASES_ROW("cr", "\r"),
	CASES_ROW("crlf", "\r\n"), CASES_ROW("lfcr", "\n\r"), CASES_ROW("no-end", "a"),
	CASES_ROW("ended-lf", "a\n"), CASES_ROW("ended-cr", "a\r"),
	CASES_ROW("ended-crlf", "a\r\n"), CASES_ROW("ended-crcrlf", "a\r\r\n"),
	CASES_ROW("mixed-ends", "a\nb\rc\r\nd\n\re"), CASES_ROW("empty-lines", "\n\n\n"),
	CASES_ROW("empty-crlf-lines", "\r\n\r\n\r\n"), CASES_ROW("blank-lines", " \n  \n\t\n"),
	CASES_ROW("trailing-blanks", "a   \nb\t\n"), CASES_ROW("form-feed", "a\fb"),
	CASES_ROW("vertical-tab", "a\vb"), CASES_ROW("nul-line", "a\n\0\nb\n"),
	CASES_ROW("nul-ended", "a\0"),
	CASES_ROW("control-z", "a\x1a"
			       "b"),
	CASES_ROW("backslash-newline", "a\\\nb"), CASES_ROW("backslash-at-end", "a\\"),
	CASES_ROW("backslash-crlf", "a\\\r\nb"), CASES_ROWS_END };

static const struct cases_row words[] = { CASES_ROW("format-s", "%s%s%s%s%s%s%s%s"),
	CASES_ROW("format-n", "%n%n%n%n"), CASES_ROW("format-x", "%x.%x.%x.%x"),
	CASES_ROW("format-p", "%p%p%p"), CASES_ROW("format-wide", "%99999999d"),
	CASES_ROW("format-star", "%*.*f"), CASES_ROW("format-positional", "%1$s%2$n"),
	CASES_ROW("format-cut", "%"), CASES_ROW("format-percent", "%%"),
	CASES_ROW("path-up", "../../../../etc/passwd"), CASES_ROW("path-up-encoded", "..%2f..%2f"),
	CASES_ROW("path-up-windows", "..\\..\\"), CASES_ROW("path-absolute", "/etc/passwd"),
	CASES_ROW("path-device", "/dev/zero"), CASES_ROW("path-windows-device", "CON"),
	CASES_ROW("path-unc", "\\\\host\\share"), CASES_ROW("path-drive", "C:\\"),
	CASES_ROW("path-home", "~/x"), CASES_ROW("path-dots", "././../."),
	CASES_ROW("path-slashes", "//////"), CASES_ROW("path-nul", "/tmp/a\0.txt"),
	CASES_ROW("path-trailing-dot", "file."), CASES_ROW("path-stream", "file::$DATA"),
	CASES_ROW("variable", "$HOME${PATH}"), CASES_ROW("substitution", "$(id)`id`"),
	CASES_ROW("variable-cut", "${"), CASES_ROW("escape-sequence", "\x1b[31m\x1b]0;x\x07"),
	CASES_ROW("backspaces", "a\b\b\bb"), CASES_ROW("bell", "\a"),
	CASES_ROW("quotes-mixed", "\"'`\"'`"), CASES_ROW("quote-unended", "\"a"),
	CASES_ROW("quote-escaped-end", "\"a\\"), CASES_ROW("brackets", "([{<>}])"),
	CASES_ROW("brackets-wrong", ")]}>([{<"), CASES_ROW("sql", "' OR '1'='1"),
	CASES_ROW("html", "<script>alert(1)</script>"), CASES_ROW("csv-formula", "=1+1"),
	CASES_ROW("date-zero", "0000-00-00T00:00:00Z"),
	CASES_ROW("date-leap", "2016-12-31T23:59:60Z"), CASES_ROW("date-none", "2023-02-29"),
	CASES_ROW("date-2038", "2038-01-19T03:14:08Z"), CASES_ROW("number-int32", "2147483648"),
	CASES_ROW("number-int64", "9223372036854775808"),
	CASES_ROW("number-uint64", "18446744073709551616"), CASES_ROW("number-minus", "-1"),
	CASES_ROW("number-hex", "0xffffffffffffffff"), CASES_ROW("number-exponent", "1e309"),
	CASES_ROW("number-nan", "nan"), CASES_ROWS_END };

/* Texts that say themselves how they end: whole, cut before it, and with what only looks like it. */
static const struct cases_row own_ends[] = { CASES_ROW("here", "<<A\nb\nA"),
	CASES_ROW("here-empty", "<<A\nA"), CASES_ROW("here-unended", "<<A\nb\n"),
	CASES_ROW("here-no-line", "<<A"), CASES_ROW("here-name-only", "<<EOD\n"),
	CASES_ROW("here-almost", "<<EOD\nb\nEODX"), CASES_ROW("here-cut", "<<EOD\nb\nEO"),
	CASES_ROW("here-long", "<<EOD\nb\nEOD"), CASES_ROW("here-quoted", "<<'A'\nb\nA"),
	CASES_ROW("here-minus", "<<-A\n\tb\n\tA"), CASES_ROW("here-blank", "<< A\nb\nA"),
	CASES_ROW("here-string", "<<<a"), CASES_ROW("here-crlf", "<<A\r\nb\r\nA\r"),
	CASES_ROW("triple", "\"\"\"a\"\"\""), CASES_ROW("triple-lines", "\"\"\"\na\n\"\"\""),
	CASES_ROW("triple-unended", "\"\"\"a"), CASES_ROW("triple-cut", "\"\"\"a\"\""),
	CASES_ROW("triple-four", "\"\"\"a\"\"\"\""), CASES_ROW("triple-backslash", "\"\"\"a\\"),
	CASES_ROW("triple-line-backslash", "\"\"\"a\\\n  b\"\"\""),
	CASES_ROW("triple-single", "'''a'''"), CASES_ROW("triple-single-cut", "'''a''"),
	CASES_ROW("raw-string", "R\"a(b)a\""), CASES_ROW("raw-string-cut", "R\"a(b)a"),
	CASES_ROW("raw-hashes", "r#\"a\"#"), CASES_ROW("long-bracket", "[=[a]=]"),
	CASES_ROW("long-bracket-cut", "[=[a]="), CASES_ROW("dollars", "$a$b$a$"),
	CASES_ROW("dollars-cut", "$a$b$a"), CASES_ROW("fence", "```a\nb\n```"),
	CASES_ROW("fence-cut", "```a\nb\n``"), CASES_ROW("part", "--a\n\nb\n--a--"),
	CASES_ROW("part-cut", "--a\n\nb\n--a"), CASES_ROWS_END };

static void in_values(struct cases_sink *o, const struct cases_row *rows)
{
	static const struct {
		const char *name, *before, *after;
	} at[] = { { "", "", "" }, { "@line", "", "\n" }, { "@equals", "k=", "" },
		{ "@equals-line", "k = ", "\n" }, { "@equals-blank", "k = ", "" },
		{ "@colon", "k: ", "" }, { "@colon-line", "k: ", "\n" }, { "@word", "k ", "" },
		{ "@list", "k = [", "]" }, { "@block", "k {\n a = ", "\n}\n" },
		{ "@block-unended", "k {\n a = ", "" }, { "@then-more", "k = ", "\nl = 1\n" } };
	struct buf b = BUF_INIT;

	for (; rows->name; rows++)
		for (size_t i = 0; i < ARRAY_LEN(at); i++) {
			buf_reset(&b);
			buf_adds(&b, at[i].before);
			buf_add(&b, rows->text, rows->len);
			buf_adds(&b, at[i].after);
			cases_put_buf(o, &b, "own-end/%s%s", rows->name, at[i].name);
		}
	buf_release(&b);
}

static void controls(struct cases_sink *o)
{
	for (unsigned c = 1; c < 32; c++) {
		char t[] = { 'a', (char)c, 'b', '\n', 0 };

		cases_put(o, t, 4, "control-%02x", c);
	}
	cases_put(o,
		"a\x7f"
		"b\n",
		4, "control-7f");
}

bool cases_text(struct cases_sink *o, const struct cases_input *in, size_t step)
{
	(void)in;
	(void)step;
	cases_put_rows(o, lines);
	cases_put_rows(o, words);
	in_values(o, own_ends);
	controls(o);
	return false;
}

/* What opens and opens comes last: many a parser takes time by the square of its depth. */
bool cases_text_long(struct cases_sink *o, const struct cases_input *in, size_t step)
{
	(void)step;
	cases_put_long(o, "long-line", "", "a", "\n", in->max_len);
	cases_put_long(o, "long-line-unended", "", "a", "", in->max_len);
	cases_put_long(o, "long-line-cr", "", "a", "\r", in->max_len);
	cases_put_long(o, "long-words", "", "a ", "\n", in->max_len);
	cases_put_long(o, "many-lines", "", "\n", "", in->max_len);
	cases_put_long(o, "many-crlf", "", "\r\n", "", in->max_len);
	cases_put_long(o, "many-cr", "", "\r", "", in->max_len);
	cases_put_long(o, "many-lines-of-one", "", "a\n", "", in->max_len);
	cases_put_long(o, "tabs", "", "\t", "a", in->max_len);
	cases_put_long(o, "blanks", "", " ", "a", in->max_len);
	cases_put_long(o, "blanks-behind", "a", " ", "\n", in->max_len);
	cases_put_long(o, "backslashes", "", "\\", "", in->max_len);
	cases_put_long(o, "quotes", "", "\"", "", in->max_len);
	cases_put_long(o, "format", "", "%n", "", in->max_len);
	cases_put_long(o, "minuses", "", "-", "1", in->max_len);
	cases_put_long(o, "nots", "", "!", "1", in->max_len);
	cases_put_long(o, "sums", "1", "+1", "", in->max_len);
	cases_put_long(o, "powers", "2", "^2", "", in->max_len);
	cases_put_long(o, "digits", "", "9", "", in->max_len);
	cases_put_long(o, "fields", "a", ",a", "\n", in->max_len);
	cases_put_long(o, "dots", "a", ".a", "", in->max_len);
	cases_put_long(o, "colons", "a", ":a", "", in->max_len);
	cases_put_long(o, "ampersands", "a=1", "&a=1", "", in->max_len);
	cases_put_long(o, "slashes", "", "/", "", in->max_len);
	cases_put_long(o, "ups", "", "../", "", in->max_len);
	cases_put_long(o, "brackets", "", "(", "", in->max_len);
	cases_put_deep(o, "brackets", "(", in->max_len);
	cases_put_long(o, "brackets-square", "", "[", "", in->max_len);
	cases_put_long(o, "brackets-curly", "", "{", "", in->max_len);
	cases_put_long(o, "brackets-angle", "", "<", "", in->max_len);
	cases_put_nested(o, "nested-round", "(", "1", ")", in->max_len);
	cases_put_nested(o, "nested-square", "[", "1", "]", in->max_len);
	cases_put_nested(o, "nested-curly", "{", "1", "}", in->max_len);
	cases_put_nested(o, "nested-mixed", "([{", "1", "}])", in->max_len);
	cases_put_nested(o, "nested-tags", "<a>", "", "</a>", in->max_len);
	cases_put_deep(o, "nested-tags", "<a>", in->max_len);
	cases_put_nested(o, "nested-begin", "begin ", "", "end ", in->max_len);
	return false;
}
