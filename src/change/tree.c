/*
 * A private index is read from the commit and checked out below the folder: no worktree that git would have to forget. The
 * root's name is made as long as the checkout's, since builds have names of files in them, and are compared.
 */
#include "base/prelude.h"
#include "change/tree.h"
#include "base/copy.h"
#include "base/fs.h"
#include "base/include.h"
#include "base/mem.h"
#include "proc/lock.h"
#include "project/git.h"
#include <errno.h>
#include <unistd.h>

/* of the state folder: where the tree lies, while it does */
#define NOTE "change.tree"
#define NOTE_MAX ((uint64_t)1 << 16)
#define PREFIX "tc"
#define CONFIG_MAX ((uint64_t)16 << 20)
#define SEGMENT_MAX 200

static char *git_word(const struct project *p, const char *const *argv, struct err *err)
{
	struct buf b = BUF_INIT;
	int rc = git_run(p->cfg->dir, argv, NULL, &b, err);
	char *word = buf_detach(&b);

	if (rc == 0)
		return word;
	free(word);
	return NULL;
}

/* TMP/xxx/... of that length; shorter ones there are none. */
static char *root_of_length(const char *tmp, size_t length)
{
	struct buf b = BUF_INIT;

	buf_adds(&b, tmp);
	do {
		size_t left = length > b.len + 1 ? length - b.len - 1 : 1,
		       n = MIN(left, SEGMENT_MAX);

		/* what is left has to hold a slash and a letter */
		if (left > n && left - n < 2)
			n -= 2;
		buf_addch(&b, '/');
		for (size_t i = 0; i < n; i++)
			buf_addch(&b, 'b');
	} while (b.len + 1 < length);
	return buf_detach(&b);
}

/* What lies at `rel` below a tree's top; "": the top itself. */
static char *path_at(const char *top, const char *rel)
{
	return *rel ? fs_join(top, rel) : xstrdup(top);
}

/* The commit of a repository, which lies at `rel` below the top: of the top's, or of a submodule's. */
static int check_out(struct tree *t, const char *rel, const char *commit, struct err *err)
{
	char *from = path_at(t->top, rel);
	char *to = path_at(t->root, rel);
	char *index = xasprintf("GIT_INDEX_FILE=%s/index", t->tmp);
	char *prefix = xasprintf("--prefix=%s/", to);
	const char *env[] = { index, NULL };
	const char *read[] = { "read-tree", commit, NULL };
	const char *checkout[] = { "checkout-index", "-a", "-f", "-q", prefix, NULL };
	int rc = fs_mkdirs(to, err);

	if (rc == 0)
		rc = git_run(from, read, env, NULL, err);
	/* from the top: it takes the part below the folder that it stands in for all */
	if (rc == 0)
		rc = git_run(from, checkout, env, NULL, err);
	free(from);
	free(to);
	free(index);
	free(prefix);
	return rc;
}

static bool is_scripted(const struct project *p)
{
	for (size_t i = 0; i < p->cfg->n_builds; i++)
		if (p->cfg->builds[i].script)
			return true;
	return false;
}

/* What is there already stays. */
static int bring(const struct project *p, const char *from, const char *to, struct err *err)
{
	char *dir = fs_dirname(to);
	int rc = 0;

	if (!fs_exists(to)) {
		rc = fs_mkdirs(dir, err);
		/* scripts build in copies, whose links would lead to the user's own files */
		if (rc == 0 && is_scripted(p))
			rc = copy_tree(from, to, err);
		else if (rc == 0 && symlink(from, to) < 0)
			rc = err_errno(err, "%s", to);
	}
	free(dir);
	return rc;
}

