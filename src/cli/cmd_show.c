/* thresh show: one bug, what a developer wants first: what, where, the input, the command that reproduces it. */
#include "base/prelude.h"
#include "base/again.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/escape.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/num.h"
#include "cli/commands.h"
#include "report/frame_text.h"
#include "report/bug_json.h"
#include "report/crash_json.h"
#include "report/snippet.h"
#include "report/term.h"
#include "store/sites.h"
#include "triage/bug_details.h"
#include "triage/places.h"
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#define SOURCE_FRAMES 3
#define FRAMES_MAX 24
#define HEX_LINES 16
#define RELATED_MAX 5

struct show_args {
	bool json, report;
	const char *why;
};

static const struct opt show_opts[] = {
	{ .name = "json",
		.kind = OPT_FLAG,
		.off = offsetof(struct show_args, json),
		.help = "one JSON object" },
	{ .name = "report",
		.kind = OPT_FLAG,
		.off = offsetof(struct show_args, report),
		.help = "the whole report as the target printed it" },
	{ .name = "why",
		.kind = OPT_STRING,
		.off = offsetof(struct show_args, why),
		.arg = "BUG",
		.help = "why this and the other are one bug or two" },
	{ .kind = OPT_END },
};

struct page {
	const struct cli_ctx *ctx;
	struct project *project;
	struct bug_details *l;
	/* the current directory; NULL: it has no name */
	char *here;
	struct buf b;
};

static void heading(struct page *p, const char *text)
{
	buf_addf(&p->b, "\n%s%s%s\n", term_on(&p->ctx->term, TERM_BOLD), text,
		term_off(&p->ctx->term));
}

/* What is below the directory of whoever reads this, as seen from there; anything else, and all of another -C, whole. */
static const char *shorten(const struct page *p, const char *path)
{
	return path && p->here && !p->ctx->directory ? fs_below(p->here, path) : path;
}

static void what(struct page *p)
{
	const struct bug_rec *b = &p->l->bug;
	char first[CLOCK_ISO_LEN], last[CLOCK_ISO_LEN];

	clock_iso(b->first_ms, first);
	clock_iso(b->last_ms, last);
	buf_addf(&p->b, "%sbug %.8s%s  %s, severity %s, in harness %s\n",
		term_on(&p->ctx->term, TERM_BOLD), b->id, term_off(&p->ctx->term),
		bug_state_name(b->state), severity_name(b->severity), b->harness);
	term_add_wrapped(&p->b, b->title, 2, p->ctx->term.wrap);
	if (p->l->report && p->l->report->why) {
		struct buf why = BUF_INIT;

		buf_addf(&why, "security: %s; %s", security_name(b->security), p->l->report->why);
		term_add_wrapped(&p->b, why.s, 2, p->ctx->term.wrap);
		buf_release(&why);
	}
	buf_addf(&p->b, "  failed %u of %u times alone%s; seen %llu time%s as %s\n", b->k, b->n,
		p->l->stateful ? ", and needs the inputs before it" : "",
		(unsigned long long)b->findings, b->findings == 1 ? "" : "s",
		b->kinds && *b->kinds ? b->kinds : b->kind);
	buf_addf(&p->b, "  first %s%s%s%s%s, last %s\n", first, p->l->origin ? " by " : "",
		p->l->origin ? p->l->origin : "", p->l->note ? ": " : "",
		p->l->note ? p->l->note : "", last);
	if (b->why && *b->why) {
		buf_adds(&p->b, "  ignored: ");
		escape_term(&p->b, strv_of(b->why));
		buf_addch(&p->b, '\n');
	}
}

static void one_frame(struct page *p, const struct crash_frame *f, size_t no, bool with_source)
{
	char *path;

	frame_text(&p->b, f, no, p->project->cfg->dir, 2, &p->ctx->term);
	/* a report may name any file: only the project's are opened */
	path = with_source && f->file ? source_text_allowed(p->project->sources, f->file) : NULL;
	if (path)
		snippet_source(&p->b, path, f->line, 2, 4, p->ctx->term.columns);
	free(path);
}

static void one_stack(struct page *p, const struct crash_stack *st, bool with_source)
{
	struct crash_shown shown = crash_frames_shown(st);
	size_t n = MIN(shown.to - shown.from, (size_t)FRAMES_MAX);
	unsigned sources = 0;

	buf_addf(&p->b, "\n%s", term_on(&p->ctx->term, TERM_BOLD));
	term_add_cut(&p->b, strv_of(st->title && *st->title ? st->title : "stack"),
		p->ctx->term.columns);
	buf_addf(&p->b, "%s\n", term_off(&p->ctx->term));
	for (size_t i = 0; i < n; i++) {
		const struct crash_frame *f = &st->frames[shown.from + i];
		bool source = with_source && !f->ignored && sources < SOURCE_FRAMES;

		one_frame(p, f, i, source);
		sources += source;
	}
	if (st->n > n)
		buf_addf(&p->b, "  ... and %zu frame%s more; --report has them\n", st->n - n,
			st->n - n == 1 ? "" : "s");
}

