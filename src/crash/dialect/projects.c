/*
 * What widely used libraries print before they abort: OpenSSL, Qt, LLVM, PostgreSQL, FFmpeg, Skia, ANGLE, PHP,
 * Swift's runtime. One row a phrase; the text between `from` and `to` is the message.
 */
#include "base/prelude.h"
#include "crash/internal.h"

static const struct phrase {
	const char *head, *kind;
	const char *must; /* has to stand in the rest of the line; NULL: nothing */
	const char *from; /* the message begins behind this; NULL: behind the head */
	const char *to;   /* and ends before it; NULL: at the line's end */
} phrases[] = {
	{ "OpenSSL internal error: ", "assertion", "ssertion failed: ", "ssertion failed: ", NULL },
	{ "ASSERT: \"", "assertion", "\" in file ", NULL, "\" in file " },
	{ "ASSERT failure in ", "assertion", "\", file ", ": \"", "\", file " },
	{ "TRAP: FailedAssertion(\"", "assertion", "\"", NULL, "\", File: " },
	{ "TRAP: failed Assert(\"", "assertion", "\"", NULL, "\")" },
	{ "UNREACHABLE executed", "unreachable", NULL, NULL, NULL },
	{ "LLVM ERROR: ", "fatal-error", NULL, NULL, NULL },
	{ "fatal error: \"", "assertion", "\"", NULL, "\"" },
	{ "! Assert failed in ", "assertion", "): ", "): ", NULL },
	{ "Assertion ", "assertion", " failed at ", NULL, " failed at " },
	{ "zend_mm_heap corrupted", "heap-corruption", NULL, NULL, NULL },
	{ "Fatal error: ", "fatal-error", ": file ", NULL, ": file " },
};

bool project_phrase(struct crash_parser *p, struct strv line, size_t at)
{
	const struct phrase *f = phrases;
	struct strv s = strv_from(line, at), rest;
	struct crash_report *r;
	size_t cut;

	while (f < phrases + ARRAY_LEN(phrases) && !strv_starts(s, f->head))
		f++;
	if (f == phrases + ARRAY_LEN(phrases))
		return false;
	rest = strv_from(s, strlen(f->head));
	if (f->must && !strv_contains(rest, f->must))
		return false;
	if (f->from && (cut = strv_find(rest, f->from)) != SIZE_MAX)
		rest = strv_from(rest, cut + strlen(f->from));
	if (f->to && (cut = strv_rfind(rest, f->to)) != SIZE_MAX)
		rest = strv_sub(rest, 0, cut);
	r = report_open(p, "program", f->kind, RANK_FATAL);
	r->priv->wants_stack = true;
	report_message(r, rest.len ? rest : s);
	return true;
}
