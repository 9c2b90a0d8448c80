/* A command in place of the signature. */
#ifndef MINIMIZE_CUSTOM_ORACLE_H
#define MINIMIZE_CUSTOM_ORACLE_H

#include "base/err.h"
#include "base/strlist.h"

/* A command line to words: blanks separate, '..' and ".." quote, \ escapes; added to the list. -1: a quote that isn't closed. */
int custom_oracle_words(const char *command, struct strlist *argv, struct err *err);

#endif
