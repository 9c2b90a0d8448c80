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

/*
 * Where the project file that is loaded first keeps its state, and it alone, in place of .thresh beside it: of a project that
 * can't be written to. Its store is there, too, unless it names one. The directory is made when it is needed.
 */
void config_set_state(const char *dir);

#endif
