/* What the names of AFL++'s queue say. */
#ifndef ENGINE_AFL_QUEUE_H
#define ENGINE_AFL_QUEUE_H

#include "base/hash.h"
#include "base/strlist.h"

/* "id:000123,..." */
bool afl_queue_id(const char *name, uint64_t *id);
/* "id:000123,src:000007+000002,...": the content's name of entry 7, of that folder's names. False: it says none. */
bool afl_queue_parent(int dir, const struct strlist *names, const char *name, char hex[SHA1_HEX]);

#endif
