/*
 * Where an input goes, in words that outlive a build: for each source line that it enters, a hash of the line's text,
 * how often, and the function. Counters are numbered anew by each build and lines move; what a line says stays. Pure.
 */
#ifndef RETEST_EXEC_TRACE_H
#define RETEST_EXEC_TRACE_H

#include "base/buf.h"
#include "base/hash.h"

struct exec_trace_line {
	/* exec_trace_hash of the line */
	uint32_t text;
	uint32_t hits;
	char *function;
};

struct exec_trace_file {
	/* relative to the project where it lies in it */
	char *path;
	/* of its content; "" when it couldn't be read */
	char sha256[SHA256_HEX];
	/* one for each text, sorted by it */
	struct exec_trace_line *v;
	size_t n, cap;
};

struct exec_trace {
	/* sorted by path */
	struct exec_trace_file *v;
	size_t n, cap;
};

/* A file as it is today. */
struct exec_trace_text {
	char sha256[SHA256_HEX];
	/* exec_trace_hash of each, in order */
	uint32_t *lines;
	size_t n, cap;
};

/* Of a line's text, white space left out. */
uint32_t exec_trace_hash(struct strv line);
/* Content to hashes. */
void exec_trace_read(struct exec_trace_text *out, struct strv content);
void exec_trace_text_release(struct exec_trace_text *t);

/* Another block of that line was entered. */
void exec_trace_add(struct exec_trace *t, const char *path, const char *sha256, uint32_t text,
	uint32_t hits, const char *function);
void exec_trace_sort(struct exec_trace *t);
void exec_trace_format(struct buf *out, const struct exec_trace *t);
/* What exec_trace_format wrote; -1 for anything else. */
int exec_trace_parse(struct strv text, struct exec_trace *out);
void exec_trace_release(struct exec_trace *t);

/*
 * The function of a line that `was` enters and `now` doesn't, of several that named `prefer` where it is one of them;
 * NULL: now goes everywhere that was did. In a file that is the same today, each line has to be entered as often at
 * least; in one that changed, lines that it no longer holds count for nothing, since an edit took them out. today[i]
 * is the file was->v[i].
 */
const char *exec_trace_lost(const struct exec_trace *was, const struct exec_trace *now,
	const struct exec_trace_text *today, struct strv prefer);

#endif
