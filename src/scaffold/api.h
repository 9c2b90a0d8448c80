/* The functions that a library offers: what its headers declare and its objects define. */
#ifndef SCAFFOLD_API_H
#define SCAFFOLD_API_H

#include "scaffold/prototype.h"
#include "survey/survey.h"

struct api_header {
	/*
	 * what follows "#include ": its name with quotes, behind lines for those that it needs in front of it; and the
	 * folder for -I as seen from the project
	 */
	const char *include, *dir;
	/* below the project, and the file to read now */
	const char *rel;
	char *path;
	/* how likely it is one for users; and that the build says that they get it */
	int rank;
	bool installed;
	/* its part of the text of all, and the paths of what it includes, where it declares anything */
	size_t text_at, text_len;
	struct strlist included;
};

struct api_function {
	/* with types as they are, and names as far as they could be read; no roles */
	struct proto proto;
	const struct api_header *header;
};

struct api {
	struct api_header *headers;
	size_t n_headers, cap_headers;
	struct api_function *v;
	size_t n, cap;
	/* of the headers that were read, without comments */
	struct buf text;
};

/* Strings live in the arena. What can't be read is left out. */
void api_read(struct arena *a, const char *dir, const struct survey *s, struct api *out);
void api_release(struct api *api);
/* By name, or NULL. */
const struct api_function *api_find(const struct api *api, const char *name);
/* Is h included by the other, or that itself? */
bool api_includes(const struct api_header *by, const struct api_header *h);
/*
 * Does the header, with what it includes, have this parameter's struct in full? Another, which is the library's own, may
 * well. NULL: any header.
 */
bool api_is_complete(
	const struct api *api, const struct api_header *h, const struct proto_param *q);
/* Is it a structure whose members the header, or what it includes, has? */
bool api_is_struct(const struct api *api, const struct api_header *h, const struct proto_param *q);
/* Is it a structure of numbers alone, into which nothing can be hung that somebody would have to end? */
bool api_is_plain(const struct api *api, const struct proto_param *q);

#endif
