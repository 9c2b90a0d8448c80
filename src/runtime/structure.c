/*
 * Mutations of what an input consists of, for any text that nests, quotes, separates or indents: JSON, YAML, XML, CSV,
 * configuration files, programs. A part is removed, repeated, moved, nested, emptied, or replaced by one of its kind, out
 * of the same input or one seen before, or by a value on some boundary. An engine's own mutations change bytes, and mostly
 * break such a text; these mostly keep it whole, and so reach what lies behind the parser. Words of the dictionary come where
 * the text has keys and values, in its quotes: what asks for two of them at once is found by no luck with bytes.
 */
#include "thresh_rt_structure.h"
#include "thresh_rt_lexicon.h"
#include "thresh_rt_parts.h"
#include "thresh_rt_random.h"
#include "thresh_rt_records.h"

#include <string.h>

#define KEPT 32
#define KEPT_SIZE 1024
#define TEXTS_EACH 8
#define BINARY_MIN 4
#define OUT_USUAL 4096 /* more than that is rarely made by repeating */

static struct {
	uint8_t data[KEPT_SIZE];
	struct thresh_rt_parts parts;
} kept[KEPT];
static unsigned n_kept, next_kept;
static unsigned way; /* of the last mutation */

static struct thresh_rt_lexicon words;

static uint64_t rng;

static uint32_t any(uint32_t below)
{
	return thresh_rt_random(&rng, below);
}

struct out {
	uint8_t *s;
	size_t len, max;
	int full;
};

static void put(struct out *o, const void *s, size_t n)
{
	if (n > o->max - o->len) {
		o->full = 1;
		return;
	}
	memcpy(o->s + o->len, s, n);
	o->len += n;
}

static void put_char(struct out *o, uint8_t c)
{
	put(o, &c, 1);
}

static const struct thresh_rt_part *one(const struct thresh_rt_parts *p)
{
	return &p->part[any(p->n)];
}

#define OF(kind) (1u << (kind))
#define MEMBERS (OF(ITEM) | OF(LINE) | OF(ELEMENT))
#define VALUES (OF(GROUP) | OF(VALUE) | OF(STRING))

/* One of these kinds, mostly: what breaks a text is to be had, too. */
static const struct thresh_rt_part *one_of(const struct thresh_rt_parts *p, unsigned kinds)
{
	const struct thresh_rt_part *k = one(p);
	unsigned i;

	for (i = 0; i < 8 && !(OF(k->kind) & kinds); i++)
		k = one(p);
	return k;
}

/* One that may stand where `like` stands. */
static const struct thresh_rt_part *like_one(
	const struct thresh_rt_parts *p, const struct thresh_rt_part *like)
{
	static const uint8_t fits[KINDS] = {
		[GROUP] = VALUES,
		[VALUE] = VALUES,
		[STRING] = VALUES | OF(KEY),
		[KEY] = OF(KEY) | OF(STRING),
		[ITEM] = OF(ITEM),
		[LINE] = OF(LINE),
		[ELEMENT] = OF(ELEMENT),
	};
	unsigned i;

	for (i = 0; i < 16; i++) {
		const struct thresh_rt_part *k = one(p);

		if (fits[like->kind] >> k->kind & 1)
			return k;
	}
	return any(4) ? NULL : one(p);
}

static void put_part(struct out *o, const struct thresh_rt_parts *p, const struct thresh_rt_part *k)
{
	put(o, p->s + k->from, k->to - k->from);
}

static void remove_part(struct out *o, const struct thresh_rt_parts *p)
{
	const struct thresh_rt_part *k = one_of(p, MEMBERS | OF(GROUP));
	uint32_t from = k->from, to = k->to, i;

	if (k->sep && k->kind == ITEM) {
		for (i = to; i < p->size && thresh_rt_is_blank(p->s[i]) && p->s[i] != k->sep;)
			i++;
		if (i < p->size && p->s[i] == k->sep) {
			to = i + 1;
		} else {
			for (i = from;
				i > 0 && thresh_rt_is_blank(p->s[i - 1]) && p->s[i - 1] != k->sep;)
				i--;
			if (i > 0 && p->s[i - 1] == k->sep)
				from = i - 1;
		}
	}
	put(o, p->s, from);
	put(o, p->s + to, p->size - to);
}

