/* Sanitizers end the process then, as they do after an error: only their words tell the one from the other. */
#include "base/prelude.h"
#include "base/refusal.h"

/* Off the front: "==", a process's number, "==", as before all that sanitizers say. */
static bool skip_prefix(struct strv *line)
{
	struct strv v = *line;

	if (!strv_skip(&v, "=="))
		return false;
	while (v.len && v.s[0] >= '0' && v.s[0] <= '9')
		v = strv_from(v, 1);
	if (v.s == line->s + 2 || !strv_skip(&v, "=="))
		return false;
	*line = v;
	return true;
}

static bool refuses(struct strv line)
{
	/* all of a row have to be there */
	static const char *const phrases[][2] = {
		/* it needs a thread of its own for a check */
		{ "LeakSanitizer has encountered a fatal error", "" },
		/* ENOMEM: the system has none left, where a target that asks for too much is told so in other words */
		{ "Sanitizer failed to allocate 0x", "(error code: 12)" },
		{ "Sanitizer failed to allocate 0x", "(errno: 12)" },
		{ "ReserveShadowMemoryRange failed", "" },
	};

	if (!skip_prefix(&line))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(phrases); i++)
		if (strv_contains(line, phrases[i][0]) && strv_contains(line, phrases[i][1]))
			return true;
	return false;
}

/* Something else ended it after all: the words before were an input's, echoed, or of a refusal that was lived through. */
static bool reports(struct strv line)
{
	/* what comes behind some refusals is theirs */
	if (strv_starts(line, "ERROR: Failed to "))
		return false;
	return strv_contains(line, "ERROR: ") || strv_contains(line, "WARNING: ") ||
	       strv_contains(line, "SUMMARY: ") || strv_contains(line, "runtime error: ") ||
	       strv_contains(line, ":DEADLYSIGNAL");
}

bool refusal_of_sanitizer(struct strv text)
{
	struct strv line;
	bool says = false;

	while (strv_line(&text, &line))
		if (refuses(line))
			says = true;
		else if (reports(line))
			says = false;
	return says;
}
