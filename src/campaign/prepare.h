/* Before a campaign: what each harness is ready for. */
#ifndef CAMPAIGN_PREPARE_H
#define CAMPAIGN_PREPARE_H

#include "campaign/run.h"

/* What a harness is ready for. */
struct prepared {
	/* to be explored */
	bool ok;
	/* it couldn't be run at all, as was told: it needn't be tried again */
	bool no_run;
	/* of the engines' variants */
	bool built[VARIANT_N];
	/* else why not */
	char *why[VARIANT_N];
	/* what is wrong with its dictionary, whose other lines are used; or NULL */
	char *dictionary;
	/* because this machine has nothing to build it with */
	bool no_tool[VARIANT_N];
};

/* The build that an engine runs. */
enum variant prepared_variant(const char *engine);
/* Is the harness to be explored by this engine? */
bool prepared_wants(const struct config_harness *h, const char *engine);
/* Has this engine a build of the harness? */
bool prepared_for(const struct prepared *p, const char *engine);
/* In the harness's corpus. */
size_t prepared_inputs(const struct project *p, const char *harness);
void prepared_release(struct prepared *p);

/* Build and look at every harness: ready[] says which can be explored and by whom, the others are told in out. */
int prepare_harnesses(struct project *p, const struct run_opts *opts, struct prepared *ready,
	struct run_result *out, struct err *err);

#endif
