/* libFuzzer's own verdicts. */
#include "base/prelude.h"
#include "crash/internal.h"

void libfuzzer_headline(struct crash_parser *p, struct strv what, long pid)
{
	static const struct name_kind verdicts[] = { { "timeout", "timeout" },
		{ "out-of-memory", "out-of-memory" }, { "deadly signal", "deadly-signal" },
		{ "fuzz target exited", "unexpected-exit" },
		{ "fuzz target overwrites its const input", "overwrites-const-input" },
		{ "overwrites-const-input", "overwrites-const-input" }, { "leak", "leak" },
		{ NULL, NULL } };
	const struct name_kind *k = name_kind_find(verdicts, what);
	struct crash_report *r;
	struct strv num;
	unsigned digits;
	size_t at;

	if (!k)
		return;
	r = report_open(p, "libfuzzer", k->kind, RANK_FATAL);
	r->pid = pid;
	report_message(r, what);
	r->priv->is_signal = !strcmp(k->kind, "deadly-signal");
	if (strcmp(k->kind, "out-of-memory"))
		return;
	/* "(malloc(2147483648))" or "(used: 2050Mb; limit: 2048Mb)" */
	if ((at = strv_find(what, "malloc(")) != SIZE_MAX) {
		num = strv_from(what, at + 7);
		r->size = scan_dec(&num, &digits);
	} else if ((at = strv_find(what, "used: ")) != SIZE_MAX) {
		r->gradual = true;
		num = strv_from(what, at + 6);
		r->size = scan_dec_max(&num, &digits, (uint64_t)1 << 40) << 20;
	}
}
