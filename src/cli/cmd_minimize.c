/*
 * thresh minimize: the smallest input that shows the same bug. Of a harness, of any command, or of whatever a check
 * of the user's says. The best so far is written every now and then, so that whoever stops it has that.
 */
#include "base/prelude.h"
#include "base/clock.h"
#include "base/escape.h"
#include "base/fs.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "corpus/shipped.h"
#include "minimize/minimize.h"
#include "proc/proc.h"
#include "report/bug_json.h"
#include "report/snippet.h"
#include "report/term.h"
#include "triage/reduction.h"
#include "triage/triage.h"
#include <stdio.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#define INPUT_MAX ((uint64_t)1 << 30)
#define STORE_EVERY_MS 500 /* the best so far goes to disk this often */
#define DUMP_LINES 32

struct minimize_args {
	const char *out, *same, *check, *variant, *format, *fail_status;
	bool json;
	uint64_t time_ms, timeout_ms, seed, jobs, execs;
};

static const struct opt minimize_opts[] = {
	{ .name = "output",
		.key = 'o',
		.kind = OPT_STRING,
		.off = offsetof(struct minimize_args, out),
		.arg = "OUT",
		.help = "where the result goes; default INPUT.min, never INPUT itself" },
	{ .name = "same",
		.kind = OPT_CHOICE,
		.off = offsetof(struct minimize_args, same),
		.def = "signature",
		.choices = "signature|kind+top-frame|any",
		.help = "what makes two failures the same bug" },
	{ .name = "check",
		.kind = OPT_STRING,
		.off = offsetof(struct minimize_args, check),
		.arg = "CMD",
		.help = "keep what this command finds interesting (exit status 0), instead of a "
			"bug; @@ "
			"stands for the input's path, which else goes last" },
	{ .name = "time",
		.kind = OPT_DURATION,
		.off = offsetof(struct minimize_args, time_ms),
		.def = "10m",
		.arg = "TIME",
		.help = "budget; it mostly ends much earlier, when nothing is left to delete" },
	{ .name = "runs",
		.kind = OPT_UINT,
		.off = offsetof(struct minimize_args, execs),
		.arg = "N",
		.help = "budget in candidates; default none" },
	{ .name = "timeout",
		.kind = OPT_DURATION,
		.off = offsetof(struct minimize_args, timeout_ms),
		.arg = "TIME",
		.help = "of one run of a command; default 5s" },
	{ .name = "fail-status",
		.kind = OPT_STRING,
		.off = offsetof(struct minimize_args, fail_status),
		.arg = "LIST",
		.help = FAIL_STATUS_HELP },
	{ .name = "format",
		.kind = OPT_CHOICE,
		.off = offsetof(struct minimize_args, format),
		.choices = FORMAT_CHOICES,
		.help = "of the input; default the harness's, of a command's raw" },
	{ .name = "variant",
		.kind = OPT_STRING,
		.off = offsetof(struct minimize_args, variant),
		.def = "asan",
		.arg = "NAME",
		.help = "the build to run it on" },
	{ .name = "seed",
		.kind = OPT_UINT,
		.off = offsetof(struct minimize_args, seed),
		.def = "1",
		.arg = "N",
		.help = "of the random part; the same seed gives the same result" },
	{ .name = "jobs",
		.key = 'j',
		.kind = OPT_UINT,
		.off = offsetof(struct minimize_args, jobs),
		.min = 1,
		.max = 256,
		.arg = "N",
		.help = "runs at once; default the processors there are" },
	{ .name = "json",
		.kind = OPT_FLAG,
		.off = offsetof(struct minimize_args, json),
		.help = "the result as a JSON object" },
	{ .kind = OPT_END },
};

struct shrinking {
	const struct cli_ctx *ctx;
	const struct minimize_args *args;
	struct project *project;
	const struct config_harness *h;
	struct strlist command; /* what is behind --, its program by a path that holds anywhere */
	struct target *own;     /* of a command */
	struct target_exits exits;
	const char *path;
	char *out;
	uint64_t stored_ms;
	unsigned others;
	bool json;
};

