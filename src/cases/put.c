/*
 * How generators make cases: one, a row of them, or one for each length or depth around which limits lie. Cases of
 * equal bytes are made once, whoever makes them, unless a pattern asks for certain names.
 */
#include "base/prelude.h"
#include "cases/internal.h"
#include "base/hash.h"
#include "base/mem.h"
#include <ctype.h>
#include <fnmatch.h>
#include <stdarg.h>

#define DEEP 100000
/* that come behind each head */
#define SHORT 64
/* Each length and depth up to here is tried: any may be somebody's limit. */
#define EVERY 132
#define DEEP_FROM ((size_t)24 << 10)

const size_t cases_sizes[] = { 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 19, 20, 21, 31, 32, 33, 49, 50,
	51, 63, 64, 65, 99, 100, 101, 127, 128, 129, 199, 200, 201, 255, 256, 257, 499, 500, 501,
	511, 512, 513, 999, 1000, 1001, 1002, 1023, 1024, 1025, 2047, 2048, 2049, 4095, 4096, 4097,
	8191, 8192, 8193, 9999, 10000, 10001, 16383, 16384, 16385, 32767, 32768, 32769, 49999,
	50000, 65534, 65535, 65536, 65537, 99999, 100000, 131071, 131072, 131073, 262143, 262144,
	262145, 524288, 1048575, 1048576, 1048577, 0 };

/* Sizes that people give buffers, and what programs call long: each with its neighbours. */
static const size_t round_lengths[] = { 144, 150, 160, 180, 192, 200, 220, 240, 250, 256, 300, 320,
	350, 360, 384, 400, 450, 480, 500, 512, 600, 640, 700, 720, 750, 768, 800, 900, 960, 1000,
	1024, 1200, 1280, 1400, 1500, 1536, 1600, 1800, 2000, 2048, 4096, 8192, 10000, 16384, 32768,
	50000, 65535, 65537, 100000, 131072, 262144, 524288, 1048576, 0 };

const unsigned char cases_bytes[] = { 0x00, 0x01, 0x09, 0x0a, 0x0d, 0x20, 0x22, 0x25, 0x27, 0x2d,
	0x2f, 0x30, 0x39, 0x5c, 0x7f, 0x80, 0xc0, 0xef, 0xfe, 0xff };
const size_t n_cases_bytes = ARRAY_LEN(cases_bytes);

bool cases_takes(const char *formats, const char *format)
{
	char word[64] = " ";
	size_t n = strlen(format);

	if (!formats || n > sizeof(word) - 3)
		return !formats;
	/* a word between blanks, so that "ini" isn't found in something longer */
	memcpy(word + 1, format, n);
	memcpy(word + 1 + n, " ", 2);
	return strstr(formats, word) != NULL;
}

static void set_insert(uint64_t *table, size_t cap, uint64_t h)
{
	size_t i = h & (cap - 1);

	while (table[i])
		i = (i + 1) & (cap - 1);
	table[i] = h;
}

/* True when it was there. */
static bool seen(struct cases_sink *o, const void *p, size_t n)
{
	uint64_t h = hash_fnv(HASH_FNV_INIT ^ n, p, n);
	size_t i;

	/* 0 is an empty slot */
	h += !h;
	if (o->n_seen * 2 >= o->seen_cap) {
		size_t cap = o->seen_cap ? o->seen_cap * 2 : 4096;
		uint64_t *more = xcalloc(cap, sizeof(*more));

		for (i = 0; i < o->seen_cap; i++)
			if (o->seen[i])
				set_insert(more, cap, o->seen[i]);
		free(o->seen);
		o->seen = more;
		o->seen_cap = cap;
	}
	for (i = h & (o->seen_cap - 1); o->seen[i]; i = (i + 1) & (o->seen_cap - 1))
		if (o->seen[i] == h)
			return true;
	o->seen[i] = h;
	o->n_seen++;
	return false;
}

static void put_named(struct cases_sink *o, const void *p, size_t n, const struct buf *name)
{
	struct edge_case *c;
	unsigned char *data;

	if (n > o->max_len) {
		o->too_long++;
		return;
	}
	if (!o->pattern && seen(o, p, n)) {
		o->same++;
		return;
	}
	/* one that was made twice is one, also where cases of equal bytes aren't left out */
	if (!o->pattern || (fnmatch(o->pattern, name->s, 0) == 0 && !seen(o, name->s, name->len))) {
		/* one block: the case, its bytes, its name */
		c = xmalloc(sizeof(*c) + n + name->len + 1);
		data = (unsigned char *)(c + 1);
		if (n)
			memcpy(data, p, n);
		memcpy(data + n, name->s, name->len + 1);
		*c = (struct edge_case){ o->serial, (char *)data + n, n, data };
		GROW(o->v, o->n, o->cap);
		o->v[o->n++] = c;
	}
	o->serial++;
}

