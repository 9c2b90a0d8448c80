/*
 * A bug as the body of an issue, in Markdown. Issues are read by people who didn't run the target, on a site that
 * shows its text: nothing in it may become markup, a link or a mention.
 */
#include "base/prelude.h"
#include "report/issue.h"
#include "base/again.h"
#include "base/escape.h"
#include "base/fs.h"
#include "base/mem.h"
#include "report/bug_json.h"
#include "report/markdown.h"
#include "report/snippet.h"

#define FRAMES_MAX 20
#define HEX_LINES 16
#define HEX_COLUMNS 80

static void add_stack(struct buf *out, const struct crash_stack *st, const char *root)
{
	struct crash_shown shown = crash_frames_shown(st);
	struct buf b = BUF_INIT;
	size_t n = strlen(root);

	if (st->title && *st->title) {
		markdown_text(out, st->title);
		buf_adds(out, "\n\n");
	}
	for (size_t i = 0; i < shown.to - shown.from && i < FRAMES_MAX; i++) {
		const struct crash_frame *f = &st->frames[shown.from + i];

		buf_addf(&b, "#%zu %s", i, f->function ? f->function : "??");
		if (f->file)
			buf_addf(&b, " %s:%u",
				strncmp(f->file, root, n) == 0 && f->file[n] == '/'
					? f->file + n + 1
					: f->file,
				f->line);
		buf_addch(&b, '\n');
	}
	markdown_code(out, buf_str(&b));
	buf_addch(out, '\n');
	buf_release(&b);
}

/* The regression test's input, which the repository has; else the one in the state folder. */
static void add_reproduce(struct buf *out, const struct bug_rec *b, const char *root,
	const char *test, const char *input_path)
{
	char *full = test ? fs_join(test, "input") : NULL;
	const char *path = fs_below(root, full && fs_is_file(full) ? full : input_path);
	struct buf line = BUF_INIT;

	again_add(&line, "replay %s ", b->harness);
	escape_shell(&line, strv_of(path));
	buf_adds(out, "Reproduce:\n\n");
	markdown_code(out, buf_str(&line));
	buf_addch(out, '\n');
	buf_release(&line);
	free(full);
}

void issue_body(struct buf *out, const struct bug_rec *b, const struct crash_report *r,
	const struct buf *input, const char *input_path, const char *root, const char *test)
{
	struct buf hex = BUF_INIT;

	buf_adds(out, "### ");
	markdown_text(out, b->title);
	buf_adds(out, "\n\n");
	buf_addf(out,
		"- bug `%s`, %s, severity %s\n- harness `%s`, failed %u of %u times alone, seen "
		"%llu time%s\n",
		b->id, bug_state_name(b->state), severity_name(b->severity), b->harness, b->k, b->n,
		(unsigned long long)b->findings, b->findings == 1 ? "" : "s");
	if (r && r->why) {
		buf_adds(out, "- security: ");
		markdown_text(out, r->why);
		buf_addch(out, '\n');
	}
	buf_addch(out, '\n');
	for (size_t i = 0; r && i < r->n_stacks; i++)
		if (r->stacks[i].n && r->stacks[i].role != CRASH_STACK_SAMPLE)
			add_stack(out, &r->stacks[i], root);
	if (input) {
		buf_addf(out, "Input, %zu byte%s:\n\n", input->len, input->len == 1 ? "" : "s");
		snippet_hexdump(&hex, buf_str(input), input->len, NULL, HEX_LINES, 0, HEX_COLUMNS);
		markdown_code(out, buf_str(&hex));
		buf_addch(out, '\n');
	}
	add_reproduce(out, b, root, test, input_path);
	buf_release(&hex);
}
