/* What is worth a place in a dictionary, of what there is: engines get slower to find anything with each word more. */
#include "base/prelude.h"
#include "corpus/wordlist.h"
#include "base/mem.h"

#define TEXT_MIN 2
#define TEXT_MAX DICT_LIBFUZZER_MAX
/* of what is larger, as the data of a whole program, texts count from a length on that bytes by chance haven't got */
#define OBJECT_MAX 4096
#define LONE_MIN 4
/* of a binary constant */
#define BINARY_MIN 2
#define BINARY_MAX 16
/* of words within inputs */
#define NAME_MIN 3
#define NAME_MAX 32
#define INPUT_WORDS 4096
#define PROVEN_MIN 3
#define PROVEN ((uint64_t)1 << 32)

/* --- worth --- */

static bool is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_printable(struct strv v)
{
	for (size_t i = 0; i < v.len; i++)
		if (((unsigned char)v.s[i] < ' ' && !strv_is_space(v.s[i])) ||
			(unsigned char)v.s[i] >= 0x7f)
			return false;
	return true;
}

/* "%s", "%-5.2lf", but neither "%" nor "%TAG": one letter, or a length and a letter. */
static bool has_conversion(struct strv v)
{
	for (size_t i = 0; i + 1 < v.len; i++) {
		size_t k = i + 1;

		if (v.s[i] != '%')
			continue;
		while (k < v.len && strchr("-+ #0123456789.*", v.s[k]))
			k++;
		while (k < v.len && strchr("hlLqjzt", v.s[k]))
			k++;
		if (k < v.len && strchr("diouxXeEfFgGaAcspn", v.s[k]) &&
			(k + 1 == v.len || !is_alpha(v.s[k + 1])))
			return true;
	}
	return false;
}

static bool is_source(struct strv v)
{
	static const char *const ends[] = { ".c", ".h", ".cc", ".cpp", ".cxx", ".hpp" };

	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		if (v.len > strlen(ends[i]) && strv_ends(v, ends[i]))
			return true;
	return false;
}

/* An assertion's words: the expression, or the prototype of its function. */
static bool is_code(struct strv v)
{
	return strv_contains(v, "->") ||
	       (v.s[v.len - 1] == ')' && strv_contains(v, "(") && strv_contains(v, " "));
}

/* Of the harness's interface, and of thresh.h. */
static bool is_ours(struct strv v)
{
	return strv_eqs(v, "LLVMFuzzerTestOneInput") || strv_starts(v, "THRESH_") ||
	       strv_starts(v, "thresh: ");
}

unsigned word_worth(struct strv v)
{
	unsigned blanks = 0, names = 0, worth = 100;

	if (v.len < TEXT_MIN || v.len > TEXT_MAX)
		return 0;
	if (!is_printable(v))
		return v.len > BINARY_MAX ? 20 : 80;
	for (size_t i = 0; i < v.len; i++) {
		blanks += v.s[i] == ' ' && i > 0 && i + 1 < v.len;
		names += is_alpha(v.s[i]) || is_digit(v.s[i]) || v.s[i] == '-';
	}
	/* what people read: a sentence, a line of a log */
	if (blanks > 2 || has_conversion(v) || is_source(v) || is_code(v) || is_ours(v))
		return 0;
	worth -= blanks * 25;
	worth -= v.len > 16 ? (unsigned)MIN(v.len - 16, (size_t)24) : 0;
	if (names == v.len)
		worth += 10;
	if (v.len == 2)
		worth -= 15;
	return worth;
}

/* --- objects --- */

static bool is_uniform(struct strv v)
{
	size_t others = 0;

	for (size_t i = 1; i < v.len; i++)
		others += v.s[i] != v.s[0] && v.s[i] != 0;
	return others == 0;
}

void words_of_object(struct strv data, words_fn fn, void *arg)
{
	struct strv rest = data, part;
	size_t texts = 0, other = 0, least = data.len > OBJECT_MAX ? LONE_MIN : TEXT_MIN;

	while (strv_split(&rest, '\0', &part)) {
		if (part.len >= TEXT_MIN && is_printable(part))
			texts += part.len;
		else
			other += part.len;
	}
	/* a few letters among bytes are no text */
	if (other * 4 > texts && data.len <= OBJECT_MAX) {
		/* a literal's own NUL is none of its bytes */
		if (strv_chr(data, '\0') == data.len - 1)
			data.len--;
		if (data.len >= BINARY_MIN && data.len <= BINARY_MAX && !is_uniform(data))
			fn(arg, data);
		return;
	}
	rest = data;
	while (strv_split(&rest, '\0', &part))
		if (part.len >= least && part.len <= TEXT_MAX && is_printable(part))
			fn(arg, part);
}

