/* One self-contained C file per bug: the bytes, what they guard, and a main() for the framework asked for. */
#include "base/prelude.h"
#include "regress/internal.h"
#include "base/escape.h"
#include "base/fs.h"
#include "base/mem.h"

#define PER_LINE 12

/* A comment can't hold what would end it. */
static void add_comment(struct buf *b, const char *key, const char *value)
{
	struct buf safe = BUF_INIT;

	if (!value)
		return;
	escape_term(&safe, strv_sub(strv_of(value), 0, 300));
	buf_addf(b, " * %-11s ", key);
	for (size_t i = 0; i < safe.len; i++) {
		buf_addch(b, safe.s[i]);
		if (safe.s[i] == '*' && i + 1 < safe.len && safe.s[i + 1] == '/')
			buf_addch(b, ' ');
	}
	buf_addch(b, '\n');
	buf_release(&safe);
}

static void add_head(struct buf *b, const struct regress_entry *e, const struct regress_project *p)
{
	buf_adds(b,
		"/* " REGRESS_LICENSE " */\n"
		"/*\n * A regression test: these bytes once made the harness fail. It needs the "
		"harness and its library:\n");
	buf_adds(b, " *     cc -g -fsanitize=address THIS.c HARNESS.c LIBRARY -o test && ./test\n");
	buf_adds(b,
		" * It runs the input in a child process, and tells by its exit status how that "
		"ended.\n *\n");
	add_comment(b, "project", p->name);
	add_comment(b, "bug", e->bug);
	add_comment(b, "harness", e->harness);
	add_comment(b, "state", bug_state_name(e->m.state));
	add_comment(b, "summary", e->m.summary);
	add_comment(b, "frames", e->m.frames);
	add_comment(b, "signature", e->m.sig_text);
	add_comment(b, "debug", "gdb --args ./test --here");
	buf_adds(b, " */\n");
}

static void add_bytes(struct buf *b, const char *input, size_t len)
{
	buf_addf(b, "enum { INPUT_LEN = %zu };\nstatic const unsigned char input[] = {", len);
	for (size_t i = 0; i < len; i += PER_LINE) {
		size_t n = MIN((size_t)PER_LINE, len - i);

		buf_addch(b, '\n');
		buf_addch(b, '\t');
		for (size_t k = 0; k < n; k++)
			buf_addf(b, "0x%02x, ", (unsigned char)input[i + k]);
		buf_adds(b, "/* ");
		for (size_t k = 0; k < n; k++) {
			unsigned char c = (unsigned char)input[i + k];

			/* neither an end of the comment nor a trigraph's beginning */
			buf_addch(b,
				c > 32 && c < 127 && c != '*' && c != '/' && c != '?' && c != '\\'
					? c
					: '.');
		}
		buf_adds(b, " */");
	}
	buf_adds(b, len ? "\n};\n" : " 0 /* the empty input */ };\n");
}

static const char declarations[] =
	"int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);\n"
	"\n";

/* Without glibc nothing is made to fail, and the test passes. */
static const char fault_declarations[] = "#include \"../faults.c\"\n"
					 "#ifndef THRESH_RT_FAULTS_C\n"
					 "#define thresh_rt_alloc_begin(at, all) ((void)0)\n"
					 "#define thresh_rt_alloc_end() ((void)0)\n"
					 "#endif\n"
					 "\n";

static const char body[] =
	"/* In a block of exactly its size, so that a sanitizer sees what lies past its end. */\n"
	"static void run_here(void)\n"
	"{\n"
	"\tunsigned char *copy = malloc(INPUT_LEN ? INPUT_LEN : 1);\n"
	"\n"
	"\tif (!copy)\n"
	"\t\texit(2);\n"
	"\tmemcpy(copy, input, INPUT_LEN);\n";

static const char run[] = "\tLLVMFuzzerTestOneInput(copy, INPUT_LEN);\n";
static const char run_with_fault[] = "\tthresh_rt_alloc_begin(FAIL_AT, FAIL_ALL);\n"
				     "\tLLVMFuzzerTestOneInput(copy, INPUT_LEN);\n"
				     "\tthresh_rt_alloc_end();\n";

