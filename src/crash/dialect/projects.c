/*
 * What widely used libraries print before they abort: OpenSSL, Qt, LLVM, PostgreSQL, FFmpeg, Skia, ANGLE, PHP,
 * Swift's runtime. One row a phrase; the text between `from` and `to` is the message.
 */
#include "base/prelude.h"
#include "crash/internal.h"

static const struct phrase anywhere[] = {
	{ "OpenSSL internal error: ", "assertion", 0,
		"ssertion failed: ", "ssertion failed: ", NULL, NULL },
	{ "TRAP: FailedAssertion(\"", "assertion", 0, "\"", NULL, "\", File: ", NULL },
	{ "TRAP: failed Assert(\"", "assertion", 0, "\"", NULL, "\")", NULL },
	{ "! Assert failed in ", "assertion", 0, "): ", "): ", NULL, NULL },
	{ "Assertion ", "assertion", 0, " failed at ", NULL, " failed at ", NULL },
	{ "Fatal error: ", "fatal-error", 0, ": file ", NULL, ": file ", NULL },
};

static const struct phrase at_start[] = {
	{ "ASSERT: \"", "assertion", 0, "\" in file ", NULL, "\" in file ", NULL },
	{ "ASSERT failure in ", "assertion", 0, "\", file ", ": \"", "\", file ", NULL },
	{ "UNREACHABLE executed", "unreachable", 0, NULL, NULL, NULL, NULL },
	{ "LLVM ERROR: ", "fatal-error", 0, NULL, NULL, NULL, NULL },
	{ "fatal error: \"", "assertion", 0, "\"", NULL, "\"", NULL },
	{ "zend_mm_heap corrupted", "heap-corruption", 0, NULL, NULL, NULL, NULL },
};

const struct phrase_table project_phrases = { "program", AT_WORD, anywhere, ARRAY_LEN(anywhere) };
const struct phrase_table project_line_phrases = { "program", AT_START, at_start,
	ARRAY_LEN(at_start) };
