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

/* What the driver would link with, had it -fsanitize=fuzzer: -### prints its command and runs none. */
static void ask_driver(
	const struct strlist *argv, const struct direct_holes *h, struct strlist *out)
{
	struct proc_spec spec = PROC_SPEC_INIT;
	struct proc_result r = { 0 };

	spec.argv = (const char *const *)argv->v;
	spec.out = PROC_NULL;
	spec.err = PROC_CAPTURE;
	spec.wall_ms = ASK_MS;
	if (proc_run(&spec, &r, NULL) == 0 && r.status == 0 && !r.timed_out)
		direct_read(strv_n(buf_str(&r.err), r.err.len), h, out);
	proc_result_release(&r);
}

static bool is_engine(struct strv word)
{
	size_t slash = strv_rchr(word, '/');

	return slash != SIZE_MAX && strv_contains(strv_from(word, slash), "clang_rt.fuzzer") &&
	       strv_ends(word, ".a") && !strv_contains(word, ",");
}

/* The compiler's own libraries have come to lie elsewhere since it was asked. */
static bool is_gone(const struct strlist *words)
{
	for (size_t i = 0; i < words->n; i++)
		if (is_engine(strv_of(words->v[i])) && !fs_is_file(words->v[i]))
			return true;
	return false;
}

/* The linker's words for a harness, remembered in `dir`: whether a build is fresh is asked before each slice. */
static void link_words(const char *dir, const char *identity, const char *cc,
	const struct strlist *flags, const char *survive, struct strlist *out)
{
	const struct direct_holes h = { { survive } };
	static const char *const env[] = { NULL };
	struct strlist argv = STRLIST_INIT;
	char *place;

	strlist_add(&argv, cc);
	strlist_add_all(&argv, flags);
	strlist_add(&argv, "-fsanitize=fuzzer");
	strlist_add(&argv, survive);
	place = direct_place(dir, identity, &argv, env, "", &h);
	if (!direct_load(place, &h, out) || is_gone(out)) {
		strlist_release(out);
		strlist_add(&argv, "-###");
		ask_driver(&argv, &h, out);
		if (out->n)
			direct_save(place, &h, out);
	}
	free(place);
	strlist_release(&argv);
}

char *engine_word(const char *dir, const char *identity, const char *cc,
	const struct strlist *flags, const char *survive)
{
	struct strlist words = STRLIST_INIT;
	struct buf b = BUF_INIT;
	const char *cxx = NULL;
	size_t archives = 0;

	if (!fs_is_file(survive) || strchr(survive, ','))
		return NULL;
	link_words(dir, identity, cc, flags, survive, &words);
	buf_addf(&b, "-Wl," SURVIVE_WRAPS ",%s,--export-dynamic,--whole-archive", survive);
	for (size_t i = 0; i < words.n; i++) {
		if (is_engine(strv_of(words.v[i]))) {
			buf_addf(&b, ",%s", words.v[i]);
			archives++;
		} else if (strcmp(words.v[i], "-lstdc++") == 0 ||
			   strcmp(words.v[i], "-lc++") == 0) {
			cxx = words.v[i];
		}
	}
	buf_adds(&b, ",--no-whole-archive");
	if (cxx)
		buf_addf(&b, ",%s", cxx);
	/* the driver's own, as it adds them for a sanitizer: the script's link line may be without one */
	buf_adds(&b, ",-lpthread,-lrt,-lm,-ldl");
	strlist_release(&words);
	if (archives)
		return buf_detach(&b);
	buf_release(&b);
	return NULL;
}