static const char body_end[] =
	"\tfree(copy);\n"
	"}\n"
	"\n"
	"/* How many of the runs failed: by a signal, a sanitizer's exit, or too long a time. */\n"
	"static int failures(void)\n"
	"{\n"
	"\tint failed = 0, status, i;\n"
	"\tpid_t pid;\n"
	"\n"
	"\tfor (i = 0; i < RUNS; i++) {\n"
	"\t\tfflush(NULL);\n"
	"\t\tpid = fork();\n"
	"\t\tif (pid == 0) {\n"
	"\t\t\talarm(SECONDS);\n"
	"\t\t\trun_here();\n"
	"\t\t\texit(0); /* not _exit: leaks are looked for on the way out */\n"
	"\t\t}\n"
	"\t\tif (pid < 0 || waitpid(pid, &status, 0) != pid) {\n"
	"\t\t\tperror(\"fork\");\n"
	"\t\t\texit(2);\n"
	"\t\t}\n"
	"\t\tfailed += !(WIFEXITED(status) && WEXITSTATUS(status) == 0);\n"
	"\t}\n"
	"\treturn failed;\n"
	"}\n"
	"\n";

struct framework {
	const char *name, *includes, *main;
};

static const struct framework frameworks[] = {
	{ "main", "",
		"/* 0: passes. 1: fails. 77, which test runners show as skipped: fails, as is "
		"known. */\n"
		"int main(int argc, char **argv)\n"
		"{\n"
		"\tif (argc > 1 && strcmp(argv[1], \"--here\") == 0) {\n"
		"\t\trun_here();\n"
		"\t\treturn 0;\n"
		"\t}\n"
		"\tif (!failures())\n"
		"\t\treturn 0;\n"
		"\tfprintf(stderr, \"%s: %s\\n\", BUG, KNOWN ? \"still open\" : \"it is back\");\n"
		"\treturn KNOWN ? 77 : 1;\n"
		"}\n" },
	{ "tap", "",
		"int main(int argc, char **argv)\n"
		"{\n"
		"\tint failed;\n"
		"\n"
		"\tif (argc > 1 && strcmp(argv[1], \"--here\") == 0) {\n"
		"\t\trun_here();\n"
		"\t\treturn 0;\n"
		"\t}\n"
		"\tputs(\"1..1\");\n"
		"\tfailed = failures();\n"
		"\tprintf(\"%sok 1 - %s%s\\n\", failed ? \"not \" : \"\", BUG, KNOWN ? \" # TODO "
		"open\" "
		": \"\");\n"
		"\treturn failed && !KNOWN;\n"
		"}\n" },
	{ "cmocka",
		"#include <setjmp.h>\n#include <stdarg.h>\n#include <stdint.h>\n#include "
		"<cmocka.h>\n",
		"static void test_bug(void **state)\n"
		"{\n"
		"\tint failed = failures();\n"
		"\n"
		"\t(void)state;\n"
		"\tif (failed && KNOWN)\n"
		"\t\tskip(); /* still open */\n"
		"\tassert_int_equal(failed, 0);\n"
		"}\n"
		"\n"
		"int main(int argc, char **argv)\n"
		"{\n"
		"\tstatic const struct CMUnitTest tests[] = { { BUG, test_bug, NULL, NULL, NULL } "
		"};\n"
		"\n"
		"\tif (argc > 1 && strcmp(argv[1], \"--here\") == 0) {\n"
		"\t\trun_here();\n"
		"\t\treturn 0;\n"
		"\t}\n"
		"\treturn cmocka_run_group_tests(tests, NULL, NULL);\n"
		"}\n" },
	{ "check", "#include <check.h>\n",
		"START_TEST(test_bug)\n"
		"{\n"
		"\tint failed = failures();\n"
		"\n"
		"\tif (failed && KNOWN)\n"
		"\t\tfprintf(stderr, \"%s: still open\\n\", BUG);\n"
		"\telse\n"
		"\t\tck_assert_int_eq(failed, 0);\n"
		"}\n"
		"END_TEST\n"
		"\n"
		"int main(int argc, char **argv)\n"
		"{\n"
		"\tSuite *suite = suite_create(BUG);\n"
		"\tTCase *tcase = tcase_create(BUG);\n"
		"\tSRunner *runner = srunner_create(suite);\n"
		"\tint failed;\n"
		"\n"
		"\tif (argc > 1 && strcmp(argv[1], \"--here\") == 0) {\n"
		"\t\trun_here();\n"
		"\t\treturn 0;\n"
		"\t}\n"
		"\ttcase_add_test(tcase, test_bug);\n"
		"\ttcase_set_timeout(tcase, 2 * RUNS * SECONDS);\n"
		"\tsuite_add_tcase(suite, tcase);\n"
		"\tsrunner_set_fork_status(runner, CK_NOFORK); /* the input has a child of its own "
		"*/\n"
		"\tsrunner_run_all(runner, CK_NORMAL);\n"
		"\tfailed = srunner_ntests_failed(runner);\n"
		"\tsrunner_free(runner);\n"
		"\treturn failed != 0;\n"
		"}\n" },
	{ "unity", "#include <unity.h>\n",
		"void setUp(void);\n"
		"void tearDown(void);\n"
		"void setUp(void) {}\n"
		"void tearDown(void) {}\n"
		"\n"
		"static void test_bug(void)\n"
		"{\n"
		"\tint failed = failures();\n"
		"\n"
		"\tif (failed && KNOWN)\n"
		"\t\tTEST_IGNORE_MESSAGE(\"still open\");\n"
		"\tTEST_ASSERT_EQUAL_INT(0, failed);\n"
		"}\n"
		"\n"
		"int main(int argc, char **argv)\n"
		"{\n"
		"\tif (argc > 1 && strcmp(argv[1], \"--here\") == 0) {\n"
		"\t\trun_here();\n"
		"\t\treturn 0;\n"
		"\t}\n"
		"\tUNITY_BEGIN();\n"
		"\tRUN_TEST(test_bug);\n"
		"\treturn UNITY_END();\n"
		"}\n" },
};

