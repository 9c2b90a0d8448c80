/* What the generators share: the sink that they write to, and the helpers that write to it. */
#ifndef CASES_INTERNAL_H
#define CASES_INTERNAL_H

#include "cases/cases.h"

struct cases_sink {
	const char *generator, *pattern;
	size_t max_len;
	/* NULL: a generator's cases are whole inputs */
	const struct strv *heads;
	size_t n_heads;
	/* the last round: each short case behind all heads but its own */
	bool others;
	/* of the step */
	struct edge_case **v;
	size_t n, cap, next;
	uint64_t serial, same, too_long;
	/* the round of further lengths, in which nothing else is made */
	bool second;
	/* one of these */
	bool length;
	/* hashes of the bytes of all cases so far, of their names where a pattern chooses, open addressing; 0 is free */
	uint64_t *seen;
	size_t n_seen, seen_cap;
};

/* put.c */
/* formats as a generator has them: " json yaml ", or NULL, which is every one. */
bool cases_takes(const char *formats, const char *format);
/* A case of these bytes. Its name is "GENERATOR/" and what fmt gives. */
void cases_put(struct cases_sink *o, const void *p, size_t n, const char *fmt, ...)
	PRINTF_LIKE(4, 5);
void cases_put_buf(struct cases_sink *o, const struct buf *b, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

/* Lengths and depths around which limits lie, ascending; the list ends with 0. */
extern const size_t cases_sizes[];
/* Bytes that mean something to many a reader. */
extern const unsigned char cases_bytes[];
extern const size_t n_cases_bytes;

/* A case as a literal; NULs inside are fine. */
struct cases_row {
	const char *name, *text;
	size_t len;
};
#define CASES_ROW(name, text)                   \
	{                                       \
		name, text, sizeof("" text) - 1 \
	}
#define CASES_ROWS_END        \
	{                     \
		NULL, NULL, 0 \
	}

/* Every row as it is. */
void cases_put_rows(struct cases_sink *o, const struct cases_row *rows);
/* `text` n times. */
void cases_repeat(struct buf *b, const char *text, size_t n);
/* OPEN n times, MIDDLE, CLOSE n times, for each depth that fits: names are WHAT-DEPTH. */
void cases_put_nested(struct cases_sink *o, const char *what, const char *open, const char *middle,
	const char *close, size_t max_len);
/*
 * OPEN a hundred thousand times, which is longer than other cases: where each level takes a hundred bytes of stack, it
 * ends here. Nothing where max_len was asked to be small.
 */
void cases_put_deep(struct cases_sink *o, const char *what, const char *open, size_t max_len);
/* BEFORE, UNIT n times, AFTER, for each length that fits: names are WHAT-N. */
void cases_put_long(struct cases_sink *o, const char *what, const char *before, const char *unit,
	const char *after, size_t max_len);

/* The generators, one a file. */
bool cases_raw(struct cases_sink *o, const struct cases_input *in, size_t step);
bool cases_raw_deep(struct cases_sink *o, const struct cases_input *in, size_t step);
bool cases_seeds(struct cases_sink *o, const struct cases_input *in, size_t step);
bool cases_tokens(struct cases_sink *o, const struct cases_input *in, size_t step);
bool cases_shapes(struct cases_sink *o, const struct cases_input *in, size_t step);
bool cases_dns(struct cases_sink *o, const struct cases_input *in, size_t step);
bool cases_utf8(struct cases_sink *o, const struct cases_input *in, size_t step);
bool cases_text(struct cases_sink *o, const struct cases_input *in, size_t step);
bool cases_text_long(struct cases_sink *o, const struct cases_input *in, size_t step);
bool cases_json_long(struct cases_sink *o, const struct cases_input *in, size_t step);
bool cases_yaml_long(struct cases_sink *o, const struct cases_input *in, size_t step);
bool cases_json(struct cases_sink *o, const struct cases_input *in, size_t step);
bool cases_pairs(struct cases_sink *o, const struct cases_input *in, size_t step);
bool cases_pairs_named(struct cases_sink *o, const struct cases_input *in, size_t step);
bool cases_yaml(struct cases_sink *o, const struct cases_input *in, size_t step);
bool cases_ini(struct cases_sink *o, const struct cases_input *in, size_t step);
bool cases_xml(struct cases_sink *o, const struct cases_input *in, size_t step);
bool cases_csv(struct cases_sink *o, const struct cases_input *in, size_t step);
bool cases_binary(struct cases_sink *o, const struct cases_input *in, size_t step);
bool cases_base64(struct cases_sink *o, const struct cases_input *in, size_t step);
bool cases_host(struct cases_sink *o, const struct cases_input *in, size_t step);
bool cases_url(struct cases_sink *o, const struct cases_input *in, size_t step);

#endif