static uint32_t times(struct out *o, uint32_t size)
{
	uint32_t n = any(12) ? 1 + any(2) : 2u << any(11);
	size_t room = o->max - o->len;

	if (room > OUT_USUAL && any(16))
		room = OUT_USUAL;
	return size && n > room / size / 2 ? (uint32_t)(room / size / 2) : n;
}

static void put_sep(struct out *o, const struct thresh_rt_part *k)
{
	if (k->sep)
		put_char(o, k->sep);
	else if (k->kind == ITEM || k->kind == VALUE || k->kind == STRING)
		put_char(o, any(3) ? ',' : ' ');
}

static void insert_part(
	struct out *o, const struct thresh_rt_parts *p, const struct thresh_rt_parts *from)
{
	const struct thresh_rt_part *at = one_of(p, MEMBERS),
				    *k = from == p ? at : like_one(from, at);
	uint32_t n;

	if (!k)
		return;
	n = times(o, k->to - k->from + 1);
	put(o, p->s, at->to);
	while (n--) {
		put_sep(o, at);
		put_part(o, from, k);
	}
	put(o, p->s + at->to, p->size - at->to);
}

static void replace_part(
	struct out *o, const struct thresh_rt_parts *p, const struct thresh_rt_parts *from)
{
	const struct thresh_rt_part *at = one(p), *k = like_one(from, at);

	if (!k)
		return;
	put(o, p->s, at->from);
	put_part(o, from, k);
	put(o, p->s + at->to, p->size - at->to);
}

static void swap_parts(struct out *o, const struct thresh_rt_parts *p)
{
	const struct thresh_rt_part *a = one(p), *b = like_one(p, a), *t;

	if (!b)
		return;
	if (a->from > b->from) {
		t = a;
		a = b;
		b = t;
	}
	if (a->to > b->from) { /* one in the other: it takes its place */
		t = a->to - a->from >= b->to - b->from ? a : b;
		b = t == a ? b : a;
		put(o, p->s, t->from);
		put_part(o, p, b);
		put(o, p->s + t->to, p->size - t->to);
		return;
	}
	put(o, p->s, a->from);
	put_part(o, p, b);
	put(o, p->s + a->to, b->from - a->to);
	put_part(o, p, a);
	put(o, p->s + b->to, p->size - b->to);
}

static void nest_part(struct out *o, const struct thresh_rt_parts *p)
{
	static const char *const pairs[] = { "[]", "{}", "()", "\"\"" };
	const struct thresh_rt_part *k = one_of(p, VALUES | OF(ELEMENT)), *g;
	const char *pair = pairs[any(4)];
	uint8_t open = (uint8_t)pair[0], close = (uint8_t)pair[1];
	uint32_t n, i, whole = any(8) != 0;

	for (i = 0; i < 8; i++) {
		g = one(p);
		if (g->kind == GROUP) {
			open = p->s[g->from];
			close = p->s[g->to - 1];
			break;
		}
	}
	n = times(o, 2);
	put(o, p->s, k->from);
	for (i = 0; i < n; i++)
		put_char(o, open);
	put_part(o, p, k);
	for (i = 0; i < n && whole; i++)
		put_char(o, close);
	put(o, p->s + k->to, p->size - k->to);
}

