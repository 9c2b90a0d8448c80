/*
 * The file says in comments where its tokens came from. What they are worth, the corpus says: some of its inputs, spread over
 * all of it, are looked through.
 */
#include "base/prelude.h"
#include "cli/report_words.h"
#include "base/fs.h"
#include "base/mem.h"
#include "campaign/tokens.h"
#include "corpus/dictionary.h"

#define DICT_MAX ((uint64_t)4 << 20)
#define INPUTS_MAX 400
#define INPUT_MAX ((uint64_t)16 << 10)
#define TOKENS_MAX 2000

/* A comment is of all tokens below it; an empty line ends it. */
static void read_words(struct strv text, struct html_words *out, struct dictionary *d)
{
	struct strv line, from = STRV("");
	struct dict_line l = { .bytes = BUF_INIT };

	while (out->n < TOKENS_MAX && strv_line(&text, &line)) {
		line = strv_trim(line);
		if (!line.len || line.s[0] == '#') {
			from = line.len ? strv_trim(strv_from(line, 1)) : STRV("");
			continue;
		}
		if (dict_line_parse(line, &l) == 1 &&
			dictionary_add(d, strv_n(buf_str(&l.bytes), l.bytes.len), NULL)) {
			struct buf b = BUF_INIT;

			dict_escape(&b, strv_n(l.bytes.s, l.bytes.len));
			GROW(out->v, out->n, out->cap);
			out->v[out->n++] = (struct html_word){ .token = buf_detach(&b),
				.from = strv_dup(from) };
		}
	}
	buf_release(&l.bytes);
}

static void count_in(struct strv input, const struct dictionary *d, struct html_words *out)
{
	for (size_t i = 0; i < out->n && i < d->n; i++)
		out->v[i].inputs +=
			memmem(input.s, input.len, d->v[i].bytes.s, d->v[i].bytes.len) != NULL;
	out->looked_at++;
}

static void count(const struct project *p, const char *harness, const struct dictionary *d,
	struct html_words *out)
{
	char *dir = project_corpus_dir(p, harness);
	struct strlist names = STRLIST_INIT;
	struct buf input = BUF_INIT;
	size_t n;

	if (fs_is_dir(dir))
		fs_list(dir, &names, NULL);
	n = MIN(names.n, (size_t)INPUTS_MAX);
	for (size_t i = 0; i < n; i++) {
		char *path = fs_join(dir, names.v[i * names.n / n]);

		buf_reset(&input);
		if (fs_read(path, INPUT_MAX, &input, NULL) == 0)
			count_in(strv_n(buf_str(&input), input.len), d, out);
		free(path);
	}
	strlist_release(&names);
	buf_release(&input);
	free(dir);
}

void report_words(const struct project *p, const char *harness, struct html_words *out)
{
	char *path = tokens_path(p, harness);
	struct dictionary d = DICTIONARY_INIT;
	struct buf text = BUF_INIT;

	*out = (struct html_words){ .v = NULL };
	if (fs_is_file(path) && fs_read(path, DICT_MAX, &text, NULL) == 0)
		read_words(strv_n(buf_str(&text), text.len), out, &d);
	if (out->n)
		count(p, harness, &d, out);
	dictionary_release(&d);
	buf_release(&text);
	free(path);
}