static void store(struct shrinking *s, const void *input, size_t len)
{
	struct err err = ERR_INIT;

	if (fs_write(s->out, input, len, 0666, &err) < 0)
		log_error("the best so far could not be kept: %s", err.msg);
}

static void on_best(void *arg, const void *input, size_t len, uint64_t execs)
{
	struct shrinking *s = arg;
	uint64_t now = clock_mono_ms();

	log_progress("%s: %zu bytes after %llu runs", s->path, len, (unsigned long long)execs);
	if (now - s->stored_ms < STORE_EVERY_MS)
		return;
	s->stored_ms = now;
	store(s, input, len);
}

/* In a project another failure is a finding like any other; without one it lies beside the result. */
static void on_other(void *arg, const void *input, size_t len, const struct target_result *r)
{
	struct shrinking *s = arg;
	struct err err = ERR_INIT;
	char *path;

	s->others++;
	if (s->h) {
		if (triage_add(s->project, s->h->name, s->args->variant, "minimize", NULL, input,
			    len, NULL, &err) < 0)
			log_error("another failure could not be stored: %s", err.msg);
		return;
	}
	path = xasprintf("%s.other-%u", s->out, s->others);
	if (fs_write(path, input, len, 0666, &err) < 0)
		log_error("another failure could not be stored: %s", err.msg);
	else
		log_info("another failure (%s): %s", target_outcome_name(r->outcome), path);
	free(path);
}

