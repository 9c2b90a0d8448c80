/* What each variant of a harness is. */
#ifndef BUILD_VARIANT_H
#define BUILD_VARIANT_H

#include "build/toolchain.h"
#include "config/config.h"

enum variant {
	/* clang or gcc: ASan + UBSan, runtime */
	VARIANT_ASAN,
	/* clang -fsanitize=fuzzer + ASan + UBSan */
	VARIANT_LIBFUZZER,
	/* the same without sanitizers: several times as fast */
	VARIANT_LIBFUZZER_PLAIN,
	/* afl-clang-fast, persistent, no sanitizer */
	VARIANT_AFL,
	VARIANT_AFL_CMPLOG,
	/* clang -O2, inline-8bit-counters,pc-table, runtime */
	VARIANT_COV,
	/* clang, origins, runtime */
	VARIANT_MSAN,
	/* gcc ASan + UBSan, runtime: regression proof under another compiler */
	VARIANT_GCC_ASAN,
	/* no sanitizer, runtime */
	VARIANT_PLAIN,
	/* clang source-based line coverage, runtime */
	VARIANT_LINES,
	VARIANT_N
};
/* "asan", "libfuzzer", "libfuzzer-plain", "afl", "afl-cmplog", "cov", "msan", "gcc-asan", "plain", "lines". */
const char *variant_name(enum variant v);
int variant_parse(const char *name, enum variant *out);
/* NULL when that variant can be built with these tools; else what is missing, a static string. */
const char *toolchain_lacks(const struct toolchain *t, enum variant v);
/* What the project's `sanitizers` say: false for msan where "memory" isn't among them. */
bool build_wants(const struct config_build *b, enum variant v);

#endif
