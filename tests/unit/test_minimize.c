/* The reducer against predicates: no target, so that every strategy is seen to do what its row says. */
#include "base/prelude.h"
#include "minimize/custom_oracle.h"
#include "minimize/essential.h"
#include "minimize/minimize.h"
#include "minimize/oracle.h"
#include "minimize/order.h"
#include "minimize/rounds.h"
#include "minimize/strategy.h"
#include "minimize/text_key.h"
#include "minimize/tree_parse.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/hash.h"
#include "base/mem.h"
#include <setjmp.h>
#include <stdarg.h>
#include <time.h>
#include <stdio.h>
#include <cmocka.h>

typedef bool (*shows_fn)(const unsigned char *p, size_t n);

struct fake {
	shows_fn shows;
	uint64_t asked, crashes, batches;
	uint64_t stop_after; /* asked; 0: never */
	unsigned lies;       /* that many acceptances in batches that aren't so alone */
	bool strict;
	uint64_t order; /* hash of the accepted candidates in their order */
};

static int fake_batch(
	void *self, const struct candidate *c, size_t n, size_t *accepted, struct err *err)
{
	struct fake *f = self;

	(void)err;
	f->batches++;
	for (size_t i = 0; i < n; i++) {
		bool yes = f->shows(c[i].data, c[i].len);

		f->asked++;
		if (!yes && f->lies && !f->strict && f->asked % 7 == 0) {
			f->lies--;
			yes = true;
		}
		if (yes) {
			f->crashes++;
			f->order = f->order * 31 + c[i].len + (c[i].len ? c[i].data[0] : 0);
			*accepted = i;
			return 0;
		}
	}
	*accepted = n;
	return 0;
}

static int fake_alone(void *self, const struct candidate *c, struct err *err)
{
	struct fake *f = self;

	(void)err;
	return f->shows(c->data, c->len);
}

static bool fake_stricter(void *self)
{
	struct fake *f = self;
	bool was = f->strict;

	f->strict = true;
	return !was;
}

static bool fake_stop(void *self)
{
	const struct fake *f = self;

	return f->stop_after && f->asked >= f->stop_after;
}

static struct reduce_outcome reduce(
	struct fake *f, const char *format, const void *p, size_t n, struct buf *out)
{
	struct oracle o = { fake_batch, fake_alone, fake_stricter, fake_stop, f, false, NULL };
	struct reducer r;
	struct reduce_outcome oc;

	reduce_init(&r, &o, p, n);
	r.format = format;
	reduce_run(&r, &oc);
	buf_reset(out);
	buf_add(out, r.data, r.len);
	reduce_release(&r);
	return oc;
}

static bool has(const unsigned char *p, size_t n, const char *what)
{
	return memmem(p, n, what, strlen(what)) != NULL;
}

/* --- predicates and what must come out --- */

static bool needs_word(const unsigned char *p, size_t n)
{
	return has(p, n, "crash");
}

static bool needs_two(const unsigned char *p, size_t n)
{
	const unsigned char *a = memmem(p, n, "#1", 2);

	return a && memmem(a, n - (size_t)(a - p), "#2", 2);
}

static bool always(const unsigned char *p, size_t n)
{
	(void)p;
	(void)n;
	return true;
}

static bool balanced(const unsigned char *p, size_t n)
{
	size_t depth = 0;
	bool deep = false;

	for (size_t i = 0; i < n; i++) {
		if (p[i] == '[')
			depth++;
		else if (p[i] == ']' && depth)
			depth--;
		else if (p[i] == ']')
			return false;
		deep |= depth >= 3;
	}
	return deep && depth == 0;
}

/* Length-prefixed records to the end; one of them has type 'X' and at least 3 bytes. */
static bool records(const unsigned char *p, size_t n)
{
	bool found = false;

	for (size_t i = 0; i < n;) {
		size_t len;

		if (n - i < 3)
			return false;
		len = (size_t)p[i + 1] << 8 | p[i + 2];
		if (len > n - i - 3)
			return false;
		found |= p[i] == 'X' && len >= 3;
		i += 3 + len;
	}
	return found;
}

static bool big_number(const unsigned char *p, size_t n)
{
	uint64_t v = 0;

	if (n < 3 || p[0] != '(' || p[n - 1] != ')')
		return false;
	for (size_t i = 1; i + 1 < n; i++) {
		if (p[i] < '0' || p[i] > '9')
			return false;
		v = v * 10 + (uint64_t)(p[i] - '0');
	}
	return v >= 4097;
}

