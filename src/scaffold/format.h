/* What a harness's input is, guessed from names and parameters. Pure. */
#ifndef SCAFFOLD_FORMAT_H
#define SCAFFOLD_FORMAT_H

#include "base/strlist.h"
#include "scaffold/prototype.h"

/* A format of thresh.yaml. proto: of the function that is fuzzed, or NULL. */
const char *format_guess(const char *name, const struct proto *proto);
/* What a library reads by another one that it is linked with ("-lxml2"); NULL: nothing says so. */
const char *format_of_libraries(const struct strlist *ldflags);
/* What a project is about by its name ("yajson-2.1"); NULL: that doesn't say. */
const char *format_of_project(const char *name);

#endif
