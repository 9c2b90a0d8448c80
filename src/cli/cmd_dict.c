/* thresh dict: is a dictionary right, mend it, and which words a harness has. */
#include "base/prelude.h"
#include "base/escape.h"
#include "base/fs.h"
#include "base/mem.h"
#include "campaign/tokens.h"
#include "cli/commands.h"
#include "cli/select.h"
#include "corpus/dict_repair.h"
#include "corpus/shipped.h"
#include "report/bug_json.h"
#include <limits.h>
#include <stdio.h>

#define SHOWN_MAX 50
#define FILE_MAX ((uint64_t)16 << 20)
/* engines get slower with each */
#define MANY 1000

struct dict_args {
	bool repair, json;
	const char *out;
};

static const struct opt dict_opts[] = {
	{ .name = "repair",
		.kind = OPT_FLAG,
		.off = offsetof(struct dict_args, repair),
		.help = "mend the file, in place or as --output says; what can't be a token "
			"becomes a "
			"comment" },
	{ .name = "output",
		.key = 'o',
		.kind = OPT_STRING,
		.off = offsetof(struct dict_args, out),
		.arg = "FILE",
		.help = "where the repaired dictionary, the harness's or the format's goes" },
	{ .name = "json",
		.kind = OPT_FLAG,
		.off = offsetof(struct dict_args, json),
		.help = "a JSON array, one object per file or harness" },
	{ .kind = OPT_END },
};

/* --- a file --- */

/* What is wrong, a line each. */
static void print_problems(const char *path, const struct dict_problems *p, const struct term *term)
{
	struct buf b = BUF_INIT;
	size_t shown = 0;

	for (size_t i = 0; i < p->n && shown < SHOWN_MAX; i++, shown++) {
		escape_term(&b, strv_of(path));
		buf_addf(&b, ":%zu:%zu: %s", p->v[i].line, p->v[i].column,
			DICT_IS_NOTE(p->v[i].fault) ? "note: " : "");
		dict_problem_words(&b, &p->v[i]);
		buf_addch(&b, '\n');
	}
	if (p->faults + p->notes > shown)
		buf_addf(&b, "and %zu more\n", p->faults + p->notes - shown);
	term_print(term, &b);
	buf_release(&b);
}

static void print_count(const char *path, const struct dictionary *d, const struct dict_problems *p,
	const struct term *term)
{
	struct buf b = BUF_INIT;

	escape_term(&b, strv_of(path));
	buf_addf(&b, ": %zu token%s", d->n, d->n == 1 ? "" : "s");
	if (p->faults)
		buf_addf(&b,
			", %zu line%s that no engine should get; `thresh dict --repair` mends %s",
			p->faults, p->faults == 1 ? "" : "s", p->faults == 1 ? "it" : "them");
	buf_addch(&b, '\n');
	if (d->n > MANY)
		buf_adds(&b, "so many tokens make engines slow; some hundred are plenty\n");
	term_print(term, &b);
	buf_release(&b);
}

/* Text that may be a dictionary: a line's fault is of a line. */
static int read_text(const char *path, struct buf *text, struct err *err)
{
	if (fs_read(path, FILE_MAX, text, err) < 0)
		return -1;
	if (text->len && memchr(text->s, '\0', text->len))
		return err_usage(err,
			"%s: binary data, no dictionary: that is lines of text, with "
			"\\x00 for a NUL",
			path);
	return 0;
}

static void add_problems(
	cJSON *all, const char *path, const struct dictionary *d, const struct dict_problems *p)
{
	cJSON *j = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(j, "problems");

	cJSON_AddItemToObject(j, "file", json_text(path));
	cJSON_AddNumberToObject(j, "tokens", (double)d->n);
	cJSON_AddNumberToObject(j, "faults", (double)p->faults);
	cJSON_AddNumberToObject(j, "notes", (double)p->notes);
	for (size_t i = 0; i < p->n; i++) {
		cJSON *one = cJSON_CreateObject();
		struct buf b = BUF_INIT;

		dict_problem_words(&b, &p->v[i]);
		cJSON_AddNumberToObject(one, "line", (double)p->v[i].line);
		cJSON_AddNumberToObject(one, "column", (double)p->v[i].column);
		cJSON_AddBoolToObject(one, "note", DICT_IS_NOTE(p->v[i].fault));
		cJSON_AddItemToObject(one, "what", json_text(b.s));
		cJSON_AddItemToArray(list, one);
		buf_release(&b);
	}
	cJSON_AddItemToArray(all, j);
}

