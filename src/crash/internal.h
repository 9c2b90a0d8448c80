/*
 * What the files of this room share: the parser's state, the helpers by which a dialect builds a
 * report, and the tables of kinds and ignored frames. Nothing outside src/crash includes it.
 */
#ifndef CRASH_INTERNAL_H
#define CRASH_INTERNAL_H

#include "crash/crash.h"
#include "crash/lines.h"
#include "crash/phrase.h"

enum {
	REPORTS_MAX = 32,
	PHRASES_MAX = 1280,
	STACKS_MAX = 256, /* per report */
	REPORT_BYTES_MAX = 2 << 20,
	FRAMES_MAX = 2048, /* per stack */
	TEXT_MAX = 4096,   /* of one string that is kept */
};

/* Which report decides, in the order of weight; of equals, the first. */
enum rank {
	RANK_NOTE,   /* a message that ends nothing by itself: a GLib warning, a lone backtrace */
	RANK_LEAK,   /* printed at exit, after everything else went well */
	RANK_REPORT, /* an error that the process may have survived */
	RANK_FATAL,
};

struct crash_priv {
	enum rank rank;
	bool wants_stack; /* a message whose stack comes with the signal that follows */
	bool is_signal; /* a bare signal: the consequence of a message before it, if there is one */
	bool sanitized; /* by a sanitizer's runtime */
	bool outside;   /* told by whoever waited for the process */
	bool direct_leak;
	bool gave_up;       /* raise or abort is on top */
	bool pc_zero;       /* jumped through a null pointer */
	bool pc_wild;       /* jumped to where no code is */
	bool wild;          /* the fault's address wasn't canonical */
	bool protected_;    /* Chromium's MiraclePtr vouches that it can't be exploited */
	bool debug_only;    /* DCHECK, assert: compiled out of release builds */
	bool sec_check;     /* the check itself says that security hangs on it */
	bool finished_text; /* message complete: later lines don't add to it */
	int want_message;   /* lines that may still hold the message: Rust, V8, C++ exceptions */
	int open;           /* stack that takes frames, -1: none */
	unsigned next;      /* frame number expected next */
	bool armed;         /* the next frame 0 opens a stack of next_role */
	enum crash_role next_role;
	const char *next_title;
	bool plain_frames; /* the kernel's unnumbered frames follow */
	const char *said;  /* what malloc was about to say, from its frame's arguments */
	long thread;       /* the debugger's number of the current one; 0: not said */
	int handled;       /* the signal that a handler's argument names; 0: none */
};

/* How the message of crash_report_add_status begins where a signal or a status is all that is known; its number follows. */
#define CRASH_KILLED_BY "killed by signal "
#define CRASH_EXIT_STATUS "exit status "

/* A frame of valgrind's XML, until its end comes. */
struct xml_frame {
	struct buf function, file, module, line;
	uint64_t address;
	long pid;
	bool leak, lost, direct; /* of the error at hand */
};

/* A frame that is a JSON object, until it closes. */
struct json_frame {
	struct buf key, symbol, file, module;
	unsigned line, image, image_at;
	uint64_t offset, address;
	long thread, faulting;
	bool has_image, has_frame, has_faulting, triggered, in_frames, in_images;
};

struct crash_parser {
	const struct phrase_index *phrases;
	struct text_state text;
	struct wrap_state wrap;
	void (*heard)(struct crash_parser *p, struct strv line); /* takes a whole line */
	struct crash_report **reports;
	size_t n, cap;
	struct crash_report *cur;     /* takes frames and details */
	struct crash_report *prev;    /* had them before; interleaved output may come back to it */
	bool in_go;                   /* below "goroutine N [running]:" */
	bool rust_frame;              /* the last line was the first half of a Rust frame */
	struct crash_report *scratch; /* one too many: filled, never listed */
	bool last_was_frame;
	/* of equal weight the last report decides */
	bool last_decides;
	bool cfi_hint; /* illegal instructions are broken control flow */
	bool in_java;  /* below a heading of hs_err's frames */
	bool in_ips;   /* a crash report in JSON goes on */
	struct json_frame ips;
	bool in_xml; /* inside <valgrindoutput> */
	struct xml_frame xml;
	unsigned tracing; /* lines that may still be frames below the heading of a stack */
	bool bare_frames; /* gdb's frames without numbers follow */
	bool backwards;   /* a list of frames that begins with the outermost was announced */
};

