/* What each variant is: a table, and the flags that come out of it. */
#include "base/prelude.h"
#include "base/fs.h"
#include "base/mem.h"
#include "build/internal.h"

#define CONVENTION " -DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION"
#define DEBUGGABLE "-O1 -g -fno-omit-frame-pointer -fno-common" CONVENTION

const struct variant_def variants[VARIANT_N] = {
	[VARIANT_ASAN] = { "asan", FAMILY_CLANG, ENTRY_RUNTIME, true, false,
		DEBUGGABLE " -fno-optimize-sibling-calls", "", "address", "none" },
	[VARIANT_LIBFUZZER] = { "libfuzzer", FAMILY_CLANG, ENTRY_LIBFUZZER, true, false,
		DEBUGGABLE " -fsanitize=fuzzer-no-link", "-fsanitize=fuzzer", "address",
		"libfuzzer" },
	[VARIANT_LIBFUZZER_PLAIN] = { "libfuzzer-plain", FAMILY_CLANG, ENTRY_LIBFUZZER, false,
		false, "-O2 -g1 -fno-common -fsanitize=fuzzer-no-link" CONVENTION,
		"-fsanitize=fuzzer", "none", "libfuzzer" },
	[VARIANT_AFL] = { "afl", FAMILY_AFL, ENTRY_AFL, false, false,
		"-O2 -g1 -fno-common" CONVENTION, "", "none", "afl" },
	[VARIANT_AFL_CMPLOG] = { "afl-cmplog", FAMILY_AFL, ENTRY_AFL, false, false,
		"-O2 -g1 -fno-common" CONVENTION, "", "none", "afl" },
	[VARIANT_COV] = { "cov", FAMILY_CLANG, ENTRY_RUNTIME, false, false,
		"-O2 -g1 -fno-common -fsanitize-coverage=inline-8bit-counters,pc-table" CONVENTION,
		"", "none", "none" },
	[VARIANT_MSAN] = { "msan", FAMILY_CLANG, ENTRY_RUNTIME, false, true,
		DEBUGGABLE " -fno-optimize-sibling-calls", "", "memory", "none" },
	[VARIANT_GCC_ASAN] = { "gcc-asan", FAMILY_GCC, ENTRY_RUNTIME, true, false,
		DEBUGGABLE " -fno-optimize-sibling-calls", "", "address", "none" },
	[VARIANT_PLAIN] = { "plain", FAMILY_GCC, ENTRY_RUNTIME, false, false, DEBUGGABLE, "",
		"none", "none" },
	[VARIANT_LINES] = { "lines", FAMILY_CLANG, ENTRY_RUNTIME, false, false,
		"-O1 -g -fno-common -fprofile-instr-generate -fcoverage-mapping" CONVENTION,
		"-fprofile-instr-generate", "coverage", "none" },
};

const char *variant_name(enum variant v)
{
	return variants[v].name;
}

int variant_parse(const char *name, enum variant *out)
{
	for (int i = 0; i < VARIANT_N; i++)
		if (strcmp(variants[i].name, name) == 0) {
			*out = (enum variant)i;
			return 0;
		}
	return -1;
}

/* ASan is the triage build's heart; where clang hasn't got it, gcc's stands in. */
static bool by_gcc(const struct toolchain *t, enum variant v)
{
	if (v == VARIANT_ASAN)
		return !t->has_asan && t->gcc_asan;
	if (v == VARIANT_PLAIN)
		return t->gcc != NULL;
	return variants[v].family == FAMILY_GCC;
}

const char *variant_cc(const struct toolchain *t, enum variant v, bool cxx)
{
	if (variants[v].family == FAMILY_AFL)
		return cxx ? t->afl_cxx : t->afl_cc;
	if (by_gcc(t, v))
		return cxx ? t->gxx : t->gcc;
	return cxx ? t->clangxx : t->clang;
}

