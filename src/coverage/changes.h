/*
 * What is covered of each function, remembered; and what of it was lost or gained since. Only the same text is compared:
 * a function that moved, down its file or to another, is what it was, and one that was edited is told as that.
 */
#ifndef COVERAGE_CHANGES_H
#define COVERAGE_CHANGES_H

#include "base/hash.h"
#include "coverage/model.h"
#include "coverage/text.h"
#include <cjson/cJSON.h>

/* A function's lines, covered or not, one character each from its first: '+', '-', ' ' for no code. */
struct coverage_memory_function {
	char *name, *file;
	unsigned line;
	/* of the text; "": it couldn't be read */
	char hash[SHA1_HEX];
	char *lines;
};

struct coverage_memory {
	struct coverage_memory_function *v;
	size_t n, cap;
};

void coverage_memory_release(struct coverage_memory *m);
void coverage_remember(
	const struct coverage_model *m, struct coverage_texts *texts, struct coverage_memory *out);
/* As it is kept: name, file, line, hash, lines. The caller deletes it. */
cJSON *coverage_memory_json(const struct coverage_memory *m);
/* What can't be one is left out. */
void coverage_memory_parse(const cJSON *j, struct coverage_memory *out);

/* Of one function: its lines now, as numbers in its file. */
struct coverage_change {
	char *name, *file;
	unsigned line;
	unsigned *lost, *gained;
	size_t n_lost, n_gained;
};

struct coverage_changes {
	struct coverage_change *v;
	size_t n, cap;
	/* with another text than before, and no longer there at all: nothing is said of their lines */
	size_t edited, gone;
};

void coverage_changes_release(struct coverage_changes *c);
/* In the order of files and lines. Both memories are sorted for it. */
void coverage_compare(
	struct coverage_memory *before, struct coverage_memory *now, struct coverage_changes *out);
cJSON *coverage_changes_json(const struct coverage_changes *c);
void coverage_changes_parse(const cJSON *j, struct coverage_changes *out);

#endif
