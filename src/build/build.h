/*
 * Variants: one harness built one way. Compiler probing, the OSS-Fuzz build environment, and what changed.
 * Everything built lies in <state>/build/<target>/<variant>/ and is replaced atomically.
 */
#ifndef BUILD_BUILD_H
#define BUILD_BUILD_H

#include "base/err.h"
#include "base/strlist.h"
#include "build/embed.h"
#include "build/toolchain.h"
#include "build/variant.h"
#include "config/config.h"

struct build_result {
	/* owned; NULL when it failed */
	char *exe;
	/* was up to date, nothing was done */
	bool fresh;
	/* the compiler's words when it failed; owned, may be NULL */
	char *log;
	uint64_t ms;
};
void build_result_release(struct build_result *r);

/*
 * Builds what changed (sources, headers by -MD, flags, compiler, runtime). A harness that doesn't build is -1 with
 * the compiler's first words in err and all of them in out->log; others can go on. `override`: another config_build
 * in place of the harness's own (a patched tree), or NULL. jobs: compilers at once.
 */
int build_variant(const struct config *c, const struct config_harness *h,
	const struct config_build *override, enum variant v, const struct toolchain *t,
	unsigned jobs, struct build_result *out, struct err *err);

/*
 * The same for many at once: every compilation of all of them goes through one pool, and a library's objects are
 * compiled once per target and variant. Each want has its own outcome; failing ones stop nothing.
 */
struct build_want {
	const struct config_harness *h;
	/* or NULL */
	const struct config_build *override;
	enum variant v;
	/* of a script: whatever programs it leaves; the harness may have any name */
	bool any;
	/* The outcome: */
	int rc;
	struct err err;
	/* released by the caller */
	struct build_result result;
};
/* -1 when nothing could be done at all (an interrupt, no state directory); the wants are filled in any case. */
int build_many(const struct config *c, struct build_want *wants, size_t n,
	const struct toolchain *t, unsigned jobs, struct err *err);
/* In the directory of an afl variant: what afl-fuzz loads to take inputs from the shared corpus within seconds. */
#define BUILD_AFL_IMPORT ".afl-import.so"
/*
 * Dictionaries of what a harness's code compares with, as far as its afl variant's compilation left such: paths, appended.
 */
void build_words(const struct config *c, const struct config_harness *h, struct strlist *paths);
/* Path where that variant lies once built; the caller frees. */
char *build_path(const struct config *c, const struct config_harness *h,
	const struct config_build *override, enum variant v);

#endif
