/* Tables that fit the terminal: cells are kept, widths measured, and the widest flexible columns cut first. */
#include "base/prelude.h"
#include "report/table.h"
#include "base/escape.h"
#include "base/mem.h"
#include <stdio.h>

/* blanks between columns */
#define GAP 2
/* a flexible column isn't cut below this, or its heading */
#define MIN_FLEX 10

struct cell {
	char *text;
	size_t width; /* on the terminal, escaped */
	enum term_style style;
};

struct table {
	const struct table_col *cols;
	size_t n_cols;
	struct cell *cells;
	size_t n, cap;
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
		.width = term_width(strv_n(buf_str(&clean), clean.len)),
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

size_t table_rows(const struct table *t)
{
	return t->n_cols ? (t->n + t->n_cols - 1) / t->n_cols : 0;
}

static size_t head_width(const struct table_col *c)
{
	return c->head ? term_width(strv_of(c->head)) : 0;
}

/* Natural widths, then the widest flexible column gives a column at a time until all fits or none can give. */
static void fit(const struct table *t, size_t columns, size_t *width)
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
			return;
		width[widest]--;
		total--;
	}
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
	w = term_width(strv_n(buf_str(&cut), cut.len));
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

void table_render(const struct table *t, const struct term *term, struct buf *b)
{
	size_t *width = xcalloc(MAX(t->n_cols, (size_t)1), sizeof(*width));
	bool heads = false;

	fit(t, term->columns, width);
	for (size_t c = 0; c < t->n_cols; c++)
		heads = heads || t->cols[c].head;
	if (heads) {
		struct line l = { term, b, 0 };

		for (size_t c = 0; c < t->n_cols; c++)
			put(&l, &t->cols[c], width[c], TERM_BOLD, strv_of(t->cols[c].head));
		buf_addch(b, '\n');
	}
	for (size_t i = 0; i < t->n; i += t->n_cols) {
		struct line l = { term, b, 0 };

		for (size_t c = 0; c < t->n_cols && i + c < t->n; c++)
			put(&l, &t->cols[c], width[c], t->cells[i + c].style,
				strv_of(t->cells[i + c].text));
		buf_addch(b, '\n');
	}
	free(width);
}

void table_print(const struct table *t, const struct term *term)
{
	struct buf b = BUF_INIT;

	table_render(t, term, &b);
	fwrite(buf_str(&b), 1, b.len, stdout);
	buf_release(&b);
}

void table_free(struct table *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->n; i++)
		free(t->cells[i].text);
	free(t->cells);
	free(t);
}
