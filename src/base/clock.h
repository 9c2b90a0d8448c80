/* Time: monotonic for measuring, wall for records. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/prelude.h"

uint64_t clock_mono_ns(void);
uint64_t clock_mono_ms(void);
/* Milliseconds since 1970: for leases and records. */
uint64_t clock_wall_ms(void);
/* From now on clock_wall_ms() says so much less: what is recorded together with others' goes by their clock. Before threads. */
void clock_set_back(int64_t ms);
/* SOURCE_DATE_EPOCH, in seconds; false where it isn't set or isn't valid. */
bool clock_source_epoch(uint64_t *s);
/* clock_wall_ms(), but SOURCE_DATE_EPOCH, where there is one, stands in for it: for generated files. */
uint64_t clock_stamp_ms(void);
/* "2026-11-22T16:03:00Z" into out. */
#define CLOCK_ISO_LEN 21
void clock_iso(uint64_t wall_ms, char out[CLOCK_ISO_LEN]);

#endif
