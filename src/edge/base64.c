/* Base64: every length and padding, letters outside the alphabet, bits that padding hides. */
#include "base/prelude.h"
#include "edge/edge.h"

static const struct edge_row rows[] = { EDGE_ROW("padding-1", "QUI="),
	EDGE_ROW("padding-2", "QQ=="), EDGE_ROW("padding-none", "QUJD"),
	EDGE_ROW("padding-missing-1", "QUI"), EDGE_ROW("padding-missing-2", "QQ"),
	EDGE_ROW("padding-cut", "QQ="), EDGE_ROW("padding-3", "Q==="),
	EDGE_ROW("padding-4", "===="), EDGE_ROW("padding-alone", "="),
	EDGE_ROW("padding-first", "=QUI"), EDGE_ROW("padding-in-middle", "QQ==QQ=="),
	EDGE_ROW("padding-then-letter", "QQ=Q"), EDGE_ROW("padding-too-much", "QUJD===="),
	EDGE_ROW("padding-after-full", "QUJD="), EDGE_ROW("one-letter", "Q"),
	EDGE_ROW("five-letters", "QUJDQ"), EDGE_ROW("stray-bits-1", "QUJ="),
	EDGE_ROW("stray-bits-2", "QR=="), EDGE_ROW("stray-bits-all", "//=="),
	EDGE_ROW("all-zero", "AAAA"), EDGE_ROW("all-one", "////"), EDGE_ROW("url-alphabet", "-_-_"),
	EDGE_ROW("both-alphabets", "+/-_"), EDGE_ROW("outside-letter", "QU!D"),
	EDGE_ROW("outside-first", "!QUJD"), EDGE_ROW("outside-high", "QU\xffJD"),
	EDGE_ROW("outside-nul", "QU\0D"), EDGE_ROW("at", "@@@@"), EDGE_ROW("bracket", "[[[["),
	EDGE_ROW("backquote", "````"), EDGE_ROW("brace", "{{{{"), EDGE_ROW("colon", "::::"),
	EDGE_ROW("dot", "...."), EDGE_ROW("blank-inside", "QU JD"),
	EDGE_ROW("newline-inside", "QU\nJD"), EDGE_ROW("crlf-inside", "QU\r\nJD"),
	EDGE_ROW("newline-behind", "QUJD\n"), EDGE_ROW("blank-first", " QUJD"),
	EDGE_ROW("blank-in-padding", "QQ= ="), EDGE_ROW("newline-in-padding", "QQ=\n="),
	EDGE_ROW("tab", "QU\tJD"), EDGE_ROW("data-url", "data:;base64,QUJD"),
	EDGE_ROW("armour", "-----BEGIN A-----\nQUJD\n-----END A-----\n"),
	EDGE_ROW("armour-unended", "-----BEGIN A-----\nQUJD\n"),
	EDGE_ROW("armour-other-end", "-----BEGIN A-----\n-----END B-----\n"), EDGE_ROWS_END };

bool edge_base64(struct edge_out *o, const struct edge_input *in, size_t step)
{
	if (step == 0) {
		edge_put_rows(o, rows);
		for (unsigned c = 0; c < 256; c++) {
			char four[] = { 'Q', (char)c, 'J', 'D', 0 };

			edge_put(o, four, 4, "second-letter-%02x", c);
			four[1] = 'U';
			four[3] = (char)c;
			edge_put(o, four, 4, "last-letter-%02x", c);
		}
		return true;
	}
	edge_put_long(o, "long/letters", "", "A", "", in->max_len);
	edge_put_long(o, "long/quads", "", "QUJD", "", in->max_len);
	edge_put_long(o, "long/quads-padding", "", "QUJD", "QQ==", in->max_len);
	edge_put_long(o, "long/quads-cut", "", "QUJD", "Q", in->max_len);
	edge_put_long(o, "long/padding", "QQ", "=", "", in->max_len);
	edge_put_long(o, "long/newlines", "QU", "\n", "JD", in->max_len);
	edge_put_long(o, "long/lines", "", "QUJD\n", "", in->max_len);
	edge_put_long(o, "long/outside", "", "!", "", in->max_len);
	return false;
}
