/* What the text alone doesn't hold: names for unsymbolised frames, and how the process ended. */
#ifndef CRASH_RESOLVE_H
#define CRASH_RESOLVE_H

#include "crash/report.h"

/*
 * Names for unsymbolised frames: called once for each frame that has module and offset but no function.
 * out[0] is the innermost inlined function; returns how many were filled (0: unknown). Strings must live
 * until crash_resolve returns; they are copied into the report. is_return: the address is a return address
 * (all frames but the top one of a fault), so the lookup should use offset - 1.
 */
typedef size_t (*crash_resolve_fn)(void *arg, const char *module, const char *build_id,
	uint64_t offset, bool is_return, struct crash_frame *out, size_t max);
void crash_resolve(struct crash_report *r, crash_resolve_fn fn, void *arg);

/*
 * What the text alone doesn't hold: how the process ended. Gives a report of kind "segv", "abort",
 * "unexpected-exit", "timeout", ... when the text held none; keeps the text's otherwise.
 * sig: signal number or 0; exit_code: or -1.
 */
void crash_report_add_status(struct crash_report *r, int sig, int exit_code);

#endif
