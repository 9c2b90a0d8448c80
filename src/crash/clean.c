/*
 * A line as a reader would see it: escape sequences and overprinting out, typography back to the ASCII that programs
 * print, Windows-1252 and Latin-1 as UTF-8.
 */
#include "base/prelude.h"
#include "crash/internal.h"

void utf8_add(struct buf *b, unsigned c)
{
	if (c < 0x80) {
		buf_addch(b, (int)c);
	} else if (c < 0x800) {
		buf_addch(b, (int)(0xc0 | c >> 6));
		buf_addch(b, (int)(0x80 | (c & 0x3f)));
	} else if (c < 0x10000) {
		buf_addch(b, (int)(0xe0 | c >> 12));
		buf_addch(b, (int)(0x80 | (c >> 6 & 0x3f)));
		buf_addch(b, (int)(0x80 | (c & 0x3f)));
	} else {
		buf_addch(b, (int)(0xf0 | (c >> 18 & 7)));
		buf_addch(b, (int)(0x80 | (c >> 12 & 0x3f)));
		buf_addch(b, (int)(0x80 | (c >> 6 & 0x3f)));
		buf_addch(b, (int)(0x80 | (c & 0x3f)));
	}
}

/* Behind an ESC at s[i - 1]: where the sequence ends. */
static size_t escape_end(struct strv s, size_t i)
{
	if (i >= s.len)
		return i;
	switch (s.s[i]) {
	case '[':
		for (i++; i < s.len && (s.s[i] < 0x40 || s.s[i] > 0x7e);)
			i++;
		return MIN(i + 1, s.len);
	case ']': /* titles and links, Buildkite's times: up to BEL or ESC \ */
	case '_':
	case 'P':
	case '^':
		while (i < s.len && s.s[i] != 0x07 && s.s[i] != 0x1b)
			i++;
		return MIN(i + (i < s.len && s.s[i] == 0x07), s.len);
	case '(':
	case ')':
	case '#':
	case '%':
		return MIN(i + 2, s.len);
	default:
		return i + 1;
	}
}

/* ESC in words: cat -v's "^[", and "[31m" with its ESC lost; how long, 0: not there. */
static size_t written_escape(struct strv s, size_t i)
{
	static const char *const spelled[] = { "^[[", "\\033[", "\\x1b[", "\\x1B[", "\\u001b[",
		"\\u001B[", "\\e[", "#033[" };
	size_t at = 0;

	for (size_t k = 0; !at && k < ARRAY_LEN(spelled); k++)
		if (strv_starts(strv_from(s, i), spelled[k]))
			at = i + strlen(spelled[k]);
	if (!at)
		return 0;
	while (at < s.len && ((s.s[at] >= '0' && s.s[at] <= '9') || s.s[at] == ';'))
		at++;
	return at < s.len && ((s.s[at] | 32) >= 'a' && (s.s[at] | 32) <= 'z') ? at + 1 - i : 0;
}

bool clean_has_written(struct strv s)
{
	for (size_t i = 0, at; (at = strv_chr(strv_from(s, i), '\\')) != SIZE_MAX; i += at + 1)
		if (written_escape(s, i + at))
			return true;
	return false;
}

/* What a terminal would show: no sequences, no overstruck letters, no other controls. */
void clean_visible(struct buf *out, struct strv s, bool written)
{
	size_t n;

	for (size_t i = 0; i < s.len;) {
		unsigned char c = (unsigned char)s.s[i];

		if (c == 0x1b) {
			i = escape_end(s, i + 1);
		} else if (c == '\b') {
			out->len -= out->len > 0;
			i++;
		} else if (c < ' ' && c != '\t' && c != '\r') {
			if (c == '\f' || c == '\v')
				buf_addch(out, ' ');
			i++;
		} else if ((c == '^' || c == '\\' || c == '#') && written &&
			   (n = written_escape(s, i))) {
			i += n;
		} else {
			buf_addch(out, c);
			i++;
		}
	}
}

/* The length of a well-formed UTF-8 sequence, 0: it isn't one. */
static size_t utf8_length(struct strv s, size_t i)
{
	unsigned char c = (unsigned char)s.s[i];
	size_t n = c < 0x80                ? 1
		   : c >= 0xc2 && c < 0xe0 ? 2
		   : (c & 0xf0) == 0xe0    ? 3
		   : (c & 0xf8) == 0xf0    ? 4
					   : 0;

	if (!n || i + n > s.len)
		return 0;
	for (size_t k = 1; k < n; k++)
		if (((unsigned char)s.s[i + k] & 0xc0) != 0x80)
			return 0;
	return n;
}

