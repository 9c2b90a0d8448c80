/* Pieces of a bug's page: lines of source, bytes of an input. */
#include "base/prelude.h"
#include "report/snippet.h"
#include "base/escape.h"
#include "base/fs.h"

#define SOURCE_MAX ((uint64_t)16 << 20)
#define ROW 16

static void add_source_line(
	struct buf *out, struct strv text, unsigned no, bool marked, size_t indent, size_t columns)
{
	struct buf plain = BUF_INIT, shown = BUF_INIT;
	size_t room = columns > indent + 12 ? columns - indent - 12 : 20;

	for (size_t i = 0; i < text.len; i++) {
		if (text.s[i] == '\t')
			buf_adds(&plain, "    ");
		else
			buf_addch(&plain, text.s[i]);
	}
	escape_term(&shown, strv_sub(strv_n(buf_str(&plain), plain.len), 0, room));
	buf_addf(out, "%*s%c %6u | %s\n", (int)indent, "", marked ? '>' : ' ', no, buf_str(&shown));
	buf_release(&plain);
	buf_release(&shown);
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
	const unsigned char *essential)
{
	for (size_t i = 0; i < ROW; i++) {
		if (i == ROW / 2)
			buf_addch(out, ' ');
		if (at + i >= n)
			buf_adds(out, "   ");
		else if (essential && essential[at + i] == 0)
			buf_adds(out, ".. ");
		else
			buf_addf(out, "%02x ", p[at + i]);
	}
	buf_adds(out, " |");
	for (size_t i = 0; i < ROW && at + i < n; i++)
		buf_addch(out, p[at + i] >= 32 && p[at + i] < 127 ? p[at + i] : '.');
	buf_adds(out, "|\n");
}

void snippet_hexdump(struct buf *out, const void *data, size_t n, const unsigned char *essential,
	size_t max_lines, size_t indent)
{
	bool any_free = false;
	size_t at = 0;

	for (size_t i = 0; essential && i < n; i++)
		any_free |= essential[i] == 0;
	for (size_t line = 0; at < n && line < max_lines; line++, at += ROW) {
		buf_addf(out, "%*s%08zx  ", (int)indent, "", at);
		add_hex_row(out, data, at, n, essential);
	}
	if (at < n)
		buf_addf(out, "%*s... and %zu bytes more\n", (int)indent, "", n - at);
	if (any_free)
		buf_addf(out, "%*s(bytes shown as .. may be anything)\n", (int)indent, "");
}
