/*
 * What a text consists of, without its format's grammar: three passes over the bytes, one for brackets, quotes and separators,
 * one for lines and their indentation, one for tags. What doesn't match is passed over: an input of a fuzzer's is rarely
 * whole, and an approximate part is as good as another.
 */
#include "thresh_rt_parts.h"

#include <string.h>

#define DEPTH 64
#define LINES 128

struct open {
	uint32_t at;    /* behind its bracket */
	uint32_t item;  /* where the item under way begins */
	uint32_t colon; /* behind the first ':' or '=' in it; 0: none yet */
	uint8_t close, sep;
};

static int is_word(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c >= 0x80;
}

static void add(struct thresh_rt_parts *p, enum thresh_rt_part_kind kind, uint32_t from,
	uint32_t to, uint8_t sep)
{
	if (kind != GROUP && kind != LINE) {
		while (from < to && thresh_rt_is_blank(p->s[from]))
			from++;
		while (to > from && thresh_rt_is_blank(p->s[to - 1]))
			to--;
	}
	if (from < to && p->n < THRESH_RT_PARTS)
		p->part[p->n++] = (struct thresh_rt_part){ from, to, (uint8_t)kind, sep };
}

/*
 * Behind the quote that closes the one at i; i + 1 when none does. Then those of its kind up to where was looked have a
 * backslash in front, and looking from them would find no other: vain says so of each kind, or many took a quadratic time.
 */
static uint32_t quoted(const struct thresh_rt_parts *p, uint32_t i, uint32_t vain[256])
{
	uint8_t quote = p->s[i];
	uint32_t k;

	if (i < vain[quote] || (quote == '\'' && i > 0 && is_word(p->s[i - 1])))
		return i + 1; /* or an apostrophe */
	for (k = i + 1; k < p->size; k++) {
		if (p->s[k] == '\\')
			k++;
		else if (p->s[k] == quote)
			return k + 1;
		else if (p->s[k] == '\n' && quote == '\'')
			break;
	}
	vain[quote] = k;
	return i + 1;
}

static void end_item(struct thresh_rt_parts *p, struct open *o, uint32_t to)
{
	if (o->colon > o->item && o->colon <= to) {
		add(p, KEY, o->item, o->colon - 1, 0);
		add(p, VALUE, o->colon, to, 0);
		add(p, ITEM, o->item, to, o->sep);
	} else {
		add(p, o->sep || o->close ? ITEM : VALUE, o->item, to, o->sep);
	}
	o->colon = 0;
}

static uint8_t closes(uint8_t c)
{
	return c == '{' ? '}' : c == '[' ? ']' : c == '(' ? ')' : 0;
}

/* Does c end the item under way? Lines do where nothing else has; inside brackets they are blanks. */
static int separates(const struct open *o, unsigned depth, uint8_t c)
{
	return c == ',' || c == ';' || (c == '\n' && !depth && o->sep != ',' && o->sep != ';');
}

static void look_brackets(struct thresh_rt_parts *p)
{
	struct open stack[DEPTH];
	unsigned depth = 0;
	uint32_t i = 0, end, vain[256] = { 0 };

	memset(stack, 0, sizeof(*stack));
	while (i < p->size) {
		struct open *o = &stack[depth];
		uint8_t c = p->s[i];

		if (c == '"' || c == '\'' || c == '`') {
			end = quoted(p, i, vain);
			if (end > i + 1)
				add(p, STRING, i, end, 0);
			i = end;
			continue;
		}
		if (closes(c) && depth + 1 < DEPTH) {
			stack[++depth] = (struct open){ i + 1, i + 1, 0, closes(c), 0 };
		} else if (depth && c == o->close) {
			end_item(p, o, i);
			add(p, GROUP, o->at - 1, i + 1, 0);
			depth--;
		} else if (separates(o, depth, c)) {
			o->sep = c;
			end_item(p, o, i);
			o->item = i + 1;
		} else if ((c == ':' || c == '=') && !o->colon) {
			o->colon = i + 1;
		}
		i++;
	}
	end_item(p, &stack[depth], p->size);
}