/* One line of a stack, before anything is copied. */
struct frame_text {
	long index; /* -1: the grammar has no numbers */
	struct strv function, file, module, build_id;
	unsigned line, column;
	uint64_t address, offset;
	bool has_offset;
	bool signal_handler;   /* gdb's <signal handler called> */
	bool unplaced;         /* "at ??:?": a frame, though its place isn't known */
	struct strv arguments; /* of gdb's frames, with their brackets */
};

/* frame.c, frame_other.c */
bool frame_parse_numbered(struct strv s, bool anywhere, bool expected, struct frame_text *f);
bool frame_parse_valgrind(struct strv s, struct frame_text *f);
bool frame_parse_at(struct strv s, struct frame_text *f);
bool frame_parse_glibc(struct strv s, struct frame_text *f);
bool frame_parse_mac(struct strv s, struct frame_text *f);
bool frame_parse_bare(struct strv s, struct frame_text *f);
/* "foo (a=1, b=0x2 \"x\") at file.c:12", "foo () from /lib/libc.so.6" */
bool frame_parse_gdb(struct strv s, struct frame_text *f);
/* How sure: 0 not a frame, 1 only in a stack, 2 anywhere. */
int frame_parse_listed(struct strv s, struct frame_text *f);
int frame_parse_body(struct strv s, struct frame_text *f);
bool frame_parse_addressed(struct strv s, struct frame_text *f);
void frame_split_location(struct strv s, struct frame_text *f);
void frame_set_location(struct strv s, struct frame_text *f);
bool frame_cut_module(struct strv *s, struct frame_text *f);
uint64_t scan_hex(struct strv *s, unsigned *digits);
uint64_t scan_dec(struct strv *s, unsigned *digits);
uint64_t scan_dec_max(struct strv *s, unsigned *digits, uint64_t max);
static inline struct strv skip_blank(struct strv s)
{
	while (s.len && (*s.s == ' ' || *s.s == '\t')) {
		s.s++;
		s.len--;
	}
	return s;
}
/* The first 0x... in s: its value, and what follows it. */
bool find_hex(struct strv s, uint64_t *value, struct strv *rest);
/* Where the last "+0x" stands, or SIZE_MAX. */
size_t find_offset(struct strv s);

/* text.c: bytes to lines; each goes to `line` with its depth of quoting. */
void text_feed(struct crash_parser *p, const char *s, size_t n);
void text_end(struct crash_parser *p);
void text_release(struct text_state *t);

/* clean.c */
void utf8_add(struct buf *b, unsigned c);
/* What a terminal would show; written: escapes may also be spelled out, as in cat -v's "^[". */
void clean_visible(struct buf *out, struct strv s, bool written);
/* An escape is spelled with a backslash in it. */
bool clean_has_written(struct strv s);
/* Typographic quotes, dashes and blanks as ASCII; what isn't UTF-8 is taken for Windows-1252. */
void clean_plain(struct buf *out, struct strv s);
/* "[31m" whose ESC was lost begins s; all of them out. */
bool clean_lost_escape(struct strv s);
void clean_lost_escapes(struct buf *out, struct strv s);

/* json.c: of a line that is a JSON object what may be a log's text, a string each; false: it isn't one. */
typedef void (*json_text_fn)(struct crash_parser *p, struct strv text, bool escaped, int depth);
bool json_strings(struct crash_parser *p, struct strv line, int depth, json_text_fn fn);

/* html.c */
bool html_may_be(struct strv line);
bool html_is_page(struct strv line);
bool html_has_entity(struct strv s);
/* Entities and tags out; line breaks become '\n'. */
void html_decode(struct buf *out, struct strv line, bool tags);

/* prefix.c: behind the time, host, container or level that a logger puts before a line. */
struct strv prefix_strip(struct strv line);

/* wrap.c: lines go in, whole frames come out to p->heard. */
void wrap_line(struct crash_parser *p, struct strv line);
void wrap_end(struct crash_parser *p);
void wrap_release(struct wrap_state *w);

/* phrase.c, triggers.c, dialect/tables.c, dialect/signal_words.c: what is listened for. */
const struct phrase_index *phrase_index(void); /* made once, never changed after */
bool phrase_heard(struct crash_parser *p, const struct phrase_item *g, struct strv line, size_t at);
extern const struct trigger crash_triggers[];
extern const size_t crash_n_triggers;
extern const struct phrase_table *const crash_phrase_tables[];
extern const struct signal_word crash_signal_words[];
extern const size_t crash_n_signal_words;

