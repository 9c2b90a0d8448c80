/*
 * Where an input goes, in words that outlive a build: for each source line that it enters, a hash of the line's text,
 * how often, and the function. Counters are numbered anew by each build and lines move; what a line says stays. Pure.
 */
#ifndef CAMPAIGN_TRAIL_H
#define CAMPAIGN_TRAIL_H

#include "base/buf.h"
#include "base/hash.h"

struct trail_line {
	uint32_t text; /* trail_hash of the line */
	uint32_t hits;
	char *function;
};

struct trail_file {
	char *path;              /* relative to the project where it lies in it */
	char sha256[SHA256_HEX]; /* of its content; "" when it couldn't be read */
	struct trail_line *v;    /* one for each text, sorted by it */
	size_t n, cap;
};

struct trail {
	struct trail_file *v; /* sorted by path */
	size_t n, cap;
};

/* A file as it is today. */
struct trail_text {
	char sha256[SHA256_HEX];
	uint32_t *lines; /* trail_hash of each, in order */
	size_t n, cap;
};

/* Of a line's text, white space left out. */
uint32_t trail_hash(struct strv line);
/* Content to hashes. */
void trail_read(struct trail_text *out, struct strv content);
void trail_text_release(struct trail_text *t);

/* Another block of that line was entered. */
void trail_add(struct trail *t, const char *path, const char *sha256, uint32_t text, uint32_t hits,
	const char *function);
void trail_sort(struct trail *t);
void trail_format(struct buf *out, const struct trail *t);
/* What trail_format wrote; -1 for anything else. */
int trail_parse(struct strv text, struct trail *out);
void trail_release(struct trail *t);

/*
 * The function of a line that `was` enters and `now` doesn't, of several that named `prefer` where it is one of them;
 * NULL: now goes everywhere that was did. In a file that is the same today, each line has to be entered as often at least;
 * in one that changed, lines that it no longer holds count for nothing, since an edit took them out.
 * today[i] is the file was->v[i].
 */
const char *trail_lost(const struct trail *was, const struct trail *now,
	const struct trail_text *today, struct strv prefer);

#endif
