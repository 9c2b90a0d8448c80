/* The manual page, the Markdown reference and the completions, from the same tables as --help. */
#include "base/prelude.h"
#include "cli/help_doc.h"
#include "cli/help.h"
#include "cli/opt.h"
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
	buf_adds(&b, "\n### Exit status\n\n| status | meaning |\n|---|---|\n");
	for (const struct help_exit *e = help_exits; e->text; e++)
		buf_addf(&b, "| %d | %s |\n", e->status, e->text);
	fwrite(b.s, 1, b.len, out);
	buf_release(&b);
}

static void bash_words(struct buf *b, const struct opt *opts)
{
	for (const struct opt *o = opts; o && o->kind != OPT_END; o++) {
		buf_addf(b, " --%s", o->name);
		if (o->key)
			buf_addf(b, " -%c", o->key);
	}
}

/* After an option with choices, these; after one with another value, files. */
static void bash_values(struct buf *b, const char *cmd, const struct opt *opts)
{
	for (const struct opt *o = opts; o && o->kind != OPT_END; o++) {
		if (o->kind == OPT_FLAG)
			continue;
		buf_addf(b, "\t%s:--%s", cmd, o->name);
		if (o->key)
			buf_addf(b, " | %s:-%c", cmd, o->key);
		buf_adds(b, ")\n\t\t");
		if (o->kind == OPT_CHOICE) {
			buf_adds(b, "COMPREPLY=($(compgen -W '");
			for (const char *p = o->choices; *p; p++)
				buf_addch(b, *p == '|' ? ' ' : *p);
			buf_adds(b, "' -- \"$cur\"))\n");
		} else if (o->kind == OPT_STRING || o->kind == OPT_STRINGS) {
			buf_adds(b, "COMPREPLY=($(compgen -f -- \"$cur\"))\n");
		} else {
			buf_adds(b, "COMPREPLY=()\n");
		}
		buf_adds(b, "\t\treturn\n\t\t;;\n");
	}
}

void help_bash(FILE *out, const struct cmd *const *commands)
{
	struct buf b = BUF_INIT;

	buf_adds(&b, "# Completions of thresh for bash, made by: thresh help --completion bash\n"
		     "_thresh()\n{\n"
		     "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
		     "\tlocal cmd='' words='' w\n\n"
		     "\tfor w in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
		     "\t\tcase $w in\n"
		     "\t\t-*) ;;\n"
		     "\t\t*) cmd=$w; break ;;\n"
		     "\t\tesac\n"
		     "\tdone\n"
		     "\tcase $cmd:$prev in\n");
	for (size_t i = 0; commands[i]; i++)
		bash_values(&b, commands[i]->name, commands[i]->opts);
	bash_values(&b, "*", opt_global_table);
	buf_adds(&b, "\tesac\n\tcase $cmd in\n\t'') words='");
	for (size_t i = 0; commands[i]; i++)
		buf_addf(&b, "%s%s", i ? " " : "", commands[i]->name);
	buf_adds(&b, " --version' ;;\n");
	for (size_t i = 0; commands[i]; i++) {
		buf_addf(&b, "\t%s) words='", commands[i]->name);
		bash_words(&b, commands[i]->opts);
		if (strcmp(commands[i]->name, "help") == 0)
			for (size_t k = 0; commands[k]; k++)
				buf_addf(&b, " %s", commands[k]->name);
		buf_adds(&b, "' ;;\n");
	}
	buf_adds(&b, "\tesac\n\twords+='");
	bash_words(&b, opt_global_table);
	buf_adds(&b, "'\n\tif [[ $cur == -* || -z $cmd || $cmd == help ]]; then\n"
		     "\t\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
		     "\telse\n"
		     "\t\tCOMPREPLY=($(compgen -f -- \"$cur\"))\n"
		     "\tfi\n}\n"
		     "complete -o filenames -F _thresh thresh\n");
	fwrite(b.s, 1, b.len, out);
	buf_release(&b);
}