/* Each level of an item, key and all, once more inside its value: {"a":1} becomes {"a":{"a":1}}. */
static void deepen_part(struct out *o, const struct thresh_rt_parts *p)
{
	const struct thresh_rt_part *in = one(p), *k = NULL;
	uint32_t i, n;

	for (i = 0; i < 16 && !k; i++) {
		const struct thresh_rt_part *t = one(p);

		if (t->from <= in->from && t->to >= in->to && t->to - t->from > in->to - in->from)
			k = t;
	}
	if (!k)
		return;
	n = times(o, k->to - k->from - (in->to - in->from));
	put(o, p->s, k->from);
	for (i = 0; i < n + 1; i++)
		put(o, p->s + k->from, in->from - k->from);
	put_part(o, p, in);
	for (i = 0; i < n + 1; i++)
		put(o, p->s + in->to, k->to - in->to);
	put(o, p->s + k->to, p->size - k->to);
}

static void empty_part(struct out *o, const struct thresh_rt_parts *p)
{
	const struct thresh_rt_part *k = one_of(p, VALUES);
	uint32_t edge = (k->kind == GROUP || k->kind == STRING) && k->to - k->from > 1;
	int unwrap = edge && any(3) == 0;

	put(o, p->s, k->from + (edge && !unwrap));
	if (unwrap)
		put(o, p->s + k->from + 1, k->to - k->from - 2);
	put(o, p->s + k->to - (edge && !unwrap), p->size - k->to + (edge && !unwrap));
}

static void put_boundary(struct out *o, int inside)
{
	static const char *const values[] = { "0", "-1", "1", "-0", "null", "true", "false", "[]",
		"{}", "\"\"", "127", "128", "255", "256", "32767", "32768", "65535", "65536",
		"2147483647", "2147483648", "-2147483648", "-2147483649", "4294967295",
		"4294967296", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
		"18446744073709551615", "18446744073709551616", "1e308", "1e309", "-1e400",
		"1e-400", "0.1", ".5", "5.", "1e", "0x7fffffff", "0xffffffff", "nan", "inf", "~",
		"''", "00", "+1", "1E+99999999999", "99999999999999999999999999999999999999" };
	static const char *const pieces[] = { "\\u0000", "\\ud800", "\\udc00", "\\ud83d\\ude00",
		"\\", "\\n", "\\x41", "\\\"", "%s%n", "\xc3\xa9", "\xf0\x9f\x98\x80", "\xc0\x80",
		"\xff", "\xed\xa0\x80", "~0", "~1", "~", "/", "//", "..", "&amp;", "&#0;",
		"&#x10ffff;", "&lt", "${a}", "%00", "*", "?", "#", "--", "<!--", "-->", "]]>",
		"<![CDATA[" };
	const char *v = inside ? pieces[any(sizeof(pieces) / sizeof(*pieces))]
			       : values[any(sizeof(values) / sizeof(*values))];

	put(o, v, strlen(v));
}

static void boundary_part(struct out *o, const struct thresh_rt_parts *p)
{
	const struct thresh_rt_part *k = one(p);
	uint32_t at = k->from + any(k->to - k->from + 1), n, i;

	if (k->kind == STRING || k->kind == KEY || any(8) == 0) {
		put(o, p->s, at);
		if (any(6)) {
			put_boundary(o, 1);
		} else {
			uint8_t c = at < p->size && p->s[at] >= ' ' ? p->s[at] : 'A';

			n = times(o, 1) << any(8);
			for (i = 0; i < n && !o->full; i++)
				put_char(o, c);
		}
		put(o, p->s + at, p->size - at);
		return;
	}
	put(o, p->s, k->from);
	put_boundary(o, 0);
	put(o, p->s + k->to, p->size - k->to);
}

/* --- words of a dictionary --- */

static int is_quote(uint8_t c)
{
	return c == '"' || c == '\'' || c == '`';
}

/* A word, in these quotes or none, whatever it has itself. */
static void put_word(struct out *o, uint8_t quote)
{
	const struct thresh_rt_lexeme *w = thresh_rt_lexicon_any(&words, &rng);
	uint32_t quoted = w->len > 2 && is_quote(w->s[0]) && w->s[w->len - 1] == w->s[0];

	put(o, &quote, quote != 0);
	put(o, w->s + quoted, w->len - 2 * quoted);
	put(o, &quote, quote != 0);
}

