/*
 * The runtime: what is linked into a target so that thresh can run it. For whoever builds variants:
 *
 *   files     replay.c   main() and the plain replay; alone it is what users copy into their own tree
 *             serve.c child.c fault.c told.c feature.c folders.c alloc.c io.c new.c libc.c early.c exit.c denied.c
 *                       the served mode; found by replay.c through a weak symbol
 *   flags     $CC -O2 -g -fno-omit-frame-pointer -fPIC and NO -fsanitize=, NO coverage flags, in every
 *             variant (asan, msan, cov, lines, none): counters of the runtime must not count, its frames
 *             must be cheap, and what sanitizers need to know of it is said through their interface.
 *             (replay.c alone also compiles under any sanitizer, which is how users will build it.)
 *             Link the objects, not an archive, so that alloc.c's malloc is the one that is used.
 *   link      nothing beyond the target's own flags and -Wl,--wrap=__sanitizer_set_report_path, without which a report
 *             that the target sends where it can't be written is lost, but for its place; no -D: alloc.c defines malloc, calloc,
 *             realloc, memalign, aligned_alloc, posix_memalign, reallocarray and passes them on to the
 *             sanitizer's or to glibc's; new.c does so with operator new, io.c with read, write and their kin. A target that brings an
 *             allocator of its own clashes with these at link time ("multiple definition of `malloc'"): leave
 *             new.c out then, io.c, or alloc.c. Faults and counts are off in such a variant, all else works.
 *             Likewise exit.c, and early.c, which defines what ASan and UBSan call before a report: known failures
 *             then cost one. What denied.c defines (open, fopen, connect, ...) is weak: a target's own is taken.
 *   frames    every function of the runtime starts with thresh_rt_, the wrappers apart, which are
 *             tail calls and so leave no frame. A stack ends in thresh_rt_call_target.
 *   cov       -fsanitize-coverage=inline-8bit-counters,pc-table on the target; feature.c has the callbacks.
 *   never     together with -fsanitize=fuzzer or AFL++'s driver: these have their own main and callbacks.
 */
#ifndef THRESH_RT_H
#define THRESH_RT_H

#include "thresh_rt_protocol.h"

#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#define THRESH_RT_WEAK __attribute__((weak))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv) THRESH_RT_WEAK;

/* What sanitizers and profilers offer; NULL where they aren't linked in. */
void __sanitizer_set_death_callback(void (*callback)(void)) THRESH_RT_WEAK;
void __sanitizer_set_report_fd(void *fd) THRESH_RT_WEAK;
void __sanitizer_print_stack_trace(void) THRESH_RT_WEAK;
int __sanitizer_install_malloc_and_free_hooks(void (*malloc_hook)(const volatile void *, size_t),
	void (*free_hook)(const volatile void *)) THRESH_RT_WEAK;
int __sanitizer_get_ownership(const volatile void *p) THRESH_RT_WEAK;
size_t __sanitizer_get_allocated_size(const volatile void *p) THRESH_RT_WEAK;
int __lsan_do_recoverable_leak_check(void) THRESH_RT_WEAK;
void __lsan_disable(void) THRESH_RT_WEAK;
void __lsan_enable(void) THRESH_RT_WEAK;
void __asan_init(void) THRESH_RT_WEAK;
uintptr_t __asan_stack_malloc_0(size_t n) THRESH_RT_WEAK;
void __asan_stack_free_0(uintptr_t p, size_t n) THRESH_RT_WEAK;
void __msan_init(void) THRESH_RT_WEAK;
void __tsan_init(void) THRESH_RT_WEAK;
void __msan_unpoison(const volatile void *p, size_t n) THRESH_RT_WEAK;
void __msan_unpoison_param(size_t n) THRESH_RT_WEAK;
int __llvm_profile_write_file(void) THRESH_RT_WEAK;
void __gcov_dump(void) THRESH_RT_WEAK;

/* serve.c: called by main() in replay.c when the near end is there. Never returns to a target's code. */
int thresh_rt_serve(int fd, int argc, char **argv);

/* folders.c, which may be left out: NULL then. After initialising: what is there is what each child is to find. */
void thresh_rt_folders_init(int scratch, int own) THRESH_RT_WEAK;
/*
 * As it was; 1: there was something to remove. *used becomes true when something was done to those folders that all
 * twins share.
 */
int thresh_rt_folders_clean(int *used) THRESH_RT_WEAK;
/* The loopback device was, since the last call. */
int thresh_rt_network_used(void) THRESH_RT_WEAK;

/* child.c: the inputs [from, to) of the batch in this process, which it ends. */
struct thresh_rt_child_env {
	const struct thresh_rt_task *task;
	struct thresh_rt_seg *seg;
	/* its standard error, on a high descriptor */
	int err_fd;
	unsigned has;
};
void thresh_rt_child(const struct thresh_rt_child_env *env, uint32_t from, uint32_t to)
	__attribute__((noreturn));