static void where(struct page *p)
{
	const struct crash_report *r = p->l->report;
	bool first = true;

	for (size_t s = 0; r && s < r->n_stacks; s++) {
		if (r->stacks[s].role == CRASH_STACK_SAMPLE || frame_text_says_nothing(r, s))
			continue;
		one_stack(p, &r->stacks[s], first);
		first = false;
	}
}

static void input(struct page *p)
{
	const struct bug_rec *b = &p->l->bug;

	heading(p, "input");
	if (p->l->input_lost) {
		buf_adds(&p->b, "  lost: ");
		escape_term(&p->b, strv_of(p->l->input_lost));
		buf_addch(&p->b, '\n');
		return;
	}
	buf_addf(&p->b, "  %s, %zu bytes%s\n", shorten(p, p->l->input_path), p->l->input.len,
		b->minimized ? ", minimised" : "");
	snippet_hexdump(&p->b, buf_str(&p->l->input), p->l->input.len, p->l->essential, HEX_LINES,
		2, p->ctx->term.columns);
}

/* Each with its reproducer; the one that the rest of the page is of is marked. */
static void sites(struct page *p)
{
	struct bug_details *l = p->l;

	if (l->n_sites < 2)
		return;
	heading(p, "sites (thresh show SITE shows another)");
	for (size_t i = 0; i < l->n_sites; i++) {
		const struct site_rec *s = &l->sites[i];
		struct buf line = BUF_INIT;
		struct strv text = strv_of(s->text);

		strv_skip(&text, "s2 ");
		buf_addf(&p->b, "  %s %s  %s, %llu bytes%s%s\n",
			strcmp(s->id, l->site) == 0 ? ">" : " ", s->id, s->kind,
			(unsigned long long)s->size, s->minimized ? ", minimised" : "",
			s->gone ? ", fails no more" : "");
		buf_addv(&line, text);
		buf_adds(&p->b, "      ");
		term_add_cut(&p->b, strv_n(line.s, line.len), p->ctx->term.columns - 6);
		buf_addch(&p->b, '\n');
		buf_release(&line);
	}
}

static void related(struct page *p)
{
	struct bug_details_related rel[RELATED_MAX];
	struct err err = ERR_INIT;
	size_t n = bug_details_related(p->project, p->l, rel, ARRAY_LEN(rel), &err);

	if (*err.msg)
		log_warn("related bugs: %s", err.msg);
	if (p->l->matrix) {
		heading(p, "on each build");
		term_add_wrapped(&p->b, p->l->matrix, 2, p->ctx->term.wrap);
	}
	if (n)
		heading(p, "related, not the same (thresh show BUG --why OTHER says why)");
	for (size_t i = 0; i < n; i++)
		buf_addf(&p->b, "  %.8s  alike by %.2f\n", rel[i].bug, rel[i].similarity);
}

static void reproduce(struct page *p)
{
	const char *variant = p->l->bug.variant;
	struct buf command = BUF_INIT;

	heading(p, "reproduce");
	again_add(&command, "replay %s", p->l->bug.harness);
	if (variant && strcmp(variant, "asan") != 0) /* the others pass */
		buf_addf(&command, " --variant %s", variant);
	buf_addch(&command, ' ');
	escape_shell(&command, strv_of(shorten(p, p->l->input_path)));
	term_add_command(&p->ctx->term, &p->b, command.s, 2);
	buf_reset(&command);
	again_add(&command, "debug %.8s", p->l->bug.id);
	term_add_command(&p->ctx->term, &p->b, command.s, 2);
	buf_release(&command);
	if (p->l->test_dir)
		buf_addf(&p->b, "regression test\n  %s\n", shorten(p, p->l->test_dir));
}

static void print_json(struct bug_details *l)
{
	cJSON *j = bug_json(&l->bug), *sites = cJSON_AddArrayToObject(j, "sites");
	struct buf out = BUF_INIT;

	cJSON_AddItemToObject(j, "site", json_text(l->site[0] ? l->site : NULL));
	for (size_t i = 0; i < l->n_sites; i++)
		cJSON_AddItemToArray(sites, site_rec_json(&l->sites[i]));

	cJSON_AddItemToObject(j, "input_path", json_text(l->input_path));
	cJSON_AddItemToObject(j, "origin", json_text(l->origin));
	cJSON_AddItemToObject(j, "test", json_text(l->test_dir));
	if (l->report)
		cJSON_AddItemToObject(j, "report", crash_json(l->report, NULL));
	json_print_take(&out, j, true);
	fputs(out.s, stdout);
	buf_release(&out);
}

