#include "base/prelude.h"
#include "project/startup.h"
#include "base/escape.h"
#include "base/fs.h"
#include "crash/fault.h"
#include "crash/parser.h"

#define FRAMES_SHOWN 6

/* Those that lead to where it failed, which the summary names. */
static void add_frames(struct buf *b, const struct crash_report *r)
{
	const struct crash_stack *s = crash_fault_stack(r);
	size_t shown = 0;

	for (size_t i = 0; s && i < s->n && shown < FRAMES_SHOWN; i++) {
		const struct crash_frame *f = &s->frames[i];

		if (!f->name || f->ignored || f->library || (!i && strstr(r->summary, f->name)))
			continue;
		buf_adds2(b, " < ", f->name);
		shown++;
		if (f->file && f->line)
			buf_addf(b, " (%s:%u)", fs_basename(f->file), f->line);
	}
}

void startup_explain(const char *harness, struct strv text, const struct crash_rules *rules,
	crash_resolve_fn resolve, void *resolve_arg, struct err *err)
{
	struct crash_report *r = crash_parse_ended(text);
	struct buf b = BUF_INIT, safe = BUF_INIT;

	crash_resolve(r, resolve, resolve_arg);
	crash_finish(r, rules);
	if (err && strcmp(r->kind, "no-crash") != 0 && strcmp(r->kind, "unknown") != 0) {
		buf_adds(&b, r->summary);
		add_frames(&b, r);
		escape_term(&safe, strv_n(buf_str(&b), b.len));
		err_usage(err, "%s: failed at start-up, before any input: %s", harness,
			buf_str(&safe));
	}
	buf_release(&b);
	buf_release(&safe);
	crash_report_free(r);
}
