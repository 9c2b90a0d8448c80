/*
 * Frames that a terminal, gdb or a mail program broke over several lines, made whole. A frame is held back while
 * its brackets are open or its place is still to come; the next line is its continuation or proves it whole.
 */
#include "base/prelude.h"
#include "crash/internal.h"
#include "crash/lines.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Open brackets and strings at the end of s: those of gdb's arguments and of a name's own. */
static bool unbalanced(struct strv s)
{
	/* most bytes are none of these */
	static const uint8_t counts[256] = { ['"'] = 1,
		['\\'] = 1,
		['('] = 1,
		['['] = 1,
		['{'] = 1,
		[')'] = 1,
		[']'] = 1,
		['}'] = 1,
		['<'] = 1,
		['>'] = 1 };
	size_t round = 0, angle = 0;
	bool quoted = false;

	for (size_t i = 0; i < s.len; i++) {
		char c = s.s[i];

		if (!counts[(unsigned char)c])
			continue;
		if (c == '"') {
			quoted ^= !(i && s.s[i - 1] == '\'');
		} else if (quoted) {
			i += c == '\\';
		} else if (c == '(' || c == '[' || c == '{') {
			round++;
		} else if (c == ')' || c == ']' || c == '}') {
			round -= round > 0;
		} else if (c == '<') {
			angle += !(i >= 8 && !memcmp(s.s + i - 8, "operator", 8)) &&
				 !(i >= 9 && !memcmp(s.s + i - 9, "operator<", 9));
		} else if (c == '>' && i && s.s[i - 1] != '-') {
			angle -= angle > 0;
		}
	}
	return round || quoted || angle;
}

enum begun { NOTHING, WHOLE, MAY_GO_ON, MUST_GO_ON };

/* "...:12" or "(module+0x1f)" ends a frame, however its name looks. */
static bool has_place(struct strv s)
{
	size_t i = s.len, open;

	while (i && is_digit(s.s[i - 1]))
		i--;
	if (i < s.len && i > 1 && s.s[i - 1] == ':' && s.s[i - 2] != ' ')
		return true;
	if (s.s[s.len - 1] != ')')
		return false;
	open = strv_rchr(s, '(');
	return open != SIZE_MAX && open && s.s[open - 1] == ' ' &&
	       find_offset(strv_from(s, open)) != SIZE_MAX;
}

static enum begun frame_begun(struct strv s)
{
	if (has_place(s))
		return WHOLE;
	if (s.len > WRAP_BYTES_MAX)
		return WHOLE;
	if (strv_ends(s, " in") || strv_ends(s, " at") || strv_ends(s, " from") ||
		strv_ends(s, ","))
		return MUST_GO_ON;
	return unbalanced(s) ? MUST_GO_ON : MAY_GO_ON;
}

/* A headline that a mail program broke in front of a number. */
static enum begun headline_begun(struct strv s)
{
	static const char *const ends[] = { " address", " on", " at", " pc", "(pc", " bp", " sp",
		" of", " unknown", " thread", " runtime error:" };

	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		if (strv_ends(s, ends[i]))
			return MUST_GO_ON;
	return WHOLE;
}

static bool begins_valgrind(struct strv s)
{
	size_t i = 2;

	while (i < s.len && is_digit(s.s[i]))
		i++;
	if (i == 2 || i + 2 >= s.len || s.s[i] != '=')
		return false;
	s = strv_trim(strv_from(s, i + 2));
	return strv_starts(s, "at 0x") || strv_starts(s, "by 0x");
}

static enum begun begun(struct strv s)
{
	struct strv in = s;

	switch (*s.s) {
	case '#':
		return s.len > 2 && (is_digit(s.s[1]) || (s.s[1] == ' ' && is_digit(s.s[2])))
			       ? frame_begun(s)
			       : NOTHING;
	case '*':
		strv_skip(&in, "* ");
		return strv_starts(in, "frame #") ? frame_begun(s) : NOTHING;
	case 'f':
		return strv_starts(s, "frame #") ? frame_begun(s) : NOTHING;
	case '@':
		return strv_starts(s, "@ ") && strv_contains(s, "0x") && unbalanced(s) ? MUST_GO_ON
										       : NOTHING;
	case '=':
		if (s.len < 4 || s.s[1] != '=' || !is_digit(s.s[2]))
			return NOTHING;
		if (begins_valgrind(s))
			return unbalanced(s) ? MUST_GO_ON : NOTHING;
		return strv_contains(s, "Sanitizer") ? headline_begun(s) : NOTHING;
	case 'R':
	case 'W':
		return strv_starts(s, "READ of size") || strv_starts(s, "WRITE of size")
			       ? headline_begun(s)
			       : NOTHING;
	default:
		return strv_ends(s, " runtime error:") ? MUST_GO_ON : NOTHING;
	}
}

/* Lines that are never the middle of a frame. */
static bool stands_alone(struct strv s)
{
	static const char *const heads[] = { "(gdb)", "(lldb)", "SUMMARY", "Thread ", "frame #",
		"* frame #", "* thread", "---Type", "--Type", "freed by", "previously allocated",
		"allocated by", "Quit", "[Inferior", "warning:" };
	size_t i = 0;

	if (!s.len || (*s.s == '#' && s.len > 1 && (is_digit(s.s[1]) || s.s[1] == ' ')))
		return true;
	if (s.len > 2 && s.s[0] == '=' && s.s[1] == '=' && (is_digit(s.s[2]) || s.s[2] == '='))
		return true;
	for (size_t k = 0; k < ARRAY_LEN(heads); k++)
		if (strv_starts(s, heads[k]))
			return true;
	while (i < s.len && is_digit(s.s[i]))
		i++;
	if (i && i < s.len && s.s[i] == '\t')
		return true; /* gdb shows a line of source */
	return strv_contains(s, " is located ");
}

