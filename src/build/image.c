/*
 * Files beside the script are links, as nothing builds in them; folders are copies, or links into the project's copy where
 * they are of it. What a Dockerfile copies lies where it says so, beside that.
 */
#include "base/prelude.h"
#include "build/image.h"
#include "base/buf.h"
#include "base/copy.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define DOCKERFILE_MAX ((uint64_t)1 << 20)

/* The script's folder without "..", so that it is seen to lie below another or not; with it where a link stands in front of that. */
static char *folder_of(const char *script)
{
	char *dir = fs_dirname(script), *tidy = fs_tidy(dir);
	struct stat as_given, as_tidy;

	if (stat(dir, &as_given) == 0 && stat(tidy, &as_tidy) == 0 &&
		as_given.st_dev == as_tidy.st_dev && as_given.st_ino == as_tidy.st_ino) {
		free(dir);
		return tidy;
	}
	free(tidy);
	return dir;
}

void image_read(const char *script, struct image *out)
{
	struct buf text = BUF_INIT;
	char *path;

	*out = (struct image){ .dir = folder_of(script) };
	path = fs_join(out->dir, "Dockerfile");
	if (fs_is_file(path) && fs_read(path, DOCKERFILE_MAX, &text, NULL) == 0) {
		dockerfile_parse(strv_n(buf_str(&text), text.len), &out->docker);
		out->has_docker = true;
	}
	buf_release(&text);
	free(path);
}

void image_release(struct image *im)
{
	free(im->dir);
	dockerfile_release(&im->docker);
	*im = (struct image){ 0 };
}

char *image_project(const struct image *im, const char *name)
{
	char *found = im->has_docker ? docker_project(&im->docker, name) : NULL;

	return found ? found : xstrdup(name);
}

char *image_workdir(const struct image *im, const char *src, const char *tree)
{
	const char *below = im->has_docker ? docker_below(im->docker.workdir) : NULL;

	return below ? fs_join(src, *below ? below : ".") : xstrdup(tree);
}

bool image_has_clone(const struct image *im, const struct docker_clone *c)
{
	char *beside = fs_join(im->dir, fs_basename(c->to));
	bool has = fs_is_dir(beside);

	free(beside);
	return has;
}

/* Beside the script, to where the Dockerfile clones it. */
static int place_clones(const struct image *im, const char *src, const char *tree, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; i < im->docker.n_clones && rc == 0; i++) {
		const struct docker_clone *c = &im->docker.clones[i];
		char *from = fs_join(im->dir, fs_basename(c->to));
		char *to = fs_join(src, docker_below(c->to)), *parent = fs_dirname(to);

		if (strcmp(to, tree) != 0 && !fs_exists(to) && fs_is_dir(from))
			rc = fs_mkdirs(parent, err) < 0 ? -1 : copy_tree(from, to, err);
		free(parent);
		free(to);
		free(from);
	}
	return rc;
}

static int place_beside(const struct image *im, const char *project, const char *src,
	const char *tree, struct err *err)
{
	struct strlist names = STRLIST_INIT;
	/* "" where the script lies in the project's own folder: all of that is in $SRC already */
	bool inside = strcmp(im->dir, project) == 0 || fs_below(project, im->dir) != im->dir;
	int rc = 0;

	if (fs_list(im->dir, &names, NULL) < 0)
		return 0;
	for (size_t i = 0; i < names.n && rc == 0; i++) {
		char *from = fs_join(im->dir, names.v[i]), *to = fs_join(src, names.v[i]);
		char *copied = fs_join(tree, fs_below(project, from));

		/* a convenience only: a script that needs one says so */
		if (names.v[i][0] == '.' || fs_exists(to))
			;
		else if (fs_is_file(from) && symlink(from, to) < 0)
			log_debug("%s: can't link: %s", to, strerror(errno));
		else if (fs_is_dir(from) && strcmp(im->dir, project) != 0 && inside &&
			 symlink(copied, to) < 0)
			log_debug("%s: can't link: %s", to, strerror(errno));
		else if (fs_is_dir(from) && !inside && fs_below(from, project) == project)
			rc = copy_tree(from, to, err);
		free(copied);
		free(to);
		free(from);
	}
	strlist_release(&names);
	return rc;
}

/* One file or folder. Docker copies what a folder holds, not the folder. */
static int copy_one(const char *from, const char *to, bool to_folder, struct err *err)
{
	struct strlist names = STRLIST_INIT;
	char *parent, *target;
	int rc;

	if (!fs_is_dir(from)) {
		target = to_folder || fs_is_dir(to) ? fs_join(to, fs_basename(from)) : xstrdup(to);
		parent = fs_dirname(target);
		rc = fs_mkdirs(parent, err);
		/* as a link beside the script it is there already */
		if (rc == 0 && !fs_exists(target))
			rc = copy_tree(from, target, err);
		free(parent);
		free(target);
		return rc;
	}
	rc = fs_mkdirs(to, err);
	if (rc == 0)
		rc = fs_list(from, &names, err);
	for (size_t i = 0; i < names.n && rc == 0; i++) {
		char *one = fs_join(from, names.v[i]), *at = fs_join(to, names.v[i]);

		if (!fs_exists(at) && strcmp(names.v[i], ".git") != 0)
			rc = copy_tree(one, at, err);
		free(at);
		free(one);
	}
	strlist_release(&names);
	return rc;
}

static int copy_pattern(const struct image *im, const char *project, const struct docker_copy *c,
	const char *pattern, const char *src, struct err *err)
{
	/* of OSS-Fuzz's own folder, or, as ClusterFuzzLite has it, of the project */
	const char *roots[] = { im->dir, project };
	char *to = fs_join(src, *docker_below(c->to) ? docker_below(c->to) : ".");
	int rc = 0;

	for (size_t i = 0; i < ARRAY_LEN(roots); i++) {
		char *path = fs_join(roots[i], pattern);
		glob_t g = { 0 };
		bool found = glob(path, 0, NULL, &g) == 0;

		for (size_t k = 0; found && k < g.gl_pathc && rc == 0; k++)
			/* the project itself is there already */
			if (strcmp(g.gl_pathv[k], project) != 0 &&
				fs_below(g.gl_pathv[k], project) == project)
				rc = copy_one(
					g.gl_pathv[k], to, strv_ends(strv_of(c->to), "/"), err);
		globfree(&g);
		free(path);
		if (found)
			break;
	}
	free(to);
	return rc;
}

int image_fill(const struct image *im, const char *project, const char *src, const char *tree,
	struct err *err)
{
	char *start = image_workdir(im, src, tree);
	int rc = place_clones(im, src, tree, err);

	if (rc == 0)
		rc = place_beside(im, project, src, tree, err);
	for (size_t i = 0; i < im->docker.n_copies && rc == 0; i++) {
		const struct docker_copy *c = &im->docker.copies[i];

		for (size_t k = 0; k < c->from.n && rc == 0; k++)
			rc = copy_pattern(im, project, c, c->from.v[k], src, err);
	}
	if (rc == 0)
		rc = fs_mkdirs(start, err);
	free(start);
	return rc;
}
