/*
 * Every layout of a few thousand is tried on an input: from each start on, is what stands where a length would be the length
 * of something that is there, does another record follow, and does the last one end where the input ends? Each of that would
 * be so by chance with some probability; the layout for which it would be the least is taken. An input of a fuzzer's is
 * rarely whole, so none of it has to be so.
 */
#include "thresh_rt_layout.h"
#include "thresh_rt_sums.h"

#include <string.h>

#define STARTS 25
#define RECORDS_LOOKED 24
#define EMPTY_LOOKED 3
#define DEPTH 8
/* small numbers that are wide are no lengths for that: a record is worth no more bits than this */
#define RECORD_BITS 20
/* bits that a choice among all of them is worth */
#define CHOICE_BITS 14
/* bytes that a checksum is looked for over, and records */
#define SUMMED_MAX 2048
#define SUMMED_RECORDS 3

static const struct {
	uint8_t width, big;
} fixed[LENS] = { [LEN_BE32] = { 4, 1 },
	[LEN_LE32] = { 4, 0 },
	[LEN_BE64] = { 8, 1 },
	[LEN_LE64] = { 8, 0 },
	[LEN_BE24] = { 3, 1 },
	[LEN_BE16] = { 2, 1 },
	[LEN_LE16] = { 2, 0 },
	[LEN_U8] = { 1, 0 } };

/* --- lengths --- */

static uint64_t read_fixed(const uint8_t *s, unsigned width, int big)
{
	uint64_t v = 0;

	for (unsigned i = 0; i < width; i++)
		v = v << 8 | s[big ? i : width - 1 - i];
	return v;
}

static void write_fixed(uint8_t *s, unsigned width, int big, uint64_t v)
{
	for (unsigned i = 0; i < width; i++, v >>= 8)
		s[big ? width - 1 - i : i] = (uint8_t)v;
}

static unsigned read_varint(const uint8_t *s, size_t n, uint64_t *v)
{
	*v = 0;
	for (unsigned i = 0; i < n && i < 9; i++) {
		*v |= (uint64_t)(s[i] & 0x7f) << 7 * i;
		if (s[i] < 0x80)
			return i + 1;
	}
	return 0;
}

static unsigned read_ber(const uint8_t *s, size_t n, uint64_t *v)
{
	unsigned more = n ? s[0] & 0x7fu : 0;

	if (!n)
		return 0;
	*v = s[0];
	if (s[0] < 0x80)
		return 1;
	if (more == 0 || more > 8 || more >= n)
		return 0;
	*v = read_fixed(s + 1, more, 1);
	return 1 + more;
}

static unsigned read_decimal(const uint8_t *s, size_t n, uint64_t *v)
{
	unsigned i;

	*v = 0;
	for (i = 0; i < n && i < 9 && s[i] >= '0' && s[i] <= '9'; i++)
		*v = *v * 10 + s[i] - '0';
	return i && i < n && (s[i] < '0' || s[i] > '9') ? i + 1 : 0;
}

unsigned thresh_rt_length_read(unsigned kind, const uint8_t *s, size_t n, uint64_t *v)
{
	unsigned width = kind < LENS ? fixed[kind].width : 0;

	switch (kind) {
	case LEN_VARINT:
		return read_varint(s, n, v);
	case LEN_BER:
		return read_ber(s, n, v);
	case LEN_DECIMAL:
		return read_decimal(s, n, v);
	default:
		if (!width || width > n)
			return 0;
		*v = read_fixed(s, width, fixed[kind].big);
		return width;
	}
}

static unsigned write_decimal(const uint8_t *old, unsigned width, uint64_t v, uint8_t *to)
{
	uint8_t digits[20];
	unsigned n = 0, i;

	do
		digits[n++] = (uint8_t)('0' + v % 10);
	while ((v /= 10) && n < sizeof(digits));
	if (v || n + 1 > THRESH_RT_LENGTH_MAX)
		return 0;
	for (i = 0; i < n; i++)
		to[i] = digits[n - 1 - i];
	to[n] = width ? old[width - 1] : ':';
	return n + 1;
}