/* What may follow a frame that could be whole: the place it was in. */
static bool is_place(struct strv s)
{
	return strv_starts(s, "at ") || strv_starts(s, "from ") || strv_starts(s, "in ") ||
	       *s.s == '/' ||
	       (*s.s == '(' && (s.s[1] == '/' || find_offset(s) != SIZE_MAX ||
				       strv_starts(s, "(BuildId"))) ||
	       strv_starts(s, "<null>") || *s.s == '>' || (*s.s == '[' && strv_contains(s, "+0x"));
}

/* A terminal cuts at its width, in the middle of a word; whatever else breaks lines does so at a blank. */
static bool cut_at_width(const struct wrap_state *w, struct strv line)
{
	static const size_t widths[] = { 80, 100, 120, 132, 160, 200 };

	if (w->trailing || !line.len || *line.s == ' ' || *line.s == '\t')
		return false;
	for (size_t i = 0; i < ARRAY_LEN(widths); i++)
		if (w->width == widths[i])
			return true;
	return false;
}

/* What a mail program breaks a headline in front of. */
static bool is_headline_rest(struct strv s)
{
	static const char *const heads[] = { "0x", "address ", "pc 0x", "(pc ", "bp 0x", "sp 0x",
		"on ", "at ", "thread ", "T0", "of size" };

	for (size_t i = 0; i < ARRAY_LEN(heads); i++)
		if (strv_starts(s, heads[i]))
			return true;
	return false;
}

static bool may_follow(const struct wrap_state *w, struct strv line, struct strv s)
{
	char c = *skip_blank(strv_n(w->held.s, w->held.len)).s;

	if (strv_ends(strv_n(w->held.s, w->held.len), " runtime error:"))
		return true;
	if (c == 'R' || c == 'W' ||
		(c == '=' && strv_contains(strv_n(w->held.s, w->held.len), "Sanitizer")))
		return is_headline_rest(s);
	/* gdb may break between a function and its arguments */
	return w->open || is_place(s) || cut_at_width(w, line) ||
	       (*s.s == '(' && !memchr(w->held.s, '(', w->held.len));
}

static void flush(struct crash_parser *p)
{
	struct wrap_state *w = &p->wrap;
	struct buf t;

	if (!w->lines)
		return;
	w->lines = 0;
	t = w->ready; /* the line outlives whatever it makes the parser hold next */
	w->ready = w->held;
	w->held = t;
	buf_reset(&w->held);
	p->heard(p, strv_n(buf_str(&w->ready), w->ready.len));
}

static void note_width(struct wrap_state *w, struct strv line)
{
	w->width = line.len;
	w->trailing = line.len && (line.s[line.len - 1] == ' ' || line.s[line.len - 1] == '\t');
}

/* True when the line was the rest of the frame held back. */
static bool continues(struct crash_parser *p, struct strv line, struct strv s)
{
	struct wrap_state *w = &p->wrap;
	enum begun state;

	if (!w->lines || stands_alone(s) || !may_follow(w, line, s) || w->lines >= WRAP_LINES_MAX ||
		w->held.len + s.len > WRAP_BYTES_MAX)
		return false;
	if (cut_at_width(w, line))
		buf_addv(&w->held, line);
	else {
		while (w->held.len &&
			(w->held.s[w->held.len - 1] == ' ' || w->held.s[w->held.len - 1] == '\t'))
			w->held.len--;
		buf_addch(&w->held, ' ');
		buf_addv(&w->held, s);
	}
	w->lines++;
	note_width(w, line);
	state = begun(strv_trim(strv_n(w->held.s, w->held.len)));
	w->open = state == MUST_GO_ON;
	if (state == WHOLE || state == NOTHING)
		flush(p);
	return true;
}

/* "    #1 0x..." has no prefix; the greater part of any report. */
static bool is_plain_frame(struct strv line)
{
	struct strv s = skip_blank(line);

	return s.len > 5 && *s.s == '#' && is_digit(s.s[1]) &&
	       ((s.s[2] == ' ' && s.s[3] == '0' && s.s[4] == 'x') ||
		       (s.s[3] == ' ' && s.s[4] == '0' && s.s[5] == 'x'));
}

void wrap_line(struct crash_parser *p, struct strv line)
{
	struct wrap_state *w = &p->wrap;
	struct strv s;
	enum begun state;

	if (!is_plain_frame(line))
		line = prefix_strip(line);
	s = strv_trim(line);
	if (w->lines) {
		if (continues(p, line, s))
			return;
		flush(p);
	}
	state = s.len ? begun(s) : NOTHING;
	if (state < MAY_GO_ON) {
		p->heard(p, line);
		return;
	}
	buf_reset(&w->held);
	buf_addv(&w->held, line);
	w->lines = 1;
	w->open = state == MUST_GO_ON;
	note_width(w, line);
}

void wrap_end(struct crash_parser *p)
{
	flush(p);
}

void wrap_release(struct wrap_state *w)
{
	buf_release(&w->held);
	buf_release(&w->ready);
}
