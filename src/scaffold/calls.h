/*
 * A harness that calls a library's functions on one type of object, in an order that the input chooses: those that make one,
 * use it, and end it. Which functions can be called without breaking what the library asks for is told by their types.
 */
#ifndef SCAFFOLD_CALLS_H
#define SCAFFOLD_CALLS_H

#include "base/buf.h"
#include "base/err.h"
#include "base/strlist.h"
#include "scaffold/api.h"

/* What is passed for a parameter. */
enum call_arg {
	/* a live object */
	PASS_OBJECT,
	/* where the maker puts one */
	PASS_MADE,
	/* a copy of bytes of the input, of exactly its length; that length */
	PASS_BYTES,
	PASS_LENGTH,
	/* a text of the input, with its NUL */
	PASS_TEXT,
	/* memory to write to, and how much */
	PASS_ROOM,
	PASS_ROOM_SIZE,
	PASS_INTEGER,
	PASS_REAL,
	/* one of the values that its type has */
	PASS_ENUM,
	/* the address of a number */
	PASS_OUT,
	/* a function that takes its answer from the input */
	PASS_CALLBACK,
	PASS_NULL,
	/* what a macro of the header passes */
	PASS_GIVEN,
};

struct call {
	const struct proto *proto;
	enum call_arg args[PROTO_PARAMS_MAX];
	/* of PASS_ENUM */
	const char *values[PROTO_PARAMS_MAX];
	/* makes one: by its result, by a pointer, or in memory that it is given */
	enum { CALL_USES, CALL_RETURNS, CALL_FILLS, CALL_INITS } how;
};

struct calls {
	/* as the headers write it: "lines", "struct lines"; its pointer is hidden by it where opaque */
	const char *type;
	bool opaque;
	/* how one ends; end is NULL where nobody knows */
	const struct proto_handle *handle;
	const struct api_header *header;
	/* what the library wants to be called once, and its header's include; NULL: nothing */
	const char *startup, *startup_include;
	/* the makers first */
	struct call *calls;
	size_t n, n_makers;
	/* functions that take one, and why they aren't called: for the harness's head */
	struct strlist left;
};

/*
 * -1: a usage error that says what is missing; a type that is called nearly so is named. Strings live in the arena. The
 * caller releases *out in any case.
 */
int calls_find(struct arena *a, const struct api *api, const char *type, struct calls *out,
	struct err *err);
/* The type that most can be done with; NULL: there is none that anything can be done with. */
const char *calls_best_type(struct arena *a, const struct api *api);
void calls_release(struct calls *p);

#endif
