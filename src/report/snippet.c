/* Pieces of a bug's page: lines of source, bytes of an input. */
#include "base/prelude.h"
#include "report/snippet.h"
#include "base/fs.h"
#include "report/term.h"

#define SOURCE_MAX ((uint64_t)16 << 20)
#define ROW 16
/* of a hexdump's line, without its bytes */
#define HEX_MARGIN 13

static void add_source_line(
	struct buf *out, struct strv text, unsigned no, bool marked, size_t indent, size_t columns)
{
	struct buf plain = BUF_INIT;
	size_t margin = indent + 11, room = columns > margin ? columns - margin : 1;

	for (size_t i = 0; i < text.len; i++) {
		if (text.s[i] == '\t')
			buf_adds(&plain, "    ");
		else
			buf_addch(&plain, text.s[i]);
	}
	buf_addf(out, "%*s%c %6u | ", (int)indent, "", marked ? '>' : ' ', no);
	term_add_cut(out, strv_n(buf_str(&plain), plain.len), room);
	buf_addch(out, '\n');
	buf_release(&plain);
}

bool snippet_source(struct buf *out, const char *file, unsigned line, unsigned around,
	size_t indent, size_t columns)
{
	struct buf source = BUF_INIT;
	struct strv text, l;
	unsigned first = line > around ? line - around : 1, no = 0;
	size_t before = out->len;

	if (!file || !line || fs_read(file, SOURCE_MAX, &source, NULL) < 0) {
		buf_release(&source);
		return false;
	}
	text = strv_n(buf_str(&source), source.len);
	while (no < line + around && strv_line(&text, &l)) {
		no++;
		if (no >= first)
			add_source_line(out, l, no, no == line, indent, columns);
	}
	/* another version of the file, which hasn't that many lines: its others mean nothing */
	if (no < line) {
		out->len = before;
		if (out->s)
			out->s[before] = '\0';
	}
	buf_release(&source);
	return no >= line;
}

static void add_hex_row(struct buf *out, const unsigned char *p, size_t at, size_t n,
	const unsigned char *essential, size_t row, bool text)
{
	for (size_t i = 0; i < row; i++) {
		if (i == ROW / 2)
			buf_addch(out, ' ');
		if (at + i >= n && !text)
			break;
		if (at + i >= n)
			buf_adds(out, "   ");
		else if (essential && essential[at + i] == 0)
			buf_adds(out, ".. ");
		else
			buf_addf(out, "%02x ", p[at + i]);
	}
	if (!text)
		out->s[--out->len] = '\0';
	buf_adds(out, text ? " |" : "");
	for (size_t i = 0; text && i < row && at + i < n; i++)
		buf_addch(out, p[at + i] >= 32 && p[at + i] < 127 ? p[at + i] : '.');
	buf_adds(out, text ? "|\n" : "\n");
}

void snippet_hexdump(struct buf *out, const void *data, size_t n, const unsigned char *essential,
	size_t max_lines, size_t indent, size_t columns)
{
	bool any_free = false, text = true;
	size_t at = 0, row = ROW;

	for (size_t i = 0; essential && i < n; i++)
		any_free |= essential[i] == 0;
	/* a byte is two digits, a blank and a character; between the two halves of a whole row there is a gap */
	while (row > 4 && indent + HEX_MARGIN + row * 4 + (row > ROW / 2) > columns)
		row /= 2;
	if (indent + HEX_MARGIN + row * 4 > columns)
		text = false;
	for (; at < n && at < max_lines * ROW; at += row) {
		buf_addf(out, "%*s%0*zx  ", (int)indent, "", text ? 8 : 4, at);
		add_hex_row(out, data, at, n, essential, row, text);
	}
	if (at < n)
		buf_addf(out, "%*s... and %zu bytes more\n", (int)indent, "", n - at);
	if (any_free)
		buf_addf(out, "%*s(bytes shown as .. may be anything)\n", (int)indent, "");
}