/* A path of the repository's; a folder's may end in a slash. */
static int bring_one(const struct project *p, struct tree *t, const char *name, struct err *err)
{
	char *from = fs_join(t->top, name), *to = fs_join(t->root, name);
	int rc = 0;

	if (from[strlen(from) - 1] == '/')
		from[strlen(from) - 1] = '\0';
	if (to[strlen(to) - 1] == '/')
		to[strlen(to) - 1] = '\0';
	if (!strv_starts(strv_of(p->state_dir), from) && !strv_starts(strv_of(from), p->state_dir))
		rc = bring(p, from, to, err);
	free(from);
	free(to);
	return rc;
}

/* Files that git doesn't know, of the repository at `rel`; folders of nothing else as one. */
static int bring_others(const struct project *p, struct tree *t, const char *rel, struct err *err)
{
	const char *ignored[] = { "ls-files", "-z", "--others", "--ignored", "--exclude-standard",
		"--directory", NULL };
	char *dir = path_at(t->top, rel);
	struct buf b = BUF_INIT;
	struct strv rest, name;
	int rc = git_run(dir, ignored, NULL, &b, err);

	rest = strv_n(buf_str(&b), b.len);
	while (rc == 0 && rest.len && strv_split(&rest, '\0', &name)) {
		char *one = *rel ? xasprintf("%s/" STRV_FMT, rel, STRV_ARG(name)) : strv_dup(name);

		if (name.len)
			rc = bring_one(p, t, one, err);
		free(one);
	}
	buf_release(&b);
	free(dir);
	return rc;
}

static int make_tree(const struct project *p, struct tree *t, const char *rel, const char *commit,
	struct err *err);

/* One that isn't checked out is as empty in the checkout: what builds without it does so twice. */
static int make_submodule(const struct project *p, struct tree *t, const char *rel,
	const char *commit, struct err *err)
{
	char *git = xasprintf("%s/%s/.git", t->top, rel);
	int rc = fs_exists(git) ? make_tree(p, t, rel, commit, err) : 0;

	if (rc < 0)
		err_prefix(err,
			"%s: the submodule's commit of then, %.12s, can't be checked out; is it "
			"here? `git -C %s fetch`",
			rel, commit, rel);
	free(git);
	return rc;
}

/* A repository's commit, with what git doesn't know, and the same for its submodules. */
static int make_tree(const struct project *p, struct tree *t, const char *rel, const char *commit,
	struct err *err)
{
	const char *list[] = { "ls-tree", "-r", "-z", "--full-tree", commit, NULL };
	char *dir = path_at(t->top, rel);
	struct buf b = BUF_INIT;
	struct strv rest, entry, word;
	int rc = check_out(t, rel, commit, err);

	if (rc == 0)
		rc = bring_others(p, t, rel, err);
	if (rc == 0)
		rc = git_run(dir, list, NULL, &b, err);
	rest = strv_n(buf_str(&b), b.len);
	/* "160000 commit ID\tPATH" */
	while (rc == 0 && rest.len && strv_split(&rest, '\0', &entry)) {
		char *id, *path;

		if (!strv_split(&entry, ' ', &word) || !strv_eqs(word, "160000") ||
			!strv_split(&entry, ' ', &word) || !strv_split(&entry, '\t', &word))
			continue;
		id = strv_dup(word);
		path = *rel ? xasprintf("%s/" STRV_FMT, rel, STRV_ARG(entry)) : strv_dup(entry);
		rc = make_submodule(p, t, path, id, err);
		free(id);
		free(path);
	}
	buf_release(&b);
	free(dir);
	return rc;
}

static int find_changes(struct tree *t, struct err *err)
{
	const char *diff[] = { "diff", "-U0", "--no-prefix", "--no-color", "--no-ext-diff",
		"--no-textconv", "--no-renames", "--submodule=diff", t->commit, "--", NULL };
	const char *fresh[] = { "ls-files", "-z", "--others", "--exclude-standard", NULL };
	struct buf b = BUF_INIT;
	struct strv rest, name;
	int rc = git_run(t->top, diff, NULL, &b, err);

	if (rc == 0) {
		diff_parse(strv_n(buf_str(&b), b.len), &t->diff);
		buf_reset(&b);
		rc = git_run(t->top, fresh, NULL, &b, err);
	}
	rest = strv_n(buf_str(&b), b.len);
	while (rc == 0 && rest.len && strv_split(&rest, '\0', &name)) {
		char *one = strv_dup(name);

		if (*one)
			diff_add_whole(&t->diff, one);
		free(one);
	}
	buf_release(&b);
	return rc;
}