static bool long_string(const unsigned char *p, size_t n)
{
	return n >= 2 + 300 && p[0] == '"' && p[n - 1] == '"';
}

static bool xor_pair(const unsigned char *p, size_t n)
{
	/* an even number of 'x', at least two: single deletions all fail */
	size_t x = 0;

	for (size_t i = 0; i < n; i++)
		x += p[i] == 'x';
	return x >= 2 && x % 2 == 0;
}

static const struct {
	const char *name;
	shows_fn shows;
	const char *want;
	size_t want_len; /* when want is NULL */
} cases[] = {
	{ "a word in noise", needs_word, "crash", 0 },
	{ "two words far apart", needs_two, "#1#2", 0 },
	{ "whatever the input", always, "", 0 },
	{ "balanced brackets", balanced, "[[[]]]", 0 },
	{ "parity", xor_pair, "xx", 0 },
};

static void noise(struct buf *b, size_t n, uint64_t seed)
{
	struct rng g;

	rng_seed(&g, seed);
	while (n--)
		buf_addch(b, "abcdefgh {}\n\",:0123"[rng_below(&g, 19)]);
}

static void test_cases(void **state)
{
	(void)state;
	for (size_t size = 0; size <= 40000; size = size ? size * 20 : 100)
		for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
			struct fake f = { .shows = cases[i].shows };
			struct buf in = BUF_INIT, out = BUF_INIT;
			struct reduce_outcome oc;

			noise(&in, size / 3, 1);
			buf_adds(&in, "#1crash[[[");
			noise(&in, size / 3, 2);
			buf_adds(&in, "xxxxxx]]]#2");
			noise(&in, size / 3, 3);
			if (f.shows((unsigned char *)in.s, in.len)) {
				oc = reduce(&f, "raw", in.s, in.len, &out);
				print_message("# %s, %zu bytes: %llu asked, %llu accepted\n",
					cases[i].name, in.len, (unsigned long long)f.asked,
					(unsigned long long)f.crashes);
				assert_string_equal(buf_str(&out), cases[i].want);
				assert_true(oc.one_minimal && oc.one_normal && !oc.unstable);
			}
			buf_release(&in);
			buf_release(&out);
		}
}

static void test_values(void **state)
{
	struct buf in = BUF_INIT, out = BUF_INIT;
	struct fake f = { .shows = big_number };

	(void)state;
	buf_adds(&in, "(918273645)");
	reduce(&f, "text", in.s, in.len, &out);
	assert_string_equal(buf_str(&out), "(4097)");

	buf_reset(&in);
	buf_addch(&in, '"');
	noise(&in, 5000, 9);
	buf_addch(&in, '"');
	f = (struct fake){ .shows = long_string };
	reduce(&f, "json", in.s, in.len, &out);
	assert_int_equal(out.len, 302);
	for (size_t i = 1; i < 301; i++)
		assert_int_equal(out.s[i], '0');
	buf_release(&in);
	buf_release(&out);
}

static void test_records(void **state)
{
	static const char want[] = "X\0\3"
				   "000";
	struct buf in = BUF_INIT, out = BUF_INIT;
	struct fake f = { .shows = records };

	(void)state;
	for (unsigned i = 0; i < 12; i++) {
		unsigned len = i * 23 % 90;

		buf_addch(&in, i == 7 ? 'X' : 'A' + (int)i);
		buf_addch(&in, 0);
		buf_addch(&in, (int)len);
		noise(&in, len, i);
	}
	assert_true(records((unsigned char *)in.s, in.len));
	reduce(&f, "raw", in.s, in.len, &out);
	assert_int_equal(out.len, sizeof(want) - 1);
	assert_memory_equal(out.s, want, out.len);
	buf_release(&in);
	buf_release(&out);
}

/* Chunks as a picture has them: length, type, data, and a sum over the latter two, which no edit keeps right. */
static bool summed_chunks(const unsigned char *p, size_t n)
{
	bool head = false, text = false;
	size_t i = 4;

	if (n < 4 || memcmp(p, "\x89PIC", 4))
		return false;
	while (i < n) {
		size_t len;
		unsigned char sum = 0;

		if (n - i < 9)
			return false;
		len = p[i] | (size_t)p[i + 1] << 8 | (size_t)p[i + 2] << 16 |
		      (size_t)p[i + 3] << 24;
		if (len > n - i - 9)
			return false;
		for (size_t k = 0; k < len + 4; k++)
			sum = (unsigned char)(sum + p[i + 4 + k]);
		if (sum != p[i + 8 + len])
			return false;
		head |= !memcmp(p + i + 4, "HEAD", 4);
		text |= head && !memcmp(p + i + 4, "TEXT", 4);
		i += len + 9;
	}
	return text;
}

