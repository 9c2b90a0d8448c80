/*
 * The dictionary's words where the format has names and values, by pairs: what a program does for {"op":"move"} it does for
 * neither of the two words alone. And many names at once, with one value or two, as much asks for a third word.
 */
#include "base/prelude.h"
#include "cases/internal.h"

/* that are combined with each other */
#define WORDS 64
#define WORD_LEN 40
/* of the names that are there at once */
#define GROUP_WORDS 12
#define GROUP_LEN 1024

/* In a shape \1 stands for one word, \2 for the other. */
static const struct {
	const char *formats;
	const char *const *one, *const *two;
	/* Many names at once, each with the same value, or all but one: \1 is the name, \2 its value. */
	const char *item, *between, *other;
	const char *wraps[2][2]; /* what stands before and behind them; NULL: no more */
} shapes[] = {
	{ " json raw ",
		(const char *const[]){ "{\"\1\":1}", "{\"\1\":\"\"}", "{\"\1\":\"x\"}",
			"{\"\1\":null}", "{\"\1\":[]}", "{\"\1\":{}}", "{\"\1\":-1}",
			"{\"\1\":1,\"\1\":2}", "\"\1\"", "[\"\1\"]", "[{\"\1\":\"\1\"}]", NULL },
		(const char *const[]){ "{\"\1\":\"\2\"}", "[{\"\1\":\"\2\"}]",
			"{\"\1\":1,\"\2\":\"\"}", "{\"\1\":{\"\2\":1}}", "{\"\1\":[\"\2\"]}",
			NULL },
		"\"\1\":\"\2\"", ",", "/ab", { { "{", "}" }, { "[{", "}]" } } },
	{ " yaml ",
		(const char *const[]){ "\1:\n", "\1: 1\n", "\1: ''\n", "\1: [\n", "- \1\n",
			"? \1\n", "!\1 x\n", "!!\1 x\n", "&\1 x\n", "- &\1 x\n- *\1\n",
			"%\1 x\n---\n", "\1: |\n \1\n", "\1: {\1: *\1}\n", NULL },
		(const char *const[]){ "\1: \2\n", "- \1: \2\n", "\1:\n  \2: 1\n", "\1: [\2]\n",
			"!!\1 \2\n", "%\1 \2\n---\n", NULL },
		"\1: \2\n", "", "ab", { { "", "" } } },
	{ " ini text raw ",
		(const char *const[]){ "\1\n", "\1=\n", "\1=1\n", "\1=x\n", "\1=-1\n", "\1 = yes\n",
			"\1=99999999999\n", "[\1]\n", "[\1]\na=1\n", "[a]\n\1=1\n", "\1: 1\n",
			"\1=1\n\1=2\n", "\1 1\n", ".\1", ".\1 ", ".\1(", ".\1(a=1)",
			".\1(a=1) \"b\"\n", "@\1", "@\1 ", "#\1", "#\1 ", "$\1", "a=$\1", "${\1}",
			"a=\"${\1}\"", "a=\"${\1", "%\1%", "\1(", "\1()", "\1 {", "\1 {\n}\n",
			"--\1", "--\1=", NULL },
		(const char *const[]){
			"\1=\2\n", "[\1]\n\2=1\n", "\1 \2\n", "\1: \2\n", "\1=1\n\2=1\n", NULL },
		"\1=\2\n", "", "#ab12345", { { "", "" }, { "[a]\n", "" } } },
	{ " xml ",
		(const char *const[]){ "<\1/>", "<\1>", "</\1>", "<\1></\1>", "<a \1=\"\"/>",
			"<a \1=\"\1\"/>", "<?\1?>", "<?\1 a=\"1\"?><a/>", "<!\1>", "<!\1 a><a/>",
			"<a>&\1;</a>", "<\1:a/>", "<a xmlns:\1=\"\"/>", NULL },
		(const char *const[]){ "<\1>\2</\1>", "<\1 \2=\"1\"/>", "<\1><\2/></\1>",
			"<a \1=\"\2\"/>", "<!\1 \2>", "<!DOCTYPE \1 [<!\2>]><\1/>", NULL },
		"<\1>\2</\1>", "", "ab", { { "<a>", "</a>" } } },
	{ " url ",
		(const char *const[]){ "\1:", "\1://a", "//\1", "/\1", "?\1", "?\1=", "#\1",
			"http://\1@a", "http://a/\1/..", NULL },
		(const char *const[]){ "\1://\2", "\1:\2", "?\1=\2", "/\1/\2", "?a=\1&a=\2", NULL },
		"\1=\2", "&", "ab", { { "?", "" } } },
};

static bool is_letter(char c)
{
	return ((c | 32) >= 'a' && (c | 32) <= 'z') || (c >= '0' && c <= '9');
}

