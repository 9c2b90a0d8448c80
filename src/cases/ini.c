/* INI files: a format with as many dialects as readers. */
#include "base/prelude.h"
#include "cases/internal.h"

static const struct cases_row rows[] = { CASES_ROW("pair", "a=b\n"),
	CASES_ROW("pair-no-newline", "a=b"), CASES_ROW("section", "[s]\na=b\n"),
	CASES_ROW("section-empty-name", "[]\na=b\n"), CASES_ROW("section-blank-name", "[ ]\na=b\n"),
	CASES_ROW("section-unended", "[s\na=b\n"), CASES_ROW("section-unended-end-of-input", "[s"),
	CASES_ROW("section-open", "["), CASES_ROW("section-close", "]"),
	CASES_ROW("section-nested", "[[s]]\n"), CASES_ROW("section-bracket-in-name", "[a]b]\n"),
	CASES_ROW("section-then-garbage", "[s] x\n"),
	CASES_ROW("section-then-comment", "[s] ; c\n"),
	CASES_ROW("section-twice", "[s]\na=1\n[s]\na=2\n"),
	CASES_ROW("section-dotted", "[a.b.c]\n"), CASES_ROW("section-quoted", "[a \"b\"]\nc=d\n"),
	CASES_ROW("section-quoted-unended", "[a \"b]\nc=d\n"),
	CASES_ROW("section-indented", "  [s]\n"), CASES_ROW("no-value", "a=\n"),
	CASES_ROW("no-value-end-of-input", "a="), CASES_ROW("no-equals", "a\n"),
	CASES_ROW("no-key", "=b\n"), CASES_ROW("equals-only", "="),
	CASES_ROW("two-equals", "a==b\n"), CASES_ROW("equals-in-value", "a=b=c\n"),
	CASES_ROW("colon", "a:b\n"), CASES_ROW("colon-and-equals", "a:b=c\n"),
	CASES_ROW("blanks", "  a  =  b  \n"), CASES_ROW("tabs", "\ta\t=\tb\t\n"),
	CASES_ROW("blanks-only-value", "a=   \n"), CASES_ROW("key-with-blank", "a b=c\n"),
	CASES_ROW("key-twice", "a=1\na=2\n"), CASES_ROW("key-by-case", "a=1\nA=2\n"),
	CASES_ROW("key-array", "a[]=1\na[]=2\n"),
	CASES_ROW("key-array-index", "a[99999999999]=1\n"), CASES_ROW("quoted", "a=\"b\"\n"),
	CASES_ROW("quoted-unended", "a=\"b\n"), CASES_ROW("quoted-unended-end-of-input", "a=\""),
	CASES_ROW("quoted-then-garbage", "a=\"b\"c\n"),
	CASES_ROW("quoted-escape", "a=\"\\\"\\\\\\n\"\n"),
	CASES_ROW("quoted-escape-at-end", "a=\"\\"), CASES_ROW("quoted-newline", "a=\"b\nc\"\n"),
	CASES_ROW("quoted-comment", "a=\";b\"\n"), CASES_ROW("single-quoted", "a='b'\n"),
	CASES_ROW("quotes-mixed", "a='b\"\n"), CASES_ROW("comment-semicolon", "; c\n"),
	CASES_ROW("comment-hash", "# c\n"), CASES_ROW("comment-empty", ";\n"),
	CASES_ROW("comment-end-of-input", ";"), CASES_ROW("comment-inline", "a=b ; c\n"),
	CASES_ROW("comment-inline-no-blank", "a=b;c\n"), CASES_ROW("comment-in-key", "a;b=c\n"),
	CASES_ROW("continued", "a=b\\\nc\n"), CASES_ROW("continued-end-of-input", "a=b\\"),
	CASES_ROW("continued-by-indent", "a=b\n  c\n"), CASES_ROW("continued-first", "  c\na=b\n"),
	CASES_ROW("continued-comment", "a=b\\\n;c\n"),
	CASES_ROW("continued-section", "a=b\\\n[s]\n"),
	CASES_ROW("interpolation", "a=%(b)s\nb=%(a)s\n"),
	CASES_ROW("interpolation-itself", "a=%(a)s\n"), CASES_ROW("interpolation-cut", "a=%(b\n"),
	CASES_ROW("variable", "a=${HOME}\n"), CASES_ROW("variable-cut", "a=${\n"),
	CASES_ROW("include", "[include]\npath=/dev/zero\n"),
	CASES_ROW("include-itself", "include=x.ini\n"),
	CASES_ROW("bool-words", "a=yes\nb=off\nc=TRUE\nd=maybe\n"),
	CASES_ROW("numbers", "a=0x7fffffffffffffff\nb=1e309\nc=-9223372036854775809\n"),
	CASES_ROW("sizes", "a=1k\nb=99999999999G\nc=-1M\n"), CASES_ROW("nul-in-key", "a\0b=c\n"),
	CASES_ROW("nul-in-value", "a=b\0c\n"), CASES_ROW("mark", "\xef\xbb\xbf[s]\na=b\n"),
	CASES_ROW("cr-ends", "[s]\ra=b\r"), CASES_ROW("crlf-ends", "[s]\r\na=b\r\n"),
	CASES_ROW("only-newlines", "\n\n\n"), CASES_ROWS_END };

bool cases_ini(struct cases_sink *o, const struct cases_input *in, size_t step)
{
	if (step == 0) {
		cases_put_rows(o, rows);
		return true;
	}
	cases_put_long(o, "long/section", "[", "s", "]\na=b\n", in->max_len);
	cases_put_long(o, "long/section-unended", "[", "s", "", in->max_len);
	cases_put_long(o, "long/key", "", "k", "=v\n", in->max_len);
	cases_put_long(o, "long/value", "k=", "v", "\n", in->max_len);
	cases_put_long(o, "long/value-unended", "k=", "v", "", in->max_len);
	cases_put_long(o, "long/quoted", "k=\"", "v", "\"\n", in->max_len);
	cases_put_long(o, "long/escapes", "k=\"", "\\\\", "\"\n", in->max_len);
	cases_put_long(o, "long/comment", ";", "c", "\n", in->max_len);
	cases_put_long(o, "long/continued", "k=v", "\\\nv", "\n", in->max_len);
	cases_put_long(o, "long/blanks", "k=", " ", "v\n", in->max_len);
	cases_put_long(o, "long/equals", "k", "=", "\n", in->max_len);
	cases_put_long(o, "wide/sections", "", "[s]\n", "", in->max_len);
	cases_put_long(o, "wide/pairs", "", "a=b\n", "", in->max_len);
	cases_put_long(o, "wide/comments", "", ";\n", "", in->max_len);
	cases_put_long(o, "wide/dots", "[a", ".a", "]\nb=c\n", in->max_len);
	cases_put_nested(o, "depth/brackets", "[", "s", "]", in->max_len);
	return false;
}