/* What was filed decides, where it is more than the two reports say: other sites between them, and people. */
static int explain_filed(struct project *p, const struct bug_details *l,
	const struct bug_details *o, struct buf *b, struct err *err)
{
	char *rule = NULL, *text = NULL;
	bool one = strcmp(l->bug.id, o->bug.id) == 0;
	int rc = l->site[0] && o->site[0]
			 ? store_site_common(p->store, l->site, o->site, &rule, &text, err)
			 : 1;

	if (rc < 0)
		return -1;
	buf_addf(b, "%.8s and %.8s are filed as %s\n", l->site[0] ? l->site : l->bug.id,
		o->site[0] ? o->site : o->bug.id, one ? "one bug" : "two bugs");
	if (one && rc == 1 && strcmp(l->site, o->site) != 0)
		buf_adds(b, "  joined by sites between them, or merged by people: see "
			    "thresh.verdicts\n");
	if (!one && rc == 0)
		buf_addf(b, "  though both are \"%s\": split by people\n", text);
	free(rule);
	free(text);
	return 0;
}

static int explain(struct project *p, struct bug_details *l, const char *other,
	const struct term *term, struct err *err)
{
	struct places places = { .kept = strv_n(buf_str(&l->places), l->places.len) };
	struct crash_rules rules = project_rules(p, l->bug.harness);
	struct buf b = BUF_INIT, safe = BUF_INIT;
	struct bug_details o;
	int rc = -1;

	if (bug_details_load(p, other, &o, err) < 0)
		return -1;
	if (!l->report || !o.report) {
		err_set(err, "%s: no report was kept, so nothing can be compared",
			l->report ? other : l->bug.id);
		goto out;
	}
	buf_add(&l->places, buf_str(&o.places), o.places.len);
	places.kept = strv_n(buf_str(&l->places), l->places.len);
	places.ask = rules.statement;
	places.ask_arg = rules.statement_arg;
	rules.statement = places_statement;
	rules.statement_arg = &places;
	rc = explain_filed(p, l, &o, &b, err);
	crash_explain(&b, l->report, o.report, &rules);
	escape_term_text(&safe, strv_n(buf_str(&b), b.len));
	if (rc == 0)
		term_print(term, &safe);
out:
	buf_release(&b);
	buf_release(&safe);
	buf_release(&places.noted);
	bug_details_release(&o);
	return rc;
}

static void print_page(struct page *p)
{
	what(p);
	where(p);
	input(p);
	sites(p);
	related(p);
	reproduce(p);
	term_print(&p->ctx->term, &p->b);
	buf_release(&p->b);
}

static void print_report(const struct bug_details *l)
{
	struct buf safe = BUF_INIT;

	escape_term_text(&safe, strv_n(buf_str(&l->text), l->text.len));
	fputs(buf_str(&safe), stdout);
	buf_release(&safe);
}

static int run(void *args, const struct cli_ctx *ctx)
{
	const struct show_args *a = args;
	struct page p = { .ctx = ctx, .here = getcwd(NULL, 0) };
	struct err err = ERR_INIT;
	struct bug_details l;
	int rc = -1;

	p.project = project_open(ctx->config, &err);
	if (!p.project)
		goto out;
	rc = bug_details_load(p.project, ctx->args->v[0], &l, &err);
	if (rc == 0) {
		p.l = &l;
		if (a->why)
			rc = explain(p.project, &l, a->why, &ctx->term, &err);
		else if (a->json)
			print_json(&l);
		else if (a->report)
			print_report(&l);
		else
			print_page(&p);
		bug_details_release(&l);
	}
out:
	project_close(p.project);
	free(p.here);
	return rc < 0 ? cli_fail(&err) : EXIT_OK;
}

const struct cmd cmd_show = {
	.name = "show",
	.args = "BUG",
	.help = "one bug: what happened, where, the input, how to reproduce it",
	.more = "BUG is an id as `thresh bugs` prints it; any unique beginning of at least four "
		"digits will do. A site's whole id shows the bug at that place.",
	.examples = "thresh show 3f2a9c1d\nthresh show 3f2a9c1d --why 77aa01bc",
	.opts = show_opts,
	.args_size = sizeof(struct show_args),
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
