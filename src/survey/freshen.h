/*
 * A checkout writes files in any order, so that make may take generated ones that are kept in the tree for older than what
 * they are made from, and call generators that aren't there.
 */
#ifndef SURVEY_FRESHEN_H
#define SURVEY_FRESHEN_H

#include "base/strlist.h"

/*
 * In a copy of the tree: what is made from other files gets a later time than they have, where the two are of one
 * checkout. files: its names. What can't be touched stays.
 */
void freshen(const char *dir, const struct strlist *files);

#endif
