/* What the styles need to know of the project, gathered from its configuration. */
#ifndef CAMPAIGN_GLUE_H
#define CAMPAIGN_GLUE_H

#include "campaign/regress.h"

/* Write replay.c, the lists and the style's build files for all tests that lie below root. */
int regress_glue(struct campaign *c, struct regress_writer *w, const struct regress_style *style,
	const struct regress_opts *opts, const char *root, struct err *err);

/* `to` as seen from the directory `from`; both absolute. The caller frees. */
char *glue_relative(const char *from, const char *to);

/* The files that a build's source patterns stand for, absolute, sorted within each pattern. */
void glue_sources(const struct config_build *b, struct strlist *out);

#endif
