/*
 * Strategies on the input's tree: siblings deleted, subtrees hoisted, containers emptied, brackets taken away.
 * After an acceptance the tree is parsed anew: it is cheap beside the crash that the acceptance was.
 */
#include "base/prelude.h"
#include "base/mem.h"
#include "minimize/strategy.h"
#include "minimize/tree_parse.h"

#define TOP 3

/* --- siblings: hierarchical delta debugging --- */

/* A run of siblings: of the box that is number `box` in breadth-first order, `run` items before `end`. */
struct cursor {
	uint32_t box, run, end;
};

struct hdd {
	enum tree_kind kind;
	uint32_t depth; /* boxes further down are left alone */
	struct tree t;
	uint32_t *boxes; /* breadth first */
	uint32_t n_boxes;
	uint32_t *items; /* of the box that is looked at */
	uint32_t n_items, items_of;
	struct cursor at;
	struct cursor *log; /* of the numbers base, base + 1, ... */
	size_t n_log, log_cap;
	uint64_t base;
};

static const struct tree *sort_tree;

static int by_depth(const void *x, const void *y)
{
	uint32_t i = *(const uint32_t *)x, j = *(const uint32_t *)y;
	uint32_t a = sort_tree->v[i].depth, b = sort_tree->v[j].depth;

	if (a != b)
		return a < b ? -1 : 1;
	return i < j ? -1 : i > j;
}

static bool hdd_parse(struct hdd *h, const struct reducer *r)
{
	tree_release(&h->t);
	h->n_boxes = 0;
	h->items_of = UINT32_MAX;
	if (!tree_parse(&h->t, h->kind, r->data, r->len))
		return false;
	h->boxes = xrealloc(h->boxes, h->t.n * sizeof(*h->boxes));
	h->items = xrealloc(h->items, h->t.n * sizeof(*h->items));
	for (uint32_t i = 0; i < h->t.n; i++)
		if (h->t.v[i].kind == NODE_BOX && h->t.v[i].items && h->t.v[i].depth <= h->depth)
			h->boxes[h->n_boxes++] = i;
	sort_tree = &h->t;
	qsort(h->boxes, h->n_boxes, sizeof(*h->boxes), by_depth);
	return true;
}

static void hdd_items(struct hdd *h, uint32_t box)
{
	const struct node *b = &h->t.v[box];

	if (h->items_of == box)
		return;
	h->items_of = box;
	h->n_items = 0;
	for (uint32_t i = box + 1; i < b->next; i = h->t.v[i].next)
		h->items[h->n_items++] = i;
}

/* The cursor to one that names an existing run; false at the end. */
static bool hdd_seat(struct hdd *h)
{
	struct cursor *c = &h->at;

	for (; c->box < h->n_boxes; *c = (struct cursor){ c->box + 1, 0, 0 }) {
		hdd_items(h, h->boxes[c->box]);
		if (!c->run) {
			c->run = h->n_items;
			c->end = h->n_items;
		}
		while (c->run) {
			if (c->end > h->n_items)
				c->end = h->n_items;
			if (c->end && c->run <= h->n_items)
				return true;
			c->run = MIN(c->run / 2, h->n_items);
			c->end = h->n_items;
			if (!h->n_items)
				break;
		}
	}
	return false;
}

static enum made make_run(void *arg, const struct reducer *r, uint64_t i, struct draft *d)
{
	struct hdd *h = arg;
	const struct node *v = h->t.v;
	uint32_t first, end;
	size_t from, to;

	if (i - h->base != h->n_log || !hdd_seat(h))
		return MADE_END;
	GROW(h->log, h->n_log, h->log_cap);
	h->log[h->n_log++] = h->at;
	end = h->at.end;
	first = end > h->at.run ? end - h->at.run : 0;
	/* with the separators that go: those behind, at the end of the box the one before */
	from = v[h->items[first]].from;
	to = v[h->items[end - 1]].to;
	if (end < h->n_items)
		to = v[h->items[end]].from;
	else if (first > 0)
		from = v[h->items[first - 1]].to;
	h->at.end = first;
	draft_splice(d, r, from, to, NULL, 0);
	return MADE;
}

static uint64_t run_accepted(void *arg, const struct reducer *r, uint64_t i)
{
	struct hdd *h = arg;
	struct cursor c = h->log[i - h->base];

	h->n_log = 0;
	h->base = i + 1;
	c.end = c.end > c.run ? c.end - c.run : 0;
	h->at = c;
	return hdd_parse(h, r) ? i + 1 : SWEEP_STOP;
}