static int check_file(const char *path, const struct term *term, cJSON *all, struct err *err)
{
	struct dictionary d = DICTIONARY_INIT;
	struct dict_problems p = { .n = 0 };
	struct buf text = BUF_INIT;
	int rc = read_text(path, &text, err);

	if (rc == 0) {
		dictionary_parse(strv_n(buf_str(&text), text.len), NULL, &d, &p);
		if (all) {
			add_problems(all, path, &d, &p);
		} else {
			print_problems(path, &p, term);
			print_count(path, &d, &p, term);
		}
		rc = p.faults ? 1 : 0;
	}
	dict_problems_release(&p);
	dictionary_release(&d);
	buf_release(&text);
	return rc;
}

/* --- repair --- */

struct repairing {
	const char *path;
	const struct term *term;
};

static void print_repair(
	void *arg, size_t line, enum dict_repair how, struct strv before, struct strv after)
{
	static const char *const words[] = { [DICT_MENDED] = "",
		[DICT_COMMENTED] = "no token: ",
		[DICT_MOVED] = "",
		[DICT_DROPPED] = "there already: " };
	const struct repairing *r = arg;
	struct buf b = BUF_INIT;

	escape_term(&b, strv_of(r->path));
	buf_addf(&b, ":%zu: %s", line, words[how]);
	escape_term(&b, strv_sub(strv_trim(before), 0, 200));
	if (how == DICT_MENDED || how == DICT_MOVED) {
		size_t at = strv_rchr(after, '\n');

		buf_adds(&b, "  ->  ");
		escape_term(&b, at == SIZE_MAX ? after : strv_from(after, at + 1));
	}
	buf_addch(&b, '\n');
	term_print(r->term, &b);
	buf_release(&b);
}

static int repair_file(const char *path, const char *to, const struct term *term, struct err *err)
{
	struct repairing r = { path, term };
	struct buf text = BUF_INIT, out = BUF_INIT;
	size_t n = 0;
	int rc = read_text(path, &text, err);

	if (rc == 0)
		n = dict_repair(strv_n(buf_str(&text), text.len), &out, print_repair, &r);
	/* a file that is right stays as it is */
	if (rc == 0 && (n || to))
		rc = fs_write(to ? to : path, buf_str(&out), out.len, 0644, err);
	if (rc == 0) {
		struct buf b = BUF_INIT;

		escape_term(&b, strv_of(path));
		buf_addf(&b, n ? ": %zu line%s changed\n" : ": nothing to repair\n", n,
			n == 1 ? "" : "s");
		term_print(term, &b);
		buf_release(&b);
	}
	buf_release(&text);
	buf_release(&out);
	return rc;
}

/* --- a format's or a harness's --- */

static int put_out(const char *to, struct strv text, struct err *err)
{
	if (to)
		return fs_write(to, text.s, text.len, 0644, err);
	fwrite(text.s, 1, text.len, stdout);
	return 0;
}

/* 1: the declared one has faults. */
static int show_harness(
	struct project *p, const struct config_harness *h, const char *to, struct err *err)
{
	struct tokens t;
	struct buf text = BUF_INIT;
	struct err problem = ERR_INIT;
	int rc = tokens_gather(p, h, &t, err);

	if (rc == 0 && t.path)
		rc = fs_read(t.path, FILE_MAX, &text, err);
	if (rc == 0)
		rc = put_out(to, strv_n(buf_str(&text), text.len), err);
	if (rc == 0 && t.problem) {
		err_set(&problem, "%s: %s", h->name, t.problem);
		cli_fail(&problem);
		rc = 1;
	}
	buf_release(&text);
	tokens_release(&t);
	return rc;
}

static void print_harness(
	const struct config_harness *h, const struct tokens *t, const struct term *term, cJSON *all)
{
	struct err problem = ERR_INIT;
	cJSON *j;

	if (!all) {
		term_printf(term, "%s: %zu token%s, %zu declared, %zu found\n", h->name, t->n,
			t->n == 1 ? "" : "s", t->declared, t->n - t->declared);
		if (t->problem) {
			err_set(&problem, "%s: %s", h->name, t->problem);
			cli_fail(&problem);
		}
		return;
	}
	j = cJSON_CreateObject();
	cJSON_AddItemToObject(j, "harness", json_text(h->name));
	cJSON_AddNumberToObject(j, "tokens", (double)t->n);
	cJSON_AddNumberToObject(j, "declared", (double)t->declared);
	cJSON_AddItemToObject(j, "file", t->path ? json_text(t->path) : cJSON_CreateNull());
	cJSON_AddItemToObject(
		j, "problem", t->problem ? json_text(t->problem) : cJSON_CreateNull());
	cJSON_AddItemToArray(all, j);
}

