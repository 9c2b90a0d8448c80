/*
 * The shape of an input, as far as it can be seen without its grammar: brackets and quotes (JSON, flow YAML, C-like
 * text), or indentation (YAML, Python-like text). Tolerant: reproducers are often malformed.
 */
#ifndef MINIMIZE_TREE_PARSE_H
#define MINIMIZE_TREE_PARSE_H

#include "minimize/reduce.h"

enum node_kind {
	NODE_BOX, /* brackets, or an indented block: from the opening to behind the closing */
	NODE_ITEM, /* what lies between two separators of a box; or a line with what is indented below it */
	NODE_STRING, /* with its quotes */
	NODE_SCALAR, /* anything else without blanks and marks */
};

struct node {
	size_t from, to;
	uint32_t parent; /* of node 0: 0 */
	uint32_t depth;
	uint32_t next;  /* number behind the last descendant: nodes are in preorder */
	uint32_t items; /* of a box */
	enum node_kind kind;
};

enum tree_kind { TREE_BRACKETS, TREE_INDENT, TREE_KINDS };

struct tree {
	struct node *v; /* v[0] is a box: the whole */
	size_t n, cap;
};

/* False, and nothing to release, when the input has no such shape or one too large to keep. */
bool tree_parse(struct tree *t, enum tree_kind kind, const unsigned char *p, size_t len);
void tree_release(struct tree *t);

/* Numbers of the nodes, largest first (then in preorder). The caller frees. */
uint32_t *tree_by_size(const struct tree *t);

#endif