static int siblings(struct reducer *r, uint32_t depth)
{
	bool changed = false;
	int rc = 0;

	for (enum tree_kind k = 0; k < TREE_KINDS && rc >= 0; k++) {
		struct hdd h = { .kind = k, .depth = depth };
		struct sweep s = { make_run, run_accepted, &h };

		rc = hdd_parse(&h, r) ? reduce_sweep(r, &s) : 0;
		changed |= rc > 0;
		tree_release(&h.t);
		free(h.boxes);
		free(h.items);
		free(h.log);
	}
	return rc < 0 ? -1 : changed;
}

int strategy_top(struct reducer *r)
{
	return siblings(r, TOP);
}

int strategy_siblings(struct reducer *r)
{
	return siblings(r, UINT32_MAX);
}

/* --- a list of replacements made from a tree, largest node first --- */

/* [from, to) gives way to `n` bytes at p, or to [keep_from, keep_to) of the best where p is NULL. */
struct swap {
	size_t from, to;
	size_t keep_from, keep_to;
	const char *p;
};

#define MAX_SWAPS 65536

struct swaps {
	enum tree_kind kind;
	void (*list)(struct swaps *l, const struct tree *t, const struct reducer *r);
	struct swap *v;
	size_t n, cap;
	uint64_t base; /* number of v[0] */
};

static void swaps_add(struct swaps *l, struct swap s)
{
	if (l->n >= MAX_SWAPS)
		return;
	GROW(l->v, l->n, l->cap);
	l->v[l->n++] = s;
}

static void swaps_list(struct swaps *l, const struct reducer *r)
{
	struct tree t = { .v = NULL };

	l->n = 0;
	if (!tree_parse(&t, l->kind, r->data, r->len))
		return;
	l->list(l, &t, r);
	tree_release(&t);
}

static enum made make_swap(void *arg, const struct reducer *r, uint64_t i, struct draft *d)
{
	const struct swaps *l = arg;
	const struct swap *s;

	if (i - l->base >= l->n)
		return MADE_END;
	s = &l->v[i - l->base];
	if (s->p)
		draft_splice(d, r, s->from, s->to, s->p, strlen(s->p));
	else
		draft_splice(
			d, r, s->from, s->to, r->data + s->keep_from, s->keep_to - s->keep_from);
	return MADE;
}

static uint64_t swap_accepted(void *arg, const struct reducer *r, uint64_t i)
{
	struct swaps *l = arg;
	size_t size = l->v[i - l->base].to - l->v[i - l->base].from, skip = 0;

	swaps_list(l, r);
	l->base = i + 1;
	/* larger nodes had their turn; the fixpoint comes back to them */
	while (skip < l->n && l->v[skip].to - l->v[skip].from > size)
		skip++;
	return l->base + skip;
}

static int run_swaps(struct reducer *r,
	void (*list)(struct swaps *l, const struct tree *t, const struct reducer *r))
{
	bool changed = false;
	int rc = 0;

	for (enum tree_kind k = 0; k < TREE_KINDS && rc >= 0; k++) {
		struct swaps l = { .kind = k, .list = list };
		struct sweep s = { make_swap, swap_accepted, &l };

		swaps_list(&l, r);
		rc = reduce_sweep(r, &s);
		changed |= rc > 0;
		free(l.v);
	}
	return rc < 0 ? -1 : changed;
}

/* --- hoist --- */

#define HOIST_EACH 4096 /* descendants tried for one node; evenly picked when there are more */

static const struct node *size_nodes;

static int smaller_first(const void *x, const void *y)
{
	const struct node *a = &size_nodes[*(const uint32_t *)x],
			  *b = &size_nodes[*(const uint32_t *)y];

	if (a->to - a->from != b->to - b->from)
		return a->to - a->from < b->to - b->from ? -1 : 1;
	return a->from < b->from ? -1 : a->from > b->from;
}

static void list_hoist(struct swaps *l, const struct tree *t, const struct reducer *r)
{
	uint32_t *order = tree_by_size(t);
	uint32_t *below = xcalloc(t->n, sizeof(*below));

	(void)r;
	size_nodes = t->v;
	for (size_t i = 0; i < t->n && l->n < MAX_SWAPS; i++) {
		const struct node *x = &t->v[order[i]];
		uint32_t n = 0;

		for (uint32_t j = order[i] + 1; j < x->next; j++)
			if (t->v[j].to - t->v[j].from < x->to - x->from)
				below[n++] = j;
		qsort(below, n, sizeof(*below), smaller_first);
		for (uint32_t j = 0; j < n; j += 1 + n / HOIST_EACH) {
			const struct node *y = &t->v[below[j]];

			swaps_add(l, (struct swap){ x->from, x->to, y->from, y->to, NULL });
		}
	}
	free(order);
	free(below);
}

