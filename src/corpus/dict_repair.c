/*
 * Repairs a dictionary line by line. What each writer meant is guessed only where there is one guess: the escapes of C, a
 * quote that lacks its backslash or its partner, a comment behind the token, a name with a dash. The rest is made a
 * comment, so that the engines read the others and a person can look.
 */
#include "base/prelude.h"
#include "corpus/dict_repair.h"
#include "base/num.h"
#include "corpus/dictionary.h"

/* --- what was meant --- */

/* A line as its writer may have meant it; slices of it. */
struct meant {
	struct strv head, text, comment;
};

/* Behind this many backslashes the byte at i is escaped. */
static bool escaped(struct strv v, size_t i)
{
	size_t n = 0;

	while (i > n && v.s[i - n - 1] == '\\')
		n++;
	return n % 2;
}

static bool is_rest(struct strv v)
{
	v = strv_trim(v);
	while (v.len && (*v.s == ',' || *v.s == ';'))
		v = strv_from(v, 1);
	v = strv_trim(v);
	return !v.len || *v.s == '#' || strv_starts(v, "//");
}

/* The quote that closes the text, or the text's end where none does. */
static size_t find_close(struct strv line, size_t from)
{
	size_t last = line.len;

	/* with a comment behind it, or a comma; # right behind a quote, and one at the end: it is the token's */
	for (size_t i = from; i < line.len; i++)
		if (line.s[i] == '"' && !escaped(line, i) && is_rest(strv_from(line, i + 1)) &&
			(i + 1 == line.len || strv_is_space(line.s[i + 1]) ||
				line.s[line.len - 1] != '"'))
			return i;
	/* the engines take the last one, even behind a backslash */
	if (line.len > from && line.s[line.len - 1] == '"')
		last = line.len - 1;
	return last;
}

static void split(struct strv line, struct meant *m)
{
	size_t open, close, eq;

	line = strv_trim(line);
	*m = (struct meant){ .head = strv_sub(line, 0, 0) };
	open = strv_chr(line, '"');
	if (open != SIZE_MAX) {
		close = find_close(line, open + 1);
		m->head = strv_sub(line, 0, open);
		m->text = strv_sub(line, open + 1, close - open - 1);
		m->comment = strv_trim(strv_from(line, close + 1));
		while (m->comment.len && (*m->comment.s == ',' || *m->comment.s == ';'))
			m->comment = strv_trim(strv_from(m->comment, 1));
		return;
	}
	m->text = line;
	eq = strv_chr(line, '=');
	if (eq != SIZE_MAX && eq > 0 && eq + 1 < line.len) {
		m->head = strv_sub(line, 0, eq);
		m->text = strv_trim(strv_from(line, eq + 1));
	}
	if (m->text.len > 2 && m->text.s[0] == '\'' && m->text.s[m->text.len - 1] == '\'')
		m->text = strv_sub(m->text, 1, m->text.len - 2);
}

/* --- the text --- */

/* C's escapes of one byte. */
static bool c_escape(char c, char *byte)
{
	static const char letters[] = "abfnrtve0'?/", bytes[] = "\a\b\f\n\r\t\v\033\0'?/";
	const char *at = c ? strchr(letters, c) : NULL;

	if (at)
		*byte = bytes[at - letters];
	return at != NULL;
}

static void decode(struct strv v, struct buf *out)
{
	uint64_t hex;
	char byte;

	for (size_t i = 0; i < v.len; i++) {
		bool more = v.s[i] == '\\' && i + 1 < v.len;

		if (more && (v.s[i + 1] == '\\' || v.s[i + 1] == '"')) {
			buf_addch(out, v.s[++i]);
		} else if (more && i + 3 < v.len && (v.s[i + 1] | 0x20) == 'x' &&
			   num_hex(strv_sub(v, i + 2, 2), &hex) == 0) {
			buf_addch(out, (int)hex);
			i += 3;
		} else if (more && c_escape(v.s[i + 1], &byte)) {
			buf_addch(out, byte);
			i++;
		} else {
			buf_addch(out, v.s[i]);
		}
	}
}

static bool is_text(struct strv v)
{
	for (size_t i = 0; i < v.len; i++)
		if (((unsigned char)v.s[i] < ' ' && v.s[i] != '\t') || v.s[i] == 0x7f)
			return false;
	return true;
}