/* join.c: what belongs together becomes one report; which one decides. */
size_t join_reports(struct crash_parser *p);

/* report.c: how dialects make reports */
struct crash_report *report_new(void);
struct crash_report *report_open(
	struct crash_parser *p, const char *sanitizer, const char *kind, enum rank rank);
void report_message(struct crash_report *r, struct strv text);
/* The next frames form a stack of this role, under this title. */
void report_expect(struct crash_report *r, enum crash_role role, struct strv title);
void report_frame(struct crash_parser *p, const struct frame_text *f);
/* The "==123==" in front of position at of the line; 0: none. */
long line_pid(struct strv line, size_t at);
const char *keep(struct crash_report *r, struct strv text);
/* Reported by a sanitizer's runtime, not by libc, an engine or a debugger. */
bool by_sanitizer(const struct crash_report *r);

/* dialect/sanitizer.c: what the sanitizers' dialects share */
/* Signals as every sanitizer prints them; false when the text isn't about a signal. */
bool sanitizer_signal(struct crash_parser *p, const char *tool, struct strv what, long pid);
void sanitizer_address(struct crash_report *r, struct strv what);

struct name_kind {
	const char *text, *kind;
};
/* The entry whose text begins s. */
const struct name_kind *name_kind_find(const struct name_kind *t, struct strv s);

/* One a dialect: the headline behind "ERROR: Tool: ". */
void asan_headline(struct crash_parser *p, struct strv what, long pid);
void hwasan_headline(struct crash_parser *p, struct strv what, long pid);
void msan_headline(struct crash_parser *p, struct strv what, long pid, bool warning);
void tsan_headline(struct crash_parser *p, struct strv what, long pid);
void lsan_headline(struct crash_parser *p, struct strv what, long pid);
void libfuzzer_headline(struct crash_parser *p, struct strv what, long pid);
void thresh_headline(struct crash_parser *p, struct strv what, long pid);

/* dialect/headlines.c: the sanitizers' common "ERROR: Tool: what" */
bool on_error(struct crash_parser *p, struct strv line, size_t at);
bool on_warning(struct crash_parser *p, struct strv line, size_t at);
bool on_summary(struct crash_parser *p, struct strv line, size_t at);

