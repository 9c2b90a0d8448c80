/*
 * An open project: configuration, store, tools, symboliser and targets, each opened when it is first needed. What a
 * command or a job works with.
 */
#ifndef PROJECT_PROJECT_H
#define PROJECT_PROJECT_H

#include "base/strlist.h"
#include "build/build.h"
#include "config/config.h"
#include "crash/crash.h"
#include "store/store.h"
#include "store/dispositions.h"
#include "project/source_text.h"
#include "symbol/symbol.h"
#include "target/target.h"

/* Where regression tests lie, below the project, unless a command says otherwise. */
#define PROJECT_TESTS CONFIG_TESTS
/* Of the store: helpers that were learned and are in force, a pattern a line (triage/helpers.h). */
#define PROJECT_HELPERS_FACT "helpers"

/* An open project. Members are for reading; parts are opened when first asked for. */
struct project {
	struct config *cfg;
	struct store *store;
	struct toolchain tools;
	bool tools_probed;
	struct symbolizer *symbols;
	/* NULL without a project file */
	struct source_text *sources;
	/* of triage, as the crash room takes them */
	struct strlist ignore, helpers;
	struct dispositions verdicts;
	char *dispositions_path;
	char *state_dir, *inputs_dir;
	/* processors to use */
	unsigned jobs;
	/* no target may take longer to start, whatever its harness says; 0: it may */
	uint64_t start_most_ms;
	/* of the campaign that findings belong to; 0: none */
	int64_t id;
	/* Open targets, a bounded number: the one that was used longest ago makes room. */
	struct target_slot *slots;
	size_t n_slots;
};

/* config_path NULL: found from here upwards. NULL on failure. */
struct project *project_open(const char *config_path, struct err *err);
/* Of a description that no file has yet; it is the project's then, on failure, too. */
struct project *project_open_take(struct config *cfg, struct err *err);
/* Without a project file: only what needs none (rules, symboliser). cfg and store are NULL. */
struct project *project_bare(void);
/* NULL is fine. */
void project_close(struct project *p);
/* In a child made by fork: a store of its own, and nothing of its parent's is used. The child ends by _exit. */
int project_forked(struct project *p, struct err *err);
int project_need_tools(struct project *p, struct err *err);
int project_need_symbols(struct project *p, struct err *err);
struct crash_rules project_rules(const struct project *p, const char *harness);
/* What the project file says of confinement; without one, as much of it as there is. */
enum sandbox_policy project_sandbox(const struct project *p);
/* Paths below the state directory; the caller frees. */
char *project_corpus_dir(const struct project *p, const char *harness);
/* The name by which what a harness's corpus put aside is a corpus itself (campaign/aside.h): no harness is called so. */
#define PROJECT_ASIDE ".aside"
char *project_aside_name(const char *harness);
char *project_work_dir(const struct project *p, const char *harness, const char *what);
/* The secret key by which builds in a shared store are signed. */
char *project_key_path(const struct project *p);
/* The harness of that name, or an error that lists the names there are. */
const struct config_harness *project_harness(
	const struct project *p, const char *name, struct err *err);

/*
 * The open target of a harness in a variant, built when needed. It stays the project's: valid until the next call that
 * may open another, since then it may have to make room. `override`: a config_build's name, or NULL. workers: as in
 * target_spec; it counts when the target is opened, not for one that is open already.
 */
enum project_target_flags {
	/* twice the time and memory: to confirm a timeout or out of memory */
	TARGET_TWICE = 1,
	/* addresses as fixed as the system can make them */
	TARGET_NO_ASLR = 2,
	/* of a cov build: target_spec.places */
	TARGET_PLACES = 4,
};
struct target *project_target_with(struct project *p, const struct config_harness *h,
	enum variant v, const char *override, unsigned workers, unsigned flags, struct err *err);
/* The same without flags. */
struct target *project_target(struct project *p, const struct config_harness *h, enum variant v,
	const char *override, unsigned workers, struct err *err);
/* A new one that isn't kept: the caller closes it. over: NULL for the harness's own build. */
struct target *project_target_open(struct project *p, const struct config_harness *h,
	enum variant v, const struct config_build *over, unsigned workers, unsigned flags,
	struct err *err);
/* The same of a lines build, whose processes leave their profiles in `profiles`, a folder that is the caller's. */
struct target *project_target_profiled(struct project *p, const struct config_harness *h,
	unsigned workers, const char *profiles, struct err *err);
void project_targets_close(struct project *p);

/* Since the last call, names were asked for that this machine refused to look up: a signature made of that is no answer. */
bool project_names_refused(struct project *p);
/* For crash_resolve: names from the campaign's symboliser. */
size_t project_resolve(void *c, const char *module, const char *build_id, uint64_t offset,
	bool is_return, struct crash_frame *out, size_t max);

#endif
