/*
 * The cold pack of a harness: one archive of all that distillations took out of its corpus. Nothing is ever dropped from
 * it but by people; `thresh corpus restore` brings it back.
 */
#ifndef DISTILL_COLD_H
#define DISTILL_COLD_H

#include "base/strlist.h"
#include "project/project.h"

/* The caller frees. */
char *cold_path(const struct project *p, const char *harness);
/*
 * Add the inputs named (sorted) in dir, unless they are in it. The old pack is whole until the new one is. What can't be read
 * under its name any more is taken out of the names.
 */
int cold_add(const char *pack, const char *dir, struct strlist *names, struct err *err);
/* The names of all that is in a pack, appended, sorted; of one that isn't there: none. All of it is read. */
int cold_names(const char *pack, struct strlist *names, struct err *err);

#endif
