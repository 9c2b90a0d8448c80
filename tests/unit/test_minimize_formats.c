/* Formats in which one thing counts or names another, so that both have to change at once; against predicates. */
#include "base/prelude.h"
#include "minimize/rounds.h"
#include "base/buf.h"
#include "base/mem.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

typedef bool (*shows_fn)(const unsigned char *p, size_t n);

struct fake {
	shows_fn shows;
	uint64_t asked, accepted;
};

static int fake_batch(
	void *self, const struct candidate *c, size_t n, size_t *accepted, struct err *err)
{
	struct fake *f = self;

	(void)err;
	for (*accepted = 0; *accepted < n; ++*accepted) {
		f->asked++;
		if (f->shows(c[*accepted].data, c[*accepted].len)) {
			f->accepted++;
			return 0;
		}
	}
	return 0;
}

static int fake_alone(void *self, const struct candidate *c, struct err *err)
{
	const struct fake *f = self;

	(void)err;
	return f->shows(c->data, c->len);
}

static bool fake_stricter(void *self)
{
	(void)self;
	return false;
}

static unsigned number(const unsigned char *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

/* --- a DNS message: counts in its header, names that go on elsewhere --- */

struct name {
	unsigned char s[256];
	size_t len;
};

static bool read_name(const unsigned char *p, size_t n, size_t *at, struct name *out)
{
	size_t i = *at, limit = i;
	bool jumped = false;

	out->len = 0;
	while (i < n && p[i]) {
		if (p[i] >= 0xc0) {
			size_t to = i + 1 < n ? number(p + i) & 0x3fff : 0;

			if (to < 12 || to >= limit)
				return false;
			*at = jumped ? *at : i + 2;
			jumped = true;
			limit = i = to;
			continue;
		}
		if (p[i] > 63 || p[i] >= n - i || out->len + p[i] + 1u > sizeof(out->s))
			return false;
		memcpy(out->s + out->len, p + i, p[i] + 1u);
		out->len += p[i] + 1u;
		i += p[i] + 1u;
	}
	if (!jumped)
		*at = i + 1;
	return i < n;
}

static bool same_name(const struct name *a, const struct name *b)
{
	return a->len == b->len && memcmp(a->s, b->s, a->len) == 0;
}

struct dns {
	struct name asked, alias;
	bool hit;
};

/* The data of a record, all of it. The bug: a text of 24 bytes, last, for the name that an answer gave as an alias. */
static bool read_data(struct dns *d, const unsigned char *p, size_t at, size_t end, unsigned type,
	unsigned section, const struct name *owner)
{
	struct name to;

	switch (type) {
	case 1:
		return end - at == 4;
	case 2:
	case 5:
		if (!read_name(p, end, &at, &to))
			return false;
		if (type == 5 && section == 1 && same_name(owner, &d->asked))
			d->alias = to;
		return at == end;
	case 16:
		while (at < end && p[at] < end - at) {
			d->hit |= section == 3 && p[at] >= 24 && d->alias.len &&
				  same_name(owner, &d->alias);
			at += p[at] + 1u;
		}
		return at == end;
	}
	return false;
}

static bool dns(const unsigned char *p, size_t n)
{
	struct dns d = { .hit = false };
	size_t at = 12;

	if (n < 12 || !(p[2] & 0x80) || number(p + 4) != 1)
		return false;
	for (unsigned section = 0; section < 4; section++)
		for (unsigned k = number(p + 4 + 2 * section); k > 0; k--) {
			struct name owner;
			size_t end;

			if (!read_name(p, n, &at, &owner) || n - at < (section ? 10u : 4u))
				return false;
			if (!section) {
				d.asked = owner;
				at += 4;
				continue;
			}
			end = at + 10 + number(p + at + 8);
			if (end > n ||
				!read_data(&d, p, at + 10, end, number(p + at), section, &owner))
				return false;
			at = end;
		}
	return at == n && d.hit;
}

static void add_number(struct buf *b, size_t v)
{
	buf_addch(b, (int)(v >> 8));
	buf_addch(b, (int)(v & 255));
}

static void add_labels(struct buf *b, const char *dotted)
{
	for (const char *p = dotted; *p;) {
		size_t n = strcspn(p, ".");

		buf_addch(b, (int)n);
		buf_add(b, p, n);
		p += n + (p[n] == '.');
	}
}

/* rest: where the name goes on; 0: nowhere. */
static void add_name(struct buf *b, const char *dotted, size_t rest)
{
	add_labels(b, dotted);
	if (rest)
		add_number(b, 0xc000 | rest);
	else
		buf_addch(b, 0);
}

static void add_record(
	struct buf *b, const char *owner, size_t rest, unsigned type, const struct buf *data)
{
	add_name(b, owner, rest);
	add_number(b, type);
	add_number(b, 1);
	add_number(b, 0);
	add_number(b, 3600);
	add_number(b, data->len);
	buf_add(b, data->s, data->len);
}

static void make_dns(struct buf *b)
{
	static const unsigned char counts[] = { 0, 1, 0, 8, 0, 5, 0, 9 };
	struct buf data = BUF_INIT;
	size_t domain, alias;

	buf_adds(b, "ID\x81\x80");
	buf_add(b, counts, sizeof(counts));
	add_labels(b, "mail");
	domain = b->len;
	add_name(b, "internal.example", 0);
	add_number(b, 1);
	add_number(b, 1);
	alias = b->len + 2 + 10;
	add_name(&data, "relay.frankfurt", domain);
	add_record(b, "", 12, 5, &data);
	for (unsigned i = 0; i < 21; i++) {
		char owner[16];

		snprintf(owner, sizeof(owner), "host%u.zone", i * 7);
		buf_reset(&data);
		if (i == 14)
			buf_adds(&data, "\x04junk\x1f"
					"a text that is longer than most");
		else if (i % 3 == 0)
			buf_adds(&data, "\x0a\x01\x02\x03");
		else
			add_name(&data, "ns.of.some.other.place", i % 2 ? domain : 0);
		add_record(b, i == 14 ? "" : owner,
			i == 14 ? alias
			: i % 2 ? domain
				: 0,
			i == 14      ? 16
			: i % 3 == 0 ? 1
				     : 2,
			&data);
	}
	buf_release(&data);
}

/* --- a count, then keys and values behind their lengths, then a mark; the bug: a key twice --- */

static bool table(const unsigned char *p, size_t n)
{
	size_t at = 5, keys[256];
	bool hit = false;

	if (n < 6 || memcmp(p, "TAB1", 4) != 0)
		return false;
	for (unsigned i = 0; i < p[4]; i++) {
		size_t value;

		keys[i] = at;
		if (at >= n || !p[at] || n - at < p[at] + 3u)
			return false;
		at += p[at] + 1u;
		value = p[at] | (size_t)p[at + 1] << 8;
		if (value > n - at - 2)
			return false;
		for (unsigned k = 0; k < i; k++)
			hit |= value >= 4 && memcmp(p + keys[k], p + keys[i], p[keys[k]] + 1u) == 0;
		at += 2 + value;
	}
	return at + 1 == n && p[at] == '!' && hit;
}

static void make_table(struct buf *b)
{
	buf_adds(b, "TAB1");
	buf_addch(b, 30);
	for (unsigned i = 0; i < 30; i++) {
		char key[16];
		size_t value = i == 22 ? 9 : i * 11 % 40;

		snprintf(key, sizeof(key), "key-%u", i == 22 ? 6 : i * 313);
		if (i == 6)
			snprintf(key, sizeof(key), "key-6");
		buf_addch(b, (int)strlen(key));
		buf_adds(b, key);
		buf_addch(b, (int)value);
		buf_addch(b, 0);
		while (value-- > 0)
			buf_addch(b, 'a' + (int)(value * 7 % 26));
	}
	buf_addch(b, '!');
}

/* --- a table of offsets into what is behind it: parts behind their lengths; the bug: the last is an X --- */

static size_t offset_at(const unsigned char *p)
{
	return p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16 | (size_t)p[3] << 24;
}

static bool offsets(const unsigned char *p, size_t n)
{
	bool hit = false;
	size_t parts = n > 5 && memcmp(p, "OFS1", 4) == 0 ? p[4] : 0;

	if (n < 5 + 4 * parts)
		return false;
	for (size_t i = 0; i < parts; i++) {
		size_t at = offset_at(p + 5 + 4 * i);

		if (at < 5 + 4 * parts || at >= n || p[at] < 1 || p[at] >= n - at)
			return false;
		hit |= p[at] >= 6 && p[at + 1] == 'X' && at + 1 + p[at] == n;
	}
	return hit;
}

static void make_offsets(struct buf *b)
{
	size_t at = 5 + 4 * 24;

	buf_adds(b, "OFS1\x18");
	for (size_t i = 0; i < 24; i++) {
		buf_addch(b, (int)(at & 255));
		buf_addch(b, (int)(at >> 8));
		add_number(b, 0);
		at += 1 + 5 + i;
	}
	for (size_t i = 0; i < 24; i++) {
		buf_addch(b, (int)(5 + i));
		for (size_t k = 0; k < 5 + i; k++)
			buf_addch(b, k == 0 && i == 23 ? 'X' : 'a' + (int)(k * i % 26));
	}
}

/* --- text: as many lines as the first says, then an end; the bug: a key twice --- */

static bool lines(const unsigned char *p, size_t n)
{
	size_t at = 0, keys[512], count = 0;
	bool hit = false;

	while (at < MIN(n, (size_t)4) && p[at] >= '0' && p[at] <= '9')
		count = count * 10 + (size_t)(p[at++] - '0');
	if (!at || at >= n || p[at++] != '\n' || count > ARRAY_LEN(keys))
		return false;
	for (size_t i = 0; i < count; i++) {
		const unsigned char *nl = memchr(p + at, '\n', n - at);
		const unsigned char *eq = nl ? memchr(p + at, '=', (size_t)(nl - p) - at) : NULL;
		size_t len = eq ? (size_t)(eq - p) - at + 1 : 0;

		if (len < 2)
			return false;
		keys[i] = at;
		for (size_t k = 0; k < i; k++)
			hit |= memcmp(p + keys[k], p + at, len) == 0;
		at = (size_t)(nl - p) + 1;
	}
	return n - at == 4 && memcmp(p + at, "end\n", 4) == 0 && hit;
}

static void make_lines(struct buf *b)
{
	buf_adds(b, "134\n");
	for (unsigned i = 0; i < 134; i++)
		buf_addf(b, "key%u=value %u\n", i == 100 ? 20 * 17 : i * 17, i);
	buf_adds(b, "end\n");
}

/* --- "5:hello," again and again; the bug: two bangs in one --- */

static bool strings(const unsigned char *p, size_t n)
{
	bool hit = false;

	for (size_t i = 0; i < n;) {
		size_t len = 0, digits = 0;
		const unsigned char *bang;

		for (; i < n && p[i] >= '0' && p[i] <= '9' && digits < 5; digits++)
			len = len * 10 + (size_t)(p[i++] - '0');
		if (!digits || i >= n || p[i++] != ':' || len >= n - i || p[i + len] != ',')
			return false;
		bang = memchr(p + i, '!', len);
		hit |= bang && memchr(bang + 1, '!', len - (size_t)(bang + 1 - (p + i)));
		i += len + 1;
	}
	return hit;
}

static void make_strings(struct buf *b)
{
	buf_adds(b, "5:hello,128:");
	for (unsigned i = 0; i < 128; i++)
		buf_addch(b, i == 17 || i == 90 ? '!' : 'a' + (int)(i % 26));
	buf_adds(b, ",3:abc,");
}

/* --- a name that is declared, used and closed, and has to be the same --- */

static bool names(const unsigned char *p, size_t n)
{
	static const char *const words[] = { "let ", "=1;use ", ";end " };
	const unsigned char *name = NULL, *at = memmem(p, n, words[0], 4);
	size_t len = 0;

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		const unsigned char *end;
		size_t left;

		if (!at)
			return false;
		at += strlen(words[i]);
		left = n - (size_t)(at - p);
		if (i + 1 == ARRAY_LEN(words))
			return left > len && memcmp(at, name, len) == 0 && at[len] == '.';
		end = memmem(at, left, words[i + 1], strlen(words[i + 1]));
		if (!end || end == at ||
			(name && ((size_t)(end - at) != len || memcmp(name, at, len) != 0)))
			return false;
		name = at;
		len = (size_t)(end - at);
		at = end;
	}
	return false;
}

