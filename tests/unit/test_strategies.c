/* Every strategy of the table against oracles and inputs made at random: whatever they say, it keeps to its word. */
#include "base/prelude.h"
#include "minimize/order.h"
#include "minimize/rounds.h"
#include "minimize/strategy.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/mem.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

struct moody {
	bool (*shows)(const struct moody *m, const unsigned char *p, size_t n);
	uint64_t seed;
	uint64_t asked, stop_after; /* 0: never */
	struct buf best;            /* the original, then what was accepted last */
};

/* By chance alone: nothing that was found out holds for the next candidate. */
static bool by_chance(const struct moody *m, const unsigned char *p, size_t n)
{
	return hash_fnv(HASH_FNV_INIT ^ m->seed, n ? (const char *)p : "", n) % 7 < 2;
}

/* A number somewhere has to be large enough, and there may be anything behind it. */
static bool number(const struct moody *m, const unsigned char *p, size_t n)
{
	uint64_t v = 0;
	size_t i = 0;

	while (i < n && (p[i] < '0' || p[i] > '9'))
		i++;
	while (i < n && p[i] >= '0' && p[i] <= '9' && v < 1000000000)
		v = v * 10 + (uint64_t)(p[i++] - '0');
	return v > m->seed % 90;
}

static bool many(const struct moody *m, const unsigned char *p, size_t n)
{
	size_t found = 0;

	for (size_t i = 0; i < n; i++)
		found += p[i] == "0a[\"1"[m->seed % 5];
	return found > m->seed % 4;
}

static bool odd(const struct moody *m, const unsigned char *p, size_t n)
{
	(void)p;
	return n % 3 != m->seed % 3;
}

static bool is_better(const struct buf *than, const unsigned char *p, size_t n)
{
	if (n != than->len)
		return n < than->len;
	for (size_t i = 0; i < n; i++)
		if (p[i] != (unsigned char)than->s[i])
			return reduce_rank(p[i]) < reduce_rank((unsigned char)than->s[i]);
	return false;
}

static int moody_batch(
	void *self, const struct candidate *c, size_t n, size_t *accepted, struct err *err)
{
	struct moody *m = self;

	(void)err;
	for (*accepted = 0; *accepted < n; ++*accepted) {
		const struct candidate *k = &c[*accepted];

		m->asked++;
		assert_true(is_better(&m->best, k->data, k->len));
		if (!m->shows(m, k->data, k->len))
			continue;
		buf_reset(&m->best);
		buf_add(&m->best, k->data, k->len);
		return 0;
	}
	return 0;
}

static int moody_alone(void *self, const struct candidate *c, struct err *err)
{
	const struct moody *m = self;

	(void)err;
	return m->shows(m, c->data, c->len);
}

static bool moody_stricter(void *self)
{
	(void)self;
	return false;
}

static bool moody_stop(void *self)
{
	const struct moody *m = self;

	return m->stop_after && m->asked >= m->stop_after;
}

/* Pieces that one or the other strategy looks for. */
static void some_input(struct buf *b, uint64_t seed)
{
	static const char *const words[] = { "300", "\"abc\"", "{\"k\": [1, 22]}", "x", "true",
		"\n", " - a: b\n   c: d\n", "<tag>", "</tag>", "\"open", "18446744073709551617",
		"0", "((((", "))))" };
	static const struct strv raw[] = { { "\0\3abc", 5 }, { "\3\0abc", 5 }, { "\4wxyz", 5 },
		{ "\0\0\0\2hi", 6 }, { "\xc0\x0c", 2 }, { "\xff\xfe", 2 },
		{ "\0thresh-fault alloc 40\n", 22 } };
	struct rng g;
	size_t n;

	rng_seed(&g, seed);
	n = (size_t)rng_below(&g, 1u << rng_below(&g, 8));
	buf_reset(b);
	if (seed % 16 == 0)
		buf_add(b, raw[6].s, raw[6].len);
	while (n-- > 0) {
		size_t k = (size_t)rng_below(&g, seed % 2 ? ARRAY_LEN(words) : ARRAY_LEN(raw) - 1);

		if (seed % 2)
			buf_adds(b, words[k]);
		else
			buf_add(b, raw[k].s, raw[k].len);
		if (rng_below(&g, 4) == 0)
			buf_addch(b, (int)rng_below(&g, 256));
	}
}

static void run_one(const struct strategy *s, struct moody *m, bool costly,
	const struct strv *tokens, size_t n_tokens)
{
	struct oracle o = { moody_batch, moody_alone, moody_stricter, moody_stop, m, costly, NULL };
	/* of its own, so that a byte read too far is seen */
	unsigned char *in = xmemdup(m->best.len ? m->best.s : "", MAX(m->best.len, (size_t)1));
	size_t len = m->best.len;
	struct reducer r;
	int rc;

	reduce_init(&r, &o, in, len);
	r.tokens = tokens;
	r.n_tokens = n_tokens;
	r.max_execs = m->seed % 3 ? 20000 : m->seed % 200;
	rc = s->run(&r);
	assert_in_range(rc + 1, 0, 2);
	if (rc == 0)
		assert_int_equal(r.accepts, 0);
	if (rc == 1)
		assert_true(r.accepts > 0);
	assert_int_equal(r.len, m->best.len);
	if (r.len)
		assert_memory_equal(r.data, m->best.s, r.len);
	reduce_release(&r);
	free(in);
}

static void test_each_keeps_its_word(void **state)
{
	static bool (*const oracles[])(const struct moody *m, const unsigned char *p,
		size_t n) = { by_chance, number, many, odd };
	static const struct strv tokens[] = { { "true", 4 }, { "tag", 3 }, { "22", 2 } };

	(void)state;
	for (size_t i = 0; i < n_strategies; i++)
		for (uint64_t seed = 1; seed <= 160; seed++) {
			struct moody m = { .shows = oracles[seed % ARRAY_LEN(oracles)],
				.seed = seed,
				.stop_after = seed % 5 ? 0 : seed,
				.best = BUF_INIT };

			some_input(&m.best, seed / 4);
			run_one(&strategies[i], &m, seed % 7 == 0, tokens, ARRAY_LEN(tokens));
			buf_release(&m.best);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_keeps_its_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
