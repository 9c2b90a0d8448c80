/* What a target's runs allocate and don't free, and where, in builds with a sanitizer that has hooks for it. */
#ifndef THRESH_RT_HELD_H
#define THRESH_RT_HELD_H

#include <stdint.h>

/* Of the calls that led here, but for the caller's own and this one. */
uint64_t thresh_rt_place(int kind);

/* Once, before anything else of these. */
void thresh_rt_held_begin(void);
/* Blocks; of several threads that allocate at once, nearly. */
long thresh_rt_held(void);

/* From here on places are kept, unless another thread is at their table just now. */
void thresh_rt_trace_begin(void);
/* No more of them. The place of one that is still there; 0: there is none. */
uint64_t thresh_rt_trace_end(void);

#endif
