/* The functions, constructors and methods of a C++ library that take input, from its objects' symbols. */
#ifndef SCAFFOLD_CXX_API_H
#define SCAFFOLD_CXX_API_H

#include "scaffold/api.h"

struct cxx_function {
	/* roles included; its name is what is called: "ns::parse", "ns::Doc", "ns::Doc().read" */
	struct proto proto;
	/* "Doc_read": fit for a harness */
	const char *plain;
	const struct api_header *header;
	/* it may be compiled into what calls it */
	bool is_template;
	/* it makes an object of a class; its proto's readers are methods of that */
	bool constructs;
	int score;
};

struct cxx_functions {
	struct cxx_function *v;
	size_t n, cap;
};

/*
 * Best first. Whether something is a function or a method, and may be called at all, isn't told by a symbol: what may be
 * both is there as both, and the compiler decides. Strings live in the arena.
 */
void cxx_functions_read(
	struct arena *a, const struct survey *s, const struct api *api, struct cxx_functions *out);
void cxx_functions_release(struct cxx_functions *f);

#endif
