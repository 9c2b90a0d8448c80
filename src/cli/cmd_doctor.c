/* thresh doctor: what was found on this machine, what is missing, and the command that mends it. */
#include "base/prelude.h"
#include "base/escape.h"
#include "base/log.h"
#include "cli/commands.h"
#include "cli/doctor.h"
#include "report/term.h"
#include <cjson/cJSON.h>
#include <stdio.h>

struct doctor_args {
	bool json;
};

static const struct {
	const char *name, *shown;
	enum term_style style;
} states[] = {
	[CHECK_OK] = { "ok", "ok", TERM_GREEN },
	[CHECK_NOTE] = { "note", "note", TERM_DIM },
	[CHECK_WARN] = { "warning", "lacking", TERM_YELLOW },
	[CHECK_MISSING] = { "missing", "NEEDED", TERM_RED },
};

static size_t count(const struct checks *c, enum check_state state)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++)
		n += c->v[i].state == state;
	return n;
}

/* of the state and the name; where there is little room, what is behind them stands below */
#define HEAD 30
#define NARROW 60

/* The first line beside the state and the name, further ones below it; what must be copied isn't wrapped. */
static void add_text(struct buf *b, const char *text, bool wrap, const struct term *term)
{
	int indent = term->wrap < NARROW ? 4 : HEAD;
	struct strv rest = strv_of(text), line;
	bool first = true;

	if (wrap && !strchr(text, '\n')) {
		term_add_wrapped(b, text, (size_t)indent, MIN(term->wrap, 80u));
		return;
	}
	while (strv_line(&rest, &line)) {
		buf_addf(b, "%*s", first ? indent : indent + 2, "");
		escape_term(b, line);
		buf_addch(b, '\n');
		first = false;
	}
}

static void add_check(struct buf *b, const struct cli_ctx *ctx, const struct check *k)
{
	struct buf text = BUF_INIT;
	bool beside = ctx->term.wrap >= NARROW;

	buf_addf(b, "  %s%-7s%s  ", term_on(&ctx->term, states[k->state].style),
		states[k->state].shown, term_off(&ctx->term));
	buf_addf(b, beside ? "%-18s " : "%s", k->name);
	if (*k->value)
		add_text(&text, k->value, strlen(k->value) > 50, &ctx->term);
	if (k->state != CHECK_OK && *k->need) {
		struct buf need = BUF_INIT;

		buf_addf(&need, "%s%s", strcmp(k->group, "tools") == 0 ? "for " : "", k->need);
		add_text(&text, need.s, true, &ctx->term);
		buf_release(&need);
	}
	if (k->state != CHECK_OK && *k->mend) {
		struct buf mend = BUF_INIT;

		buf_addf(&mend, "mend: %s", k->mend);
		add_text(&text, mend.s, false, &ctx->term);
		buf_release(&mend);
	}
	if (beside && text.len > HEAD)
		buf_adds(b, text.s + HEAD);
	else
		buf_adds2(b, "\n", beside ? "" : buf_str(&text));
	buf_release(&text);
}

static void print_text(const struct checks *c, const struct cli_ctx *ctx)
{
	size_t missing = count(c, CHECK_MISSING), warnings = count(c, CHECK_WARN);
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < c->n; i++) {
		if (i == 0 || strcmp(c->v[i].group, c->v[i - 1].group) != 0)
			buf_addf(&b, "%s%s%s%s\n", i ? "\n" : "", term_on(&ctx->term, TERM_BOLD),
				c->v[i].group, term_off(&ctx->term));
		add_check(&b, ctx, &c->v[i]);
	}
	buf_addch(&b, '\n');
	if (missing)
		buf_addf(&b, "%zu needed thing%s missing or wrong", missing,
			missing == 1 ? " is" : "s are");
	else
		buf_adds(&b, "Everything needed is here");
	if (warnings)
		buf_addf(&b, "; %zu more would help", warnings);
	buf_adds(&b, ".\n");
	term_print(&ctx->term, &b);
	buf_release(&b);
}

static void add_string(cJSON *o, const char *key, const char *text)
{
	struct buf clean = BUF_INIT;

	escape_utf8(&clean, strv_of(text));
	cJSON_AddStringToObject(o, key, buf_str(&clean));
	buf_release(&clean);
}

static void print_json(const struct checks *c)
{
	cJSON *top = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(top, "checks");
	char *text;

	cJSON_AddStringToObject(top, "version", THRESH_VERSION);
	cJSON_AddBoolToObject(top, "ok", count(c, CHECK_MISSING) == 0);
	for (size_t i = 0; i < c->n; i++) {
		cJSON *o = cJSON_CreateObject();

		cJSON_AddItemToArray(list, o);
		cJSON_AddStringToObject(o, "group", c->v[i].group);
		add_string(o, "name", c->v[i].name);
		cJSON_AddStringToObject(o, "state", states[c->v[i].state].name);
		add_string(o, "value", c->v[i].value);
		add_string(o, "needed_for", c->v[i].need);
		add_string(o, "mend", c->v[i].mend);
	}
	text = cJSON_Print(top);
	if (text)
		puts(text);
	free(text);
	cJSON_Delete(top);
}

static int cmd_doctor_run(void *args, const struct cli_ctx *ctx)
{
	const struct doctor_args *a = args;
	struct checks c = CHECKS_INIT;
	struct toolchain tools;
	struct err err = ERR_INIT;
	int status;

	/* without the cache: what was mended a moment ago counts */
	if (toolchain_probe(&tools, NULL, &err) < 0) {
		toolchain_release(&tools);
		return cli_fail(&err);
	}
	doctor_look(&c, &tools, ctx->config);
	if (a->json)
		print_json(&c);
	else
		print_text(&c, ctx);
	status = count(&c, CHECK_MISSING) ? EXIT_FINDINGS : EXIT_OK;
	checks_release(&c);
	toolchain_release(&tools);
	return status;
}

static const struct opt doctor_opts[] = {
	{ .name = "json",
		.kind = OPT_FLAG,
		.off = offsetof(struct doctor_args, json),
		.help = "print one JSON object" },
	{ .kind = OPT_END },
};

const struct cmd cmd_doctor = {
	.name = "doctor",
	.help = "what is missing on this machine, and what mends it",
	.more = "Tries the tools by compiling and running with them, looks at what the system "
		"allows, "
		"and at the project where there is one. Changes nothing.\n"
		"\n"
		"Exit status: 0 when everything needed is there, 1 when something needed is "
		"missing or "
		"wrong. What is merely lacking is said, and doesn't count.",
	.examples = "thresh doctor\n"
		    "thresh doctor --json | jq -r '.checks[] | select(.state == \"missing\").mend'",
	.opts = doctor_opts,
	.args_size = sizeof(struct doctor_args),
	.run = cmd_doctor_run,
};
