/*
 * Edge cases: the inputs that need no luck to find bugs with. A table of generators, one a format, makes them from
 * nothing and from a boundary's seeds and dictionary: deterministic, named, streamed a step at a time, never stored.
 */
#ifndef CASES_CASES_H
#define CASES_CASES_H

#include "base/buf.h"
#include "base/strv.h"

struct cases_seed {
	/* part of its cases' names: no blanks, no slashes */
	const char *name;
	struct strv data;
};

/* What cases are made from. Borrowed: it has to live as long as the suite. */
struct cases_input {
	/* as in thresh.yaml */
	const char *format;
	/* no longer case is made */
	size_t max_len;
	const struct cases_seed *seeds;
	size_t n_seeds;
	/* of the dictionary */
	const struct strv *tokens;
	size_t n_tokens;
	/* what inputs have before the format, such as bytes that are options; a case of a format is behind one of them */
	const struct strv *heads;
	size_t n_heads;
};

/* One block: free() ends it. */
struct edge_case {
	/* from 0, the same in every run with the same input and no pattern */
	uint64_t serial;
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
/* NULL is fine. */
void cases_stream_free(struct cases_stream *s);

/* What a generator writes its cases to. */
struct cases_sink;

/*
 * Called with step 0, 1, 2, ... until it returns false: that was the last one. A step makes a bounded number of cases
 * (some thousands at most, and not more than CASES_STEP_BYTES in all), which are freed before the next one.
 */
struct cases_generator {
	const char *name;
	/* " json yaml "; NULL: every format */
	const char *formats;
	const char *help;
	bool (*make)(struct cases_sink *o, const struct cases_input *in, size_t step);
	/*
	 * called again behind all others, for the lengths and depths that are no power of anything
	 */
	bool lengths;
};
/* Ends with a NULL name. What is quick comes first: one name may have a second row, of long cases. */
extern const struct cases_generator cases_generators[];
#define CASES_STEP_BYTES ((size_t)8 << 20)

bool cases_applies(const struct cases_generator *g, const char *format);

#endif
