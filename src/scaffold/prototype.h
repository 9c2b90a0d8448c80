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
	ROLE_ZERO,       /* a value of any type, all zero: to be filled in by hand */
	ROLE_DATA,       /* the input's bytes, as they are */
	ROLE_DATA_COPY,  /* a copy that the function may write to */
	ROLE_TEXT,       /* the input as a NUL-terminated string; a copy anyway */
	ROLE_LENGTH,     /* of the parameter `of` */
	ROLE_END,        /* one behind the last byte of `of` */
	ROLE_STDSTRING,  /* std::string, std::string_view, std::vector of bytes, std::span */
	ROLE_ISTREAM,    /* std::istream & */
	ROLE_FILE,       /* FILE * that reads the input */
	ROLE_FD,         /* a descriptor that reads the input */
	ROLE_PATH,       /* a path that reads the input */
	ROLE_NAME,       /* a constant string */
	ROLE_OUT_FILE,   /* FILE * to write to */
	ROLE_OUT_BYTES,  /* a buffer to write to */
	ROLE_OUT_ROOM,   /* the size of buffer `of` */
	ROLE_OUT_ROOM_P, /* the same, by pointer */
	ROLE_OUT,        /* pointer to a value of known size, zero */
	ROLE_OBJECT,     /* pointer to an object of unknown size, zeroed memory */
	ROLE_NULL,       /* a callback or a pointer for its use: NULL */
};

struct proto_param {
	const char *base; /* "unsigned char", "struct foo", "std::string"; "" for a callback */
	/* What base is without typedefs ("Bytef": "unsigned char"); base itself where that isn't known. */
	const char *canon;
	const char *name; /* "" when it has none */
	unsigned depth;   /* stars and brackets */
	bool is_const;    /* what the first star points to */
	bool is_ref;
	bool is_callback;
	enum proto_role role;
	size_t of;     /* the parameter that a length is of */
	unsigned part; /* of inputs cut in two: 0 or 1 */
};

#define PROTO_PARAMS_MAX 24

struct proto {
	const char *name; /* qualified in C++ */
	const char *text; /* the prototype in one line, without attributes, no semicolon */
	const char *ret;  /* base type of the result; "" when it isn't clear */
	/* The typedef that the result's pointer hides in ("xmlDocPtr"), or "". */
	const char *ret_alias;
	unsigned ret_depth;
	bool ret_const;
	bool varargs;
	bool cxx; /* can only be C++ */
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
