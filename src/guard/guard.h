/*
 * A corpus kept for years is watched: what it came to in each campaign, and whether a new build reaches less with it. A loss
 * is judged by the same inputs on both builds, the old one's part remembered, so that no chance of a night can look like
 * one.
 */
#ifndef GUARD_GUARD_H
#define GUARD_GUARD_H

#include "base/buf.h"
#include "project/project.h"
#include "store/guard.h"

enum guard_alarm_kind {
	GUARD_REJECTS, /* the harness takes nearly nothing */
	GUARD_GROWS,   /* more inputs by the campaign, and nothing more reached */
	GUARD_SEEDS,   /* seeds that reach nothing but what smaller ones do */
	GUARD_ALARMS
};

struct guard_alarm {
	enum guard_alarm_kind kind;
	/* not told before */
	bool fresh;
	char *text; /* with the mend */
};

struct guard_result {
	struct guard_rec now;
	/* open ones, oldest first; n_fresh of them are this campaign's */
	struct loss_rec *losses;
	size_t n_losses, cap_losses, n_fresh;
	struct guard_alarm alarms[GUARD_ALARMS];
	size_t n_alarms;
	/* the build is another than the last time's, and was held against it */
	bool compared;
	/* the time was up before all inputs were run: no loss is judged, nothing is kept; so many were looked at */
	bool cut;
	uint64_t looked;
};

struct guard_opts {
	/* that it belongs to; 0: none, and nothing is kept */
	int64_t campaign;
	/* what was lost is no loss, and what is reached now is what later builds are held against */
	bool accept;
	/* by clock_mono_ms(): no input is begun after that; 0: no end */
	uint64_t until_ms;
};

/* Look at a harness's corpus as it is now, on its cov build. 1: it has no corpus yet. */
int guard_look(struct project *p, const struct config_harness *h, const struct guard_opts *opts,
	struct guard_result *out, struct err *err);
void guard_result_release(struct guard_result *r);

/* "json.c:12 parse_number, since campaign 3 (commit 4be1a2c, whole at 93acd11)": appended, one line, escaped. */
void guard_add_loss(struct buf *b, const struct loss_rec *l);

#endif
