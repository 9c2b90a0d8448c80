/* OSS-Fuzz's extra sanitizers (what the target did to its surroundings), and the dynamic loader. */
#include "base/prelude.h"
#include "crash/internal.h"

bool extrasan_bug(struct crash_parser *p, struct strv line, size_t at)
{
	static const struct name_kind bugs[] = { { "Shell injection", "command-injection" },
		{ "Shell corruption", "command-injection" },
		{ "Command injection", "command-injection" },
		{ "Arbitrary file open", "arbitrary-file-open" },
		{ "Arbitrary domain name resolution", "arbitrary-dns" },
		{ "Arbitrary DNS resolution", "arbitrary-dns" }, { NULL, NULL } };
	struct strv s = strv_from(line, at + 14);
	const struct name_kind *k = name_kind_find(bugs, s);
	struct crash_report *r;

	if (!k)
		return false;
	while (s.len && s.s[s.len - 1] == '=')
		s.len--;
	r = report_open(p, "extrasan", k->kind, RANK_FATAL);
	r->priv->wants_stack = true;
	report_message(r, s);
	return true;
}

bool loader_error(struct crash_parser *p, struct strv line, size_t at)
{
	struct crash_report *r = report_open(p, "loader", "missing-library", RANK_FATAL);

	r->priv->wants_stack = true;
	report_message(r, strv_from(line, at));
	return true;
}
