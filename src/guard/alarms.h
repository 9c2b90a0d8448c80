/* What figures alone say is wrong with a corpus or its harness. */
#ifndef GUARD_ALARMS_H
#define GUARD_ALARMS_H

#include "guard/guard.h"

/* Into out->alarms; each is fresh once, as long as it lasts. */
int guard_alarms(struct project *p, struct guard_result *out, struct err *err);

#endif
