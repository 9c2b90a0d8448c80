/* A harness's text. */
#ifndef SCAFFOLD_HARNESS_TEXT_H
#define SCAFFOLD_HARNESS_TEXT_H

#include "scaffold/prototype.h"

/* The harness for p in C or C++; returns how many TODOs it holds. p NULL: a skeleton. */
struct proto_harness {
	/* a line's rest: "\"parse.h\"", "<zlib.h>"; NULL: declare the function */
	const char *include;
	/* for the result; "" or NULL: none known */
	const char *free_fn;
	/* what is called once, in front of all inputs; NULL: nothing */
	const char *startup;
	/* what the comment calls it when p is NULL */
	const char *boundary;
	bool cxx;
	/* what it calls may be compiled into it, and left out where its result is of no use */
	bool inlined;
};
unsigned proto_harness(
	struct buf *out, const struct proto *p, const struct proto_harness *h, struct arena *a);

/* An LLVMFuzzerInitialize that makes this call; appended. */
void harness_startup(struct buf *out, const char *call, bool cxx);

#endif
