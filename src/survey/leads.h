/*
 * How much code a function leads to: its own, and that of all functions that it calls or names, and so on. Read off the
 * library's objects, from symbols, relocations, and the calls within a section, which have no relocation.
 */
#ifndef SURVEY_LEADS_H
#define SURVEY_LEADS_H

#include "base/prelude.h"

struct leads;

struct leads *leads_new(void);
/* An object that the compiler wrote; of what isn't one, or of another machine's kind, nothing is known. */
void leads_add(struct leads *l, const char *object);
/* Bytes of code; 0: not known. The symbol as objects have it. */
uint64_t leads_of(struct leads *l, const char *symbol);
/* NULL is fine. */
void leads_free(struct leads *l);

#endif
