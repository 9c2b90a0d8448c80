/*
 * What an OSS-Fuzz project's Dockerfile says of the place that its script finds: what lies in $SRC, where it starts, what has
 * to be installed; and what of it can only be done by hand. Pure: text in, description out.
 */
#ifndef BUILD_DOCKERFILE_H
#define BUILD_DOCKERFILE_H

#include "base/strlist.h"
#include "base/strv.h"

/* Paths of the container begin with this one, which stands for $SRC. */
#define DOCKER_SRC "/src"

struct docker_copy {
	/* as written: relative, patterns among them */
	struct strlist from;
	/* in the container; ends in '/' where it is sure to be a folder */
	char *to;
	unsigned line;
};

struct docker_clone {
	/* to: in the container */
	char *url, *to;
	unsigned line;
};

/* A command that isn't followed. */
struct docker_rest {
	char *text;
	unsigned line;
};

struct dockerfile {
	/* in the container; never NULL */
	char *workdir;
	struct docker_copy *copies;
	size_t n_copies, cap_copies;
	struct docker_clone *clones;
	size_t n_clones, cap_clones;
	struct docker_rest *rest;
	size_t n_rest, cap_rest;
	/* of Debian, and the line of the first */
	struct strlist packages;
	unsigned packages_line;
	/* "NAME=value" */
	struct strlist env;
};

void dockerfile_parse(struct strv text, struct dockerfile *out);
void dockerfile_release(struct dockerfile *d);

/* Path below $SRC ("zlib/contrib"; "" for $SRC itself), or NULL: it lies elsewhere. Points into path. */
const char *docker_below(const char *path);
/*
 * The folder below $SRC that is the project itself: what is copied whole; else the clone that the script starts in; else the
 * one of the name, or the first; else what it starts in. NULL: nothing says so. The caller frees.
 */
char *docker_project(const struct dockerfile *d, const char *name);

#endif
