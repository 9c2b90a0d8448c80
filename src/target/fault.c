/*
 * A reproducer that needs a failing allocation says so in its first line, so that it stays one file wherever inputs
 * go: stored, triaged, minimised, replayed. The line is taken off before the target sees the bytes.
 */
#include "base/prelude.h"
#include "target/target.h"
#include "base/num.h"
#include "runtime/thresh_rt_protocol.h"

static const struct strv mark = { THRESH_RT_FAULT_MARK, sizeof(THRESH_RT_FAULT_MARK) - 1 };

void target_fault_wrap(struct buf *out, const struct target_input *in)
{
	buf_addv(out, mark);
	buf_addf(out, "%llu%s\n", (unsigned long long)in->fail_alloc, in->fault_after ? "+" : "");
	buf_add(out, in->data, in->len);
}

size_t target_fault_line(const void *data, size_t len, uint64_t *fail, bool *after)
{
	struct strv v = strv_n(data, MIN(len, mark.len + 24)), number;
	size_t end;

	if (v.len < mark.len || memcmp(v.s, mark.s, mark.len) != 0)
		return 0;
	end = strv_chr(v, '\n');
	if (end == SIZE_MAX)
		return 0;
	number = strv_sub(v, mark.len, end - mark.len);
	*after = number.len && number.s[number.len - 1] == '+';
	number.len -= *after;
	if (num_u64(number, fail) < 0 || !*fail)
		return 0;
	return end + 1;
}