/* Handlers, by dialect; crash_triggers says when each is called. */
bool asan_access(struct crash_parser *p, struct strv line, size_t at);
bool asan_signal_access(struct crash_parser *p, struct strv line, size_t at);
bool asan_located(struct crash_parser *p, struct strv line, size_t at);
bool asan_freed(struct crash_parser *p, struct strv line, size_t at);
bool asan_allocated(struct crash_parser *p, struct strv line, size_t at);
bool asan_stack_of(struct crash_parser *p, struct strv line, size_t at);
bool asan_thread(struct crash_parser *p, struct strv line, size_t at);
bool asan_hint(struct crash_parser *p, struct strv line, size_t at);
bool asan_miracle(struct crash_parser *p, struct strv line, size_t at);
bool asan_oom_hint(struct crash_parser *p, struct strv line, size_t at);
bool sanitizer_aborting(struct crash_parser *p, struct strv line, size_t at);
bool hwasan_cause(struct crash_parser *p, struct strv line, size_t at);
bool msan_origin(struct crash_parser *p, struct strv line, size_t at);
bool tsan_access(struct crash_parser *p, struct strv line, size_t at);
bool tsan_other(struct crash_parser *p, struct strv line, size_t at);
bool lsan_leak(struct crash_parser *p, struct strv line, size_t at);
bool ubsan_error(struct crash_parser *p, struct strv line, size_t at);
bool ubsan_minimal(struct crash_parser *p, struct strv line, size_t at);
bool ubsan_note(struct crash_parser *p, struct strv line, size_t at);
bool cfi_failure(struct crash_parser *p, struct strv line, size_t at);
bool cfi_hint(struct crash_parser *p, struct strv line, size_t at);
bool thresh_line(struct crash_parser *p, struct strv line, size_t at);
bool centipede_limit(struct crash_parser *p, struct strv line, size_t at);
bool centipede_failure(struct crash_parser *p, struct strv line, size_t at);
bool fuzztest_failure(struct crash_parser *p, struct strv line, size_t at);
bool afl_killed(struct crash_parser *p, struct strv line, size_t at);
bool afl_timeout(struct crash_parser *p, struct strv line, size_t at);
bool extrasan_bug(struct crash_parser *p, struct strv line, size_t at);
bool loader_error(struct crash_parser *p, struct strv line, size_t at);
bool glibc_assert(struct crash_parser *p, struct strv line, size_t at);
bool glibc_stars(struct crash_parser *p, struct strv line, size_t at);
bool glibc_malloc(struct crash_parser *p, struct strv line, size_t at);
bool glibc_fatal(struct crash_parser *p, struct strv line, size_t at);
bool libc_assertion_failed(struct crash_parser *p, struct strv line, size_t at);
bool bsd_assert(struct crash_parser *p, struct strv line, size_t at);
bool scudo_error(struct crash_parser *p, struct strv line, size_t at);
bool gwp_asan(struct crash_parser *p, struct strv line, size_t at);
bool cxx_terminate(struct crash_parser *p, struct strv line, size_t at);
bool cxx_what(struct crash_parser *p, struct strv line, size_t at);
bool cxx_hardening(struct crash_parser *p, struct strv line, size_t at);
bool cxx_debug_mode(struct crash_parser *p, struct strv line, size_t at);
bool cxx_pure_virtual(struct crash_parser *p, struct strv line, size_t at);
bool glib_error(struct crash_parser *p, struct strv line, size_t at);
bool glib_alloc(struct crash_parser *p, struct strv line, size_t at);
bool check_glog(struct crash_parser *p, struct strv line, size_t at);
bool check_chromium(struct crash_parser *p, struct strv line, size_t at);
bool check_failed(struct crash_parser *p, struct strv line, size_t at);
bool check_v8(struct crash_parser *p, struct strv line, size_t at);
bool check_v8_line(struct crash_parser *p, struct strv line, size_t at);
bool check_v8_oom(struct crash_parser *p, struct strv line, size_t at);
bool check_webkit(struct crash_parser *p, struct strv line, size_t at);
bool check_mozilla(struct crash_parser *p, struct strv line, size_t at);
bool check_panic(struct crash_parser *p, struct strv line, size_t at);
bool rust_panic(struct crash_parser *p, struct strv line, size_t at);
bool rust_overflow(struct crash_parser *p, struct strv line, size_t at);
bool rust_oom(struct crash_parser *p, struct strv line, size_t at);
bool rust_frame_first(struct crash_parser *p, struct strv line);
bool rust_frame_second(struct crash_parser *p, struct strv line);
bool go_panic(struct crash_parser *p, struct strv line, size_t at);
bool go_fatal(struct crash_parser *p, struct strv line, size_t at);
bool go_signal(struct crash_parser *p, struct strv line, size_t at);
bool go_goroutine(struct crash_parser *p, struct strv line, size_t at);
bool go_line(struct crash_parser *p, struct strv line);
bool gdb_signal(struct crash_parser *p, struct strv line, size_t at);
bool gdb_thread(struct crash_parser *p, struct strv line, size_t at);
bool gdb_current(struct crash_parser *p, struct strv line, size_t at);
bool lldb_thread(struct crash_parser *p, struct strv line, size_t at);
bool signal_received(struct crash_parser *p, struct strv line, size_t at);
bool signal_android(struct crash_parser *p, struct strv line, size_t at);
bool signal_glog(struct crash_parser *p, struct strv line, size_t at);
bool android_backtrace(struct crash_parser *p, struct strv line, size_t at);
bool windows_exception(struct crash_parser *p, struct strv line, size_t at);
bool windows_attempt(struct crash_parser *p, struct strv line, size_t at);
bool windows_frame(struct crash_parser *p, struct strv s);
bool windows_backtrace_frame(struct crash_parser *p, struct strv s);
bool apple_exception(struct crash_parser *p, struct strv line, size_t at);
bool apple_address(struct crash_parser *p, struct strv line, size_t at);
bool apple_thread(struct crash_parser *p, struct strv line, size_t at);
bool kernel_bug(struct crash_parser *p, struct strv line, size_t at);
bool kernel_fault(struct crash_parser *p, struct strv line, size_t at);
bool kernel_access(struct crash_parser *p, struct strv line, size_t at);
bool kernel_stack(struct crash_parser *p, struct strv line, size_t at);
bool kernel_frame(struct crash_parser *p, struct strv s);
bool honggfuzz_signal(struct crash_parser *p, struct strv line, size_t at);
bool honggfuzz_address(struct crash_parser *p, struct strv line, size_t at);
bool honggfuzz_frame(struct crash_parser *p, struct strv s);
bool go_abort(struct crash_parser *p, struct strv line, size_t at);
bool valgrind_line(struct crash_parser *p, struct strv line);
void valgrind_xml_release(struct xml_frame *x);
void ips_release(struct json_frame *j);