/* Without quotes of its own: a name, a number, a path. */
static bool as_word(struct strv token, struct strv *word)
{
	size_t i = 0;

	if (token.len > 2 && (*token.s == '"' || *token.s == '\'') &&
		token.s[token.len - 1] == *token.s)
		token = strv_sub(token, 1, token.len - 2);
	*word = token;
	while (i < token.len && token.s[i] > ' ' && token.s[i] < 0x7f &&
		!strchr("\"'`\\<>{}[]", token.s[i]))
		i++;
	if (!token.len || i < token.len || token.len > WORD_LEN)
		return false;
	/* "/a" is one, "//" is none */
	return is_letter(token.s[0]) || (token.len > 1 && is_letter(token.s[1]));
}

static size_t words_of(const struct cases_input *in, struct strv *words)
{
	size_t n = 0;

	for (size_t i = 0; i < in->n_tokens && n < WORDS; i++)
		n += as_word(in->tokens[i], &words[n]);
	return n;
}

static void fill(struct buf *b, const char *shape, struct strv one, struct strv two)
{
	for (const char *c = shape; *c; c++) {
		if (*c == '\1' || *c == '\2')
			buf_addv(b, *c == '\1' ? one : two);
		else
			buf_addch(b, *c);
	}
}

static void put_shape(struct cases_sink *o, const char *shape, size_t nth, const struct strv *words,
	size_t i, size_t k)
{
	struct buf b = BUF_INIT;

	fill(&b, shape, words[i], words[k]);
	if (i == k)
		cases_put_buf(o, &b, "%zu/shape-%zu", i, nth);
	else
		cases_put_buf(o, &b, "%zu/shape-%zu-with-%zu", i, nth, k);
	buf_release(&b);
}

/* Some of the names, as many as fit: from the first one that isn't done to the one returned, which is the next's first. */
static size_t group(
	const struct cases_input *in, size_t f, const struct strv *words, size_t n, size_t first)
{
	size_t len = 0, k = first, most = MIN(in->max_len, (size_t)GROUP_LEN);

	while (k < n && k < first + GROUP_WORDS) {
		len += words[k].len + WORD_LEN / 2 + strlen(shapes[f].item);
		if (k > first && 2 * len > most)
			break;
		k++;
	}
	return k;
}

/* Twice, one behind the other: what asks for two of a kind, or for an order, has both. */
static void put_group(struct cases_sink *o, size_t f, const struct strv *words,
	const size_t span[2], size_t one, size_t value)
{
	struct buf b = BUF_INIT;

	for (size_t w = 0; w < 2 && shapes[f].wraps[w][0]; w++) {
		buf_reset(&b);
		buf_adds(&b, shapes[f].wraps[w][0]);
		for (size_t i = 0; i < 2 * (span[1] - span[0]); i++) {
			size_t k = span[0] + i % (span[1] - span[0]);

			buf_adds(&b, i ? shapes[f].between : "");
			fill(&b, shapes[f].item, words[k],
				one == SIZE_MAX || k == one ? words[value]
							    : strv_of(shapes[f].other));
		}
		buf_adds(&b, shapes[f].wraps[w][1]);
		if (one == SIZE_MAX)
			cases_put_buf(
				o, &b, "%zu/all-from-%zu-shape-%zu", value, span[0], 100 * f + w);
		else
			cases_put_buf(
				o, &b, "%zu/for-%zu-of-all-shape-%zu", value, one, 100 * f + w);
	}
	buf_release(&b);
}

static void all_at_once(struct cases_sink *o, const struct cases_input *in, size_t f,
	const struct strv *words, size_t n, size_t value)
{
	size_t span[2] = { 0, 0 };

	while (span[1] < n) {
		span[0] = span[1];
		span[1] = group(in, f, words, n, span[0]);
		put_group(o, f, words, span, SIZE_MAX, value);
		for (size_t one = span[0]; one < span[1]; one++)
			put_group(o, f, words, span, one, value);
	}
}

/* First each word alone, then each with each other, then each as the value of many. */
bool cases_shapes(struct cases_sink *o, const struct cases_input *in, size_t step)
{
	struct strv words[WORDS];
	size_t n = words_of(in, words), w = step ? (step - 1) % MAX(n, (size_t)1) : 0;
	bool by_pairs = step && step <= n;

	if (!o->second)
		return false;
	o->length = true;
	for (size_t f = 0; step <= 2 * n && f < ARRAY_LEN(shapes); f++) {
		if (!cases_takes(shapes[f].formats, in->format))
			continue;
		for (size_t i = 0; !step && i < n; i++)
			for (size_t s = 0; shapes[f].one[s]; s++)
				put_shape(o, shapes[f].one[s], 100 * f + s, words, i, i);
		for (size_t k = 0; by_pairs && k < n; k++)
			for (size_t s = 0; k != w && shapes[f].two[s]; s++)
				put_shape(o, shapes[f].two[s], 100 * f + 50 + s, words, w, k);
		if (step > n)
			all_at_once(o, in, f, words, n, w);
	}
	o->length = false;
	return step < 2 * n;
}
