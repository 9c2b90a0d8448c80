/* The compiler is asked about the syntax alone: a tenth of a second, and nothing is left. */
#include "base/prelude.h"
#include "scaffold/trial.h"
#include "base/fs.h"
#include "proc/proc.h"
#include "survey/flags.h"

#define TRIAL_MS 60000

static void first_error(struct buf *why, struct strv said)
{
	struct strv line;

	while (strv_line(&said, &line)) {
		size_t at = strv_find(line, "error: ");

		if (at == SIZE_MAX)
			continue;
		buf_addv(why, strv_from(line, at + 7));
		return;
	}
	buf_adds(why, "clang failed without a word");
}

bool trial_compiles(const char *dir, const struct survey *s, const struct buf *text,
	const char *source, const char *include, bool cxx, struct buf *why)
{
	char *clang = fs_which(cxx ? "clang++" : "clang");
	struct proc_spec spec = PROC_SPEC_INIT;
	struct proc_result r = { 0 };
	struct strlist argv = STRLIST_INIT;
	struct err err = ERR_INIT;
	bool ok = true;

	buf_reset(why);
	if (!clang)
		return true;
	strlist_add(&argv, clang);
	survey_flags(s, cxx, &argv);
	if (include)
		strlist_addf(&argv, "-I%s", include);
	strlist_add(&argv, "-w");
	strlist_add(&argv, "-fsyntax-only");
	if (text)
		strlist_add(&argv, cxx ? "-xc++" : "-xc");
	strlist_add(&argv, text ? "-" : source);
	spec.argv = (const char *const *)argv.v;
	spec.cwd = dir;
	spec.out = spec.err = PROC_CAPTURE;
	if (text) {
		spec.in = PROC_CAPTURE;
		spec.input = text->s;
		spec.input_len = text->len;
	}
	spec.wall_ms = TRIAL_MS;
	if (proc_run(&spec, &r, &err) < 0) {
		buf_adds(why, err.msg);
		ok = false;
	} else if (r.status != 0) {
		first_error(why, strv_n(buf_str(&r.err), r.err.len));
		ok = false;
	}
	proc_result_release(&r);
	strlist_release(&argv);
	free(clang);
	return ok;
}
