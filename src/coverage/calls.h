/* Functions that nothing called, and which of them the text of a place names: what would be reached with it. */
#ifndef COVERAGE_CALLS_H
#define COVERAGE_CALLS_H

#include "coverage/model.h"
#include "coverage/text.h"

struct coverage_uncalled {
	const struct coverage_file *file;
	const struct coverage_function *function;
	/* as sources write it, without class and arguments; owned */
	char *name;
	/* lines of its own without coverage */
	size_t lines;
	/* numbers of the others that its text names; owned */
	size_t *calls;
	size_t n_calls, cap_calls;
	/* of the last question that met it */
	uint64_t seen;
};

struct coverage_calls {
	/* by name */
	struct coverage_uncalled *v;
	size_t n, cap;
	uint64_t questions;
};

/* The model and the texts are used until the release. */
void coverage_calls_init(
	struct coverage_calls *c, const struct coverage_model *m, struct coverage_texts *texts);
void coverage_calls_release(struct coverage_calls *c);

/* All that a text reaches. Several texts make one question: begin, then each of them. */
void coverage_calls_begin(struct coverage_calls *c);
struct coverage_reached {
	size_t functions, lines;
	/* borrowed: a few of those that are named directly */
	const char *names[3];
	size_t n_names;
};
/* Added to *out: what it names and wasn't met before, and what that names in turn. */
void coverage_calls_from(struct coverage_calls *c, struct strv text, struct coverage_reached *out);

#endif