static unsigned write_ber(uint64_t v, uint8_t *to)
{
	unsigned more = 1;

	if (v < 0x80) {
		to[0] = (uint8_t)v;
		return 1;
	}
	while (more < 8 && v >> 8 * more)
		more++;
	to[0] = (uint8_t)(0x80 | more);
	write_fixed(to + 1, more, 1, v);
	return 1 + more;
}

unsigned thresh_rt_length_write(unsigned kind, const uint8_t *old, unsigned width, uint64_t v,
	uint8_t to[THRESH_RT_LENGTH_MAX])
{
	unsigned n = kind < LENS ? fixed[kind].width : 0;

	switch (kind) {
	case LEN_VARINT:
		for (n = 0; v >= 0x80; v >>= 7)
			to[n++] = (uint8_t)(v | 0x80);
		to[n] = (uint8_t)v;
		return n + 1;
	case LEN_BER:
		return write_ber(v, to);
	case LEN_DECIMAL:
		return write_decimal(old, width, v, to);
	default:
		if (!n || (n < 8 && v >> 8 * n))
			return 0;
		write_fixed(to, n, fixed[kind].big, v);
		return n;
	}
}

/* --- records --- */

unsigned thresh_rt_layout_middle(const struct thresh_rt_layout *l)
{
	int sum = (int)thresh_rt_sum_width(l->sum);

	return l->more > sum ? (unsigned)(l->more - sum) : 0;
}

/* A record that is there as a whole, between at and end. */
static inline int read_record(const struct thresh_rt_layout *l, const uint8_t *s, uint32_t at,
	uint32_t end, struct thresh_rt_record *r)
{
	uint32_t left = end - at, least;
	uint64_t len = 0;
	int64_t all;

	if (left < l->before)
		return 0;
	r->width = 0;
	if (l->length != LEN_NONE) {
		r->width = (uint8_t)thresh_rt_length_read(
			l->length, s + at + l->before, left - l->before, &len);
		if (!r->width || len > end)
			return 0;
	}
	least = l->before + r->width;
	all = (int64_t)least + l->more + (int64_t)len;
	if (l->more > 0)
		least += (uint32_t)l->more;
	if (all < (int64_t)least || all <= 0 || all > (int64_t)left)
		return 0;
	r->from = at;
	r->to = at + (uint32_t)all;
	r->length = at + l->before;
	r->value = r->length + r->width + thresh_rt_layout_middle(l);
	r->tail = r->to - thresh_rt_sum_width(l->sum);
	return 1;
}

static uint32_t summed_from(const struct thresh_rt_record *r, unsigned from, unsigned middle)
{
	return from == SUM_FROM_RECORD       ? r->from
	       : from == SUM_FROM_LENGTH_END ? r->value - middle
					     : r->value;
}

static int has_its_sum(
	const struct thresh_rt_layout *l, const uint8_t *s, const struct thresh_rt_record *r)
{
	unsigned width = thresh_rt_sum_width(l->sum);
	uint32_t from = summed_from(r, l->sum_from, thresh_rt_layout_middle(l));

	return r->tail >= from && r->tail - from <= SUMMED_MAX &&
	       read_fixed(s + r->tail, width, !l->sum_little) ==
		       thresh_rt_sum(l->sum, s + from, r->tail - from);
}

/* Those behind one another. Where they end. */
static uint32_t walk_level(const struct thresh_rt_layout *l, const uint8_t *s, uint32_t at,
	uint32_t end, int parent, struct thresh_rt_records *out)
{
	struct thresh_rt_record r;

	while (at < end && out->n < THRESH_RT_RECORDS && read_record(l, s, at, end, &r)) {
		r.parent = parent;
		out->record[out->n++] = r;
		at = r.to;
	}
	return at;
}

