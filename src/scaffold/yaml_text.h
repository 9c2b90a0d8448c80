/* A first thresh.yaml. */
#ifndef SCAFFOLD_YAML_TEXT_H
#define SCAFFOLD_YAML_TEXT_H

#include "base/buf.h"
#include "base/strlist.h"

struct yaml_build {
	struct strlist sources, include, cflags, cxxflags, ldflags;
	/* what the build was found by, and the folder of what it made; NULL: nothing */
	const char *ran, *generated;
	/* the project's own script, in place of all that; and its sanitizers where they aren't the default */
	const char *script;
	struct strlist sanitizers;
	/* NULL: the folder's name */
	const char *project;
};

/* dir: the project's, whose name it gets. blocks: the harnesses' lines. */
void yaml_text(struct buf *out, const char *dir, const struct yaml_build *b, const char *blocks);
/* A string as a value: plain where YAML reads it as the same, quoted otherwise. */
void yaml_scalar(struct buf *b, const char *s);

/* A harness's lines; leaves: it leaves something that nobody ends, so that leaks say nothing of the library. */
void yaml_block(struct buf *out, const struct buf *block, bool leaves);

#endif
