/* Ways to fail of which nobody needs to hear again. */
#ifndef TARGET_KNOWN_H
#define TARGET_KNOWN_H

#include "target/target.h"

/*
 * The key of a failure as far as the frame that its report gives this address: of the same way to fail, and the same frames
 * from the innermost one up to there. 0: it has none, as with commands. Holds for this target alone.
 */
uint64_t target_failure_key(const struct target_result *r, uint64_t address);
/* Whatever fails so is known from now on, and ends its input before the report where target_opts.early asks for that. */
void target_know(struct target *t, uint64_t key);

#endif
