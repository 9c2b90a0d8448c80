/*
 * A compiler's words, shortened to those that say what is wrong. Its output quotes the source that is built,
 * so it is treated like everything else from outside: scanned by length, escaped, bounded.
 */
#include "base/prelude.h"
#include "build/internal.h"
#include "base/escape.h"

#define LINE_MAX_SHOWN 200

static const char *const marks[] = { " error: ", "fatal error: ", "undefined reference to",
	"multiple definition of", "No space left on device", "final link failed",
	"undefined symbol: ", "duplicate symbol: ", "cannot find ", "error: unable to ",
	": not found", ": No such file or directory", "no input files", "error: " };

/* What people meet most, and what mends it. */
static const struct {
	const char *words, *hint;
	/* where a script of the project's own said it, which has no sources in thresh.yaml; NULL: the same */
	const char *of_script;
} hints[] = {
	{ "undefined reference to `LLVMFuzzerTestOneInput'",
		"the harness defines no LLVMFuzzerTestOneInput (in C++ it has to be extern "
		"\"C\")",
		NULL },
	{ "undefined symbol: LLVMFuzzerTestOneInput",
		"the harness defines no LLVMFuzzerTestOneInput (in C++ it has to be extern "
		"\"C\")",
		NULL },
	{ "multiple definition of `main'",
		"that has a main() of its own: leave its file out of build.sources, or build it "
		"with -Dmain=other_main",
		NULL },
	{ "duplicate symbol: main",
		"that has a main() of its own: leave its file out of build.sources, or build it "
		"with -Dmain=other_main",
		NULL },
	{ "'thresh.h' file not found",
		".thresh/runtime/thresh.h is a copy of it, to be put beside the harness", NULL },
	{ "thresh.h: No such file",
		".thresh/runtime/thresh.h is a copy of it, to be put beside the harness", NULL },
	{ "file not found", "is its directory missing from build.include?",
		"is a package missing that has it?" },
	{ "undefined reference to", "is a source missing from build.sources, or a -l from ldflags?",
		"does the script link all libraries that its build found on this machine?" },
};

static bool says_why(struct strv line)
{
	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		if (strv_contains(line, marks[i]))
			return true;
	return false;
}

/* The driver's last words, which say nothing of why. */
static bool says_nothing(struct strv line)
{
	return strv_contains(line, "linker command failed") ||
	       strv_contains(line, "ld returned 1 exit status");
}

/* Where a symbol was defined first is another place in each variant, and most often ours. */
static struct strv cut_first_definition(struct strv line)
{
	size_t of = strv_find(line, "multiple definition of"), end;

	if (of == SIZE_MAX)
		return line;
	end = strv_find(strv_from(line, of), "; ");
	return end == SIZE_MAX ? line : strv_sub(line, 0, of + end);
}

static void add_line(struct buf *out, struct strv line)
{
	if (out->len)
		buf_adds(out, "; ");
	line = cut_first_definition(strv_trim(line));
	escape_term(out, strv_sub(line, 0, LINE_MAX_SHOWN));
	if (line.len > LINE_MAX_SHOWN)
		buf_adds(out, "...");
}

/* CMake says where in one line and what in the next; its last words only name its logs. */
static bool add_cmake_error(struct buf *out, struct strv log)
{
	struct strv line;

	while (strv_line(&log, &line)) {
		if (!strv_starts(line, "CMake Error"))
			continue;
		add_line(out, line);
		while (strv_line(&log, &line))
			if (strv_trim(line).len) {
				buf_addch(out, ' ');
				escape_term(out, strv_sub(strv_trim(line), 0, LINE_MAX_SHOWN));
				break;
			}
		return true;
	}
	return false;
}

void blame(struct buf *out, struct strv log, unsigned lines, bool script)
{
	struct strv rest = log, line, last = { NULL, 0 };
	struct buf said = BUF_INIT;
	unsigned n = 0;

	while (n < lines && strv_line(&rest, &line)) {
		if (strv_trim(line).len)
			last = line;
		if (says_why(line) && !(n && says_nothing(line))) {
			add_line(&said, line);
			n++;
		}
	}
	if (!n && !add_cmake_error(&said, log) && last.len)
		add_line(&said, last);
	if (!said.len)
		buf_adds(&said, "it said nothing");
	buf_add(out, said.s, said.len);
	buf_release(&said);
	for (size_t i = 0; i < ARRAY_LEN(hints); i++)
		if (strv_contains(log, hints[i].words)) {
			buf_addf(out, " (%s)",
				script && hints[i].of_script ? hints[i].of_script : hints[i].hint);
			break;
		}
}
