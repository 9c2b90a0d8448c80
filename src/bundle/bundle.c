/*
 * Capsules: gathered in a temporary folder, reproduced in another, and only then put where they were asked for. What
 * is in one depends on nothing of this machine: paths are relative, the compilers are whatever clang is there.
 *
 * Sources that are built one by one are gathered by what they include; what a script builds is taken whole
 * (script.c).
 */
#include "base/prelude.h"
#include "base/copy.h"
#include "base/escape.h"
#include "base/fs.h"
#include "base/include.h"
#include "base/mem.h"
#include "bundle/internal.h"
#include "corpus/archive.h"
#include "proc/given.h"
#include "proc/proc.h"
#include "project/harness_source.h"
#include "project/sources.h"
#include "project/symbolize.h"
#include "regress/cxx.h"
#include "regress/manifest.h"
#include "report/bug_json.h"
#include "report/stack_text.h"
#include "triage/bug_details.h"
#include <stdio.h>
#include <sys/stat.h>

#define FILE_MAX ((uint64_t)64 << 20)
#define HEADERS_MAX 5000

char *bundle_name(const struct bug_rec *b)
{
	return xasprintf("%s-%.8s", b->harness, b->id);
}

static int put(
	struct bundle *k, const char *name, const void *p, size_t n, unsigned mode, struct err *err)
{
	char *path = fs_join(k->dir, name), *dir = fs_dirname(path);
	int rc = fs_mkdirs(dir, err);

	if (rc == 0)
		rc = fs_write(path, p, n, mode, err);
	free(path);
	free(dir);
	return rc;
}

static int add_source(struct bundle *k, const char *path, struct err *err);

/* What a file includes in quotes, from wherever in the project: "../include/lib.h". */
static int add_included(struct bundle *k, const char *path, struct strv text, struct err *err)
{
	char *dir = fs_dirname(path), *top = realpath(k->project->cfg->dir, NULL);
	struct strv line, name;
	int rc = 0;

	while (rc == 0 && top && k->added.n < HEADERS_MAX && strv_line(&text, &line)) {
		char *joined, *real;

		if (!include_quoted(line, &name))
			continue;
		joined = xasprintf("%s/" STRV_FMT, dir, STRV_ARG(name));
		real = realpath(joined, NULL);
		/* "../../../etc/passwd" is no header of the project */
		if (real && fs_is_file(real) && strncmp(real, top, strlen(top)) == 0 &&
			real[strlen(top)] == '/') {
			char *inside = fs_join(k->project->cfg->dir, real + strlen(top) + 1);

			rc = add_source(k, inside, err);
			free(inside);
		}
		free(real);
		free(joined);
	}
	free(top);
	free(dir);
	return rc;
}

/* Below src/, as it lies below the project. */
static int add_source(struct bundle *k, const char *path, struct err *err)
{
	char *rel = sources_relative(k->project->cfg->dir, path), *name;
	struct buf b = BUF_INIT;
	int rc;

	if (strncmp(rel, "..", 2) == 0) {
		err_usage(err, "%s: lies outside the project, so a capsule can't hold it", path);
		free(rel);
		return -1;
	}
	if (strlist_has(&k->added, rel)) {
		free(rel);
		return 0;
	}
	strlist_add(&k->added, rel);
	name = fs_join("src", rel);
	rc = fs_read(path, FILE_MAX, &b, err);
	if (rc == 0)
		rc = put(k, name, buf_str(&b), b.len, 0644, err);
	if (rc == 0)
		rc = add_included(k, path, strv_n(buf_str(&b), b.len), err);
	buf_release(&b);
	free(name);
	free(rel);
	return rc;
}

static bool is_header(const char *path)
{
	static const char *const ends[] = { ".h", ".hh", ".hpp", ".hxx", ".inc", ".def", ".inl",
		".tcc" };

	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		if (strv_ends(strv_of(path), ends[i]))
			return true;
	return false;
}

static int add_headers(struct bundle *k, const char *dir, struct err *err)
{
	struct strlist paths = STRLIST_INIT;
	size_t n = 0;
	int rc = fs_is_dir(dir) ? fs_walk(dir, &paths, err) : 0;

	for (size_t i = 0; rc == 0 && i < paths.n; i++) {
		/* state and version control hold no headers of the project's */
		if (!is_header(paths.v[i]) || strstr(paths.v[i] + strlen(dir), "/."))
			continue;
		if (++n > HEADERS_MAX)
			rc = err_usage(err, "%s: more than %d headers; too much for a capsule", dir,
				HEADERS_MAX);
		else
			rc = add_source(k, paths.v[i], err);
	}
	strlist_release(&paths);
	return rc;
}

