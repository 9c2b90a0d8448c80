/* A project file to its description. */
#ifndef CONFIG_LOAD_H
#define CONFIG_LOAD_H

#include "base/err.h"

struct config;

/*
 * path NULL: thresh.yaml here, or in the nearest parent up to the top of the git work tree or of the file
 * system. path may be a directory that holds one. NULL on failure; err->kind is ERR_USAGE but for I/O trouble.
 * The message is "FILE:LINE:COLUMN: what", the line, and a caret below it; it is fit for a terminal.
 */
struct config *config_load(const char *path, struct err *err);

#endif