static void add_chunk(struct buf *b, const char *type, size_t len, uint64_t seed)
{
	size_t from = b->len;
	unsigned char sum = 0;

	for (unsigned k = 0; k < 4; k++)
		buf_addch(b, (int)(len >> (8 * k) & 255));
	buf_adds(b, type);
	noise(b, len, seed);
	for (size_t i = from + 4; i < b->len; i++)
		sum = (unsigned char)(sum + (unsigned char)b->s[i]);
	buf_addch(b, sum);
}

static void test_records_with_sums(void **state)
{
	struct buf in = BUF_INIT, out = BUF_INIT;
	struct fake f = { .shows = summed_chunks };

	(void)state;
	buf_adds(&in, "\x89PIC");
	for (unsigned i = 0; i < 40; i++)
		add_chunk(&in, i == 3 ? "HEAD" : i == 31 ? "TEXT" : "DATA", i * 37 % 70, i);
	assert_true(summed_chunks((unsigned char *)in.s, in.len));
	reduce(&f, "binary", in.s, in.len, &out);
	/* the header and the two chunks that are needed, and not more of these than there was */
	assert_true(summed_chunks((unsigned char *)out.s, out.len));
	assert_in_range(out.len, 4 + 9 + 9, 4 + (9 + 3 * 37 % 70) + (9 + 31 * 37 % 70));
	buf_release(&in);
	buf_release(&out);
}

/* The call that fails is the last of those that the input makes, one for each 'm'. */
static bool last_call_fails(const unsigned char *p, size_t n)
{
	struct target_fault f;
	size_t skip = target_fault_line(p, n, &f), calls = 0;

	for (size_t i = skip; i < n; i++)
		calls += p[i] == 'm';
	return skip && f.at == calls && f.kind == TARGET_FAULT_READ_EIO &&
	       has(p + skip, n - skip, "bug");
}

static void test_number_of_a_fault_comes_down(void **state)
{
	static const char want[] = "\0thresh-fault read-eio 1\nmbug";
	struct target_input in = { .fault = { TARGET_FAULT_READ_EIO, 57, false } };
	struct buf text = BUF_INIT, all = BUF_INIT, out = BUF_INIT;
	struct fake f = { .shows = last_call_fails };

	(void)state;
	for (unsigned i = 0; i < 57; i++)
		buf_addf(&text, "x%um%s", i, i == 30 ? "bug" : "");
	in.data = text.s;
	in.len = text.len;
	target_fault_wrap(&all, &in);
	assert_true(last_call_fails((unsigned char *)all.s, all.len));
	reduce(&f, "raw", all.s, all.len, &out);
	assert_int_equal(out.len, sizeof(want) - 1);
	/* where the one call stands doesn't matter */
	assert_memory_equal(out.s, want, sizeof(want) - 1 - 4);
	buf_release(&text);
	buf_release(&all);
	buf_release(&out);
}

static bool nested(const unsigned char *p, size_t n)
{
	size_t open = 0;

	for (size_t i = 0; i < n; i++)
		open += p[i] == '(';
	return open >= 300;
}

/* What goes 300 times goes at once: an acceptance is a crash. */
static void test_repetition_goes_at_once(void **state)
{
	struct buf in = BUF_INIT, out = BUF_INIT;
	struct fake f = { .shows = nested };

	(void)state;
	for (unsigned i = 0; i < 150; i++)
		buf_addf(&in, "((7*a%u+", i % 3);
	reduce(&f, "text", in.s, in.len, &out);
	assert_int_equal(out.len, 300);
	assert_true(nested((unsigned char *)out.s, out.len));
	assert_in_range(f.crashes, 1, 12);
	buf_release(&in);
	buf_release(&out);
}

/* Slower than the limit that batches are given, faster than the real one: a hang's oracle is too easily pleased. */
struct slow {
	size_t limit, real; /* sizes that take as long */
	unsigned alone, taken_back;
};

static int slow_batch(
	void *self, const struct candidate *c, size_t n, size_t *accepted, struct err *err)
{
	const struct slow *s = self;
	size_t i = 0;

	(void)err;
	while (i < n && c[i].len < s->limit)
		i++;
	*accepted = i;
	return 0;
}

