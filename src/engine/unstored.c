/* What waits in an engine's folders for a store that takes it. */
#include "base/prelude.h"
#include "engine/unstored.h"
#include "base/fs.h"
#include "base/mem.h"

/* Names below dir that begin as an engine names a failing input. */
static size_t count_failing(const char *work_dir, const char *below)
{
	static const char *const begins[] = { "crash-", "leak-", "timeout-", "oom-", "id:" };
	char *dir = fs_join(work_dir, below);
	struct strlist names = STRLIST_INIT;
	size_t n = 0;

	if (fs_list(dir, &names, NULL) == 0)
		for (size_t i = 0; i < names.n; i++)
			for (size_t k = 0; k < ARRAY_LEN(begins); k++)
				n += strncmp(names.v[i], begins[k], strlen(begins[k])) == 0 &&
				     !strstr(names.v[i], ENGINE_REPORT_EXT);
	strlist_release(&names);
	free(dir);
	return n;
}

size_t engine_unstored(const char *work_dir)
{
	static const char *const places[] = { ENGINE_UNSTORED_DIR, "artifacts",
		"out/default/crashes", "out/default/hangs" };
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(places); i++)
		n += count_failing(work_dir, places[i]);
	return n;
}
