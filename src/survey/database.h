/* A build's compile_commands.json, as CMake and Meson write it: what is to be compiled, whether or not it has been yet. Pure. */
#ifndef SURVEY_DATABASE_H
#define SURVEY_DATABASE_H

#include "base/strv.h"
#include "survey/record.h"

/* Entries that have no folder or no command are left out; appended. */
void database_read(struct strv text, struct records *out);

#endif
