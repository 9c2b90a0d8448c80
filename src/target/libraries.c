/* What ldd does: the loader lists, and ends. */
#include "base/prelude.h"
#include "target/libraries.h"
#include "base/strv.h"
#include "proc/proc.h"

#define LIST_MS 10000

/* "\tlibz.so.1 => /lib/libz.so.1 (0x...)"; without the name where the executable has the path. */
static void add_library(struct strlist *libs, struct strv line)
{
	size_t arrow = strv_find(line, " => /"), end = strv_rfind(line, " (0x");
	size_t at = arrow == SIZE_MAX ? strv_chr(line, '/') : arrow + 4;

	if (at != SIZE_MAX && end != SIZE_MAX && at < end)
		strlist_add_take(libs, strv_dup(strv_sub(line, at, end - at)));
}

void libraries_list(const char *exe, struct strlist *out)
{
	static const char *const env[] = { "LD_TRACE_LOADED_OBJECTS=1", "LD_PRELOAD", NULL };
	const char *argv[] = { exe, NULL };
	struct proc_spec spec = PROC_SPEC_INIT;
	struct proc_result r = { 0 };
	struct strv text, line;

	if (!exe)
		return;
	spec.argv = argv;
	spec.env = env;
	spec.out = PROC_CAPTURE;
	spec.confine = PROC_CONFINED;
	spec.wall_ms = LIST_MS;
	if (proc_run(&spec, &r, NULL) == 0 && r.status == 0) {
		text = strv_n(buf_str(&r.out), r.out.len);
		while (strv_line(&text, &line))
			add_library(out, line);
	}
	proc_result_release(&r);
}
