/*
 * From bytes to lines worth reading: encodings, escape sequences, quoting, loggers' prefixes, and lines that a
 * terminal or a mail program broke. Everything here is undone before any dialect looks.
 */
#ifndef CRASH_LINES_H
#define CRASH_LINES_H

#include "base/buf.h"
#include "base/strv.h"

enum {
	LINE_MAX_BYTES = 32 * 1024, /* a longer line is looked at in pieces */
	LINE_OVERLAP = 1024,        /* of two pieces, so that a headline on the seam isn't lost */
	WRAP_LINES_MAX = 24,        /* of one broken frame */
	WRAP_BYTES_MAX = 8 * 1024,
};

enum text_encoding { TEXT_UNDECIDED, TEXT_BYTES, TEXT_UTF16LE, TEXT_UTF16BE };

struct text_state {
	enum text_encoding encoding;
	unsigned char head[4]; /* the first bytes, until the encoding is decided */
	unsigned n_head;
	int odd;                      /* UTF-16: the first half of a unit; -1: none */
	unsigned surrogate;           /* the first of a pair */
	unsigned rare;                /* enum rare_bytes that may stand in the lines at hand */
	bool html;                    /* tags were seen */
	struct buf wide;              /* a chunk of UTF-16 as UTF-8 */
	struct buf line;              /* the unfinished line */
	struct buf clean[4], part[4]; /* by depth of quoting */
};

struct wrap_state {
	struct buf held; /* the beginning of a frame whose end may stand on the next line */
	unsigned lines;
	bool open;     /* it can't be whole; otherwise it may be */
	size_t width;  /* of its last line as printed */
	bool trailing; /* that line ended in a blank */
	struct buf ready;
};

#endif
