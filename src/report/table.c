/*
 * Tables that fit the terminal: cells are kept, widths measured, and the widest flexible columns cut first. On a terminal
 * that is too narrow even so, rows are written one value behind the other: cells that wrap can't be read.
 */
#include "base/prelude.h"
#include "report/table.h"
#include "base/columns.h"
#include "base/escape.h"
#include "base/mem.h"

/* blanks between columns */
#define GAP 2
/* a flexible column isn't cut below this, or its heading */
#define MIN_FLEX 10

struct cell {
	char *text;
	size_t width; /* on the terminal, escaped */
	enum term_style style;
};

struct below {
	size_t row, indent;
	char *text;
};

struct table {
	const struct table_col *cols;
	size_t n_cols;
	struct cell *cells;
	size_t n, cap;
	/* by row */
	struct below *below;
	size_t n_below, cap_below;
};

struct table *table_new(const struct table_col *cols, size_t n)
{
	struct table *t = xcalloc(1, sizeof(*t));

	t->cols = cols;
	t->n_cols = n;
	return t;
}

void table_cell(struct table *t, enum term_style style, const char *text)
{
	struct buf clean = BUF_INIT;
	struct strv v = strv_of(text);

	/* no terminal is that wide, and a cell may be megabytes of a target's output */
	escape_term(&clean, strv_sub(v, 0, 4096));
	GROW(t->cells, t->n, t->cap);
	t->cells[t->n++] = (struct cell){
		.width = columns_width(strv_n(buf_str(&clean), clean.len)),
		.style = style,
		.text = strv_dup(strv_sub(v, 0, 4096)),
	};
	buf_release(&clean);
}

void table_cellf(struct table *t, enum term_style style, const char *fmt, ...)
{
	struct buf b = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(&b, fmt, ap);
	va_end(ap);
	table_cell(t, style, buf_str(&b));
	buf_release(&b);
}

void table_number(
	struct table *t, enum term_style style, void (*add)(struct buf *b, uint64_t n), uint64_t n)
{
	struct buf b = BUF_INIT;

	add(&b, n);
	table_cell(t, style, buf_str(&b));
	buf_release(&b);
}

void table_below(struct table *t, size_t indent, const char *text)
{
	GROW(t->below, t->n_below, t->cap_below);
	t->below[t->n_below++] = (struct below){ table_rows(t) - 1, indent,
		strv_dup(strv_sub(strv_of(text), 0, 4096)) };
}

size_t table_rows(const struct table *t)
{
	return t->n_cols ? (t->n + t->n_cols - 1) / t->n_cols : 0;
}

static size_t head_width(const struct table_col *c)
{
	return c->head ? columns_width(strv_of(c->head)) : 0;
}

/*
 * Natural widths, then the widest flexible column gives a column at a time until all fits or none can give. False: it's
 * too wide.
 */
static bool fit(const struct table *t, size_t columns, size_t *width)
{
	size_t total = 0;

	if (!t->n_cols)
		BUG("a table without columns");
	for (size_t c = 0; c < t->n_cols; c++)
		width[c] = head_width(&t->cols[c]);
	for (size_t i = 0; i < t->n; i++)
		width[i % t->n_cols] = MAX(width[i % t->n_cols], t->cells[i].width);
	for (size_t c = 0; c < t->n_cols; c++)
		total += width[c] + (c ? GAP : 0);
	while (total > columns) {
		size_t widest = t->n_cols;

		for (size_t c = 0; c < t->n_cols; c++)
			if (t->cols[c].flex &&
				width[c] > MAX(head_width(&t->cols[c]), (size_t)MIN_FLEX) &&
				(widest == t->n_cols || width[c] > width[widest]))
				widest = c;
		if (widest == t->n_cols)
			return false;
		width[widest]--;
		total--;
	}
	return true;
}

/* One line: cells put at their columns; blanks are owed until the next text so that no line ends in them. */
struct line {
	const struct term *term;
	struct buf *b;
	size_t owed;
};

static void put(struct line *l, const struct table_col *col, size_t width, enum term_style style,
	struct strv text)
{
	struct buf cut = BUF_INIT;
	size_t w;

