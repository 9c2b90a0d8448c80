/* What a harness's input is, guessed from names and parameters. Pure. */
#ifndef SCAFFOLD_FORMAT_H
#define SCAFFOLD_FORMAT_H

#include "scaffold/prototype.h"

/* A format of thresh.yaml. proto: of the function that is fuzzed, or NULL. */
const char *format_guess(const char *name, const struct proto *proto);

#endif
