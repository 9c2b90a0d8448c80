/* A stack's frames as lines for a terminal: with file and line, in two lines where it is narrow. */
#ifndef REPORT_FRAME_TEXT_H
#define REPORT_FRAME_TEXT_H

#include "crash/report.h"
#include "report/term.h"

/* Appended, behind `indent` blanks; paths below dir (NULL: none) without it. */
void frame_text(struct buf *b, const struct crash_frame *f, size_t no, const char *dir,
	size_t indent, const struct term *term);
/* UBSan names the place before it prints the stack: that one line, without a function, says nothing beside it. */
bool frame_text_says_nothing(const struct crash_report *r, size_t stack);

#endif
