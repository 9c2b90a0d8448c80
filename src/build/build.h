/*
 * Variants: one harness built one way. Compiler probing, the OSS-Fuzz build environment, and what changed.
 * Everything built lies in <state>/build/<target>/<variant>/ and is replaced atomically.
 */
#ifndef BUILD_BUILD_H
#define BUILD_BUILD_H

#include "base/err.h"
#include "base/strlist.h"
#include "config/config.h"

enum variant {
	VARIANT_ASAN,      /* clang or gcc: ASan + UBSan, runtime */
	VARIANT_LIBFUZZER, /* clang -fsanitize=fuzzer + ASan + UBSan */
	VARIANT_AFL,       /* afl-clang-fast, persistent, no sanitizer */
	VARIANT_AFL_CMPLOG,
	VARIANT_COV,      /* clang -O2, inline-8bit-counters,pc-table, runtime */
	VARIANT_MSAN,     /* clang, origins, runtime */
	VARIANT_GCC_ASAN, /* gcc ASan + UBSan, runtime: regression proof under another compiler */
	VARIANT_PLAIN,    /* no sanitizer, runtime */
	VARIANT_LINES,    /* clang source-based line coverage, runtime */
	VARIANT_N
};
const char *variant_name(enum variant
		v); /* "asan", "libfuzzer", "afl", "afl-cmplog", "cov", "msan", "gcc-asan", "plain", "lines" */
int variant_parse(const char *name, enum variant *out);

/* What this machine has. All strings owned; NULL: not found. */
struct toolchain {
	char *clang, *clangxx; /* the newest that links -fsanitize=fuzzer */
	unsigned clang_major;
	bool has_libfuzzer, has_asan, has_ubsan, has_msan;
	char *gcc, *gxx;
	unsigned gcc_major;
	bool gcc_asan;
	char *afl_cc, *afl_cxx,
		*afl_fuzz; /* afl-clang-fast or afl-clang-lto, as found and working */
	char *afl_version;
	char *symbolizer, *gdb;
	char *clang_version, *gcc_version;
	char *clang_ubsan,
		*gcc_ubsan; /* the UBSan checks of OSS-Fuzz's list that it knows, "a,b,c" */
	char *ar, *profdata, *cov;
	bool has_cmplog;
};

/*
 * Probes by compiling and running, cached in cache_dir by compiler path, size and time, and where nothing is lacking among
 * what the user's projects share; NULL: no cache.
 */
int toolchain_probe(struct toolchain *t, const char *cache_dir, struct err *err);
void toolchain_release(struct toolchain *t);

/* What `thresh doctor` shows. Strings are the toolchain's or static. */
struct toolchain_item {
	const char *name, *path, *version; /* path, version: NULL when there is none */
	const char *needed_for;
	const char *mend; /* the command that mends its absence */
	bool required;    /* without it little works; else only what needed_for says */
	bool found;       /* and seen to work */
};
#define TOOLCHAIN_ITEMS 12
/* Fills out; returns TOOLCHAIN_ITEMS. */
size_t toolchain_items(const struct toolchain *t, struct toolchain_item out[TOOLCHAIN_ITEMS]);
/* NULL when that variant can be built with these tools; else what is missing, a static string. */
const char *toolchain_lacks(const struct toolchain *t, enum variant v);

struct build_result {
	char *exe;  /* owned; NULL when it failed */
	bool fresh; /* was up to date, nothing was done */
	char *log;  /* the compiler's words when it failed; owned, may be NULL */
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
	const struct config_build *override; /* or NULL */
	enum variant v;
	/* The outcome: */
	int rc;
	struct err err;
	struct build_result result; /* released by the caller */
};
/* -1 when nothing could be done at all (an interrupt, no state directory); the wants are filled in any case. */
int build_many(const struct config *c, struct build_want *wants, size_t n,
	const struct toolchain *t, unsigned jobs, struct err *err);
/* In the directory of an afl variant: what afl-fuzz loads to take inputs from the shared corpus within seconds. */
#define BUILD_AFL_IMPORT ".afl-import.so"
/* What the project's `sanitizers` say: false for msan where "memory" isn't among them. */
bool build_wants(const struct config_build *b, enum variant v);
/* Path where that variant lies once built; the caller frees. */
char *build_path(const struct config *c, const struct config_harness *h,
	const struct config_build *override, enum variant v);

/* The runtime's sources as they are inside this program: written out where a build needs them. */
extern const char runtime_replay_c[];
extern const size_t runtime_replay_c_len;
extern const char runtime_thresh_h[]; /* beside harnesses */
extern const size_t runtime_thresh_h_len;
extern const char runtime_faults_c[]; /* faults.c in a user's tree: alloc.c, new.c, libc.c */
extern const size_t runtime_faults_c_len;

/* All of them, in the order of their names; ends with a NULL name. */
struct runtime_file {
	const char *name;
	const char *text;
	size_t len;
};
const struct runtime_file *runtime_files(void);

#endif
