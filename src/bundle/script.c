/*
 * Capsules of projects that build themselves: the tree as the script is given it, less what version control ignores,
 * and the environment that thresh gives the script, in shell.
 */
#include "base/prelude.h"
#include "bundle/internal.h"
#include "base/copy.h"
#include "base/escape.h"
#include "base/fs.h"
#include "base/mem.h"
#include "project/sources.h"
#include <sys/stat.h>

#define TREE_MAX ((uint64_t)512 << 20)

/* Paths relative to the project: what git knows or would take; without git, all there is. */
static int list_tree(struct bundle *k, struct strlist *out, struct err *err)
{
	const char *dir = k->project->cfg->dir;
	const char *git[] = { "git", "-C", dir, "ls-files", "-z", "--cached", "--others",
		"--exclude-standard", "--", ".", NULL };
	const char *find[] = { "find", ".", "(", "-name", ".git", "-o", "-name", ".thresh", ")",
		"-prune", "-o", "!", "-type", "d", "-print0", NULL };
	char *state = sources_relative(dir, k->project->state_dir);
	struct proc_result r = { 0 };
	struct strv rest, path;
	int rc = -1;

	if (bundle_run(git, NULL, NULL, &r, NULL) < 0 || r.status != 0) {
		proc_result_release(&r);
		if (bundle_run(find, dir, NULL, &r, err) < 0)
			goto out;
		if (r.status != 0) {
			err_set(err, "%s: its files can't be listed", dir);
			goto out;
		}
	}
	/* a capsule without the files in the middle of the list would be made, and fail elsewhere */
	if (r.out_dropped) {
		err_set(err, "%s: too many files to list", dir);
		goto out;
	}
	rest = strv_n(buf_str(&r.out), r.out.len);
	while (strv_split(&rest, '\0', &path)) {
		size_t n = strlen(state);

		strv_skip(&path, "./");
		if (path.len && !(path.len > n && strv_starts(path, state) && path.s[n] == '/'))
			strlist_add_take(out, strv_dup(path));
	}
	rc = 0;
out:
	proc_result_release(&r);
	free(state);
	return rc;
}

/* What is in git's index may be gone from the disk; what is there must not be too much. */
static int check_tree(const struct bundle *k, struct strlist *paths, struct err *err)
{
	struct strlist there = STRLIST_INIT;
	uint64_t size = 0;

	for (size_t i = 0; i < paths->n; i++) {
		char *full = fs_join(k->project->cfg->dir, paths->v[i]);
		struct stat st;

		if (lstat(full, &st) == 0 && !S_ISDIR(st.st_mode)) {
			size += (uint64_t)st.st_size;
			strlist_add(&there, paths->v[i]);
		}
		free(full);
	}
	strlist_release(paths);
	*paths = there;
	if (size > TREE_MAX)
		return err_usage(err, "%s: more than %llu MiB of sources; too much for a capsule",
			k->project->cfg->dir, (unsigned long long)(TREE_MAX >> 20));
	return 0;
}

/* With its time, which make(1) looks at. */
static int copy_one(struct bundle *k, const char *top, const char *path, struct err *err)
{
	char *from = fs_join(k->project->cfg->dir, path), *to = fs_join(top, path),
	     *dir = fs_dirname(to);
	int rc = fs_mkdirs(dir, err);

	if (rc == 0)
		rc = copy_tree(from, to, err);
	free(from);
	free(to);
	free(dir);
	return rc;
}

int bundle_add_tree(struct bundle *k, struct err *err)
{
	char *rel = sources_relative(k->project->cfg->dir, k->h->build->script),
	     *to = fs_join(k->dir, "src");
	struct strlist paths = STRLIST_INIT;
	int rc = -1;

	if (strncmp(rel, "..", 2) == 0)
		err_usage(err, "%s: lies outside the project, so a capsule can't hold it",
			k->h->build->script);
	else if (fs_mkdirs(to, err) == 0 && list_tree(k, &paths, err) == 0 &&
		 check_tree(k, &paths, err) == 0)
		rc = 0;
	if (rc == 0)
		strlist_add_once(&paths, rel);
	for (size_t i = 0; rc == 0 && i < paths.n; i++)
		rc = copy_one(k, to, paths.v[i], err);
	strlist_release(&paths);
	free(rel);
	free(to);
	return rc;
}

static void add_quoted(struct buf *b, const char *name, const char *value)
{
	buf_addf(b, "%s=", name);
	escape_shell(b, strv_of(value));
	buf_addch(b, '\n');
}

/* NAME="$flags and the project's own", with the tree's place taken out of what reports show. */
static void add_flags_of(struct buf *b, const char *name, const struct config_strs *own)
{
	buf_addf(b, "%s=\"$flags -ffile-prefix-map=$tree=src\"", name);
	for (size_t i = 0; i < own->n; i++) {
		buf_adds(b, "' '");
		escape_shell(b, strv_of(own->v[i]));
	}
	buf_addch(b, '\n');
}

static const char build_body[] =
	"FUZZING_ENGINE=none FUZZING_LANGUAGE=c++ ARCHITECTURE=$(uname -m)\n"
	"LIB_FUZZING_ENGINE=$out/main.o SRC=$out/src WORK=$out/work OUT=$out/out\n"
	"export CC CXX CFLAGS CXXFLAGS SANITIZER FUZZING_ENGINE FUZZING_LANGUAGE ARCHITECTURE "
	"LIB_FUZZING_ENGINE SRC\n"
	"export WORK OUT PROJECT_NAME\n"
	"mkdir -p \"$tree\" \"$WORK\" \"$OUT\" && cp -Rp src/. \"$tree\" || exit 2\n"
	"for file in \"$PWD/src/$(dirname \"$script\")\"/*; do\n"
	"\tif [ -f \"$file\" ]; then ln -sf \"$file\" \"$SRC/\"; fi\n"
	"done\n"
	"$CC $flags -O0 -c replay.c -o \"$out/main.o\" || exit 2\n"
	"# its #! line counts where it may be executed; else it is bash's\n"
	"case $(head -c 2 \"$tree/$script\") in '#!') [ -x \"$tree/$script\" ] && shell= || "
	"shell=bash ;; *) shell=bash ;; esac\n"
	"if ! (cd \"$tree\" && ASAN_OPTIONS=detect_leaks=0 $shell \"$tree/$script\") "
	">\"$out/log\" 2>&1; then\n"
	"\tcat \"$out/log\" >&2\n"
	"\texit 2\n"
	"fi\n"
	"if [ ! -x \"$OUT/$harness\" ]; then\n"
	"\techo \"$script left no $harness\" >&2\n"
	"\texit 2\n"
	"fi\n"
	"ln -s \"$OUT/$harness\" \"$out/replay\"\n\n";

void bundle_add_build(struct buf *b, struct bundle *k)
{
	const struct config_build *build = k->h->build;
	const char *project = k->project->cfg->project && *k->project->cfg->project
				      ? k->project->cfg->project
				      : "project";
	char *rel = sources_relative(k->project->cfg->dir, build->script);

	add_quoted(b, "script", rel);
	add_quoted(b, "harness", k->h->name);
	add_quoted(b, "PROJECT_NAME", project);
	add_quoted(b, "SANITIZER", k->msan ? "memory" : "address");
	buf_adds(b, "tree=$out/src/$PROJECT_NAME\n");
	add_flags_of(b, "CFLAGS", &build->cflags);
	add_flags_of(b, "CXXFLAGS", build->cxxflags.n ? &build->cxxflags : &build->cflags);
	buf_adds(b, build_body);
	free(rel);
}
