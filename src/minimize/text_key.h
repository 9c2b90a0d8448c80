/* Reports of one place, told from their text. */
#ifndef MINIMIZE_TEXT_KEY_H
#define MINIMIZE_TEXT_KEY_H

#include "base/strv.h"

/*
 * A key of what a failing run printed, equal for reports that differ only in process ids, addresses of this run and the
 * memory around them.
 */
uint64_t text_key(uint64_t h, struct strv text);

#endif
