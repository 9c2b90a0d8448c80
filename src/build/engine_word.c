/*
 * libFuzzer for a script's own link line. $LIB_FUZZING_ENGINE is one word there, which scripts quote and CMake and libtool
 * pass on as they do any flag: so all that -fsanitize=fuzzer stands for goes to the linker behind one -Wl, with what lets
 * the process survive known failures (src/runtime/survive.c) and the wrapping of the harness's entry. Which archives these
 * are the compiler's driver says itself. An @file would be as short, but CMake takes it for a library's name.
 */
#include "base/prelude.h"
#include "build/internal.h"
#include "base/fs.h"
#include "base/mem.h"
#include "proc/proc.h"

#define ASK_MS 20000

/* What the driver would link with, had it -fsanitize=fuzzer: -### prints its commands and runs none. */
static void ask_driver(const char *cc, const struct strlist *flags, struct buf *said)
{
	struct proc_spec spec = PROC_SPEC_INIT;
	struct strlist argv = STRLIST_INIT;
	struct proc_result r = { 0 };

	strlist_add(&argv, cc);
	strlist_add_all(&argv, flags);
	strlist_add(&argv, "-fsanitize=fuzzer");
	strlist_add(&argv, "-###");
	/* some input that is there */
	strlist_add(&argv, "-xc");
	strlist_add(&argv, "/dev/null");
	spec.argv = (const char *const *)argv.v;
	spec.out = PROC_NULL;
	spec.err = PROC_CAPTURE;
	spec.wall_ms = ASK_MS;
	if (proc_run(&spec, &r, NULL) == 0 && r.status == 0 && !r.timed_out)
		buf_add(said, buf_str(&r.err), r.err.len);
	proc_result_release(&r);
	strlist_release(&argv);
}

static bool is_engine(struct strv word)
{
	size_t slash = strv_rchr(word, '/');

	return slash != SIZE_MAX && strv_contains(strv_from(word, slash), "clang_rt.fuzzer") &&
	       strv_ends(word, ".a") && !strv_contains(word, ",");
}

char *engine_word(const char *cc, const struct strlist *flags, const char *survive)
{
	struct buf said = BUF_INIT, b = BUF_INIT;
	struct strv rest, word, cxx = { NULL, 0 };
	size_t archives = 0;

	if (!fs_is_file(survive) || strchr(survive, ','))
		return NULL;
	ask_driver(cc, flags, &said);
	buf_addf(&b, "-Wl," SURVIVE_WRAPS ",%s,--export-dynamic,--whole-archive", survive);
	/* every word in quotes */
	rest = strv_n(buf_str(&said), said.len);
	while (strv_split(&rest, '"', &word)) {
		if (is_engine(word)) {
			buf_addf(&b, "," STRV_FMT, STRV_ARG(word));
			archives++;
		} else if (strv_eqs(word, "-lstdc++") || strv_eqs(word, "-lc++")) {
			cxx = word;
		}
	}
	buf_adds(&b, ",--no-whole-archive");
	if (cxx.len)
		buf_addf(&b, "," STRV_FMT, STRV_ARG(cxx));
	/* the driver's own, as it adds them for a sanitizer: the script's link line may be without one */
	buf_adds(&b, ",-lpthread,-lrt,-lm,-ldl");
	buf_release(&said);
	if (archives)
		return buf_detach(&b);
	buf_release(&b);
	return NULL;
}
