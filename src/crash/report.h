/* One parsed report: what failed, how, and on which stacks. */
#ifndef CRASH_REPORT_H
#define CRASH_REPORT_H

#include "base/arena.h"

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
	bool descending; /* while parsed: printed outermost first */
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
	bool gradual;   /* memory ran out bit by bit: the stack is of when it was noticed */
	bool fatal;     /* ended the process, as far as the text says */
	bool note;      /* ends nothing by itself: a warning, a lone stack */
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

void crash_report_free(struct crash_report *r);
void crash_reports_free(struct crash_report **r, size_t n);

#endif
