/*
 * --help, and the overview: made from the tables that parse, so that what it says is what holds. At most 80 columns,
 * since it is also read in mails and over ssh.
 */
#include "base/prelude.h"
#include "cli/help.h"
#include "cli/opt.h"
#include "report/term.h"

#define COLUMNS 80
#define MAX_LEFT 28 /* an option longer than this has its help on the next line */

const char help_about[] =
	"coverage-guided fuzz campaigns for C and C++, and the regression tests that come of them";

const struct help_exit help_exits[] = {
	{ EXIT_OK, "done, and nothing was found" },
	{ EXIT_FINDINGS, "done, and there are findings: new or still open, as the command says" },
	{ EXIT_USAGE, "the call, the configuration or an input is wrong" },
	{ EXIT_OTHER, "anything else: a missing tool, a full disk, a lost result" },
	{ 0, NULL },
};

static void flush(struct buf *b, const struct term *term, FILE *out)
{
	struct buf fitted = BUF_INIT;

	term_add_fitted(term, strv_n(buf_str(b), b->len), &fitted);
	fwrite(buf_str(&fitted), 1, fitted.len, out);
	buf_release(&fitted);
	buf_release(b);
}

static size_t columns_of(const struct term *term)
{
	return MIN(term->wrap, (unsigned)COLUMNS);
}

/* Two columns: what, and what it means, wrapped beside it; or below it, where there is little room. */
static void add_row(
	struct buf *b, struct strv left, size_t width, const char *right, size_t columns)
{
	bool beside = left.len + 2 <= width && 2 * width <= columns;
	struct buf text = BUF_INIT;

	buf_addv(b, left);
	term_add_wrapped(&text, right, 2 * width <= columns ? width : 4, columns);
	if (beside)
		buf_addv(b, strv_from(strv_n(buf_str(&text), text.len), left.len));
	else
		buf_adds2(b, "\n", buf_str(&text));
	buf_release(&text);
}

static void option_left(struct buf *b, const struct opt *o)
{
	size_t start;

	if (o->key)
		buf_addf(b, "  -%c, --%s", o->key, o->name);
	else
		buf_addf(b, "      --%s", o->name);
	start = b->len;
	buf_addch(b, ' ');
	opt_arg(b, o);
	if (b->len == start + 1)
		b->s[--b->len] = 0;
}

static size_t options_width(const struct opt *opts, size_t width)
{
	for (const struct opt *o = opts; o && o->kind != OPT_END; o++) {
		struct buf left = BUF_INIT;

		option_left(&left, o);
		if (left.len + 2 <= MAX_LEFT)
			width = MAX(width, left.len + 2);
		buf_release(&left);
	}
	return width;
}

static void add_options(
	struct buf *b, const char *title, const struct opt *opts, size_t width, size_t columns)
{
	if (!opts || opts->kind == OPT_END)
		return;
	buf_addf(b, "\n%s:\n", title);
	for (const struct opt *o = opts; o->kind != OPT_END; o++) {
		struct buf left = BUF_INIT, right = BUF_INIT, note = BUF_INIT;

		option_left(&left, o);
		buf_adds(&right, o->help);
		opt_note(&note, o);
		if (note.len)
			buf_addf(&right, " (%s)", note.s);
		add_row(b, strv_n(left.s, left.len), width, right.s, columns);
		buf_release(&left);
		buf_release(&right);
		buf_release(&note);
	}
}

void help_cmd(FILE *out, const struct term *term, const struct cmd *cmd)
{
	size_t width = options_width(opt_global_table, options_width(cmd->opts, 0)),
	       columns = columns_of(term);
	struct buf b = BUF_INIT;
	struct strv rest, line;

	buf_addf(&b, "usage: thresh %s%s%s%s\n\n", cmd->name, cmd->opts ? " [OPTION...]" : "",
		cmd->args && *cmd->args ? " " : "", cmd->args ? cmd->args : "");
	term_add_wrapped(&b, cmd->help, 0, columns);
	add_options(&b, "options", cmd->opts, width, columns);
	if (cmd->more) {
		buf_addch(&b, '\n');
		term_add_wrapped(&b, cmd->more, 0, columns);
	}
	if (cmd->examples) {
		buf_adds(&b, "\nexamples:\n");
		for (rest = strv_of(cmd->examples); strv_line(&rest, &line);)
			buf_addf(&b, line.len ? "  %.*s\n" : "\n", STRV_ARG(line));
	}
	add_options(&b, "every command has", opt_global_table, width, columns);
	flush(&b, term, out);
}

void help_topic(FILE *out, const struct term *term, const struct topic *t)
{
	struct buf b = BUF_INIT, text = BUF_INIT;

	buf_addf(&text, "%s: %s", t->name, t->about);
	term_add_wrapped(&b, text.s, 0, columns_of(term));
	buf_addch(&b, '\n');
	term_add_wrapped(&b, t->text, 0, columns_of(term));
	buf_release(&text);
	flush(&b, term, out);
}

void help_overview(FILE *out, const struct term *term, const struct cmd *const *commands)
{
	struct buf b = BUF_INIT, text = BUF_INIT;
	size_t width = 0, columns = columns_of(term);

	buf_addf(&text, "thresh: %s.", help_about);
	term_add_wrapped(&b, text.s, 0, columns);
	buf_release(&text);
	buf_adds(&b, "\nusage: thresh COMMAND [OPTION...] [ARGUMENT...]\n\n");
	for (size_t i = 0; commands[i]; i++)
		width = MAX(width, strlen(commands[i]->name));
	for (size_t i = 0; commands[i]; i++) {
		struct buf left = BUF_INIT;

		buf_addf(&left, "  %s", commands[i]->name);
		add_row(&b, strv_n(left.s, left.len), width + 4, commands[i]->help, columns);
		buf_release(&left);
	}
	buf_adds(&b, "\nexit status:\n");
	for (const struct help_exit *e = help_exits; e->text; e++)
		buf_addf(&b, "  %d  %s\n", e->status, e->text);
	buf_adds(&b, "\ntopics:\n");
	width = 0;
	for (const struct topic *t = topics; t->name; t++)
		width = MAX(width, strlen(t->name));
	for (const struct topic *t = topics; t->name; t++) {
		buf_addf(&text, "  %s", t->name);
		add_row(&b, strv_n(text.s, text.len), width + 4, t->about, columns);
		buf_release(&text);
	}
	buf_adds(&b, "\nA command's options and examples, or a topic: thresh help COMMAND|TOPIC\n");
	flush(&b, term, out);
}
