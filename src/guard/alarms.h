/* What figures alone say is wrong with a corpus or its harness. */
#ifndef GUARD_ALARMS_H
#define GUARD_ALARMS_H

#include "corpus/features.h"
#include "guard/guard.h"

/* Into out->alarms; each is fresh once, as long as it lasts. */
int guard_alarms(struct project *p, struct guard_result *out, struct err *err);

/* Before that: of the seeds that are files, by what t knows of them, whose rows ascend. */
void guard_seeds(
	const struct config_harness *h, const struct feature_table *t, struct guard_result *out);

#endif
