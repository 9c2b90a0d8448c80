/*
 * Errors as values: one bounded message, built from the inside out. A fixed array, so that an error can always be
 * told: there is nothing to allocate, and nothing to free on the way up.
 */
#include "base/prelude.h"
#include "base/err.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

PRINTF_LIKE(3, 0) static void vset(struct err *e, enum err_kind kind, const char *fmt, va_list ap)
{
	int n;

	if (!e)
		return;
	e->kind = kind;
	n = vsnprintf(e->msg, sizeof(e->msg), fmt, ap);
	if (n >= (int)sizeof(e->msg))
		memcpy(e->msg + sizeof(e->msg) - 4, "...", 4);
}

int err_set(struct err *e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vset(e, ERR_SYSTEM, fmt, ap);
	va_end(ap);
	return -1;
}

int err_usage(struct err *e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vset(e, ERR_USAGE, fmt, ap);
	va_end(ap);
	return -1;
}

int err_refused(struct err *e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vset(e, ERR_REFUSED, fmt, ap);
	va_end(ap);
	return -1;
}

const char *err_without(const struct err *e, const char *name)
{
	size_t n = strlen(name);

	return strncmp(e->msg, name, n) == 0 && strncmp(e->msg + n, ": ", 2) == 0 ? e->msg + n + 2
										  : e->msg;
}

bool err_is_refusal(int error)
{
	static const int refusals[] = { EAGAIN, ENOMEM, EMFILE, ENFILE, ENOSPC, EDQUOT, EFBIG,
		ENOBUFS };

	for (size_t i = 0; i < ARRAY_LEN(refusals); i++)
		if (refusals[i] == error)
			return true;
	return false;
}

int err_errno(struct err *e, const char *fmt, ...)
{
	int saved = errno;
	va_list ap;
	size_t n;

	va_start(ap, fmt);
	vset(e, err_is_refusal(saved) ? ERR_REFUSED : ERR_SYSTEM, fmt, ap);
	va_end(ap);
	if (e) {
		n = strlen(e->msg);
		snprintf(e->msg + n, sizeof(e->msg) - n, ": %s", strerror(saved));
	}
	errno = saved;
	return -1;
}

int err_prefix(struct err *e, const char *fmt, ...)
{
	/* snprintf from a buffer into itself is undefined */
	char old[sizeof(e->msg)];
	enum err_kind kind;
	va_list ap;
	size_t n;

	if (!e)
		return -1;
	kind = e->kind;
	memcpy(old, e->msg, sizeof(old));
	va_start(ap, fmt);
	vset(e, kind, fmt, ap);
	va_end(ap);
	n = strlen(e->msg);
	snprintf(e->msg + n, sizeof(e->msg) - n, ": %.*s", (int)(sizeof(e->msg) - n - 3), old);
	return -1;
}
