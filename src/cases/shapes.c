/*
 * The dictionary's words where the format has names and values, by pairs: what a program does for {"op":"move"} it does for
 * neither of the two words alone.
 */
#include "base/prelude.h"
#include "cases/internal.h"

/* that are combined with each other */
#define WORDS 64
#define WORD_LEN 40

/* In a shape \1 stands for one word, \2 for the other. */
static const struct {
	const char *formats;
	const char *const *one, *const *two;
} shapes[] = {
	{ " json raw ",
		(const char *const[]){ "{\"\1\":1}", "{\"\1\":\"\"}", "{\"\1\":\"x\"}",
			"{\"\1\":null}", "{\"\1\":[]}", "{\"\1\":{}}", "{\"\1\":-1}",
			"{\"\1\":1,\"\1\":2}", "\"\1\"", "[\"\1\"]", "[{\"\1\":\"\1\"}]", NULL },
		(const char *const[]){ "{\"\1\":\"\2\"}", "[{\"\1\":\"\2\"}]",
			"{\"\1\":1,\"\2\":\"\"}", "{\"\1\":{\"\2\":1}}", "{\"\1\":[\"\2\"]}",
			NULL } },
	{ " yaml ",
		(const char *const[]){ "\1:\n", "\1: 1\n", "\1: ''\n", "\1: [\n", "- \1\n",
			"? \1\n", "!\1 x\n", "!!\1 x\n", "&\1 x\n", "- &\1 x\n- *\1\n",
			"%\1 x\n---\n", "\1: |\n \1\n", "\1: {\1: *\1}\n", NULL },
		(const char *const[]){ "\1: \2\n", "- \1: \2\n", "\1:\n  \2: 1\n", "\1: [\2]\n",
			"!!\1 \2\n", "%\1 \2\n---\n", NULL } },
	{ " ini text raw ",
		(const char *const[]){ "\1\n", "\1=\n", "\1=1\n", "\1=x\n", "\1=-1\n", "\1 = yes\n",
			"\1=99999999999\n", "[\1]\n", "[\1]\na=1\n", "[a]\n\1=1\n", "\1: 1\n",
			"\1=1\n\1=2\n", "\1 1\n", NULL },
		(const char *const[]){
			"\1=\2\n", "[\1]\n\2=1\n", "\1 \2\n", "\1: \2\n", "\1=1\n\2=1\n", NULL } },
	{ " xml ",
		(const char *const[]){ "<\1/>", "<\1>", "</\1>", "<\1></\1>", "<a \1=\"\"/>",
			"<a \1=\"\1\"/>", "<?\1?>", "<?\1 a=\"1\"?><a/>", "<!\1>", "<!\1 a><a/>",
			"<a>&\1;</a>", "<\1:a/>", "<a xmlns:\1=\"\"/>", NULL },
		(const char *const[]){ "<\1>\2</\1>", "<\1 \2=\"1\"/>", "<\1><\2/></\1>",
			"<a \1=\"\2\"/>", "<!\1 \2>", "<!DOCTYPE \1 [<!\2>]><\1/>", NULL } },
	{ " url ",
		(const char *const[]){ "\1:", "\1://a", "//\1", "/\1", "?\1", "?\1=", "#\1",
			"http://\1@a", "http://a/\1/..", NULL },
		(const char *const[]){
			"\1://\2", "\1:\2", "?\1=\2", "/\1/\2", "?a=\1&a=\2", NULL } },
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

static void put_shape(struct cases_sink *o, const char *shape, size_t nth, const struct strv *words,
	size_t i, size_t k)
{
	struct buf b = BUF_INIT;

	for (const char *c = shape; *c; c++) {
		if (*c == '\1' || *c == '\2')
			buf_addv(&b, words[*c == '\1' ? i : k]);
		else
			buf_addch(&b, *c);
	}
	if (i == k)
		cases_put_buf(o, &b, "%zu/shape-%zu", i, nth);
	else
		cases_put_buf(o, &b, "%zu/shape-%zu-with-%zu", i, nth, k);
	buf_release(&b);
}

bool cases_shapes(struct cases_sink *o, const struct cases_input *in, size_t step)
{
	struct strv words[WORDS];
	size_t n = words_of(in, words);

	for (size_t f = 0; step <= n && f < ARRAY_LEN(shapes); f++) {
		if (!cases_takes(shapes[f].formats, in->format))
			continue;
		/* each alone comes first */
		for (size_t i = 0; !step && i < n; i++)
			for (size_t s = 0; shapes[f].one[s]; s++)
				put_shape(o, shapes[f].one[s], 100 * f + s, words, i, i);
		for (size_t k = 0; step && k < n; k++)
			for (size_t s = 0; k != step - 1 && shapes[f].two[s]; s++)
				put_shape(
					o, shapes[f].two[s], 100 * f + 50 + s, words, step - 1, k);
	}
	return step < n;
}