/* --- the name --- */

static void add_head(struct strv head, struct buf *out)
{
	struct strv name, level;
	uint64_t n;
	bool any = false;

	head = strv_trim(head);
	while (head.len && (head.s[head.len - 1] == '=' || strv_is_space(head.s[head.len - 1])))
		head.len--;
	level = head;
	if (!strv_split(&level, '@', &name))
		return;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.s[i];
		bool fine =
			(c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');

		buf_addch(out, fine ? c : '_');
		any = true;
	}
	if (num_u64(level, &n) == 0 && n < 100) {
		buf_addf(out, "@%u", (unsigned)n);
		any = true;
	}
	if (any)
		buf_addch(out, '=');
}

/* --- lines --- */

struct repairing {
	struct dictionary seen;
	struct buf *out;
	struct buf line, bytes;
	struct dict_line parsed;
	dict_repair_fn fn;
	void *arg;
	size_t changed;
};

static void as_comment(struct repairing *r, const char *why, struct strv line)
{
	buf_addf(&r->line, "# %s: ", why);
	for (size_t i = 0; i < line.len; i++)
		if (line.s[i] == '\t' || ((unsigned char)line.s[i] >= ' ' && line.s[i] != 0x7f))
			buf_addch(&r->line, line.s[i]);
		else
			buf_addf(&r->line, "\\x%02x", (unsigned char)line.s[i]);
}

/* In r->line. */
static enum dict_repair mend(struct repairing *r, struct strv line)
{
	struct meant m;
	bool moved;

	split(line, &m);
	buf_reset(&r->bytes);
	decode(m.text, &r->bytes);
	if (!r->bytes.len || r->bytes.len > DICT_TOKEN_MAX || !is_text(line)) {
		as_comment(r, r->bytes.len > DICT_TOKEN_MAX ? "too long" : "no token", line);
		return DICT_COMMENTED;
	}
	moved = m.comment.len > 0;
	if (moved)
		buf_adds(&r->line, *m.comment.s == '#' ? "" : "# ");
	buf_addv(&r->line, m.comment);
	if (moved)
		buf_addch(&r->line, '\n');
	add_head(m.head, &r->line);
	buf_addch(&r->line, '"');
	dict_escape(&r->line, strv_n(r->bytes.s, r->bytes.len));
	buf_addch(&r->line, '"');
	if (!dictionary_add(&r->seen, strv_n(r->bytes.s, r->bytes.len), NULL)) {
		buf_reset(&r->line);
		as_comment(r, "again", line);
		return DICT_DROPPED;
	}
	return moved ? DICT_MOVED : DICT_MENDED;
}

static void one_line(struct repairing *r, size_t n, struct strv line)
{
	int rc = dict_line_parse(line, &r->parsed);
	struct strv bytes = strv_n(buf_str(&r->parsed.bytes), r->parsed.bytes.len);
	enum dict_repair how;

	if (rc == 0 || (rc > 0 && dictionary_add(&r->seen, bytes, NULL))) {
		buf_addv(r->out, line);
		buf_addch(r->out, '\n');
		return;
	}
	buf_reset(&r->line);
	if (rc > 0) {
		as_comment(r, "again", line);
		how = DICT_DROPPED;
	} else {
		how = mend(r, line);
	}
	r->changed++;
	if (r->fn)
		r->fn(r->arg, n, how, line, strv_n(r->line.s, r->line.len));
	buf_add(r->out, r->line.s, r->line.len);
	buf_addch(r->out, '\n');
}

size_t dict_repair(struct strv text, struct buf *out, dict_repair_fn fn, void *arg)
{
	struct repairing r = { .seen = DICTIONARY_INIT,
		.out = out,
		.line = BUF_INIT,
		.bytes = BUF_INIT,
		.parsed = { .bytes = BUF_INIT },
		.fn = fn,
		.arg = arg };
	struct strv line;

	/* a byte order mark belongs to no line */
	if (strv_skip(&text, "\xef\xbb\xbf"))
		r.changed++;
	for (size_t n = 1; strv_line(&text, &line); n++)
		one_line(&r, n, line);
	dictionary_release(&r.seen);
	buf_release(&r.line);
	buf_release(&r.bytes);
	buf_release(&r.parsed.bytes);
	return r.changed;
}
