/* Trees out of brackets and out of indentation, one pass each, an explicit stack, no recursion. */
#include "base/prelude.h"
#include "minimize/tree_parse.h"
#include "base/mem.h"

#define MAX_NODES 400000
#define NONE UINT32_MAX

struct parser {
	struct tree *t;
	const unsigned char *p;
	size_t len;
	uint32_t box;  /* the open one */
	uint32_t item; /* the open one in it, or NONE */
	bool full;
	bool unclosed; /* a quote was met that nothing closes */
};

static uint32_t node_open(
	struct parser *ps, enum node_kind kind, uint32_t parent, size_t from, size_t to)
{
	struct tree *t = ps->t;

	if (t->n >= MAX_NODES) {
		ps->full = true;
		return (uint32_t)t->n - 1;
	}
	GROW(t->v, t->n, t->cap);
	t->v[t->n] = (struct node){ .from = from,
		.to = to,
		.parent = parent,
		.depth = t->n ? t->v[parent].depth + 1 : 0,
		.next = (uint32_t)t->n + 1,
		.kind = kind };
	return (uint32_t)t->n++;
}

static void item_open(struct parser *ps, size_t from)
{
	ps->item = node_open(ps, NODE_ITEM, ps->box, from, from);
	ps->t->v[ps->box].items++;
}

static void item_close(struct parser *ps, size_t to)
{
	struct node *it;

	if (ps->item == NONE)
		return;
	it = &ps->t->v[ps->item];
	it->to = to;
	it->next = (uint32_t)ps->t->n;
	ps->item = NONE;
}

static void box_close(struct parser *ps, size_t inner_to, size_t to)
{
	struct node *box;

	item_close(ps, inner_to);
	box = &ps->t->v[ps->box];
	box->to = to;
	box->next = (uint32_t)ps->t->n;
	ps->item = box->parent; /* the item that holds the box */
	ps->box = ps->t->v[ps->item].parent;
}

static bool closes(unsigned char open, unsigned char c)
{
	return (open == '{' && c == '}') || (open == '[' && c == ']') || (open == '(' && c == ')');
}

/* Behind one that nothing closes all are escaped, and looking from them for an end would find the same: nothing. */
static size_t string_end(struct parser *ps, size_t at)
{
	for (size_t i = at + 1; i < ps->len && !ps->unclosed; i++) {
		if (ps->p[i] == '\\')
			i++;
		else if (ps->p[i] == ps->p[at])
			return i + 1;
	}
	ps->unclosed = true;
	return at + 1;
}

static bool is_mark(unsigned char c)
{
	return c <= ' ' || strchr("{}[](),;:=\"", c);
}

/* One step at `at`; the place to go on. */
static size_t bracket_step(struct parser *ps, size_t at)
{
	unsigned char c = ps->p[at];
	size_t end = at + 1;

	if (ps->item == NONE)
		item_open(ps, at);
	if (c == '{' || c == '[' || c == '(') {
		ps->box = node_open(ps, NODE_BOX, ps->item, at, ps->len);
		ps->item = NONE;
		/* an empty box has no item */
		if (end < ps->len && closes(c, ps->p[end])) {
			box_close(ps, end, end + 1);
			return end + 1;
		}
	} else if (ps->box && closes(ps->p[ps->t->v[ps->box].from], c)) {
		box_close(ps, at, end);
	} else if (c == ',' || c == ';') {
		item_close(ps, at);
	} else if (c == '"') {
		end = string_end(ps, at);
		node_open(ps, NODE_STRING, ps->item, at, end);
	} else if (!is_mark(c)) {
		while (end < ps->len && !is_mark(ps->p[end]))
			end++;
		node_open(ps, NODE_SCALAR, ps->item, at, end);
	}
	return end;
}

static void parse_brackets(struct parser *ps)
{
	size_t at = 0;

	while (at < ps->len && !ps->full)
		at = bracket_step(ps, at);
	while (ps->box && !ps->full)
		box_close(ps, ps->len, ps->len);
	item_close(ps, ps->len);
}

/* --- indentation --- */

struct line {
	size_t from, to, indent;
	bool blank;
};

static struct line line_at(const struct parser *ps, size_t from)
{
	struct line l = { from, from, 0, true };

	while (l.to < ps->len && (ps->p[l.to] == ' ' || ps->p[l.to] == '\t'))
		l.to++;
	l.indent = l.to - from;
	/* "- a" opens a block of its own: what follows is indented by the dash, too */
	l.blank = l.to >= ps->len || ps->p[l.to] == '\n' || ps->p[l.to] == '\r';
	while (l.to < ps->len && ps->p[l.to] != '\n')
		l.to++;
	if (l.to < ps->len)
		l.to++;
	return l;
}

/*
 * Every line is an item; the deeper lines below it make its box. indents[] holds the indentation of the open items,
 * one for each open box.
 */
static void parse_indent(struct parser *ps)
{
	size_t *indents = NULL, n = 0, cap = 0, at = 0;

	while (at < ps->len && !ps->full) {
		struct line l = line_at(ps, at);

		while (!l.blank && n > 0 && l.indent <= indents[n - 1]) {
			if (n == 1 || l.indent > indents[n - 2]) {
				/* a sibling, or between two levels: the item ends, its box goes on */
				item_close(ps, at);
				n--;
				break;
			}
			n--;
			item_close(ps, at);
			box_close(ps, at, at);
		}
		if (!l.blank || ps->item == NONE) {
			if (ps->item != NONE) {
				ps->box = node_open(ps, NODE_BOX, ps->item, at, at);
				ps->item = NONE;
			}
			item_open(ps, at);
			GROW(indents, n, cap);
			indents[n++] = l.indent;
		}
		at = l.to;
	}
	while (ps->box && !ps->full)
		box_close(ps, ps->len, ps->len);
	item_close(ps, ps->len);
	free(indents);
}

bool tree_parse(struct tree *t, enum tree_kind kind, const unsigned char *p, size_t len)
{
	struct parser ps = { .t = t, .p = p, .len = len, .item = NONE };

	memset(t, 0, sizeof(*t));
	if (!len)
		return false;
	node_open(&ps, NODE_BOX, 0, 0, len);
	if (kind == TREE_BRACKETS)
		parse_brackets(&ps);
	else
		parse_indent(&ps);
	t->v[0].next = (uint32_t)t->n;
	if (ps.full || t->n < 3) {
		tree_release(t);
		return false;
	}
	return true;
}

void tree_release(struct tree *t)
{
	free(t->v);
	memset(t, 0, sizeof(*t));
}

static const struct node *sort_nodes; /* qsort has no context; one thread */

static int by_size(const void *x, const void *y)
{
	uint32_t i = *(const uint32_t *)x, j = *(const uint32_t *)y;
	size_t a = sort_nodes[i].to - sort_nodes[i].from, b = sort_nodes[j].to - sort_nodes[j].from;

	if (a != b)
		return a < b ? 1 : -1;
	return i < j ? -1 : i > j;
}

uint32_t *tree_by_size(const struct tree *t)
{
	uint32_t *v = xcalloc(t->n, sizeof(*v));

	for (uint32_t i = 0; i < t->n; i++)
		v[i] = i;
	sort_nodes = t->v;
	qsort(v, t->n, sizeof(*v), by_size);
	return v;
}