static uint32_t indent(const struct thresh_rt_parts *p, uint32_t i)
{
	uint32_t k = i;

	while (k < p->size && (p->s[k] == ' ' || p->s[k] == '\t'))
		k++;
	return k - i;
}

static uint32_t next_line(const struct thresh_rt_parts *p, uint32_t i)
{
	const uint8_t *e = memchr(p->s + i, '\n', p->size - i);

	return e ? (uint32_t)(e - p->s) + 1 : p->size;
}

/* A line, and with it those below that are further in. */
static void look_lines(struct thresh_rt_parts *p)
{
	uint32_t i, k, n = 0;

	if (!memchr(p->s, '\n', p->size))
		return;
	for (i = 0; i < p->size && n < LINES; i = next_line(p, i), n++) {
		uint32_t own = indent(p, i), to = next_line(p, i);

		add(p, LINE, i, to, 0);
		for (k = to; k < p->size && indent(p, k) > own; k = next_line(p, k))
			to = next_line(p, k);
		if (k > next_line(p, i))
			add(p, LINE, i, to, 0);
	}
}

struct tag {
	uint32_t from, name, len, inner;
};

static uint32_t name_length(const struct thresh_rt_parts *p, uint32_t at, uint32_t end)
{
	uint32_t n = 0;

	while (at + n < end &&
		(is_word(p->s[at + n]) || p->s[at + n] == ':' || p->s[at + n] == '-'))
		n++;
	return n;
}

/* Of the open tags, from the innermost, the one that this name closes; what is open within is void. */
static unsigned close_tag(struct thresh_rt_parts *p, const struct tag *open, unsigned depth,
	uint32_t i, const struct tag *t, uint32_t end)
{
	unsigned d = depth;

	while (d && (open[d - 1].len != t->len ||
			    memcmp(p->s + open[d - 1].name, p->s + t->name, t->len) != 0))
		d--;
	if (!d)
		return depth;
	add(p, ELEMENT, open[d - 1].from, end, 0);
	add(p, VALUE, open[d - 1].inner, i, 0);
	return d - 1;
}

static void look_tags(struct thresh_rt_parts *p)
{
	struct tag open[DEPTH];
	unsigned depth = 0;
	const uint8_t *e;
	uint32_t i, end;

	for (i = 0; i + 1 < p->size; i = end) {
		int closing = p->s[i + 1] == '/';
		struct tag t;

		end = i + 1;
		if (p->s[i] != '<')
			continue;
		e = memchr(p->s + i, '>', p->size - i);
		if (e == NULL)
			return;
		end = (uint32_t)(e - p->s) + 1;
		t = (struct tag){ i, i + 1 + (uint32_t)closing, 0, end };
		t.len = name_length(p, t.name, end);
		if (closing) {
			depth = close_tag(p, open, depth, i, &t, end);
			continue;
		}
		add(p, p->s[end - 2] == '/' ? ELEMENT : ITEM, i, end, 0);
		if (t.len && p->s[end - 2] != '/' && depth < DEPTH)
			open[depth++] = t;
	}
}

static int is_text(const uint8_t *s, uint32_t size)
{
	uint32_t i, odd = 0;

	for (i = 0; i < size; i++)
		odd += s[i] < ' ' && !thresh_rt_is_blank(s[i]);
	return odd * 8 <= size;
}

void thresh_rt_parts_look(struct thresh_rt_parts *p, const uint8_t *s, size_t size)
{
	p->s = s;
	p->size = size > THRESH_RT_PARTS_LOOKED ? THRESH_RT_PARTS_LOOKED : (uint32_t)size;
	p->n = 0;
	if (p->size < 2 || !is_text(s, p->size))
		return;
	look_brackets(p);
	look_lines(p);
	if (memchr(s, '<', p->size))
		look_tags(p);
}