static void put_behind(
	struct cases_sink *o, struct strv head, const void *p, size_t n, const struct buf *name)
{
	struct buf whole = BUF_INIT;

	buf_addv(&whole, head);
	buf_add(&whole, p, n);
	put_named(o, buf_str(&whole), whole.len, name);
	buf_release(&whole);
}

/* Which head it is depends on the name alone, so that it's the same whichever other cases there are. */
static void put_headed(struct cases_sink *o, const void *p, size_t n, struct buf *name)
{
	size_t own = hash_fnv(HASH_FNV_INIT, name->s, name->len) % o->n_heads, len = name->len;

	if (!o->others)
		put_behind(o, o->heads[own], p, n, name);
	for (size_t i = 0; o->others && n <= SHORT && i < o->n_heads; i++) {
		if (i == own)
			continue;
		buf_addf(name, "^%zu", i);
		put_behind(o, o->heads[i], p, n, name);
		name->len = len;
	}
}

PRINTF_LIKE(4, 0)
static void put(struct cases_sink *o, const void *p, size_t n, const char *fmt, va_list ap)
{
	bool headed = o->heads && o->n_heads;
	struct buf name = BUF_INIT;

	if ((o->second && !o->length) || (o->others && !headed))
		return;
	buf_addf(&name, "%s/", o->generator);
	buf_vaddf(&name, fmt, ap);
	if (headed)
		put_headed(o, p, n, &name);
	else
		put_named(o, p, n, &name);
	buf_release(&name);
}

void cases_put(struct cases_sink *o, const void *p, size_t n, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put(o, p, n, fmt, ap);
	va_end(ap);
}

void cases_put_buf(struct cases_sink *o, const struct buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put(o, buf_str(b), b->len, fmt, ap);
	va_end(ap);
}

void cases_put_rows(struct cases_sink *o, const struct cases_row *rows)
{
	for (; rows->name; rows++)
		cases_put(o, rows->text, rows->len, "%s", rows->name);
}

void cases_repeat(struct buf *b, const char *text, size_t n)
{
	size_t len = strlen(text);

	buf_reserve(b, len * n);
	while (n--)
		buf_add(b, text, len);
}

/* The one behind n; 0: none. In the first round the limits, in the second all that may be somebody's. */
static size_t next_depth(const struct cases_sink *o, size_t n)
{
	if (o->second)
		return n < EVERY ? n + 1 : 0;
	for (const size_t *d = cases_sizes; *d; d++)
		if (n < *d)
			return *d;
	return 0;
}

/* Only what fills a buffer is worth each length; a run of signs is one thing, however long. */
static size_t next_length(const struct cases_sink *o, size_t n, const char *unit)
{
	if (!o->second || n < EVERY || !isalnum((unsigned char)*unit))
		return o->second && !isalnum((unsigned char)*unit) ? 0 : next_depth(o, n);
	for (const size_t *r = round_lengths; *r; r++)
		if (n <= *r)
			return MAX(n + 1, *r - 1);
	return 0;
}

void cases_put_nested(struct cases_sink *o, const char *what, const char *open, const char *middle,
	const char *close, size_t max_len)
{
	struct buf b = BUF_INIT;
	size_t each = strlen(open) + strlen(close);

	for (size_t n = next_depth(o, 0); n && n * each + strlen(middle) <= max_len;
		n = next_depth(o, n)) {
		buf_reset(&b);
		cases_repeat(&b, open, n);
		buf_adds(&b, middle);
		cases_repeat(&b, close, n);
		o->length = true;
		cases_put_buf(o, &b, "%s-%zu", what, n);
		o->length = false;
	}
	buf_release(&b);
}

void cases_put_deep(struct cases_sink *o, const char *what, const char *open, size_t max_len)
{
	struct buf b = BUF_INIT;

	if (max_len < DEEP_FROM)
		return;
	/*
	 * one such case is worth its length, though the harness's limit is below it: recursion
	 * without a limit ends only here
	 */
	cases_repeat(&b, open, DEEP);
	o->max_len = MAX(max_len, b.len);
	cases_put_buf(o, &b, "%s-%d", what, DEEP);
	o->max_len = max_len;
	buf_release(&b);
}

void cases_put_long(struct cases_sink *o, const char *what, const char *before, const char *unit,
	const char *after, size_t max_len)
{
	size_t around = strlen(before) + strlen(after), each = strlen(unit);
	struct buf b = BUF_INIT;

	for (size_t n = next_length(o, 0, unit); n && n * each + around <= max_len;
		n = next_length(o, n, unit)) {
		buf_reset(&b);
		buf_adds(&b, before);
		cases_repeat(&b, unit, n);
		buf_adds(&b, after);
		o->length = true;
		cases_put_buf(o, &b, "%s-%zu", what, n);
		o->length = false;
	}
	buf_release(&b);
}