/* Sources include each other, too: all of C and C++ that lies beside one comes along. */
static int add_beside(struct bundle *k, const char *source, struct err *err)
{
	char *dir = fs_dirname(source);
	struct strlist names = STRLIST_INIT;
	int rc = fs_list(dir, &names, err);

	for (size_t i = 0; rc == 0 && i < names.n; i++) {
		char *path = fs_join(dir, names.v[i]);

		if (fs_is_file(path) &&
			(is_header(path) || strcmp(path, source) == 0 ||
				(strv_ends(strv_of(path), ".c") && source != k->h->source)))
			rc = add_source(k, path, err);
		free(path);
	}
	strlist_release(&names);
	free(dir);
	return rc;
}

static int add_sources(struct bundle *k, struct err *err)
{
	const struct config_build *b = k->h->build;

	if (b->script)
		return bundle_add_tree(k, err);
	if (!k->h->source)
		return err_usage(err, "%s: it has no source", k->h->name);
	sources_list(b, &k->sources);
	if (add_beside(k, k->h->source, err) < 0)
		return -1;
	for (size_t i = 0; i < k->sources.n; i++)
		if (add_beside(k, k->sources.v[i], err) < 0)
			return -1;
	for (size_t i = 0; i < b->include.n; i++)
		if (add_headers(k, b->include.v[i], err) < 0)
			return -1;
	return 0;
}

static void add_word(struct buf *b, const char *s)
{
	buf_addch(b, ' ');
	escape_shell(b, strv_of(s));
}

static void add_words(struct buf *b, const struct config_strs *s)
{
	for (size_t i = 0; i < s->n; i++)
		add_word(b, s->v[i]);
}

static void add_compile(struct buf *b, struct bundle *k, const char *source, size_t no)
{
	const struct config_build *build = k->h->build;
	bool cxx = regress_is_cxx(source);
	char *rel = sources_relative(k->project->cfg->dir, source), *path = fs_join("src", rel);

	/* as the project builds them, with the capsule's own sanitizer flags in front */
	buf_addf(b, "%s $flags", cxx ? "$CXX" : "$CC");
	for (size_t i = 0; i < build->include.n; i++) {
		char *inc = sources_relative(k->project->cfg->dir, build->include.v[i]),
		     *flag = xasprintf("-Isrc/%s", inc);

		add_word(b, flag);
		free(flag);
		free(inc);
	}
	add_words(b, cxx ? &build->cxxflags : &build->cflags);
	buf_adds(b, " -c");
	add_word(b, path);
	buf_addf(b, " -o \"$out/%zu.o\" || exit 2\n", no);
	free(path);
	free(rel);
}

static const char script_head[] =
	"#!/bin/sh\n"
	"# Builds the harness and runs the input through it. Exit status: 0 it fails as "
	"expected-report.txt says, 1 it\n"
	"# doesn't, 2 it couldn't be built. CC and CXX name other compilers.\n"
	"# With `build DIR` it only builds, into that folder (an absolute path); with `run DIR` it "
	"only runs what is there.\n"
	"set -u\n"
	"cd \"$(dirname \"$0\")\" || exit 2\n"
	"case ${1:-} in\n"
	"build | run) step=$1 out=${2:?a folder} && mkdir -p \"$out\" || exit 2 ;;\n"
	"*) step=both out=$(mktemp -d) || exit 2; trap 'rm -rf \"$out\"' EXIT ;;\n"
	"esac\n";

static const char script_run[] =
	"input=$PWD/input program=$out/replay\n"
	"# what the harness reads is in its working folder, and beside its program; here stays as "
	"it "
	"is\n"
	"if [ -d files ]; then\n"
	"\trm -rf \"$out/folder\" && cp -Rp files \"$out/folder\" || exit 2\n"
	"\tprogram=$out/folder/replay\n"
	"\twhile [ -e \"$program\" ]; do program=${program}_; done\n"
	"\tcp \"$out/replay\" \"$program\" && cd \"$out/folder\" || exit 2\n"
	"fi\n"
	"i=0\n"
	"while [ $i -lt $runs ]; do\n"
	"\ti=$((i + 1))\n"
	"\ttimeout \"$seconds\" \"$program\" --no-fork \"$input\" >\"$out/report\" 2>&1\n"
	"\tstatus=$?\n"
	"\t[ $status = 0 ] || break\n"
	"done\n"
	"cat \"$out/report\"\n"
	"if [ $status = 0 ]; then\n"
	"\techo \"not reproduced: the input passes\" >&2\n"
	"\texit 1\n"
	"fi\n"
	"# names are there only where a symboliser is; in C++ more stands around one\n"
	"if [ -n \"$top\" ] && grep -q ' in [A-Za-z_]' \"$out/report\" && ! grep -qF -e "
	"\"${top##*::}\" "
	"\"$out/report\"; then\n"
	"\techo \"it fails, but not in $top\" >&2\n"
	"\texit 1\n"
	"fi\n"
	"echo \"reproduced\"\n";