static unsigned depth_of(const struct thresh_rt_records *r, int i)
{
	unsigned depth = 0;

	for (; i >= 0; i = r->record[i].parent)
		depth++;
	return depth;
}

/* Nothing but empty ones, which zeros would be, or checksums that don't fit: it is no list of records. */
static int are_records(const struct thresh_rt_layout *l, const uint8_t *s,
	const struct thresh_rt_records *r, unsigned from)
{
	unsigned full = 0;

	for (; from < r->n; from++) {
		full += r->record[from].tail > r->record[from].value;
		if (l->sum && !has_its_sum(l, s, &r->record[from]))
			return 0;
	}
	return full > 0;
}

void thresh_rt_layout_walk(const struct thresh_rt_layout *l, const uint8_t *s, size_t size,
	struct thresh_rt_records *out)
{
	/* what may stand in a value in front of the records in it */
	static const uint8_t heads[] = { 0, 1, 4, 8 };
	uint32_t end = size < THRESH_RT_LAYOUT_LOOKED ? (uint32_t)size : THRESH_RT_LAYOUT_LOOKED;

	out->n = 0;
	if (l->start >= end)
		return;
	walk_level(l, s, l->start, end, -1, out);
	for (unsigned i = 0; i < out->n && l->length != LEN_NONE; i++) {
		struct thresh_rt_record r = out->record[i];

		if (depth_of(out, (int)i) >= DEPTH)
			continue;
		for (unsigned h = 0; h < sizeof(heads); h++) {
			unsigned n = out->n;

			if (r.tail - r.value <= (uint32_t)l->before + heads[h])
				break;
			if (walk_level(l, s, r.value + heads[h], r.tail, (int)i, out) == r.tail &&
				are_records(l, s, out, n))
				break;
			out->n = n;
		}
	}
}

/* --- how likely --- */

static unsigned log2_of(uint64_t v)
{
	unsigned n = 0;

	while (v >>= 1)
		n++;
	return n;
}

/* Words, and by their first two bytes which there may be: most places have none. */
struct types {
	const struct thresh_rt_lexicon *words;
	uint8_t begins[256];
};

static uint8_t begin_of(const uint8_t *s)
{
	return (uint8_t)(s[0] * 31 + s[1]);
}

static void know_types(struct types *t, const struct thresh_rt_lexicon *words)
{
	*t = (struct types){ .words = words };
	for (unsigned i = 0; words && i < words->n; i++)
		if (words->word[i].len > 1)
			t->begins[begin_of(words->word[i].s)] = 1;
}

static int is_type(const struct types *t, const uint8_t *s, unsigned n)
{
	if (n < 2 || !t->begins[begin_of(s)])
		return 0;
	for (unsigned i = 0; i < t->words->n; i++)
		if (t->words->word[i].len == n && memcmp(t->words->word[i].s, s, n) == 0)
			return 1;
	return 0;
}

static unsigned score_of(
	const struct thresh_rt_layout *l, const uint8_t *s, size_t size, const struct types *types)
{
	uint32_t end = size < THRESH_RT_LAYOUT_LOOKED ? (uint32_t)size : THRESH_RT_LAYOUT_LOOKED;
	uint32_t at = l->start;
	unsigned bits = 0, n = 0, typed = l->before ? l->before : thresh_rt_layout_middle(l);
	struct thresh_rt_record r;

	while (at < end && n < RECORDS_LOOKED && read_record(l, s, at, end, &r)) {
		/* a digit is no accident, and not much of one */
		unsigned range = l->length == LEN_DECIMAL ? 5 * r.width : 8 * r.width;
		unsigned likely = log2_of(end - at) + 1;

		/* zeros are everywhere, whatever they mean */
		if (r.to - r.from > (uint32_t)l->before + r.width + (l->more > 0 ? l->more : 0))
			bits += range <= likely                ? 0
				: range - likely < RECORD_BITS ? range - likely
							       : RECORD_BITS;
		if (is_type(types, l->before ? s + at : s + r.length + r.width, typed))
			bits += 8 * typed;
		at = r.to;
		if (++n >= EMPTY_LOOKED && !bits)
			return 0;
	}
	if (n && at == end)
		bits += log2_of(end);
	return bits > CHOICE_BITS ? bits - CHOICE_BITS : 0;
}

