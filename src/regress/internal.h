/* What the styles share. */
#ifndef REGRESS_INTERNAL_H
#define REGRESS_INTERNAL_H

#include "regress/style.h"

/* The emitters, one a style. */
int regress_emit_files(struct regress_writer *w, const struct regress_project *p, struct err *err);
int regress_emit_c(struct regress_writer *w, const struct regress_project *p, struct err *err);
int regress_emit_cmake(struct regress_writer *w, const struct regress_project *p, struct err *err);
int regress_emit_meson(struct regress_writer *w, const struct regress_project *p, struct err *err);
int regress_emit_automake(
	struct regress_writer *w, const struct regress_project *p, struct err *err);
int regress_emit_make(struct regress_writer *w, const struct regress_project *p, struct err *err);
int regress_emit_bazel(struct regress_writer *w, const struct regress_project *p, struct err *err);

/* style_files.c */
/* How long a test may take, with room for slow machines and sanitizers. */
uint64_t regress_timeout_s(const struct regress_harness *h);
/* A put that forgets what it did. */
int regress_put_buf(
	struct regress_writer *w, const char *path, const struct buf *b, struct err *err);

/* style_build.c: for build files. A name as an identifier. */
void regress_identifier(struct buf *out, const char *name);
/* The first harness with the same sources, include paths and flags: its index stands for the library. */
size_t regress_library_of(const struct regress_project *p, size_t harness);
/* Nothing to compile: the project's own build has to name its library. */
bool regress_has_sources(const struct regress_harness *h);
/* One of its sources, or the harness itself, is C++. */
bool regress_needs_cxx(const struct regress_harness *h);
bool regress_project_needs_cxx(const struct regress_project *p);
/* "# Written by thresh ..." */
void regress_add_notice(struct buf *b, const char *use);

#endif