/* What a text of a grammar of its own begins with: a pointer, a reference, an option, an expression. */
static void put_text(struct out *o)
{
	static const char begins[] = "/#$@-+.*%~&:?!<=";

	put_char(o, '"');
	put_char(o, (uint8_t)begins[any(sizeof(begins) - 1)]);
	if (any(4))
		put_word(o, 0);
	put_char(o, '"');
}

/* In place of k, in its quotes; for a value that has none, sometimes in some. */
static void put_word_as(
	struct out *o, const struct thresh_rt_parts *p, const struct thresh_rt_part *k, int free)
{
	uint8_t quote = p->s[k->from];

	if (!is_quote(quote) || k->to - k->from < 2)
		quote = free && any(2) ? '"' : 0;
	put_word(o, quote);
}

static void word_part(struct out *o, const struct thresh_rt_parts *p)
{
	const struct thresh_rt_part *k = one_of(p, VALUES | OF(KEY) | OF(ITEM));

	put(o, p->s, k->from);
	put_word_as(o, p, k, any(8) == 0);
	put(o, p->s + k->to, p->size - k->to);
}

/* The first part of this kind within the item, from a place on. */
static const struct thresh_rt_part *part_in(const struct thresh_rt_parts *p,
	const struct thresh_rt_part *item, uint32_t from, uint8_t kind)
{
	const struct thresh_rt_part *found = NULL;
	unsigned i;

	for (i = 0; i < p->n; i++) {
		const struct thresh_rt_part *k = &p->part[i];

		if (k->kind == kind && k->from >= from && k->to <= item->to &&
			(!found || k->from < found->from))
			found = k;
	}
	return found;
}

/* In place of one like that; NULL: of none. */
static void put_value(
	struct out *o, const struct thresh_rt_parts *p, const struct thresh_rt_part *like)
{
	switch (any(6)) {
	case 0:
		put_boundary(o, 0);
		break;
	case 1:
		put_text(o);
		break;
	default:
		if (like)
			put_word_as(o, p, like, 1);
		else
			put_word(o, '"');
	}
}

/* Items like one that is there, key and value, but with other words. */
static void insert_pair(struct out *o, const struct thresh_rt_parts *p)
{
	const struct thresh_rt_part *at = one_of(p, OF(ITEM)), *key, *value;
	uint32_t n = 1 + any(3), as_it_is = any(4) == 0;

	key = part_in(p, at, at->from, KEY);
	value = key ? part_in(p, at, key->to, VALUE) : NULL;
	if (!value)
		return;
	put(o, p->s, at->to);
	while (n--) {
		put_sep(o, at);
		put(o, p->s + at->from, key->from - at->from);
		put_word_as(o, p, key, 0);
		put(o, p->s + key->to, value->from - key->to);
		if (as_it_is)
			put_part(o, p, value);
		else
			put_value(o, p, value);
		put(o, p->s + value->to, at->to - value->to);
	}
	put(o, p->s + at->to, p->size - at->to);
}

/* First in a pair of brackets, which may be empty. */
static void fill_group(struct out *o, const struct thresh_rt_parts *p)
{
	const struct thresh_rt_part *k = one_of(p, OF(GROUP));
	uint32_t i = k->from + 1;

	if (k->kind != GROUP)
		return;
	put(o, p->s, k->from + 1);
	put_word(o, '"');
	if (p->s[k->from] == '{') {
		put_char(o, ':');
		put_value(o, p, NULL);
	}
	while (i + 1 < k->to && thresh_rt_is_blank(p->s[i]))
		i++;
	if (i + 1 < k->to)
		put_char(o, ',');
	put(o, p->s + k->from + 1, p->size - k->from - 1);
}

/* --- the whole of it --- */

