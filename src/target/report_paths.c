/*
 * Reports quote paths bare, between brackets, blanks and colons: a folder called "p (1)", or one with a line feed in it,
 * can't be told from what is around it. So it is written percent-encoded into the text before anybody reads that; whoever
 * opens a file named by a report decodes it.
 */
#include "base/prelude.h"
#include "target/internal.h"
#include "base/escape.h"
#include "base/mem.h"

void report_paths_open(struct target *t, const char *root)
{
	struct buf tame = BUF_INIT;

	if (!root)
		return;
	escape_path(&tame, strv_of(root));
	if (strcmp(buf_str(&tame), root) != 0) {
		t->odd_root = xstrdup(root);
		t->tame_root = buf_detach(&tame);
	}
	buf_release(&tame);
}

void report_paths_close(struct target *t)
{
	free(t->odd_root);
	free(t->tame_root);
	t->odd_root = t->tame_root = NULL;
}

void report_paths_tame(const struct target *t, struct buf *text)
{
	struct strv rest = strv_n(buf_str(text), text->len);
	struct buf out = BUF_INIT;
	size_t at;

	if (!t->odd_root || strv_find(rest, t->odd_root) == SIZE_MAX)
		return;
	while ((at = strv_find(rest, t->odd_root)) != SIZE_MAX) {
		buf_addv(&out, strv_sub(rest, 0, at));
		buf_adds(&out, t->tame_root);
		rest = strv_from(rest, at + strlen(t->odd_root));
	}
	buf_addv(&out, rest);
	buf_release(text);
	*text = out;
}