/* --- checksums --- */

/* Is it so for the first records? One of one byte has to be so more often. */
static int sum_fits(const struct thresh_rt_layout *l, const uint8_t *s, size_t size)
{
	unsigned width = thresh_rt_sum_width(l->sum), n = 0, full = 0;
	uint32_t at = l->start;
	struct thresh_rt_record r;

	while (n < SUMMED_RECORDS && at < size && read_record(l, s, at, (uint32_t)size, &r)) {
		if (!has_its_sum(l, s, &r))
			return 0;
		full += r.tail > summed_from(&r, l->sum_from, thresh_rt_layout_middle(l));
		at = r.to;
		n++;
	}
	return width == 1 ? full >= 3 : width == 2 ? full >= 2 : full >= 1;
}

static void find_sum(struct thresh_rt_layout *l, const uint8_t *s, size_t size)
{
	struct thresh_rt_layout with = *l;

	for (with.sum = NO_SUM + 1; with.sum < SUMS; with.sum++) {
		if ((int)thresh_rt_sum_width(with.sum) > l->more)
			continue;
		for (with.sum_from = 0; with.sum_from < SUM_FROMS; with.sum_from++)
			for (with.sum_little = 0; with.sum_little < 2; with.sum_little++)
				if (sum_fits(&with, s, size)) {
					*l = with;
					return;
				}
	}
}

void thresh_rt_layout_mend_sum(
	const struct thresh_rt_layout *l, uint8_t *s, const struct thresh_rt_record *r)
{
	unsigned width = thresh_rt_sum_width(l->sum);
	uint32_t from = summed_from(r, l->sum_from, thresh_rt_layout_middle(l));

	if (width && r->tail >= from)
		write_fixed(s + r->tail, width, !l->sum_little,
			thresh_rt_sum(l->sum, s + from, r->tail - from));
}

/* --- all of them --- */

/* What else there may be of a record; those whose length counts itself, or all, are below 0. */
static unsigned mores(const struct thresh_rt_layout *l, int8_t *more)
{
	static const int8_t usual[] = { 0, 1, 2, 4, 8 };
	unsigned width = fixed[l->length].width, n = width ? sizeof(usual) : 3;

	memcpy(more, usual, n);
	if (width) {
		more[n++] = (int8_t)-width;
		if (l->before)
			more[n++] = (int8_t)(-(int)width - l->before);
	}
	return n;
}

unsigned thresh_rt_layout_find(const uint8_t *s, size_t size, const struct thresh_rt_lexicon *words,
	struct thresh_rt_layout *out)
{
	static const uint8_t befores[] = { 0, 1, 2, 3, 4, 8 };
	struct thresh_rt_layout l = { 0 };
	unsigned best = 0, score;
	struct types types;
	int8_t more[8];

	know_types(&types, words);
	for (l.start = 0; l.start < STARTS && l.start < size; l.start++)
		for (unsigned b = 0; b < sizeof(befores); b++)
			for (l.length = 0; l.length < LEN_NONE; l.length++) {
				uint64_t len;
				uint32_t at = l.start + befores[b];
				unsigned n;

				l.before = befores[b];
				if (at >= size ||
					!thresh_rt_length_read(l.length, s + at, size - at, &len) ||
					len > size)
					continue;
				n = mores(&l, more);
				for (unsigned i = 0; i < n; i++) {
					l.more = more[i];
					score = score_of(&l, s, size, &types);
					if (score > best) {
						best = score;
						*out = l;
					}
				}
			}
	if (best && out->more > 0)
		find_sum(out, s, size < THRESH_RT_LAYOUT_LOOKED ? size : THRESH_RT_LAYOUT_LOOKED);
	return best;
}
