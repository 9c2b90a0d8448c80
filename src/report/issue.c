/* A bug as the body of an issue. */
#include "base/prelude.h"
#include "report/issue.h"
#include "base/escape.h"
#include "report/bug_json.h"
#include "report/snippet.h"

#define FRAMES_MAX 20
#define HEX_LINES 16

/*
 * Text outside of code blocks: Markdown's own characters are escaped, HTML's become entities, and an @ can't
 * notify anybody.
 */
static void add_inline(struct buf *out, const char *text)
{
	struct buf clean = BUF_INIT, html = BUF_INIT;

	escape_term(&clean, strv_of(text));
	escape_html(&html, strv_n(buf_str(&clean), clean.len));
	for (size_t i = 0; i < html.len; i++) {
		if (strchr("\\`*_{}[]()#+!|~", html.s[i]))
			buf_addch(out, '\\');
		buf_addch(out, html.s[i]);
		if (html.s[i] == '@')
			buf_adds(out,
				"\xe2\x80\x8b"); /* zero width: the name is no mention any more */
	}
	buf_release(&clean);
	buf_release(&html);
}

/* Indented by four: a block that no run of backticks in the text can end. */
static void add_code(struct buf *out, const char *text)
{
	struct buf clean = BUF_INIT;
	struct strv rest, line;

	escape_term_text(&clean, strv_of(text));
	rest = strv_n(buf_str(&clean), clean.len);
	while (strv_line(&rest, &line)) {
		buf_adds(out, "    ");
		buf_addv(out, line);
		buf_addch(out, '\n');
	}
	buf_release(&clean);
}

static void add_stack(struct buf *out, const struct crash_stack *st, const char *root)
{
	struct buf b = BUF_INIT;
	size_t n = strlen(root);

	if (st->title && *st->title) {
		add_inline(out, st->title);
		buf_adds(out, "\n\n");
	}
	for (size_t i = 0; i < st->n && i < FRAMES_MAX; i++) {
		const struct crash_frame *f = &st->frames[i];

		buf_addf(&b, "#%zu %s", i, f->function ? f->function : "??");
		if (f->file)
			buf_addf(&b, " %s:%u",
				strncmp(f->file, root, n) == 0 && f->file[n] == '/'
					? f->file + n + 1
					: f->file,
				f->line);
		buf_addch(&b, '\n');
	}
	add_code(out, buf_str(&b));
	buf_addch(out, '\n');
	buf_release(&b);
}

void issue_body(struct buf *out, const struct bug_rec *b, const struct crash_report *r,
	const struct buf *input, const char *root)
{
	struct buf hex = BUF_INIT;

	buf_adds(out, "### ");
	add_inline(out, b->title);
	buf_adds(out, "\n\n");
	buf_addf(out,
		"- bug `%s`, %s, severity %s\n- harness `%s`, failed %u of %u times alone, seen "
		"%llu times\n",
		b->id, bug_state_name(b->state), severity_name(b->severity), b->harness, b->k, b->n,
		(unsigned long long)b->findings);
	if (r && r->why) {
		buf_adds(out, "- security: ");
		add_inline(out, r->why);
		buf_addch(out, '\n');
	}
	buf_addch(out, '\n');
	for (size_t i = 0; r && i < r->n_stacks; i++)
		if (r->stacks[i].n && r->stacks[i].role != CRASH_STACK_SAMPLE)
			add_stack(out, &r->stacks[i], root);
	if (input) {
		buf_addf(out, "Input, %zu bytes:\n\n", input->len);
		snippet_hexdump(&hex, buf_str(input), input->len, NULL, HEX_LINES, 0);
		add_code(out, buf_str(&hex));
		buf_addch(out, '\n');
	}
	buf_addf(out, "Reproduce:\n\n    thresh replay %s tests/regress/%s/%s/input\n\n",
		b->harness, b->harness, b->id);
	buf_release(&hex);
}
