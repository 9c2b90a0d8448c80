/* Pieces of a bug's page: source lines around a frame, an input as a hexdump. */
#ifndef REPORT_SNIPPET_H
#define REPORT_SNIPPET_H

#include "base/buf.h"

/*
 * Where a file that a report names may be read, so that lines of it may be quoted: its path, which the caller frees; NULL:
 * it may not. Reports name what targets like.
 */
typedef char *(*snippet_readable_fn)(const void *arg, const char *file);

/*
 * `around` lines before and after file:line, numbered, the line itself marked with ">", each behind `indent` blanks and
 * cut at `columns`. False, and nothing appended, when the file can't be read or is shorter.
 */
bool snippet_source(struct buf *out, const char *file, unsigned line, unsigned around,
	size_t indent, size_t columns);

/*
 * 16 bytes a line, or what fits: offset, hexadecimal, printable ASCII; of max_lines such lines, then how many bytes are left out.
 * essential (may be NULL): one byte per byte of data, 1 matters, 0 may be anything, 2 unknown; those that may be
 * anything are shown as ".." with a note of what that means.
 */
void snippet_hexdump(struct buf *out, const void *data, size_t n, const unsigned char *essential,
	size_t max_lines, size_t indent, size_t columns);

#endif
