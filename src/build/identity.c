/* What tells one compiler from the next: when it changes, what it made is stale. */
#include "base/prelude.h"
#include "build/internal.h"
#include "base/mem.h"
#include <sys/stat.h>

char *tool_identity(const char *exe, const char *version)
{
	char *real = realpath(exe, NULL), *id;
	struct stat st = { 0 };

	if (stat(exe, &st) < 0)
		st.st_size = 0;
	id = xasprintf("%s %s %lld %lld.%ld", real ? real : exe, version ? version : "",
		(long long)st.st_size, (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
	free(real);
	return id;
}

char *compiler_identity(const struct toolchain *t, enum variant v, bool cxx)
{
	const char *cc = variant_cc(t, v, cxx);
	bool afl = variants[v].family == FAMILY_AFL;
	char *own, *both;

	if (!afl)
		return tool_identity(
			cc, cc == t->clang || cc == t->clangxx ? t->clang_version : t->gcc_version);
	/* AFL++'s compiler is a wrapper around clang */
	own = tool_identity(cc, t->afl_version);
	both = xasprintf("%s %s", own, t->clang_version ? t->clang_version : "");
	free(own);
	return both;
}
