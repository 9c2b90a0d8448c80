/*
 * Edge cases: the inputs that need no luck to find bugs with. A table of generators, one a format, makes them from
 * nothing and from a boundary's seeds and dictionary: deterministic, named, streamed a step at a time, never stored.
 */
#ifndef CASES_CASES_H
#define CASES_CASES_H

#include "base/buf.h"
#include "base/strv.h"

struct cases_seed {
	const char *name; /* part of its cases' names: no blanks, no slashes */
	struct strv data;
};

/* What cases are made from. Borrowed: it has to live as long as the suite. */
struct cases_input {
	const char *format; /* as in thresh.yaml */
	size_t max_len;     /* no longer case is made */
	const struct cases_seed *seeds;
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

struct cases_stream;

/*
 * pattern: only cases whose name it matches (fnmatch(3), "*" matches slashes too); NULL: all, but of cases with
 * equal bytes only the first.
 */
struct cases_stream *cases_stream_new(const struct cases_input *in, const char *pattern);
/* The next case, which the caller frees; NULL at the end. */
struct edge_case *cases_stream_next(struct cases_stream *s);
/* How many were left out so far: of the same bytes as an earlier one, longer than max_len. */
void cases_stream_left_out(const struct cases_stream *s, uint64_t *same, uint64_t *too_long);
void cases_stream_free(struct cases_stream *s); /* NULL is fine */

/* What a generator writes its cases to. */
struct cases_sink;
/* A case of these bytes. Its name is "GENERATOR/" and what fmt gives. */
void cases_put(struct cases_sink *o, const void *p, size_t n, const char *fmt, ...)
	PRINTF_LIKE(4, 5);
void cases_put_buf(struct cases_sink *o, const struct buf *b, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

/*
 * Called with step 0, 1, 2, ... until it returns false: that was the last one. A step makes a bounded number of cases (some thousands at most,
 * and not more than CASES_STEP_BYTES in all), which are freed before the next one.
 */
struct cases_generator {
	const char *name;
	const char *formats; /* " json yaml "; NULL: every format */
	const char *help;
	bool (*make)(struct cases_sink *o, const struct cases_input *in, size_t step);
	bool lengths; /* called again behind all others, for the lengths and depths that are no power of anything */
};
/* Ends with a NULL name. What is quick comes first: one name may have a second row, of long cases. */
extern const struct cases_generator cases_generators[];
#define CASES_STEP_BYTES ((size_t)8 << 20)

bool cases_applies(const struct cases_generator *g, const char *format);

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
/* i of n points spread evenly over [0, len), both ends among them. */
size_t cases_spread(size_t i, size_t n, size_t len);

/* The generators, one a file. */
bool cases_raw(struct cases_sink *o, const struct cases_input *in, size_t step);
bool cases_seeds(struct cases_sink *o, const struct cases_input *in, size_t step);
bool cases_tokens(struct cases_sink *o, const struct cases_input *in, size_t step);
bool cases_utf8(struct cases_sink *o, const struct cases_input *in, size_t step);
bool cases_text(struct cases_sink *o, const struct cases_input *in, size_t step);
bool cases_text_long(struct cases_sink *o, const struct cases_input *in, size_t step);
bool cases_json_long(struct cases_sink *o, const struct cases_input *in, size_t step);
bool cases_yaml_long(struct cases_sink *o, const struct cases_input *in, size_t step);
bool cases_json(struct cases_sink *o, const struct cases_input *in, size_t step);
bool cases_yaml(struct cases_sink *o, const struct cases_input *in, size_t step);
bool cases_ini(struct cases_sink *o, const struct cases_input *in, size_t step);
bool cases_xml(struct cases_sink *o, const struct cases_input *in, size_t step);
bool cases_csv(struct cases_sink *o, const struct cases_input *in, size_t step);
bool cases_binary(struct cases_sink *o, const struct cases_input *in, size_t step);
bool cases_base64(struct cases_sink *o, const struct cases_input *in, size_t step);
bool cases_url(struct cases_sink *o, const struct cases_input *in, size_t step);

#endif
