/* What this machine can build with. */
#ifndef BUILD_TOOLCHAIN_H
#define BUILD_TOOLCHAIN_H

#include "base/err.h"

/* What this machine has. All strings owned; NULL: not found. */
struct toolchain {
	/* the newest that links -fsanitize=fuzzer */
	char *clang, *clangxx;
	unsigned clang_major;
	bool has_libfuzzer, has_asan, has_ubsan, has_msan;
	char *gcc, *gxx;
	unsigned gcc_major;
	bool gcc_asan;
	/* afl-clang-fast or afl-clang-lto, as found and working */
	char *afl_cc, *afl_cxx, *afl_fuzz;
	char *afl_version;
	char *symbolizer, *gdb;
	char *clang_version, *gcc_version;
	/* the UBSan checks of OSS-Fuzz's list that it knows, "a,b,c" */
	char *clang_ubsan, *gcc_ubsan;
	char *ar, *profdata, *cov;
	bool has_cmplog, has_dict2file;
};

/*
 * Probes by compiling and running, cached in cache_dir by compiler path, size and time, and where nothing is lacking
 * among what the user's projects share; NULL: no cache.
 */
int toolchain_probe(struct toolchain *t, const char *cache_dir, struct err *err);
/* Of these only what runs builds that were made elsewhere; nothing is tried. */
void toolchain_look(struct toolchain *t);
void toolchain_release(struct toolchain *t);

/* Where what a user's projects share is kept; the caller frees. NULL: there is no such place. */
char *toolchain_users_cache(void);

/* What `thresh doctor` shows. Strings are the toolchain's or static. */
struct toolchain_item {
	/* path, version: NULL when there is none */
	const char *name, *path, *version;
	const char *needed_for;
	/* the command that mends its absence */
	const char *mend;
	/* without it little works; else only what needed_for says */
	bool required;
	/* and seen to work */
	bool found;
};
#define TOOLCHAIN_ITEMS 14
/* Fills out; returns TOOLCHAIN_ITEMS. */
size_t toolchain_items(const struct toolchain *t, struct toolchain_item out[TOOLCHAIN_ITEMS]);

#endif
