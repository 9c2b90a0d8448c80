/* Options as the tables of cli.h say: parsed, checked, and their defaults applied. Pure: prints nothing. */
#ifndef CLI_OPT_H
#define CLI_OPT_H

#include "base/buf.h"
#include "cli/cli.h"

/* A table and the struct its offsets are in. */
struct opt_set {
	const struct opt *opts; /* may be NULL */
	void *args;
};

struct opt_globals {
	const char *config, *directory, *log;
	bool quiet, verbose, no_color, help;
};
extern const struct opt opt_global_table[];

struct opt_parse {
	const struct opt_set *sets; /* searched in this order */
	size_t n_sets;
	bool stop_at_word;       /* the first positional ends the options, and is left */
	bool takes_command;      /* what follows "--" goes to command */
	struct strlist *words;   /* positional; appended */
	struct strlist *command; /* appended */
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
