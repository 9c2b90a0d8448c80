/*
 * From bytes to lines worth reading: encodings, escape sequences, quoting, loggers' prefixes, and lines that a
 * terminal or a mail program broke. Everything here is undone before any dialect looks.
 */
#ifndef CRASH_LINES_H
#define CRASH_LINES_H

#include "base/buf.h"
#include "base/strv.h"

struct crash_parser;

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
	int odd;            /* UTF-16: the first half of a unit; -1: none */
	unsigned surrogate; /* the first of a pair */
	unsigned rare;      /* enum rare_bytes that may stand in the lines at hand */
	bool html;          /* tags were seen */
	struct buf wide;    /* a chunk of UTF-16 as UTF-8 */
	struct buf line;    /* the unfinished line */
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

/* text.c */
void text_feed(struct crash_parser *p, const char *s, size_t n);
void text_end(struct crash_parser *p);
void text_release(struct text_state *t);
/* json.c: a line that is a JSON object or array of a logger; false: it isn't one. */
bool text_json(struct crash_parser *p, struct strv line, int depth);
/* A string's escapes undone, for each line of it what a line of the log goes through. */
void text_unescaped(struct crash_parser *p, struct strv s, int depth);
void text_line(struct crash_parser *p, struct strv line, int depth);

/* html.c */
bool html_may_be(struct strv line);
/* Entities and tags out; line breaks become '\n'. */
void html_decode(struct buf *out, struct strv line, bool tags);
bool html_is_page(struct strv line);

/* prefix.c: behind the time, host, container or level that a logger puts before a line. */
struct strv prefix_strip(struct strv line);

/* wrap.c: lines go in, whole frames come out to line_heard. */
void wrap_line(struct crash_parser *p, struct strv line);
void wrap_end(struct crash_parser *p);
void wrap_release(struct wrap_state *w);

/* parser.c: one whole line. */
void line_heard(struct crash_parser *p, struct strv line);

#endif
