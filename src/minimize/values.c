/* Values inside the input: decimal numbers, quoted strings, the dictionary's tokens. */
#include "base/prelude.h"
#include "base/mem.h"
#include "minimize/least.h"
#include "minimize/strategy.h"

/* --- numbers --- */

static bool is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

/* The run of digits that starts at or behind *at. */
static bool next_number(const struct reducer *r, size_t *at, struct region *n)
{
	size_t i = *at;

	while (i < r->len && !is_digit(r->data[i]))
		i++;
	if (i == r->len)
		return false;
	n->from = i;
	while (i < r->len && is_digit(r->data[i]))
		i++;
	n->to = *at = i;
	return true;
}

static enum made make_number(
	const struct region *n, const struct reducer *r, uint64_t value, struct draft *d)
{
	char digits[24];
	size_t len = 0;

	do
		digits[sizeof(digits) - ++len] = (char)('0' + value % 10);
	while (value /= 10);
	draft_splice(d, r, n->from, n->to, digits + sizeof(digits) - len, len);
	return MADE;
}

static int shrink_number(struct reducer *r, struct region *n)
{
	uint64_t value = 0;

	if (n->to - n->from > 18)
		return reduce_least(r, region_first, n, 1, n->to - n->from);
	for (size_t i = n->from; i < n->to; i++)
		value = value * 10 + (uint64_t)(r->data[i] - '0');
	return reduce_least(r, make_number, n, 0, value);
}

int strategy_numbers(struct reducer *r)
{
	struct region n;
	bool changed = false;

	for (size_t at = 0; next_number(r, &at, &n);) {
		size_t len = r->len;
		int rc = shrink_number(r, &n);

		if (rc < 0)
			return -1;
		changed |= rc > 0;
		at -= len - r->len;
	}
	return changed;
}

/* --- strings --- */

static bool next_string(const struct reducer *r, size_t *at, struct region *n)
{
	size_t i = *at;
	unsigned char q;

	while (i < r->len && r->data[i] != '"' && r->data[i] != '\'')
		i++;
	if (i == r->len)
		return false;
	q = r->data[i++];
	n->from = i;
	while (i < r->len && r->data[i] != q)
		i += r->data[i] == '\\' && i + 1 < r->len ? 2 : 1;
	if (i >= r->len)
		n->to = *at = r->len;
	else
		n->to = i, *at = i + 1;
	return true;
}

int strategy_strings(struct reducer *r)
{
	struct region n;
	bool changed = false;

	for (size_t at = 0; next_string(r, &at, &n);) {
		size_t len = r->len;
		int a = reduce_least(r, region_first, &n, 0, n.to - n.from);
		int b = a < 0 ? -1 : reduce_least(r, region_last, &n, 0, n.to - n.from);

		if (b < 0)
			return -1;
		changed |= a | b;
		at -= len - r->len;
	}
	return changed;
}

/* --- dictionary --- */

struct dict {
	const struct strv *tokens;
	size_t n;
	size_t at; /* the place looked at first in this sweep */
	uint64_t base;
};

/*
 * Number i: place i / (n * (n + 1)), token, replacement (number n: nothing). Most places hold no token, so the
 * numbering skips by place.
 */
static enum made make_token(void *arg, const struct reducer *r, uint64_t i, struct draft *d)
{
	const struct dict *k = arg;
	uint64_t n = k->n, each = n * (n + 1);
	uint64_t place = (i - k->base) / each + k->at, rest = (i - k->base) % each;
	struct strv tok, with = { "", 0 };

	if (place >= r->len)
		return MADE_END;
	tok = k->tokens[rest / (n + 1)];
	if (tok.len < 2 || tok.len > r->len - place || memcmp(r->data + place, tok.s, tok.len))
		return MADE_SKIP;
	if (rest % (n + 1) < n)
		with = k->tokens[rest % (n + 1)];
	if (with.len > tok.len || strv_eq(with, tok))
		return MADE_SKIP;
	draft_splice(d, r, (size_t)place, (size_t)place + tok.len, with.s, with.len);
	return MADE;
}

static uint64_t token_accepted(void *arg, const struct reducer *r, uint64_t i)
{
	struct dict *k = arg;
	uint64_t each = k->n * (k->n + 1);

	(void)r;
	k->at += (size_t)((i - k->base) / each);
	k->base = i + 1;
	return i + 1;
}

int strategy_dictionary(struct reducer *r)
{
	struct dict k = { r->tokens, r->n_tokens, 0, 0 };
	struct sweep s = { make_token, token_accepted, &k };

	return reduce_sweep(r, &s);
}
