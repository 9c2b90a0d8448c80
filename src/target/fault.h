/* An input, and what is to fail while it runs. */
#ifndef TARGET_FAULT_H
#define TARGET_FAULT_H

#include "base/buf.h"

/*
 * What is to fail while an input runs: the n-th allocation, or call of the kind's class. In the order of the runtime's
 * protocol.
 */
enum target_fault_kind {
	TARGET_FAULT_ALLOC,
	/* short: a single byte comes */
	TARGET_FAULT_READ_ONE,
	TARGET_FAULT_READ_HALF,
	TARGET_FAULT_READ_EINTR,
	TARGET_FAULT_READ_EIO,
	/* fread and its kin */
	TARGET_FAULT_STREAM_EIO,
	TARGET_FAULT_WRITE_HALF,
	TARGET_FAULT_WRITE_EINTR,
	TARGET_FAULT_WRITE_ENOSPC,
	TARGET_FAULTS
};
/* "read-half": stable, as stored inputs say it. */
const char *target_fault_name(enum target_fault_kind k);

struct target_fault {
	enum target_fault_kind kind;
	/* which one fails; 0: no fault */
	uint64_t at;
	/* and all later ones */
	bool after;
};

struct target_input {
	const void *data;
	size_t len;
	/* the caller's */
	uint64_t tag;
	/* in a fresh child of its own */
	bool alone;
	struct target_fault fault;
};

/*
 * The same input as one block of bytes with its fault in the first line; appended. An input that begins so has its
 * allocation (or read, or write) fail wherever it is run: a finding that needs a fault is stored like any other.
 */
void target_fault_wrap(struct buf *out, const struct target_input *in);
/* Length of that line, 0 when there is none; *f is what it says. */
size_t target_fault_line(const void *data, size_t len, struct target_fault *f);

#endif
