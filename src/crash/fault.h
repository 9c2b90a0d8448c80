/* Where it failed. */
#ifndef CRASH_FAULT_H
#define CRASH_FAULT_H

#include "crash/report.h"

/* The stack that decides; NULL when the report has none. */
const struct crash_stack *crash_fault_stack(const struct crash_report *r);

#endif
