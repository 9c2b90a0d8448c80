/* Versions have to agree: an older tool can't read what a newer clang's runtime wrote, and says so badly. */
#include "base/prelude.h"
#include "coverage/llvm.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/num.h"
#include "proc/proc.h"
#include <fcntl.h>
#include <unistd.h>

#define EXPORT_MAX ((uint64_t)1 << 30)
#define MEMORY_MAX ((uint64_t)32 << 30) /* address space */
#define TOOL_MS (600ULL * 1000)

/* One run; standard output to out_fd, or nowhere. *said: its complaints. */
static int run_tool(const struct coverage_llvm *l, const struct strlist *argv, int out_fd,
	const char *writable, struct buf *said, struct err *err)
{
	const char *const folders[] = { writable, NULL };
	const char *const seen[] = { l->root, NULL };
	static const char *const env[] = { "LC_ALL=C", "DEBUGINFOD_URLS", "LLVM_PROFILE_FILE",
		NULL };
	struct proc_spec spec = PROC_SPEC_INIT;
	struct proc_result r;
	int rc = 0;

	spec.argv = (const char *const *)argv->v;
	spec.env = env;
	spec.cwd = l->work;
	spec.out = out_fd >= 0 ? PROC_FD : PROC_NULL;
	spec.out_fd = out_fd;
	spec.err = PROC_CAPTURE;
	spec.capture_max = 64u << 10;
	spec.limits.as_bytes = MEMORY_MAX;
	spec.wall_ms = TOOL_MS;
	spec.confine = l->sandbox == SANDBOX_OFF ? PROC_FREE : PROC_CONFINED;
	spec.confine_wholly = l->sandbox == SANDBOX_REQUIRED;
	spec.writable = folders;
	spec.visible = seen;
	if (proc_run(&spec, &r, err) < 0)
		return -1;
	if (r.status != 0 || r.timed_out) {
		struct strv text = strv_n(buf_str(&r.err), r.err.len), line;
		struct buf how = BUF_INIT;

		proc_describe(&how, &r);
		line = strv_trim(text);
		line = strv_sub(line, 0, strv_chr(line, '\n'));
		rc = err_set(err, "%s: %s%s" STRV_FMT, fs_basename(argv->v[0]), how.s,
			line.len ? ": " : "", STRV_ARG(line));
		buf_release(&how);
	}
	if (said)
		buf_add(said, buf_str(&r.err), r.err.len);
	proc_result_release(&r);
	return rc;
}

/* The number behind "LLVM version "; 0: it doesn't say. */
static uint64_t version_of(const char *tool)
{
	const char *argv[] = { tool, "--version", NULL };
	struct proc_spec spec = PROC_SPEC_INIT;
	struct proc_result r;
	uint64_t version = 0;
	struct strv text;
	size_t at, n = 0;

	spec.argv = argv;
	spec.out = PROC_CAPTURE;
	spec.wall_ms = 20000;
	if (proc_run(&spec, &r, NULL) < 0)
		return 0;
	text = strv_n(buf_str(&r.out), r.out.len);
	at = strv_find(text, "LLVM version ");
	if (at != SIZE_MAX) {
		text = strv_from(text, at + strlen("LLVM version "));
		while (n < text.len && text.s[n] >= '0' && text.s[n] <= '9')
			n++;
		if (num_u64(strv_sub(text, 0, n), &version) < 0)
			version = 0;
	}
	proc_result_release(&r);
	return version;
}

int coverage_llvm_check(const struct toolchain *t, struct err *err)
{
	if (!t->clang)
		return err_usage(
			err, "coverage needs clang, which isn't here; apt-get install clang llvm");
	if (!t->profdata || !fs_is_exe(t->profdata) || !t->cov || !fs_is_exe(t->cov))
		return err_usage(err,
			"coverage needs %s of clang's version, which isn't here; apt-get install "
			"llvm-%u",
			t->profdata && fs_is_exe(t->profdata) ? "llvm-cov" : "llvm-profdata",
			t->clang_major);
	return 0;
}

int coverage_llvm_check_version(const struct toolchain *t, struct err *err)
{
	uint64_t version = version_of(t->cov);

	if (version && version != t->clang_major)
		return err_usage(err,
			"%s is of LLVM %llu, and clang of %u; apt-get install llvm-%u", t->cov,
			(unsigned long long)version, t->clang_major, t->clang_major);
	return 0;
}

int coverage_llvm_merge(const struct coverage_llvm *l, const struct strlist *profiles,
	const char *out, struct err *err)
{
	struct strlist argv = STRLIST_INIT;
	int rc;

	strlist_add(&argv, l->tools->profdata);
	strlist_add(&argv, "merge");
	strlist_add(&argv, "--sparse");
	strlist_add(&argv, "--failure-mode=all");
	strlist_add(&argv, "-o");
	strlist_add(&argv, out);
	strlist_add_all(&argv, profiles);
	rc = run_tool(l, &argv, -1, l->work, NULL, err);
	strlist_release(&argv);
	return rc;
}

static void add_objects(struct strlist *argv, const struct strlist *objects)
{
	for (size_t i = 0; i < objects->n; i++) {
		if (i)
			strlist_add(argv, "--object");
		strlist_add(argv, objects->v[i]);
	}
}

int coverage_llvm_export(const struct coverage_llvm *l, const struct strlist *objects,
	const char *profile, struct buf *out, struct err *err)
{
	struct strlist argv = STRLIST_INIT;
	char *path = fs_join(l->work, "export");
	int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
	int rc = fd < 0 ? err_errno(err, "%s", path) : 0;

	strlist_add(&argv, l->tools->cov);
	strlist_add(&argv, "export");
	strlist_add(&argv, "--format=text");
	strlist_add(&argv, "--skip-expansions");
	strlist_add(&argv, "--instr-profile");
	strlist_add(&argv, profile);
	add_objects(&argv, objects);
	if (rc == 0)
		rc = run_tool(l, &argv, fd, l->work, NULL, err);
	if (fd >= 0)
		close(fd);
	if (rc == 0)
		rc = fs_read(path, EXPORT_MAX, out, err);
	fs_remove(path, NULL);
	strlist_release(&argv);
	free(path);
	return rc;
}

int coverage_llvm_html(const struct coverage_llvm *l, const struct strlist *objects,
	const char *profile, const char *dir, struct buf *said, struct err *err)
{
	struct strlist argv = STRLIST_INIT;
	int rc;

	strlist_add(&argv, l->tools->cov);
	strlist_add(&argv, "show");
	strlist_add(&argv, "--format=html");
	strlist_add(&argv, "--show-branches=count");
	strlist_add(&argv, "--show-instantiations=false");
	strlist_add(&argv, "--output-dir");
	strlist_add(&argv, dir);
	strlist_add(&argv, "--instr-profile");
	strlist_add(&argv, profile);
	add_objects(&argv, objects);
	rc = run_tool(l, &argv, -1, dir, said, err);
	strlist_release(&argv);
	return rc;
}
