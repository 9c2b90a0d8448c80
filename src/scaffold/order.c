/* Lines are enough: what stands under a condition is mostly of one machine, or a configuration's, and left out. */
#include "base/prelude.h"
#include "scaffold/order.h"
#include "base/buf.h"
#include "base/include.h"

#define BEFORE_MAX 24

/* One more or one less condition that must hold. */
static int condition(struct strv line)
{
	line = strv_trim(line);
	if (!strv_skip(&line, "#"))
		return 0;
	line = strv_trim(line);
	return strv_starts(line, "if") ? 1 : strv_starts(line, "endif") ? -1 : 0;
}

/* Does the operand name this header? By a path of its last parts. */
static bool names(struct strv operand, const char *header)
{
	struct strv inner = strv_sub(operand, 1, operand.len - 2), h = strv_of(header);

	return inner.len && inner.len <= h.len && strv_eq(strv_from(h, h.len - inner.len), inner) &&
	       (h.len == inner.len || h.s[h.len - inner.len - 1] == '/');
}

char *order_in(struct strv text, const char *header)
{
	struct buf out = BUF_INIT;
	struct strv line;
	int depth = 0;

	for (size_t n = 0; n <= BEFORE_MAX && strv_line(&text, &line);) {
		struct strv one;

		depth += condition(line);
		if (!include_operand(line, &one) || one.len < 3 ||
			(depth > 0 && !names(one, header)))
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

bool order_includes(struct strv text, const char *header)
{
	struct strv line, one;

	while (strv_line(&text, &line))
		if (include_operand(line, &one) && one.len >= 3 && names(one, header))
			return true;
	return false;
}