static int list_harnesses(struct project *p, const struct term *term, cJSON *all, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; i < p->cfg->n_harnesses; i++) {
		struct tokens t;

		if (tokens_gather(p, &p->cfg->harnesses[i], &t, err) < 0)
			return -1;
		print_harness(&p->cfg->harnesses[i], &t, term, all);
		rc = t.problem ? 1 : rc;
		tokens_release(&t);
	}
	return rc;
}

/* --- the command --- */

static bool is_path(const char *word)
{
	return strchr(word, '/') || strv_ends(strv_of(word), ".dict") || fs_is_file(word);
}

static int of_word(const char *word, const struct dict_args *a, const struct cli_ctx *ctx,
	cJSON *all, struct err *err)
{
	struct err none = ERR_INIT;
	const struct shipped_dict *s;
	struct project *p;
	const struct config_harness *h = NULL;
	int rc;

	if (a->repair)
		return repair_file(word, a->out, &ctx->term, err);
	if (is_path(word))
		return a->out ? err_usage(err, "--output goes with --repair, a harness or a format")
			      : check_file(word, &ctx->term, all, err);
	if (all)
		return err_usage(err, "%s: --json is of files, or of all harnesses", word);
	s = shipped_dict(word);
	p = project_open(ctx->config, s ? &none : err);
	if (p)
		h = project_harness(p, word, s ? &none : err);
	if (h)
		rc = show_harness(p, h, a->out, err);
	else
		rc = s ? put_out(a->out, s->text, err) : -1;
	project_close(p);
	return rc;
}

static int check(const struct dict_args *a, const struct strlist *words, struct err *err)
{
	if ((a->repair && !words->n) || (a->out && words->n != 1))
		return err_usage(
			err, "--%s takes one dictionary; name it", a->out ? "output" : "repair");
	if (a->repair && a->json)
		return err_usage(err, "--repair and --json don't go together");
	return 0;
}

static int of_all(const struct cli_ctx *ctx, cJSON *all, struct err *err)
{
	struct project *p = project_open(ctx->config, err);
	int rc = p ? list_harnesses(p, &ctx->term, all, err) : -1;

	project_close(p);
	return rc;
}

static int run(void *args, const struct cli_ctx *ctx)
{
	const struct dict_args *a = args;
	struct err err = ERR_INIT;
	cJSON *all = a->json ? cJSON_CreateArray() : NULL;
	struct buf out = BUF_INIT;
	int rc = check(a, ctx->args, &err);

	if (rc == 0 && !ctx->args->n)
		rc = of_all(ctx, all, &err);
	for (size_t i = 0; i < ctx->args->n && rc >= 0; i++) {
		int one = of_word(ctx->args->v[i], a, ctx, all, &err);

		rc = one < 0 ? -1 : MAX(rc, one);
	}
	if (rc >= 0 && all) {
		json_print_take(&out, all, true);
		fputs(out.s, stdout);
		all = NULL;
	}
	cJSON_Delete(all);
	buf_release(&out);
	return rc < 0 ? cli_fail(&err) : rc ? EXIT_FINDINGS : EXIT_OK;
}

const struct cmd cmd_dict = {
	.name = "dict",
	.args = "[FILE|HARNESS|FORMAT...]",
	.help = "dictionaries: check one, mend it, show a harness's words",
	.more = "Of a FILE each line that libFuzzer or AFL++ would refuse or pass over is said, "
		"with "
		"its place and what to write in its stead. --repair writes that: the escapes of C, "
		"quotes without their backslash or their partner, a comment behind a token. What "
		"can't "
		"be a token stays as a comment.\n\n"
		"Of a HARNESS the dictionary that its engines get is shown, with where each token "
		"came from: what `dictionary` in thresh.yaml declares or thresh brings for its "
		"format, "
		"what the code compares with, what libFuzzer found to be of use, constants of the "
		"code, "
		"and what many inputs of its corpus have. Each campaign makes it anew, in "
		".thresh/words. Without an argument, how many tokens each harness has.\n\n"
		"Of a FORMAT (csv, http, ini, json, url, xml, yaml) the dictionary that thresh "
		"brings is "
		"shown; `dictionary: http` in thresh.yaml uses one by its name.\n\n"
		"Exit status: 0 all is well, 1 a dictionary has faults, 2 usage, 3 other failures.",
	.examples = "thresh dict my.dict --repair\nthresh dict cjson_parse\nthresh dict http -o "
		    "http.dict",
	.opts = dict_opts,
	.args_size = sizeof(struct dict_args),
	.max_args = UINT_MAX,
	.run = run,
};
