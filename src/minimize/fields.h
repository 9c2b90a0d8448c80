/* Bytes that may count what follows them: nothing is known of the format, so anything whose value fits is taken for one. */
#ifndef MINIMIZE_FIELDS_H
#define MINIMIZE_FIELDS_H

#include "minimize/reduce.h"

struct field {
	size_t at;
	uint8_t width;
	bool big;
	bool exact; /* counts to the end of the input or of an exact field */
	size_t value;
};

struct fields {
	struct field *v;
	size_t n, cap;
	size_t *end; /* scratch, by place: 1 + the least `at` of an exact field that ends there; 0: none does */
};
#define FIELDS_INIT       \
	{                 \
		.v = NULL \
	}

/* Of the best as it is now; what was found before is forgotten. Ascending by place. */
void fields_find(struct fields *f, const struct reducer *r);
void fields_release(struct fields *f);

static inline size_t field_body(const struct field *f)
{
	return f->at + f->width;
}

static inline size_t field_end(const struct field *f)
{
	return field_body(f) + f->value;
}

/* Number `value` into its place in p, a copy of the best. */
void field_write(unsigned char *p, const struct field *f, size_t value);
/* [from, from + n) is about to go: the exact fields that count it get less, `but` apart. True: some did. */
bool fields_shrink(
	const struct fields *f, unsigned char *p, size_t from, size_t n, const struct field *but);

#endif
