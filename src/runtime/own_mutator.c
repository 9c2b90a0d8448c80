/*
 * In AFL++'s targets: the harness's own mutator, asked by afl-fuzz through ask_mutator.c, and LLVMFuzzerMutate, which it
 * calls. As in libFuzzer an input is mutated several times behind one another, and each of these is run.
 */
#include "thresh_rt_lexicon.h"
#include "thresh_rt_mutate.h"
#include "thresh_rt_random.h"
#include "thresh_rt_structure.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* mutations of an input behind one another */
#define DEPTH 4
#define TRIES 8
#define INSERT_MAX 128

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size) __attribute__((weak));
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
	__attribute__((weak));
size_t LLVMFuzzerCustomCrossOver(const uint8_t *data1, size_t size1, const uint8_t *data2,
	size_t size2, uint8_t *out, size_t max_out, unsigned seed) __attribute__((weak));

static struct {
	int serving;
	uint64_t rng;
	struct thresh_rt_lexicon words;
	uint8_t room[THRESH_RT_STRUCTURE_MAX];
} own;

/* below isn't 0 */
static size_t any(size_t below)
{
	return thresh_rt_random(&own.rng, (uint32_t)below);
}

/* --- LLVMFuzzerMutate --- */

/* What is written to by a mutation. */
struct text {
	uint8_t *s;
	size_t n, max;
};

/* n bytes behind the first `at`, as far as there is room: their number. */
static size_t open_gap(struct text *t, size_t at, size_t n)
{
	if (n > t->max - t->n)
		n = t->max - t->n;
	memmove(t->s + at + n, t->s + at, t->n - at);
	t->n += n;
	return n;
}

static void change_byte(struct text *t)
{
	static const uint8_t edges[] = { 0, 1, 0x7f, 0x80, 0xff, ' ', '\n', '0', '9', 'A', '"' };
	size_t at = any(t->n);

	switch (any(3)) {
	case 0:
		t->s[at] ^= (uint8_t)(1u << any(8));
		break;
	case 1:
		t->s[at] = (uint8_t)any(256);
		break;
	default:
		t->s[at] = edges[any(sizeof(edges))];
	}
}

static void insert_bytes(struct text *t)
{
	size_t at = any(t->n + 1), n = any(2) ? 1 : 1 + any(INSERT_MAX);
	int same = any(2) != 0;
	uint8_t c = (uint8_t)any(256);

	for (n = open_gap(t, at, n); n > 0; n--)
		t->s[at++] = same ? c : (uint8_t)any(256);
}

static void erase_bytes(struct text *t)
{
	size_t at = any(t->n), n = 1 + any(any(2) ? 4 : t->n);

	/* one stays */
	if (n > t->n - at)
		n = t->n - at;
	if (n == t->n)
		n--;
	memmove(t->s + at, t->s + at + n, t->n - at - n);
	t->n -= n;
}

static void copy_part(struct text *t)
{
	size_t from = any(t->n), n = 1 + any(t->n - from), to = any(t->n), gap;

	if (any(2)) {
		memmove(t->s + to, t->s + from, n < t->n - to ? n : t->n - to);
		return;
	}
	n = n < sizeof(own.room) ? n : sizeof(own.room);
	memcpy(own.room, t->s + from, n);
	gap = open_gap(t, to, n);
	memcpy(t->s + to, own.room, gap);
}

static void put_word(struct text *t)
{
	const struct thresh_rt_lexeme *w;
	size_t at = any(t->n + 1), n;

	if (!own.words.n)
		return;
	w = thresh_rt_lexicon_any(&own.words, &own.rng);
	n = w->len;
	if (any(2))
		n = open_gap(t, at, n);
	else if (n > t->n - at)
		n = t->n - at;
	memcpy(t->s + at, w->s, n);
}

/* A number in the bytes, in either order. */
static void change_number(struct text *t)
{
	static const uint8_t widths[] = { 2, 4, 8 };
	size_t width = widths[any(3)], at, i;
	int big = any(2) != 0;
	uint64_t v = 0;

	if (width > t->n)
		return;
	at = any(t->n - width + 1);
	for (i = 0; i < width; i++)
		v = v << 8 | t->s[at + (big ? i : width - 1 - i)];
	v = any(4) ? v + any(33) - 16 : any(2) ? t->n : (uint64_t)any(2) - 1;
	for (i = 0; i < width; i++)
		t->s[at + (big ? width - 1 - i : i)] = (uint8_t)(v >> 8 * i);
}