int strategy_hoist(struct reducer *r)
{
	return run_swaps(r, list_hoist);
}

/* --- empty --- */

static void list_empty(struct swaps *l, const struct tree *t, const struct reducer *r)
{
	static const char *const values[] = { "0", "\"\"", "{}", "[]", "null" };
	uint32_t *order = tree_by_size(t);

	for (size_t i = 0; i < t->n; i++) {
		const struct node *x = &t->v[order[i]];
		struct swap s = { x->from, x->to, x->from, x->from, NULL };

		if (x->kind == NODE_BOX && x->to - x->from > 2 && l->kind == TREE_BRACKETS &&
			order[i]) {
			/* what is between the brackets */
			s.from = s.keep_from = s.keep_to = x->from + 1;
			s.to = x->to - 1;
			swaps_add(l, s);
			s.from = x->from;
			s.to = x->to;
		}
		if (l->kind == TREE_INDENT)
			continue;
		for (size_t k = 0; k < ARRAY_LEN(values); k++) {
			s.p = values[k];
			if (strlen(s.p) < s.to - s.from)
				swaps_add(l, s);
		}
	}
	(void)r;
	free(order);
}

int strategy_empty(struct reducer *r)
{
	return run_swaps(r, list_empty);
}

/* --- unwrap --- */

/* A bracketed node without its brackets, a string without its quotes, an item without its key. */
static void list_unwrap(struct swaps *l, const struct tree *t, const struct reducer *r)
{
	uint32_t *order = tree_by_size(t);

	for (size_t i = 0; i < t->n; i++) {
		const struct node *x = &t->v[order[i]];
		const unsigned char *colon;

		if (l->kind == TREE_INDENT)
			continue; /* see dedent */
		if (order[i] && (x->kind == NODE_BOX || x->kind == NODE_STRING) &&
			x->to - x->from >= 2)
			swaps_add(l, (struct swap){ x->from, x->to, x->from + 1, x->to - 1, NULL });
		if (x->kind != NODE_ITEM)
			continue;
		colon = memchr(r->data + x->from, ':', x->to - x->from);
		if (colon)
			swaps_add(l, (struct swap){ x->from, x->to, (size_t)(colon - r->data) + 1,
					     x->to, NULL });
	}
	free(order);
}

/* Indentation: an item's first line deleted and the rest moved left by as much as it stood in. */
struct dedent {
	struct tree t;
	uint32_t *order;
	uint64_t base;
};

static size_t blanks_at(const struct reducer *r, size_t from, size_t to)
{
	size_t at = from;

	while (at < to && r->data[at] == ' ')
		at++;
	return at - from;
}

static enum made make_dedent(void *arg, const struct reducer *r, uint64_t i, struct draft *d)
{
	struct dedent *e = arg;
	const struct node *x, *box;
	size_t by, at;

	if (i - e->base >= e->t.n)
		return MADE_END;
	x = &e->t.v[e->order[i - e->base]];
	box = x + 1;
	if (x->kind != NODE_ITEM || e->order[i - e->base] + 1 >= x->next || box->kind != NODE_BOX)
		return MADE_SKIP;
	by = blanks_at(r, box->from, box->to);
	by -= MIN(by, blanks_at(r, x->from, box->from));
	draft_add(d, r->data, x->from);
	for (at = box->from; at < box->to;) {
		const unsigned char *nl = memchr(r->data + at, '\n', box->to - at);
		size_t end = nl ? (size_t)(nl - r->data) + 1 : box->to;
		size_t cut = 0;

		while (cut < by && at + cut < end && r->data[at + cut] == ' ')
			cut++;
		draft_add(d, r->data + at + cut, end - at - cut);
		at = end;
	}
	draft_add(d, r->data + x->to, r->len - x->to);
	return MADE;
}

static uint64_t dedent_accepted(void *arg, const struct reducer *r, uint64_t i)
{
	struct dedent *e = arg;

	free(e->order);
	e->order = NULL;
	tree_release(&e->t);
	if (!tree_parse(&e->t, TREE_INDENT, r->data, r->len))
		return SWEEP_STOP;
	e->order = tree_by_size(&e->t);
	e->base = i + 1;
	return i + 1;
}

int strategy_unwrap(struct reducer *r)
{
	struct dedent e = { .base = 0 };
	struct sweep s = { make_dedent, dedent_accepted, &e };
	int a = run_swaps(r, list_unwrap), b = 0;

	if (a < 0)
		return -1;
	if (tree_parse(&e.t, TREE_INDENT, r->data, r->len)) {
		e.order = tree_by_size(&e.t);
		b = reduce_sweep(r, &s);
		tree_release(&e.t);
		free(e.order);
	}
	return b < 0 ? -1 : a | b;
}
