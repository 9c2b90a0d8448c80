/*
 * Fuzzing dictionaries, in the format that AFL++ and libFuzzer share: a token a line as name@LEVEL="text", name and level
 * as one likes, with \\, \" and \xNN in the text; lines that begin with # are comments. What one of the two engines would
 * pass over or end for is a fault, with its place and its mend.
 */
#ifndef CORPUS_DICTIONARY_H
#define CORPUS_DICTIONARY_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

/* AFL++'s limit; libFuzzer passes over what is longer than half of it. */
#define DICT_TOKEN_MAX 128
#define DICT_LIBFUZZER_MAX 64

enum dict_fault {
	DICT_FINE,
	/* The line is no token: */
	DICT_NO_QUOTE,
	DICT_UNCLOSED,
	DICT_BEHIND,
	DICT_BARE_QUOTE,
	DICT_ESCAPE,
	DICT_RAW_BYTE,
	DICT_NAME,
	DICT_LEVEL,
	DICT_EMPTY,
	DICT_TOO_LONG,
	/* It is one, but: */
	DICT_AGAIN,
	DICT_LONG,
};
#define DICT_IS_NOTE(fault) ((fault) >= DICT_AGAIN)

struct dict_problem {
	/* from 1; columns are bytes */
	size_t line, column;
	enum dict_fault fault;
	/* DICT_AGAIN: where it was first; DICT_TOO_LONG, DICT_LONG: its bytes; DICT_RAW_BYTE: the byte */
	size_t detail;
};

/* The first of them; faults and notes count all. */
struct dict_problems {
	struct dict_problem *v;
	size_t n, cap;
	size_t faults, notes;
};

struct dict_token {
	/* may hold any byte */
	struct strv bytes;
	struct strv name;
	unsigned level;
	/* where it came from, or NULL */
	const char *from;
	size_t line;
};

/* Tokens in the order in which they were added, each once. */
struct dictionary {
	struct arena arena;
	struct dict_token *v;
	size_t n, cap;
	/* of indices + 1, by hash */
	uint32_t *table;
	size_t slots;
};

#define DICTIONARY_INIT                         \
	{                                       \
		ARENA_INIT, NULL, 0, 0, NULL, 0 \
	}

/* One line of a file. */
struct dict_line {
	struct strv name;
	unsigned level;
	struct buf bytes;
	enum dict_fault fault;
	/* of the fault; detail as in dict_problem */
	size_t column, detail;
};
/* 1: a token; 0: blank or a comment; -1: a fault. The line keeps its buffer for the next call. */
int dict_line_parse(struct strv line, struct dict_line *out);

/* Add the tokens that are right, tell of the others. `from` is copied and may be NULL, as may problems. */
void dictionary_parse(
	struct strv text, const char *from, struct dictionary *d, struct dict_problems *problems);
/* The same of a file. -1: it can't be read. */
int dictionary_read(const char *path, const char *from, struct dictionary *d,
	struct dict_problems *problems, struct err *err);
/* Bytes are copied. False: it is there already, empty, or too long. */
bool dictionary_add(struct dictionary *d, struct strv bytes, const char *from);
/* Or NULL. */
const struct dict_token *dictionary_find(const struct dictionary *d, struct strv bytes);
/* All tokens' bytes, in order; the caller frees the array, and the dictionary has to stay. */
struct strv *dictionary_bytes(const struct dictionary *d);
/* As a file: under a comment for each run of tokens that came from the same place. Levels are left out: all are asked for. */
void dictionary_print(struct buf *out, const struct dictionary *d);
void dictionary_release(struct dictionary *d);

/* "the text's closing quote is missing: ..." */
void dict_problem_words(struct buf *out, const struct dict_problem *p);
/* "FILE:3:5: words", and how many others there are; of the first fault. Nothing where there is none. */
void dict_problems_words(struct buf *out, const char *path, const struct dict_problems *p);
void dict_problems_release(struct dict_problems *p);

/* Inside the quotes of a dictionary. */
void dict_escape(struct buf *out, struct strv bytes);

#endif
