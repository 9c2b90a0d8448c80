/*
 * Tokens in the order of their worth, each counted where it comes first: those that people declared; what the code compares
 * with (AFL++'s dict2file); what libFuzzer found to be of use; the code's own constants; those of the format; what many
 * inputs of the corpus have. Mutations of structure take the first ones more often. Each source but those declared has its
 * share: a dictionary of thousands helps nobody, as engines take from it at random. What a token is worth, engines measure:
 * an input that got further by it stays in the corpus. So where the share is too small, words of the corpus go first. None
 * is dropped for not having helped yet: what it opens may lie behind another.
 */
#include "base/prelude.h"
#include "campaign/tokens.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "corpus/elf_words.h"
#include "corpus/shipped.h"
#include "corpus/wordlist.h"
#include "engine/recommended.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>

#define COMPARED_MAX 128
#define RECOMMENDED_MAX 32
#define CONSTANTS_MAX 160
#define CORPUS_MAX 48
/* of the corpus that is looked at */
#define INPUTS_MAX 2000
#define INPUT_MAX ((uint64_t)64 << 10)
#define LOOK_MS 300
/* of it, where more words ask for a place than there are */
#define SAMPLE_MAX ((size_t)512 << 10)
/* then a slice has it made anew */
#define OLD_S 120

char *tokens_path(const struct project *p, const char *harness)
{
	return xasprintf("%s/words/%s.dict", p->state_dir, harness);
}

void tokens_release(struct tokens *t)
{
	free(t->path);
	free(t->problem);
	*t = (struct tokens){ .path = NULL };
}

static void declared(const struct config_harness *h, struct dictionary *d, struct tokens *out)
{
	struct dict_problems problems = { .n = 0 };
	struct buf b = BUF_INIT;
	struct err err = ERR_INIT;
	size_t before = d->n;

	if (dictionary_of_harness(h->dictionary, h->format, d, &problems, &err) < 0)
		buf_adds2(&b, err.msg, "; correct `dictionary`, or leave it out");
	else if (problems.faults)
		dict_problems_words(&b, h->dictionary ? h->dictionary : h->format, &problems);
	if (b.len)
		out->problem = buf_detach(&b);
	out->declared = d->n - before;
	dict_problems_release(&problems);
	buf_release(&b);
}

/* --- the corpus --- */

/* Read once: its words, and some of its bytes. */
struct inputs {
	struct wordlist words;
	struct buf sample;
	size_t n;
};

static void read_inputs(const struct project *p, const struct config_harness *h, struct inputs *in)
{
	struct strlist names = STRLIST_INIT;
	struct buf input = BUF_INIT;
	char *dir = project_corpus_dir(p, h->name);
	uint64_t until = clock_mono_ms() + LOOK_MS;
	size_t n;

	if (fs_is_dir(dir))
		fs_list(dir, &names, NULL);
	n = MIN(names.n, (size_t)INPUTS_MAX);
	for (size_t i = 0; i < n && clock_mono_ms() < until; i++) {
		/* spread over all of them */
		char *path = fs_join(dir, names.v[i * names.n / n]);

		buf_reset(&input);
		if (fs_read(path, INPUT_MAX, &input, NULL) == 0) {
			wordlist_add_input(&in->words, strv_n(buf_str(&input), input.len));
			if (in->sample.len + input.len <= SAMPLE_MAX)
				buf_add(&in->sample, buf_str(&input), input.len);
			in->n++;
		}
		free(path);
	}
	strlist_release(&names);
	buf_release(&input);
	free(dir);
}

static void release_inputs(struct inputs *in)
{
	wordlist_release(&in->words);
	buf_release(&in->sample);
}

static void frequent(const struct inputs *in, struct dictionary *d)
{
	struct wordlist often = WORDLIST_INIT;

	for (size_t i = 0; i < in->words.n; i++)
		if (in->words.v[i].worth >= MAX(in->n / 50, in->n < 20 ? 2 : 3))
			wordlist_add(&often, in->words.v[i].bytes, "many inputs of the corpus have",
				in->words.v[i].worth);
	wordlist_best(&often, CORPUS_MAX, d);
	wordlist_release(&often);
}

/* The best that have a place: where there isn't one for each, those before others that engines kept inputs with. */
static void add_best(struct wordlist *w, size_t most, const struct inputs *in, struct dictionary *d)
{
	if (w->n > most)
		wordlist_prove(w, strv_n(buf_str(&in->sample), in->sample.len));
	wordlist_best(w, most, d);
}

/* --- what the code compares with --- */

/* AFL++'s integers: one that is half zeros or ones is small, or a limit, which engines try anyway. */
static bool is_common_number(struct strv v)
{
	size_t plain = 0;

	for (size_t i = 0; i < v.len; i++)
		plain += v.s[i] == 0 || v.s[i] == '\xff';
	return v.len < 2 || (plain * 2 >= v.len && (v.len == 2 || v.len == 4 || v.len == 8));
}

static void compared(struct project *p, const struct config_harness *h, const struct inputs *in,
	struct dictionary *d)
{
	struct strlist paths = STRLIST_INIT;
	struct dictionary of = DICTIONARY_INIT;
	struct wordlist words = WORDLIST_INIT;

