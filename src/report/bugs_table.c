/*
 * The table of bugs: a row, and below it where the bug is, which no column has room for. Both are kept until all are
 * known, as columns are as wide as their widest cell.
 */
#include "base/prelude.h"
#include "report/bugs_table.h"
#include "report/bug_json.h"
#include "report/table.h"

/* below the column behind the id */
#define WHERE_INDENT 10
#define WHERE_FRAMES 3

static const struct table_col cols[] = {
	{ .head = "BUG" },
	{ .head = "STATE" },
	{ .head = "SEVERITY" },
	{ .head = "KIND", .flex = true },
	{ .head = "BYTES", .right = true },
	{ .head = "SEEN", .right = true },
};

void bugs_table_init(struct bugs_table *t)
{
	*t = (struct bugs_table){ .table = table_new(cols, ARRAY_LEN(cols)) };
}

static enum term_style severity_style(int severity)
{
	return severity >= 3 ? TERM_RED : severity == 2 ? TERM_YELLOW : TERM_PLAIN;
}

void bugs_table_row(struct bugs_table *t, const struct bug_rec *b)
{
	struct strv rest = strv_of(b->frames), part;
	struct buf where = BUF_INIT;
	int frames = 0;

	buf_addf(&where, "%s: ", b->harness);
	for (; frames < WHERE_FRAMES && strv_split(&rest, '|', &part); frames++) {
		buf_adds(&where, frames ? " < " : "");
		buf_addv(&where, part);
	}
	if (!frames)
		buf_adds(&where, b->title ? b->title : "");
	if (b->variant && strcmp(b->variant, "asan") != 0)
		buf_addf(&where, " (%s build)", b->variant);
	strlist_add_take(&t->where, buf_detach(&where));
	table_cellf(t->table, TERM_BOLD, "%.8s", b->id);
	table_cell(t->table, b->state == BUG_REGRESSED ? TERM_RED : TERM_PLAIN,
		bug_state_name(b->state));
	table_cell(t->table, severity_style(b->severity), severity_name(b->severity));
	table_cell(t->table, TERM_PLAIN, b->kind);
	table_cellf(t->table, TERM_PLAIN, "%llu", (unsigned long long)b->size);
	table_cellf(t->table, TERM_PLAIN, "%llu", (unsigned long long)b->findings);
}

void bugs_table_render(const struct bugs_table *t, const struct term *term, struct buf *out)
{
	size_t room = term->columns > WHERE_INDENT + 20 ? term->columns - WHERE_INDENT : 20;
	struct buf rows = BUF_INIT;
	struct strv text, line;
	size_t i = 0;

	table_render(t->table, term, &rows);
	text = strv_n(buf_str(&rows), rows.len);
	if (strv_line(&text, &line)) {
		buf_addv(out, line);
		buf_addch(out, '\n');
	}
	while (strv_line(&text, &line)) {
		buf_addv(out, line);
		buf_addch(out, '\n');
		if (i < t->where.n) {
			buf_addf(out, "%*s", WHERE_INDENT, "");
			term_add_cut(out, strv_of(t->where.v[i++]), room);
			buf_addch(out, '\n');
		}
	}
	buf_release(&rows);
}

void bugs_table_release(struct bugs_table *t)
{
	table_free(t->table);
	strlist_release(&t->where);
}
