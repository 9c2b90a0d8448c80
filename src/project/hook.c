/*
 * The project's own command on a new bug. It may fail or hang: that is told, and the campaign goes on.
 */
#include "base/prelude.h"
#include "project/hook.h"
#include "base/fs.h"
#include "base/log.h"
#include "proc/proc.h"
#include "report/bug_json.h"

#define HOOK_WALL_MS 60000

static void run_hook(struct project *p, const char *command, const struct buf *json)
{
	struct proc_spec spec = PROC_SPEC_INIT;
	struct proc_result r = { 0 };
	struct buf words = BUF_INIT;
	struct err err = ERR_INIT;
	/* a path is the project's, a word is looked up */
	char *path = strchr(command, '/') ? fs_join(p->cfg->dir, command) : fs_which(command);
	const char *argv[] = { path ? path : command, NULL };

	spec.argv = argv;
	spec.cwd = p->cfg->dir;
	spec.in = PROC_CAPTURE;
	spec.input = json->s;
	spec.input_len = json->len;
	spec.out = spec.err = PROC_CAPTURE;
	spec.wall_ms = HOOK_WALL_MS;
	if (proc_run(&spec, &r, &err) < 0) {
		log_warn("on_new_bug: %s", err.msg);
	} else if (r.status != 0 || r.timed_out) {
		proc_describe(&words, &r);
		log_warn("on_new_bug: %s: %s: %.300s", command, words.s, buf_str(&r.err));
	}
	buf_release(&words);
	proc_result_release(&r);
	free(path);
}

void hook_new_bug(struct project *p, const struct bug_rec *b)
{
	struct buf json = BUF_INIT;

	if (!p->cfg->on_new_bug.n)
		return;
	json_print_take(&json, bug_json(b), false);
	for (size_t i = 0; i < p->cfg->on_new_bug.n; i++)
		run_hook(p, p->cfg->on_new_bug.v[i], &json);
	buf_release(&json);
}
