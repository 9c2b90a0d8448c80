/* What was found of a harness stays in the store, for whoever reads a report in the morning. */
#ifndef HEALTH_KEEP_H
#define HEALTH_KEEP_H

#include "health/health.h"
#include "project/project.h"

/* In place of what was found before. A store that can't be written is warned of, no more: the look itself was had. */
void health_keep(struct project *p, const char *harness, const struct health *h);
/* One finding alone: what ended the look before anything could be measured. */
void health_keep_one(struct project *p, const char *harness, const char *rule,
	enum health_severity severity, const char *cause, const char *mend);

#endif
