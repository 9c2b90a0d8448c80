/* Lines are enough: what stands under a condition is included, too, and the compiler says whether that was right. */
#include "base/prelude.h"
#include "scaffold/order.h"
#include "base/buf.h"
#include "base/mem.h"

#define BEFORE_MAX 24

/* "#  include <a.h>": with its quotes or brackets; empty: it is no such line. */
static struct strv operand(struct strv line)
{
	char end;
	size_t n;

	line = strv_trim(line);
	if (!strv_skip(&line, "#"))
		return strv_n("", 0);
	line = strv_trim(line);
	if (!strv_skip(&line, "include"))
		return strv_n("", 0);
	line = strv_trim(line);
	if (line.len < 3 || (line.s[0] != '"' && line.s[0] != '<'))
		return strv_n("", 0);
	end = line.s[0] == '"' ? '"' : '>';
	n = strv_chr(strv_from(line, 1), end);
	return n == SIZE_MAX ? strv_n("", 0) : strv_sub(line, 0, n + 2);
}

/* Does the operand name this header? By a path of its last parts. */
static bool names(struct strv operand, const char *header)
{
	struct strv inner = strv_sub(operand, 1, operand.len - 2), h = strv_of(header);
	char *end = strv_dup(inner);
	bool is = inner.len && strv_ends(h, end) &&
		  (h.len == inner.len || h.s[h.len - inner.len - 1] == '/');

	free(end);
	return is;
}

char *order_in(struct strv text, const char *header)
{
	struct buf out = BUF_INIT;
	struct strv line;

	for (size_t n = 0; n <= BEFORE_MAX && strv_line(&text, &line);) {
		struct strv one = operand(line);

		if (!one.len)
			continue;
		if (names(one, header)) {
			if (n)
				return buf_detach(&out);
			break;
		}
		buf_adds(&out, n++ ? "\n#include " : "");
		buf_addv(&out, one);
	}
	buf_release(&out);
	return NULL;
}