const char *toolchain_lacks(const struct toolchain *t, enum variant v)
{
	const char *cc = variant_cc(t, v, false);

	if (variants[v].family == FAMILY_AFL)
		return !cc                                         ? "a working AFL++ compiler"
		       : v == VARIANT_AFL_CMPLOG && !t->has_cmplog ? "AFL++'s cmplog passes"
								   : NULL;
	if (!cc)
		return variants[v].family == FAMILY_GCC ? "gcc" : "clang";
	switch (v) {
	case VARIANT_ASAN:
		return t->has_asan || t->gcc_asan ? NULL : "AddressSanitizer's runtime";
	case VARIANT_LIBFUZZER:
	case VARIANT_LIBFUZZER_PLAIN:
		return t->has_libfuzzer ? NULL : "clang's libFuzzer runtime";
	case VARIANT_MSAN:
		return t->has_msan ? NULL : "MemorySanitizer's runtime";
	case VARIANT_GCC_ASAN:
		return t->gcc_asan ? NULL : "gcc's AddressSanitizer";
	default:
		return NULL;
	}
}

struct wanted {
	bool address, undefined, memory;
};

/* All rows of `sanitizers` together: MSan is a variant of its own, the others share one. */
static struct wanted parse_wanted(const struct config_build *b)
{
	struct wanted w = { false, false, false };

	for (size_t i = 0; b && i < b->sanitizers.n; i++) {
		struct strv rest = strv_of(b->sanitizers.v[i]), part;

		while (strv_split(&rest, '+', &part)) {
			w.address |= strv_eqs(part, "address");
			w.undefined |= strv_eqs(part, "undefined");
			w.memory |= strv_eqs(part, "memory");
		}
	}
	if (!w.address && !w.undefined)
		w.address = w.undefined = true; /* triage needs one */
	return w;
}

bool build_wants(const struct config_build *b, enum variant v)
{
	return v != VARIANT_MSAN || parse_wanted(b).memory;
}

static void add_words(struct strlist *out, const char *words)
{
	struct strv rest = strv_of(words), word;

	while (strv_split(&rest, ' ', &word))
		if (word.len)
			strlist_add_take(out, strv_dup(word));
}

static void add_sanitizers(const struct toolchain *t, enum variant v, const struct config_build *b,
	struct strlist *out)
{
	bool gcc = by_gcc(t, v);
	const char *checks = gcc ? t->gcc_ubsan : t->clang_ubsan;
	struct wanted w = parse_wanted(b);

	if (variants[v].memory) {
		add_words(out, "-fsanitize=memory -fsanitize-memory-track-origins");
	} else if (variants[v].address) {
		if (w.address)
			add_words(out, "-fsanitize=address -fsanitize-address-use-after-scope");
		if (w.undefined && checks)
			strlist_addf(out, "-fsanitize=%s", checks);
		/* the engine chooses whether it ends at a report, or goes on: see src/engine/libfuzzer.c */
		strlist_add(out, v == VARIANT_LIBFUZZER ? "-fsanitize-recover=all"
							: "-fno-sanitize-recover=all");
	}
}

void variant_flags(const struct toolchain *t, enum variant v, const struct config_build *b,
	bool link, struct strlist *out)
{
	add_words(out, variants[v].compile);
	add_sanitizers(t, v, b, out);
	if (link)
		add_words(out, variants[v].link);
}

const char *const *variant_env(enum variant v)
{
	/*
	 * AFL++'s wrappers print a banner, and add -O3 of their own after ours; where what is compared goes is each
	 * unit's own
	 */
	static const char *const afl[] = { "AFL_QUIET=1", "LC_ALL=C", "AFL_LLVM_DICT2FILE", NULL };
	static const char *const cmplog[] = { "AFL_QUIET=1", "LC_ALL=C", "AFL_LLVM_CMPLOG=1",
		"AFL_LLVM_DICT2FILE", NULL };
	static const char *const other[] = { "LC_ALL=C", NULL };

	if (v == VARIANT_AFL_CMPLOG)
		return cmplog;
	return v == VARIANT_AFL ? afl : other;
}

static bool has_suffix(const char *path, const char *const *suffixes)
{
	const char *dot = strrchr(fs_basename(path), '.');

	for (; dot && *suffixes; suffixes++)
		if (strcmp(dot, *suffixes) == 0)
			return true;
	return false;
}

bool is_cxx(const char *path)
{
	static const char *const suffixes[] = { ".cc", ".cpp", ".cxx", ".c++", ".C", NULL };

	return has_suffix(path, suffixes);
}

bool is_source(const char *path)
{
	static const char *const suffixes[] = { ".c", ".S", ".s", NULL };

	return is_cxx(path) || has_suffix(path, suffixes);
}