/* Windows-1252 where it differs from Latin-1: typographic quotes and dashes as ASCII, others as blanks. */
static const char *cp1252(unsigned char c)
{
	switch (c) {
	case 0x91:
	case 0x92:
	case 0x8b:
	case 0x9b:
		return "'";
	case 0x93:
	case 0x94:
		return "\"";
	case 0x96:
	case 0x97:
		return "-";
	case 0x85:
		return "...";
	case 0xa0:
		return " ";
	default:
		return NULL;
	}
}

/* Typographic variants of what programs print in ASCII, as word processors and web pages make them. */
static const struct {
	const char *text, *plain;
} typographic[] = {
	{ "\xc2\xa0", " " },
	{ "\xe2\x80\xaf", " " },
	{ "\xe2\x80\x89", " " },
	{ "\xe2\x80\x8b", "" },
	{ "\xe2\x80\x8c", "" },
	{ "\xe2\x80\x8d", "" },
	{ "\xef\xbb\xbf", "" },
	{ "\xe2\x80\x8e", "" },
	{ "\xe2\x80\x8f", "" },
	{ "\xe2\x81\xa0", "" },
	{ "\xc2\xad", "" },
	{ "\xe2\x80\x98", "'" },
	{ "\xe2\x80\x99", "'" },
	{ "\xe2\x80\x9c", "\"" },
	{ "\xe2\x80\x9d", "\"" },
	{ "\xe2\x80\x90", "-" },
	{ "\xe2\x80\x91", "-" },
	{ "\xe2\x80\x92", "-" },
	{ "\xe2\x80\x93", "-" },
	{ "\xe2\x80\x94", "-" },
	{ "\xe2\x88\x92", "-" },
	{ "\xe3\x80\x80", " " },
	{ "\xef\xbc\x88", " (" },
	{ "\xef\xbc\x89", ")" },
	{ "\xef\xbc\x9a", ": " },
	{ "\xef\xbc\x8c", ", " },
	/* UTF-8 that was taken for Windows-1252 and written as UTF-8 once more */
	{ "\xc3\xa2\xe2\x82\xac\xcb\x9c", "'" },
	{ "\xc3\xa2\xe2\x82\xac\xe2\x84\xa2", "'" },
	{ "\xc3\xa2\xe2\x82\xac\xc5\x93", "\"" },
	{ "\xc3\xa2\xe2\x82\xac\xc2\x9d", "\"" },
	{ "\xc3\x82\xc2\xa0", " " },
};

void clean_plain(struct buf *out, struct strv s)
{
	for (size_t i = 0; i < s.len;) {
		size_t n = utf8_length(s, i), k;
		const char *plain;

		if ((unsigned char)s.s[i] < 0x80) {
			buf_addch(out, s.s[i++]);
			continue;
		}
		if (!n) {
			plain = cp1252((unsigned char)s.s[i]);
			if (plain)
				buf_adds(out, plain);
			else
				utf8_add(out, (unsigned char)s.s[i]);
			i++;
			continue;
		}
		for (k = 0; k < ARRAY_LEN(typographic); k++)
			if (strv_starts(strv_from(s, i), typographic[k].text))
				break;
		if (k < ARRAY_LEN(typographic)) {
			buf_adds(out, typographic[k].plain);
			i += strlen(typographic[k].text);
		} else {
			buf_add(out, s.s + i, n);
			i += n;
		}
	}
}

/* "[36mname |[0m text", from where a page swallowed the ESC */
bool clean_lost_escape(struct strv s)
{
	size_t i = 1;

	if (s.len < 3 || s.s[0] != '[' || s.s[1] < '0' || s.s[1] > '9')
		return false;
	while (i < s.len && ((s.s[i] >= '0' && s.s[i] <= '9') || s.s[i] == ';'))
		i++;
	return i < s.len && s.s[i] == 'm';
}

void clean_lost_escapes(struct buf *out, struct strv s)
{
	for (size_t i = 0; i < s.len;) {
		if (s.s[i] == '[' && clean_lost_escape(strv_from(s, i))) {
			i += strv_chr(strv_from(s, i), 'm') + 1;
			continue;
		}
		buf_addch(out, s.s[i++]);
	}
}
