/* How bad a failure is, and what of its address decides that. */
#ifndef CRASH_SEVERITY_H
#define CRASH_SEVERITY_H

#include <stdint.h>

/* What of a faulting address counts for how bad it is; all else about it differs from run to run. */
enum crash_address { CRASH_ADDRESS_NULL, CRASH_ADDRESS_MARK, CRASH_ADDRESS_ANY };
enum crash_address crash_address_class(uint64_t address);

#endif
