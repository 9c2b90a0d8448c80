/* What of a fault counts for how bad it is. */
#ifndef CRASH_SEVERITY_H
#define CRASH_SEVERITY_H

#include "base/prelude.h"

/* All else about an address differs from run to run. */
enum crash_address { CRASH_ADDRESS_NULL, CRASH_ADDRESS_MARK, CRASH_ADDRESS_ANY };
enum crash_address crash_address_class(uint64_t address);

#endif
