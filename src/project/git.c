/* No shell; each call is a process of its own with a limit of time. */
#include "base/prelude.h"
#include "project/git.h"
#include "base/strlist.h"
#include "proc/proc.h"

#define GIT_MS 120000
#define OUT_MAX ((size_t)64 << 20)
#define WORDS_MAX ((size_t)400)

int git_run(const char *dir, const char *const *argv, const char *const *env, struct buf *out,
	struct err *err)
{
	struct strlist words = STRLIST_INIT;
	struct proc_spec spec = PROC_SPEC_INIT;
	struct proc_result r = { 0 };
	int rc;

	strlist_add(&words, "git");
	strlist_add(&words, "-C");
	strlist_add(&words, dir);
	for (; *argv; argv++)
		strlist_add(&words, *argv);
	spec.argv = (const char *const *)words.v;
	spec.env = env;
	spec.out = PROC_CAPTURE;
	spec.err = PROC_CAPTURE;
	spec.capture_max = OUT_MAX;
	spec.wall_ms = GIT_MS;
	rc = proc_run(&spec, &r, err);
	if (rc == 0 && r.status != 0) {
		struct strv said = strv_trim(strv_n(buf_str(&r.err), r.err.len));

		rc = err_usage(err, "git %s: " STRV_FMT, words.v[3], (int)MIN(said.len, WORDS_MAX),
			said.s ? said.s : "");
	}
	if (rc == 0 && r.out_dropped)
		rc = err_set(err, "git %s: prints more than can be read", words.v[3]);
	if (rc == 0 && out)
		buf_addv(out, strv_trim(strv_n(buf_str(&r.out), r.out.len)));
	proc_result_release(&r);
	strlist_release(&words);
	return rc;
}
