/* What the files of this room share. */
#ifndef BUILD_INTERNAL_H
#define BUILD_INTERNAL_H

#include "base/buf.h"
#include "base/hash.h"
#include "build/build.h"
#include "build/pool.h"

/* --- variant.c: what each variant is --- */

/* One row a variant: how it is compiled and with which main(). */
struct variant_def {
	const char *name;
	enum { FAMILY_CLANG, FAMILY_GCC, FAMILY_AFL } family;
	enum { ENTRY_RUNTIME, ENTRY_LIBFUZZER, ENTRY_AFL } entry;
	/* sanitizers; undefined comes with address where the project wants it */
	bool address, memory;
	/* flags, separated by blanks */
	const char *compile;
	const char *link;
	/* What an OSS-Fuzz-style script is told: */
	const char *sanitizer, *engine;
};
extern const struct variant_def variants[VARIANT_N];

const char *variant_cc(const struct toolchain *t, enum variant v, bool cxx);
/* Sanitizer, coverage and debugging flags; neither -I nor the project's own. */
void variant_flags(const struct toolchain *t, enum variant v, const struct config_build *b,
	bool link, struct strlist *out);
/* Over our environment, for everything that compiles; ends with NULL. */
const char *const *variant_env(enum variant v);
bool is_cxx(const char *path);
bool is_source(const char *path);

/* --- identity.c: what tells one compiler from the next --- */

/* They change when the compiler does. The caller frees. */
char *tool_identity(const char *exe, const char *version);
char *compiler_identity(const struct toolchain *t, enum variant v, bool cxx);

/* --- lock.c --- */

/* Hold the lock of a directory until *fd is closed. */
int lock_dir(const char *dir, int *fd, struct err *err);

/* --- deps.c: what went into a file, and whether it is still the same --- */

/* what was already looked at, in one build */
struct stamps;
struct stamps *stamps_new(void);
void stamps_free(struct stamps *s);
/* Forget a file that was written anew. */
void stamps_forget(struct stamps *s, const char *path);

/* True when `record` says that key and all that it lists are unchanged and `made` exists. */
bool record_fresh(struct stamps *s, const char *record, const char *made, const char *key);
/*
 * The wall clock to give record_save() for a making that begins now, after a wait of some milliseconds, so that what
 * was saved just before is told from what changes during it.
 */
uint64_t record_start(void);
/*
 * Write the record of what went into a file: key and dependencies. start_ns: wall clock before it was made; what
 * changed since then makes no record, so that the next build makes it again.
 */
void record_save(struct stamps *s, const char *record, const char *key, const struct strlist *deps,
	uint64_t start_ns);
/* The files a compiler's -MD output names, appended. -1: there is none or it isn't understood. */
int deps_parse(struct strv text, struct strlist *out);

uint64_t wall_ns(void);

/* --- diagnostics.c: a compiler's words, shortened --- */

/*
 * The lines of a log that say what is wrong (at most `lines`), and a hint for what is known; appended. script: the project's own
 * said it.
 */
void blame(struct buf *out, struct strv log, unsigned lines, bool script);

/* --- units.c: objects --- */

struct unit {
	char *src, *obj, *dep, *record;
	struct strlist argv;
	const char *const *env;
	/* what its code compares with, as a dictionary that the compiler adds to; NULL: it can't. The environment with it. */
	char *words;
	struct strlist words_env;
	const char *cwd;
	char key[SHA256_HEX];
	bool fresh, failed;
	/* the compiler's words when it failed */
	char *log;
	uint64_t start_ns;
	struct pool_task task;
};

struct units {
	struct unit **v;
	size_t n, cap;
};

/* Find by obj or add: argv is complete but for -MD -MF … -c SRC -o OBJ, and is taken. identity: of the compiler. */
struct unit *units_add(struct units *us, const char *src, const char *obj,
	struct strlist *argv_take, const char *const *env, const char *cwd, const char *identity);
/* Have AFL++'s compiler write down what its code compares with, beside the object: a by-product that no freshness is of. */
void unit_wants_words(struct unit *u);
/* Compile what isn't fresh. -1: an interrupt. */
int units_make(struct units *us, struct stamps *stamps, unsigned jobs, struct err *err);
void units_release(struct units *us);

/* --- script.c: one library in one variant --- */

struct set {
	const struct config *c;
	const struct config_build *b;
	enum variant v;
	char *dir;
	int lock;
	/* of the library; borrowed from the units */
	struct unit **objs;
	size_t n_objs, cap_objs;
	/* NULL: the library has no objects */
	char *archive;
	/* nothing can be linked against it; why: */
	bool bad;
	struct err err;
	char *log;
	/* script builds */
	bool scripted, script_fresh;
	uint64_t ms;
};