	term_add_cut(&cut, text, width);
	w = columns_width(strv_n(buf_str(&cut), cut.len));
	if (cut.len) {
		for (l->owed += col->right ? width - w : 0; l->owed; l->owed--)
			buf_addch(l->b, ' ');
		buf_adds(l->b, style == TERM_PLAIN ? "" : term_on(l->term, style));
		buf_addv(l->b, strv_n(cut.s, cut.len));
		buf_adds(l->b, style == TERM_PLAIN ? "" : term_off(l->term));
		l->owed = (col->right ? 0 : width - w) + GAP;
	} else {
		l->owed += width + GAP;
	}
	buf_release(&cut);
}

/* *at: the first of them not written yet. */
static void put_below(
	const struct table *t, size_t row, const struct term *term, struct buf *b, size_t *at)
{
	for (; *at < t->n_below && t->below[*at].row == row; ++*at) {
		const struct below *l = &t->below[*at];
		size_t indent = MIN(l->indent, (size_t)term->columns / 4);

		buf_addf(b, "%*s", (int)indent, "");
		term_add_cut(b, strv_of(l->text), term->columns - indent);
		buf_addch(b, '\n');
	}
}

static void render_lines(
	const struct table *t, const size_t *width, const struct term *term, struct buf *b)
{
	bool heads = false;
	size_t below = 0;

	for (size_t c = 0; c < t->n_cols; c++)
		heads = heads || t->cols[c].head;
	if (heads) {
		struct line l = { term, b, 0 };

		for (size_t c = 0; c < t->n_cols; c++)
			put(&l, &t->cols[c], width[c], TERM_BOLD, strv_of(t->cols[c].head));
		buf_addch(b, '\n');
	}
	for (size_t i = 0; t->n_cols && i < t->n; i += t->n_cols) {
		struct line l = { term, b, 0 };

		for (size_t c = 0; c < t->n_cols && i + c < t->n; c++)
			put(&l, &t->cols[c], width[c], t->cells[i + c].style,
				strv_of(t->cells[i + c].text));
		buf_addch(b, '\n');
		put_below(t, i / t->n_cols, term, b, &below);
	}
}

/* The first cell names the row; the others follow, indented, as many as fit in a line. */
static void render_values(const struct table *t, const struct term *term, struct buf *b)
{
	size_t at = 0, below = 0;

	for (size_t i = 0; i < t->n; i++) {
		const struct table_col *col = &t->cols[i % t->n_cols];
		const struct cell *cell = &t->cells[i];
		bool first = i % t->n_cols == 0, last = (i + 1) % t->n_cols == 0 || i + 1 == t->n;
		size_t head = first || !col->head ? 0 : head_width(col) + 1;
		size_t w = MIN(head + cell->width, (size_t)term->columns - GAP);

		if (cell->width) {
			if (at && (i % t->n_cols == 1 || at + GAP + w > term->columns)) {
				buf_addch(b, '\n');
				at = 0;
			}
			if (!first)
				buf_addf(b, "%*s", GAP, "");
			at += (first ? 0 : GAP) + w;
			if (head)
				buf_addf(b, "%s ", col->head);
			buf_adds(b, cell->style == TERM_PLAIN ? "" : term_on(term, cell->style));
			term_add_cut(b, strv_of(cell->text), w - MIN(head, w));
			buf_adds(b, cell->style == TERM_PLAIN ? "" : term_off(term));
		}
		if (last) {
			buf_addch(b, '\n');
			at = 0;
			put_below(t, i / t->n_cols, term, b, &below);
		}
	}
}

void table_render(const struct table *t, const struct term *term, struct buf *b)
{
	size_t *width = xcalloc(MAX(t->n_cols, (size_t)1), sizeof(*width));

	if (fit(t, term->columns, width))
		render_lines(t, width, term, b);
	else
		render_values(t, term, b);
	free(width);
}

void table_print(const struct table *t, const struct term *term)
{
	struct buf b = BUF_INIT;

	table_render(t, term, &b);
	term_print(term, &b);
	buf_release(&b);
}

void table_free(struct table *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->n; i++)
		free(t->cells[i].text);
	free(t->cells);
	for (size_t i = 0; i < t->n_below; i++)
		free(t->below[i].text);
	free(t->below);
	free(t);
}