/* signals.c */
struct report_signal {
	int number;
	const char *name, *kind;
};
const struct report_signal *signal_by_number(int number);
const struct report_signal *signal_by_name(struct strv name); /* "SIGSEGV" or "SEGV" */
struct crash_report *signal_open(struct crash_parser *p, const char *who, const char *kind);

/* kinds.c */
enum security_rule {
	SEC_NO,
	SEC_YES,
	SEC_ADDRESS, /* yes unless the address is near null or a marker that assertions write to */
	SEC_UNKNOWN, /* depends on how the program is built */
};
struct kind_info {
	const char *name, *family;
	enum security_rule security;
	int severity, severity_write; /* graded; the second when it writes */
	const char *words;            /* the failure in words, for `why` and the summary */
	const char *origin;           /* where the security rule comes from */
};
/* Never NULL: an unknown kind gets an entry of its own rules and no name. */
const struct kind_info *kind_info(const char *kind);

/* rules.c */
enum rule_class { RULE_KEEP, RULE_RUNTIME, RULE_LIBRARY, RULE_ENTRY, RULE_BOUNDARY };
struct rule_index;
struct rule_table;
extern const struct rule_table rules_runtime;  /* sanitizers, engines, abort, allocators */
extern const struct rule_table rules_library;  /* libc, C++, Rust, Go */
extern const struct rule_table rules_handlers; /* what programs do once they have failed */
const struct rule_index *rule_index(void);
/* Which rule takes the frame out, and how; *rule is its words. */
struct rule;
/* What was found of a folder, so that it is asked for once; zeroed at first. Holds while the paths do. */
struct rule_memo {
	struct rule_folder {
		const char *path;
		size_t len;
		const struct rule *rule;
	} folder[8];
};
enum rule_class rule_for(const struct rule_index *ix, struct rule_memo *memo,
	const struct crash_frame *f, const char **rule);

/* name.c */
/* True when a part of the name, in front of its arguments, is an anonymous namespace. */
bool name_normalize(struct buf *out, struct strv name);
struct strv path_base(struct strv path);
/* A mangled name, readable, onto out; false: it isn't one. */
bool name_demangle(struct buf *out, struct strv s);
/* Numbers, addresses and paths of an assertion's text folded, at most 200 bytes. */
void text_fold(struct buf *out, struct strv text);

/* fault.c */
/* Enters `frames` and signatures, once names are normalised and the rules applied. */
/* fault.c: the name that a frame signs with. */
const char *frame_signing_name(const struct crash_frame *f);

static inline bool frame_counts(const struct crash_frame *f)
{
	return f->name && !f->ignored;
}
/* Of several stacks the first that has a frame of the project. */
const struct crash_stack *report_fault(const struct crash_report *r);

/* threads.c: of a debugger's threads the one that crashed. */
void threads_choose(struct crash_report *r);
/* above.c: how many frames on top are the handler's, not the fault's. */
size_t frames_above_fault(const struct crash_report *r, const struct crash_stack *s);
/* Does f, at which handlers end, take the frames above it along? */
bool boundary_cuts(
	const struct crash_report *r, const struct crash_stack *s, const struct crash_frame *f);
/* raise, kill or abort is on top: of somebody who gives up on purpose, so that a SEGV headline isn't one. */
bool gave_up(const struct crash_report *r);
/* What abort's own frames say of why it was called. */
void refine_by_frames(struct crash_report *r);

/* finish parts */
size_t cycle_find(const char **names, size_t n, size_t *start, size_t *length);
size_t cycle_canonical(const char **cycle, size_t n, const char **out);
size_t cycle_set(const char **names, size_t n, const char **out, size_t max);
void severity_judge(struct crash_report *r, const struct kind_info *k);
void summary_make(struct crash_report *r, const struct kind_info *k);

#endif
