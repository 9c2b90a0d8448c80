/*
 * What one change makes of a seed: cut anywhere, extended, doubled, reversed, spliced with the next; its bytes and the
 * numbers that may be hidden in them set to the values where arithmetic breaks. Long seeds are sampled evenly.
 */
#include "base/prelude.h"
#include "cases/internal.h"
#include "cases/spread.h"

#define CUTS 256  /* prefixes, and suffixes, of a seed */
#define BYTES 128 /* positions whose byte is changed */
#define WORDS 48  /* positions at which integers are written */
#define SEEDS 32  /* looked at, spread over all */

/* How many changes of a seed fit a step's bounds. */
static size_t positions(size_t len, size_t per_position, size_t most)
{
	/* a step's cases are all held at once, and each is as long as the seed */
	size_t fit = CASES_STEP_BYTES / (len + 64) / per_position;

	return MIN(MIN(most, len), MAX(fit, (size_t)8));
}

static void cuts(struct cases_sink *o, const struct cases_seed *s)
{
	size_t n = positions(s->data.len, 2, CUTS);

	for (size_t i = 0; i < n; i++) {
		size_t at = cases_spread(i, n, s->data.len);

		cases_put(o, s->data.s, at, "%s/prefix-%zu", s->name, at);
		cases_put(o, s->data.s + at + 1, s->data.len - at - 1, "%s/suffix-%zu", s->name,
			s->data.len - at - 1);
	}
}

static void whole(struct cases_sink *o, const struct cases_input *in, size_t i)
{
	static const struct cases_row tails[] = { CASES_ROW("nul", "\0"),
		CASES_ROW("newline", "\n"), CASES_ROW("crlf", "\r\n"), CASES_ROW("blank", " "),
		CASES_ROW("ff", "\xff"), CASES_ROW("backslash", "\\"), CASES_ROW("quote", "\""),
		CASES_ROW("nuls", "\0\0\0\0"), CASES_ROWS_END };
	const struct cases_seed *s = &in->seeds[i], *next = &in->seeds[(i + 1) % in->n_seeds];
	struct buf b = BUF_INIT;

	cases_put(o, s->data.s, s->data.len, "%s/itself", s->name);
	for (const struct cases_row *t = tails; t->name; t++) {
		buf_reset(&b);
		buf_addv(&b, s->data);
		buf_add(&b, t->text, t->len);
		cases_put_buf(o, &b, "%s/then-%s", s->name, t->name);
		buf_reset(&b);
		buf_add(&b, t->text, t->len);
		buf_addv(&b, s->data);
		cases_put_buf(o, &b, "%s/after-%s", s->name, t->name);
	}
	for (size_t times = 2; times <= 1024 && times * s->data.len <= in->max_len; times *= 2) {
		buf_reset(&b);
		for (size_t k = 0; k < times; k++)
			buf_addv(&b, s->data);
		cases_put_buf(o, &b, "%s/times-%zu", s->name, times);
	}
	buf_reset(&b);
	for (size_t k = s->data.len; k-- > 0;)
		buf_addch(&b, (unsigned char)s->data.s[k]);
	cases_put_buf(o, &b, "%s/reversed", s->name);
	for (size_t k = 1; k < 8; k++) {
		buf_reset(&b);
		buf_addv(&b, strv_sub(s->data, 0, s->data.len * k / 8));
		buf_addv(&b, strv_from(next->data, next->data.len * k / 8));
		cases_put_buf(o, &b, "%s/spliced-%zu-of-8-with-%s", s->name, k, next->name);
	}
	buf_release(&b);
}

static void bytes(struct cases_sink *o, const struct cases_seed *s)
{
	size_t n = positions(s->data.len, n_cases_bytes + 4, BYTES);
	struct buf b = BUF_INIT;

	buf_addv(&b, s->data);
	for (size_t i = 0; i < n; i++) {
		size_t at = cases_spread(i, n, s->data.len);
		unsigned char was = (unsigned char)s->data.s[at];

		for (size_t k = 0; k < n_cases_bytes; k++) {
			b.s[at] = (char)cases_bytes[k];
			cases_put_buf(o, &b, "%s/byte-%zu-is-%02x", s->name, at, cases_bytes[k]);
		}
		b.s[at] = (char)(was + 1);
		cases_put_buf(o, &b, "%s/byte-%zu-plus-1", s->name, at);
		b.s[at] = (char)(was - 1);
		cases_put_buf(o, &b, "%s/byte-%zu-minus-1", s->name, at);
		b.s[at] = (char)(was ^ 0x80);
		cases_put_buf(o, &b, "%s/byte-%zu-high-bit", s->name, at);
		b.s[at] = (char)was;
	}
	buf_reset(&b);
	for (size_t i = 0; i < n; i++) {
		size_t at = cases_spread(i, n, s->data.len);

		buf_reset(&b);
		buf_addv(&b, strv_sub(s->data, 0, at));
		buf_addv(&b, strv_from(s->data, at + 1));
		cases_put_buf(o, &b, "%s/byte-%zu-deleted", s->name, at);
		buf_reset(&b);
		buf_addv(&b, strv_sub(s->data, 0, at + 1));
		buf_addv(&b, strv_from(s->data, at));
		cases_put_buf(o, &b, "%s/byte-%zu-doubled", s->name, at);
	}
	buf_release(&b);
}

static void store(char *p, uint64_t v, size_t width, bool big)
{
	for (size_t i = 0; i < width; i++)
		p[big ? width - 1 - i : i] = (char)(v >> (8 * i));
}

/* 0 and the ends of the signed and unsigned ranges, and their neighbours. */
static void words(struct cases_sink *o, const struct cases_seed *s, size_t width)
{
	uint64_t top = (uint64_t)1 << (8 * width - 1), all = top - 1 + top;
	uint64_t values[] = { 0, 1, top - 1, top, top + 1, all - 1, all, s->data.len,
		s->data.len + 1 };
	size_t n;
	struct buf b = BUF_INIT;

	if (s->data.len < width)
		return;
	n = positions(s->data.len - width + 1, 2 * ARRAY_LEN(values), WORDS);
	buf_addv(&b, s->data);
	for (size_t i = 0; i < n; i++) {
		size_t at = cases_spread(i, n, s->data.len - width + 1);

		for (size_t k = 0; k < 2 * ARRAY_LEN(values); k++) {
			uint64_t v = values[k / 2] & all;

			store(b.s + at, v, width, k & 1);
			cases_put_buf(o, &b, "%s/%s%zu-at-%zu-is-%llx", s->name,
				k & 1 ? "be" : "le", 8 * width, at, (unsigned long long)v);
		}
		memcpy(b.s + at, s->data.s + at, width);
	}
	buf_release(&b);
}

bool cases_seeds(struct cases_sink *o, const struct cases_input *in, size_t step)
{
	size_t n = MIN(in->n_seeds, (size_t)SEEDS), i;
	const struct cases_seed *s;

	/* kind by kind over all seeds, not seed by seed: a suite that is cut short has seen each */
	if (step >= 6 * n)
		return false;
	i = cases_spread(step % n, n, in->n_seeds);
	s = &in->seeds[i];
	switch (step / n) {
	case 0:
		whole(o, in, i);
		break;
	case 1:
		cuts(o, s);
		break;
	case 2:
		bytes(o, s);
		break;
	default:
		words(o, s, (size_t)1 << (step / n - 2));
		break;
	}
	return true;
}
