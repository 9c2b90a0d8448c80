/* The manual page and the Markdown reference, from the same tables as --help. */
#include "base/prelude.h"
#include "cli/help_doc.h"
#include "cli/help.h"
#include "cli/opt.h"
#include "cli/topics.h"
#include "config/config.h"

/* Text for roff: no request by accident, no hyphen where a minus is meant. */
static void roff(struct buf *b, struct strv v)
{
	bool line_start = true;

	for (size_t i = 0; i < v.len; i++) {
		char c = v.s[i];

		if (line_start && (c == '.' || c == '\''))
			buf_adds(b, "\\&");
		line_start = c == '\n';
		if (c == '\\')
			buf_adds(b, "\\e");
		else if (c == '-')
			buf_adds(b, "\\-");
		else if (c == '\'')
			buf_adds(b, "\\(aq");
		else if (c == '`')
			buf_adds(b, "\\(ga");
		else if (c == '^')
			buf_adds(b, "\\(ha");
		else if (c == '~')
			buf_adds(b, "\\(ti");
		else
			buf_addch(b, c);
	}
}

static void roff_s(struct buf *b, const char *s)
{
	roff(b, strv_of(s));
}

static void man_options(struct buf *b, const struct opt *opts)
{
	for (const struct opt *o = opts; o && o->kind != OPT_END; o++) {
		struct buf arg = BUF_INIT, note = BUF_INIT;

		buf_adds(b, ".TP\n");
		if (o->key)
			buf_addf(b, "\\fB\\-%c\\fR, ", o->key);
		buf_adds(b, "\\fB\\-\\-");
		roff_s(b, o->name);
		buf_adds(b, "\\fR");
		opt_arg(&arg, o);
		if (arg.len) {
			buf_adds(b, " \\fI");
			roff_s(b, arg.s);
			buf_adds(b, "\\fR");
		}
		buf_addch(b, '\n');
		roff_s(b, o->help);
		opt_note(&note, o);
		if (note.len) {
			buf_adds(b, " (");
			roff_s(b, note.s);
			buf_addch(b, ')');
		}
		buf_addch(b, '\n');
		buf_release(&arg);
		buf_release(&note);
	}
}

/* Paragraphs as in cmd.more: an empty line between two, indented lines kept. */
static void man_text(struct buf *b, const char *text)
{
	struct strv rest = strv_of(text), line;
	bool kept = false;

	buf_adds(b, ".PP\n");
	while (strv_line(&rest, &line)) {
		bool keep = line.len && line.s[0] == ' ';

		if (keep != kept)
			buf_adds(b, keep ? ".RS 4\n.nf\n" : ".fi\n.RE\n");
		kept = keep;
		if (!line.len && rest.len)
			buf_adds(b, ".PP\n");
		else {
			roff(b, keep ? strv_trim(line) : line);
			buf_addch(b, '\n');
		}
	}
	if (kept)
		buf_adds(b, ".fi\n.RE\n");
}

static void man_cmd(struct buf *b, const struct cmd *cmd)
{
	struct strv rest, line;

	buf_addf(b, ".SS \"thresh %s", cmd->name);
	if (cmd->args && *cmd->args) {
		buf_addch(b, ' ');
		for (const char *p = cmd->args; *p; p++)
			roff(b, strv_n(p, 1));
	}
	buf_adds(b, "\"\n");
	roff_s(b, cmd->help);
	buf_adds(b, ".\n");
	man_options(b, cmd->opts);
	if (cmd->more)
		man_text(b, cmd->more);
	if (cmd->examples) {
		buf_adds(b, ".PP\n.RS 4\n.nf\n");
		for (rest = strv_of(cmd->examples); strv_line(&rest, &line);) {
			roff(b, line);
			buf_addch(b, '\n');
		}
		buf_adds(b, ".fi\n.RE\n");
	}
}

static void man_config(struct buf *b)
{
	buf_adds(b,
		".SH \"PROJECT FILE\"\n.PP\nKeys of\n.BR thresh.yaml ;\nan asterisk stands for any "
		"name, and each of targets has the keys of build.\n");
	for (const struct config_key *k = config_keys; k->path; k++) {
		buf_adds(b, ".TP\n\\fB");
		roff_s(b, k->path);
		buf_adds(b, "\\fR (");
		roff_s(b, k->type);
		if (k->def) {
			bool words = *k->def == '(';

			buf_adds(b, "; default ");
			roff(b, strv_sub(strv_of(k->def), words, strlen(k->def) - 2 * words));
		}
		buf_adds(b, k->required ? "; required)\n" : ")\n");
		roff_s(b, k->help);
		buf_addch(b, '\n');
	}
}

