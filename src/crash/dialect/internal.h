/* Dialects of reports as people post them: other tools, handlers of their own, allocators, runners, shells. */
#ifndef CRASH_DIALECT_INTERNAL_H
#define CRASH_DIALECT_INTERNAL_H

#include "crash/phrase.h"

struct crash_report;

/* Tables of phrases, one a file. */
extern const struct phrase_table project_phrases, project_line_phrases, jemalloc_phrases,
	mimalloc_phrases, tcmalloc_phrases, hardened_phrases, bsd_malloc_phrases,
	apple_malloc_phrases, windows_heap_phrases, allocator_phrases, localized_assertions,
	runtime_phrases, runtime_line_phrases, kernel_phrases, kernel_line_phrases;

/* outcome.c: how a process ended, told from outside */
bool signal_word(struct crash_parser *p, const struct signal_word *w, struct strv line, size_t at);
bool outcome_name(struct crash_parser *p, struct strv line, size_t at);
bool outcome_signal(struct crash_parser *p, struct strv line, size_t at);
bool outcome_exit(struct crash_parser *p, struct strv line, size_t at);
bool outcome_return(struct crash_parser *p, struct strv line, size_t at);
bool outcome_code(struct crash_parser *p, struct strv line, size_t at);
bool outcome_make(struct crash_parser *p, struct strv line, size_t at);
bool outcome_error(struct crash_parser *p, struct strv line, size_t at);
bool outcome_wait_status(struct crash_parser *p, struct strv line, size_t at);
bool outcome_systemd(struct crash_parser *p, struct strv line, size_t at);
bool outcome_short_name(struct crash_parser *p, struct strv line, size_t at);
const char *ntstatus_kind(uint64_t code);

/* kernel.c, kernel_user.c */
bool kernel_detail(struct crash_parser *p, struct strv line, size_t at);
bool kernel_race_access(struct crash_parser *p, struct strv line, size_t at);
bool kernel_fence(struct crash_parser *p, struct strv line, size_t at);
bool kernel_ubsan(struct crash_parser *p, struct strv line, size_t at);
bool kernel_ubsan_text(struct crash_parser *p, struct strv line, size_t at);
bool kernel_warning(struct crash_parser *p, struct strv line, size_t at);
bool kernel_place(struct crash_parser *p, struct strv line, size_t at);
bool dmesg_segfault(struct crash_parser *p, struct strv line, size_t at);
bool dmesg_trap(struct crash_parser *p, struct strv line, size_t at);
bool dmesg_unhandled(struct crash_parser *p, struct strv line, size_t at);
bool audit_signal(struct crash_parser *p, struct strv line, size_t at);

/* faults.c */
void fault_details(struct crash_report *r, struct strv line);
void fault_access(struct crash_report *r, struct strv line);
bool fault_line(struct crash_parser *p, struct strv line, size_t at);
bool apport_reason(struct crash_parser *p, struct strv line, size_t at);
bool apport_operand(struct crash_parser *p, struct strv line, size_t at);
bool apport_stack(struct crash_parser *p, struct strv line, size_t at);
bool apport_frame(struct crash_parser *p, struct strv line, struct strv s);

/* valgrind.c and what it is made of */
uint64_t with_commas(struct strv s);
bool valgrind_text(struct crash_parser *p, struct strv s, long pid);
bool helgrind_headline(struct crash_parser *p, struct strv s, long pid);
bool helgrind_detail(struct crash_report *r, struct strv s);
bool valgrind_xml(struct crash_parser *p, struct strv s);
bool drmemory_error(struct crash_parser *p, struct strv line, size_t at);
bool drmemory_note(struct crash_parser *p, struct strv line, size_t at);

/* java.c */
bool java_frames(struct crash_parser *p, struct strv line, size_t at);
bool java_other_frames(struct crash_parser *p, struct strv line, size_t at);
bool java_frame(struct crash_parser *p, struct strv s);
bool java_error(struct crash_parser *p, struct strv line, size_t at);

/* apple_ips.c */
bool ips_exception(struct crash_parser *p, struct strv line, size_t at);
bool abrt_backtrace(struct crash_parser *p, struct strv line, size_t at);
bool ips_line(struct crash_parser *p, struct strv s);

/* signals.c */
bool stopped_again(
	struct crash_parser *p, const char *who, const char *kind, struct strv line, size_t at);
bool backward_list(struct crash_parser *p, struct strv line, size_t at);

/* minidump.c, msvc.c */
bool windows_named(struct crash_parser *p, struct strv line, size_t at);
bool minidump_reason(struct crash_parser *p, struct strv line, size_t at);
bool minidump_thread(struct crash_parser *p, struct strv line, size_t at);
bool msvc_exception(struct crash_parser *p, struct strv line, size_t at);
bool msvc_thrown(struct crash_parser *p, struct strv line, size_t at);
bool eventlog_line(struct crash_parser *p, struct strv line, size_t at);
bool msvc_expression(struct crash_parser *p, struct strv line, size_t at);
bool bang_frame(struct crash_parser *p, struct strv s);

#endif
