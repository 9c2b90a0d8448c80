#include "base/prelude.h"
#include "scaffold/undoing.h"
#include "base/mem.h"
#include "scaffold/words.h"

int undoing_opposite(const char *make, const char *end)
{
	static const char *const rows[][2] = { { "create", "destroy" }, { "new", "free" },
		{ "new", "delete" }, { "new", "destroy" }, { "alloc", "free" },
		{ "alloc", "dealloc" }, { "open", "close" }, { "construct", "destruct" },
		{ "init", "deinit" }, { "init", "uninit" }, { "init", "fini" },
		{ "init", "destroy" }, { "init", "free" } };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (words_have(make, rows[i][0]) && words_have(end, rows[i][1]))
			return 15;
	return 0;
}

bool undoing_empties(const char *name)
{
	static const char *const words[] = { "clear", "end", NULL };

	return words_have_any(name, words);
}