/* --- the best --- */

void wordlist_add(struct wordlist *w, struct strv bytes, const char *from, uint64_t worth)
{
	const struct dict_token *t;

	if (!worth)
		return;
	t = dictionary_find(&w->seen, bytes);
	if (t) {
		w->v[t - w->seen.v].worth += worth;
		return;
	}
	if (!dictionary_add(&w->seen, bytes, from))
		return;
	GROW(w->v, w->n, w->cap);
	t = &w->seen.v[w->seen.n - 1];
	w->v[w->n] = (struct word){ t->bytes, t->from, worth, w->n };
	w->n++;
}

void wordlist_prove(struct wordlist *w, struct strv inputs)
{
	for (size_t i = 0; i < w->n && inputs.len; i++)
		/* two bytes are there by chance */
		if (w->v[i].bytes.len >= PROVEN_MIN &&
			memmem(inputs.s, inputs.len, w->v[i].bytes.s, w->v[i].bytes.len))
			w->v[i].worth += PROVEN;
}

/* The first of equals is the one that came first. */
static int by_worth(const void *a, const void *b)
{
	const struct word *x = a, *y = b;

	if (x->worth != y->worth)
		return x->worth > y->worth ? -1 : 1;
	return x->nr < y->nr ? -1 : x->nr > y->nr;
}

static bool same_place(const struct word *a, const struct word *b)
{
	return a->from == b->from || (a->from && b->from && strcmp(a->from, b->from) == 0);
}

size_t wordlist_best(struct wordlist *w, size_t most, struct dictionary *d)
{
	size_t n = 0, added = 0;
	bool *done;

	if (w->n)
		qsort(w->v, w->n, sizeof(*w->v), by_worth);
	for (size_t i = 0; i < w->n && n < most; i++)
		if (!dictionary_find(d, w->v[i].bytes))
			w->v[n++] = w->v[i];
	done = xcalloc(n + 1, sizeof(*done));
	for (size_t i = 0; i < n; i++)
		for (size_t k = i; k < n && !done[i]; k++)
			if (!done[k] && same_place(&w->v[k], &w->v[i])) {
				added += dictionary_add(d, w->v[k].bytes, w->v[k].from);
				done[k] = k > i;
			}
	free(done);
	return added;
}

void wordlist_release(struct wordlist *w)
{
	dictionary_release(&w->seen);
	free(w->v);
	*w = (struct wordlist)WORDLIST_INIT;
}

/* --- inputs --- */

static size_t name_at(struct strv in, size_t i)
{
	size_t k = i;

	while (k < in.len && (is_alpha(in.s[k]) || is_digit(in.s[k]) || in.s[k] == '-'))
		k++;
	return k - i;
}

/* With its quotes; 0: none that ends soon. */
static size_t quoted_at(struct strv in, size_t i)
{
	for (size_t k = i + 1; k < in.len && k - i <= NAME_MAX && (unsigned char)in.s[k] >= ' ';
		k++)
		if (in.s[k] == in.s[i])
			return k - i > 1 ? k - i + 1 : 0;
	return 0;
}

void wordlist_add_input(struct wordlist *w, struct strv in)
{
	struct dictionary own = DICTIONARY_INIT;
	size_t found = 0;

	for (size_t i = 0; i < in.len && found < INPUT_WORDS;) {
		bool quote = in.s[i] == '"' || in.s[i] == '\'';
		size_t n = quote ? quoted_at(in, i) : name_at(in, i);

		if (n >= NAME_MIN && n <= NAME_MAX) {
			found++;
			if (dictionary_add(&own, strv_sub(in, i, n), NULL))
				wordlist_add(w, strv_sub(in, i, n), NULL, 1);
		}
		/* a quoted text's inside is looked at, too */
		i += quote ? 1 : MAX(n, (size_t)1);
	}
	dictionary_release(&own);
}