static void add_flags(struct buf *b, struct bundle *k)
{
	const char *ubsan = k->project->tools.clang_ubsan;

	buf_adds(b, "flags='-g -O1 -fno-omit-frame-pointer "
		    "-DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION ");
	if (k->msan)
		buf_adds(b, "-fsanitize=memory -fsanitize-memory-track-origins");
	else if (ubsan && *ubsan)
		buf_addf(b, "-fsanitize=address,%s -fno-sanitize-recover=%s", ubsan, ubsan);
	else
		buf_adds(b, "-fsanitize=address");
	buf_adds(b, "'\n");
}

/* The commands that compile what is in src/ into "$out/replay". */
static void add_build(struct buf *b, struct bundle *k)
{
	bool cxx = regress_is_cxx(k->h->source);
	size_t no = 0;

	add_compile(b, k, k->h->source, no++);
	for (size_t i = 0; i < k->sources.n; i++) {
		add_compile(b, k, k->sources.v[i], no++);
		cxx = cxx || regress_is_cxx(k->sources.v[i]);
	}
	/* under sanitizers, -O0 compiles it in a fifth of the time; it has nothing to be fast at */
	buf_addf(b,
		"$CC $flags -O0 -c replay.c -o \"$out/main.o\" || exit 2\n%s $flags \"$out\"/*.o",
		cxx ? "$CXX" : "$CC");
	add_words(b, &k->h->build->ldflags);
	buf_adds(b, " -o \"$out/replay\" || exit 2\n\n");
}

/* The function that a report names first: a bug of the harness's own is called by its file, one without names by an offset. */
static struct strv top_function(const struct bug_rec *bug)
{
	struct strv rest = strv_of(bug->frames), top = { NULL, 0 };

	strv_split(&rest, '|', &top);
	if (strv_contains(top, "+0x"))
		return strv_n("", 0);
	if (strv_chr(top, '.') != SIZE_MAX && strv_chr(top, ':') == SIZE_MAX)
		return STRV("LLVMFuzzerTestOneInput");
	return top;
}

static int write_script(struct bundle *k, struct err *err)
{
	const struct bug_rec *bug = &k->l.bug;
	struct strv top = top_function(bug);
	struct buf b = BUF_INIT;
	int rc;

	buf_adds(&b, script_head);
	buf_adds(&b, "CC=${CC:-clang} CXX=${CXX:-clang++}\n");
	add_flags(&b, k);
	/*
	 * a bug that fails now and then is given as many runs as it needs; a hang has to run into
	 * its limit
	 */
	buf_addf(&b, "runs=%u seconds=%llu top=", manifest_runs(bug->k, bug->n),
		30 + (unsigned long long)k->h->timeout_ms / 100);
	escape_shell(&b, top);
	buf_adds(&b, "\n\nif [ $step != run ]; then\n");
	if (k->h->build->script)
		bundle_add_build(&b, k);
	else
		add_build(&b, k);
	buf_adds(&b, "fi\n[ $step != build ] || exit 0\n\n");
	for (size_t i = 0; i < k->h->env.n; i++) {
		buf_adds(&b, "export");
		add_word(&b, k->h->env.v[i]);
		buf_addch(&b, '\n');
	}
	buf_adds(&b, script_run);
	rc = put(k, "reproduce.sh", b.s, b.len, 0755, err);
	buf_release(&b);
	return rc;
}

/* What one of its links leads to may lie elsewhere: the file itself comes along, by the name that the harness knows. */
static int add_file(struct bundle *k, const char *name, const char *from, struct err *err)
{
	char *to = xasprintf("%s/files/%s", k->dir, name), *dir = fs_dirname(to),
	     *real = realpath(from, NULL);
	int rc = -1;

	if (!real)
		err_errno(err, "%s", from);
	else if (fs_mkdirs(dir, err) == 0)
		rc = copy_tree(real, to, err);
	free(real);
	free(dir);
	free(to);
	return rc;
}