void thresh_rt_structure_words(const char *path)
{
	thresh_rt_lexicon_read(&words, path);
}

/* Those of the input that was looked at last are known still: AFL++ has many mutations of one. */
static const struct thresh_rt_parts *parts_of(const uint8_t *data, size_t size)
{
	static uint8_t looked[THRESH_RT_PARTS_LOOKED];
	static struct thresh_rt_parts parts;
	size_t n = size < sizeof(looked) ? size : sizeof(looked);

	if (n != parts.size || memcmp(looked, data, n) != 0) {
		memcpy(looked, data, n);
		thresh_rt_parts_look(&parts, looked, n);
	}
	return &parts;
}

static void keep_text(const uint8_t *data, size_t size)
{
	unsigned i = next_kept;

	if (size > KEPT_SIZE)
		return;
	memcpy(kept[i].data, data, size);
	thresh_rt_parts_look(&kept[i].parts, kept[i].data, size);
	if (kept[i].parts.n == 0)
		return;
	next_kept = (i + 1) % KEPT;
	n_kept += n_kept < KEPT;
}

void thresh_rt_structure_keep(const uint8_t *data, size_t size)
{
	static unsigned texts;

	keep_text(data, size);
	/* one with a length in digits may be taken for a text, but most texts have none */
	if (parts_of(data, size)->n < 2 || ++texts % TEXTS_EACH == 0)
		thresh_rt_records_keep(data, size, &words);
}

int thresh_rt_structure_has(const uint8_t *data, size_t size)
{
	return size >= BINARY_MIN || parts_of(data, size)->n > 1;
}

unsigned thresh_rt_structure_way(void)
{
	return way;
}

void thresh_rt_structure_count(unsigned how, int was_kept)
{
	if (how)
		thresh_rt_records_count(how - 1, was_kept);
}

static void mutate(
	struct out *o, const struct thresh_rt_parts *p, const struct thresh_rt_parts *from)
{
	switch (any(words.n ? 17 : 12)) {
	case 0:
		remove_part(o, p);
		break;
	case 1:
		insert_part(o, p, p);
		break;
	case 2:
	case 3:
		insert_part(o, p, from);
		break;
	case 4:
	case 5:
		replace_part(o, p, from);
		break;
	case 6:
		swap_parts(o, p);
		break;
	case 7:
		nest_part(o, p);
		break;
	case 8:
		empty_part(o, p);
		break;
	case 9:
		deepen_part(o, p);
		break;
	case 12:
	case 13:
		word_part(o, p);
		break;
	case 14:
	case 15:
		insert_pair(o, p);
		break;
	case 16:
		fill_group(o, p);
		break;
	default:
		boundary_part(o, p);
	}
}

static size_t records(const uint8_t *data, size_t size, uint8_t *out, size_t max, uint64_t seed)
{
	unsigned layout = 0;
	size_t n = thresh_rt_records(data, size, out, max, seed, &words, &layout);

	way = 1 + layout;
	return n;
}

size_t thresh_rt_structure(
	const uint8_t *data, size_t size, uint8_t *out, size_t max, uint64_t seed)
{
	const struct thresh_rt_parts *parts = parts_of(data, size), *from = parts;
	struct out o = { out, 0, max < THRESH_RT_STRUCTURE_MAX ? max : THRESH_RT_STRUCTURE_MAX, 0 };
	unsigned i;

	rng = thresh_rt_random_seed(seed);
	if (parts->n < 2 || (thresh_rt_records_has(data, size) && any(2)))
		return records(data, size, out, o.max, seed);
	way = 0;
	i = n_kept && any(2) ? any(n_kept) : KEPT;
	if (i < KEPT && kept[i].parts.n)
		from = &kept[i].parts;
	mutate(&o, parts, from);
	if (size > parts->size && o.len)
		put(&o, data + parts->size, size - parts->size);
	return o.full || (o.len == size && memcmp(out, data, size) == 0) ? 0 : o.len;
}
