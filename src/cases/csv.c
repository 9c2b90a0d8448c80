/* Separated values: quotes, separators and line ends wherever they can be. */
#include "base/prelude.h"
#include "cases/internal.h"

static const struct cases_row rows[] = { CASES_ROW("one", "a\n"), CASES_ROW("one-no-newline", "a"),
	CASES_ROW("two", "a,b\n"), CASES_ROW("header-only", "a,b,c\n"), CASES_ROW("separator", ","),
	CASES_ROW("separators", ",,,\n"), CASES_ROW("leading", ",a\n"),
	CASES_ROW("trailing", "a,\n"), CASES_ROW("empty-line", "\n"),
	CASES_ROW("empty-lines-between", "a\n\n\nb\n"), CASES_ROW("crlf", "a,b\r\nc,d\r\n"),
	CASES_ROW("cr", "a,b\rc,d\r"), CASES_ROW("mixed-ends", "a\nb\rc\r\nd"),
	CASES_ROW("lf-in-crlf-file", "a\r\nb\nc\r\n"), CASES_ROW("blanks", " a , b \n"),
	CASES_ROW("tabs", "a\tb\n"), CASES_ROW("semicolons", "a;b\n"), CASES_ROW("pipes", "a|b\n"),
	CASES_ROW("separator-line", "sep=;\na;b\n"), CASES_ROW("quoted", "\"a\"\n"),
	CASES_ROW("quoted-empty", "\"\"\n"), CASES_ROW("quoted-separator", "\"a,b\"\n"),
	CASES_ROW("quoted-newline", "\"a\nb\",c\n"), CASES_ROW("quoted-crlf", "\"a\r\nb\"\r\n"),
	CASES_ROW("quoted-quote", "\"a\"\"b\"\n"), CASES_ROW("quoted-only-quotes", "\"\"\"\"\n"),
	CASES_ROW("quote-alone", "\""), CASES_ROW("quotes-three", "\"\"\""),
	CASES_ROW("quote-unended", "\"a\n"), CASES_ROW("quote-unended-separator", "\"a,b\nc,d\n"),
	CASES_ROW("quote-in-middle", "a\"b\"c\n"), CASES_ROW("quote-at-end", "a\"\n"),
	CASES_ROW("quoted-then-text", "\"a\"b,c\n"), CASES_ROW("quoted-then-blank", "\"a\" ,b\n"),
	CASES_ROW("blank-then-quoted", "a, \"b\"\n"), CASES_ROW("quoted-then-quote", "\"a\"\"\n"),
	CASES_ROW("single-quoted", "'a,b'\n"), CASES_ROW("escaped-quote", "\"a\\\"b\"\n"),
	CASES_ROW("escape-at-end", "\"a\\"), CASES_ROW("ragged-short", "a,b,c\nd\n"),
	CASES_ROW("ragged-long", "a\nb,c,d\n"), CASES_ROW("same-headers", "a,a\n1,2\n"),
	CASES_ROW("empty-header", ",\n1,2\n"), CASES_ROW("comment", "#c\na,b\n"),
	CASES_ROW("nul", "a\0b,c\n"), CASES_ROW("nul-quoted", "\"a\0b\"\n"),
	CASES_ROW("mark", "\xef\xbb\xbf"
			  "a,b\n"),
	CASES_ROW("mark-quoted", "\xef\xbb\xbf\"a\",b\n"),
	CASES_ROW("numbers", "0,-0,01,1e309,nan,9223372036854775808\n"),
	CASES_ROW("formula", "=1+1,@a,+1,-1\n"), CASES_ROW("nulls", "NULL,\\N,null,\"NULL\"\n"),
	CASES_ROW("dates", "2024-02-30,1900-02-29,0000-00-00\n"), CASES_ROWS_END };

bool cases_csv(struct cases_sink *o, const struct cases_input *in, size_t step)
{
	if (step == 0) {
		cases_put_rows(o, rows);
		return true;
	}
	cases_put_long(o, "long/field", "", "a", ",b\n", in->max_len);
	cases_put_long(o, "long/quoted", "\"", "a", "\"\n", in->max_len);
	cases_put_long(o, "long/quoted-unended", "\"", "a", "", in->max_len);
	cases_put_long(o, "long/quotes", "", "\"", "\n", in->max_len);
	cases_put_long(o, "long/quoted-newlines", "\"", "\n", "\"\n", in->max_len);
	cases_put_long(o, "wide/empty-fields", "", ",", "\n", in->max_len);
	cases_put_long(o, "wide/fields", "", "a,", "\n", in->max_len);
	cases_put_long(o, "wide/quoted-fields", "", "\"\",", "\n", in->max_len);
	cases_put_long(o, "wide/rows", "", "a,b\n", "", in->max_len);
	cases_put_long(o, "wide/empty-rows", "", "\n", "", in->max_len);
	cases_put_long(o, "wide/header-then-short", "a", ",a", "\n1\n", in->max_len);
	cases_put_long(o, "wide/short-then-long", "a\n1", ",1", "\n", in->max_len);
	return false;
}
