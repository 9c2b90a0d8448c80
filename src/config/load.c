/*
 * Finding and reading thresh.yaml: here, or in the nearest parent, as far as the project reaches. Never further:
 * somebody else's file in /tmp or /home would run its commands.
 */
#include "base/prelude.h"
#include "config/load.h"
#include "base/fs.h"
#include "base/mem.h"
#include "config/config.h"
#include "config/doc.h"
#include "config/parse.h"
#include <sys/stat.h>
#include <unistd.h>

#define FILE_NAME "thresh.yaml"

static bool has(const char *dir, const char *name)
{
	char *path = fs_join(dir, name);
	bool yes = fs_exists(path);

	free(path);
	return yes;
}

/* Where the search ends: at the top of a git work tree, of a file system, or of everything. */
static bool is_top(const char *dir, const char *parent)
{
	struct stat a, b;

	return strcmp(dir, "/") == 0 || has(dir, ".git") || stat(dir, &a) < 0 ||
	       stat(parent, &b) < 0 || a.st_dev != b.st_dev;
}

/*
 * The file's absolute path, and in *shown how it is called from here ("../thresh.yaml"). The caller frees both.
 */
static char *search(char **shown, struct err *err)
{
	struct buf up = BUF_INIT;
	char *dir = getcwd(NULL, 0), *found = NULL, *parent;
	bool top = false;

	if (!dir)
		err_errno(err, "the current directory");
	while (dir && !found && !top) {
		if (has(dir, FILE_NAME)) {
			found = fs_join(dir, FILE_NAME);
			buf_adds(&up, FILE_NAME);
			break;
		}
		/* passed over it would be searched for in vain */
		if (has(dir, "thresh.yml")) {
			err_usage(err, "%sthresh.yml: must be called " FILE_NAME, buf_str(&up));
			break;
		}
		parent = fs_dirname(dir);
		top = is_top(dir, parent);
		free(dir);
		dir = parent;
		buf_adds(&up, "../");
	}
	if (top)
		err_usage(err, "no " FILE_NAME " here or above; `thresh init` writes one");
	free(dir);
	*shown = buf_detach(&up);
	return found;
}

/* The directory of an absolute path without links and dots in it, so that it stays true elsewhere. */
static char *clean_dirname(const char *path)
{
	char *dir = fs_dirname(path), *real = realpath(dir, NULL);

	if (!real)
		return dir;
	free(dir);
	return real;
}

static struct config *load_file(const char *path, const char *shown, struct err *err)
{
	struct buf text = BUF_INIT;
	struct config *c = NULL;
	char *dir = clean_dirname(path);

	if (!fs_exists(path))
		err_usage(err, "%s: no such file; `thresh init` writes one", shown);
	else if (fs_read(path, DOC_MAX, &text, err) == 0)
		c = config_parse(strv_n(buf_str(&text), text.len), shown, dir, err);
	free(dir);
	buf_release(&text);
	return c;
}

static struct {
	char *dir, *path; /* path: of the project file that has it */
} state;

void config_set_state(const char *dir)
{
	free(state.dir);
	state.dir = fs_abspath(dir);
}

static void move_state(struct config *c)
{
	char *usual = xasprintf("sqlite:%s/thresh.db", c->state_dir);

	if (state.dir && !state.path)
		state.path = xstrdup(c->path);
	if (state.dir && strcmp(state.path, c->path) == 0) {
		c->state_dir = arena_strdup(&c->arena, state.dir);
		if (strcmp(c->store, usual) == 0)
			c->store = arena_printf(&c->arena, "sqlite:%s/thresh.db", state.dir);
	}
	free(usual);
}

struct config *config_load(const char *path, struct err *err)
{
	char *full, *shown;
	struct config *c = NULL;

	if (!path) {
		full = search(&shown, err);
	} else if (!*path) {
		err_usage(err, "the name of the project file is empty");
		return NULL;
	} else {
		shown = fs_is_dir(path) ? fs_join(path, FILE_NAME) : xstrdup(path);
		full = fs_abspath(shown);
	}
	if (full)
		c = load_file(full, shown, err);
	if (c)
		move_state(c);
	free(full);
	free(shown);
	return c;
}