static bool same_file(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static enum minimize_same same_of(const char *word)
{
	return strcmp(word, "any") == 0              ? SAME_ANY
	       : strcmp(word, "kind+top-frame") == 0 ? SAME_KIND_TOP_FRAME
						     : SAME_SIGNATURE;
}

/* --- the result --- */

static void print_text(struct shrinking *s, size_t was, const struct minimize_result *r)
{
	struct buf b = BUF_INIT;
	size_t anything = 0;

	log_progress_end();
	for (size_t i = 0; i < r->input.len; i++)
		anything += r->essential[i] == 0;
	escape_term(&b, strv_of(s->out));
	buf_addf(&b, ": %zu bytes of %zu, %llu runs in ", r->input.len, was,
		(unsigned long long)r->execs);
	num_add_duration(&b, r->ms);
	if (r->n)
		buf_addf(&b, "; %s, %u of %u runs alone",
			s->args->check ? "the check holds" : "the same bug", r->k, r->n);
	buf_addf(&b, "\n%s\n",
		r->one_minimal ? "no byte can be deleted, none made simpler"
			       : "not as small as can be");
	if (anything)
		buf_addf(&b, "%zu byte%s may be anything\n", anything, anything == 1 ? "" : "s");
	buf_adds(&b, buf_str(&r->words));
	if (r->signature.text)
		buf_addf(&b, "signature %s\n", r->signature.id);
	snippet_hexdump(&b, buf_str(&r->input), r->input.len, r->essential, DUMP_LINES, 2,
		s->ctx->term.columns);
	term_print(&s->ctx->term, &b);
	buf_release(&b);
}

static void print_json(struct shrinking *s, size_t was, const struct minimize_result *r)
{
	struct buf out = BUF_INIT, map = BUF_INIT;
	cJSON *j = cJSON_CreateObject();

	for (size_t i = 0; i < r->input.len; i++)
		buf_addch(&map, '0' + r->essential[i]);
	cJSON_AddItemToObject(j, "output", json_text(s->out));
	cJSON_AddNumberToObject(j, "bytes", (double)r->input.len);
	cJSON_AddNumberToObject(j, "bytes_before", (double)was);
	cJSON_AddNumberToObject(j, "runs", (double)r->execs);
	cJSON_AddNumberToObject(j, "ms", (double)r->ms);
	cJSON_AddNumberToObject(j, "failed", r->k);
	cJSON_AddNumberToObject(j, "of", r->n);
	cJSON_AddBoolToObject(j, "one_minimal", r->one_minimal);
	cJSON_AddBoolToObject(j, "one_normal", r->one_normal);
	cJSON_AddBoolToObject(j, "interrupted", r->interrupted);
	if (r->signature.text)
		cJSON_AddStringToObject(j, "signature", r->signature.id);
	else
		cJSON_AddNullToObject(j, "signature");
	cJSON_AddNumberToObject(j, "others", s->others);
	cJSON_AddStringToObject(j, "essential", buf_str(&map));
	cJSON_AddItemToObject(j, "words", json_text(buf_str(&r->words)));
	json_print_take(&out, j, false);
	fputs(out.s, stdout);
	buf_release(&out);
	buf_release(&map);
}

/* --- what it runs on --- */

static struct target *open_target(struct shrinking *s, const char *harness, struct err *err)
{
	enum variant v;

	if (!harness) {
		struct target_spec spec = command_spec(
			s->project, &s->command, &s->exits, s->args->jobs, s->args->timeout_ms);

		s->own = target_open(&spec, err);
		return s->own;
	}
	s->h = project_harness(s->project, harness, err);
	if (!s->h)
		return NULL;
	if (variant_parse(s->args->variant, &v) < 0) {
		err_usage(err, "%s: no such variant", s->args->variant);
		return NULL;
	}
	return project_target(s->project, s->h, v, NULL,
		s->args->jobs ? (unsigned)s->args->jobs : s->project->jobs, err);
}

/* Before the work, not after it. */
static int check_out(const char *out, struct err *err)
{
	char *dir = fs_dirname(out);
	int rc = 0;

	if (fs_is_dir(out))
		rc = err_usage(err, "-o %s: a directory; name a file", out);
	else if (!fs_is_dir(dir))
		rc = err_usage(err, "-o %s: there is no directory %s", out, dir);
	else if (access(dir, W_OK) < 0)
		rc = err_usage(err, "-o %s: %s can't be written to: %s", out, dir, strerror(errno));
	free(dir);
	return rc;
}

static int check_call(struct shrinking *s, const char **harness, struct err *err)
{
	const struct strlist *a = s->ctx->args;
	bool bare = s->ctx->command->n || s->args->check;

	if (a->n != (bare ? 1u : 2u))
		return err_usage(err,
			"usage: thresh minimize HARNESS INPUT, or thresh minimize INPUT -- "
			"COMMAND @@, or thresh minimize INPUT --check COMMAND");
	if (s->ctx->command->n && s->args->check)
		return err_usage(err, "--check and a command exclude each other");
	if (command_exits(s->ctx, s->args->fail_status, &s->exits, err) < 0)
		return -1;
	*harness = bare ? NULL : a->v[0];
	s->path = a->v[a->n - 1];
	s->out = s->args->out ? xstrdup(s->args->out) : xasprintf("%s.min", s->path);
	if (same_file(s->path, s->out))
		return err_usage(
			err, "%s: the original is never overwritten; choose another -o", s->out);
	if (!fs_is_file(s->path))
		return err_usage(err, "%s: %s", s->path,
			fs_exists(s->path) ? "not a regular file" : "no such file");
	if (check_out(s->out, err) < 0)
		return -1;
	strlist_add_all(&s->command, s->ctx->command);
	/* it runs in a directory of its own, where a relative path would lead nowhere */
	if (s->command.n && strchr(s->command.v[0], '/')) {
		char *path = fs_abspath(s->command.v[0]);

		free(s->command.v[0]);
		s->command.v[0] = path;
	}
	return 0;
}

static int shrink(struct shrinking *s, const struct buf *input, const char *harness,
	struct minimize_result *r, struct err *err)
{
	struct dictionary words = DICTIONARY_INIT;
	struct strv *tokens = NULL;
	struct minimize_spec spec = { .same = same_of(s->args->same),
		.resolve = project_resolve,
		.resolve_arg = s->project,
		.format = s->args->format,
		.check = s->args->check,
		.max_ms = s->args->time_ms,
		.max_execs = s->args->execs,
		.seed = s->args->seed,
		.other = on_other,
		.best = on_best,
		.arg = s };
	struct crash_rules rules;
	struct err dict = ERR_INIT;
	int rc;

	if (!s->args->check) {
		spec.target = open_target(s, harness, err);
		if (!spec.target)
			return -1;
	}
	if (s->h) {
		char sha1[SHA1_HEX];

		hash_sha1(buf_str(input), input->len, sha1);
		spec.stateful = reduction_is_stateful(s->project, s->h->name, sha1);
	}
	rules = project_rules(s->project, s->h     ? s->h->name
					  : s->own ? fs_basename(s->ctx->command->v[0])
						   : "check");
	spec.rules = &rules;
	if (s->h && !spec.format)
		spec.format = s->h->format;
	if (s->h && s->h->dictionary) {
		if (dictionary_of_harness(s->h->dictionary, NULL, &words, NULL, &dict) < 0)
			log_warn("%s", dict.msg);
		spec.tokens = tokens = dictionary_bytes(&words);
		spec.n_tokens = words.n;
	}
	rc = minimize_run(&spec, buf_str(input), input->len, r, err);
	free(tokens);
	dictionary_release(&words);
	return rc;
}

static int run(void *args, const struct cli_ctx *ctx)
{
	struct shrinking s = { .args = args, .ctx = ctx };
	struct minimize_result r = { .input = BUF_INIT };
	struct buf input = BUF_INIT;
	struct err err = ERR_INIT;
	const char *harness = NULL;
	int rc;

	proc_catch_signals();
	rc = check_call(&s, &harness, &err);
	if (rc == 0) {
		s.project = harness ? project_open(ctx->config, &err) : project_bare();
		rc = s.project ? 0 : -1;
	}
	if (rc == 0)
		rc = fs_read(s.path, INPUT_MAX, &input, &err);
	if (rc == 0)
		rc = shrink(&s, &input, harness, &r, &err);
	if (rc == 0)
		rc = fs_write(s.out, buf_str(&r.input), r.input.len, 0666, &err);
	if (rc == 0 && s.args->json)
		print_json(&s, input.len, &r);
	else if (rc == 0)
		print_text(&s, input.len, &r);
	if (rc == 0)
		rc = r.one_minimal ? EXIT_OK : EXIT_FINDINGS;
	else
		rc = cli_fail(&err);
	minimize_result_release(&r);
	buf_release(&input);
	target_close(s.own);
	project_close(s.project);
	strlist_release(&s.command);
	free(s.out);
	return rc;
}

const struct cmd cmd_minimize = {
	.name = "minimize",
	.args = "[HARNESS] INPUT",
	.help = "the smallest input that shows the same bug",
	.more = "Only an input with the same signature counts; one that fails in another way "
		"becomes a "
		"finding of its own (without a project: a file beside the result). The original is "
		"never "
		"touched. Interrupted, the best so far is kept; run it again on that to go on.\n\n"
		"A command behind -- is run once per candidate: @@ in it stands for the path, "
		"without it "
		"the input is fed to standard input. It runs in a directory of its own that shows "
		"what is "
		"in this one, so relative paths hold; it can write there and in $TMPDIR, not to "
		"your "
		"files. AFL++'s fork server is used where it is compiled in. " FAIL_STATUS_MORE
		"\n\n"
		"Ends with 0 when no byte can be deleted from the result, with 1 when the budget "
		"ended "
		"or it was interrupted before that, with 2 when the input doesn't fail.",
	.examples = "thresh minimize my_parser crash-1234 -o small\n"
		    "thresh minimize crash-1234 -o small -- ./target @@\n"
		    "thresh minimize page.html --check 'grep -q needle @@'",
	.opts = minimize_opts,
	.args_size = sizeof(struct minimize_args),
	.min_args = 1,
	.max_args = 2,
	.takes_command = true,
	.run = run,
};
