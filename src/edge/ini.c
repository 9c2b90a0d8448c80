/* INI files: a format with as many dialects as readers. */
#include "base/prelude.h"
#include "edge/edge.h"

static const struct edge_row rows[] = { EDGE_ROW("pair", "a=b\n"),
	EDGE_ROW("pair-no-newline", "a=b"), EDGE_ROW("section", "[s]\na=b\n"),
	EDGE_ROW("section-empty-name", "[]\na=b\n"), EDGE_ROW("section-blank-name", "[ ]\na=b\n"),
	EDGE_ROW("section-unended", "[s\na=b\n"), EDGE_ROW("section-unended-end-of-input", "[s"),
	EDGE_ROW("section-open", "["), EDGE_ROW("section-close", "]"),
	EDGE_ROW("section-nested", "[[s]]\n"), EDGE_ROW("section-bracket-in-name", "[a]b]\n"),
	EDGE_ROW("section-then-garbage", "[s] x\n"), EDGE_ROW("section-then-comment", "[s] ; c\n"),
	EDGE_ROW("section-twice", "[s]\na=1\n[s]\na=2\n"), EDGE_ROW("section-dotted", "[a.b.c]\n"),
	EDGE_ROW("section-quoted", "[a \"b\"]\nc=d\n"),
	EDGE_ROW("section-quoted-unended", "[a \"b]\nc=d\n"),
	EDGE_ROW("section-indented", "  [s]\n"), EDGE_ROW("no-value", "a=\n"),
	EDGE_ROW("no-value-end-of-input", "a="), EDGE_ROW("no-equals", "a\n"),
	EDGE_ROW("no-key", "=b\n"), EDGE_ROW("equals-only", "="), EDGE_ROW("two-equals", "a==b\n"),
	EDGE_ROW("equals-in-value", "a=b=c\n"), EDGE_ROW("colon", "a:b\n"),
	EDGE_ROW("colon-and-equals", "a:b=c\n"), EDGE_ROW("blanks", "  a  =  b  \n"),
	EDGE_ROW("tabs", "\ta\t=\tb\t\n"), EDGE_ROW("blanks-only-value", "a=   \n"),
	EDGE_ROW("key-with-blank", "a b=c\n"), EDGE_ROW("key-twice", "a=1\na=2\n"),
	EDGE_ROW("key-by-case", "a=1\nA=2\n"), EDGE_ROW("key-array", "a[]=1\na[]=2\n"),
	EDGE_ROW("key-array-index", "a[99999999999]=1\n"), EDGE_ROW("quoted", "a=\"b\"\n"),
	EDGE_ROW("quoted-unended", "a=\"b\n"), EDGE_ROW("quoted-unended-end-of-input", "a=\""),
	EDGE_ROW("quoted-then-garbage", "a=\"b\"c\n"),
	EDGE_ROW("quoted-escape", "a=\"\\\"\\\\\\n\"\n"),
	EDGE_ROW("quoted-escape-at-end", "a=\"\\"), EDGE_ROW("quoted-newline", "a=\"b\nc\"\n"),
	EDGE_ROW("quoted-comment", "a=\";b\"\n"), EDGE_ROW("single-quoted", "a='b'\n"),
	EDGE_ROW("quotes-mixed", "a='b\"\n"), EDGE_ROW("comment-semicolon", "; c\n"),
	EDGE_ROW("comment-hash", "# c\n"), EDGE_ROW("comment-empty", ";\n"),
	EDGE_ROW("comment-end-of-input", ";"), EDGE_ROW("comment-inline", "a=b ; c\n"),
	EDGE_ROW("comment-inline-no-blank", "a=b;c\n"), EDGE_ROW("comment-in-key", "a;b=c\n"),
	EDGE_ROW("continued", "a=b\\\nc\n"), EDGE_ROW("continued-end-of-input", "a=b\\"),
	EDGE_ROW("continued-by-indent", "a=b\n  c\n"), EDGE_ROW("continued-first", "  c\na=b\n"),
	EDGE_ROW("continued-comment", "a=b\\\n;c\n"), EDGE_ROW("continued-section", "a=b\\\n[s]\n"),
	EDGE_ROW("interpolation", "a=%(b)s\nb=%(a)s\n"),
	EDGE_ROW("interpolation-itself", "a=%(a)s\n"), EDGE_ROW("interpolation-cut", "a=%(b\n"),
	EDGE_ROW("variable", "a=${HOME}\n"), EDGE_ROW("variable-cut", "a=${\n"),
	EDGE_ROW("include", "[include]\npath=/dev/zero\n"),
	EDGE_ROW("include-itself", "include=x.ini\n"),
	EDGE_ROW("bool-words", "a=yes\nb=off\nc=TRUE\nd=maybe\n"),
	EDGE_ROW("numbers", "a=0x7fffffffffffffff\nb=1e309\nc=-9223372036854775809\n"),
	EDGE_ROW("sizes", "a=1k\nb=99999999999G\nc=-1M\n"), EDGE_ROW("nul-in-key", "a\0b=c\n"),
	EDGE_ROW("nul-in-value", "a=b\0c\n"), EDGE_ROW("mark", "\xef\xbb\xbf[s]\na=b\n"),
	EDGE_ROW("cr-ends", "[s]\ra=b\r"), EDGE_ROW("crlf-ends", "[s]\r\na=b\r\n"),
	EDGE_ROW("only-newlines", "\n\n\n"), EDGE_ROWS_END };

bool edge_ini(struct edge_out *o, const struct edge_input *in, size_t step)
{
	if (step == 0) {
		edge_put_rows(o, rows);
		return true;
	}
	edge_put_long(o, "long/section", "[", "s", "]\na=b\n", in->max_len);
	edge_put_long(o, "long/section-unended", "[", "s", "", in->max_len);
	edge_put_long(o, "long/key", "", "k", "=v\n", in->max_len);
	edge_put_long(o, "long/value", "k=", "v", "\n", in->max_len);
	edge_put_long(o, "long/value-unended", "k=", "v", "", in->max_len);
	edge_put_long(o, "long/quoted", "k=\"", "v", "\"\n", in->max_len);
	edge_put_long(o, "long/escapes", "k=\"", "\\\\", "\"\n", in->max_len);
	edge_put_long(o, "long/comment", ";", "c", "\n", in->max_len);
	edge_put_long(o, "long/continued", "k=v", "\\\nv", "\n", in->max_len);
	edge_put_long(o, "long/blanks", "k=", " ", "v\n", in->max_len);
	edge_put_long(o, "long/equals", "k", "=", "\n", in->max_len);
	edge_put_long(o, "wide/sections", "", "[s]\n", "", in->max_len);
	edge_put_long(o, "wide/pairs", "", "a=b\n", "", in->max_len);
	edge_put_long(o, "wide/comments", "", ";\n", "", in->max_len);
	edge_put_long(o, "wide/dots", "[a", ".a", "]\nb=c\n", in->max_len);
	edge_put_nested(o, "depth/brackets", "[", "s", "]", in->max_len);
	return false;
}
