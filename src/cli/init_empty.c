/*
 * What of an empty input is the harness's fault is told by the report's stacks: what it freed itself, and what was read behind
 * its own input. Everything else is the library's, and kept.
 */
#include "base/prelude.h"
#include "cli/init_empty.h"
#include "base/mem.h"
#include "proc/interrupt.h"
#include "triage/triage.h"
#include <string.h>

/* of texts that may be shorter than what looks at their beginning reads at once */
#define SHORT_MAX 8
/* the engine's, or the least that there is */
#define EMPTY_BLOCK 8

/* Did it read behind a block of memory? */
static bool is_over(const struct crash_report *r)
{
	return strcmp(r->kind, "heap-buffer-overflow") == 0 && r->access == CRASH_READ &&
	       r->has_block;
}

/* Behind that of a text of so many, with its NUL? */
static bool is_behind(const struct crash_report *r, size_t n)
{
	return is_over(r) && r->block_size == n + 1 && r->block_offset >= 0;
}

/* Nor is that of short texts of this one character the end? */
static bool overruns_all(struct project *p, const struct config_harness *h, char c)
{
	char text[SHORT_MAX];
	bool over = true;

	memset(text, c, sizeof(text));
	for (size_t n = sizeof(text); n && over && !proc_interrupted(); n--) {
		struct triage tr = TRIAGE_INIT;

		over = triage_input(p, h, VARIANT_ASAN, text, n, 1, &tr, NULL) == 0 &&
		       triage_failed(tr.outcome) && tr.report && is_behind(tr.report, n);
		triage_release(&tr);
	}
	return over;
}

/*
 * Does it read several bytes of an empty text at once, or some far behind it, and behind all short ones, too? Then it takes
 * bytes whose length lies in them, or is known otherwise, and what fails there would be the harness's.
 */
static bool is_no_text(
	struct project *p, const struct config_harness *h, const struct crash_report *empty)
{
	return is_behind(empty, 0) && (empty->size > 1 || empty->block_offset > 1) &&
	       (overruns_all(p, h, 'a') || overruns_all(p, h, '\xff'));
}

/* The frame at this place of the report's first stack of that role; NULL: there is none. */
static const struct crash_frame *frame_of(
	const struct crash_report *r, enum crash_role role, size_t at)
{
	for (size_t i = 0; i < r->n_stacks; i++) {
		const struct crash_stack *s = &r->stacks[i];

		if (s->role == role)
			return at < s->n ? &s->frames[at] : NULL;
	}
	return NULL;
}

/* The name in it; "": there is none. */
static const char *frame_name(const struct crash_report *r, enum crash_role role, size_t at)
{
	const struct crash_frame *f = frame_of(r, role, at);

	return f && f->function ? f->function : "";
}

static bool is_entry(const char *frame)
{
	return strcmp(frame, "LLVMFuzzerTestOneInput") == 0;
}

/* Does it look for a NUL in the harness's own input, where its length is none? An empty one lies behind a small block. */
static bool is_until_nul(const struct crash_report *r)
{
	const char *from = frame_name(r, CRASH_STACK_ALLOC, 1);

	return strv_ends(strv_of(frame_name(r, CRASH_STACK_FAULT, 0)), "strlen") &&
	       (is_entry(from) || strv_starts(strv_of(from), "thresh_rt_")) &&
	       r->block_size <= EMPTY_BLOCK && r->block_offset == (int64_t)r->block_size;
}

/* What it gave, and took back as it failed, the harness itself frees. */
static bool is_freed_here(const struct crash_report *r, const struct init_harness *own)
{
	return strcmp(r->kind, "double-free") == 0 &&
	       is_entry(frame_name(r, CRASH_STACK_FAULT, 1)) &&
	       strstr(buf_str(&own->text), "\tfree(");
}

/* Does the harness's line of that number make its object? Other memory of its own is what it says, and running over that a bug. */
static bool makes_object(const struct init_harness *own, unsigned line)
{
	struct strv rest = strv_n(buf_str(&own->text), own->text.len), here = strv_of("");
	char *declared;
	bool is;

	for (unsigned i = 0; i < line; i++)
		if (!strv_line(&rest, &here))
			return false;
	here = strv_trim(here);
	declared = xasprintf("\t%s *" STRV_FMT " = NULL;", own->zeroed,
		STRV_ARG(strv_sub(here, 0, strv_find(here, " = "))));
	is = strv_contains(here, "calloc(") && strstr(buf_str(&own->text), declared);
	free(declared);
	return is;
}

/* Does it run over an object of the harness's? The type in the header is what others begin with. */
static bool is_more(const struct crash_report *r, const struct init_harness *own)
{
	const struct crash_frame *f = frame_of(r, CRASH_STACK_ALLOC, 1);

	return own->zeroed && strcmp(r->kind, "heap-buffer-overflow") == 0 && f &&
	       is_entry(frame_name(r, CRASH_STACK_ALLOC, 1)) && makes_object(own, f->line);
}

void init_empty_look(struct project *p, const struct config_harness *h,
	const struct init_harness *own, bool of_use, struct init_empty *out)
{
	struct triage tr = TRIAGE_INIT;
	const struct crash_report *r;

	*out = (struct init_empty){ .summary = BUF_INIT };
	if (triage_input(p, h, VARIANT_ASAN, "", 0, 1, &tr, NULL) < 0 ||
		!triage_failed(tr.outcome) || !(r = tr.report))
		goto out;
	if (!own->text_alone && is_over(r) && is_until_nul(r))
		out->skips = "of a length of none the library looks for a NUL (strlen), and there "
			     "is none behind an input";
	else if (is_freed_here(r, own))
		out->skips =
			"of one the library freed what it gave, and what the harness frees, too";
	else if (of_use && own->text_alone && is_no_text(p, h, r))
		out->is_no_text = true;
	else if (of_use && is_more(r, own))
		out->is_more = true;
	/* what nobody ends leaks by the harness */
	else if (of_use && r->summary && (own->ends_all || strcmp(r->kind, "leak") != 0))
		buf_adds(&out->summary, r->summary);
out:
	triage_release(&tr);
}
