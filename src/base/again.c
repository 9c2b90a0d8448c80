/* Kept as they are put into a line: one string of quoted words. */
#include "base/prelude.h"
#include "base/again.h"
#include "base/escape.h"

static struct buf options;

void again_with(const char *option, const char *value)
{
	if (!value)
		return;
	buf_addf(&options, " %s ", option);
	escape_shell(&options, strv_of(value));
}

void again_add(struct buf *out, const char *fmt, ...)
{
	va_list ap;

	buf_adds2(out, "thresh", buf_str(&options));
	buf_addch(out, ' ');
	va_start(ap, fmt);
	buf_vaddf(out, fmt, ap);
	va_end(ap);
}
