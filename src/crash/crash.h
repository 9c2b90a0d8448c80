/*
 * Report text -> report -> signature. Pure: no I/O, no clock, no global state.
 * The text is hostile: bounded work per byte, no recursion on its structure, nothing trusted.
 */
#ifndef CRASH_CRASH_H
#define CRASH_CRASH_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/strlist.h"
#include "base/strv.h"

enum crash_access { CRASH_ACCESS_NONE, CRASH_READ, CRASH_WRITE };
enum crash_tri { CRASH_UNKNOWN = -1, CRASH_NO = 0, CRASH_YES = 1 };

/* One frame. Strings live in the report's arena; NULL where the report doesn't say. */
struct crash_frame {
	const char *function; /* as printed, demangled, without address and location */
	const char *file;
	unsigned line, column; /* 0: not said */
	const char *module;    /* path of the executable or library */
	uint64_t offset;       /* in the module; valid when module is set and has_offset */
	bool has_offset;
	uint64_t address;
	const char *build_id; /* hex; NULL when not printed */
	bool inlined;
	bool anonymous;   /* its name stands in an anonymous namespace */
	bool ignored;     /* a runtime, libc, engine or entry frame: not part of the signature */
	bool library;     /* ignored by the signature, but shown in `frames`: std::, system calls */
	const char *rule; /* which rule of the table ignored it */
	const char *
		name; /* normalised: what enters signatures and `frames`; NULL when there is none */
};

enum crash_role {
	CRASH_STACK_FAULT, /* where it failed: decides the signature */
	CRASH_STACK_ALLOC, /* where the memory came from */
	CRASH_STACK_FREE,
	CRASH_STACK_ORIGIN, /* MSan: where the uninitialised value was made or stored */
	CRASH_STACK_OTHER,  /* the other access of a race, a further leak, ... */
	CRASH_STACK_THREAD, /* where the thread was created */
	CRASH_STACK_SAMPLE, /* a hang looked at another moment */
};

struct crash_stack {
	enum crash_role role;
	const char *title; /* the line above it, escaped by nobody: hostile */
	struct crash_frame *frames;
	size_t n;
};

struct crash_priv; /* the parser's own notes, in the report's arena */

struct crash_report {
	struct arena arena;
	struct crash_priv *priv;
	const char *sanitizer; /* "asan", "ubsan", "libfuzzer", "glibc", "thresh", ... never NULL */
	const char *kind; /* "heap-buffer-overflow", ...; "no-crash" when the log holds no report */
	const char *family; /* what kinds of one defect share; enters the signature */
	const char
		*message; /* assertion text, UBSan's runtime error, the fatal line; may be NULL */
	const char *summary; /* one line for people, made by us, never NULL after crash_finish */
	enum crash_access access;
	uint64_t size; /* of the access, or leaked, or asked for; 0: not said */
	bool has_address;
	uint64_t address;    /* the faulting address */
	uint64_t block_size; /* of the heap block the address belongs to; 0: not said */
	int64_t block_offset; /* of the address from the block's start (may be negative or past its end) */
	bool has_block;
	bool fatal;     /* ended the process, as far as the text says */
	bool truncated; /* the log ends inside it */
	long pid;       /* 0: not said */
	struct crash_stack *stacks;
	size_t n_stacks;
	/* made by crash_finish: */
	const char **frames; /* normalised names that count, top first, for `frames` in the JSON */
	size_t n_frames;
	const char *
		*key; /* what the signature takes its frames from: `frames` without library ones */
	size_t n_key;
	const char **cycle; /* of a stack overflow, canonical rotation; n_cycle 0 otherwise */
	size_t n_cycle;
	enum crash_tri security;
	int severity;    /* 0 none, 1 low, 2 medium, 3 high, 4 critical */
	const char *why; /* of security and severity, in words */
};

/* Rules that a project adds; all may be NULL. Borrowed for the call. */
struct crash_rules {
	unsigned frames; /* N of the signature; 0: 3 */
	const struct strlist
		*ignore;     /* regular expressions for frames, as triage.ignore in thresh.yaml */
	const char *harness; /* name used where a signature has no frame at all */
};

/*
 * Incremental parser: memory is flat in the size of the log. Reports come in the order of the log;
 * the first fatal one decides, the others are kept.
 */
struct crash_parser;
struct crash_parser *crash_parser_new(void);
void crash_parser_feed(struct crash_parser *p, const void *text, size_t n);
/*
 * All reports, to be freed with crash_reports_free. Never NULL, n >= 1: a log without a report gives one of
 * kind "no-crash". The parser is freed. main_index is the one that decides.
 */
struct crash_report **crash_parser_end(struct crash_parser *p, size_t *n, size_t *main_index);
void crash_reports_free(struct crash_report **r, size_t n);
/* The deciding report of a whole text in memory; free with crash_report_free. Never NULL. */
struct crash_report *crash_parse(struct strv text);
void crash_report_free(struct crash_report *r);

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

/* Normalise frames, apply ignore rules, find cycles, family, security, severity, summary. Idempotent. */
void crash_finish(struct crash_report *r, const struct crash_rules *rules);

/* The stack that decides; NULL when the report has none. */
const struct crash_stack *crash_fault_stack(const struct crash_report *r);

#define CRASH_RULE_VERSION 1

struct crash_signature {
	char id[17]; /* 16 hex digits: first half of SHA-256 of text[], enough for any project */
	char *text;  /* "v1 memory json_parse|parse_value|..." what was hashed; owned */
	int rule;
};

/* After crash_finish. */
void crash_sign(
	const struct crash_report *r, const struct crash_rules *rules, struct crash_signature *out);
void crash_signature_release(struct crash_signature *s);

/*
 * Similarity of two finished reports, 0 to 1; formula, units and test vectors in crash/similar.c.
 * CRASH_RELATED and above is shown as related; never merged.
 */
#define CRASH_RELATED 0.5
double crash_similarity(const struct crash_report *a, const struct crash_report *b);

/* Why two are the same bug or two: one or more lines of words, and the first frame in which they differ. Appended. */
void crash_explain(struct buf *b, const struct crash_report *x, const struct crash_report *y,
	const struct crash_rules *rules);

/* Normalised function name ("foo.part.3" -> "foo", C++ without arguments, Rust without hash). */
void crash_normalize_name(struct buf *out, struct strv name);

#endif
