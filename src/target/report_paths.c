/*
 * Reports quote paths bare, between brackets, blanks and colons: a folder called "p (1)", or one with a line feed in it,
 * can't be told from what is around it. So it is written percent-encoded into the text before anybody reads that; whoever
 * opens a file named by a report decodes it.
 */
#include "base/prelude.h"
#include "target/internal.h"
#include "base/escape.h"
#include "base/mem.h"

static void add(struct odd_path *p, const char *path)
{
	struct buf tame = BUF_INIT;

	if (!path)
		return;
	escape_path(&tame, strv_of(path));
	if (strcmp(buf_str(&tame), path) != 0) {
		p->odd = xstrdup(path);
		p->tame = buf_detach(&tame);
	}
	buf_release(&tame);
}

void report_paths_open(struct target *t, const char *exe, const char *root)
{
	/* in this order: the folder may be the beginning of the program's path */
	add(&t->odd_paths[0], exe);
	add(&t->odd_paths[1], root);
}

void report_paths_close(struct target *t)
{
	for (size_t i = 0; i < ARRAY_LEN(t->odd_paths); i++) {
		free(t->odd_paths[i].odd);
		free(t->odd_paths[i].tame);
		t->odd_paths[i] = (struct odd_path){ NULL, NULL };
	}
}

static void tame(const struct odd_path *p, struct buf *text)
{
	struct strv rest = strv_n(buf_str(text), text->len);
	struct buf out = BUF_INIT;
	size_t at;

	if (!p->odd || strv_find(rest, p->odd) == SIZE_MAX)
		return;
	while ((at = strv_find(rest, p->odd)) != SIZE_MAX) {
		buf_addv(&out, strv_sub(rest, 0, at));
		buf_adds(&out, p->tame);
		rest = strv_from(rest, at + strlen(p->odd));
	}
	buf_addv(&out, rest);
	buf_release(text);
	*text = out;
}

void report_paths_tame(const struct target *t, struct buf *text)
{
	for (size_t i = 0; i < ARRAY_LEN(t->odd_paths); i++)
		tame(&t->odd_paths[i], text);
}
