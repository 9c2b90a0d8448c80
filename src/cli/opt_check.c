/*
 * What a table of options must keep to (names, letters, fields within their struct, help); the unit tests hold every
 * command to it, so that the parser needn't check at run time.
 */
#include "base/prelude.h"
#include "cli/opt_check.h"
#include "base/mem.h"
#include "base/num.h"
#include "cli/opt.h"

static const size_t field_sizes[] = {
	[OPT_FLAG] = sizeof(bool),
	[OPT_UINT] = sizeof(uint64_t),
	[OPT_SIZE] = sizeof(uint64_t),
	[OPT_DURATION] = sizeof(uint64_t),
	[OPT_STRING] = sizeof(const char *),
	[OPT_STRINGS] = sizeof(struct strlist),
	[OPT_CHOICE] = sizeof(const char *),
};

static bool good_name(const char *s)
{
	return s && *s >= 'a' && *s <= 'z' &&
	       strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(s);
}

static int check_row(const struct opt *o, size_t args_size, struct err *err)
{
	size_t help = o->help ? strlen(o->help) : 0;

	if (!good_name(o->name))
		return err_set(err, "option '%s': not a name", o->name ? o->name : "");
	if (o->kind <= OPT_END || (size_t)o->kind >= ARRAY_LEN(field_sizes))
		return err_set(err, "--%s: no such kind", o->name);
	if (o->key && !strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", o->key))
		return err_set(err, "--%s: the short name isn't a letter", o->name);
	if (!help || o->help[help - 1] == '.')
		return err_set(err, "--%s: help is missing or ends in a full stop", o->name);
	if (o->off + field_sizes[o->kind] > args_size)
		return err_set(err, "--%s: its field lies outside the struct", o->name);
	if ((o->kind == OPT_CHOICE) != (o->choices != NULL))
		return err_set(err, "--%s: choices", o->name);
	if (o->kind == OPT_FLAG && (o->def || o->arg))
		return err_set(err, "--%s: a flag has neither value nor default", o->name);
	if (o->kind == OPT_STRINGS && o->def)
		return err_set(err, "--%s: a list starts empty", o->name);
	if ((o->min || o->max) &&
		(o->kind < OPT_UINT || o->kind > OPT_DURATION || (o->max && o->max < o->min)))
		return err_set(err, "--%s: min and max", o->name);
	return 0;
}

/* The default goes through the parser itself. */
static int check_default(const struct opt *o, size_t args_size, struct err *err)
{
	struct opt row[2] = { *o, { .kind = OPT_END } };
	struct strlist words = STRLIST_INIT;
	char *argv[1];
	struct opt_set set = { row, xcalloc(1, args_size) };
	struct opt_parse p = { .sets = &set, .n_sets = 1, .words = &words };
	int rc = 0;

	if (o->def) {
		argv[0] = xasprintf("--%s=%s", o->name, o->def);
		rc = opt_parse(&p, 1, argv, err);
		free(argv[0]);
		opt_release(&set);
	}
	free(set.args);
	return rc < 0 ? -1 : 0;
}

static int check_table(
	const struct opt *opts, size_t args_size, const struct opt *others, struct err *err)
{
	for (const struct opt *o = opts; o && o->kind != OPT_END; o++) {
		if (check_row(o, args_size, err) < 0 || check_default(o, args_size, err) < 0)
			return -1;
		for (const struct opt *q = opts; q < o; q++)
			if (strcmp(q->name, o->name) == 0 || (o->key && o->key == q->key))
				return err_set(
					err, "--%s and --%s: the same name", q->name, o->name);
		for (const struct opt *q = others; q && q->kind != OPT_END && !o->older; q++)
			if (strcmp(q->name, o->name) == 0 || (o->key && o->key == q->key))
				return err_set(
					err, "--%s: takes the name of a global option", o->name);
	}
	return 0;
}

int opt_check(const struct cmd *cmd, struct err *err)
{
	size_t help = cmd->help ? strlen(cmd->help) : 0;

	if (!good_name(cmd->name))
		return err_set(err, "command '%s': not a name", cmd->name ? cmd->name : "");
	if (!cmd->run)
		return err_set(err, "%s: does nothing", cmd->name);
	/* one line of the overview: two blanks, the name's column, the text */
	if (!help || help > 66 || strchr(cmd->help, '\n') || cmd->help[help - 1] == '.')
		return err_set(err, "%s: help is missing, long, or ends in a full stop", cmd->name);
	if (cmd->min_args > cmd->max_args || (cmd->max_args && !cmd->args))
		return err_set(err, "%s: arguments", cmd->name);
	if (check_table(cmd->opts, cmd->args_size, opt_global_table, err) < 0 ||
		check_table(opt_global_table, sizeof(struct opt_globals), NULL, err) < 0)
		return err_prefix(err, "%s", cmd->name);
	return 0;
}