static int slow_alone(void *self, const struct candidate *c, struct err *err)
{
	struct slow *s = self;

	(void)err;
	s->alone++;
	return c->len >= s->real;
}

static bool slow_stricter(void *self)
{
	struct slow *s = self;

	if (s->limit == s->real)
		return false;
	s->taken_back++;
	s->limit = MIN(s->limit * 4, s->real);
	return true;
}

static void test_too_easily_pleased_oracle(void **state)
{
	struct slow s = { .limit = 2, .real = 100 };
	struct oracle o = { slow_batch, slow_alone, slow_stricter, NULL, &s, true, NULL };
	struct reduce_outcome oc;
	struct buf in = BUF_INIT;
	struct reducer r;

	(void)state;
	noise(&in, 30000, 8);
	reduce_init(&r, &o, in.s, in.len);
	r.format = "raw";
	reduce_run(&r, &oc);
	assert_int_equal(r.len, 100);
	assert_true(oc.one_minimal && oc.unstable);
	assert_int_equal(s.taken_back, 3); /* 8, 32, 100 */
	assert_in_range(s.alone, 4, 40);
	reduce_release(&r);
	buf_release(&in);
}

static void test_interrupted_keeps_best(void **state)
{
	struct buf in = BUF_INIT, out = BUF_INIT, again = BUF_INIT;
	struct fake f = { .shows = needs_word, .stop_after = 60 };
	struct reduce_outcome oc;

	(void)state;
	noise(&in, 3000, 4);
	buf_adds(&in, "crash");
	noise(&in, 3000, 5);
	oc = reduce(&f, "raw", in.s, in.len, &out);
	assert_false(oc.one_minimal);
	assert_true(out.len < in.len && needs_word((unsigned char *)out.s, out.len));
	/* and a run on what is left goes on from there */
	f.stop_after = 0;
	reduce(&f, "raw", out.s, out.len, &again);
	assert_string_equal(buf_str(&again), "crash");
	buf_release(&in);
	buf_release(&out);
	buf_release(&again);
}

static void test_bogus_acceptance_is_taken_back(void **state)
{
	struct buf in = BUF_INIT, out = BUF_INIT;
	struct fake f = { .shows = needs_word, .lies = 3 };
	struct reduce_outcome oc;

	(void)state;
	noise(&in, 900, 4);
	buf_adds(&in, "crash");
	oc = reduce(&f, "raw", in.s, in.len, &out);
	assert_true(oc.unstable && oc.one_minimal);
	assert_string_equal(buf_str(&out), "crash");
	buf_release(&in);
	buf_release(&out);
}

static void test_order_is_a_permutation(void **state)
{
	bool seen[256] = { false };

	(void)state;
	for (unsigned i = 0; i < 256; i++) {
		assert_false(seen[reduce_order[i]]);
		seen[reduce_order[i]] = true;
		assert_int_equal(reduce_rank(reduce_order[i]), i);
	}
}

/* Every node lies inside its parent, siblings don't overlap, preorder numbers nest: on random text, too. */
static void check_tree(const struct tree *t, size_t len)
{
	for (uint32_t i = 1; i < t->n; i++) {
		const struct node *x = &t->v[i], *up = &t->v[x->parent];

		assert_true(x->from <= x->to && x->to <= len);
		assert_true(x->parent < i && x->next <= up->next && x->next > i);
		assert_true(x->from >= up->from && x->to <= up->to);
		if (x->next < up->next)
			assert_true(t->v[x->next].from >= x->to);
	}
}

static void test_trees(void **state)
{
	struct buf in = BUF_INIT;
	struct tree t;

	(void)state;
	assert_true(
		tree_parse(&t, TREE_BRACKETS, (const unsigned char *)"{\"a\":[1,2],\"b\":{}}", 18));
	assert_int_equal(t.v[1].kind, NODE_ITEM);
	assert_int_equal(t.v[2].kind, NODE_BOX);
	assert_int_equal(t.v[2].items, 2);
	check_tree(&t, 18);
	tree_release(&t);
	for (uint64_t seed = 0; seed < 300; seed++) {
		buf_reset(&in);
		noise(&in, (size_t)seed * 3 + 1, seed);
		for (enum tree_kind k = 0; k < TREE_KINDS; k++)
			if (tree_parse(&t, k, (unsigned char *)in.s, in.len)) {
				check_tree(&t, in.len);
				tree_release(&t);
			}
	}
	buf_release(&in);
}

