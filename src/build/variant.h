/* What each variant of a harness is. */
#ifndef BUILD_VARIANT_H
#define BUILD_VARIANT_H

#include "build/toolchain.h"
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
/* NULL when that variant can be built with these tools; else what is missing, a static string. */
const char *toolchain_lacks(const struct toolchain *t, enum variant v);
/* What the project's `sanitizers` say: false for msan where "memory" isn't among them. */
bool build_wants(const struct config_build *b, enum variant v);

#endif
