/*
 * Edge cases: the inputs that need no luck to find bugs with. A table of generators, one a format, makes them from
 * nothing and from a boundary's seeds and dictionary: deterministic, named, streamed a step at a time, never stored.
 */
#ifndef EDGE_EDGE_H
#define EDGE_EDGE_H

#include "base/buf.h"
#include "base/strv.h"

struct edge_seed {
	const char *name; /* part of its cases' names: no blanks, no slashes */
	struct strv data;
};

/* What cases are made from. Borrowed: it has to live as long as the suite. */
struct edge_input {
	const char *format; /* as in thresh.yaml */
	size_t max_len;     /* no longer case is made */
	const struct edge_seed *seeds;
	size_t n_seeds;
	const struct strv *tokens; /* of the dictionary */
	size_t n_tokens;
};

/* One block: free() ends it. */
struct edge_case {
	uint64_t serial; /* from 0, the same in every run with the same input and no pattern */
	const char *name;
	size_t len;
	const unsigned char *data;
};

struct edge_suite;

/*
 * pattern: only cases whose name it matches (fnmatch(3), "*" matches slashes too); NULL: all, but of cases with
 * equal bytes only the first.
 */
struct edge_suite *edge_suite_new(const struct edge_input *in, const char *pattern);
/* The next case, which the caller frees; NULL at the end. */
struct edge_case *edge_suite_next(struct edge_suite *s);
/* How many were left out so far: of the same bytes as an earlier one, longer than max_len. */
void edge_suite_left_out(const struct edge_suite *s, uint64_t *same, uint64_t *too_long);
void edge_suite_free(struct edge_suite *s); /* NULL is fine */

/* What a generator writes its cases to. */
struct edge_out;
/* A case of these bytes. Its name is "GENERATOR/" and what fmt gives. */
void edge_put(struct edge_out *o, const void *p, size_t n, const char *fmt, ...) PRINTF_LIKE(4, 5);
void edge_put_buf(struct edge_out *o, const struct buf *b, const char *fmt, ...) PRINTF_LIKE(3, 4);

/*
 * Called with step 0, 1, 2, ... until it returns false: that was the last one. A step makes a bounded number of cases (some thousands at most,
 * and not more than EDGE_STEP_BYTES in all), which are freed before the next one.
 */
struct edge_generator {
	const char *name;
	const char *formats; /* " json yaml "; NULL: every format */
	const char *help;
	bool (*make)(struct edge_out *o, const struct edge_input *in, size_t step);
	bool lengths; /* called again behind all others, for the lengths and depths that are no power of anything */
};
/* Ends with a NULL name. What is quick comes first: one name may have a second row, of long cases. */
extern const struct edge_generator edge_generators[];
#define EDGE_STEP_BYTES ((size_t)8 << 20)

bool edge_applies(const struct edge_generator *g, const char *format);

/* Lengths and depths around which limits lie, ascending; the list ends with 0. */
extern const size_t edge_sizes[];
/* Bytes that mean something to many a reader. */
extern const unsigned char edge_bytes[];
extern const size_t n_edge_bytes;

/* A case as a literal; NULs inside are fine. */
struct edge_row {
	const char *name, *text;
	size_t len;
};
#define EDGE_ROW(name, text)                    \
	{                                       \
		name, text, sizeof("" text) - 1 \
	}
#define EDGE_ROWS_END         \
	{                     \
		NULL, NULL, 0 \
	}

/* Every row as it is. */
void edge_put_rows(struct edge_out *o, const struct edge_row *rows);
/* `text` n times. */
void edge_repeat(struct buf *b, const char *text, size_t n);
/* OPEN n times, MIDDLE, CLOSE n times, for each depth that fits: names are WHAT-DEPTH. */
void edge_put_nested(struct edge_out *o, const char *what, const char *open, const char *middle,
	const char *close, size_t max_len);
/*
 * OPEN a hundred thousand times, which is longer than other cases: where each level takes a hundred bytes of stack, it
 * ends here. Nothing where max_len was asked to be small.
 */
void edge_put_deep(struct edge_out *o, const char *what, const char *open, size_t max_len);
/* BEFORE, UNIT n times, AFTER, for each length that fits: names are WHAT-N. */
void edge_put_long(struct edge_out *o, const char *what, const char *before, const char *unit,
	const char *after, size_t max_len);
/* i of n points spread evenly over [0, len), both ends among them. */
size_t edge_spread(size_t i, size_t n, size_t len);

/* The generators, one a file. */
bool edge_raw(struct edge_out *o, const struct edge_input *in, size_t step);
bool edge_seeds(struct edge_out *o, const struct edge_input *in, size_t step);
bool edge_tokens(struct edge_out *o, const struct edge_input *in, size_t step);
bool edge_utf8(struct edge_out *o, const struct edge_input *in, size_t step);
bool edge_text(struct edge_out *o, const struct edge_input *in, size_t step);
bool edge_text_long(struct edge_out *o, const struct edge_input *in, size_t step);
bool edge_json_long(struct edge_out *o, const struct edge_input *in, size_t step);
bool edge_yaml_long(struct edge_out *o, const struct edge_input *in, size_t step);
bool edge_json(struct edge_out *o, const struct edge_input *in, size_t step);
bool edge_yaml(struct edge_out *o, const struct edge_input *in, size_t step);
bool edge_ini(struct edge_out *o, const struct edge_input *in, size_t step);
bool edge_xml(struct edge_out *o, const struct edge_input *in, size_t step);
bool edge_csv(struct edge_out *o, const struct edge_input *in, size_t step);
bool edge_binary(struct edge_out *o, const struct edge_input *in, size_t step);
bool edge_base64(struct edge_out *o, const struct edge_input *in, size_t step);
bool edge_url(struct edge_out *o, const struct edge_input *in, size_t step);

#endif