	build_words(p->cfg, h, &paths);
	for (size_t i = 0; i < paths.n; i++)
		if (dictionary_read(paths.v[i], NULL, &of, NULL, NULL) < 0)
			log_debug("%s: unreadable", paths.v[i]);
	for (size_t i = 0; i < of.n; i++) {
		struct strv v = of.v[i].bytes;

		/* with its NUL a text is seldom in an input */
		while (v.len > 1 && v.s[v.len - 1] == '\0' &&
			word_worth(strv_sub(v, 0, v.len - 1)) >= 100)
			v.len--;
		if (!is_common_number(v))
			wordlist_add(&words, v, "the code compares with (AFL++'s dict2file)",
				MAX(word_worth(v), 1u));
	}
	add_best(&words, COMPARED_MAX, in, d);
	wordlist_release(&words);
	dictionary_release(&of);
	strlist_release(&paths);
}

static void recommended(
	const struct project *p, const struct config_harness *h, struct dictionary *d)
{
	char *dir = project_work_dir(p, h->name, "libfuzzer"),
	     *path = fs_join(dir, RECOMMENDED_FILE);
	struct dictionary of = DICTIONARY_INIT;

	if (fs_is_file(path) && dictionary_read(path, NULL, &of, NULL, NULL) == 0)
		for (size_t i = 0; i < of.n && i < RECOMMENDED_MAX; i++)
			dictionary_add(d, of.v[i].bytes, "libFuzzer found to be of use");
	dictionary_release(&of);
	free(path);
	free(dir);
}

/* --- constants --- */

struct constants {
	const struct project *project;
	struct wordlist words;
	/* of the object that is looked at */
	struct buf from;
};

static void one_word(void *arg, struct strv bytes)
{
	struct constants *c = arg;

	/* once: a text that many places have is more of a message */
	if (!dictionary_find(&c->words.seen, bytes))
		wordlist_add(&c->words, bytes, c->from.s, word_worth(bytes));
}

static void one_object(void *arg, struct strv data, struct strv source)
{
	struct constants *c = arg;

	buf_reset(&c->from);
	if (source.len && strv_skip(&source, c->project->cfg->dir))
		strv_skip(&source, "/");
	buf_adds(&c->from, "a constant of ");
	if (source.len)
		buf_addv(&c->from, source);
	else
		buf_adds(&c->from, "the program");
	words_of_object(data, one_word, c);
}

static void constants(struct project *p, const struct config_harness *h, const struct inputs *in,
	struct dictionary *d)
{
	struct constants c = { .project = p, .words = WORDLIST_INIT, .from = BUF_INIT };
	char *exe = build_path(p->cfg, h, NULL, VARIANT_ASAN);
	struct err err = ERR_INIT;

	if (elf_words(exe, one_object, &c, &err) < 0)
		log_debug("%s: no constants: %s", h->name, err.msg);
	add_best(&c.words, CONSTANTS_MAX, in, d);
	wordlist_release(&c.words);
	buf_release(&c.from);
	free(exe);
}

/* --- all of them --- */

static int save(const char *path, const char *harness, const struct dictionary *d, struct err *err)
{
	char *dir = fs_dirname(path);
	struct buf b = BUF_INIT;
	int rc = fs_mkdirs(dir, err);

	buf_addf(&b,
		"# The words of %s: made anew by each campaign. To have one for good, put it into "
		"a\n"
		"# dictionary of your own (`dictionary` in thresh.yaml).\n\n",
		harness);
	dictionary_print(&b, d);
	if (rc == 0 && fs_equals(path, b.s, b.len))
		/* looked at now */
		utimensat(AT_FDCWD, path, NULL, 0);
	else if (rc == 0)
		rc = fs_write(path, b.s, b.len, 0600, err);
	buf_release(&b);
	free(dir);
	return rc;
}

int tokens_gather(
	struct project *p, const struct config_harness *h, struct tokens *out, struct err *err)
{
	struct dictionary d = DICTIONARY_INIT;
	struct inputs in = { WORDLIST_INIT, BUF_INIT, 0 };
	uint64_t start = clock_mono_ms();
	int rc = 0;

	*out = (struct tokens){ .path = NULL };
	if (h->dictionary)
		declared(h, &d, out);
	read_inputs(p, h, &in);
	compared(p, h, &in, &d);
	recommended(p, h, &d);
	constants(p, h, &in, &d);
	if (!h->dictionary)
		declared(h, &d, out);
	frequent(&in, &d);
	out->n = d.n;
	if (d.n) {
		out->path = tokens_path(p, h->name);
		rc = save(out->path, h->name, &d, err);
	}
	log_debug("%s: %zu tokens, %zu of them declared, in %llu ms", h->name, d.n, out->declared,
		(unsigned long long)(clock_mono_ms() - start));
	release_inputs(&in);
	dictionary_release(&d);
	return rc;
}

char *tokens_of_slice(struct project *p, const struct config_harness *h)
{
	char *path = tokens_path(p, h->name);
	struct tokens t = { .path = NULL };
	struct err err = ERR_INIT;
	struct stat st;

	if (stat(path, &st) == 0 && st.st_mtime + OLD_S > time(NULL))
		return path;
	free(path);
	if (tokens_gather(p, h, &t, &err) < 0)
		log_warn("%s: %s", h->name, err.msg);
	path = t.path && fs_is_file(t.path) ? xstrdup(t.path) : NULL;
	tokens_release(&t);
	return path;
}
