/* The functions that a library offers: what its headers declare and its objects define. */
#ifndef SCAFFOLD_API_H
#define SCAFFOLD_API_H

#include "scaffold/prototype.h"
#include "survey/survey.h"

struct api_header {
	/* the operand of #include, with quotes, and the folder for -I as seen from the project */
	const char *include, *dir;
	/* below the project, and the file to read now */
	const char *rel;
	char *path;
	/* how likely it is one for users */
	int rank;
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
/* Do the headers have this parameter's struct in full? */
bool api_is_complete(const struct api *api, const struct proto_param *q);

#endif
