/* The text of a project file to its description. */
#ifndef CONFIG_PARSE_H
#define CONFIG_PARSE_H

#include "base/err.h"
#include "base/strv.h"

struct config;

/*
 * As config_load, from memory (fuzzed); name is for messages, dir (absolute) for relative paths. No file is opened.
 * The caller ends it with config_free.
 */
struct config *config_parse(struct strv text, const char *name, const char *dir, struct err *err);

#endif