/* What the commit hasn't of it, a file or a folder; what comes is the same for both, and no change. */
static int bring_same(
	const struct project *p, struct tree *t, const char *from, const char *to, struct err *err)
{
	struct strlist paths = STRLIST_INIT;
	int rc = 0;

	if (!fs_exists(to)) {
		rc = bring(p, from, to, err);
		fs_walk(from, &paths, NULL);
	}
	for (size_t i = 0; i < paths.n; i++)
		diff_forget(&t->diff, tree_relative(t, paths.v[i]));
	strlist_release(&paths);
	return rc;
}

/* Does the text include the file, in quotes, with whatever folder in front? */
static bool includes(const struct buf *text, const char *file)
{
	struct strv rest = strv_n(buf_str(text), text->len), line, name;

	while (strv_line(&rest, &line))
		if (include_quoted(line, &name) && strv_ends(name, file) &&
			(name.len == strlen(file) || name.s[name.len - strlen(file) - 1] == '/'))
			return true;
	return false;
}

/* The harness, and the headers that it includes from beside it: the rest of the folder is what is compared. */
static int bring_alone(const struct project *p, struct tree *t, const char *source, const char *dir,
	const char *to, struct err *err)
{
	struct strlist names = STRLIST_INIT;
	struct buf text = BUF_INIT;
	int rc = fs_read(source, CONFIG_MAX, &text, err);

	if (rc == 0)
		rc = fs_list(dir, &names, err);
	for (size_t i = 0; rc == 0 && i < names.n; i++) {
		char *a = fs_join(dir, names.v[i]), *b = fs_join(to, names.v[i]);

		if (fs_is_file(a) && (strcmp(names.v[i], fs_basename(source)) == 0 ||
					     includes(&text, names.v[i])))
			rc = bring_same(p, t, a, b, err);
		free(a);
		free(b);
	}
	strlist_release(&names);
	buf_release(&text);
	return rc;
}

/* A folder of harnesses that the commit has nothing of comes as a whole. */
static int bring_beside(
	const struct project *p, struct tree *t, const char *source, struct err *err)
{
	char *dir = fs_dirname(source), *to = NULL;
	const char *below = tree_relative(t, source);
	int rc = 0;

	/* elsewhere: the same for both */
	if (below) {
		char *path = fs_join(t->root, below);

		to = fs_dirname(path);
		rc = fs_exists(to) ? bring_alone(p, t, source, dir, to, err)
				   : bring_same(p, t, dir, to, err);
		free(path);
	}
	free(to);
	free(dir);
	return rc;
}

/* Today's project file comes with today's harnesses: whoever has just begun compares old code, too. */
static int bring_harnesses(const struct project *p, struct tree *t, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < p->cfg->n_harnesses; i++)
		if (p->cfg->harnesses[i].source)
			rc = bring_beside(p, t, p->cfg->harnesses[i].source, err);
	return rc;
}

/* The commit's own project file; where it has none, or one that can't be read, today's. */
static struct config *project_file(const struct project *p, struct tree *t, struct err *err)
{
	char *own = fs_join(t->dir, fs_basename(p->cfg->path));
	struct config *cfg = config_load(own, NULL);

	if (!cfg && fs_mkdirs(t->dir, err) == 0 && fs_copy(p->cfg->path, own, 0600, err) == 0 &&
		bring_harnesses(p, t, err) == 0)
		cfg = config_load(own, err);
	free(own);
	return cfg;
}