/* What the harness reads; what is in a folder that is given, too, came along with that. */
static int add_files(struct bundle *k, struct err *err)
{
	const struct given g = { k->h->files.v, k->project->cfg->dir };
	struct strlist names = STRLIST_INIT;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < k->h->files.n; i++) {
		char *name = given_name(&g, k->h->files.v[i], err);

		rc = name ? 0 : -1;
		if (name)
			strlist_add_take(&names, name);
	}
	for (size_t i = 0; rc == 0 && i < names.n; i++) {
		bool held = false;

		for (size_t j = 0; j < names.n && !held; j++) {
			size_t n = strlen(names.v[j]);

			held = strncmp(names.v[i], names.v[j], n) == 0 &&
			       (names.v[i][n] == '/' || (!names.v[i][n] && j < i));
		}
		if (!held)
			rc = add_file(k, names.v[i], k->h->files.v[i], err);
	}
	strlist_release(&names);
	return rc;
}

static int write_texts(struct bundle *k, struct err *err)
{
	const struct bug_rec *bug = &k->l.bug;
	struct buf b = BUF_INIT, report = BUF_INIT;
	struct target_fault fault;
	int rc;

	buf_addf(&b, "Bug %s of %s\n\n    ", bug->id, k->project->cfg->project);
	escape_term(&b, strv_of(bug->title));
	buf_addf(&b,
		"\n\nRun ./reproduce.sh: it builds the harness %s (in src/) with clang's "
		"sanitizers and gives it\n"
		"the file `input` (%zu bytes). expected-report.txt is what it printed when this "
		"was made;\n"
		"bug.json holds all that was known. It failed %u of %u times.\n",
		k->h->name, k->l.input.len, bug->k, bug->n);
	rc = put(k, "README", b.s, b.len, 0644, err);
	buf_reset(&b);
	if (k->l.report)
		stack_text_add(&report, k->l.report, k->project->cfg->dir);
	if (k->l.text.len) {
		buf_addch(&report, '\n');
		project_symbolize(k->project, strv_n(k->l.text.s, k->l.text.len), &report);
	}
	if (rc == 0)
		rc = put(k, "expected-report.txt", buf_str(&report), report.len, 0644, err);
	json_print_take(&b, bug_json(bug), true);
	if (rc == 0)
		rc = put(k, "bug.json", b.s, b.len, 0644, err);
	if (rc == 0)
		rc = put(k, "input", buf_str(&k->l.input), k->l.input.len, 0644, err);
	if (rc == 0)
		rc = put(k, "replay.c", runtime_replay_c, runtime_replay_c_len, 0644, err);
	if (rc == 0 && target_fault_line(buf_str(&k->l.input), k->l.input.len, &fault) &&
		fault.kind == TARGET_FAULT_ALLOC)
		rc = put(k, "faults.c", runtime_faults_c, runtime_faults_c_len, 0644, err);
	buf_release(&b);
	buf_release(&report);
	return rc;
}

/* The last words of what failed. */
static struct strv tail_of(const struct buf *b)
{
	struct strv v = strv_trim(strv_n(buf_str(b), b->len));

	return v.len > 600 ? strv_from(v, v.len - 600) : v;
}

/* A copy elsewhere, since what lies beside the project might be found by a path that the capsule doesn't hold. */
static int verify(struct bundle *k, struct err *err)
{
	char *clean = fs_tmpdir("thresh-capsule", err), *copy, *script, *out, *cc, *cxx;
	struct proc_result r = { 0 };
	int rc = -1;

	if (!clean)
		return -1;
	copy = fs_join(clean, fs_basename(k->dir));
	script = fs_join(copy, "reproduce.sh");
	out = fs_join(clean, "built");
	cc = xasprintf("CC=%s", k->project->tools.clang ? k->project->tools.clang : "clang");
	cxx = xasprintf(
		"CXX=%s", k->project->tools.clangxx ? k->project->tools.clangxx : "clang++");
	if (copy_tree(k->dir, copy, err) == 0) {
		const char *env[] = { cc, cxx, "CFLAGS", "CPATH", NULL };
		const char *build[] = { "sh", script, "build", out, NULL };
		const char *run[] = { "sh", script, "run", out, NULL };

		rc = bundle_run(build, clean, env, &r, err);
		/* what crashes is confined, as anywhere else; the build is the project's own */
		if (rc == 0 && r.status == 0) {
			proc_result_release(&r);
			rc = bundle_run_confined(
				run, clean, env, project_sandbox(k->project), &r, err);
		}
	}
	if (rc == 0 && r.status != 0) {
		struct buf how = BUF_INIT, safe = BUF_INIT;

		proc_describe(&how, &r);
		escape_term_text(&safe, tail_of(r.err.len ? &r.err : &r.out));
		rc = err_set(err,
			"bug %.8s: its capsule doesn't reproduce it in a clean folder (%s):\n%s",
			k->l.bug.id, buf_str(&how), buf_str(&safe));
		buf_release(&how);
		buf_release(&safe);
	}
	proc_result_release(&r);
	fs_remove_tree(clean, NULL);
	free(cc);
	free(cxx);
	free(script);
	free(out);
	free(copy);
	free(clean);
	return rc;
}

