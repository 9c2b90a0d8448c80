/* Base64: every length and padding, letters outside the alphabet, bits that padding hides. */
#include "base/prelude.h"
#include "cases/internal.h"

static const struct cases_row rows[] = { CASES_ROW("padding-1", "QUI="),
	CASES_ROW("padding-2", "QQ=="), CASES_ROW("padding-none", "QUJD"),
	CASES_ROW("padding-missing-1", "QUI"), CASES_ROW("padding-missing-2", "QQ"),
	CASES_ROW("padding-cut", "QQ="), CASES_ROW("padding-3", "Q==="),
	CASES_ROW("padding-4", "===="), CASES_ROW("padding-alone", "="),
	CASES_ROW("padding-first", "=QUI"), CASES_ROW("padding-in-middle", "QQ==QQ=="),
	CASES_ROW("padding-then-letter", "QQ=Q"), CASES_ROW("padding-too-much", "QUJD===="),
	CASES_ROW("padding-after-full", "QUJD="), CASES_ROW("one-letter", "Q"),
	CASES_ROW("five-letters", "QUJDQ"), CASES_ROW("stray-bits-1", "QUJ="),
	CASES_ROW("stray-bits-2", "QR=="), CASES_ROW("stray-bits-all", "//=="),
	CASES_ROW("all-zero", "AAAA"), CASES_ROW("all-one", "////"),
	CASES_ROW("url-alphabet", "-_-_"), CASES_ROW("both-alphabets", "+/-_"),
	CASES_ROW("outside-letter", "QU!D"), CASES_ROW("outside-first", "!QUJD"),
	CASES_ROW("outside-high", "QU\xffJD"), CASES_ROW("outside-nul", "QU\0D"),
	CASES_ROW("at", "@@@@"), CASES_ROW("bracket", "[[[["), CASES_ROW("backquote", "````"),
	CASES_ROW("brace", "{{{{"), CASES_ROW("colon", "::::"), CASES_ROW("dot", "...."),
	CASES_ROW("blank-inside", "QU JD"), CASES_ROW("newline-inside", "QU\nJD"),
	CASES_ROW("crlf-inside", "QU\r\nJD"), CASES_ROW("newline-behind", "QUJD\n"),
	CASES_ROW("blank-first", " QUJD"), CASES_ROW("blank-in-padding", "QQ= ="),
	CASES_ROW("newline-in-padding", "QQ=\n="), CASES_ROW("tab", "QU\tJD"),
	CASES_ROW("data-url", "data:;base64,QUJD"),
	CASES_ROW("armour", "-----BEGIN A-----\nQUJD\n-----END A-----\n"),
	CASES_ROW("armour-unended", "-----BEGIN A-----\nQUJD\n"),
	CASES_ROW("armour-other-end", "-----BEGIN A-----\n-----END B-----\n"), CASES_ROWS_END };

bool cases_base64(struct cases_sink *o, const struct cases_input *in, size_t step)
{
	if (step == 0) {
		cases_put_rows(o, rows);
		for (unsigned c = 0; c < 256; c++) {
			char four[] = { 'Q', (char)c, 'J', 'D', 0 };

			cases_put(o, four, 4, "second-letter-%02x", c);
			four[1] = 'U';
			four[3] = (char)c;
			cases_put(o, four, 4, "last-letter-%02x", c);
		}
		return true;
	}
	cases_put_long(o, "long/letters", "", "A", "", in->max_len);
	cases_put_long(o, "long/quads", "", "QUJD", "", in->max_len);
	cases_put_long(o, "long/quads-padding", "", "QUJD", "QQ==", in->max_len);
	cases_put_long(o, "long/quads-cut", "", "QUJD", "Q", in->max_len);
	cases_put_long(o, "long/padding", "QQ", "=", "", in->max_len);
	cases_put_long(o, "long/newlines", "QU", "\n", "JD", in->max_len);
	cases_put_long(o, "long/lines", "", "QUJD\n", "", in->max_len);
	cases_put_long(o, "long/outside", "", "!", "", in->max_len);
	return false;
}