/* Quotes that nothing closes, each with a backslash in front, as in JSON within JSON that was cut. */
static void test_tree_time(void **state)
{
	static unsigned char text[1 << 18];
	clock_t begin = clock();
	struct tree t;

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = i % 2 ? '\\' : '"';
	assert_true(tree_parse(&t, TREE_BRACKETS, text, sizeof(text)));
	check_tree(&t, sizeof(text));
	tree_release(&t);
	assert_true((double)(clock() - begin) / CLOCKS_PER_SEC < 2);
}

/* The quote matters; the others only by being there. */
static bool quoted5(const unsigned char *p, size_t n)
{
	return n == 5 && p[0] == '"';
}

static void test_essential(void **state)
{
	static const char in[] = "\"0000";
	struct fake f = { .shows = NULL };
	struct oracle o = { fake_batch, fake_alone, fake_stricter, NULL, &f, false, NULL };
	struct reducer r;
	unsigned char map[5];

	(void)state;

	f.shows = quoted5;
	reduce_init(&r, &o, in, 5);
	reduce_essential(&r, map);
	assert_int_equal(map[0], 1);
	for (size_t i = 1; i < 5; i++)
		assert_int_equal(map[i], 0);
	reduce_release(&r);
}

/* --- the oracle's pure parts --- */

static uint64_t key(const char *text)
{
	return text_key(HASH_FNV_INIT, strv_of(text));
}

static void test_text_key(void **state)
{
	static const struct {
		const char *a, *b;
		bool same;
	} rows[] = {
		{ "==12==ERROR: X on 0x602000000011 at pc 0x55d5\n",
			"==9==ERROR: X on 0x7000 at pc 0x1000\n", true },
		{ "SEGV on unknown address 0x000000000fff\n",
			"SEGV on unknown address 0x000000001000\n", false },
		{ "SEGV on unknown address 0x000000000fff\n",
			"SEGV on unknown address 0x000000000008\n", true },
		{ "    #0 0x55d5 (/t+0x10)\n", "    #0 0x7788 (/t+0x10)\n", true },
		{ "    #0 0x55d5 (/t+0x10)\n", "    #0 0x55d5 (/t+0x11)\n", false },
		{ "0x5000 is located 0 bytes to the right of 5-byte region\n",
			"0x6000 is located 2 bytes to the right of 7-byte region\n", true },
		{ "READ of size 4\n", "READ of size 8\n", false },
		{ "a\nShadow bytes around the buggy address:\n 00 00",
			"a\nShadow bytes around it: 1", true },
		{ "==1==a\n", "==1=a\n", false },
		{ "a\nb", "ab\n", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(key(rows[i].a) == key(rows[i].b), rows[i].same);
}

static void test_check_words(void **state)
{
	static const struct {
		const char *in;
		const char *words[4];
	} rows[] = {
		{ "grep -q x", { "grep", "-q", "x" } },
		{ "  a\t'b c' ", { "a", "b c" } },
		{ "\"a\\\"b\\n\" c\\ d", { "a\"b\\n", "c d" } },
		{ "a ''", { "a", "" } },
		{ "x'y'\"z\"", { "xyz" } },
		{ "'open", { NULL } },
		{ "", { NULL } },
		{ "  ", { NULL } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct strlist l = STRLIST_INIT;
		struct err err = ERR_INIT;
		int rc = custom_oracle_words(rows[i].in, &l, &err);
		size_t n = 0;

		assert_int_equal(rc, rows[i].words[0] ? 0 : -1);
		for (; rc == 0 && rows[i].words[n]; n++)
			assert_string_equal(l.v[n], rows[i].words[n]);
		if (rc == 0)
			assert_int_equal(l.n, n);
		else
			assert_int_equal(err.kind, ERR_USAGE);
		strlist_release(&l);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order_is_a_permutation),
		cmocka_unit_test(test_trees),
		cmocka_unit_test(test_tree_time),
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_records),
		cmocka_unit_test(test_records_with_sums),
		cmocka_unit_test(test_number_of_a_fault_comes_down),
		cmocka_unit_test(test_repetition_goes_at_once),
		cmocka_unit_test(test_too_easily_pleased_oracle),
		cmocka_unit_test(test_interrupted_keeps_best),
		cmocka_unit_test(test_bogus_acceptance_is_taken_back),
		cmocka_unit_test(test_essential),
		cmocka_unit_test(test_text_key),
		cmocka_unit_test(test_check_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