static int open_project(const struct project *p, struct tree *t, struct err *err)
{
	struct config *cfg = project_file(p, t, err);

	if (!cfg)
		return -1;
	/* the checkout's, perhaps a team's: nothing of the comparison goes there */
	cfg->store = arena_printf(&cfg->arena, "sqlite:%s/thresh.db", cfg->state_dir);
	t->p = project_open_take(cfg, err);
	if (!t->p)
		return -1;
	/* links lead there: a failure has the same statement, and name, in both */
	if (t->p->sources)
		source_text_add_root(t->p->sources, t->top);
	return 0;
}

static bool never(void *arg)
{
	(void)arg;
	return false;
}

static int lock(const struct project *p, struct err *err)
{
	const struct lock_wait how = { .say_ms = UINT64_MAX, .numbered = true, .go_on = never };
	char *path = fs_join(p->state_dir, "change.lock");
	int fd = lock_wait(path, &how, err);

	if (fd < 0)
		err_prefix(err, "another check of a change of this project is under way");
	free(path);
	return fd;
}

/* A fresh folder; one that a killed check left goes. Only what has our name: the file may be anybody's. */
static int make_folder(struct tree *t, struct err *err)
{
	char *note = fs_join(t->of->state_dir, NOTE);
	struct buf left = BUF_INIT;
	int rc = -1;

	if (fs_read(note, NOTE_MAX, &left, NULL) == 0 && *buf_str(&left) == '/' &&
		strncmp(fs_basename(left.s), PREFIX "-", sizeof(PREFIX)) == 0)
		fs_remove_tree(left.s, NULL);
	t->tmp = fs_tmpdir(PREFIX, err);
	if (t->tmp)
		rc = fs_write(note, t->tmp, strlen(t->tmp), 0600, err);
	buf_release(&left);
	free(note);
	return rc;
}

int tree_open(struct project *p, const char *rev, struct tree *out, struct err *err)
{
	char *commit = xasprintf("%s^{commit}", rev);
	const char *resolve[] = { "rev-parse", "--verify", "--quiet", "--end-of-options", commit,
		NULL };
	const char *top[] = { "rev-parse", "--show-toplevel", NULL };
	const char *prefix[] = { "rev-parse", "--show-prefix", NULL };
	int rc = -1;

	*out = (struct tree){ .of = p, .lock = -1 };
	out->top = git_word(p, top, err);
	out->prefix = out->top ? git_word(p, prefix, err) : NULL;
	if (!out->prefix)
		goto out;
	out->commit = git_word(p, resolve, NULL);
	if (!out->commit) {
		err_usage(err, "%s: no such commit here", rev);
		goto out;
	}
	out->lock = lock(p, err);
	if (out->lock < 0 || make_folder(out, err) < 0)
		goto out;
	out->root = root_of_length(out->tmp, strlen(out->top));
	out->dir = path_at(out->root, out->prefix);
	if (out->dir[strlen(out->dir) - 1] == '/')
		out->dir[strlen(out->dir) - 1] = '\0';
	if (make_tree(p, out, "", out->commit, err) == 0 && find_changes(out, err) == 0)
		rc = open_project(p, out, err);
out:
	free(commit);
	if (rc < 0)
		tree_close(out);
	return rc;
}

void tree_close(struct tree *t)
{
	project_close(t->p);
	/* of links only the links */
	if (t->tmp && fs_remove_tree(t->tmp, NULL) == 0) {
		char *note = fs_join(t->of->state_dir, NOTE);

		fs_remove(note, NULL);
		free(note);
	}
	if (t->lock >= 0)
		close(t->lock);
	free(t->tmp);
	free(t->root);
	free(t->dir);
	free(t->top);
	free(t->prefix);
	free(t->commit);
	diff_release(&t->diff);
	*t = (struct tree){ .lock = -1 };
}

const char *tree_relative(const struct tree *t, const char *path)
{
	const char *rest = fs_below(t->top, path);

	return rest == path ? NULL : rest;
}
