/* HWAddressSanitizer: headlines, and the cause it names further down. */
#include "base/prelude.h"
#include "crash/internal.h"

static const struct name_kind headlines[] = {
	{ "tag-mismatch", "tag-mismatch" },
	{ "invalid-free", "invalid-free" },
	{ "allocation-tail-overwritten", "allocation-tail-overwritten" },
	{ "alloc-tail-overwritten", "allocation-tail-overwritten" },
	{ "double-free", "double-free" },
	{ "heap-buffer-overflow", "heap-buffer-overflow" },
	{ NULL, NULL },
};

void hwasan_headline(struct crash_parser *p, struct strv what, long pid)
{
	const struct name_kind *k = name_kind_find(headlines, what);
	struct crash_report *r =
		report_open(p, "hwasan", k ? k->kind : "unknown-crash", RANK_FATAL);

	r->pid = pid;
	report_message(r, what);
	sanitizer_address(r, what);
	if (!strcmp(r->kind, "allocation-tail-overwritten")) {
		size_t at = strv_find(what, "of size ");
		struct strv num = strv_from(what, at == SIZE_MAX ? what.len : at + 8);
		unsigned digits;

		r->access = CRASH_WRITE;
		r->block_size = scan_dec(&num, &digits);
	}
}

/* "Cause: use-after-free": more exact than the mismatch of tags that led to it. */
bool hwasan_cause(struct crash_parser *p, struct strv line, size_t at)
{
	static const struct name_kind causes[] = { { "heap-buffer-overflow",
							   "heap-buffer-overflow" },
		{ "heap-buffer-underflow", "heap-buffer-overflow" },
		{ "use-after-free", "use-after-free" }, { "stack tag-mismatch", "tag-mismatch" },
		{ "stack-buffer-overflow", "stack-buffer-overflow" },
		{ "stack-use-after-", "use-after-return" },
		{ "global-overflow", "global-buffer-overflow" }, { "double-free", "double-free" },
		{ NULL, NULL } };
	const struct name_kind *k = name_kind_find(causes, strv_from(line, at + 7));

	if (!p->cur || strcmp(p->cur->sanitizer, "hwasan") || strcmp(p->cur->kind, "tag-mismatch"))
		return false;
	if (k)
		p->cur->kind = k->kind;
	return true;
}