void help_man(FILE *out, const struct cmd *const *commands)
{
	struct buf b = BUF_INIT;

	buf_adds(&b,
		".\\\" Made by thresh help \\-\\-man from the tables that parse the options.\n");
	buf_addf(&b, ".TH THRESH 1 \"\" \"thresh %s\" \"User Commands\"\n", THRESH_VERSION);
	buf_adds(&b, ".SH NAME\nthresh \\- ");
	roff_s(&b, help_about);
	buf_adds(&b, "\n.SH SYNOPSIS\n\\fBthresh\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR...] "
		     "[\\fIARGUMENT\\fR...]\n.SH COMMANDS\n");
	for (size_t i = 0; commands[i]; i++)
		man_cmd(&b, commands[i]);
	buf_adds(&b, ".SH TOPICS\n");
	for (const struct topic *t = topics; t->name; t++) {
		buf_addf(&b, ".SS \"%s: %s\"\n", t->name, t->about);
		man_text(&b, t->text);
	}
	buf_adds(&b, ".SH \"OPTIONS OF EVERY COMMAND\"\n");
	man_options(&b, opt_global_table);
	man_config(&b);
	buf_adds(&b, ".SH \"EXIT STATUS\"\n");
	for (const struct help_exit *e = help_exits; e->text; e++) {
		buf_addf(&b, ".TP\n%d\n", e->status);
		roff_s(&b, e->text);
		buf_addch(&b, '\n');
	}
	fwrite(b.s, 1, b.len, out);
	buf_release(&b);
}

/* A cell of a table: one line, and no character that Markdown would take for its own. */
static void md(struct buf *b, const char *s)
{
	for (; *s; s++) {
		if (strchr("|<>*_\\", *s))
			buf_addch(b, '\\');
		buf_addch(b, *s == '\n' ? ' ' : *s);
	}
}

/* In a code span only the column separator needs care. */
static void md_code(struct buf *b, const char *s)
{
	for (; *s; s++) {
		if (*s == '|')
			buf_addch(b, '\\');
		buf_addch(b, *s);
	}
}

static void md_options(struct buf *b, const struct opt *opts)
{
	if (!opts || opts->kind == OPT_END)
		return;
	buf_adds(b, "\n| option | meaning |\n|---|---|\n");
	for (const struct opt *o = opts; o->kind != OPT_END; o++) {
		struct buf arg = BUF_INIT, note = BUF_INIT;

		buf_adds(b, "| `");
		if (o->key)
			buf_addf(b, "-%c`, `", o->key);
		buf_addf(b, "--%s", o->name);
		opt_arg(&arg, o);
		if (arg.len) {
			buf_addch(b, ' ');
			md_code(b, arg.s);
		}
		buf_adds(b, "` | ");
		md(b, o->help);
		opt_note(&note, o);
		if (note.len) {
			buf_adds(b, " (");
			md(b, note.s);
			buf_addch(b, ')');
		}
		buf_adds(b, " |\n");
		buf_release(&arg);
		buf_release(&note);
	}
}

/* Paragraphs as in cmd.more: indented lines become a block of code. */
static void md_text(struct buf *b, const char *text)
{
	struct strv rest = strv_of(text), line;
	bool kept = false;

	buf_addch(b, '\n');
	while (strv_line(&rest, &line)) {
		bool keep = line.len && line.s[0] == ' ';
		char *s = strv_dup(keep ? strv_trim(line) : line);

		if (keep != kept)
			buf_adds(b, keep ? "\n```\n" : "```\n");
		kept = keep;
		if (keep)
			buf_adds(b, s);
		else
			md(b, s);
		buf_addch(b, '\n');
		free(s);
	}
	if (kept)
		buf_adds(b, "```\n");
}

static void md_config(struct buf *b)
{
	buf_adds(b, "\n### The project file\n\nKeys of `thresh.yaml`; `*` stands for any name, and "
		    "each of "
		    "`targets` has the keys of `build`.\n\n"
		    "| key | type | default | meaning |\n|---|---|---|---|\n");
	for (const struct config_key *k = config_keys; k->path; k++) {
		buf_addf(b, "| `%s` | ", k->path);
		md(b, k->type);
		buf_adds(b, " | ");
		if (k->required)
			buf_adds(b, "required");
		else if (k->def && *k->def == '(')
			md(b, k->def);
		else if (k->def) {
			buf_addch(b, '`');
			md_code(b, k->def);
			buf_addch(b, '`');
		}
		buf_adds(b, " | ");
		md(b, k->help);
		buf_adds(b, " |\n");
	}
}

void help_markdown(FILE *out, const struct cmd *const *commands)
{
	struct buf b = BUF_INIT;

	for (size_t i = 0; commands[i]; i++) {
		const struct cmd *c = commands[i];

		buf_addf(&b, "### `thresh %s%s%s`\n\n", c->name, c->args && *c->args ? " " : "",
			c->args ? c->args : "");
		md(&b, c->help);
		buf_adds(&b, ".\n");
		md_options(&b, c->opts);
		if (c->more)
			md_text(&b, c->more);
		if (c->examples)
			buf_addf(&b, "\n```sh\n%s%s```\n", c->examples,
				c->examples[strlen(c->examples) - 1] == '\n' ? "" : "\n");
		buf_addch(&b, '\n');
	}
	buf_adds(&b, "### Options of every command\n");
	md_options(&b, opt_global_table);
	md_config(&b);
	buf_adds(&b, "\n### Topics\n");
	for (const struct topic *t = topics; t->name; t++) {
		buf_addf(&b, "\n#### %s: %s\n", t->name, t->about);
		md_text(&b, t->text);
	}
	buf_adds(&b, "\n### Exit status\n\n| status | meaning |\n|---|---|\n");
	for (const struct help_exit *e = help_exits; e->text; e++)
		buf_addf(&b, "| %d | %s |\n", e->status, e->text);
	fwrite(b.s, 1, b.len, out);
	buf_release(&b);
}
