/*
 * A YAML document as a tree of nodes with their places in the file, and the one way to complain about a place:
 * file, line, column, the line, a caret. Private to config/.
 */
#ifndef CONFIG_DOC_H
#define CONFIG_DOC_H

#include "base/arena.h"
#include "base/err.h"
#include "base/strv.h"

/* bytes of YAML that are read at all */
#define DOC_MAX ((size_t)1 << 20)

enum node_kind { NODE_SCALAR, NODE_LIST, NODE_MAP, NODE_ALIAS };

struct node {
	enum node_kind kind;
	/* a scalar without quotes */
	bool plain;
	/* its end wasn't seen yet: an alias to it would be a loop */
	bool open;
	/* from 1; col counts characters */
	unsigned line, col;
	/* scalars; in the arena, NUL behind it */
	struct strv text;
	/* children in order; a map's alternate between key and value */
	struct node *first, *last, *next;
	/* of an alias; never an alias itself */
	struct node *target;
};

struct doc {
	struct strv text;
	/* of the file, for messages: fit for a terminal */
	const char *name;
	struct arena *arena;
	/* a map */
	struct node *root;
};

/* doc.text, name and arena are set by the caller; the tree and its scalars live in the arena. */
int doc_parse(struct doc *d, struct err *err);
/* What an alias stands for, or the node itself. */
const struct node *node_value(const struct node *n);
/* "a list", "a map", "nothing", "text": for "expected a list, got text". */
const char *node_describe(const struct node *n);
/* Usage error at a place; returns -1. */
int doc_error(const struct doc *d, unsigned line, unsigned col, struct err *err, const char *fmt,
	...) PRINTF_LIKE(5, 6);
#define doc_error_at(d, n, err, ...) doc_error(d, (n)->line, (n)->col, err, __VA_ARGS__)
/* A quoted copy of text for messages, in the arena: bounded and fit for a terminal. */
const char *doc_quote(const struct doc *d, struct strv text);

#endif
