/*
 * The parts that all pages of the HTML report have: head, style, foot, and text that can't become markup. Each page is whole in
 * itself: no script, no request, and well-formed as XML, too.
 */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "base/buf.h"

/* up: "" at the top of the folder, "../" below it. home: what the link there says; NULL: this is it. */
void page_begin(struct buf *b, const char *title, const char *up, const char *home);
void page_end(struct buf *b, uint64_t made_ms);

/* Hostile text: control and direction characters are shown by number, markup is escaped. NULL is nothing. */
void page_text(struct buf *b, const char *s);
void page_textv(struct buf *b, struct strv v);
/* The same of many lines, in a <pre>. */
void page_lines(struct buf *b, struct strv v);
void page_textf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* <code>, a command that is to be copied. */
void page_command(struct buf *b, const char *s);
/* The same of a thresh's, as again.h says. */
void page_again(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* "2026-11-29 03:15" in a <time>; "never" for 0. */
void page_time(struct buf *b, uint64_t ms);
/* A table's head, and its body's begin. The first n_words columns have words or times, the others numbers. */
void page_heads(struct buf *b, const char *const *heads, size_t n, size_t n_words);
enum page_cell_kind {
	PAGE_WORD,
	/* of any length, and broken anywhere */
	PAGE_TEXT,
	PAGE_NUMBER,
};
/* A table's cell, with its heading for where the table becomes lines. Ended by "</td>". */
void page_cell(struct buf *b, const char *head, enum page_cell_kind kind);
/* Whole ones. */
void page_text_cell(struct buf *b, const char *head, enum page_cell_kind kind, const char *s);
void page_time_cell(struct buf *b, const char *head, uint64_t ms);
void page_count_cell(struct buf *b, const char *head, uint64_t n);

#endif