static int is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* As many digits as before: what lies behind it stays where it is. */
static void change_digits(struct text *t)
{
	size_t at = any(t->n), end, i;

	while (at < t->n && !is_digit(t->s[at]))
		at++;
	for (end = at; end < t->n && is_digit(t->s[end]);)
		end++;
	for (i = at; i < end; i++)
		if (any(end - at) == 0)
			t->s[i] = (uint8_t)('0' + any(10));
}

static void change_structure(struct text *t)
{
	size_t max = t->max < sizeof(own.room) ? t->max : sizeof(own.room);
	size_t n = thresh_rt_structure(t->s, t->n, own.room, max, own.rng);

	if (n) {
		memcpy(t->s, own.room, n);
		t->n = n;
	}
}

static void change(struct text *t)
{
	static void (*const ways[])(struct text *) = { change_byte, change_byte, insert_bytes,
		insert_bytes, erase_bytes, copy_part, put_word, put_word, change_number,
		change_digits, change_structure, change_structure };

	if (t->n == 0)
		insert_bytes(t);
	else
		ways[any(sizeof(ways) / sizeof(ways[0]))](t);
}

static uint64_t hash_of(const uint8_t *data, size_t size)
{
	uint64_t h = 0xcbf29ce484222325u;
	size_t i;

	for (i = 0; i < size; i++)
		h = (h ^ data[i]) * 0x100000001b3u;
	return (h ^ size) | 1;
}

/*
 * Weak, so that a harness's own goes first. Where a harness calls it while it runs an input, it depends on the bytes alone:
 * the same input is the same run each time. There is always a change.
 */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size)
{
	struct text t = { data, size < max_size ? size : max_size, max_size };
	uint64_t before = hash_of(data, size);
	int i;

	if (max_size == 0)
		return 0;
	if (!own.serving)
		own.rng = before;
	for (i = 0; i < TRIES && (t.n == 0 || hash_of(t.s, t.n) == before); i++)
		change(&t);
	if (t.n && hash_of(t.s, t.n) == before)
		t.s[any(t.n)] ^= (uint8_t)(1 + any(255));
	return t.n;
}

/* --- asked --- */

/* Mutation k, of what the one before it made or of the input. Its size; 0: it came to nothing. */
static size_t make(struct thresh_rt_mutate *m, unsigned k)
{
	int again = k % DEPTH == 0 || m->made_size[k - 1] == 0;
	const uint8_t *from = again ? m->data : m->made[k - 1];
	size_t size = again ? m->size : m->made_size[k - 1], n;
	unsigned seed = (unsigned)any(UINT32_MAX);

	if (LLVMFuzzerCustomCrossOver && m->other_size && (!LLVMFuzzerCustomMutator || any(2))) {
		n = LLVMFuzzerCustomCrossOver(
			from, size, m->other, m->other_size, m->made[k], m->max, seed);
	} else if (LLVMFuzzerCustomMutator) {
		memcpy(m->made[k], from, size);
		n = LLVMFuzzerCustomMutator(m->made[k], size, m->max, seed);
	} else {
		n = 0;
	}
	return n <= m->max ? n : 0;
}

static void make_all(struct thresh_rt_mutate *m)
{
	unsigned k;

	own.rng = thresh_rt_random_seed(m->seed);
	thresh_rt_structure_keep(m->data, m->size);
	for (k = 0; k < THRESH_RT_MUTATIONS; k++)
		m->made_size[k] = (uint32_t)make(m, k);
}

void thresh_rt_make_mutations(int fd)
{
	struct thresh_rt_mutate *m =
		mmap(NULL, sizeof(*m), PROT_READ | PROT_WRITE, MAP_SHARED, fd + 1, 0);
	char byte = 0;

	if (m == MAP_FAILED)
		return;
	own.serving = 1;
	thresh_rt_lexicon_read(&own.words, getenv(THRESH_RT_MUTATE_WORDS));
	m->has = (LLVMFuzzerCustomMutator ? THRESH_RT_HAS_MUTATOR : 0u) |
		 (LLVMFuzzerCustomCrossOver ? THRESH_RT_HAS_CROSS_OVER : 0u);
	while (write(fd, &byte, 1) == 1 && read(fd, &byte, 1) == 1)
		make_all(m);
}
