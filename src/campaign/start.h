/*
 * What a slice begins with: not all of a corpus, and not always the same of it, but another small set each time that reaches
 * what all of it reaches (RandSet, arXiv 2602.22729). Only what is known already is asked; nothing is run for it.
 */
#ifndef CAMPAIGN_START_H
#define CAMPAIGN_START_H

#include "base/strlist.h"
#include "project/project.h"

/*
 * A corpus of no more than so many is begun with whole: AFL++ runs each input several times to calibrate it, libFuzzer gets
 * through all of these within a moment, and then a choice costs more than it gains.
 */
#define START_WHOLE_AFL 1000
#define START_WHOLE_LIBFUZZER 5000

/*
 * True: *out has the names, sorted; the caller releases it either way. False: all of the corpus, as too little of it is known,
 * and it isn't large. Of a large corpus that isn't known it is a random part, no more than the slice can try, rather small
 * ones. whole: as above; seed: equal ones give equal sets; 0: any.
 */
bool start_choose(struct project *p, const struct config_harness *h, size_t whole,
	uint64_t slice_ms, uint64_t seed, struct strlist *out);

#endif