void thresh_rt_hooks_install(void);
struct thresh_rt_rec *thresh_rt_recs(struct thresh_rt_seg *seg);
const struct thresh_rt_in *thresh_rt_ins(const struct thresh_rt_task *task);

uint64_t thresh_rt_now_us(void);

/* This is the process that runs an input, in the middle of it. */
int thresh_rt_is_child(void);
/* Of an input that ends its process: how far it came. */
void thresh_rt_last_places(void);

/* The runtime's own way out: _exit is the target's, of which the runtime speaks (exit.c). */
static inline __attribute__((noreturn)) void thresh_rt_quit(int status)
{
	for (;;)
		syscall(SYS_exit_group, status);
}
/* This process ends itself. In the midst of an input that is said, with the place. */
void thresh_rt_exits(int status);

/* The input that runs, as a name for it; NULL: none. */
const void *thresh_rt_input(void);

/* fault.c: which handlers there are before the target sets its own; then, where code is, before the first child. */
void thresh_rt_fault_before(void);
void thresh_rt_fault_init(void);
/* A signal went to a handler of the target's own, during that input. */
int thresh_rt_fault_told(const void *input);
/* Where this process is, as a report of its end by a sanitizer that says nothing. */
void thresh_rt_fault_here(void);
/* In a child: a signal that no sanitizer handles is reported to fd first. The target runs on the stack below top. */
void thresh_rt_fault_watch(int fd, const void *top);

/* told.c: in a server, before its first child, fd being where reports go; in a child, as an input begins. */
void thresh_rt_told_init(int fd);
void thresh_rt_told_begin(void);
/*
 * Reports go there, once more: sanitizers know it of a process only, and a target may have sent them elsewhere, to where
 * nothing can be written, and of that they die without a word.
 */
void thresh_rt_told_aim(void);
/* Of the runtime's own: to fd, or, where that is gone, to what is told. */
void thresh_rt_told_write(int fd, const char *text, size_t n);
void thresh_rt_told_add(const char *text, size_t n);
/* A sanitizer prints this (early.c knows); was there an error's report? */
void thresh_rt_told_print(const char *text);
int thresh_rt_told_error(void);
/* Not one word of a sanitizer's came. */
int thresh_rt_told_silent(void);
/* In the server: what the child was told goes to fd, unless that grew by as much. */
void thresh_rt_told_append(int fd, uint64_t grown);

/* The target asks for so much: more than its memory limit ends it here, before a sanitizer marks it all. */
void thresh_rt_alloc_size(size_t size);

/* So many bytes more (less) are allocated: called where no sanitizer's hooks tell. */
void thresh_rt_heap_moved(int64_t bytes);
/* Do these hooks tell? */
int thresh_rt_heap_hooked(void);

/* feature.c */
size_t thresh_rt_n_counters(void);
void thresh_rt_features_clear(void);
/* Ids of what was hit since, sorted: counter << 3 | bucket. SIZE_MAX when more than max. */
size_t thresh_rt_features_take(uint32_t *out, size_t max);
/*
 * The same as places that outlive a build, once they have names: for each block of the executable that was entered, its
 * offset as symbolisers take it and how often (modulo 256). Two numbers each; SIZE_MAX when more than max.
 */
size_t thresh_rt_places_take(uint32_t *out, size_t max);
/* Finds out where the executable lies: once, before the first input. */
void thresh_rt_places_init(void);

/* alloc.c, which may be left out: NULL then. */
void thresh_rt_alloc_begin(uint64_t fail, int after) THRESH_RT_WEAK;
uint64_t thresh_rt_alloc_end(void) THRESH_RT_WEAK;

/* io.c, which may be left out, too. fault: enum thresh_rt_fault; those of other classes than its own are none here. */
void thresh_rt_io_begin(uint32_t fault, uint64_t fail, int after) THRESH_RT_WEAK;
void thresh_rt_io_end(uint32_t out[THRESH_RT_IO_CLASSES]) THRESH_RT_WEAK;

/* denied.c, which may be left out, too. In a child: what is denied from now on is said there. */
void thresh_rt_denied_watch(struct thresh_rt_seg *to) THRESH_RT_WEAK;

/* early.c, which may be left out, too. In a child: from now on known failures end it early. */
void thresh_rt_early_watch(const struct thresh_rt_task *task) THRESH_RT_WEAK;
/* The input that runs. */
void thresh_rt_early_input(struct thresh_rt_rec *rec) THRESH_RT_WEAK;
/* It failed, how tells in which way. Returns unless that is known. */
void thresh_rt_early_failed(uint64_t how) THRESH_RT_WEAK;

#endif