static void make_names(struct buf *b)
{
	buf_adds(
		b, "# a comment\nlet counterOfThings=1;use counterOfThings;end counterOfThings.\n");
}

static const struct {
	const char *name;
	void (*make)(struct buf *b);
	shows_fn shows;
	const char *format;
	size_t most;         /* bytes of the result */
	uint64_t most_asked; /* each costs microseconds, but there are limits */
} rows[] = {
	{ "DNS", make_dns, dns, "binary", 72, 600000 },
	{ "table", make_table, table, "binary", 18, 100000 },
	{ "offsets", make_offsets, offsets, "binary", 16, 100000 },
	{ "lines", make_lines, lines, "text", 12, 20000 },
	{ "strings", make_strings, strings, "text", 5, 20000 },
	{ "names", make_names, names, "text", 20, 20000 },
};

static void test_formats(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct fake f = { .shows = rows[i].shows };
		struct oracle o = { fake_batch, fake_alone, fake_stricter, NULL, &f, false };
		struct reduce_outcome oc;
		struct buf in = BUF_INIT;
		struct reducer r;

		rows[i].make(&in);
		assert_true(f.shows((const unsigned char *)in.s, in.len));
		reduce_init(&r, &o, in.s, in.len);
		r.format = rows[i].format;
		reduce_run(&r, &oc);
		print_message("# %s: %zu to %zu bytes, %llu asked, %llu accepted\n", rows[i].name,
			in.len, r.len, (unsigned long long)f.asked, (unsigned long long)f.accepted);
		assert_true(f.shows(r.data, r.len));
		assert_in_range(r.len, 0, rows[i].most);
		assert_in_range(f.asked, 0, rows[i].most_asked);
		assert_true(oc.one_minimal);
		reduce_release(&r);
		buf_release(&in);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_formats),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
