/* Whatever a command does, the campaign goes on: it gets a minute for all its tries. */
#include "base/prelude.h"
#include "project/hook.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "proc/interrupt.h"
#include "proc/proc.h"
#include "report/bug_json.h"
#include <poll.h>

#define HOOK_WALL_MS 60000
#define TRIES 3
/* before the second try; four times as long before the third */
#define BACK_OFF_MS 1000

/* True: it went well. why: what became of it. */
static bool run_once(struct project *p, const char *command, const struct buf *json,
	uint64_t wall_ms, struct buf *why)
{
	struct proc_spec spec = PROC_SPEC_INIT;
	struct proc_result r = { 0 };
	struct err err = ERR_INIT;
	/* a path is the project's, a word is looked up */
	char *path = strchr(command, '/') ? fs_join(p->cfg->dir, command) : fs_which(command);
	char *config = fs_abspath(p->cfg->path), *state = fs_abspath(p->state_dir);
	char *in_config = xasprintf("THRESH_CONFIG=%s", config);
	char *in_state = xasprintf("THRESH_STATE=%s", state);
	const char *argv[] = { path ? path : command, NULL };
	const char *env[] = { in_config, in_state, NULL };
	bool ok = false;

	spec.argv = argv;
	spec.env = env;
	spec.cwd = p->cfg->dir;
	spec.in = PROC_CAPTURE;
	spec.input = json->s;
	spec.input_len = json->len;
	spec.out = spec.err = PROC_CAPTURE;
	spec.wall_ms = wall_ms;
	buf_reset(why);
	if (proc_run(&spec, &r, &err) < 0) {
		buf_adds(why, err.msg);
	} else if (r.status != 0 || r.timed_out) {
		char *said = strv_flat(strv_n(buf_str(&r.err), r.err.len));

		proc_describe(why, &r);
		if (!r.timed_out && proc_interrupted())
			buf_adds(why, ", as the time was up before it ended");
		if (*said)
			buf_addf(why, ": %.300s", said);
		free(said);
	} else {
		ok = true;
	}
	proc_result_release(&r);
	free(path);
	free(config);
	free(state);
	free(in_config);
	free(in_state);
	return ok;
}

static void run_hook(
	struct project *p, const char *key, const char *command, const struct buf *json)
{
	uint64_t end = clock_mono_ms() + HOOK_WALL_MS, wait = BACK_OFF_MS;
	struct buf why = BUF_INIT;
	int tries = 0;

	for (;;) {
		uint64_t now = clock_mono_ms();

		if (now >= end || run_once(p, command, json, end - now, &why))
			break;
		if (++tries == TRIES || proc_interrupted() || clock_mono_ms() + wait >= end) {
			log_warn("%s: %s: %s (%d %s)", key, command, buf_str(&why), tries,
				tries == 1 ? "try" : "tries");
			break;
		}
		log_debug("%s: %s: %s; once more", key, command, buf_str(&why));
		/* an interrupt ends it */
		poll(NULL, 0, (int)wait);
		wait *= 4;
	}
	buf_release(&why);
}

static void run_all(
	struct project *p, const char *key, const struct config_strs *commands, cJSON *j)
{
	struct buf json = BUF_INIT;

	json_print_take(&json, j, false);
	for (size_t i = 0; i < commands->n; i++)
		run_hook(p, key, commands->v[i], &json);
	buf_release(&json);
}

void hook_bug(struct project *p, const struct bug_rec *b, bool regressed)
{
	const struct config *c = p->cfg;
	bool own = regressed && c->on_regression.n;
	const struct config_strs *commands = own ? &c->on_regression : &c->on_new_bug;
	cJSON *j;

	if (!commands->n)
		return;
	j = bug_json(b);
	cJSON_AddStringToObject(j, "event", regressed ? "regression" : "new_bug");
	run_all(p, own ? "on_regression" : "on_new_bug", commands, j);
}

void hook_alarm(struct project *p, const char *level, const char *about, const char *text,
	const char *command)
{
	cJSON *j;

	if (!p->cfg->on_alarm.n)
		return;
	j = cJSON_CreateObject();
	cJSON_AddStringToObject(j, "event", "alarm");
	cJSON_AddItemToObject(j, "project", json_text(p->cfg->project));
	cJSON_AddItemToObject(j, "level", json_text(level));
	cJSON_AddItemToObject(j, "about", json_text(about));
	cJSON_AddItemToObject(j, "text", json_text(text));
	cJSON_AddItemToObject(j, "command", json_text(command));
	run_all(p, "on_alarm", &p->cfg->on_alarm, j);
}

void hook_end_take(struct project *p, cJSON *result)
{
	if (!p->cfg->on_end.n) {
		cJSON_Delete(result);
		return;
	}
	cJSON_AddStringToObject(result, "event", "end");
	run_all(p, "on_end", &p->cfg->on_end, result);
}
