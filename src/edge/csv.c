/* Separated values: quotes, separators and line ends wherever they can be. */
#include "base/prelude.h"
#include "edge/edge.h"

static const struct edge_row rows[] = { EDGE_ROW("one", "a\n"), EDGE_ROW("one-no-newline", "a"),
	EDGE_ROW("two", "a,b\n"), EDGE_ROW("header-only", "a,b,c\n"), EDGE_ROW("separator", ","),
	EDGE_ROW("separators", ",,,\n"), EDGE_ROW("leading", ",a\n"), EDGE_ROW("trailing", "a,\n"),
	EDGE_ROW("empty-line", "\n"), EDGE_ROW("empty-lines-between", "a\n\n\nb\n"),
	EDGE_ROW("crlf", "a,b\r\nc,d\r\n"), EDGE_ROW("cr", "a,b\rc,d\r"),
	EDGE_ROW("mixed-ends", "a\nb\rc\r\nd"), EDGE_ROW("lf-in-crlf-file", "a\r\nb\nc\r\n"),
	EDGE_ROW("blanks", " a , b \n"), EDGE_ROW("tabs", "a\tb\n"),
	EDGE_ROW("semicolons", "a;b\n"), EDGE_ROW("pipes", "a|b\n"),
	EDGE_ROW("separator-line", "sep=;\na;b\n"), EDGE_ROW("quoted", "\"a\"\n"),
	EDGE_ROW("quoted-empty", "\"\"\n"), EDGE_ROW("quoted-separator", "\"a,b\"\n"),
	EDGE_ROW("quoted-newline", "\"a\nb\",c\n"), EDGE_ROW("quoted-crlf", "\"a\r\nb\"\r\n"),
	EDGE_ROW("quoted-quote", "\"a\"\"b\"\n"), EDGE_ROW("quoted-only-quotes", "\"\"\"\"\n"),
	EDGE_ROW("quote-alone", "\""), EDGE_ROW("quotes-three", "\"\"\""),
	EDGE_ROW("quote-unended", "\"a\n"), EDGE_ROW("quote-unended-separator", "\"a,b\nc,d\n"),
	EDGE_ROW("quote-in-middle", "a\"b\"c\n"), EDGE_ROW("quote-at-end", "a\"\n"),
	EDGE_ROW("quoted-then-text", "\"a\"b,c\n"), EDGE_ROW("quoted-then-blank", "\"a\" ,b\n"),
	EDGE_ROW("blank-then-quoted", "a, \"b\"\n"), EDGE_ROW("quoted-then-quote", "\"a\"\"\n"),
	EDGE_ROW("single-quoted", "'a,b'\n"), EDGE_ROW("escaped-quote", "\"a\\\"b\"\n"),
	EDGE_ROW("escape-at-end", "\"a\\"), EDGE_ROW("ragged-short", "a,b,c\nd\n"),
	EDGE_ROW("ragged-long", "a\nb,c,d\n"), EDGE_ROW("same-headers", "a,a\n1,2\n"),
	EDGE_ROW("empty-header", ",\n1,2\n"), EDGE_ROW("comment", "#c\na,b\n"),
	EDGE_ROW("nul", "a\0b,c\n"), EDGE_ROW("nul-quoted", "\"a\0b\"\n"),
	EDGE_ROW("mark", "\xef\xbb\xbf"
			 "a,b\n"),
	EDGE_ROW("mark-quoted", "\xef\xbb\xbf\"a\",b\n"),
	EDGE_ROW("numbers", "0,-0,01,1e309,nan,9223372036854775808\n"),
	EDGE_ROW("formula", "=1+1,@a,+1,-1\n"), EDGE_ROW("nulls", "NULL,\\N,null,\"NULL\"\n"),
	EDGE_ROW("dates", "2024-02-30,1900-02-29,0000-00-00\n"), EDGE_ROWS_END };

bool edge_csv(struct edge_out *o, const struct edge_input *in, size_t step)
{
	if (step == 0) {
		edge_put_rows(o, rows);
		return true;
	}
	edge_put_long(o, "long/field", "", "a", ",b\n", in->max_len);
	edge_put_long(o, "long/quoted", "\"", "a", "\"\n", in->max_len);
	edge_put_long(o, "long/quoted-unended", "\"", "a", "", in->max_len);
	edge_put_long(o, "long/quotes", "", "\"", "\n", in->max_len);
	edge_put_long(o, "long/quoted-newlines", "\"", "\n", "\"\n", in->max_len);
	edge_put_long(o, "wide/empty-fields", "", ",", "\n", in->max_len);
	edge_put_long(o, "wide/fields", "", "a,", "\n", in->max_len);
	edge_put_long(o, "wide/quoted-fields", "", "\"\",", "\n", in->max_len);
	edge_put_long(o, "wide/rows", "", "a,b\n", "", in->max_len);
	edge_put_long(o, "wide/empty-rows", "", "\n", "", in->max_len);
	edge_put_long(o, "wide/header-then-short", "a", ",a", "\n1\n", in->max_len);
	edge_put_long(o, "wide/short-then-long", "a\n1", ",1", "\n", in->max_len);
	return false;
}
