/*
 * $SRC as an OSS-Fuzz project's image has it: the project, what lies beside the script, and what a Dockerfile there copies.
 * Nothing of the user's is written to.
 */
#ifndef BUILD_IMAGE_H
#define BUILD_IMAGE_H

#include "base/err.h"
#include "build/dockerfile.h"

struct image {
	/* of the script, absolute */
	char *dir;
	/* its Dockerfile's; empty where there is none */
	bool has_docker;
	struct dockerfile docker;
};

void image_read(const char *script, struct image *out);
void image_release(struct image *im);

/* The project's folder below $SRC; name: where nothing else says so. The caller frees. */
char *image_project(const struct image *im, const char *name);
/* Where the script starts; tree: without a Dockerfile there. The caller frees. */
char *image_workdir(const struct image *im, const char *src, const char *tree);
/* What isn't the project itself, into src; project: the user's own tree, of which tree is a copy. */
int image_fill(const struct image *im, const char *project, const char *src, const char *tree,
	struct err *err);
/* Of what the Dockerfile clones: does it lie beside the script? */
bool image_has_clone(const struct image *im, const struct docker_clone *c);

#endif
