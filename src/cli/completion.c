/* What the shells need to complete commands, options and choices, from the tables that parse. */
#include "base/prelude.h"
#include "cli/completion.h"
#include "cli/opt.h"
#include "cli/topics.h"

static bool is_help(const struct cmd *c)
{
	return strcmp(c->name, "help") == 0;
}

/* What `thresh help` is asked about: a blank before each. */
static void help_words(struct buf *b, const struct cmd *const *commands)
{
	for (size_t i = 0; commands[i]; i++)
		buf_addf(b, " %s", commands[i]->name);
	for (const struct topic *t = topics; t->name; t++)
		buf_addf(b, " %s", t->name);
}

/* "a|b" as "a b" */
static void add_choices(struct buf *b, const char *choices)
{
	for (const char *p = choices; *p; p++)
		buf_addch(b, *p == '|' ? ' ' : *p);
}

static bool takes_file(const struct opt *o)
{
	return o->kind == OPT_STRING || o->kind == OPT_STRINGS;
}

static void put(struct buf *b, FILE *out)
{
	fwrite(b->s, 1, b->len, out);
	buf_release(b);
}

/* --- bash --- */

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
			add_choices(b, o->choices);
			buf_adds(b, "' -- \"$cur\"))\n");
		} else if (takes_file(o)) {
			buf_adds(b, "COMPREPLY=($(compgen -f -- \"$cur\"))\n");
		} else {
			buf_adds(b, "COMPREPLY=()\n");
		}
		buf_adds(b, "\t\treturn\n\t\t;;\n");
	}
}

void completion_bash(FILE *out, const struct cmd *const *commands)
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
		if (is_help(commands[i]))
			help_words(&b, commands);
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
	put(&b, out);
}

/* --- zsh: specifications of _arguments, between quotes of the shell --- */

static void zsh_text(struct buf *b, const char *s)
{
	for (; *s; s++) {
		if (*s == '\'')
			buf_adds(b, "'\\''");
		else if (strchr("[]:\\", *s))
			buf_addf(b, "\\%c", *s);
		else
			buf_addch(b, *s == '\n' ? ' ' : *s);
	}
}

static void zsh_options(struct buf *b, const struct opt *opts)
{
	for (const struct opt *o = opts; o && o->kind != OPT_END; o++) {
		buf_adds(b, " \\\n\t\t\t");
		if (o->key)
			buf_addf(b, "'(-%c --%s)'{-%c,--%s}", o->key, o->name, o->key, o->name);
		else
			buf_addf(b, "%s--%s", o->kind == OPT_STRINGS ? "\\*" : "", o->name);
		buf_adds(b, "'[");
		zsh_text(b, o->help);
		buf_addch(b, ']');
		if (o->kind == OPT_CHOICE) {
			buf_addf(b, ":%s:(", o->name);
			add_choices(b, o->choices);
			buf_addch(b, ')');
		} else if (takes_file(o)) {
			buf_addf(b, ":%s:_files", o->name);
		} else if (o->kind != OPT_FLAG) {
			buf_addf(b, ":%s: ", o->name);
		}
		buf_addch(b, '\'');
	}
}

void completion_zsh(FILE *out, const struct cmd *const *commands)
{
	struct buf b = BUF_INIT;

	buf_adds(&b, "#compdef thresh\n"
		     "# Completions of thresh for zsh, made by: thresh help --completion zsh\n"
		     "_thresh()\n{\n"
		     "\tlocal -a commands=(\n");
	for (size_t i = 0; commands[i]; i++) {
		buf_addf(&b, "\t\t'%s:", commands[i]->name);
		zsh_text(&b, commands[i]->help);
		buf_adds(&b, "'\n");
	}
	buf_adds(&b, "\t)\n"
		     "\tif (( CURRENT == 2 )); then\n"
		     "\t\t_describe command commands\n"
		     "\t\treturn\n"
		     "\tfi\n"
		     "\tlocal cmd=$words[2]\n"
		     "\twords=(\"${(@)words[2,-1]}\")\n"
		     "\t(( CURRENT-- ))\n"
		     "\tcase $cmd in\n");
	for (size_t i = 0; commands[i]; i++) {
		buf_addf(&b, "\t%s)\n\t\t_arguments", commands[i]->name);
		zsh_options(&b, commands[i]->opts);
		zsh_options(&b, opt_global_table);
		buf_adds(&b, " \\\n\t\t\t'*:argument:");
		if (is_help(commands[i])) {
			buf_adds(&b, "(");
			help_words(&b, commands);
			buf_adds(&b, ")'\n\t\t;;\n");
		} else {
			buf_adds(&b, "_files'\n\t\t;;\n");
		}
	}
	buf_adds(&b, "\tesac\n}\n_thresh \"$@\"\n");
	put(&b, out);
}

/* --- fish --- */

static void fish_text(struct buf *b, const char *s)
{
	buf_addch(b, '\'');
	for (; *s; s++) {
		if (*s == '\'' || *s == '\\')
			buf_addch(b, '\\');
		buf_addch(b, *s == '\n' ? ' ' : *s);
	}
	buf_addch(b, '\'');
}

/* cmd: NULL for all. */
static void fish_options(struct buf *b, const char *cmd, const struct opt *opts)
{
	for (const struct opt *o = opts; o && o->kind != OPT_END; o++) {
		buf_adds(b, "complete -c thresh");
		if (cmd)
			buf_addf(b, " -n '__fish_seen_subcommand_from %s'", cmd);
		buf_addf(b, " -l %s", o->name);
		if (o->key)
			buf_addf(b, " -s %c", o->key);
		if (o->kind == OPT_CHOICE) {
			buf_adds(b, " -x -a '");
			add_choices(b, o->choices);
			buf_addch(b, '\'');
		} else if (takes_file(o)) {
			buf_adds(b, " -r -F");
		} else if (o->kind != OPT_FLAG) {
			buf_adds(b, " -x");
		}
		buf_adds(b, " -d ");
		fish_text(b, o->help);
		buf_addch(b, '\n');
	}
}

void completion_fish(FILE *out, const struct cmd *const *commands)
{
	struct buf b = BUF_INIT;

	buf_adds(&b, "# Completions of thresh for fish, made by: thresh help --completion fish\n");
	fish_options(&b, NULL, opt_global_table);
	for (size_t i = 0; commands[i]; i++) {
		buf_addf(&b, "complete -c thresh -n __fish_use_subcommand -f -a %s -d ",
			commands[i]->name);
		fish_text(&b, commands[i]->help);
		buf_addch(&b, '\n');
		fish_options(&b, commands[i]->name, commands[i]->opts);
	}
	buf_adds(&b, "complete -c thresh -n '__fish_seen_subcommand_from help' -f -a '");
	help_words(&b, commands);
	buf_adds(&b, "'\n");
	put(&b, out);
}
