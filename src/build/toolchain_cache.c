/* A text of "key=value" lines, which counts as long as all candidates on PATH are the same files. */
#include "base/prelude.h"
#include "build/toolchain_cache.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/num.h"
#include "base/strv.h"
#include <stdio.h>
#include <sys/stat.h>

#define CACHE_FORMAT "thresh toolchain 6"

/* One field a row: what is cached and released. */
static const struct {
	const char *key;
	size_t off;
} text_fields[] = {
	{ "clang", offsetof(struct toolchain, clang) },
	{ "clangxx", offsetof(struct toolchain, clangxx) },
	{ "clang-version", offsetof(struct toolchain, clang_version) },
	{ "clang-ubsan", offsetof(struct toolchain, clang_ubsan) },
	{ "gcc", offsetof(struct toolchain, gcc) },
	{ "gxx", offsetof(struct toolchain, gxx) },
	{ "gcc-version", offsetof(struct toolchain, gcc_version) },
	{ "gcc-ubsan", offsetof(struct toolchain, gcc_ubsan) },
	{ "afl-cc", offsetof(struct toolchain, afl_cc) },
	{ "afl-cxx", offsetof(struct toolchain, afl_cxx) },
	{ "afl-fuzz", offsetof(struct toolchain, afl_fuzz) },
	{ "afl-version", offsetof(struct toolchain, afl_version) },
	{ "ar", offsetof(struct toolchain, ar) },
	{ "symbolizer", offsetof(struct toolchain, symbolizer) },
	{ "gdb", offsetof(struct toolchain, gdb) },
	{ "profdata", offsetof(struct toolchain, profdata) },
	{ "cov", offsetof(struct toolchain, cov) },
};

static const struct {
	const char *key;
	size_t off;
} bool_fields[] = {
	{ "has-libfuzzer", offsetof(struct toolchain, has_libfuzzer) },
	{ "has-asan", offsetof(struct toolchain, has_asan) },
	{ "has-ubsan", offsetof(struct toolchain, has_ubsan) },
	{ "has-msan", offsetof(struct toolchain, has_msan) },
	{ "gcc-asan", offsetof(struct toolchain, gcc_asan) },
	{ "has-cmplog", offsetof(struct toolchain, has_cmplog) },
	{ "has-dict2file", offsetof(struct toolchain, has_dict2file) },
};

static char **text_at(struct toolchain *t, size_t off)
{
	return (char **)(void *)((char *)t + off);
}

static bool *bool_at(struct toolchain *t, size_t off)
{
	return (bool *)(void *)((char *)t + off);
}

void toolchain_clear(struct toolchain *t)
{
	for (size_t i = 0; i < ARRAY_LEN(text_fields); i++)
		free(*text_at(t, text_fields[i].off));
	*t = (struct toolchain){ 0 };
}

static void add_candidate(struct buf *b, const char *name)
{
	char *path = fs_which(name), *real;
	struct stat st;

	if (!path)
		return;
	real = realpath(path, NULL);
	if (real && stat(real, &st) == 0)
		buf_addf(b, "%s=%s:%lld:%lld.%09ld ", path, real, (long long)st.st_size,
			(long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
	free(real);
	free(path);
}

char *toolchain_candidates(void)
{
	static const char *const names[] = { "clang", "clang++", "gcc", "g++", "afl-fuzz",
		"afl-clang-fast", "afl-clang-fast++", "afl-clang-lto", "ar", "ld", "ld.lld",
		"llvm-ar", "llvm-symbolizer", "llvm-profdata", "llvm-cov", "gdb" };
	static const char *const versioned[] = { "clang", "llvm-symbolizer", "llvm-profdata",
		"llvm-cov" };
	struct buf b = BUF_INIT;
	char name[32];

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		add_candidate(&b, names[i]);
	for (int i = CLANG_OLDEST; i <= CLANG_NEWEST; i++)
		for (size_t k = 0; k < ARRAY_LEN(versioned); k++) {
			snprintf(name, sizeof(name), "%s-%d", versioned[k], i);
			add_candidate(&b, name);
		}
	return buf_detach(&b);
}

static void cache_line(struct toolchain *t, struct strv key, struct strv value)
{
	uint64_t n;

	for (size_t i = 0; i < ARRAY_LEN(text_fields); i++)
		if (strv_eqs(key, text_fields[i].key)) {
			free(*text_at(t, text_fields[i].off));
			*text_at(t, text_fields[i].off) = strv_dup(value);
		}
	for (size_t i = 0; i < ARRAY_LEN(bool_fields); i++)
		if (strv_eqs(key, bool_fields[i].key))
			*bool_at(t, bool_fields[i].off) = strv_eqs(value, "1");
	if (strv_eqs(key, "clang-major") && num_u64(value, &n) == 0)
		t->clang_major = (unsigned)n;
	if (strv_eqs(key, "gcc-major") && num_u64(value, &n) == 0)
		t->gcc_major = (unsigned)n;
}

bool toolchain_recall(struct toolchain *t, const char *path, const char *candidates)
{
	struct buf b = BUF_INIT;
	struct strv text, line, key;
	bool ok = false;

	if (fs_read(path, 1 << 20, &b, NULL) < 0)
		goto out;
	text = strv_n(buf_str(&b), b.len);
	if (!strv_line(&text, &line) || !strv_eqs(line, CACHE_FORMAT) || !strv_line(&text, &line) ||
		!strv_eqs(line, candidates))
		goto out;
	while (strv_line(&text, &line))
		/* a file cut short isn't believed */
		if (strv_eqs(line, "end"))
			ok = true;
		else if (strv_split(&line, '=', &key))
			cache_line(t, key, line);
	if (!ok)
		toolchain_clear(t);
out:
	buf_release(&b);
	return ok;
}

void toolchain_remember(struct toolchain *t, const char *path, const char *candidates)
{
	struct buf b = BUF_INIT;
	struct err err = ERR_INIT;

	buf_addf(&b, "%s\n%s\n", CACHE_FORMAT, candidates);
	for (size_t i = 0; i < ARRAY_LEN(text_fields); i++)
		if (*text_at(t, text_fields[i].off))
			buf_addf(
				&b, "%s=%s\n", text_fields[i].key, *text_at(t, text_fields[i].off));
	for (size_t i = 0; i < ARRAY_LEN(bool_fields); i++)
		buf_addf(&b, "%s=%d\n", bool_fields[i].key, *bool_at(t, bool_fields[i].off));
	buf_addf(&b, "clang-major=%u\ngcc-major=%u\nend\n", t->clang_major, t->gcc_major);
	if (fs_write(path, b.s, b.len, 0600, &err) < 0)
		log_debug("%s: the toolchain isn't remembered", err.msg);
	buf_release(&b);
}