/* A folder is copied, as it may go to another file system: into a private one beside its place, then renamed. */
static int deliver_folder(struct bundle *k, const char *out, struct err *err)
{
	char *tmp = fs_fresh_beside(out, err), *copy = NULL;
	int rc = -1;

	if (!tmp)
		return -1;
	copy = fs_join(tmp, fs_basename(k->dir));
	if (copy_tree(k->dir, copy, err) == 0)
		rc = fs_take_place(copy, out, err);
	fs_remove_tree(tmp, NULL);
	free(copy);
	free(tmp);
	return rc;
}

/* What can be said of the place before anything is built for it. */
static int check_out(const struct bug_rec *b, char *out, struct err *err)
{
	size_t n = strlen(out);
	char *parent, *name;
	struct stat st;
	int rc = 0;

	if (out[0] == '-')
		return err_usage(err, "-o %s: begins with a '-'; write ./%s to mean it", out, out);
	while (n > 1 && out[n - 1] == '/')
		out[--n] = '\0';
	if (!n)
		return err_usage(err, "-o: an empty name");
	if (lstat(out, &st) == 0 && S_ISDIR(st.st_mode)) {
		name = bundle_name(b);
		err_usage(
			err, "%s: is a folder already; the capsule could be %s/%s", out, out, name);
		free(name);
		return -1;
	}
	if (lstat(out, &st) == 0)
		return err_usage(err, "%s: is there already", out);
	if (archive_is_foreign_name(out))
		return err_usage(err, "%s: an archive's name ends in " ARCHIVE_NAMES, out);
	parent = fs_dirname(out);
	if (!fs_is_dir(parent))
		rc = err_usage(err, "%s: there is no folder %s", out, parent);
	free(parent);
	return rc;
}

static int make(struct bundle *k, const char *out, struct err *err)
{
	char *name = bundle_name(&k->l.bug);

	k->h = project_harness(k->project, k->l.bug.harness, err);
	k->tmp = k->h ? fs_tmpdir("thresh-export", err) : NULL;
	if (k->tmp)
		k->dir = fs_join(k->tmp, name);
	free(name);
	if (!k->tmp)
		return -1;
	k->msan = k->l.report && strcmp(k->l.report->sanitizer, "msan") == 0;
	if (project_need_tools(k->project, err) < 0 || fs_mkdirs(k->dir, err) < 0 ||
		add_sources(k, err) < 0 || add_files(k, err) < 0 || write_texts(k, err) < 0 ||
		write_script(k, err) < 0)
		return -1;
	if (verify(k, err) < 0)
		return -1;
	return archive_is_name(out) ? archive_pack(k->dir, out, err) : deliver_folder(k, out, err);
}

int bundle_export(struct project *p, const char *bug, const char *out, char **made, struct err *err)
{
	struct bundle k = { .project = p };
	int rc;

	*made = NULL;
	if (bug_details_load(p, bug, &k.l, err) < 0)
		return -1;
	*made = out ? xstrdup(out) : bundle_name(&k.l.bug);
	rc = check_out(&k.l.bug, *made, err);
	if (rc == 0)
		rc = make(&k, *made, err);
	if (k.tmp)
		fs_remove_tree(k.tmp, NULL);
	if (rc < 0) {
		free(*made);
		*made = NULL;
	}
	strlist_release(&k.sources);
	strlist_release(&k.added);
	bug_details_release(&k.l);
	free(k.tmp);
	free(k.dir);
	return rc;
}
