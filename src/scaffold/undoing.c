#include "base/prelude.h"
#include "scaffold/undoing.h"
#include "base/mem.h"
#include "scaffold/types.h"
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

/* "x_rec_destroy", "x_rec_free" of a type "x_rec" or "x_rec_t", and nothing else. */
static bool is_named_for(const char *name, const char *type)
{
	static const char *const words[] = { "free", "destroy", "unref", "release", "delete",
		"close", NULL };
	struct strv rest = strv_of(name), bare = strv_of(type);
	char *word;
	bool is;

	if (strv_ends(bare, "_t"))
		bare = strv_sub(bare, 0, bare.len - 2);
	if (bare.len < 2 || rest.len <= bare.len || !strv_eq(strv_sub(rest, 0, bare.len), bare) ||
		rest.s[bare.len] != '_')
		return false;
	word = strv_dup(strv_from(rest, bare.len + 1));
	is = words_among(word, words);
	free(word);
	return is;
}

bool undoing_by_name(const struct proto *end, const char *type)
{
	const struct proto_param *q = end->params;
	const char *max;

	return end->n_params == 1 && q->depth == 1 && !q->is_callback &&
	       (strcmp(q->canon, "void") == 0 || (!proto_byte(q) && !proto_integer(q, &max))) &&
	       is_named_for(end->name, type);
}
