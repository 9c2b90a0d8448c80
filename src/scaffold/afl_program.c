/*
 * The program is included as it is. What afl-cc defines on its command line is defined anew, and main() gets another name for
 * the linker alone: to the compiler it stays main(), which needs no return.
 */
#include "base/prelude.h"
#include "scaffold/afl_program.h"

#define LOOP "__AFL_LOOP"
#define SHARED "__AFL_FUZZ_TESTCASE_BUF"
/* of main()'s, with their brackets */
#define PARAMETERS_MAX 4096

static struct strv last_word(struct strv v)
{
	size_t from;

	v = strv_trim(v);
	for (from = v.len; from && strv_is_word(v.s[from - 1]);)
		from--;
	return strv_from(v, from);
}

/* "(int argc, char **argv)" of "int main(int argc, char **argv) {". */
static bool main_parameters(struct strv text, struct strv *out)
{
	size_t at;

	for (struct strv rest = text; (at = strv_find(rest, "main")) != SIZE_MAX;) {
		struct strv before = strv_sub(rest, 0, at), behind = strv_from(rest, at + 4);
		struct strv args = strv_trim_start(behind);
		size_t end = strv_chr(strv_sub(args, 0, PARAMETERS_MAX), ')');

		if (strv_eqs(last_word(before), "int") && at && !strv_is_word(rest.s[at - 1]) &&
			strv_starts(args, "(") && end != SIZE_MAX &&
			strv_starts(strv_trim_start(strv_from(args, end + 1)), "{")) {
			*out = strv_sub(args, 0, end + 1);
			return true;
		}
		rest = behind;
	}
	return false;
}

static const char head[] =
	"/*\n"
	" * %s, a program for AFL++'s persistent mode, as a harness\n"
	" * that each engine and each test can run: main() runs once for each input,\n"
	" * which it finds where it looks for it. It is yours: what main() sets up once\n"
	" * and never ends is better done in LLVMFuzzerInitialize().\n"
	" */\n"
	"static unsigned char *afl_input;\n"
	"static unsigned afl_size, afl_rounds;\n"
	"\n"
	"#undef __AFL_HAVE_MANUAL_CONTROL\n"
	"#undef __AFL_FUZZ_INIT\n"
	"#undef __AFL_FUZZ_TESTCASE_BUF\n"
	"#undef __AFL_FUZZ_TESTCASE_LEN\n"
	"#undef __AFL_INIT\n"
	"#undef __AFL_LOOP\n"
	"#define __AFL_HAVE_MANUAL_CONTROL 1\n"
	"#define __AFL_FUZZ_INIT() extern int afl_nothing\n"
	"#define __AFL_FUZZ_TESTCASE_BUF afl_input\n"
	"#define __AFL_FUZZ_TESTCASE_LEN afl_size\n"
	"#define __AFL_INIT() ((void)0)\n"
	"#define __AFL_LOOP(n) ((void)(n), !afl_rounds++)\n"
	"\n"
	"int main%.*s __asm__(\"afl_main\");\n"
	"#include \"%s\"\n"
	"\n"
	"#include <stdint.h>\n"
	"#include <stdlib.h>\n"
	"#include <string.h>\n";

static const char by_stdin_head[] = "#include <stdio.h>\n"
				    "#include <sys/mman.h>\n"
				    "#include <unistd.h>\n";

static const char declarations[] =
	"\n"
	"%sint afl_main(int argc, char **argv, char **envp);\n"
	"%sint LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);\n"
	"%s";

static const char memory_file[] = "#ifndef __cplusplus\n"
				  "int memfd_create(const char *name, unsigned flags);\n"
				  "#endif\n";

static const char by_stdin[] =
	"\n"
	"/* Standard input has it, from its beginning. */\n"
	"static int offer(const uint8_t *data, size_t size)\n"
	"{\n"
	"\tstatic int file = -1;\n"
	"\n"
	"\tif (file < 0)\n"
	"\t\tfile = memfd_create(\"input\", 0);\n"
	"\tif (file < 0 || ftruncate(file, 0) < 0 ||\n"
	"\t\tpwrite(file, data, size, 0) != (ssize_t)size || dup2(file, 0) < 0)\n"
	"\t\treturn -1;\n"
	"\t/* libc would go on with what it read ahead of the last input */\n"
	"\tfflush(stdin);\n"
	"\trewind(stdin);\n"
	"\treturn lseek(0, 0, SEEK_SET) < 0 ? -1 : 0;\n"
	"}\n";

static const char entry[] =
	"\n"
	"int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)\n"
	"{\n"
	"\tchar name[] = \"harness\", *argv[] = { name, NULL }, *envp[] = { NULL };\n"
	"\n"
	"%s"
	"\t/* a copy: it may be written to */\n"
	"\tafl_input = (unsigned char *)malloc(size);\n"
	"\tif (!afl_input)\n"
	"\t\treturn -1;\n"
	"\tif (size)\n"
	"\t\tmemcpy(afl_input, data, size);\n"
	"\tafl_size = (unsigned)size;\n"
	"\tafl_rounds = 0;\n"
	"\tafl_main(1, argv, envp);\n"
	"\tfree(afl_input);\n"
	"\treturn 0;\n"
	"}\n";

bool afl_program_text(struct buf *out, const char *path, struct strv source, bool cxx)
{
	bool shared = strv_contains(source, SHARED);
	const char *linkage = cxx ? "extern \"C\" " : "";
	struct strv args;

	if (!strv_contains(source, LOOP) || !main_parameters(source, &args) ||
		strpbrk(path, "\"\\\n") || strstr(path, "*/"))
		return false;
	buf_addf(out, head, path, (int)args.len, args.s, path);
	buf_adds(out, shared ? "" : by_stdin_head);
	buf_addf(out, declarations, linkage, linkage, shared ? "" : memory_file);
	buf_adds(out, shared ? "" : by_stdin);
	buf_addf(out, entry, shared ? "" : "\tif (offer(data, size) < 0)\n\t\treturn -1;\n");
	return true;
}
