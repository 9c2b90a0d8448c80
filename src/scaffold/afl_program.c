/* Its macros mean something else here: the loop runs once, over a copy of the input that ends where the input does. */
#include "base/prelude.h"
#include "scaffold/afl_program.h"
#include <ctype.h>

/* What stands behind main's first bracket; empty: there is none. */
static struct strv behind_main(struct strv text)
{
	size_t at;

	while ((at = strv_find(text, "main")) != SIZE_MAX) {
		bool begins = at == 0 ||
			      !(isalnum((unsigned char)text.s[at - 1]) || text.s[at - 1] == '_');
		struct strv rest = strv_trim(strv_from(text, at + strlen("main")));

		text = strv_from(text, at + strlen("main"));
		if (begins && rest.len && rest.s[0] == '(')
			return strv_from(rest, 1);
	}
	return strv_n("", 0);
}

static bool takes_arguments(struct strv text)
{
	struct strv inside = behind_main(text);

	inside = strv_trim(strv_sub(inside, 0, strv_chr(inside, ')')));
	return inside.len && !strv_eqs(inside, "void");
}

bool afl_program_returns(struct strv text, bool cxx)
{
	return !cxx || strv_contains(behind_main(text), "return");
}

static const char macros[] = "#undef __AFL_FUZZ_INIT\n"
			     "#undef __AFL_INIT\n"
			     "#undef __AFL_LOOP\n"
			     "#undef __AFL_FUZZ_TESTCASE_BUF\n"
			     "#undef __AFL_FUZZ_TESTCASE_LEN\n"
			     "#undef __AFL_HAVE_MANUAL_CONTROL\n"
			     "#define __AFL_FUZZ_INIT() typedef int input_is_here\n"
			     "#define __AFL_INIT() ((void)0)\n"
			     "#define __AFL_LOOP(n) (input_left > 0 && input_left--)\n"
			     "#define __AFL_FUZZ_TESTCASE_BUF input_copy\n"
			     "#define __AFL_FUZZ_TESTCASE_LEN input_size\n"
			     "#define __AFL_HAVE_MANUAL_CONTROL 1\n";

void afl_program_text(struct buf *out, const char *path, struct strv text, bool cxx)
{
	bool arguments = takes_arguments(text);

	buf_addf(out, "/*\n * Boundary: main() of %s, which loops over inputs of AFL++'s\n", path);
	buf_adds(out,
		" * Bytes: passed on as they are, one input for each call.\n"
		" * Oracle: no crash. What main() sets up it sets up for each input; where it "
		"ends the\n"
		" * process, make it return.\n */\n"
		"#include <stddef.h>\n#include <stdint.h>\n#include <stdlib.h>\n"
		"#include <string.h>\n#include <sys/types.h>\n\n");
	buf_adds(out, cxx ? "extern \"C\" " : "");
	buf_adds(out, "int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);\n\n"
		      "static unsigned char *input_copy;\nstatic ssize_t input_size;\n"
		      "static int input_left;\n\n");
	buf_adds(out, macros);
	buf_addf(out, "#define main program_main\n#include \"%s\"\n#undef main\n\n", path);
	buf_adds(out, "int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)\n{\n");
	if (arguments)
		buf_adds(out, "\tstatic char name[] = \"program\";\n"
			      "\tchar *argv[] = { name, NULL };\n\n");
	buf_addf(
		out, "\tinput_copy = %smalloc(size ? size : 1);\n", cxx ? "(unsigned char *)" : "");
	buf_adds(out, "\tif (!input_copy)\n\t\treturn 0;\n\tif (size)\n"
		      "\t\tmemcpy(input_copy, data, size);\n"
		      "\tinput_size = (ssize_t)size;\n\tinput_left = 1;\n");
	buf_addf(out, "\t(void)program_main(%s);\n", arguments ? "1, argv" : "");
	buf_adds(out, "\tfree(input_copy);\n\tinput_copy = NULL;\n\treturn 0;\n}\n");
}
