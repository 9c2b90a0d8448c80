/*
 * Statements of the project's own sources, by the places that reports name. A report may name any file: only those below
 * the project's directory, its builds' sources and include folders, and roots that are added, are ever opened.
 */
#ifndef PROJECT_SOURCE_TEXT_H
#define PROJECT_SOURCE_TEXT_H

#include "config/config.h"
#include "crash/statement.h"

struct source_text;

struct source_text *source_text_new(const struct config *cfg);
void source_text_free(struct source_text *t); /* NULL is fine */
/* One more folder that holds sources: another checkout of them. */
void source_text_add_root(struct source_text *t, const char *dir);
/* The file's real path where it may be read; the caller frees. NULL: it isn't there, or isn't the project's. */
char *source_text_allowed(const struct source_text *t, const char *file);
/* For crash_rules.statement; arg is a struct source_text. */
bool source_text_statement(
	void *arg, const char *file, unsigned line, unsigned column, struct crash_statement *out);

#endif
