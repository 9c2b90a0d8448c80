/* Ctrl-C. */
#ifndef PROC_INTERRUPT_H
#define PROC_INTERRUPT_H

#include "base/err.h"
#include <stdint.h>

/*
 * Ctrl-C once: proc_interrupted() gives 1 (finish what you do, keep everything); twice: 2 (now). Each SIGTERM and
 * SIGHUP counts like a Ctrl-C. proc_wake_fd() polls readable from the first on; -1 before proc_catch_signals, which
 * ignores SIGPIPE, too: a write to a pipe without a reader fails then.
 */
void proc_catch_signals(void);
int proc_interrupted(void);
int proc_wake_fd(void);
/* Wait so long, or until told to stop. */
void proc_nap(uint64_t ms);
/* Once this long has passed it is as if Ctrl-C had come, by SIGALRM; 0: never. Processes that are started don't have it. */
int proc_stop_after(uint64_t ms, struct err *err);
/* From now on the first one counts like the second: for work that is worth nothing half-done. */
void proc_stop_at_once(void);

#endif
