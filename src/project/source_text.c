/* Files are read once and looked at again only when their time or size says that they changed. */
#include "base/prelude.h"
#include "project/source_text.h"
#include "base/buf.h"
#include "base/escape.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/strlist.h"
#include <limits.h>
#include <sys/stat.h>

#define SOURCE_MAX ((uint64_t)8 << 20)
#define FILES_MAX 64

struct file {
	char *path;
	struct timespec changed;
	off_t size;
	struct statement_index *index;
};

struct source_text {
	char *dir;
	/* what paths of executables begin with that were made elsewhere, in dir's place; or NULL */
	char *made_in;
	struct strlist roots;
	struct file files[FILES_MAX];
	size_t n, next;
};

void source_text_add_root(struct source_text *t, const char *dir)
{
	char *real = realpath(dir, NULL);

	/* of "/" everything would be a part */
	if (real && real[1])
		strlist_add_once(&t->roots, real);
	free(real);
}

/* The folder in front of the first character that a pattern takes as special. */
static void add_pattern_root(struct source_text *t, const char *pattern)
{
	size_t plain = strcspn(pattern, "*?[\\");
	char *head = xstrndup(pattern, plain), *dir = fs_dirname(head);

	source_text_add_root(t, dir);
	free(head);
	free(dir);
}

struct source_text *source_text_new(const struct config *cfg)
{
	struct source_text *t = xcalloc(1, sizeof(*t));

	t->dir = xstrdup(cfg->dir);
	t->made_in = cfg->made_in ? xstrdup(cfg->made_in) : NULL;
	source_text_add_root(t, cfg->dir);
	/* where compilers and the system have theirs: inline functions of headers */
	source_text_add_root(t, "/usr/include");
	source_text_add_root(t, "/usr/lib/gcc");
	for (size_t i = 0; i < cfg->n_builds; i++) {
		const struct config_build *b = &cfg->builds[i];

		for (size_t k = 0; k < b->sources.n; k++)
			add_pattern_root(t, b->sources.v[k]);
		for (size_t k = 0; k < b->include.n; k++)
			source_text_add_root(t, b->include.v[k]);
	}
	return t;
}

void source_text_free(struct source_text *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->n; i++) {
		free(t->files[i].path);
		statement_index_free(t->files[i].index);
	}
	strlist_release(&t->roots);
	free(t->dir);
	free(t->made_in);
	free(t);
}

char *source_text_allowed(const struct source_text *t, const char *file)
{
	const char *below = t->made_in ? fs_below(t->made_in, file) : file;
	char *full = fs_join(t->dir, below), *real = realpath(full, NULL);
	struct buf plain = BUF_INIT;

	/* as a target wrote it into its report: see target_spec.root */
	if (!real && unescape_path(&plain, strv_of(full)))
		real = realpath(plain.s, NULL);
	buf_release(&plain);
	free(full);
	for (size_t i = 0; real && i < t->roots.n; i++) {
		size_t n = strlen(t->roots.v[i]);

		if (strncmp(real, t->roots.v[i], n) == 0 && real[n] == '/')
			return real;
	}
	free(real);
	return NULL;
}

static bool is_current(const struct file *f, const struct stat *st)
{
	return f->size == st->st_size && f->changed.tv_sec == st->st_mtim.tv_sec &&
	       f->changed.tv_nsec == st->st_mtim.tv_nsec;
}

static struct file *slot_for(struct source_text *t, const char *path)
{
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(t->files[i].path, path) == 0)
			return &t->files[i];
	if (t->n < FILES_MAX)
		return &t->files[t->n++];
	t->next = (t->next + 1) % FILES_MAX;
	return &t->files[t->next];
}

static const struct statement_index *index_of(struct source_text *t, const char *path)
{
	struct file *f = slot_for(t, path);
	struct buf text = BUF_INIT;
	struct stat st;

	if (stat(path, &st) < 0)
		return NULL;
	if (f->path && strcmp(f->path, path) == 0 && is_current(f, &st))
		return f->index;
	free(f->path);
	statement_index_free(f->index);
	*f = (struct file){ .path = xstrdup(path), .changed = st.st_mtim, .size = st.st_size };
	if (fs_read(path, SOURCE_MAX, &text, NULL) == 0)
		f->index = statement_index_new(strv_n(buf_str(&text), text.len));
	buf_release(&text);
	return f->index;
}

bool source_text_statement(
	void *arg, const char *file, unsigned line, unsigned column, struct crash_statement *out)
{
	char *path = source_text_allowed(arg, file);
	const struct statement_index *x = path ? index_of(arg, path) : NULL;

	free(path);
	return x && statement_find(x, line, column, out);
}
