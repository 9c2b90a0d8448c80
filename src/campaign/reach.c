/*
 * A breakpoint on the functions of a bug's frames, in the build without a sanitizer. Counters of coverage can't tell,
 * since they are numbered anew by each build; names stay.
 */
#include "base/prelude.h"
#include "campaign/reach.h"
#include "base/mem.h"
#include "proc/proc.h"

#define FRAMES 2
#define LIMIT_MS 60000

/* A name that gdb takes as one, whatever stands in it. */
static bool is_name(struct strv v)
{
	for (size_t i = 0; i < v.len; i++)
		if (!((v.s[i] >= 'a' && v.s[i] <= 'z') || (v.s[i] >= 'A' && v.s[i] <= 'Z') ||
			    (v.s[i] >= '0' && v.s[i] <= '9') || strchr("_:~$", v.s[i])))
			return false;
	return v.len > 0;
}

static enum reach ask(const char *gdb, const char *exe, const char *function, const char *input)
{
	char *stop = xasprintf("break %s", function);
	const char *argv[] = { gdb, "-nx", "-batch", "-ex", "set breakpoint pending off", "-ex",
		"set startup-with-shell off", "-ex", stop, "-ex", "run", "-ex", "info breakpoints",
		"--args", exe, "--no-fork", input, NULL };
	struct proc_spec spec = PROC_SPEC_INIT;
	struct proc_result r;
	enum reach answer = REACH_UNKNOWN;

	spec.argv = argv;
	spec.out = PROC_CAPTURE;
	spec.err = PROC_CAPTURE;
	spec.wall_ms = LIMIT_MS;
	if (proc_run(&spec, &r, NULL) == 0) {
		struct strv out = strv_n(buf_str(&r.out), r.out.len),
			    said = strv_n(buf_str(&r.err), r.err.len);

		if (strv_contains(out, "breakpoint already hit"))
			answer = REACH_YES;
		else if (!r.timed_out && strv_contains(out, "exited normally") &&
			 !strv_contains(said, "not defined"))
			answer = REACH_NO;
		proc_result_release(&r);
	}
	free(stop);
	return answer;
}

enum reach reach_check(struct campaign *c, const struct config_harness *h, const char *target,
	const struct look *l, char **why)
{
	const struct config_build *over = target ? config_build(c->cfg, target) : NULL;
	struct build_result built = { 0 };
	struct strv rest = strv_of(l->bug.frames), part;
	enum reach answer = REACH_UNKNOWN;
	struct err err = ERR_INIT;

	*why = NULL;
	if (campaign_need_tools(c, &err) < 0 || build_variant(c->cfg, h, over, VARIANT_PLAIN,
							&c->tools, c->jobs, &built, &err) < 0) {
		*why = xstrdup(err.msg);
	} else if (!c->tools.gdb) {
		*why = xstrdup("without gdb nobody can say whether the input gets there still");
	} else {
		for (unsigned i = 0;
			answer == REACH_UNKNOWN && i < FRAMES && strv_split(&rest, '|', &part);
			i++) {
			char *name = strv_dup(part);

			if (is_name(part))
				answer = ask(c->tools.gdb, built.exe, name, l->input_path);
			if (answer == REACH_NO)
				*why = xasprintf("the input doesn't get to %s any more", name);
			free(name);
		}
		if (answer == REACH_UNKNOWN)
			*why = xstrdup("it can't be seen whether the input gets there still");
	}
	build_result_release(&built);
	return answer;
}
