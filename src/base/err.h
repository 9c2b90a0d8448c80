/*
 * Errors as values. A function that can fail takes a `struct err *` last, returns -1 or NULL, and
 * fills it. Messages: lower case, no full stop, the object first, then the cause, then the mend:
 * "seeds/a.bin: larger than 1 MiB; raise max_len or remove it".
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/prelude.h"

enum err_kind {
	ERR_NONE,
	/* the user's call, configuration or input: exit status 2 */
	ERR_USAGE,
	/* anything else: exit status 3 */
	ERR_SYSTEM,
	/* as that, but this machine's doing, and perhaps not the next time: memory, processes, disk, locks */
	ERR_REFUSED,
};

struct err {
	enum err_kind kind;
	/* longer messages end in "..." */
	char msg[1500];
};

#define ERR_INIT             \
	{                    \
		ERR_NONE, "" \
	}

/* Fill *e (may be NULL) and return -1, so that `return err_set(e, ...)` reads well. */
int err_set(struct err *e, const char *fmt, ...) PRINTF_LIKE(2, 3);
int err_usage(struct err *e, const char *fmt, ...) PRINTF_LIKE(2, 3);
int err_refused(struct err *e, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* The same, with ": " and strerror(errno) behind it; ERR_REFUSED where errno is of that sort, else ERR_SYSTEM. */
int err_errno(struct err *e, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Put "text: " in front of what *e says; kind kept. */
int err_prefix(struct err *e, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* What *e says, without "NAME: " in front: for who has named it already. */
const char *err_without(const struct err *e, const char *name);

/* ENOMEM, EAGAIN, EMFILE, ENOSPC and the like. */
bool err_is_refusal(int error);

#endif
