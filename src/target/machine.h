/* What happens to a process and is the machine's doing. */
#ifndef TARGET_MACHINE_H
#define TARGET_MACHINE_H

#include <stdint.h>

/* Processes that the system has ended for want of memory, since it started; 0 where it doesn't say. */
uint64_t machine_oom_kills(void);

#endif
