/*
 * A C or C++ prototype, as copied from a header, and what a harness does with each parameter. Pure: text in,
 * description out.
 */
#ifndef SCAFFOLD_PROTOTYPE_H
#define SCAFFOLD_PROTOTYPE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/strv.h"

enum proto_role {
	/* a value of any type, all zero: to be filled in by hand */
	ROLE_ZERO,
	/* the input's bytes, as they are */
	ROLE_DATA,
	/* a copy that the function may write to */
	ROLE_DATA_COPY,
	/* the input as a NUL-terminated string; a copy anyway */
	ROLE_TEXT,
	/* a copy with zeros behind it: of bytes whose length nobody tells */
	ROLE_BLOCK,
	/* of the parameter `of` */
	ROLE_LENGTH,
	/* one behind the last byte of `of` */
	ROLE_END,
	/* std::string, std::string_view, std::vector of bytes, std::span */
	ROLE_STDSTRING,
	/* std::vector<std::string>: the input's lines */
	ROLE_STRINGS,
	/* argv of a main(), the input's lines; argc, in front of it */
	ROLE_ARGV,
	ROLE_ARGC,
	/* std::istream & */
	ROLE_ISTREAM,
	/* FILE * that reads the input */
	ROLE_FILE,
	/* a descriptor that reads the input */
	ROLE_FD,
	/* a path that reads the input */
	ROLE_PATH,
	/* a constant string */
	ROLE_NAME,
	/* a text that asks something of the input: what stands at its end, behind a NUL (asked.h) */
	ROLE_ASKED,
	/* FILE * to write to */
	ROLE_OUT_FILE,
	/* a buffer to write to */
	ROLE_OUT_BYTES,
	/* the size of buffer `of` */
	ROLE_OUT_ROOM,
	/* the same, by pointer */
	ROLE_OUT_ROOM_P,
	/* of the input `of`, by pointer: what is left of it may come back */
	ROLE_LENGTH_P,
	/* pointer to some objects or numbers, zeroed, as many as the parameter `of` says (arrays.h) */
	ROLE_ARRAY,
	/* how many; by value or by pointer */
	ROLE_COUNT,
	/* pointer to a value of known size, zero */
	ROLE_OUT,
	/* pointer to an object of unknown size, zeroed memory */
	ROLE_OBJECT,
	/* a callback or a pointer for its use: NULL */
	ROLE_NULL,
	/* a callback that does nothing */
	ROLE_STUB,
	/* an object that the library makes and ends */
	ROLE_HANDLE,
	/* an object of a class (classes.h) */
	ROLE_CLASS,
	/* what the header's own macro passes */
	ROLE_GIVEN,
};

/* How the library makes an object and ends it. */
struct proto_handle {
	enum {
		/* nothing is known but its end */
		HANDLE_ENDED,
		/* make's result */
		HANDLE_RETURNED,
		/* make fills a pointer */
		HANDLE_OUT,
		/* make is given memory */
		HANDLE_INIT,
	} how;
	/* the function, and its arguments with '@' for the object or its address */
	const char *make, *make_args;
	/* the same; NULL: none is known */
	const char *end, *end_args;
};

struct proto_param {
	/* "unsigned char", "struct foo", "std::string"; "" for a callback */
	const char *base;
	/* What base is without typedefs ("Bytef": "unsigned char"); base itself where that isn't known. */
	const char *canon;
	/* "" when it has none */
	const char *name;
	/* stars and brackets */
	unsigned depth;
	/* what the first star points to */
	bool is_const;
	bool is_ref;
	bool is_callback;
	/* a pointer to anything behind a typedef of its own: base is that, depth 0 */
	bool opaque;
	/* an object whose type the header has in full */
	bool sized;
	/* of those one that holds numbers alone */
	bool plain;
	/* of an object that nothing here makes: the library's function that does, from what isn't known; NULL: none */
	const char *made_by;
	/* of a callback, as a function's head with '@' for its name; NULL: not known */
	const char *stub;
	/* what a macro of the header passes here, in all its calls; NULL: nothing is known of that */
	const char *given;
	/* of an array whose length the prototype has ("short sizes[48]"): that; NULL: it hasn't */
	const char *bound;
	/* a constant that the project's own callers pass here (callers.h); NULL: nothing is known of that */
	const char *usual;
	/* Of ROLE_OUT how many the call may write there, of ROLE_OUT_BYTES what calloc() is given for it; NULL: as many as usual. */
	const char *room;
	enum proto_role role;
	/* of ROLE_PATH: how the file's name is to end, ".nii"; NULL: it's all the same */
	const char *ending;
	/* of ROLE_OUT: free() ends what it is pointed at (owned.h) */
	bool owned;
	/* of ROLE_HANDLE, and of ROLE_OUT where its end is known */
	const struct proto_handle *handle;
	/* of ROLE_CLASS; NULL: none is known */
	const struct class_object *object;
	/* the parameter that a length or a count is of, or an array's count */
	size_t of;
	/* of inputs cut in two: 0 or 1 */
	unsigned part;
};

#define PROTO_PARAMS_MAX 24
#define PROTO_READERS_MAX 3

/* Called on what the function made (readers.h); args with '@' for that; owned: free() ends what it gives. */
struct proto_reader {
	const char *name, *args;
	bool owned;
	/* called as long as it gives what it gave first, which is no error: it goes through what there is */
	bool repeats;
};

struct proto {
	/* qualified in C++ */
	const char *name;
	/* the prototype in one line, without attributes, no semicolon */
	const char *text;
	/* base type of the result; "" when it isn't clear */
	const char *ret;
	/* that without typedefs; NULL where it isn't known */
	const char *ret_canon;
	/* The typedef that the result's pointer hides in ("xmlDocPtr"), or "". */
	const char *ret_alias;
	unsigned ret_depth;
	bool ret_const, ret_opaque;
	/* free() ends it (owned.h) */
	bool ret_owned;
	bool varargs;
	/* can only be C++; and may refuse input by an exception */
	bool cxx, throws;
	/* what ends the result, as of a handle; NULL: not known */
	const struct proto_handle *ret_handle;
	/* Called in front of it on the same object, which is to be opened for what is fed to it; NULL: nothing is. */
	const char *first;
	/* Called behind it on the same object, as it reads what this one only keeps; NULL: nothing is. */
	const char *then;
	/* What reads an object that it feeds, with another one (consumer.h); NULL: nothing does. */
	const struct proto_consumer *consumer;
	/* What it made is read by these: its result, where read_at is SIZE_MAX, or what that parameter points to. */
	struct proto_reader readers[PROTO_READERS_MAX];
	size_t n_readers, read_at;
	/* of what it opened, which is at read_at, too (members.h); NULL: it has none */
	const struct proto_members *members;
	/* what reads the object that it returns by value (values.h); NULL: it returns none that anything reads */
	const struct proto_values *values;
	/* The header doesn't compile unless stdio.h and its like are included before it. */
	bool wants_stdio;
	unsigned parts;
	struct proto_param params[PROTO_PARAMS_MAX];
	size_t n_params;
};

/* Read by what is around each name. Strings live in the arena. -1: a usage error that says what isn't understood. */
int proto_parse(struct arena *a, struct strv text, struct proto *out, struct err *err);
/*
 * In a header's text, the function that frees what p returns: takes one pointer to that type and is named so.
 * "" when there is none or it isn't clear.
 */
const char *proto_find_free(struct arena *a, const struct proto *p, struct strv header);

#endif