struct runtime;
/*
 * Run the project's script where it has to, with the runtime at `level`; look: only tell in script_fresh whether it hasn't
 * to. Fills set->bad, err, log. -1: an interrupt.
 */
int script_make(struct set *s, const struct toolchain *t, const struct runtime *rt, unsigned level,
	bool look, struct stamps *stamps, struct err *err);

/* --- engine_word.c: libFuzzer, and what lets it survive failures --- */

/*
 * One word for a script's link line, in place of -fsanitize=fuzzer. flags: the variant's, which decide what libFuzzer has
 * to bring; survive: survive.c's object; dir: where a compiler's answer (identity: which it is) is kept. NULL: this compiler
 * can't say which libraries these are. The caller frees.
 */
char *engine_word(const char *dir, const char *identity, const char *cc,
	const struct strlist *flags, const char *survive);

/* --- runtime.c: what is linked into targets, and loaded by afl-fuzz --- */

/* Compile it where it isn't fresh. NULL: an interrupt, or no state directory. */
struct runtime *runtime_make(const struct config *c, const struct toolchain *t,
	struct stamps *stamps, unsigned jobs, struct err *err);
/*
 * The one object to link, for a variant that isn't libFuzzer's. Level 0 is the full one; 1 goes without operator new
 * and libc.c, 2 also without the wrappers of reading and writing, 3 without those of allocating.
 */
#define RUNTIME_LEVELS 4u
/* The first to try: MSan's operator new can't be replaced. */
unsigned runtime_level(enum variant v, bool cxx);
/* The linker's words: the target has a function of a name that the runtime has, too. */
bool runtime_clashes(struct strv log);
/* Of the linker: what src/runtime/survive.c stands before. */
#define SURVIVE_WRAPS_OF(way)                                                       \
	",--wrap=__asan_report_" way "1_noabort,--wrap=__asan_report_" way          \
	"2_noabort,--wrap=__asan_report_" way "4_noabort,--wrap=__asan_report_" way \
	"8_noabort,--wrap=__asan_report_" way "16_noabort,--wrap=__asan_report_" way "_n_noabort"
#define SURVIVE_WRAPS \
	"--wrap=LLVMFuzzerTestOneInput" SURVIVE_WRAPS_OF("load") SURVIVE_WRAPS_OF("store")
const char *runtime_obj(const struct runtime *rt, enum variant v, unsigned level);
/* What the compiler said when it failed; NULL when it is fine. */
const char *runtime_bad(const struct runtime *rt, enum variant v);
/* A folder for what linking asks compilers, among what is shared with others as far as it is. */
const char *runtime_links(const struct runtime *rt);
/* The library that afl-fuzz imports with, or NULL. */
const char *runtime_import(const struct runtime *rt);
void runtime_free(struct runtime *rt);

/* --- direct.c: the linker without the compiler's driver in front of it --- */

/* Paths that differ from one link to the next: each a word of its own, or NULL. */
#define DIRECT_HOLES 4
struct direct_holes {
	const char *path[DIRECT_HOLES];
};
/* Where the answer to a link's words is kept; the caller frees. */
char *direct_place(const char *dir, const char *identity, const struct strlist *argv,
	const char *const *env, const char *cwd, const struct direct_holes *h);
/* The linker's words into `out`, from there, or from what the driver said to -###; false, and nothing: there are none. */
bool direct_load(const char *place, const struct direct_holes *h, struct strlist *out);
bool direct_read(struct strv said, const struct direct_holes *h, struct strlist *out);
void direct_save(const char *place, const struct direct_holes *h, const struct strlist *argv);

/* --- build.c, link.c: one call --- */

/* In the directory of a set, what its script's compilations write down of comparisons. */
#define SCRIPT_WORDS "script.words"

/* of a compiler's words, in an error */
#define BLAME_LINES 3

/* One executable to be linked. */
struct job {
	struct build_want *want;
	const struct config_build *b;
	struct set *set;
	struct unit *harness;
	char *exe, *record;
	bool cxx;
	struct strlist argv;
	/* the linker's own words, where they are known; what the driver is asked for them with, and where they are kept */
	struct strlist direct, ask;
	char *place;
	char key[SHA256_HEX];
	bool stale;
	/* of the runtime object */
	unsigned level;
	uint64_t start_ns;
	struct pool_task task;
};

struct work {
	const struct config *c;
	const struct toolchain *t;
	unsigned n_jobs;
	struct units units;
	/* sorted by dir before they are locked */
	struct set **sets;
	size_t n_sets, cap_sets;
	struct job *jobs;
	size_t n;
	struct stamps *stamps;
	struct runtime *rt;
};

/* Link what isn't fresh; failures go to the wants. -1: an interrupt. */
int link_all(struct work *w, struct err *err);

#endif
