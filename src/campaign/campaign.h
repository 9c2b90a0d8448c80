/*
 * Wires the layers: an open project (configuration, store, tools, symboliser), its targets, and what is done
 * with them. Nothing here prints results; progress goes through a callback.
 */
#ifndef CAMPAIGN_CAMPAIGN_H
#define CAMPAIGN_CAMPAIGN_H

#include "base/strlist.h"
#include "build/build.h"
#include "config/config.h"
#include "crash/crash.h"
#include "store/store.h"
#include "store/verdicts.h"
#include "symbol/symbol.h"
#include "target/target.h"

/* An open project. Members are for reading; parts are opened when first asked for. */
struct campaign {
	struct config *cfg;
	struct store *store;
	struct toolchain tools;
	bool tools_probed;
	struct symbolizer *symbols;
	struct strlist ignore; /* triage.ignore, as the crash room takes it */
	struct verdicts verdicts;
	char *verdicts_path;
	char *state_dir, *inputs_dir;
	unsigned jobs;             /* processors to use */
	int64_t id;                /* of the campaign that findings belong to; 0: none */
	struct target_slot *slots; /* open targets, kept between jobs */
	size_t n_slots;
};

/* config_path NULL: found from here upwards. NULL on failure. */
struct campaign *campaign_open(const char *config_path, struct err *err);
/* Without a project file: only what needs none (rules, symboliser). cfg and store are NULL. */
struct campaign *campaign_bare(void);
void campaign_close(struct campaign *c); /* NULL is fine */
/* In a child made by fork: a store of its own, and nothing of its parent's is used. The child ends by _exit. */
int campaign_forked(struct campaign *c, struct err *err);
int campaign_need_tools(struct campaign *c, struct err *err);
int campaign_need_symbols(struct campaign *c, struct err *err);
struct crash_rules campaign_rules(const struct campaign *c, const char *harness);
/* Paths below the state directory; the caller frees. */
char *campaign_corpus_dir(const struct campaign *c, const char *harness);
char *campaign_work_dir(const struct campaign *c, const char *harness, const char *what);
/* The harness of that name, or an error that lists the names there are. */
const struct config_harness *campaign_harness(
	const struct campaign *c, const char *name, struct err *err);

/*
 * The open target of a harness in a variant, built when needed; kept open until campaign_close. `override`: a
 * config_build's name, or NULL. workers: as in target_spec, for a fresh one.
 */
enum campaign_target_flags {
	TARGET_TWICE = 1,   /* twice the time and memory: to confirm a timeout or out of memory */
	TARGET_NO_ASLR = 2, /* addresses as fixed as the system can make them */
	TARGET_PLACES = 4,  /* of a cov build: target_spec.places */
};
struct target *campaign_target_with(struct campaign *c, const struct config_harness *h,
	enum variant v, const char *override, unsigned workers, unsigned flags, struct err *err);
/* The same without flags. */
struct target *campaign_target(struct campaign *c, const struct config_harness *h, enum variant v,
	const char *override, unsigned workers, struct err *err);
/* A new one that isn't kept: the caller closes it. over: NULL for the harness's own build. */
struct target *campaign_target_open(struct campaign *c, const struct config_harness *h,
	enum variant v, const struct config_build *over, unsigned workers, unsigned flags,
	struct err *err);
void campaign_targets_close(struct campaign *c);

/* For crash_resolve: names from the campaign's symboliser. */
size_t campaign_resolve(void *c, const char *module, const char *build_id, uint64_t offset,
	bool is_return, struct crash_frame *out, size_t max);

#endif
