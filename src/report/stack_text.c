/*
 * What a regression test keeps of the report that it was proven by: no addresses, which change from run to run, no
 * columns, which compilers count differently, and paths as the project has them.
 */
#include "base/prelude.h"
#include "report/stack_text.h"
#include "base/escape.h"
#include "base/fs.h"

#define FRAMES_MAX 40

static const char *role_words(enum crash_role role)
{
	switch (role) {
	case CRASH_STACK_FAULT:
		return "it failed in";
	case CRASH_STACK_ALLOC:
		return "the memory was allocated in";
	case CRASH_STACK_FREE:
		return "the memory was freed in";
	case CRASH_STACK_ORIGIN:
		return "the value came from";
	case CRASH_STACK_OTHER:
		return "and in";
	case CRASH_STACK_THREAD:
		return "the thread was made in";
	case CRASH_STACK_SAMPLE:
		break;
	}
	return NULL;
}

static void describe_frame(struct buf *out, const struct crash_frame *f, const char *root)
{
	size_t n = strlen(root);
	const char *file = f->file;

	buf_adds(out, "    ");
	escape_term(out, strv_of(f->function && *f->function ? f->function : "?"));
	if (file && strncmp(file, root, n) == 0 && file[n] == '/')
		file += n + 1;
	if (file && *file) {
		buf_adds(out, "  ");
		escape_term(out, strv_of(file));
		if (f->line)
			buf_addf(out, ":%u", f->line);
	} else if (f->module && *f->module) {
		buf_adds(out, "  in ");
		escape_term(out, strv_of(fs_basename(f->module)));
	}
	buf_addch(out, '\n');
}

void stack_text_add(struct buf *out, const struct crash_report *r, const char *root)
{
	escape_term(out, strv_of(r->summary));
	buf_addch(out, '\n');
	for (size_t s = 0; s < r->n_stacks; s++) {
		const struct crash_stack *st = &r->stacks[s];
		const char *words = role_words(st->role);
		size_t n = MIN(st->n, (size_t)FRAMES_MAX);

		if (!words || !n)
			continue;
		buf_addf(out, "%s\n", words);
		for (size_t i = 0; i < n; i++) {
			/* below the harness there's only what called it, which is another on each build */
			if (i && st->frames[i].function &&
				strncmp(st->frames[i].function, "thresh_rt_", 10) == 0)
				break;
			describe_frame(out, &st->frames[i], root);
		}
	}
}
