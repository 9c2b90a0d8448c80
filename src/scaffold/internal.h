/* What the files of this room share: a harness's text as it grows. */
#ifndef SCAFFOLD_INTERNAL_H
#define SCAFFOLD_INTERNAL_H

#include "scaffold/prototype.h"

#define ROOM 4096    /* bytes of an object or output buffer of unknown size */
#define READS_MAX 64 /* times that one reads on */

struct writer {
	const struct proto *p;
	bool cxx;
	struct arena *a;
	struct buf decl, cut, check, setup, args, then, undo;
	/* functions in front of the entry */
	struct buf stubs;
	struct buf need; /* features used: one letter each */
	unsigned todos;
	bool has_goto, has_first;
};

/* --- writer.c --- */
void need(struct writer *w, char what);
bool needs(const struct writer *w, char what);
/* The name of a variable for parameter i. */
const char *local_name(struct writer *w, size_t i);
/* The cast that C++ wants of malloc's result. */
const char *cast(struct writer *w, const char *type);
/* Arguments of a handle's functions, with the object in the place of '@'. */
const char *filled(struct writer *w, const char *args, const char *object);
/* The same for another mark. */
const char *filled_at(struct writer *w, const char *args, char mark, const char *object);
/* A call that is made again as long as it gives what it gave first, some times, behind so many tabs. */
void add_read_on(struct buf *out, const char *tabs, const char *name, const char *args);
/* A word for people behind what was written, counted. */
void todo(struct writer *w, struct buf *b, const char *text);
/* --- harness_args.c --- */
/* Argument i, with what has to be declared, checked, made and undone for it. */
void add_arg(struct writer *w, size_t i);

/* --- harness_handles.c --- */
void arg_handle(struct writer *w, size_t i);
/* The object v is ended, where anybody knows how. */
void end_handle(struct writer *w, const struct proto_handle *h, const char *v);

/* --- values_text.c --- */
/* In front of the entry: what is done with an object that is given by value, and its parts. */
void add_value_visit(struct writer *w, struct buf *out);
/* The call, what reads what it gives, and its end. */
void add_value_call(struct writer *w, struct buf *out);

/* --- members_text.c --- */
/* The members of v, which isn't NULL, at this depth of blocks. */
void add_members(struct writer *w, struct buf *out, const char *v);

/* --- harness_files.c --- */
/* A stream that reads the input, or one that is written to. */
void arg_file(struct writer *w, size_t i, bool reads);
/* A file in memory: its descriptor, or its path, which is the descriptor's below /proc. */
void arg_memfd(struct writer *w, size_t i, bool path);
/* A file that has a name, for what looks at how that ends. */
void arg_named_file(struct writer *w, const struct proto_param *q);

/* --- harness_words.c --- */
/* The input's lines, as a main() gets its arguments, and as strings. */
void arg_argv(struct writer *w, size_t i);
void arg_strings(struct writer *w, size_t i);
/* What stands at the input's end asks something of the rest. */
void arg_asked(struct writer *w, size_t i);

#endif
