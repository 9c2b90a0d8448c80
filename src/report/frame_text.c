/* Frames for people. */
#include "base/prelude.h"
#include "report/frame_text.h"
#include "base/columns.h"
#include "base/fs.h"

static const char *shorten(const char *dir, const char *path)
{
	return dir ? fs_below(dir, path) : path;
}

void frame_text(struct buf *b, const struct crash_frame *f, size_t no, const char *dir,
	size_t indent, const struct term *term)
{
	size_t columns = term->columns - MIN(indent, (size_t)term->columns - 1), named, placed;
	struct buf line = BUF_INIT, place = BUF_INIT;

	buf_addf(&line, "#%zu %s", no, f->function ? f->function : "??");
	named = columns_width(strv_n(line.s, line.len));
	if (f->file && f->line && f->column)
		buf_addf(&place, "  %s:%u:%u", shorten(dir, f->file), f->line, f->column);
	else if (f->file && f->line)
		buf_addf(&place, "  %s:%u", shorten(dir, f->file), f->line);
	else if (f->file)
		buf_addf(&place, "  %s", shorten(dir, f->file));
	else if (f->module)
		buf_addf(&place, "  %s+0x%llx", shorten(dir, f->module),
			(unsigned long long)f->offset);
	placed = columns_width(strv_n(buf_str(&place), place.len));
	buf_adds(b, f->ignored ? term_on(term, TERM_DIM) : "");
	buf_addf(b, "%*s", (int)indent, "");
	/* on a narrow terminal in two lines, and of a path that is too long even so the end, where the line number is */
	term_add_cut(b, strv_n(line.s, line.len), columns);
	if (place.len && named + placed > columns)
		buf_addf(b, "\n%*s", (int)indent + 4, "");
	term_add_cut_front(b, strv_n(buf_str(&place), place.len),
		named + placed > columns ? columns - MIN(columns - 1, (size_t)4) : columns - named);
	buf_adds(b, f->ignored ? term_off(term) : "");
	buf_addch(b, '\n');
	buf_release(&line);
	buf_release(&place);
}

bool frame_text_says_nothing(const struct crash_report *r, size_t stack)
{
	for (size_t k = 0; k < r->stacks[stack].n; k++)
		if (r->stacks[stack].frames[k].function)
			return false;
	return r->n_stacks > 1;
}