static const struct framework *framework(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(frameworks); i++)
		if (strcmp(frameworks[i].name, name) == 0)
			return &frameworks[i];
	return NULL;
}

static uint64_t seconds_of(const struct regress_project *p, const char *harness)
{
	for (size_t i = 0; i < p->n_harnesses; i++)
		if (strcmp(p->harnesses[i].name, harness) == 0)
			return regress_timeout_s(&p->harnesses[i]);
	return 60;
}

static int emit_one(struct regress_writer *w, const struct regress_project *p,
	const struct framework *f, const struct regress_entry *e, struct err *err)
{
	struct buf b = BUF_INIT, input = BUF_INIT;
	char *path = xasprintf("%s/%s.c", e->harness, e->bug);
	bool known = e->m.state == BUG_OPEN || e->m.state == BUG_FLAKY;
	int rc = fs_read(e->input, FS_NO_LIMIT, &input, err);

	if (rc == 0) {
		add_head(&b, e, p);
		buf_adds(&b, e->alloc_at ? "#ifndef _GNU_SOURCE\n#define _GNU_SOURCE 1\n#endif\n"
					 : "#ifndef _POSIX_C_SOURCE\n#define _POSIX_C_SOURCE "
					   "200809L\n#endif\n");
		buf_adds(&b, "#include <stddef.h>\n#include <stdio.h>\n#include <stdlib.h>\n"
			     "#include <string.h>\n#include <sys/types.h>\n#include <sys/wait.h>\n"
			     "#include <unistd.h>\n");
		buf_addf(&b, "%s\n#define BUG \"", f->includes);
		escape_c(&b, strv_of(e->harness));
		buf_addch(&b, '/');
		escape_c(&b, strv_of(e->bug));
		buf_addf(&b,
			"\"\n#define KNOWN %d /* open: a failure is expected */\n"
			"#define RUNS %llu\n#define SECONDS %llu /* that a run may take */\n\n",
			known, (unsigned long long)e->m.runs,
			(unsigned long long)seconds_of(p, e->harness));
		if (e->alloc_at)
			buf_addf(&b,
				"#define FAIL_AT %llu /* the allocation that fails */\n"
				"#define FAIL_ALL %d /* and all later ones */\n\n",
				(unsigned long long)e->alloc_at, e->alloc_and_all);
		add_bytes(&b, buf_str(&input) + e->fault_line, input.len - e->fault_line);
		buf_addf(&b, "\n%s%s%s%s%s%s", declarations, e->alloc_at ? fault_declarations : "",
			body, e->alloc_at ? run_with_fault : run, body_end, f->main);
		rc = regress_put_buf(w, path, &b, err);
	}
	free(path);
	buf_release(&b);
	buf_release(&input);
	return rc;
}

int regress_emit_c(struct regress_writer *w, const struct regress_project *p, struct err *err)
{
	const struct framework *f = framework(p->framework);

	if (!f)
		return err_usage(err, "%s: no such framework", p->framework);
	if (regress_emit_files(w, p, err) < 0)
		return -1;
	for (size_t i = 0; i < p->tree->n; i++)
		/* only an allocation can be made to fail without the runtime */
		if (p->tree->v[i].m.state != BUG_IGNORED &&
			(!p->tree->v[i].fault || p->tree->v[i].alloc_at) &&
			emit_one(w, p, f, &p->tree->v[i], err) < 0)
			return -1;
	return 0;
}
