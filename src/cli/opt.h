/* Options as the tables of cli.h say: parsed, checked, and their defaults applied. Pure: prints nothing. */
#ifndef CLI_OPT_H
#define CLI_OPT_H

#include "base/buf.h"
#include "cli/cli.h"

/* A table and the struct its offsets are in. */
struct opt_set {
	/* may be NULL */
	const struct opt *opts;
	void *args;
};

struct opt_globals {
	const char *config, *directory, *log, *state;
	bool quiet, verbose, no_color, help;
};
extern const struct opt opt_global_table[];

struct opt_parse {
	/* searched in this order */
	const struct opt_set *sets;
	size_t n_sets;
	/* the first positional ends the options, and is left */
	bool stop_at_word;
	/* what follows "--" goes to command */
	bool takes_command;
	/* positional; appended */
	struct strlist *words;
	/* appended */
	struct strlist *command;
};

/* Set every field to its default, or zero. */
void opt_defaults(const struct opt_set *set);
/* Release the lists. */
void opt_release(const struct opt_set *set);
/*
 * Parse argv[0..argc): no program name in front. Returns how many were used (argc unless stop_at_word), or -1 with a
 * usage error that names the option.
 */
int opt_parse(const struct opt_parse *p, int argc, char **argv, struct err *err);
/* Append the placeholder of a value: "N", "SIZE", "a|b|c"; nothing for a flag. */
void opt_arg(struct buf *b, const struct opt *o);
/* Append what is said behind the help: "1 to 256", "default 10m"; nothing when there is nothing to say. */
void opt_note(struct buf *b, const struct opt *o);

#endif
